"""Rules by the clock and by quotes: each acts once for each repair or quote and its state, in the
customer's chat; what a customer would read is a draft unless the rule says otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from revivatui.bridge import daemon
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.rules import Rules, load
from revivatui.bridge.tables import FIRED, OUTBOX
from revivatui.crm.records_repairs import Repair
from revivatui.crm.store import Store
from revivatui.crm.wishes import CustomerWish, LinkWish, RepairChange
from revivatui.shop.db import Row
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import SETTINGS, forget_the_past, running_bridge
from tests.bridge.people import new_contact, new_conversation
from tests.bridge.stands import Stand, stand
from tests.bridge.test_command import bridge as command
from tests.crm.build import House, make_house, make_phone, quote_for, take_in, walk_to
from tests.support.shops import Stage

DAY, HOUR = 86_400.0, 3600.0
LATE = """
[[rule]]
name = "late"
when = "promise_passed"
note = "{repair} ({device}) was promised for {promised}: call {customer}."
priority = "high"
"""
READY = """
[[rule]]
name = "unclaimed"
when = "ready"
days = 5
message = "Hello {customer}, your {device} is ready for {days} days."
"""
STILL = """
[[rule]]
name = "still"
when = "no_movement"
hours = 48
label = "stuck"
note = "Nothing happened to {repair} for {days} days."
"""
QUOTES = """
[[rule]]
name = "sent"
when = "quote_sent"
note = "{quote} over {total} is out."

[[rule]]
name = "silent"
when = "quote_sent"
hours = 48
note = "No answer to {quote}."

[[rule]]
name = "yes"
when = "quote_approved"
note = "{quote} approved: order parts for {repair}."

[[rule]]
name = "no"
when = "quote_declined"
note = "{quote} declined."

[[rule]]
name = "ends"
when = "quote_expiring"
days = 2
message = "Our quote {quote} ends on {valid_until}."
may_send = true
"""


@pytest.fixture
def version() -> str:
    return "4.10.1"


def rules(folder: Path, text: str) -> Rules:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


class Bench:
    """A bridge whose one customer wrote, and that customer's phone at the bench. The bridge's time
    stands still and is moved by hand; the store's own is the real one."""

    def __init__(self, stage: Stage, there: Stand, chat: Row, house: House) -> None:
        self.stage = stage
        self.there = there
        self.chat = chat
        self.house = house
        self.store: Store = there.bridge.store

    async def look(self, later: float = 0.0) -> list[str]:
        """Let the bridge work some seconds later; gives all that was written into the chat."""
        self.stage.shop.clock.advance(later)
        await self.there.bridge.settle()
        self.stage.shop.clock.advance(61)
        await self.there.bridge.settle()
        return self.written()

    def written(self) -> list[str]:
        rows = self.stage.shop.db.all(
            "SELECT * FROM messages WHERE message_type = 'outgoing' AND conversation_id = ?"
            " ORDER BY id",
            (self.chat["id"],),
        )
        return [f"{'note' if row['private'] else 'PUBLIC'}: {row['content']}" for row in rows]


@asynccontextmanager
async def bench(stage: Stage, folder: Path, crm: str | Path, text: str) -> AsyncIterator[Bench]:
    forget_the_past(stage)
    stage.shop.clock.freeze()
    settings = replace(SETTINGS, rules=rules(folder, text))
    async with stand(stage, crm, settings=settings) as there:
        chat = new_conversation(stage, new_contact(stage, name="Ana"))
        stage.customer_writes(chat, "hello")
        await there.catch_up()
        await there.work()
        yield Bench(stage, there, chat, await _house(there, chat))


async def _house(there: Any, chat: Row) -> House:
    store: Store = there.bridge.store
    link = await store.conversation(there.bridge.place.conversation(chat["display_id"]))
    assert link is not None
    assert link.customer_id is not None
    house = await make_house(store)
    customer = await store.get_customer(link.customer_id)
    phone = await store.save_device(replace(house.phone, id="", customer_id=customer.id))
    return House(house.shop, house.second_shop, house.technician, customer, phone)


def now() -> datetime:
    return datetime.now(UTC)


async def promised(here: Bench, repair: Repair, moment: datetime) -> Repair:
    wish = RepairChange(promised_at=moment)
    return await here.store.change_repair(repair.id, wish, version=repair.version, actor="counter")


