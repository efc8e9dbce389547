"""Whether a message or a notification of the server rings, and why; and what is said then.

Pure: the state, the rules, a local time in; a verdict out. That each id rings once is the task of
`Heard`, which outlives cuts, repeats and restarts.
"""

from __future__ import annotations

import json
from bisect import insort
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from revivatui.state.models import INCOMING, OUTGOING
from revivatui.state.quiet import Span, is_quiet
from revivatui.state.records import dataclass
from revivatui.text.inline import plain
from revivatui.text.width import truncate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from revivatui.state.models import Conversation, Message, Notification
    from revivatui.state.state import State

RULES: Final = ("none", "mine", "unassigned", "all")
"""Each rings for what the one before it does, and more."""

REMEMBERED: Final = 2_000
"""Ids decided lately; older ones count as decided."""

SHOWN: Final = 60
"""Cells of a message that are shown with the bell."""

CREATION: Final = "conversation_creation"
ASSIGNMENT: Final = "conversation_assignment"
MENTION: Final = "conversation_mention"

NOT_YOURS: Final = "not yours"
"""The one silence that a later word of the server can end."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the agent wants to hear of."""

    rule: str = "mine"
    vip: frozenset[str] = frozenset()
    """Labels, and names and addresses of contacts, in lower case: they ring whatever the rule
    says, and in quiet hours too."""
    quiet: tuple[Span, ...] = ()


class Verdict(NamedTuple):
    rings: bool
    why: str
    """In a word or two, for the log and for tests."""


# --- deciding --------------------------------------------------------------------------------


def of_message(
    state: State, rules: Rules, message: Message, local: datetime, *, mine: bool = False
) -> Verdict:
    """Whether a message rings; `mine` says that the server counts its conversation as ours."""
    conversation = state.shown(message.conversation_id)
    why_not = _nobodys_news(state, message) or _unheard(state, message.conversation_id)
    if why_not:
        return Verdict(False, why_not)
    if is_vip(state, rules, conversation):
        return Verdict(True, "vip")
    whose = _whose(state, conversation, mine=mine)
    if not _wanted(rules, whose, said_by_customer=message.message_type == INCOMING):
        return Verdict(False, NOT_YOURS)
    return _unless_quiet(rules, whose, local)


def of_notification(
    state: State, rules: Rules, notification: Notification, local: datetime
) -> Verdict:
    """Whether a notification of the server rings: it is always about us."""
    if notification.id in state.notification_tombstones:
        return Verdict(False, "taken back")
    if notification.read_at is not None:
        return Verdict(False, "read")
    if notification.kind == CREATION:
        return Verdict(False, "its first message rings")
    if notification.message is not None:
        return of_message(state, rules, notification.message, local, mine=True)
    conversation_id = notification.conversation_id or 0
    if why_not := _unheard(state, conversation_id):
        return Verdict(False, why_not)
    if is_vip(state, rules, state.shown(conversation_id)):
        return Verdict(True, "vip")
    if rules.rule == "none":
        return Verdict(False, NOT_YOURS)
    return _unless_quiet(rules, "yours", local)


def _nobodys_news(state: State, message: Message) -> str:
    """Why a message is news to nobody at this desk; "" where it may be."""
    if message.deleted:
        return "deleted"
    if message.message_type == INCOMING:
        return ""
    if message.message_type != OUTGOING:
        return "written by the server"
    sender = message.sender
    if sender is None or sender.kind != "user":
        return "written by a bot"
    return "your own" if state.me is None or sender.id == state.me.id else ""


def _unheard(state: State, conversation_id: int) -> str:
    """Why a conversation makes no sound now; "" where it may."""
    if state.open_id == conversation_id and state.looking:
        return "on screen"
    conversation = state.shown(conversation_id)
    if conversation is None:
        return ""
    contact = state.contacts.get(conversation.contact_id)
    blocked = contact is not None and contact.blocked
    return "muted" if conversation.muted or blocked else ""


def is_vip(state: State, rules: Rules, conversation: Conversation | None) -> bool:
    """Whether a label of the conversation, or its customer, is on the list."""
    if conversation is None or not rules.vip:
        return False
    names = set(conversation.labels)
    contact = state.contacts.get(conversation.contact_id)
    if contact is not None:
        names |= {contact.name, contact.email}
    return any(name.casefold() in rules.vip for name in names if name)


def _whose(state: State, conversation: Conversation | None, *, mine: bool) -> str:
    assignee = conversation.assignee_id if conversation is not None else None
    if mine or (assignee is not None and state.me is not None and assignee == state.me.id):
        return "yours"
    if conversation is None or assignee is not None or conversation.status == "pending":
        return "somebody's"  # a bot has the pending ones
    return "nobody's"


def _wanted(rules: Rules, whose: str, *, said_by_customer: bool) -> bool:
    """What colleagues say among themselves rings only where the conversation is ours."""
    if whose == "yours":
        return rules.rule != "none"
    if not said_by_customer:
        return False
    return rules.rule == "all" or (rules.rule == "unassigned" and whose == "nobody's")


