"""Quotes, which the vendor calls estimates.

An estimate is made empty and gets its lines one by one, as lines that come with it are dropped.
What an estimate costs is what the vendor says it costs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, NoReturn

from revivatui.crm.errors import CrmError, InvalidRecord, MoveRefused, NotInCrm
from revivatui.crm.money import Money
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.quoting import line_sum
from revivatui.crm.records_repairs import LineKind, Quote, QuoteLine, QuoteStatus
from revivatui.crm.repairshopr import comments, markers, reading, words
from revivatui.crm.repairshopr import tickets as ticket_work
from revivatui.crm.repairshopr.reading import Row, id_of, line, maybe_id
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.wishes import LineWish, QuoteWish
from revivatui.text.safe import safe, safe_line

SHELF: Final = "estimates"
_ITEMS: Final[dict[LineKind, str]] = {
    "labour": "Labor",
    "part": "Part",
    "fee": "Fee",
    "discount": "Discount",
    "diagnostic": "Diagnostic",
}
_JUST_NOW: Final = timedelta(minutes=10)


def quote_of(row: Row, currency: str) -> Quote:
    """An estimate as a quote. A state that nobody knows is told word for word in the terms."""
    word = line(row, "status")
    status = words.quote_status(word)
    invoice = maybe_id(row, "invoice_id")
    number = line(row, "number") or id_of(row)
    return Quote(
        id=id_of(row),
        number=number,
        repair_id=maybe_id(row, "ticket_id"),
        location_id=maybe_id(row, "location_id"),
        status="invoiced" if invoice else status or "draft",
        currency=currency,
        subtotal=reading.amount(row, "subtotal", currency),
        tax_total=reading.amount(row, "tax", currency),
        discount_total=Money.nothing(currency),
        total_cost=reading.amount(row, "total", currency),
        created_at=reading.created(row),
        updated_at=reading.updated(row),
        prices_include_tax=False,
        sent_at=reading.moment(row, "last_emailed"),
        invoice_ref=invoice,
        terms="" if status or not word else f"Status: {word}",
        line_items=tuple(
            _line_of(one, id_of(row), place, currency)
            for place, one in enumerate(reading.inner_rows(row, "line_items"), 1)
        ),
        version=reading.version(row),
    )


def _line_of(row: Row, quote_id: str, place: int, currency: str) -> QuoteLine:
    quantity = reading.number(row, "quantity", Decimal(1))
    unit_price = reading.price(row, currency)
    discount = reading.number(row, "discount_percent")
    share = max(Decimal(0), min(Decimal(100), discount))
    added = line_sum(quantity, unit_price, discount_percent=share, prices_include_tax=False)
    kinds = {word.casefold(): kind for kind, word in _ITEMS.items()}
    return QuoteLine(
        id=id_of(row),
        quote_id=quote_id,
        position=place,
        kind=kinds.get(line(row, "item").casefold(), "part"),
        description=line(row, "name", "item"),
        quantity=quantity,
        unit_price=unit_price,
        line_total=added.total,
        discount_percent=share,
    )


# --- reading -----------------------------------------------------------------------------------


async def get(work: Work, quote_id: str) -> Quote:
    return quote_of(await _row(work, quote_id), (await work.house()).currency)


async def _row(work: Work, quote_id: str) -> Row:
    path = f"/estimates/{work.number_of(quote_id, 'quote')}"
    return _estimate_in(await work.wire.get(path))


def _estimate_in(answer: Row) -> Row:
    row = reading.inner(answer, "estimate")
    id_of(row)
    return row


async def of_customer(work: Work, customer_id: str) -> tuple[Quote, ...]:
    """The quotes of a customer, the newest first."""
    rows = await _rows_of(work, customer_id)
    currency = (await work.house()).currency
    found = (quote_of(row, currency) for row in rows)
    return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))


async def of_tickets(work: Work, customer_id: str, ticket_ids: set[str]) -> tuple[Quote, ...]:
    found = await of_customer(work, customer_id)
    return tuple(one for one in found if one.repair_id in ticket_ids)


async def _rows_of(work: Work, customer_id: str) -> list[Row]:
    return await work.rows_of_customer(SHELF, "/estimates", "estimates", customer_id)


# --- writing -----------------------------------------------------------------------------------


async def create(work: Work, wish: QuoteWish) -> Quote:
    """See `CrmPort.create_quote`. One that cannot be made whole is taken back."""
    if not wish.line_items:
        raise InvalidRecord("A quote needs a line at least.")
    currency = (await work.house()).currency
    if wish.currency != currency:
        raise InvalidRecord(f"The shop's quotes are in {currency}, not in {wish.currency}.")
    if wish.supersedes_id is not None:
        work.refuse("does not replace one estimate by another: decline the old one there.")
    bodies = [_line_body(one, wish, place) for place, one in enumerate(wish.line_items, 1)]
    ticket = await ticket_work.row_of(work, wish.repair_id)
    row = await _empty(work, ticket, wish)
    work.shelf.forget(SHELF)
    try:
        for body in bodies:
            row = await _with_line(work, row, body)
    except CrmError as error:
        await _take_back(work, id_of(row), error)
    return await get(work, id_of(row))


async def _empty(work: Work, ticket: Row, wish: QuoteWish) -> Row:
    now = work.clock()
    name = f"Repair {line(ticket, 'number')}"
    body: dict[str, Any] = {
        "customer_id": int(id_of(ticket, "customer_id")),
        "ticket_id": int(id_of(ticket)),
        "date": reading.stamp(now),
        "name": name,
        "status": words.word_for_quote("draft"),
    }
    if wish.terms:
        body["note"] = safe(wish.terms)

    async def look() -> Row | None:
        work.shelf.forget(SHELF)
        for row in await _rows_of(work, id_of(ticket, "customer_id")):
            same_ticket = maybe_id(row, "ticket_id") == id_of(ticket)
            is_new = reading.created(row) >= now - _JUST_NOW and line(row, "name") == name
            if same_ticket and is_new and not reading.amount(row, "total", wish.currency):
                return row
        return None

    return await work.write_once(
        lambda: work.wire.write("POST", "/estimates", body), _estimate_in, look
    )


def _line_body(wish: LineWish, quote: QuoteWish, place: int) -> dict[str, Any]:
    """A line as the vendor takes it: without tax, which it adds by the shop's own rates."""
    line_sum(wish.quantity, wish.unit_price, tax_rate=wish.tax_rate)  # refuses what cannot be
    price = wish.unit_price
    if quote.prices_include_tax and wish.tax_rate:
        price = price.divided_by(1 + wish.tax_rate)
    body: dict[str, Any] = {
        "item": _ITEMS[wish.kind],
        "name": safe_line(wish.description),
        "quantity": f"{wish.quantity:f}",
        "price": f"{price.amount:f}",
        "taxable": bool(wish.tax_rate),
        "position": place,
    }
    if wish.discount_percent:
        body["discount_percent"] = f"{wish.discount_percent:f}"
    return body


