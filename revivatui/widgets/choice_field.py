"""A field of a form that holds one of a few words, or several: no letters are typed into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from revivatui.widgets.pieces import Piece, PieceStyles
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip


class ChoiceField(PieceStyles, can_focus=True):
    """Left and right change it, space or a click opens the list of all."""

    DEFAULT_CSS = """
    ChoiceField { height: 1; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("space", "open", show=False),
        Binding("enter", "next", show=False),
    ]

    class Opened(Message):
        """All choices are asked for."""

        def __init__(self, field: ChoiceField) -> None:
            super().__init__()
            self.field = field

    class Next(Message):
        """Enter: go on to the next field."""

        def __init__(self, field: ChoiceField) -> None:
            super().__init__()
            self.field = field

    class Changed(Message):
        """Another choice."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], chosen: str, *, several: bool = False
    ) -> None:
        """`choices` are ids and words; `chosen` an id, or with `several` ids joined by line
        feeds."""
        super().__init__()
        self.choices = choices
        self._chosen = chosen
        self.several = several

    @property
    def value(self) -> str:
        return self._chosen

    @value.setter
    def value(self, chosen: str) -> None:
        self._chosen = chosen
        self.refresh()
        self.post_message(self.Changed())

    @property
    def words(self) -> str:
        """What is chosen, as it is shown."""
        chosen = self._chosen.split("\n") if self.several else [self._chosen]
        said = [words for id_, words in self.choices if id_ in chosen]
        return ", ".join(said) or "none"

    def action_turn(self, by: int) -> None:
        if self.several or not self.choices:
            return
        ids = [id_ for id_, _ in self.choices]
        at = ids.index(self._chosen) if self._chosen in ids else -1
        self.value = ids[(at + by) % len(ids)]

    def action_open(self) -> None:
        self.post_message(self.Opened(self))

    def action_next(self) -> None:
        self.post_message(self.Next(self))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.action_open()

    def render_line(self, y: int) -> Strip:
        mark = Piece(f"{symbols.menu} ", "accent" if self.has_focus else "muted")
        line = (mark, Piece(self.words, "strong" if self.has_focus else ""))
        return self.strip_of(line, self.size.width, "cursor" if self.has_focus else "")
