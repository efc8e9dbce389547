"""Where holidays are kept, and the desk's own turns: what only the composition root knows."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.cache.holiday_book import HolidayBook
    from revivatui.config import Settings
    from revivatui.paths import Paths
    from revivatui.screens.session import Session

FIRST: Final = 20.0
"""Seconds from the first frame to the desk's first turn."""
EVERY: Final = 300.0
"""Seconds between two turns of an open desk."""


def open_book(settings: Settings, paths: Paths) -> HolidayBook | None:
    """The book of the current profile's account; None where there is no profile."""
    from revivatui.cache.holiday_book import HolidayBook
    from revivatui.state.holidays import FILE

    current = settings.current
    if current is None:
        return None
    server = current.place or current.url
    mark = f"{zlib.crc32(server.encode()):08x}"
    kept = paths.data / f"hours-{current.account_id}-{mark}.json"
    return HolidayBook(paths.config_file.with_name(FILE), kept)


def is_administrator(session: Session | None) -> bool:
    me = session.state.me if session is not None else None
    return me is not None and me.role == "administrator"


async def turn_of_the_desk(
    session: Session,
    book: HolidayBook,
    clock: Callable[[], float],
    say: Callable[[str, bool], None],
) -> None:
    """What holidays want now. `say` is given a sentence, and whether it is trouble."""
    from revivatui.cache.holiday_book import BookBroken
    from revivatui.engine.asking import NotAnswered
    from revivatui.engine.holidays import turn
    from revivatui.state.holidays import BadHolidays

    try:
        if not book.is_due(datetime.fromtimestamp(clock(), UTC).date()):
            return
        for told in await turn(session.engine.ask, book, clock()):
            say(told.words, told.is_trouble)
    except NotAnswered as error:
        if error.why != "unreachable":  # which the desk says anyway, and the next turn tries again
            say(f"Holiday hours: {error}", True)
    except (BadHolidays, BookBroken) as error:
        say(f"Holiday hours: {error}", True)
