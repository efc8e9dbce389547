"""Quotes add up, wait for one answer, and the answer moves the repair."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from revivatui.crm.errors import InvalidRecord, MoneyError, MoveRefused, NotInCrm, StaleRecord
from revivatui.crm.money import Money
from revivatui.crm.records_repairs import Quote, Repair
from revivatui.crm.store import Store
from revivatui.crm.wishes import LineWish, Move, QuoteWish
from tests.crm.build import Clock, House, line, quote_for, take_in, walk_to


async def on_the_bench(store: Store, house: House) -> Repair:
    return await walk_to(store, await take_in(store, house), "diagnosing")


async def sent(store: Store, repair: Repair, **more: object) -> Quote:
    quote = await quote_for(store, repair, **more)
    return await store.send_quote(quote.id, version=quote.version, actor="bench")


async def status_of(store: Store, repair: Repair) -> str:
    return (await store.get_repair(repair.id)).row.repair.status


async def test_a_quote_comes_back_with_its_lines_added_up(
    store: Store, house: House, clock: Clock
) -> None:
    repair = await on_the_bench(store, house)
    quote = await quote_for(
        store,
        repair,
        line("89.90"),
        line("45.00", kind="labour", quantity=Decimal("1.5"), discount_percent=Decimal(10)),
        valid_until=clock() + timedelta(days=14),
        terms="Final after diagnosis",
    )
    assert (quote.number, quote.status, quote.version) == ("Q-1001", "draft", 1)
    assert str(quote.total_cost) == "150.65 EUR"
    assert str(quote.discount_total) == "6.75 EUR"
    assert quote.subtotal + quote.tax_total == quote.total_cost
    assert [one.position for one in quote.line_items] == [1, 2]
    assert [str(one.line_total) for one in quote.line_items] == ["89.90 EUR", "60.75 EUR"]
    assert (await store.get_repair(repair.id)).quotes == (quote,)


async def test_a_currency_without_cents_and_one_with_three_places_are_kept_exactly(
    store: Store, house: House
) -> None:
    repair = await on_the_bench(store, house)
    for currency, price in (("JPY", "12800"), ("KWD", "12.345")):
        made = await store.create_quote(
            QuoteWish(
                repair.id,
                currency,
                (LineWish("labour", "Work", Money.parse(price, currency)),),
                "bench",
            )
        )
        kept = (await store.get_repair(repair.id)).quotes[0]
        assert kept == made
        assert kept.total_cost == Money.parse(price, currency)


async def test_a_quote_without_lines_or_with_two_currencies_is_refused(
    store: Store, house: House
) -> None:
    repair = await on_the_bench(store, house)
    with pytest.raises(InvalidRecord):
        await store.create_quote(QuoteWish(repair.id, "EUR", (), "bench"))
    with pytest.raises(MoneyError):
        await store.create_quote(
            QuoteWish(repair.id, "EUR", (LineWish("part", "x", Money.of(1, "GBP")),), "bench")
        )
    assert (await store.get_repair(repair.id)).quotes == ()


async def test_a_quote_that_is_sent_makes_the_repair_wait(store: Store, house: House) -> None:
    repair = await on_the_bench(store, house)
    quote = await sent(store, repair)
    assert (quote.status, quote.version, len(quote.line_items)) == ("pending", 2, 2)
    assert await status_of(store, repair) == "awaiting_approval"
    events = (await store.get_repair(repair.id)).events
    assert events[-1].public
    assert quote.number in events[-1].note


@pytest.mark.parametrize(
    ("approved", "quote_status", "repair_status"),
    [(True, "approved", "approved"), (False, "declined", "ready_unrepaired")],
)
async def test_an_answer_moves_the_repair_in_the_same_step(
    store: Store, house: House, approved: bool, quote_status: str, repair_status: str
) -> None:
    repair = await on_the_bench(store, house)
    quote = await sent(store, repair)
    decided = await store.decide_quote(
        quote.id, approved=approved, version=2, actor="counter", reason="Too dear"
    )
    assert (decided.status, decided.decided_by) == (quote_status, "customer")
    assert decided.decline_reason == ("" if approved else "Too dear")
    assert await status_of(store, repair) == repair_status
    with pytest.raises(MoveRefused):
        await store.decide_quote(quote.id, approved=True, version=3, actor="counter")


async def test_two_answers_at_once_are_one_answer(store: Store, house: House) -> None:
    quote = await sent(store, await on_the_bench(store, house))
    await store.decide_quote(quote.id, approved=False, version=2, actor="one")
    with pytest.raises(StaleRecord):
        await store.decide_quote(quote.id, approved=True, version=2, actor="two")


async def test_a_repair_does_not_start_while_a_quote_waits(store: Store, house: House) -> None:
    repair = await walk_to(store, await take_in(store, house), "received")
    await sent(store, repair)
    assert await status_of(store, repair) == "received"
    repair = await store.move_repair(Move(repair.id, "diagnosing", repair.version, "bench"))
    with pytest.raises(MoveRefused, match="waits"):
        await store.move_repair(Move(repair.id, "in_repair", repair.version, "bench"))


async def test_a_quote_that_expired_cannot_be_accepted(
    store: Store, house: House, clock: Clock
) -> None:
    repair = await on_the_bench(store, house)
    quote = await sent(store, repair, valid_until=clock() + timedelta(days=1))
    clock.forward(days=2)
    with pytest.raises(MoveRefused, match="expired"):
        await store.decide_quote(quote.id, approved=True, version=2, actor="counter")
    context = await store.get_context(house.customer.id)
    assert [one.expired for one in context.pending_quotes] == [True]
    assert await store.expire_quotes() == 1
    assert await store.expire_quotes() == 0
    assert (await store.get_repair(repair.id)).quotes[0].status == "expired"


async def test_a_new_quote_takes_the_place_of_the_old_one(store: Store, house: House) -> None:
    repair = await on_the_bench(store, house)
    old = await sent(store, repair)
    new = await quote_for(store, repair, line("70"), supersedes_id=old.id)
    assert [one.status for one in (await store.get_repair(repair.id)).quotes] == [
        "draft",
        "superseded",
    ]
    new = await store.send_quote(new.id, version=1, actor="bench")
    await store.decide_quote(new.id, approved=True, version=2, actor="counter")
    assert await status_of(store, repair) == "approved"
    with pytest.raises(MoveRefused):
        await quote_for(store, repair, supersedes_id=new.id)


async def test_a_second_fault_is_quoted_out_of_the_repair(store: Store, house: House) -> None:
    repair = await walk_to(store, await take_in(store, house), "in_repair")
    await sent(store, repair)
    assert await status_of(store, repair) == "awaiting_approval"


async def test_a_draft_that_nobody_was_sent_is_taken_back_whole(store: Store, house: House) -> None:
    repair = await on_the_bench(store, house)
    kept, gone = await quote_for(store, repair), await quote_for(store, repair)
    with pytest.raises(StaleRecord):
        await store.withdraw_quote(gone.id, version=gone.version + 1)
    cursor = (await store.changes_since("", 5000)).cursor
    await store.withdraw_quote(gone.id, version=gone.version)
    assert (await store.get_repair(repair.id)).quotes == (kept,)
    assert [one.id for one in (await store.changes_since(cursor)).changes] == [gone.id]
    with pytest.raises(NotInCrm):
        await store.send_quote(gone.id, version=gone.version, actor="bench")
    assert (await quote_for(store, repair)).number not in (kept.number, gone.number)


async def test_a_quote_that_was_sent_or_replaced_another_one_is_not_taken_back(
    store: Store, house: House
) -> None:
    repair = await on_the_bench(store, house)
    waiting = await sent(store, repair)
    with pytest.raises(MoveRefused, match="is pending"):
        await store.withdraw_quote(waiting.id, version=waiting.version)
    newer = await quote_for(store, repair, supersedes_id=waiting.id)
    with pytest.raises(MoveRefused, match="would not come back"):
        await store.withdraw_quote(newer.id, version=newer.version)
    assert len((await store.get_repair(repair.id)).quotes) == 2
