"""The dialogs that ask for one thing: pick one, pick several, answer a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from revivatui.text.width import pad, width, wrap
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine
from revivatui.widgets.pieces import PIECE_CLASSES, Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult


MOST_WIDE: Final = 60
"""Cells of a line of the question."""
AROUND: Final = 6
"""Lines of a dialog that are neither options nor question: its frame, title, gaps and last line."""


class Option(NamedTuple):
    """Something to choose; `mark` stands before it, `detail` muted after it."""

    id: str
    label: str
    detail: str = ""
    mark: str = ""
    mark_style: str = ""


class Finder(Input):
    """The search field, which leaves some keys to the dialog."""

    def __init__(self, text: str, hint: str, left: frozenset[str]) -> None:
        super().__init__(text, placeholder=hint, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._left = left

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key not in self._left and super().check_consume_key(key, character)


class Choose(ModalScreen[str | None]):
    """Pick one of several, by typing part of its name, by the arrows or by the mouse.

    Dismisses with the option's id, or None.
    """

    COMPONENT_CLASSES = PIECE_CLASSES
    OWN_KEYS: ClassVar[frozenset[str]] = frozenset()
    """Keys that are never typed into the search field."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        options: Sequence[Option],
        *,
        current: str = "",
        start: str = "",
        question: str = "",
        find: str = "",
        verb: str = "choose",
        from_text: Callable[[str], Option | None] | None = None,
        text: str = "",
    ) -> None:
        """Make the dialog.

        Args:
            title: What is chosen, and for whom.
            options: In the order shown.
            current: The id of what is so now: marked.
            start: The id that the cursor starts on, where that is not `current`.
            question: Sentences above the options.
            find: What the empty search field says; without it there is no search field.
            verb: What enter does, for the last line.
            from_text: Makes an option of what was typed, or None where it means nothing.
            text: What stands in the search field at first.
        """
        super().__init__()
        self._title = title
        self._options = options
        self._current = current
        self._start = start or current
        self._verb = verb
        self._question = question
        self._find = find
        self._from_text = from_text
        self._text = text
        self.lines = LineList()
        self.head = ChipBar(classes="dialog-head")
        self.foot = ChipBar(classes="dialog-foot")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.head
            if self._question:
                yield Static(self._question, classes="question", markup=False)
            if self._find:
                yield Finder(self._text, self._find, self.OWN_KEYS)
            yield self.lines
            yield self.foot

    def on_mount(self) -> None:
        self.head.show([Chip(self._title, "strong", weight=NEVER)])
        self.foot.show(self.hints(), [Chip("cancel", "button", "cancel", NEVER, lead="esc")])
        self._fit()
        if self._find:
            self.lines.can_focus = False
            self.lines.cursor_always()
        self.fill(self._text, self._start)

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """As many options as there is room for: the title and the last line always show."""
        others = AROUND + (2 if self._find else 0)
        if self._question:
            others += 1 + sum(len(wrap(one, MOST_WIDE)) for one in self._question.split("\n"))
        most = min(16, self.app.size.height - others)
        self.lines.styles.height = max(1, min(len(self._options), most))

    def hints(self) -> list[Chip]:
        """The keys, for the last line."""
        choose = Chip(self._verb, "accent", "choose", NEVER, lead="enter")
        return [choose, Chip("move", "button", weight=20, lead="up/down")]

    def fill(self, text: str, cursor_on: str | None = None) -> None:
        """Show the options that what was typed leaves."""
        wanted = text.strip().casefold()
        found = [o for o in self._options if wanted in f"{o.label} {o.detail}".casefold()]
        found.sort(key=lambda option: not option.label.casefold().startswith(wanted))
        made = self._from_text(text) if self._from_text and wanted else None
        if made is not None:
            found = [made, *(option for option in found if option.id != made.id)]
        self.lines.show(self.option_lines(found), cursor_on)

    def option_lines(self, options: Sequence[Option]) -> list[ListLine]:
        if not options:
            return [ListLine((Piece("nothing like that", "muted"),))]
        broadest = min(36, max(width(option.label) for option in options))
        marks = max(width(option.mark) for option in options)
        current = any(option.id == self._current for option in self._options)
        lines = []
        for option in options:
            mark = Piece(pad(option.mark, marks + 1) if marks else "", option.mark_style)
            gap = " " * max(2, broadest - width(option.label) + 2)
            detail = Piece(gap + option.detail, "muted") if option.detail else Piece("")
            so_now = symbols.current if option.id == self._current else ""
            now = Piece(pad(so_now, 2) if current else "", "success")
            lines.append(ListLine((now, mark, Piece(option.label), detail), option.id))
        return lines

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self._text:
            self._text = event.value
            self.fill(event.value, "")

    def on_input_submitted(self) -> None:
        self.lines.action_choose()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.choose(event.choice)

    def choose(self, choice: str) -> None:
        self.dismiss(choice)

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        {"choose": self.lines.action_choose}.get(event.command, self.action_cancel)()

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.lines.action_move(by)

    def action_page(self, by: int) -> None:
        self.lines.action_page(by)


class ChooseSeveral(Choose):
    """Pick any number; dismisses with their ids joined by line feeds, or None."""

    OWN_KEYS: ClassVar[frozenset[str]] = frozenset({"space"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "choose_this", "Choose", show=False, priority=True),
    ]

    def __init__(
        self, title: str, options: Sequence[Option], chosen: Sequence[str], *, find: str
    ) -> None:
        super().__init__(title, options, find=find)
        self._chosen = list(chosen)
        self._touched = False

    def hints(self) -> list[Chip]:
        return [
            Chip("tick", "accent", "toggle", NEVER, lead="space"),
            Chip("apply", "accent", "apply", NEVER, lead="enter"),
            Chip("move", "button", weight=20, lead="up/down"),
        ]

    def option_lines(self, options: Sequence[Option]) -> list[ListLine]:
        marked = [
            option._replace(
                mark="[x]" if option.id in self._chosen else "[ ]",
                mark_style="accent" if option.id in self._chosen else "muted",
            )
            for option in options
        ]
        return super().option_lines(marked)

    def action_choose_this(self) -> None:
        self.toggle(self.lines.choice)

    def toggle(self, choice: str) -> None:
        if choice in self._chosen:
            self._chosen.remove(choice)
        elif choice:
            self._chosen.append(choice)
        self._touched = True
        self.fill(self._text, choice)

    def on_input_submitted(self) -> None:
        # Typing a name and pressing enter means that one.
        if not self._touched and self._text.strip() and self.lines.choice:
            self.toggle(self.lines.choice)
        self.apply()

    def choose(self, choice: str) -> None:
        self.toggle(choice)

    def apply(self) -> None:
        self.dismiss("\n".join(self._chosen))

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        {"apply": self.apply, "toggle": self.action_choose_this}.get(
            event.command, self.action_cancel
        )()
