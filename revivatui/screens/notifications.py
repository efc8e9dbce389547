"""What the server notified the agent of: mentions, assignments, messages where they take part."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui.screens import inbox_view as view_of
from revivatui.screens.page import Page
from revivatui.state.bell import kind_words
from revivatui.text.inline import plain
from revivatui.text.when import stamp
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.state.models import Notification
    from revivatui.state.store import Subscription
    from revivatui.state.topics import Topic


class NotificationsScreen(Page):
    """The newest first; enter opens the conversation and marks the notification read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b", "leave", "Back", show=False),
        Binding("m", "read_all", "Mark all read", show=False),
    ]

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__("Notifications")
        self._session = session
        self._inbox = inbox
        self._subscription: Subscription | None = None

    def hints(self) -> list[Chip]:
        held = self._session.state.notifications.values()
        chips = [Chip("open", "accent", "open", NEVER, lead="enter")] if held else []
        if any(one.read_at is None for one in held):
            chips.append(Chip("mark all read", "button", "read_all", NEVER, lead="m"))
        return chips

    def on_mount(self) -> None:
        kinds = {"notifications", "row", "contact"}
        self._subscription = self._session.store.subscribe(self._changed, kinds)
        self._session.engine.load_notifications()

    def on_unmount(self) -> None:
        if self._subscription is not None:
            self._subscription.close()

    def _changed(self, _topics: set[Topic]) -> None:
        if self.lines.is_attached:  # else the page is on its way off the screen
            self.show_page()

    def page(self) -> list[ListLine]:
        lines: list[ListLine] = []
        held = self._session.state.notifications.values()
        for one in sorted(held, key=lambda one: one.id, reverse=True):
            lines += self._lines_of(one)
        return lines or [words("Nothing new for you.", "muted")]

    def _lines_of(self, one: Notification) -> list[ListLine]:
        session, number = self._session, one.conversation_id
        about = f"#{number}" if number else ""
        if number in session.state.conversations:
            about += f" {view_of.name_of(session.state, number)}"
        unread = one.read_at is None
        mark = symbols.cursor if unread else " "
        head = (
            Piece(f"{mark} {kind_words(one.kind)}", "strong" if unread else "muted"),
            Piece(f"  {about}", "accent" if unread else "muted"),
            Piece(f"  {stamp(one.created_at, session.clock(), session.tz)}", "muted"),
            Piece("" if unread else f" {symbols.dot} read", "muted"),
        )
        said = one.message.content if one.message is not None else ""
        text = " ".join(plain(said).split())
        return [
            ListLine(head, str(one.id)),
            *([ListLine((Piece(f"  {text}", "" if unread else "muted"),))] if text else ()),
        ]

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._open(event.choice)

    def _open(self, choice: str) -> None:
        one = self._session.state.notifications.get(int(choice)) if choice else None
        if one is None:
            return
        if one.read_at is None:
            self._session.engine.read_notification(one.id)
        if one.conversation_id is not None:
            self.dismiss()
            self._inbox.open(one.conversation_id)

    def act(self, command: str) -> None:
        if command == "open":
            self._open(self.lines.choice)
        elif command == "read_all":
            self.action_read_all()
        else:
            self.action_leave()

    def action_read_all(self) -> None:
        if any(one.read_at is None for one in self._session.state.notifications.values()):
            self._session.engine.read_all_notifications()
