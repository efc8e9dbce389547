"""Recordings replayed into the state in any order, and a model of the server that made them.

The model knows what the recorded order defines and answers reads with it, as REST would. It
shares no rule with the reducer: it hears every frame in the order in which the server sent them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, Final

from revivatui.api import convert
from revivatui.api.schemas.conversations import ConversationPage
from revivatui.api.schemas.messages import MessagePage
from revivatui.api.wire import message_to_events
from revivatui.state.events import (
    ContactSeen,
    ConversationPushed,
    ConversationsRead,
    Event,
    MessageArrived,
    MessagesLoaded,
    MessageUpdated,
    PresenceSeen,
    SignedIn,
)
from revivatui.state.models import (
    ACTIVITY,
    INCOMING,
    Account,
    Agent,
    Contact,
    Conversation,
    Message,
)
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.api.recordings import rows

ACCOUNT: Final = 1
ME: Final = Agent(2, "Ben Counter", role="agent")
FILES: Final = ("burst", "worker", "restart")
"""In the order in which they were recorded, on one server."""

_ONLY: Final = {
    "conversation.status_changed": ("status", "snoozed_until"),
    "assignee.changed": ("assignee_id", "assignee_kind"),
    "team.changed": ("team_id",),
    "conversation.read": ("contact_last_seen_at",),
    "conversation.mentioned": (),
}
"""What 3.9 tells with an event of its own; any other event shows the whole conversation."""


@dataclass
class Server:
    """What the server knew after the frames heard so far."""

    conversations: dict[int, Conversation] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)

    def copy(self) -> Server:
        messages = {one: dict(held) for one, held in self.messages.items()}
        return Server(dict(self.conversations), dict(self.contacts), messages)

    def hear(self, event: Event) -> None:
        if isinstance(event, ConversationPushed):
            self._hear_conversation(event)
        elif isinstance(event, ContactSeen):
            self.contacts[event.contact.id] = event.contact
        elif isinstance(event, (MessageArrived, MessageUpdated)):
            told = event.message
            held = self.messages.setdefault(told.conversation_id, {})
            before = held.get(told.id)
            if before is None or (told.updated_at or 0) >= (before.updated_at or 0):
                held[told.id] = replace(told, echo_id=None)

    def _hear_conversation(self, event: ConversationPushed) -> None:
        told = event.conversation
        if event.contact is not None:
            self.contacts[event.contact.id] = event.contact
        held = self.conversations.get(told.id)
        if held is None:
            self.conversations[told.id] = told
        elif told.updated_at is not None and held.updated_at is not None:
            if told.updated_at >= held.updated_at:
                self.conversations[told.id] = told
        else:
            names = _ONLY.get(event.event)
            fields = {name: getattr(told, name) for name in names} if names is not None else None
            self.conversations[told.id] = told if fields is None else replace(held, **fields)

    def read(self, conversation_id: int) -> ConversationsRead:
        """What `GET conversations/<id>` would answer now."""
        row = self.conversations[conversation_id]
        messages = sorted(self.messages.get(conversation_id, {}).values(), key=lambda m: m.id)
        talk = [one for one in messages if one.message_type != ACTIVITY]
        seen = row.agent_last_seen_at or 0.0
        unread = [one for one in talk if one.message_type == INCOMING and one.created_at > seen]
        told = replace(
            row,
            preview=talk[-1] if talk else row.preview,
            unread_count=min(10, len(unread)) if talk else row.unread_count,
            last_activity_at=max([row.last_activity_at, *(one.created_at for one in messages)]),
            muted=False,
        )
        contact = self.contacts.get(row.contact_id)
        return ConversationsRead((told,), (contact,) if contact else (), asked=0, at=0.0)

    def page(self, conversation_id: int) -> MessagesLoaded:
        """The whole thread, as REST lists it: without versions and echo ids."""
        held = self.messages.get(conversation_id, {})
        messages = tuple(replace(held[one], updated_at=None) for one in sorted(held))
        return MessagesLoaded(conversation_id, messages, "newest", True, asked=0, at=0.0)


@dataclass(frozen=True)
class Recording:
    """One file, parsed once."""

    version: str
    name: str
    frames: tuple[Event, ...]
    """The first listener's, in the recorded order."""
    doubles: tuple[Event, ...]
    """What a second listener got: the same news, other objects, another order."""
    before: Server
    after: Server
    checkpoints: tuple[tuple[int, Server], ...]
    """(frames sent by then, what the server knew)"""
    answers: tuple[Event, ...]
    """Reads that the server itself answered at the end of the recording."""


