"""What others see of the agent while nobody sits at the desk, and after it closed.

The server forgets an agent 20 s after the last tick, unless `auto_offline` is off: then the word
that was set stands until somebody changes it (contract 13), and the desk takes itself off.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from revivatui.api.errors import ApiError
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.state.events import Event, LinkChanged, PresenceSeen, SignedIn
from revivatui.state.events_desk import AgentAway

if TYPE_CHECKING:
    from revivatui.engine.feed import Feed
    from revivatui.engine.keeper import Keeper

FACT: Final = "availability_before"
"""The name under which the word is kept that the agent comes back to."""
OTHERS_TICK: Final = 25.0
"""Seconds in which another desk of the agent makes itself heard: browsers tick every 20 s."""
CONNECTED: Final = ("catching_up", "live", "late")


class Presence:
    """Being away, going and coming back."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper
        self._busy_when_away = False
        self._offline_on_exit = True
        self._before = ""
        """The word that was set before the desk itself set another, and that other one."""
        self._ours = ""
        self._returning = True
        """No connection yet since the start: the word of the last time is still to be restored."""
        self._one_by_one = asyncio.Lock()
        self._maps: deque[float] = deque(maxlen=64)
        """When the presence map came lately."""
        desk.listeners.append(self._hear)

    def follow(self, *, busy_when_away: bool, offline_on_exit: bool) -> None:
        self._busy_when_away = busy_when_away
        self._offline_on_exit = offline_on_exit

    def load(self) -> None:
        """Remember the word that the desk took off when it was closed, or was busy for."""
        self._before, _, self._ours = self._keeper.fact(FACT).partition(" ")

    def _hear(self, event: Event) -> None:
        if isinstance(event, PresenceSeen):
            self._maps.append(event.at)
        elif isinstance(event, LinkChanged) and event.state == "live":
            self._connected()

    def _connected(self) -> None:
        """The word of the last time comes back, or who went away meanwhile is busy now."""
        self._returning = False
        self._settle()

    @property
    def _word(self) -> str:
        """What is set."""
        me = self._desk.state.me
        return "" if me is None else me.availability

    # --- being away ---------------------------------------------------------------------------

    def away(self, since: float) -> None:
        """No key since a moment (epoch seconds), for longer than the agent thinks normal."""
        self._desk.dispatch(AgentAway(since, self._desk.now()))
        self._settle()

    def back(self) -> None:
        """A key was pressed."""
        self._desk.dispatch(AgentAway(None, self._desk.now()))
        self._settle()

    def _settle(self) -> None:
        if self._is_to_be_busy or self._is_to_be_restored:
            self._desk.spawn(self._settled(), "being away or back")

    @property
    def _is_to_be_busy(self) -> bool:
        is_away = self._desk.state.away_since is not None
        return is_away and self._busy_when_away and self._word == "online"

    @property
    def _is_to_be_restored(self) -> bool:
        is_here = self._desk.state.away_since is None
        return is_here and bool(self._before) and not self._returning

    async def _settled(self) -> None:
        """Set what is right when it is our turn: keys and connections come while others are set.

        Raises any `ApiError`.
        """
        async with self._one_by_one:
            if self._is_to_be_busy:
                self._before = self._word
                await self._set_aside("busy")
            elif self._is_to_be_restored:
                await self._restore()

    async def _set_aside(self, word: str) -> None:
        """Set a word that the desk takes back by itself, the old one kept on the disk before.

        Raises any `ApiError`.
        """
        self._ours = word
        await self._keeper.keep_fact(FACT, f"{self._before} {word}")
        await self._set(word)

    async def _restore(self) -> None:
        """Go back to the word before, where what is set now is of our own making."""
        if self._word == self._ours:
            try:
                await self._set(self._before)
            except ApiError as error:
                words = f"You are still {self._word}, not {self._before}."
                self._desk.tell("error", f"{words} {sentence(error)}")
        self._before = ""
        await self._keeper.keep_fact(FACT, "")

    async def _set(self, word: str) -> None:
        """Raises any `ApiError`."""
        me = await self._desk.ask(lambda client: client.set_availability(word))
        state = self._desk.state
        if state.account is not None:
            self._desk.dispatch(SignedIn(state.account, me.agent, state.version))

    # --- leaving ------------------------------------------------------------------------------

    async def leave(self, feed: Feed) -> None:
        """Take the agent off, within its own time limit, where the server would not do it."""
        if not self._must_go(feed):
            return
        try:
            async with asyncio.timeout(self._desk.timing.leave_within):
                async with self._one_by_one:
                    self._before = self._before or self._word  # that before being away counts
                    await self._set_aside("offline")
        except (ApiError, TimeoutError) as error:
            LOG.warning("going offline: %s", error)
            self._desk.tell("warning", f"You may still be shown as {self._word}.")

    def _must_go(self, feed: Feed) -> bool:
        state = self._desk.state
        stands = state.me is not None and not state.me.auto_offline
        connected = state.link.state in CONNECTED
        shown = self._word not in ("", "offline")
        return self._offline_on_exit and stands and connected and shown and not self._others(feed)

    def _others(self, feed: Feed) -> bool:
        """Whether another desk of the agent is open: each of its ticks brings a map here too
        (rule 13), so there are maps that no tick of our own explains."""
        maps, answered = list(self._maps), self._desk.timing.presence_every / 2
        for tick in feed.ticks:
            own = next((at for at in maps if tick - 0.1 <= at <= tick + answered), None)
            if own is not None:
                maps.remove(own)
        if not maps:
            return False
        pauses = [later - at for at, later in pairwise(maps[-4:])]
        due = max(pauses) * 1.5 + 1.0 if len(pauses) > 1 else OTHERS_TICK
        return maps[-1] > self._desk.now() - min(due, OTHERS_TICK)
