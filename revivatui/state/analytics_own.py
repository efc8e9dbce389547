"""The parts of a board worked out by ourselves, from rows (`revivatui.state.figures`).

What comes out has the same shape as the server's answers, so that tiles and charts of both can be
held against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from revivatui.state import analytics_board as parts
from revivatui.state.analytics_board import Board, Part
from revivatui.state.analytics_charts import STATUSES, Share, channel_words
from revivatui.state.analytics_zone import server_zone
from revivatui.state.figures import counting
from revivatui.state.figures.counting import figure
from revivatui.state.figures.rows import CREATED, maybe_whole, moment, text, whole
from revivatui.state.figures.scopes import AGENT, LABEL, Scope, Span
from revivatui.state.reports import Bucket, LiveCounts, Satisfaction, Summary, SummaryRow, Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from revivatui.state.figures.rows import Raw, Rows
    from revivatui.state.reports import Question

SURVEY: Final = "input_csat"


def own_board(board: Board, rows: Rows, names: Iterable[str]) -> Board:
    """The same board with parts of our own; `rows` are of everything that those count."""
    own = Board(board.wanted, board.asked_at, board.tz, board.version)
    for name in names:
        own.parts[name] = Part(own_value(board, name, rows), board.asked_at)
    return own


def own_value(board: Board, name: str, rows: Rows) -> Any:
    """A part as we work it out. Raises ValueError for one that no rows tell of."""
    kind, _, metric = name.partition(":")
    made: dict[str, Callable[[], Any]] = {
        "series": lambda: _series(board, metric, board.question, rows),
        "before": lambda: _series(board, metric, board.before, rows),
        parts.SUMMARY: lambda: Summary(
            _totals(board, board.question, rows), _totals(board, board.before, rows)
        ),
        parts.HOURS: lambda: _series(board, counting.CONVERSATIONS, board.question, rows, "hour"),
        parts.AGENTS: lambda: _agents(board, rows),
        parts.SHARES: lambda: _shares(board, rows),
        parts.RATINGS: lambda: _satisfaction(board, board.question, rows),
        parts.RATINGS_BEFORE: lambda: _satisfaction(board, board.before, rows),
        parts.LIVE: lambda: _live(rows, None),
        parts.TEAMS: lambda: _teams(rows),
    }
    if kind not in made:
        raise ValueError(f"no rows tell of {name}")
    return made[kind]()


def scope_of(board: Board) -> Scope:
    wanted = board.wanted
    title = wanted.scope_name if wanted.scope == LABEL else ""
    return Scope(wanted.scope, wanted.scope_id, title)


def span_of(asked: Question) -> Span:
    """As the server reads it: whole seconds."""
    return Span(int(asked.since), int(asked.until))


def _series(
    board: Board, metric: str, asked: Question, rows: Rows, group: str = ""
) -> tuple[Bucket, ...]:
    points = counting.series(
        rows,
        metric,
        scope_of(board),
        span_of(asked),
        group or asked.group_by,
        server_zone(board),
        board.version,
        business_hours=asked.business_hours,
    )
    if metric in counting.AVERAGES:
        return tuple(
            Bucket(one.begin, one.value if one.count else None, one.count) for one in points
        )
    return tuple(Bucket(one.begin, one.value) for one in points)


def _totals(board: Board, asked: Question, rows: Rows) -> Totals:
    def value(metric: str) -> float | None:
        found = figure(
            rows, metric, scope_of(board), span_of(asked), board.version,
            business_hours=asked.business_hours,
        )  # fmt: skip
        return found.value

    return Totals(
        conversations=int(value(counting.CONVERSATIONS) or 0),
        incoming=int(value(counting.MESSAGES_IN) or 0),
        outgoing=int(value(counting.MESSAGES_OUT) or 0),
        resolutions=int(value(counting.RESOLUTIONS) or 0),
        first_response=value(counting.AVG_FIRST_RESPONSE) or None,
        resolution=value(counting.AVG_RESOLUTION) or None,
        reply=value(counting.AVG_REPLY) or None,
    )


def _agents(board: Board, rows: Rows) -> tuple[SummaryRow, ...]:
    return tuple(_agent(board, rows, whole(user["id"])) for user in rows.table("users"))


def _agent(board: Board, rows: Rows, user_id: int) -> SummaryRow:
    asked = board.question

    def found(metric: str) -> counting.Figure:
        return figure(
            rows, metric, Scope(AGENT, user_id), span_of(asked), board.version,
            business_hours=asked.business_hours,
        )  # fmt: skip

    resolved = found(counting.AVG_RESOLUTION)
    return SummaryRow(
        id=user_id,
        conversations=found(counting.CONVERSATIONS).count,
        resolved=None if board.is_old else resolved.count,
        resolution=resolved.value or None,
        first_response=found(counting.AVG_FIRST_RESPONSE).value or None,
        reply=found(counting.AVG_REPLY).value or None,
    )


def _shares(board: Board, rows: Rows) -> tuple[Share, ...]:
    """By channel on 4.x, by inbox on 3.9; of the whole account, as the server's report."""
    inboxes = {whole(row["id"]): row for row in rows.table("inboxes")}
    counts: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for fact in rows.between(CREATED, Scope(), *span_of(board.question)):
        one = rows.conversations[fact.conversation_id]
        inbox: Raw = inboxes.get(one.inbox_id, {})
        channel = text(inbox, "channel_type") or ""
        key = str(one.inbox_id) if board.is_old else channel
        names[key] = (
            text(inbox, "name") or f"#{one.inbox_id}" if board.is_old else channel_words(channel)
        )
        if one.status in STATUSES:
            counts.setdefault(key, [0] * len(STATUSES))[STATUSES.index(one.status)] += 1
    made = [Share(names[key], tuple(row), key) for key, row in counts.items()]
    return tuple(sorted(made, key=lambda share: (-sum(share.counts), share.name)))


