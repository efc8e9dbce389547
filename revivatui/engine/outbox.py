"""Messages on their way: a journal entry first, then a request, then proof (design rule 3).

One message is in flight per conversation and the order is kept. An answer that did not come says
nothing, so the message is looked for on the server before anything else happens to it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError, AuthExpired, Forbidden, Invalid, NotFound, RateLimited
from revivatui.cache.store import CacheError
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.engine.health import Health
from revivatui.engine.lookup import channel_of, keeps_reference, look_up
from revivatui.state import gate, journal
from revivatui.state.events import SendChanged, SendForgotten
from revivatui.state.models import Message, SendEntry

if TYPE_CHECKING:
    from revivatui.engine.keeper import Keeper
    from revivatui.engine.lag import Lag
    from revivatui.engine.reading import Reading
    from revivatui.engine.reread import Reread

UNSURE = (
    "No answer came, and this channel keeps no mark of ours: look whether it is there, then"
    " retry it or take it back."
)
NOT_THERE = "No answer came, and the server does not have it. Retry sends it again."
WAITED_LONG = "It waited so long that it may not fit any more. Retry sends it."
BEHIND = "The message before it waits for your yes. Retry sends it."
NOT_CHECKED = "Whether it left is not known. Retry looks for it before it is sent again."
CHECKING = "No answer came; looking whether the server has it."


class Outbox:
    """Owns what becomes of every journal entry."""

    def __init__(
        self,
        desk: Desk,
        health: Health,
        keeper: Keeper,
        lag: Lag,
        reread: Reread,
        reading: Reading,
    ) -> None:
        self._desk = desk
        self._reading = reading
        self._reread = reread
        self._health = health
        self._keeper = keeper
        self._lag = lag
        self._busy: set[int] = set()
        """Conversations whose queue is being worked on."""
        self._newer_than: dict[str, int | None] = {}
        """Reference -> newest message id known before it left: what is newer may be it."""
        self.answered: Callable[[int], None] = lambda conversation_id: None
        """Called with the conversation of every reply that is proved sent."""
        self._noted: set[str] = set()
        """References that stand in the journal on the disk."""
        self._asking: set[str] = set()
        """References whose fate only the agent can tell: they wait, and those behind them too."""

    # --- what the agent does ------------------------------------------------------------------

    def send(
        self,
        conversation_id: int,
        text: str,
        private: bool,
        in_reply_to: int | None,
        seen_id: int | None = None,
    ) -> str:
        """Take a message; it is on screen when this returns. Gives its reference.

        What others wrote after `seen_id` holds it; None: nothing does.
        """
        conversation = self._desk.state.conversations.get(conversation_id)
        entry = SendEntry(
            reference=f"rtui-{uuid.uuid4().hex}",
            conversation_id=conversation_id,
            inbox_id=conversation.inbox_id if conversation else 0,
            content=text,
            private=private,
            created_at=self._desk.now(),
            wanted_at=self._desk.now(),
            in_reply_to=in_reply_to,
            seen_id=seen_id,
        )
        self._desk.dispatch(SendChanged(entry))
        self._noted.add(entry.reference)
        self._keeper.journal_soon(entry)
        self._work_on(conversation_id)
        return entry.reference

    def send_anyway(self, reference: str, seen_id: int | None = None) -> None:
        """The agent has seen what is new, and means it; `seen_id`: as far as it was seen, None
        for all that is known."""
        entry = self._entry(reference)
        if entry is None or entry.state != journal.HELD:
            return
        thread = self._desk.state.threads.get(entry.conversation_id)
        known = thread.newest_id if thread is not None else 0
        seen = max(entry.seen_id or 0, known if seen_id is None else seen_id)
        for other in self._queue(entry.conversation_id):
            if other.reference == reference:
                self._put(journal.released(other, seen, self._desk.now()))
            elif other.state == journal.QUEUED and other.seen_id is not None:
                self._put(replace(other, seen_id=max(other.seen_id, seen)))
        self._work_on(entry.conversation_id)

    def _put(self, entry: SendEntry) -> None:
        self._desk.dispatch(SendChanged(entry))
        self._keeper.journal_soon(entry)

    def retry(self, reference: str) -> None:
        """Send it again; where it may be there already, it is looked for first."""
        entry = self._entry(reference)
        if entry is None or entry.state not in (journal.FAILED, journal.UNCONFIRMED):
            return
        self._asking.discard(reference)
        self._desk.dispatch(SendChanged(journal.retried(entry, self._desk.now())))
        self._work_on(entry.conversation_id)

    def take_back(self, reference: str) -> str:
        """Forget a message that is not on its way, and give its text; "" where it cannot be."""
        entry = self._entry(reference)
        if entry is None or entry.state in (journal.SENDING, journal.SENT):
            return ""
        self._asking.discard(reference)
        self._desk.dispatch(SendForgotten(reference))
        self.tidy()
        self._work_on(entry.conversation_id)
        return entry.content

    def restore(self) -> None:
        """Look after the entries of an earlier run: look up what may have left, send the rest
        unless it waited too long."""
        for entry in list(self._desk.state.sends.values()):
            if entry.reference in self._noted:
                continue
            self._noted.add(entry.reference)
            if entry.state in (journal.QUEUED, journal.UNCONFIRMED):
                self._work_on(entry.conversation_id)

    def tidy(self, _topics: object = None) -> None:
        """Off the disk with what was proved, by whatever road, or taken back."""
        for reference in list(self._noted):
            entry = self._entry(reference)
            if entry is None or entry.state == journal.SENT:
                self._noted.discard(reference)
                self._keeper.forget_soon(reference)
                if entry is not None and not entry.private:
                    self.answered(entry.conversation_id)

    # --- one conversation's queue -------------------------------------------------------------

    def _work_on(self, conversation_id: int) -> None:
        if conversation_id not in self._busy:
            self._busy.add(conversation_id)
            self._desk.spawn(self._work_off(conversation_id), "sending")

    async def _work_off(self, conversation_id: int) -> None:
        try:
            while (entry := self._next(conversation_id)) is not None:
                if entry.state == journal.UNCONFIRMED:
                    await self._settle(entry, self._desk.timing.lookups)
                else:
                    await self._deliver(entry)
        except Exception:
            self._strand(conversation_id)
            raise
        finally:
            self._busy.discard(conversation_id)

    def _strand(self, conversation_id: int) -> None:
        """Something broke in the middle: whether it was sent is for the agent to see."""
        for entry in list(self._desk.state.sends.values()):
            if entry.conversation_id == conversation_id and entry.state == journal.SENDING:
                self._asking.add(entry.reference)
                self._desk.dispatch(SendChanged(journal.unconfirmed(entry, NOT_CHECKED)))

    def _queue(self, conversation_id: int) -> list[SendEntry]:
        """The entries of a conversation, oldest first."""
        sends = self._desk.state.sends.values()
        ours = [entry for entry in sends if entry.conversation_id == conversation_id]
        return sorted(ours, key=lambda entry: entry.created_at)

    def _next(self, conversation_id: int) -> SendEntry | None:
        """The oldest open entry, unless it waits for the agent: then so do those behind it."""
        for entry in self._queue(conversation_id):
            if entry.reference in self._asking or entry.state == journal.HELD:
                return None
            if entry.state in journal.OPEN:
                return entry
        return None

    async def _deliver(self, entry: SendEntry) -> None:
        """Send one entry once; afterwards it is sent, failed, unconfirmed or queued again."""
        await self._health.online.wait()
        try:
            await self._know(entry)
            if entry.attempts and await self._is_there(entry):
                return
        except ApiError as error:
            await self._not_left(entry, error)
            return
        if self._entry(entry.reference) is None or await self._hold_stale(entry):
            return
        try:
            if await self._hold_overtaken(entry):
                return
        except ApiError as error:
            await self._not_left(entry, error)
            return
        if self._entry(entry.reference) is None:
            return
        entry = journal.sending(entry)
        if not await self._move(entry):
            return
        self._newer_than.setdefault(entry.reference, self._newest_known(entry.conversation_id))
        LOG.info("sending %s to %d", entry.reference, entry.conversation_id)
        feed = self._feed()
        try:
            message = await self._desk.ask(
                lambda client: client.send(
                    entry.conversation_id,
                    entry.content,
                    private=entry.private,
                    reference=entry.reference,
                    echo_id=entry.reference,
                    in_reply_to=entry.in_reply_to,
                    channel=channel_of(self._desk, entry),
                )
            )
        except ApiError as error:
            await self._not_answered(entry, error)
        else:
            if feed is not None and feed == self._feed():
                self._lag.message_answered(message.id)
            await self._proved(entry, message)

    def _feed(self) -> int | None:
        """The subscription that is open, if one is. Nothing is replayed: it tells only of what
        happens while it lasts."""
        return self._desk.state.epoch if self._health.connected.is_set() else None

    async def _hold_stale(self, entry: SendEntry) -> bool:
        """What waited too long does not leave without another yes, nor do those behind it."""
        lasts = self._desk.timing.send_lasts
        if not journal.stale(entry, self._desk.now(), lasts):
            return False
        await self._fail_with_all_behind(entry, WAITED_LONG)
        return True

    async def _fail_with_all_behind(self, entry: SendEntry, reason: str) -> None:
        """What was written after it does not arrive before it."""
        await self._move(journal.failed(entry, reason))
        for other in self._queue(entry.conversation_id):
            if other.state == journal.QUEUED:
                await self._move(journal.failed(other, BEHIND))

    async def _hold_overtaken(self, entry: SendEntry) -> bool:
        """Hold it where somebody wrote after what its writer saw; the server is asked, as the
        feed may be behind. Raises any `ApiError`."""
        if entry.seen_id is None:
            return False
        state, number = self._desk.state, entry.conversation_id
        newer = gate.moved(state, number, entry.seen_id)
        if not newer:
            await self._reading.messages_after(number, entry.seen_id)
            newer = gate.moved(state, number, entry.seen_id)
        if not newer:
            return False
        await self._move(journal.held(entry, gate.words(state, newer)))
        return True

    async def _know(self, entry: SendEntry) -> None:
        """What kind of channel it goes to decides whether a reference may go along (observed
        2.7). Raises any `ApiError`."""
        if entry.conversation_id not in self._desk.state.conversations:
            await self._reread.conversation(entry.conversation_id)

    async def _not_answered(self, entry: SendEntry, error: ApiError) -> None:
        if self._heard(entry.reference):
            return
        if error.sent != "no":
            unsure = journal.unconfirmed(entry, CHECKING)
            await self._move(unsure)
            done_with = error.status is not None and error.status <= 500
            await self._settle(unsure, self._desk.timing.lookups[: 2 if done_with else None])
        else:
            await self._not_left(entry, error)

    async def _not_left(self, entry: SendEntry, error: ApiError) -> None:
        """It surely did not reach anybody: refused for good, or to be tried again."""
        if isinstance(error, (Forbidden, Invalid, NotFound)):
            await self._move(journal.failed(entry, sentence(error)))
        else:
            await self._move(replace(entry, state=journal.QUEUED, reason=sentence(error)))
            await self._wait_out(error)

    async def _wait_out(self, error: ApiError) -> None:
        """The entry surely never left: it goes when the way is free again."""
        pause = self._desk.timing.first_retry * 2
        if isinstance(error, RateLimited):
            pause = error.wait
        elif isinstance(error, AuthExpired):
            self._health.online.clear()
        await asyncio.sleep(pause)

    async def _proved(self, entry: SendEntry, message: Message) -> None:
        await self._move(journal.sent(entry, message.id), message)
        self._newer_than.pop(entry.reference, None)

    # --- lost answers -------------------------------------------------------------------------

    async def _settle(self, entry: SendEntry, pauses: Sequence[float]) -> None:
        """Look for it until it is found, or it is certain enough that it is not there."""
        surely_absent = False
        for pause in pauses:
            await asyncio.sleep(pause)
            await self._health.online.wait()
            if self._heard(entry.reference):
                return
            try:
                await self._know(entry)
                found = await look_up(self._desk, entry, self._newer_than.get(entry.reference))
            except ApiError as error:
                LOG.info("look-up of %s: %s", entry.reference, error.plain)
                continue
            if found.message is not None:
                await self._proved(entry, found.message)
                return
            surely_absent = found.sure
        if surely_absent:
            await self._fail_with_all_behind(entry, NOT_THERE)
        else:
            self._asking.add(entry.reference)
            await self._move(replace(entry, reason=UNSURE))

    async def _is_there(self, entry: SendEntry) -> bool:
        """Before another try: one more look. Where nothing can be known the agent's retry is the
        answer. Raises any `ApiError`."""
        if not keeps_reference(self._desk, entry):
            return False
        found = await look_up(self._desk, entry, self._newer_than.get(entry.reference))
        if found.message is not None:
            await self._proved(entry, found.message)
        return found.message is not None

    # --- bookkeeping --------------------------------------------------------------------------

    async def _move(self, entry: SendEntry, message: Message | None = None) -> bool:
        """Onto the disk, then onto the screen: what is shown was kept.

        Gives False where the disk refused, or the agent took it back meanwhile: then nothing
        may leave.
        """
        kept = True
        if entry.state != journal.SENT:  # else `tidy` takes it off the disk
            try:
                await self._keeper.journal(entry)
            except CacheError as error:
                kept = False
                if entry.state == journal.SENDING:
                    entry = journal.failed(entry, f"{error} Not sent.")
        if self._entry(entry.reference) is None:
            self._keeper.forget_soon(entry.reference)
            return False
        self._desk.dispatch(SendChanged(entry, message))
        return kept

    def _entry(self, reference: str) -> SendEntry | None:
        return self._desk.state.sends.get(reference)

    def _heard(self, reference: str) -> bool:
        """The feed may have brought our message before, or instead of, the answer."""
        entry = self._entry(reference)
        # None: taken back, or so long proved that it was forgotten.
        return entry is None or entry.state == journal.SENT

    def _newest_known(self, conversation_id: int) -> int | None:
        state = self._desk.state
        thread = state.threads.get(conversation_id)
        conversation = state.conversations.get(conversation_id)
        known = [one.id for one in thread.messages[-1:]] if thread else []
        if conversation is not None and conversation.preview is not None:
            known.append(conversation.preview.id)
        return max(known, default=None)
