"""Customers and devices in RepairShopr: found by what is sure, made once, nothing lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.crm.errors import AmbiguousCustomer, InvalidRecord, NotInCrm
from revivatui.crm.records import ExternalRef
from revivatui.crm.repairshopr import RepairShopr
from revivatui.crm.wishes import CustomerWish, ExternalKey
from tests.crm.repairshopr.conftest import adapter, make_customer, phone_of
from tests.crm.repairshopr.stand_in import StandIn

CONTACT = ExternalKey("chatwoot", "desk.example.com/1", "customer", "42")


async def test_a_customer_comes_back_as_written(crm: RepairShopr) -> None:
    made = await crm.upsert_customer(
        CustomerWish(
            name="Ana Maria Example",
            email="Ana@Example.com",
            phone="00351 210 000 000",
            company_name="Example & Co.",
            source="chat_widget",
            notes="Comes on Saturdays. PIN 9911",
            custom_attributes={"chatwoot_contact_id": 42},
        )
    )
    assert await crm.get_customer(made.id) == made
    assert (made.name, made.company_name, made.type) == (
        "Ana Maria Example",
        "Example & Co.",
        "business",
    )
    assert (made.phone, made.email) == ("351210000000", "Ana@Example.com")
    assert made.custom_attributes == {"chatwoot_contact_id": 42}
    assert "9911" not in made.notes


async def test_a_customer_is_found_by_key_then_email_then_phone(
    crm: RepairShopr, vendor: StandIn
) -> None:
    made = await crm.upsert_customer(
        CustomerWish(name="One", email="one@example.com", phone="+447700900001", external=CONTACT)
    )
    assert await crm.find_customer(external=CONTACT) == made
    assert await crm.find_customer(email=" ONE@example.com ") == made
    assert await crm.find_customer(phone="0044 7700-900 001") == made
    assert await crm.find_customer(email="two@example.com") is None
    assert await crm.find_customer() is None


async def test_a_customer_whom_the_shop_deleted_is_found_anew(
    crm: RepairShopr, vendor: StandIn
) -> None:
    wish = CustomerWish(name="One", email="one@example.com", external=CONTACT)
    gone = await crm.upsert_customer(wish)
    del vendor.data.customers[int(gone.id)]
    assert await crm.find_customer(external=CONTACT) is None
    again = await crm.upsert_customer(wish)
    assert again.id != gone.id
    assert await crm.find_customer(external=CONTACT) == again


async def test_a_contact_of_a_business_is_found_by_the_contacts_address(
    crm: RepairShopr, vendor: StandIn
) -> None:
    made = await make_customer(crm)
    row = vendor.data.customers[int(made.id)]
    row["contacts"] = [{"id": 1, "email": "desk@example.org", "phone": ""}]
    found = await crm.find_customer(email="desk@example.org")
    assert found is not None
    assert found.id == made.id


async def test_a_number_without_its_country_fits_only_where_the_country_is_known(
    crm: RepairShopr, vendor: StandIn
) -> None:
    made = await crm.upsert_customer(CustomerWish(name="Two", phone="0912 345 678"))
    assert await crm.find_customer(phone="+351 912 345 678") is None
    here = adapter(vendor, country_code="351")
    found = await here.find_customer(phone="+351 912 345 678")
    assert found is not None
    assert found.id == made.id
    assert await here.find_customer(phone="+44 912 345 678") is None
    await here.close()


async def test_two_customers_with_one_address_are_for_a_person_to_choose(
    crm: RepairShopr, vendor: StandIn
) -> None:
    for name in ("One", "Two"):
        vendor.data.make_customer({"firstname": name, "email": "shared@example.com"})
    with pytest.raises(AmbiguousCustomer) as asked:
        await crm.find_customer(email="shared@example.com")
    assert len(asked.value.customer_ids) == 2


async def test_the_same_wish_twice_is_one_customer_and_one_write(
    crm: RepairShopr, vendor: StandIn
) -> None:
    wish = CustomerWish(name="One", email="one@example.com", external=CONTACT, source="chat_widget")
    first = await crm.upsert_customer(wish)
    assert await crm.upsert_customer(wish) == first
    assert len(vendor.writes("/customers*")) == 1


async def test_the_same_wish_from_many_at_once_is_one_customer(
    crm: RepairShopr, vendor: StandIn
) -> None:
    wish = CustomerWish(name="One", email="one@example.com")
    made = await asyncio.gather(*(crm.upsert_customer(wish) for _ in range(6)))
    assert len({one.id for one in made}) == 1
    assert len(vendor.data.customers) == 1


async def test_what_a_wish_does_not_say_stays(crm: RepairShopr, vendor: StandIn) -> None:
    made = await make_customer(crm)
    row = vendor.data.customers[int(made.id)]
    row |= {"opt_out": True, "get_sms": True, "properties": {"a": 1, "b": 2}}
    changed = await crm.upsert_customer(
        CustomerWish(
            name="Silent-Fog-12",
            name_is_a_guess=True,
            email=made.email,
            phone="+447700900999",
            company_name="Example & Co.",
            custom_attributes={"b": 3, "a": None},
        )
    )
    assert (changed.name, changed.phone) == (made.name, made.phone)
    assert changed.company_name == "Example & Co."
    assert changed.custom_attributes == {"b": 3}
    assert (row["opt_out"], row["get_sms"]) == (True, True)


async def test_a_property_made_for_a_passcode_is_not_read(
    crm: RepairShopr, vendor: StandIn
) -> None:
    made = await make_customer(crm)
    properties = {"Password": "secret-1", "Floor": "2"}
    vendor.data.customers[int(made.id)]["properties"] = properties
    assert (await crm.get_customer(made.id)).custom_attributes == {"Floor": "2"}


async def test_a_wrong_address_gets_the_vendors_own_words(crm: RepairShopr) -> None:
    with pytest.raises(InvalidRecord, match="Email is not an email"):
        await crm.upsert_customer(CustomerWish(name="One", email="nowhere"))
    with pytest.raises(NotInCrm):
        await crm.get_customer("999999")
    with pytest.raises(NotInCrm):
        await crm.get_customer("not-a-number")
    with pytest.raises(NotInCrm):
        await crm.get_customer("１２")


async def test_broken_characters_are_refused_before_anything_is_sent(
    crm: RepairShopr, vendor: StandIn
) -> None:
    with pytest.raises(InvalidRecord, match="broken characters"):
        await crm.upsert_customer(CustomerWish(name="One \ud800", email="one@example.com"))
    assert vendor.writes() == []


async def test_what_acts_on_a_terminal_is_taken_out_of_what_the_vendor_says(
    crm: RepairShopr, vendor: StandIn
) -> None:
    row = vendor.data.make_customer({"firstname": "A\x1b]52;c;aGk=\x07na", "notes": "x\x1b[2Jy"})
    found = await crm.get_customer(str(row["id"]))
    assert "\x1b" not in found.name + found.notes


async def test_links_to_other_systems_survive_a_restart(
    crm: RepairShopr, vendor: StandIn, tmp_path: Path
) -> None:
    ref = ExternalRef("chatwoot", "desk.example.com/1", "ticket", "7", "501", etag="e")
    assert await crm.remember_external(ref) == ref
    assert await crm.remember_external(replace(ref, local_id="502")) != ref
    again = adapter(vendor, links=tmp_path / "links.sqlite3")
    kept = await again.external_of(ExternalKey("chatwoot", "desk.example.com/1", "ticket", "7"))
    assert kept is not None
    assert kept.local_id == "502"
    await again.close()


async def test_a_device_gets_its_properties_by_a_second_call(
    crm: RepairShopr, vendor: StandIn
) -> None:
    customer = await make_customer(crm)
    wish = replace(
        phone_of(customer), colour="Blue", storage="128 GB", notes="code 4321", passcode_ref="k/1"
    )
    made = await crm.save_device(wish)
    assert (made.brand, made.model, made.colour, made.category) == (
        "Apple",
        "iPhone 13",
        "Blue",
        "phone",
    )
    assert (made.serial, made.storage) == ("F2LXK0AAJG5H", "128 GB")
    assert await crm.devices_of(customer.id) == (made,)
    assert [one.method for one in vendor.writes("/customer_assets*")] == ["POST", "PUT"]
    row = vendor.data.assets[int(made.id)]
    assert row["asset_type"] == "Phone"
    assert "4321" not in str(row)
    assert "k/1" not in str(row)
    assert await crm.save_device(replace(wish, id=made.id)) == made
    assert len(vendor.writes("/customer_assets*")) == 2


async def test_a_device_keeps_the_shops_names_of_properties(
    crm: RepairShopr, vendor: StandIn
) -> None:
    customer = await make_customer(crm)
    made = await crm.save_device(phone_of(customer))
    row = vendor.data.assets[int(made.id)]
    row["properties"] = {"Manufacturer": "Apple", "Model": "iPhone 13", "OS": "iOS", "PIN": "1234"}
    (read,) = await crm.devices_of(customer.id)
    changed = await crm.save_device(replace(read, colour="Red"))
    assert changed.colour == "Red"
    assert row["properties"] == {
        "Manufacturer": "Apple",
        "Model": "iPhone 13",
        "OS": "iOS",
        "PIN": "1234",
        "colour": "Red",
    }
    assert "1234" not in repr(changed)


async def test_a_device_of_the_same_serial_number_is_made_once(
    crm: RepairShopr, vendor: StandIn
) -> None:
    customer = await make_customer(crm)
    first = await crm.save_device(phone_of(customer))
    assert await crm.save_device(phone_of(customer)) == first
    assert len(vendor.data.assets) == 1


async def test_a_wrong_imei_and_a_shop_without_types_are_refused(
    crm: RepairShopr, vendor: StandIn
) -> None:
    customer = await make_customer(crm)
    with pytest.raises(InvalidRecord, match="no IMEI"):
        await crm.save_device(replace(phone_of(customer), imei="356938035643800"))
    vendor.data.device_types.clear()
    newly_read = adapter(vendor)
    with pytest.raises(InvalidRecord, match="no type of device"):
        await newly_read.save_device(phone_of(customer))
    await newly_read.close()
    assert vendor.data.assets == {}
