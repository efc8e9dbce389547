"""Visits and the counter: appointments, and taking a device in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from revivatui.crm.devices import brand_of, category_of, recognise
from revivatui.crm.records import Device
from revivatui.crm.wishes import AppointmentWish, CustomerWish, Intake
from revivatui.screens.choose import Choose, Option
from revivatui.screens.forms import MARK, Form, FormField
from revivatui.screens.repair_base import CrmActions, Undo, customer_of
from revivatui.screens.repair_words import VISIT_WORDS, price_words, quoted, visit_words
from revivatui.screens.snooze_times import UNTIL_REPLY, moment, option_from_text, snooze_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.crm.port import CrmPort
    from revivatui.crm.records import ServiceItem
    from revivatui.crm.records_repairs import Appointment, AppointmentKind, AppointmentStatus
    from revivatui.crm.views import Context
    from revivatui.screens.picture import Picture
    from revivatui.state.models import Contact

NEW: Final = "new"
LASTS: Final = timedelta(minutes=30)
KINDS: Final[tuple[AppointmentKind, ...]] = (
    "drop_off", "pick_up", "while_you_wait", "onsite", "remote", "phone",
)  # fmt: skip
FATES: Final[tuple[tuple[AppointmentStatus, str], ...]] = (
    ("confirmed", "It is confirmed"),
    ("arrived", "They are here"),
    ("done", "It is done"),
    ("no_show", "They did not come"),
    ("cancelled", "It is cancelled"),
)


class VisitActions(CrmActions):
    """The wishes `repair.appointment` and `repair.intake`."""

    unknown_mark = ""
    """What was scanned last and is of no device that the CRM knows: the next one taken in."""

    def _scanned(self) -> str:
        mark, self.unknown_mark = self.unknown_mark, ""
        return mark

    # --- appointments --------------------------------------------------------------------------

    def appointment(self, appointment_id: str) -> None:
        """Book a visit, or say what became of one."""
        picture = self._known()
        if picture is None:
            return
        assert picture.context is not None
        visits = {one.id: one for one in picture.context.appointments}
        if appointment_id in visits:
            self._ask_fate(visits[appointment_id])
            return
        if not visits:
            self._ask_kind(picture)
            return
        now, tz = self._session.clock(), self._session.tz
        options = [Option(NEW, "book another visit")]
        options += [Option(id_, visit_words(one, now, tz), one.status)
                    for id_, one in visits.items()]  # fmt: skip
        self._ask(
            Choose(f"Visits of {customer_of(picture)}", options),
            lambda choice: (
                self._ask_kind(picture) if choice == NEW else self._ask_fate(visits[choice])
            ),
        )

    def _ask_kind(self, picture: Picture) -> None:
        options = [Option(kind, f"the customer {VISIT_WORDS[kind]}"
                          if kind in KINDS[:3] else VISIT_WORDS[kind])
                   for kind in KINDS]  # fmt: skip
        self._ask(
            Choose(f"A visit of {customer_of(picture)}", options),
            lambda choice: self._ask_when(picture, choice),
        )

    def _ask_when(self, picture: Picture, choice: str) -> None:
        kind = next(one for one in KINDS if one == choice)
        now, tz = self._session.clock(), self._session.tz
        options = [one for one in snooze_options(now, tz) if one.id != UNTIL_REPLY]
        self._ask(
            Choose(
                f"When: {customer_of(picture)} {VISIT_WORDS[kind]}",
                options,
                find="type a time: tomorrow 14:30, fri 10:00, 27 Nov 16:00",
                from_text=option_from_text(now, tz),
                verb="book",
            ),
            lambda at: self._book(picture, kind, float(at)),
        )

    def _book(self, picture: Picture, kind: AppointmentKind, at: float) -> None:
        assert picture.context is not None
        starts = datetime.fromtimestamp(at, UTC)
        rows = picture.active
        wish = AppointmentWish(
            picture.context.customer.id,
            kind,
            starts,
            starts + LASTS,
            status="confirmed",
            repair_id=rows[0].repair.id if len(rows) == 1 else None,
            ticket_id=picture.ticket_id,
            source="desk",
        )
        now, tz = self._session.clock(), self._session.tz

        async def book(port: CrmPort) -> str:
            booked = await port.book_appointment(wish)
            self.remember(Undo("the visit", partial(_cancelled, booked.id)))
            return f"Booked: {visit_words(booked, now, tz)}."

        self._do(book)

    def _ask_fate(self, visit: Appointment) -> None:
        now, tz = self._session.clock(), self._session.tz
        options = [Option(status, words) for status, words in FATES if status != visit.status]
        self._ask(
            Choose(visit_words(visit, now, tz), options, question=f"It is {visit.status} now."),
            lambda choice: self._settle(visit, choice),
        )

    def _settle(self, visit: Appointment, choice: str) -> None:
        status = next(one for one, _words in FATES if one == choice)
        now, tz = self._session.clock(), self._session.tz

        async def settle(port: CrmPort) -> str:
            after = await port.set_appointment_status(visit.id, status)
            return f"{visit_words(after, now, tz)}: {after.status.replace('_', ' ')}."

        self._do(settle)

    # --- the counter ---------------------------------------------------------------------------

    def intake(self, argument: str) -> None:
        """Take a device in: what is to be done first, then whose it is and what it is.

        `argument` "counter": of somebody who stands there, not of the open conversation.
        """
        open_id = None if argument == "counter" else self._screen.open_id
        services = [one for one in self._crm.house.services if one.active]
        if self._crm.house.home is None:
            self._say("The CRM knows no shop yet, so nothing can be taken in. It may be starting.")
            return
        options = [Option(one.code, one.name, price_words(one)) for one in services]
        options.append(Option("", "something else", "the diagnosis says what"))
        self._ask(
            Choose("What is to be done?", options, find="service"),
            lambda code: self._ask_device(
                next((one for one in services if one.code == code), None), open_id
            ),
        )

    def _ask_device(self, service: ServiceItem | None, open_id: int | None) -> None:
        contact, context = self._contact(open_id), self._context(open_id)
        customer = context.customer if context is not None else None
        devices = context.devices if context is not None else ()
        name = customer.name if customer else contact.name if contact else ""
        email = customer.email if customer else contact.email if contact else ""
        phone = customer.phone if customer else contact.phone_number if contact else ""
        fields = [
            FormField("name", "Customer", name, "name", needed=True),
            FormField("phone", "Phone", phone),
            FormField("email", "E-mail", email),
            FormField(MARK, "Serial number or IMEI", self._scanned(), "scan it, or *#06#"),
            FormField("model", "Device", "", "iPhone 13 Pro, ThinkPad T14", needed=True),
            FormField("fault", "What is wrong", service.name if service else "", needed=True),
            FormField("condition", "Condition", "", "scratches, dents, liquid"),
            FormField("accessories", "With it", "", "charger, case"),
            FormField("promised", "Promised for", "", "fri 16:00, 3d; may stay empty"),
        ]
        title = f"Take in: {service.name}" if service else "Take a device in"
        self._fill_in(
            Form(title, fields, verb="take it in", tell=partial(_told, devices), check=self._wrong),
            partial(self._take_in, service, context),
        )

    def _contact(self, open_id: int | None) -> Contact | None:
        state = self._session.state
        conversation = None if open_id is None else state.conversations.get(open_id)
        return state.contacts.get(conversation.contact_id) if conversation else None

    def _context(self, open_id: int | None) -> Context | None:
        """What the CRM knows of the customer; None is a walk-in."""
        return self._crm.picture(open_id).context if open_id is not None else None

    def _wrong(self, filled: Mapping[str, str]) -> str:
        digits = "".join(char for char in filled[MARK] if char.isdigit())
        if len(digits) == 15 and recognise(filled[MARK])[0] != "imei":
            return "This IMEI has a wrong digit: the last one checks the others."
        if filled["promised"] and self._moment(filled["promised"]) is None:
            return f"{quoted(filled['promised'])} is no time to come."
        return ""

    def _moment(self, text: str) -> datetime | None:
        at = moment(text, self._session.clock(), self._session.tz)
        return at.astimezone(UTC) if at is not None else None

    def _take_in(
        self, service: ServiceItem | None, context: Context | None, filled: Mapping[str, str]
    ) -> None:
        home = self._crm.house.home
        assert home is not None
        customer = context.customer if context is not None else None
        same = customer is not None and filled["name"] == customer.name
        wish = CustomerWish(
            name=filled["name"],
            email=filled["email"],
            phone=filled["phone"],
            customer_id=customer.id if same and customer else "",
            source="counter",
        )
        promised = self._moment(filled["promised"]) if filled["promised"] else None

        async def take_in(port: CrmPort) -> str:
            owner = await port.upsert_customer(wish)
            device = await _device_of(port, owner.id, filled)
            intake = Intake(
                customer_id=owner.id,
                device_id=device.id,
                location_id=home.id,
                type=service.code if service else "",
                actor=self._actor,
                fault=filled["fault"],
                intake_condition=filled["condition"],
                accessories=tuple(filter(None, map(str.strip, filled["accessories"].split(",")))),
                promised_at=promised,
            )
            repair = await port.create_repair(intake)
            return f"{repair.number}: {device.label} of {owner.name} is checked in."

        self._do(take_in)


def _told(devices: Sequence[Device], filled: Mapping[str, str]) -> str:
    """What the label says, and whether the device was here before."""
    kind, mark = recognise(filled[MARK])
    words = {
        "imei": f"IMEI {mark}: its check digit is right.",
        "serial": f"Serial number {mark}.",
        "model": f"Model {mark}: no serial number.",
    }.get(kind, "")
    if not words:
        return "No serial number or IMEI is like this." if filled[MARK] else ""
    known = next((one for one in devices if mark in (one.serial, one.imei)), None)
    return f"{words} Known: {known.label}." if known is not None else words


async def _device_of(port: CrmPort, customer_id: str, filled: Mapping[str, str]) -> Device:
    """The customer's device with this mark, or a new one."""
    kind, mark = recognise(filled[MARK])
    if kind in ("imei", "serial"):
        for one in await port.devices_of(customer_id):
            if mark in (one.imei, one.serial):
                return one
    now = datetime.now(UTC)
    model = filled["model"]
    device = Device("", customer_id, brand_of(model), model, now, now, category_of(model))
    if kind == "imei":
        device = replace(device, imei=mark)
    elif kind == "serial":
        device = replace(device, serial=mark)
    elif kind == "model":
        device = replace(device, model_identifier=mark)
    return await port.save_device(device)


async def _cancelled(appointment_id: str, port: CrmPort) -> str:
    await port.set_appointment_status(appointment_id, "cancelled")
    return "Undone: the visit is cancelled."
