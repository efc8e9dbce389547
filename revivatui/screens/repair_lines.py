"""The lines of the repair pane, made from a picture of the customer: functions only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.commands import BY_ID
from revivatui.screens import repair_words as say
from revivatui.text.when import MONTHS, clock, day_of
from revivatui.text.width import fit, truncate, width, wrap
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from revivatui.crm.records import Customer
    from revivatui.crm.records_repairs import Quote
    from revivatui.crm.records_tickets import Ticket
    from revivatui.crm.views import Context, RepairRow
    from revivatui.screens.picture import Picture
    from revivatui.screens.session import Session

MOST_LINES_OF_A_QUOTE: Final = 6
EARLIER: Final = 5
"""Repairs that are over, as far as the pane lists them."""
_TITLE: Final = 60
"""Cells of a text of many words."""


def repair_lines(session: Session, picture: Picture | None, cells: int) -> list[ListLine]:
    """Who the customer is to the shop: repairs, quotes, what is due, visits, tickets.

    `cells` is how broad the pane is: amounts stand at its right edge.
    """
    if picture is None:
        return [words(""), words("The repairs of the open thread's customer", "muted"),
                words("are shown here.", "muted")]  # fmt: skip
    lines = wrapped(f"{symbols.failed} {picture.trouble}", cells, "error")
    lines = lines if picture.trouble else []
    if picture.context is not None:
        return [*lines, *_Lines(session, picture, picture.context, cells).all()]
    if picture.phase == "several":
        return [*lines, *_several(picture)]
    if picture.phase == "unknown":
        return [*lines, *_unknown(session)]
    if picture.trouble:
        again = _key(session, "desk.refresh")
        more = f"{again} tries again. The rest of the desk goes on."
        return [*lines, *wrapped(more, cells, "muted")]
    return [words("asking the CRM" + symbols.ellipsis, "muted")]


def wrapped(text: str, cells: int, style: str = "") -> list[ListLine]:
    """A sentence in as many lines as it needs."""
    return [words(text[start:end], style) for start, end in wrap(text, max(12, cells))]


def _key(session: Session, command_id: str) -> str:
    return session.keys.first(BY_ID[command_id])


def _unknown(session: Session) -> list[ListLine]:
    key = _key(session, "repair.intake")
    return [
        words("Not in the CRM.", "strong"),
        words("No customer has this e-mail or phone.", "muted"),
        words(""),
        ListLine((Piece(f"{key} ", "key"), Piece("takes a device in")), "repair.intake"),
        ListLine((Piece(f"{_key(session, 'repair.customer')} ", "key"),
                  Piece("says who it is")), "repair.customer"),
    ]  # fmt: skip


def _several(picture: Picture) -> list[ListLine]:
    lines = [
        words(f"{symbols.checking} {len(picture.several)} customers fit.", "warning"),
        words("Which of them is it? The answer is kept.", "muted"),
    ]
    for one in picture.several:
        detail = one.company_name or one.email or one.phone
        lines.append(
            ListLine(
                (Piece(one.name, "accent"), Piece(f"  {detail}", "muted")),
                f"repair.customer:{one.id}",
            )
        )
    return lines


class _Lines:
    """The lines of a customer who is known."""

    def __init__(self, session: Session, picture: Picture, context: Context, cells: int) -> None:
        self._session, self._picture, self._context = session, picture, context
        self._now, self._tz = session.clock(), session.tz
        self._cells = max(20, cells)

    def all(self) -> list[ListLine]:
        lines = [*self._customer(), *self._ticket()]
        rows = self._picture.active
        for row in rows:
            lines += [words(""), *self._repair(row)]
        if not rows:
            key = _key(self._session, "repair.intake")
            lines += [
                words(""),
                words("No repair is under way.", "muted"),
                ListLine((Piece(f"{key} ", "key"), Piece("takes a device in")), "repair.intake"),
            ]
        for group in (self._due(), self._visits(), self._warranties(), self._earlier()):
            found = list(group)
            lines += [words(""), *found] if found else []
        as_of = clock(self._context.as_of.timestamp(), self._tz)
        return [*lines, words(""), words(f"as of {as_of}", "muted")]

    def _beside(self, text: str, amount: str, room: int = 0) -> tuple[str, str]:
        """A text cut to leave an amount its place at the right edge."""
        space = self._cells - (room or width(amount)) - 1
        return fit(text, max(6, space)) + " ", amount

    def _customer(self) -> Iterator[ListLine]:
        one = self._context.customer
        tier = "" if one.loyalty_tier in ("", "none") else one.loyalty_tier
        name = Piece(truncate(one.name, self._cells - width(tier) - 3, symbols.ellipsis), "strong")
        yield ListLine((name, Piece(f"  {symbols.star} {tier}" if tier else "", "label")))
        since = day_of(one.created_at.timestamp(), self._tz)
        many = say.times_words(self._context.total_repairs, "repair", "repairs")
        told = f"{many} {symbols.dot} since {MONTHS[since.month - 1][:3]} {since.year}"
        if one.type != "individual":
            told += f" {symbols.dot} {one.type}"
        yield words(told, "muted")
        if self._picture.found_by:
            yield words(f"known by {self._picture.found_by}", "muted")
        if one.company_name:
            yield words(one.company_name, "muted")
        if one.blocked:
            yield words(f"{symbols.failed} blocked", "warning")
        if one.notes:
            yield from wrapped(" ".join(one.notes.split()), self._cells, "note")

    def _ticket(self) -> Iterator[ListLine]:
        """Which ticket the conversation belongs to, as far as somebody said."""
        tickets = self._context.open_tickets
        ticket = self._picture.ticket
        if ticket is not None:
            yield self._ticket_line(ticket, "muted", "")
        elif self._picture.ticket_id is not None:
            text = "Its ticket is resolved; t says another"
            yield ListLine((Piece(text, "muted"),), "repair.ticket")
        elif self._picture.must_choose_ticket:
            text = f"{symbols.checking} {len(tickets)} open tickets: which is this?"
            yield ListLine((Piece(text, "warning"),), "repair.ticket")
        elif tickets:
            yield self._ticket_line(tickets[0], "muted", " (not linked)")

    @staticmethod
    def _ticket_line(ticket: Ticket, style: str, more: str) -> ListLine:
        text = f"{ticket.number}{more} {truncate(ticket.title, _TITLE)}"
        return ListLine((Piece("ticket ", "muted"), Piece(text, style)), "repair.ticket")

    def _repair(self, row: RepairRow) -> Iterator[ListLine]:
        repair = row.repair
        head = (Piece(f"{repair.number} ", "accent"), Piece(row.device.label, "strong"))
        ours = repair.ticket_id is not None and repair.ticket_id == self._picture.ticket_id
        here = Piece(f" {symbols.opened} this chat" if ours else "", "muted")
        yield ListLine((*head, here), f"repair.open:{repair.id}")
        mark, status = say.mark_of(repair.status), say.status_words(repair)
        style = say.status_style(repair.status)
        yield ListLine((Piece(f"{mark} {status}", style),), f"repair.status:{repair.id}")
        promise, style = say.promise(repair, self._now, self._tz, overdue=row.overdue)
        yield words(promise, style)
        for told in (repair.fault, row.technician_name):
            if told:
                yield from wrapped(" ".join(told.split()), self._cells, "muted")
        if step := say.NEXT_STEPS.get(repair.status):
            yield words(f"next: {step}", "muted")
        for quote in self._quotes_of(row):
            yield from self._quote(quote)

    def _quotes_of(self, row: RepairRow) -> Sequence[Quote]:
        told = [quote for quote, at in self._picture.quotes if at.repair.id == row.repair.id]
        if told or self._picture.file_of(row.repair.id) is not None:
            return told
        return [one.quote for one in self._context.pending_quotes
                if one.quote.repair_id == row.repair.id]  # fmt: skip

    def _quote(self, quote: Quote) -> Iterator[ListLine]:
        expired = quote.status == "pending" and any(
            one.expired for one in self._context.pending_quotes if one.quote.id == quote.id
        )
        said = say.quote_words(quote, expired=expired)
        style = {"pending": "warning", "approved": "success"}.get(quote.status, "muted")
        total = say.money(quote.total_cost)
        text, amount = self._beside(f"Quote {quote.number} {said}", total)
        yield ListLine((Piece(text, "error" if expired else style), Piece(amount, "strong")),
                       f"repair.quote:{quote.id}")  # fmt: skip
        shown = quote.line_items[:MOST_LINES_OF_A_QUOTE]
        for line in shown:
            many = "" if line.quantity == 1 else f"{line.quantity:f} x "
            text, amount = self._beside(
                f"  {many}{line.description}", say.money(line.line_total), width(total)
            )
            yield ListLine((Piece(text, "muted"), Piece(amount.rjust(width(total)), "muted")))
        if more := len(quote.line_items) - len(shown):
            yield words(f"  and {more} more", "muted")

    def _due(self) -> Iterator[ListLine]:
        today = day_of(self._now, self._tz)
        for one in self._context.invoices_due:
            when = f" due {say.date_words(one.due_on, today)}" if one.due_on else " due"
            late = one.due_on is not None and one.due_on < today
            text, amount = self._beside(f"Invoice {one.number}{when}", say.money(one.total))
            yield ListLine((Piece(text, "error" if late else "warning"), Piece(amount, "strong")))

    def _visits(self) -> Iterator[ListLine]:
        for one in self._context.appointments:
            said = say.visit_words(one, self._now, self._tz)
            asked = " (not confirmed)" if one.status == "requested" else ""
            yield ListLine(
                (Piece("Visit ", "label"), Piece(said + asked)), f"repair.appointment:{one.id}"
            )

    def _warranties(self) -> Iterator[ListLine]:
        today = day_of(self._now, self._tz)
        labels = {one.id: one.label for one in self._context.devices}
        for one in self._context.warranties:
            what = f"{one.kind.replace('_', ' ')} {labels.get(one.device_id, '')}".rstrip()
            until = say.date_words(one.ends_on, today)
            yield words(f"Warranty until {until} {symbols.dot} {what}", "success")

    def _earlier(self) -> Iterator[ListLine]:
        active = {row.repair.id for row in self._context.active}
        over = [row for row in self._context.recent if row.repair.id not in active]
        if over:
            yield words("Earlier repairs", "strong")
        for row in over[:EARLIER]:
            repair = row.repair
            number, said = f"{repair.number} ", say.day(repair.created_at, self._now, self._tz)
            if repair.status != "completed":  # what is over was collected, as a rule
                said = f"{say.status_words(repair)} {symbols.dot} {said}"
            said = f" {symbols.dot} {said}"
            room = max(6, self._cells - width(number) - width(said))
            label = truncate(row.device.label, room, symbols.ellipsis)
            pieces = (Piece(number, "accent"), Piece(label), Piece(said, "muted"))
            yield ListLine(pieces, f"repair.open:{repair.id}")


def summary_line(session: Session, picture: Picture) -> str:
    """The most urgent repair in one line, for a screen that has no room for the pane."""
    if picture.trouble and picture.context is None:
        return "the CRM does not answer"
    if picture.phase == "several":
        return f"{len(picture.several)} customers of the CRM fit"
    if not picture.active:
        return ""
    rows = sorted(picture.active, key=lambda row: not row.overdue)
    row = rows[0]
    promise, _style = say.promise(row.repair, session.clock(), session.tz, overdue=row.overdue)
    more = f" {symbols.dot} and {len(rows) - 1} more" if len(rows) > 1 else ""
    said = f"{say.status_words(row.repair)} {symbols.dot} {promise}{more}"
    return f"{row.repair.number} {row.device.label} {symbols.dot} {said}"


def customer_detail(customer: Customer) -> str:
    """What tells a customer from others of the same name."""
    told = (customer.company_name, customer.email, customer.phone)
    return f" {symbols.dot} ".join(one for one in told if one)
