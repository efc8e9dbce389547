"""The tiles: one figure each, with its target, what it was before and what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from revivatui.state.analytics import compared_words
from revivatui.state.analytics_board import (
    LIVE,
    LOAD,
    RATINGS,
    RATINGS_BEFORE,
    SUMMARY,
    UPTIME,
    series,
)
from revivatui.state.charts.data import Measure
from revivatui.state.charts.numbers import difference, percent_change, plain, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from revivatui.state.analytics_board import Board, Part
    from revivatui.state.charts.data import Unit
    from revivatui.state.reports import AgentLive, Satisfaction, Totals

Verdict = Literal["met", "missed", "no data", "not known", "asking", ""]
Better = Literal["more", "less", ""]

SATISFIED: Final = 4
"""The lowest rating that counts as satisfied."""


class Target(NamedTuple):
    """What a figure should be: over `low`, or under `high`, or between the two."""

    low: float | None = None
    high: float | None = None
    words: str = ""

    def is_met(self, value: float) -> bool:
        if self.low is not None and self.high is not None:
            return self.low <= value <= self.high
        if self.high is not None:
            return value < self.high
        return self.low is None or value > self.low


class Kind(NamedTuple):
    """A figure that has a tile."""

    id: str
    name: str
    short: str
    unit: Unit = "count"
    better: Better = ""
    target: Target | None = None
    metric: str = ""
    """The server's metric whose course is drawn in it."""
    defined: str = ""
    """Its entry in `figures.definitions`, where that is not the metric's."""


KINDS: Final = (
    Kind("conversations", "Conversations", "Conversations", metric="conversations_count"),
    Kind("first_response", "First response", "1st response", "seconds", "less",
         Target(high=120, words="under 2 min"), "avg_first_response_time"),
    Kind("reply", "Reply time", "Reply time", "seconds", "less", None, "reply_time"),
    Kind("resolution", "Resolution time", "Resolution", "seconds", "less", None,
         "avg_resolution_time"),
    Kind("resolved", "Resolved", "Resolved", "count", "more", None, "resolutions_count"),
    Kind("rate", "Resolution rate", "Resolution %", "percent", "more",
         Target(low=85, words="over 85 %"), defined="resolution_rate"),
    Kind("satisfaction", "Satisfaction", "Satisfaction", "percent", "more",
         Target(low=90, words="over 90 %"), defined="satisfaction"),
    Kind("utilisation", "Utilisation", "Utilisation", "percent", "",
         Target(70, 80, "70 to 80 %")),
    Kind("unattended", "Unattended now", "Unattended", "count", "less", defined="unattended"),
    Kind("uptime", "Integration uptime", "Uptime", "percent", "more",
         Target(low=99.9 - 1e-9, words="99.9 %")),
)  # fmt: skip
BY_ID: Final = {kind.id: kind for kind in KINDS}
OURS: Final = {
    "utilisation": "Open conversations that the agents who are online hold, of every hundred that"
    " they can hold.",
    "uptime": "Minutes with a heartbeat of the bridge between Chatwoot and the CRM, of every"
    " hundred minutes of its last 30 days.",
}
"""Figures that are not the server's."""


class Trend(NamedTuple):
    """How a figure differs from the time before; `is_good` is None where neither is better."""

    words: str
    short: str
    direction: Literal["up", "down", "same"]
    is_good: bool | None


class Tile(NamedTuple):
    """A figure as it is shown."""

    kind: Kind
    value: float | None
    verdict: Verdict
    trend: Trend | None = None
    note: str = ""
    """Why there is none, or what is to be known about it."""
    as_of: float | None = None
    course: tuple[float | None, ...] = ()
    """Of the figure over the range, for a small line in the tile."""

    @property
    def words(self) -> str:
        """The value as it is said, or what stands for it."""
        if self.value is None:
            return "no data" if self.verdict == "no data" else NOTHING[self.verdict]
        return value_words(self.kind, self.value)


NOTHING: Final[dict[str, str]] = {"asking": "asking", "not known": "not known"}


def value_words(kind: Kind, value: float) -> str:
    if kind.id == "uptime":
        return "100 %" if value >= 100 else f"{int(value * 100 + 1e-6) / 100:.2f} %"
    return said(value, Measure(kind.name, kind.unit))


def definition_of(kind: Kind, board: Board) -> str:
    """What is counted, as this version of the server counts it."""
    from revivatui.state.figures.definitions import DEFINITIONS

    if kind.id in OURS:
        return OURS[kind.id]
    return DEFINITIONS[kind.defined or kind.metric].text(board.version)


def tiles_of(board: Board) -> tuple[Tile, ...]:
    """All tiles, in their order."""
    made = {
        "conversations": _of_summary(board, "conversations"),
        "first_response": _of_summary(board, "first_response"),
        "reply": _of_summary(board, "reply"),
        "resolution": _of_summary(board, "resolution"),
        "resolved": _of_summary(board, "resolved"),
        "rate": _of_summary(board, "rate"),
        "satisfaction": _satisfaction(board),
        "utilisation": _utilisation(board),
        "unattended": _unattended(board),
        "uptime": _uptime(board),
    }
    return tuple(made[kind.id] for kind in KINDS)


def _tile(
    kind_id: str,
    part: Part,
    value: float | None,
    was: float | None = None,
    *,
    board: Board,
    note: str = "",
    unknown: bool = False,
) -> Tile:
    """A tile of an answer that is there; None is no data, or not known where `unknown` says so."""
    kind = BY_ID[kind_id]
    verdict: Verdict = ""
    if value is None:
        verdict = "not known" if unknown else "no data"
    elif kind.target is not None:
        verdict = "met" if kind.target.is_met(value) else "missed"
    course = board.value(series(kind.metric)) if kind.metric else None
    return Tile(
        kind,
        value,
        verdict,
        trend_of(kind, value, was) if board.wanted.compare else None,
        note,
        part.as_of,
        tuple(bucket.value for bucket in course) if course else (),
    )


