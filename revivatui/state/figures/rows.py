"""The rows that figures are counted from, and the ways in which they are looked up.

They come raw, one mapping a row with the server's own column names (`rows_of`), or from what a
desk can read (`conversations.rows_from`). Times are epoch seconds. Texts are kept as they came:
these rows are for counting, not for the screen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeVar

from revivatui.state.figures.scopes import ACCOUNT, AGENT, INBOX, LABEL, Scope
from revivatui.state.records import dataclass

CREATED: Final = "conversations"
INCOMING: Final = "incoming"
OUTGOING: Final = "outgoing"
FIRST_RESPONSE: Final = "first_response"
REPLY_TIME: Final = "reply_time"
RESOLVED: Final = "conversation_resolved"
BOT_RESOLVED: Final = "conversation_bot_resolved"
BOT_HANDOFF: Final = "conversation_bot_handoff"
OPENED: Final = "conversation_opened"
EVENTS: Final = (FIRST_RESPONSE, REPLY_TIME, RESOLVED, BOT_RESOLVED, BOT_HANDOFF, OPENED)
"""The names of reporting events (contract 6.7); what else can be counted stands above them."""

Raw = Mapping[str, object]
Row = TypeVar("Row")
Key = int | str | None
"""An id, a label, or None: the account, or nobody."""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation. `id` is the database's, which messages and events name."""

    id: int
    display_id: int
    inbox_id: int
    status: str
    created_at: float
    assignee_id: int | None = None
    team_id: int | None = None
    waiting_since: float | None = None
    first_reply_at: float | None = None
    contact_id: int | None = None

    @property
    def unattended(self) -> bool:
        """Never answered, or the customer waits again."""
        return self.first_reply_at is None or self.waiting_since is not None


@dataclass(frozen=True, slots=True)
class MessageRow:
    conversation_id: int
    inbox_id: int
    kind: str
    """incoming, outgoing, activity or template"""
    created_at: float
    content_type: str = "text"
    sender_kind: str | None = None
    sender_id: int | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """A reporting event: something took `value` seconds (contract 6.7)."""

    name: str
    conversation_id: int
    inbox_id: int | None
    user_id: int | None
    value: float
    business_value: float
    """The same within the inbox's working hours; 0 where it has none."""
    created_at: float
    raw: Raw


class Fact(NamedTuple):
    """One thing that can be counted or averaged."""

    at: float
    conversation_id: int
    value: float = 0.0
    business_value: float = 0.0


class Rows:
    """All rows of an account, with the facts of each kind and scope in order of time.

    Nothing is changed after it is made; what was looked up once is kept.
    """

    def __init__(
        self,
        *,
        conversations: Iterable[ConversationRow] = (),
        messages: Iterable[MessageRow] = (),
        events: Iterable[EventRow] = (),
        labels_of: Mapping[int, frozenset[str]] | None = None,
        tables: Mapping[str, Sequence[Raw]] | None = None,
    ) -> None:
        self.conversations = {row.id: row for row in conversations}
        self.messages = tuple(messages)
        self.events = tuple(events)
        self.labels_of = labels_of or {}
        """The labels of each conversation that has some."""
        self._tables = tables or {}
        self._facts: dict[tuple[str, str], dict[Key, tuple[Fact, ...]]] = {}

    def table(self, name: str) -> Sequence[Raw]:
        """The raw rows of users, inboxes, teams, labels, contacts or CSAT answers."""
        return self._tables.get(name, ())

    def find(self, name: str, row_id: object) -> Raw | None:
        return next((row for row in self.table(name) if row["id"] == row_id), None)

    def facts(self, kind: str, scope: Scope) -> tuple[Fact, ...]:
        """Everything of a kind that belongs to the scope, oldest first."""
        key = (kind, scope.kind)
        if key not in self._facts:
            self._facts[key] = self._sorted(kind, scope.kind)
        return self._facts[key].get(_key(scope), ())

    def between(self, kind: str, scope: Scope, since: float, until: float) -> tuple[Fact, ...]:
        """What happened from `since` on and before `until`."""
        facts = self.facts(kind, scope)
        first = bisect_left(facts, since, key=_time)
        return facts[first : max(first, bisect_left(facts, until, key=_time))]

    def _sorted(self, kind: str, by: str) -> dict[Key, tuple[Fact, ...]]:
        """The facts of a kind for every agent, inbox, team or label at once."""
        held: dict[Key, list[Fact]] = {}
        for fact, keys in self._keyed(kind, by):
            for key in keys:
                held.setdefault(key, []).append(fact)
        return {key: tuple(sorted(facts)) for key, facts in held.items()}

    def _keyed(self, kind: str, by: str) -> Iterable[tuple[Fact, Iterable[Key]]]:
        if kind == CREATED:
            for talk in self.conversations.values():
                fact = Fact(talk.created_at, talk.id)
                yield fact, self._keys(by, talk.id, talk.assignee_id, talk.inbox_id)
        elif kind in (INCOMING, OUTGOING):
            for message in self.messages:
                if message.kind == kind:
                    fact = Fact(message.created_at, message.conversation_id)
                    writer = message.sender_id if message.sender_kind == "User" else None
                    yield fact, self._keys(by, fact.conversation_id, writer, message.inbox_id)
        else:
            for event in self.events:
                if event.name == kind:
                    at, talk_id = event.created_at, event.conversation_id
                    fact = Fact(at, talk_id, event.value, event.business_value)
                    yield fact, self._keys(by, talk_id, event.user_id, event.inbox_id)

    def _keys(
        self, by: str, conversation_id: int, agent: int | None, inbox: int | None
    ) -> Iterable[Key]:
        """To whom a thing belongs: by agent and inbox as it says itself, by team and label as
        its conversation stands now."""
        if by == ACCOUNT:
            return (None,)
        if by == AGENT:
            return (agent,)
        if by == INBOX:
            return (inbox,)
        row = self.conversations.get(conversation_id)
        if row is None:
            return ()
        return self.labels_of.get(row.id, ()) if by == LABEL else (row.team_id,)


