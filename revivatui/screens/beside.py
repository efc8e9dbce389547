"""The column beside the thread: the repair, what could be answered, and the contact below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical

from revivatui.commands import BY_ID
from revivatui.screens import inbox_view as view_of
from revivatui.screens.copilot_pane import CopilotPane
from revivatui.screens.key_bar import command_bindings
from revivatui.screens.repair_lines import repair_lines, summary_line
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import FittingList
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from revivatui.screens.session import Session


class RepairList(FittingList):
    """The lines of the repair pane, with keys of their own while it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = command_bindings("repair", action="screen.command")


class Beside(Vertical):
    """Reads the open conversation's customer; the screen says when to look again."""

    def __init__(
        self,
        session: Session,
        contact_title: ChipBar,
        contact: FittingList,
        fits: Callable[[str], bool],
        after: Callable[[], object],
    ) -> None:
        """Make the column; `fits` says which class the screen's size has, `after` is called when
        the CRM told something new."""
        super().__init__(id="contact-pane")
        self._session = session
        self._fits = fits
        self._after = after
        self._ends: Callable[[], None] = lambda: None
        self.repair_title = ChipBar(id="repair-title", edge="  ")
        self.repair = RepairList(self.show_repair, id="repair")
        self.summary = ChipBar(id="repair-summary", edge="  ", ground="desk.repair")
        self.contact_title, self.contact = contact_title, contact
        self._contact_of: int | None = None
        """The conversation whose customer is shown."""
        self.copilot = CopilotPane(session, fits)

    def compose(self) -> ComposeResult:
        yield self.repair_title
        yield self.repair
        yield self.copilot.title
        yield self.copilot.list
        yield self.contact_title
        yield self.contact

    def _key(self, command_id: str) -> str:
        return self._session.keys.first(BY_ID[command_id])

    def on_mount(self) -> None:
        self._ends = self._session.crm.subscribe(self._told)

    def on_unmount(self) -> None:
        self._ends()

    def _told(self) -> None:
        if self.is_attached:
            self.show_repair()
            self._after()

    @property
    def _is_alone(self) -> bool:
        """A pane of the column takes the screen, so it needs a way back."""
        return self._fits("-narrow")

    def show(self) -> None:
        """Both panes, for whoever is open; the CRM is asked for them where that is due."""
        state = self._session.state
        conversation = None if state.open_id is None else state.shown(state.open_id)
        contact = None if conversation is None else state.contacts.get(conversation.contact_id)
        self._session.crm.look_at(conversation.id if conversation else None, contact)
        self.show_repair()
        self.show_copilot()
        self.show_contact()

    def show_copilot(self) -> None:
        """What could be answered in the open conversation."""
        self.copilot.show_title(*self._heads("Copilot"))
        self.copilot.show()

    def show_repair(self) -> None:
        """What the CRM knows of the open conversation's customer."""
        crm, open_id = self._session.crm, self._session.state.open_id
        if not crm.is_on:
            self.summary.display = False
            return
        picture = None if open_id is None else crm.picture(open_id)
        self.repair_title.show(*self._heads("Repair"))
        self.repair.show(repair_lines(self._session, picture, self.repair.cells))
        said = summary_line(self._session, picture) if self._is_alone and picture else ""
        self.summary.display = bool(said)
        key = self._key("desk.repair")
        if said:
            self.summary.show(
                [Chip(said, "muted", "desk.repair", NEVER)],
                [Chip("repair", "button", "desk.repair", NEVER, lead=key)],
            )

    def show_contact(self) -> None:
        """Who the open conversation's customer is."""
        open_id = self._session.state.open_id
        if open_id != self._contact_of:
            self._contact_of = open_id
            self.contact.to_top()
        self.contact_title.show(*self._heads("Contact"))
        self.contact.show(view_of.contact_lines(self._session, open_id, self.contact.cells))

    def _heads(self, name: str) -> tuple[list[Chip], list[Chip]]:
        """A pane's title, and how to come back from it or what else the column shows."""
        title = Chip(name, "strong", weight=NEVER)
        if self._is_alone:
            return [Chip(f"{symbols.back} Conversation", "button", "desk.back", NEVER), title], []
        if name == "Copilot":
            key = self._key("desk.copilot")
            return [title], [Chip("choose", "button", "desk.copilot", NEVER, lead=key)]
        if name == "Contact" and self._session.crm.is_on and not self._fits("-short"):
            return [title], []
        shares = self._session.crm.is_on and self._fits("-short")
        other = ("Contact" if name == "Repair" else "Repair") if shares else "Hide"
        return [title], [
            Chip(other, "button", "desk.contact", NEVER, lead=self._key("desk.contact"))
        ]

    def show_focus(self, place: str) -> None:
        self.repair_title.leads = place == "repair"
        self.copilot.title.leads = place == "copilot"
        self.contact_title.leads = place == "contact"
