"""The commands of the room "team": part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command

TEAM_ROOM: Final = "In the room of the team"

TEAM_COMMANDS: Final[tuple[Command, ...]] = ()
