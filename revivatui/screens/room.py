"""A room of its own beside the inbox: a bar of rooms, what the lines are narrowed to, the lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input

from revivatui.commands import BY_ID
from revivatui.crm.errors import CrmError
from revivatui.engine.asking import NotAnswered
from revivatui.screens.at_work import begin_alone
from revivatui.screens.own_commands import OwnCommands, own_bindings
from revivatui.widgets.bars import alert_chips
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList
from revivatui.widgets.pieces import PIECE_CLASSES
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.notifications import SeverityLevel
    from textual.timer import Timer

    from revivatui.screens.choose import Choose
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session

QUIET = 0.15
"""Seconds without a key after which what was typed is looked for."""
ROOMS = (
    ("team", "Team"),
    ("analytics", "Analytics"),
    ("repairs", "Repairs"),
    ("services", "Services"),
    ("health", "Health"),
    ("admin", "Admin"),
)
_LESS_THAN_ALERTS = 80
"""How long the way to another room stays where there are alerts: its key works without it."""
CRM_ROOMS = frozenset({"repairs", "services"})
"""Those that there are with a CRM only."""


class Room(Screen[None], OwnCommands):
    """Full screen; escape goes back to the inbox, to what was open there."""

    COMPONENT_CLASSES = PIECE_CLASSES
    NAME: ClassVar[str] = ""
    FIND: ClassVar[str] = ""
    """What the empty search field says."""
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("room")

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__(classes="room")
        self._session = session
        self._inbox = inbox
        self._timer: Timer | None = None
        self._ends: Callable[[], None] = lambda: None
        self._trouble = ""
        self._right: list[Chip] = []
        """What the top bar says at its right, beside the alerts."""
        self.top = ChipBar(classes="room-top", end="  ")
        self.bar = ChipBar(classes="room-bar", edge="  ")
        self.field = Input(placeholder=self.FIND, compact=True)
        self.field.cursor_blink = False
        self.field.display = False
        self.head = ChipBar(classes="room-bar", edge="  ")
        self.lines = LineList()
        self.keys = ChipBar(classes="room-keys", edge="  ")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.top
            yield self.bar
            yield self.field
            yield self.head
            yield self.lines
            yield self.keys

    def on_mount(self) -> None:
        self._ends = self._session.crm.subscribe(self._told)
        self.lines.focus()
        self.show_all()
        self.action_again()

    async def on_unmount(self) -> None:
        self._ends()
        await self.left()

    def _told(self) -> None:
        """The CRM has news."""
        if self.is_attached:
            self.news()

    # --- what a room is ------------------------------------------------------------------------

    def news(self) -> None:
        """Called when the CRM changed."""
        self.action_again()

    async def left(self) -> None:
        """Called when the room was left, for what it held open."""

    async def read(self) -> None:
        """Ask for what is shown. Raises CrmError or NotAnswered."""
        raise NotImplementedError

    def show_all(self) -> None:
        """Show what is known."""
        raise NotImplementedError

    def hints(self) -> list[Chip]:
        """The words of the key bar."""
        return self.own_chips()

    @property
    def can_search(self) -> bool:
        """Whether there is something to search."""
        return True

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            "room.find": self.action_find,
            "room.again": self.action_again,
            "room.leave": self.action_leave,
            "room.alerts": self.action_alerts,
            "room.team": partial(self.to_room, "team"),
            "room.analytics": partial(self.to_room, "analytics"),
            "room.health": partial(self.to_room, "health"),
            "room.admin": partial(self.to_room, "admin"),
        }

    # --- what is the same for all --------------------------------------------------------------

    def action_again(self) -> None:
        begin_alone(self, "room", self._read)

    async def _read(self) -> None:
        try:
            await self.read()
            self._trouble = ""
        except (CrmError, NotAnswered) as error:
            self._trouble = str(error)
        except Exception as error:
            self.app._handle_exception(error)
        if self.is_attached:
            self.show_all()

    @property
    def trouble(self) -> str:
        return f"{symbols.failed} {self._trouble}" if self._trouble else ""

    @property
    def cells(self) -> int:
        """The cells of a line."""
        return max(40, self.app.size.width - 4)

    def show_top(self, right: list[Chip]) -> None:
        alerts = alert_chips(self._session.loud_alerts, "room.alerts")
        weight = _LESS_THAN_ALERTS if alerts else NEVER
        rooms = [Chip("Inbox", "button", "inbox", NEVER, lead=self.key_of("room.leave"))]
        for name, text in ROOMS:
            if name == self.NAME:
                rooms.append(Chip(f" {text} ", "active", "", NEVER))
            elif self._has_room(name):
                command = self._way_to(name)
                rooms.append(Chip(text, "button", command, weight, lead=self.key_of(command)))
        self._right = right
        self.top.show(rooms, [*alerts, *right])

    def alerts_changed(self) -> None:
        """Others are over their thresholds now."""
        if self.is_mounted:
            self.show_top(self._right)

    def action_alerts(self) -> None:
        from revivatui.screens.alerts_page import AlertsScreen

        self.app.push_screen(AlertsScreen(self._session, self._inbox))

    def _has_room(self, name: str) -> bool:
        me = self._session.state.me
        if name == "admin":
            return me is not None and me.role == "administrator"
        return self._session.crm.is_on or name not in CRM_ROOMS

    def show_keys(self) -> None:
        if self.field.has_focus:
            close = Chip("close", "muted", "room.leave", NEVER, lead=self.key_of("room.leave"))
            self.keys.show([Chip("to the lines", "muted", "lines", NEVER, lead="enter"), close])
        else:
            more = Chip("more", "muted", "desk.palette", NEVER, lead=self.key_of("desk.palette"))
            self.keys.show(self.hints(), [more, self.help_chip()])

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        self.show_keys()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self.show_all)

    def say(self, text: str, severity: SeverityLevel = "information") -> None:
        self.notify(text, severity=severity, markup=False)

    def ask(self, dialog: Choose, then: Callable[[str], None]) -> None:
        def chosen(choice: str | None) -> None:
            if choice is not None:
                then(choice)

        self.app.push_screen(dialog, chosen)

    # --- searching -----------------------------------------------------------------------------

    def action_find(self) -> None:
        if not self.can_search:
            return
        self.field.display = True
        self.field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET, self._look_for_it)

    def _look_for_it(self) -> None:
        self._timer = None
        self.action_again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the lines, and none of them is one that was found by less than what was typed."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
            self.show_all()
            self._look_for_it()
        self.lines.focus()

    @property
    def sought(self) -> str:
        return self.field.value.strip() if self.field.display else ""

    # --- leaving, and what is clicked ----------------------------------------------------------

    def action_leave(self) -> None:
        if self.field.display:
            self.field.display = False
            self.field.value = ""
            self.lines.focus()
            self.action_again()
        else:
            self.dismiss()

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.command == "inbox":
            self.dismiss()
        elif event.command == "lines":
            self.lines.focus()
        else:
            self.act(event.command)

    def act(self, command: str) -> None:
        """A word on a bar was clicked."""
        self.clicked(command)

    def _way_to(self, name: str) -> str:
        """The command that leads from here to another room."""
        own = f"{self.NAME}.{name}"
        return own if own in BY_ID else f"room.{name}"

    def to_room(self, name: str) -> None:
        """Go to another room."""
        if name != self.NAME:
            self.to_inbox(f"desk.{name}")

    def to_inbox(self, command: str) -> None:
        """Go to the inbox for a command of its own."""
        self.dismiss()
        self._inbox.run(command)
