"""The room "team"."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from revivatui.screens.own_commands import own_bindings
from revivatui.screens.room import Room


class TeamScreen(Room):
    NAME = "team"
    FIND = ""
    PLACES: ClassVar[tuple[str, ...]] = ("team", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("team")

    async def read(self) -> None:
        pass

    def show_all(self) -> None:
        self.show_top([])
        self.show_keys()
