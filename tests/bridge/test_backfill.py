"""Catching up after silence, politely, and comparing at night."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete

from revivatui.api.errors import ApiError
from revivatui.bridge import known
from revivatui.bridge.backfill import CURSOR
from revivatui.bridge.tables import INBOX
from revivatui.crm.store.tables_work import TICKET_COMMENTS
from tests.bridge.desks import forget_the_past
from tests.bridge.stands import Stand, picture, stand
from tests.support.shops import Stage

TWO_HOURS = 7200.0


@asynccontextmanager
async def at_rest(stage: Stage, tmp_path: Path) -> AsyncIterator[Stand]:
    """A bridge that hears of nothing by itself."""
    async with stand(stage, tmp_path / "crm.sqlite3") as there:
        yield there


async def cursor(there: Stand) -> str:
    async with there.bridge.store.reading() as reader:
        return await known.fact(reader, CURSOR)


async def test_a_short_silence_costs_one_short_question(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        said = stage.customer_writes(conversation, "Are you there?")
        stage.forget_asked()
        await there.catch_up()
        await there.work()
        lists = [one for one in stage.asked("GET", "*/conversations\\?*") if "messages" not in one]
        lists = [one for one in stage.asked("GET") if "/conversations?" in one]
        assert len(lists) == 1
        assert "updated_within=" in lists[0]
        assert int(lists[0].rpartition("=")[2]) <= 3600
        assert said in (await picture(there.bridge))["comments"]


async def test_two_hours_of_silence_end_as_if_there_had_been_none(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        first = stage.customer_writes(conversation, "Are you there?")
        stage.colleague_writes(conversation, "Yes")
        stage.colleague_sets_status(conversation, "resolved")
        stage.shop.clock.advance(TWO_HOURS)
        last = stage.customer_writes(conversation, "And now?")
        stage.forget_asked()
        await there.catch_up()
        await there.work()
        assert stage.asked("GET", "*updated_within*") == []
        seen = await picture(there.bridge)
        assert {first, last} <= seen["comments"].keys()
        assert [one[2] for one in seen["tickets"]] == ["open"]


async def test_what_was_deleted_meanwhile_is_a_tombstone(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        said = stage.customer_writes(conversation, "My address is a secret")
        await there.catch_up()
        await there.work()
        with stage.shop.acting(stage.colleague()):
            stage.delete_message(said)
        await there.catch_up()
        await there.work()
        comment = (await picture(there.bridge))["comments"][said]
        assert (comment[1], comment[8]) == ("", True)


async def test_a_pass_that_failed_begins_again_where_it_began(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        before = await cursor(there)
        said = stage.customer_writes(conversation, "Are you there?")
        await stage.order(fault="500", path="*/messages*", count=1)
        with pytest.raises(ApiError):
            await there.catch_up()
        assert await cursor(there) == before
        await there.catch_up()
        await there.work()
        assert await cursor(there) > before
        assert said in (await picture(there.bridge))["comments"]


async def test_a_long_thread_is_read_to_where_it_is_known(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        said = [stage.customer_writes(conversation, f"line {one}") for one in range(130)]
        await there.catch_up()
        await there.work()
        assert (await picture(there.bridge))["comments"].keys() == set(said)
        stage.forget_asked()
        said.append(stage.customer_writes(conversation, "one more"))
        await there.catch_up()
        await there.work()
        assert (await picture(there.bridge))["comments"].keys() == set(said)


async def test_the_nightly_comparison_tells_drift_and_mends_it(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        said = [stage.customer_writes(conversation, f"line {one}") for one in range(5)]
        await there.catch_up()
        await there.work()
        drift = await there.bridge.reconcile.compare()
        assert (drift.messages, drift.comments, drift.differing) == (5, 5, 0)
        assert drift.words.startswith("No drift")
        async with there.bridge.store.unit_of_work() as work:
            gone = TICKET_COMMENTS.c.chatwoot_message_id.in_(said[:2])
            await work.run(delete(TICKET_COMMENTS).where(gone))
        drift = await there.bridge.reconcile.compare()
        assert (drift.messages, drift.comments) == (5, 3)
        assert "2 were in no comment" in drift.words
        await there.work()
        assert (await picture(there.bridge))["comments"].keys() == set(said)


async def test_what_was_dealt_with_leaves_no_words_behind(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with at_rest(stage, tmp_path) as there:
        stage.customer_writes(conversation, "My address is a secret")
        await there.catch_up()
        await there.work()
        async with there.bridge.store.reading() as reader:
            assert {row.body for row in await reader.rows(INBOX.select())} == {""}
