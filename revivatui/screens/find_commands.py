"""Commands around what this machine keeps: searching it, and forgetting a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.screens.choose import Choose, Option

if TYPE_CHECKING:
    from revivatui.screens.inbox import InboxScreen
    from revivatui.screens.inbox_commands import InboxCommands

FORGET = (
    "Their conversations, messages, drafts and names are taken out of your file on this machine"
    " and out of its search, so that nothing of them can be read there. Other agents who sign in"
    " here have files of their own, which stay. This cannot be undone.\n\n"
    "The server is asked for nothing and keeps what it has: as long as it does, a conversation"
    " comes back when a list brings it or you open it. To delete the customer, do so in Chatwoot"
    " first."
)


def search(commands: InboxCommands, screen: InboxScreen) -> None:
    from revivatui.screens.search import SearchScreen

    def chosen(place: tuple[int, int] | None) -> None:
        if place is not None:
            show_message(commands, screen, *place)

    screen.app.push_screen(SearchScreen(screen.session), chosen)


def show_message(
    commands: InboxCommands, screen: InboxScreen, conversation_id: int, message_id: int
) -> None:
    """Open a conversation at one of its messages."""
    engine = screen.session.engine
    engine.show_message(conversation_id, message_id)
    conversation = screen.session.state.conversations.get(conversation_id)
    if conversation is not None:
        engine.load_contact(conversation.contact_id)
    screen.list.move_cursor(conversation_id)
    screen.go_to("thread")


def ask_forget(screen: InboxScreen) -> None:
    """Say what forgetting does, and do it only after a yes."""
    session = screen.session
    open_id = screen.open_id
    conversation = None if open_id is None else session.state.conversations.get(open_id)
    if conversation is None:
        screen.notify("Open a conversation of the customer first.", markup=False)
        return
    contact = session.state.contacts.get(conversation.contact_id)
    name = contact.name if contact is not None and contact.name else "this customer"

    def chosen(choice: str | None) -> None:
        if choice == "yes":
            screen.go_to("list")
            session.engine.forget_contact(conversation.contact_id)
            if session.copilot is not None:
                session.copilot.forget_contact(conversation.contact_id)

    options = [Option("no", "Keep them"), Option("yes", f"Forget {name} on this machine")]
    screen.app.push_screen(
        Choose(f"Forget {name} on this machine?", options, question=FORGET), chosen
    )
