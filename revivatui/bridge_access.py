"""Where the bridge's tables are, and how the desk reads them: what only the composition root knows.

The bridge itself is a daemon of its own. The desk looks at what it recorded, through a store that
is opened when somebody looks and closed when they leave.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from revivatui.crm.errors import CrmError, CrmUnreachable
from revivatui.crm_access import being_made, is_vendors, place_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from revivatui.config import Settings
    from revivatui.crm.store import Store
    from revivatui.paths import Paths
    from revivatui.state.bridge_health import Letter, Report

CRM_VARIABLE: Final = "REVIVATUI_CRM"
_OWN: Final = "crm.sqlite3"


def place_of_bridge(settings: Settings, paths: Paths, given: str) -> str | Path:
    """The database of the bridge: a URL of PostgreSQL, or the path of a SQLite file.

    `given` is what the bridge's own settings or the environment name; else it is the CRM of the
    desk where that is one of our own, else the file beside the desk's other data.
    """
    if given:
        return given if "://" in given else paths.data / Path(given).expanduser()
    place = place_of(settings, paths)
    return place if place is not None and not is_vendors(place) else paths.data / _OWN


class BridgeAccess:
    """Reads what a bridge recorded, and sees to its dead letters. Opened by the first question.

    Everything raises CrmError, in a plain sentence.
    """

    def __init__(self, place: str | Path, clock: Callable[[], float]) -> None:
        self._place = place
        self._clock = clock
        self._store: Store | None = None
        self._turn = asyncio.Lock()

    async def report(self) -> Report | None:
        """None where no bridge ever worked on this CRM."""
        if isinstance(self._place, Path) and not self._is_made(self._place):
            return None
        async with self._reporting() as (report, store):
            found: Report | None = await report.read(store, self._clock())
            return found

    async def letters(self) -> tuple[Letter, ...]:
        async with self._reporting() as (report, store):
            return tuple(await report.letters(store))

    async def told(self, letter_id: str) -> tuple[str, ...]:
        """A dead letter in full, but for what a customer wrote."""
        async with self._reporting() as (report, store):
            return tuple(report.told(await report.letter(store, letter_id)))

    async def retry(self, letter_id: str) -> None:
        async with self._reporting() as (report, store):
            await report.retry(store, await report.letter(store, letter_id))

    async def drop(self, letter_id: str) -> None:
        async with self._reporting() as (report, store):
            await report.drop(store, await report.letter(store, letter_id))

    async def switch_captain(self, off: str) -> None:
        async with self._reporting() as (report, store):
            await report.captain(store, off)

    async def close(self) -> None:
        async with self._turn:
            store, self._store = self._store, None
            if store is not None:
                await store.close()

    @staticmethod
    def _is_made(file: Path) -> bool:
        return file.exists() and not being_made(file).exists()

    @asynccontextmanager
    async def _reporting(self) -> AsyncIterator[tuple[Any, Store]]:
        """The module that reads, and the store that it reads from; one at a time."""
        async with self._turn:
            report = await _imported("revivatui.bridge.report")
            errors = await _imported("revivatui.bridge.errors")
            if self._store is None:
                module = await _imported("revivatui.crm.store")
                self._store = await module.Store.open(self._place)
            assert self._store is not None
            try:
                yield report, self._store
            except errors.BridgeError as error:
                raise CrmError(str(error)) from error


async def _imported(module: str) -> Any:
    """SQLAlchemy takes half a second to import: never on the loop, never at start."""
    try:
        return await asyncio.to_thread(importlib.import_module, module)
    except ImportError as error:
        raise CrmUnreachable(
            f"The bridge's tables need {error.name}, which is not installed."
        ) from error


def access_of(settings: Settings, paths: Paths, clock: Callable[[], float]) -> BridgeAccess:
    """A look at the bridge of the settings; `clock` gives epoch seconds."""
    named = os.environ.get(CRM_VARIABLE) or settings.bridge.get("crm", "")
    is_ours = isinstance(named, str) and not is_vendors(named)
    return BridgeAccess(place_of_bridge(settings, paths, named if is_ours else ""), clock)
