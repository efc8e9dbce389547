"""Contacts that are merged in Chatwoot: what was the one's becomes the other's.

No webhook tells of it. The conversations of the contact that is gone are the other's from then on,
so it shows in each of them, in the list that is read to catch up, and in the other's own list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from revivatui.api.errors import Forbidden, NotFound
from revivatui.bridge import known, people, server_answers, twins
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.known import KnownChat, KnownContact
from revivatui.bridge.news import Chat, Person
from revivatui.bridge.places import Place
from revivatui.crm.errors import AmbiguousCustomer
from revivatui.crm.records import Customer
from revivatui.crm.store import Store, chats, customers, externals
from revivatui.crm.store.work import Work
from revivatui.crm.wishes import CustomerWish, LinkWish
from revivatui.state.records import dataclass

_LOOKED_AT: Final = 5
"""Conversations of a contact that is gone by which it is found out where they went: a merge moves
all of them, so that a few will do."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A conversation is another contact's now. `gone`: the one that had it is no more, so that
    everything of it is the other's."""

    conversation_id: int
    old: int
    new: Person
    gone: bool


class Merges:
    """Finds out; every call may raise ApiError and changes nothing."""

    def __init__(self, store: Store, server: ChatServer, place: Place) -> None:
        self._store = store
        self._server = server
        self._place = place

    async def of_chat(self, kept: KnownChat, now: Chat) -> tuple[Moved, ...]:
        """Whether a conversation has another contact than it had. `now` is the server's word."""
        if now.contact.id in (0, kept.contact_id):
            return ()
        gone = await self._server.is_contact_gone(kept.contact_id)
        return (Moved(now.id, kept.contact_id, now.contact, gone),)

    async def of_newcomer(self, person: Person) -> tuple[Moved, ...]:
        """Whether somebody who is new here has a conversation that was known as somebody else's:
        a customer is there already then, and no second one is made."""
        async with self._store.reading() as reader:
            if await known.contact(reader, self._place, person.id) is not None:
                return ()
        found: dict[int, Moved] = {}
        for number in await self._server.chats_of(person.id):
            async with self._store.reading() as reader:
                kept = await known.chat(reader, self._place, number)
            if kept is not None and kept.contact_id not in (person.id, *found):
                gone = await self._server.is_contact_gone(kept.contact_id)
                found[kept.contact_id] = Moved(number, kept.contact_id, person, gone)
        return tuple(found.values())

    async def of_gone(self, contact_id: int) -> tuple[Moved, ...] | None:
        """Where the conversations of a contact went that is gone: () where they are gone too, and
        None where the bridge's user may not see them and nobody can tell."""
        async with self._store.reading() as reader:
            kept = await known.chats_of(reader, self._place, [contact_id])
        hidden = False
        newest = sorted(kept, key=lambda one: -one.conversation_id)
        for one in newest[:_LOOKED_AT]:
            try:
                read = await self._server.client.conversation(one.conversation_id)
            except NotFound:
                continue
            except Forbidden:
                hidden = True
                continue
            now = server_answers.chat(read.conversation, read.contact)
            if now.contact.id not in (0, contact_id):
                return (Moved(now.id, contact_id, now.contact, True),)
        return None if hidden else ()


async def follow(
    work: Work, place: Place, moved: Moved, clock: Callable[[], float]
) -> tuple[int, ...]:
    """Put what moved where it is now; gives the conversations that it concerns. What was followed
    before is not followed twice."""
    await work.lock("customers")
    old = await known.contact(work, place, moved.old)
    if moved.gone and old is not None:
        await _take_over(work, place, old, moved.new)
    customer = await people.customer_of(work, place, moved.new, moved.conversation_id)
    concerned = await _moved_chats(work, place, moved)
    for one in concerned:
        await known.keep_chat(work, place, replace(one, contact_id=moved.new.id))
        await _link(work, place, one.conversation_id, moved.new.id, old, customer)
    if moved.gone and old is not None:
        await _let_go(work, place, moved, old, customer, clock())
    return tuple(one.conversation_id for one in concerned)


async def _moved_chats(work: Work, place: Place, moved: Moved) -> tuple[KnownChat, ...]:
    kept = await known.chats_of(work, place, [moved.old])
    return tuple(one for one in kept if moved.gone or one.conversation_id == moved.conversation_id)


async def _take_over(work: Work, place: Place, old: KnownContact, new: Person) -> None:
    """The customer of the one is the other's, unless the other has one of its own."""
    if await known.contact(work, place, new.id) is not None:
        return
    customer = await customers.get(work, old.customer_id)
    key = place.contact(new.id)
    try:
        found = await customers.find(work, email=new.email, phone=new.phone, external=key)
    except AmbiguousCustomer:
        found = None
    if found is not None and found.id != customer.id:
        return
    attributes = {people.CONTACT_ID: new.id}
    await customers.upsert(
        work, CustomerWish(customer_id=customer.id, external=key, custom_attributes=attributes)
    )
    taken = replace(old, contact_id=new.id, seen="")
    await known.keep_contact(work, place, taken)
    await people.bring_up_to(work, place, taken, new)


async def _link(
    work: Work,
    place: Place,
    number: int,
    contact_id: int,
    old: KnownContact | None,
    customer: Customer,
) -> None:
    """The conversation's link follows; a customer whom somebody chose for it stays."""
    key = place.conversation(number)
    link = await chats.find(work, key, lock=True)
    if link is None:
        return
    was = link.customer_id
    chosen = was and (old is None or await _is_other(work, was, old.customer_id))
    await chats.link(
        work,
        LinkWish(key=key, contact_id=contact_id, customer_id=None if chosen else customer.id),
    )


async def _is_other(work: Work, one: str, other: str) -> bool:
    return (await customers.get(work, one)).id != (await customers.get(work, other)).id


async def _let_go(
    work: Work, place: Place, moved: Moved, old: KnownContact, customer: Customer, now: float
) -> None:
    """Nothing here goes by the contact that is gone; two customers are told of."""
    await known.drop_contact(work, place, moved.old)
    await externals.forget(work, place.contact(moved.old))
    before = await customers.get(work, old.customer_id)
    if before.id == customer.id:
        return
    if before.custom_attributes.get(people.CONTACT_ID) == moved.old:
        gone = {people.CONTACT_ID: None}
        wish = CustomerWish(customer_id=before.id, custom_attributes=gone)
        before = await customers.upsert(work, wish)
    await twins.report(work, place, before, customer, moved.conversation_id, now)
