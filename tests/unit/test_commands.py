"""The one table of commands, and everything made from it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from textual.binding import Binding, BindingType

from revivatui import commands, keys_pages
from revivatui.commands_rooms import ROOM_COMMANDS
from revivatui.screens.copilot_commands import CopilotCommands
from revivatui.screens.copilot_model import ModelDeeds
from revivatui.screens.inbox_commands import InboxCommands
from revivatui.screens.own_commands import OwnCommands
from revivatui.screens.repair_commands import RepairCommands
from revivatui.screens.repair_page import RepairPage
from revivatui.screens.repairs import RepairsScreen
from revivatui.screens.services import ServicesScreen
from revivatui.widgets.composer import Composer
from revivatui.widgets.conversation_list import ConversationList
from revivatui.widgets.thread import Thread

if TYPE_CHECKING:
    from revivatui.screens.inbox import InboxScreen

ROOT = Path(__file__).parents[2]


def test_the_page_of_keys_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == keys_pages.keys_document()


def test_ids_are_told_once() -> None:
    ids = [command.id for command in commands.ALL]
    assert len(ids) == len(set(ids))


def test_letters_are_never_keys_while_text_is_typed() -> None:
    typing = [command for command in commands.ALL if command.where in ("app", "composer")]
    keys = [key for command in typing for key in command.key_list]
    assert [key for key in keys if len(key) == 1 or key.startswith("alt+")] == []


def test_alt_enter_means_nothing_because_it_arrives_as_enter() -> None:
    assert [c.id for c in commands.ALL if "alt+enter" in c.key_list] == []


@pytest.mark.parametrize(
    ("where", "bindings"), [("list", ConversationList.BINDINGS), ("thread", Thread.BINDINGS)]
)
def test_the_widgets_own_keys_are_those_of_the_table(
    where: str, bindings: list[BindingType]
) -> None:
    bound = {one.id: one.key for one in bindings if isinstance(one, Binding)}
    told = {c.id: c.keys for c in commands.WIDGET_COMMANDS if c.where == where}
    assert bound == told


def test_the_composer_leaves_by_the_tables_key() -> None:
    bound = {binding.id: binding.key for binding in Composer.BINDINGS}  # type: ignore[union-attr]
    assert bound == {"reply.leave": commands.BY_ID["reply.leave"].keys}


def test_a_remap_names_an_unknown_command_and_the_nearest_one() -> None:
    with pytest.raises(commands.KeysError, match=r"conversation\.resolv.*conversation\.resolve"):
        commands.Keys({"conversation.resolv": "x"})


def test_a_remap_that_clashes_is_refused_by_name() -> None:
    with pytest.raises(commands.KeysError, match=r"conversation\.assign.*conversation\.resolve"):
        commands.Keys({"conversation.resolve": "a"})


def test_a_remap_is_shown_everywhere() -> None:
    keys = commands.Keys({"conversation.resolve": "ctrl+e"})
    assert keys.first(commands.BY_ID["conversation.resolve"]) == "ctrl+e"
    assert "ctrl+e" in keys_pages.keys_table(keys)


def test_every_command_of_the_screens_is_carried_out() -> None:
    tables = (InboxCommands.__init__, RepairCommands.__init__, CopilotCommands.__init__)
    source = "".join(inspect.getsource(one) for one in tables)
    of_model = ModelDeeds(cast("InboxScreen", None), str).table
    missing = [
        command.id
        for command in commands.COMMANDS
        if f'"{command.id}"' not in source and command.id not in of_model
    ]
    assert missing == []


@pytest.mark.parametrize("screen", [RepairsScreen, ServicesScreen, RepairPage])
def test_every_command_of_a_room_is_bound_and_carried_out_there(screen: type[OwnCommands]) -> None:
    told = {c.id: c.keys for c in ROOM_COMMANDS if c.where in screen.PLACES}
    bound = {
        one.id: one.key
        for each in screen.__mro__
        for one in each.__dict__.get("BINDINGS", ())
        if isinstance(one, Binding) and one.id
    }
    deeds = [each.__dict__["deeds"] for each in screen.__mro__ if "deeds" in each.__dict__]
    source = "".join(map(inspect.getsource, deeds))
    assert told
    assert {**bound, **told} == bound
    assert [id_ for id_ in told if f'"{id_}"' not in source] == []


def test_a_rooms_keys_clash_with_those_of_the_room_and_not_with_the_inboxs() -> None:
    assert commands.BY_ID["repairs.status"].keys == commands.BY_ID["conversation.status"].keys
    commands.Keys({"repairs.chat": "a"})
    with pytest.raises(commands.KeysError, match=r"repairs\.status.*repairs\.chat|repairs\.chat"):
        commands.Keys({"repairs.chat": "s"})
    with pytest.raises(commands.KeysError, match=r"room\.find"):
        commands.Keys({"services.edit": "slash"})


def test_the_table_names_every_id_and_keeps_its_columns_apart() -> None:
    table = keys_pages.keys_table().splitlines()
    for command in commands.ALL:
        (line,) = [line for line in table if f"  {command.id}  " in line]
        keys = commands.Keys().shown(command) or "none"
        assert line.startswith(f"  {keys}  ")
        assert f"  {command.label}  " in line


def test_no_key_means_two_things_where_both_can_be_pressed() -> None:
    """What the table refuses to a remap it does not do itself, but for keys of a chosen message."""
    taken: dict[tuple[str, str], str] = {}
    for command in commands.COMMANDS:
        if command.where not in ("app", "composer"):
            continue
        for key in command.key_list:
            assert ("app", key) not in taken, (command.id, taken[("app", key)])
            taken[(command.where, key)] = command.id
