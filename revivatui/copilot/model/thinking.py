"""Thoughts that a model writes into its answer between tags, taken out as they come."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = "think|thinking|thought|reasoning"
_TAG: Final = re.compile(rf"<({_NAMES})>|</(?:{_NAMES})>", re.IGNORECASE)
_LONGEST: Final = len("</reasoning>")


class ThoughtFilter:
    """Give it the text piece by piece; it gives back what is answer.

    A closing tag without an opening one ends thoughts too: some servers put the opening one into
    the prompt. What was given back before cannot be taken back.
    """

    def __init__(self) -> None:
        self._left = ""
        self._is_inside = False
        self._has_begun = False
        self.hid = False
        """Whether anything was hidden so far."""

    @property
    def is_thinking(self) -> bool:
        return self._is_inside

    def feed(self, piece: str) -> str:
        self._left += piece
        return self._told(self._take(is_end=False))

    def end(self) -> str:
        return self._told(self._take(is_end=True))

    def _take(self, *, is_end: bool) -> str:
        out = []
        while (tag := _TAG.search(self._left)) is not None:
            before, self._left = self._left[: tag.start()], self._left[tag.end() :]
            if not self._is_inside:
                out.append(before)
            self._is_inside = tag[1] is not None
            self.hid = True
        keep = 0 if is_end else _begun_tag(self._left)
        cut = len(self._left) - keep
        if not self._is_inside:
            out.append(self._left[:cut])
        self._left = self._left[cut:]
        return "".join(out)

    def _told(self, text: str) -> str:
        """Blank lines at the very start are what is left of hidden thoughts."""
        if not self._has_begun:
            text = text.lstrip()
            self._has_begun = bool(text)
        return text


def _begun_tag(text: str) -> int:
    """How many characters at the end may be the beginning of a tag."""
    at = text.rfind("<", max(0, len(text) - _LONGEST))
    if at < 0:
        return 0
    begun = text[at:].lower()
    tags = [f"<{slash}{name}>" for name in _NAMES.split("|") for slash in ("", "/")]
    return len(begun) if any(tag.startswith(begun) for tag in tags) else 0
