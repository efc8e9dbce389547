"""Looks for alerts behind the desk, and tells of them: the one place that evaluates thresholds.

It looks when something changed, when a minute passed, and when a threshold will be reached by time
alone; never more often than every few seconds, and not at all while nothing happens.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from revivatui.crm.errors import CrmError
from revivatui.engine.asking import NotAnswered
from revivatui.screens.alert_telling import AlertTelling
from revivatui.state import select
from revivatui.state.alert_readings import (
    BEFORE_DAYS,
    DAY,
    LONGEST_FIRST,
    RECENT_DAYS,
    Known,
    Limits,
    readings,
)
from revivatui.state.alerts import Board, looked, mute, recalled
from revivatui.state.quiet import is_quiet, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from revivatui.config import Settings
    from revivatui.screens.bridge_port import BridgePort
    from revivatui.screens.session import Session
    from revivatui.state.alerts import Alert, Reading
    from revivatui.state.topics import Topic

APART: Final = 3.0
"""Seconds between two looks, at least."""
ASK_APART: Final = 50.0
"""Seconds between two questions to the server, at least: they go with the minute."""
RATINGS_APART: Final = 1800.0
BRIDGE_PATIENCE: Final = 10.0
"""Seconds after which the bridge's database counts as not answering."""
ADMINISTRATORS: Final = "the server tells it to administrators only"
_TOPICS: Final = frozenset({"minute", "row", "order", "presence", "counts", "account", "link"})


