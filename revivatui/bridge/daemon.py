"""The bridge as a whole: the parts put together, running side by side until they are stopped."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import uvicorn

from revivatui.api.client import ChatwootClient
from revivatui.api.errors import ApiError
from revivatui.bridge import inbox, jobs, opening, outbox
from revivatui.bridge.backfill import Backfill
from revivatui.bridge.captain import Captain
from revivatui.bridge.captain_opening import captain_opened
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.clockwork import Clockwork
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.handlers import Handlers
from revivatui.bridge.inbox import Delivery
from revivatui.bridge.inbox_worker import InboxWorker
from revivatui.bridge.jobs import JobQueue
from revivatui.bridge.lanes import Lanes
from revivatui.bridge.outbox_worker import OutboxWorker
from revivatui.bridge.places import Place
from revivatui.bridge.pulse import Pulse
from revivatui.bridge.receiver import Keeper, Receiver, create_app, delivery_of, stopped
from revivatui.bridge.reconcile import Reconcile
from revivatui.bridge.report_clock import ReportClock
from revivatui.bridge.retrying import Budget, Budgeted
from revivatui.bridge.senders import Senders
from revivatui.bridge.settings import BridgeSettings
from revivatui.bridge.shared_locks import SharedBudget
from revivatui.bridge.signing import Door
from revivatui.bridge.watch import Watch
from revivatui.crm.errors import CrmError
from revivatui.crm.store import Store

if TYPE_CHECKING:
    from revivatui.bridge.shared import Shared

LOG: Final = logging.getLogger("revivatui.bridge")

INBOX_WIDTH: Final = 4
OUTBOX_WIDTH: Final = 4
WATCH_SECONDS: Final = 2.0
CLOCK_SECONDS: Final = 30.0
"""How often it is looked whether a rule about repairs or quotes, or a report, is due."""
NIGHT_HOUR: Final = 3
"""The hour, UTC, in which the nightly comparison runs."""


class Bridge:
    """Everything that works on one CRM for one Chatwoot account. Made with `Bridge.open`."""

    def __init__(
        self,
        store: Store,
        server: ChatServer,
        place: Place,
        settings: BridgeSettings,
        *,
        clock: Callable[[], float] = time.time,
        refresh_delay: float = 1.0,
        random: Random | None = None,
        is_there: Callable[[], bool] = lambda: True,
        shared: Shared | None = None,
        captain: Captain | None = None,
    ) -> None:
        """`shared` is what the bridge has together with other processes, in PostgreSQL; `captain`
        answers customers, where the shop wants that."""
        self.store = store
        self.server = server
        self.place = place
        self.settings = settings
        self.shared = shared
        self.captain = captain
        self.clock = clock
        budget: Budgeted = Budget(clock, settings.writes_per_minute)
        if shared is not None:
            budget = SharedBudget(store, clock, settings.writes_per_minute)
        self.keeper = Keeper(store, inbox.put, clock, self._kept, is_there)
        calm = self.keeper.calm
        handlers = Handlers(
            store,
            server,
            place,
            clock,
            refresh_delay=refresh_delay,
            before_writing=calm,
            rules=settings.rules,
        )
        events = InboxWorker(store, handlers, clock, self._wanted)
        senders = Senders(store, server, place, budget, settings.links, clock)
        writes = OutboxWorker(store, senders, clock, random or Random())
        queue = Lanes if shared is None else shared.queue
        self.inbox: JobQueue = queue(
            store, jobs.IN, events.handle, clock, width=INBOX_WIDTH, before=calm
        )
        self.outbox: JobQueue = queue(
            store, jobs.OUT, writes.handle, clock, width=OUTBOX_WIDTH, before=calm
        )
        self.backfill = Backfill(store, server, place, clock, self.inbox.wake)
        self.reconcile = Reconcile(store, server, place, self.backfill, clock)
        self.watch = Watch(store, place, clock, self.outbox.wake)
        self.clockwork = Clockwork(store, place, clock, settings.rules, self.outbox.wake)
        self.reports = ReportClock(store, server.client, clock, settings.reports)
        self.pulse = Pulse(store, clock, writes.open_breakers)

    def _kept(self) -> None:
        self.inbox.wake()

    def _wanted(self) -> None:
        self.outbox.wake()

    def receiver(self) -> Receiver[Delivery]:
        """Raises BadBridgeSettings where nothing says who may deliver."""
        door = Door(
            secrets=self.settings.secrets,
            token=self.settings.path_secret,
            allowed=self.settings.allow,
        )
        account_id = self.place.account_id
        return Receiver(door, self.keeper, delivery_of(account_id), account_id, self.clock)

    async def health(self) -> tuple[bool, object]:
        """Whether deliveries can be kept, and how much waits."""
        try:
            async with self.store.reading() as reader:
                waiting = (await inbox.counts(reader)).get("new", 0)
                writing = (await outbox.counts(reader)).get("new", 0)
        except CrmError:
            return False, {"status": "the database is away"}
        return True, {"status": "ok", "inbox": waiting, "outbox": writing}

    async def settle(self) -> None:
        """Work on everything that is due, once, and return."""
        await self.inbox.settle()
        await self.watch.look()
        await self.clockwork.look()
        await self.outbox.settle()
        if self.captain is not None:
            await self.captain.settle()

    # --- what goes on for ever -------------------------------------------------------------------

    async def help(self) -> None:
        """What one of several processes does, for ever: what waits, and nothing that only one may
        do."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.inbox.run())
            group.create_task(self.outbox.run())

    async def work(self) -> None:
        """All but the door, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.keeper.run())
            group.create_task(self.help())
            group.create_task(self.pulse.run())
            group.create_task(self._every(WATCH_SECONDS, self._look))
            group.create_task(self._every(CLOCK_SECONDS, self._tick))
            group.create_task(self._every(self.settings.backfill_minutes * 60.0, self._catch_up))
            group.create_task(self._every(CLOCK_SECONDS, self._report))
            group.create_task(self._nightly())
            if self.captain is not None:
                group.create_task(self.captain.run())

    async def _every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        """Again and again, from now on; trouble is told and not the end."""
        while True:
            try:
                await do()
            except (ApiError, CrmError) as error:
                LOG.warning("%s", error)
            except Exception:
                LOG.exception("a part of the bridge failed")
            await asyncio.sleep(seconds)

    async def _look(self) -> None:
        await self.watch.look()
        self.outbox.wake()

    async def _tick(self) -> None:
        await self.clockwork.look()

    async def _report(self) -> None:
        await self.reports.look()

    async def _catch_up(self) -> None:
        first = self.settings.first_days * 86_400.0
        caught = await self.backfill.since_last_time(first=first)
        if caught.events:
            LOG.info("%d events were caught up with", caught.events)

    async def _nightly(self) -> None:
        while True:
            await asyncio.sleep(_seconds_until(NIGHT_HOUR, self.clock()))
            with suppress(ApiError, CrmError):
                LOG.info("%s", (await self.reconcile.compare()).words)


def _seconds_until(hour: int, now: float) -> float:
    today = datetime.fromtimestamp(now, UTC)
    passed = today.hour * 3600 + today.minute * 60 + today.second
    return (hour * 3600 - passed) % 86_400 or 86_400.0


@asynccontextmanager
async def open_bridge(
    where: str | Path,
    base: str,
    token: str,
    account_id: int,
    settings: BridgeSettings,
    *,
    clock: Callable[[], float] = time.time,
    refresh_delay: float = 1.0,
) -> AsyncIterator[Bridge]:
    """A bridge between the CRM at `where` and one account of a Chatwoot.

    Raises CrmError, ApiError, BridgeError.
    """
    async with AsyncExitStack() as stack:
        store = await Store.open(where)
        stack.push_async_callback(store.close)
        await opening.make_tables(store)
        client = await stack.enter_async_context(ChatwootClient(base, token, account_id))
        await client.version()
        me = await client.profile()
        if account_id not in [one.id for one in me.accounts]:
            raise BridgeError(f"The bridge's user is in no account {account_id}.")
        shared = None
        if opening.is_shared(where):
            from revivatui.bridge.shared import open_shared

            shared = await stack.enter_async_context(
                open_shared(where, most=INBOX_WIDTH + OUTBOX_WIDTH)
            )
        place = Place(client.base, account_id, settings.place)
        is_there = _still_there(where)
        captain = None
        if settings.captain.on:
            captain = await captain_opened(stack, store, client, place, settings, clock, is_there)
        yield Bridge(
            store,
            ChatServer(client, me.agent.id, shared.locks if shared is not None else None),
            place,
            settings,
            clock=clock,
            refresh_delay=refresh_delay,
            is_there=is_there,
            shared=shared,
            captain=captain,
        )


def _still_there(where: str | Path) -> Callable[[], bool]:
    """Whether the file of a CRM is the one that was opened: what is written into one that was
    deleted or replaced under us is lost, though nothing says so."""
    if isinstance(where, str) and "://" in where:
        return lambda: True
    path = Path(where)
    opened = path.stat().st_ino

    def look() -> bool:
        try:
            return path.stat().st_ino == opened
        except OSError:
            return False

    return look


@asynccontextmanager
async def serving(
    bridge: Bridge, listening: socket.socket, stop: asyncio.Event | None = None
) -> AsyncIterator[Receiver[Delivery]]:
    """The bridge at work, its door open on a bound socket.

    `stop` is set where the work ends by itself, which it never should; then leaving raises
    BridgeError.
    """
    receiver = bridge.receiver()
    captain_door = bridge.captain.receiver() if bridge.captain is not None else None
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(receiver, bridge.health, captain_door),
            log_level="error",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=2,
        )
    )
    work = asyncio.create_task(bridge.work())
    if stop is not None:
        work.add_done_callback(lambda _: stop.set())
    door = asyncio.create_task(server._serve([listening]))
    try:
        while not server.started:
            if door.done():
                door.result()
                raise BridgeError("The door for webhooks could not be opened.")
            await asyncio.sleep(0.005)
        await bridge.pulse.hello()
        yield receiver
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await door
        if work.done() and not work.cancelled():
            LOG.critical("the work ended by itself", exc_info=work.exception())
            raise BridgeError("A part of the bridge failed for good; its log says which.")
        await stopped(work)
        await bridge.pulse.goodbye()


def bound(host: str, port: int) -> socket.socket:
    """A socket on an address of this machine. Raises BridgeError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, proto=socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise BridgeError(f"{host}:{port} cannot be listened on: {error.strerror}.") from None
    return made
