"""Visits to the shop, by the shop and by phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, update

from revivatui.crm.errors import InvalidRecord, MoveRefused
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records_repairs import Appointment, AppointmentStatus
from revivatui.crm.store import customers
from revivatui.crm.store.shapes import APPOINTMENT
from revivatui.crm.store.tables_work import APPOINTMENTS
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.wishes import AppointmentWish

NEXT: Final[Mapping[AppointmentStatus, tuple[AppointmentStatus, ...]]] = {
    "requested": ("confirmed", "arrived", "cancelled"),
    "confirmed": ("arrived", "no_show", "cancelled", "done"),
    "arrived": ("done",),
    "no_show": ("arrived", "requested"),
    "cancelled": (),
    "done": (),
}
_AHEAD: Final = ("requested", "confirmed", "arrived")


async def book(work: Work, wish: AppointmentWish) -> Appointment:
    """See `CrmPort.book_appointment`."""
    if wish.ends_at <= wish.starts_at:
        raise InvalidRecord("An appointment ends after it starts.")
    customer = await customers.get(work, wish.customer_id)
    appointment = Appointment(
        id=work.new_id(),
        customer_id=customer.id,
        kind=wish.kind,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        status=wish.status,
        created_at=work.now,
        updated_at=work.now,
        repair_id=wish.repair_id,
        ticket_id=wish.ticket_id,
        location_id=wish.location_id,
        technician_id=wish.technician_id,
        notes=mask_passcodes(wish.notes)[0],
        source=wish.source,
    )
    await work.add(APPOINTMENTS, APPOINTMENT.values(appointment))
    work.changed("appointment", appointment.id)
    return appointment


async def set_status(work: Work, appointment_id: str, status: AppointmentStatus) -> Appointment:
    """See `CrmPort.set_appointment_status`."""
    appointment = await work.one(APPOINTMENT, appointment_id, "appointment", lock=True)
    if appointment.status == status:
        return appointment
    if status not in NEXT[appointment.status]:
        was = appointment.status.replace("_", " ")
        raise MoveRefused(f"An appointment that is {was} cannot become {status}.")
    return await _keep(work, appointment, replace(appointment, status=status))


async def reschedule(
    work: Work, appointment_id: str, starts_at: datetime, ends_at: datetime
) -> Appointment:
    """See `CrmPort.reschedule_appointment`."""
    if ends_at <= starts_at:
        raise InvalidRecord("An appointment ends after it starts.")
    appointment = await work.one(APPOINTMENT, appointment_id, "appointment", lock=True)
    if appointment.status not in _AHEAD:
        raise MoveRefused("Only an appointment that is still ahead can be put off.")
    changed = replace(appointment, starts_at=starts_at, ends_at=ends_at)
    if changed == appointment:
        return appointment
    # What was told of the old time was not told of the new one.
    return await _keep(work, appointment, replace(changed, reminders_sent=()))


async def note_reminder(work: Work, appointment_id: str, reminder: str) -> Appointment:
    """That a reminder went out ("sms 24h"), so that it does not go out twice."""
    appointment = await work.one(APPOINTMENT, appointment_id, "appointment", lock=True)
    if reminder in appointment.reminders_sent:
        return appointment
    sent = (*appointment.reminders_sent, reminder)
    return await _keep(work, appointment, replace(appointment, reminders_sent=sent))


async def _keep(work: Work, before: Appointment, after: Appointment) -> Appointment:
    kept = replace(after, updated_at=work.now)
    await work.run(
        update(APPOINTMENTS)
        .where(APPOINTMENTS.c.id == before.id)
        .values(APPOINTMENT.difference(before, kept))
    )
    work.changed("appointment", before.id)
    return kept


async def between(
    reader: Reader, start: datetime, end: datetime, location_id: str | None
) -> tuple[Appointment, ...]:
    """See `CrmPort.appointments_between`: those that touch the time, in their order."""
    fits = [APPOINTMENTS.c.starts_at < end, APPOINTMENTS.c.ends_at > start]
    if location_id is not None:
        fits.append(APPOINTMENTS.c.location_id == location_id)
    return await _where(reader, *fits)


async def ahead_of(reader: Reader, customer_id: str) -> tuple[Appointment, ...]:
    """What a customer has before them."""
    return await _where(
        reader,
        APPOINTMENTS.c.customer_id == customer_id,
        APPOINTMENTS.c.ends_at >= reader.now,
        APPOINTMENTS.c.status.in_(_AHEAD),
    )


async def _where(reader: Reader, *fits: ColumnElement[bool]) -> tuple[Appointment, ...]:
    question = select(APPOINTMENTS).where(*fits)
    rows = await reader.rows(question.order_by(APPOINTMENTS.c.starts_at, APPOINTMENTS.c.id))
    return tuple(APPOINTMENT.read(row) for row in rows)
