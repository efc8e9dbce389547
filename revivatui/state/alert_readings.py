"""What alerts are made from: the state, and a few things asked beside it.

Nothing here is guessed: what the desk does not hear now is not known, and says why. Times are
epoch seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state import select
from revivatui.state.alerts import Reading, Rule
from revivatui.state.models import Conversation, ListView
from revivatui.state.records import dataclass
from revivatui.text.when import duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state.bridge_health import Report
    from revivatui.state.models import Contact, Counts
    from revivatui.state.reports import Satisfaction
    from revivatui.state.state import State

MINUTE: Final = 60.0
DAY: Final = 86_400.0
NEAR: Final = 0.8
"""The share of a promised time after which an answer counts as due."""
EASED: Final = 0.8
"""The share of a threshold under which a count counts as eased."""
GIVEN_UP: Final = 7 * DAY
"""A bridge that was silent for longer was taken away, not lost."""
RECENT_DAYS, BEFORE_DAYS = 7, 28
"""The days whose ratings are compared with those of the days before them."""
FEWEST: Final = 5
"""Ratings under which no share of them says anything."""
LONGEST_FIRST: Final = ListView(tab="all", sort="waiting_since_asc")
"""The list whose first page holds who waits longest."""
OVERLAP: Final = 60.0
"""Seconds by which our clock and the server's may differ."""
NOT_HEARD: Final = "the server is not heard now"


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds, as the settings say; 0: not watched. Minutes, counts and points."""

    waiting: int = 2
    nobody: int = 2
    answer: int = 10
    queue: int = 10
    bridge: int = 5
    csat: int = 15

    def rules(self) -> tuple[Rule, ...]:
        wait, lag = self.waiting * MINUTE, self.bridge * MINUTE
        all_rules = (
            Rule("nobody", 1.0, 1.0, self.nobody * MINUTE, 30.0),
            Rule("waiting", wait, wait, 0.0, 30.0),
            Rule("answer", NEAR, NEAR, 0.0, 30.0),
            Rule("queue", float(self.queue), EASED * self.queue, 30.0, MINUTE),
            Rule("bridge", lag, EASED * lag, MINUTE, MINUTE),
            Rule("csat", float(self.csat), EASED * self.csat),
        )
        return tuple(one for one in all_rules if getattr(self, one.kind))


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked beside the state."""

    longest: tuple[Conversation, ...] = ()
    """The first page of those who wait longest."""
    more: bool = False
    """Others may wait behind that page."""
    contacts: Mapping[int, Contact] = field(default_factory=dict)
    counts: Counts | None = None
    asked_at: float | None = None
    recent: Satisfaction | None = None
    before: Satisfaction | None = None
    why_no_ratings: str = "not asked yet"
    bridge: Report | None = None
    why_no_bridge: str = "not asked yet"


def readings(state: State, known: Known, limits: Limits, now: float) -> dict[str, Reading]:
    """Everything that is measured, by its kind."""
    told = [_bridge(known, limits), _csat(known)]
    if select.hears(state) and state.account is not None:
        waiting = list(open_ones(state, known))
        told += [
            _nobody(state),
            _waiting(state, known, waiting, limits, now),
            _answer(state, known, waiting, limits, now),
            _queue(state, known),
        ]
    else:
        silent = ("nobody", "waiting", "answer", "queue")
        told += [Reading(kind, None, NOT_HEARD) for kind in silent]
    return {one.kind: one for one in told}


def open_ones(state: State, known: Known) -> Iterator[Conversation]:
    """Open conversations, each as whoever knows it best says: the state hears of every change,
    the page knows those that the state never read, or not since long."""
    paged = {row.id: row for row in known.longest if row.id not in state.gone}
    for row in paged.values():
        held = state.shown(row.id)
        best = held if held is not None and not _is_older(held, row) else row
        if best.status == "open":
            yield best
    for number in list(state.conversations):
        shown = state.shown(number)
        if shown is None or shown.status != "open" or number in paged or number in state.gone:
            continue
        if _is_news_to(known, shown):
            yield shown


def _is_older(held: Conversation, told: Conversation) -> bool:
    return held.last_activity_at < told.last_activity_at


def _is_news_to(known: Known, row: Conversation) -> bool:
    """Whether the page leaves open that it waits: what was kept of last week may long be over."""
    if known.asked_at is None or row.waiting_since is None:
        return True
    if row.last_activity_at >= known.asked_at - OVERLAP:
        return True
    last = known.longest[-1].waiting_since if known.longest else None
    return known.more and (last is None or row.waiting_since >= last)


def _name(state: State, known: Known, row: Conversation) -> str:
    for contacts in (state.contacts, known.contacts):
        if row.contact_id in contacts:
            return contacts[row.contact_id].name or select.NAMELESS
    return select.NAMELESS


# --- each of them --------------------------------------------------------------------------------


def _waiting(
    state: State, known: Known, rows: Iterable[Conversation], limits: Limits, now: float
) -> Reading:
    since = {row.id: (row.waiting_since, row) for row in rows if row.waiting_since is not None}
    if not since:
        return Reading("waiting", 0.0, "nobody waits")
    first, row = min(since.values(), key=lambda one: (one[0], one[1].id))
    limit = limits.waiting * MINUTE
    over = sum(now - at >= limit for at, _ in since.values())
    more = f"; {over} wait longer than {limits.waiting} min" if over > 1 else ""
    if over > 1 and known.more:
        more = f"; at least {over} wait longer than {limits.waiting} min"
    bare = f"waits {duration(now - first)}{more}"
    due = first + limit if now - first < limit else None
    return Reading(
        "waiting",
        now - first,
        f"{_name(state, known, row)} {bare}",
        f"conversation:{row.id}",
        due,
        f"#{row.id} {bare}",
        first + limit,
    )


