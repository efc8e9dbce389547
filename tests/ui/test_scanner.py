"""A scanner's burst opens the device and types nothing; hands are never taken for one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from textual import _time, events
from textual.widgets import Input

from revivatui.crm.devices import from_label, imei_with_check_digit
from revivatui.screens.forms import MARK, Form
from revivatui.screens.repair_page import RepairPage
from revivatui.screens.repairs import RepairsScreen
from revivatui.screens.scanner import GAP, Burst
from tests.support.shops import Stage
from tests.ui.crm_help import Bench, bench_of, crm_answered, desk_with
from tests.ui.desk_help import OnScreen

SERIAL = "A1RSU3MG2I"
"""Each of its signs is a command of the list."""
IMEI = imei_with_check_digit("35693803564380")
BY_HAND = 1 / 15


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def keys(text: str, gap: float, start: float) -> Sequence[events.Key]:
    """The keys of a text and the enter behind it, as they would arrive."""
    made = [events.Key(char, char) for char in text] + [events.Key("enter", "\r")]
    for number, event in enumerate(made):
        event.time = start + number * gap
    return made


def typed(desk: OnScreen, text: str, gap: float = 0.002) -> None:
    for event in keys(text, gap, _time.get_time()):
        desk.app.post_message(event)


@asynccontextmanager
async def counter(
    stage: Stage, folder: Path, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[OnScreen, Bench, str]]:
    """A desk and the number of the repair of the device with both labels."""
    async with bench_of(stage, folder) as bench:
        repair = await bench.repair("diagnosing", serial=SERIAL)
        async with desk_with(bench, folder, size) as desk:
            await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
            yield desk, bench, repair.number


async def test_a_scan_in_the_list_opens_the_repair_and_commands_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    async with counter(stage, tmp_path) as (desk, _bench, number):
        view, open_id = desk.state.view, desk.state.open_id
        before = dict(desk.state.conversations)
        typed(desk, SERIAL)
        await desk.until(lambda: isinstance(desk.app.screen, RepairPage), "the repair")
        await desk.sees(number)
        assert desk.state.view == view
        assert not desk.state.changes
        page = desk.app.screen
        typed(desk, SERIAL)
        await desk.until(lambda: desk.app.screen is not page, "the page opened anew")
        await desk.until(lambda: len(desk.app.screen_stack) == 2, "one page")
        assert desk.state.open_id == open_id
        assert dict(desk.state.conversations).keys() == before.keys()


@pytest.mark.parametrize("draft", ["", "Your phone with the number ", "A1RSU3MG2I"])
async def test_a_scan_in_the_middle_of_a_reply_leaves_the_reply_as_it_was(
    stage: Stage, tmp_path: Path, draft: str
) -> None:
    async with counter(stage, tmp_path) as (desk, bench, number):
        await desk.press("enter")
        await desk.until(lambda: desk.state.open_id == bench.number)
        await desk.press("r")
        await desk.type(draft)
        stage.forget_asked()
        typed(desk, SERIAL)
        await desk.until(lambda: isinstance(desk.app.screen, RepairPage), "the repair")
        await desk.sees(number)
        assert desk.inbox.composer.text == draft
        assert not desk.state.sends
        assert not [one for one in stage.asked("POST") if "messages" in str(one)]


async def test_what_is_scanned_and_unknown_is_in_the_form_of_what_is_taken_in_next(
    stage: Stage, tmp_path: Path
) -> None:
    async with counter(stage, tmp_path) as (desk, _bench, _number):
        typed(desk, IMEI)
        await desk.sees("was scanned")
        await desk.press("I")
        await desk.sees("What is to be done?")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, Form), "the form")
        form = desk.app.screen
        assert isinstance(form, Form)
        assert form.filled[MARK] == IMEI


async def test_a_form_takes_a_label_wherever_its_cursor_is(stage: Stage, tmp_path: Path) -> None:
    async with counter(stage, tmp_path) as (desk, _bench, _number):
        await desk.press("I")
        await desk.sees("What is to be done?")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, Form), "the form")
        form = desk.app.screen
        assert isinstance(form, Form)
        form._inputs["fault"].focus()
        before = form.filled["fault"]
        await desk.until(lambda: isinstance(desk.app.focused, Input))
        typed(desk, IMEI)
        await desk.until(lambda: form.filled[MARK] == IMEI, "the label in its field")
        assert form.filled["fault"] == before
        assert desk.app.screen is form


async def test_the_same_signs_by_hand_are_text_in_a_reply_and_commands_in_the_list(
    stage: Stage, tmp_path: Path
) -> None:
    async with counter(stage, tmp_path) as (desk, bench, _number):
        await desk.press("R")
        await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen), "the repairs")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.inbox)
        await desk.press("enter")
        await desk.until(lambda: desk.state.open_id == bench.number)
        await crm_answered(desk)
        await desk.press("r")
        typed(desk, SERIAL, BY_HAND)
        await desk.until(
            lambda: (
                SERIAL
                in stage.shop.db.all(
                    "SELECT content FROM messages WHERE conversation_id = ? ORDER BY id DESC",
                    (bench.conversation["id"],),
                )[0]["content"]
            ),
            "the reply has arrived",
        )
        assert desk.inbox.composer.text == ""


def test_of_a_thousand_scans_between_typing_each_is_told_and_no_typing_is() -> None:
    seed = 20_261
    random = Random(seed)
    burst, at, told, scans = Burst(), 0.0, [], []
    for _ in range(1000):
        by_hand = "".join(random.choices("abcRS19 .IMEI0", k=random.randint(0, 20)))
        hand = keys(by_hand, BY_HAND * random.uniform(1.0, 3.0), at + random.uniform(0.07, 2.0))
        label = random.choice((SERIAL, IMEI))
        start = hand[-1].time + random.uniform(GAP * 1.5, 1.0)
        scan = keys(label, random.uniform(0.0005, 0.03), start)
        scans.append(label)
        for event in (*hand, *scan):
            if text := from_label(burst.ends_with(event)):
                told.append(text)
            burst.add(event)
        at = scan[-1].time
    assert told == scans, f"seed {seed}"
