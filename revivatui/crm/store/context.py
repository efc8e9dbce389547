"""Everything that somebody who answers a customer must know, in a handful of questions."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from revivatui.crm.records_repairs import Warranty
from revivatui.crm.records_tickets import Ticket
from revivatui.crm.store import appointments, customers, repair_lists
from revivatui.crm.store.shapes import QUOTE, TICKET
from revivatui.crm.store.tables_work import QUOTES, REPAIRS, TICKETS, WARRANTIES
from revivatui.crm.store.work import Reader
from revivatui.crm.views import Context, PendingQuote, RepairRow
from revivatui.crm.workflow import is_terminal

RECENT: Final = 10
"""Repairs that are told of, over or not."""

LATELY: Final = timedelta(days=30)
"""What counts as recent where repairs are counted."""


async def of_customer(reader: Reader, customer_id: str) -> Context:
    """See `CrmPort.get_context`."""
    customer = await customers.get(reader, customer_id)
    repairs = await repair_lists.rows_where(reader, REPAIRS.c.customer_id == customer.id)
    since = reader.now - LATELY
    return Context(
        customer=customer,
        total_repairs=len(repairs),
        last_repair_at=max((one.repair.created_at for one in repairs), default=None),
        active=tuple(one for one in repairs if not is_terminal(one.repair.status)),
        recent=repairs[:RECENT],
        recent_count=sum(one.repair.created_at >= since for one in repairs),
        pending_quotes=await _pending(reader, repairs),
        appointments=await appointments.ahead_of(reader, customer.id),
        warranties=await _in_force(reader, repairs),
        open_tickets=await _open_tickets(reader, customer.id, repairs),
        devices=await customers.devices_of(reader, customer.id),
        invoices_due=(),
        as_of=reader.now,
    )


async def _pending(reader: Reader, repairs: tuple[RepairRow, ...]) -> tuple[PendingQuote, ...]:
    by_id = {one.repair.id: one for one in repairs}
    if not by_id:
        return ()
    customer_id = repairs[0].repair.customer_id
    rows = await reader.rows(
        select(QUOTES)
        .join(REPAIRS, REPAIRS.c.id == QUOTES.c.repair_id)
        .where(REPAIRS.c.customer_id == customer_id, QUOTES.c.status == "pending")
        .order_by(QUOTES.c.id.desc())
    )
    found = []
    for row in rows:
        quote = QUOTE.read(row)
        repair = by_id[quote.repair_id]
        expired = _has_passed(quote.valid_until, reader.now)
        found.append(PendingQuote(quote, repair.repair.number, repair.device, expired))
    return tuple(found)


def _has_passed(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment < now


async def _in_force(reader: Reader, repairs: tuple[RepairRow, ...]) -> tuple[Warranty, ...]:
    if not repairs:
        return ()
    of_customer = select(REPAIRS.c.id).where(REPAIRS.c.customer_id == repairs[0].repair.customer_id)
    return await repair_lists.warranties_where(
        reader,
        WARRANTIES.c.repair_id.in_(of_customer),
        WARRANTIES.c.ends_on >= reader.now.date(),
        WARRANTIES.c.void_reason == "",
    )


async def _open_tickets(
    reader: Reader, customer_id: str, repairs: tuple[RepairRow, ...]
) -> tuple[Ticket, ...]:
    of_ticket: dict[str, list[str]] = defaultdict(list)
    for one in reversed(repairs):
        if one.repair.ticket_id is not None:
            of_ticket[one.repair.ticket_id].append(one.repair.id)
    rows = await reader.rows(
        select(TICKETS)
        .where(TICKETS.c.customer_id == customer_id, TICKETS.c.status != "resolved")
        .order_by(TICKETS.c.id.desc())
    )
    return tuple(TICKET.read(row, repair_ids=tuple(of_ticket[row.id])) for row in rows)
