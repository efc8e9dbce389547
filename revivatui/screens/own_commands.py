"""Screens with commands of their own, beside the inbox: keys, key bar, help and palette of each
come from the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widget import Widget

from revivatui.commands import BY_ID
from revivatui.commands_rooms import ROOM_COMMANDS
from revivatui.widgets.chip_bar import NEVER, Chip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.binding import BindingType

    from revivatui.command import Command
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session


def own_bindings(*places: str) -> list[BindingType]:
    """The bindings of the table's commands for these places, and those of palette and help."""
    bindings: list[BindingType] = [
        Binding(one.keys, f"own('{one.id}')", one.label, show=False, id=one.id)
        for one in ROOM_COMMANDS
        if one.where in places
    ]
    for id_, action in (("desk.palette", "app.command_palette"), ("desk.help", "own_help")):
        bindings.append(Binding(BY_ID[id_].keys, action, BY_ID[id_].label, show=False, id=id_))
    return bindings


class OwnCommands(Widget):
    """The part of a screen that carries out commands of its own."""

    PLACES: ClassVar[tuple[str, ...]] = ()
    """The places of the table (`Command.where`) whose commands it carries out, its own first."""
    _session: Session
    _inbox: InboxCommands

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        """What each of its commands does, by id."""
        raise NotImplementedError

    @property
    def own_commands(self) -> list[Command]:
        return [one for one in ROOM_COMMANDS if one.where in self.PLACES]

    @property
    def session(self) -> Session:
        return self._session

    def action_own(self, command_id: str) -> None:
        self.run_own(command_id)

    def run_own(self, command_id: str) -> None:
        """Carry a command of the table out."""
        self.deeds()[command_id]()

    def clicked(self, command_id: str) -> None:
        """A word that names a command of its own, or one of the whole desk, was clicked."""
        if command_id == "desk.help":
            self.action_own_help()
        elif command_id == "desk.palette":
            self.app.action_command_palette()
        else:
            self.run_own(command_id)

    def action_own_help(self) -> None:
        """The keys that work here."""
        from revivatui.screens.help import HelpScreen

        groups = list(dict.fromkeys(one.group for one in self.own_commands))
        groups.sort(key=lambda group: self._place_of(group))
        self.app.push_screen(HelpScreen(self._session.keys, groups=groups))

    def _place_of(self, group: str) -> int:
        return min(self.PLACES.index(one.where) for one in self.own_commands if one.group == group)

    def open_conversation(self, conversation_id: int) -> None:
        """Leave for the inbox, where this conversation is opened."""
        from revivatui.screens.inbox import InboxScreen

        while not isinstance(self.app.screen, InboxScreen):
            self.app.pop_screen()
        self._inbox.open(conversation_id)

    def key_of(self, command_id: str) -> str:
        """The key to show for a command."""
        return self._session.keys.first(BY_ID[command_id])

    def own_chips(self, style: str = "muted") -> list[Chip]:
        """The words of its key bar, the weightiest first; a click is the command's id."""
        place = self.PLACES[0]
        named = [one for one in self.own_commands if one.weight(place)]
        named.sort(key=lambda one: -one.weight(place))
        return [
            Chip(one.bar_label, style, one.id, one.weight(place), lead=self.key_of(one.id))
            for one in named
        ]

    def help_chip(self, style: str = "muted") -> Chip:
        return Chip("help", style, "desk.help", NEVER, lead=self.key_of("desk.help"))
