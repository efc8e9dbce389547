"""Quotes: adding them up, sending them, and what an answer does to the repair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select, update

from revivatui.crm import workflow
from revivatui.crm.errors import InvalidRecord, MoveRefused, StaleRecord
from revivatui.crm.quoting import LineSum, line_sum, quote_sum
from revivatui.crm.records_repairs import Decider, Quote, QuoteLine, Repair
from revivatui.crm.store import numbers, repairs
from revivatui.crm.store.shapes import QUOTE, QUOTE_LINE, REPAIR
from revivatui.crm.store.tables_work import QUOTE_LINES, QUOTES
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.wishes import LineWish, QuoteWish


async def create(work: Work, wish: QuoteWish) -> Quote:
    """See `CrmPort.create_quote`."""
    if not wish.line_items:
        raise InvalidRecord("A quote needs a line at least.")
    repair = await work.one(REPAIR, wish.repair_id, "repair")
    sums = [_added_up(line, wish) for line in wish.line_items]
    added = quote_sum(sums, wish.currency)
    quote_id = work.new_id()
    quote = Quote(
        id=quote_id,
        number=await numbers.next_number(work, "Q", repair.location_id),
        repair_id=repair.id,
        location_id=repair.location_id,
        status="draft",
        currency=wish.currency,
        subtotal=added.subtotal,
        tax_total=added.tax_total,
        discount_total=added.discount_total,
        total_cost=added.total_cost,
        created_at=work.now,
        updated_at=work.now,
        prices_include_tax=wish.prices_include_tax,
        valid_until=wish.valid_until,
        supersedes_id=wish.supersedes_id,
        terms=wish.terms,
        line_items=tuple(
            _line(work.new_id(), quote_id, place, line, one)
            for place, (line, one) in enumerate(zip(wish.line_items, sums, strict=True), 1)
        ),
    )
    if wish.supersedes_id is not None:
        await _supersede(work, wish.supersedes_id, repair)
    await work.add(QUOTES, QUOTE.values(quote))
    await work.add(QUOTE_LINES, [QUOTE_LINE.values(one) for one in quote.line_items])
    work.changed("quote", quote.id)
    return quote


def _added_up(line: LineWish, wish: QuoteWish) -> LineSum:
    return line_sum(
        line.quantity,
        line.unit_price,
        tax_rate=line.tax_rate,
        discount_percent=line.discount_percent,
        prices_include_tax=wish.prices_include_tax,
    )


def _line(line_id: str, quote_id: str, place: int, line: LineWish, added: LineSum) -> QuoteLine:
    return QuoteLine(
        id=line_id,
        quote_id=quote_id,
        position=place,
        kind=line.kind,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        line_total=added.total,
        service_code=line.service_code,
        tax_rate=line.tax_rate,
        discount_percent=line.discount_percent,
        part_quality=line.part_quality,
        warranty_months=line.warranty_months,
    )


async def _supersede(work: Work, quote_id: str, repair: Repair) -> None:
    quote = await work.one(QUOTE, quote_id, "quote", lock=True)
    if quote.repair_id != repair.id:
        raise InvalidRecord("The quote to be replaced is of another repair.")
    if quote.status not in ("draft", "pending", "expired", "declined"):
        raise MoveRefused(f"A quote that is {quote.status} cannot be replaced.")
    await _keep(work, quote, status="superseded")


async def send(work: Work, quote_id: str, *, version: int, actor: str) -> Quote:
    """See `CrmPort.send_quote`."""
    quote = await work.one(QUOTE, quote_id, "quote", lock=True)
    repairs.check_version(quote.version, version, "quote")
    if quote.status != "draft":
        raise MoveRefused(f"A quote that is {quote.status} cannot be sent.")
    if _is_expired(quote, work):
        raise MoveRefused("The quote is valid to a moment that has passed; make a new one.")
    repair = await work.one(REPAIR, quote.repair_id, "repair", lock=True)
    sent = await _keep(work, quote, status="pending", sent_at=work.now)
    if "awaiting_approval" in workflow.next_states(repair.status):
        note = f"Quote {quote.number} over {quote.total_cost} sent"
        await repairs.moved(work, repair, "awaiting_approval", actor, note, public=True)
    return await with_lines(work, sent)


async def decide(
    work: Work,
    quote_id: str,
    *,
    approved: bool,
    version: int,
    actor: str,
    decided_by: Decider = "customer",
    reason: str = "",
) -> Quote:
    """See `CrmPort.decide_quote`."""
    quote = await work.one(QUOTE, quote_id, "quote", lock=True)
    repairs.check_version(quote.version, version, "quote")
    if quote.status != "pending":
        raise MoveRefused(f"A quote that is {quote.status} waits for no answer.")
    if approved and _is_expired(quote, work):
        raise MoveRefused("The quote has expired; make a new one.")
    repair = await work.one(REPAIR, quote.repair_id, "repair", lock=True)
    decided = await _keep(
        work,
        quote,
        status="approved" if approved else "declined",
        decided_at=work.now,
        decided_by=decided_by,
        decline_reason="" if approved else reason,
    )
    if repair.status == "awaiting_approval":
        note = f"Quote {quote.number} {decided.status}"
        to: workflow.RepairStatus = "approved" if approved else "ready_unrepaired"
        await repairs.moved(work, repair, to, actor, note, public=True)
    return await with_lines(work, decided)


async def withdraw(work: Work, quote_id: str, *, version: int) -> None:
    """See `CrmPort.withdraw_quote`."""
    quote = await work.one(QUOTE, quote_id, "quote", lock=True)
    repairs.check_version(quote.version, version, "quote")
    if quote.status != "draft":
        raise MoveRefused(f"A quote that is {quote.status} cannot be taken back.")
    if quote.supersedes_id is not None:
        raise MoveRefused("The quote replaced another one, which would not come back with it.")
    await work.run(delete(QUOTE_LINES).where(QUOTE_LINES.c.quote_id == quote.id))
    await work.run(delete(QUOTES).where(QUOTES.c.id == quote.id))
    work.changed("quote", quote.id)


async def expire(work: Work) -> int:
    """Mark the quotes whose time has passed without an answer; gives how many there were."""
    rows = await work.rows(
        select(QUOTES).where(QUOTES.c.status == "pending", QUOTES.c.valid_until < work.now)
    )
    for row in rows:
        await _keep(work, QUOTE.read(row), status="expired")
    return len(rows)


def _is_expired(quote: Quote, reader: Reader) -> bool:
    return quote.valid_until is not None and quote.valid_until < reader.now


async def _keep(work: Work, quote: Quote, **changed: Any) -> Quote:
    kept = replace(quote, updated_at=work.now, version=quote.version + 1, **changed)
    reached = await work.run(
        update(QUOTES)
        .where(QUOTES.c.id == quote.id, QUOTES.c.version == quote.version)
        .values(QUOTE.difference(quote, kept))
    )
    if not reached:
        raise StaleRecord(repairs.STALE.format(what="quote"))
    work.changed("quote", quote.id)
    return kept


async def of_repair(reader: Reader, repair_id: str) -> tuple[Quote, ...]:
    """The quotes of a repair with their lines, the newest first."""
    rows = await reader.rows(
        select(QUOTES).where(QUOTES.c.repair_id == repair_id).order_by(QUOTES.c.id.desc())
    )
    found = [QUOTE.read(row) for row in rows]
    lines = await _lines(reader, [one.id for one in found])
    return tuple(replace(one, line_items=tuple(lines[one.id])) for one in found)


async def with_lines(reader: Reader, quote: Quote) -> Quote:
    lines = await _lines(reader, [quote.id])
    return replace(quote, line_items=tuple(lines[quote.id]))


async def _lines(reader: Reader, quote_ids: Iterable[str]) -> dict[str, list[QuoteLine]]:
    lines: dict[str, list[QuoteLine]] = defaultdict(list)
    wanted = list(quote_ids)
    if wanted:
        question = select(QUOTE_LINES).where(QUOTE_LINES.c.quote_id.in_(wanted))
        for row in await reader.rows(question.order_by(QUOTE_LINES.c.position)):
            line = QUOTE_LINE.read(row)
            lines[line.quote_id].append(line)
    return lines
