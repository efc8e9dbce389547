"""What is done with repairs, by keys and by mouse, small and large: the database is asked after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from revivatui.crm.devices import imei_with_check_digit
from revivatui.crm.views import Capabilities, RepairQuery
from revivatui.crm.wishes import Move
from tests.support.shops import Stage
from tests.ui.crm_help import SIZES, Bench, bench_of, crm_answered, desk_with, to_repair
from tests.ui.desk_help import OnScreen

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
hands = pytest.mark.parametrize("hand", ["keys", "mouse"])


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What the CRM does not depend on the chat's version."""
    return str(request.param)


@asynccontextmanager
async def at_the_pane(
    stage: Stage, folder: Path, size: tuple[int, int], status: str = "diagnosing"
) -> AsyncIterator[tuple[OnScreen, Bench, str]]:
    """The repair pane of a customer with one repair; gives its number too."""
    async with bench_of(stage, folder) as bench:
        repair = await bench.repair(status)
        async with desk_with(bench, folder, size) as desk:
            await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
            await to_repair(desk)
            await desk.sees(repair.number)
            yield desk, bench, repair.id


async def ask(desk: OnScreen, hand: str, key: str, word: str) -> None:
    """Ask for a command by its key, or by its word in the key bar or in the pane."""
    if hand == "keys":
        await desk.press(key)
    elif word in desk.lines()[-1]:
        await desk.click(word, from_line=len(desk.lines()) - 1)
    else:
        await by_palette(desk, word)


async def by_palette(desk: OnScreen, word: str) -> None:
    await desk.click("ctrl+p")
    await desk.until(lambda: len(desk.app.screen_stack) == 2)
    await desk.type(word)
    await desk.still()
    await desk.press("enter")


async def choose(desk: OnScreen, hand: str, text: str) -> None:
    """Take an option of the dialog: by going down to it, or by clicking it."""
    await desk.sees(text)
    if hand == "mouse":
        await desk.click(text)
        return
    lines = desk.app.screen.lines  # type: ignore[attr-defined]
    for _ in range(40):
        said = "".join(piece.text for piece in lines.lines[lines._cursor or 0].pieces)
        if text in said:
            break
        at = lines._cursor
        await desk.press("down")
        # A key behind one that closed a dialog has its turn a little later.
        await desk.until(lambda at=at: lines._cursor != at, f"a way down to {text!r}")  # type: ignore[misc]
    await desk.press("enter")


async def over(desk: OnScreen) -> None:
    await desk.until(lambda: len(desk.app.screen_stack) == 1, "no dialog any more")
    await crm_answered(desk)


async def eventually(desk: OnScreen, is_so: Callable[[], object]) -> None:
    await desk.until(is_so)


# --- the state -----------------------------------------------------------------------------------


@hands
@sizes
async def test_a_repair_moves_only_where_a_way_leads_and_its_message_is_put_but_not_sent(
    stage: Stage, tmp_path: Path, size: tuple[int, int], hand: str
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", size) as (desk, bench, repair_id):
        sent = len(stage.asked("POST", "*/messages*"))
        await ask(desk, hand, "s", "status")
        await desk.sees("“Diagnosing” now")
        assert "Quality check" not in "\n".join(desk.lines()[8:])
        assert "Cannot be repaired" in desk.text()
        await choose(desk, hand, "In repair")
        await desk.sees("it is not sent")
        await choose(desk, hand, "Put this into the reply")
        await over(desk)
        await desk.sees("is “In repair” now")
        repair = (await bench.store.get_repair(repair_id)).row.repair
        assert repair.status == "in_repair"
        composer = desk.inbox.composer
        assert repair.number in composer.text
        assert (composer.target, composer.private) == (bench.number, False)
        assert desk.inbox.place == "composer"
        assert len(stage.asked("POST", "*/messages*")) == sent


async def test_a_move_with_a_way_back_is_taken_back(stage: Stage, tmp_path: Path) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0], "in_repair") as (desk, bench, one):
        await desk.press("s")
        await choose(desk, "keys", "Quality check")
        await choose(desk, "keys", "Write nothing")
        await desk.sees("takes it back")
        await over(desk)
        await desk.press("u")
        await desk.sees("Undone")
        assert (await bench.store.get_repair(one)).row.repair.status == "in_repair"


