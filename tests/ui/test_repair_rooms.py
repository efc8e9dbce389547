"""All repairs and the services: what they list, what is found, what is done there; hostile text."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from revivatui.crm.store.shapes import REPAIR
from revivatui.crm.store.tables_work import REPAIRS
from revivatui.screens.repair_page import RepairPage
from tests.crm.build import copy_many
from tests.support.shops import Stage
from tests.ui.crm_help import SIZES, Bench, bench_of, desk_with, to_repair
from tests.ui.desk_help import OnScreen
from tests.ui.hostile import RAW, control_bytes
from tests.ui.recorder import Recorder, record_terminal

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
_OWN_TITLE = re.compile("\x1b\\]0;[^\x00-\x1f\x7f-\x9f]*RevivaTUI\x1b\\\\|\x1b\\[2[23];0t")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What the CRM does not depend on the chat's version."""
    return str(request.param)


async def open_room(desk: OnScreen, word: str) -> None:
    """By the top bar where it has room for the word, else by its key."""
    await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
    if word in desk.lines()[0]:
        await desk.click(word)
    else:
        await desk.press({"Repairs": "R", "Services": "S"}[word])
    await desk.until(lambda: type(desk.app.screen).__name__ == f"{word}Screen")


async def inbox_again(desk: OnScreen) -> None:
    await desk.press("escape")
    await desk.until(lambda: len(desk.app.screen_stack) == 1)


# --- all repairs ---------------------------------------------------------------------------------