async def _with_line(work: Work, row: Row, body: dict[str, Any]) -> Row:
    """The estimate with one line more. Whether a line arrived is told by the sum it moves."""
    path = f"/estimates/{id_of(row)}"
    before = line(row, "subtotal")

    async def look() -> Row | None:
        now = await _row(work, id_of(row))
        lines = now.get("line_items")
        if isinstance(lines, list):
            return now if len(lines) >= body["position"] else None
        return now if line(now, "subtotal") != before else None

    return await work.write_once(
        lambda: work.wire.write("POST", f"{path}/line_items", body), _estimate_in, look
    )


async def _take_back(work: Work, quote_id: str, error: CrmError) -> NoReturn:
    """Nothing half is left. Raises what went wrong, with what became of the quote."""
    try:
        await work.wire.write("DELETE", f"/estimates/{quote_id}", {})
        told = "No part of the quote was left there."
    except CrmError:
        told = f"A part of the quote ({quote_id}) is left there: delete it by hand."
    error.args = (f"{error} {told}",)
    raise error


async def send(work: Work, quote_id: str, version: int) -> Quote:
    """See `CrmPort.send_quote`: the vendor's own e-mail, where the shop allows that."""
    work.check_may_write_to_customers()
    row = await _row(work, quote_id)
    ticket_work.check_version(row, version, "quote")
    currency = (await work.house()).currency
    quote = quote_of(row, currency)
    if quote.status not in ("draft", "pending"):
        raise MoveRefused(f"A quote that is {quote.status} cannot be sent.")
    await _sent(work, quote)
    work.shelf.forget(SHELF)
    row = await _row(work, quote_id)
    if words.quote_status(line(row, "status")) == "draft":
        row = await _put(work, quote_id, "pending", line(row, "date"))
    return quote_of(row, currency)