class AlertWatch:
    """The alerts of one desk. `board` is what is known now."""

    def __init__(
        self,
        session: Session,
        file_of: Callable[[int], Path] | None,
        changed: Callable[[], None],
        raised: Callable[[str], None],
        say: Callable[[str], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Make the watch; it looks once `follow` was called.

        Args:
            session: Whose state is looked at.
            file_of: Gives the log of an agent; None: nothing is noted.
            changed: Called when the board is another one.
            raised: Called with the words of alerts that began.
            say: Called with what else the agent should know.
            on_error: Called with our own faults.
        """
        self._session = session
        self._changed = changed
        self._raised = raised
        self._on_error = on_error
        self._tasks: set[asyncio.Task[None]] = set()
        self.telling = AlertTelling(session, file_of, say, self._task)
        self.board = Board()
        self.is_on = False
        self._limits = Limits()
        self._hours: tuple[Any, ...] = ()
        self._known = Known()
        self._looked_at = float("-inf")
        self._asked_at = self._rated_at = float("-inf")
        """By the loop's clock."""
        self._is_asking = self._is_recalled = self._is_closed = False
        self._due: asyncio.TimerHandle | None = None
        self._bridge: BridgePort | None = None
        self._subscription = session.store.subscribe(self._heard, _TOPICS)

    # --- life ---------------------------------------------------------------------------------

    def follow(self, settings: Settings) -> None:
        """Watch by these settings from now on."""
        self._limits = Limits(
            settings.alerts_waiting,
            settings.alerts_nobody,
            settings.alerts_answer,
            settings.alerts_queue,
            settings.alerts_bridge,
            settings.alerts_csat,
        )
        self.is_on = settings.alerts_on
        self._hours = parse(settings.alerts_hours)
        self.telling.follow(settings)
        if self.is_on or self.board.active:
            self._soon(0.0)

    async def close(self) -> None:
        """Look no more, and leave nothing running."""
        self._is_closed = True
        self._subscription.close()
        if self._due is not None:
            self._due.cancel()
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._bridge is not None:
            await self._bridge.close()

    def _task(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_ended)

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._on_error(error)

    # --- looking ------------------------------------------------------------------------------

    def _heard(self, topics: set[Topic]) -> None:
        kinds = {topic.kind for topic in topics}
        if self.is_on and kinds & {"minute", "link"}:
            self._ask_soon()
        if self.is_on:
            self._soon(0.0)

    def _soon(self, after: float) -> None:
        """Look after so many seconds, or sooner where that was planned already."""
        if self._is_closed:
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time() + after, self._looked_at + APART)
        if self._due is not None:
            if self._due.when() <= at:
                return
            self._due.cancel()
        self._due = loop.call_at(at, self._look)

    @property
    def is_watching(self) -> bool:
        """Whether there are alerts now: they are on, and it is a working hour."""
        if not self.is_on or not self._hours:
            return self.is_on
        now = datetime.fromtimestamp(self._session.clock(), self._session.tz)
        return is_quiet(self._hours, now)

    def readings(self) -> dict[str, Reading]:
        """Everything as it is measured now, over a threshold or not."""
        session = self._session
        return readings(session.state, self._known, self._limits, session.clock())

    def _look(self) -> None:
        """A fault of ours in here is one of the desk, not of the loop's."""
        self._due = None
        try:
            self._look_now()
        except Exception as error:
            self._on_error(error)

    def _look_now(self) -> None:
        now = self._session.clock()
        if not self._is_recalled and self.telling.file is not None:
            self._is_recalled = True
            self._task(self._recall(now), "recalling alerts")
        self._looked_at = asyncio.get_running_loop().time()
        rules = self._limits.rules() if self.is_watching else ()
        found = self.readings() if rules else {}
        before = self.board
        look = looked(before, rules, found, now)
        self.board = look.board
        if look.raised:
            self._raised("\n".join(f"{one.name}: {one.words}" for one in look.raised))
        self.telling.tell(look)
        if look.next_at is not None:
            self._soon(look.next_at - now)
        if _shown(before, now) != _shown(self.board, now):
            self._changed()

    async def _recall(self, now: float) -> None:
        """Today's alerts of the desk before this one."""
        today = datetime.fromtimestamp(now, self._session.tz).replace(hour=0, minute=0, second=0)
        noted = await self.telling.recall(today.timestamp(), now)
        self.board = recalled(self.board, noted)
        self._changed()

    def mute(self, kind: str) -> None:
        """Be silent about a kind for an hour; or no longer."""
        self.board = mute(self.board, kind, self._session.clock())
        self._changed()
        self._soon(0.0)

    def loud(self) -> tuple[Alert, ...]:
        return self.board.loud(self._session.clock())

    # --- asking -------------------------------------------------------------------------------

    def _ask_soon(self) -> None:
        now = asyncio.get_running_loop().time()
        if not self._is_asking and now - self._asked_at >= ASK_APART and self.is_watching:
            self._is_asking = True
            self._asked_at = now
            self._task(self._ask(), "what alerts ask for")

    async def _ask(self) -> None:
        try:
            if select.hears(self._session.state):
                await self._ask_waiting()
                await self._ask_ratings()
            else:
                self._asked_at = float("-inf")  # as soon as the server is heard again
            await self._ask_bridge()
        finally:
            self._is_asking = False
        self._soon(0.0)

    async def _ask_waiting(self) -> None:
        limits = self._limits
        if not (limits.waiting or limits.answer or limits.queue):
            return
        asked_at = self._session.clock()
        try:
            page = await self._session.engine.ask(
                lambda client: client.conversations(LONGEST_FIRST)
            )
        except NotAnswered:
            return  # the link says it; what was known stays
        self._known = replace(
            self._known,
            longest=page.conversations,
            more=not page.last,
            contacts={one.id: one for one in page.contacts},
            counts=page.counts,
            asked_at=asked_at,
        )

    async def _ask_ratings(self) -> None:
        me, now = self._session.state.me, asyncio.get_running_loop().time()
        if not self._limits.csat or now - self._rated_at < RATINGS_APART:
            return
        if me is None or me.role != "administrator":
            self._known = replace(self._known, why_no_ratings=ADMINISTRATORS)
            return
        until = self._session.clock()
        middle = until - RECENT_DAYS * DAY
        first = middle - BEFORE_DAYS * DAY
        try:
            engine = self._session.engine
            recent = await engine.ask(lambda client: client.satisfaction(middle, until))
            before = await engine.ask(lambda client: client.satisfaction(first, middle))
        except NotAnswered as error:
            self._known = replace(self._known, why_no_ratings=str(error))
            return
        self._rated_at = now
        self._known = replace(self._known, recent=recent, before=before)

    async def _ask_bridge(self) -> None:
        session = self._session
        if not self._limits.bridge:
            return
        if session.look_at_bridge is None or not session.crm.is_awake:
            self._known = replace(self._known, why_no_bridge="there is no CRM, so no bridge")
            return
        if self._bridge is None:
            self._bridge = session.look_at_bridge()
        try:
            async with asyncio.timeout(BRIDGE_PATIENCE):
                report = await self._bridge.report()
        except (CrmError, TimeoutError) as error:
            why = str(error) or "its database does not answer"
            self._known = replace(self._known, bridge=None, why_no_bridge=why)
            return
        why = "" if report is not None else "no bridge has worked on this CRM yet"
        self._known = replace(self._known, bridge=report, why_no_bridge=why)


def _shown(board: Board, now: float) -> tuple[Any, ...]:
    """What screens show of it."""
    return board.active, board.past[:1], board.unknown, sorted(board.muted), board.loud(now)
