"""The words of the Team screen: a card, a line of the table, the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.presence_log import Standing
from revivatui.state.team import Card, channel, initials
from revivatui.text.when import duration
from revivatui.text.width import fit, truncate, width
from revivatui.widgets import bars
from revivatui.widgets.cards import GridCard
from revivatui.widgets.line_list import ListLine
from revivatui.widgets.pieces import Line, Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NONE: Final = "-"
"""What stands where nothing is known or there is nothing to average."""
ORDER_WORDS: Final[Mapping[str, str]] = {
    "attention": "who needs attention first",
    "name": "by name",
    "inboxes": "by inbox",
    "status": "online first",
    "channels": "by channel",
    "load": "highest load first",
    "time": "longest in their state first",
}
ROLES: Final = {"administrator": "admin", "agent": "agent"}
LONG: Final = 100
"""Columns from which the table has room for all of its columns."""


def count(value: int | None) -> str:
    return NONE if value is None else str(value)


def took(seconds: float | None) -> str:
    """An average, as people say it: seconds under a minute, then minutes and hours."""
    if seconds is None:
        return NONE
    return f"{round(seconds)} s" if 0 < seconds < 60 else duration(seconds)


def stands_for(standing: Standing | None, now: float) -> str:
    """ "for 12 min", or "for at least 12 min" where its beginning was not seen."""
    if standing is None:
        return "since when is not known yet"
    said = duration(max(0.0, now - standing.since))
    if standing.exact:
        return f"for {said}"
    return "just seen" if now - standing.since < 60 else f"for at least {said}"


def short_time(standing: Standing | None, now: float) -> str:
    """The same in a column: "12 min", "12 min+"."""
    if standing is None:
        return NONE
    said = duration(max(0.0, now - standing.since))
    return said if standing.exact else f"{said}+"


def load_words(card: Card) -> str:
    if card.held is None:
        return NONE
    return f"{card.held.open}/{card.limit}" if card.limit else str(card.held.open)


def presence_piece(card: Card, *, heard: bool) -> Piece:
    """The word with its glyph; muted where it is what was last heard."""
    style = bars.AVAILABILITY.get(card.word, "muted") if heard else "muted"
    return Piece(f"{bars.dot(card.word)} {card.word}", style)


def _two(left: Line, right: Line, cells: int) -> Line:
    """Words at both ends of a line; the left ones give way."""
    room = cells - sum(width(piece.text) for piece in right) - 1
    kept, used = [], 0
    for piece in left:
        text = truncate(piece.text, max(0, room - used), symbols.ellipsis)
        kept.append(piece._replace(text=text))
        used += width(text)
    return (*kept, Piece(" " * max(1, room - used + 1)), *right)


def _pair(name: str, value: str, style: str, cells: int) -> Line:
    return _two((Piece(name, "muted"),), (Piece(value, style),), cells)


def _columns(left: Line, right: Line, cells: int) -> Line:
    """Two halves of a line, with a gap between them."""
    half = (cells - 3) // 2
    gap = cells - 2 * half
    used = sum(width(piece.text) for piece in left)
    return (*left, Piece(" " * (half - used + gap)), *right)


def _since(standing: Standing | None, now: float, room: int) -> str:
    """How long it stands, in the short form where the room is short."""
    said = f"   {stands_for(standing, now)}"
    return said if width(said) <= room else f"   {short_time(standing, now)}"


def card_of(card: Card, cells: int, now: float, *, heard: bool) -> GridCard:
    """Who, what they are, since when, what they hold, how their day was where that is told."""
    half = (cells - 3) // 2
    agent, held, today = card.agent, card.held, card.today
    you = (Piece(" (you)", "muted"),) if card.is_me else ()
    name = (Piece(f"{fit(initials(agent.name), 2)} ", "accent"), Piece(agent.name, "strong"), *you)
    role = Piece(ROLES.get(agent.role, agent.role), "label" if agent.role != "agent" else "muted")
    level, why = card.attention
    urgent = "error" if level > 1 else "warning"
    reason = Piece(f"{symbols.held} {why}", urgent) if why else Piece("")
    room = cells - width(reason.text) - 1
    since = Piece(_since(card.standing, now, room), "" if heard else "muted")
    waits = held.unattended if held else 0
    lines: tuple[Line, ...] = (
        _two(name, (presence_piece(card, heard=heard),), cells),
        _two((Piece(f"   {agent.email}", "muted"),), (role,), cells),
        _two((since,), (reason,), cells),
        _columns(
            _pair("   open", count(held.open if held else None), "strong", half),
            _pair("unattended", count(waits if held else None), "warning" if waits else "", half),
            cells,
        ),
    )
    load = _pair("   load", load_words(card), urgent if level == 2 else "", half)
    if today is None:
        return GridCard(str(agent.id), (*lines, _columns(load, (), cells)))
    resolved = _pair("resolved", count(today.resolved), "", half)
    day = (
        ("conversations today", count(today.conversations)),
        ("first response after", took(today.first_response)),
        ("resolution after", took(today.resolution)),
    )
    figures = (_pair(f"   {name}", value, "", cells) for name, value in day)
    return GridCard(str(agent.id), (*lines, _columns(load, resolved, cells), *figures))


# --- the table ---------------------------------------------------------------------------------


class Column(NamedTuple):
    """A column of the table; `order` is the order that it stands for."""

    title: str
    order: str
    cells: int
    right: bool = False
    most: int = 0
    """The cells that it grows to where there is room; 0: it does not."""


COLUMNS: Final = (
    Column("agent", "name", 16, most=28),
    Column("inboxes", "inboxes", 14, most=44),
    Column("status", "status", 9),
    Column("channels", "channels", 10, most=30),
    Column("load", "load", 7, right=True),
    Column("unattended", "attention", 11, right=True),
    Column("in it for", "time", 11, right=True),
)
_GAP: Final = 2
"""As between the chips of the line above it."""
_FEWER: Final = ("channels", "unattended")
"""What leaves where room is short; nothing of it is said nowhere else."""


def columns_for(cells: int) -> list[Column]:
    """The columns with the cells that each has."""
    shown = [one for one in COLUMNS if cells >= LONG or one.title not in _FEWER]
    left = cells - sum(one.cells + _GAP for one in shown)
    wants = sum(one.most - one.cells for one in shown if one.most)
    share = min(1.0, max(0, left) / wants)
    return [
        one._replace(cells=one.cells + int(share * (one.most - one.cells))) if one.most else one
        for one in shown
    ]


def _cell(card: Card, column: Column, now: float, *, heard: bool) -> Piece:
    if column.title == "agent":
        return Piece(f"{card.agent.name}{' (you)' if card.is_me else ''}", "strong")
    if column.title == "inboxes":
        return Piece(", ".join(one.name for one in card.inboxes) or NONE, "muted")
    if column.title == "channels":
        names = dict.fromkeys(channel(one.channel_type) for one in card.inboxes)
        return Piece(", ".join(names) or NONE, "muted")
    if column.title == "status":
        return presence_piece(card, heard=heard)
    if column.title == "load":
        return Piece(load_words(card), "error" if card.attention[0] == 2 else "")
    if column.title == "unattended":
        waits = card.held.unattended if card.held else None
        return Piece(count(waits), "warning" if waits else "muted")
    return Piece(short_time(card.standing, now), "" if heard else "muted")


def table_line(card: Card, columns: Sequence[Column], now: float, *, heard: bool) -> ListLine:
    pieces = []
    for column in columns:
        piece = _cell(card, column, now, heard=heard)
        text = truncate(piece.text, column.cells, symbols.ellipsis)
        room = " " * (column.cells - width(text))
        text = room + text if column.right else text + room
        pieces.append(piece._replace(text=text + " " * _GAP))
    return ListLine(tuple(pieces), str(card.agent.id))


def title_of(column: Column, order: str, *, backwards: bool) -> str:
    """The head of a column, with the way it is sorted."""
    mark = (symbols.up if backwards else symbols.down) if column.order == order else ""
    text = truncate(f"{column.title}{mark}", column.cells, symbols.ellipsis)
    return text.rjust(column.cells) if column.right else fit(text, column.cells)
