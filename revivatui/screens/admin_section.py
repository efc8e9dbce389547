"""What every section of the Admin room is: lines of records, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Protocol, TypeVar

from revivatui.screens.choose import ChooseSeveral
from revivatui.text.width import fit, width
from revivatui.widgets.line_list import ListLine
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from textual.screen import Screen

    from revivatui.api.client import ChatwootClient
    from revivatui.screens.admin_form import AdminForm
    from revivatui.screens.choose import Option
    from revivatui.screens.session import Session
    from revivatui.state.admin_change import Change

T = TypeVar("T")

GAP: Final = 2
ADD, EDIT, REMOVE, MEMBERS = "add", "edit", "remove", "members"
VIEW, IMPORT, EXPORT = "view", "import", "export"


class Host(Protocol):
    """The room, as a section uses it."""

    @property
    def session(self) -> Session: ...

    @property
    def sought(self) -> str: ...

    def propose(self, change: Change, form: AdminForm | None = None) -> None:
        """Show a change; send it after a yes. A refusal is said in the form, where one asked."""

    def open_screen(self, screen: Screen[T], then: Callable[[T | None], None]) -> None:
        """Show a dialog."""

    def say(self, text: str, severity: Any = "information") -> None:
        """A short word to the agent."""

    def later(self, doing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something that has to ask the server; what it refuses is said."""

    def show_section(self) -> None:
        """Show the lines anew."""


def ask_several(
    host: Host,
    title: str,
    options: Sequence[Option],
    before: Sequence[int],
    find: str,
    then: Callable[[list[int]], None],
) -> None:
    """Let several records be chosen; `then` is told which, where they are others than before."""

    def chosen(choice: str | None) -> None:
        if choice is None:
            return
        after = [int(one) for one in choice.split("\n") if one]
        if set(after) == set(before):
            host.say("Nothing is different: nothing was sent.")
        else:
            then(after)

    picked = [str(one) for one in before]
    host.open_screen(ChooseSeveral(title, options, picked, find=find), chosen)


class Cell(NamedTuple):
    text: str
    style: str = ""


class Column(NamedTuple):
    """A column: `cells` wide at most; `grows` is cut rather than left out; `weight` says
    how long it stays when room is short."""

    title: str
    cells: int
    grows: bool = False
    right: bool = False
    weight: int = 50


class Section:
    """Reads its records, shows them, and turns what is wanted into changes."""

    ID: ClassVar[str] = ""
    """The kind of its changes too."""
    NAME: ClassVar[str] = ""
    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    CAN: ClassVar[frozenset[str]] = frozenset({ADD, EDIT, REMOVE})
    EMPTY: ClassVar[str] = ""
    """What is said where there is none, with what to do."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.was_read = False
        self.missing = False
        """The server answered that it has no such thing."""

    # --- what a section is ---------------------------------------------------------------------

    async def read(self, client: ChatwootClient) -> None:
        """Ask for the records. Raises ApiError."""
        raise NotImplementedError

    def records(self) -> Sequence[Any]:
        """All records, in the order shown."""
        raise NotImplementedError

    def row(self, record: Any) -> Sequence[Cell]:
        """The record's cells, one a column."""
        raise NotImplementedError

    def facts(self, record: Any) -> Mapping[str, str]:
        """The record in words, for comparing after a change."""
        raise NotImplementedError

    def not_here(self) -> str:
        """Why this server has no such thing; "" where it has."""
        return ""

    def empty(self) -> str:
        """What is said where there is none."""
        return self.EMPTY

    def note(self) -> str:
        """Something about all of them, above the lines."""
        return ""

    async def now(self, client: ChatwootClient, change: Change, made: int | None) -> Any:
        """What the server holds after a change, in words; None where the record is gone."""
        await self.read(client)
        record = self.find(made if made is not None else change.record_id)
        return None if record is None else self.facts(record)

    def follow(self) -> None:
        """After a change: what the rest of the desk knows of these records follows."""

    def add(self) -> None: ...

    def edit(self, record: Any) -> None: ...

    def remove(self, record: Any) -> None: ...

    def members(self, record: Any) -> None: ...

    def view(self, record: Any) -> None: ...

    def bring_in(self) -> None: ...

    def export(self) -> None: ...

    # --- what is the same for all --------------------------------------------------------------

    @property
    def can(self) -> frozenset[str]:
        return frozenset() if self.why_not else self.CAN

    @property
    def why_not(self) -> str:
        """Why nothing of this kind can be shown; "" where it can."""
        if self.missing:
            return f"{self.NAME}: this server says that it has no such thing."
        return self.not_here()

    def key(self, record: Any) -> str:
        return str(record.id)

    def find(self, record_id: int | None) -> Any:
        return next((one for one in self.records() if one.id == record_id), None)

    def of(self, key: str) -> Any:
        """The record that a line stands for, or None."""
        return next((one for one in self.records() if self.key(one) == key), None)

    def shown(self) -> list[Any]:
        """Those that have all the words that are looked for."""
        wanted = self.host.sought.casefold().split()
        return [
            one
            for one in self.records()
            if all(word in self.said(one).casefold() for word in wanted)
        ]

    def said(self, record: Any) -> str:
        """What a record is searched by."""
        return " ".join(self.facts(record).values())

    def table(self, cells: int) -> tuple[str, list[ListLine]]:
        """The words over the columns, and the lines."""
        rows = [(self.key(one), self.row(one)) for one in self.shown()]
        return table(self.COLUMNS, rows, cells)


def table(
    columns: Sequence[Column], rows: Sequence[tuple[str, Sequence[Cell]]], cells: int
) -> tuple[str, list[ListLine]]:
    """Rows under columns: each as wide as it needs, the heavier ones first where room is short."""
    widths = _widths(columns, rows, cells)
    kept = [place for place, wide in enumerate(widths) if wide]
    head = _line([Cell(columns[p].title) for p in kept], [columns[p] for p in kept],
                 [widths[p] for p in kept])  # fmt: skip
    lines = []
    for key, row in rows:
        pieces = _line([row[p] for p in kept], [columns[p] for p in kept],
                       [widths[p] for p in kept])  # fmt: skip
        lines.append(ListLine(tuple(pieces), key))
    return "".join(piece.text for piece in head).rstrip(), lines


def _widths(
    columns: Sequence[Column], rows: Sequence[tuple[str, Sequence[Cell]]], cells: int
) -> list[int]:
    needed = [
        min(column.cells, max([width(column.title), *(width(row[p].text) for _, row in rows)]))
        for p, column in enumerate(columns)
    ]
    order = sorted(range(len(columns)), key=lambda p: -columns[p].weight)
    widths = [0] * len(columns)
    left = cells
    for place in order:
        wanted = needed[place] + (GAP if any(widths) else 0)
        if not any(widths):
            widths[place] = min(needed[place], left)
            left -= widths[place]
        elif wanted <= left:
            widths[place] = needed[place]
            left -= wanted
        elif columns[place].grows and left > GAP + 8:
            widths[place] = left - GAP
            left = 0
    return widths


def _line(row: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int]) -> list[Piece]:
    pieces = []
    for place, (cell, column, wide) in enumerate(zip(row, columns, widths, strict=True)):
        text = cell.text.replace("\n", " ")
        shown = fit(text, wide, symbols.ellipsis)
        if column.right:
            shown = " " * (width(shown) - width(shown.rstrip())) + shown.rstrip()
        gap = " " * GAP if place < len(row) - 1 else ""
        pieces.append(Piece(shown + gap, cell.style))
    return pieces
