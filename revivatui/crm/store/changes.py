"""What changed since a cursor, in the order of commits, each record once."""

from __future__ import annotations

from sqlalchemy import func, select

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.store.tables import CHANGES
from revivatui.crm.store.work import Reader
from revivatui.crm.views import Change, Changes

_MOST = 5000


async def since(reader: Reader, cursor: str, limit: int) -> Changes:
    """See `CrmPort.changes_since`."""
    if cursor and not (cursor.isascii() and cursor.isdigit()):
        raise InvalidRecord("That is no place in the list of changes.")
    limit = max(1, min(limit, _MOST))
    rows = await reader.rows(
        select(CHANGES.c.kind, CHANGES.c.local_id, CHANGES.c.at, CHANGES.c.sequence)
        .where(CHANGES.c.sequence > int(cursor or 0))
        .order_by(CHANGES.c.sequence)
        .limit(limit + 1)
    )
    shown = rows[:limit]
    return Changes(
        changes=tuple(Change(kind, local_id, at) for kind, local_id, at, _ in shown),
        cursor=str(shown[-1].sequence) if shown else cursor,
        more=len(rows) > limit,
    )


async def so_far(reader: Reader) -> str:
    """See `CrmPort.changes_so_far`."""
    newest = await reader.row(select(func.max(CHANGES.c.sequence)))
    return str(newest[0]) if newest and newest[0] else ""
