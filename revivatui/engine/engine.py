"""The engine: the one owner of asynchronous work.

    engine = Engine(store, profile, cache)
    running = asyncio.create_task(engine.run())
    engine.open(42)            # intents return at once; what comes of them is in the store
    await engine.close()

No exception comes out of it: what the agent should know is a `Notice`, or part of the state.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from revivatui.engine import asking
from revivatui.engine.bell import Bell
from revivatui.engine.bridge import Bridge
from revivatui.engine.catch_up import CatchUp
from revivatui.engine.changes import Changes, Undone
from revivatui.engine.context import LOG, Desk, Notice, Profile, Timing
from revivatui.engine.drafting import Drafting
from revivatui.engine.feed import Feed
from revivatui.engine.floor import Floor, log_beside
from revivatui.engine.frames import Frames
from revivatui.engine.health import Health
from revivatui.engine.keeper import Keeper
from revivatui.engine.lag import Lag
from revivatui.engine.link import Link
from revivatui.engine.noticed import Noticed
from revivatui.engine.outbox import Outbox
from revivatui.engine.people import People
from revivatui.engine.prefetch import Prefetch
from revivatui.engine.presence import Presence
from revivatui.engine.reading import Reading
from revivatui.engine.reconcile import Reconcile
from revivatui.engine.reread import Reread
from revivatui.engine.searching import Searching
from revivatui.engine.typing_signs import TypingSigns
from revivatui.state import changes
from revivatui.state.events import MinutePassed
from revivatui.state.events_desk import HungUp, LookChanged
from revivatui.state.models import ListView
from revivatui.state.store import Store

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.api.client import ChatwootClient
    from revivatui.cache.store import Cache
    from revivatui.state.bell import Ring, Rules
    from revivatui.state.offers import Offer

T = TypeVar("T")

__all__ = ["Engine", "Notice", "Profile", "Timing"]


class _Closing(Exception):
    """Ends the task group."""


class Engine:
    """Lives on one loop, the store's. Make it, `run` it once, `close` it."""

    def __init__(
        self,
        store: Store,
        profile: Profile,
        cache: Cache | None = None,
        clock: Callable[[], float] = time.time,
        options: Timing | None = None,
    ) -> None:
        """`clock` in epoch seconds; without a cache nothing outlives the engine."""
        self.profile = profile
        self._desk = desk = Desk(store, profile, clock, options or Timing())
        self._keeper = Keeper(desk, cache)
        desk.may_be = self._keeper.claim
        self.floor = Floor(desk, log_beside(cache))
        """What was seen of the agents, in the past too."""
        self._bell = Bell(desk, self._keeper)
        self._noticed = Noticed(desk)
        self._drafting = Drafting(desk, self._keeper)
        self._health = Health(desk)
        self._lag = Lag(desk)
        self._reread = Reread(desk, self._health)
        self._reading = Reading(desk, self._keeper, self._reread)
        self._outbox = Outbox(
            desk, self._health, self._keeper, self._lag, self._reread, self._reading
        )
        self._changes = Changes(desk, self._health, self._reread)
        self._outbox.answered = self._changes.read_with
        self._typing = TypingSigns(desk, self._health)
        self._people = People(desk, self._keeper)
        self._catch_up = CatchUp(desk, self._reading, self._reread, self._people)
        self._searching = Searching(desk, self._keeper, self._reading)
        self._prefetch = Prefetch(desk, self._keeper)
        self._presence = Presence(desk, self._keeper)
        self._frames = Frames(desk, self._lag)
        self._bridge = Bridge(desk, self._health, self._reading)
        self._reconcile = Reconcile(
            desk, self._reading, self._reread, self._people, self._frames, self._lag
        )
        self._link: Link | None = None
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def notices(self) -> Callable[[Notice], None]:
        """Called with everything that the agent should be told in words."""
        return self._desk.tell_agent

    @notices.setter
    def notices(self, tell: Callable[[Notice], None]) -> None:
        self._desk.tell_agent = tell

    def on_other_agent(self, call: Callable[[int], None]) -> None:
        """Have this called, with their id, should the token be of another agent than what is
        kept: then the engine does nothing more."""
        self._desk.other_agent = call

    @property
    def rings(self) -> Callable[[Sequence[Ring]], None]:
        """Called at most once a second, with everything that rings together."""
        return self._bell.ring

    @rings.setter
    def rings(self, ring: Callable[[Sequence[Ring]], None]) -> None:
        self._bell.ring = ring

    # --- life ---------------------------------------------------------------------------------

    async def run(self) -> None:
        """Show what was last seen, connect, and stay until `close`."""
        self._ended.clear()
        feed: Feed | None = None
        try:
            self._keeper.load()
            self._bell.load()
            self._presence.load()
            self._keeper.listen()
            await asyncio.to_thread(importlib.import_module, "revivatui.api.client")
            await asyncio.to_thread(importlib.import_module, "revivatui.api.cable")
            self._use_profile()
            feed = Feed(self._frames.arrived.set, self._desk.timing.presence_every)
            await self._live(feed)
        finally:
            self._desk.drop_waiting()
            if feed is not None:
                await asyncio.gather(self._presence.leave(feed), feed.close())
            if self._desk.client is not None:
                await self._desk.client.close()
            await self._bell.keep()
            await self.floor.close()
            await self._keeper.close()
            self._ended.set()

    async def _live(self, feed: Feed) -> None:
        desk = self._desk
        self._link = link = Link(desk, self._health, self._lag, feed, self._catch_up)
        self._frames.lost = link.frame_lost
        link.seen_until(desk.state.as_of)
        watching = (
            desk.store.subscribe(self._reread.look, {"reread"}),
            desk.store.subscribe(self._outbox.tidy, {"sends"}),
            desk.store.subscribe(self._bridge.look, {"link"}),
            desk.store.subscribe(self._prefetch.look, {"link", "order"}),
        )
        try:
            async with asyncio.TaskGroup() as group:
                desk.adopt(group)
                desk.keep_running(link.run, "the connection")
                desk.keep_running(lambda: self._frames.apply(feed, link.replaying), "live news")
                desk.keep_running(self._health.watch, "watching the server")
                desk.keep_running(self._lag.watch, "measuring the live feed")
                desk.keep_running(self._bridge.run, "asking while the feed is behind")
                desk.keep_running(self._reconcile.run, "comparing with the server")
                desk.keep_running(self._reread.run, "reading again")
                desk.keep_running(self._reread.count, "counting")
                desk.keep_running(self._keeper.load_rest, "reading what was kept")
                desk.keep_running(self._keeper.index_rest, "indexing what was kept")
                desk.keep_running(self._prefetch.run, "reading ahead")
                desk.keep_running(self._keeper.save_changes, "saving")
                desk.keep_running(self._keeper.save_drafts, "saving drafts")
                desk.keep_running(self.floor.run, "the log of the team")
                desk.keep_running(self._bell.run, "the bell")
                desk.keep_running(self._drafting.run, "drafts of other windows")
                desk.keep_running(self._minutes, "the clock")
                self._outbox.restore()
                await self._closing.wait()
                raise _Closing
        except* _Closing:
            pass
        finally:
            for subscription in watching:
                subscription.close()
            self._desk.drop_waiting()  # what the last proof asks for is not begun any more
            self._outbox.tidy()

    async def _minutes(self) -> None:
        """Relative times move once a minute, on the minute."""
        while True:
            await asyncio.sleep(60.0 - self._desk.now() % 60.0)
            self._desk.dispatch(MinutePassed(self._desk.now()))

    def _use_profile(self) -> None:
        from revivatui.api.client import ChatwootClient

        profile = self._desk.profile
        self._desk.use_client(ChatwootClient(profile.base_url, profile.token, profile.account_id))

    async def close(self) -> None:
        """End everything within two seconds; held changes are dropped, and said to be."""
        self._changes.drop_held()
        self._closing.set()
        try:
            async with asyncio.timeout(self._desk.timing.close_within):
                await self._ended.wait()
        except TimeoutError:
            LOG.error("the engine did not end in time")

    def sign_in_again(self, profile: Profile) -> None:
        """Go on with another token for the same account; everything typed is still there."""
        self._desk.spawn(self._sign_in_again(profile), "signing in again")

    async def _sign_in_again(self, profile: Profile) -> None:
        old = self._desk.client
        self.profile = self._desk.profile = profile
        self._use_profile()
        if self._link is not None:
            self._link.reconnect()
        if old is not None:
            await old.close()

    # --- the list -----------------------------------------------------------------------------

    def choose_view(self, view: ListView) -> None:
        """Show another list: what is known of it at once, its first page behind."""
        self._reading.choose_view(view)

    def load_more(self) -> None:
        """The end of the list came into sight."""
        self._reading.load_more()

    def refresh(self) -> None:
        """Read what is on screen again; where there is no connection, try one now."""
        if self._health.connected.is_set():
            self._reading.refresh()
        elif self._link is not None:
            self._link.retry_now()

    def search(self, text: str) -> None:
        """Show the conversations with a message that holds this text; "" ends it."""
        self._reading.search(text)

    def find(self, text: str, conversation_id: int | None = None) -> None:
        """Look for words in messages, of one conversation or of all: in those this machine keeps
        at once, then by the server's own search. `State.search` tells; "" ends it."""
        self._searching.find(text, conversation_id)

    # --- a conversation -----------------------------------------------------------------------

    def open(self, conversation_id: int | None) -> None:
        """Put a thread on screen. Opening is not reading: nothing is marked read."""
        self._reading.open(conversation_id)

    def show_message(self, conversation_id: int, message_id: int) -> None:
        """Put a thread on screen and load it down to this message."""
        self._searching.show(conversation_id, message_id)

    def load_older(self) -> None:
        """The top of the open thread came into sight."""
        self._reading.load_older()

    async def ask(self, call: Callable[[ChatwootClient], Awaitable[T]]) -> T:
        """Ask the server one thing for a screen of its own, and give what it answered; nothing of
        it goes into the state. Raises `asking.NotAnswered`."""
        return await asking.ask(self._desk, call)

    def load_contact(self, contact_id: int) -> None:
        """The customer with earlier conversations, labels and notes."""
        self._people.load_contact(contact_id)

    def forget_contact(self, contact_id: int) -> None:
        """Take a customer with everything kept of them off this machine. The server is not
        asked for anything: what it still has comes back when it is read again."""
        self._people.forget(contact_id)

    def set_availability(self, word: str) -> None:
        """online, busy or offline."""
        self._people.set_availability(word)

    # --- presence -----------------------------------------------------------------------------

    def present_by(self, busy_when_away: bool, offline_on_exit: bool) -> None:
        """What the desk does by itself about how others see the agent."""
        self._presence.follow(busy_when_away=busy_when_away, offline_on_exit=offline_on_exit)

    def away(self, since: float) -> None:
        """Nobody has touched the desk since a moment (epoch seconds)."""
        self._presence.away(since)

    def back(self) -> None:
        """Somebody touches it again."""
        self._presence.back()

    # --- what is noticed ----------------------------------------------------------------------

    def ring_by(self, rules: Rules, tz: tzinfo | None = None) -> None:
        """What rings from now on; quiet hours are hours of `tz` (None: the machine's zone)."""
        self._bell.follow(rules, tz)

    def look(self, looking: bool) -> None:
        """The terminal got the focus or lost it."""
        self._desk.dispatch(LookChanged(looking))

    def hang_up(self, on: bool) -> None:
        """The desk is a wallboard from now on, or a desk again: fewer threads are held."""
        self._desk.dispatch(HungUp(on))

    async def shrink(self) -> None:
        """Hold as little in memory as a desk can that goes on."""
        await self._keeper.shrink()
        await self.floor.shrink()

    def load_notifications(self) -> None:
        """The server's notifications for this agent, those that were read too."""
        self._noticed.load()

    def read_notification(self, notification_id: int) -> None:
        self._noticed.read(notification_id)

    def read_all_notifications(self) -> None:
        self._noticed.read_all()

    # --- writing ------------------------------------------------------------------------------

    def send(
        self,
        conversation_id: int,
        text: str,
        private: bool,
        in_reply_to: int | None = None,
        seen_id: int | None = None,
    ) -> str:
        """Send a reply or a note. Gives the reference of its journal entry.

        Where somebody else wrote after the message `seen_id` it is held until `send_anyway`.
        """
        return self._outbox.send(conversation_id, text, private, in_reply_to, seen_id)

    def send_anyway(self, reference: str, seen_id: int | None = None) -> None:
        """Let a held message go although the thread moved on, as far as the agent saw that.

        What came after `seen_id` holds it again; None: nothing that is known now does.
        """
        self._outbox.send_anyway(reference, seen_id)

    def retry(self, reference: str) -> None:
        """Send a failed or unconfirmed message again, unless the server has it after all."""
        self._outbox.retry(reference)

    def take_back(self, reference: str) -> str:
        """Take a message that is not on its way out of the journal; gives its text."""
        return self._outbox.take_back(reference)

    def typing(self, conversation_id: int, on: bool, private: bool) -> None:
        self._typing.set(conversation_id, on, private)

    def draft(self, conversation_id: int, private: bool, text: str) -> None:
        """What is in the composer; on disk within a second."""
        self._keeper.draft(conversation_id, private, text)

    def take_offer(self, offer: Offer) -> None:
        """Write a text that was offered; what was written gives way and is offered itself."""
        self._drafting.take(offer)

    def decline_offer(self, offer: Offer) -> None:
        """Offer this text no more."""
        self._drafting.decline(offer)

    def hand_over(self, conversation_id: int, over: str = "") -> None:
        """Put the reply that is written in place of what the server keeps, for all agents; `over`
        is what the agent saw there."""
        self._drafting.hand_over(conversation_id, over)

    def delete_message(self, conversation_id: int, message_id: int) -> None:
        """The customer sees it go, and it cannot be taken back."""
        self._reading.delete_message(conversation_id, message_id)

    # --- changes ------------------------------------------------------------------------------

    def assign(self, conversation_id: int, agent_id: int | None) -> None:
        self._changes.make(changes.assign, conversation_id, agent_id)

    def assign_team(self, conversation_id: int, team_id: int | None) -> None:
        self._changes.make(changes.assign_team, conversation_id, team_id)

    def set_status(
        self, conversation_id: int, status: str, snoozed_until: float | None = None
    ) -> None:
        """open, resolved, pending or snoozed (epoch seconds; None: until the next message)."""
        self._changes.make(changes.set_status, conversation_id, status, snoozed_until)

    def set_priority(self, conversation_id: int, word: str | None) -> None:
        self._changes.make(changes.set_priority, conversation_id, word)

    def set_labels(self, conversation_id: int, labels: Sequence[str]) -> None:
        self._changes.make(changes.set_labels, conversation_id, labels)

    def mark_read(self, conversation_id: int) -> None:
        self._changes.make(changes.mark_read, conversation_id)

    def mark_unread(self, conversation_id: int) -> None:
        self._changes.make(changes.mark_unread, conversation_id)

    def send_now(self, change_id: str) -> None:
        """Do not wait out the seconds of a held change."""
        self._changes.send_now(change_id)

    def pause_held(self) -> None:
        """Nothing that is held leaves until `resume_held`."""
        self._changes.pause()

    def resume_held(self) -> None:
        """What is held has the seconds that it had left."""
        self._changes.resume()

    def undo(self) -> Undone | None:
        """Undo the last change that can be; says what, or None."""
        return self._changes.undo()
