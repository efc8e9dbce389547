"""What is thought about: one conversation as it is held now, taken on the loop in one go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.canned import fill
from revivatui.state.models import ACTIVITY, INCOMING
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from revivatui.screens.picture import Picture
    from revivatui.screens.session import Session
    from revivatui.state.models import Contact, Conversation, Message
    from revivatui.state.state import State

MOST_MESSAGES: Final = 40
"""The newest messages of a conversation that are looked at."""


class Key(NamedTuple):
    """Equal for two that ask the same."""

    conversation_id: int
    said: frozenset[tuple[int, int, bool]]
    """The messages: id, what they say in a figure, whether they are private."""
    who: tuple[object, ...]
    picture: Picture | None
    agent: str

    def is_in(self, other: Key, is_whole: bool) -> bool:
        """Whether `other` asks the same; or the same and more, where of this one the newest
        message is held alone."""
        if is_whole:
            return self == other
        return self._replace(said=other.said) == other and self.said <= other.said


@dataclass(frozen=True, slots=True)
class Asked:
    """Records only: whoever has it can think on a thread of its own."""

    key: Key
    conversation: Conversation
    contact: Contact | None
    messages: tuple[Message, ...]
    """Oldest first, without what the server wrote by itself."""
    picture: Picture | None
    """None: there is no CRM."""
    now: float
    tz: tzinfo | None
    agent: str
    is_whole: bool
    """The conversation's messages are held, and not its newest alone."""
    fill: Callable[[str], str]
    """Puts what the desk knows of customer and agent in place of a text's variables."""

    @property
    def conversation_id(self) -> int:
        return self.conversation.id

    @property
    def is_partial(self) -> bool:
        """More of the customer's repairs is about to be known."""
        return self.picture is not None and self.picture.is_partial


def asked_of(session: Session, conversation_id: int, kept: Sequence[Message] = ()) -> Asked | None:
    """What is to be thought about for a conversation; None where nothing of it is held. `kept`
    are the messages on this machine's disk: they count as long as no more is in memory."""
    state = session.state
    conversation = state.conversations.get(conversation_id)
    if conversation is None:
        return None
    contact = state.contacts.get(conversation.contact_id)
    is_whole = is_held(state, conversation_id)
    messages = _messages(state, conversation)
    if not is_whole and {one.id for one in messages} <= {one.id for one in kept}:
        messages = tuple(one for one in kept[-MOST_MESSAGES:] if _is_said(one))
    crm = session.crm
    picture = crm.picture(conversation_id) if crm.is_on else None
    who = (contact.name, contact.email, contact.blocked) if contact is not None else ()
    said = frozenset((one.id, hash(one.content), one.private) for one in messages)
    me = state.me
    agent = (me.available_name or me.name) if me is not None else ""
    return Asked(
        Key(conversation_id, said, who, picture, agent),
        conversation, contact, messages, picture, session.clock(), session.tz, agent, is_whole,
        partial(_filled, state, conversation_id),
    )  # fmt: skip


def is_held(state: State, conversation_id: int) -> bool:
    """Whether a conversation's messages are in memory, and not single ones of them alone."""
    thread = state.threads.get(conversation_id)
    return thread is not None and thread.complete_from is not None


def _filled(state: State, conversation_id: int, text: str) -> str:
    return fill(state, conversation_id, text).text if "{{" in text else text


def _messages(state: State, conversation: Conversation) -> tuple[Message, ...]:
    thread = state.threads.get(conversation.id)
    held = thread.messages[-MOST_MESSAGES:] if thread is not None else ()
    if not held and conversation.preview is not None:
        held = [conversation.preview]
    return tuple(one for one in held if _is_said(one))


def _is_said(message: Message) -> bool:
    return message.message_type != ACTIVITY and not message.deleted and not message.failed


def newest(state: State, conversation_id: int) -> tuple[int, str]:
    """The newest message of a conversation that anybody wrote to somebody, and who wrote it."""
    conversation = state.conversations.get(conversation_id)
    messages = () if conversation is None else _messages(state, conversation)
    said = next((one for one in reversed(messages) if not one.private), None)
    if said is None:
        return 0, ""
    return said.id, "the customer" if said.message_type == INCOMING else "somebody of the shop"
