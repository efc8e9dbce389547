"""Rows from what a desk can read: conversations, their messages, survey answers and events.

A desk knows conversations by their display ids, so those are the ids of these rows. Where the
server gives its reporting events (4.x enterprise, `GET C/reporting_events`) they are taken as they
are; else they are worked out (`deriving`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from revivatui.state.figures.deriving import Office, events_of
from revivatui.state.figures.rows import (
    ConversationRow,
    EventRow,
    MessageRow,
    Raw,
    Rows,
    maybe_whole,
    moment,
    number,
)
from revivatui.state.figures.working import WorkingHours
from revivatui.state.figures.zones import counts_every_event
from revivatui.state.models import Agent, Conversation, Inbox, Label, Message, Team
from revivatui.state.records import dataclass
from revivatui.state.reports import Rating

KINDS: Final = ("incoming", "outgoing", "activity", "template")
"""By the number that the wire has for a message's type (contract 3.1)."""
SENDERS: Final = {
    "contact": "Contact",
    "user": "User",
    "agent_bot": "AgentBot",
    "captain_assistant": "Captain::Assistant",
}


@dataclass(frozen=True, slots=True)
class People:
    """Who and what the account has: its scopes, and the names in its activity lines."""

    agents: Sequence[Agent] = ()
    inboxes: Sequence[Inbox] = ()
    teams: Sequence[Team] = ()
    labels: Sequence[Label] = ()


def rows_from(
    conversations: Iterable[Conversation],
    messages: Iterable[Message],
    csat: Iterable[Rating] = (),
    events: Mapping[int, Sequence[Raw]] | None = None,
    *,
    version: str,
    people: People | None = None,
    bots: Collection[int] = (),
    hours: Mapping[int, WorkingHours] | None = None,
) -> Rows:
    """The rows behind the figures, as far as a desk has read them.

    `events` are the server's own, in its words, by display id (None: worked out), `bots` the
    inboxes with a bot, `hours` the working hours by inbox (without them business hours are 0).
    """
    known, threads = list(conversations), _threads(messages)
    people = people or People()
    office = Office(
        new=counts_every_event(version),
        agents={agent.name: agent.id for agent in people.agents},
        bots=bots,
        hours=hours or {},
    )
    return Rows(
        conversations=map(_conversation, known),
        messages=[_message(one) for thread in threads.values() for one in thread],
        events=(
            [event for one in known for event in events_of(one, threads.get(one.id, ()), office)]
            if events is None
            else [_told(row, one) for one, rows in events.items() for row in rows]
        ),
        labels_of={one.id: frozenset(one.labels) for one in known if one.labels},
        tables={**_tables(people), "csat_survey_responses": list(map(_rating, csat))},
    )


def _threads(messages: Iterable[Message]) -> dict[int, list[Message]]:
    threads: dict[int, dict[int, Message]] = {}
    for message in messages:
        threads.setdefault(message.conversation_id, {})[message.id] = message
    return {key: list(thread.values()) for key, thread in threads.items()}


def _conversation(one: Conversation) -> ConversationRow:
    return ConversationRow(
        id=one.id,
        display_id=one.id,
        inbox_id=one.inbox_id,
        status=one.status,
        created_at=one.created_at,
        assignee_id=one.assignee_id if one.assignee_kind == "User" else None,
        team_id=one.team_id,
        waiting_since=one.waiting_since,
        first_reply_at=one.first_reply_at,
        contact_id=one.contact_id,
    )


def _message(one: Message) -> MessageRow:
    kind = KINDS[one.message_type] if 0 <= one.message_type < len(KINDS) else "unknown"
    return MessageRow(
        conversation_id=one.conversation_id,
        inbox_id=one.inbox_id,
        kind=kind,
        created_at=one.created_at,
        content_type=one.content_type,
        sender_kind=SENDERS.get(one.sender.kind) if one.sender else None,
        sender_id=one.sender.id if one.sender else None,
    )


def _told(row: Raw, display_id: int) -> EventRow:
    return EventRow(
        name=str(row["name"]),
        conversation_id=display_id,
        inbox_id=maybe_whole(row.get("inbox_id")),
        user_id=maybe_whole(row.get("user_id")),
        value=number(row.get("value")),
        business_value=number(row.get("value_in_business_hours")),
        created_at=moment(row["created_at"]),
        raw=row,
    )


def _tables(people: People) -> dict[str, Sequence[Raw]]:
    return {
        "users": [
            {
                "id": one.id,
                "name": one.name,
                "email": one.email,
                "role": one.role,
                "availability": one.availability,
                "auto_offline": one.auto_offline,
                "display_name": one.available_name or one.name,
            }
            for one in people.agents
        ],
        "inboxes": [
            {"id": one.id, "name": one.name, "channel_type": one.channel_type}
            for one in people.inboxes
        ],
        "teams": [{"id": one.id, "name": one.name} for one in people.teams],
        "labels": [{"id": one.id, "title": one.title} for one in people.labels],
    }


def _rating(one: Rating) -> Raw:
    return {
        "id": one.id,
        "rating": one.rating,
        "feedback_message": one.comment or None,
        "message_id": None,
        "conversation_id": one.conversation_id,
        "assigned_agent_id": one.agent_id,
        "created_at": one.created_at or 0.0,
    }
