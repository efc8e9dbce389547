"""Contacts that are deleted in Chatwoot, or forgotten by command: nothing of them stays here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from revivatui.bridge import known, report
from revivatui.bridge.forgetting import forget
from revivatui.bridge.tables import CONTACTS, CONVERSATIONS, INBOX, METADATA, OUTBOX
from revivatui.crm.store import Store
from revivatui.crm.wishes import CustomerWish
from revivatui.shop.db import Row
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import add_webhook, forget_the_past, running_bridge
from tests.bridge.people import delete, merge, new_contact, new_conversation
from tests.bridge.stands import Stand, sink, stand
from tests.bridge.test_command import bridge as command
from tests.bridge.test_merges import customers_of
from tests.support.shops import Stage

NAME = "Hanna Forgettable"
EMAIL = "hanna.forgettable@example.com"


@pytest.fixture
def version() -> str:
    return "4.10.1"


async def rows(store: Store, table: Any) -> list[Any]:
    async with store.reading() as reader:
        return list(await reader.rows(table.select()))


async def everything_kept(store: Store) -> str:
    """All that stands in the bridge's own tables."""
    return str([await rows(store, table) for table in METADATA.sorted_tables])


async def somebody_wrote(stage: Stage, there: Stand) -> tuple[Row, Row]:
    forget_the_past(stage)
    contact = new_contact(stage, name=NAME, email=EMAIL)
    conversation = new_conversation(stage, contact)
    stage.customer_writes(conversation, "My name is Hanna Forgettable")
    await there.catch_up()
    await there.work()
    return contact, conversation


