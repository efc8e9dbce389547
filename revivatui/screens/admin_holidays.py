"""Holidays: the file of them, what each would change, and whether somebody agreed to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from revivatui.cache.holiday_book import BookBroken, HolidayBook, Kept
from revivatui.engine.holidays import plan, today_in
from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_preview import PreviewScreen
from revivatui.screens.admin_section import ADD, EDIT, REMOVE, Cell, Column, Section
from revivatui.state import admin_inboxes
from revivatui.state.admin_change import Change, Permission, Preview
from revivatui.state.admin_words import hours_words
from revivatui.state.holidays import BadHolidays, Holiday
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import InboxSetup

NOTHING: Final = (
    "It changes nothing: no inbox it is for has working hours that are on (section Hours)."
)


class Holidays(Section):
    ID = admin_inboxes.HOLIDAYS
    NAME = "Holidays"
    CAN = frozenset({ADD, EDIT, REMOVE})
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Day", 16, weight=99),
        Column("Holiday", 40, weight=90, grows=True),
        Column("Hours", 12, weight=85),
        Column("Inboxes", 40, weight=60),
        Column("State", 24, weight=95),
    )
    EMPTY = "No holiday yet: a adds one to the file of holidays."
    _holidays: tuple[Holiday, ...] = ()
    _inboxes: tuple[InboxSetup, ...] = ()
    _kept = Kept()
    _trouble = ""

    @property
    def _book(self) -> HolidayBook | None:
        return self.host.session.holidays()

    async def read(self, client: ChatwootClient) -> None:
        self._inboxes = await client.inbox_setups()
        self._look()

    def _look(self) -> None:
        """The files anew."""
        book, self._trouble = self._book, ""
        self._holidays, self._kept = (), Kept()
        try:
            if book is not None:
                self._kept = book.kept()
                self._holidays = book.holidays()
        except (BadHolidays, BookBroken) as error:
            self._trouble = str(error)

    def empty(self) -> str:
        return f"{symbols.failed} {self._trouble}" if self._trouble else self.EMPTY

    def note(self) -> str:
        book = self._book
        return f"From {book.file}; put back the day after." if book is not None else ""

    def records(self) -> Sequence[Holiday]:
        return self._holidays

    def key(self, record: Holiday) -> str:
        return record.mark

    def find(self, record_id: int | None) -> Any:
        return None

    def facts(self, record: Holiday) -> Mapping[str, str]:
        return {"name": record.name, "day": record.day.isoformat(), "hours": record.words}

    def row(self, record: Holiday) -> Sequence[Cell]:
        state, style = self._state(record)
        return (
            Cell(f"{record.day:%a %d.%m.%Y}"),
            Cell(record.name, "strong"),
            Cell(record.words),
            Cell(", ".join(record.inboxes) or "all with hours", "muted"),
            Cell(state, style),
        )

    def _state(self, record: Holiday) -> tuple[str, str]:
        if any(one.mark == record.mark for one in self._kept.changed):
            return f"{symbols.online} on now", "success"
        if record.day < self._today():
            return "over", "muted"
        if not any(record.is_for(one) for one in self._inboxes):
            return "no inbox has hours", "muted"
        if record.mark in self._kept.agreed:
            return f"{symbols.current} {self._when(record.day)}", "success"
        return f"{symbols.held} not agreed to yet", "warning"

    def _today(self) -> date:
        now = self.host.session.clock()
        days = [today_in(one, now) for one in self._inboxes]
        return min(days) if days else datetime.fromtimestamp(now, self.host.session.tz).date()

    def _when(self, day: date) -> str:
        left = (day - self._today()).days
        return "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"

    # --- agreeing ------------------------------------------------------------------------------

    def edit(self, record: Holiday) -> None:
        """What it changes and puts back, to be agreed to."""
        if record.mark in self._kept.agreed:
            self.host.say("Somebody agreed to it already; d takes that back.")
            return
        change = agreement(record, self._inboxes)
        if not change.requests:
            self.host.say(NOTHING, "warning")
            return
        account = self.host.session.state.account
        preview = Preview(change, f"/api/v1/accounts/{account.id if account else 0}/")

        def answered(permission: Permission | None) -> None:
            if permission is not None:
                self._keep(lambda book: book.agree(record.mark))
                self.host.say(f"{record.name}: agreed. An open desk or `revivatui hours apply`"
                              " does it on the day.")  # fmt: skip

        self.host.open_screen(PreviewScreen(preview), answered)

    def remove(self, record: Holiday) -> None:
        if record.mark not in self._kept.agreed:
            self.host.say("Nobody agreed to it. To take it away, take it out of the file.")
            return
        is_on = any(one.mark == record.mark for one in self._kept.changed)
        self._keep(lambda book: book.disagree(record.mark))
        then = "what it changed is put back within minutes" if is_on else "it will change nothing"
        self.host.say(f"{record.name}: the yes is taken back; {then}.")

    def _keep(self, change: Callable[[HolidayBook], None]) -> None:
        book = self._book
        try:
            if book is not None:
                change(book)
        except (BookBroken, BadHolidays) as error:
            self.host.say(str(error), "warning")
        self._look()
        self.host.show_section()

    # --- another one ---------------------------------------------------------------------------

    def add(self) -> None:
        names = tuple((one.name, one.name) for one in self._inboxes)
        fields = (
            Field("day", "Day", "", "2026-12-25", needed=True),
            Field("name", "Name", "", "Christmas", needed=True),
            Field("hours", "Hours", "closed", "closed, or 10:00-14:00", needed=True),
            Field("inboxes", "Inboxes (none: all)", "", choices=names, several=True),
        )

        def take(values: Values) -> None:
            text = entry(values)
            book = self._book
            try:
                if book is not None:
                    book.add(text)
            except BadHolidays as error:
                raise Wrong("", str(error)) from None
            form.dismiss(None)
            self._look()
            self.host.show_section()
            self.host.say("It is in the file. Look at what it changes with enter, and agree.")

        form = AdminForm("Another holiday, into the file", fields, take, verb="write it down")
        self.host.open_screen(form, lambda _: None)


def entry(values: Mapping[str, str]) -> str:
    """The text of an entry of the file. Raises Wrong."""
    try:
        day = date.fromisoformat(values["day"])
    except ValueError:
        raise Wrong("day", "A day is written like 2026-12-25.") from None
    hours = values["hours"].strip().casefold()
    try:
        admin_inboxes.day_of(hours, day.isoweekday() % 7)
    except ValueError as error:
        raise Wrong("hours", str(error)) from None
    lines = ["[[holiday]]", f"date = {day.isoformat()}", f"name = {_quoted(values['name'])}"]
    lines.append("closed = true" if hours == "closed" else f"hours = {_quoted(hours)}")
    inboxes = [one for one in values["inboxes"].split("\n") if one]
    if inboxes:
        lines.append(f"inboxes = [{', '.join(map(_quoted, inboxes))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def agreement(holiday: Holiday, inboxes: Sequence[InboxSetup]) -> Change:
    """Everything that a yes allows: the day's hours in each inbox, and putting them back."""
    changes = plan(holiday, tuple(inboxes))
    affected = [one for one in inboxes if holiday.is_for(one)]
    puts_back = tuple(
        request
        for inbox in affected
        if (row := inbox.of_day(holiday.weekday)) is not None
        for request in admin_inboxes.set_day(inbox, row, "").requests
    )
    wanted = {one.name: hours_words(holiday.hours_in(one)) for one in affected}
    before = {one.name: hours_words(one.of_day(holiday.weekday)) for one in affected}
    sent = tuple(request for one in changes for request in one.requests)
    return Change(
        admin_inboxes.HOLIDAYS,
        f"{holiday.name}, {holiday.day:%A %d.%m.%Y}",
        (*sent, *puts_back),
        before=before,
        wanted=wanted,
        warnings=(
            f"Sent on the day. What was comes back the day after, with the last"
            f" {_calls(len(puts_back))}.",
        ),
    )


def _calls(many: int) -> str:
    return "call" if many == 1 else f"{many} calls"
