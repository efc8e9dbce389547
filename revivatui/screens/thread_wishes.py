"""What the open thread wants done with one of its messages, handed to the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.widgets import thread_intents


class ThreadWishes(Widget):
    """The part of the inbox that answers its thread."""

    session: Session
    commands: InboxCommands

    def on_thread_older_wanted(self) -> None:
        self.session.engine.load_older()

    def on_thread_copied(self) -> None:
        self.notify("Copied.", markup=False, timeout=2)

    def on_thread_refused(self, event: thread_intents.Refused) -> None:
        self.notify(event.words, markup=False, timeout=4)

    def on_thread_retry_wanted(self, event: thread_intents.RetryWanted) -> None:
        self.commands.retry(event.reference, event.message_id)

    def on_thread_take_back_wanted(self, event: thread_intents.TakeBackWanted) -> None:
        self.commands.take_back(event.reference)

    def on_thread_quote_wanted(self, event: thread_intents.QuoteWanted) -> None:
        self.commands.quote(event.message_id)

    def on_thread_delete_wanted(self, event: thread_intents.DeleteWanted) -> None:
        self.commands.ask_delete(event.message_id)

    def on_thread_attachment_chosen(self, event: thread_intents.AttachmentChosen) -> None:
        self.commands.attachment(event.message_id, event.attachment_id)

    def on_thread_link_chosen(self, event: thread_intents.LinkChosen) -> None:
        self.commands.link(event.url)
