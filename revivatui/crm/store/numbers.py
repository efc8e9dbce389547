"""Human numbers: one after the other in each shop, none twice."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from revivatui.crm.errors import NotInCrm
from revivatui.crm.ids import human_number
from revivatui.crm.store.tables import COUNTERS, LOCATIONS
from revivatui.crm.store.work import Work

FIRST: Final = 1001
"""Where a shop's numbers begin, so that all of them have as many digits for years."""


async def next_number(work: Work, letter: str, location_id: str | None) -> str:
    """The next number of the location ("R-2041"); without one, of the first shop."""
    shop_code = await _code_of(work, location_id)
    counted = work.insert(COUNTERS).values(shop_code=shop_code, letter=letter, last=FIRST)
    stepped = counted.on_conflict_do_update(
        index_elements=[COUNTERS.c.shop_code, COUNTERS.c.letter],
        set_={"last": COUNTERS.c.last + 1},
    ).returning(COUNTERS.c.last)
    last = (await work.connection.execute(stepped)).scalar_one()
    return human_number(letter, shop_code, last)


async def _code_of(work: Work, location_id: str | None) -> str:
    if location_id is None:
        return ""
    found = await work.row(select(LOCATIONS.c.code).where(LOCATIONS.c.id == location_id))
    if found is None:
        raise NotInCrm("There is no such shop in the CRM.")
    return str(found[0])
