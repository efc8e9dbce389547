"""What the analytics say in lines and tiles: pieces with styles, made of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.analytics_tiles import compared
from revivatui.state.charts.levels import spark
from revivatui.text.when import clock, stamp
from revivatui.text.width import fit, truncate, width, wrap
from revivatui.widgets.charts.look import alphabet
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Piece, line_width
from revivatui.widgets.symbols import symbols
from revivatui.widgets.tiles import TileFace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from revivatui.state.analytics_board import Board
    from revivatui.state.analytics_tiles import Tile, Trend
    from revivatui.state.models import Contact, Conversation, Inbox, Team
    from revivatui.state.reports import LiveCounts, Rating
    from revivatui.widgets.pieces import Line

_NUMBERS: Final = 11
"""Cells of a column of numbers."""
_STYLES: Final = {"met": "success", "missed": "error", "no data": "muted", "not known": "muted"}


# --- tiles ---------------------------------------------------------------------------------------


def face_of(tile: Tile, cells: int) -> TileFace:
    """What stands on a tile with so many cells: the verdict goes into the second line where there
    is room for it beside the value, else into the third, before the change and the target."""
    kind = tile.kind
    value: Line
    if tile.value is None:
        dots = symbols.ellipsis if tile.verdict == "asking" else ""
        value = (Piece(f"{tile.words}{dots}", "muted"),)
    else:
        value = (Piece(tile.words, "strong"),)
    verdict = _verdict(tile)
    beside = verdict and line_width(value) + 1 + line_width(verdict) <= cells
    if beside:
        value = (*value, Piece(" "), *verdict)
    below = spaced((() if beside else verdict, *_trends(tile), _target(tile)), cells)
    return TileFace(kind.name, kind.short, value, below, course_words(tile, cells))


def _verdict(tile: Tile) -> Line:
    if tile.verdict not in ("met", "missed"):
        return ()
    mark = symbols.sent if tile.verdict == "met" else symbols.failed
    return (Piece(f"{mark} {tile.verdict}", _STYLES[tile.verdict]),)


def _trends(tile: Tile) -> tuple[Line, Line]:
    """How it changed; the arrow alone comes after it, for where the number has no room."""
    if tile.trend is None:
        return (), ()
    style = _trend_style(tile.trend)
    arrow = arrow_of(tile.trend)
    return (Piece(trend_short(tile.trend), style),), (Piece(arrow, style),) if arrow else ()


def _target(tile: Tile) -> Line:
    return (Piece(tile.kind.target.words, "muted"),) if tile.kind.target else ()


def spaced(parts: Iterable[Line], cells: int) -> Line:
    """The parts that fit beside each other; an arrow follows no change that was said."""
    made: Line = ()
    for part in parts:
        gap = (Piece(" "),) if made else ()
        if not part or any(part[0].text in piece.text for piece in made):
            continue
        if line_width((*made, *gap, *part)) <= cells:
            made = (*made, *gap, *part)
    return made


def arrow_of(trend: Trend) -> str:
    """An arrow; in ASCII a sign, since the twin of the arrow down is that of "met" too."""
    if symbols.use_ascii:
        return {"up": "+", "down": "-", "same": ""}[trend.direction]
    return {"up": symbols.up, "down": symbols.down, "same": ""}[trend.direction]


def trend_short(trend: Trend) -> str:
    """ "↑ 9 %"."""
    return f"{arrow_of(trend)} {trend.short}".strip()


def _trend_style(trend: Trend) -> str:
    if trend.is_good is None:
        return "muted"
    return "success" if trend.is_good else "warning"


def course_words(tile: Tile, cells: int) -> str:
    """The course of the figure as a line of small bars."""
    if not tile.course or cells < 1:
        return ""
    glyphs = alphabet().rises
    levels = spark(tile.course, min(cells, len(tile.course)))
    return "".join(" " if level is None else glyphs[level] for level in levels)


def tile_words(tile: Tile, board: Board) -> str:
    """A tile in a sentence: what a cursor on it says."""
    said = f"{tile.kind.name}: {tile.words}"
    if tile.verdict in ("met", "missed") and tile.kind.target is not None:
        said += f", target {tile.kind.target.words} {tile.verdict}"
    if tile.trend is not None:
        good = {True: ", better", False: ", worse", None: ""}[tile.trend.is_good]
        said += f"; {tile.trend.words}{good}"
    if tile.note:
        said += f"; {tile.note}"
    if tile.as_of is not None:
        said += f"; as of {clock(tile.as_of, board.tz)}"
    return said


def meaning_lines(
    tile: Tile, definition: str, board: Board, zone: str, cells: int
) -> list[ListLine]:
    """What a tile's figure means, where it is from and what it is held against."""
    told: list[tuple[str, str]] = [("means", definition), ("value", tile.words)]
    if tile.kind.target is not None:
        verdict = f": {tile.verdict}" if tile.verdict else ""
        told.append(("target", f"{tile.kind.target.words}{verdict}"))
    if tile.trend is not None:
        good = {True: ": better", False: ": worse", None: ""}[tile.trend.is_good]
        told.append(("change", f"{tile.trend.words}{good} ({compared(board)})"))
    if tile.note:
        told.append(("note", tile.note))
    if tile.as_of is not None:
        told.append(("as of", clock(tile.as_of, board.tz)))
    told.append(("days", zone))
    return named_lines(told, cells)


