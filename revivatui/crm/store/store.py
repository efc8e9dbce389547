"""The store: one transaction for each thing that is asked of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from revivatui.crm.errors import CrmError, CrmUnreachable, InvalidRecord
from revivatui.crm.ids import Ids
from revivatui.crm.records import (
    Customer,
    Device,
    ExternalRef,
    Location,
    LoyaltyTier,
    ServiceItem,
    Technician,
)
from revivatui.crm.records_repairs import (
    Appointment,
    AppointmentStatus,
    Decider,
    Quote,
    Repair,
)
from revivatui.crm.records_tickets import (
    ChatConversation,
    ConversationKey,
    Ticket,
    TicketComment,
    TicketStatus,
)
from revivatui.crm.store import (
    appointments,
    changes,
    chats,
    context,
    customers,
    externals,
    finding,
    house,
    opening,
    quotes,
    repair_lists,
    repairs,
    tickets,
)
from revivatui.crm.store.connections import close_all
from revivatui.crm.store.engine import WRITES, address_of, make_engine
from revivatui.crm.store.work import Reader, Work
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

CAPABILITIES: Final = Capabilities(
    has_comments=True,
    can_set_status=True,
    has_idempotency=True,
    can_take_in_repairs=True,
    can_quote=True,
    can_send_quotes=True,
    has_appointments=True,
    has_warranties=True,
    can_edit_services=True,
    has_changes=True,
)


class Store:
    """The CRM of our own. Made with `Store.open`; it answers to `CrmPort`."""

    def __init__(
        self, engine: AsyncEngine, clock: Callable[[], datetime], ids: Callable[[], str]
    ) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})
        self._clock = clock
        self._ids = ids
        is_sqlite = engine.dialect.name == "sqlite"
        # Writers of one program take turns here: SQLite would let them wait in no order.
        self._turn = asyncio.Lock() if is_sqlite else None
        self._at_work: set[asyncio.Task[Any] | None] = set()
        self._is_closed = False
        self._reading = (
            engine
            if is_sqlite
            else engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )

    @classmethod
    async def open(
        cls,
        where: str | Path,
        *,
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
    ) -> Store:
        """Open a store, made where there is none and brought up to date where it is older.

        `where` is the path of a SQLite file or a URL ("postgresql://user@host/name"). Raises
        WrongAddress, TooNew and CrmUnreachable.
        """
        store = cls(make_engine(address_of(where)), clock or _now, ids or Ids())
        try:
            with _plainly():
                await store._bring_up_to_date()
        except BaseException:
            await store.close()
            raise
        return store

    async def _bring_up_to_date(self) -> None:
        async with self._reading.connect() as connection:
            if await connection.run_sync(opening.current_revision) == opening.HEAD:
                return
        async with self._writing.begin() as connection:
            await connection.run_sync(opening.bring_up_to_date)

    async def close(self) -> None:
        """Begin nothing any more, let what is under way end, and close the database."""
        self._is_closed = True
        await close_all(self._engine)

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            raise CrmUnreachable("The CRM was closed. Nothing was changed.")

    def _begun(self) -> AbstractAsyncContextManager[AsyncConnection]:
        self._refuse_when_closed()
        return self._writing.begin()

    def __repr__(self) -> str:
        return f"<Store in {self._engine.dialect.name}>"

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    async def health(self) -> Health:
        started, as_of = time.perf_counter(), self._clock()
        try:
            async with self.reading() as reader:
                await reader.rows(text("SELECT 1"))
        except CrmError as error:
            return Health(False, str(error), time.perf_counter() - started, as_of)
        return Health(True, "The CRM answers.", time.perf_counter() - started, as_of)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """A transaction that sees one moment of the store, however many questions it asks."""
        self._refuse_when_closed()
        with _plainly():
            async with self._reading.connect() as connection:
                yield Reader(connection, self._clock())

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[Work]:
        """A transaction that is kept whole or not at all; the functions of this room and rows of
        other rooms can share it (`Work.connection`).

        Inside one, the store's own writing methods are out of reach: they would wait for it.
        """
        task = asyncio.current_task()
        if task in self._at_work:
            raise RuntimeError("A unit of work cannot begin inside another one of the same task.")
        with _plainly():
            async with self._turn or nullcontext(), self._begun() as connection:
                self._at_work.add(task)
                try:
                    work = Work(connection, self._clock(), self._ids)
                    yield work
                    await work.end()
                finally:
                    self._at_work.discard(task)

    # --- customers and devices -------------------------------------------------------------------

    async def find_customer(
        self, *, email: str = "", phone: str = "", external: ExternalKey | None = None
    ) -> Customer | None:
        async with self.reading() as reader:
            return await customers.find(reader, email=email, phone=phone, external=external)

    async def get_customer(self, customer_id: str) -> Customer:
        async with self.reading() as reader:
            return await customers.get(reader, customer_id)

    async def upsert_customer(self, wish: CustomerWish) -> Customer:
        async with self.unit_of_work() as work:
            return await customers.upsert(work, wish)

    async def merge_customers(self, customer_id: str, into_id: str) -> Customer:
        """Two records were one person. Gives the one that is left."""
        async with self.unit_of_work() as work:
            return await customers.merge(work, customer_id, into_id)

    async def get_context(self, customer_id: str) -> Context:
        async with self.reading() as reader:
            return await context.of_customer(reader, customer_id)

    async def search(self, text: str, limit: int = 20) -> tuple[Found, ...]:
        async with self.reading() as reader:
            return await finding.search(reader, text, limit)

    async def save_device(self, device: Device) -> Device:
        async with self.unit_of_work() as work:
            return await customers.save_device(work, device)

    async def devices_of(self, customer_id: str) -> tuple[Device, ...]:
        async with self.reading() as reader:
            return await customers.devices_of(reader, customer_id)

    async def device_history(self, device_id: str) -> DeviceHistory:
        async with self.reading() as reader:
            return await repair_lists.device_history(reader, device_id)

    async def refresh_loyalty(self, customer_id: str) -> Customer:
        async with self.unit_of_work() as work:
            return await house.refresh_loyalty(work, customer_id)

    # --- repairs ---------------------------------------------------------------------------------

    async def create_repair(self, intake: Intake) -> Repair:
        async with self.unit_of_work() as work:
            return await repairs.create(work, intake)

    async def get_repair(self, repair_id: str) -> RepairFile:
        async with self.reading() as reader:
            return await repair_lists.get(reader, repair_id)

    async def list_repairs(self, query: RepairQuery) -> RepairPage:
        async with self.reading() as reader:
            return await repair_lists.page(reader, query)

    async def count_repairs(self, location_id: str | None = None) -> RepairCounts:
        async with self.reading() as reader:
            return await repair_lists.count(reader, location_id)

    async def move_repair(self, move: Move) -> Repair:
        async with self.unit_of_work() as work:
            return await repairs.move(work, move)

    async def change_repair(
        self, repair_id: str, change: RepairChange, *, version: int, actor: str
    ) -> Repair:
        async with self.unit_of_work() as work:
            return await repairs.change(work, repair_id, change, version=version, actor=actor)

    async def add_note(
        self, repair_id: str, note: str, *, actor: str, public: bool = False
    ) -> Repair:
        async with self.unit_of_work() as work:
            return await repairs.add_note(work, repair_id, note, actor=actor, public=public)

    # --- quotes ----------------------------------------------------------------------------------

    async def create_quote(self, wish: QuoteWish) -> Quote:
        async with self.unit_of_work() as work:
            return await quotes.create(work, wish)

    async def send_quote(self, quote_id: str, *, version: int, actor: str) -> Quote:
        async with self.unit_of_work() as work:
            return await quotes.send(work, quote_id, version=version, actor=actor)

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
        async with self.unit_of_work() as work:
            return await quotes.decide(
                work,
                quote_id,
                approved=approved,
                version=version,
                actor=actor,
                decided_by=decided_by,
                reason=reason,
            )

    async def withdraw_quote(self, quote_id: str, *, version: int) -> None:
        async with self.unit_of_work() as work:
            await quotes.withdraw(work, quote_id, version=version)

    async def expire_quotes(self) -> int:
        async with self.unit_of_work() as work:
            return await quotes.expire(work)

    # --- tickets, comments and chats -------------------------------------------------------------

    async def create_ticket(self, wish: TicketWish) -> Ticket:
        async with self.unit_of_work() as work:
            return await tickets.create(work, wish)

    async def get_ticket(self, ticket_id: str) -> TicketFile:
        async with self.reading() as reader:
            return await tickets.get(reader, ticket_id)

    async def open_tickets_of(self, customer_id: str) -> tuple[Ticket, ...]:
        async with self.reading() as reader:
            return await tickets.open_of(reader, customer_id)

    async def set_ticket_status(
        self,
        ticket_id: str,
        status: TicketStatus,
        *,
        actor: str,
        notes: str = "",
        version: int | None = None,
    ) -> Ticket:
        async with self.unit_of_work() as work:
            return await tickets.set_status(
                work, ticket_id, status, actor=actor, notes=notes, version=version
            )

    async def change_ticket(self, ticket_id: str, change: TicketChange, *, version: int) -> Ticket:
        async with self.unit_of_work() as work:
            return await tickets.change(work, ticket_id, change, version=version)

    async def add_comment(self, wish: CommentWish) -> TicketComment:
        async with self.unit_of_work() as work:
            return await tickets.add_comment(work, wish)

    async def link_conversation(self, wish: LinkWish) -> ChatConversation:
        async with self.unit_of_work() as work:
            return await chats.link(work, wish)

    async def unlink_conversation(self, key: ConversationKey, ticket_id: str) -> ChatConversation:
        async with self.unit_of_work() as work:
            return await chats.unlink(work, key, ticket_id)

    async def conversation(self, key: ConversationKey) -> ChatConversation | None:
        async with self.reading() as reader:
            return await chats.find(reader, key)

    async def conversations_of(self, customer_id: str) -> tuple[ChatConversation, ...]:
        async with self.reading() as reader:
            return await chats.of_customer(reader, customer_id)

    # --- appointments ----------------------------------------------------------------------------

    async def book_appointment(self, wish: AppointmentWish) -> Appointment:
        async with self.unit_of_work() as work:
            return await appointments.book(work, wish)

    async def set_appointment_status(
        self, appointment_id: str, status: AppointmentStatus
    ) -> Appointment:
        async with self.unit_of_work() as work:
            return await appointments.set_status(work, appointment_id, status)

    async def reschedule_appointment(
        self, appointment_id: str, starts_at: datetime, ends_at: datetime
    ) -> Appointment:
        async with self.unit_of_work() as work:
            return await appointments.reschedule(work, appointment_id, starts_at, ends_at)

    async def note_reminder(self, appointment_id: str, reminder: str) -> Appointment:
        """That a reminder went out, so that it does not go out twice."""
        async with self.unit_of_work() as work:
            return await appointments.note_reminder(work, appointment_id, reminder)

    async def appointments_between(
        self, start: datetime, end: datetime, location_id: str | None = None
    ) -> tuple[Appointment, ...]:
        async with self.reading() as reader:
            return await appointments.between(reader, start, end, location_id)

    # --- the house -------------------------------------------------------------------------------

    async def list_services(
        self, *, model: str = "", all_of_them: bool = False
    ) -> tuple[ServiceItem, ...]:
        async with self.reading() as reader:
            return await house.list_services(reader, model=model, all_of_them=all_of_them)

    async def save_service(self, item: ServiceItem) -> ServiceItem:
        async with self.unit_of_work() as work:
            return await house.save_service(work, item)

    async def save_location(self, location: Location) -> Location:
        async with self.unit_of_work() as work:
            return await house.save_location(work, location)

    async def save_technician(self, technician: Technician) -> Technician:
        async with self.unit_of_work() as work:
            return await house.save_technician(work, technician)

    async def locations(self) -> tuple[Location, ...]:
        async with self.reading() as reader:
            return await house.locations(reader)

    async def technicians(self) -> tuple[Technician, ...]:
        async with self.reading() as reader:
            return await house.technicians(reader)

    async def loyalty_tiers(self) -> tuple[LoyaltyTier, ...]:
        async with self.reading() as reader:
            return await house.loyalty_tiers(reader)

    # --- other systems ---------------------------------------------------------------------------

    async def remember_external(self, ref: ExternalRef) -> ExternalRef:
        async with self.unit_of_work() as work:
            return await externals.remember(work, ref)

    async def external_of(self, key: ExternalKey) -> ExternalRef | None:
        async with self.reading() as reader:
            return await externals.find(reader, key)

    async def changes_since(self, cursor: str, limit: int = 500) -> Changes:
        async with self.reading() as reader:
            return await changes.since(reader, cursor, limit)

    async def changes_so_far(self) -> str:
        async with self.reading() as reader:
            return await changes.so_far(reader)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors of the database as ours. None holds what was to be written."""
    try:
        yield
    except CrmError:
        raise
    except IntegrityError:
        raise InvalidRecord(
            "What was given does not fit what the CRM has: something it names is not there, or is"
            " there already. Nothing was changed."
        ) from None
    except StatementError as error:
        if isinstance(error.orig, CrmError):
            raise error.orig from None
        raise _unreachable(error) from error
    except SQLAlchemyError as error:
        raise _unreachable(error) from error


def _unreachable(error: Exception) -> CrmUnreachable:
    told = str(getattr(error, "orig", None) or error).strip().splitlines()
    reason = told[0] if told else type(error).__name__
    return CrmUnreachable(f"The CRM's database could not do it: {reason}. Nothing was changed.")
