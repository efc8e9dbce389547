"""Repairs, each of which is a ticket of the vendor's with a device on it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from revivatui.crm import workflow
from revivatui.crm.errors import InvalidRecord, MoveRefused
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records import Device
from revivatui.crm.records_repairs import Repair, RepairEvent
from revivatui.crm.records_tickets import TicketComment
from revivatui.crm.repairshopr import comments, customers, devices, markers, quotes, reading
from revivatui.crm.repairshopr import tickets as ticket_work
from revivatui.crm.repairshopr.house import House
from revivatui.crm.repairshopr.reading import Row, id_of, line, maybe_id
from revivatui.crm.repairshopr.wire import Params, is_last, rows_of
from revivatui.crm.repairshopr.words import priority, word_for_priority, word_for_repair
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.vendor_words import VendorWords
from revivatui.crm.views import (
    DeviceHistory,
    RepairCounts,
    RepairFile,
    RepairPage,
    RepairQuery,
    RepairRow,
)
from revivatui.crm.wishes import Intake, Move, RepairChange
from revivatui.text.safe import safe, safe_line

MOST_DETAILS: Final = 20
"""Tickets of one customer whose devices are read; each costs a request until it is known."""
_DUE_BY_DEFAULT: Final = timedelta(minutes=1)
_MOST_LIST_PAGES: Final = 8


def repair_of(row: Row, words: VendorWords) -> Repair:
    """A ticket as the repair that it is."""
    status, word = words.status_of(line(row, "status"))
    created, due = reading.created(row), reading.moment(row, "due_date")
    if due is not None and abs(due - created) < _DUE_BY_DEFAULT:
        due = None  # the vendor's own default is the moment at which it was made: no promise
    assets = reading.ids(row, "asset_ids")
    resolved = reading.moment(row, "resolved_at")
    return Repair(
        id=id_of(row),
        number=line(row, "number"),
        customer_id=maybe_id(row, "customer_id"),
        device_id=assets[0] if assets else "",
        location_id=maybe_id(row, "location_id"),
        type=line(row, "problem_type"),
        status=status,
        created_at=created,
        updated_at=reading.updated(row),
        status_words=word,
        ticket_id=id_of(row),
        fault=mask_passcodes(line(row, "subject"))[0],
        technician_id=maybe_id(row, "user_id") or None,
        priority=priority(line(row, "priority")),
        promised_at=due,
        received_at=None if status == "booked" else created,
        ready_at=resolved if status in workflow.WAITING_TO_BE_COLLECTED else None,
        collected_at=resolved if status == "completed" else None,
        version=reading.version(row),
    )


def row_of(row: Row, work: Work, house: House) -> RepairRow:
    """A ticket as a line of a list. Of one that was read whole, with its device."""
    repair = repair_of(row, work.words)
    customer = reading.inner(row, "customer")
    technician = line(reading.inner(row, "user"), "full_name", "name")
    return RepairRow(
        repair=repair,
        customer_name=line(row, "customer_business_then_name")
        or line(customer, "business_and_full_name", "fullname"),
        device=_device_in(row, repair),
        technician_name=technician or house.technician_name(repair.technician_id or ""),
        overdue=workflow.is_overdue(repair.status, repair.promised_at, work.clock()),
    )


def _device_in(row: Row, repair: Repair) -> Device:
    """The first device of a ticket. Without one, what the ticket is called stands for it."""
    assets = reading.inner_rows(row, "assets")
    if assets:
        return devices.device_of(assets[0])
    return Device(
        id=repair.device_id,
        customer_id=repair.customer_id,
        brand="",
        model=repair.fault,
        created_at=repair.created_at,
        updated_at=repair.updated_at,
    )


# --- reading -----------------------------------------------------------------------------------


async def of_customer(work: Work, customer_id: str) -> tuple[list[Row], tuple[RepairRow, ...]]:
    """The tickets of a customer, newest first, as they came and as repairs with their devices."""
    rows = await ticket_work.of_customer(work, customer_id)
    house = await work.house()
    is_over = {id_of(row): workflow.is_terminal(repair_of(row, work.words).status) for row in rows}
    wanted = sorted(rows, key=lambda row: is_over[id_of(row)])[:MOST_DETAILS]
    read = await asyncio.gather(*(work.detail(row) for row in wanted))
    whole = {id_of(row): row for row in read}
    found = [{**row, **whole.get(id_of(row), work.kept_detail(row))} for row in rows]
    return rows, tuple(row_of(row, work, house) for row in found)


async def get(work: Work, repair_id: str) -> RepairFile:
    """See `CrmPort.get_repair`."""
    row = work.keep_detail(await ticket_work.row_of(work, repair_id))
    house = await work.house()
    customer_row = reading.inner(row, "customer") or await customers.row_of(
        work, maybe_id(row, "customer_id")
    )
    said = comments.read_all(await comments.rows_of(work, repair_id))
    notes = (one for one in said if one.chatwoot_message_id is None)
    return RepairFile(
        row=row_of(row, work, house),
        customer=customers.customer_of(customer_row, house.language),
        events=tuple(_event(one, repair_id) for one in notes),
        quotes=await quotes.of_tickets(work, maybe_id(row, "customer_id"), {repair_id}),
        warranties=(),
    )


def _event(note: TicketComment, repair_id: str) -> RepairEvent:
    """The vendor keeps no history of states: what was written is all that is known."""
    return RepairEvent(
        id=note.id,
        repair_id=repair_id,
        at=note.created_at,
        actor=note.author,
        from_status="unknown",
        to_status="unknown",
        note=note.content,
        public=not note.is_internal,
        cause="crm_sync",
    )


async def device_history(work: Work, device_id: str) -> DeviceHistory:
    """See `CrmPort.device_history`."""
    device = await devices.get(work, device_id)
    _, rows = await of_customer(work, device.customer_id)
    mine = tuple(one for one in rows if one.repair.device_id == device_id)
    return DeviceHistory(device, mine, warranties=())


async def list_page(work: Work, query: RepairQuery) -> RepairPage:
    """See `CrmPort.list_repairs`. State by state where some are asked for, as the vendor can
    filter by one word only; within one page most lately taken in first."""
    house, as_of = await work.house(), work.clock()
    wanted = _vendor_words(query, work.words, house.statuses)
    place, page = _place(query.after)
    found: list[RepairRow] = []
    for _ in range(_MOST_LIST_PAGES):
        if place >= len(wanted) or len(found) >= query.limit:
            break
        answer = await work.wire.get("/tickets", _filters(query, wanted[place], page))
        rows = rows_of(answer, "tickets")
        shown = (row_of(work.kept_detail(row), work, house) for row in rows)
        found += [one for one in shown if _fits(one, query, as_of)]
        if is_last(answer, page) or not rows:
            place, page = place + 1, 1
        else:
            page += 1
    found.sort(key=lambda one: one.repair.created_at, reverse=True)
    after = f"{place}.{page}" if place < len(wanted) else ""
    return RepairPage(tuple(found), after, as_of)


def _vendor_words(query: RepairQuery, words: VendorWords, known: tuple[str, ...]) -> list[str]:
    """The vendor's states that hold what is asked for; [""] for all of them at once."""
    if query.statuses:
        return [one for one in known if words.status_of(one)[0] in query.statuses]
    if not query.closed:
        return [one for one in known if not workflow.is_terminal(words.status_of(one)[0])]
    return [""]


