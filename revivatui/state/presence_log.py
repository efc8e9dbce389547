"""Since when everybody is in their state, and what a day was like, from what the desk has seen.

The server sends a whole map with each own tick, every 10 s, and nothing when somebody comes or
goes (contract 13): what is known is known to the next map. Between two maps that are further apart
than `STANDS` nothing is known, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import groupby
from typing import Final, Literal, NamedTuple

from revivatui.state.records import dataclass

STANDS: Final = 20.5
"""Seconds for which a map stands: two ticks, as long as the server itself remembers somebody."""
MARKED: Final = 600.0
"""Seconds at most between two entries of a desk that is connected, whatever happens."""
OFFLINE: Final = "offline"

Kind = Literal["begin", "still", "presence", "mark", "assigned", "status"]


class Standing(NamedTuple):
    """What an agent is, and since when (epoch seconds)."""

    word: str
    since: float
    exact: bool
    """Their coming into it was seen; else they are in it for at least so long."""


@dataclass(slots=True)
class Floor:
    """Everybody's standing since the desk began to see them, up to the newest map."""

    since: float = 0.0
    """From then on every map was seen."""
    at: float | None = None
    """When the newest map came; None: none did."""
    standings: dict[int, Standing] = field(default_factory=dict)
    """By agent; who was never on a map is not in it."""

    def see(self, users: Mapping[int, str], at: float) -> None:
        """Take a whole map: who is missing on it is offline."""
        if self.at is None or abs(at - self.at) > STANDS:
            self.since = at
            self.standings = {who: Standing(word, at, exact=False) for who, word in users.items()}
        else:
            for who in users.keys() | self.standings.keys():
                word = users.get(who, OFFLINE)
                if word != self.of(who).word:
                    self.standings[who] = Standing(word, at, exact=True)
        self.at = at

    def recall(self, before: Mapping[int, Standing]) -> None:
        """Go on where an earlier desk ended a moment ago: who is what they were then has been so
        since then, and who is not changed in that moment."""
        for who, then in before.items():
            now = self.of(who)
            if now.exact:
                continue
            same = now.word == then.word
            self.standings[who] = then if same else Standing(now.word, self.since, exact=True)

    def of(self, agent_id: int) -> Standing:
        """Only once a map came."""
        return self.standings.get(agent_id) or Standing(OFFLINE, self.since, exact=False)

    def knows(self, now: float) -> bool:
        """Whether the newest map still stands."""
        return self.at is not None and abs(now - self.at) <= STANDS


class Entry(NamedTuple):
    """A line of the log. Of one run of a desk the times never fall.

    begin: from here on presence is known; still: it still is. Both are followed by the word of
    everybody who is not offline. mark: nothing changed up to here. assigned: a conversation went
    to the agent (0: to nobody). status: it came into the state `word`, with this assignee.
    """

    run: int
    """Which run of a desk saw it: several may be open at once."""
    at: float
    kind: Kind
    agent_id: int = 0
    word: str = ""
    conversation_id: int = 0


class Span(NamedTuple):
    """A part of a day; `word` is "" where nothing is known."""

    start: float
    end: float
    word: str

    @property
    def seconds(self) -> float:
        return self.end - self.start


ABOUT_PRESENCE: Final = frozenset({"begin", "still", "presence", "mark"})


def timeline(entries: Iterable[Entry], agent_id: int, since: float, until: float) -> list[Span]:
    """What an agent was from `since` to `until`, without a gap: what is not known is a span too.

    `entries` in the order in which each run wrote them; from the last picture before `since` on,
    and some beyond `until`, which prove what was so at its end.
    """
    known = sorted(
        span
        for _run, of_run in groupby(sorted(entries, key=_run_of), _run_of)
        for span in _known(of_run, agent_id)
    )
    return _joined(_laid(known, since, until))


def _run_of(entry: Entry) -> int:
    return entry.run


def _known(entries: Iterable[Entry], agent_id: int) -> Iterator[Span]:
    """The spans of one run, in order."""
    word, start, end = "", 0.0, 0.0
    pictured = -1.0
    for entry in entries:
        if entry.kind not in ABOUT_PRESENCE:
            continue
        if entry.kind == "begin" or not word:
            if word:
                yield Span(start, end, word)
            if entry.kind not in ("begin", "still"):
                continue  # its beginning is not known
            word, start, pictured = OFFLINE, entry.at, entry.at
        elif entry.kind == "still":
            pictured = -1.0
        if entry.kind == "presence" and entry.agent_id == agent_id and entry.word != word:
            if entry.at > pictured:
                yield Span(start, entry.at, word)
                start = entry.at
            word = entry.word
        end = entry.at
    if word:
        yield Span(start, end, word)


def _laid(known: Sequence[Span], since: float, until: float) -> Iterator[Span]:
    """The spans of all runs beside each other, with what nobody saw between them."""
    at = since
    for span in known:
        end = min(span.end, until)
        if end <= at:
            continue
        if span.start > at:
            yield Span(at, min(span.start, until), "")
            at = span.start
        if at >= until:
            return
        yield Span(at, end, span.word)
        at = end
    if at < until:
        yield Span(at, until, "")


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours that say the same are one; a hole no wider than a map stands for is none."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].word == span.word:
            joined[-1] = joined[-1]._replace(end=span.end)
        elif len(joined) > 1 and not joined[-1].word and joined[-1].seconds <= STANDS:
            before = joined[-2]._replace(end=span.start)
            joined[-2:] = [before]
            if before.word == span.word:
                joined[-1] = before._replace(end=span.end)
            else:
                joined.append(span)
        else:
            joined.append(span)
    return joined


def standing_at(spans: Sequence[Span], at: float) -> Standing | None:
    """What the last of these spans says of a moment; None where it was over before, by longer than
    a map stands."""
    known = [span for span in spans if span.word]
    if not known or at - known[-1].end > STANDS:
        return None
    last = known[-1]
    return Standing(last.word, last.start, exact=len(known) > 1 and known[-2].end == last.start)


def totals(spans: Iterable[Span]) -> dict[str, float]:
    """Seconds by word; "" is what is not known."""
    found: dict[str, float] = {}
    for span in spans:
        found[span.word] = found.get(span.word, 0.0) + span.seconds
    return found
