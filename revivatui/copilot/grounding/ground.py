"""What a text may say of this customer: the record, the sources it cites, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from revivatui.copilot.facts import Fact, Record
from revivatui.copilot.grounding.plain import plain
from revivatui.copilot.grounding.promises import promises
from revivatui.copilot.grounding.reading import read
from revivatui.copilot.grounding.readings import Edge, Kind, Reading
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Said

_SCOPE: Final = re.compile(r"([A-Z]{1,4}-[A-Z]{0,3}\d+)/")
_ROLES: Final = (
    ("discount", re.compile(r"discount|desconto|loyalty|fidelidade", re.IGNORECASE)),
    ("refund", re.compile(r"refund|reembolso|credit", re.IGNORECASE)),
    ("deposit", re.compile(r"deposit|sinal|advance", re.IGNORECASE)),
    ("hours", re.compile(r"hours|horario|opening|opens|closes", re.IGNORECASE)),
)
_OF_REPLIES: Final[frozenset[Kind]] = frozenset({"device", "duration", "number"})
"""What may be taken from a reply to somebody else: no day, no amount and no address of theirs."""


class Known(NamedTuple):
    """One thing that is known."""

    key: str
    edge: Edge = ""
    role: str = ""
    scope: str = ""
    """The repair or quote it is of; "" for what holds for all, or for the whole shop."""
    label: str = ""


class Ground:
    """What is known, by kind and value. Made once for one suggestion or one conversation."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.known: dict[Kind, dict[str, list[Known]]] = {}
        self.ranges: dict[Kind, list[tuple[Known, str]]] = {}
        self.said: dict[Kind, set[str]] = {}
        self.related: dict[str, set[str]] = {}
        self.devices: dict[str, set[str]] = {}
        """Which repairs are of a device."""

    @classmethod
    def of(
        cls,
        record: Record,
        sources: Iterable[Source] = (),
        said: Iterable[Said] = (),
        *,
        today: date | None = None,
        private: bool = False,
    ) -> Ground:
        """`private` facts count where the text is for a colleague. What the customer said counts
        for the names of devices alone: a price that they claim is no price."""
        ground = cls(today or date.today())
        for fact in record.facts:
            if private or not fact.private:
                ground._add_fact(fact)
        for source in sources:
            kinds = _OF_REPLIES if source.kind == "resolved" else None
            for text in (source.title, source.text):
                ground._add_text(text, kinds=kinds)
        for one in said:
            if one.teller == "customer":
                ground._add_said(one.text)
        return ground

    def _add_fact(self, fact: Fact) -> None:
        scoped = _SCOPE.match(fact.id)
        scope = scoped[1] if scoped else ""
        told = f"{fact.label} {fact.id}"
        role = next((name for name, words in _ROLES if words.search(told)), "")
        if scope:
            self.related.setdefault(scope, set())
            self._put("reference", Known(scope, label=fact.label))
        for text in (fact.value, *fact.also):
            for one in self._add_text(text, scope=scope, role=role, label=fact.label):
                self._relate(scope, one)
        for text in (fact.value, *fact.also):
            for one in promises(plain(f"{fact.label} {text}").text):
                self._add(one, scope, role, fact.label)
        if fact.kind == "warranty":
            self._put("promise", Known("warranty"))

    def _relate(self, scope: str, one: Reading) -> None:
        if not scope:
            return
        for key in one.keys:
            if one.kind == "reference" and not key.startswith("#") and key != scope:
                self.related.setdefault(scope, set()).add(key)
                self.related.setdefault(key, set()).add(scope)
            elif one.kind == "device":
                self.devices.setdefault(key, set()).add(scope)

    def _add_text(
        self,
        text: str,
        *,
        scope: str = "",
        role: str = "",
        label: str = "",
        kinds: frozenset[Kind] | None = None,
    ) -> list[Reading]:
        found = list(read(plain(text).text, self.today))
        for one in found:
            if kinds is None or one.kind in kinds:
                self._add(one, scope, one.role or role, label)
        return found

    def _add(self, one: Reading, scope: str, role: str, label: str) -> None:
        if one.keys[0].startswith("free "):
            self._put("promise", Known("free", "", role, scope, label))
        for key in one.keys:
            edge: Edge = "low" if one.high else one.edge
            self._put(one.kind, Known(key, edge, role, scope, label))
            for high in one.high:
                self._put(one.kind, Known(high, "high", role, scope, label))
                known = Known(key, "", role, scope, label)
                self.ranges.setdefault(one.kind, []).append((known, high))
                if one.kind == "date":
                    self._add_days_between(key, high, known)

    def _add_days_between(self, first: str, last: str, known: Known) -> None:
        """Open from Monday to Friday is open on Wednesday."""
        if first[0] == last[0] == "w":
            day = int(first[1])
            for _ in range(7):
                self._put("date", known._replace(key=f"w{day}"))
                if day == int(last[1]):
                    return
                day = (day + 1) % 7

    def _put(self, kind: Kind, known: Known) -> None:
        entries = self.known.setdefault(kind, {}).setdefault(known.key, [])
        if known not in entries:
            entries.append(known)
            if kind == "date":
                for other in _as_also_said(known.key, self.today):
                    self._put(kind, known._replace(key=other))

    def _add_said(self, text: str) -> None:
        for one in read(plain(text).text, self.today):
            if one.kind == "device":
                self._add(one, "", "", "")
            else:
                self.said.setdefault(one.kind, set()).update((*one.keys, *one.high))

    def entries(self, kind: Kind, key: str) -> Iterator[Known]:
        yield from self.known.get(kind, {}).get(key, ())


def _as_also_said(key: str, today: date) -> Iterator[str]:
    """The shorter ways to name a day: without its year, by its weekday, by its week."""
    day, _, weekday = key.partition(" ")
    parts = day.split("-")
    if len(parts) != 3:
        return
    if weekday:
        yield day
        return
    if parts[0]:
        yield f"-{parts[1]}-{parts[2]}"
        yield f"m{int(parts[1])}"
        yield f"d{int(parts[2])}"
        try:
            known = date(int(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            return
        yield f"week {(known - timedelta(known.weekday())).isoformat()}"
        if abs((known - today).days) <= 7:
            yield f"w{known.weekday()}"
    else:
        yield f"m{int(parts[1])}"
        yield f"d{int(parts[2])}"
