"""The part of the inbox that is about suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from revivatui.screens.beside import Beside
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.widgets.composer import Composer
    from revivatui.widgets.conversation_list import ConversationList


class CopilotShown(Widget):
    """Shows what changed in what is suggested, and hears what the composer did with it."""

    commands: InboxCommands
    beside: Beside
    session: Session
    list: ConversationList
    complete: bool

    def show_keys(self) -> None:
        raise NotImplementedError

    def copilot_changed(self) -> None:
        """Something else is suggested now."""
        if self.complete and self.is_attached:
            self.beside.show_copilot()
            self.commands.copilot.show_ghost()
            self._ask_at_once()
            self.show_keys()

    def _ask_at_once(self) -> None:
        """A reply of the model, where a customer waits and the settings agree for the inbox."""
        newest, state = self.beside.copilot.newest, self.session.state
        conversation = state.conversations.get(newest.conversation_id)
        inbox = state.inboxes.get(conversation.inbox_id) if conversation is not None else None
        if newest.asked and newest.moment is not None and inbox is not None:
            model, number = self.commands.copilot.model, newest.conversation_id
            model.reply_at_once(inbox.name, number, newest.moment.last_message_id)

    def on_conversation_list_highlighted(self) -> None:
        self.look_ahead()

    def look_ahead(self) -> None:
        """Let be thought about the rows that the agent may open next."""
        if self.session.copilot is not None:
            cursor, likely = self.list.cursor_id, [*reversed(self.list.around_cursor)]
            likely.sort(key=lambda one: one != cursor)  # then the one below
            self.session.copilot.near(likely)

    def on_composer_draft_edited(self, event: Composer.DraftEdited) -> None:
        self.session.engine.draft(event.conversation_id, event.private, event.text)
        if not event.private:
            self.commands.copilot.edited(event.conversation_id)

    def on_composer_ghost_taken(self, event: Composer.GhostTaken) -> None:
        self.commands.copilot.took_ghost(event.conversation_id)
