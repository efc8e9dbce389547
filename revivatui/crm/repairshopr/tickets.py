"""Tickets: made once for a conversation, read with their comments, moved only where allowed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from revivatui.crm.errors import StaleRecord
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records_tickets import Ticket, TicketStatus
from revivatui.crm.repairshopr import comments, customers, markers, reading, words
from revivatui.crm.repairshopr.house import House
from revivatui.crm.repairshopr.reading import Row, id_of, line, maybe_id, text
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.vendor_words import VendorWords
from revivatui.crm.views import TicketFile
from revivatui.crm.wishes import TicketChange, TicketWish
from revivatui.text.safe import safe, safe_line

_MADE_LATELY: Final = timedelta(days=7)
"""How far back the ticket of a conversation is looked for: longer than anybody tries again."""
_INITIAL: Final = "initial issue"
"""How the vendor's own pages call the comment that a ticket begins with."""
_CUSTOMER_PAGES: Final = 20
_TOLD_OTHERWISE: Final = ("chatwoot_conversation_id", "conversation_url", "status_words")


def ticket_of(row: Row, repairs: VendorWords) -> Ticket:
    """A ticket of the vendor's. A state that nobody knows is open, and kept word for word."""
    status = line(row, "status")
    ours = words.ticket_status(status, repairs)
    first = _first_comment(reading.inner_rows(row, "comments"))
    return Ticket(
        id=id_of(row),
        number=line(row, "number"),
        customer_id=maybe_id(row, "customer_id"),
        title=line(row, "subject"),
        status=ours,
        created_at=reading.created(row),
        updated_at=reading.updated(row),
        description=mask_passcodes(text(first, "body"))[0],
        priority=words.priority(line(row, "priority")),
        source="chatwoot" if markers.conversation_in(_mark_in(row)) else "",
        location_id=maybe_id(row, "location_id") or None,
        metadata=_metadata(row, status),
        repair_ids=(id_of(row),),
        assignee_id=maybe_id(row, "user_id") or None,
        resolved_at=reading.moment(row, "resolved_at") if ours == "resolved" else None,
        version=reading.version(row),
    )


def _metadata(row: Row, status: str) -> dict[str, Any]:
    properties = reading.inner(row, "properties")
    ours = (markers.PROPERTY, markers.URL_PROPERTY)
    found = {name: one for name, one in reading.fields(row).items() if name not in ours}
    found["status_words"] = status
    conversation = markers.conversation_in(_mark_in(row))
    if conversation:
        found["chatwoot_conversation_id"] = conversation
    if line(properties, markers.URL_PROPERTY):
        found["conversation_url"] = line(properties, markers.URL_PROPERTY)
    return found


def _mark_in(row: Row) -> str:
    """The mark that a ticket was made with; "" where the desk did not make it.

    In the properties, or in its first comment where the shop's ticket type dropped those.
    """
    kept = line(reading.inner(row, "properties"), markers.PROPERTY)
    if kept:
        return kept
    subjects = (line(one, "subject") for one in reading.inner_rows(row, "comments"))
    return next(filter(None, map(markers.read_first_subject, subjects)), "")


def _first_comment(rows: list[Row]) -> Row:
    """The comment that a ticket began with, which is what it is about."""
    for row in sorted(rows, key=reading.created):
        if is_description(row):
            return row
    return {}


def is_description(row: Row) -> bool:
    subject = line(row, "subject")
    return subject.casefold() == _INITIAL or bool(markers.read_first_subject(subject))


# --- reading -----------------------------------------------------------------------------------


async def row_of(work: Work, ticket_id: str) -> Row:
    return ticket_in(await work.wire.get(f"/tickets/{work.number_of(ticket_id, 'ticket')}"))


def ticket_in(answer: Row) -> Row:
    row = reading.inner(answer, "ticket")
    id_of(row)
    return row


async def get(work: Work, ticket_id: str) -> TicketFile:
    """See `CrmPort.get_ticket`."""
    row = work.keep_detail(await row_of(work, ticket_id))
    rows = await comments.rows_of(work, ticket_id)
    described = {**row, "comments": rows}
    return TicketFile(
        ticket=ticket_of(described, work.words),
        comments=tuple(comments.read_all(one for one in rows if not is_description(one))),
        conversations=await work.links.conversations_of(ticket_id),
    )


async def of_customer(work: Work, customer_id: str, **filters: str) -> list[Row]:
    """All tickets of a customer, the newest first."""
    rows = await work.rows(
        "tickets of one customer",
        "/tickets",
        "tickets",
        {"customer_id": customer_id, **filters},
        most=_CUSTOMER_PAGES,
    )
    mine = [row for row in rows if maybe_id(row, "customer_id") == customer_id]
    return sorted(mine, key=reading.created, reverse=True)


async def open_of(work: Work, customer_id: str) -> tuple[Ticket, ...]:
    """See `CrmPort.open_tickets_of`."""
    rows = await of_customer(work, customer_id)
    found = (ticket_of(row, work.words) for row in rows)
    return tuple(one for one in found if one.status != "resolved")


# --- making ------------------------------------------------------------------------------------


