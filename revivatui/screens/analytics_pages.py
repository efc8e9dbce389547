"""Pages over the analytics: what a figure means, and the conversations behind a point."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType

from revivatui.crm.errors import CrmError
from revivatui.engine.asking import NotAnswered
from revivatui.screens.analytics_lines import conversation_lines, sentences
from revivatui.screens.at_work import begin
from revivatui.screens.page import Page
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.screens.analytics_finding import Finding, Found
    from revivatui.screens.session import Session


class MeaningPage(Page):
    """What a tile's figure is; v works it out anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,d", "leave", "Back", show=False),
        Binding("v", "verify", "Verify", show=False),
    ]

    def __init__(
        self, title: str, lines: Callable[[int], list[ListLine]], verify: Callable[[], None] | None
    ) -> None:
        """Make the page; `verify` is None where the figure cannot be worked out anew."""
        super().__init__(title, gutter=False)
        self._lines = lines
        self._verify = verify

    def page(self) -> Sequence[ListLine]:
        return self._lines(self.room)

    def hints(self) -> list[Chip]:
        return [Chip("verify", "accent", "verify", NEVER, lead="v")] if self._verify else []

    def act(self, command: str) -> None:
        if command == "verify":
            self.action_verify()
        else:
            self.action_leave()

    def action_verify(self) -> None:
        if self._verify is not None:
            self.dismiss()
            self._verify()


Told = Callable[[str], None]
"""How work says how far it is."""
T = TypeVar("T")


class WorkPage(Page, Generic[T]):
    """How far some reading is, then what came of it; leaving the page stops it."""

    def __init__(
        self, title: str, work: Callable[[Told], Awaitable[T]], *, gutter: bool = True
    ) -> None:
        """Make the page; `work` reads what it shows and is told how to say how far it is."""
        super().__init__(title, gutter=gutter)
        self._work = work
        self.told = f"asking the server{symbols.ellipsis}"
        self.trouble = ""
        self.result: T | None = None

    def on_mount(self) -> None:
        begin(self, "work", self._read)

    async def _read(self) -> None:
        try:
            self.result = await self._work(self._progress)
        except (CrmError, NotAnswered) as error:
            self.trouble = str(error)
        except Exception as error:
            self.app._handle_exception(error)
        if self.lines.is_attached:
            self.show_page()
            self.lines.focus()

    def _progress(self, told: str) -> None:
        self.told = told
        if self.lines.is_attached:
            self.show_page()

    def page(self) -> Sequence[ListLine]:
        if self.trouble:
            return sentences([f"{symbols.failed} {self.trouble}"], self.room, "error")
        if self.result is None:
            return self.waiting()
        return self.shown(self.result)

    def waiting(self) -> Sequence[ListLine]:
        """What is said until something came of it."""
        return [words(self.told, "muted")]

    def shown(self, result: T) -> Sequence[ListLine]:
        """What came of it, in lines."""
        raise NotImplementedError


class BehindPage(WorkPage["Found"]):
    """The conversations of a point; enter opens one in the inbox."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
        Binding("x", "export", "Export", show=False),
    ]

    def __init__(
        self,
        session: Session,
        title: str,
        find: Callable[[Told], Finding],
        opens: Callable[[int], None],
        export: Callable[[Found], None],
    ) -> None:
        """Make the page; `find` reads what it lists and is told how to say how far it is."""
        super().__init__(title, find)
        self._session = session
        self._opens = opens
        self._export = export

    def shown(self, result: Found) -> Sequence[ListLine]:
        state = self._session.state
        people = {agent.id: agent.name for agent in state.agents.values()}
        lines = conversation_lines(
            result.conversations,
            result.contacts,
            state.inboxes,
            people,
            self.room,
            self._session.clock(),
            self._session.tz,
        )
        head = [words(result.count_words, "muted"), *sentences(result.notes, self.room, "muted")]
        return [*head, words(""), *lines] if lines else head

    def hints(self) -> list[Chip]:
        if self.result is None or not self.result.conversations:
            return []
        return [
            Chip("open", "accent", "open", NEVER, lead="enter"),
            Chip("export", "button", "export", NEVER, lead="x"),
        ]

    def act(self, command: str) -> None:
        deeds = {"open": self.lines.action_choose, "export": self.action_export}
        deeds.get(command, self.action_leave)()

    def action_export(self) -> None:
        if self.result is not None and self.result.conversations:
            self._export(self.result)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.app.call_later(partial(self._opens, int(event.choice)))
