"""Everything that somebody who answers a customer must know, in a handful of requests."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from revivatui.crm import workflow
from revivatui.crm.records import Device
from revivatui.crm.records_repairs import Quote
from revivatui.crm.repairshopr import appointments, customers, devices, quotes, reading, repairs
from revivatui.crm.repairshopr.reading import Row, line
from revivatui.crm.repairshopr.tickets import ticket_of
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.views import Context, InvoiceDue, PendingQuote, RepairRow

RECENT: Final = 10
LATELY: Final = timedelta(days=30)
UNPAID: Final = "unpaid invoices"
_SHELVES: Final = (UNPAID, quotes.SHELF, appointments.SHELF)


async def of_customer(work: Work, customer_id: str) -> Context:
    """See `CrmPort.get_context`. It is as old as the oldest of its answers."""
    began = work.clock()
    customer = await customers.get(work, customer_id)
    (rows, found), owned, offered, visits, due = await asyncio.gather(
        repairs.of_customer(work, customer.id),
        devices.of_customer(work, customer.id),
        quotes.of_customer(work, customer.id),
        appointments.ahead_of(work, customer.id),
        _invoices_due(work, customer.id),
    )
    open_tickets = (ticket_of(row, work.words) for row in rows)
    named = {one.id: one for one in owned}
    found = tuple(replace(one, device=named.get(one.device.id, one.device)) for one in found)
    by_id = {one.repair.id: one for one in found}
    since = work.clock() - LATELY
    return Context(
        customer=customer,
        total_repairs=len(found),
        last_repair_at=max((one.repair.created_at for one in found), default=None),
        active=tuple(one for one in found if not workflow.is_terminal(one.repair.status)),
        recent=found[:RECENT],
        recent_count=sum(one.repair.created_at >= since for one in found),
        pending_quotes=tuple(
            _pending(one.repair_id, by_id, one) for one in offered if one.status == "pending"
        ),
        appointments=visits,
        warranties=(),
        open_tickets=tuple(one for one in open_tickets if one.status != "resolved"),
        devices=owned,
        invoices_due=due,
        as_of=began - timedelta(seconds=max(map(work.shelf.age, _SHELVES))),
    )


def _pending(repair_id: str, repairs_by_id: dict[str, RepairRow], quote: Quote) -> PendingQuote:
    """The vendor knows no end of an estimate's validity."""
    row = repairs_by_id.get(repair_id)
    if row is not None:
        return PendingQuote(quote, row.repair.number, row.device, expired=False)
    nothing = Device("", "", "", "", quote.created_at, quote.updated_at)
    return PendingQuote(quote, "", nothing, expired=False)


async def _invoices_due(work: Work, customer_id: str) -> tuple[InvoiceDue, ...]:
    rows = await work.rows_of_customer(
        UNPAID, "/invoices", "invoices", customer_id, {"unpaid": "true"}
    )
    currency = (await work.house()).currency
    return tuple(_invoice(row, currency) for row in rows if not reading.flag(row, "is_paid"))


def _invoice(row: Row, currency: str) -> InvoiceDue:
    due = reading.moment(row, "due_date")
    owed = "balance_due" if row.get("balance_due") is not None else "total"
    return InvoiceDue(
        number=line(row, "number"),
        total=reading.amount(row, owed, currency),
        due_on=due.date() if due else None,
    )
