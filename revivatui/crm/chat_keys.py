"""What a Chatwoot, its contacts and its conversations are called in the CRM: in one place, so that
whoever writes there and whoever reads there mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.crm.records_tickets import ConversationKey
    from revivatui.crm.wishes import ExternalKey

SYSTEM: Final = "chatwoot"


@dataclass(frozen=True, slots=True)
class Chat:
    """One account of one Chatwoot."""

    installation: str
    account_id: int

    def contact(self, contact_id: int) -> ExternalKey:
        from revivatui.crm.wishes import ExternalKey  # late: the desk starts with a `Chat`

        account = f"{self.installation}/{self.account_id}"
        return ExternalKey(SYSTEM, account, "contact", str(contact_id))

    def conversation(self, conversation_id: int) -> ConversationKey:
        from revivatui.crm.records_tickets import ConversationKey

        return ConversationKey(self.installation, self.account_id, conversation_id)


def installation_of(address: str) -> str:
    """The name of the Chatwoot at an address: its host, its port where that is its own, and the
    path where it is below one. The scheme may change while it stays the same server.

    What is no address ("demo") names itself.
    """
    parts = urlsplit(address)
    if not parts.hostname:
        return address
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{host}{port}{parts.path.rstrip('/')}"
