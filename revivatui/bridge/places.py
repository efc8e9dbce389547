"""Which Chatwoot the bridge serves, and what its things are called in the CRM."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from revivatui.crm.records_tickets import ConversationKey
from revivatui.crm.wishes import ExternalKey
from revivatui.state.records import dataclass

SYSTEM: Final = "chatwoot"


@dataclass(frozen=True, slots=True)
class Place:
    """One account of one installation. `base` is the address of the server."""

    base: str
    account_id: int

    @property
    def installation(self) -> str:
        """The server without its scheme, which may change while it stays the same server."""
        parts = urlsplit(self.base)
        return f"{parts.netloc}{parts.path}"

    def conversation(self, number: int) -> ConversationKey:
        return ConversationKey(self.installation, self.account_id, number)

    def contact(self, number: int) -> ExternalKey:
        account = f"{self.installation}/{self.account_id}"
        return ExternalKey(SYSTEM, account, "contact", str(number))

    def conversation_url(self, number: int) -> str:
        return f"{self.base}/app/accounts/{self.account_id}/conversations/{number}"