async def test_a_repair_that_somebody_moved_meanwhile_stands_and_that_is_said(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, bench, repair_id):
        await desk.press("s")
        await desk.sees("“Diagnosing” now")
        repair = (await bench.store.get_repair(repair_id)).row.repair
        await bench.store.move_repair(Move(repair.id, "unrepairable", repair.version, "Bench"))
        await choose(desk, "keys", "In repair")
        await choose(desk, "keys", "Put this into the reply")
        await desk.sees("Somebody else changed this repair")
        await over(desk)
        await desk.sees("Cannot be repaired")
        assert desk.inbox.composer.text == ""


async def test_what_is_chosen_is_done_to_the_conversation_that_was_shown_when_it_was_asked_for(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[1]) as (desk, bench, repair_id):
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        await desk.press("s")
        await choose(desk, "keys", "In repair")
        await desk.sees("it is not sent")
        desk.inbox.commands.open(other)
        await desk.until(lambda: desk.inbox.open_id == other)
        await choose(desk, "keys", "Put this into the reply")
        await desk.sees(f"the draft of #{bench.number}")
        assert (await bench.store.get_repair(repair_id)).row.repair.status == "in_repair"
        assert desk.inbox.composer.text == ""
        assert "iPhone 13" in desk.state.drafts[bench.number, False].text


@pytest.mark.parametrize("key", ["s", "q", "n", "b", "I"])
async def test_what_a_crm_cannot_do_is_said_and_nothing_is_asked(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr("revivatui.crm.store.store.CAPABILITIES", Capabilities(has_changes=True))
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, _bench, _repair_id):
        await desk.press(key)
        await desk.sees("This CRM does not let")
        assert len(desk.app.screen_stack) == 1


# --- the reply -----------------------------------------------------------------------------------


@hands
@sizes
async def test_facts_are_put_behind_what_is_written_already(
    stage: Stage, tmp_path: Path, size: tuple[int, int], hand: str
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", size) as (desk, _bench, _repair_id):
        await desk.press("escape", "r")
        await desk.type("Good morning.")
        await desk.press("escape")
        await to_repair(desk)
        await ask(desk, hand, "i", "insert facts")
        await desk.sees("what the CRM knows")
        await desk.type("status")
        await desk.press("enter")
        await over(desk)
        await desk.until(lambda: "being diagnosed" in desk.inbox.composer.text)
        assert desk.inbox.composer.text.startswith("Good morning.\n")


# --- quotes --------------------------------------------------------------------------------------


@hands
@sizes
async def test_a_quote_is_made_from_the_catalogue_sent_and_approved(
    stage: Stage, tmp_path: Path, size: tuple[int, int], hand: str
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", size) as (desk, bench, repair_id):
        await ask(desk, hand, "q", "quote")
        await desk.sees("Quote for R-")
        await desk.type("battery")
        await desk.press("enter")
        await desk.sees("Prices for R-")
        await desk.press("ctrl+s")
        await desk.sees("Send it, and put the total")
        await choose(desk, hand, "Send it, and put the total")
        await over(desk)
        await desk.until(lambda: "EUR" in desk.inbox.composer.text, "the total in the reply")
        (quote,) = (await bench.store.get_repair(repair_id)).quotes
        assert quote.status == "pending"
        assert str(quote.total_cost) in desk.inbox.composer.text
        assert (await bench.store.get_repair(repair_id)).row.repair.status == "awaiting_approval"
        await to_repair(desk)
        await desk.sees(" sent ")
        await desk.click(f"Quote {quote.number}")
        await choose(desk, hand, "The customer says yes")
        await desk.sees("is approved")
        file = await bench.store.get_repair(repair_id)
        assert file.quotes[0].status == "approved"
        assert file.row.repair.status == "approved"


async def test_a_declined_quote_keeps_why(stage: Stage, tmp_path: Path) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, bench, repair_id):
        repair = (await bench.store.get_repair(repair_id)).row.repair
        quote = await bench.quote(repair, "70")
        await bench.store.send_quote(quote.id, version=quote.version, actor="Bench")
        desk.crm.changed()
        await desk.sees(" sent ")
        await desk.press("q")
        await choose(desk, "keys", quote.number)
        await choose(desk, "keys", "The customer says no")
        await desk.sees("Why, as far as")
        await desk.type("too dear")
        await desk.press("enter")
        await desk.sees("is declined")
        (kept,) = (await bench.store.get_repair(repair_id)).quotes
        assert (kept.status, kept.decline_reason) == ("declined", "too dear")


async def test_a_new_quote_is_taken_back_while_nobody_was_sent_it(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, bench, repair_id):
        await _make_a_quote(desk)
        await choose(desk, "keys", "Leave it as a draft")
        await over(desk)
        (draft,) = (await bench.store.get_repair(repair_id)).quotes
        assert draft.status == "draft"
        await desk.press("u")
        await desk.sees(f"Undone: {draft.number} is gone")
        assert (await bench.store.get_repair(repair_id)).quotes == ()
        await desk.sees_no(f"Quote {draft.number}")


async def test_a_quote_that_was_sent_is_not_taken_back(stage: Stage, tmp_path: Path) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, bench, repair_id):
        await _make_a_quote(desk)
        await choose(desk, "keys", "it waits for an answer")
        await over(desk)
        await desk.sees("Quote Q-1001 sent")
        assert "undo" not in desk.inbox.situation.crm
        (quote,) = (await bench.store.get_repair(repair_id)).quotes
        assert quote.status == "pending"