def named_lines(told: Iterable[tuple[str, str]], cells: int, names: int = 9) -> list[ListLine]:
    """Names with sentences beside them, wrapped."""
    lines = []
    for name, text in told:
        lead = fit(name, names)
        for start, end in wrap(text, max(20, cells - names)) or [(0, 0)]:
            lines.append(ListLine((Piece(lead, "muted"), Piece(text[start:end]))))
            lead = " " * names
    return lines


# --- lists ---------------------------------------------------------------------------------------


def live_lines(
    live: LiveCounts,
    teams: Mapping[int | None, LiveCounts] | None,
    known: Mapping[int, Team],
    names: int,
) -> list[ListLine]:
    """Open, unattended, unassigned and pending now, of the account and of each team."""
    heads = ("open", "unattended", "unassigned", "pending")
    lines = [ListLine((Piece(" " * names), *(Piece(f"{h:>{_NUMBERS}}", "muted") for h in heads)))]
    lines.append(_live_line("whole account", live, names, "strong"))
    for team_id, counts in sorted(
        (teams or {}).items(), key=lambda item: (item[0] is None, -item[1].open)
    ):
        if team_id is None:
            name = "no team"
        else:
            name = known[team_id].name if team_id in known else f"team #{team_id}"
        lines.append(_live_line(name, counts, names, ""))
    if teams is None:
        lines += [words(""), words("Chatwoot 3.9 does not count by team.", "muted")]
    return lines


def _live_line(name: str, live: LiveCounts, names: int, style: str) -> ListLine:
    counts = (live.open, live.unattended, live.unassigned, live.pending)
    cells = ["-" if count is None else f"{count:,}" for count in counts]
    shown = truncate(name, names - 1, symbols.ellipsis)
    return ListLine(
        (Piece(fit(shown, names), style), *(Piece(f"{cell:>{_NUMBERS}}", style) for cell in cells))
    )


def rating_lines(
    ratings: Sequence[Rating], cells: int, now: float, tz: tzinfo | None
) -> list[ListLine]:
    """A line a rating, each leading to its conversation."""
    lines = []
    for one in ratings:
        stars = f"{one.rating} {symbols.star * one.rating}"
        style = "success" if one.rating >= 4 else "error" if one.rating <= 2 else "warning"
        when = stamp(one.created_at, now, tz) if one.created_at is not None else ""
        who = one.contact_name or "somebody"
        agent = f", {one.agent_name}" if one.agent_name else ""
        head = (
            Piece(fit(stars, 8), style),
            Piece(fit(when, 14), "muted"),
            Piece(fit(truncate(f"{who}{agent}", 29, symbols.ellipsis), 30)),
        )
        room = max(10, cells - 8 - 14 - 30 - 2)
        comment = truncate(one.comment, room, symbols.ellipsis) if one.comment else ""
        body = Piece(comment) if comment else Piece("no comment", "muted")
        lines.append(ListLine((*head, body), str(one.conversation_id)))
    return lines


def conversation_lines(
    found: Sequence[Conversation],
    contacts: Mapping[int, Contact],
    inboxes: Mapping[int, Inbox],
    people: Mapping[int, str],
    cells: int,
    now: float,
    tz: tzinfo | None,
) -> list[ListLine]:
    """A line a conversation; choosing one opens it in the inbox."""
    lines = []
    for one in found:
        contact = contacts.get(one.contact_id)
        name = contact.name if contact is not None and contact.name else "somebody"
        inbox = inboxes[one.inbox_id].name if one.inbox_id in inboxes else ""
        holder = people.get(one.assignee_id or 0, "nobody")
        pieces = [
            Piece(fit(f"#{one.id}", 7), "muted"),
            Piece(fit(truncate(name, 21, symbols.ellipsis), 22)),
            Piece(fit(one.status, 10), "success" if one.status == "resolved" else ""),
            Piece(fit(truncate(holder, 15, symbols.ellipsis), 16), "muted"),
            Piece(fit(stamp(one.created_at, now, tz), 14), "muted"),
        ]
        room = cells - sum(width(piece.text) for piece in pieces) - 2
        if room > 6:
            pieces.append(Piece(truncate(inbox, room, symbols.ellipsis), "muted"))
        lines.append(ListLine(tuple(pieces), str(one.id)))
    return lines


def sentences(told: Iterable[str], cells: int, style: str = "") -> list[ListLine]:
    """Sentences, wrapped."""
    return [
        words(text[start:end], style)
        for text in told
        for start, end in wrap(text, max(20, cells)) or [(0, 0)]
    ]
