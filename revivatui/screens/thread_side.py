"""The open conversation: its title, what it is set to, the thread, and the composer under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.content import Content

from revivatui import commands
from revivatui.screens import inbox_view as view_of
from revivatui.screens.desk_words import offer_chips
from revivatui.screens.offline_words import offline_chips
from revivatui.state import gate, select
from revivatui.text.width import truncate
from revivatui.widgets import bars
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.composer import Composer
from revivatui.widgets.line_list import LineList
from revivatui.widgets.symbols import symbols
from revivatui.widgets.thread import Thread
from revivatui.widgets.thread_lines import SendKeys

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from revivatui.screens.session import Session
    from revivatui.state.events_search import MessageSought
    from revivatui.state.topics import Topic


_SEND_KEYS: Final = (
    "thread.retry",
    "thread.take_back",
    "desk.sends",
    "reply.send_anyway",
    "reply.edit_held",
)


class ThreadSide(Vertical):
    """Reads the state's open conversation; the screen says when to look again."""

    def __init__(self, session: Session, repair: ChipBar, copilot: ChipBar) -> None:
        """Make the pane; `repair` and `copilot` are the lines about the customer's repair and
        what could be answered, above the composer."""
        super().__init__(id="thread-pane")
        self._repair, self._copilot = repair, copilot
        self._session = session
        self._place = "list"
        self._placeholder = ""
        self._sought: MessageSought | None = None
        """The message that the thread was last asked to show."""
        state, clock = session.state, session.clock
        self.title_bar = ChipBar(id="thread-title", edge="  ")
        self.actions = ChipBar(id="thread-actions", edge="  ")
        self.thread = Thread(
            lambda one: select.thread(state, one, clock()),
            clock=clock,
            tz=session.tz,
            send_keys=SendKeys(*map(self._key, _SEND_KEYS)),
            id="thread",
        )
        self.canned = LineList(id="canned")
        self.canned.can_focus = False
        self.offer = ChipBar(id="offer", edge="  ")
        self.composer_bar = ChipBar(id="composer-bar", edge="  ", ground="reply.here")
        self.composer = Composer(
            send_keys=session.keys.of(commands.BY_ID["reply.send"]),
            newline_keys=session.keys.of(commands.BY_ID["reply.newline"]),
            id="composer",
        )

        self.composer.seen = self._seen
        self.thread.news.writing = self._writing

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self.actions
        yield self.thread
        yield self.canned
        yield self._repair
        yield self._copilot
        yield self.offer
        yield self.composer_bar
        yield self.composer

    def on_mount(self) -> None:
        self.canned.cursor_always()

    def _key(self, command_id: str) -> str:
        return self._session.keys.first(commands.BY_ID[command_id])

    def _seen(self, conversation_id: int) -> int:
        """The newest message of a conversation that the agent has seen here."""
        shown = self.thread.conversation_id == conversation_id
        return self.thread.seen_id() if shown else 0

    def _writing(self) -> bool:
        return self.composer.has_focus or bool(self.composer.text.strip())

    # --- what it shows -------------------------------------------------------------------------

    def opened(self) -> None:
        """Another conversation is open, or none."""
        open_id = self._session.state.open_id
        if open_id is None:
            self.composer.aim(None, False, "")
            self.show_offer()
        else:
            self.aim(open_id, private=False)
        known = 0 if open_id is None else gate.newest_known(self._session.state, open_id)
        self.thread.show(open_id, known, self._edge(open_id))
        self._go_to_sought()

    def _edge(self, open_id: int | None) -> tuple[str, bool]:
        """What stands above the oldest message held, and whether there are older ones."""
        state = self._session.state
        return view_of.edge_words(state, open_id), view_of.has_older(state, open_id)

    def changed(self, topics: set[Topic], kinds: set[str]) -> None:
        """Repaint what the store's flush names of the open thread."""
        open_id = self._session.state.open_id
        named = {topic.kind for topic in topics if topic.id == open_id}
        words, more = self._edge(open_id)
        self.thread.set_edge(words, more=more)
        if "drafts" in kinds or "thread" in named:
            self.show_offer()
        if "thread" in named or "sends" in kinds:
            self.thread.news_came()
        elif "typing" in named:
            self.thread.typing_changed()
        self._go_to_sought()

    def _go_to_sought(self) -> None:
        """Let the thread go to the message that was found, once."""
        sought = self._session.state.sought
        if sought is self._sought:
            return
        self._sought = sought
        ours = sought is not None and sought.conversation_id == self.thread.conversation_id
        self.thread.want(sought.message_id if sought is not None and ours else None)

    def typing_changed(self) -> None:
        self.thread.typing_changed()

    def show_nothing_open(self, *, listed: bool) -> None:
        """What the thread says while there is none; `listed`: there are some to choose from."""
        session = self._session
        self.thread.set_empty(view_of.nothing_open(session.state, session.keys, listed=listed))

    def show_focus(self, place: str) -> None:
        """Mark the thread or the composer where the focus is there."""
        self._place = place
        self.title_bar.leads = place == "thread"
        self.composer_bar.leads = place == "composer"
        self._show_placeholder()

    def show_head(self, *, narrow: bool) -> None:
        """The conversation's title and what it is set to; a narrow screen needs a way back."""
        state, session = self._session.state, self._session
        conversation = None if state.open_id is None else state.shown(state.open_id)
        # Beside a list the empty bar stays, so that what both panes say stands on one line.
        self.actions.display = conversation is not None or not narrow
        self.composer_bar.display = self.composer.display = conversation is not None
        if conversation is None:
            back = [Chip(f"{symbols.back} Inbox", "button", "desk.back", NEVER)]
            self.title_bar.show(back if narrow else [])
            self.actions.show([])
            return
        contact = state.contacts.get(conversation.contact_id)
        now = session.clock()
        left, right = bars.thread_title(
            state, conversation, contact, now, back=narrow, tz=session.tz
        )
        self.title_bar.show(left, [*offline_chips(state, now, session.tz), *right])
        self.actions.show(*bars.thread_actions(state, conversation, now, session.tz))
        self._show_composer_bar()

    def aim(self, conversation_id: int, private: bool) -> None:
        """Let the composer write to a conversation, going on with its draft."""
        draft = self._session.state.drafts.get((conversation_id, private))
        self.composer.aim(conversation_id, private, draft.text if draft else "")
        self._show_composer_bar()
        self.show_offer()

    def show_offer(self) -> None:
        """Another text for what is written, in one line; no line where there is none."""
        chips = offer_chips(self._session, self.composer.target, self.composer.private)
        self.offer.display = bool(chips[0])
        self.offer.show(*chips)

    def _show_composer_bar(self) -> None:
        target = self.composer.target
        if target is None:
            return
        state = self._session.state
        conversation = state.conversations.get(target)
        inbox = state.inboxes.get(conversation.inbox_id) if conversation else None
        quoting = view_of.quoted(state, target, self.composer.in_reply_to)
        channel = inbox.name if inbox else ""
        name = view_of.name_of(state, target)
        self.composer_bar.show(
            *bars.composer_bar(
                name,
                channel,
                self.composer.private,
                quoting,
                switch_key=self._key("reply.switch"),
                canned_key=self._key("reply.canned"),
            )
        )
        for widget in (self.composer_bar, self.composer):
            widget.set_class(self.composer.private, "-note")
        self._show_placeholder()

    def _show_placeholder(self) -> None:
        """What an empty composer says: how to get into it, or for whom it is."""
        target = self.composer.target
        if target is None:
            return
        if self._place == "composer":
            what = "Write a note on" if self.composer.private else "Write to"
            name = truncate(view_of.name_of(self._session.state, target), 30, symbols.ellipsis)
            words = f"{what} {name}{symbols.ellipsis}"
        else:
            reply, note = self._key("reply.write"), self._key("reply.note")
            words = f"{reply} to reply, {note} for a note"
        if words != self._placeholder:
            self._placeholder = words
            self.composer.placeholder = Content(words)
