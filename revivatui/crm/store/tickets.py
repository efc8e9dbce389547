"""Tickets and their comments: every write is a step towards a state, so that twice is once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from revivatui.crm.errors import InvalidRecord, NotInCrm, StaleRecord
from revivatui.crm.passcodes import asks_for_passcode, mask_passcodes
from revivatui.crm.records_tickets import Ticket, TicketComment, TicketStatus
from revivatui.crm.store import chats, customers, numbers, repairs
from revivatui.crm.store.shapes import COMMENT, TICKET
from revivatui.crm.store.tables_work import REPAIRS, TICKET_COMMENTS, TICKETS
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.views import TicketFile
from revivatui.crm.wishes import CommentWish, TicketChange, TicketWish

NO_TICKET = "There is no such ticket in the CRM."
_MOST_COMMENTS = 2000


async def create(work: Work, wish: TicketWish) -> Ticket:
    """See `CrmPort.create_ticket`."""
    customer = await customers.get(work, wish.customer_id)
    ticket = Ticket(
        id=work.new_id(),
        number=await numbers.next_number(work, "T", wish.location_id),
        customer_id=customer.id,
        title=mask_passcodes(wish.title)[0],
        status=wish.status,
        created_at=work.now,
        updated_at=work.now,
        description=mask_passcodes(wish.description)[0],
        priority=wish.priority,
        source=wish.source,
        location_id=wish.location_id,
        metadata=wish.metadata,
        repair_ids=wish.repair_ids,
        assignee_id=wish.assignee_id,
    )
    await work.add(TICKETS, TICKET.values(ticket))
    for repair_id in sorted(wish.repair_ids):  # two writers never wait for each other
        await repairs.bind_ticket(work, repair_id, ticket.id)
    work.changed("ticket", ticket.id)
    return ticket


async def get(reader: Reader, ticket_id: str) -> TicketFile:
    """See `CrmPort.get_ticket`. Of a very long ticket the newest comments."""
    tickets = await where(reader, TICKETS.c.id == ticket_id)
    if not tickets:
        raise NotInCrm(NO_TICKET)
    rows = await reader.rows(
        select(TICKET_COMMENTS)
        .where(TICKET_COMMENTS.c.ticket_id == ticket_id)
        .order_by(TICKET_COMMENTS.c.created_at.desc(), TICKET_COMMENTS.c.id.desc())
        .limit(_MOST_COMMENTS)
    )
    return TicketFile(
        ticket=tickets[0],
        comments=tuple(COMMENT.read(row) for row in reversed(rows)),
        conversations=await chats.of_ticket(reader, ticket_id),
    )


async def _one(reader: Reader, ticket_id: str, *, lock: bool = False) -> Ticket:
    question = select(TICKETS).where(TICKETS.c.id == ticket_id)
    row = await reader.row(question.with_for_update() if lock else question)
    if row is None:
        raise NotInCrm(NO_TICKET)
    return TICKET.read(row)


async def where(reader: Reader, *fits: ColumnElement[bool]) -> tuple[Ticket, ...]:
    """All tickets that fit, the newest first."""
    question = select(TICKETS).where(*fits).order_by(TICKETS.c.id.desc())
    found = [TICKET.read(row) for row in await reader.rows(question)]
    return tuple(await _with_repairs(reader, found))


async def _with_repairs(reader: Reader, tickets: Iterable[Ticket]) -> list[Ticket]:
    found = list(tickets)
    if not found:
        return []
    of_ticket: dict[str, list[str]] = defaultdict(list)
    rows = await reader.rows(
        select(REPAIRS.c.ticket_id, REPAIRS.c.id)
        .where(REPAIRS.c.ticket_id.in_([one.id for one in found]))
        .order_by(REPAIRS.c.id)
    )
    for ticket_id, repair_id in rows:
        of_ticket[ticket_id].append(repair_id)
    return [replace(one, repair_ids=tuple(of_ticket[one.id])) for one in found]


async def open_of(reader: Reader, customer_id: str) -> tuple[Ticket, ...]:
    """See `CrmPort.open_tickets_of`."""
    return await where(reader, TICKETS.c.customer_id == customer_id, TICKETS.c.status != "resolved")


async def set_status(
    work: Work,
    ticket_id: str,
    status: TicketStatus,
    *,
    actor: str,
    notes: str = "",
    version: int | None = None,
) -> Ticket:
    """See `CrmPort.set_ticket_status`."""
    ticket = await _one(work, ticket_id, lock=True)
    if version is not None:
        repairs.check_version(ticket.version, version, "ticket")
    if ticket.status != status:
        ticket = await _keep(work, ticket, _entering(work.now, ticket, status, actor, notes))
    return (await _with_repairs(work, [ticket]))[0]


async def change(work: Work, ticket_id: str, wish: TicketChange, *, version: int) -> Ticket:
    """See `CrmPort.change_ticket`."""
    ticket = await _one(work, ticket_id, lock=True)
    repairs.check_version(ticket.version, version, "ticket")
    said = {
        name: value
        for name in ("title", "priority", "assignee_id")
        if (value := getattr(wish, name)) is not None
    }
    if "title" in said:
        said["title"] = mask_passcodes(said["title"])[0]
    if wish.metadata:
        said["metadata"] = {**ticket.metadata, **wish.metadata}
    if replace(ticket, **said) != ticket:
        ticket = await _keep(work, ticket, said)
    for repair_id in sorted(wish.repair_ids):
        await repairs.bind_ticket(work, repair_id, ticket.id)
    return (await _with_repairs(work, [ticket]))[0]


def _entering(
    now: datetime, ticket: Ticket, status: TicketStatus, actor: str, notes: str
) -> dict[str, Any]:
    if status == "resolved":
        told = mask_passcodes(notes)[0]
        return {
            "status": status,
            "resolved_at": now,
            "resolved_by": actor,
            "resolution_notes": told or ticket.resolution_notes,
        }
    reopened = ticket.reopened_count + (ticket.status == "resolved")
    return {
        "status": status,
        "resolved_at": None,
        "resolved_by": "",
        "reopened_count": reopened,
    }


async def _keep(work: Work, ticket: Ticket, changed: dict[str, Any]) -> Ticket:
    kept = replace(ticket, updated_at=work.now, version=ticket.version + 1, **changed)
    reached = await work.run(
        update(TICKETS)
        .where(TICKETS.c.id == ticket.id, TICKETS.c.version == ticket.version)
        .values(TICKET.difference(ticket, kept))
    )
    if not reached:
        raise StaleRecord(repairs.STALE.format(what="ticket"))
    work.changed("ticket", ticket.id)
    return kept


# --- comments ----------------------------------------------------------------------------------


async def add_comment(work: Work, wish: CommentWish) -> TicketComment:
    """See `CrmPort.add_comment`."""
    if wish.chatwoot_message_id is not None and not wish.installation:
        raise InvalidRecord("A message of a chat needs the name of its installation.")
    await _one(work, wish.ticket_id)
    comment = await _as_wished(work, wish)
    kept = await _same_message(work, wish)
    if kept is None:
        if await work.insert_if_new(TICKET_COMMENTS, COMMENT.values(comment)):
            work.changed("comment", comment.id)
            return comment
        kept = await _same_message(work, wish)  # another writer was quicker
        if kept is None:
            raise InvalidRecord("The comment could not be kept.")
    return await _brought_up_to(work, kept, comment)


async def _as_wished(work: Work, wish: CommentWish) -> TicketComment:
    created_at = wish.created_at or work.now
    asked_for = await _was_asked_for(work, wish, created_at)
    content, masked = mask_passcodes(wish.content, asked_for=asked_for)
    return TicketComment(
        id=work.new_id(),
        ticket_id=wish.ticket_id,
        content="" if wish.deleted else content,
        author=wish.author,
        created_at=created_at,
        author_kind=wish.author_kind,
        is_internal=wish.is_internal,
        direction=wish.direction,
        attachments=() if wish.deleted else wish.attachments,
        installation=wish.installation,
        chatwoot_message_id=wish.chatwoot_message_id,
        metadata=wish.metadata,
        masked=masked and not wish.deleted,
        source_updated_at=wish.source_updated_at,
        deleted=wish.deleted,
    )


async def _was_asked_for(work: Work, wish: CommentWish, created_at: datetime) -> bool:
    """Whether the last thing said by somebody else before asked for a passcode."""
    columns = TICKET_COMMENTS.c
    row = await work.row(
        select(columns.content)
        .where(
            columns.ticket_id == wish.ticket_id,
            columns.created_at <= created_at,
            columns.author_kind != wish.author_kind,
        )
        .order_by(columns.created_at.desc(), columns.id.desc())
        .limit(1)
    )
    return row is not None and asks_for_passcode(row[0])


async def _same_message(work: Work, wish: CommentWish) -> TicketComment | None:
    if wish.chatwoot_message_id is None:
        return None
    row = await work.row(
        select(TICKET_COMMENTS)
        .where(
            TICKET_COMMENTS.c.installation == wish.installation,
            TICKET_COMMENTS.c.chatwoot_message_id == wish.chatwoot_message_id,
        )
        .with_for_update()
    )
    return COMMENT.read(row) if row else None


async def _brought_up_to(work: Work, kept: TicketComment, wished: TicketComment) -> TicketComment:
    """What is kept, changed to what is wished unless that is older news. Deleted stays deleted."""
    if kept.deleted or _is_older(wished.source_updated_at, kept.source_updated_at):
        return kept
    after = replace(
        wished,
        id=kept.id,
        ticket_id=kept.ticket_id,
        created_at=kept.created_at,
        source_updated_at=wished.source_updated_at or kept.source_updated_at,
        edited_at=kept.edited_at,
    )
    if (after.content, after.attachments, after.deleted) != (
        kept.content,
        kept.attachments,
        kept.deleted,
    ):
        after = replace(after, edited_at=wished.source_updated_at or work.now)
    if after == kept:
        return kept
    await work.run(
        update(TICKET_COMMENTS)
        .where(TICKET_COMMENTS.c.id == kept.id)
        .values(COMMENT.difference(kept, after))
    )
    work.changed("comment", kept.id)
    return after


def _is_older(news: datetime | None, kept: datetime | None) -> bool:
    return news is not None and kept is not None and news < kept
