"""Where the CRM is, and the one way to open it: what only the composition root knows."""

from __future__ import annotations

import asyncio
import importlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from revivatui.crm.errors import CrmUnreachable
from revivatui.screens.crm_desk import CrmDesk

if TYPE_CHECKING:
    from revivatui.config import Settings
    from revivatui.crm.port import CrmPort
    from revivatui.paths import Paths

Opener = Callable[[], Awaitable["CrmPort"]]

AFTER: Final = 0.7
"""Seconds from the first frame to the opening of the CRM, unless a conversation is opened first."""

MADE_WITHIN: Final = 120.0
LOOKS: Final = 0.25
"""Seconds that a CRM may take to be filled for the first time, and between two looks."""

_PASSWORD: Final = re.compile(r"(?<=://)([^/@\s:]*):[^@\s]*@")


def place_of(settings: Settings, paths: Paths) -> str | Path | None:
    """The CRM's address; a plain name is a file beside the desk's other data. None: no CRM."""
    wanted = settings.crm_url.strip()
    if not wanted:
        return None
    return wanted if "://" in wanted else paths.data / Path(wanted).expanduser()


def without_password(address: str) -> str:
    """An address as it may be shown."""
    return _PASSWORD.sub(r"\1:***@", address)


def being_made(file: Path) -> Path:
    """The file that stands beside a CRM while it is filled for the first time."""
    return file.with_name(f"{file.name}.part")


async def _until_made(place: str | Path) -> None:
    """Wait for whoever fills the CRM. Raises CrmUnreachable where that takes too long."""
    if isinstance(place, str):
        return
    for _ in range(round(MADE_WITHIN / LOOKS)):
        if not being_made(place).exists():
            return
        await asyncio.sleep(LOOKS)
    raise CrmUnreachable("The CRM is still being made.")


def desk_access(
    settings: Settings,
    paths: Paths,
    clock: Callable[[], float],
    on_error: Callable[[Exception], object],
) -> CrmDesk:
    """The desk's access to the CRM of the settings, for the Chatwoot that the desk opens.

    `clock` gives epoch seconds; `on_error` is told of what no CRM is to blame for.
    """
    opener, current = opener_of(settings, paths, clock), settings.current
    if opener is None or current is None:
        return CrmDesk()
    from revivatui.crm.chat_keys import Chat, installation_of

    chat = Chat(current.place or installation_of(current.url), current.account_id)
    place = place_of(settings, paths)

    def is_made() -> bool:
        return not isinstance(place, Path) or place.exists() or being_made(place).exists()

    return CrmDesk(opener, chat, on_error, settings.tax_percent, is_made)


def opener_of(settings: Settings, paths: Paths, clock: Callable[[], float]) -> Opener | None:
    """How to open the CRM of the settings; None where they name none."""
    place = place_of(settings, paths)
    if place is None:
        return None

    async def open_it() -> CrmPort:
        await _until_made(place)
        # SQLAlchemy takes half a second to import: never on the loop, never at start.
        try:
            store = await asyncio.to_thread(importlib.import_module, "revivatui.crm.store")
        except ImportError as error:
            raise CrmUnreachable(f"The CRM needs {error.name}, which is not installed.") from error
        opened: CrmPort = await store.Store.open(
            place, clock=lambda: datetime.fromtimestamp(clock(), UTC)
        )
        return opened

    return open_it
