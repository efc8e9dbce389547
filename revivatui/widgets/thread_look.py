"""The names and the default look of everything that a thread draws."""

from __future__ import annotations

from typing import Final

THREAD_STYLES: Final = (
    "theirs",
    "ours",
    "time",
    "delivery",
    "read",
    "failed",
    "checking",
    "note",
    "note-mark",
    "activity",
    "attachment",
    "quoted",
    "quote",
    "quote-mark",
    "code",
    "link",
    "url",
    "mention",
    "fold",
    "gone",
    "choice",
    "chosen",
    "day",
    "day-rule",
    "new",
    "new-rule",
    "edge",
    "typing",
    "colleague",
    "below",
    "cursor",
)

THREAD_GROUNDED: Final = frozenset({"code", "below"})
"""Styles that bring their own background."""

THREAD_CSS: Final = """
Thread {
    & > .thread--theirs { color: $text-accent; text-style: bold; }
    & > .thread--ours { color: $foreground 75%; text-style: bold; }
    & > .thread--time { color: $text-muted; }
    & > .thread--delivery { color: $text-muted; }
    & > .thread--read { color: $text-success; }
    & > .thread--failed { color: $text-error; }
    & > .thread--checking { color: $text-warning; }
    & > .thread--note { color: $text-warning; }
    & > .thread--note-mark { color: $text-warning; text-style: bold; }
    & > .thread--activity { color: $text-muted; text-style: italic; }
    & > .thread--attachment { color: $text-secondary; }
    & > .thread--quoted { color: $text-muted; text-style: italic; }
    & > .thread--quote { color: $text-muted; }
    & > .thread--quote-mark { color: $primary; }
    & > .thread--code { background: $foreground 8%; }
    & > .thread--link { color: $text-secondary; text-style: underline; }
    & > .thread--url { color: $text-muted; }
    & > .thread--mention { color: $text-accent; text-style: bold; }
    & > .thread--fold { color: $text-secondary; text-style: bold; }
    & > .thread--gone { color: $text-muted; text-style: italic; }
    & > .thread--choice { color: $foreground; }
    & > .thread--chosen { color: $text-success; }
    & > .thread--day { color: $text-muted; }
    & > .thread--day-rule { color: $foreground 20%; }
    & > .thread--new { color: $text-accent; text-style: bold; }
    & > .thread--new-rule { color: $accent; }
    & > .thread--edge { color: $text-muted; }
    & > .thread--typing { color: $text-success; text-style: italic; }
    & > .thread--colleague { color: $text-warning; text-style: italic; }
    & > .thread--below { background: $accent; color: $background; text-style: bold; }
    & > .thread--cursor { color: $accent; }
}
"""
