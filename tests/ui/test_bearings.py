"""Where the agent is and what the keys do there: said on screen, and true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.screens.inbox import InboxScreen
from revivatui.state import changes
from revivatui.state.events import (
    ChangeMoved,
    ConversationsLoaded,
    Event,
    LinkChanged,
    SendChanged,
    TypingChanged,
    ViewChosen,
)
from revivatui.state.models import Counts, ListView, SendEntry
from revivatui.widgets.chip_bar import ChipBar
from revivatui.widgets.symbols import symbols
from tests.ui.recorder import record_terminal
from tests.ui.scene import NOW, OPENED, Scene, SceneApp

NOBODYS = ListView(tab="unassigned")
EMPTY = (
    ConversationsLoaded(NOBODYS, 1, (), (), Counts(12, 0, 24), True, 0, NOW),
    ViewChosen(NOBODYS),
)
OFFLINE = LinkChanged("offline", NOW, "The server cannot be reached.", NOW + 20)
WIDE = (160, 45)
NARROW = (80, 24)


def desk(folder: Path, *told: Event, opened: bool = True) -> SceneApp:
    return SceneApp(folder, "nordic", *told, opened=opened)


def inbox(app: SceneApp) -> InboxScreen:
    assert isinstance(app.screen, InboxScreen)
    return app.screen


def lines(app: SceneApp) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def keys(app: SceneApp) -> str:
    return lines(app)[-1].strip()


def tell(app: SceneApp, *events: Event) -> None:
    assert app.session is not None
    for event in events:
        app.session.store.dispatch(event)
    app.session.store.flush()


def failed_send() -> SendEntry:
    event = Scene().failed_send()
    assert isinstance(event, SendChanged)
    return event.entry


# --- which pane has the focus ------------------------------------------------------------------


def heads(app: SceneApp) -> list[ChipBar]:
    screen = inbox(app)
    return [screen.tabs, screen.side.title_bar, screen.side.composer_bar, screen.contact_title]


async def test_the_pane_with_the_focus_is_marked_and_no_other(tmp_path: Path) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        for place in (0, 1, 2, 3):
            marked = [bar.render_line(0).text.startswith(symbols.cursor) for bar in heads(app)]
            assert marked == [place == one for one in range(4)]
            await pilot.press("tab")
            await pilot.pause()


async def test_a_cursor_that_keys_do_not_act_on_looks_otherwise(tmp_path: Path) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "down")
        screen = inbox(app)
        place = list(screen.list.ids).index(screen.list.cursor_id or 0)
        row = screen.list.region.y + 2 * place
        assert lines(app)[row].startswith(symbols.cursor)
        await pilot.press("tab", "up")
        await pilot.pause()
        assert lines(app)[row].startswith(symbols.resting)
        column = screen.thread.region.x
        assert any(line[column:].startswith(symbols.cursor) for line in lines(app)[4:])
        await pilot.press("tab")
        await pilot.pause()
        assert not any(line[column:].startswith(symbols.cursor) for line in lines(app)[4:30])


async def test_moving_the_focus_sends_few_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = record_terminal(monkeypatch)
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await recorder.quiet(pilot)
        for key in ("tab", "shift+tab"):
            recorder.clear()
            await pilot.press(key)
            await recorder.quiet(pilot)
            assert 0 < recorder.size < 3000, f"{key}: {recorder.size} bytes"


# --- a reply that was not sent -----------------------------------------------------------------


async def test_a_send_that_fails_gets_the_cursor_and_the_keys_named_act_on_it(
    tmp_path: Path,
) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        assert keys(app).startswith("r reply  n note  esc back  e resolve")
        tell(app, SendChanged(failed_send()))
        await pilot.pause()
        item = inbox(app).thread.cursor_item
        assert item is not None
        assert item.send == failed_send()
        assert keys(app).startswith("r send again  e take back  n note  esc back  y copy  a")
        assert any(line.strip().endswith("r send again · e take back") for line in body(app))
        await pilot.press("up")
        await pilot.pause()
        assert keys(app).startswith("r reply  n note  esc back  y copy  q quote  e resolve")
        assert any("x unsent messages" in line for line in body(app))
        assert not any("r send again" in line for line in body(app))


async def test_from_the_list_a_failed_send_points_to_the_unsent_messages(tmp_path: Path) -> None:
    app = desk(tmp_path, SendChanged(failed_send()))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert not any("take back" in line for line in lines(app))
        assert any("x unsent messages" in line for line in lines(app))
        assert any(line.endswith("x show") for line in lines(app))
        # The row says what was not sent and not what the customer wrote.
        assert any("✗ not sent: A recupera" in line for line in lines(app))
        await pilot.press("x")
        await pilot.pause()
        assert any("Unsent messages" in line for line in lines(app))


def body(app: SceneApp) -> list[str]:
    """The thread's lines."""
    region = inbox(app).thread.region
    return [line[region.x : region.right] for line in lines(app)[region.y : region.bottom]]


