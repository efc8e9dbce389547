"""The commands of the room "analytics": part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command

ANALYTICS_ROOM: Final = "In the room of analytics"

ANALYTICS_COMMANDS: Final[tuple[Command, ...]] = ()
