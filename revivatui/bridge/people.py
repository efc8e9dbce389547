"""Contacts of the chat as customers of the CRM.

A contact fills gaps of its customer's record. What it filled it may change later; what somebody
wrote in the CRM it never does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from revivatui.bridge import known
from revivatui.bridge.known import KnownContact
from revivatui.bridge.news import Person
from revivatui.bridge.places import Place
from revivatui.bridge.webhook_bodies import fingerprint
from revivatui.crm.contact_keys import email_key, phone_key, plain_phone
from revivatui.crm.errors import AmbiguousCustomer
from revivatui.crm.records import Customer
from revivatui.crm.store import customers
from revivatui.crm.store.work import Work
from revivatui.crm.wishes import CustomerWish

SOURCE: Final = "chat_widget"
CONTACT_ID: Final = "chatwoot_contact_id"
LAST_CHAT: Final = "last_chat_conversation"
MAY_BE: Final = "may_be_customers"


async def customer_of(work: Work, place: Place, person: Person, conversation_id: int) -> Customer:
    """The customer whom a contact is, found or made, with this conversation as the latest."""
    kept = await known.contact(work, place, person.id)
    if kept is not None:
        customer = await customers.get(work, kept.customer_id)
    else:
        customer = await _found_or_made(work, place, person)
        await known.keep_contact(work, place, _taken(person, customer))
    return await _with_chat(work, customer, person.id, conversation_id)


async def _found_or_made(work: Work, place: Place, person: Person) -> Customer:
    key = place.contact(person.id)
    wish = CustomerWish(
        name=person.name,
        email=person.email,
        phone=person.phone,
        language=person.language,
        source=SOURCE,
        external=key,
    )
    try:
        found = await customers.find(work, email=person.email, phone=person.phone, external=key)
        if found is None:
            return await customers.upsert(work, wish)
        return await customers.upsert(work, _gaps_of(found, person))
    except AmbiguousCustomer as error:
        # Nobody is asked in here and nobody is guessed: the chat gets a record of its own, which
        # says whom it may be, and no address that would make things worse.
        attributes: dict[str, Any] = {MAY_BE: list(error.customer_ids)}
        return await customers.upsert(
            work,
            replace(
                wish,
                name=person.name or f"Chat contact {person.id}",
                email="",
                phone="",
                custom_attributes=attributes,
            ),
        )


def _gaps_of(customer: Customer, person: Person) -> CustomerWish:
    return CustomerWish(
        customer_id=customer.id,
        email="" if customer.email else person.email,
        phone="" if customer.phone else person.phone,
        source=SOURCE,
    )


def _taken(person: Person, customer: Customer) -> KnownContact:
    """What of the customer is now as the contact says, and therefore the contact's to change.

    A record of the CRM's own that happens to say the same is a gap that was never one: whose word
    it is cannot be told apart, and the contact's is as good.
    """
    own = customer.source == SOURCE
    return KnownContact(
        contact_id=person.id,
        customer_id=customer.id,
        name=customer.name if own else "",
        email=customer.email if _same_email(customer.email, person.email) else "",
        phone=customer.phone if _same_phone(customer.phone, person.phone) else "",
        seen=_seen(person),
    )


async def _with_chat(
    work: Work, customer: Customer, contact_id: int, conversation_id: int
) -> Customer:
    attributes = customer.custom_attributes
    latest = attributes.get(LAST_CHAT)
    wanted: dict[str, Any] = {}
    if not isinstance(latest, int) or latest < conversation_id:
        wanted[LAST_CHAT] = conversation_id
    if CONTACT_ID not in attributes:
        wanted[CONTACT_ID] = contact_id
    if not wanted:
        return customer
    return await customers.upsert(
        work, CustomerWish(customer_id=customer.id, custom_attributes=wanted)
    )


def says_nothing_new(kept: KnownContact, person: Person) -> bool:
    """Whether a contact is as it was when it was last looked at."""
    return kept.seen == _seen(person)


def _seen(person: Person) -> str:
    # A contact without a name is told by its address in lists and without any in webhooks.
    name = "" if person.name in (person.email, person.phone) else person.name
    return fingerprint([name, email_key(person.email), phone_key(person.phone)])


async def bring_up_to(work: Work, place: Place, kept: KnownContact, person: Person) -> bool:
    """Take over what a contact says now; gives whether the customer changed."""
    customer = await customers.get(work, kept.customer_id)
    name = person.name if person.name and customer.name == kept.name else ""
    unsure = MAY_BE in customer.custom_attributes
    email = person.email if not unsure and _may_change(customer.email, kept.email) else ""
    phone = person.phone if not unsure and _may_change(customer.phone, kept.phone) else ""
    after = await customers.upsert(
        work, CustomerWish(customer_id=customer.id, name=name, email=email, phone=phone)
    )
    taken = replace(
        kept,
        customer_id=customer.id,
        name=after.name if name else kept.name,
        email=after.email if email else kept.email,
        phone=after.phone if phone else kept.phone,
        seen=_seen(person),
    )
    if taken != kept:
        await known.keep_contact(work, place, taken)
    return after != customer


def _may_change(current: str, taken: str) -> bool:
    return not current or current == taken


def _same_email(one: str, other: str) -> bool:
    return email_key(one) == email_key(other)


def _same_phone(one: str, other: str) -> bool:
    return phone_key(plain_phone(one)) == phone_key(plain_phone(other))
