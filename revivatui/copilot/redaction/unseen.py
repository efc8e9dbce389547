"""Texts without what cannot be seen: what hides in an address would hide it from every pattern."""

from __future__ import annotations

import re
from typing import Final

from revivatui.text.later import Pattern
from revivatui.text.safe import MARK

# Joiners stay between letters of scripts that need them, and in emoji; nowhere beside plain ones.
_UNSEEN: Final = Pattern(
    f"[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b"
    f"\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb{MARK}"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|(?<=[ -\u024f])[\u200c\u200d\ufe00-\ufe0f]+|[\u200c\u200d]+(?=[!-\u024f])"
)
_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")


def seen(text: str) -> str:
    """The text as a reader sees it; line ends become line feeds, tabs a space."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _UNSEEN.compiled.sub("", text).encode("utf-8", "replace").decode("utf-8")