def _place(after: str) -> tuple[int, int]:
    place, _, page = after.partition(".")
    if not after:
        return 0, 1
    if not (place.isdigit() and page.isdigit()):
        raise InvalidRecord("That is no place in the list of repairs.")
    return int(place), int(page)


def _filters(query: RepairQuery, word: str, page: int) -> Params:
    asked = {
        "status": word,
        "customer_id": query.customer_id or "",
        "user_id": query.technician_id or "",
    }
    return {name: value for name, value in asked.items() if value} | {"page": page}


def _fits(row: RepairRow, query: RepairQuery, now: datetime) -> bool:
    """Whether a line is what was asked for, should the vendor not have filtered."""
    repair = row.repair
    return (
        (not query.statuses or repair.status in query.statuses)
        and (query.closed or not workflow.is_terminal(repair.status))
        and query.location_id in (None, repair.location_id)
        and query.technician_id in (None, repair.technician_id)
        and query.customer_id in (None, repair.customer_id)
        and (row.overdue or not query.overdue)
        and (_is_unclaimed(repair, now) or not query.unclaimed)
        and (_is_forgotten(repair, now) or not query.forgotten)
    )


def _is_unclaimed(repair: Repair, now: datetime) -> bool:
    return workflow.is_unclaimed(repair.status, repair.ready_at, repair.updated_at, now)


def _is_forgotten(repair: Repair, now: datetime) -> bool:
    return workflow.is_forgotten(repair.status, repair.updated_at, now)


async def counts(work: Work, location_id: str | None) -> RepairCounts:
    """See `CrmPort.count_repairs`: those that are not over; the vendor counts no others."""
    as_of = work.clock()
    house = await work.house()
    wanted = _vendor_words(RepairQuery(closed=False), work.words, house.statuses)

    async def read() -> list[Row]:
        found: list[Row] = []
        for word in wanted:
            found += await work.rows("open repairs", "/tickets", "tickets", {"status": word})
        return found

    rows: list[Row] = await work.shelf.get("open repairs", read)
    lines = [row_of(row, work, house) for row in rows]
    lines = [one for one in lines if location_id in (None, one.repair.location_id)]
    by_status = Counter(one.repair.status for one in lines)
    return RepairCounts(
        dict(by_status),
        sum(one.overdue for one in lines),
        sum(_is_unclaimed(one.repair, as_of) for one in lines),
        sum(_is_forgotten(one.repair, as_of) for one in lines),
        as_of,
    )


# --- writing -----------------------------------------------------------------------------------


