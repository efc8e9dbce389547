"""The screens as pictures, each looked at when it was taken: sizes, themes, states that matter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.state.events import ConversationsLoaded, LinkChanged, ViewChosen
from revivatui.state.models import Counts, ListView
from tests.ui.pictures import at_rest
from tests.ui.scene import NOW, Scene, SceneApp

SIZES = ((80, 24), (120, 30), (200, 50))
LOOKS = ("nordic", "nordic-dark", "no-colour")
NOBODYS = ListView(tab="unassigned")
Compare = Callable[..., bool]


def app(look: str, folder: Path, patch: pytest.MonkeyPatch, *told: Any, **how: Any) -> SceneApp:
    if look == "no-colour":
        patch.setenv("NO_COLOR", "1")
    else:
        patch.delenv("NO_COLOR", raising=False)
    return SceneApp(folder, "nordic" if look == "no-colour" else look, *told, **how)


def size_name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_inbox(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    look: str,
) -> None:
    assert snap_compare(app(look, tmp_path, monkeypatch), terminal_size=size)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_thread(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    look: str,
) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.press("enter", "r", "V", "o", "u", "space")
        await at_rest(pilot)

    desk = app(look, tmp_path, monkeypatch, opened=True)
    assert snap_compare(desk, terminal_size=size, run_before=open_it)


# Every size in one look, every look at one size.
@pytest.mark.parametrize(
    ("size", "look"),
    [*((size, "nordic") for size in SIZES), *(((80, 24), look) for look in LOOKS[1:])],
    ids=lambda value: size_name(value) if isinstance(value, tuple) else value,
)
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("note", ["enter", "n", "w", "e", "t"]),
        ("canned", ["enter", "r", "slash"]),
        ("assign", ["enter", "a"]),
        ("labels", ["enter", "l"]),
        ("snooze", ["enter", "z"]),
        ("contact", ["enter", "f2"]),
        ("help", ["question_mark"]),
        ("settings", ["comma"]),
        ("commands", ["ctrl+p"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_dialogs(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    keys: list[str],
    size: tuple[int, int],
    look: str,
) -> None:
    if name == "settings":
        monkeypatch.chdir(tmp_path)
        tmp_path = Path("home")

    async def ask(pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await pilot.app.workers.wait_for_complete()
        await at_rest(pilot)

    desk = app(look, tmp_path, monkeypatch, opened=True)
    assert snap_compare(desk, terminal_size=size, run_before=ask)


@pytest.mark.parametrize("size", SIZES, ids=size_name)
@pytest.mark.parametrize(
    "state", ["offline", "refused", "held", "failed", "gate", "empty", "sign-in"]
)
def test_states(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    size: tuple[int, int],
) -> None:
    scene = Scene()
    told = {
        "offline": LinkChanged("offline", NOW, "The server cannot be reached.", NOW + 20),
        "refused": LinkChanged("refused", NOW, "The token is not valid any more."),
        "held": scene.held_change(),
        "failed": scene.failed_send(),
        "gate": scene.held_reply(),
        "empty": ViewChosen(NOBODYS),
        "sign-in": LinkChanged("live", NOW),
    }[state]
    nobody = ConversationsLoaded(NOBODYS, 1, (), (), Counts(12, 0, 24), True, 0, NOW)

    async def look_at_it(pilot: Pilot[None]) -> None:
        if state == "sign-in":
            assert isinstance(pilot.app, SceneApp)
            pilot.app.ask_sign_in()
        elif state != "empty":
            await pilot.press("enter")
        if state == "gate":
            assert isinstance(pilot.app, SceneApp)
            assert pilot.app.session is not None
            pilot.app.session.store.dispatch(scene.colleague_writes())
            await pilot.press("r", "O", "l")
        await at_rest(pilot)

    desk = app("nordic", tmp_path, monkeypatch, nobody, told, opened=state != "empty")
    assert snap_compare(desk, terminal_size=size, run_before=look_at_it)
