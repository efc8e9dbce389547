"""The room "admin"."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from revivatui.screens.own_commands import own_bindings
from revivatui.screens.room import Room


class AdminScreen(Room):
    NAME = "admin"
    FIND = ""
    PLACES: ClassVar[tuple[str, ...]] = ("admin", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("admin")

    async def read(self) -> None:
        pass

    def show_all(self) -> None:
        self.show_top([])
        self.show_keys()
