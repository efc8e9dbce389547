"""When the shop's texts are read that suggestions are made from: canned responses, prices and what
resolved conversations before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from revivatui.screens.memory import give_pages_back, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from revivatui.screens.copilot_thinker import Thinker
    from revivatui.screens.session import Session

TOGETHER: Final = 1.0
"""Seconds in which changes of the shop's texts count as one."""
RESTS: Final = 0.05
"""Seconds between two slices of what is read behind everything else."""


class Texts:
    """They take memory, so none is read before somebody sits at the desk."""

    def __init__(
        self,
        session: Session,
        thinker: Thinker,
        begin: Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]],
        on_error: Callable[[Exception], object],
    ) -> None:
        """Make it; `begin` begins a task, `on_error` is told of what should not be."""
        self._session = session
        self._thinker = thinker
        self._begin = begin
        self._on_error = on_error
        self._reading: asyncio.Task[None] | None = None
        self._deepening: asyncio.Task[None] | None = None
        self._read_from: tuple[object, object] = ((), ())
        self._is_wanted = self._has_settled = False
        self.when_read: Callable[[], object] = lambda: None
        """Called when they were read, and others may be suggested now."""
        self.when_deeper: Callable[[], object] = lambda: None
        """Called when they were read by MiniLM too, where it is."""
        self.trouble = ""
        """Why they cannot be looked through, in a sentence."""
        self._told = ""
        self.say: Callable[[str], object] = lambda words: None
        """Tells the agent of trouble."""

    def want(self, after: float) -> None:
        """Somebody sits at the desk: read them `after` so many seconds, and again whenever they
        change."""
        if not self._is_wanted:
            self._is_wanted = True
            self.read(after)

    def read(self, after: float = TOGETHER) -> None:
        """Read all of them anew, where they are wanted."""
        if not self._is_wanted:
            return
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._begin(self._read(after), "copilot texts")

    async def _read(self, after: float) -> None:
        await asyncio.sleep(after)
        if self._session.state.hung_up:
            return  # nobody answers on a wallboard; the desk comes back to it
        state, house = self._session.state, self._session.crm.house
        canned, now = tuple(state.canned), self._session.clock()
        self._read_from = (state.canned, house.services)
        try:
            await asyncio.to_thread(self._thinker.read, canned, house.services, now)
        except Exception as error:
            self.trouble = f"The shop's texts cannot be looked through: {error}."
            self._on_error(error)
        else:
            self.trouble = self._thinker.trouble
            await asyncio.to_thread(give_pages_back)
            self._settle()
        self._tell_trouble()
        self.when_read()
        if self._deepening is not None:
            self._deepening.cancel()
        self._deepening = self._begin(self._read_deeper(), "copilot texts, deeper")

    def _settle(self) -> None:
        """Once: what is read anew later is little beside what was made until now."""
        if not self._has_settled:
            self._has_settled = True
            settle()

    async def _read_deeper(self) -> None:
        """Behind what is suggested already, and leaving time to it."""
        more = True
        while more:
            more = await asyncio.to_thread(self._thinker.read_deeper)
            await asyncio.sleep(RESTS)
        self.when_deeper()

    def _tell_trouble(self) -> None:
        """Once, as long as it is the same."""
        if self.trouble != self._told:
            self._told = self.trouble
            if self.trouble:
                self.say(self.trouble)

    @property
    def is_reading(self) -> bool:
        """They are being read, or are others than were read."""
        pending = self._reading is not None and not self._reading.done()
        return pending or self.are_others

    @property
    def are_others(self) -> bool:
        return any(
            one is not other
            for one, other in zip(
                (self._session.state.canned, self._session.crm.house.services),
                self._read_from,
                strict=True,
            )
        )

    @property
    def has_other_prices(self) -> bool:
        return self._read_from[1] is not self._session.crm.house.services
