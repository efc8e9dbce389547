"""Text that wants to act on the terminal or to break the layout, for every widget that shows text.

A test gives `HOSTILE` (as it would arrive: through the one door, `revivatui.text.safe`) to its
widget and hands what was written to the terminal to `control_bytes`, which must find nothing.
"""

from __future__ import annotations

import re
from typing import Final

from revivatui.text.safe import safe, safe_line

RAW: Final = (
    "\x1b]0;owned\x1b\\title",
    "\x1b]52;c;b3duZWQ=\x07clipboard",
    "\x9d52;c;b3duZWQ=\x9cclipboard",
    "\x1b[31;43;5mcolours\x1b[0;7;5m",
    "\x9b31;43;5mcolours",
    "\x1b[2J\x1b[6n\x1bcclear",
    "\x1bP+q544e\x1b\\device control",
    "nul\x00 bell\x07 back\x08\x08\x08 feed\x0b\x0c return\rover",
    "[@click=app.quit]press[/] [/red] [b [link=x",
    "{{7*7}} ${x} %s %n {0}",
    "\u202emirrored\u2066isolated\u200eleft\u200fright\u061cletter",
    "zero\u200bwidth\ufeffmark\u2060join",
    "tags\U000e0041\U000e0042\U000e007f",
    "\ufff9base\ufffaruby\ufffb",
    "separators\u2028here\u2029there\x85next",
    "\ud83d lone surrogate \udc00",
    "Z" + "\u0315\u0301\u0489" * 70 + "algo",
    "👨\u200d👩\u200d👧\u200d👦 🇵🇹🇬🇧 1\ufe0f\u20e3 ❤\ufe0f\u200d🔥 👍🏽",
    "屏幕坏了可以修吗" * 40,
    "عمر حداد שלום می\u200cخواهم",
    "x" * 100_000,
    "\t\t\ttabs\t\tand  spaces   ",
    "**" * 500 + "`" * 500 + "[" * 500 + "](" * 200,
    "\n" * 300 + "deep",
    "",
    "   ",
    "\u200d\u200d\u200d",
)
MEGABYTE: Final = "All work \x1b[31;43;5mand no play 屏幕 \u202e makes Jack.\n" * 25_000

HOSTILE: Final = tuple(safe(text) for text in RAW)
HOSTILE_LINES: Final = tuple(safe_line(text) for text in RAW)
HOSTILE_MEGABYTE: Final = safe(MEGABYTE)

# What Textual itself writes: colours, cursor moves, modes, the shape of the pointer.
_OWN: Final = re.compile(r"\x1b\[[<=>?]?[0-9;]*[ $]?[A-Za-z]|\x1b\]22;[a-z-]+\x07|\n(?=\x1b\[)")
_SMUGGLED: Final = re.compile(r"\x1b\[(?:31;43;5|0;7;5)m|\x1b\[2J|\x1b\[6n|\x1bc|\x1b\]52|\x1b\]0")
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def control_bytes(written: str) -> list[str]:
    """Everything in what was written that the text, and not the program, must have sent."""
    found = _SMUGGLED.findall(written)
    found += _CONTROL.findall(_OWN.sub("", written))
    return found
