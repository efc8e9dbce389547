"""How captain is, read from its tables whether it runs or not; and its switch."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from revivatui.bridge import captain_store, known
from revivatui.bridge.captain_sender import PAUSED
from revivatui.bridge.captain_tables import SAYINGS, TURNS
from revivatui.crm.store import Store
from revivatui.crm.store.work import Reader
from revivatui.state.captain_health import DAYS, CaptainReport
from revivatui.text.safe import safe_line

LISTENS: Final = "captain:listens"
"""The fact that a bridge with captain keeps while it runs: the moment of its last look."""
QUIET: Final = 150.0
_HANDED: Final = "handed off: "


async def read(reader: Reader, now: float) -> CaptainReport:
    """Everything about captain; its tables are there."""
    since = captain_store.day_of(now - (DAYS - 1) * 86_400.0)
    counts = await captain_store.counted(reader, since)
    today = await captain_store.counted(reader, captain_store.day_of(now))
    listens = await known.fact(reader, LISTENS)
    return CaptainReport(
        off=safe_line(await captain_store.switched_off(reader)),
        listens=bool(listens) and now - float(listens) < QUIET,
        answered=counts.get("answered", 0),
        held_back=counts.get("held back", 0),
        handed_off={
            name.removeprefix(_HANDED): count
            for name, count in counts.items()
            if name.startswith(_HANDED)
        },
        waiting=await _waiting(reader),
        paused=safe_line(await known.fact(reader, PAUSED)),
        tokens_today=today.get("tokens", 0),
    )


async def _waiting(reader: Reader) -> int:
    count = 0
    for table in (TURNS, SAYINGS):
        row = await reader.row(
            select(func.count()).select_from(table).where(table.c.state == "new")
        )
        count += int(row[0]) if row else 0
    return count


async def switch(store: Store, off: str) -> None:
    """`off` says who and when, "" lets captain answer again. Heeded before the next word to a
    customer, those that wait among them."""
    async with store.unit_of_work() as work:
        await captain_store.switch(work, safe_line(off)[:200])
