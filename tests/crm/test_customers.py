"""Customers are found by what is sure, never guessed, and nothing that is known is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from revivatui.crm.errors import AmbiguousCustomer, InvalidRecord, NotInCrm
from revivatui.crm.records import Device, ExternalRef
from revivatui.crm.store import Store, customers
from revivatui.crm.wishes import CustomerWish, ExternalKey, TicketWish
from tests.crm.build import START, Clock, House, take_in

CONTACT = ExternalKey("chatwoot", "desk.example.com/1", "customer", "42")


async def test_a_customer_comes_back_as_written(store: Store) -> None:
    made = await store.upsert_customer(
        CustomerWish(
            name="Ana Example",
            email="Ana@Example.com",
            phone="00351 210 000 000",
            type="business",
            language="pt",
            source="chat_widget",
            company_name="Example & Co.",
            tax_id="PT500000000",
            notes="Comes on Saturdays",
            marketing_consent=True,
            custom_attributes={"chatwoot_contact_id": 42, "tags": ["a", {"b": None}]},
        )
    )
    assert await store.get_customer(made.id) == made
    assert (made.phone, made.version, made.created_at) == ("+351210000000", 1, START)


async def test_a_customer_is_found_by_key_then_email_then_phone(store: Store) -> None:
    made = await store.upsert_customer(
        CustomerWish(name="One", email="one@example.com", phone="+447700900001", external=CONTACT)
    )
    assert await store.find_customer(external=CONTACT) == made
    assert await store.find_customer(email=" ONE@example.com ") == made
    assert await store.find_customer(phone="0044 7700-900 001") == made
    assert await store.find_customer(email="two@example.com") is None
    assert await store.find_customer() is None


async def test_the_same_wish_twice_is_one_customer_unchanged(store: Store, clock: Clock) -> None:
    wish = CustomerWish(name="One", email="one@example.com", external=CONTACT, source="chat_widget")
    first = await store.upsert_customer(wish)
    cursor = (await store.changes_since("")).cursor
    clock.forward(hours=1)
    assert await store.upsert_customer(wish) == first
    assert (await store.changes_since(cursor)).changes == ()


async def test_what_a_wish_does_not_say_stays(store: Store, clock: Clock) -> None:
    wish = CustomerWish(
        name="One", email="one@example.com", source="counter", custom_attributes={"a": 1, "b": 2}
    )
    first = await store.upsert_customer(wish)
    clock.forward(minutes=1)
    changed = await store.upsert_customer(
        CustomerWish(
            email="one@example.com",
            phone="+447700900009",
            source="chat_widget",
            custom_attributes={"b": 3, "a": None},
        )
    )
    assert changed == replace(
        first,
        phone="+447700900009",
        custom_attributes={"b": 3},
        updated_at=clock(),
        version=2,
    )


async def test_a_name_that_the_chat_made_up_replaces_none(store: Store) -> None:
    first = await store.upsert_customer(CustomerWish(name="Ana", email="ana@example.com"))
    wish = CustomerWish(name="Silent-Fog-12", email="ana@example.com", name_is_a_guess=True)
    assert (await store.upsert_customer(wish)).name == first.name


async def test_another_address_replaces_the_known_one_only_when_the_customer_is_named(
    store: Store,
) -> None:
    first = await store.upsert_customer(
        CustomerWish(name="One", email="one@example.com", external=CONTACT)
    )
    told = CustomerWish(email="other@example.com", external=CONTACT)
    assert (await store.upsert_customer(told)).email == "one@example.com"
    edited = CustomerWish(customer_id=first.id, email="other@example.com")
    assert (await store.upsert_customer(edited)).email == "other@example.com"


async def test_a_phone_that_two_customers_share_is_not_guessed(store: Store) -> None:
    one, two = [
        await store.upsert_customer(
            CustomerWish(name=name, email=f"{name}@example.com", phone="+447700900001")
        )
        for name in ("one", "two")
    ]
    assert one.id != two.id
    with pytest.raises(AmbiguousCustomer) as refused:
        await store.upsert_customer(CustomerWish(name="three", phone="+447700900001"))
    assert set(refused.value.customer_ids) == {one.id, two.id}


async def test_an_address_is_added_to_who_had_only_that_phone(store: Store) -> None:
    first = await store.upsert_customer(CustomerWish(name="One", phone="+447700900001"))
    wish = CustomerWish(email="one@example.com", phone="+447700900001")
    assert (await store.upsert_customer(wish)).id == first.id


async def test_a_customer_who_was_merged_is_who_took_their_place(store: Store) -> None:
    old = await store.upsert_customer(CustomerWish(name="Old", email="old@example.com"))
    new = await store.upsert_customer(CustomerWish(name="New", email="new@example.com"))
    async with store.unit_of_work() as work:
        await customers.keep(work, replace(old, merged_into_id=new.id))
    assert await store.get_customer(old.id) == new
    assert await store.find_customer(email="old@example.com") is None
    async with store.unit_of_work() as work:
        await customers.keep(work, replace(new, merged_into_id=old.id))
    with pytest.raises(NotInCrm, match="circle"):
        await store.get_customer(old.id)


async def test_merging_two_records_of_one_person_loses_nothing(store: Store, house: House) -> None:
    repair = await take_in(store, house)
    ticket = await store.create_ticket(TicketWish(house.customer.id, "Chat"))
    wish = CustomerWish(name="Same", email="same@example.com", custom_attributes={"a": 1})
    other = await store.upsert_customer(wish)
    await store.upsert_customer(CustomerWish(customer_id=house.customer.id, external=CONTACT))
    left = await store.merge_customers(house.customer.id, other.id)
    assert (left.id, left.email, left.phone) == (other.id, other.email, house.customer.phone)
    context = await store.get_context(house.customer.id)
    assert context.customer == left
    assert [one.repair.id for one in context.active] == [repair.id]
    assert [one.id for one in context.open_tickets] == [ticket.id]
    assert [one.id for one in context.devices] == [house.phone.id]
    assert await store.find_customer(external=CONTACT) == left
    assert [one.customer for one in await store.search("customer one")] == []
    assert await store.merge_customers(house.customer.id, other.id) == left


async def test_what_acts_on_a_terminal_or_breaks_a_database_is_taken_out(store: Store) -> None:
    made = await store.upsert_customer(
        CustomerWish(name="A\x1b[31m\x00B\ud800", custom_attributes={"k\x00": ["\x1b]0;x\x07"]})
    )
    kept = await store.get_customer(made.id)
    assert not any(one in str(kept) for one in ("\x1b", "\x00", "\ud800", "\x07"))
    assert kept.name.startswith("A")


async def test_an_external_key_leads_to_one_record_and_a_record_has_one_key(store: Store) -> None:
    one = await store.upsert_customer(CustomerWish(name="One", external=CONTACT))
    two = await store.upsert_customer(CustomerWish(name="Two", email="two@example.com"))
    await store.remember_external(
        ExternalRef("chatwoot", "desk.example.com/1", "customer", "42", two.id)
    )
    found = await store.external_of(CONTACT)
    assert found is not None
    assert found.local_id == two.id
    await store.remember_external(
        ExternalRef("chatwoot", "desk.example.com/1", "customer", "43", two.id, etag="e")
    )
    assert await store.external_of(CONTACT) is None
    assert await store.find_customer(external=replace(CONTACT, external_id="43")) == two
    assert await store.find_customer(external=replace(CONTACT, account="other")) is None
    assert (await store.get_customer(one.id)).name == "One"


async def test_a_device_comes_back_tidied_and_a_wrong_imei_is_refused(
    store: Store, house: House
) -> None:
    phone = house.phone
    saved = await store.save_device(replace(phone, serial="f2lxk0aajg5h ", notes="PIN 1234"))
    assert (saved.serial, saved.label) == ("F2LXK0AAJG5H", "iPhone 13")
    assert "1234" not in saved.notes
    assert await store.devices_of(house.customer.id) == (saved,)
    with pytest.raises(InvalidRecord, match="IMEI"):
        await store.save_device(replace(phone, imei="356938035643800"))
    with pytest.raises(NotInCrm):
        await store.save_device(Device("", "nobody", "Apple", "iPad", START, START))
