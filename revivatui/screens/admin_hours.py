"""Working hours by inbox: seven days and a time zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_inboxes import SWITCH
from revivatui.screens.admin_section import EDIT, Cell, Column, Section
from revivatui.state import admin_inboxes
from revivatui.state.admin import DAYS, WEEK
from revivatui.state.admin_words import hours_facts, hours_words, on_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import InboxSetup


class WorkingHours(Section):
    ID = admin_inboxes.HOURS
    NAME = "Hours"
    CAN = frozenset({EDIT})
    EMPTY = "There is no inbox yet: a channel is connected on Chatwoot's own pages."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Inbox", 28, weight=99),
        Column("Hours", 5, weight=95),
        Column("Week", 90, weight=90, grows=True),
        Column("Time zone", 24, weight=30),
    )
    _inboxes: tuple[InboxSetup, ...] = ()

    async def read(self, client: ChatwootClient) -> None:
        self._inboxes = await client.inbox_setups()

    def records(self) -> Sequence[InboxSetup]:
        return self._inboxes

    def facts(self, record: InboxSetup) -> Mapping[str, str]:
        return hours_facts(record)

    def said(self, record: InboxSetup) -> str:
        return f"{record.name} {super().said(record)}"

    def row(self, record: InboxSetup) -> Sequence[Cell]:
        return (
            Cell(record.name, "strong"),
            Cell(on_off(record.hours_enabled), "success" if record.hours_enabled else "muted"),
            Cell(week_words(record), "" if record.hours_enabled else "muted"),
            Cell(record.timezone, "muted"),
        )

    def note(self) -> str:
        return "Outside its hours an inbox answers with its out of office text."

    def edit(self, record: InboxSetup) -> None:
        fields = (
            Field("enabled", "Working hours", on_off(record.hours_enabled), choices=SWITCH),
            Field("timezone", "Time zone", record.timezone, "like Europe/Lisbon", needed=True),
            *(
                Field(str(day), DAYS[day], hours_words(record.of_day(day)),
                      "9-18, 09:30-18:00, closed, all day")
                for day in WEEK
            ),
        )  # fmt: skip

        def take(values: Values) -> None:
            after = changed(record, values)
            if after == record:
                raise Wrong("", "Nothing is different yet.")
            self.host.propose(admin_inboxes.change_hours(record, after), form)

        form = AdminForm(f"Hours of {record.name}", fields, take)
        self.host.open_screen(form, lambda _: None)


def week_words(record: InboxSetup) -> str:
    """The seven days, those in a row that are alike together: "Mon-Fri 09:00-18:00, Sat closed"."""
    runs: list[tuple[int, int, str]] = []
    for day in WEEK:
        said = hours_words(record.of_day(day))
        if runs and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    return ", ".join(f"{_run(first, last)} {said}" for first, last, said in runs)


def _run(first: int, last: int) -> str:
    return DAYS[first][:3] if first == last else f"{DAYS[first][:3]}-{DAYS[last][:3]}"


def changed(record: InboxSetup, values: Mapping[str, str]) -> InboxSetup:
    """The inbox with the hours as filled in. Raises Wrong."""
    zone = values["timezone"]
    if zone != record.timezone and zone not in available_timezones():
        raise Wrong("timezone", f"'{zone}' is no time zone; type one like {_like(zone)}.")
    for day in WEEK:
        try:
            typed = {one: values[str(one)] if one == day else "closed" for one in WEEK}
            admin_inboxes.week_of(typed, record)
        except ValueError as error:
            raise Wrong(str(day), str(error)) from None
    week = admin_inboxes.week_of({day: values[str(day)] for day in WEEK}, record)
    return replace(record, hours=week, timezone=zone, hours_enabled=values["enabled"] == "on")


def _like(typed: str) -> str:
    """A real zone that is like what was typed."""
    wanted = typed.casefold().replace(" ", "_")
    found = sorted(one for one in available_timezones() if wanted and wanted in one.casefold())
    return str(ZoneInfo(found[0])) if found else "Europe/Lisbon"
