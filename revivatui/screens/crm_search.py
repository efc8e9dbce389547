"""Finding somebody in the CRM by name, phone, e-mail, serial or number: a dialog, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from revivatui.crm.errors import CrmError
from revivatui.screens.at_work import begin_alone
from revivatui.screens.repair_lines import customer_detail
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from revivatui.crm.views import Found
    from revivatui.screens.crm_desk import CrmDesk

QUIET: Final = 0.15
"""Seconds without a key after which what was typed is searched for."""
HOW: Final = "A name, phone, e-mail, serial, IMEI or number (R-2041)."


class FindCustomer(ModalScreen[str | None]):
    """Type, choose; dismisses with the customer's id, or None."""

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self, crm: CrmDesk) -> None:
        super().__init__()
        self._crm = crm
        self._timer: Timer | None = None
        self.head = ChipBar(classes="dialog-head")
        self.field = Input(placeholder="who it is", compact=True)
        self.field.cursor_blink = False
        self.lines = LineList()
        self.lines.can_focus = False
        self.foot = ChipBar(classes="dialog-foot")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog find-customer"):
            yield self.head
            yield self.field
            yield self.lines
            yield self.foot

    def on_mount(self) -> None:
        self.head.show([Chip("Which customer of the CRM is it?", "strong", weight=NEVER)])
        self.foot.show(
            [Chip("choose", "accent", "choose", NEVER, lead="enter")],
            [Chip("cancel", "button", "leave", NEVER, lead="esc")],
        )
        self.lines.cursor_always()
        self.lines.show([words(HOW, "muted")])
        self.field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET, self._search)

    def _search(self) -> None:
        begin_alone(self, "find", self._find, self.field.value)

    async def _find(self, text: str) -> None:
        lines = await found_lines(self._crm, text, customers_only=True)
        self.lines.show(lines)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.lines.action_choose()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.dismiss(event.choice.partition(":")[2])

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.command == "choose":
            self.lines.action_choose()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.lines.action_move(by)


async def found_lines(crm: CrmDesk, text: str, *, customers_only: bool = False) -> list[ListLine]:
    """What a search found, a line each: choices are "repair:ID", "device:ID", "customer:ID"."""
    if not text.strip():
        return [words(HOW, "muted")]
    try:
        found = await (await crm.port()).search(text, 50)
    except CrmError as error:
        return [words(str(error), "error")]
    lines = customer_lines(found) if customers_only else [found_line(one) for one in found]
    return lines or [words("Nothing in the CRM is like this.", "muted"), words(HOW, "muted")]


def customer_lines(found: Sequence[Found]) -> list[ListLine]:
    """Each customer once."""
    people = {one.customer.id: one.customer for one in found}
    return [
        ListLine(
            (Piece(one.name, "strong"), Piece(f"  {customer_detail(one)}", "muted")),
            f"customer:{one.id}",
        )
        for one in people.values()
    ]


def found_line(one: Found) -> ListLine:
    """One line of an answer, with what it was found by."""
    if one.repair_id:
        choice = f"repair:{one.repair_id}"
    elif one.device is not None:
        choice = f"device:{one.device.id}"
    else:
        choice = f"customer:{one.customer.id}"
    what = one.number or (one.device.label if one.device else "")
    return ListLine(
        (
            Piece(f"{one.by:8}", "accent"),
            Piece(f"{what}  " if what else "", "strong"),
            Piece(one.customer.name),
            Piece(f"  {customer_detail(one.customer)}", "muted"),
        ),
        choice,
    )
