"""Servers that answer every write with a change: the bridge settles, or stops at its budget."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.bridge.webhook_bodies import echo_mark, news_of
from revivatui.shop.actions import conversations
from tests.bridge.desks import (
    SETTINGS,
    add_webhook,
    attributes_of,
    forget_the_past,
    running_bridge,
)
from tests.bridge.stands import sink
from tests.support.shops import Stage

BUDGET = 3


@asynccontextmanager
async def meddling(stage: Stage, conversation_id: int, change: Any) -> Any:
    """Something that changes the conversation's attributes whenever they were changed."""
    async with sink() as told:
        add_webhook(stage, told.url)

        async def meddle() -> None:
            while True:
                await asyncio.sleep(0.01)
                for body in told.take():
                    fields = [name for one in body.get("changed_attributes") or [] for name in one]
                    if "custom_attributes" in fields and body["event"] == "conversation_updated":
                        row = stage.shop.db.get("conversations", conversation_id)
                        assert row is not None
                        wanted = change(row["custom_attributes"])
                        with stage.shop.acting(stage.colleague()):
                            conversations.update(stage.shop, row, custom_attributes=wanted)

        task = asyncio.create_task(meddle())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def writes(stage: Stage) -> list[str]:
    return stage.asked("POST", "*/custom_attributes")


async def test_a_server_that_puts_its_own_beside_ours_is_left_in_peace(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    count = 0

    def add(attributes: dict[str, Any]) -> dict[str, Any]:
        nonlocal count
        count = min(count + 1, 5)
        return {**attributes, "seen_by_others": count}

    async with (
        running_bridge(stage, tmp_path) as there,
        meddling(stage, conversation["id"], add),
    ):
        stage.customer_writes(conversation, "hello")
        await there.quiet()
        await asyncio.sleep(0.3)
        await there.quiet()
        assert len(writes(stage)) == 1
        told = attributes_of(stage, "conversations", conversation["id"])
        assert told["seen_by_others"] >= 1
        assert told["crm_ticket_id"]


async def test_a_server_that_takes_ours_away_meets_the_budget(stage: Stage, tmp_path: Path) -> None:
    """Each refresh finds what it wrote undone; so many a minute are written and no more."""
    conversation = stage.conversation()
    forget_the_past(stage, conversation)

    def take_away(attributes: dict[str, Any]) -> dict[str, Any]:
        return {name: one for name, one in attributes.items() if name != "crm_ticket_id"}

    settings = replace(SETTINGS, writes_per_minute=BUDGET)
    async with (
        running_bridge(stage, tmp_path, settings) as there,
        meddling(stage, conversation["id"], take_away),
    ):
        for number in range(
            BUDGET + 3
        ):  # a second apart: the last message's second is an attribute
            stage.customer_writes(conversation, f"hello {number}")
            await asyncio.sleep(1.05)
        assert len(writes(stage)) == BUDGET
        waiting = [row for row in await there.rows(OUTBOX) if row.state == "new"]
        assert [row.error for row in waiting] == ["The bridge wrote enough there for this minute."]


async def test_what_the_bridge_writes_sets_nothing_off(stage: Stage, tmp_path: Path) -> None:
    """A note of the bridge with a passcode in it is kept, and causes no note about itself."""
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with running_bridge(stage, tmp_path) as there:
        client = there.bridge.server.client
        await client.send(conversation["display_id"], "The passcode is 4711", private=True)
        await there.quiet()
        comments = (await there.ticket(conversation["display_id"])).comments
        assert [one.masked for one in comments] == [True]
        assert [row.type for row in await there.rows(OUTBOX) if row.type == "note"] == []


@pytest.mark.parametrize("kind", ["conversation", "contact"])
async def test_the_echo_of_each_kind_of_write_is_known_as_one(
    stage: Stage, tmp_path: Path, kind: str
) -> None:
    """By its mark, and before anything is asked or written because of it."""
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with running_bridge(stage, tmp_path) as there:
        stage.customer_writes(conversation, "hello")
        await there.quiet()
        told = [
            row.error
            for row in await there.rows(INBOX)
            if row.lane.startswith(f"1:{kind}:") and row.event == f"{kind}_updated"
        ]
        assert "echo" in told


def test_what_a_server_does_to_attributes_makes_no_echo_a_change(version: str) -> None:
    """Other attributes, other order, no nulls, whole numbers for 10.0: still our own."""
    written = {"b": 10.0, "a": None, "c": {"y": [1.0, 2.5], "x": None}, "d": "10.0", "e": True}
    body = {
        "event": "conversation_updated",
        "id": 7,
        "inbox_id": 1,
        "status": "open",
        "meta": {"sender": {"id": 5, "name": "Ana"}},
    }

    def heard(now: object, *others: str) -> str:
        value = {"previous_value": {}, "current_value": now}
        changed = [{"custom_attributes": value}, *({one: {}} for one in others)]
        told = news_of({**body, "changed_attributes": changed})
        assert told is not None
        return told.echo

    mark = echo_mark(written)
    assert heard({"e": True, "d": "10.0", "c": {"y": [1, 2.5]}, "b": 10}, "updated_at") == mark
    assert heard({**written, "b": 10.5}) != mark
    assert heard({**written, "d": 10}) != mark
    assert heard({**written, "e": 1}) != mark
    assert heard(written, "priority") == ""


@pytest.fixture
def version() -> str:
    return "4.10.1"
