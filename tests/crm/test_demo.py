"""The demo's shop: the same every time, with something in every corner, and true to the rules."""

from __future__ import annotations

from itertools import pairwise

import pytest

from revivatui.crm.demo import seed_demo
from revivatui.crm.demo_catalogue import services
from revivatui.crm.devices import is_imei
from revivatui.crm.records import SERVICE_CATEGORIES
from revivatui.crm.store import Store
from revivatui.crm.views import Context, RepairFile, RepairQuery, RepairRow
from revivatui.crm.workflow import STATUSES, STEPS
from tests.crm.build import START
from tests.crm.people import make_people, make_staff

PEOPLE = make_people(30)


async def all_rows(store: Store) -> list[RepairRow]:
    rows: list[RepairRow] = []
    query = RepairQuery(limit=500)
    while True:
        page = await store.list_repairs(query)
        rows += page.rows
        if not page.next:
            return rows
        query = RepairQuery(limit=500, after=page.next)


@pytest.fixture
async def demo(store: Store) -> Store:
    await seed_demo(store, PEOPLE, make_staff(), now=START)
    return store


async def test_every_state_and_both_shops_have_repairs(demo: Store) -> None:
    counts = await demo.count_repairs()
    assert all(counts.by_status[status] for status in STATUSES)
    assert counts.overdue > 0
    for shop in await demo.locations():
        assert sum((await demo.count_repairs(shop.id)).by_status.values()) > 10


async def test_every_history_follows_the_way_in_its_order(demo: Store) -> None:
    for row in await all_rows(demo):
        found = await demo.get_repair(row.repair.id)
        check_history(found)


def check_history(found: RepairFile) -> None:
    events = found.events
    assert events[0].from_status is None
    assert events[-1].to_status == found.row.repair.status
    for before, after in pairwise(events):
        assert after.from_status == before.to_status
        assert after.to_status in STEPS[before.to_status].next
        assert before.at <= after.at <= START
    assert found.row.device.customer_id == found.customer.id
    assert found.row.technician_name
    for quote in found.quotes:
        assert quote.currency == "EUR"
        assert quote.subtotal + quote.tax_total == quote.total_cost


async def test_there_are_quotes_visits_warranties_tickets_and_tiers(demo: Store) -> None:
    contexts: list[Context] = []
    for person in PEOPLE:
        assert person.external is not None
        customer = await demo.find_customer(external=person.external)
        assert customer is not None
        contexts.append(await demo.get_context(customer.id))
    assert any(one.pending_quotes for one in contexts)
    assert any(one.appointments for one in contexts)
    assert any(one.warranties for one in contexts)
    assert any(one.open_tickets for one in contexts)
    tiers = {one.customer.loyalty_tier for one in contexts}
    assert {"none", "bronze", "silver"} <= tiers
    assert [one.customer.name for one in contexts] == [one.name for one in PEOPLE]
    devices = [device for one in contexts for device in one.devices]
    assert all(is_imei(one.imei) for one in devices if one.category == "phone")
    assert any(row.repair.is_warranty for row in await all_rows(demo))


async def test_the_catalogue_begins_with_data_recovery_in_its_levels(demo: Store) -> None:
    catalogue = await demo.list_services()
    recovery = [one for one in catalogue if one.category == "data_recovery"]
    assert list(catalogue[: len(recovery)]) == recovery
    assert [one.code for one in recovery] == [
        "dr_evaluation",
        "dr_logical",
        "dr_firmware",
        "dr_clean_room",
        "dr_flash",
        "dr_phone_board",
        "dr_raid_disk",
        "dr_secure_erase",
        "dr_return_medium",
    ]
    assert recovery[0].price_to is not None
    assert not recovery[0].price_to
    assert [one.code for one in recovery if one.no_data_no_fee] == [
        one.code for one in recovery[1:7]
    ]
    assert {one.category for one in catalogue} == set(SERVICE_CATEGORIES)
    assert {one.currency for one in catalogue} == {"EUR"}
    assert len(catalogue) == len(services()) >= 90


async def test_what_is_offered_for_a_device_is_for_its_model_and_its_kind(demo: Store) -> None:
    offered = await demo.list_services(model="iPhone 13 mini")
    names = {one.name for one in offered}
    assert {"iPhone 13 battery", "Phone battery", "Diagnosis"} <= names
    assert not {"iPhone 12 battery", "Galaxy S22 battery", "Laptop battery"} & names


async def test_the_same_seed_makes_the_same_shop_and_another_one_another(
    demo: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = await all_rows(demo)
    for seed, is_same in ((7, True), (8, False)):
        other = await Store.open(
            tmp_path_factory.mktemp("demo") / "crm.sqlite", clock=lambda: START
        )
        await seed_demo(other, PEOPLE, make_staff(), now=START, seed=seed)
        assert (await all_rows(other) == rows) == is_same
        await other.close()
