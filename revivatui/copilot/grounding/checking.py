"""The check: what a draft claims and nothing that is known bears out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import Final

from revivatui.copilot.grounding.ground import Ground, Known
from revivatui.copilot.grounding.plain import Plain, blank, plain
from revivatui.copilot.grounding.read_devices import covers
from revivatui.copilot.grounding.reading import read
from revivatui.copilot.grounding.readings import Claim, Reading

_CLAUSE: Final = re.compile(r"[,;:()]|\s(?:and|but|while|e|mas|enquanto)\s")
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|\n")
_BOUND: Final = frozenset({"price", "percentage", "date", "time", "duration"})


def check(text: str, ground: Ground) -> tuple[Claim, ...]:
    """The stretches of a text that do not stand in the record or the cited sources, in order."""
    shown = plain(text)
    readings = sorted(read(shown.text, ground.today), key=lambda one: (one.start, -one.end))
    scopes = _Scopes(shown.text, readings, ground)
    claims = (_claim(one, text, shown, ground, scopes) for one in readings)
    return tuple(one for one in claims if one is not None)


def _claim(one: Reading, text: str, shown: Plain, ground: Ground, scopes: _Scopes) -> Claim | None:
    scope = scopes.of(one) if one.kind in _BOUND else ""
    found = [known for known in _all_known(one, ground) if _fits(one, known)]
    if any(_is_of(known.scope, scope, ground) for known in found):
        return None
    start, end = shown.span(one.start, one.end)
    end = start + len(text[start:end].rstrip(" .,;:"))
    words = f"{_why(one, found, ground, scope)}: {text[start:end]}"
    return Claim(start, end, one.kind, text[start:end], words)


def _why(one: Reading, found: list[Known], ground: Ground, scope: str) -> str:
    if found:
        return f"not in the record of {scope}, but of {found[0].scope}"
    bare = one._replace(role="", edge="")
    others = [known for known in _all_known(bare, ground) if known.label]
    if others and one.kind in ("price", "percentage"):
        what = f"as a {one.role}" if one.role else f"like this, but as {others[0].label}"
        return f"not in the record {what}"
    if ground.said.get(one.kind, set()) & {*one.keys, *one.high}:
        return "said by the customer, not in the record"
    return "not in the record"


def _fits(one: Reading, known: Known) -> bool:
    """Whether what is known is known as what the draft says it is."""
    if one.kind in ("price", "percentage") and not _is_for(one.role, known.role):
        return False
    if one.kind in ("date", "time") and known.role == "hours" and one.role != "hours":
        return False
    if one.kind in ("price", "duration", "percentage", "number"):
        return not known.edge or one.edge == known.edge or bool(one.high)
    return True


def _is_for(claimed: str, known: str) -> bool:
    """A total may be named without saying so; nothing else may be called one."""
    return claimed == known or (not claimed and known == "total")


def _all_known(one: Reading, ground: Ground) -> Iterator[Known]:
    if one.high:
        yield from _ranges(one, ground)
        return
    for key in one.keys:
        yield from ground.entries(one.kind, key)
        yield from _nearly(one, key, ground)


def _ranges(one: Reading, ground: Ground) -> Iterator[Known]:
    """A range stands where it was named as one, or where both its ends were named alone."""
    for low in one.keys:
        for high in one.high:
            for known, upper in ground.ranges.get(one.kind, ()):
                if known.key == low and upper == high:
                    yield known
            alone = [list(_alone(one, key, ground)) for key in (low, high)]
            if all(alone):
                yield alone[0][0]


def _alone(one: Reading, key: str, ground: Ground) -> Iterator[Known]:
    single = one._replace(keys=(key,), high=(), edge="")
    for known in _all_known(single, ground):
        if not known.edge:
            yield known


def _nearly(one: Reading, key: str, ground: Ground) -> Iterator[Known]:
    """What is the same thing in another form of words."""
    if one.kind == "device":
        for name, entries in ground.known.get("device", {}).items():
            if name != key and covers(name, key):
                yield from entries
    elif one.kind == "date":
        yield from _same_day(key, ground)
    elif one.kind == "phone":
        for digits, entries in ground.known.get("phone", {}).items():
            if digits != key and _same_phone(digits, key):
                yield from entries
    elif one.kind == "reference" and key.startswith("#"):
        for name, entries in ground.known.get("reference", {}).items():
            if re.sub(r"\D", "", name) == key[1:]:
                yield from entries
    elif one.kind == "link" and "/" not in key:
        for link, entries in ground.known.get("link", {}).items():
            if link.partition("/")[0] == key:
                yield from entries
    elif one.kind == "number":
        yield from _same_number(key, ground)
    elif one.kind == "promise" and key == "warranty":
        yield from ground.entries("promise", "guarantee")


def _same_number(key: str, ground: Ground) -> Iterator[Known]:
    """A bare number may be an amount without its currency, a repair's digits, or a whole hour."""
    for price, entries in ground.known.get("price", {}).items():
        if price.partition(" ")[2] == key:
            yield from (one for one in entries if one.role in ("", "total"))
    for name, entries in ground.known.get("reference", {}).items():
        if len(key) > 2 and re.sub(r"\D", "", name) == key:
            yield from entries
    if key.isdigit() and int(key) < 25:
        yield from (
            one for one in ground.entries("time", f"{int(key):02}:00") if one.role == "hours"
        )


