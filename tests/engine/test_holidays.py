"""Holidays on a running shop, by the clock: changed on the day, put back exactly, come what may."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from revivatui.api.client import ChatwootClient
from revivatui.cache.holiday_book import BookBroken, HolidayBook
from revivatui.engine.holidays import turn
from revivatui.state.admin import DayHours, InboxSetup
from revivatui.state.admin_change import Change, Preview
from revivatui.state.admin_inboxes import change_hours, set_day
from tests.support.shops import Stage

LISBON = ZoneInfo("Europe/Lisbon")
FILE = """
[[holiday]]
date = 2026-12-25
name = "Christmas"
closed = true

[[holiday]]
date = 2026-12-24
name = "Christmas Eve"
hours = "10:00-14:00"
inboxes = ["Website"]
"""
FRIDAY, THURSDAY = 5, 4


def at(day: int, hour: int = 9, minute: int = 0) -> float:
    """Epoch seconds of a moment of December 2026 in Lisbon."""
    return datetime(2026, 12, day, hour, minute, tzinfo=LISBON).timestamp()


class World:
    """A shop whose inboxes have hours, a book, and an asker that can be made to die."""

    def __init__(self, client: ChatwootClient, book: HolidayBook) -> None:
        self.client = client
        self.book = book
        self.writes = 0
        self.dies_before_write: int | None = None
        self.dies_after_write: int | None = None

    async def ask(self, call: Callable[[ChatwootClient], Awaitable[Any]]) -> Any:
        writes = "permission" in call.__code__.co_freevars
        if writes:
            self.writes += 1
            if self.writes == self.dies_before_write:
                raise ProcessDied
        answer = await call(self.client)
        if writes and self.writes == self.dies_after_write:
            raise ProcessDied
        return answer

    async def turn(self, now: float) -> list[str]:
        return [one.words for one in await turn(self.ask, self.book, now)]

    async def inboxes(self) -> dict[str, InboxSetup]:
        return {one.name: one for one in await self.client.inbox_setups()}

    async def row(self, name: str, day: int) -> DayHours | None:
        return (await self.inboxes())[name].of_day(day)

    async def send(self, change: Change) -> None:
        preview = Preview(change, "")
        preview.differences()
        await self.client.carry_out(preview.yes())

    def agree_to_all(self) -> None:
        for one in self.book.holidays():
            self.book.agree(one.mark)


class ProcessDied(Exception):
    """The process ended here."""


@pytest.fixture
async def world(stage: Stage, tmp_path: Path) -> AsyncIterator[World]:
    token = stage.administrator["token"]
    book = HolidayBook(tmp_path / "holidays.toml", tmp_path / "hours.json")
    book.file.write_text(FILE, encoding="utf-8")
    async with ChatwootClient(stage.url, token, account_id=1) as client:
        made = World(client, book)
        for inbox in await client.inbox_setups():
            if inbox.name not in ("Website", "Phone app"):
                await made.send(change_hours(inbox, replace(inbox, hours_enabled=False)))
                continue
            rows = tuple(
                replace(one, open_hour=9, open_minutes=30, close_hour=18, close_minutes=15)
                for one in inbox.hours
            )
            after = replace(inbox, hours=rows, hours_enabled=True, timezone="Europe/Lisbon")
            await made.send(change_hours(inbox, after))
        yield made


async def test_nothing_is_changed_before_somebody_agreed(world: World) -> None:
    before = await world.inboxes()
    assert await world.turn(at(25)) == []
    assert await world.inboxes() == before
    assert world.writes == 0


async def test_a_holiday_closes_the_day_and_gives_it_back_exactly(world: World) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    assert await world.turn(at(23)) == []
    told = await world.turn(at(24))
    assert told == ["Christmas Eve: Thursday of Website is 10:00-14:00 today."]
    assert await world.row("Website", THURSDAY) == DayHours(THURSDAY, False, False, 10, 0, 14, 0)
    assert await world.row("Phone app", THURSDAY) == before["Phone app"].of_day(THURSDAY)
    assert await world.turn(at(24, 23, 59)) == []
    told = await world.turn(at(25, 0, 1))
    assert told[0] == "Thursday of Website is 09:30-18:15 again, as before Christmas Eve."
    assert len(told) == 3
    for name in ("Website", "Phone app"):
        row = await world.row(name, FRIDAY)
        assert row is not None
        assert row.closed
    assert len(await world.turn(at(26))) == 2
    assert await world.inboxes() == before
    assert world.book.kept().changed == ()
    writes = world.writes
    assert await world.turn(at(26, 1)) == []
    assert world.writes == writes


async def test_who_comes_back_a_week_later_puts_back_too(world: World) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    await world.turn(at(25))
    await world.turn(at(31))
    assert await world.inboxes() == before


async def test_the_day_is_the_day_at_the_inbox(world: World) -> None:
    inbox = (await world.inboxes())["Website"]
    await world.send(change_hours(inbox, replace(inbox, timezone="Pacific/Auckland")))
    world.agree_to_all()
    told = await world.turn(at(24, 13))
    assert [one for one in told if "Website" in one] == [
        "Christmas: Friday of Website is closed today."
    ]


@pytest.mark.parametrize("write", [1, 2])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_crash_around_any_write_of_applying_heals(
    world: World, write: int, moment: str
) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    setattr(world, f"dies_{moment}_write", write)
    with pytest.raises(ProcessDied):
        await world.turn(at(25))
    await world.turn(at(25, 10))
    for name in ("Website", "Phone app"):
        row = await world.row(name, FRIDAY)
        assert row is not None
        assert row.closed, name
    await world.turn(at(26))
    assert await world.inboxes() == before
    assert world.book.kept().changed == ()


@pytest.mark.parametrize("write", [3, 4])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_crash_around_any_write_of_putting_back_heals(
    world: World, write: int, moment: str
) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    await world.turn(at(25))
    setattr(world, f"dies_{moment}_write", write)
    with pytest.raises(ProcessDied):
        await world.turn(at(26))
    await world.turn(at(26, 1))
    assert await world.inboxes() == before
    assert world.book.kept().changed == ()


async def test_a_crash_that_lasts_until_the_day_is_over_leaves_nothing_behind(world: World) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    world.dies_before_write = 1
    with pytest.raises(ProcessDied):
        await world.turn(at(25))
    await world.turn(at(27))
    assert await world.inboxes() == before
    assert world.book.kept().changed == ()


async def test_what_somebody_chose_during_the_holiday_stays_and_is_said(world: World) -> None:
    world.agree_to_all()
    await world.turn(at(25))
    inbox = (await world.inboxes())["Website"]
    chosen = DayHours(FRIDAY, False, False, 12, 0, 13, 0)
    await world.send(set_day(inbox, chosen, "by hand"))
    assert await world.turn(at(25, 12)) == []
    told = await world.turn(at(26))
    assert any("changed by somebody during Christmas" in one and "09:30-18:15" in one
               for one in told)  # fmt: skip
    assert await world.row("Website", FRIDAY) == chosen


async def test_a_holiday_taken_out_of_the_file_is_put_back_the_same_day(world: World) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    await world.turn(at(25))
    world.book.file.write_text("", encoding="utf-8")
    await world.turn(at(25, 10))
    assert await world.inboxes() == before


async def test_a_holiday_that_was_changed_has_to_be_agreed_to_anew(world: World) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    world.book.file.write_text(FILE.replace("closed = true", 'hours = "8-9"'), encoding="utf-8")
    assert await world.turn(at(25)) == []
    assert await world.inboxes() == before


async def test_another_who_is_at_it_is_left_alone(world: World) -> None:
    world.agree_to_all()
    with world.book.alone() as is_alone:
        assert is_alone
        assert await world.turn(at(25)) == []
    assert len(await world.turn(at(25))) == 2


async def test_a_second_machine_does_not_take_the_holiday_for_the_rule(
    world: World, tmp_path: Path
) -> None:
    before = await world.inboxes()
    world.agree_to_all()
    await world.turn(at(25))
    other = HolidayBook(world.book.file, tmp_path / "other" / "hours.json")
    for one in other.holidays():
        other.agree(one.mark)
    assert await turn(world.ask, other, at(25, 10)) == []
    assert other.kept().changed == ()
    await world.turn(at(26))
    await turn(world.ask, other, at(26))
    assert await world.inboxes() == before


async def test_a_damaged_file_of_what_was_before_stops_everything(world: World) -> None:
    world.agree_to_all()
    await world.turn(at(25))
    (world.book.file.parent / "hours.json").write_text('{"agreed": [', encoding="utf-8")
    writes = world.writes
    with pytest.raises(BookBroken, match="damaged"):
        await world.turn(at(26))
    assert world.writes == writes
