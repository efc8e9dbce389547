"""Contacts that are merged in Chatwoot: the customer's links follow, nobody is doubled, and two
customers who turn out to be one are told of and left as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from revivatui.bridge import known, report, twins
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.tables import CONTACTS, CONVERSATIONS
from revivatui.crm.records import Customer
from revivatui.crm.store import Store
from revivatui.crm.store.shapes import CUSTOMER
from revivatui.crm.store.tables import CUSTOMERS
from revivatui.crm.wishes import CustomerWish
from revivatui.shop.db import Row
from tests.bridge.desks import There, attributes_of, forget_the_past, running_bridge
from tests.bridge.people import merge, new_contact, new_conversation
from tests.bridge.stands import Stand, stand
from tests.support.shops import Stage


async def customers_of(store: Store) -> list[Customer]:
    """Those who are somebody of their own."""
    async with store.reading() as reader:
        rows = await reader.rows(select(CUSTOMERS).where(CUSTOMERS.c.merged_into_id.is_(None)))
    return [CUSTOMER.read(row) for row in rows]


async def column(store: Store, wanted: Any) -> list[int]:
    async with store.reading() as reader:
        return sorted(row[0] for row in await reader.rows(select(wanted)))


def two(stage: Stage) -> tuple[Row, Row]:
    """A visitor without a name, and who that visitor turns out to be."""
    forget_the_past(stage)
    visitor = new_contact(stage, name="Silent Fog")
    real = new_contact(stage, name="Ana Real", email="ana@example.com")
    return visitor, real


async def link_of(there: There | Stand, row: Row) -> Any:
    place = there.bridge.place
    found = await there.bridge.store.conversation(place.conversation(row["display_id"]))
    assert found is not None
    return found


async def test_a_merge_is_followed_with_the_next_word_of_the_customer(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    visitor, real = two(stage)
    async with running_bridge(stage, tmp_path, crm=crm) as there:
        first, second = (new_conversation(stage, visitor) for _ in range(2))
        stage.customer_writes(first, "hello")
        stage.customer_writes(second, "hello again")
        await there.quiet()
        merge(stage, real, visitor)
        await there.quiet()
        stage.customer_writes(stage.reread(first), "it is me")
        await there.quiet()
        (customer,) = await customers_of(there.store)
        assert (customer.name, customer.email) == ("Ana Real", "ana@example.com")
        assert customer.custom_attributes["chatwoot_contact_id"] == real["id"]
        assert await column(there.store, CONTACTS.c.contact_id) == [real["id"]]
        assert set(await column(there.store, CONVERSATIONS.c.contact_id)) == {real["id"]}
        for row in (first, second):
            link = await link_of(there, row)
            assert (link.contact_id, link.customer_id) == (real["id"], customer.id)
        key = there.bridge.place.contact(real["id"])
        assert (await there.store.find_customer(external=key)) == customer
        assert attributes_of(stage, "contacts", real["id"])["customer_id"] == customer.id
        assert await twins.listed(there.store) == []


async def test_a_merge_that_nothing_tells_is_caught_up_with(
    stage: Stage, version: str, crm: str | Path
) -> None:
    visitor, real = two(stage)
    async with stand(stage, crm) as there:
        row = new_conversation(stage, visitor)
        stage.customer_writes(row, "hello")
        await there.catch_up()
        await there.work()
        merge(stage, real, visitor)
        await there.catch_up()
        await there.work()
        (customer,) = await customers_of(there.bridge.store)
        assert customer.email == "ana@example.com"
        assert (await link_of(there, row)).contact_id == real["id"]
        assert await there.waiting() == []


async def test_whoever_writes_first_after_a_merge_is_the_customer_of_before(
    stage: Stage, crm: str | Path
) -> None:
    """A new conversation of the contact that is left comes before any word of the old one."""
    visitor, real = two(stage)
    async with stand(stage, crm) as there:
        old = new_conversation(stage, visitor)
        stage.customer_writes(old, "hello")
        await there.catch_up()
        await there.work()
        (before,) = await customers_of(there.bridge.store)
        merge(stage, real, visitor)
        new = new_conversation(stage, real)
        stage.customer_writes(new, "hello from my account")
        # Only of the new one is heard.
        stage.shop.db.execute("UPDATE conversations SET updated_at = 1 WHERE id = ?", (old["id"],))
        await there.catch_up()
        await there.work()
        (customer,) = await customers_of(there.bridge.store)
        assert customer.id == before.id
        for row in (old, new):
            assert (await link_of(there, row)).customer_id == before.id


async def test_two_customers_who_turn_out_to_be_one_are_told_of_and_left(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    visitor, real = two(stage)
    async with running_bridge(stage, tmp_path, crm=crm) as there:
        mine, theirs = new_conversation(stage, visitor), new_conversation(stage, real)
        stage.customer_writes(mine, "hello")
        stage.customer_writes(theirs, "good morning")
        await there.quiet()
        by_name = {one.name: one for one in await customers_of(there.store)}
        merge(stage, real, visitor)
        for text in ("it is me", "hello?"):
            stage.customer_writes(stage.reread(mine), text)
            await there.quiet()
        assert len(await customers_of(there.store)) == 2
        link = await link_of(there, mine)
        assert (link.contact_id, link.customer_id) == (real["id"], by_name["Ana Real"].id)
        ticket = await there.store.get_ticket(link.crm_ticket_id)
        assert ticket.ticket.customer_id == by_name["Silent Fog"].id
        notes = stage.shop.db.all("SELECT * FROM messages WHERE private ORDER BY id")
        assert len(notes) == 1
        assert "two customers, Silent Fog and Ana Real" in notes[0]["content"]
        (pair,) = await twins.listed(there.store)
        assert (pair.old.name, pair.new.name) == ("Silent Fog", "Ana Real")
        assert any("1 pairs" in one for one in await report.status(there.store, 0.0))
        await twins.merge(there.store, await twins.one(there.store, pair.id[:8]))
        assert await twins.listed(there.store) == []
        assert [one.name for one in await customers_of(there.store)] == ["Ana Real"]
        ticket = await there.store.get_ticket(link.crm_ticket_id)
        assert ticket.ticket.customer_id == by_name["Ana Real"].id


async def test_a_pair_that_somebody_keeps_apart_is_not_told_of_again(
    stage: Stage, crm: str | Path
) -> None:
    visitor, real = two(stage)
    async with stand(stage, crm) as there:
        store = there.bridge.store
        counter = await store.upsert_customer(
            CustomerWish(name="Ana of the counter", email="ANA@example.com")
        )
        row = new_conversation(stage, visitor)
        stage.customer_writes(row, "hello")
        await there.catch_up()
        await there.work()
        merge(stage, real, visitor)
        await there.catch_up()
        await there.work()
        assert (await link_of(there, row)).customer_id == counter.id
        (pair,) = await twins.listed(store)
        assert pair.new.id == counter.id
        await twins.keep_apart(store, pair)
        assert await twins.listed(store) == []
        with pytest.raises(BridgeError, match="no pair"):
            await twins.one(store, pair.id)
        assert len(await customers_of(store)) == 2


async def test_a_customer_whom_somebody_chose_for_a_chat_stays(
    stage: Stage, crm: str | Path
) -> None:
    from revivatui.crm.wishes import LinkWish

    visitor, real = two(stage)
    async with stand(stage, crm) as there:
        store = there.bridge.store
        row = new_conversation(stage, visitor)
        stage.customer_writes(row, "hello")
        await there.catch_up()
        await there.work()
        chosen = await store.upsert_customer(CustomerWish(name="The firm"))
        key = there.bridge.place.conversation(row["display_id"])
        await store.link_conversation(LinkWish(key, customer_id=chosen.id))
        merge(stage, real, visitor)
        await there.catch_up()
        await there.work()
        link = await link_of(there, row)
        assert (link.contact_id, link.customer_id) == (real["id"], chosen.id)


async def test_an_old_telling_moves_no_conversation_back(stage: Stage, crm: str | Path) -> None:
    from tests.bridge.desks import add_webhook
    from tests.bridge.stands import sink

    visitor, real = two(stage)
    async with sink() as told, stand(stage, crm) as there:
        add_webhook(stage, told.url)
        row = new_conversation(stage, visitor)
        stage.customer_writes(row, "hello")
        await stage.shop.worker.drain()
        old = told.take()
        await there.deliver(old)
        await there.work()
        merge(stage, real, visitor)
        await there.catch_up()
        await there.work()
        for body in old:
            body["seen_again"] = True
        await there.deliver(old)
        await there.work()
        assert (await link_of(there, row)).contact_id == real["id"]
        assert len(await customers_of(there.bridge.store)) == 1
        assert await there.waiting() == []


async def test_a_merge_long_after_the_last_word_is_found_at_night(
    stage: Stage, crm: str | Path
) -> None:
    visitor, real = two(stage)
    async with stand(stage, crm) as there:
        row = new_conversation(stage, visitor)
        stage.customer_writes(row, "hello")
        await there.catch_up()
        await there.work()
        stage.shop.clock.advance(30 * 86_400.0)
        merge(stage, real, visitor)
        await there.bridge.reconcile.compare()
        await there.work()
        assert (await link_of(there, row)).contact_id == real["id"]
        async with there.bridge.store.reading() as reader:
            kept = await known.contact(reader, there.bridge.place, real["id"])
        assert kept is not None
