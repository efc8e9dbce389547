"""Reads the demo shop's canned responses (``canned_en.txt``, ``canned_pt.txt``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from revivatui.shop.seed.talk import LANGUAGES, Language


@cache
def canned_responses() -> tuple[tuple[str, str], ...]:
    """Short code and text of each, English ones first, in the order of the files."""
    return tuple(one for language in LANGUAGES for one in _of(language))


def _of(language: Language) -> list[tuple[str, str]]:
    text = (files(__package__) / f"canned_{language}.txt").read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            found.append((line[1:-1], []))
        elif found:
            found[-1][1].append(line)
    return [(code, "\n".join(lines).strip()) for code, lines in found]
