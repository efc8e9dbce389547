"""The part of the inbox that is about suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from revivatui.screens.beside import Beside
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.widgets.composer import Composer


class CopilotShown(Widget):
    """Shows what changed in what is suggested, and hears what the composer did with it."""

    commands: InboxCommands
    beside: Beside
    session: Session
    complete: bool

    def show_keys(self) -> None:
        raise NotImplementedError

    def copilot_changed(self) -> None:
        """Something else is suggested now."""
        if self.complete and self.is_attached:
            self.beside.show_copilot()
            self.commands.copilot.show_ghost()
            self.show_keys()

    def on_composer_draft_edited(self, event: Composer.DraftEdited) -> None:
        self.session.engine.draft(event.conversation_id, event.private, event.text)
        if not event.private:
            self.commands.copilot.edited(event.conversation_id)

    def on_composer_ghost_taken(self, event: Composer.GhostTaken) -> None:
        self.commands.copilot.took_ghost(event.conversation_id)