# --- a change that is held ---------------------------------------------------------------------


async def test_a_held_conversation_stays_where_it_is_and_says_what_will_happen(
    tmp_path: Path,
) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        held = Scene().held_change()
        assert isinstance(held, ChangeMoved)
        tell(app, held)
        await pilot.pause()
        screen = inbox(app)
        assert OPENED in screen.list.ids
        assert screen.list.cursor_id == OPENED
        assert len(screen.list.ids) == 12
        assert any(" Mine 12 " in line for line in lines(app))
        assert any(line.startswith("│ typing") and "resolving" in line for line in lines(app))
        actions = screen.side.actions.words
        assert "resolving" in actions
        assert not {"Reopen", "Resolve"} & set(actions.split())
        assert "resolve" not in keys(app)
        tell(app, ChangeMoved(changes.sending(held.change)))
        await pilot.pause()
        assert OPENED not in screen.list.ids


async def test_while_text_is_typed_letters_are_named_with_the_key_that_leaves(
    tmp_path: Path,
) -> None:
    app = desk(tmp_path, Scene().held_change())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        assert lines(app)[-2].endswith("u undo  U do it now")
        await pilot.press("r")
        await pilot.pause()
        assert lines(app)[-2].endswith("esc u undo  esc U do it now")


async def test_resolving_what_is_being_resolved_says_how_to_undo_it(tmp_path: Path) -> None:
    app = desk(tmp_path, Scene().held_change())
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await pilot.press("enter")
        inbox(app).commands.run("conversation.resolve", OPENED)
        await pilot.pause()
        assert any("u undoes it, U does it now" in line for line in lines(app))
        assert app.session is not None
        assert len(app.session.state.changes) == 1


# --- the link ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_offline_says_why_and_what_to_do_and_shows_nobody_as_there(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter")
        assert any("● online" in line for line in lines(app)[1:])
        assert any("is typing" in line for line in lines(app))
        tell(app, OFFLINE)
        await pilot.pause()
        said = lines(app)
        assert "✗ The server cannot be reached  · next try 14:05" in said[-2]
        assert said[-2].endswith("f5 try now")
        assert not any("online" in line.replace("not known whether online", "") for line in said)
        assert not any("typing" in line for line in said)
        assert said[0].count("offline") == 1
        # The next try does not take the bar away, an answer does.
        tell(app, LinkChanged("connecting", NOW + 20))
        await pilot.pause()
        assert "Trying to connect" in lines(app)[-2]
        tell(app, LinkChanged("live", NOW + 21))
        tell(app, TypingChanged(OPENED, "contact", 100, "Ana Sousa", False, True, NOW))
        await pilot.pause()
        assert "connect" not in lines(app)[-2]
        assert any("is typing" in line for line in lines(app))


async def test_signed_out_says_so_and_names_the_key(tmp_path: Path) -> None:
    refused = LinkChanged("refused", NOW, "The token is not valid any more.")
    app = desk(tmp_path, refused)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert "✗ Signed out: The token is not valid any more" in lines(app)[-2]
        assert lines(app)[-2].endswith("f9 sign in")
        asked: list[bool] = []
        assert app.session is not None
        app.session.ask_sign_in = lambda: asked.append(True)
        await pilot.press("enter", "r", "f9")
        await pilot.pause()
        assert asked