async def create(work: Work, wish: TicketWish) -> Ticket:
    """See `CrmPort.create_ticket`.

    A repair is a ticket here, so the ticket of a repair is the repair's own. Of a conversation
    there is one ticket of a title: asking for it again, within a week, finds it.
    """
    if wish.repair_ids:
        return ticket_of(await row_of(work, wish.repair_ids[0]), work.words)
    house = await work.house()
    mark = markers.conversation_mark(wish.metadata)
    key = mark or markers.mark_of_its_own("ticket")
    body = _first_body(work, wish, key, house)
    async with work.one_at_a_time(f"ticket {key} {wish.title}"):
        await customers.row_of(work, wish.customer_id)
        if mark:
            there = await _marked(work, wish.customer_id, mark, str(body["subject"]))
            if there is not None:
                return ticket_of(there, work.words)
        return ticket_of(await post(work, body, key), work.words)


def _first_body(work: Work, wish: TicketWish, key: str, house: House) -> dict[str, Any]:
    description = mask_passcodes(safe(wish.description))[0]
    body: dict[str, Any] = {
        "customer_id": work.number_of(wish.customer_id, "customer"),
        "subject": safe_line(wish.title).strip() or "Untitled",
        "priority": words.word_for_priority(wish.priority, house.priorities),
        "properties": {markers.PROPERTY: key} | _properties(wish.metadata),
        "comments_attributes": [
            comments.body_of(
                markers.first_subject(key, "Description"), description or wish.title, hidden=True
            )
        ],
    }
    if wish.assignee_id:
        body["user_id"] = work.number_of(wish.assignee_id, "technician")
    if wish.location_id and wish.location_id.isdigit():
        body["location_id"] = int(wish.location_id)
    return body


def _properties(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a ticket, under names of the vendor's kind. The mark says the rest."""
    said = {name: one for name, one in metadata.items() if name not in _TOLD_OTHERWISE}
    url = str(metadata.get("conversation_url") or "")
    return said | ({markers.URL_PROPERTY: safe_line(url)} if url else {})


async def post(work: Work, body: dict[str, Any], key: str) -> Row:
    """Make a ticket; where no answer came, look for its mark."""

    async def look() -> Row | None:
        return await _marked(work, str(body["customer_id"]), key, str(body["subject"]))

    return await work.write_once(lambda: work.wire.write("POST", "/tickets", body), ticket_in, look)


async def _marked(work: Work, customer_id: str, mark: str, subject: str) -> Row | None:
    since = reading.stamp(work.clock() - _MADE_LATELY)
    rows = await of_customer(work, customer_id, created_after=since)
    fits = [row for row in rows if line(row, "subject") == subject]
    return next((row for row in fits if _mark_in(row) == mark), None)


# --- changing ----------------------------------------------------------------------------------


async def put(work: Work, ticket_id: str, said: dict[str, Any], note: str = "") -> Row:
    """Change fields of a ticket, with a line about it where there is one to write.

    An answer that did not come is looked for in the fields themselves.
    """
    body = dict(said)
    if note:
        subject = f"{markers.mark_of_its_own('note')} Note"
        body["comments_attributes"] = [comments.body_of(subject, note, hidden=True)]

    async def look() -> Row | None:
        now = await row_of(work, ticket_id)
        return now if all(is_so(now, name, value) for name, value in said.items()) else None

    path = f"/tickets/{ticket_id}"
    row = await work.write_once(lambda: work.wire.write("PUT", path, body), ticket_in, look)
    return work.keep_detail(row)


def is_so(row: Row, name: str, value: Any) -> bool:
    if name.endswith(("_at", "_date")):
        return reading.moment(row, name) == reading.moment({name: value}, name)
    there = row.get(name)
    return there == value or line(row, name) == str(value)


def check_version(row: Row, wanted: int | None, what: str) -> None:
    if wanted is not None and reading.version(row) != wanted:
        raise StaleRecord(
            f"Somebody else changed this {what} meanwhile. Look at it again; nothing was changed."
        )


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
    work.check_may_set_status()
    row = await row_of(work, ticket_id)
    check_version(row, version, "ticket")
    if words.ticket_status(line(row, "status"), work.words) == status:
        return ticket_of(row, work.words)
    word = words.word_for_ticket(status, (await work.house()).statuses)
    told = mask_passcodes(safe(notes))[0]
    note = f"{told}\n{actor}" if told else ""
    return ticket_of(await put(work, ticket_id, {"status": word}, note), work.words)


async def change(work: Work, ticket_id: str, wish: TicketChange, version: int) -> Ticket:
    """See `CrmPort.change_ticket`."""
    if set(wish.repair_ids) - {ticket_id}:
        work.refuse("has no ticket of several repairs: each repair is its own ticket.")
    row = await row_of(work, ticket_id)
    check_version(row, version, "ticket")
    said: dict[str, Any] = {}
    if wish.title is not None:
        said["subject"] = mask_passcodes(safe_line(wish.title))[0]
    if wish.priority is not None:
        known = (await work.house()).priorities
        said["priority"] = words.word_for_priority(wish.priority, known)
    if wish.assignee_id is not None:
        said["user_id"] = work.number_of(wish.assignee_id, "technician")
    if wish.metadata:
        said["properties"] = _changed_properties(row, wish.metadata)
    said = {name: value for name, value in said.items() if not is_so(row, name, value)}
    return ticket_of(await put(work, ticket_id, said) if said else row, work.words)


def _changed_properties(row: Row, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """All properties with what is news: a ticket that was made of a conversation stays its."""
    kept = dict(reading.inner(row, "properties"))
    mark = "" if markers.conversation_in(_mark_in(row)) else markers.conversation_mark(metadata)
    return kept | _properties(metadata) | ({markers.PROPERTY: mark} if mark else {})
