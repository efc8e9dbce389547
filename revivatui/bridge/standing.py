"""Why Chatwoot refuses a write of the bridge's user: what that user lacks, in words that say what
to do. A role that is too small is told apart from an account that is closed to it altogether."""

from __future__ import annotations

from revivatui.api.answers import Me
from revivatui.api.errors import Forbidden
from revivatui.bridge import known, outbox
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.places import Place
from revivatui.crm.store import Store
from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`everything`: no other write would be let through either, so none is to be given up."""

    everything: bool
    words: str


async def why(
    store: Store, server: ChatServer, place: Place, kind: str, number: int, error: Forbidden
) -> Refusal:
    """Look up who the bridge's user is now. `kind` and `number` are the write's and its target's.

    Raises ApiError where that cannot be asked: AuthExpired where the token is refused after all.
    """
    me = await server.client.profile()
    here = next((one for one in me.accounts if one.id == place.account_id), None)
    if here is None:
        return Refusal(
            True,
            f"The bridge's user {me.agent.name} is in account {place.account_id} no more: add it"
            " there again.",
        )
    if not here.active:
        return Refusal(True, f"Account {place.account_id} is suspended in Chatwoot.")
    lacks = await _lacks(store, place, me, kind, number)
    return Refusal(False, f"{lacks} Then retry this. Chatwoot said: {error}")


async def _lacks(store: Store, place: Place, me: Me, kind: str, number: int) -> str:
    who = f"The bridge's user {me.agent.name} (role {me.agent.role})"
    if kind == outbox.CONTACT_ATTRIBUTES:
        return (
            f"{who} may not change contact {number}: give it a role that manages contacts, or make"
            " it an administrator."
        )
    async with store.reading() as reader:
        kept = await known.chat(reader, place, number)
    inbox = f"inbox {kept.inbox_id}" if kept is not None else "its inbox"
    return (
        f"{who} may not write in conversation #{number}: make it a member of {inbox}, or an"
        " administrator."
    )
