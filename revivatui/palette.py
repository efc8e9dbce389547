"""The command palette: the table's commands that make sense now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from revivatui import commands
from revivatui.screens.inbox import InboxScreen

if TYPE_CHECKING:
    from collections.abc import Iterator


class CommandsProvider(Provider):
    """Finds commands by label and by help."""

    def _offered(self) -> Iterator[tuple[commands.Command, str, InboxScreen]]:
        screen = self.screen
        if not isinstance(screen, InboxScreen):
            return
        keys, now = screen.session.keys, screen.situation
        for command in commands.COMMANDS:
            if command.where != "composer" and command.id != "desk.palette" and command.when(now):
                shown = keys.shown(command)
                yield command, f"  {shown}" if shown else "", screen

    async def discover(self) -> Hits:
        for command, shown, screen in self._offered():
            yield DiscoveryHit(
                Content.assemble(command.label, (shown, "$text-accent")),
                partial(screen.action_command, command.id),
                text=command.label,
                help=command.help,
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command, shown, screen in self._offered():
            score = max(matcher.match(command.label), matcher.match(command.help) * 0.7)
            if score > 0:
                yield Hit(
                    score,
                    Content.assemble(matcher.highlight(command.label), (shown, "$text-accent")),
                    partial(screen.action_command, command.id),
                    text=command.label,
                    help=command.help,
                )
