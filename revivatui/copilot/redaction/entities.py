"""Where what is known of a customer stands in a text, in any spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from revivatui.copilot.redaction.known import Known
from revivatui.text.fold import fold

_PARTICLES: Final = frozenset(
    re.findall(
        r"\w+",
        "da das de do dos e y la le van von der den del di el al bin mr mrs ms dr sr sra",
    )
)
_ALSO_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
    will mark may rose grace hope art bill rich chase dean reed young long brown white green black
    king short best price day love page rice stone hill wood ford case park banks bush cook west
    north may june april august dawn joy faith iris ivy pearl ruby jack pat sue drew grant miles
    rosa luz santos reis costa neves campos rios ramos leite pinto branco preto castro monte serra
    vale pires sol mar lima paz
""",
    )
)
"""Names that are words as well: replaced where they are written with a capital."""
_EDGE: Final = r"(?<![^\W_])"
_EDGE_END: Final = r"(?![^\W_])"
_GAP: Final = r"[\s._'-]{0,3}"
_BETWEEN_DIGITS: Final = r"[\s().,/-]{0,3}"


class Entity(NamedTuple):
    """One thing to be replaced: its kind, its place in the numbering, and how it is found."""

    kind: str
    number: int
    pattern: re.Pattern[str]


def entities(known: Known) -> list[Entity]:
    """Longest first within a kind, so that a whole name goes before its parts."""
    found: list[Entity] = []
    for number, name in enumerate(known.names, 1):
        found += [Entity("NAME", number, one) for one in _name_patterns(name)]
    for number, name in enumerate(known.agents, 1):
        found += [Entity("AGENT", number, one) for one in _name_patterns(name)]
    for kind, values, pattern_of in (
        ("EMAIL", known.emails, _email_patterns),
        ("PHONE", known.phones, _phone_patterns),
        ("ADDRESS", known.addresses, _address_patterns),
        ("SERIAL", known.serials, _spaced_patterns),
        ("IMEI", known.imeis, _spaced_patterns),
        ("NUMBER", known.numbers, _number_patterns),
    ):
        for number, value in enumerate(values, 1):
            found += [Entity(kind, number, one) for one in pattern_of(value)]
    return found


def _name_patterns(name: str) -> Iterator[re.Pattern[str]]:
    parts = [part for part in re.split(r"[\s,.]+", fold(name)) if part]
    parts = [part for part in parts if re.search(r"\w", part)]
    if not parts:
        return
    whole = _GAP.join(re.escape(part) for part in parts)
    if len(parts) > 1:
        yield re.compile(whole, re.IGNORECASE)
        turned = _GAP.join([re.escape(parts[-1]), r",?", *(re.escape(one) for one in parts[:-1])])
        yield re.compile(_EDGE + turned + _EDGE_END, re.IGNORECASE)
        if {parts[0], parts[-1]}.isdisjoint(_PARTICLES):
            ends = _GAP.join((re.escape(parts[0]), re.escape(parts[-1])))
            yield (
                re.compile(ends, re.IGNORECASE)
                if len(parts[0] + parts[-1]) > 5
                else re.compile(_EDGE + ends + _EDGE_END, re.IGNORECASE)
            )
    for part in dict.fromkeys(parts):
        if len(part) < 2 or part in _PARTICLES:
            continue
        if part in _ALSO_WORDS:
            spelled = f"(?:{re.escape(part.capitalize())}|{re.escape(part.upper())})"
            yield re.compile(_EDGE + spelled + _EDGE_END)
        else:
            yield re.compile(_EDGE + re.escape(part) + _EDGE_END, re.IGNORECASE)


def _email_patterns(email: str) -> Iterator[re.Pattern[str]]:
    local, _, host = fold(email).partition("@")
    if not local or not host:
        return
    at = r"\s?(?:@|[\[(]at[\])]|\bat\b)\s?"
    dotted = r"\s?(?:\.|[\[(]dot[\])]|\bdot\b)\s?".join(map(re.escape, host.split(".")))
    yield re.compile(_EDGE + re.escape(local) + at + dotted, re.IGNORECASE)
    if len(local) > 4 and not local.isdigit():
        yield re.compile(_EDGE + re.escape(local) + _EDGE_END, re.IGNORECASE)


def _phone_patterns(phone: str) -> Iterator[re.Pattern[str]]:
    """With or without the country's code, however the digits are grouped."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 6:
        return
    national = digits[-9:] if len(digits) > 9 else digits.lstrip("0")
    tail = _BETWEEN_DIGITS.join(national)
    yield re.compile(
        rf"(?<!\d)(?:\(?(?:\+|00)?\s?\(?\d{{1,4}}\)?{_BETWEEN_DIGITS})?\(?{tail}(?!\d)"
    )
    if len(digits) > 9:
        shorter = _BETWEEN_DIGITS.join(digits[-7:])
        yield re.compile(rf"(?<!\d)[+(]?{shorter}(?!\d)")


def _address_patterns(address: str) -> Iterator[re.Pattern[str]]:
    folded = fold(address)
    yield _loosely(re.split(r"[\s,.;]+", folded.strip()))
    for part in re.split(r"[,;\n]", folded):
        words = part.split()
        if len(part.strip()) > 5 and (len(words) > 1 or any(one.isdigit() for one in part)):
            yield _loosely(words)
            if len(words) > 2 and words[-1][:1].isdigit():
                yield _loosely(words[:-1])
    for code in re.findall(r"(?<!\w)\d{4}-\d{3}(?!\w)|(?<!\w)\d{5}(?!\w)", folded):
        yield re.compile(rf"(?<!\d){code.replace('-', '[ -]?')}(?!\d)")


def _loosely(words: list[str]) -> re.Pattern[str]:
    spelled = r"[\s,.;]{1,4}".join(re.escape(one.strip(".,;")) for one in words if one.strip(".,;"))
    return re.compile(_EDGE + spelled + _EDGE_END, re.IGNORECASE)


def _spaced_patterns(value: str) -> Iterator[re.Pattern[str]]:
    letters = re.sub(r"\W|_", "", fold(value))
    if len(letters) > 3:
        yield re.compile(_EDGE + r"[\s._/-]?".join(letters) + _EDGE_END, re.IGNORECASE)


def _number_patterns(value: str) -> Iterator[re.Pattern[str]]:
    """ "R-2041" also as "r 2041", "R2041", "#2041", and "2041" where it can be nothing else."""
    found = re.fullmatch(r"([A-Za-z]{0,4})-?([A-Za-z]{0,3})(\d+)(.*)", fold(value))
    if found is None or found[4]:
        yield from _spaced_patterns(value)
        return
    letters, shop, digits = found[1], found[2], found[3]
    head = rf"{letters}[\s-]{{0,2}}" if letters else ""
    yield re.compile(rf"{_EDGE}{head}#?{shop}[\s-]?{digits}{_EDGE_END}", re.IGNORECASE)
    yield re.compile(rf"#\s?{shop}{digits}{_EDGE_END}|(?<!\w)n[o.]\.?\s?{digits}{_EDGE_END}", re.I)
    if len(digits) > 3:
        yield re.compile(rf"(?<![\w.,€$£-]){digits}(?![\w]|[.,]\d|\s?[€$£%])")
