"""Single events, and what they may and may not do to the CRM."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from revivatui.bridge import known, report
from revivatui.bridge import news as chat_news
from revivatui.bridge.errors import Junk
from revivatui.bridge.tables import INBOX
from revivatui.bridge.webhook_bodies import news_of
from revivatui.crm.records import Customer
from revivatui.crm.wishes import CustomerWish, LinkWish, TicketWish
from revivatui.shop.actions import contacts
from revivatui.shop.db import Row
from tests.bridge.desks import add_webhook, forget_the_past
from tests.bridge.recorded import FILES, recorded
from tests.bridge.stands import Body, Sink, Stand, picture, sink, stand
from tests.support.shops import Stage

SEED = 4711


class Scene:
    """A stand, one conversation, and the webhooks that the shop sends."""

    def __init__(self, stage: Stage, there: Stand, told: Sink, conversation: Row) -> None:
        self.stage = stage
        self.there = there
        self.store = there.bridge.store
        self.told = told
        self.conversation = conversation
        self.number: int = conversation["display_id"]

    async def bodies(self) -> list[Body]:
        await self.stage.shop.worker.drain()
        return self.told.take()

    async def hear(self) -> None:
        await self.there.deliver(await self.bodies())
        await self.there.work()

    async def customer(self) -> Customer:
        link = await self.store.conversation(self.there.bridge.place.conversation(self.number))
        assert link is not None
        assert link.customer_id is not None
        return await self.store.get_customer(link.customer_id)

    def change_contact(self, **wanted: Any) -> None:
        contact = self.stage.shop.db.get("contacts", self.conversation["contact_id"])
        assert contact is not None
        with self.stage.shop.acting(self.stage.colleague()):
            contacts.update_contact(self.stage.shop, contact, **wanted)


@asynccontextmanager
async def scene(stage: Stage, folder: Path, channel: str = "Channel::Api") -> AsyncIterator[Scene]:
    conversation = stage.conversation(channel)
    forget_the_past(stage, conversation)
    async with sink() as told, stand(stage, folder / "crm.sqlite3") as there:
        add_webhook(stage, told.url)
        yield Scene(stage, there, told, conversation)


async def test_a_message_before_its_conversation_makes_both(stage: Stage, tmp_path: Path) -> None:
    async with scene(stage, tmp_path) as here:
        said = stage.customer_writes(here.conversation, "hello")
        bodies = await here.bodies()
        await here.there.deliver([one for one in bodies if one["event"] == "message_created"])
        await here.there.work()
        seen = await picture(here.there.bridge)
        assert seen["comments"].keys() == {said}
        assert [one[0] for one in seen["tickets"]] == [here.number]


async def test_news_of_before_changes_nothing(stage: Stage, version: str, tmp_path: Path) -> None:
    async with scene(stage, tmp_path) as here:
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        stage.colleague_sets_status(here.conversation, "resolved")
        old = await here.bodies()
        await here.there.deliver(old)
        await here.there.work()
        stage.colleague_sets_status(here.conversation, "open")
        await here.hear()
        for body in old:
            body["seen_again"] = True
        await here.there.deliver(old)
        await here.there.work()
        assert [one[2] for one in (await picture(here.there.bridge))["tickets"]] == ["open"]


async def test_a_ticket_that_the_shop_reopened_stays_open(stage: Stage, tmp_path: Path) -> None:
    """The bridge follows what happens in the chat; it does not hold the ticket to it."""
    async with scene(stage, tmp_path) as here:
        stage.customer_writes(here.conversation, "hello")
        stage.colleague_sets_status(here.conversation, "resolved")
        await here.hear()
        link = await here.store.conversation(here.there.bridge.place.conversation(here.number))
        assert link is not None
        assert link.crm_ticket_id is not None
        await here.store.set_ticket_status(link.crm_ticket_id, "open", actor="counter")
        with stage.shop.acting(stage.colleague()):
            from revivatui.shop.actions import conversations

            conversations.set_labels(stage.shop, stage.reread(here.conversation), ["vip"])
        await here.hear()
        assert (await here.store.get_ticket(link.crm_ticket_id)).ticket.status == "open"


async def test_the_words_of_a_website_message_are_those_that_were_written(
    stage: Stage, tmp_path: Path
) -> None:
    """4.x tells HTML, of notes and older messages without the words themselves."""
    async with scene(stage, tmp_path, "Channel::WebWidget") as here:
        note = stage.colleague_writes(here.conversation, "**bold** & <b>", private=True)
        said = stage.customer_writes(here.conversation, "a\n\nb *c*")
        await here.hear()
        comments = (await picture(here.there.bridge))["comments"]
        assert comments[note][1] == "**bold** & <b>"
        assert comments[said][1] == "a\n\nb *c*"


async def test_a_contact_changes_what_it_gave_and_nothing_else(
    stage: Stage, tmp_path: Path
) -> None:
    async with scene(stage, tmp_path) as here:
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        here.change_contact(name="Second Name", email="second@example.com")
        await here.hear()
        customer = await here.customer()
        assert (customer.name, customer.email) == ("Second Name", "second@example.com")

        await here.store.upsert_customer(
            CustomerWish(customer_id=customer.id, name="As The Counter Wrote")
        )
        here.change_contact(name="Third Name", email="third@example.com")
        await here.hear()
        customer = await here.customer()
        assert (customer.name, customer.email) == ("As The Counter Wrote", "third@example.com")


async def test_a_customer_of_the_shop_is_found_and_keeps_their_name(
    stage: Stage, tmp_path: Path
) -> None:
    async with scene(stage, tmp_path) as here:
        here.change_contact(email="known@example.com")
        await here.bodies()
        there_before = await here.store.upsert_customer(
            CustomerWish(name="Known Since Long", email="KNOWN@example.com", source="counter")
        )
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        customer = await here.customer()
        assert customer.id == there_before.id
        assert (customer.name, customer.source) == ("Known Since Long", "counter")
        here.change_contact(name="Other Name")
        await here.hear()
        assert (await here.customer()).name == "Known Since Long"


async def test_two_customers_with_one_address_are_not_guessed_between(
    stage: Stage, tmp_path: Path
) -> None:
    async with scene(stage, tmp_path) as here:
        here.change_contact(email="shared@example.com")
        await here.bodies()
        twins = [
            await here.store.upsert_customer(CustomerWish(name=f"Twin {one}", phone=f"55501{one}"))
            for one in (11, 12)
        ]
        for one in twins:
            wish = CustomerWish(customer_id=one.id, email="shared@example.com")
            await here.store.upsert_customer(wish)
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        customer = await here.customer()
        assert customer.id not in {one.id for one in twins}
        assert customer.email == ""
        assert set(customer.custom_attributes["may_be_customers"]) == {one.id for one in twins}
        assert await here.there.waiting() == []


async def test_a_conversation_that_somebody_linked_keeps_its_ticket(
    stage: Stage, tmp_path: Path
) -> None:
    async with scene(stage, tmp_path) as here:
        owner = await here.store.upsert_customer(CustomerWish(name="Owner"))
        ticket = await here.store.create_ticket(TicketWish(owner.id, "From the counter"))
        key = here.there.bridge.place.conversation(here.number)
        await here.store.link_conversation(
            LinkWish(key, linked_by="agent", ticket_id=ticket.id, customer_id=owner.id)
        )
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        found = await here.store.get_ticket(ticket.id)
        assert [one.content for one in found.comments] == ["hello"]
        assert found.ticket.title == "From the counter"


async def test_an_answer_that_comes_before_its_question_is_masked_in_the_end(
    stage: Stage, tmp_path: Path
) -> None:
    async with scene(stage, tmp_path) as here:
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        stage.colleague_writes(here.conversation, "What is the passcode?")
        stage.customer_writes(here.conversation, "4711")
        said = [one for one in await here.bodies() if one["event"] == "message_created"]
        await here.there.deliver([said[1]])
        await here.there.work()
        await here.there.deliver([said[0]])
        await here.there.work()
        assert "4711" not in str((await picture(here.there.bridge))["comments"])


async def test_an_event_that_fails_by_itself_is_put_aside_and_holds_up_nobody(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from revivatui.bridge.handlers import Handlers

    plan = Handlers._plan

    async def fail_on_poison(self: Handlers, news: Any, held: Any) -> Any:
        if news.message is not None and news.message.content == "poison":
            raise RuntimeError("this one cannot be dealt with")
        return await plan(self, news, held)

    monkeypatch.setattr(Handlers, "_plan", fail_on_poison)
    async with scene(stage, tmp_path) as here:
        stage.customer_writes(here.conversation, "poison")
        after = stage.customer_writes(here.conversation, "hello")
        await here.hear()
        assert (await picture(here.there.bridge))["comments"] == {}
        for _ in range(3):
            stage.shop.clock.advance(31)
            await here.there.work()
        assert (await picture(here.there.bridge))["comments"].keys() == {after}
        (dead,) = await report.letters(here.store)
        assert (dead.what, dead.error, dead.tries) == ("message_created", "RuntimeError", 3)
        assert not any("poison" in line for line in report.told(dead))

        monkeypatch.setattr(Handlers, "_plan", plan)
        await report.retry(here.store, dead)
        await here.there.work()
        assert len((await picture(here.there.bridge))["comments"]) == 2


async def test_while_the_server_cannot_be_asked_its_events_wait_in_order(
    stage: Stage, tmp_path: Path
) -> None:
    async with scene(stage, tmp_path) as here:
        said = stage.customer_writes(here.conversation, "hello")
        bodies = await here.bodies()
        await stage.order(fault="500", path="*/conversations/*")
        await here.there.deliver(bodies)
        await here.there.work()
        assert (await picture(here.there.bridge))["comments"] == {}
        await stage.no_more_trouble()
        stage.shop.clock.advance(6)
        await here.there.work()
        assert (await picture(here.there.bridge))["comments"].keys() == {said}
        assert await here.there.waiting() == []


@pytest.mark.parametrize("name", FILES)
def test_every_recorded_body_survives_the_inbox(version: str, name: str) -> None:
    for body in recorded(version, name):
        news = news_of(body)
        if news is None:
            assert "typing" in body["event"] or body["event"] == "webwidget_triggered"
            continue
        text = chat_news.dump(news)
        assert chat_news.load(text) == news
        for secret in ("pubsub_token", "source_id"):
            assert secret not in text
        token = body.get("contact_inbox", {}).get("pubsub_token")
        assert token is None or token not in text


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    float("inf"),
    "",
    "x",
    "\ud800\x1b[31m",
    [],
    [None],
    {},
    {"id": {}},
)


@pytest.mark.parametrize("name", FILES)
def test_no_body_is_too_odd_for_the_door(version: str, name: str) -> None:
    """Whatever stands where: news that survive the inbox, nothing, or junk; never an error."""
    random = Random(SEED)
    for body in recorded(version, name) * 6:
        odd = json.loads(json.dumps(body))
        for _ in range(random.randint(1, 3)):
            _spoil(odd, random)
        try:
            news = news_of(odd)
        except Junk:
            continue
        if news is not None:
            assert chat_news.load(chat_news.dump(news)) == news
            chat_news.dump(news).encode()


def _spoil(value: Any, random: Random) -> None:
    """Put something odd somewhere into a body."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = random.choice(keys)
        inner = value[key]
        if isinstance(inner, (dict, list)) and inner and random.random() < 0.7:
            value = inner
            continue
        value[key] = random.choice(ODD)
        return


