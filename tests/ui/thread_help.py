"""Messages, sends and a small app around one thread, for the tests of the thread."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from textual.app import App, ComposeResult

from revivatui.state.models import INCOMING, OUTGOING, Message, SendEntry, Sender, Typing
from revivatui.state.select import ThreadView
from revivatui.widgets import thread_intents
from revivatui.widgets.thread import Thread

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC).timestamp()
CUSTOMER = Sender("contact", 9, "Ana Sousa")
AGENT = Sender("user", 2, "Ben Counter")


def message(number: int, text: str = "", kind: int = INCOMING, **fields: Any) -> Message:
    """A message; by default of the customer, ten minutes after the one before it."""
    fields.setdefault("created_at", NOW - 600 * (1000 - number) if number < 1000 else NOW)
    fields.setdefault("sender", {INCOMING: CUSTOMER, OUTGOING: AGENT}.get(kind))
    return Message(number, 7, 1, kind, text or f"message {number}", **fields)


def send(reference: str, text: str, state: str, **fields: Any) -> SendEntry:
    return SendEntry(reference, 7, 1, text, False, NOW, state, **fields)


def typing(name: str, private: bool = False) -> Typing:
    return Typing(7, "contact", 9, name, private, NOW)


class Pane(App[None]):
    """An app that shows one thread, with a list of what it asked for."""

    def __init__(self, messages: Sequence[Message], **content: Any) -> None:
        super().__init__()
        self.content = ThreadView(7, list(messages), **content)
        self.heard: list[thread_intents.Wanted] = []

    def compose(self) -> ComposeResult:
        yield Thread(lambda _id: self.content, clock=lambda: NOW, tz=UTC)

    def on_mount(self) -> None:
        self.thread.show(7)
        self.thread.focus()

    @property
    def thread(self) -> Thread:
        return self.query_one(Thread)

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]

    @property
    def body(self) -> list[str]:
        """The lines without the scroll bar and without the view's own last line."""
        return [line[:78].rstrip() for line in self.lines[:-1]]

    def has(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def line_of(self, words: str) -> int:
        for y, line in enumerate(self.lines):
            if words in line:
                return y
        raise AssertionError(f"{words!r} is not on screen:\n" + "\n".join(self.lines))

    def _hear(self, event: thread_intents.Wanted) -> None:
        self.heard.append(event)

    on_thread_older_wanted = _hear
    on_thread_copied = _hear
    on_thread_attachment_chosen = _hear
    on_thread_link_chosen = _hear
    on_thread_retry_wanted = _hear
    on_thread_take_back_wanted = _hear
    on_thread_quote_wanted = _hear
    on_thread_delete_wanted = _hear


def talk(count: int, first: int = 1) -> list[Any]:
    """A conversation of short and long messages."""
    return [
        message(n, f"message {n} " + "and more words " * (n * 7 % 23), n % 3 == 1)
        for n in range(first, first + count)
    ]
