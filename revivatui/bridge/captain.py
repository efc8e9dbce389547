"""Captain: the role of the bridge that answers customers, put together.

Its door takes what the bot's webhook tells, its turns are thought about, and what comes of them is
said. It has tables and a token of its own and is off unless the settings say otherwise.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, Final

from revivatui.api.client import ChatwootClient
from revivatui.api.errors import ApiError
from revivatui.bridge import captain_store, known
from revivatui.bridge.captain_bodies import told_of
from revivatui.bridge.captain_catch_up import CatchUp
from revivatui.bridge.captain_report import LISTENS
from revivatui.bridge.captain_sender import SayingWorker
from revivatui.bridge.captain_settings import CaptainSettings
from revivatui.bridge.captain_tables import METADATA, SAYINGS, TURNS
from revivatui.bridge.captain_talk import Told
from revivatui.bridge.captain_worker import Mind, TurnWorker
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.jobs import Kind
from revivatui.bridge.lanes import Lanes
from revivatui.bridge.places import Place
from revivatui.bridge.receiver import Keeper, Receiver
from revivatui.bridge.signing import Door
from revivatui.crm.errors import CrmError
from revivatui.crm.store import Store
from revivatui.crm.store.work import Work

LOG: Final = logging.getLogger("revivatui.bridge")

WIDTH: Final = 4
CATCH_UP_SECONDS: Final = 60.0
_DAY: Final = 86_400.0


class Captain:
    def __init__(
        self,
        store: Store,
        bot: ChatwootClient,
        eyes: ChatwootClient,
        place: Place,
        settings: CaptainSettings,
        mind: Mind,
        *,
        clock: Callable[[], float],
        random: Random | None = None,
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        """`bot` has the bot's token, `eyes` the bridge's user's, with which is only read."""
        self.store = store
        self.settings = settings
        self._account_id = place.account_id
        self._clock = clock
        self._own_id = 0
        self._mind = mind
        self.keeper: Keeper[Told] = Keeper(store, self._put, clock, self._kept, is_there)
        turns = TurnWorker(
            store, place.account_id, mind, settings, clock, lambda: self.sayings.wake()
        )
        sayings = SayingWorker(
            store,
            bot,
            eyes,
            place.account_id,
            turns,
            clock,
            random or Random(),
            lambda: self.turns.wake(),
        )
        self.turns = Lanes(store, Kind(TURNS, "captain_turns"), turns.handle, clock, width=WIDTH)
        self.sayings = Lanes(
            store, Kind(SAYINGS, "captain_sayings"), sayings.handle, clock, width=WIDTH
        )
        self.catch_up = CatchUp(store, eyes, place.account_id, settings, clock, self._put)

    def receiver(self) -> Receiver[Told]:
        """The door of the bot. Raises BadBridgeSettings where nothing says who may deliver."""
        if not self.settings.path_secret:
            raise BadBridgeSettings(
                "Nothing tells captain who may deliver: `revivatui bridge setup --captain` makes"
                " the secret of its path."
            )
        door = Door(secrets=self.settings.secrets, token=self.settings.path_secret)
        return Receiver(door, self.keeper, self._made, self._account_id, self._clock)

    def _made(self, body: Mapping[str, Any], delivery_id: str | None) -> Told | None:
        told = told_of(body, self._own_id)
        allowed = self.settings.inboxes
        if told is None or (allowed and told.inbox_id not in allowed):
            return None
        return told

    async def _put(self, work: Work, all_told: Iterable[Told], now: float) -> None:
        await captain_store.alone(work)
        for told in all_told:
            await captain_store.take_in(
                work, self._account_id, told, now, self.settings.wait_seconds
            )

    def _kept(self) -> None:
        self.turns.wake()

    async def settle(self) -> None:
        """Work on everything that is due, once, and return."""
        await self.turns.settle()
        await self.sayings.settle()

    async def run(self) -> None:
        """For ever: first what was said while nobody listened, then what comes."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.keeper.run())
            await self._look(first=True)
            group.create_task(self._ready())
            group.create_task(self.turns.run())
            group.create_task(self.sayings.run())
            group.create_task(self._look_again())

    async def _ready(self) -> None:
        try:
            await self._mind.ready()
        except Exception:
            LOG.exception("captain could not read the shop's texts")

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            await self._look(first=False)

    async def _look(self, *, first: bool) -> None:
        try:
            async with self.store.reading() as reader:
                self._own_id = await captain_store.own_id(reader)
            await self.catch_up.look(first=first)
            now = self._clock()
            async with self.store.unit_of_work() as work:
                await captain_store.alone(work)
                await known.keep_fact(work, LISTENS, repr(now))
                await captain_store.forget_old(work, self._account_id, now)
        except (ApiError, CrmError) as error:
            LOG.warning("captain could not catch up: %s", error)
        except Exception:
            LOG.exception("captain could not catch up")
        self._kept()
        self.sayings.wake()


async def make_tables(store: Store) -> None:
    async with store.unit_of_work() as work:
        await work.connection.run_sync(METADATA.create_all)
