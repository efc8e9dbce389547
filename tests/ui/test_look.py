"""How the desk looks, as far as it can be promised: edges, columns, words, what is told apart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from revivatui import commands, config
from revivatui.app import DeskApp
from revivatui.engine.sign_in import SignInOutcome
from revivatui.screens.help import HelpScreen, help_lines
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.inbox_view import canned_lines, channel_word
from revivatui.screens.settings import SettingsScreen
from revivatui.screens.sign_in import FIELDS, SignInScreen
from revivatui.state.models import Conversation, ListView
from revivatui.state.state import State
from revivatui.text.width import width
from revivatui.widgets import bars
from revivatui.widgets.chip_bar import APART, NEVER, Chip, ChipBar
from revivatui.widgets.pieces import line_width
from revivatui.widgets.symbols import TABLE, symbols
from tests.ui.scene import NOW, OPENED, Scene, SceneApp

SIZES = ((80, 24), (120, 30), (200, 50))


@asynccontextmanager
async def scene(
    folder: Path, size: tuple[int, int] = (120, 30), **how: Any
) -> AsyncIterator[tuple[DeskApp, Pilot[None]]]:
    app = SceneApp(folder, "nordic", **how)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def lines_of(app: DeskApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def inbox_of(app: DeskApp) -> InboxScreen:
    assert isinstance(app.screen_stack[-1], InboxScreen)
    return app.screen_stack[-1]


# --- bars --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", range(20, 80, 3))
async def test_chips_at_the_left_never_read_as_one_with_those_at_the_right(
    tmp_path: Path, cells: int
) -> None:
    async with scene(tmp_path, (cells, 24)) as (app, _pilot):
        bar = ChipBar()
        await app.screen.mount(bar)
        left = [Chip("left one", weight=NEVER), Chip("a word more", weight=40, short="a word")]
        bar.show(left, [Chip("right", weight=30)])
        text = "".join(piece.text for piece in bar._line())
        if "right" in text:
            assert re.search(rf"\S {{{APART},}}right", text), text


@pytest.mark.parametrize("size", SIZES)
async def test_bars_rows_and_messages_share_their_edges(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with scene(tmp_path, size, opened=True) as (app, pilot):
        lines = lines_of(app)
        rows = inbox_of(app).list
        left, right = rows.region.x, rows.region.right
        tabs, filters, row = (line[left : right - 1] for line in lines[1:3] + lines[3:4])
        starts = {re.search(r"\w", line).start() for line in (tabs, filters, row)}  # type: ignore[union-attr]
        assert starts == {2}
        # Wide letters come later in the row than the ones that are compared.
        assert len(filters.rstrip()) == len(row.rstrip())
        await pilot.press("enter")
        await pilot.pause()
        pane = inbox_of(app).side.region
        bottom = pane.bottom
        lines = [line[pane.x : pane.right] for line in lines_of(app)[pane.y : bottom]]
        # The head of the pane that has the focus bears a mark on its edge.
        assert {len(line) - len(line.lstrip(f"{symbols.cursor} ")) for line in lines[:2]} == {2}
        assert {len(line.rstrip()) for line in lines[:2]} == {pane.width - 2}
        assert any(re.search(r"\d\d:\d\d  $", line) for line in lines)


def test_the_link_the_agent_and_the_customer_are_told_apart() -> None:
    assert len({TABLE[name].glyph for name in ("link", "online", "busy", "offline")}) == 4
    assert TABLE["link"].twin not in {TABLE[name].twin for name in ("online", "busy", "offline")}


async def test_the_top_names_its_keys_and_who_is_online(tmp_path: Path) -> None:
    async with scene(tmp_path, (160, 40)) as (app, _pilot):
        top = lines_of(app)[0]
        for words in ("ctrl+p Commands", "? Help", ", Settings", "you: online", "live"):
            assert words in top


def test_chips_that_are_not_set_say_what_they_would_set() -> None:
    conversation = Conversation(1, 1, "open", 1, NOW, NOW)
    left, _right = bars.thread_actions(State(), conversation, NOW)
    assert [chip.text.rsplit(" ", 1)[0] for chip in left] == [
        "open", "unassigned", "no priority", "no team", "no labels",
    ]  # fmt: skip
    left, right = bars.filter_bar(State(), ListView())
    assert left[2].text.startswith("all inboxes")
    assert right[0].text == "/ filter"


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_set_outlasts_what_is_not_where_room_is_short(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with scene(tmp_path, size, opened=True) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        bar = inbox_of(app).side.actions.region
        line = lines_of(app)[bar.y][bar.x :]
        for words in ("open", "assigned to you", "urgent", "#data-re", "Snooze", "Resolve"):
            assert words in line


# --- panes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "cells"), [((120, 30), 46), ((159, 40), 46), ((200, 50), 62)])
async def test_a_broad_terminal_gives_the_list_more_room(
    tmp_path: Path, size: tuple[int, int], cells: int
) -> None:
    async with scene(tmp_path, size) as (app, _pilot):
        assert inbox_of(app).list_pane.region.width == cells


async def test_nothing_open_leaves_no_pane_for_a_customer_and_one_line_of_words(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, (200, 50)) as (app, pilot):
        inbox = inbox_of(app)
        pane = inbox.query_one("#contact-pane")
        assert not pane.region
        assert inbox.side.thread.region.y == inbox.list.region.y
        assert app.session is not None
        for event in Scene().thread():
            app.session.store.dispatch(event)
        app.session.store.flush()
        await pilot.pause()
        assert pane.region.width == 42
        await pilot.press("f2")
        assert not pane.region


async def test_a_narrow_contact_has_a_way_back_to_click(tmp_path: Path) -> None:
    async with scene(tmp_path, (80, 24), opened=True) as (app, pilot):
        await pilot.press("enter", "f2")
        await pilot.pause()
        assert "Conversation" in lines_of(app)[1]
        await pilot.click(offset=(6, 1))
        await pilot.pause()
        assert inbox_of(app).at == "thread"


async def test_what_is_known_of_a_customer_stands_in_one_column(tmp_path: Path) -> None:
    async with scene(tmp_path, opened=True) as (app, _pilot):
        facts = [line.pieces for line in inbox_of(app).contact.lines if len(line.pieces) == 2]
        assert len({width(name.text) for name, _value in facts}) == 1
        assert ("inbox", "Website") in {(name.text.strip(), value.text) for name, value in facts}
        assert channel_word("Channel::WebWidget") == "website"


async def test_canned_responses_are_shown_as_they_would_be_sent(tmp_path: Path) -> None:
    async with scene(tmp_path, opened=True) as (app, _pilot):
        assert app.session is not None
        state = app.session.state
        text = "".join(piece.text for line in canned_lines(state, "") for piece in line.pieces)
        assert "Thank you, Ana!" in text
        assert "{{" not in text
        first = next(iter(state.contacts.values()))
        assert state.open_id == OPENED
        del state.contacts[first.id]
        pieces = canned_lines(state, "bye")[0].pieces
        assert [p.text for p in pieces if p.style == "warning"] == ["{{contact.first_name}}"]


async def test_a_note_shows_its_edge_without_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with scene(tmp_path, opened=True) as (app, pilot):
        await pilot.press("enter", "r", "x")
        await pilot.pause()
        reply = inbox_of(app).composer
        at = lines_of(app)[reply.region.y][reply.region.x :].index("x")
        await pilot.press("f3", "x")
        await pilot.pause()
        line = lines_of(app)[reply.region.y][reply.region.x :]
        assert line.startswith("┃")
        assert line.index("x") == at


# --- pages and dialogs -------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [75, 105, 145, 185])
def test_no_column_of_the_help_touches_the_next_or_is_cut(cells: int) -> None:
    keys = commands.Keys()
    lines = help_lines(keys, commands.ALL_GROUPS, cells)
    text = "\n".join("".join(piece.text for piece in line.pieces) for line in lines)
    assert all(line_width(line.pieces) <= cells for line in lines)
    assert "`" not in text
    for command in commands.ALL:
        shown = re.escape(keys.shown(command) or "-")
        assert re.search(rf" {shown} {{2,}}{re.escape(command.label)}  ", text), command.id


@pytest.mark.parametrize("key", ["question_mark", "comma", "x"])
@pytest.mark.parametrize("size", SIZES)
async def test_pages_are_no_taller_than_what_they_say(
    tmp_path: Path, size: tuple[int, int], key: str
) -> None:
    async with scene(tmp_path, size) as (app, pilot):
        await pilot.press(key)
        await pilot.pause()
        page: Any = app.screen
        dialog = page.query_one(".dialog")
        assert page.lines.region.height <= len(page.lines.lines)
        assert dialog.region.height <= size[1] * 0.9
        assert dialog.region.height == page.lines.region.height + 6
        last = lines_of(app)[dialog.region.bottom - 2]
        assert "esc close" in last
        scrolls = key == "question_mark" and page.lines.max_scroll_y > 0
        assert ("up/down scroll" in last) == scrolls


async def test_the_help_uses_a_broad_terminal(tmp_path: Path) -> None:
    async with scene(tmp_path, (200, 50)) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert app.screen.lines.region.width > 150
        assert app.screen.lines.max_scroll_y < app.screen.lines.size.height / 4


async def test_settings_are_told_in_words(tmp_path: Path) -> None:
    async with scene(tmp_path, (80, 24)) as (app, pilot):
        await pilot.press("comma")
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen)
        text = "\n".join(lines_of(app))
        for words in ("Theme ", "Plain ASCII", "Paints per second  automatic", "Animations"):
            assert words in text
        for raw in ("look.", "true", "frames_per", "`", "…"):
            assert raw not in text
    for option in config.OPTIONS:
        assert option.label[0].isupper()
        assert option.comment.endswith(".")


@pytest.mark.parametrize("leaves", [True, False])
async def test_signing_in_names_its_fields_and_how_to_leave(tmp_path: Path, leaves: bool) -> None:
    async def refuse(*_given: str) -> SignInOutcome:
        return SignInOutcome(error="The server did not accept that.")

    async with scene(tmp_path, (80, 24)) as (app, pilot):
        app.push_screen(SignInScreen(refuse, url="https://a.example", leaves=leaves))
        await pilot.pause()
        text = "\n".join(lines_of(app))
        assert ("esc quit" in text, "esc cancel" in text) == (leaves, not leaves)
        assert "tab next" in text
        for _name, label, _example in FIELDS:
            assert label in text
        assert not app.screen.query_one(".field-error").display
        app.screen.query_one("#token", Input).value = "wrong"
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "The server did not accept that." in "\n".join(lines_of(app))


async def test_the_palette_is_a_dialog_like_the_others(tmp_path: Path) -> None:
    async with scene(tmp_path, (200, 50)) as (app, pilot):
        await pilot.press("ctrl+p")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen.query_one("#--container").region.width == 90
        text = "\n".join(lines_of(app))
        assert "╭" in text
        assert "🔎" not in text
        assert re.search(r"Resolve {10,}e ", text)


async def test_the_inbox_is_styled_as_a_screen(tmp_path: Path) -> None:
    async with scene(tmp_path, (120, 30)) as (app, _pilot):
        plain = app.screen.rich_style
        for name in ("active", "accent", "muted", "error", "success", "warning", "key"):
            own = app.screen.get_component_rich_style(f"pieces--{name}")
            assert (own.color, own.bgcolor) != (plain.color, plain.bgcolor), name