@sizes
async def test_the_table_counts_what_is_late_and_waits_and_leads_back_to_the_conversation(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        late = await bench.repair("in_repair", model="iPhone 13", promised_at=yesterday)
        await bench.repair("awaiting_parts", model="iPhone 12")
        over = await bench.repair("completed", model="iPhone 8")
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await open_room(desk, "Repairs")
            await desk.sees("Active 2")
            await desk.sees("Overdue 1")
            assert over.number not in desk.text()
            await desk.click("Overdue 1")
            await desk.sees_no("iPhone 12")
            await desk.sees(late.number)
            await desk.click("Parts 1" if size == SIZES[0] else "Waiting for parts 1")
            await desk.sees("iPhone 12")
            await inbox_again(desk)
            assert desk.inbox.open_id == bench.number


async def test_the_unclaimed_and_forgotten_are_listed_behind_thousands_of_newer_repairs(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        unclaimed = await bench.repair("ready", model="iPhone 8")
        forgotten = await bench.repair("awaiting_parts", model="iPhone 12")
        await _age(bench, unclaimed.id, days=40)
        await _age(bench, forgotten.id, days=39)
        newer = await bench.repair("diagnosing", model="iPhone 13", promised_at=None)
        await copy_many(bench.store, newer, 2100)
        async with desk_with(bench, tmp_path / "desk", SIZES[1]) as desk:
            await open_room(desk, "Repairs")
            await desk.sees("Active 2103")
            await desk.click("Unclaimed 1")
            await desk.sees(unclaimed.number)
            assert forgotten.number not in desk.text()
            await desk.click("Forgotten 1")
            await desk.sees(forgotten.number)
            assert unclaimed.number not in desk.text()


async def test_an_empty_list_says_why_and_what_to_do_and_names_no_key_that_does_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        await bench.repair("diagnosing", model="iPhone 13")
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await open_room(desk, "Repairs")
            await desk.sees("enter open")
            await desk.click("Unclaimed 0")
            await desk.sees("Nothing has been ready for more than 14 days.")
            await desk.sees("f shows other repairs")
            assert not {"enter open", "s status", "c chat"} & set(desk.lines()[-1].split("  "))
            await desk.press("slash")
            await desk.type("zzz")
            await desk.sees("Nothing in the CRM is like this.")
            await desk.sees("A name, phone, e-mail, serial")


async def _age(bench: Bench, repair_id: str, *, days: int) -> None:
    """As if everything of a repair had happened so long ago."""
    columns = ("created_at", "updated_at", "received_at", "ready_at")
    async with bench.store.unit_of_work() as work:
        then = work.now - timedelta(days=days)
        kept = await work.one(REPAIR, repair_id, "repair")
        moved = {name: then for name in columns if getattr(kept, name) is not None}
        await work.run(update(REPAIRS).where(REPAIRS.c.id == repair_id).values(moved))


@sizes
async def test_repairs_are_found_by_number_serial_phone_and_name_and_a_device_tells_its_history(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(
        stage, tmp_path / "desk", name="Findable Person", phone="+44 7700 900456"
    ) as bench:
        repair = await bench.repair("completed", model="iPhone 13")
        device = (await bench.store.get_repair(repair.id)).row.device
        await _give_serial(bench, device.id, "F2LXK0AAJG5H")
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await open_room(desk, "Repairs")
            for text, by in ((repair.number, "number"), ("F2LXK0AAJG5H", "serial"),
                             ("07700900456", "phone"), ("findable", "name")):  # fmt: skip
                await desk.press("slash")
                desk.app.screen.field.value = text  # type: ignore[attr-defined]
                await desk.sees(f"{by:8}")
                await desk.sees("Findable Person")
                if by == "serial":
                    await desk.press("enter", "enter")
                    await desk.until(lambda: isinstance(desk.app.screen, RepairPage))
                    await desk.sees("Its repairs")
                    await desk.sees(repair.number)
                    await desk.press("escape")
                    await desk.until(lambda: not isinstance(desk.app.screen, RepairPage))
                await desk.press("escape")
                await desk.until(lambda: not desk.app.screen.field.display)  # type: ignore[attr-defined]


async def _give_serial(bench: Bench, device_id: str, serial: str) -> None:
    from dataclasses import replace

    (device,) = [one for one in await bench.store.devices_of(bench.customer.id)
                 if one.id == device_id]  # fmt: skip
    await bench.store.save_device(replace(device, serial=serial))


@sizes
async def test_what_is_marked_moves_together_and_what_cannot_is_named(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        first = await bench.repair("diagnosing", model="iPhone 13")
        second = await bench.repair("diagnosing", model="iPhone 12")
        third = await bench.repair("testing", model="iPhone SE")
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await open_room(desk, "Repairs")
            await desk.sees("Active 3")
            await desk.press("asterisk", "s")
            await desk.sees("3 repairs move on")
            await desk.click("In repair", from_line=5)
            await desk.sees("3 repairs are")
            for one in (first, second, third):
                assert (await bench.read(one)).status == "in_repair"


# --- services ------------------------------------------------------------------------------------


@sizes
async def test_services_stand_data_recovery_first_and_go_into_the_reply(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with (
        bench_of(stage, tmp_path / "desk") as bench,
        desk_with(bench, tmp_path / "desk", size) as desk,
    ):
        sent = len(stage.asked("POST", "*/messages*"))
        await open_room(desk, "Services")
        await desk.sees("no data, no fee")
        assert desk.find("Data recovery")[1] < 6
        await desk.press("slash")
        await desk.type("phone battery")
        await desk.sees_no("Data recovery:")
        await desk.press("enter", "enter")
        await desk.until(lambda: "Phone battery: 49.00 to 99.00 EUR" in desk.inbox.composer.text)
        assert desk.inbox.composer.target == bench.number
        assert len(stage.asked("POST", "*/messages*")) == sent


@sizes
async def test_a_service_is_changed_in_the_catalogue_and_a_wrong_price_is_not(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with (
        bench_of(stage, tmp_path / "desk") as bench,
        desk_with(bench, tmp_path / "desk", size) as desk,
    ):
        await open_room(desk, "Services")
        await desk.press("slash")
        await desk.type("phone battery")
        await desk.press("enter", "e")  # before what was typed is looked for by itself
        await desk.sees("Price from")
        form = desk.app.screen
        form._inputs["price_from"].value = "120"  # type: ignore[attr-defined]
        await desk.pilot.pause()
        await desk.press("ctrl+s")
        await desk.sees("below the lower one")
        form._inputs["price_to"].value = "150"  # type: ignore[attr-defined]
        await desk.pilot.pause()
        await desk.click("save")
        await desk.sees("120.00 to 150.00 EUR")
        (item,) = [one for one in await bench.store.list_services(all_of_them=True)
                   if one.code == "battery_phone"]  # fmt: skip
        assert (str(item.price_from), str(item.price_to)) == ("120.00 EUR", "150.00 EUR")


# --- hostile text --------------------------------------------------------------------------------


async def test_hostile_text_in_every_field_of_the_crm_does_nothing_anywhere(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder: Recorder = record_terminal(monkeypatch)
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("diagnosing")
        await bench.quote(repair, "10", "20")
        await bench.ticket("one")
        await bench.ticket("two")
        await bench.visit()
        await bench.collected()
        _poison(tmp_path / "desk" / "data" / "crm.sqlite3")
        async with desk_with(bench, tmp_path / "desk", (160, 45)) as desk:
            await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
            await to_repair(desk)
            for key in ("s", "i", "q", "n", "b", "t", "o", "I"):
                await desk.press(key)
                await desk.pilot.pause(0.1)
                await desk.press("enter")
                await desk.pilot.pause(0.1)
                while len(desk.app.screen_stack) > 1:
                    await desk.press("escape")
                    await desk.pilot.pause(0.05)
                if desk.inbox.place != "repair":
                    await to_repair(desk)
            await desk.press("escape", "R")
            await desk.pilot.pause(0.3)
            await desk.press("tab", "tab", "tab", "tab", "tab", "tab", "space", "s")
            await desk.pilot.pause(0.2)
            await desk.press("escape", "enter")
            await desk.pilot.pause(0.3)
            await desk.press("escape", "escape", "S", "e")
            await desk.pilot.pause(0.2)
            await desk.press("escape", "escape")
    assert control_bytes(_OWN_TITLE.sub("", recorder.text)) == []


def _poison(file: Path) -> None:
    """Whoever writes into the database by other means: every column of free words."""
    everything = " ".join(text[:120] for text in RAW if "\x00" not in text)
    everything = everything.encode("utf-8", "ignore").decode()
    words = {
        "customers": ("name", "company_name", "notes", "loyalty_tier", "type", "language"),
        "devices": ("brand", "model", "serial", "imei", "colour", "storage", "notes"),
        "repairs": ("fault", "intake_condition", "type"),
        "repair_events": ("actor", "note"),
        "quotes": ("terms", "decline_reason"),
        "quote_lines": ("description",),
        "tickets": ("title", "description"),
        "technicians": ("name",),
        "locations": ("name",),
        "services": ("name", "description", "device_model"),
        "appointments": ("notes",),
        "warranties": ("terms",),
    }
    with closing(sqlite3.connect(file)) as database, database:
        for table, columns in words.items():
            for column in columns:
                database.execute(f"UPDATE {table} SET {column} = ?", (everything,))
        database.execute("UPDATE repairs SET accessories = json_array(?)", (everything,))