def _satisfaction(board: Board, asked: Question, rows: Rows) -> Satisfaction:
    since, until = span_of(asked)
    ratings: dict[int, int] = {}
    for row in rows.table("csat_survey_responses"):
        if since <= moment(row["created_at"]) < until and _is_of(board, rows, row):
            rating = whole(row["rating"])
            ratings[rating] = ratings.get(rating, 0) + 1
    asked_for = sum(
        1
        for message in rows.messages
        if message.content_type == SURVEY and since <= message.created_at < until
    )
    return Satisfaction(sum(ratings.values()), asked_for, ratings)


def _is_of(board: Board, rows: Rows, row: Raw) -> bool:
    """Whether a rating belongs to the scope; labels narrow none (contract 6.7)."""
    wanted = board.wanted
    if wanted.scope == "agent":
        return maybe_whole(row.get("assigned_agent_id")) == wanted.scope_id
    if wanted.scope not in ("inbox", "team"):
        return True
    one = rows.conversations.get(whole(row["conversation_id"]))
    if one is None:
        return False
    return (one.inbox_id if wanted.scope == "inbox" else one.team_id) == wanted.scope_id


def _live(rows: Rows, team_id: int | None, *, of_team: bool = False) -> LiveCounts:
    held = [one for one in rows.conversations.values() if not of_team or one.team_id == team_id]
    opened = [one for one in held if one.status == "open"]
    return LiveCounts(
        open=len(opened),
        unattended=sum(one.unattended for one in opened),
        unassigned=sum(one.assignee_id is None for one in opened),
        pending=None if of_team else sum(one.status == "pending" for one in held),
    )


def _teams(rows: Rows) -> dict[int | None, LiveCounts]:
    teams = {one.team_id for one in rows.conversations.values() if one.status == "open"}
    return {team_id: _live(rows, team_id, of_team=True) for team_id in teams}