async def test_a_quote_that_somebody_else_sent_meanwhile_stands(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, bench, repair_id):
        await _make_a_quote(desk)
        await choose(desk, "keys", "Leave it as a draft")
        await over(desk)
        (draft,) = (await bench.store.get_repair(repair_id)).quotes
        await bench.store.send_quote(draft.id, version=draft.version, actor="Bench")
        await desk.press("u")
        await desk.sees("Somebody else changed this quote")
        assert len((await bench.store.get_repair(repair_id)).quotes) == 1


async def _make_a_quote(desk: OnScreen) -> None:
    await desk.press("q")
    await desk.type("battery")
    await desk.press("enter")
    await desk.sees("Prices for R-")
    await desk.press("ctrl+s")
    await desk.sees("Leave it as a draft")


async def test_a_price_that_is_none_is_said_before_anything_is_made(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", SIZES[0]) as (desk, bench, repair_id):
        await desk.press("q")
        await desk.type("battery")
        await desk.press("enter")
        await desk.sees("Prices for")
        await desk.press("end", "x", "ctrl+s")
        await desk.sees("is no amount of money")
        assert (await bench.store.get_repair(repair_id)).quotes == ()


# --- visits --------------------------------------------------------------------------------------


@hands
@sizes
async def test_a_visit_is_booked_at_a_typed_time_and_taken_back(
    stage: Stage, tmp_path: Path, size: tuple[int, int], hand: str
) -> None:
    async with at_the_pane(stage, tmp_path / "desk", size) as (desk, bench, repair_id):
        await ask(desk, hand, "b", "book" if size == SIZES[1] else "appointment")
        await choose(desk, hand, "the customer brings it")
        await desk.sees("type a time")
        await desk.type("tomorrow 14:30")
        await desk.press("enter")
        await desk.sees("Booked")
        await over(desk)
        now = datetime.now(UTC)
        (visit,) = await bench.store.appointments_between(now, now + timedelta(days=3))
        assert (visit.kind, visit.status) == ("drop_off", "confirmed")
        assert (visit.customer_id, visit.repair_id) == (bench.customer.id, repair_id)
        await desk.press("u")
        await desk.sees("the visit is cancelled")


# --- the counter ---------------------------------------------------------------------------------


@hands
@sizes
async def test_a_device_is_taken_in_and_its_imei_known_by_its_check_digit(
    stage: Stage, tmp_path: Path, size: tuple[int, int], hand: str
) -> None:
    imei = imei_with_check_digit("00123456789012")
    async with at_the_pane(stage, tmp_path / "desk", size) as (desk, bench, _repair_id):
        await ask(desk, hand, "I", "take in" if size == SIZES[1] else "take a device")
        await desk.sees("What is to be done?")
        await desk.type("phone screen")
        await desk.press("enter")
        await desk.sees("Serial number or IMEI")
        await _fill(desk, mark=imei[:-1] + ("1" if imei[-1] != "1" else "2"), model="Pixel 7")
        await desk.press("ctrl+s")
        await desk.sees("wrong digit")
        await _fill(desk, mark=imei)
        await desk.sees("check digit is right")
        await desk.press("ctrl+s")
        await desk.sees("is checked in")
        await over(desk)
        page = await bench.store.list_repairs(RepairQuery(customer_id=bench.customer.id))
        newest = page.rows[0]
        assert (newest.device.imei, newest.device.model) == (imei, "Pixel 7")
        assert (newest.device.brand, newest.repair.status) == ("Google", "received")
        assert newest.repair.type == "screen_phone"


async def _fill(desk: OnScreen, **values: str) -> None:
    for name, value in values.items():
        desk.app.screen._inputs[name].value = value  # type: ignore[attr-defined]
    await desk.pilot.pause()
