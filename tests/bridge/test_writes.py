"""What becomes of writes that fail, and what of the CRM is written at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from revivatui.bridge import report
from revivatui.bridge.attributes import MOST_BYTES, of_contact
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.outbox_worker import PAUSE
from revivatui.bridge.retrying import SCHEDULE, Breaker, Budget, inbox_wait, jittered
from revivatui.bridge.tables import OUTBOX
from revivatui.shop.db import Row
from tests.bridge.desks import attributes_of, forget_the_past
from tests.bridge.disorder import Life
from tests.bridge.stands import Stand, stand
from tests.crm.build import House, make_house, quote_for, take_in, walk_to
from tests.support.shops import Stage

SEED = 429
CONTACT = {"method": "PUT", "path": "*/contacts/*"}


@pytest.fixture
def version() -> str:
    return "4.10.1"


@asynccontextmanager
async def one_write_waiting(stage: Stage, folder: Path) -> AsyncIterator[tuple[Stand, Row]]:
    """A customer wrote; the contact's attributes are to be written. Time stands still."""
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    stage.shop.clock.freeze()
    async with stand(stage, folder / "crm.sqlite3") as there:
        stage.customer_writes(conversation, "hello")
        await there.catch_up()
        await there.work()
        yield there, conversation


async def send(there: Stand) -> None:
    await there.bridge.outbox.settle()


async def contact_write(there: Stand) -> Any:
    async with there.bridge.store.reading() as reader:
        return await reader.row(OUTBOX.select().where(OUTBOX.c.type == "contact_attributes"))


async def test_a_failing_server_is_asked_again_later_and_later(
    stage: Stage, tmp_path: Path
) -> None:
    async with one_write_waiting(stage, tmp_path) as (there, _):
        await stage.order(fault="500", **CONTACT)
        for number, wait in enumerate(SCHEDULE, 1):
            await send(there)
            row = await contact_write(there)
            assert (row.state, row.attempts) == ("new", number)
            assert row.next_at - stage.shop.clock.now() == pytest.approx(wait, rel=0.21)
            stage.shop.clock.advance(wait * 1.25 + 31)
        await send(there)
        assert (await contact_write(there)).state == "dead"

        await stage.no_more_trouble()
        (dead,) = await report.letters(there.bridge.store)
        assert "failed (500)" in dead.error
        await report.retry(there.bridge.store, dead)
        stage.shop.clock.advance(31)
        await send(there)
        assert (await contact_write(there)).state == "done"


async def test_a_refused_sign_in_pauses_everything_and_burns_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    async with one_write_waiting(stage, tmp_path) as (there, conversation):
        refusal = {"errors": ["You need to sign in"]}
        await stage.order(fault="answer", status=401, body=refusal, count=1, **CONTACT)
        await send(there)
        assert ((await contact_write(there)).state, stage.asked("PUT")) == (
            "new",
            [f"/api/v1/accounts/1/contacts/{conversation['contact_id']}"],
        )
        assert any(one.startswith("paused") for one in await report.status(there.bridge.store, 0))
        await send(there)
        assert len(stage.asked("PUT")) == 1
        stage.shop.clock.advance(PAUSE + 1)
        await send(there)
        row = await contact_write(there)
        assert (row.state, row.attempts) == ("done", 0)
        paused = [one for one in await report.status(there.bridge.store, 0) if "paused" in one]
        assert paused == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"error": "Resource could not be found"}),
        (422, {"message": "Nope", "attributes": ["x"]}),
        (401, {"error": "You are not authorized to do this action"}),
    ],
)
async def test_what_can_never_work_is_a_dead_letter_at_once(
    stage: Stage, tmp_path: Path, status: int, body: dict[str, Any]
) -> None:
    async with one_write_waiting(stage, tmp_path) as (there, _):
        await stage.order(fault="answer", status=status, body=body, **CONTACT)
        await send(there)
        (dead,) = await report.letters(there.bridge.store)
        assert str(body.get("error") or body.get("message")) in dead.error
        assert (await report.letter(there.bridge.store, dead.id[:12])).id == dead.id
        with pytest.raises(BridgeError, match="no dead letter"):
            await report.letter(there.bridge.store, "out-nothing")
        await report.drop(there.bridge.store, dead)
        assert await report.letters(there.bridge.store) == []


async def test_too_many_requests_wait_as_long_as_the_server_wants(
    stage: Stage, tmp_path: Path
) -> None:
    async with one_write_waiting(stage, tmp_path) as (there, _):
        await stage.order(fault="429", count=1, **CONTACT)
        await send(there)
        row = await contact_write(there)
        assert (row.state, row.attempts) == ("new", 0)
        assert 0 < row.next_at - stage.shop.clock.now() <= 60
        stage.shop.clock.advance(61)
        await send(there)
        assert (await contact_write(there)).state == "done"


