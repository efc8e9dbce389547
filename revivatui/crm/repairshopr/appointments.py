"""Visits. The vendor keeps no state of them, and writes to nobody about those made here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from revivatui.crm.errors import InvalidRecord, MoveRefused
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records_repairs import Appointment
from revivatui.crm.repairshopr import customers, reading
from revivatui.crm.repairshopr.reading import Row, id_of, line, maybe_id, text
from revivatui.crm.repairshopr.words import VISITS, visit_kind
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.wishes import AppointmentWish
from revivatui.text.safe import safe

SHELF: Final = "appointments"
_AROUND: Final = timedelta(days=2)
"""The vendor filters by days of the shop's own zone, and by the start alone."""
_AHEAD: Final = timedelta(days=180)
_SAME_MOMENT: Final = timedelta(minutes=1)
"""The vendor's calendar counts in minutes."""


def appointment_of(row: Row, now: datetime) -> Appointment:
    """A visit. One that is over counts as done, one that is ahead as confirmed."""
    starts = reading.moment(row, "start_at") or reading.created(row)
    ends = reading.moment(row, "end_at") or starts
    users = reading.ids(row, "user_ids")
    return Appointment(
        id=id_of(row),
        customer_id=maybe_id(row, "customer_id"),
        kind=visit_kind(line(row, "summary"), line(row, "appointment_location_type")),
        starts_at=starts,
        ends_at=max(starts, ends),
        status="done" if max(starts, ends) < now else "confirmed",
        created_at=reading.created(row),
        updated_at=reading.updated(row),
        repair_id=maybe_id(row, "ticket_id") or None,
        ticket_id=maybe_id(row, "ticket_id") or None,
        technician_id=maybe_id(row, "user_id") or (users[0] if users else None),
        notes=mask_passcodes(text(row, "description") or line(row, "summary"))[0],
    )


async def between(
    work: Work, start: datetime, end: datetime, location_id: str | None
) -> tuple[Appointment, ...]:
    """See `CrmPort.appointments_between`. The vendor knows no location of a visit."""
    if location_id is not None and location_id != (await work.house()).location.id:
        return ()
    rows = await _rows(work, start, end)
    found = (appointment_of(row, work.clock()) for row in rows)
    touching = (one for one in found if one.starts_at < end and one.ends_at > start)
    return tuple(sorted(touching, key=lambda one: (one.starts_at, one.id)))


async def _rows(work: Work, start: datetime, end: datetime) -> list[Row]:
    asked = {
        "date_from": (start - _AROUND).date().isoformat(),
        "date_to": (end + _AROUND).date().isoformat(),
    }
    return await work.rows("appointments", "/appointments", "appointments", asked)


async def ahead_of(work: Work, customer_id: str) -> tuple[Appointment, ...]:
    """What a customer has before them."""
    now = work.clock()
    rows: list[Row] = await work.shelf.get(SHELF, lambda: _rows(work, now, now + _AHEAD))
    mine = (row for row in rows if maybe_id(row, "customer_id") == customer_id)
    found = (appointment_of(row, now) for row in mine)
    ahead = (one for one in found if one.ends_at >= now)
    return tuple(sorted(ahead, key=lambda one: (one.starts_at, one.id)))


async def book(work: Work, wish: AppointmentWish) -> Appointment:
    """See `CrmPort.book_appointment`. The same visit of the same customer is booked once."""
    if wish.ends_at <= wish.starts_at:
        raise InvalidRecord("An appointment ends after it starts.")
    customer = customers.customer_of(await customers.row_of(work, wish.customer_id))
    house = await work.house()
    words, type_name = VISITS[wish.kind]
    ticket_id = wish.ticket_id or wish.repair_id
    body: dict[str, Any] = {
        "summary": f"{words}: {customer.name}",
        "description": mask_passcodes(safe(wish.notes))[0],
        "customer_id": int(customer.id),
        "start_at": reading.stamp(wish.starts_at),
        "end_at": reading.stamp(wish.ends_at),
        "do_not_email": True,
        "email_customer": False,
        "all_day": False,
    }
    if ticket_id:
        body["ticket_id"] = work.number_of(ticket_id, "ticket")
    if wish.technician_id:
        body["user_id"] = work.number_of(wish.technician_id, "technician")
    if type_name.casefold() in house.visit_types:
        body["appointment_type_id"] = int(house.visit_types[type_name.casefold()])

    async def look() -> Row | None:
        for row in await _rows(work, wish.starts_at, wish.ends_at):
            same = maybe_id(row, "customer_id") == customer.id
            summary = line(row, "summary") == line(body, "summary")
            starts = reading.moment(row, "start_at") or reading.EPOCH
            if same and summary and abs(starts - wish.starts_at) < _SAME_MOMENT:
                return row
        return None

    async with work.one_at_a_time(f"appointment {customer.id}"):
        row = await look()
        if row is None:
            row = await work.write_once(
                lambda: work.wire.write("POST", "/appointments", body), _appointment_in, look
            )
    work.shelf.forget(SHELF)
    return appointment_of(row, work.clock())


async def reschedule(
    work: Work, appointment_id: str, starts_at: datetime, ends_at: datetime
) -> Appointment:
    """See `CrmPort.reschedule_appointment`."""
    if ends_at <= starts_at:
        raise InvalidRecord("An appointment ends after it starts.")
    path = f"/appointments/{work.number_of(appointment_id, 'appointment')}"
    now = appointment_of(_appointment_in(await work.wire.get(path)), work.clock())
    if now.status == "done":
        raise MoveRefused("Only an appointment that is still ahead can be put off.")
    if abs(now.starts_at - starts_at) + abs(now.ends_at - ends_at) < _SAME_MOMENT:
        return now
    body = {
        "start_at": reading.stamp(starts_at),
        "end_at": reading.stamp(ends_at),
        "do_not_email": True,
        "email_customer": False,
        "all_day": False,
    }

    async def look() -> Row | None:
        row = _appointment_in(await work.wire.get(path))
        starts = reading.moment(row, "start_at") or reading.EPOCH
        return row if abs(starts - starts_at) < _SAME_MOMENT else None

    row = await work.write_once(lambda: work.wire.write("PUT", path, body), _appointment_in, look)
    work.shelf.forget(SHELF)
    return appointment_of(row, work.clock())


def _appointment_in(answer: Row) -> Row:
    """The visit in an answer, which comes with and without a wrapping of its own."""
    row = reading.inner(answer, "appointment") or answer
    id_of(row)
    return row
