"""Which customers' words were learned for which answer: looked through, and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType

from revivatui.screens.at_work import begin, begin_alone
from revivatui.screens.page import Page
from revivatui.text.when import stamp
from revivatui.text.width import wrap
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from revivatui.copilot.learned import Alias
    from revivatui.screens.copilot_desk import CopilotDesk
    from revivatui.screens.session import Session

ABOUT: Final = (
    "When you put a suggestion into a reply, the words of the customer's message may come to stand"
    " for it. A word counts after three conversations. Names, figures and addresses are never kept,"
    " and what is taken away here is not learned again."
)
NOTHING: Final = "Nothing is learned yet."
AGAIN: Final = "Again takes it away for good."


class LearnedScreen(Page):
    """x twice takes the word under the cursor away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
        Binding("x,delete", "take_away", "Take away", show=False),
    ]

    def __init__(self, session: Session, copilot: CopilotDesk) -> None:
        super().__init__("Learned words")
        self._session = session
        self._copilot = copilot
        self._found: tuple[Alias, ...] | None = None
        self._trouble = ""
        self._armed = ""

    def on_mount(self) -> None:
        super().on_mount()
        self._read()

    def _read(self) -> None:
        begin_alone(self, "learned", self._reading)

    async def _reading(self) -> None:
        self._found, self._trouble = await self._copilot.learned()
        if self.lines.is_attached:
            self.show_page()

    def hints(self) -> list[Chip]:
        if not self._found:
            return []
        return [Chip("take away", "button", "take_away", NEVER, lead="x")]

    # --- the lines ----------------------------------------------------------------------------

    def page(self) -> list[ListLine]:
        lines = [*self._wrapped(ABOUT, "muted"), words("")]
        if self._trouble:
            lines += self._wrapped(f"{symbols.failed} {self._trouble}", "error")
        if self._found is None:
            return [*lines, words(f"reading{symbols.ellipsis}", "muted")]
        if not self._found:
            return [*lines, words(NOTHING, "muted")]
        for title, counts in (
            ("These count", True),
            ("These may, once they were used more", False),
        ):
            of_it = [one for one in self._found if one.promoted is counts]
            if of_it:
                lines += [words(title, "strong"), *map(self._line, of_it), words("")]
        return lines[:-1]

    def _line(self, one: Alias) -> ListLine:
        choice = f"{one.source_id}\n{one.words}"
        many = "1 conversation" if one.uses == 1 else f"{one.uses} conversations"
        last = stamp(one.last_at, self._session.clock(), self._session.tz)
        told = f"  {many}, last {last}"
        if choice == self._armed:
            return ListLine(
                (Piece(one.words, "accent"), Piece(f" {symbols.held} {AGAIN}", "error")), choice
            )
        return ListLine(
            (Piece(one.words, "accent"), Piece(f" for {one.source_id}"), Piece(told, "muted")),
            choice,
        )

    def _wrapped(self, text: str, style: str) -> Iterator[ListLine]:
        for start, end in wrap(text, self.room):
            yield words(text[start:end], style)

    # --- taking away --------------------------------------------------------------------------

    def action_take_away(self) -> None:
        choice = self.lines.choice
        if not choice:
            return
        if choice != self._armed:
            self._armed = choice
            self.show_page()
            return
        self._armed = ""
        source_id, _, word = choice.partition("\n")
        begin(self, "unlearn", self._taking, source_id, word)

    async def _taking(self, source_id: str, word: str) -> None:
        await self._copilot.unlearn(source_id, word)
        self._read()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()

    def act(self, command: str) -> None:
        if command == "take_away":
            self.action_take_away()
        else:
            self.action_leave()