def test_broken_rows_of_the_inbox_are_junk() -> None:
    for text in ("", "[]", "{}", '{"event": 1, "chat": 5}', '{"event": "x", "message": {}}'):
        with pytest.raises(Junk):
            chat_news.load(text)


async def test_what_is_kept_of_the_bridge_is_read_again(stage: Stage, tmp_path: Path) -> None:
    async with scene(stage, tmp_path) as here:
        async with here.store.unit_of_work() as work:
            await known.keep_fact(work, "name", "one")
            await known.keep_fact(work, "name", "two")
            assert await known.fact(work, "name") == "two"
            await known.expect_echo(work, "mark", 1000.0)
            assert await known.is_echo(work, "mark", 1000.0 + known.ECHO_SECONDS)
            assert not await known.is_echo(work, "mark", 1001.0 + known.ECHO_SECONDS)
        async with here.store.reading() as reader:
            assert await reader.rows(INBOX.select()) == []


async def test_what_happened_twice_in_one_second_is_no_repeat(
    stage: Stage, version: str, tmp_path: Path
) -> None:
    """3.9.0 tells no moment of a status: resolved, opened and resolved again look like a repeat."""
    if version != "3.9.0":
        pytest.skip("4.x tells the moment")
    async with scene(stage, tmp_path) as here:
        stage.customer_writes(here.conversation, "hello")
        await here.hear()
        stage.colleague_sets_status(here.conversation, "resolved")
        resolved = await here.bodies()
        await here.there.deliver(resolved)
        await here.there.work()
        stage.colleague_sets_status(here.conversation, "open")
        await here.hear()
        stage.colleague_sets_status(here.conversation, "resolved")
        await here.bodies()
        await here.there.deliver(resolved)
        await here.there.work()
        assert [one[2] for one in (await picture(here.there.bridge))["tickets"]] == ["resolved"]
