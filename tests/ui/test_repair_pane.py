"""The repair pane: what it shows of whom, how soon, and what it says when it cannot."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from revivatui import config
from revivatui.crm.wishes import CustomerWish, LinkWish, Move
from tests.support.shops import Stage
from tests.ui.crm_help import (
    SIZES,
    WITH_CRM,
    Bench,
    bench_of,
    crm_answered,
    desk_with,
    to_repair,
)
from tests.ui.desk_help import OnScreen, desk_on

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
MOST_CALLS = 7
"""What opening a chat may ask of the CRM: the link, the customer, all about them, and three
repairs; one more where the customer is found by way of a ticket."""


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What the CRM knows does not depend on the chat's version."""
    return str(request.param)


# --- what it shows -----------------------------------------------------------------------------


@sizes
async def test_the_pane_shows_device_state_promise_technician_and_quote(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("in_repair", model="iPhone 13 Pro")
        await bench.quote(repair, "89.90", "45")
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await to_repair(desk)
            seen = (repair.number, "iPhone 13 Pro", "In repair", "on time", "Bench One")
            for words in (*seen, "134.90 EUR", "Part 1", "not sent", "next: the quality"):
                await desk.sees(words)


async def test_what_is_late_visits_and_warranties_are_told_in_words(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        await bench.repair("in_repair", promised_at=yesterday)
        await bench.collected()
        await bench.visit()
        async with desk_with(bench, tmp_path / "desk", SIZES[1]) as desk:
            for words in ("overdue since", "Visit", "brings it", "Warranty until", "Earlier"):
                await desk.sees(words)


async def test_a_narrow_screen_says_the_repair_in_one_line_that_leads_to_the_pane(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("awaiting_parts")
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await desk.click(f"{repair.number} iPhone 13")
            await desk.until(lambda: desk.inbox.place == "repair")
            await desk.sees("next: the part arrives")
            await desk.press("escape")
            await desk.until(lambda: desk.inbox.place == "thread")


@sizes
async def test_contact_and_repair_are_both_reached_and_left_by_keys(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair()
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await to_repair(desk)
            await desk.sees(repair.number)
            await desk.press("ctrl+r")
            await desk.until(lambda: desk.inbox.place == "thread")
            await desk.press("f2")
            await desk.until(lambda: size == SIZES[1] or desk.inbox.place == "contact")
            await desk.press("f2")
            await desk.until(lambda: desk.inbox.place == "thread")


# --- how soon, and how much is asked -------------------------------------------------------------


async def test_opening_a_chat_asks_the_crm_a_handful_of_things_and_nothing_when_it_is_known(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        for model in ("iPhone 13", "iPhone 12", "iPhone SE", "Pixel 7"):
            await bench.repair("received", model=model)
        async with desk_with(bench, tmp_path / "desk", SIZES[1]) as desk:
            crm = desk.crm
            assert 0 < crm.calls <= MOST_CALLS
            asked = crm.calls
            other = next(one for one in desk.inbox.list.ids if one != bench.number)
            desk.inbox.commands.open(other)
            await crm_answered(desk)
            assert crm.calls - asked <= MOST_CALLS
            asked = crm.calls
            desk.inbox.commands.open(bench.number)
            await desk.sees("iPhone SE")
            assert crm.calls == asked


async def test_another_conversation_ends_what_was_asked_for_the_one_before(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        await bench.repair()
        async with desk_on(stage, tmp_path / "desk", SIZES[1], settings=WITH_CRM) as desk:
            await desk.crm.port()
            others = [one for one in desk.inbox.list.ids if one != bench.number][:6]
            for number in (*others, bench.number):
                desk.inbox.commands.open(number)
            await crm_answered(desk)
            await desk.sees("iPhone 13")
            assert all(desk.crm.picture(one).phase == "waiting" for one in others)


async def test_what_somebody_changes_in_the_crm_is_shown_by_itself(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revivatui.screens.crm_desk.LOOK_AGAIN", 0.1)
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("diagnosing")
        async with desk_with(bench, tmp_path / "desk", SIZES[1]) as desk:
            await desk.sees("Diagnosing")
            await desk.until(lambda: desk.crm.house.as_of, "the house is known")
            await bench.store.move_repair(Move(repair.id, "in_repair", repair.version, "Bench"))
            await desk.sees("In repair")


def test_starting_the_desk_imports_no_database() -> None:
    script = (
        "import sys, revivatui.app, revivatui.screens.inbox_commands, revivatui.screens.beside,"
        " revivatui.palette, revivatui.screens.repairs, revivatui.screens.services,"
        " revivatui.screens.health, revivatui.bridge_access;"
        "print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert {"sqlalchemy", "alembic", "aiosqlite", "psycopg"} & set(run.stdout.split()) == set()


# --- who it is -----------------------------------------------------------------------------------


async def test_a_customer_whom_the_crm_does_not_know_is_said_to_be_unknown_and_can_be_chosen(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk", email="else@example.net") as bench:
        repair = await bench.repair()
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await to_repair(desk)
            await desk.sees("Not in the CRM.")
            await desk.press("c")
            await desk.sees("Which customer of the CRM is it?")
            await desk.type(repair.number.lower())
            await desk.sees("else@example.net")
            await desk.press("enter")
            await desk.sees(f"{repair.number} iPhone 13")
        kept = await bench.store.conversation(bench.chat.conversation(bench.number))
        assert kept is not None
        assert kept.customer_id == bench.customer.id


@sizes
async def test_of_several_customers_that_fit_none_is_guessed_and_the_answer_is_kept(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk", email="", phone="+44 7700 900123") as bench:
        second = await bench.store.upsert_customer(
            CustomerWish(name="Second Person", email="second@example.com")
        )
        await bench.store.upsert_customer(
            CustomerWish(customer_id=second.id, phone="+44 7700 900123")
        )
        stage.shop.db.update(
            "contacts", bench.conversation["contact_id"], email=None, phone_number="+447700900123"
        )
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await to_repair(desk)
            await desk.sees("2 customers fit.")
            await desk.click("Second Person")
            await desk.sees("0 repairs")
        kept = await bench.store.conversation(bench.chat.conversation(bench.number))
        assert kept is not None
        assert kept.customer_id == second.id


# --- when it cannot ------------------------------------------------------------------------------


@sizes
async def test_a_crm_that_is_gone_gets_a_plain_line_and_the_desk_goes_on(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    gone = config.Settings(crm_url="postgresql://shop:secret@127.0.0.1:9/none")
    async with desk_on(stage, tmp_path / "desk", size, settings=gone) as desk:
        await desk.press("enter")
        await crm_answered(desk)
        await to_repair(desk)
        await desk.sees("f5 tries again.")
        assert "secret" not in desk.text()
        await desk.press("s")
        await desk.press("escape", "r")
        await desk.type("still here")
        await desk.press("enter")
        await desk.until(lambda: stage.messages_saying("still here"), "a sent reply")
        await desk.press("escape", "R")
        await desk.sees("Nothing could be read. f5 tries again.")
        await desk.press("escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)


async def test_without_a_crm_there_is_no_pane_and_its_keys_say_why(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk", SIZES[1]) as desk:
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.open_id is not None)
        assert "R Repairs" not in desk.text()
        assert not desk.inbox.beside.repair.display
        await desk.press("ctrl+r")
        await desk.sees("needs a CRM")
        await desk.press("R")
        await desk.sees("No CRM is set up")


async def test_a_crm_that_nobody_has_made_yet_is_not_made_by_looking(
    stage: Stage, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    async with desk_on(stage, folder, size=(200, 50), settings=WITH_CRM) as desk:
        desk.inbox.commands.open(desk.inbox.list.ids[0])
        await desk.sees("Not in the CRM")
        session = desk.app.session
        assert session is not None
        assert not session.crm.is_awake
        assert session.crm.calls == 0
        assert not list(folder.rglob("crm.sqlite3"))
        await desk.press("R")
        await desk.until(lambda: list(folder.rglob("crm.sqlite3")), "made when it is wanted")
        await desk.until(lambda: session.crm.is_awake)


async def test_a_crm_that_was_made_by_a_newer_program_is_left_alone_and_said(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk"):
        pass
    with sqlite3.connect(tmp_path / "desk" / "data" / "crm.sqlite3") as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    async with desk_on(stage, tmp_path / "desk", SIZES[1], settings=WITH_CRM) as desk:
        await desk.press("enter")
        await crm_answered(desk)
        await desk.sees("was made by a newer version")


# --- the ticket ----------------------------------------------------------------------------------


async def test_of_several_tickets_it_asks_once_keeps_the_answer_and_can_be_told_another(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        first = await bench.ticket("The phone that fell")
        second = await bench.ticket("The laptop")
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await to_repair(desk)
            await desk.sees("2 open tickets: which is this?")
            await _note(desk, "drop test", choose="The phone that fell")
            await desk.sees(f"ticket {first.number}")
            await _note(desk, "second look", choose="")
            comments = (await bench.store.get_ticket(first.id)).comments
            assert [one.content for one in comments] == ["drop test", "second look"]
            assert all(one.is_internal for one in comments)
            await desk.press("t")
            await desk.click("The laptop")
            await desk.sees(f"ticket {second.number}")
            await desk.press("u")
            await desk.sees(f"ticket {first.number}")
        kept = await bench.store.conversation(bench.chat.conversation(bench.number))
        assert kept is not None
        assert kept.crm_ticket_id == first.id


async def test_a_first_link_is_taken_back_and_a_ticket_that_was_made_for_it_is_named(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        ticket = await bench.ticket("The phone that fell")
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await to_repair(desk)
            await desk.sees(f"{ticket.number} (not linked)")
            await _link(desk, ticket.title)
            await desk.sees("takes it back")
            await desk.press("u")
            await desk.sees(f"#{bench.number} belongs to no ticket")
            await desk.sees(f"{ticket.number} (not linked)")
            key = bench.chat.conversation(bench.number)
            kept = await bench.store.conversation(key)
            assert kept is not None
            assert (kept.crm_ticket_id, kept.customer_id) == (None, bench.customer.id)
            await _link(desk, "a new ticket")
            made = await _ticket_of(bench)
            await desk.press("u")
            await desk.sees(f"{made.number}, made for it, stays open")
            assert await _ticket_of(bench) is None


async def test_a_link_that_somebody_else_changed_meanwhile_stands(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        ticket, other = await bench.ticket("The phone"), await bench.ticket("The laptop")
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await to_repair(desk)
            await _link(desk, ticket.title)
            key = bench.chat.conversation(bench.number)
            await bench.store.link_conversation(
                LinkWish(key, "Bench", other.id, instead_of=ticket.id)
            )
            await desk.press("u")
            await desk.sees("belongs to another")
            assert (await _ticket_of(bench)).id == other.id


async def _link(desk: OnScreen, to: str) -> None:
    await desk.press("t")
    await desk.sees("Which ticket is")
    await desk.click(to, from_line=8)
    await desk.until(lambda: len(desk.app.screen_stack) == 1)
    await desk.sees("belongs to T-")
    await crm_answered(desk)


async def _ticket_of(bench: Bench) -> Any:
    """The ticket that the conversation belongs to, as the database says."""
    kept = await bench.store.conversation(bench.chat.conversation(bench.number))
    if kept is None or kept.crm_ticket_id is None:
        return None
    return (await bench.store.get_ticket(kept.crm_ticket_id)).ticket


async def _note(desk: OnScreen, text: str, *, choose: str) -> None:
    await desk.until(lambda: desk.inbox.place == "repair")
    await desk.press("n")
    if choose:
        await desk.sees("Which ticket is")
        await desk.click(choose)
    await desk.sees("only the shop reads it")
    await desk.type(text)
    await desk.press("enter")
    await desk.sees("Written into")
    await desk.until(lambda: len(desk.app.screen_stack) == 1)


async def test_a_link_that_the_bridge_made_shows_its_customer_whoever_the_contact_says(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk", email="else@example.net") as bench:
        await bench.repair()
        ticket = await bench.ticket("Chat Conversation")
        await bench.store.link_conversation(
            LinkWish(bench.chat.conversation(bench.number), "bridge", ticket_id=ticket.id)
        )
        async with desk_with(bench, tmp_path / "desk", SIZES[1]) as desk:
            await desk.sees("iPhone 13")
            await desk.sees(f"ticket {ticket.number}")
            assert desk.crm.calls <= MOST_CALLS
