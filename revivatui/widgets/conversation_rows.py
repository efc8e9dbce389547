"""What one row of the conversation list shows, as words with style names: no Textual in here.

A row answers, in the order the eye asks: who, how long have they waited, how much is new, is it
urgent; and below: what was said last, and what makes this conversation special.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.text.when import ago, duration, until
from revivatui.text.width import fit, pad, truncate, width
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from revivatui.state.select import Row

Piece = tuple[str, str]
"""Text and the name of its style ("" for the plain one)."""

PRIORITY_MARKS: Final = {"urgent": "!!", "high": "!"}
SATURATED: Final = 10
"""The server counts unread messages no further (contract 2.1)."""

_TIME: Final = 10
_COUNT: Final = 3
_MARK: Final = 2
_NARROWEST: Final = 24
_BROAD: Final = 50
"""Cells from which a row names its inbox beside its labels."""


class RowView(NamedTuple):
    """How rows are drawn: the same for every row of a list."""

    width: int
    now: float
    tz: tzinfo | None = None
    two_lines: bool = True
    show_assignee: bool = False
    show_inbox: bool = False


def row_lines(row: Row, view: RowView) -> list[list[Piece]]:
    """The row's one or two lines, each exactly `view.width` cells wide; at least 4 are needed."""
    if not view.two_lines:
        return [_compact(row, view)]
    return [_head(row, view), _body(row, view)]


def when(row: Row, view: RowView) -> Piece:
    """How long the customer has waited, or when something last happened."""
    if row.waiting_since is not None and row.status == "open":
        return f"{symbols.waiting} {duration(view.now - row.waiting_since)}", "waiting"
    return ago(row.last_activity_at, view.now, view.tz), "muted"


def badge(count: int) -> str:
    if count <= 0:
        return ""
    return f" {SATURATED - 1}+ " if count >= SATURATED else f" {count} "


def status_words(row: Row, view: RowView) -> str:
    """What is not open says so in words."""
    if row.pending:
        return row.pending
    if row.status == "snoozed":
        if row.snoozed_until is None:
            return "snoozed"
        return f"snoozed {until(row.snoozed_until, view.now, view.tz)}"
    return "" if row.status == "open" else row.status


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else ""
    return letters.upper()


def preview(row: Row) -> list[Piece]:
    """The second line's words: what matters most first."""
    if row.failed:
        return [(f"{symbols.failed} not sent: ", "failed"), (row.unsent or "your reply", "muted")]
    if row.held:
        return [(f"{symbols.held} held: ", "waiting"), (row.unsent or "your reply", "muted")]
    pieces: list[Piece] = []
    if row.draft:
        pieces.append((f"{symbols.draft} draft {symbols.dot} ", "draft"))
    if row.typing:
        pieces.append((f"typing{symbols.ellipsis} ", "typing"))
    if row.sending:
        pieces.append((f"{symbols.sending} ", "muted"))
    if row.preview_private:
        pieces.append((f"note {symbols.dot} ", "note"))
    if row.preview_by:
        pieces.append((f"{row.preview_by}: ", "muted"))
    style = "unread" if row.unread and not row.preview_by else "muted"
    pieces.append((row.preview, "note-text" if row.preview_private else style))
    return pieces


def _head(row: Row, view: RowView) -> list[Piece]:
    at, at_style = when(row, view)
    mark = PRIORITY_MARKS.get(row.priority or "", "")
    count = badge(row.unread)
    name, name_style = row.name or "?", _name_style(row)
    if view.width < _NARROWEST:
        tail = [(f" {at}", at_style)]
    else:
        tail = [
            (f" {mark:>{_MARK}}", "priority" if mark else ""),
            (" " * max(1, _TIME - width(at)) + at, at_style),
        ]
    if count:
        tail[:0] = [(" ", ""), (count, "badge")]
    room = view.width - sum(width(text) for text, _style in tail)
    if room < 4:
        return _fitted([(name, name_style)], view.width)
    return _fitted([(fit(name, room, symbols.ellipsis), name_style), *tail], view.width)


def _name_style(row: Row) -> str:
    if row.unread:
        return "name-unread"
    return "name" if row.status == "open" else "muted"


def _tags(row: Row, view: RowView, room: int) -> list[Piece]:
    """What stands at the right of the second line: state, labels or inbox, and who has it."""
    pieces: list[Piece] = []
    if view.show_assignee and row.assignee:
        pieces.append((f" {pad(initials(row.assignee), 2)}", "assignee"))
        room -= 3
    tags = _marks(row, view)
    while tags and sum(width(text) + 2 for text, _style in tags) > room:
        tags.pop()
    return [*((f"  {text}", style) for text, style in tags), *pieces]


def _marks(row: Row, view: RowView) -> list[Piece]:
    """Its state, or else its labels; and its inbox: the most telling first."""
    marks: list[Piece] = []
    if words := status_words(row, view):
        marks.append((words, "status"))
    elif row.labels:
        more = f" +{len(row.labels) - 1}" if len(row.labels) > 1 else ""
        marks.append((f"#{truncate(row.labels[0], 16, symbols.ellipsis)}{more}", "label"))
    if view.show_inbox and row.inbox and (not marks or view.width >= _BROAD):
        marks.append((truncate(row.inbox, 12, symbols.ellipsis), "inbox"))
    return marks


def _body(row: Row, view: RowView) -> list[Piece]:
    # The preview keeps at least half of the line: what was said comes before how it is filed.
    tags = _tags(row, view, view.width // 2)
    room = view.width - sum(width(text) for text, _style in tags)
    return _fitted([*_fitted(preview(row), room), *tags], view.width)


def _compact(row: Row, view: RowView) -> list[Piece]:
    at, at_style = when(row, view)
    mark = PRIORITY_MARKS.get(row.priority or "", "")
    count = badge(row.unread).strip()
    name, name_style = row.name or "?", _name_style(row)
    room = view.width - _TIME - _COUNT - _MARK - 1
    if room < 8:
        return _fitted([(name, name_style)], view.width)
    name_room = room if room < 30 else max(12, room * 2 // 5)
    pieces: list[Piece] = [(fit(name, name_room, symbols.ellipsis), name_style)]
    if room > name_room + 4:
        words = status_words(row, view)
        second: list[Piece] = [(words, "status")] if words else preview(row)
        pieces.append(("  ", ""))
        pieces.extend(_fitted(second, room - name_room - 2))
    pieces.append((f"{count:>{_COUNT}}", "count" if count else ""))
    pieces.append((f" {mark:>{_MARK}}", "priority" if mark else ""))
    pieces.append((" " * max(1, _TIME - width(at)) + at, at_style))
    return _fitted(pieces, view.width)


def _fitted(pieces: Sequence[Piece], room: int) -> list[Piece]:
    """The pieces cut or padded to exactly `room` cells."""
    fitted: list[Piece] = []
    for text, style in pieces:
        if room <= 0:
            break
        text = truncate(text, room, symbols.ellipsis)
        fitted.append((text, style))
        room -= width(text)
    if room > 0:
        fitted.append((" " * room, ""))
    return fitted
