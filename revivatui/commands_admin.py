"""The commands of the room "admin": part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command

ADMIN_ROOM: Final = "In the room of the administration"

ADMIN_COMMANDS: Final[tuple[Command, ...]] = ()
