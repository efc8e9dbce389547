"""Searching every message: what this machine keeps at once, the server's answer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from revivatui.screens import inbox_view as view_of
from revivatui.state.searching import MACHINE, NO_SOURCES, SERVER, Hit, Search, Source
from revivatui.text.when import stamp
from revivatui.text.width import fit
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from revivatui.screens.session import Session
    from revivatui.state.state import State
    from revivatui.state.store import Subscription
    from revivatui.state.topics import Topic

QUIET: Final = 0.15
"""Seconds without a key after which what was typed is searched for."""

HOW: Final = (
    "Finds messages that hold all the words; the last one may be only begun.",
    "",
    '  "two words"         these two side by side',
    "  from:ana            who wrote it",
    "  after:2026-01-31    from that day on; before: up to it",
    "",
    "here: found among all that this machine ever read, with no network too.",
    "server: found by Chatwoot's own search: what was typed, word for word, in",
    "the messages of the last three months.",
)
_SOURCE_STYLES: Final = {"here": "success", "server": "accent", "both": "strong"}


class SearchScreen(ModalScreen[tuple[int, int] | None]):
    """Type, choose, and the conversation opens at that message.

    Dismisses with (conversation, message), or None.
    """

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+f", "leave", "Close", show=False),
        Binding("f2", "scope", "Only this conversation", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, session: Session) -> None:
        """The last search is shown again, as it was left."""
        super().__init__()
        self._session = session
        self._subscription: Subscription | None = None
        self._timer: Timer | None = None
        last = session.state.search
        self._asked = last.text if last is not None else ""
        self._only = last.conversation_id if last is not None else None
        self.head = ChipBar(classes="dialog-head")
        self.field = Input(
            self._asked, placeholder="words in any message", compact=True, select_on_focus=True
        )
        self.field.cursor_blink = False
        self.told = ChipBar(classes="search-told")
        self.lines = LineList()
        self.lines.can_focus = False
        self.foot = ChipBar(classes="dialog-foot")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog search"):
            yield self.head
            yield self.field
            yield self.told
            yield self.lines
            yield self.foot

    def on_mount(self) -> None:
        self._subscription = self._session.store.subscribe(self._changed, {"search", "link"})
        self.head.show([Chip("Search messages", "strong", weight=NEVER)])
        self.lines.cursor_always()
        self.field.focus()
        self._show()
        if self._asked:
            self._search()  # what was found last is shown until it is found anew

    def on_unmount(self) -> None:
        if self._subscription is not None:
            self._subscription.close()

    # --- what it shows -------------------------------------------------------------------------

    def _changed(self, _topics: set[Topic]) -> None:
        self._show()

    def _show(self) -> None:
        search = self._session.state.search
        self._show_foot()
        self.told.show(told_chips(self._session.state, search))
        if search is not None and search.text and not search.hits and search.searching:
            if self.lines.choice:
                return  # what was found before stays until there is an answer
            self.lines.show([words("searching" + symbols.ellipsis, "muted")])
            return
        self.lines.show(self._lines(search))

    def _show_foot(self) -> None:
        """The keys; one is what is searched, where a thread is open."""
        left = [
            Chip("open", "accent", "open", NEVER, lead="enter"),
            Chip("move", "button", weight=20, lead="up/down"),
        ]
        if self._only is not None:
            left.append(Chip(f"only #{self._only}", "accent", "scope", NEVER, lead="f2"))
        elif self._session.state.open_id is not None:
            left.append(Chip("everywhere", "button", "scope", NEVER, lead="f2"))
        self.foot.show(left, [Chip("close", "button", "leave", NEVER, lead="esc")])

    def _lines(self, search: Search | None) -> list[ListLine]:
        if search is None or not search.text:
            return [words(line, "muted") for line in HOW]
        lines: list[ListLine] = []
        for hit in search.hits:
            lines += self._hit_lines(hit)
        return lines or [words(line, "muted") for line in nothing_words(search)]

    def _hit_lines(self, hit: Hit) -> Iterator[ListLine]:
        """Where it stands and who wrote it; below, the message with the words marked."""
        state, session = self._session.state, self._session
        choice = f"{hit.conversation_id}:{hit.message_id}"
        name = customer_words(state, hit)
        at = stamp(hit.at, session.clock(), session.tz)
        about = f"  {at} {symbols.dot} {who_words(state, hit)}"
        head = (
            Piece(fit(hit.source, 8), _SOURCE_STYLES[hit.source]),
            Piece(f"#{hit.conversation_id} ", "muted"),
            Piece(name, "strong"),
            Piece(about + (f" {symbols.dot} note" if hit.private else ""), "muted"),
        )
        yield ListLine(head, choice)
        yield ListLine((Piece(" " * 8, "", choice), *marked(hit, choice)))

    # --- what the agent wants ------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == self._asked:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET, self._search)

    def _search(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._asked = self.field.value
        self._session.engine.find(self._asked, self._only)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what the cursor stands on; what was typed since is searched for first."""
        event.stop()
        if self._timer is not None or self.field.value != self._asked:
            self._search()
        else:
            self.lines.action_choose()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        conversation_id, _colon, message_id = event.choice.partition(":")
        self.dismiss((int(conversation_id), int(message_id)))

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        {"scope": self.action_scope, "open": self.lines.action_choose}.get(
            event.command, self.action_leave
        )()

    def action_scope(self) -> None:
        """Search the open conversation only, or all again."""
        self._only = self._session.state.open_id if self._only is None else None
        self._search()
        self._show_foot()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.lines.action_move(by)

    def action_page(self, by: int) -> None:
        self.lines.action_page(by)


