"""Where holidays are kept, and the desk's own turns: what only the composition root knows."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from revivatui.screens.at_work import begin_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.app import DeskApp
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


def watch(app: DeskApp) -> None:
    """From now on, while an administrator's desk is open, what holidays want is done."""
    app.set_timer(FIRST, partial(keep, app))
    app.set_interval(EVERY, partial(keep, app))


def keep(app: DeskApp) -> None:
    """One turn, where there is a book and the agent may."""
    session = app.session
    book = session.holidays() if session is not None else None
    me = session.state.me if session is not None else None
    if session is None or book is None or me is None or me.role != "administrator":
        return

    def say(text: str, is_trouble: bool) -> None:
        severity: Literal["warning", "information"] = "warning" if is_trouble else "information"
        app.notify(text, severity=severity, timeout=10, markup=False)

    begin_alone(app, "hours", _turn, session, book, say)


async def _turn(session: Session, book: HolidayBook, say: Callable[[str, bool], None]) -> None:
    from revivatui.cache.holiday_book import BookBroken
    from revivatui.engine.asking import NotAnswered
    from revivatui.engine.holidays import turn
    from revivatui.state.holidays import BadHolidays

    now = session.clock()
    try:
        if not book.is_due(datetime.fromtimestamp(now, UTC).date()):
            return
        for told in await turn(session.engine.ask, book, now):
            say(told.words, told.is_trouble)
    except NotAnswered as error:
        if error.why != "unreachable":  # which the desk says anyway, and the next turn tries again
            say(f"Holiday hours: {error}", True)
    except (BadHolidays, BookBroken) as error:
        say(f"Holiday hours: {error}", True)
