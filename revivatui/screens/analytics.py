"""The room "analytics"."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from revivatui.screens.own_commands import own_bindings
from revivatui.screens.room import Room


class AnalyticsScreen(Room):
    NAME = "analytics"
    FIND = ""
    PLACES: ClassVar[tuple[str, ...]] = ("analytics", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("analytics")

    async def read(self) -> None:
        pass

    def show_all(self) -> None:
        self.show_top([])
        self.show_keys()
