"""What changed since a cursor, told by the two lists that the vendor filters by time.

Those are tickets (a repair and its ticket at once) and invoices (as their ticket). For customers,
estimates and products the vendor ignores the filter, so their changes are not told of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.repairshopr import reading
from revivatui.crm.repairshopr.reading import Row, id_of, maybe_id
from revivatui.crm.repairshopr.wire import is_last, rows_of
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.views import Change, Changes
from revivatui.state.records import dataclass

_LISTS: Final = ("tickets", "invoices")
_STEADY: Final = timedelta(seconds=5)
"""What the server may still be writing when it answers is read again the next time."""


@dataclass(frozen=True, slots=True)
class _Cursor:
    """How far each list was read, and the walk through the pages of one of them.

    A walk that is not over has the page it comes to next, the newest change it saw, and the
    moment at which it began by the server's clock: a change while it lasts may be on a page that
    was read already, so the next walk starts no later than that.
    """

    done: tuple[str, str] = ("", "")
    place: int = 0
    page: int = 1
    newest: str = ""
    began: str = ""

    def text(self) -> str:
        return json.dumps([*self.done, self.place, self.page, self.newest, self.began])


def _read_cursor(text: str) -> _Cursor:
    if not text:
        return _Cursor()
    try:
        tickets, invoices, place, page, newest, began = json.loads(text)
        for one in (tickets, invoices, newest, began):
            if one:
                datetime.fromisoformat(one)
        if not (isinstance(page, int) and page > 0 and place in (0, 1)):
            raise ValueError
    except (ValueError, TypeError):
        raise InvalidRecord("That is no place in the list of changes.") from None
    return _Cursor((tickets, invoices), place, page, newest, began)


async def since(work: Work, cursor: str, limit: int) -> Changes:
    """See `CrmPort.changes_since`."""
    place = _read_cursor(cursor)
    found: dict[tuple[str, str], Change] = {}
    while len(found) < max(1, limit):
        place, changes, is_over = await _page(work, place)
        found |= {(one.kind, one.id): one for one in changes}
        if is_over:
            return Changes(tuple(found.values()), place.text(), more=False)
    return Changes(tuple(found.values()), place.text(), more=True)


async def so_far(work: Work) -> str:
    """See `CrmPort.changes_so_far`: one request, however many tickets there are."""
    _, now = await work.wire.get_with_time("/me", {})
    until = reading.stamp(now - _STEADY)
    return _Cursor((until, until)).text()


async def _page(work: Work, cursor: _Cursor) -> tuple[_Cursor, list[Change], bool]:
    """One page of one list, the cursor behind it, and whether both lists are at their end."""
    name, after = _LISTS[cursor.place], cursor.done[cursor.place]
    asked: dict[str, Any] = {"page": cursor.page}
    if after:
        asked["since_updated_at"] = after
    answer, now = await work.wire.get_with_time(f"/{name}", asked)
    rows = rows_of(answer, name)
    fresh = [row for row in rows if not after or _stamp(row) > after]
    newest = max([cursor.newest, *map(_stamp, fresh)])
    began = cursor.began or reading.stamp(now - _STEADY)
    changes = [change for row in fresh for change in _changes(name, row)]
    if rows and not is_last(answer, cursor.page):
        return (
            _Cursor(cursor.done, cursor.place, cursor.page + 1, newest, began),
            changes,
            False,
        )
    read_to = max(after, min(newest, began)) if newest else after
    done = (read_to, cursor.done[1]) if cursor.place == 0 else (cursor.done[0], read_to)
    return _Cursor(done, (cursor.place + 1) % 2), changes, cursor.place == 1


def _stamp(row: Row) -> str:
    return reading.stamp(reading.updated(row))


def _changes(name: str, row: Row) -> Iterator[Change]:
    ticket_id = id_of(row) if name == "tickets" else maybe_id(row, "ticket_id")
    if ticket_id:
        at = reading.updated(row)
        yield Change("ticket", ticket_id, at)
        yield Change("repair", ticket_id, at)
