"""Every key and what it does, made from the table of commands."""

from __future__ import annotations

from itertools import product, zip_longest
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui import commands
from revivatui.commands_copilot import COPILOT
from revivatui.commands_copilot_model import MODEL
from revivatui.commands_repairs import REPAIR
from revivatui.commands_rooms import ALSO, ROOM_GROUPS
from revivatui.screens.page import BESIDE, Page
from revivatui.text.width import fit, width, wrap
from revivatui.widgets.chip_bar import Chip
from revivatui.widgets.line_list import ListLine
from revivatui.widgets.pieces import Line, Piece, line_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = 2
"""Cells between columns."""
BROADEST = 190
TWO_COLUMNS = 150
"""Cells from which groups stand beside each other."""
MOST_FOR_KEYS = 28
NOTES = (
    "ctrl+j makes a new line everywhere; shift+enter only where the terminal tells it apart.",
    "Letters work wherever no text is typed. A reply goes to the thread that is on screen.",
)


class HelpScreen(Page):
    """A page to read; escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "leave", "Back", show=False),
    ]

    def __init__(
        self,
        keys: commands.Keys,
        *,
        with_crm: bool = True,
        with_copilot: bool = True,
        groups: Sequence[str] = commands.GROUPS,
    ) -> None:
        """Make the page of these groups; the commands around repairs are on it where there is a
        CRM, those around suggestions where there are any."""
        super().__init__("Keys", gutter=False)
        self._keys = keys
        off = {REPAIR: not with_crm, COPILOT: not with_copilot, MODEL: not with_copilot}
        self._groups = [one for one in groups if not off.get(one)]

    @property
    def broadest(self) -> int:
        wide = self.app.size.width - BESIDE >= TWO_COLUMNS
        return BROADEST if wide else super().broadest

    def hints(self) -> list[Chip]:
        return [Chip("scroll", "button", "", lead="up/down")] if self.scrolls else []

    def act(self, command: str) -> None:
        if command:
            self.action_leave()

    def page(self) -> list[ListLine]:
        return help_lines(self._keys, self._groups, self.room)


def help_lines(keys: commands.Keys, names: Sequence[str], cells: int) -> list[ListLine]:
    """The commands of groups, in two columns where there is room, and what to know about keys."""
    names = [name for name in names if any(one.group == name for one in commands.ALL)]
    two = cells >= TWO_COLUMNS
    column = (cells - GAP * 2) // 2 if two else cells
    groups = [list(_group_lines(keys, group, column)) for group in names]
    if not set(names) & set(ROOM_GROUPS):
        groups.append(list(_notes(column)))
    return [ListLine(line) for line in (_beside(groups, column) if two else _below(groups))]


def _notes(cells: int) -> Iterator[Line]:
    for note in NOTES:
        for start, end in wrap(note, cells - 1):
            yield (Piece(f" {note[start:end]}", "muted"),)


def _group_lines(keys: commands.Keys, group: str, cells: int) -> Iterator[Line]:
    """The group's name, then keys, label, and the help wrapped beside them."""
    yield (Piece(f" {group}", "strong"),)
    here = [command for command in commands.ALL if command.group == group]
    here += [commands.BY_ID[id_] for id_ in ALSO.get(group, ())]
    for_keys = GAP + min(MOST_FOR_KEYS, max(width(keys.shown(command)) for command in here))
    for_labels = GAP + max(width(command.label) for command in here)
    indent = " " * (1 + GAP)
    room = max(12, cells - len(indent) - for_keys - for_labels)
    for command in here:
        shown = fit(keys.shown(command) or "-", for_keys - GAP)
        lead: Line = (
            Piece(f"{indent}{shown}{' ' * GAP}", "key"),
            Piece(fit(command.label, for_labels)),
        )
        for start, end in wrap(command.help, room):
            yield (*lead, Piece(command.help[start:end], "muted"))
            lead = (Piece(" " * line_width(lead)),)


def _below(groups: Sequence[Sequence[Line]]) -> list[Line]:
    lines: list[Line] = []
    for group in groups:
        lines += [(), *group] if lines else group
    return lines


def _beside(groups: Sequence[Sequence[Line]], column: int) -> list[Line]:
    """The groups in two columns, each in order, as alike in height as can be."""
    splits = []
    for choice in product((True, False), repeat=len(groups) - 1):
        at_left = (True, *choice)
        left = _below([group for group, here in zip(groups, at_left, strict=True) if here])
        right = _below([group for group, here in zip(groups, at_left, strict=True) if not here])
        splits.append((left, right))
    left, right = min(splits, key=lambda split: max(len(split[0]), len(split[1])))
    lines: list[Line] = []
    for one, other in zip_longest(left, right, fillvalue=()):
        fill = Piece(" " * (column + GAP * 2 - line_width(one)))
        lines.append((*one, fill, *other))
    return lines
