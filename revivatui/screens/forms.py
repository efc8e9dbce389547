"""A dialog of several fields to fill in: taking a device in, a note, the prices of a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from revivatui.text.safe import safe_line
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.pieces import PIECE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

Filled = dict[str, str]
"""What stands in the fields, by their ids."""

MARK: Final = "mark"
"""The field that takes what is on a device's label."""
AROUND: Final = 7
"""Lines of the form that are no field: frame, title, gaps, what is told, the last line."""


class FormField(NamedTuple):
    """One line to fill in; `hint` stands in it while it is empty."""

    id: str
    label: str
    text: str = ""
    hint: str = ""
    needed: bool = False


class Form(ModalScreen[Filled | None]):
    """Fields below each other; enter goes to the next and, in the last, fills the form in.

    Dismisses with what was filled in, or None.
    """

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("ctrl+s", "apply", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        *,
        verb: str = "save",
        tell: Callable[[Mapping[str, str]], str] | None = None,
        check: Callable[[Mapping[str, str]], str] | None = None,
    ) -> None:
        """Make the form.

        Args:
            title: What is filled in, and for whom.
            fields: In the order shown.
            verb: What filling it in does, for the last line.
            tell: What the fields mean so far, in one line; called with each key.
            check: What is wrong with them, or ""; called before the form is given back.
        """
        super().__init__()
        self._title = title
        self._fields = fields
        self._verb = verb
        self._tell = tell
        self._check = check
        self._inputs: dict[str, Input] = {}
        for field in fields:
            box = Input(
                safe_line(field.text), placeholder=field.hint, compact=True, select_on_focus=False
            )
            box.cursor_blink = False
            self._inputs[field.id] = box
        self.head = ChipBar(classes="dialog-head")
        self.told = Static("", classes="form-told", markup=False)
        self.foot = ChipBar(classes="dialog-foot")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog form"):
            yield self.head
            with VerticalScroll(classes="form-fields", can_focus=False):
                for field in self._fields:
                    with Horizontal(classes="form-row"):
                        yield Static(safe_line(field.label), classes="form-label", markup=False)
                        yield self._inputs[field.id]
            yield self.told
            yield self.foot

    def on_mount(self) -> None:
        self.head.show([Chip(self._title, "strong", weight=NEVER)])
        self.foot.show(
            [
                Chip(self._verb, "accent", "apply", NEVER, lead="ctrl+s"),
                Chip("next", "button", "next", 20, lead="enter"),
            ],
            [Chip("cancel", "button", "cancel", NEVER, lead="esc")],
        )
        self._fit()
        self._show_told()
        empty = next((one.id for one in self._fields if not one.text), self._fields[0].id)
        self._inputs[empty].focus()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        fields = self.query_one(".form-fields")
        fields.styles.height = max(1, min(len(self._fields), self.app.size.height - AROUND))

    @property
    def filled(self) -> Filled:
        return {name: safe_line(box.value).strip() for name, box in self._inputs.items()}

    def _show_told(self, wrong: str = "") -> None:
        told = wrong or (self._tell(self.filled) if self._tell else "")
        self.told.set_class(bool(wrong), "-wrong")
        self.told.update(told)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_told()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        boxes = list(self._inputs.values())
        if event.input is boxes[-1]:
            self.action_apply()
        else:
            boxes[boxes.index(event.input) + 1].focus()

    def action_step(self, by: int) -> None:
        boxes = list(self._inputs.values())
        at = next((n for n, box in enumerate(boxes) if box.has_focus), 0)
        boxes[(at + by) % len(boxes)].focus()

    def action_apply(self) -> None:
        filled = self.filled
        missing = [one for one in self._fields if one.needed and not filled[one.id]]
        if missing:
            self._inputs[missing[0].id].focus()
            self._show_told(f"{missing[0].label} is missing.")
        elif self._check is not None and (wrong := self._check(filled)):
            self._show_told(wrong)
        else:
            self.dismiss(filled)

    def take_mark(self, mark: str) -> bool:
        """Fill in what was scanned, wherever the cursor is; False where no field is for that."""
        box = self._inputs.get(MARK)
        if box is None:
            return False
        box.value = mark
        if box.has_focus:
            self.action_step(1)
        return True

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.command == "next":
            self.action_step(1)
        elif event.command == "apply":
            self.action_apply()
        else:
            self.action_cancel()

    def action_cancel(self) -> None:
        self.dismiss(None)
