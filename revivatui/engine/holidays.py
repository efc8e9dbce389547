"""Holidays: an inbox's hours are changed on the day, and put back after it exactly as they were.

Called as often as one likes, by the desk while it is open and by `revivatui hours apply`; each turn
goes from what is kept and what the server has to what should be, so a crash anywhere heals.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from revivatui.cache.holiday_book import Changed, HolidayBook, Kept
from revivatui.state.admin import DAYS, DayHours, InboxSetup
from revivatui.state.admin_change import Change, Permission, Preview
from revivatui.state.admin_inboxes import set_day
from revivatui.state.admin_words import hours_words

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.state.holidays import Holiday

Ask = Callable[[Callable[["ChatwootClient"], Awaitable[Any]]], Awaitable[Any]]
"""Asks the server one thing; raises as its maker says."""


class Told(NamedTuple):
    """What was done, or could not be; `is_trouble`: somebody should look."""

    words: str
    is_trouble: bool = False


def today_in(inbox: InboxSetup, now: float) -> date:
    """The date at the inbox."""
    try:
        zone: Any = ZoneInfo(inbox.timezone)
    except (KeyError, ValueError, OSError):
        zone = UTC
    return datetime.fromtimestamp(now, zone).date()


def plan(holiday: Holiday, inboxes: tuple[InboxSetup, ...]) -> list[Change]:
    """What a holiday would change, inbox by inbox."""
    return [
        set_day(inbox, holiday.hours_in(inbox), f"{holiday.name} on {holiday.day:%d.%m.%Y}")
        for inbox in inboxes
        if holiday.is_for(inbox)
    ]


async def turn(ask: Ask, book: HolidayBook, now: float) -> list[Told]:
    """Put back what is over, apply what is due. `now` in epoch seconds.

    Raises what `ask` raises, BadHolidays and BookBroken; what was done until then stays right.
    """
    with book.alone() as is_alone:
        if not is_alone:
            return []
        inboxes: tuple[InboxSetup, ...] = await ask(lambda client: client.inbox_setups())
        keeper = _Keeper(ask, book, inboxes, now)
        await keeper.put_back()
        await keeper.apply()
        return keeper.told


class _Keeper:
    """One turn."""

    def __init__(
        self, ask: Ask, book: HolidayBook, inboxes: tuple[InboxSetup, ...], now: float
    ) -> None:
        self._ask = ask
        self._book = book
        self._inboxes = {one.id: one for one in inboxes}
        self._now = now
        self._holidays = book.holidays()
        self.told: list[Told] = []

    @property
    def _kept(self) -> Kept:
        return self._book.kept()

    def _say(self, words: str, *, is_trouble: bool = False) -> None:
        self.told.append(Told(words, is_trouble))

    # --- putting back --------------------------------------------------------------------------

    async def put_back(self) -> None:
        for one in self._kept.changed:
            inbox = self._inboxes.get(one.inbox_id)
            if inbox is None:
                self._book.keep(self._kept.without(one))
                self._say(f"{one.inbox} is no inbox any more: nothing to put back.")
            elif not self._is_on(one, inbox):
                await self._put_back(one, inbox)

    def _is_on(self, one: Changed, inbox: InboxSetup) -> bool:
        """Today is the day, and the file still says so."""
        agreed = self._kept.agreed
        return one.day == today_in(inbox, self._now) and any(
            holiday.mark == one.mark and holiday.mark in agreed and holiday.is_for(inbox)
            for holiday in self._holidays
        )

    async def _put_back(self, one: Changed, inbox: InboxSetup) -> None:
        row = inbox.of_day(one.wanted.day)
        day = f"{DAYS[one.wanted.day]} of {inbox.name}"
        if row == one.wanted and row != one.before:
            row = await self._set(inbox, one.before, f"as before {one.name}")
            if row != one.before:
                self._say(
                    f"{day}: put back after {one.name}, but the server has {hours_words(row)}"
                    f" instead of {hours_words(one.before)}. It is tried again.",
                    is_trouble=True,
                )
                return
            self._say(f"{day} is {hours_words(row)} again, as before {one.name}.")
        elif row != one.before:
            self._say(
                f"{day} was changed by somebody during {one.name}: it stays {hours_words(row)};"
                f" before it was {hours_words(one.before)}.",
                is_trouble=True,
            )
        self._book.keep(self._kept.without(one))

    # --- applying ------------------------------------------------------------------------------

    async def apply(self) -> None:
        for holiday in self._holidays:
            if holiday.mark not in self._kept.agreed:
                continue
            for inbox in tuple(self._inboxes.values()):
                if holiday.is_for(inbox) and holiday.day == today_in(inbox, self._now):
                    await self._apply(holiday, inbox)

    async def _apply(self, holiday: Holiday, inbox: InboxSetup) -> None:
        row = inbox.of_day(holiday.weekday)
        if row is None:
            return
        known = next((o for o in self._kept.changed if o.key == (inbox.id, holiday.weekday)), None)
        if known is None:
            wanted = holiday.hours_in(inbox)
            if row == wanted:  # so already: nothing is ours to put back
                return
            known = Changed(
                inbox.id, inbox.name, holiday.day, holiday.mark, holiday.name, row, wanted
            )
            self._book.keep(self._kept.with_changed(known))
        elif row != known.before or known.mark != holiday.mark:
            return  # done before, or somebody chose otherwise meanwhile
        now = await self._set(inbox, known.wanted, holiday.name)
        day = f"{DAYS[holiday.weekday]} of {inbox.name}"
        if now == known.wanted:
            self._say(f"{holiday.name}: {day} is {hours_words(now)} today.")
        else:
            self._say(
                f"{holiday.name}: {day} should be {hours_words(known.wanted)}, but the server has"
                f" {hours_words(now)}.",
                is_trouble=True,
            )

    async def _set(self, inbox: InboxSetup, hours: DayHours, why: str) -> DayHours | None:
        """Send one weekday and read it back."""
        permission = agreed_before(set_day(inbox, hours, why))
        await self._ask(lambda client: client.carry_out(permission))
        after: InboxSetup = await self._ask(lambda client: client.inbox_setup(inbox.id))
        self._inboxes[inbox.id] = after
        return after.of_day(hours.day)


def agreed_before(change: Change) -> Permission:
    """The permission for what a preview of the holiday showed, and its putting back with it.

    Called for holidays alone whose mark is among those agreed to (`Kept.agreed`), and for what such
    a one changed.
    """
    preview = Preview(change, "")
    preview.differences()
    return preview.yes()