def _unless_quiet(rules: Rules, why: str, local: datetime) -> Verdict:
    if is_quiet(rules.quiet, local):
        return Verdict(False, "quiet hours")
    return Verdict(True, why)


# --- once ------------------------------------------------------------------------------------


class Heard:
    """Which ids were decided, and which of them for good. Bounded: the lowest are forgotten, and
    whatever lies below a forgotten one counts as decided for good."""

    def __init__(self, floor: int = 0, final: dict[int, bool] | None = None) -> None:
        """Start with what was decided before: id -> whether for good."""
        self.floor = floor
        self._final = dict(final or {})
        self._order = sorted(self._final)

    def __contains__(self, one: int) -> bool:
        return one <= self.floor or one in self._final

    def is_final(self, one: int) -> bool:
        return one <= self.floor or self._final.get(one, False)

    def note(self, one: int, *, final: bool) -> None:
        """Remember that an id was decided. What is final stays so."""
        if one <= self.floor:
            return
        if one not in self._final:
            insort(self._order, one)
        self._final[one] = final or self._final.get(one, False)
        while len(self._order) > REMEMBERED:
            self.floor = self._order.pop(0)
            del self._final[self.floor]

    def kept(self) -> list[object]:
        """As `Heard.of` reads it."""
        open_ones = [one for one in self._order if not self._final[one]]
        return [self.floor, [one for one in self._order if self._final[one]], open_ones]

    @classmethod
    def of(cls, kept: Any) -> Heard:
        """What `kept` wrote; nothing where it is something else."""
        try:
            floor, final, open_ones = kept
            known = {int(one): True for one in final} | {int(one): False for one in open_ones}
            return cls(int(floor), known)
        except (TypeError, ValueError):
            return cls()


def heard_text(messages: Heard, notifications: Heard) -> str:
    """Both memories as one text for the disk."""
    return json.dumps([messages.kept(), notifications.kept()], separators=(",", ":"))


def heard_of(text: str | None) -> tuple[Heard, Heard]:
    """What `heard_text` wrote: of messages, of notifications."""
    try:
        messages, notifications = json.loads(text or "")
    except (TypeError, ValueError):
        return Heard(), Heard()
    return Heard.of(messages), Heard.of(notifications)


# --- what is said ----------------------------------------------------------------------------


class Ring(NamedTuple):
    """One thing that rings."""

    key: str
    """What rings once: "message 55", "notification 7"."""
    conversation_id: int
    text: str
    """Who, and the first words: "Ana Sousa: My iPhone fell into the water"."""


def ring_of_message(state: State, message: Message, *, mention: bool = False) -> Ring:
    conversation = state.shown(message.conversation_id)
    who = message.sender.name if message.sender is not None else ""
    if not who and conversation is not None:
        contact = state.contacts.get(conversation.contact_id)
        who = contact.name if contact is not None else ""
    words = " ".join(plain(message.content).split())
    if not words:
        words = "sent a file" if message.attachments else "wrote something"
    if mention:
        who = f"{who or 'Somebody'} mentions you"
    elif message.private:
        who = f"{who or 'Somebody'}, a note"
    text = f"{who or 'A customer'}: {truncate(words, SHOWN)}"
    return Ring(f"message {message.id}", message.conversation_id, text)


def ring_of_notification(state: State, notification: Notification) -> Ring:
    """One without a message: an assignment, or a promised time that passed."""
    conversation = state.shown(notification.conversation_id or 0)
    contact = state.contacts.get(conversation.contact_id) if conversation is not None else None
    about = f"#{notification.conversation_id or '?'} {contact.name if contact else ''}".rstrip()
    what = kind_words(notification.kind)
    key = f"notification {notification.id}"
    return Ring(key, notification.conversation_id or 0, f"{what}: {truncate(about, SHOWN)}")


def kind_words(kind: str) -> str:
    """What a notification of the server is about (contract 5.7)."""
    known = {
        CREATION: "New conversation",
        ASSIGNMENT: "Assigned to you",
        MENTION: "You were mentioned",
        "assigned_conversation_new_message": "New message",
        "participating_conversation_new_message": "New message",
        "sla_missed_first_response": "First answer is late",
        "sla_missed_next_response": "Next answer is late",
        "sla_missed_resolution": "Resolving is late",
    }
    return known.get(kind, kind.replace("_", " ") or "Notification")


def joined(rings: Sequence[Ring]) -> str:
    """One line for all that rang together: "4 new messages in 3 conversations"."""
    if len(rings) == 1:
        return rings[0].text
    messages = [one for one in rings if one.key.startswith("message")]
    parts = []
    if messages:
        what = "1 new message" if len(messages) == 1 else f"{len(messages)} new messages"
        where = len({one.conversation_id for one in messages})
        parts.append(f"{what} in {where} conversation{'s' if where > 1 else ''}")
    if others := len(rings) - len(messages):
        parts.append(f"{others} other notification{'s' if others > 1 else ''}")
    return ", ".join(parts)