async def _sent(work: Work, quote: Quote) -> None:
    """One e-mail. Without an answer, only the vendor's own note of it proves that it went."""

    async def look() -> Row | None:
        row = await _row(work, quote.id)
        now = reading.moment(row, "last_emailed")
        return row if now is not None and now != quote.sent_at else None

    await work.write_once(
        lambda: work.wire.write("POST", f"/estimates/{quote.id}/email", {}), lambda row: row, look
    )


async def _put(work: Work, quote_id: str, status: QuoteStatus, date: str) -> Row:
    word = words.word_for_quote(status)

    async def look() -> Row | None:
        row = await _row(work, quote_id)
        return row if line(row, "status") == word else None

    async def write() -> Row:
        said = {"status": word, "date": date}
        return await work.wire.write("PUT", f"/estimates/{quote_id}", said)

    return await work.write_once(write, _estimate_in, look)


async def decide(
    work: Work, quote_id: str, *, approved: bool, version: int, actor: str, reason: str
) -> Quote:
    """See `CrmPort.decide_quote`."""
    work.check_may_set_status()
    row = await _row(work, quote_id)
    ticket_work.check_version(row, version, "quote")
    currency = (await work.house()).currency
    quote = quote_of(row, currency)
    if quote.status != "pending":
        raise MoveRefused(f"A quote that is {quote.status} waits for no answer.")
    decided: QuoteStatus = "approved" if approved else "declined"
    row = await _put(work, quote_id, decided, line(row, "date"))
    work.shelf.forget(SHELF)
    if reason and quote.repair_id:
        told = mask_passcodes(safe(f"Quote {quote.number} {decided}: {reason}"))[0]
        mark = markers.mark_of_its_own("note")
        body = comments.body_of(f"{mark} Note", told, hidden=True, tech=actor)
        await comments.post(work, quote.repair_id, body, mark)
    return replace(
        quote_of(row, currency),
        decided_at=work.clock(),
        decline_reason="" if approved else reason,
    )


async def withdraw(work: Work, quote_id: str, version: int) -> None:
    """See `CrmPort.withdraw_quote`: the estimate is deleted."""
    row = await _row(work, quote_id)
    ticket_work.check_version(row, version, "quote")
    quote = quote_of(row, (await work.house()).currency)
    if words.quote_status(line(row, "status")) != "draft" or quote.status != "draft":
        raise MoveRefused(f"A quote that is {quote.status} cannot be taken back.")

    async def look() -> Row | None:
        try:
            await _row(work, quote_id)
        except NotInCrm:
            return row  # it is gone
        return None

    await work.write_once(
        lambda: work.wire.write("DELETE", f"/estimates/{quote_id}", {}), lambda answer: answer, look
    )
    work.shelf.forget(SHELF)
