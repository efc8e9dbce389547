"""What keys, words on bars and rows ask for, and for which conversation: the one that was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from revivatui.command import FOR_A_TARGET, Situation, status_free
from revivatui.commands import BY_ID

if TYPE_CHECKING:
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.thread_side import ThreadSide
    from revivatui.widgets.chip_bar import ChipBar
    from revivatui.widgets.conversation_list import ConversationList


class AskedFor(Widget):
    """The part of the inbox that hands commands on with the conversation they are for."""

    commands: InboxCommands
    list: ConversationList
    side: ThreadSide

    @property
    def place(self) -> str:
        raise NotImplementedError

    @property
    def open_id(self) -> int | None:
        raise NotImplementedError

    @property
    def target_id(self) -> int | None:
        raise NotImplementedError

    @property
    def situation(self) -> Situation:
        raise NotImplementedError

    def action_command(self, command_id: str) -> None:
        """What a key asks for."""
        if not self._moved_under(command_id):
            self.command_on(command_id, self.target_id)

    def command_on(self, command_id: str, target: int | None) -> None:
        """Do it to this conversation; says why where it makes no sense now."""
        command = BY_ID[command_id]
        now = self.situation._replace(target=target)
        if command.when(now) or command.when is status_free:
            self.commands.run(command_id, target)
        else:
            why = command.why_not
            self.notify(f"{why[:1].upper()}{why[1:]}.", markup=False, timeout=4)

    def _moved_under(self, command_id: str) -> bool:
        """Whether a command is meant for a row that has just left the list; says so."""
        command = BY_ID.get(command_id)
        meant = command is not None and command.when in FOR_A_TARGET
        moved = meant and self.place == "list" and not self.list.hand.cursor_is_sure
        if moved:
            self._say_moved()
        return moved

    def _say_moved(self) -> None:
        self.notify("The list has just moved. Look, and do it again.", markup=False, timeout=4)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that goes before the composer's own is left to it while it means nothing."""
        if action == "command" and BY_ID[str(parameters[0])].first:
            return BY_ID[str(parameters[0])].when(self.situation)
        return super().check_action(action, parameters)

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.bar.parent is self.side:
            self.commands.run(event.command, self.open_id)
        elif not self._moved_under(event.command):
            self.commands.run(event.command, self.target_id)

    def on_conversation_list_opened(self, event: ConversationList.Opened) -> None:
        if event.sure:
            self.commands.open(event.conversation_id)
        else:
            self._say_moved()
