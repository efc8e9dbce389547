"""Taking repairs in and moving them on. Their history is only ever added to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import exists, select, update

from revivatui.crm import workflow
from revivatui.crm.errors import InvalidRecord, MoveRefused, StaleRecord
from revivatui.crm.loyalty import months_after
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records_repairs import Cause, Repair, RepairEvent, Warranty, WarrantyKind
from revivatui.crm.store import numbers
from revivatui.crm.store.shapes import DEVICE, REPAIR, REPAIR_EVENT, WARRANTY
from revivatui.crm.store.tables_work import (
    QUOTE_LINES,
    QUOTES,
    REPAIR_EVENTS,
    REPAIRS,
    WARRANTIES,
)
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.wishes import Intake, Move, RepairChange
from revivatui.crm.workflow import RepairStatus

STALE = "Somebody else changed this {what} since you read it. Read it again; nothing was changed."


async def create(work: Work, intake: Intake) -> Repair:
    """See `CrmPort.create_repair`."""
    device = await work.one(DEVICE, intake.device_id, "device")
    if device.customer_id != intake.customer_id:
        raise InvalidRecord("This device belongs to another customer.")
    if intake.warranty_of_repair_id is not None:
        earlier = await work.one(REPAIR, intake.warranty_of_repair_id, "earlier repair")
        if earlier.device_id != device.id:
            raise InvalidRecord("The earlier repair was of another device.")
    repair = Repair(
        id=work.new_id(),
        number=await numbers.next_number(work, "R", intake.location_id),
        customer_id=intake.customer_id,
        device_id=intake.device_id,
        location_id=intake.location_id,
        type=intake.type,
        status="received" if intake.handed_over else "booked",
        created_at=work.now,
        updated_at=work.now,
        ticket_id=intake.ticket_id,
        fault=mask_passcodes(intake.fault)[0],
        intake_condition=mask_passcodes(intake.intake_condition)[0],
        accessories=intake.accessories,
        technician_id=intake.technician_id,
        priority=intake.priority,
        promised_at=intake.promised_at,
        received_at=work.now if intake.handed_over else None,
        is_warranty=intake.warranty_of_repair_id is not None,
        warranty_of_repair_id=intake.warranty_of_repair_id,
    )
    await work.add(REPAIRS, REPAIR.values(repair))
    await _write_event(work, repair, None, intake.actor, "", public=False, cause="user")
    return repair


async def read(reader: Reader, repair_id: str) -> Repair:
    """The repair alone. Raises NotInCrm."""
    return await reader.one(REPAIR, repair_id, "repair")


async def move(work: Work, wish: Move) -> Repair:
    """See `CrmPort.move_repair`."""
    repair = await work.one(REPAIR, wish.repair_id, "repair", lock=True)
    check_version(repair.version, wish.version, "repair")
    workflow.check_move(repair.status, wish.to)
    if repair.status == "diagnosing" and wish.to == "in_repair":
        await _check_no_quote_waits(work, repair)
    return await moved(
        work, repair, wish.to, wish.actor, wish.note, public=wish.public, cause=wish.cause
    )


async def _check_no_quote_waits(work: Work, repair: Repair) -> None:
    waits = exists().where(QUOTES.c.repair_id == repair.id, QUOTES.c.status == "pending")
    row = await work.row(select(waits))
    if row is not None and row[0]:
        raise MoveRefused("A quote waits for the customer's answer; the repair starts after it.")


async def moved(
    work: Work,
    repair: Repair,
    to: RepairStatus,
    actor: str,
    note: str = "",
    *,
    public: bool = False,
    cause: Cause = "user",
) -> Repair:
    """Move a repair along a way that was checked, with its moments and its line of history."""
    stamps: dict[str, Any] = {
        stamp: work.now
        for stamp, renewed in workflow.stamps_of(repair.status, to)
        if renewed or getattr(repair, stamp) is None
    }
    after = replace(repair, status=to, status_words="", **stamps)
    after = await _keep(work, repair, after)
    await _write_event(work, after, repair.status, actor, note, public=public, cause=cause)
    if repair.status == "ready" and to == "completed":
        await _begin_warranties(work, after)
    return after


async def change(
    work: Work, repair_id: str, wish: RepairChange, *, version: int, actor: str
) -> Repair:
    """See `CrmPort.change_repair`."""
    repair = await work.one(REPAIR, repair_id, "repair", lock=True)
    check_version(repair.version, version, "repair")
    said = {
        name: value
        for name in RepairChange.__dataclass_fields__
        if (value := getattr(wish, name)) is not None and value != getattr(repair, name)
    }
    if "fault" in said:
        said["fault"] = mask_passcodes(said["fault"])[0]
    if not said:
        return repair
    after = await _keep(work, repair, replace(repair, **said))
    note = "Changed: " + ", ".join(name.removesuffix("_id").replace("_", " ") for name in said)
    await _write_event(work, after, repair.status, actor, note, public=False, cause="user")
    return after


async def add_note(
    work: Work, repair_id: str, note: str, *, actor: str, public: bool = False
) -> Repair:
    """See `CrmPort.add_note`."""
    repair = await work.one(REPAIR, repair_id, "repair")
    await _write_event(work, repair, repair.status, actor, note, public=public, cause="user")
    return repair


async def bind_ticket(work: Work, repair_id: str, ticket_id: str) -> None:
    """Say which ticket a repair belongs to."""
    repair = await work.one(REPAIR, repair_id, "repair", lock=True)
    if repair.ticket_id != ticket_id:
        await _keep(work, repair, replace(repair, ticket_id=ticket_id))
        work.changed("repair", repair.id)


def check_version(kept: int, known: int, what: str) -> None:
    """Raises StaleRecord where what somebody saw is not what is kept."""
    if kept != known:
        raise StaleRecord(STALE.format(what=what))


async def _keep(work: Work, before: Repair, after: Repair) -> Repair:
    kept = replace(after, updated_at=work.now, version=before.version + 1)
    reached = await work.run(
        update(REPAIRS)
        .where(REPAIRS.c.id == before.id, REPAIRS.c.version == before.version)
        .values(REPAIR.difference(before, kept))
    )
    if not reached:
        raise StaleRecord(STALE.format(what="repair"))
    return kept


async def _write_event(
    work: Work,
    repair: Repair,
    from_status: RepairStatus | None,
    actor: str,
    note: str,
    *,
    public: bool,
    cause: Cause,
) -> None:
    event = RepairEvent(
        id=work.new_id(),
        repair_id=repair.id,
        at=work.now,
        actor=actor,
        from_status=from_status,
        to_status=repair.status,
        note=mask_passcodes(note)[0],
        public=public,
        cause=cause,
    )
    await work.add(REPAIR_EVENTS, REPAIR_EVENT.values(event))
    work.changed("repair", repair.id)


async def _begin_warranties(work: Work, repair: Repair) -> None:
    """From the day a repaired device is collected, by the lines of its approved quotes."""
    lines = await work.rows(
        select(QUOTE_LINES.c.kind, QUOTE_LINES.c.service_code, QUOTE_LINES.c.warranty_months)
        .join(QUOTES, QUOTES.c.id == QUOTE_LINES.c.quote_id)
        .where(QUOTES.c.repair_id == repair.id, QUOTES.c.status.in_(("approved", "invoiced")))
    )
    longest: dict[WarrantyKind, int] = {}
    for line_kind, service_code, months in lines:
        kind = _warranty_kind(line_kind, service_code)
        longest[kind] = max(months, longest.get(kind, 0))
    day = work.now.date()
    for kind, months in longest.items():
        if months > 0:
            warranty = Warranty(
                id=work.new_id(),
                repair_id=repair.id,
                device_id=repair.device_id,
                kind=kind,
                starts_on=day,
                months=months,
                ends_on=months_after(day, months),
            )
            await work.add(WARRANTIES, WARRANTY.values(warranty))
            work.changed("warranty", warranty.id)


def _warranty_kind(line_kind: str, service_code: str) -> WarrantyKind:
    if "battery" in service_code:
        return "battery"
    return "parts" if line_kind == "part" else "labour"
