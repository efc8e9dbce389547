"""What the inbox may cost, counted: widgets, bytes; and that hostile text does nothing anywhere."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from revivatui.screens import alert_watch
from revivatui.screens.inbox import InboxScreen
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on
from tests.ui.hostile import RAW, control_bytes
from tests.ui.recorder import Recorder, record_terminal
from tests.ui.scene import SceneApp

MOST_WIDGETS = 300
KEY_BYTES = 1500
IDLE_SECONDS = 5.0
_OWN_TITLE = re.compile("\x1b\\]0;[^\x00-\x1f\x7f-\x9f]*RevivaTUI\x1b\\\\|\x1b\\[2[23];0t")
"""The terminal's title as the desk sets it: plain text in an envelope of its own."""


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What is painted does not depend on the server's version."""
    return str(request.param)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return record_terminal(monkeypatch)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_inbox_stays_within_its_widgets_and_a_typed_letter_within_its_bytes(
    tmp_path: Path, recorder: Recorder, size: tuple[int, int]
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "r", *"abc")
        assert len(list(app.screen.walk_children())) <= MOST_WIDGETS
        for letter in "defgh":
            await pilot.pause()
            recorder.clear()
            await pilot.press(letter)
            await pilot.pause()
            assert 0 < recorder.size <= KEY_BYTES, f"{letter}: {recorder.size} bytes"


async def test_where_list_and_thread_are_both_shown_going_from_one_to_the_other_styles_nothing_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        inbox, styled = app.screen, []
        assert isinstance(inbox, InboxScreen)
        monkeypatch.setattr(inbox, "update_node_styles", lambda *_, **__: styled.append(inbox.at))
        for pane in ("list", "thread", "list"):
            inbox.go_to(pane)
        assert styled == []
        inbox.go_to("contact")
        assert styled == ["contact"]


async def test_a_desk_that_nothing_happens_to_writes_nothing(
    tmp_path: Path, recorder: Recorder
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("enter", "r", "x")
        await recorder.quiet(pilot)
        recorder.clear()
        await asyncio.sleep(IDLE_SECONDS)
        assert recorder.size == 0, recorder.text


async def test_alerts_that_stay_as_they_are_write_nothing(
    tmp_path: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_watch, "APART", 0.2)
    app = SceneApp(tmp_path, "nordic", opened=True, alerts=True)
    async with app.run_test(size=(120, 30)) as pilot:
        while not (app.session is not None and app.session.loud_alerts):
            await pilot.pause(0.05)
        app.clear_notifications()
        await pilot.press("enter")
        await recorder.quiet(pilot)
        recorder.clear()
        await asyncio.sleep(IDLE_SECONDS)
        assert recorder.size == 0, recorder.text


async def test_hostile_text_of_the_server_does_nothing_in_any_pane(
    stage: Stage, tmp_path: Path, recorder: Recorder
) -> None:
    db = stage.shop.db
    conversation = stage.conversation()
    texts = [text for text in RAW if text.isprintable() or text.encode("utf-8", "ignore")]
    texts = [text.encode("utf-8", "ignore").decode().replace("\x00", "") for text in texts]
    everything = " ".join(text[:200] for text in texts)
    db.update(
        "contacts", conversation["contact_id"], name=everything[:900], identifier=everything,
        custom_attributes={"note": everything, everything[:60]: "value"},
    )  # fmt: skip
    db.update("conversations", conversation["id"], custom_attributes={"device": everything})
    db.execute("UPDATE inboxes SET name = ?", (everything[:300],))
    db.execute("UPDATE teams SET name = ?, description = ?", (everything[:300], everything))
    db.execute("UPDATE labels SET description = ?", (everything,))
    db.execute("UPDATE canned_responses SET content = ?", (everything,))
    db.execute("UPDATE accounts SET name = ?", (everything,))
    colleague = stage.colleague()
    db.update("users", colleague["id"], name=everything[:300], display_name=everything[:300])
    for text in texts:
        stage.customer_writes(conversation, text[:20_000] or "-")
    async with desk_on(stage, tmp_path / "desk", (160, 45)) as desk:
        desk.inbox.commands.open(int(conversation["display_id"]))
        await desk.until(lambda: desk.state.threads, "a thread")
        await _look_everywhere(desk)
    assert control_bytes(_OWN_TITLE.sub("", recorder.text)) == []


async def _look_everywhere(desk: OnScreen) -> None:
    """Every pane and every dialog that shows text of the server."""
    await desk.press("3", "w", "pagedown", "enter", "home", "pagedown", "end", "r", "slash")
    await desk.pilot.pause(0.2)
    await desk.press("enter", "f3", "escape")
    for dialog in ("a", "t", "l", "i", "s", "x", "v"):
        await desk.press("escape", dialog)
        await desk.pilot.pause(0.1)
        await desk.press("down", "escape")
    await desk.press("f2", "f2", "question_mark", "escape", "ctrl+p")
    await desk.pilot.pause(0.2)
    await desk.press("escape")
