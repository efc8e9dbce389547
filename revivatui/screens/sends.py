"""Messages on their way, of unknown fate, not sent, or still being written: what became of each
and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui.screens import gate
from revivatui.screens import inbox_view as view_of
from revivatui.screens.page import Page
from revivatui.text.inline import plain
from revivatui.text.when import stamp
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.state.models import Draft, SendEntry
    from revivatui.state.store import Subscription
    from revivatui.state.topics import Topic

STATES = {
    "queued": ("waits for its turn", "muted"),
    "held": ("held: somebody wrote meanwhile", "warning"),
    "sending": ("on its way", "muted"),
    "unconfirmed": ("may have arrived: looking for it", "warning"),
    "failed": ("not sent", "error"),
}


DRAFT = "draft:"
"""Begins the choice of a draft; its conversation and mode follow."""


class SendsScreen(Page):
    """The journal's open entries; retry and take back by key or click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x", "leave", "Back", show=False),
        Binding("r", "retry", "Send again", show=False),
        Binding("e", "take_back", "Take back", show=False),
    ]

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__("Unsent messages")
        self._session = session
        self._inbox = inbox
        self._subscription: Subscription | None = None

    def hints(self) -> list[Chip]:
        state = self._session.state
        opens = Chip("open", "accent", "open", NEVER, lead="enter")
        if not view_of.unsent(state):
            return [opens] if state.drafts else []
        return [
            opens,
            Chip("send again", "button", "retry", NEVER, lead="r"),
            Chip("take back", "button", "take_back", NEVER, lead="e"),
        ]

    def on_mount(self) -> None:
        self._subscription = self._session.store.subscribe(self._changed, {"sends", "drafts"})

    def on_unmount(self) -> None:
        if self._subscription is not None:
            self._subscription.close()

    def _changed(self, _topics: set[Topic]) -> None:
        self.show_page()

    def page(self) -> list[ListLine]:
        lines: list[ListLine] = []
        for entry in view_of.unsent(self._session.state):
            lines += self._entry_lines(entry)
        for draft in self._session.state.drafts.values():
            lines += self._draft_lines(draft)
        return lines or [words("Everything you wrote is sent.", "muted")]

    def _entry_lines(self, entry: SendEntry) -> list[ListLine]:
        state, session = self._session.state, self._session
        said, style = STATES.get(entry.state, (entry.state, "muted"))
        name = view_of.name_of(state, entry.conversation_id)
        kind = "note" if entry.private else "reply"
        at = stamp(entry.created_at, session.clock(), session.tz)
        head = (
            Piece(f"#{entry.conversation_id} {name}", "strong"),
            Piece(f"  {kind} {symbols.dot} {at}  ", "muted"),
            Piece(said, style),
        )
        lines = [
            ListLine(head, entry.reference),
            ListLine((Piece(f"  {plain(entry.content)}"),)),
        ]
        reason = gate.news_words(state, entry) if entry.state == "held" else ""
        if reason := reason or entry.reason:
            lines.append(ListLine((Piece(f"  {reason}", "muted"),)))
        return [*lines, words("")]

    def _draft_lines(self, draft: Draft) -> list[ListLine]:
        name = view_of.name_of(self._session.state, draft.conversation_id)
        kind = "note" if draft.private else "reply"
        head = (
            Piece(f"#{draft.conversation_id} {name}", "strong"),
            Piece(f"  {kind}  ", "muted"),
            Piece(f"{symbols.draft} draft", "accent"),
        )
        choice = f"{DRAFT}{draft.conversation_id}:{int(draft.private)}"
        text = " ".join(draft.text.split())
        return [ListLine(head, choice), ListLine((Piece(f"  {text}"),)), words("")]

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.choice.startswith(DRAFT):
            number, _, private = event.choice.removeprefix(DRAFT).partition(":")
            self.dismiss()
            self._inbox.write_to(int(number), private=private == "1")
            return
        entry = self._session.state.sends.get(event.choice)
        if entry is not None:
            self.dismiss()
            self._inbox.open(entry.conversation_id)

    def act(self, command: str) -> None:
        {
            "open": self.lines.action_choose,
            "retry": self.action_retry,
            "take_back": self.action_take_back,
        }.get(command, self.action_leave)()

    def action_retry(self) -> None:
        if self.lines.choice in self._session.state.sends:
            self._inbox.retry(self.lines.choice, None)

    def action_take_back(self) -> None:
        entry = self._session.state.sends.get(self.lines.choice)
        if entry is not None and entry.state in ("failed", "held", "unconfirmed"):
            self.dismiss()
            self._inbox.take_back(entry.reference)
