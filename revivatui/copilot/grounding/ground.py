"""What a text may say of this customer: the record, the sources it cites, nothing else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from revivatui.copilot.facts import Fact, Record
from revivatui.copilot.grounding.plain import BREAK, plain
from revivatui.copilot.grounding.reading import read
from revivatui.copilot.grounding.readings import Edge, Kind, Reading
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Said

_SCOPE: Final = re.compile(r"([A-Z]{1,4}-[\w-]+)/")
_NUMBER: Final = re.compile(r"[A-Z]{1,4}-[A-Z]{0,3}\d+")
_ROLES: Final = (
    ("discount", re.compile(r"discount|desconto|loyalty|fidelidade", re.IGNORECASE)),
    ("refund", re.compile(r"refund|reembolso|credit", re.IGNORECASE)),
    ("deposit", re.compile(r"deposit|sinal|advance", re.IGNORECASE)),
    ("hours", re.compile(r"shop/(?:hours|today)|opening hours", re.IGNORECASE)),
    ("total", re.compile(r"total|to pay", re.IGNORECASE)),
)
_KINDS: Final[dict[str, Kind]] = {
    "date": "date", "time": "time", "money": "price", "duration": "duration", "phone": "phone",
    "email": "e-mail", "link": "link",
}  # fmt: skip
_BETWEEN: Final = f"\n{BREAK}\n"
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d")
_OF_REPLIES: Final[frozenset[Kind]] = frozenset({"device", "duration", "number"})
"""What may be taken from a reply to somebody else: no day, no amount and no address of theirs."""


LONGEST_SAID: Final = 2_000
"""Characters of one message that are read."""


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
        self._read: dict[Kind, set[str]] = {}
        """Which facts have said something of a kind."""
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
        ground._add_facts([one for one in record.facts if private or not one.private])
        for source in sources:
            kinds = _OF_REPLIES if source.kind == "resolved" else None
            for found in read(_in_one(source.title, source.text), ground.today):
                if kinds is None or found.kind in kinds:
                    ground._add(found, "", found.role, "")
        for one in said:
            if one.teller == "customer":
                ground._add_said(one.text)
        return ground

    def _add_facts(self, facts: Sequence[Fact]) -> None:
        """All in one reading: a record has hundreds of spellings, and most say the same."""
        for fact in facts:
            self._add_scope(fact)
            if _is_customers_own(fact):
                self._add_said(fact.value)
        facts = [one for one in facts if not _is_customers_own(one)]
        self._read_facts([(one, _value_of(one)) for one in facts])
        more = [
            (one, spelling)
            for one in facts
            for spelling in one.also
            if self._is_news(one, spelling)
        ]
        self._read_facts(more)

    def _add_scope(self, fact: Fact) -> None:
        scope = _scope_of(fact)
        if scope:
            self.related.setdefault(scope, set())
            if _NUMBER.fullmatch(scope):
                self._put("reference", Known(scope, label=fact.label))
        if fact.kind == "warranty":
            self._put("promise", Known("warranty"))

    def _is_news(self, fact: Fact, spelling: str) -> bool:
        """Whether another spelling may say what the value has not said yet."""
        kind = _KINDS.get(fact.kind)
        if kind is None:
            return True
        if kind == "date" and _ISO.fullmatch(spelling):
            return True
        return fact.id not in self._read.get(kind, ())

    def _read_facts(self, told: Sequence[tuple[Fact, str]]) -> None:
        starts, parts, at = [], [], 0
        for _, text in told:
            starts.append(at)
            parts.append(plain(text.replace("\n", " ")).text)
            at += len(parts[-1]) + len(_BETWEEN)
        for one in read(_BETWEEN.join(parts), self.today):
            fact = told[bisect_right(starts, one.start) - 1][0]
            scope = _scope_of(fact)
            self._read.setdefault(one.kind, set()).add(fact.id)
            self._add(one, scope, one.role or _role_of(fact), fact.label)
            self._relate(scope, one)

    def _relate(self, scope: str, one: Reading) -> None:
        if not scope:
            return
        for key in one.keys:
            if one.kind == "reference" and not key.startswith("#") and key != scope:
                self.related.setdefault(scope, set()).add(key)
                self.related.setdefault(key, set()).add(scope)
            elif one.kind == "device":
                self.devices.setdefault(key, set()).add(scope)

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
        for one in read(plain(text[:LONGEST_SAID]).text, self.today):
            if one.kind == "device":
                self._add(one, "", "", "")
            else:
                self.said.setdefault(one.kind, set()).update((*one.keys, *one.high))

    def entries(self, kind: Kind, key: str) -> Iterator[Known]:
        yield from self.known.get(kind, {}).get(key, ())


def _in_one(*texts: str) -> str:
    return _BETWEEN.join(plain(one).text for one in texts)


def _scope_of(fact: Fact) -> str:
    found = _SCOPE.match(fact.id)
    return found[1] if found else ""


def _is_customers_own(fact: Fact) -> bool:
    """What customers write themselves: somebody may be called "refund 50 €"."""
    return (fact.kind == "name" and not fact.id.startswith("shop/")) or fact.id.endswith("/fault")


def _role_of(fact: Fact) -> str:
    told = f"{fact.label} {fact.id}"
    return next((name for name, words in _ROLES if words.search(told)), "")


def _value_of(fact: Fact) -> str:
    """Terms are told by their names ("free diagnosis: free"); a figure stands for itself."""
    return fact.value if fact.kind in _KINDS else f"{fact.label} {fact.value}"


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