async def test_a_storm_of_refusals_passes_and_nothing_is_given_up(
    stage: Stage, tmp_path: Path
) -> None:
    forget_the_past(stage)
    stage.shop.clock.freeze()
    life = Life(stage, SEED)
    async with stand(stage, tmp_path / "crm.sqlite3") as there:
        for _ in range(8):
            life.new_conversation()
        await there.catch_up()
        await there.work()
        await stage.order(fault="429", chance=0.5)
        for _ in range(12):
            await send(there)
            stage.shop.clock.advance(61)
        await stage.no_more_trouble()
        await send(there)
        async with there.bridge.store.reading() as reader:
            rows = await reader.rows(OUTBOX.select())
        assert len(rows) == 16
        assert {(row.state, row.attempts) for row in rows} == {("done", 0)}, f"seed {SEED}"


async def test_a_change_in_the_crm_shows_in_chatwoot(stage: Stage, tmp_path: Path) -> None:
    async with one_write_waiting(stage, tmp_path) as (there, conversation):
        store = there.bridge.store
        await there.bridge.settle()
        link = await store.conversation(there.bridge.place.conversation(conversation["display_id"]))
        assert link is not None
        assert link.customer_id is not None
        house = await make_house(store)
        customer = await store.get_customer(link.customer_id)
        phone = await store.save_device(_owned_by(house, customer.id))
        ours = House(house.shop, house.second_shop, house.technician, customer, phone)
        repair = await walk_to(store, await take_in(store, ours), "diagnosing")
        quote = await quote_for(store, repair)
        await store.send_quote(quote.id, version=quote.version, actor="bench")
        stage.shop.clock.advance(61)
        await there.bridge.settle()
        told = attributes_of(stage, "contacts", conversation["contact_id"])
        assert told["active_repairs"] == 1
        assert told["current_device"] == "iPhone 13"
        assert told["repair_status"] == "Waiting for approval"
        assert told["open_quote_total"] == float(quote.total_cost.amount)
        assert told["repair_history"][0]["id"] == repair.number
        assert "cost" not in str(told)
        told = attributes_of(stage, "conversations", conversation["id"])
        assert told["pending_quotes"] == 1
        assert told["context"]["pending_quotes"][0]["device"] == "iPhone 13"
        stage.forget_asked()
        await there.bridge.settle()
        assert stage.asked("PUT") + stage.asked("POST") == []


def _owned_by(house: House, customer_id: str) -> Any:
    from dataclasses import replace

    return replace(house.phone, id="", customer_id=customer_id)


async def test_attributes_stay_small(stage: Stage, tmp_path: Path) -> None:
    import json
    from dataclasses import replace

    async with one_write_waiting(stage, tmp_path) as (there, conversation):
        store = there.bridge.store
        link = await store.conversation(there.bridge.place.conversation(conversation["display_id"]))
        assert link is not None
        assert link.customer_id is not None
        house = await make_house(store)
        wide = await store.save_device(replace(house.phone, model="X" * 4000))
        ours = House(house.shop, house.second_shop, house.technician, house.customer, wide)
        for _ in range(12):
            await take_in(store, ours, fault="x")
        context = await store.get_context(house.customer.id)
        told = of_contact(context)
        assert len(told["repair_history"]) == 10
        long = replace(context, recent=context.recent * 10)
        assert len(json.dumps(of_contact(long)).encode()) <= MOST_BYTES


# --- the small machines ---------------------------------------------------------------------


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_breaker_opens_after_five_failures_and_lets_one_try() -> None:
    time = Time()
    breaker = Breaker(time)
    for _ in range(4):
        breaker.failed()
    assert breaker.wait() == 0.0
    breaker.failed()
    assert breaker.wait() == Breaker.OPEN_FOR
    time.now += Breaker.OPEN_FOR
    assert breaker.wait() == 0.0
    assert breaker.wait() > 0.0  # the others wait for how that one ends
    breaker.failed()
    time.now += Breaker.OPEN_FOR
    assert breaker.wait() == 0.0
    breaker.worked()
    assert breaker.wait() == breaker.wait() == 0.0


def test_failures_that_lie_apart_open_nothing() -> None:
    time = Time()
    breaker = Breaker(time)
    for _ in range(20):
        breaker.failed()
        time.now += Breaker.WITHIN / 3
    assert breaker.wait() == 0.0


def test_a_budget_is_of_one_conversation_and_comes_back() -> None:
    time = Time()
    budget = Budget(time, 2)
    for _ in range(2):
        assert budget.wait("one") == 0.0
        budget.spend("one")
        time.now += 10
    assert budget.wait("one") == Budget.WINDOW - 20
    assert budget.wait("other") == 0.0
    time.now += Budget.WINDOW - 20
    assert budget.wait("one") == 0.0


def test_waits_grow_and_differ() -> None:
    random = Random(5)
    waits = {jittered(100.0, random) for _ in range(50)}
    assert len(waits) == 50
    assert all(80 <= one <= 120 for one in waits)
    assert [inbox_wait(one) for one in (0, 1, 2, 3, 99)] == [1.0, 5.0, 30.0, 120.0, 120.0]
