"""Emoji that terminals draw wider or narrower than measured move nothing else and leave nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyte
import pytest

from revivatui.state import events
from revivatui.text.width import wobbles
from tests.ui.desk_help import OnScreen
from tests.ui.quiet_engine import QuietEngine
from tests.ui.recorder import Recorder, record_terminal
from tests.ui.scene import NOW, OPENED, Scene, SceneApp

HEART = "I ❤\ufe0f that"
FAMILY = "👨\u200d👩\u200d👧 1\ufe0f\u20e3 👍🏽 🇵🇹 waited"
SIZES = ((80, 24), (200, 50))


class Narrow:
    """A terminal to which a heart is one cell wide and a family six."""

    def __init__(self, recorder: Recorder, size: tuple[int, int]) -> None:
        self._recorder = recorder
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)

    def look(self) -> None:
        """Take in what was written since."""
        self._stream.feed(self._recorder.text)
        self._recorder.clear()

    def cells(self, line: int, column: int, count: int) -> str:
        return "".join(self._screen.buffer[line][column + n].data for n in range(count))

    def line(self, number: int) -> str:
        return str(self._screen.display[number]).rstrip()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return record_terminal(monkeypatch)


def test_what_terminals_disagree_on_is_known() -> None:
    assert all(map(wobbles, (HEART, FAMILY, "1\ufe0f\u20e3", "👍🏽", "🇵🇹")))
    assert not any(map(wobbles, ("plain", "屏幕坏了", "telemóvel", "👍", "")))


def said(number: int, text: str, message_id: int) -> events.Event:
    message = Scene().message(message_id, number, text, NOW)
    return events.MessagesLoaded(number, (message,), "newest", True, 10_000, NOW)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_an_emoji_of_doubtful_width_moves_nothing_beside_it_and_leaves_nothing(
    tmp_path: Path, recorder: Recorder, size: tuple[int, int]
) -> None:
    app = SceneApp(tmp_path, "nordic", said(OPENED, f"{HEART} and {FAMILY}", 9500))
    async with app.run_test(size=size) as pilot:
        desk, terminal = OnScreen(app, pilot), Narrow(recorder, size)
        QuietEngine(app)
        scene, session = Scene(), app.session
        assert session is not None
        first = scene.conversation(0)
        assert first.preview is not None
        for newest, text in enumerate((FAMILY, HEART, "plain again"), 9600):
            preview = replace(first.preview, id=newest, content=text)
            first = replace(first, preview=preview, updated_at=NOW)
            read = events.ConversationsRead((first,), (), 10_000, NOW)
            session.store.dispatch(read)
            session.store.flush()
            await pilot.pause()
            terminal.look()
            column, line = desk.find("data-")
            assert terminal.cells(line, column, 5) == "data-"
            assert terminal.cells(line, 0, 1) == "▌"
            column, line = desk.find(text[-5:])
            assert terminal.cells(line, column, 5) == text[-5:]
        assert terminal.line(line) == desk.lines()[line].rstrip()
        await pilot.press("enter")
        await desk.sees("Reply to")
        await pilot.pause()
        terminal.look()
        column, line = desk.find("waited", from_line=6)
        assert terminal.cells(line, column, 6) == "waited"


async def test_the_screen_is_painted_anew_when_asked_for(
    tmp_path: Path, recorder: Recorder
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=SIZES[0]) as pilot:
        QuietEngine(app)
        await pilot.press("enter", "r")
        await pilot.pause()
        recorder.clear()
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert "\x1b[2J" in recorder.text
        assert "Reply to" in recorder.text
        assert "complete" in recorder.text
