"""Which Chatwoot the bridge serves, and what its things are called in the CRM."""

from __future__ import annotations

from revivatui.crm.chat_keys import Chat, installation_of
from revivatui.crm.records_tickets import ConversationKey
from revivatui.crm.wishes import ExternalKey
from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One account of one installation. `base` is the address of the server."""

    base: str
    account_id: int
    name: str = ""
    """What the installation is called in the CRM, where its address changes with every start; ""
    where the address names it. The desk calls it by the same (`ProfileSettings.place`)."""

    @property
    def chat(self) -> Chat:
        """The account as everybody calls it who works on this CRM."""
        return Chat(self.installation, self.account_id)

    @property
    def installation(self) -> str:
        return self.name or installation_of(self.base)

    def conversation(self, number: int) -> ConversationKey:
        return self.chat.conversation(number)

    def contact(self, number: int) -> ExternalKey:
        return self.chat.contact(number)

    def conversation_url(self, number: int) -> str:
        return f"{self.base}/app/accounts/{self.account_id}/conversations/{number}"