class Promise(NamedTuple):
    """An answer that is owed: since when, and within how many seconds."""

    what: str
    start: float
    within: float

    def used(self, now: float) -> float:
        return (now - self.start) / self.within

    @property
    def due_at(self) -> float:
        return self.start + self.within


def promises(row: Conversation, target: float) -> Iterator[Promise]:
    """What is owed to an open conversation: what the server keeps of it, else the shop's own
    target for the first answer (seconds; 0: none)."""
    told = row.sla
    start = float(told.get("at", row.created_at))
    waits = row.waiting_since
    if told:
        if row.first_reply_at is None and told.get("first"):
            yield Promise("first answer", start, told["first"])
        elif row.first_reply_at is not None and waits is not None and told.get("next"):
            yield Promise("next answer", waits, told["next"])
        if told.get("resolution"):
            yield Promise("solution", start, told["resolution"])
    elif target and row.first_reply_at is None and waits is not None:
        yield Promise("first answer", waits, target)


def _answer(
    state: State, known: Known, rows: Iterable[Conversation], limits: Limits, now: float
) -> Reading:
    owed = [(one, row) for row in rows for one in promises(row, limits.answer * MINUTE)]
    if not owed:
        return Reading("answer", 0.0, "no answer is owed")
    worst, row = max(owed, key=lambda pair: (pair[0].used(now), -pair[1].id))
    near = sum(one.used(now) >= NEAR for one, _ in owed)
    late = now - worst.due_at
    when = f"is {duration(late)} late" if late >= 0 else f"is due in {duration(-late)}"
    more = f"; {near} are due or late" if near > 1 else ""
    rest = f"{when}{more}"
    reached = [one.start + NEAR * one.within for one, _ in owed if one.used(now) < NEAR]
    due = min(reached, default=None)
    return Reading(
        "answer",
        worst.used(now),
        f"{worst.what} to {_name(state, known, row)} {rest}",
        f"conversation:{row.id}",
        due,
        f"{worst.what} in #{row.id} {rest}",
        worst.start + NEAR * worst.within,
    )


def _nobody(state: State) -> Reading:
    if state.presence_at is None or not state.agents:
        return Reading("nobody", None, "presence is not known yet")
    words = {select.presence_of(state, one) for one in state.agents.values()}
    mine = state.presence.get(state.me.id) if state.me is not None else None
    if "online" in words or mine == "online":
        return Reading("nobody", 0.0, "somebody is online", "room:team")
    busy = "only busy agents are there" if "busy" in words or mine == "busy" else "all are offline"
    return Reading("nobody", 1.0, f"no agent is online; {busy}", "room:team")


def _queue(state: State, known: Known) -> Reading:
    told = state.counts.get(LONGEST_FIRST.filter_key)
    counts, at = told if told is not None else (None, 0.0)
    if known.counts is not None and (known.asked_at or 0.0) > at:
        counts = known.counts
    if counts is None:
        return Reading("queue", None, "the queue was not counted yet")
    many = counts.unassigned
    words = f"{many} open conversations are nobody's" if many != 1 else "1 is nobody's"
    return Reading("queue", float(many), words, "list:unassigned")


def _bridge(known: Known, limits: Limits) -> Reading:
    report, limit = known.bridge, limits.bridge * MINUTE
    if report is None:
        return Reading("bridge", None, known.why_no_bridge)
    gone = report.gone_since
    if gone is not None:
        if report.at - gone > GIVEN_UP:
            return Reading("bridge", None, "no bridge has run for a week")
        words = f"the bridge has not run for {duration(report.at - gone)}"
        return Reading("bridge", report.at - gone, words, "room:health", began_at=gone + limit)
    oldest = [at for at in (report.oldest_event_at, report.oldest_write_at) if at is not None]
    if not oldest:
        return Reading("bridge", 0.0, "nothing waits in the bridge", "room:health")
    lag = max(0.0, report.at - min(oldest))
    words = f"the bridge is {duration(lag)} behind"
    return Reading("bridge", lag, words, "room:health", began_at=min(oldest) + limit)


def satisfied(told: Satisfaction) -> float | None:
    """Percent of the ratings that are 4 or 5; None: too few to say."""
    many = sum(told.ratings.values())
    if many < FEWEST:
        return None
    return 100.0 * sum(n for rating, n in told.ratings.items() if rating >= 4) / many


def _csat(known: Known) -> Reading:
    if known.recent is None or known.before is None:
        return Reading("csat", None, known.why_no_ratings)
    recent, before = satisfied(known.recent), satisfied(known.before)
    if recent is None or before is None:
        words = f"fewer than {FEWEST} ratings to compare"
        return Reading("csat", None, words)
    words = (
        f"{recent:.0f} % satisfied in the last {RECENT_DAYS} days,"
        f" {before:.0f} % in the {BEFORE_DAYS} before"
    )
    return Reading("csat", before - recent, words, "room:analytics")
