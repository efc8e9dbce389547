"""One way to open a CRM, whichever it is: the address tells the vendor's from our own store."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from revivatui.crm.errors import CrmUnreachable
from revivatui.crm.repairshopr.address import is_vendor

if TYPE_CHECKING:
    from revivatui.crm.port import CrmPort


async def open_crm(
    place: str | Path,
    environ: Mapping[str, str],
    links: Path,
    clock: Callable[[], datetime] | None = None,
) -> CrmPort:
    """Open the CRM at an address: a vendor's, or our own store.

    `links` is the file in which a vendor's adapter remembers what the vendor has no place for;
    what else it needs is in `environ` (`crm/repairshopr/opening.py`). `clock` is what our own
    store takes for now; a vendor has its own. The libraries of either take a while to import, so
    that is done aside. Raises CrmError.
    """
    if isinstance(place, str) and is_vendor(place):
        await _imported("revivatui.crm.repairshopr.opening")
        from revivatui.crm.repairshopr.opening import open_vendor

        return open_vendor(place, environ, links)
    await _imported("revivatui.crm.store")
    from revivatui.crm.store import Store

    return await Store.open(place, clock=clock)


async def _imported(module: str) -> None:
    try:
        await asyncio.to_thread(importlib.import_module, module)
    except ImportError as error:
        raise CrmUnreachable(f"The CRM needs {error.name}, which is not installed.") from error
