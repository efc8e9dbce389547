"""A form of the administration: it stays until the server has taken what was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from revivatui.screens.choose import Choose, ChooseSeveral, Option
from revivatui.text.safe import safe, safe_line
from revivatui.text.width import wrap
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.choice_field import ChoiceField
from revivatui.widgets.pieces import PIECE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

Values = dict[str, str]
AROUND: Final = 8
WIDE: Final = 84
"""Columns of the form, as styled."""


class Field(NamedTuple):
    """Something to fill in: a line, several lines (`rows`), or one or several of `choices`."""

    id: str
    label: str
    text: str = ""
    hint: str = ""
    needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False
    rows: int = 1


class Wrong(Exception):
    """What was filled in cannot be; `field` is where, the text says why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class AdminForm(ModalScreen[None]):
    """Fields below each other. ctrl+s hands on what they hold and leaves the form as it is: who
    took it dismisses the form, or says what was wrong at the field."""

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
        fields: Sequence[Field],
        take: Callable[[Values], None],
        *,
        tell: Callable[[Mapping[str, str]], str] | None = None,
        verb: str = "look at the change",
    ) -> None:
        """Make the form.

        Args:
            title: What is filled in, and for whom.
            fields: In the order shown.
            take: Given what they hold; raises Wrong where it cannot be.
            tell: What the fields mean so far, in one line.
            verb: What ctrl+s does, for the last line.
        """
        super().__init__()
        self._title = title
        self._fields = fields
        self._take = take
        self._tell = tell
        self._verb = verb
        self._boxes: dict[str, Input | TextArea | ChoiceField] = {
            field.id: _box(field) for field in fields
        }
        self._wrongs = {
            field.id: Static("", classes="form-wrong", markup=False) for field in fields
        }
        self._said: dict[str, str] = {}
        self.head = ChipBar(classes="dialog-head")
        self.told = Static("", classes="form-told", markup=False)
        self.foot = ChipBar(classes="dialog-foot")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog form admin-form"):
            yield self.head
            with VerticalScroll(classes="form-fields", can_focus=False):
                for field in self._fields:
                    with Horizontal(classes="form-row -tall" if field.rows > 1 else "form-row"):
                        yield Static(safe_line(field.label), classes="form-label", markup=False)
                        yield self._boxes[field.id]
                    yield self._wrongs[field.id]
            yield self.told
            yield self.foot

    def on_mount(self) -> None:
        self.head.show([Chip(self._title, "strong", weight=NEVER)])
        self.foot.show(
            [
                Chip(self._verb, "accent", "apply", NEVER, lead="ctrl+s"),
                Chip("next", "button", "next", 20, lead="tab"),
            ],
            [Chip("cancel", "button", "cancel", NEVER, lead="esc")],
        )
        self._fit()
        self._show_told()
        first = next((one.id for one in self._fields if not one.text and not one.choices), None)
        self._boxes[first or self._fields[0].id].focus()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        lines = sum(field.rows + (field.rows > 1) for field in self._fields)
        lines += sum(self._lines_of(name) for name in self._wrongs)
        self.query_one(".form-fields").styles.height = max(
            1, min(lines, self.app.size.height - AROUND)
        )

    def _lines_of(self, field: str) -> int:
        """The lines that what is wrong at a field takes."""
        if not self._wrongs[field].display:
            return 0
        return len(wrap(self._said.get(field, ""), max(10, min(self.app.size.width, WIDE) - 31)))

    @property
    def values(self) -> Values:
        """What the fields hold, made safe."""
        found = {}
        for field in self._fields:
            box = self._boxes[field.id]
            if isinstance(box, TextArea):
                found[field.id] = safe(box.text).strip()
            elif isinstance(box, ChoiceField):
                found[field.id] = box.value
            else:
                found[field.id] = safe_line(box.value).strip()
        return found

    def _show_told(self) -> None:
        self.told.set_class(False, "-wrong")
        self.told.update(self._tell(self.values) if self._tell else "")

    def wrong(self, field: str, words: str) -> None:
        """Say at a field what cannot be; "" for the form as a whole. What was typed stays."""
        self._clear()
        if field in self._wrongs:
            self._said[field] = words
            self._wrongs[field].update(words)
            self._wrongs[field].display = True
            self._boxes[field].focus()
        else:
            self.told.set_class(True, "-wrong")
            self.told.update(words)
        self._fit()

    def _clear(self) -> None:
        for one in self._wrongs.values():
            one.display = False
        self._show_told()
        self._fit()

    # --- keys and mouse ------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_told()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._show_told()

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        event.stop()
        self._show_told()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._go_on(event.input)

    def on_choice_field_next(self, event: ChoiceField.Next) -> None:
        event.stop()
        self._go_on(event.field)

    def _go_on(self, box: Widget) -> None:
        boxes = list(self._boxes.values())
        if box is boxes[-1]:
            self.action_apply()
        else:
            self.action_step(1)

    def on_choice_field_opened(self, event: ChoiceField.Opened) -> None:
        event.stop()
        box = event.field
        options = [Option(id_, words) for id_, words in box.choices]
        label = next(one.label for one in self._fields if self._boxes[one.id] is box)

        def chosen(choice: str | None) -> None:
            if choice is not None:
                box.value = choice

        if box.several:
            picked = [one for one in box.value.split("\n") if one]
            self.app.push_screen(ChooseSeveral(label, options, picked, find="search"), chosen)
        else:
            self.app.push_screen(
                Choose(label, options, current=box.value, find="search"), chosen
            )  # fmt: skip

    def action_step(self, by: int) -> None:
        boxes = list(self._boxes.values())
        at = next((n for n, box in enumerate(boxes) if box.has_focus), 0)
        boxes[(at + by) % len(boxes)].focus()

    def action_apply(self) -> None:
        self._clear()
        values = self.values
        missing = next((one for one in self._fields if one.needed and not values[one.id]), None)
        if missing is not None:
            self.wrong(missing.id, f"{missing.label} is missing.")
            return
        try:
            self._take(values)
        except Wrong as error:
            self.wrong(error.field, str(error))

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


def _box(field: Field) -> Input | TextArea | ChoiceField:
    if field.choices or field.several:
        return ChoiceField(field.choices, field.text, several=field.several)
    if field.rows > 1:
        area = TextArea(safe(field.text), compact=True, show_line_numbers=False)
        area.cursor_blink = False
        area.styles.height = field.rows
        return area
    box = Input(safe_line(field.text), placeholder=field.hint, compact=True, select_on_focus=False)
    box.cursor_blink = False
    return box
