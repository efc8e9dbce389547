"""The inbox: list, thread with its composer, and the customer beside them.

The screen reads the store, tells its widgets exactly what changed, and hands what the agent wants
to `InboxCommands`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import Reactive
from textual.screen import Screen

from revivatui import commands
from revivatui.command import Situation
from revivatui.screens import inbox_view as view_of
from revivatui.screens import sheets, trust
from revivatui.screens.asked_for import AskedFor
from revivatui.screens.copilot_shown import CopilotShown
from revivatui.screens.gate import Gate
from revivatui.screens.key_bar import canned_chips, command_bindings, find_chips, key_chips
from revivatui.screens.thread_wishes import ThreadWishes
from revivatui.screens.told_changes import ToldChanges
from revivatui.state import select
from revivatui.widgets import bars
from revivatui.widgets.chip_bar import ChipBar
from revivatui.widgets.conversation_list import ConversationList
from revivatui.widgets.line_list import FittingList, LineList
from revivatui.widgets.pieces import PIECE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.widget import Widget
    from textual.widgets import Input

    from revivatui.screens.beside import Beside
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.screens.thread_side import ThreadSide
    from revivatui.state.store import Subscription
    from revivatui.state.topics import Topic
    from revivatui.widgets.composer import Composer
    from revivatui.widgets.thread import Thread

_ON_TOP = ("link", "account", "presence", "view", "notifications")
_ON_LIST = ("view", "order", "account")
_ON_HEAD = ("account", "changes", "presence", "minute", "link")


class InboxScreen(Screen[None], AskedFor, CopilotShown, ThreadWishes):
    """Where an agent spends the day.

    The first frame is the list and its bars; the thread with its composer, the contact and the
    commands are imported and mounted right behind it (`complete`), which halves the wait for the
    list. Whoever made the screen holds the keys back until `Session.complete` is called.
    """

    TITLE = "Inbox"
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in the base, but moving the focus sends the cells that change and not the screen."""
    COMPONENT_CLASSES = PIECE_CLASSES
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (100, "-two"),
        (140, "-three"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = command_bindings("desk", "app")

    def __init__(self, session: Session, size: Size) -> None:
        """Make the screen; `size` in cells is what it will first be shown at."""
        # Classes that the first layout would set: styles are computed once instead of thrice.
        fitting = [
            *self._get_breakpoint_classes(size.width, self.HORIZONTAL_BREAKPOINTS),
            *self._get_breakpoint_classes(size.height, self.VERTICAL_BREAKPOINTS),
        ]
        if session.state.open_id is None:
            fitting.append("-nothing-open")
        off = {"-no-crm": not session.crm.is_on, "-no-copilot": not session.suggests}
        fitting += [name for name, is_off in off.items() if is_off]
        super().__init__(classes=" ".join(["-at-list", *fitting]))
        self.session = session
        self._subscription: Subscription | None = None
        self._held_timer: Any = None
        self._first_wanted = False
        self._first_asked = False
        """The agent has just asked for the first row: it is theirs, not the news'."""
        self._first_set: int | None = None
        self._heard = False
        self.palette_target: int | None = None
        """The conversation that keys acted on when the palette was opened."""
        self.told = ToldChanges(session)
        self.gate = Gate(session, lambda: self.thread.seen_id())
        self.at = "list"
        """The pane that a narrow screen shows: list, thread, repair, copilot or contact."""
        self._missing = ("", "")  # what the top bar says is not complete, what was put right
        self.complete = False
        """Everything is mounted; before that there are the list and the bars only."""
        self.commands: InboxCommands
        self.side: ThreadSide
        self.beside: Beside
        self.find: Input
        state, clock = session.state, session.clock
        self.top = ChipBar(id="top", end="  ")
        self.tabs = ChipBar(id="tabs", gap="   ", edge="  ")
        self.filters = ChipBar(id="filters", edge="  ")
        self.list = ConversationList(
            lambda one: select.row(state, one, clock()), clock=clock, tz=session.tz, id="list"
        )
        self.list_pane = Vertical(id="list-pane")
        self.panes = Horizontal(id="panes")
        self.contact_title = ChipBar(id="contact-title", edge="  ")
        self.contact = FittingList(lambda: self.beside.show_contact(), id="contact")
        self.trouble = ChipBar(id="trouble", edge="  ")
        self.held = ChipBar(id="held", edge="  ")
        self.key_bar = ChipBar(id="keys", edge="  ")

    @property
    def thread(self) -> Thread:
        return self.side.thread

    @property
    def composer(self) -> Composer:
        return self.side.composer

    @property
    def canned(self) -> LineList:
        return self.side.canned

    def compose(self) -> ComposeResult:
        yield self.top
        with self.panes, self.list_pane:
            yield self.tabs
            yield self.filters
            yield self.list
        yield self.trouble
        yield self.held
        yield self.key_bar

    def on_mount(self) -> None:
        self._subscription = self.session.store.subscribe(self._changed)
        self.list.opened_id = self.open_id
        self._heard = select.hears(self.session.state)
        self.show_everything()
        self.set_focus(self.list)
        # The paint that this mount asked for comes first: two refreshes later it is written.
        self.call_after_refresh(self.call_after_refresh, self._complete)

    async def _complete(self) -> None:
        """Mount what the first frame did not wait for."""
        from textual.widgets import Input

        from revivatui.screens.beside import Beside
        from revivatui.screens.inbox_commands import InboxCommands
        from revivatui.screens.thread_side import ThreadSide

        sheets.read_later(self.app.stylesheet)
        self.find = Input(placeholder="words in the messages of this list", id="find", compact=True)
        self.find.cursor_blink = False
        self.beside = Beside(
            self.session, self.contact_title, self.contact, self.has_class, self.show_keys
        )
        self.side = ThreadSide(self.session, self.beside.summary, self.beside.copilot.line)
        with self.app.batch_update():
            await self.list_pane.mount(self.find, before=self.list)
            await self.panes.mount(self.side, self.beside)
            self.commands = InboxCommands(self)
            self.complete = True
            self._opened()
        self.session.complete()

    def on_unmount(self) -> None:
        if self._subscription is not None:
            self._subscription.close()

    # --- what it shows -------------------------------------------------------------------------

    @property
    def open_id(self) -> int | None:
        return self.session.state.open_id

    def show_everything(self) -> None:
        self.show_top()
        self.show_list()
        self.show_head()
        self.show_contact()
        self.show_trouble()
        self.show_focus()

    def _changed(self, topics: set[Topic]) -> None:
        """The store's flush: repaint what it names and nothing else."""
        kinds = {topic.kind for topic in topics}
        just_changed = self.told.just_changed() if "changes" in kinds else set()
        open_id = self.open_id
        if kinds.intersection(_ON_TOP) or self._missing != self._trust():
            self.show_top()
        if kinds.intersection(_ON_LIST):
            listed = self.list.ids
            self.show_list(just_changed)
            if "changes" in kinds:
                self._tell_changes(listed)
        elif "counts" in kinds:
            self.show_tabs()
        rows = {topic.id for topic in topics if topic.kind == "row" and topic.id is not None}
        if rows:
            self.list.rows_changed(rows)
        if "minute" in kinds:
            self.list.minute_passed()
            if self.complete:
                self.thread.changed()
                self.beside.show_repair()
        if "open" in kinds:
            self._opened()
        elif self.complete:
            self.side.changed(topics, kinds)
        offline = "thread" in kinds and self.session.state.offline_since is not None
        if open_id in rows or offline or kinds.intersection(_ON_HEAD):
            self.show_head()
        if open_id in rows or kinds.intersection(("contact", "account")):
            self.show_contact()
        if kinds.intersection(("changes", "sends", "away", "presence", "minute", "thread")):
            self.show_held()
        if kinds.intersection(("changes", "view", "order", "sends")):
            self.show_keys()
        if "link" in kinds:
            self._link_changed()

    def _tell_changes(self, listed: Sequence[int]) -> None:
        """Say which changes took their row off the list."""
        words = self.told.words(set(listed), set(self.list.ids))
        if words:
            self.notify(words, markup=False)

    def _link_changed(self) -> None:
        self.show_trouble()
        heard = select.hears(self.session.state)
        if heard != self._heard:
            # Who is there and who types is known from now on, or no more.
            self._heard = heard
            self.list.rows_changed(self.list.ids)
            self.show_head()
            self.show_contact()
            if self.complete:
                self.side.typing_changed()
        if self.complete:
            self.commands.link_changed()

    def _trust(self) -> tuple[str, str]:
        return trust.missing(self.session.state), trust.put_right(self.session.state)

    def show_top(self) -> None:
        state = self.session.state
        if self.complete:
            self.thread.set_me(*(state.me.id, state.me.name) if state.me else (None, ""))
        self._missing = self._trust()
        offered = [*bars.TOP_COMMANDS, *bars.ROOM_COMMANDS]
        offered += bars.CRM_COMMANDS if self.session.crm.is_on else ()
        keys = {id_: self._key(id_) for _text, id_, _weight in offered}
        left, right = bars.top_bar(state, self._missing, self.session.tz, keys)
        alerts = bars.alert_chips(self.session.loud_alerts, "desk.alerts")
        self.top.show(left, [*alerts, *right])

    alerts_changed = show_top

    def _key(self, command_id: str) -> str:
        return self.session.keys.first(commands.BY_ID[command_id])

    def show_tabs(self) -> None:
        state = self.session.state
        self.tabs.show(*bars.tabs_bar(state.view, select.counts(state, state.view)))

    def show_list(self, just_changed: Collection[int] = ()) -> None:
        state = self.session.state
        self.show_tabs()
        self.filters.show(*bars.filter_bar(state, state.view))
        self.list.set_columns(
            assignee=state.view.tab == "all",
            inbox=state.view.inbox_id is None and len(state.inboxes) > 1,
        )
        self.list.set_empty(view_of.empty_words(state, self.session.keys))
        self.list.set_tail(view_of.tail_words(state))
        self.list.show(select.visible_ids(state, state.view), just_changed)
        self.list.opened_id = self.open_id
        self._settle_cursor()
        if self.complete:
            self.side.show_nothing_open(listed=bool(self.list.ids))

    def to_first(self) -> None:
        """Another list was chosen: its first row gets the cursor as soon as it is known."""
        self._first_wanted = self._first_asked = True
        self._first_set = self.list.cursor_id
        self.look_ahead()

    def _settle_cursor(self) -> None:
        if not self._first_wanted:
            return
        if self.list.cursor_id != self._first_set and self.list.hand.cursor_is_sure:
            self._first_wanted = False  # the agent moved on meanwhile
            return
        asked, self._first_asked = self._first_asked, False
        self.list.to_first(asked=asked)
        self._first_set = self.list.cursor_id
        state = self.session.state
        self._first_wanted = select.list_state(state, state.view).provisional

    def show_head(self) -> None:
        """The open conversation's title and what it is set to."""
        if self.complete:
            self.side.show_head(narrow=self.has_class("-narrow"))

    def show_contact(self) -> None:
        if self.complete:
            self.set_class(self.open_id is None, "-nothing-open")
            self.beside.show()

    def show_trouble(self) -> None:
        """Why the server is not heard, and what to do."""
        chips = view_of.link_chips(self.session, bool(self.trouble.display))
        self.trouble.display = bool(chips[0])
        self.trouble.show(*chips)

    def show_held(self) -> None:
        """What is held, the changes counted down; the timer runs only while one waits."""
        chips = self.gate.bar(self.size.width, writing=self.place == "composer")
        self.held.display = bool(chips[0])
        self.held.show(*chips)
        waiting = view_of.any_held(self.session.state)
        if waiting and self._held_timer is None:
            self._held_timer = self.set_interval(1.0, self.show_held)
        elif not waiting and self._held_timer is not None:
            self._held_timer.stop()
            self._held_timer = None

    def show_keys(self) -> None:
        if self.complete and self.canned.display:
            self.key_bar.show(*canned_chips())
        elif self.complete and self.focused is self.find:
            self.key_bar.show(*find_chips(filtered=bool(self.session.state.view.text)))
        else:
            self.key_bar.show(*key_chips(self.session.keys, self.place, self.situation))

    def show_focus(self) -> None:
        """Mark the pane that has the focus, and name its keys."""
        place = self.place
        self.tabs.leads = place == "list"
        if self.complete:
            self.beside.show_focus(place)
            self.side.show_focus(place)
        self.show_held()
        self.show_keys()

    # --- where the agent is ----------------------------------------------------------------------

    @property
    def place(self) -> str:
        """What has the focus: list, thread, composer, repair, copilot or contact."""
        focused = self.focused
        if focused is None:
            return self.at
        panes = self._panes if self.complete else {"contact": self.contact}
        return next((name for name, pane in panes.items() if pane is focused), "list")

    @property
    def target_id(self) -> int | None:
        """The conversation that keys act on: the list's cursor, or the open thread."""
        if self.place == "list" and (self.list.ids or self.has_class("-narrow")):
            return self.list.cursor_id  # a narrow screen shows no thread beside an empty list
        return self.open_id

    @property
    def situation(self) -> Situation:
        """What the agent has before them."""
        acts = self.thread.acts if self.place == "thread" else frozenset()
        private = self.complete and self.composer.private
        state, listed = self.session.state, bool(self.list.ids)
        crm = self.commands.repairs.acts if self.complete else acts
        copilot = self.commands.copilot.acts if self.complete else acts
        return Situation(state, self.target_id, listed, acts, private, crm, copilot)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._keep_focus_shown()
        self.show_focus()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._keep_focus_shown()

    def _keep_focus_shown(self) -> None:
        """A pane that leaves the screen gives the focus to one that is shown: what keys do there
        is seen."""
        if not (self.complete and self.app.app_focus) or _is_displayed(self.focused):
            return
        shown = (pane for pane in (self.at, "thread", "list") if _is_displayed(self._panes[pane]))
        self.go_to(next(shown, "list"))

    @property
    def _panes(self) -> dict[str, Widget]:
        column = self.beside
        return {
            "thread": self.thread, "composer": self.composer, "repair": column.repair,
            "copilot": column.copilot.list, "contact": self.contact, "list": self.list,
        }  # fmt: skip

    def go_to(self, pane: str) -> None:
        """Show a pane where only one or two fit, and focus it."""
        if pane != self.at:
            # Where list and thread stand side by side, no style depends on which of them it is.
            matters = self.has_class("-narrow") or {self.at, pane} != {"list", "thread"}
            self.remove_class(f"-at-{self.at}", update=False)
            self.at = pane
            self.add_class(f"-at-{pane}", update=matters)
        self.set_focus(self._panes[pane])
        self.show_head()

    def on_screen_suspend(self) -> None:
        """A dialog stands before the key that undoes: what is held waits for its end."""
        self.session.engine.pause_held()

    def on_screen_resume(self) -> None:
        self.session.engine.resume_held()

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit_heads)

    def _fit_heads(self) -> None:
        self._keep_focus_shown()
        self.show_held()
        self.show_head()
        self.show_contact()

    # --- the open conversation -------------------------------------------------------------------

    def _opened(self) -> None:
        self.list.opened_id = self.open_id
        if not self.complete:
            return
        self.side.show_nothing_open(listed=bool(self.list.ids))
        self.side.opened()
        self.show_top()
        self.show_head()
        self.show_contact()
        self.show_focus()

    def aim(self, conversation_id: int, private: bool) -> None:
        """Let the composer write to a conversation, going on with its draft."""
        self.side.aim(conversation_id, private)
        self.show_keys()

    # --- what the agent wants --------------------------------------------------------------------

    def on_conversation_list_end_reached(self) -> None:
        self.session.engine.load_more()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.list is self.canned:
            self.commands.completions.take(event.choice)
        else:
            self.commands.run(event.choice, self.open_id)

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        self.commands.submit(event)

    def on_composer_typing(self, event: Composer.Typing) -> None:
        self.session.engine.typing(event.conversation_id, event.on, event.private)

    def on_composer_completion_asked(self, event: Composer.CompletionAsked) -> None:
        self.commands.completions.show(event.query)

    def on_composer_large_paste(self, event: Composer.LargePaste) -> None:
        self.commands.ask_paste(event.text)

    def on_composer_left(self) -> None:
        self.set_focus(self.thread)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.commands.find_text(event.value)

    def on_thread_cursor_moved(self) -> None:
        self.show_keys()


def _is_displayed(widget: Widget | None) -> bool:
    return widget is not None and all(one.display for one in widget.ancestors_with_self)
