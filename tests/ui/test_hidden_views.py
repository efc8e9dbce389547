"""What was off the screen and comes back shows what is true now, at its size, with its cursor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.state import events
from tests.ui.desk_help import OnScreen
from tests.ui.quiet_engine import QuietEngine
from tests.ui.scene import NOW, OPENED, SAID, Scene, SceneApp

NARROW = (80, 24)
WORDS = "This sentence is long enough to need more than sixteen columns"


def said_in(number: int) -> events.Event:
    message = Scene().message(7000 + number, number, f"{WORDS} {number}", NOW - 60)
    return events.MessagesLoaded(number, (message,), "newest", True, 10_000, NOW)


@asynccontextmanager
async def narrow_desk(folder: Path) -> AsyncIterator[OnScreen]:
    app = SceneApp(folder, "nordic", *(said_in(OPENED - n) for n in range(4)))
    async with app.run_test(size=NARROW) as pilot:
        QuietEngine(app)
        yield OnScreen(app, pilot)


async def test_every_thread_opened_in_a_narrow_terminal_takes_its_whole_width(
    tmp_path: Path,
) -> None:
    async with narrow_desk(tmp_path) as desk:
        for number in (OPENED, OPENED - 1, OPENED - 2):
            await desk.press("enter")
            await desk.sees(f"{WORDS} {number}")
            await desk.press("escape")
            await desk.sees("Unassigned")
            await desk.press("down")


async def test_learning_who_is_signed_in_while_the_thread_is_hidden_keeps_its_width(
    tmp_path: Path,
) -> None:
    async with narrow_desk(tmp_path) as desk:
        await desk.press("enter")
        await desk.sees(f"{WORDS} {OPENED}")
        await desk.press("escape")
        await desk.sees("Unassigned")
        desk.inbox.thread.set_me(2)
        await desk.press("tab", "up")
        await desk.sees(f"▌ {WORDS} {OPENED}")


@pytest.mark.parametrize("row", [0, len(SAID) - 1], ids=["first", "last"])
async def test_the_list_comes_back_with_what_changed_and_its_cursor_on_screen(
    tmp_path: Path, row: int
) -> None:
    async with narrow_desk(tmp_path) as desk:
        scene, session = Scene(), desk.app.session
        assert session is not None
        await desk.press("end" if row else "home", "enter")
        await desk.sees("‹ Inbox")
        rows, people = [], []
        for n in range(9):
            new = replace(scene.conversation(n), id=2000 + n, contact_id=500 + n, preview=None,
                          last_activity_at=NOW - n, updated_at=NOW)  # fmt: skip
            rows.append(new)
            people.append(replace(scene.contact(n), id=500 + n, name=f"Newcomer {n}"))
        session.store.dispatch(events.ConversationsRead(tuple(rows), tuple(people), 10_000, NOW))
        session.store.flush()
        assert desk.inbox.list.ids[0] == 2000
        await desk.press("escape")
        await desk.sees("Unassigned")
        await desk.pilot.pause()
        assert desk.inbox.list.cursor_id == OPENED - row
        line = next(line for line in desk.lines()[3:] if line.startswith("▌"))
        assert scene.names[row] in line
        await desk.press("home")
        await desk.sees("Newcomer 0")
        await desk.press("tab", "escape")
        await desk.sees("Unassigned")
        assert "Newcomer 0" in desk.text()


async def test_a_list_of_lines_that_changed_while_hidden_shows_the_new_ones(
    tmp_path: Path,
) -> None:
    async with narrow_desk(tmp_path) as desk:
        await desk.press("enter", "f2")
        await desk.sees(Scene().names[0])
        await desk.press("f2", "escape")
        scene, session = Scene(), desk.app.session
        assert session is not None
        renamed = replace(scene.contact(0), name="somebody else")
        session.store.dispatch(events.ConversationsRead((), (renamed,), 10_000, NOW))
        session.store.flush()
        desk.inbox.go_to("contact")
        await desk.sees("somebody else")
        assert not desk.find("somebody else")[1] > 3
