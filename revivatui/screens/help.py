"""Every key and what it does, made from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from revivatui import commands
from revivatui.text.width import fit, wrap
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

KEYS_WIDE = 15
LABELS_WIDE = 18
NOTES = (
    "Letters work wherever no text is being typed; in the composer they type.",
    "ctrl+j makes a new line everywhere; shift+enter only where the terminal tells it apart.",
    "Opening a conversation marks nothing read. A reply goes to the thread that is on screen.",
)


class HelpScreen(ModalScreen[None]):
    """A page to read; escape leaves."""

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "leave", "Back", show=False),
    ]

    def __init__(self, keys: commands.Keys) -> None:
        super().__init__()
        self._keys = keys
        self.head = ChipBar(classes="dialog-head")
        self.lines = LineList(gutter=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page"):
            yield self.head
            yield self.lines

    def on_mount(self) -> None:
        self.head.show(
            [Chip("Keys", "strong", weight=NEVER)],
            [Chip("Close", "button", "leave", NEVER, lead="esc")],
        )
        self.lines.focus()

    def on_resize(self) -> None:
        self.call_after_refresh(lambda: self.lines.show(self._page()))

    def _page(self) -> list[ListLine]:
        lines: list[ListLine] = []
        for group in commands.GROUPS:
            if lines:
                lines.append(words(""))
            lines.append(words(group, "strong"))
            for command in commands.ALL:
                if command.group == group:
                    lines += self._command_lines(command)
        lines += [words(""), *(words(note, "muted") for note in NOTES)]
        return lines

    def _command_lines(self, command: commands.Command) -> Iterator[ListLine]:
        """Keys, label, and the help wrapped beside them."""
        keys = self._keys.shown(command) or "-"
        indent = 2 + KEYS_WIDE + LABELS_WIDE
        room = max(20, self.lines.scrollable_content_region.width - indent)
        for number, (start, end) in enumerate(wrap(command.help, room)):
            piece = Piece(command.help[start:end], "muted")
            if number:
                yield ListLine((Piece(" " * indent), piece))
            else:
                key = Piece("  " + fit(keys, KEYS_WIDE), "key")
                yield ListLine((key, Piece(fit(command.label, LABELS_WIDE)), piece))

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        self.action_leave()

    def action_leave(self) -> None:
        self.dismiss()
