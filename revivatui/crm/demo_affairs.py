"""What a customer of the demo has with the shop by their chat: the device, what is wrong with it,
what they were told it costs, how far it got."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from revivatui.crm.records_tickets import ConversationKey
from revivatui.crm.workflow import RepairStatus
from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class DemoAffair:
    """One conversation, as the CRM is to have it."""

    model: str
    goal: RepairStatus
    starts: datetime
    ends: datetime
    fault: str = ""
    service: str = ""
    """The code in the catalogue; "": any for such a device."""
    told: tuple[int, int] | None = None
    """From what to what they were told that it costs."""
    is_warranty: bool = False
    visit: datetime | None = None
    """When they said that they would come, or were told to."""
    promised: datetime | None = None
    chat: ConversationKey | None = None
    """The conversation, where it goes on."""
    inbox_id: int | None = None
    contact_id: int | None = None
    chat_status: str = ""
    case: str = ""
    """What the shop calls it in the chat."""

    def title(self, fault: str) -> str:
        """What its ticket is called."""
        return f"{self.case} {self.model}: {fault.split(',')[0].lower()}".strip()


REPAIRED_BEFORE: Final = timedelta(days=70)
"""How long before a claim the repair began that it is about."""


def first_repair(claim: DemoAffair) -> DemoAffair:
    """The repair that a claim is about."""
    starts = claim.starts - REPAIRED_BEFORE
    return DemoAffair(
        claim.model,
        "completed",
        starts,
        starts + timedelta(days=3),
        fault=claim.fault,
        service=claim.service,
    )
