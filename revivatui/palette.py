"""The command palette: every command of the table, and the conversations that are held. In a room
beside the inbox, the commands of that room.

What is offered before anything is typed is what makes sense now; what is typed finds all of them,
and says why one makes no sense where that is so.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from revivatui import commands
from revivatui.command import Command
from revivatui.commands_rooms import ROOM_PLACES
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.own_commands import OwnCommands
from revivatui.state.finding import held_conversations
from revivatui.text.width import width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from revivatui.screens.session import Session
    from revivatui.state.state import State

_LABELS: Final = 2 + max(width(command.label) for command in commands.ALL)
"""Cells from a label to the keys behind it."""
_SELF: Final = "desk.palette"
_MOST_CONVERSATIONS: Final = 10
_LABEL, _WORD, _INSIDE, _NAMED, _HELP, _LETTERS = 100.0, 90.0, 80.0, 70.0, 50.0, 10.0


class CommandsProvider(Provider):
    """Finds commands by label, by id and by help; customers by name, number, e-mail and phone."""

    @property
    def _inbox(self) -> InboxScreen | None:
        return self.screen if isinstance(self.screen, InboxScreen) else None

    def _discovered(self, inbox: InboxScreen) -> Iterator[Command]:
        now = inbox.situation
        for command in commands.COMMANDS:
            if command.where != "composer" and command.id != _SELF and command.when(now):
                yield command

    @property
    def _room(self) -> OwnCommands | None:
        return self.screen if isinstance(self.screen, OwnCommands) else None

    async def discover(self) -> Hits:
        if (room := self._room) is not None:
            for command in room.own_commands:
                yield DiscoveryHit(
                    Content.assemble(command.label, (_keys(room.session, command), "$text-accent")),
                    partial(room.run_own, command.id),
                    text=command.label,
                    help=command.help,
                )
        inbox = self._inbox
        if inbox is None:
            return
        for command in self._discovered(inbox):
            yield DiscoveryHit(
                Content.assemble(command.label, (_keys(inbox.session, command), "$text-accent")),
                partial(inbox.command_on, command.id, inbox.palette_target),
                text=command.label,
                help=command.help,
            )

    async def search(self, query: str) -> Hits:
        if (room := self._room) is not None:
            for hit in self._conversations(room.session.state, room.open_conversation, query):
                yield hit
            for hit in self._commands_of_room(room, query):
                yield hit
        inbox = self._inbox
        if inbox is None:
            return

        def open_it(number: int) -> None:
            inbox.commands.run(f"conversation.open:{number}")

        for hit in self._conversations(inbox.session.state, open_it, query):
            yield hit
        for hit in self._commands(inbox, query):
            yield hit

    def _commands_of_room(self, room: OwnCommands, query: str) -> Iterator[Hit]:
        matcher = self.matcher(query)
        for command in room.own_commands:
            score = rank(command, query) or matcher.match(command.label) * _LETTERS
            if score > 0:
                label = matcher.highlight(command.label)
                yield Hit(
                    score,
                    Content.assemble(label, (_keys(room.session, command), "$text-accent")),
                    partial(room.run_own, command.id),
                    text=command.label,
                    help=command.help,
                )

    def _commands(self, inbox: InboxScreen, query: str) -> Iterator[Hit]:
        matcher, now = self.matcher(query), inbox.situation
        for command in commands.ALL:
            score = rank(command, query) or matcher.match(command.label) * _LETTERS
            if command.id == _SELF or command.where in ROOM_PLACES or score <= 0:
                continue
            label = matcher.highlight(command.label)
            shown = Content.assemble(label, (_keys(inbox.session, command), "$text-accent"))
            if not command.when(now):
                label = Content(f"{command.label}: {command.why_not}").stylize("$text-muted")
                shown, score = label, score - 1.0
            yield Hit(
                score,
                shown,
                partial(inbox.command_on, command.id, inbox.palette_target),
                text=command.label,
                help=command.help,
            )

    @staticmethod
    def _conversations(state: State, open_it: Callable[[int], None], query: str) -> Iterator[Hit]:
        found = held_conversations(state, query)[:_MOST_CONVERSATIONS]
        for place, one in enumerate(found):
            label = f"Open #{one.id} {one.name}"
            score = (_LABEL if one.exact else _WORD) + 5.0 - place / 10
            yield Hit(
                score,
                Content(label),
                partial(open_it, one.id),
                text=label,
                help=one.what,
            )


def rank(command: Command, query: str) -> float:
    """How well a command fits what was typed, by whole pieces of words; 0 for not at all."""
    wanted = " ".join(query.casefold().split())
    label = command.label.casefold()
    if not wanted:
        return 0.0
    if label.startswith(wanted):
        # The shorter label says less that was not asked for.
        return _LABEL - len(label) / 100
    if any(word.startswith(wanted) for word in label.split()):
        return _WORD
    if wanted in label:
        return _INSIDE
    if wanted in command.id.replace(".", " ").replace("_", " "):
        return _NAMED
    return _HELP if wanted in command.help.casefold() else 0.0


def _keys(session: Session, command: Command) -> str:
    gap = " " * (_LABELS - width(command.label))
    return gap + session.keys.shown(command)