# --- words -------------------------------------------------------------------------------------


def told_chips(state: State, search: Search | None) -> list[Chip]:
    """How many each source found and in what time, or why it did not search."""
    sources = search.sources if search is not None else NO_SOURCES
    chips: list[Chip] = []
    for name, called in ((MACHINE, "here"), (SERVER, "server")):
        source = sources.get(name)
        if source is not None:
            missed = source.state == "not"
            chips.append(
                Chip(
                    f"{called}: {source_words(source)}",
                    "warning" if missed else "muted",
                    weight=NEVER,
                    short=f"{called}: not searched" if missed else None,
                )
            )
    if not chips and state.link.state == "offline":
        chips.append(Chip("offline: only what this machine keeps is searched", "warning"))
    return chips


def source_words(source: Source) -> str:
    """ "12 in 3 ms", "the newest 50 in 4 ms", "searching", or the reason."""
    if source.state == "searching":
        return "searching" + symbols.ellipsis
    if source.state == "not":
        return source.reason
    count = f"the newest {source.count}" if source.more else f"{source.count}"
    if source.seconds < 1:
        return f"{count} in {max(1, round(source.seconds * 1000))} ms"
    return f"{count} in {source.seconds:.1f} s"


def nothing_words(search: Search) -> list[str]:
    """What an empty answer says: why, and what to do."""
    lines = ["No message holds all of these words."]
    if any(source.state == "not" and source.reason for source in search.sources.values()):
        lines.append("Not everything was searched: the line above says why.")
    lines += ["", "Try fewer words, or only the beginning of the last one."]
    if search.conversation_id is not None:
        lines.append("f2 searches all conversations.")
    return lines


def customer_words(state: State, hit: Hit) -> str:
    """The customer's name; "" where it is not known: the server's hits do not tell it."""
    if hit.conversation_id in state.conversations:
        return view_of.name_of(state, hit.conversation_id)
    return hit.sender.name if hit.sender is not None and hit.sender.kind == "contact" else ""


def who_words(state: State, hit: Hit) -> str:
    """Who wrote it: "You", a name, or the server itself."""
    if hit.sender is None:
        return "Chatwoot"
    if hit.sender.kind == "user" and state.me is not None and hit.sender.id == state.me.id:
        return "You"
    return hit.sender.name or customer_words(state, hit)


def marked(hit: Hit, choice: str) -> Sequence[Piece]:
    """The snippet with the words that were found set off; a click chooses the hit."""
    pieces: list[Piece] = []
    at = 0
    for start, end in hit.marks:
        pieces.append(Piece(hit.snippet[at:start], "", choice))
        pieces.append(Piece(hit.snippet[start:end], "accent", choice))
        at = end
    pieces.append(Piece(hit.snippet[at:], "", choice))
    return pieces
