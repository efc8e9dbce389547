"""The one way to a CRM: the store of our own and every vendor's adapter answer to this.

Whoever opens a CRM knows which one it is; everybody else knows this protocol. Every method may
raise `CrmError`, whose message is for a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

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


class CrmPort(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    async def health(self) -> Health:
        """How the CRM is; the one method that never raises CrmError."""
        ...

    async def close(self) -> None: ...

    # --- customers and devices -----------------------------------------------------------------

    async def find_customer(
        self, *, email: str = "", phone: str = "", external: ExternalKey | None = None
    ) -> Customer | None:
        """The customer who has what is given, the surest way first: external key, e-mail, phone.

        Raises AmbiguousCustomer where several share it.
        """
        ...

    async def get_customer(self, customer_id: str) -> Customer:
        """Follows a merge. Raises NotInCrm."""
        ...

    async def upsert_customer(self, wish: CustomerWish) -> Customer:
        """Find or make the customer, with what the wish says put in. A wish that says nothing
        new changes nothing. Raises AmbiguousCustomer."""
        ...

    async def get_context(self, customer_id: str) -> Context: ...

    async def search(self, text: str, limit: int = 20) -> tuple[Found, ...]:
        """Customers, repairs, tickets and quotes by number, serial, IMEI, phone, e-mail, name."""
        ...

    async def save_device(self, device: Device) -> Device:
        """Keep a device; one without an id is new. Raises InvalidRecord for a wrong IMEI."""
        ...

    async def devices_of(self, customer_id: str) -> tuple[Device, ...]: ...

    async def device_history(self, device_id: str) -> DeviceHistory: ...

    # --- repairs -------------------------------------------------------------------------------

    async def create_repair(self, intake: Intake) -> Repair: ...

    async def get_repair(self, repair_id: str) -> RepairFile: ...

    async def list_repairs(self, query: RepairQuery) -> RepairPage: ...

    async def count_repairs(self, location_id: str | None = None) -> RepairCounts: ...

    async def move_repair(self, move: Move) -> Repair:
        """Raises MoveRefused where no way leads there, StaleRecord where somebody was quicker."""
        ...

    async def change_repair(
        self, repair_id: str, change: RepairChange, *, version: int, actor: str
    ) -> Repair:
        """Raises StaleRecord."""
        ...

    async def add_note(
        self, repair_id: str, note: str, *, actor: str, public: bool = False
    ) -> Repair:
        """Write a line into the history of a repair that stays where it is."""
        ...

    # --- quotes --------------------------------------------------------------------------------

    async def create_quote(self, wish: QuoteWish) -> Quote:
        """A draft, with its lines added up."""
        ...

    async def send_quote(self, quote_id: str, *, version: int, actor: str) -> Quote:
        """Now it waits for the customer, and so does a repair on the bench."""
        ...

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
        """The answer, which moves a waiting repair on. Raises MoveRefused where none is due."""
        ...

    async def withdraw_quote(self, quote_id: str, *, version: int) -> None:
        """Take back a draft that nobody was sent: it is gone, and its number is not used again.

        Raises MoveRefused where it is a draft no more, StaleRecord where somebody was quicker.
        """
        ...

    # --- tickets, comments and chats -----------------------------------------------------------

    async def create_ticket(self, wish: TicketWish) -> Ticket: ...

    async def get_ticket(self, ticket_id: str) -> TicketFile: ...

    async def open_tickets_of(self, customer_id: str) -> tuple[Ticket, ...]:
        """What a conversation may belong to: for somebody to choose from, newest first."""
        ...

    async def set_ticket_status(
        self,
        ticket_id: str,
        status: TicketStatus,
        *,
        actor: str,
        notes: str = "",
        version: int | None = None,
    ) -> Ticket:
        """Without a version, a step towards a state: what is so already is left alone."""
        ...

    async def change_ticket(self, ticket_id: str, change: TicketChange, *, version: int) -> Ticket:
        """Raises StaleRecord."""
        ...

    async def add_comment(self, wish: CommentWish) -> TicketComment:
        """Keep a comment, an edit or a tombstone of a message. Adding one twice is adding it
        once, older news does not overwrite newer, and passcodes are masked."""
        ...

    async def link_conversation(self, wish: LinkWish) -> ChatConversation:
        """Remember what is known of a conversation, and its ticket where one is named.

        Raises AlreadyLinked where it has another ticket and the wish does not say `instead_of`.
        """
        ...

    async def unlink_conversation(self, key: ConversationKey, ticket_id: str) -> ChatConversation:
        """Let a conversation belong to this ticket no more; its customer stays.

        Raises NotInCrm where nothing is known of it, AlreadyLinked where it belongs to another
        ticket by now.
        """
        ...

    async def conversation(self, key: ConversationKey) -> ChatConversation | None: ...

    async def conversations_of(self, customer_id: str) -> tuple[ChatConversation, ...]:
        """The conversations that are known to be the customer's, or to belong to a ticket of
        theirs, the one that changed last first: of every Chatwoot and account there is."""
        ...

    # --- appointments --------------------------------------------------------------------------

    async def book_appointment(self, wish: AppointmentWish) -> Appointment: ...

    async def set_appointment_status(
        self, appointment_id: str, status: AppointmentStatus
    ) -> Appointment: ...

    async def reschedule_appointment(
        self, appointment_id: str, starts_at: datetime, ends_at: datetime
    ) -> Appointment: ...

    async def appointments_between(
        self, start: datetime, end: datetime, location_id: str | None = None
    ) -> tuple[Appointment, ...]: ...

    # --- the house -----------------------------------------------------------------------------

    async def list_services(
        self, *, model: str = "", all_of_them: bool = False
    ) -> tuple[ServiceItem, ...]:
        """The catalogue in its order, data recovery first; of a device's model, what fits it."""
        ...

    async def save_service(self, item: ServiceItem) -> ServiceItem: ...

    async def locations(self) -> tuple[Location, ...]: ...

    async def technicians(self) -> tuple[Technician, ...]: ...

    async def loyalty_tiers(self) -> tuple[LoyaltyTier, ...]: ...

    # --- other systems -------------------------------------------------------------------------

    async def remember_external(self, ref: ExternalRef) -> ExternalRef: ...

    async def external_of(self, key: ExternalKey) -> ExternalRef | None: ...

    async def changes_since(self, cursor: str, limit: int = 500) -> Changes:
        """What changed since then, for whoever keeps a picture of it. "" is the beginning."""
        ...

    async def changes_so_far(self) -> str:
        """The cursor behind everything that changed until now, for who has read it all anew."""
        ...