def _same_phone(known: str, claimed: str) -> bool:
    """With or without the country's code."""
    longer, shorter = sorted((known, claimed), key=len, reverse=True)
    shorter = shorter.removeprefix("0")
    return len(shorter) >= 7 and longer.endswith(shorter) and len(longer) - len(shorter) <= 4


def _same_day(key: str, ground: Ground) -> Iterator[Known]:
    day, _, weekday = key.partition(" ")
    if weekday:
        if _falls_on(day, weekday, ground):
            yield from ground.entries("date", day)
            yield from _same_day(day, ground)
        return
    parts = day.split("-")
    if len(parts) == 3 and parts[0]:
        try:
            known_day = date.fromisoformat(day)
        except ValueError:
            return
        if abs((known_day - ground.today).days) < 300:
            yield from _undated(f"-{parts[1]}-{parts[2]}", ground)
        hours = ground.entries("date", f"w{known_day.weekday()}")
        yield from (one for one in hours if one.role == "hours")


def _undated(key: str, ground: Ground) -> Iterator[Known]:
    """What is known of a day without its year."""
    years = {name for name in ground.known.get("date", {}) if name[:2] == "20" and " " not in name}
    if not any(name.endswith(key) for name in years):
        yield from ground.entries("date", key)


def _falls_on(day: str, weekdays: str, ground: Ground) -> bool:
    """Whether a day is the weekday that the draft calls it."""
    months = day[day.find("-") :]
    known = [name for name in ground.known.get("date", {}) if name[:2] == "20" and " " not in name]
    days = [name for name in known if name.endswith(months)] if day[0] == "-" else [day]
    if day[0] == "d":
        days = [name for name in known if int(name[-2:]) == int(day[1:])]
    try:
        return any(str(date.fromisoformat(one).weekday()) == weekdays for one in days)
    except ValueError:
        return False


class _Scopes:
    """Which repair or quote a stretch of the draft speaks of."""

    def __init__(self, text: str, readings: list[Reading], ground: Ground) -> None:
        self._anchors: list[tuple[int, str]] = []
        self._related = ground.related
        rest = text
        for one in readings:
            rest = blank(rest, one.start, one.end) if one.kind != "promise" else rest
            self._anchors += [(one.start, scope) for scope in _scopes_of(one, ground)]
        self._sentences = _pieces(_SENTENCE, rest)
        self._clauses = sorted({*self._sentences, *_pieces(_CLAUSE, rest)})

    def of(self, one: Reading) -> str:
        """ "" where it cannot be told, and then anything of this customer may be meant."""
        if not self._anchors:
            return ""
        start, end = _around(self._clauses, one.start)
        near = [anchor for anchor in self._anchors if start <= anchor[0] < end]
        if near:
            return min(near, key=lambda anchor: abs(anchor[0] - one.start))[1]
        sentence = _around(self._sentences, one.start)[0]
        before = [anchor for anchor in self._anchors if sentence <= anchor[0] < one.start]
        if before:
            return before[-1][1]
        earlier = [anchor for anchor in self._anchors if anchor[0] < sentence]
        named = {scope for _, scope in earlier}
        return earlier[-1][1] if self._are_one(named) else ""

    def _are_one(self, named: set[str]) -> bool:
        """Whether a repair and its quote were named, and no other."""
        return bool(named) and all(
            one == other or other in self._related.get(one, ()) for one in named for other in named
        )


def _scopes_of(one: Reading, ground: Ground) -> Iterator[str]:
    for key in one.keys:
        if one.kind == "reference":
            names = (name for name in ground.related if re.sub(r"\D", "", name) == key[1:])
            yield from [key] if key in ground.related else list(names)[:1] if key[0] == "#" else []
        elif one.kind == "device":
            scopes = {
                scope
                for name, known in ground.devices.items()
                if covers(name, key)
                for scope in known
                if scope[0] == "R"
            }
            if len(scopes) == 1:
                yield from scopes


def _is_of(known: str, scope: str, ground: Ground) -> bool:
    if not known or not scope or known == scope or known in ground.related.get(scope, ()):
        return True
    return known[0] != scope[0] and not (ground.related.get(known) and ground.related.get(scope))


def _pieces(pattern: re.Pattern[str], text: str) -> list[int]:
    return [0, *(one.end() for one in pattern.finditer(text)), len(text) + 1]


def _around(pieces: list[int], at: int) -> tuple[int, int]:
    place = bisect_right(pieces, at)
    return pieces[place - 1], pieces[place]