def _key(scope: Scope) -> Key:
    if scope.kind == ACCOUNT:
        return None
    return scope.title if scope.kind == LABEL else scope.id


def _time(fact: Fact) -> float:
    return fact.at


def rows_of(lines: Iterable[Raw]) -> Rows:
    """Rows from raw ones: each names its "table" and holds the columns, times as ISO texts."""
    tables: dict[str, list[Raw]] = {}
    for line in lines:
        tables.setdefault(str(line["table"]), []).append(line)
    labels: dict[int, set[str]] = {}
    for row in tables.get("conversation_labels", ()):
        labels.setdefault(whole(row["conversation_id"]), set()).add(str(row["label"]))
    return Rows(
        conversations=_each(_conversation, tables.get("conversations")),
        messages=_each(_message, tables.get("messages")),
        events=_each(_event, tables.get("reporting_events")),
        labels_of={key: frozenset(titles) for key, titles in labels.items()},
        tables=tables,
    )


def _each(make: Callable[[Raw], Row], rows: Iterable[Raw] | None) -> Iterable[Row]:
    return [make(row) for row in rows or ()]


def _conversation(row: Raw) -> ConversationRow:
    return ConversationRow(
        id=whole(row["id"]),
        display_id=whole(row.get("display_id", row["id"])),
        inbox_id=whole(row["inbox_id"]),
        status=str(row["status"]),
        created_at=moment(row["created_at"]),
        assignee_id=maybe_whole(row.get("assignee_id")),
        team_id=maybe_whole(row.get("team_id")),
        waiting_since=maybe_moment(row.get("waiting_since")),
        first_reply_at=maybe_moment(row.get("first_reply_created_at")),
        contact_id=maybe_whole(row.get("contact_id")),
    )


def _message(row: Raw) -> MessageRow:
    return MessageRow(
        conversation_id=whole(row["conversation_id"]),
        inbox_id=whole(row["inbox_id"]),
        kind=str(row["message_type"]),
        created_at=moment(row["created_at"]),
        content_type=str(row.get("content_type") or "text"),
        sender_kind=None if row.get("sender_type") is None else str(row["sender_type"]),
        sender_id=maybe_whole(row.get("sender_id")),
    )


def _event(row: Raw) -> EventRow:
    return EventRow(
        name=str(row["name"]),
        conversation_id=whole(row["conversation_id"]),
        inbox_id=maybe_whole(row.get("inbox_id")),
        user_id=maybe_whole(row.get("user_id")),
        value=number(row.get("value")),
        business_value=number(row.get("value_in_business_hours")),
        created_at=moment(row["created_at"]),
        raw=row,
    )


def whole(value: object) -> int:
    return int(str(value))


def maybe_whole(value: object) -> int | None:
    return None if value is None else whole(value)


def number(value: object) -> float:
    return 0.0 if value is None else float(str(value))


def moment(value: object) -> float:
    """Epoch seconds of an ISO text (UTC where it names no offset) or of a number."""
    if isinstance(value, (int, float)):
        return float(value)
    read = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def maybe_moment(value: object) -> float | None:
    return None if value is None else moment(value)


def text(row: Raw, name: str) -> str | None:
    """A column as text; None where it is null or missing."""
    value: Any = row.get(name)
    return None if value is None else str(value)