async def test_a_promise_that_passed_is_told_once_and_a_new_one_again(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    async with bench(stage, tmp_path, crm, LATE) as here:
        first = now() + timedelta(hours=2)
        repair = await take_in(here.store, here.house, promised_at=first)
        assert await here.look() == []
        told = await here.look(2.5 * HOUR)
        day = first.astimezone(UTC).date().isoformat()
        assert told == [f"note: {repair.number} (iPhone 13) was promised for {day}: call Ana."]
        assert stage.reread(here.chat)["priority"] == "high"
        assert await here.look(HOUR) == told
        await promised(here, repair, now() + timedelta(hours=10))
        assert await here.look() == told
        assert len(await here.look(10 * HOUR)) == 2


async def test_what_is_ready_in_time_or_long_late_sets_nothing_off(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    async with bench(stage, tmp_path, crm, LATE) as here:
        old = now() - timedelta(days=30)
        await take_in(here.store, here.house, promised_at=old)
        done = await take_in(here.store, here.house, promised_at=now() + timedelta(hours=1))
        await walk_to(here.store, done, "ready")
        assert await here.look(2 * HOUR) == []


async def test_what_a_customer_would_read_is_a_draft_for_the_agents(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    async with bench(stage, tmp_path, crm, READY) as here:
        await walk_to(here.store, await take_in(here.store, here.house), "ready")
        assert await here.look(4 * DAY) == []
        told = await here.look(1.1 * DAY)
        assert told == [
            "note: Draft for the customer, not sent (rule unclaimed):\n\n"
            "Hello Ana, your iPhone 13 is ready for 5 days."
        ]
        assert await here.look(DAY) == told
        async with here.store.unit_of_work() as work:  # a dead letter that was dropped, or old
            await work.run(OUTBOX.delete())
        assert await here.look(HOUR) == told


async def test_what_stands_still_is_told_once_in_each_state(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    async with bench(stage, tmp_path, crm, STILL) as here:
        repair = await walk_to(here.store, await take_in(here.store, here.house), "diagnosing")
        assert await here.look(47 * HOUR) == []
        told = await here.look(2 * HOUR)
        assert told == [f"note: Nothing happened to {repair.number} for 2 days."]
        assert "stuck" in (stage.reread(here.chat)["cached_label_list"] or "")
        assert await here.look(HOUR) == told
        repair = await walk_to(here.store, repair, "in_repair")
        assert len(await here.look()) == 2  # the store's time is behind: that state is as old


async def test_quotes_are_followed_from_sending_to_their_answer(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    async with bench(stage, tmp_path, crm, QUOTES) as here:
        store = here.store
        repair = await walk_to(store, await take_in(store, here.house), "diagnosing")
        end = now() + timedelta(days=10)
        quote = await quote_for(store, repair, valid_until=end)
        assert await here.look() == []
        quote = await store.send_quote(quote.id, version=quote.version, actor="bench")
        told = [f"note: {quote.number} over {quote.total_cost} is out."]
        assert await here.look() == told
        told.append(f"note: No answer to {quote.number}.")
        assert await here.look(48 * HOUR) == told
        day = end.astimezone(ZoneInfo("Europe/Lisbon")).date().isoformat()
        ends = f"PUBLIC: Our quote {quote.number} ends on {day}."
        assert await here.look(6.2 * DAY) == [*told, ends]
        await store.decide_quote(quote.id, approved=True, version=quote.version, actor="counter")
        stage.shop.clock.advance(now().timestamp() - stage.shop.clock.now())
        final = f"note: {quote.number} approved: order parts for {repair.number}."
        assert (await here.look())[3:] == [final]
        assert (await here.look())[3:] == [final]


async def test_a_declined_quote_is_told_and_a_message_that_is_not_whole_is_not_sent(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    text = QUOTES.replace('when = "quote_expiring"\ndays = 2', 'when = "quote_declined"')
    async with bench(stage, tmp_path, crm, text) as here:
        repair = await walk_to(here.store, await take_in(here.store, here.house), "diagnosing")
        quote = await quote_for(here.store, repair)  # without an end
        quote = await here.store.send_quote(quote.id, version=quote.version, actor="bench")
        await here.store.decide_quote(
            quote.id, approved=False, version=quote.version, actor="counter"
        )
        told = await here.look()
        assert f"note: {quote.number} declined." in told
        draft = f"Our quote {quote.number} ends on …."
        assert f"note: Draft for the customer, not sent (rule ends):\n\n{draft}" in told
        assert not any(one.startswith("PUBLIC") for one in told)


async def test_a_chat_of_somebody_else_gets_a_draft_and_no_message(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    """The repair's ticket is the chat's, the chat was given to another customer."""
    text = READY + "may_send = true\n"
    async with bench(stage, tmp_path, crm, text) as here:
        key = here.there.bridge.place.conversation(here.chat["display_id"])
        link = await here.store.conversation(key)
        assert link is not None
        repair = await take_in(here.store, here.house, ticket_id=link.crm_ticket_id)
        await walk_to(here.store, repair, "ready")
        other = await here.store.upsert_customer(CustomerWish(name="Somebody Else"))
        await here.store.link_conversation(LinkWish(key, customer_id=other.id))
        (told,) = await here.look(5.1 * DAY)
        assert told.startswith("note: Draft for the customer")
        await here.store.link_conversation(LinkWish(key, customer_id=here.house.customer.id))
        again = await take_in(here.store, here.house, ticket_id=link.crm_ticket_id)
        await walk_to(here.store, again, "ready")
        assert (await here.look())[1].startswith("PUBLIC: Hello Ana, your iPhone 13 is ready")


async def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    stage: Stage, tmp_path: Path, crm: str | Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "revivatui.bridge")
    async with bench(stage, tmp_path, crm, "dry_run = true\n" + READY + LATE) as here:
        repair = await walk_to(here.store, await take_in(here.store, here.house), "ready")
        for _ in range(3):
            assert await here.look(1.8 * DAY) == []
        line = f"would write a draft in #{here.chat['display_id']}"
        said = [one for one in caplog.messages if line in one]
        assert len(said) == 1
        assert f"rule unclaimed: {repair.number}" in said[0]
        async with here.store.reading() as reader:
            assert list(await reader.rows(FIRED.select())) == []


async def test_a_customer_without_a_chat_is_written_to_nowhere(
    stage: Stage, tmp_path: Path, crm: str | Path
) -> None:
    async with bench(stage, tmp_path, crm, LATE) as here:
        customer = await here.store.upsert_customer(CustomerWish(name="Of the counter"))
        phone = await make_phone(here.store, customer, "SERIAL-2")
        other = replace(here.house, customer=customer, phone=phone)
        await take_in(here.store, other, promised_at=now() + timedelta(hours=1))
        assert await here.look(2 * HOUR) == []
        async with here.store.reading() as reader:
            assert list(await reader.rows(FIRED.select())) == []


async def test_a_sent_message_whose_answer_was_lost_is_not_sent_again(
    stage: Stage, version: str, shop_template: Any, tmp_path: Path
) -> None:
    """Also where the server keeps no mark of it: 3.9, in an e-mail inbox."""
    from tests.support.shops import running_shop

    async with running_shop(shop_template("3.9.0"), tmp_path / "old") as old:
        text = QUOTES.replace("days = 2", "days = 20")
        async with bench(old, tmp_path, tmp_path / "crm.sqlite3", text) as here:
            old.shop.db.execute("UPDATE inboxes SET channel_type = 'Channel::Email'")
            repair = await walk_to(here.store, await take_in(here.store, here.house), "diagnosing")
            quote = await quote_for(here.store, repair, valid_until=now() + timedelta(days=10))
            await here.store.send_quote(quote.id, version=quote.version, actor="bench")
            await old.order(fault="drop after", method="POST", path="*/messages", count=2)
            await here.look()
            await here.look(3 * 61)
            told = await here.look(10 * 61)
            assert len([one for one in told if one.startswith("PUBLIC")]) == 1
            assert len(told) == 2


async def test_a_bridge_at_work_looks_by_itself(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "CLOCK_SECONDS", 0.05)
    forget_the_past(stage)
    settings = replace(SETTINGS, rules=rules(tmp_path, LATE))
    async with running_bridge(stage, tmp_path, settings) as there:
        chat = new_conversation(stage, new_contact(stage, name="Ana"))
        stage.customer_writes(chat, "hello")
        await there.quiet()
        house = await _house(there, chat)
        await take_in(there.store, house, promised_at=now() - timedelta(minutes=1))
        while not await there.rows(FIRED):
            await there.quiet()
        await there.quiet()
        notes = stage.shop.db.all("SELECT content FROM messages WHERE private")
        assert len(notes) == 1


async def test_the_command_says_what_is_due(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path / "home")
    rules(home.home, LATE + READY)
    with (home.home / "revivatui.toml").open("a") as settings:
        settings.write(f'rules = "{home.home / "rules.toml"}"\n')
    forget_the_past(stage)
    async with stand(stage, home.home / "crm.sqlite3") as there:
        chat = new_conversation(stage, new_contact(stage, name="Ana"))
        stage.customer_writes(chat, "hello")
        await there.catch_up()
        await there.work()
        house = await _house(there, chat)
        passed = now() - timedelta(hours=1)
        repair = await take_in(there.bridge.store, house, promised_at=passed)
    stage.forget_asked()
    answer = await command(home, "rules", "--due")
    assert answer.status == 0, answer.err
    assert "late: when the promised moment has passed, note" in answer.out
    assert "unclaimed: when a repair is ready for 5 days, message" in answer.out
    does = f"would set note, set priority in #{chat['display_id']}"
    assert f"late: {repair.number} (" in answer.out
    assert does in answer.out
    assert stage.asked() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when='no_movement'\nnote='n'", "needs 'hours' or 'days'"),
        ("when='ready'\nnote='n'\ndays=-1", "a year at most"),
        ("when='ready'\nnote='n'\ncontains=['x']", "says nothing about 'ready'"),
        ("when='message'\nnote='n'\nhours=1", "says nothing about 'message'"),
        ("when='ready'\nnote='{quote}'", "there is no {quote}; known: customer"),
        ("when='quote_sent'\nnote='n'\nstatus='ready'", "of a rule about repairs"),
        ("when='ready'\nnote='n'\nmay_send=true", "is for a 'message'"),
        ("when='reddy'\nnote='n'", "one of promise_passed"),
    ],
)
def test_a_mistake_in_a_rule_by_the_clock_is_named(
    text: str, words: str, version: str, tmp_path: Path
) -> None:
    with pytest.raises(BadBridgeSettings, match=words):
        rules(tmp_path, f"[[rule]]\nname='x'\n{text}")
