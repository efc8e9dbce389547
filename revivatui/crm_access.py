"""Where the CRM is, and the one way to open it: what only the composition root knows."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from revivatui.crm.errors import CrmUnreachable, TokenRefused
from revivatui.screens.crm_desk import LOOK_AGAIN, CrmDesk

if TYPE_CHECKING:
    from revivatui.config import Settings
    from revivatui.crm.port import CrmPort
    from revivatui.paths import Paths
    from revivatui.screens.bridge_port import BridgePort

Opener = Callable[[], Awaitable["CrmPort"]]

AFTER: Final = 0.7
"""Seconds from the first frame to the opening of the CRM, unless a conversation is opened first."""

MADE_WITHIN: Final = 120.0
LOOKS: Final = 0.25
"""Seconds that a CRM may take to be filled for the first time, and between two looks."""

VENDOR_LOOKS: Final = 20.0
"""Seconds between two looks whether anything changed at a vendor's, which counts requests."""
TOKEN: Final = "REVIVATUI_CRM_TOKEN"
"""The variable with a vendor's token (`crm/repairshopr/opening.py`, which is imported late)."""
KEPT_AS: Final = "crm"
"""Under what a vendor's token is kept, beside the address of the shop's CRM."""

_PASSWORD: Final = re.compile(r"(?<=://)([^/@\s:]*):[^@\s]*@")


def place_of(settings: Settings, paths: Paths) -> str | Path | None:
    """The CRM's address; a plain name is a file beside the desk's other data, unless it is a
    vendor's host. None: no CRM."""
    wanted = settings.crm_url.strip()
    if not wanted:
        return None
    if "://" in wanted or is_vendors(wanted):
        return wanted
    return paths.data / Path(wanted).expanduser()


def is_vendors(place: str | Path | None) -> bool:
    """Whether a place is an address of a vendor's CRM."""
    # What cannot be one is told apart without an import: this is asked before the first frame.
    if not isinstance(place, str) or not ("http" in place or ".com" in place.lower()):
        return False
    from revivatui.crm.repairshopr.address import is_vendor

    return is_vendor(place)


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

    look_again = VENDOR_LOOKS if is_vendors(place) else LOOK_AGAIN
    return CrmDesk(opener, chat, on_error, settings.tax_percent, is_made, look_again)


def opener_of(settings: Settings, paths: Paths, clock: Callable[[], float]) -> Opener | None:
    """How to open the CRM of the settings; None where they name none."""
    place = place_of(settings, paths)
    if place is None:
        return None

    async def open_it() -> CrmPort:
        from revivatui.crm.opening import open_crm

        await _until_made(place)
        environ = await asyncio.to_thread(_environ_for, place, paths)
        return await open_crm(
            place, environ, links_file(paths), lambda: datetime.fromtimestamp(clock(), UTC)
        )

    return open_it


def look_at_bridge(settings: Settings, paths: Paths, clock: Callable[[], float]) -> BridgePort:
    """What a bridge recorded; its module is imported when somebody looks."""
    from revivatui.bridge_access import access_of

    return access_of(settings, paths, clock)


# --- a vendor's CRM ------------------------------------------------------------------------------


def links_file(paths: Paths) -> Path:
    """Where a vendor's adapter remembers what the vendor has no place for."""
    return paths.data / "crm-links.sqlite3"


def _environ_for(place: str | Path, paths: Paths) -> Mapping[str, str]:
    """The variables that a CRM is opened with: with the token that is kept for it, where none is
    among them. Slow (keyring). Raises TokenRefused where what is kept cannot be read."""
    if isinstance(place, Path) or not is_vendors(place) or os.environ.get(TOKEN):
        return os.environ
    from revivatui import credentials
    from revivatui.crm.repairshopr.address import base_url

    try:
        token = credentials.load_secret(KEPT_AS, base_url(place), paths.credentials_file)
    except credentials.CredentialsError as error:
        raise TokenRefused(str(error)) from None
    return {**os.environ, TOKEN: token} if token else os.environ
