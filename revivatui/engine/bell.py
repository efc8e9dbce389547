"""The bell: everything that the desk hears of, by feed or by page, rings at most once.

What came is judged when the conversation is known (`state.bell`); what rings together is told
together, at most once a second. Which ids were judged is on the disk before anything is heard.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from revivatui.engine.context import LOG, Desk
from revivatui.state import bell
from revivatui.state import events as happened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from revivatui.engine.keeper import Keeper
    from revivatui.state.bell import Ring, Rules, Verdict
    from revivatui.state.models import Conversation, Message, Notification

FACT: Final = "heard"
"""The name under which the judged ids are kept."""
MOST_WAITING: Final = 200
"""Messages of conversations that nobody described yet."""
CONVERSATIONS: Final = 2_000
"""Conversations whose newest judged message is remembered."""
LONGEST_CATCH_UP: Final = 3.0
"""Seconds that what rings waits for the catch-up to bring the rest of it."""


class Bell:
    """Listens to every event of the desk; `ring` is called with what rings."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper
        self.ring: Callable[[Sequence[Ring]], None] = lambda rings: None
        self._rules = bell.Rules()
        self._tz: tzinfo | None = None
        self._messages, self._notifications = bell.Heard(), bell.Heard()
        self._started = desk.now()
        self._following = False
        """The first catch-up is over: what pages bring from now on is news."""
        self._told_before = 0
        """The newest message and notification that pages brought before that."""
        self._notified_before: int | None = None
        self._newest: OrderedDict[int, int] = OrderedDict()
        """Conversation -> the newest message of it that was judged."""
        self._waiting: dict[int, list[Message]] = {}
        """Heard of, but nobody described their conversations yet."""
        self._rings: list[Ring] = []
        self._rung = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._kept = ""
        self._hear: dict[type, Callable[[Any], None]] = {
            happened.LinkChanged: self._link,
            happened.MessageArrived: lambda event: self._arrived(event.message),
            happened.MessagesLoaded: lambda event: self._read(event.messages),
            happened.ConversationsLoaded: lambda event: self._rows(event.conversations),
            happened.ConversationsRead: lambda event: self._rows(event.conversations),
            happened.ConversationPushed: lambda event: self._described([event.conversation.id]),
            happened.ConversationGone: self._gone,
            happened.NotificationSeen: lambda event: self._notified(event.notification),
            happened.NotificationsLoaded: self._notifications_read,
        }
        desk.listeners.append(self.hear)

    def follow(self, rules: Rules, tz: tzinfo | None) -> None:
        """Ring by these rules from now on; quiet hours are hours of `tz` (None: the machine's)."""
        self._rules, self._tz = rules, tz

    def load(self) -> None:
        """Remember what was judged before the desk was closed."""
        self._kept = self._keeper.fact(FACT)
        self._messages, self._notifications = bell.heard_of(self._kept)

    def hear(self, event: happened.Event) -> None:
        """Called with every event, when it is part of the state."""
        hear = self._hear.get(type(event))
        if hear is not None:
            hear(event)

    # --- what is heard ------------------------------------------------------------------------

    def _link(self, event: happened.LinkChanged) -> None:
        if event.state in ("live", "late"):
            self._following = True
        if event.state == "catching_up":
            self._settled.clear()
        else:
            self._settled.set()

    def _arrived(self, message: Message) -> None:
        if message.id not in self._messages:
            self._consider(message)

    def _read(self, messages: Iterable[Message]) -> None:
        for message in sorted(messages, key=lambda one: one.id):
            self._page_told(message)

    def _rows(self, rows: Iterable[Conversation]) -> None:
        self._described([row.id for row in rows])
        for row in rows:
            if row.preview is not None:
                self._page_told(row.preview)

    def _page_told(self, message: Message) -> None:
        """A page brings old messages too, and those between others that were told already."""
        if message.id in self._messages:
            return
        if not self._following:
            self._told_before = max(self._told_before, message.id)
        if message.id <= self._told_before or message.created_at < int(self._started):
            return
        overtaken = message.id < self._newest.get(message.conversation_id, 0)
        if overtaken and self._settled.is_set():
            self._messages.note(message.id, final=True)
        else:
            self._consider(message)

    def _consider(self, message: Message) -> None:
        """Judge it, once its conversation is known."""
        if message.conversation_id in self._desk.state.conversations:
            self._judge(message)
            return
        waiting = self._waiting.setdefault(message.conversation_id, [])
        if all(one.id != message.id for one in waiting):
            waiting.append(message)
        while sum(map(len, self._waiting.values())) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def _described(self, conversation_ids: Iterable[int]) -> None:
        if not self._waiting:
            return
        for one in conversation_ids:
            if one in self._waiting and one in self._desk.state.conversations:
                for message in self._waiting.pop(one):
                    self._judge(message)

    def _gone(self, event: happened.ConversationGone) -> None:
        self._waiting.pop(event.conversation_id, None)

    def _notifications_read(self, event: happened.NotificationsLoaded) -> None:
        """Those of the first page were there before the desk was."""
        if self._notified_before is None:
            self._notified_before = max((one.id for one in event.notifications), default=0)
        for notification in sorted(event.notifications, key=lambda one: one.id):
            if notification.id > self._notified_before:
                self._notified(notification)

    # --- judging ------------------------------------------------------------------------------

    def _judge(self, message: Message) -> None:
        if message.id in self._messages:
            return
        verdict = bell.of_message(self._desk.state, self._rules, message, self._local())
        self._note(message, verdict)
        if verdict.rings:
            self._add(bell.ring_of_message(self._desk.state, message))

    def _note(self, message: Message, verdict: Verdict) -> None:
        LOG.debug("message %d: %s", message.id, verdict)
        self._messages.note(message.id, final=verdict.why != bell.NOT_YOURS)
        newest = self._newest
        newest[message.conversation_id] = max(newest.get(message.conversation_id, 0), message.id)
        newest.move_to_end(message.conversation_id)
        if len(newest) > CONVERSATIONS:
            newest.popitem(last=False)

    def _notified(self, notification: Notification) -> None:
        """A notification about a message rings as that message, if it was not judged for good."""
        if notification.id in self._notifications:
            return
        self._notifications.note(notification.id, final=True)
        about = notification.message
        if about is not None and self._messages.is_final(about.id):
            return
        state = self._desk.state
        verdict = bell.of_notification(state, self._rules, notification, self._local())
        LOG.debug("notification %d: %s", notification.id, verdict)
        if about is not None and verdict.why != "taken back":
            self._note(about, verdict)
        if verdict.rings and about is not None:
            mention = notification.kind == bell.MENTION
            self._add(bell.ring_of_message(state, about, mention=mention))
        elif verdict.rings:
            self._add(bell.ring_of_notification(state, notification))

    def _local(self) -> datetime:
        return datetime.fromtimestamp(self._desk.now(), self._tz)

    # --- ringing ------------------------------------------------------------------------------

    def _add(self, ring: Ring) -> None:
        self._rings.append(ring)
        self._rung.set()

    async def run(self) -> None:
        """Tell what rings, joined, at most once a second (loop)."""
        timing = self._desk.timing
        while True:
            await self._rung.wait()
            await asyncio.sleep(timing.bell_gathers)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_CATCH_UP):
                    await self._settled.wait()
            self._rung.clear()
            await self.keep()
            rings, self._rings = self._rings, []
            self.ring(rings)
            await asyncio.sleep(timing.bell_apart)

    async def keep(self) -> None:
        """Put on the disk what was judged, if that is more than is there."""
        text = bell.heard_text(self._messages, self._notifications)
        if text != self._kept:
            self._kept = text
            await self._keeper.keep_fact(FACT, text)
