"""Whether the server is there, judged by its answers (observed rule 10).

Pings alone prove nothing: a 4.x socket was seen pinging for 22 s while HTTP was refused. Answers
alone prove nothing either: with the worker down they come and the feed is silent. The link asks
both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from revivatui.api.errors import ApiError, AuthExpired
from revivatui.engine.context import LOG, Desk
from revivatui.state.events import CountsLoaded


class Health:
    """Listens to every call of the desk, and probes where one failed or none was made."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.online = asyncio.Event()
        """Set while the server answers calls."""
        self.connected = asyncio.Event()
        """Set by the link while a feed is open: only then there is something to probe for."""
        self.server_gone: Callable[[ApiError], None] = lambda error: None
        """Called when neither a call nor the probes after it were answered."""
        self._answered_at: float | None = None
        self._suspect = asyncio.Event()
        desk.answered = self._note_answer
        desk.unanswered = self._note_silence

    def _note_answer(self) -> None:
        self._answered_at = self._desk.now()
        self._suspect.clear()
        self.online.set()

    def _note_silence(self, error: ApiError) -> None:
        LOG.info("no answer: %s", error.plain)
        self._suspect.set()

    async def watch(self) -> None:
        """Probe after a failed call, and after a while without any call (loop)."""
        probe_after = self._desk.timing.probe_after
        while True:
            await self.connected.wait()
            try:
                async with asyncio.timeout(probe_after):
                    await self._suspect.wait()
            except TimeoutError:
                if self._desk.now() - (self._answered_at or 0.0) < probe_after:
                    continue
            if self.connected.is_set():
                await self._probe()

    async def ask_counts(self) -> None:
        """The cheapest question whose answer is of use. Raises any `ApiError`."""
        view = self._desk.view
        counts = await self._desk.read(lambda client: client.counts(view))
        self._desk.dispatch(CountsLoaded(view, counts, self._desk.now()))

    async def _probe(self) -> None:
        """One cheap question, twice: a server that answers neither is taken for gone."""
        failure: ApiError | None = None
        for _try in range(2):
            self._suspect.clear()
            try:
                await self.ask_counts()
            except AuthExpired:
                return
            except ApiError as error:
                failure = error
            if not self._suspect.is_set():
                return
        self._suspect.clear()
        self.online.clear()
        if failure is not None:
            self.server_gone(failure)