def _awaited(kind_id: str, part: Part) -> Tile:
    """A tile without its answer."""
    kind = BY_ID[kind_id]
    if part.trouble:
        return Tile(kind, None, "not known", note=part.trouble)
    return Tile(kind, None, "asking")


def trend_of(kind: Kind, value: float | None, was: float | None) -> Trend | None:
    """How a value differs from what it was; None where one of the two is not there."""
    if value is None or was is None:
        return None
    words = difference(value, was, Measure(kind.name, kind.unit))
    if words == "the same as":
        return Trend("as before", "as before", "same", None)
    direction: Literal["up", "down"] = "up" if value > was else "down"
    is_good = None if not kind.better else (direction == "up") == (kind.better == "more")
    if kind.unit == "percent":
        short = f"{plain(abs(value - was))} pt"
    else:
        change = percent_change(value, was)
        short = "from none" if change is None else f"{plain(abs(change), 0)} %"
    return Trend(f"{words} before", short, direction, is_good)


# --- what the server sums up ---------------------------------------------------------------------


def rate_of(totals: Totals) -> float | None:
    """Percent of the conversations; None where there was none."""
    if not totals.conversations:
        return None
    return 100 * totals.resolutions / totals.conversations


def _figure(totals: Totals, kind_id: str) -> float | None:
    match kind_id:
        case "conversations":
            return totals.conversations
        case "resolved":
            return totals.resolutions
        case "rate":
            return rate_of(totals)
        case "first_response":
            return totals.first_response
        case "reply":
            return totals.reply
        case _:
            return totals.resolution


def _of_summary(board: Board, kind_id: str) -> Tile:
    part = board.part(SUMMARY)
    if not part.is_there:
        return _awaited(kind_id, part)
    now, was = _figure(part.value.now, kind_id), _figure(part.value.previous, kind_id)
    return _tile(kind_id, part, now, was, board=board, note=_note(board, kind_id, part.value.now))


def _note(board: Board, kind_id: str, totals: Totals) -> str:
    is_average = kind_id in ("first_response", "reply", "resolution")
    if is_average and board.wanted.business_hours:
        return "within working hours; inboxes without working hours count as 0"
    if kind_id == "rate":
        return f"{totals.resolutions:,} of {totals.conversations:,}"
    return ""


def satisfaction_of(counted: Satisfaction) -> float | None:
    """Percent of the ratings that are 4 or 5; None where there is no rating."""
    ratings = {rating: many for rating, many in counted.ratings.items() if 1 <= rating <= 5}
    answered = sum(ratings.values())
    if not answered:
        return None
    satisfied = sum(many for rating, many in ratings.items() if rating >= SATISFIED)
    return 100 * satisfied / answered


def _satisfaction(board: Board) -> Tile:
    part, was = board.part(RATINGS), board.value(RATINGS_BEFORE)
    if not part.is_there:
        return _awaited("satisfaction", part)
    counted = part.value
    return _tile(
        "satisfaction",
        part,
        satisfaction_of(counted),
        satisfaction_of(was) if was is not None else None,
        board=board,
        note=_answers(board, counted),
    )


def _answers(board: Board, counted: Satisfaction) -> str:
    """How many answered, of how many where both are counted alike."""
    wanted = board.wanted.scope
    if wanted == "account":
        return f"{counted.answered:,} of {counted.asked:,} who were asked"
    if wanted == "label":
        return f"{counted.answered:,} answered, of the whole account: ratings know no labels"
    return f"{counted.answered:,} answered"


# --- now, and what others know -------------------------------------------------------------------


def _unattended(board: Board) -> Tile:
    part = board.part(LIVE)
    if not part.is_there:
        return _awaited("unattended", part)
    return _tile("unattended", part, part.value.unattended, board=board, note="whole account, now")


def _utilisation(board: Board) -> Tile:
    part = board.part(LOAD)
    if not part.is_there:
        return _awaited("utilisation", part)
    value, note = part.value
    return _tile("utilisation", part, value, board=board, note=note, unknown=True)


def _uptime(board: Board) -> Tile:
    part = board.part(UPTIME)
    if not part.is_there:
        return _awaited("uptime", part)
    if part.value is None:
        return _tile(
            "uptime", part, None, board=board, unknown=True,
            note="no bridge: none has worked on this CRM (`revivatui bridge run` starts one)",
        )  # fmt: skip
    uptime = part.value
    note = f"{uptime.missed:,} of {uptime.minutes:,} minutes missed"
    return _tile("uptime", part, 100 * uptime.share, board=board, note=note)


class Load(NamedTuple):
    """How full the agents who are online are, in percent; None where it is not known, and why."""

    percent: float | None
    note: str


def load_of(agents: Iterable[AgentLive], limits: Mapping[int, int]) -> Load:
    """`limits` are the open conversations that each can hold; 0 where there is no limit."""
    online = [one for one in agents if one.availability == "online"]
    if not online:
        return Load(None, "nobody is online")
    endless = sum(not limits.get(one.id) for one in online)
    held, can = sum(one.open for one in online), sum(limits.get(one.id, 0) for one in online)
    if endless:
        whom = "who is" if endless == 1 else "who are"
        return Load(
            None,
            f"{endless} {whom} online can hold without end: give inboxes a limit, or set [team]"
            " capacity",
        )
    return Load(100 * held / can, f"{held:,} open of {can:,} that {len(online)} online can hold")


def compared(board: Board) -> str:
    """What trends are against, or ""."""
    words = compared_words(board.wanted, board.span)
    return f"against {words}" if board.wanted.compare else ""
