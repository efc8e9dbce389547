"""`CrmPort` for RepairShopr and Syncro: one door to the parts that do the work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from revivatui.crm.errors import CrmError, InvalidRecord
from revivatui.crm.records import (
    Customer,
    Device,
    ExternalRef,
    Location,
    LoyaltyTier,
    ServiceItem,
    Technician,
)
from revivatui.crm.records_repairs import Appointment, AppointmentStatus, Decider, Quote, Repair
from revivatui.crm.records_tickets import (
    ChatConversation,
    ConversationKey,
    Ticket,
    TicketComment,
    TicketStatus,
)
from revivatui.crm.repairshopr import (
    appointments,
    changes,
    comments,
    context,
    customers,
    devices,
    finding,
    quotes,
    repairs,
    services,
    tickets,
)
from revivatui.crm.repairshopr.address import base_url, product_name
from revivatui.crm.repairshopr.bucket import PER_MINUTE, Bucket
from revivatui.crm.repairshopr.house import HouseKeeper, Shelf
from revivatui.crm.repairshopr.links import LinkBook
from revivatui.crm.repairshopr.reading import Row, id_of, inner, line
from revivatui.crm.repairshopr.wire import READ_SECONDS, Wire
from revivatui.crm.repairshopr.words import NEEDED
from revivatui.crm.repairshopr.work import LOOK_PAUSES, Switches, Work
from revivatui.crm.vendor_words import SYNCRO
from revivatui.crm.views import (
    Capabilities,
    Changes,
    Context,
    DeviceHistory,
    Found,
    Health,
    RepairCounts,
    RepairFile,
    RepairPage,
    RepairQuery,
    TicketFile,
)
from revivatui.crm.wishes import (
    AppointmentWish,
    CommentWish,
    CustomerWish,
    ExternalKey,
    Intake,
    LinkWish,
    Move,
    QuoteWish,
    RepairChange,
    TicketChange,
    TicketWish,
)
from revivatui.crm.workflow import RepairStatus

SHELF_SECONDS: Final = 120.0
"""How long lists of the whole house (estimates, unpaid invoices, visits, prices) are kept."""


class RepairShopr:
    """A shop's RepairShopr or Syncro. Everything that could reach a customer is off unless given.

    `status_words` are the shop's own words for the states of repairs ({their word: our code}),
    `links` the file for what the vendor has no place for; without one it is forgotten at the end.
    Raises WrongAddress, TokenRefused, or InvalidRecord for a code that is none.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        may_set_status: bool = False,
        may_write_to_customers: bool = False,
        status_words: Mapping[str, str] | None = None,
        currency: str = "",
        country_code: str = "",
        device_type: str = "",
        links: Path | None = None,
        per_minute: int = PER_MINUTE,
        read_timeout: float = READ_SECONDS,
        look_pauses: tuple[float, ...] = LOOK_PAUSES,
        shelf_seconds: float = SHELF_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        base = base_url(address)
        try:
            words = SYNCRO.changed_by(status_words or {})
        except ValueError as error:
            raise InvalidRecord(str(error)) from None
        wire = Wire(
            base, token, Bucket(per_minute, sleep=sleep), read_timeout=read_timeout, sleep=sleep
        )
        self._wire = wire
        self._work = Work(
            wire=wire,
            house=HouseKeeper(wire, currency=currency),
            links=LinkBook(links),
            shelf=Shelf(shelf_seconds),
            product=product_name(base),
            switches=Switches(may_set_status, may_write_to_customers),
            words=words,
            country_code=country_code,
            device_type=device_type,
            look_pauses=look_pauses,
            sleep=sleep,
        )

    def __repr__(self) -> str:
        return f"RepairShopr({self._wire.host!r})"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            has_comments=True,
            can_set_status=self._work.switches.may_set_status,
            notifies_customer_on_status=True,
            can_send_quotes=self._work.switches.may_write_to_customers,
            can_take_in_repairs=True,
            can_quote=True,
            has_appointments=True,
            has_invoices=True,
            has_changes=True,
            counts_questions=True,
        )

    async def health(self) -> Health:
        """Whom the token belongs to, what it may not do, and which lists are cut short."""
        began = time.monotonic()
        try:
            me = await self._wire.get("/me")
            ok, words = True, self._words_of(me)
        except CrmError as error:
            ok, words = False, str(error)
        return Health(ok, words, time.monotonic() - began, datetime.now(UTC))

    def _words_of(self, me: Row) -> str:
        who = line(me, "user_name", "user_email") or "somebody"
        told = f"{self._work.product} answers as {who}."
        permissions = inner(me, "permissions")
        missing = [
            words
            for area, deed, words in NEEDED
            if area in permissions and not inner(permissions, area).get(deed)
        ]
        if missing:
            told += f" The access token may not {', '.join(missing)}."
        if self._work.shortened:
            told += f" Too long to be read whole: {', '.join(sorted(self._work.shortened))}."
        return told

    async def status_words(self) -> tuple[tuple[str, RepairStatus], ...]:
        """The states that the shop's tickets have, and what each is taken for here."""
        known = (await self._work.house()).statuses
        return tuple((word, self._work.words.status_of(word)[0]) for word in known)

    async def close(self) -> None:
        await self._wire.close()
        await self._work.links.close()

    # --- customers and devices -----------------------------------------------------------------

    async def find_customer(
        self, *, email: str = "", phone: str = "", external: ExternalKey | None = None
    ) -> Customer | None:
        return await customers.find(self._work, email=email, phone=phone, external=external)

    async def get_customer(self, customer_id: str) -> Customer:
        return await customers.get(self._work, customer_id)

    async def upsert_customer(self, wish: CustomerWish) -> Customer:
        return await customers.upsert(self._work, wish)

    async def get_context(self, customer_id: str) -> Context:
        return await context.of_customer(self._work, customer_id)

    async def search(self, text: str, limit: int = 20) -> tuple[Found, ...]:
        return await finding.search(self._work, text, limit)

    async def save_device(self, device: Device) -> Device:
        return await devices.save(self._work, device)

    async def devices_of(self, customer_id: str) -> tuple[Device, ...]:
        return await devices.of_customer(self._work, customer_id)

    async def device_history(self, device_id: str) -> DeviceHistory:
        return await repairs.device_history(self._work, device_id)

    # --- repairs -------------------------------------------------------------------------------

    async def create_repair(self, intake: Intake) -> Repair:
        self._work.shelf.forget("open repairs")
        return await repairs.take_in(self._work, intake)

    async def get_repair(self, repair_id: str) -> RepairFile:
        return await repairs.get(self._work, repair_id)

    async def list_repairs(self, query: RepairQuery) -> RepairPage:
        return await repairs.list_page(self._work, query)

    async def count_repairs(self, location_id: str | None = None) -> RepairCounts:
        return await repairs.counts(self._work, location_id)

    async def move_repair(self, move: Move) -> Repair:
        self._work.shelf.forget("open repairs")
        return await repairs.move(self._work, move)

    async def change_repair(
        self, repair_id: str, change: RepairChange, *, version: int, actor: str
    ) -> Repair:
        return await repairs.change(self._work, repair_id, change, version)

    async def add_note(
        self, repair_id: str, note: str, *, actor: str, public: bool = False
    ) -> Repair:
        return await repairs.note(self._work, repair_id, note, actor, public=public)

    # --- quotes --------------------------------------------------------------------------------

    async def create_quote(self, wish: QuoteWish) -> Quote:
        return await quotes.create(self._work, wish)

    async def send_quote(self, quote_id: str, *, version: int, actor: str) -> Quote:
        return await quotes.send(self._work, quote_id, version)

    async def decide_quote(
        self,
        quote_id: str,
        *,
        approved: bool,
        version: int,
        actor: str,
        decided_by: Decider = "customer",
        reason: str = "",
    ) -> Quote:
        return await quotes.decide(
            self._work, quote_id, approved=approved, version=version, actor=actor, reason=reason
        )

    async def withdraw_quote(self, quote_id: str, *, version: int) -> None:
        await quotes.withdraw(self._work, quote_id, version)

    # --- tickets, comments and chats -----------------------------------------------------------

    async def create_ticket(self, wish: TicketWish) -> Ticket:
        return await tickets.create(self._work, wish)

    async def get_ticket(self, ticket_id: str) -> TicketFile:
        return await tickets.get(self._work, ticket_id)

    async def open_tickets_of(self, customer_id: str) -> tuple[Ticket, ...]:
        return await tickets.open_of(self._work, customer_id)

    async def set_ticket_status(
        self,
        ticket_id: str,
        status: TicketStatus,
        *,
        actor: str,
        notes: str = "",
        version: int | None = None,
    ) -> Ticket:
        self._work.shelf.forget("open repairs")
        return await tickets.set_status(
            self._work, ticket_id, status, actor=actor, notes=notes, version=version
        )

    async def change_ticket(self, ticket_id: str, change: TicketChange, *, version: int) -> Ticket:
        return await tickets.change(self._work, ticket_id, change, version)

    async def add_comment(self, wish: CommentWish) -> TicketComment:
        return await comments.add(self._work, wish)

    async def link_conversation(self, wish: LinkWish) -> ChatConversation:
        kept = await self._work.links.conversation(wish.key)
        if wish.ticket_id is not None and (kept is None or kept.crm_ticket_id != wish.ticket_id):
            await tickets.row_of(self._work, wish.ticket_id)
        return await self._work.links.link(wish)

    async def unlink_conversation(self, key: ConversationKey, ticket_id: str) -> ChatConversation:
        return await self._work.links.unlink(key, ticket_id)

    async def conversation(self, key: ConversationKey) -> ChatConversation | None:
        return await self._work.links.conversation(key)

    async def conversations_of(self, customer_id: str) -> tuple[ChatConversation, ...]:
        theirs = await tickets.of_customer(self._work, customer_id)
        return await self._work.links.conversations_about(customer_id, map(id_of, theirs))

    # --- appointments --------------------------------------------------------------------------

    async def book_appointment(self, wish: AppointmentWish) -> Appointment:
        return await appointments.book(self._work, wish)

    async def set_appointment_status(
        self, appointment_id: str, status: AppointmentStatus
    ) -> Appointment:
        self._work.refuse("keeps no state of appointments: change or delete them there.")

    async def reschedule_appointment(
        self, appointment_id: str, starts_at: datetime, ends_at: datetime
    ) -> Appointment:
        return await appointments.reschedule(self._work, appointment_id, starts_at, ends_at)

    async def appointments_between(
        self, start: datetime, end: datetime, location_id: str | None = None
    ) -> tuple[Appointment, ...]:
        return await appointments.between(self._work, start, end, location_id)

    # --- the house -----------------------------------------------------------------------------

    async def list_services(
        self, *, model: str = "", all_of_them: bool = False
    ) -> tuple[ServiceItem, ...]:
        return await services.all_of(self._work, model, all_of_them)

    async def save_service(self, item: ServiceItem) -> ServiceItem:
        self._work.refuse("keeps its own price list: change it there, under Inventory.")

    async def locations(self) -> tuple[Location, ...]:
        return ((await self._work.house()).location,)

    async def technicians(self) -> tuple[Technician, ...]:
        return (await self._work.house()).technicians

    async def loyalty_tiers(self) -> tuple[LoyaltyTier, ...]:
        return ()

    # --- other systems -------------------------------------------------------------------------

    async def remember_external(self, ref: ExternalRef) -> ExternalRef:
        return await self._work.links.remember_external(ref)

    async def external_of(self, key: ExternalKey) -> ExternalRef | None:
        return await self._work.links.external_of(key)

    async def changes_since(self, cursor: str, limit: int = 500) -> Changes:
        return await changes.since(self._work, cursor, limit)

    async def changes_so_far(self) -> str:
        return await changes.so_far(self._work)