async def test_a_contact_deleted_in_chatwoot_is_forgotten_when_it_is_missed(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    """No webhook tells of it: the next write for the contact finds it gone."""
    forget_the_past(stage)
    contact = new_contact(stage, name=NAME, email=EMAIL)
    async with running_bridge(stage, tmp_path, crm=crm) as there:
        conversation = new_conversation(stage, contact)
        stage.customer_writes(conversation, "hello")
        await there.quiet()
        (customer,) = await customers_of(there.store)
        assert EMAIL in await everything_kept(there.store)
        delete(stage, contact)
        await there.quiet()
        await there.store.upsert_customer(CustomerWish(customer_id=customer.id, notes="Called."))
        await there.quiet()
        kept = await everything_kept(there.store)
        assert NAME not in kept
        assert EMAIL not in kept
        assert await there.rows(CONTACTS) == await there.rows(CONVERSATIONS) == []
        after = await there.store.get_customer(customer.id)
        assert after.email == EMAIL  # the shop's own record is the shop's
        assert "chatwoot_contact_id" not in after.custom_attributes
        key = there.bridge.place.contact(contact["id"])
        assert await there.store.find_customer(external=key) is None


async def test_a_deletion_nobody_asked_about_is_found_at_night(
    stage: Stage, crm: str | Path
) -> None:
    async with stand(stage, crm) as there:
        contact, _ = await somebody_wrote(stage, there)
        delete(stage, contact)
        await there.bridge.reconcile.compare()
        await there.work()
        assert await rows(there.bridge.store, CONTACTS) == []
        assert await there.waiting() == []


async def test_a_server_that_tells_of_a_deletion_is_believed_after_a_look(
    stage: Stage, crm: str | Path
) -> None:
    async with stand(stage, crm) as there:
        contact, _ = await somebody_wrote(stage, there)
        body = {"event": "contact_deleted", "id": contact["id"], "account": {"id": 1}}
        await there.deliver([body])
        await there.work()
        assert len(await rows(there.bridge.store, CONTACTS)) == 1
        delete(stage, contact)
        await there.deliver([body])
        await there.work()
        assert await rows(there.bridge.store, CONTACTS) == []


async def test_what_comes_late_brings_nobody_back(stage: Stage, crm: str | Path) -> None:
    async with sink() as told, stand(stage, crm) as there:
        add_webhook(stage, told.url)
        contact, conversation = await somebody_wrote(stage, there)
        stage.customer_writes(conversation, "One more thing")
        await stage.shop.worker.drain()
        late = told.take()
        assert late
        delete(stage, contact)
        await there.bridge.reconcile.compare()
        await there.work()
        for body in late:
            body["seen_again"] = True
        await there.deliver(late)
        await there.work()
        store = there.bridge.store
        assert await rows(store, CONTACTS) == await rows(store, CONVERSATIONS) == []
        assert len(await customers_of(store)) == 1
        assert NAME not in await everything_kept(store)
        assert await there.waiting() == []


async def test_dead_letters_and_waiting_events_lose_their_words(
    stage: Stage, crm: str | Path
) -> None:
    async with stand(stage, crm) as there:
        contact, conversation = await somebody_wrote(stage, there)
        other = new_conversation(stage, new_contact(stage, name="Somebody Else"))
        stage.customer_writes(conversation, f"I am {NAME}")
        stage.customer_writes(other, "I am somebody else")
        await there.catch_up()
        store = there.bridge.store
        async with store.unit_of_work() as work:
            one = (INBOX.c.event == "message_created") & (INBOX.c.state == "new")
            await work.run(INBOX.update().where(one).values(state="dead"))
        assert NAME in await everything_kept(store)
        async with store.unit_of_work() as work:
            done = await forget(work, there.bridge.place, contact["id"])
        assert done.contact
        assert (done.conversations, done.events) == (1, 2)
        assert "Forgotten: the contact, 1 conversations" in done.words
        kept = await everything_kept(store)
        assert NAME not in kept
        assert "I am somebody else" in kept
        lanes = {row.lane for row in await rows(store, OUTBOX)}
        assert f"1:contact:{contact['id']}" not in lanes
        assert len(await report.letters(store)) == 1  # the other one's


async def test_a_contact_whose_chats_are_not_shown_is_neither_merged_nor_forgotten(
    stage: Stage, crm: str | Path
) -> None:
    """Where a contact is gone and its conversations are hidden, nobody can tell which it was."""
    async with stand(stage, crm) as there:
        contact, conversation = await somebody_wrote(stage, there)
        real = new_contact(stage, name="Hanna Real")
        merge(stage, real, contact)
        refusal = {"error": "You are not authorized to do this action"}
        await stage.order(
            fault="answer", status=401, body=refusal, method="GET",
            path=f"*/conversations/{conversation['display_id']}",
        )  # fmt: skip
        await there.bridge.backfill.miss([contact["id"]])
        await there.work()
        async with there.bridge.store.reading() as reader:
            assert await known.contact(reader, there.bridge.place, contact["id"]) is not None
        await stage.no_more_trouble()
        await there.bridge.backfill.miss([contact["id"]])
        await there.work()
        async with there.bridge.store.reading() as reader:
            assert await known.contact(reader, there.bridge.place, contact["id"]) is None
            assert await known.contact(reader, there.bridge.place, real["id"]) is not None


async def test_the_commands_forget_and_decide(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path / "home")
    async with stand(stage, home.home / "crm.sqlite3") as there:
        contact, conversation = await somebody_wrote(stage, there)
        real = new_contact(stage, name="Hanna Real", email="real@example.com")
        own = new_conversation(stage, real)
        stage.customer_writes(own, "hello")
        await there.catch_up()
        await there.work()
        merge(stage, real, contact)
        await there.catch_up()
        await there.work()
    listed = await command(home, "twins", "list")
    assert f"{NAME} ({EMAIL}) and Hanna Real (real@example.com)" in listed.out, listed.err
    letters = listed.out.split()[0]
    assert "1 pairs of customers" in (await command(home, "status")).out
    merged = await command(home, "twins", "merge", letters[:6])
    assert merged.out == "They are one customer now: Hanna Real.\n", merged.err
    assert (await command(home, "twins", "list")).out == ""
    done = await command(home, "forget", str(real["id"]))
    assert "Forgotten: the contact, 2 conversations" in done.out, done.err
    assert "Delete the contact in Chatwoot too" in done.out
    assert home.ask("SELECT count(*) FROM bridge_contacts") == [(0,)]
    again = await command(home, "forget", str(real["id"]))
    assert "keeps nothing of this contact" in again.out
    wrong = await command(home, "twins", "keep", "nothing")
    assert (wrong.status, wrong.err.count("\n")) == (1, 1)
    assert conversation["display_id"] != own["display_id"]
