"""What a thread shows, in order: messages, own sends on their way, and dividers. Plain Python."""

from __future__ import annotations

import operator
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from revivatui.state.models import ACTIVITY, OUTGOING, TEMPLATE, Message, SendEntry
from revivatui.state.records import dataclass
from revivatui.text.inline import plain
from revivatui.text.when import day_of, day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from revivatui.state.select import ThreadView

GROUP_SECONDS: Final = 300
"""Messages of one sender this close together share one heading."""
_QUOTED: Final = 160


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a thread. `key` stays the same while the thread changes around it."""

    key: str
    kind: str
    """message, send, day, new, gap or edge"""
    message: Message | None = None
    send: SendEntry | None = None
    words: str = ""
    grouped: bool = False
    """Follows its like closely: no heading of its own."""
    timed: bool = True
    """False: of the same minute as the message it is grouped with."""
    after: Message | None = None
    """The message it is grouped with."""
    quoted: str = ""
    """Who wrote what this answers, and its first words."""

    @property
    def chosen(self) -> bool:
        """Whether the cursor may stand on it."""
        return self.message is not None or self.send is not None

    def same(self, other: Item) -> bool:
        """Draws the same: messages and sends are compared by identity, as they never change."""
        return (
            self.message is other.message
            and self.send is other.send
            and self.grouped == other.grouped
            and self.timed == other.timed
            and self.after is other.after
            and self.words == other.words
            and self.quoted == other.quoted
        )


def is_ours(message: Message) -> bool:
    return message.message_type in (OUTGOING, TEMPLATE)


def sender_name(message: Message, me: int | None = None) -> str:
    """Who wrote it, in words; `me` is "You", templates are the server's own."""
    if message.sender is not None:
        if message.sender.kind == "user" and message.sender.id == me:
            return "You"
        return message.sender.name or "nameless"
    return "automatic" if message.message_type == TEMPLATE else "deleted user"


class ItemBuilder:
    """Makes the items of a thread; what did not change since the last time is kept as it is."""

    def __init__(self) -> None:
        self._messages: Sequence[Message] = ()
        self._items: list[Item] = []
        self._ends: list[int] = []
        """How many items there are up to and with each message."""
        self._frame: object = None

    def build(
        self,
        content: ThreadView,
        now: float,
        tz: tzinfo | None = None,
        *,
        edge: str = "",
        start: int = 0,
        me: int | None = None,
    ) -> tuple[list[Item], int]:
        """The items, oldest first, and how many of them are the same objects as last time.

        Args:
            content: The thread.
            now: The present moment, epoch seconds.
            tz: The reader's zone.
            edge: Stands above the oldest message where the thread does not begin there.
            start: How many of the oldest messages are left out.
            me: The signed-in agent, who is called "You".
        """
        messages = content.messages[start:] if start else content.messages
        today = day_of(now, tz)
        edge = "" if start else "start of the conversation" if content.start_reached else edge
        frame = (
            content.conversation_id, edge, content.new_from, content.gap_after, today, tz, me
        )  # fmt: skip
        same = _same_start(self._messages, messages) if frame == self._frame else 0
        kept = self._ends[same - 1] if same else 0
        items = self._items[:kept]
        ends = self._ends[:same]
        if not kept and edge:
            items.append(Item("edge", "edge", words=edge))
        before = messages[same - 1] if same else None
        day = day_of(before.created_at, tz) if before is not None else None
        if before is not None and before.id == content.gap_after:
            before = None
        for message in messages[same:]:
            if (at := day_of(message.created_at, tz)) != day:
                day, before = at, None
                items.append(Item(f"d{at}", "day", words=day_words(at, today)))
            if message.id == content.new_from:
                before = None
                words = "new"
                if items and items[-1].kind == "day":
                    words = f"{items.pop().words}, new"
                items.append(Item("new", "new", words=words))
            target = message.content_attributes.get("in_reply_to")
            quoted = "" if target is None else quote_words(target, content.messages, me)
            grouped = not quoted and before is not None and _follows(before, message)
            timed = not grouped or before is None or _minute(before) != _minute(message)
            key = f"m{message.id}"
            after = before if grouped else None
            items.append(Item(key, "message", message, None, "", grouped, timed, after, quoted))
            before = message
            if message.id == content.gap_after:
                items.append(Item("gap", "gap", words="messages may be missing here"))
                before = None
            ends.append(len(items))
        self._messages, self._items, self._ends, self._frame = messages, items, ends, frame
        shown = items.copy()
        for send in content.sends:
            if (at := day_of(send.created_at, tz)) != day and at == today:
                day = at
                shown.append(Item(f"d{at}", "day", words="Today"))
            target = send.in_reply_to
            quoted = "" if target is None else quote_words(target, content.messages, me)
            shown.append(Item(f"s{send.reference}", "send", None, send, quoted=quoted))
        return shown, kept


def items_of(content: ThreadView, now: float, tz: tzinfo | None = None) -> list[Item]:
    """The items of a thread, oldest first."""
    return ItemBuilder().build(content, now, tz)[0]


def _same_start(before: Sequence[Message], after: Sequence[Message]) -> int:
    """How many messages at the start are the very same objects."""
    most = min(len(before), len(after))
    if all(map(operator.is_, before[:most], after[:most])):
        return most
    return next(i for i in range(most) if before[i] is not after[i])


def quote_words(target: object, messages: Sequence[Message], me: int | None = None) -> str:
    """The line that shows what a message answers: who, and its first words."""
    quoted = None
    if isinstance(target, int):
        place = bisect_left(messages, target, key=operator.attrgetter("id"))
        if place < len(messages) and messages[place].id == target:
            quoted = messages[place]
    if quoted is None:
        return "an older message"
    if quoted.deleted:
        return f"{sender_name(quoted, me)}: a deleted message"
    words = plain(quoted.content)[:_QUOTED]
    if not words and quoted.attachments:
        words = quoted.attachments[0].name or quoted.attachments[0].file_type
    return f"{sender_name(quoted, me)}: {words}"


def own_words(text: str, name: str) -> str:
    """What the server tells of people by name, told to the one who bears it: "by you".

    Only where it says who did it or who got it: the name may be a part of other words too.
    """
    if not name:
        return text
    if text.startswith(f"{name} "):
        text = f"You{text[len(name) :]}"
    if text.endswith(f" by {name}"):
        text = f"{text[: -len(name)]}you"
    for what in ("Assigned to", "Unassigned from"):
        rest = text.removeprefix(f"{what} {name}")
        if rest != text and (not rest or rest.startswith((" by ", " via "))):
            return f"{what} you{rest}"
    return text


def _minute(message: Message) -> int:
    return int(message.created_at // 60)


def _follows(before: Message, message: Message) -> bool:
    if message.message_type == ACTIVITY:
        return before.message_type == ACTIVITY
    return (
        before.message_type == message.message_type
        and before.private == message.private
        and before.sender == message.sender
        and 0 <= message.created_at - before.created_at < GROUP_SECONDS
        and message.content_type == "text" == before.content_type
    )
