"""What is known of the figures that are wanted: each part by itself, answered, failed or awaited.

A part is one answer of the server (or of the bridge, or of the desk's own log). Tiles and charts
are worked out of parts by `analytics_tiles` and `analytics_charts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from revivatui.state.analytics import Span, Wanted, question_of
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from revivatui.state.reports import Question

SUMMARY: Final = "summary"
RATINGS: Final = "ratings"
RATINGS_BEFORE: Final = "ratings_before"
LIVE: Final = "live"
TEAMS: Final = "teams"
AGENTS: Final = "agents"
SHARES: Final = "shares"
"""What became of the conversations: by channel on 4.x, by inbox on 3.9."""
HOURS: Final = "hours"
UPTIME: Final = "uptime"
LOAD: Final = "load"
COMMENTS: Final = "comments"

DRAWN: Final = (
    "conversations_count",
    "resolutions_count",
    "avg_first_response_time",
    "reply_time",
    "avg_resolution_time",
)
"""The metrics whose course over time is shown."""
COUNTED: Final = DRAWN[:2]
"""Those of the chart over time, which are also read for the time before."""


def series(metric: str) -> str:
    """The part that holds a metric's course."""
    return f"series:{metric}"


def before(metric: str) -> str:
    """The same of the time before."""
    return f"before:{metric}"


@dataclass(frozen=True, slots=True)
class Part:
    """One answer. With neither value nor trouble it is still awaited."""

    value: Any = None
    as_of: float | None = None
    """When it was answered."""
    trouble: str = ""
    """Why there is none, as a sentence."""
    why: str = ""
    """The same in a word: `engine.asking.Why`."""

    @property
    def is_there(self) -> bool:
        return self.as_of is not None


AWAITED: Final = Part()


class Board:
    """The parts of one choice. The range stands still from `asked_at` on, however long it is
    looked at: every part of a board is of the same moments."""

    def __init__(
        self, wanted: Wanted, asked_at: float, tz: tzinfo | None = None, version: str = ""
    ) -> None:
        self.wanted = wanted
        self.asked_at = asked_at
        self.tz = tz
        self.version = version
        self.question: Question = question_of(wanted, asked_at, tz, version)
        self.before: Question = self.question.before()
        self.parts: dict[str, Part] = {}

    @property
    def span(self) -> Span:
        return Span(self.question.since, self.question.until)

    @property
    def is_old(self) -> bool:
        """Of Chatwoot 3.9, which counts differently and knows less."""
        return self.version.startswith("3.")

    def part(self, name: str) -> Part:
        return self.parts.get(name, AWAITED)

    def value(self, name: str) -> Any:
        """What was answered, or None."""
        return self.part(name).value

    def has(self, names: Iterable[str]) -> bool:
        return all(self.part(name).is_there for name in names)

    def troubles(self, names: Iterable[str]) -> list[Part]:
        return [part for part in map(self.part, names) if part.trouble]

    @property
    def as_of(self) -> float | None:
        """When the oldest part was answered."""
        times = [part.as_of for part in self.parts.values() if part.as_of is not None]
        return min(times, default=None)

    @property
    def not_allowed(self) -> bool:
        """The server gives its figures to administrators only, and this is none."""
        return self.part(SUMMARY).why == "not_allowed"


def tile_parts(board: Board) -> tuple[str, ...]:
    """What the figures of the tiles are made of."""
    compared = (RATINGS_BEFORE,) if board.wanted.compare else ()
    return (SUMMARY, LIVE, RATINGS, *compared, UPTIME, LOAD)


def course_parts(board: Board) -> tuple[str, ...]:
    """What the small lines of the tiles are made of."""
    return tuple(series(metric) for metric in DRAWN)


def chart_parts(board: Board, named: tuple[str, ...]) -> tuple[str, ...]:
    """What a chart is made of, on this version and with what was picked."""
    if named == (LIVE,) and not board.is_old:
        return (LIVE, TEAMS)
    if board.wanted.compare and named == tuple(series(metric) for metric in COUNTED):
        return (*named, before(COUNTED[0]))
    return named


class Boards:
    """The boards of this session by what was wanted: going back shows what was known."""

    MOST = 12

    def __init__(self) -> None:
        self._kept: dict[Wanted, Board] = {}

    def find(self, wanted: Wanted, now: float, tz: tzinfo | None, version: str) -> Board:
        """The board of a choice; made where there is none, or one of another day."""
        from revivatui.text.when import day_of

        board = self._kept.pop(wanted, None)
        if (
            board is None
            or board.version != version
            or day_of(board.asked_at, tz) != day_of(now, tz)
        ):
            board = Board(wanted, now, tz, version)
        self._kept[wanted] = board
        while len(self._kept) > self.MOST:
            self._kept.pop(next(iter(self._kept)))
        return board

    def forget(self, wanted: Wanted) -> None:
        self._kept.pop(wanted, None)


def names_of(known: Mapping[int, Any], ids: Iterable[int]) -> dict[int, str]:
    """What agents, inboxes or teams are called; a number where nobody knows."""
    return {one: known[one].name if one in known else f"#{one}" for one in ids}