def _events(version: str, name: str, who: str) -> Iterator[Event]:
    for row in rows(version, name):
        frame = row.get("frame")
        if row.get("who") == who and isinstance(frame, dict):
            message = frame.get("message")
            if isinstance(message, dict):
                yield from message_to_events(message, ACCOUNT, row["t"])


def _answers(version: str, name: str) -> Iterator[Event]:
    for row in rows(version, name):
        if row.get("label") != "catch up" or row["method"] != "GET" or row["status"] != 200:
            continue
        if row["path"].endswith("/messages"):
            page = MessagePage.model_validate(row["answer"])
            messages = tuple(convert.message(one) for one in page.payload)
            yield MessagesLoaded(
                messages[0].conversation_id, messages, "newer", False, asked=0, at=0.0
            )
        else:
            found = ConversationPage.model_validate(row["answer"]).data.payload
            yield ConversationsRead(
                tuple(map(convert.conversation, found)), convert.contacts_of(found), 0, 0.0
            )


@cache
def recording(version: str, name: str) -> Recording:
    before = Server()
    for earlier in FILES[: FILES.index(name)]:
        before = recording(version, earlier).after
    frames = tuple(_events(version, name, "agent1"))
    server = before.copy()
    every = max(1, len(frames) // 200)
    checkpoints = []
    for place, event in enumerate(frames, start=1):
        server.hear(event)
        if place % every == 0 or place == len(frames):
            checkpoints.append((place, server.copy()))
    answers = tuple(_answers(version, name))
    for answer in answers:
        _take_answer(server, answer)
    checkpoints[-1] = (len(frames), server.copy())
    return Recording(
        version=version,
        name=name,
        frames=frames,
        doubles=tuple(_events(version, name, "agent2")) or frames,
        before=before,
        after=server,
        checkpoints=tuple(checkpoints),
        answers=answers,
    )


def _take_answer(server: Server, answer: Event) -> None:
    """The server's own word stands above what its frames let conclude."""
    if isinstance(answer, ConversationsRead):
        for row in answer.conversations:
            server.conversations[row.id] = row
        server.contacts.update({one.id: one for one in answer.contacts})
    elif isinstance(answer, MessagesLoaded):
        held = server.messages.setdefault(answer.conversation_id, {})
        for message in answer.messages:
            version = held[message.id].updated_at if message.id in held else None
            held[message.id] = replace(message, updated_at=version)


# --- a desk ----------------------------------------------------------------------------------


@cache
def _read_desk(version: str, name: str) -> State:
    recorded, state = recording(version, name), State()
    apply(state, SignedIn(Account(ACCOUNT, "Shop"), ME, version))
    for conversation_id in recorded.before.conversations:
        ask(state, recorded.before.read(conversation_id))
        ask(state, recorded.before.page(conversation_id))
    return state


def desk(recorded: Recording) -> State:
    """A desk as it stood before the recording: signed in, everything read once."""
    state = copy(_read_desk(recorded.version, recorded.name))
    for one in fields(State):
        value = getattr(state, one.name)
        if isinstance(value, dict):
            setattr(state, one.name, value.copy())
    state.indexes.clear()
    for conversation_id, memory in state.memories.items():
        state.memories[conversation_id] = copy(memory)
    for conversation_id, thread in state.threads.items():
        state.threads[conversation_id] = replace(
            thread,
            messages=thread.messages.copy(),
            ids=thread.ids.copy(),
            touched=thread.touched.copy(),
        )
    return state


def ask(state: State, answer: Any, asked: int | None = None) -> None:
    """Give the state an answer to a question that left at `asked` (now, where it is None)."""
    apply(state, replace(answer, asked=state.sequence if asked is None else asked))


def reread(state: State, server: Server) -> int:
    """The reads that the rules call for, until no doubt is left; gives how many it took."""
    count = 0
    while state.doubts or state.unknown:
        for conversation_id in {**state.doubts, **state.unknown}:
            ask(state, server.read(conversation_id))
            count += 1
        assert count < 100, "the doubts do not end"
    return count


def end_of(state: State) -> dict[str, Any]:
    """What must be the same in the end, whatever the order."""
    return {
        "conversations": state.conversations,
        "contacts": state.contacts,
        "threads": {one: thread.messages for one, thread in state.threads.items()},
        "notifications": state.notifications,
        "presence": state.presence,
        "doubts": state.doubts,
        "unknown": state.unknown,
    }


def expected(recorded: Recording) -> State:
    """A desk that heard nothing and read everything at the end."""
    state = State()
    apply(state, SignedIn(Account(ACCOUNT, "Shop"), ME, recorded.version))
    for conversation_id in recorded.after.conversations:
        ask(state, recorded.after.read(conversation_id))
        ask(state, recorded.after.page(conversation_id))
    return state


def as_read(state: State) -> dict[str, Any]:
    """The end as REST can tell it: the versions and echo ids are the cable's alone."""
    return {
        "conversations": {
            one: replace(
                row,
                updated_at=None,
                preview=row.preview and replace(row.preview, updated_at=None),
            )
            for one, row in state.conversations.items()
        },
        "contacts": {one: state.contacts[one] for one in state.contacts},
        "threads": {
            one: [replace(message, updated_at=None, echo_id=None) for message in thread.messages]
            for one, thread in state.threads.items()
        },
    }


def play(recorded: Recording, seed: int) -> State:
    """Everything once, in an order that the seed chooses, with duplicates and reads between."""
    dice = random.Random(seed)
    state = desk(recorded)
    frames = recorded.frames
    last_tick: Event | None = None
    arrivals: list[tuple[float, int, Event]] = []
    spread = dice.choice((3.0, 30.0, 10.0 * len(frames)))
    for place, event in enumerate(frames):
        if isinstance(event, PresenceSeen):
            last_tick = event
        arrivals.append((place + dice.random() * spread, place, event))
    for event in dice.sample(recorded.doubles, len(recorded.doubles) // 8):
        arrivals.append((dice.random() * (len(frames) + spread), 0, event))
    arrivals.sort(key=lambda one: one[0])
    reads = sorted(dice.choices(range(len(arrivals)), k=4) + _near_news(arrivals, dice))
    under_way: list[tuple[int, int, Sequence[Any]]] = []
    sent = 0
    for place, (_, frame, event) in enumerate(arrivals):
        while reads and reads[0] == place:
            reads.pop(0)
            answers = _answers_at(recorded, dice, sent)
            arrives = place + dice.choice((0, 3, 20))
            under_way.append((arrives, state.sequence, answers))
        for arrives, asked, answers in under_way:
            if arrives == place:
                for answer in answers:
                    ask(state, answer, asked)
        apply(state, event)
        sent = max(sent, frame + 1)
    for arrives, asked, answers in under_way:
        if arrives >= len(arrivals):
            for answer in answers:
                ask(state, answer, asked)
    for answer in recorded.answers:
        ask(state, answer)
    if last_tick is not None:
        apply(state, last_tick)
    reread(state, recorded.after)
    return state


def _near_news(arrivals: Sequence[tuple[float, int, Event]], dice: random.Random) -> list[int]:
    """Moments at which a conversation's news is about to come: reads overtaken by it."""
    news = [at for at, (_, _, one) in enumerate(arrivals) if isinstance(one, ConversationPushed)]
    return [max(0, at - dice.randrange(4)) for at in dice.choices(news, k=4)] if news else []


def _answers_at(recorded: Recording, dice: random.Random, sent: int) -> Sequence[Any]:
    """What the server answers to a question asked now: it is at least as far as its frames."""
    later = [server for place, server in recorded.checkpoints if place >= sent]
    server = later[0] if dice.random() < 0.5 else dice.choice(later)
    known = sorted(server.conversations)
    if not known:
        return ()
    one = dice.choice(known)
    answers: list[Any] = [server.read(one)]
    if dice.random() < 0.5:
        answers.append(server.page(one))
    if server is recorded.checkpoints[-1][1]:
        answers += recorded.answers
    return answers
