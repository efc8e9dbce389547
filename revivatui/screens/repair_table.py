"""The table of all repairs: which of them a view shows, and their lines. Functions only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.crm import workflow
from revivatui.crm.views import RepairQuery
from revivatui.crm.workflow import STATUSES
from revivatui.screens import repair_words as say
from revivatui.text.when import ago
from revivatui.text.width import fit
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import tzinfo

    from textual.geometry import Size

    from revivatui.crm.views import RepairCounts, RepairRow


PAGE: Final = 500
"""Repairs that are asked for at a time."""


class View(NamedTuple):
    """What the table is narrowed to."""

    id: str
    label: str
    help: str
    empty: str
    """What is said where it shows nothing."""
    short: str = ""
    """The label where room is short."""


VIEWS: Final = (
    View("active", "Active", "everything that is not over", "No repair is under way."),
    View("overdue", "Overdue", "the promised moment has passed", "No repair is late."),
    View(
        "awaiting_parts", "Waiting for parts", "a part is on order",
        "No repair waits for a part.", "Parts",
    ),
    View(
        "awaiting_approval", "Waiting for approval", "a quote waits for its answer",
        "No quote waits for an answer.", "Approval",
    ),
    View(
        "unclaimed", "Unclaimed", f"ready for more than {workflow.UNCLAIMED_AFTER.days} days",
        f"Nothing has been ready for more than {workflow.UNCLAIMED_AFTER.days} days.",
    ),
    View(
        "forgotten", "Forgotten", f"not moved for {workflow.FORGOTTEN_AFTER.days} days",
        f"Every repair moved within the last {workflow.FORGOTTEN_AFTER.days} days.",
    ),
    View("all", "All", "collected and cancelled ones too", "There is no repair yet."),
)  # fmt: skip


def query_of(view: str) -> RepairQuery:
    """What to ask a CRM for."""
    if view == "all":
        return RepairQuery(limit=PAGE)
    if view == "overdue":
        return RepairQuery(overdue=True, closed=False, limit=PAGE)
    if view == "unclaimed":
        return RepairQuery(unclaimed=True, closed=False, limit=PAGE)
    if view == "forgotten":
        return RepairQuery(forgotten=True, closed=False, limit=PAGE)
    one = next((status for status in STATUSES if status == view), None)
    return RepairQuery(statuses=(one,) if one else (), closed=one is not None, limit=PAGE)


def count_of(view: str, counts: RepairCounts | None) -> str:
    """How many a view has, where that is known: " 12"."""
    if counts is None:
        return ""
    if view in ("overdue", "unclaimed", "forgotten"):
        return f" {getattr(counts, view)}"
    by_status = counts.by_status
    if view in by_status:
        return f" {by_status[next(one for one in by_status if one == view)]}"
    over = sum(by_status.get(status, 0) for status in workflow.TERMINAL)
    every = sum(by_status.values())
    return f" {every if view == 'all' else every - over}"


class Columns:
    """How broad each column is; a small terminal shows fewer of them."""

    def __init__(self, cells: int) -> None:
        broad = cells >= 110
        self.number, self.promise = 9, 19 if broad else 16
        self.technician = 16 if broad else 0
        self.moved = 9 if broad else 0
        fixed = self.number + self.promise + self.technician + self.moved + 2
        self.customer = min(30, (cells - fixed) // 3)
        self.device = min(30, (cells - fixed) // 3)
        self.fault = cells - fixed - self.customer - self.device


def table_lines(
    rows: Sequence[RepairRow], marked: Collection[str], size: Size, now: float, tz: tzinfo | None
) -> list[ListLine]:
    """The repairs by their state, each state with how many are shown of it. `size` is the room:
    the empty lines between states go where all of them can be seen without."""
    columns = Columns(size.width)
    groups: dict[str, list[RepairRow]] = {}
    for row in sorted(rows, key=_order):
        groups.setdefault(say.status_words(row.repair), []).append(row)
    lines: list[ListLine] = []
    close = len(rows) + len(groups)
    gap = [] if close <= size.height < close + len(groups) - 1 else [words("")]
    for name, those in groups.items():
        lines += gap if lines else []
        style = say.status_style(those[0].repair.status) or "strong"
        mark = say.mark_of(those[0].repair.status)
        lines.append(ListLine((Piece(f"{mark} {name}", style), Piece(f"  {len(those)}", "muted"))))
        lines += [_row_line(row, row.repair.id in marked, columns, now, tz) for row in those]
    return lines


def _order(row: RepairRow) -> tuple[int, bool, float]:
    repair = row.repair
    known = repair.status in STATUSES
    place = STATUSES.index(repair.status) if known else len(STATUSES)
    at = repair.promised_at or repair.created_at
    return place, not row.overdue, at.timestamp()


def _row_line(
    row: RepairRow, marked: bool, columns: Columns, now: float, tz: tzinfo | None
) -> ListLine:
    repair = row.repair
    mark = f"{symbols.current} " if marked else "  "
    when, style = promise_short(row, now, tz, marked=bool(columns.moved))
    pieces = [
        Piece(mark, "accent"),
        Piece(fit(repair.number, columns.number - 1) + " ", "accent"),
        Piece(fit(row.customer_name, columns.customer - 1) + " "),
        Piece(fit(row.device.label, columns.device - 1) + " ", "strong"),
        Piece(fit(when, columns.promise - 1) + " ", style),
    ]
    if columns.technician:
        pieces.append(Piece(fit(row.technician_name, columns.technician - 1) + " ", "muted"))
    pieces.append(Piece(fit(repair.fault, columns.fault - bool(columns.moved)), "muted"))
    if columns.moved:
        pieces.append(Piece(" "))
        pieces.append(Piece(ago(repair.updated_at.timestamp(), now, tz), "muted"))
    return ListLine(tuple(pieces), repair.id)


def head_pieces(cells: int) -> Iterator[tuple[str, int]]:
    """The names of the columns with their cells."""
    columns = Columns(cells)
    yield "Number", columns.number
    yield "Customer", columns.customer
    yield "Device", columns.device
    yield "Promised", columns.promise
    if columns.technician:
        yield "Technician", columns.technician
    yield "Fault", columns.fault
    if columns.moved:
        yield "Changed", columns.moved


def promise_short(
    row: RepairRow, now: float, tz: tzinfo | None, *, marked: bool = True
) -> tuple[str, str]:
    """The promised day in few cells, with a word where it has passed, and a mark where there is
    room for one."""
    if row.repair.promised_at is None:
        return "-", "muted"
    when = say.day(row.repair.promised_at, now, tz)
    if row.overdue:
        return f"{symbols.failed} late {when}" if marked else f"late {when}", "error"
    return when, "muted" if row.repair.status in workflow.NOT_LATE else ""


def common_ways(rows: Sequence[RepairRow]) -> list[tuple[str, int]]:
    """The states that some of these repairs can go to, with how many can, most first."""
    counts: dict[str, int] = {}
    for row in rows:
        for to in workflow.next_states(row.repair.status):
            counts[to] = counts.get(to, 0) + 1
    places = {status: place for place, status in enumerate(STATUSES)}
    return sorted(counts.items(), key=lambda one: (-one[1], places.get(one[0], 0)))  # type: ignore[call-overload]
