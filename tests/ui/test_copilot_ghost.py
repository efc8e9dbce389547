"""How a reply could go on, dim behind the cursor: when it is there, what takes it, what it
costs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from revivatui.widgets.composer import Composer
from revivatui.widgets.line_list import LineList
from tests.support.shops import Stage
from tests.ui.copilot_help import SMALL, advice, suggesting, thought
from tests.ui.desk_help import OnScreen
from tests.ui.recorder import Recorder, record_terminal
from tests.ui.scene import SceneApp

WHOLE = "Your phone is ready.\nSee you soon!"
KEY_BYTES = 1500
IDLE_SECONDS = 5.0


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What is offered does not depend on the chat's version."""
    return str(request.param)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return record_terminal(monkeypatch)


class OneComposer(App[None]):
    """A composer with something to offer."""

    def compose(self) -> ComposeResult:
        yield Composer(id="composer")
        yield LineList(id="popup")

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)

    def on_mount(self) -> None:
        self.composer.aim(1, False, "")
        self.composer.offer_ghost(WHOLE)
        self.composer.focus()

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


async def test_an_empty_reply_shows_it_and_the_right_arrow_takes_all_of_it() -> None:
    async with OneComposer().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, OneComposer)
        await pilot.pause()
        assert "Your phone is ready." in app.text()
        assert app.composer.text == ""
        await pilot.press("right")
        assert app.composer.text == WHOLE
        await pilot.press("ctrl+z")
        assert app.composer.text == ""


async def test_a_text_of_many_lines_is_taken_out_again_in_one_go() -> None:
    async with OneComposer().run_test(size=(40, 12)) as pilot:
        app = pilot.app
        assert isinstance(app, OneComposer)
        app.composer.styles.max_height = 5
        app.composer.insert_text("\n".join(f"line {n}" for n in range(20)))
        await pilot.pause()
        await pilot.press("ctrl+z")
        assert app.composer.text == ""
        await pilot.press("ctrl+y")
        assert app.composer.text.endswith("line 19")


async def test_ctrl_right_takes_a_word_and_other_keys_type_as_always() -> None:
    async with OneComposer().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, OneComposer)
        await pilot.press("ctrl+right", "ctrl+right")
        assert app.composer.text == "Your phone"
        await pilot.press("space", "i")
        assert app.composer.text == "Your phone i"
        assert app.composer.ghost_rest == "s ready.\nSee you soon!"
        await pilot.press("x")
        assert app.composer.text == "Your phone ix"
        assert app.composer.ghost_rest == ""
        await pilot.press("right", "tab", "x")
        assert app.composer.text == "Your phone ix"


async def test_it_is_there_only_at_the_end_of_a_text_that_begins_it() -> None:
    async with OneComposer().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, OneComposer)
        composer = app.composer
        await pilot.press(*"your ph")
        assert composer.ghost_rest == "one is ready.\nSee you soon!"
        await pilot.press("left")
        assert composer.ghost_rest == ""
        await pilot.press("right")
        assert composer.text == "your ph"
        assert composer.ghost_rest
        await pilot.press("shift+left")
        assert composer.ghost_rest == ""


async def test_never_in_a_note_and_never_while_a_list_is_open() -> None:
    async with OneComposer().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, OneComposer)
        composer = app.composer
        composer.popup = app.query_one("#popup", LineList)
        assert composer.ghost_rest == ""
        composer.popup = None
        assert composer.ghost_rest == WHOLE
        composer.aim(1, True, "")
        assert composer.ghost_rest == ""
        assert "Your phone" not in app.text()


async def _waits(desk: OnScreen) -> None:
    await desk.until(lambda: desk.inbox.composer.ghost_rest, "something to take")


async def test_the_best_answer_of_the_record_is_offered_and_taking_it_says_where_it_is_from(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, _):
        await desk.press("r")
        await _waits(desk)
        first = advice(desk).shown[0]
        await desk.press("right")
        await desk.until(lambda: desk.inbox.composer.text == first.suggestion.text)
        await desk.sees(f"From {first.suggestion.title[:20]}")


async def test_it_is_quiet_when_the_shop_spoke_last(stage: Stage, tmp_path: Path) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, bench):
        await desk.press("r")
        await _waits(desk)
        stage.colleague_writes(bench.conversation, "I have called them, all is settled.")
        await desk.until(lambda: not advice(desk).asked, "nothing to answer")
        await thought(desk)
        await desk.until(lambda: not desk.inbox.composer.ghost_rest, "nothing to take")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_letter_typed_before_it_stays_within_its_bytes(
    tmp_path: Path, recorder: Recorder, size: tuple[int, int]
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "r")
        await pilot.pause()
        composer = app.screen.query_one(Composer)
        composer.offer_ghost("abcdefgh is how this long text goes on until the line is full of it")
        await pilot.press(*"abc")
        for letter in "defgh":
            await pilot.pause()
            assert composer.ghost_rest
            recorder.clear()
            await pilot.press(letter)
            await pilot.pause()
            assert 0 < recorder.size <= KEY_BYTES, f"{letter}: {recorder.size} bytes"


async def test_a_desk_with_suggestions_that_nothing_happens_to_writes_nothing(
    tmp_path: Path, recorder: Recorder
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True, copilot=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter", "r", "x")
        while not (app.session and app.session.copilot and not app.session.copilot.is_looking
                   and app.session.copilot.took):  # fmt: skip
            await pilot.pause(0.1)
        await pilot.pause(3.0)  # the shop's texts are read a second after the start
        await recorder.quiet(pilot)
        recorder.clear()
        await asyncio.sleep(IDLE_SECONDS)
        assert recorder.size == 0, recorder.text
