"""Takes out of a text what may not leave, and knows what stood there.

    redactor = Redactor(known)
    sent = redactor.redact(prompt)
    shown = redactor.restore(answer)

Kept as long as the conversation is open, so that a placeholder means the same in all its requests.
A placeholder carries a tag that is made with a salt of this redactor alone: who writes one without
having seen it here cannot name anything.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from typing import Final

from revivatui.copilot.grounding.plain import Plain, plain
from revivatui.copilot.redaction.entities import Entity, entities
from revivatui.copilot.redaction.known import Known
from revivatui.copilot.redaction.passcodes_out import masked_text
from revivatui.copilot.redaction.patterns import Spot, spots
from revivatui.copilot.redaction.restorer import Restorer, restored
from revivatui.copilot.redaction.unseen import seen

_TAG: Final = 8
_FORGED: Final = re.compile(r"\\?\[\\?\[[^\[\]\n]{0,60}\\?\]\\?\]")
_LETTERS: Final = "bcdfghjkmnpqrstvwxyz23456789"


class Redactor:
    """`salt`: the same one gives what is known the same placeholders in another run."""

    def __init__(self, known: Known, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(16)
        self._entities: list[Entity] = entities(known)
        self._public = [plain(one).text.lower() for one in known.public]
        self._originals: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        for entity in self._entities:
            self._counts[entity.kind] = max(self._counts.get(entity.kind, 0), entity.number)

    def __repr__(self) -> str:
        return f"Redactor({len(self._entities)} patterns, {len(self._originals)} replaced)"

    def redact(self, text: str, *, asked_for_passcode: bool = False) -> str:
        """The text as it may leave. Passcodes are gone for good; the rest can be put back."""
        text = masked_text(seen(text), asked_for=asked_for_passcode)
        shown = plain(text)
        parts, at = [], 0
        for spot in _merged([*self._known_spots(shown), *self._other_spots(shown)]):
            start, end = shown.span(spot.start, spot.end)
            parts += [text[at:start], self._placeholder(spot, text[start:end])]
            at = end
        return "".join([*parts, text[at:]])

    def restore(self, text: str) -> str:
        """The text with everything put back. Raises UnknownPlaceholder."""
        return restored(text, self._originals)

    def restorer(self) -> Restorer:
        """For a text that comes in pieces."""
        return Restorer(self._originals)

    def _known_spots(self, shown: Plain) -> Iterable[Spot]:
        for entity in self._entities:
            for one in entity.pattern.finditer(shown.text):
                if one.end() > one.start():
                    yield Spot(*one.span(), entity.kind, entity.number)

    def _other_spots(self, shown: Plain) -> Iterable[Spot]:
        for one in _FORGED.finditer(shown.text):
            yield Spot(*one.span(), "TEXT")
        for spot in spots(shown.text):
            if shown.text[spot.start : spot.end].lower() not in self._public:
                yield spot

    def _placeholder(self, spot: Spot, original: str) -> str:
        number = spot.number or self._number_of(spot.kind, original)
        tag = self._tag_of(f"{spot.kind}\x1f{number}\x1f{original}")
        self._originals[tag] = original
        return f"[[{spot.kind}_{number}_{tag}]]"

    def _number_of(self, kind: str, original: str) -> int:
        if (kind, original) not in self._numbers:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._numbers[kind, original] = self._counts[kind]
        return self._numbers[kind, original]

    def _tag_of(self, what: str) -> str:
        drawn = hashlib.blake2b(what.encode("utf-8", "replace"), key=self._salt, digest_size=16)
        number = int.from_bytes(drawn.digest(), "big")
        letters = []
        for _ in range(_TAG):
            number, at = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[at])
        return "".join(letters)


def _merged(found: Iterable[Spot]) -> list[Spot]:
    """Stretches that do not touch each other: where two overlap, both are replaced as one."""
    merged: list[Spot] = []
    for spot in sorted(found, key=lambda one: (one.start, -one.end, -one.number)):
        if merged and spot.start < merged[-1].end:
            last = merged[-1]
            if spot.end > last.end:
                merged[-1] = Spot(last.start, spot.end, last.kind)
        else:
            merged.append(spot)
    return merged
