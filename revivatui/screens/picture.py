"""What the CRM knows of a conversation's customer, as far as it has said so: plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from revivatui.crm.records import Customer, Location, ServiceItem, Technician
    from revivatui.crm.records_repairs import Quote
    from revivatui.crm.records_tickets import ChatConversation, Ticket
    from revivatui.crm.views import Context, RepairFile, RepairRow

Phase = Literal["off", "waiting", "there", "unknown", "several"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One customer as the pane shows them.

    `phase`: off (there is no CRM), waiting (for its first answer), there, unknown (it has no such
    customer), several (more than one fits, and somebody has to say which).
    """

    conversation_id: int
    phase: Phase = "waiting"
    trouble: str = ""
    """Why what is shown is not up to date, or why nothing is; "" while all is well."""
    found_by: str = ""
    """How the customer was found: "e-mail", "phone"; "" where somebody said who it is."""
    context: Context | None = None
    files: tuple[RepairFile, ...] = ()
    """Everything about the newest repairs that are under way."""
    link: ChatConversation | None = None
    several: tuple[Customer, ...] = ()

    @property
    def active(self) -> tuple[RepairRow, ...]:
        """The repairs under way, those of the conversation's ticket first."""
        if self.context is None:
            return ()
        ticket_id = self.ticket_id
        rows = self.context.active
        return tuple(sorted(rows, key=lambda row: not row.repair.ticket_id or
                            row.repair.ticket_id != ticket_id))  # fmt: skip

    @property
    def is_partial(self) -> bool:
        """The customer is known, and the history of their repairs is about to be."""
        return bool(self.active) and not self.files and not self.trouble

    @property
    def ticket_id(self) -> str | None:
        return self.link.crm_ticket_id if self.link is not None else None

    @property
    def ticket(self) -> Ticket | None:
        """The ticket that somebody bound the conversation to, while it is open."""
        tickets = self.context.open_tickets if self.context is not None else ()
        return next((one for one in tickets if one.id == self.ticket_id), None)

    @property
    def must_choose_ticket(self) -> bool:
        """Several tickets are open and nobody has said which of them this is about."""
        tickets = self.context.open_tickets if self.context is not None else ()
        return self.ticket_id is None and len(tickets) > 1

    def file_of(self, repair_id: str) -> RepairFile | None:
        return next((one for one in self.files if one.row.repair.id == repair_id), None)

    def row_of(self, repair_id: str) -> RepairRow | None:
        if self.context is None:
            return None
        rows = (*self.context.active, *self.context.recent)
        return next((one for one in rows if one.repair.id == repair_id), None)

    @property
    def quotes(self) -> tuple[tuple[Quote, RepairRow], ...]:
        """The quotes of the repairs under way that are still of interest, with their repairs."""
        found = []
        for file in self.files:
            found += [(quote, file.row) for quote in file.quotes if quote.status in OPEN_QUOTES]
        return tuple(found)

    @property
    def acts(self) -> frozenset[str]:
        """What can be done with it (`Situation.crm`)."""
        told = {
            "customer": self.context is not None,
            "repair": bool(self.active),
            "quote": bool(self.quotes),
            "several": self.phase == "several",
        }
        return frozenset(name for name, so in told.items() if so)


OPEN_QUOTES = frozenset({"draft", "pending", "approved"})


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every customer: services, people, places."""

    services: tuple[ServiceItem, ...] = ()
    technicians: tuple[Technician, ...] = ()
    locations: tuple[Location, ...] = ()
    as_of: datetime | None = None

    @property
    def home(self) -> Location | None:
        """The shop that devices are taken in at, where nobody says another."""
        return next((one for one in self.locations if one.active), None)
