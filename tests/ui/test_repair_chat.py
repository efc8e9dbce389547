"""From a repair to its chat: one is opened, several are asked about, none is guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from revivatui.crm.chat_keys import Chat
from revivatui.crm.records_repairs import Repair
from revivatui.crm.wishes import CustomerWish, LinkWish, RepairChange
from revivatui.screens.repair_page import RepairPage
from revivatui.screens.repairs import RepairsScreen
from tests.support.shops import Stage
from tests.ui.crm_help import SIZES, Bench, bench_of, desk_with, to_repair
from tests.ui.desk_help import OnScreen

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What the CRM does not depend on the chat's version."""
    return str(request.param)


def others(bench: Bench, count: int) -> list[int]:
    """The numbers of conversations of the shop that the desk has not opened."""
    rows = bench.stage.shop.db.all("SELECT display_id FROM conversations ORDER BY id")
    return [row["display_id"] for row in rows if row["display_id"] != bench.number][:count]


async def of_somebody_else(bench: Bench) -> Repair:
    """A repair of a customer who is in no chat that the desk has seen."""
    first = bench.customer
    bench.customer = await bench.store.upsert_customer(
        CustomerWish(name="Somebody Else", email="somebody.else@example.net")
    )
    try:
        return await bench.repair("diagnosing", model="ThinkPad T14")
    finally:
        bench.customer = first


async def link(bench: Bench, number: int, chat: Chat | None = None, **more: Any) -> None:
    key = (chat or bench.chat).conversation(number)
    await bench.store.link_conversation(LinkWish(key, "Bench", **more))


async def to_the_line(desk: OnScreen, repair: Repair) -> None:
    """The room of repairs, its cursor on a repair."""
    await desk.press("escape", "R")
    await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen))
    await desk.sees(repair.number)
    room = desk.app.screen
    assert isinstance(room, RepairsScreen)
    for _ in range(20):
        if room.lines.choice == repair.id:
            break
        await desk.press("down")
    assert room.lines.choice == repair.id


async def opened(desk: OnScreen, number: int) -> None:
    await desk.until(lambda: len(desk.app.screen_stack) == 1, "the inbox")
    await desk.until(lambda: desk.inbox.open_id == number, f"#{number} open")
    assert desk.inbox.place == "thread"


@sizes
async def test_the_one_chat_of_a_repair_is_opened_from_the_room_by_key_and_by_mouse(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await of_somebody_else(bench)
        (number,) = others(bench, 1)
        await link(bench, number, customer_id=repair.customer_id)
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await to_the_line(desk, repair)
            await desk.press("c")
            await opened(desk, number)
            await to_the_line(desk, repair)
            await desk.click("c chat")
            await opened(desk, number)


async def test_the_page_of_a_repair_leads_to_the_chat_of_its_ticket(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("diagnosing")
        ticket = await bench.ticket("The phone that fell")
        await bench.store.change_repair(
            repair.id, RepairChange(ticket_id=ticket.id), version=repair.version, actor="Bench"
        )
        about_it, another = others(bench, 2)
        await link(bench, about_it, ticket_id=ticket.id)
        await link(bench, another, customer_id=bench.customer.id)
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await to_repair(desk)
            await desk.sees(repair.number)
            await desk.press("o")
            await desk.until(lambda: isinstance(desk.app.screen, RepairPage))
            await desk.sees("History")
            await desk.press("c")
            await opened(desk, about_it)


async def test_the_chat_where_the_pane_found_the_customer_counts_too(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("diagnosing")
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            desk.inbox.commands.open(others(bench, 1)[0])
            await to_the_line(desk, repair)
            await desk.press("c")
            await opened(desk, bench.number)


@sizes
async def test_of_several_chats_it_asks_and_escape_stays(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await of_somebody_else(bench)
        first, second = others(bench, 2)
        for number in (first, second):
            await link(bench, number, customer_id=repair.customer_id)
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await to_the_line(desk, repair)
            await desk.press("c")
            await desk.sees("Which chat with Somebody Else?")
            await desk.press("escape")
            await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen))
            assert desk.inbox.open_id == bench.number
            await desk.press("c")
            await desk.click(f"#{first}")
            await opened(desk, first)


async def test_no_chat_is_said_and_one_of_another_account_or_chatwoot_is_none(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await of_somebody_else(bench)
        number = bench.number
        elsewhere = (Chat(bench.chat.installation, 2), Chat("chat.example.org", 1))
        for chat in elsewhere:
            await link(bench, number, chat, customer_id=repair.customer_id)
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await to_the_line(desk, repair)
            await desk.press("c")
            await desk.sees("No chat is known to be Somebody Else's")
            assert isinstance(desk.app.screen, RepairsScreen)


async def test_the_chat_of_somebody_who_was_found_by_name_is_opened(
    stage: Stage, tmp_path: Path
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await of_somebody_else(bench)
        (number,) = others(bench, 1)
        await link(bench, number, customer_id=repair.customer_id)
        async with desk_with(bench, tmp_path / "desk", SIZES[0]) as desk:
            await desk.press("escape", "R")
            await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen))
            await desk.press("slash")
            await desk.type("somebody else")
            await desk.sees("name    ")
            await desk.press("enter", "c")
            await opened(desk, number)
