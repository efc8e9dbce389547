"""What is behind a point of a chart: which conversations, and how the server is asked for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from revivatui.state.analytics_board import AGENTS, HOURS, SHARES, before, series
from revivatui.state.analytics_charts import STATUSES, agent_rows, slot_of
from revivatui.state.records import dataclass
from revivatui.text.when import DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from revivatui.state.analytics_board import Board
    from revivatui.state.models import Agent, Conversation, Inbox
    from revivatui.state.reports import Bucket, Scope

CREATED: Final = "created"
HAPPENED: Final = "happened"
RATED: Final = "rated"
ALIVE: Final = "alive"
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Behind:
    """Some conversations, by what they have in common. None: it does not matter."""

    title: str
    since: float
    until: float
    how: str = CREATED
    """created in the time; something happened to it then (`events`); rated then; alive then, so
    that anything can have happened; or any at all"""
    scope: Scope = "account"
    scope_id: int | None = None
    label: str = ""
    """The title of the label, where `scope` is one."""
    agent_id: int | None = None
    inbox_ids: frozenset[int] | None = None
    status: str | None = None
    weekday: int | None = None
    hour: int | None = None
    rating: int | None = None
    events: str = ""
    """The reporting events that count, where it goes by them: first_response and so on."""

    def takes(self, one: Conversation, tz: tzinfo | None) -> bool:
        """Whether a conversation is one of them, by what its record says."""
        if self.how == CREATED and not self.since <= one.created_at < self.until:
            return False
        if self.how == ALIVE and not self._was_alive(one):
            return False
        if self.status is not None and one.status != self.status:
            return False
        if self.agent_id is not None and one.assignee_id != self.agent_id:
            return False
        if self.inbox_ids is not None and one.inbox_id not in self.inbox_ids:
            return False
        if self.weekday is not None:
            begun = datetime.fromtimestamp(one.created_at, tz)
            if (begun.weekday(), begun.hour) != (self.weekday, self.hour):
                return False
        return self._in_scope(one)

    def _was_alive(self, one: Conversation) -> bool:
        """Whatever happens to a conversation moves its last activity."""
        return one.created_at < self.until and one.last_activity_at >= self.since - 1

    def _in_scope(self, one: Conversation) -> bool:
        match self.scope:
            case "agent":
                return one.assignee_id == self.scope_id
            case "inbox":
                return one.inbox_id == self.scope_id
            case "team":
                return one.team_id == self.scope_id
            case "label":
                return self.label in one.labels
            case _:
                return True


def conditions(behind: Behind) -> list[dict[str, object]]:
    """The same in the server's filter language (contract 2.3), as far as that goes: it knows days
    only, of its own zone, so a day more is asked for on either side."""
    asked: list[tuple[str, str, list[Any]]] = []
    if behind.how == CREATED:
        asked.append(("created_at", "is_greater_than", [_day(behind.since, -2)]))
    if behind.how == ALIVE:
        asked.append(("last_activity_at", "is_greater_than", [_day(behind.since, -2)]))
    if behind.how in (CREATED, ALIVE):
        asked.append(("created_at", "is_less_than", [_day(behind.until, 2)]))
    if behind.status is not None:
        asked.append(("status", "equal_to", [behind.status]))
    agent_id = behind.scope_id if behind.scope == "agent" else behind.agent_id
    if agent_id is not None:
        asked.append(("assignee_id", "equal_to", [agent_id]))
    if behind.scope == "inbox":
        asked.append(("inbox_id", "equal_to", [behind.scope_id]))
    elif behind.inbox_ids:
        asked.append(("inbox_id", "equal_to", sorted(behind.inbox_ids)))
    if behind.scope == "team":
        asked.append(("team_id", "equal_to", [behind.scope_id]))
    if behind.scope == "label":
        asked.append(("labels", "equal_to", [behind.label]))
    if not asked:
        asked.append(("status", "equal_to", ["all"]))
    return [
        {
            "attribute_key": key,
            "filter_operator": operator,
            "values": values,
            "query_operator": "AND" if place < len(asked) - 1 else None,
        }
        for place, (key, operator, values) in enumerate(asked)
    ]


def _day(at: float, days: int) -> str:
    return (datetime.fromtimestamp(at, UTC).date() + timedelta(days=days)).isoformat()


# --- of each chart -------------------------------------------------------------------------------


def whole(board: Board, title: str = "Conversations of the range") -> Behind:
    """Everything that was created in the range."""
    wanted = board.wanted
    return Behind(
        title,
        board.question.since,
        board.question.until,
        scope=wanted.scope,
        scope_id=wanted.scope_id,
        label=wanted.scope_name if wanted.scope == "label" else "",
    )


def bucket_end(buckets: Sequence[Bucket], index: int, until: float) -> float:
    """When a bucket is over: where the next one begins, or with the range."""
    return buckets[index + 1].at if index + 1 < len(buckets) else until


def of_bucket(board: Board, line: int, index: int) -> Behind | None:
    """Of the chart over time: line 0 is conversations, 1 resolved, 2 the time before."""
    part = (series("conversations_count"), series("resolutions_count"),
            before("conversations_count"))[line]  # fmt: skip
    buckets = board.value(part)
    if not buckets or index >= len(buckets):
        return None
    asked = board.before if line == 2 else board.question
    begin = max(asked.since, buckets[index].at)
    end = min(asked.until, bucket_end(buckets, index, asked.until))
    when = slot_of(buckets[index].at, asked.group_by, board.tz).words
    what = "Resolved" if line == 1 else "Conversations"
    made = replace(whole(board, f"{what}, {when}"), since=begin, until=end)
    return replace(made, how=HAPPENED, events="conversation_resolved") if line == 1 else made


_WAITS: Final = (
    ("avg_first_response_time", "first_response", "First responses"),
    ("reply_time", "reply_time", "Replies"),
)


def of_waits(board: Board, line: int, index: int) -> Behind | None:
    """Of the chart of waiting times: who was answered, or resolved, in that step."""
    metric, event, name = _WAITS[line]
    buckets = board.value(series(metric))
    if not buckets or index >= len(buckets):
        return None
    asked = board.question
    return replace(
        whole(board, f"{name}, {slot_of(buckets[index].at, asked.group_by, board.tz).words}"),
        since=max(asked.since, buckets[index].at),
        until=min(asked.until, bucket_end(buckets, index, asked.until)),
        how=HAPPENED,
        events=event,
    )


def of_agent(board: Board, index: int, agents: Mapping[int, Agent]) -> Behind | None:
    """Whom an agent holds now of those created in the range: what that bar counts."""
    rows = agent_rows(board.value(AGENTS) or (), agents)
    if index >= len(rows):
        return None
    agent_id = rows[index].id
    name = agents[agent_id].name if agent_id in agents else f"#{agent_id}"
    asked = board.question
    return Behind(f"Conversations of {name}", asked.since, asked.until, agent_id=agent_id)


def of_share(board: Board, index: int, inboxes: Mapping[int, Inbox]) -> Behind | None:
    rows = board.value(SHARES) or ()
    row, part = divmod(index, len(STATUSES))
    if row >= len(rows):
        return None
    share, asked = rows[row], board.question
    ids = frozenset({int(share.key)}) if board.is_old else of_channel(share.key, inboxes)
    return Behind(
        f"{share.name}, {STATUSES[part]}",
        asked.since,
        asked.until,
        inbox_ids=ids,
        status=STATUSES[part],
    )


def of_channel(channel: str, inboxes: Mapping[int, Inbox]) -> frozenset[int]:
    """The inboxes of a kind of channel."""
    return frozenset(one.id for one in inboxes.values() if one.channel_type == channel)


def of_hour(board: Board, index: int) -> Behind | None:
    if board.value(HOURS) is None:
        return None
    weekday, hour = divmod(index, 24)
    title = f"{DAYS[weekday]}s, {hour:02}:00 to {hour + 1:02}:00"
    return replace(whole(board, title), weekday=weekday, hour=hour)


def of_rating(board: Board, index: int) -> Behind:
    rating = index + 1
    return replace(whole(board, f"Rated {rating} of 5"), how=RATED, rating=rating)


def alive(board: Board) -> Behind:
    """Everything that something can have happened to in the range. An agent's figures are of what
    the agent did, with whomever the conversation is now."""
    made = whole(board)
    if board.wanted.scope == "agent":
        made = replace(made, scope="account", scope_id=None)
    return replace(made, how=ALIVE)
