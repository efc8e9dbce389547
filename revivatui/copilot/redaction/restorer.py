"""Placeholders in what a model wrote, replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from revivatui.copilot.model.errors import InventedPlaceholder

LONGEST: Final = 48
"""Characters of a placeholder, with what models like to do to one."""
PLACEHOLDER: Final = re.compile(
    r"\\?\[\\?\[\s*(?P<kind>[A-Za-z]{2,12})[\s\\]{0,2}_[\s]?(?P<number>\d{1,4})[\s\\]{0,2}_[\s]?"
    r"(?P<tag>[A-Za-z0-9]{1,16})\s*\\?\]\\?\]"
)
"""As we write them, and as models that escape or space things give them back."""
_LIKE_ONE: Final = re.compile(r"\[\[[ \\]*[A-Z]{2,12}(?:[ \\]*[_ -][ \\]*\w{1,16}){0,3}[ \\]*\]\]")
_OPENING: Final = re.compile(r"\\?\[(?:\\?(?:\[[^\[\]\n]*)?)?(?:\\?\]\\?)?$")


class UnknownPlaceholder(InventedPlaceholder):
    """A placeholder that stands for nothing: the model made it up, so the text cannot be used."""

    def __init__(self) -> None:
        super().__init__(
            "The model wrote a placeholder that stands for nothing, so its text cannot be used. "
            "The local suggestions stay. Ask again."
        )


class Restorer:
    """Restores a text that comes in pieces: a placeholder may be split anywhere."""

    def __init__(self, originals: Mapping[str, str]) -> None:
        self._originals = originals
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be shown by now. Raises UnknownPlaceholder."""
        whole = self._held + piece
        opening = _OPENING.search(whole, max(0, len(whole) - LONGEST))
        cut = opening.start() if opening else len(whole)
        self._held = whole[cut:]
        return restored(whole[:cut], self._originals)

    def end(self) -> str:
        """What is left. Raises UnknownPlaceholder where it is a part of one."""
        left, self._held = self._held, ""
        if re.match(r"\[\[[A-Z]{2,12}_", left):
            raise UnknownPlaceholder
        return restored(left, self._originals)


def restored(text: str, originals: Mapping[str, str]) -> str:
    """`originals` by tag. Raises UnknownPlaceholder."""
    if "[" not in text:
        return text
    parts, at = [], 0
    for one in PLACEHOLDER.finditer(text):
        original = originals.get(one["tag"].lower())
        if original is None:
            raise UnknownPlaceholder
        parts += [_unknown_checked(text[at : one.start()]), original]
        at = one.end()
    return "".join([*parts, _unknown_checked(text[at:])])


def _unknown_checked(text: str) -> str:
    if "[[" in text and _LIKE_ONE.search(text):
        raise UnknownPlaceholder
    return text
