"""Forgetting a contact: what the bridge keeps of somebody goes, and the CRM knows the chat's
number for them no more. The repair record itself is the CRM's, and stays there."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, inspect, update
from sqlalchemy.engine import Connection

from revivatui.bridge import captain_store, known, people, twins
from revivatui.bridge.captain_tables import TALKS
from revivatui.bridge.places import Place
from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.crm.errors import NotInCrm
from revivatui.crm.store import customers, externals
from revivatui.crm.store.work import Work
from revivatui.crm.wishes import CustomerWish
from revivatui.state.records import dataclass

WHY: Final = "the contact was forgotten"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much there was: whether the contact, and how many conversations, kept events with words
    in them, and writes."""

    contact: bool
    conversations: int
    events: int
    writes: int

    @property
    def words(self) -> str:
        if not (self.contact or self.conversations or self.events or self.writes):
            return "The bridge keeps nothing of this contact."
        return (
            f"Forgotten: the contact, {self.conversations} conversations, {self.events} kept events"
            f" and {self.writes} writes."
        )


async def forget(work: Work, place: Place, contact_id: int, *, but: str = "") -> Forgotten:
    """Everything the bridge keeps of a contact, waiting or not. That an event came in stays known
    by its number, without a word of it, so that a late repeat brings nothing back. `but` is the
    event that is just dealt with and ended by who does."""
    await work.lock("customers")
    kept = await known.contact(work, place, contact_id)
    chats = await known.chats_of(work, place, [contact_id])
    account = place.account_id
    lanes = [f"{account}:contact:{contact_id}"]
    lanes += [f"{account}:conversation:{one.conversation_id}" for one in chats]
    events = writes = 0
    for lane in lanes:
        events += await _empty_events(work, lane, but)
        writes += await work.run(delete(OUTBOX).where(OUTBOX.c.lane == lane))
    captains = await work.connection.run_sync(_has_captain)
    if captains:
        await captain_store.forget_contact(work, account, contact_id)
    if kept is not None:
        await _unlink(work, place, contact_id, kept.customer_id)
    return Forgotten(
        contact=await known.drop_contact(work, place, contact_id),
        conversations=await known.drop_chats_of(work, place, contact_id),
        events=events,
        writes=writes,
    )


def _has_captain(connection: Connection) -> bool:
    return inspect(connection).has_table(TALKS.name)


async def _empty_events(work: Work, lane: str, but: str) -> int:
    """What waits is not worked on any more, and dead letters keep nothing."""
    of_lane = (INBOX.c.lane == lane) & (INBOX.c.body != "") & (INBOX.c.id != but)
    return await work.run(update(INBOX).where(of_lane).values(state="skipped", body="", error=WHY))


async def _unlink(work: Work, place: Place, contact_id: int, customer_id: str) -> None:
    await externals.forget(work, place.contact(contact_id))
    await twins.forget(work, customer_id)
    try:
        customer = await customers.get(work, customer_id)
    except NotInCrm:
        return
    if customer.custom_attributes.get(people.CONTACT_ID) != contact_id:
        return
    gone = {people.CONTACT_ID: None, people.LAST_CHAT: None}
    await customers.upsert(work, CustomerWish(customer_id=customer.id, custom_attributes=gone))
