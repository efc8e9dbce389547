"""Writing: to whom, what the popup over the composer finds, and how the composer gets the focus."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from revivatui.state import mentions
from tests.ui.desk_help import OnScreen
from tests.ui.quiet_engine import QuietEngine
from tests.ui.scene import OPENED, Scene, SceneApp

SIZES = ((80, 24), (200, 50))
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@asynccontextmanager
async def writing_desk(
    folder: Path, size: tuple[int, int]
) -> AsyncIterator[tuple[OnScreen, QuietEngine]]:
    app = SceneApp(folder, "nordic", opened=True)
    async with app.run_test(size=size) as pilot:
        yield OnScreen(app, pilot), QuietEngine(app)


@sizes
async def test_what_is_typed_after_f4_filters_and_makes_way_for_the_chosen_text(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with writing_desk(tmp_path, size) as (desk, _engine):
        await desk.press("enter", "r")
        await desk.type("Hi. ")
        await desk.press("f4")
        await desk.sees("/diagnosis")
        await desk.type("hou")
        await desk.sees("/hours")
        assert "/diagnosis" not in desk.text()
        await desk.press("enter")
        await desk.sees_no("/hours")
        assert desk.inbox.composer.text == "Hi. We are open from 9 to 18."
        await desk.press("f4", "escape")
        await desk.sees_no("/diagnosis")
        await desk.type(" hours")
        assert desk.inbox.composer.popup is None
        assert desk.inbox.composer.text.endswith("18. hours")


async def test_a_list_that_escape_sent_away_stays_away_while_the_word_is_typed_on(
    tmp_path: Path,
) -> None:
    async with writing_desk(tmp_path, SIZES[0]) as (desk, _engine):
        await desk.press("enter", "r")
        await desk.type("/ho")
        await desk.sees("/hours")
        await desk.press("escape")
        await desk.type("use is closed")
        assert desk.inbox.composer.popup is None
        await desk.press(*["backspace"] * 20)
        await desk.type("/b")
        await desk.sees("/bye")


async def test_a_name_typed_in_a_note_is_offered_and_sent_as_a_mention(tmp_path: Path) -> None:
    async with writing_desk(tmp_path, SIZES[0]) as (desk, engine):
        await desk.press("enter", "r")
        await desk.type("@cl")
        assert desk.inbox.composer.popup is None, "a reply mentions nobody"
        await desk.press("backspace", "backspace", "backspace", "f3")
        await desk.type("ask @cl")
        await desk.sees("@Cleo Bench")
        await desk.press("enter")
        await desk.type("please, or @da")
        await desk.sees("data recovery")
        await desk.press("down", "enter")
        assert desk.inbox.composer.text == "ask @Cleo Bench please, or @data recovery "
        assert desk.inbox.composer.popup is None
        await desk.press("enter")
        ((number, text, private, _quoted, seen),) = engine.of("send")
        assert (number, private, seen) == (OPENED, True, None)
        assert text == (
            "ask [@Cleo Bench](mention://user/2/Cleo%20Bench) please, "
            "or [@data recovery](mention://team/1/data%20recovery) "
        )
        assert mentions.unlinked(text) == "ask @Cleo Bench please, or @data recovery "


@sizes
@pytest.mark.parametrize(("key", "private"), [("r", False), ("n", True)])
async def test_writing_from_the_list_opens_the_conversation_under_its_cursor_first(
    tmp_path: Path, size: tuple[int, int], key: str, private: bool
) -> None:
    async with writing_desk(tmp_path, size) as (desk, engine):
        await desk.press("enter", "escape", "down", key)
        await desk.type("for the second one")
        composer = desk.inbox.composer
        assert composer.text == "for the second one"
        assert (composer.target, composer.private) == (OPENED - 1, private)
        assert desk.inbox.open_id == OPENED - 1
        await desk.sees(Scene().names[1])
        await desk.press("enter")
        seen = None if private else 8999
        assert engine.of("send") == [(OPENED - 1, "for the second one", private, None, seen)]


@sizes
async def test_a_click_on_the_composers_header_or_into_the_empty_composer_goes_there(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with writing_desk(tmp_path, size) as (desk, _engine):
        await desk.press("enter")
        assert desk.inbox.place == "thread"
        await desk.click("Reply to")
        assert desk.inbox.place == "composer"
        await desk.press("escape")
        await desk.pilot.click(desk.inbox.composer, offset=(40, 1))
        assert desk.inbox.place == "composer"
        await desk.press("escape")
        bar = desk.inbox.side.composer_bar
        await desk.pilot.click(bar, offset=(bar.size.width // 2, 0))
        assert desk.inbox.place == "composer"
