"""What a change will do, before it is done: yes is said here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from revivatui.state.admin_change import Permission, Preview
from revivatui.text.width import width, wrap
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from revivatui.state.admin_change import Difference

BROADEST: Final = 100
LOOK: Final = 0.3
"""Seconds that a preview is on screen before a yes counts: the enter that opened it is none."""
_AROUND: Final = 8
_FIELD: Final = 24
"""Cells of a field's name, at most."""


class PreviewScreen(ModalScreen[Permission | None]):
    """Shows the differences and the calls; dismisses with the permission, or None.

    Where something is lost, its name has to be typed before yes counts.
    """

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("enter", "yes", "Yes", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview
        self.is_sure = False
        """It was on screen long enough for a yes to be one."""
        self.head = ChipBar(classes="dialog-head")
        self.lines = LineList(gutter=False)
        self.lines.can_focus = False  # enter says yes
        self.field = Input(placeholder=f"type {preview.change.confirm}", compact=True)
        self.field.cursor_blink = False
        self.told = Static("", classes="form-told", markup=False)
        self.foot = ChipBar(classes="dialog-foot")

    @property
    def _confirm(self) -> str:
        return self._preview.change.confirm

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page preview"):
            yield self.head
            yield self.lines
            if self._confirm:
                yield self.told
                yield self.field
            yield self.foot

    def on_mount(self) -> None:
        self.head.show([Chip(self._preview.change.title, "strong", weight=NEVER)])
        if self._confirm:
            self.told.update(f"Type {self._confirm} to remove it.")
            self.field.focus()
        self._show()
        self.set_timer(LOOK, self._settle)

    def _settle(self) -> None:
        self.is_sure = True

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        dialog = self.lines.parent
        assert isinstance(dialog, Vertical)
        dialog.styles.width = min(self.app.size.width, BROADEST)
        room = min(self.app.size.width, BROADEST) - 7
        lines = list(preview_lines(self._preview, room))
        most = self.app.size.height - _AROUND - (4 if self._confirm else 0)
        self.lines.styles.height = max(1, min(len(lines), most))
        self.lines.show(lines)
        verb = "remove" if self._confirm else "yes, do it"
        chips = [Chip(verb, "accent", "yes", NEVER, lead="enter")]
        if len(lines) > most:
            chips.append(Chip(f"to the other of {len(lines)} lines", "button", "", 50,
                              lead="up/down"))  # fmt: skip
        self.foot.show(chips, [Chip("no", "button", "cancel", NEVER, lead="esc")])

    def action_move(self, by: int) -> None:
        self.lines.action_move(by)

    def action_page(self, by: int) -> None:
        self.lines.action_page(by)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_yes()

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.command == "yes":
            self.action_yes()
        else:
            self.action_cancel()

    def action_yes(self) -> None:
        if not self.is_sure:
            return
        if self._confirm and self.field.value.strip() != self._confirm:
            self.told.set_class(True, "-wrong")
            self.told.update(f"Nothing was removed yet: type {self._confirm} exactly.")
            self.field.focus()
            return
        self.dismiss(self._preview.yes())

    def action_cancel(self) -> None:
        self.dismiss(None)


def preview_lines(preview: Preview, cells: int) -> Iterator[ListLine]:
    """Everything that is shown: what is different, what to know, and each call with its body."""
    change = preview.change
    found = preview.differences()
    if change.more:
        for one in change.more:
            yield from _wrapped(one, cells)
    else:
        for difference in found:
            yield from _difference(difference, cells)
    if not found and not change.more:
        yield words("Nothing that shows is different.", "muted")
    for warning in change.warnings:
        yield from _wrapped(f"{symbols.held} {warning}", cells, "warning")
    yield words("")
    for called, body in preview.requests():
        yield from _wrapped(called, cells, "muted")
        for line in body:
            yield from _wrapped(f"  {line}", cells, "muted")


def _difference(one: Difference, cells: int) -> Iterator[ListLine]:
    """`role   agent -> administrator`; texts that do not fit stand below each other."""
    before, after = (_shown(text) for text in (one.before, one.after))
    name = one.field.ljust(_FIELD)
    if not one.before:
        yield from _pieces(name, [(after, "success")], cells)
    elif not one.after:
        yield from _pieces(name, [(before, "error")], cells)
    elif len(name) + width(before) + width(after) + 4 <= cells and "\n" not in before + after:
        row = (Piece(name, "muted"), Piece(before), Piece(" -> ", "muted"), Piece(after, "success"))
        yield ListLine(row)
    else:
        yield from _pieces(name, [(before, "")], cells)
        yield from _pieces("  ->".ljust(_FIELD), [(after, "success")], cells)


def _pieces(name: str, said: list[tuple[str, str]], cells: int) -> Iterator[ListLine]:
    for text, style in said:
        first = name
        for line in text.split("\n"):
            for start, stop in wrap(line, max(10, cells - len(name))) or [(0, 0)]:
                yield ListLine((Piece(first, "muted"), Piece(line[start:stop], style)))
                first = " " * len(name)


def _shown(text: str) -> str:
    return text if text.strip() else "(nothing)"


def _wrapped(text: str, cells: int, style: str = "") -> Iterator[ListLine]:
    for line in text.split("\n"):
        for start, stop in wrap(line, cells) or [(0, 0)]:
            yield words(line[start:stop], style)