async def take_in(work: Work, intake: Intake) -> Repair:
    """See `CrmPort.create_repair`: a ticket with the device on it, in the vendor's first state."""
    if intake.ticket_id is not None:
        return await _bound(work, intake, intake.ticket_id)
    device = await devices.get(work, intake.device_id)
    house = await work.house()
    key = markers.mark_of_its_own("repair")
    told = [
        intake.fault,
        f"Condition: {intake.intake_condition}" if intake.intake_condition else "",
        f"With it: {', '.join(intake.accessories)}" if intake.accessories else "",
        intake.actor,
    ]
    note = mask_passcodes(safe("\n".join(filter(None, told))))[0]
    subject = f"{device.label}: {intake.fault or intake.type}".splitlines()[0]
    body: dict[str, Any] = {
        "customer_id": work.number_of(intake.customer_id, "customer"),
        "subject": mask_passcodes(safe_line(subject))[0],
        "asset_ids": [work.number_of(intake.device_id, "device")],
        "priority": word_for_priority(intake.priority, house.priorities),
        "properties": {markers.PROPERTY: key},
        "comments_attributes": [
            comments.body_of(markers.first_subject(key, "Check-in"), note, hidden=True)
        ],
        **_scheduled(work, intake, house),
    }
    if intake.technician_id:
        body["user_id"] = work.number_of(intake.technician_id, "technician")
    if intake.location_id.isdigit():
        body["location_id"] = int(intake.location_id)
    if intake.promised_at is not None:
        body["due_date"] = reading.stamp(intake.promised_at)
    return repair_of(await ticket_work.post(work, body, key), work.words)


def _scheduled(work: Work, intake: Intake, house: House) -> dict[str, str]:
    if intake.handed_over or not work.switches.may_set_status:
        return {}
    return {"status": word_for_repair("booked", work.words, house.statuses)}


async def _bound(work: Work, intake: Intake, ticket_id: str) -> Repair:
    """A ticket that is there already gets the device."""
    row = await ticket_work.row_of(work, ticket_id)
    assets = reading.ids(row, "asset_ids")
    if intake.device_id not in assets:
        said = {"asset_ids": [work.number_of(one, "device") for one in (intake.device_id, *assets)]}
        row = await ticket_work.put(work, ticket_id, said, mask_passcodes(safe(intake.fault))[0])
    return repair_of(row, work.words)


async def move(work: Work, wish: Move) -> Repair:
    """See `CrmPort.move_repair`. The vendor has fewer states, and lets any follow any."""
    work.check_may_set_status()
    row = await ticket_work.row_of(work, wish.repair_id)
    ticket_work.check_version(row, wish.version, "repair")
    to = next((one for one in workflow.STATUSES if one == wish.to), None)
    if to is None:
        raise MoveRefused(f"{wish.to} is no state of a repair.")
    word = word_for_repair(to, work.words, (await work.house()).statuses)
    now = line(row, "status")
    if now.casefold() == word.casefold():
        raise MoveRefused(
            f"{work.product} calls both “{now}”, so there is nothing to change. "
            "Write a note about it instead."
        )
    note = mask_passcodes(safe(wish.note))[0]
    hidden_note = "" if wish.public else note
    row = await ticket_work.put(work, wish.repair_id, {"status": word}, hidden_note)
    if note and wish.public:
        await _note(work, wish.repair_id, note, wish.actor, public=True)
    return repair_of(row, work.words)


async def change(work: Work, repair_id: str, wish: RepairChange, version: int) -> Repair:
    """See `CrmPort.change_repair`."""
    if (wish.accessories, wish.ticket_id, wish.invoice_ref) != (None, None, None):
        work.refuse("keeps no accessories of a repair, and each repair is its own ticket.")
    row = await ticket_work.row_of(work, repair_id)
    ticket_work.check_version(row, version, "repair")
    said: dict[str, Any] = {}
    if wish.technician_id is not None:
        said["user_id"] = work.number_of(wish.technician_id, "technician")
    if wish.priority is not None:
        said["priority"] = word_for_priority(wish.priority, (await work.house()).priorities)
    if wish.promised_at is not None:
        said["due_date"] = reading.stamp(wish.promised_at)
    if wish.fault is not None:
        said["subject"] = mask_passcodes(safe_line(wish.fault))[0]
    said = {name: value for name, value in said.items() if not ticket_work.is_so(row, name, value)}
    if said:
        row = await ticket_work.put(work, repair_id, said)
    return repair_of(row, work.words)


async def note(work: Work, repair_id: str, text: str, actor: str, *, public: bool) -> Repair:
    """See `CrmPort.add_note`."""
    row = await ticket_work.row_of(work, repair_id)
    await _note(work, repair_id, mask_passcodes(safe(text))[0], actor, public=public)
    return repair_of(row, work.words)


async def _note(work: Work, repair_id: str, text: str, actor: str, *, public: bool) -> None:
    mark = markers.mark_of_its_own("note")
    body = comments.body_of(f"{mark} Note", text, hidden=not public, tech=actor)
    await comments.post(work, repair_id, body, mark)