# --- the key bar -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "first"),
    [
        ((), "enter open  a assign  e resolve  z snooze"),
        (("enter",), "r reply  n note  esc back  e resolve"),
        (("enter", "r"), "enter send  esc thread  f3 note"),
        (("enter", "n"), "enter add note  esc thread  f3 reply"),
        (("enter", "r", "slash"), "enter insert  up/down choose  esc close"),
        (("slash",), "enter filter  esc close"),
        (("slash", "escape"), "enter open  a assign"),
    ],
    ids=["list", "thread", "reply", "note", "canned", "find", "found"],
)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_the_most_important_keys_come_first_and_stay_when_room_is_short(
    tmp_path: Path, size: tuple[int, int], pressed: tuple[str, ...], first: str
) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*pressed)
        await pilot.pause()
        assert keys(app).startswith(first)
        assert "slash" in pressed or "ctrl+p" in keys(app)


async def test_the_popup_gone_the_key_bar_says_what_keys_do_then(tmp_path: Path) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter", "r", "slash", "escape")
        await pilot.pause()
        assert keys(app).startswith("enter send")


async def test_an_empty_list_offers_nothing_that_needs_a_row(tmp_path: Path) -> None:
    app = desk(tmp_path, *EMPTY, opened=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        for label in ("open", "assign", "resolve", "snooze", "labels"):
            assert f" {label}" not in keys(app)
        assert any(line.strip().startswith("Press 1 for yours, 3 for all.") for line in lines(app))
        assert not any("Choose one in the list" in line for line in lines(app))
        await pilot.press("a", "e")
        await pilot.pause()
        assert isinstance(app.screen, InboxScreen)
        assert app.session is not None
        assert not app.session.state.changes
        await pilot.press("1")
        tell(app, ViewChosen(ListView()))
        await pilot.pause()
        assert any("Choose one in the list and press enter" in line for line in lines(app))
        assert keys(app).startswith("enter open  a assign")


# --- the composer ------------------------------------------------------------------------------


async def test_an_empty_composer_says_how_to_write_and_for_whom(tmp_path: Path) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        assert any("r to reply, n for a note" in line for line in lines(app))
        await pilot.press("r")
        await pilot.pause()
        assert any("Write to Ana Sousa…" in line for line in lines(app))
        assert inbox(app).side.composer_bar.words.endswith("Send")
        await pilot.press("f3")
        await pilot.pause()
        assert any("Write a note on Ana Sousa…" in line for line in lines(app))
        assert inbox(app).side.composer_bar.words.endswith("Add note")
        await pilot.press("x", "escape")
        await pilot.pause()
        assert not any("r to reply" in line for line in lines(app))


async def test_a_name_is_no_markup_in_the_composer(tmp_path: Path) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        assert app.session is not None
        contact = app.session.state.contacts[100]
        app.session.state.contacts[100] = replace(contact, name="[red]Ana[/] [/")
        await pilot.press("enter", "r")
        await pilot.pause()
        assert any("Write to [red]Ana[/] [/…" in line for line in lines(app))


# --- dialogs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [NARROW, (60, 20), WIDE], ids=["80x24", "60x20", "wide"])
@pytest.mark.parametrize(
    ("key", "hints"),
    [
        ("l", "space tick  enter apply"),
        ("a", "enter assign"),
        ("z", "enter snooze"),
        ("p", "enter choose"),
    ],
)
async def test_every_dialog_says_its_keys_in_its_last_line(
    tmp_path: Path, size: tuple[int, int], key: str, hints: str
) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", key)
        await pilot.pause()
        (last,) = [line for line in lines(app) if "esc cancel" in line]
        assert hints in last


async def test_who_has_it_is_marked_and_nobody_comes_last(tmp_path: Path) -> None:
    app = desk(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter", "a")
        await pilot.pause()
        marked = [line for line in lines(app) if "✓ ●" in line]
        assert len(marked) == 1
        assert "Ben Counter (you)" in marked[0]
        names = [line for line in lines(app) if "Dara Desk" in line or "nobody  " in line]
        assert "nobody" in names[-1]
