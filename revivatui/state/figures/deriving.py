"""Reporting events worked out from a conversation's messages, where the server gives none.

3.9 never gives them and 4.x only to administrators of the enterprise edition. Answers of people
are seen in the messages, resolutions, reopenings and assignments only in the activity lines, which
are words in the account's language: English ones are understood. What follows from it: `basis`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from typing import Final

from revivatui.state.figures.rows import (
    BOT_HANDOFF,
    BOT_RESOLVED,
    FIRST_RESPONSE,
    OPENED,
    REPLY_TIME,
    RESOLVED,
    EventRow,
)
from revivatui.state.figures.working import WorkingHours, working_seconds
from revivatui.state.models import ACTIVITY, INCOMING, OUTGOING, Conversation, Message
from revivatui.state.records import dataclass

RESOLVED_LINE: Final = re.compile(r"Conversation was (marked )?resolved by ")
REOPENED_LINE: Final = re.compile(
    r"Conversation was (reopened|marked open) (by|automatically)|System reopened the "
)
HANDED_OVER_LINE: Final = re.compile(
    r"Conversation was (reopened by Captain$|marked open by (?!system ))"
)
"""A bot's reopening: in both versions an agent bot is named Captain there (observed 2.8), and only
Captain's own assistants mark as open."""
PENDING_LINE: Final = re.compile(r"Conversation was marked as pending by ")
ASSIGNED_LINE: Final = re.compile(
    r"Assigned to (?P<who>.+?)( via .+)? by .+|(?P<self>.+) self-assigned this "
)
UNASSIGNED_LINE: Final = re.compile(r"Conversation unassigned by ")
BOT_KINDS: Final = ("agent_bot", "captain_assistant")


@dataclass(frozen=True, slots=True)
class Office:
    """What has to be known beside the conversation."""

    new: bool
    """Whether the server is a 4.x."""
    agents: Mapping[str, int] = field(default_factory=dict)
    """The agents' ids by name, for the assignment lines."""
    bots: Collection[int] = ()
    """The inboxes that a bot answers first."""
    hours: Mapping[int, WorkingHours] = field(default_factory=dict)
    """Working hours by inbox."""


def events_of(
    conversation: Conversation, messages: Iterable[Message], office: Office
) -> list[EventRow]:
    """The events of one conversation. `messages` is its whole thread, in any order."""
    reading = _Reading(conversation, sorted(messages, key=lambda one: one.id), office)
    return reading.events()


def by_person(message: Message) -> bool:
    """Whether a person answered: a public message of an agent, none of an automation."""
    return (
        message.message_type == OUTGOING
        and not message.private
        and message.sender is not None
        and message.sender.kind == "user"
        and not message.content_attributes.get("automation_rule_id")
    )


class _Reading:
    """One pass through a thread, with what is known of the conversation at each message."""

    def __init__(self, conversation: Conversation, thread: list[Message], office: Office) -> None:
        self.conversation = conversation
        self.thread = thread
        self.office = office
        self.found: list[EventRow] = []
        self.waiting: float | None = conversation.created_at
        self.begun = conversation.created_at
        """What a first response is counted from."""
        self.answered = False
        self.person_wrote = False
        self.pending = conversation.inbox_id in office.bots
        assigned = any(ASSIGNED_LINE.match(one.content) for one in self._lines())
        self.assignee = None if assigned else conversation.assignee_id

    def _lines(self) -> Iterable[Message]:
        return (one for one in self.thread if one.message_type == ACTIVITY)

    def events(self) -> list[EventRow]:
        for message in self.thread:
            if message.message_type == ACTIVITY:
                self._activity(message)
            elif message.message_type == INCOMING:
                self.waiting = message.created_at if self.waiting is None else self.waiting
            elif message.message_type == OUTGOING:
                self._outgoing(message)
        if self.conversation.status == "resolved" and not self._seen(RESOLVED):
            self._resolve(self.conversation.last_activity_at)
        return self.found

    def _outgoing(self, message: Message) -> None:
        if message.sender is not None and message.sender.kind == "user":
            self.person_wrote = True
        if by_person(message):
            self._answer(message)
        elif self.office.new and self._by_bot(message):
            self.waiting = None

    def _by_bot(self, message: Message) -> bool:
        return (
            message.sender is not None and message.sender.kind in BOT_KINDS and not message.private
        )

    def _answer(self, message: Message) -> None:
        at = message.created_at
        if not self.answered:
            writer = message.sender.id if message.sender is not None else None
            self._add(FIRST_RESPONSE, self.begun, at, writer if self.office.new else self.assignee)
            self.answered = True
        elif self.waiting is not None:
            self._add(REPLY_TIME, self.waiting, at, self.assignee)
        self.waiting = None

    def _activity(self, message: Message) -> None:
        at, line = message.created_at, message.content
        assigned = ASSIGNED_LINE.match(line)
        if assigned is not None:
            name = assigned.group("who") or assigned.group("self")
            self.assignee = self.office.agents.get(name, self.assignee)
        elif UNASSIGNED_LINE.match(line):
            self.assignee = None
        elif RESOLVED_LINE.match(line):
            self._resolve(at)
        elif PENDING_LINE.match(line):
            self.pending = True
        elif REOPENED_LINE.match(line):
            self._reopen(at, by_bot=HANDED_OVER_LINE.match(line) is not None)

    def _resolve(self, at: float) -> None:
        begun = self.conversation.created_at
        self._add(RESOLVED, begun, at, self.assignee)
        if self.conversation.inbox_id in self.office.bots and not self.person_wrote:
            self._add(BOT_RESOLVED, begun, at, self.assignee)
        self.pending = False
        if self.office.new:
            self.waiting = None

    def _reopen(self, at: float, by_bot: bool) -> None:
        if self.pending and by_bot and not self._seen(BOT_HANDOFF):
            self._add(BOT_HANDOFF, self.conversation.created_at, at, self.assignee)
            self.begun = at
        if self.office.new:
            resolved = [one.created_at for one in self.found if one.name == RESOLVED]
            self._add(OPENED, resolved[-1] if resolved else at, at, self.assignee)
            self.begun = at
        self.pending = False

    def _seen(self, name: str) -> bool:
        return any(one.name == name for one in self.found)

    def _add(self, name: str, since: float, at: float, user_id: int | None) -> None:
        inbox_id = self.conversation.inbox_id
        event = EventRow(
            name=name,
            conversation_id=self.conversation.id,
            inbox_id=inbox_id,
            user_id=user_id,
            value=int(at) - int(since),
            business_value=working_seconds(since, at, self.office.hours.get(inbox_id)),
            created_at=at,
            raw={},
        )
        self.found.append(event)
