"""The demo shop is the same every time and holds what the desk must be able to show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from revivatui.shop.clock import Clock
from revivatui.shop.schema import TABLES
from revivatui.shop.seed import make_people, seed_shop, sign_ins
from revivatui.shop.seed.canned import canned_responses
from revivatui.shop.seed.talk import LANGUAGES, say, scenarios, slots
from revivatui.shop.world import Shop, create_shop

NOW = 1_795_450_000.0
# Made by chance when the shop is founded, and of no meaning to what it shows.
FOUNDED_BY_CHANCE = {"password_digest"}


@contextmanager
def seeded(seed: int = 7, version: str = "4.10.1", size: str = "demo") -> Iterator[Shop]:
    shop = create_shop(version, clock=Clock(NOW, frozen=True), people=make_people(seed))
    seed_shop(shop, size=size, seed=seed)
    yield shop
    asyncio.run(shop.close())


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with seeded() as made:
        yield made


def everything(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    return {
        table: [
            {name: value for name, value in row.items() if name not in FOUNDED_BY_CHANCE}
            for row in shop.db.where(table)
        ]
        for table in TABLES
    }


def test_the_same_seed_and_time_make_the_same_shop(shop: Shop) -> None:
    with seeded() as again:
        assert everything(again) == everything(shop)


def test_another_seed_makes_another_shop(shop: Shop) -> None:
    with seeded(8) as other:
        assert everything(other)["messages"] != everything(shop)["messages"]


def test_the_demo_shop_has_the_size_that_is_promised(shop: Shop) -> None:
    counts = {table: shop.db.value(f"SELECT count(*) FROM {table}") for table in TABLES}
    assert (counts["users"], counts["inboxes"], counts["contacts"]) == (4, 3, 150)
    assert counts["conversations"] == 400
    longest = shop.db.value(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM messages GROUP BY conversation_id)"
    )
    assert longest == 600
    assert all(counts[table] for table in ("labels", "teams", "canned_responses"))


def test_canned_responses_are_many_in_both_languages_and_each_is_there_once(shop: Shop) -> None:
    rows = shop.db.where("canned_responses")
    assert [(row["short_code"], row["content"]) for row in rows] == list(canned_responses())
    assert len(rows) >= 160
    assert len({row["short_code"] for row in rows}) == len(rows)
    assert len({row["content"] for row in rows}) == len(rows)
    assert all(row["short_code"].isascii() and " " not in row["short_code"] for row in rows)
    assert all(row["content"] and "[" not in row["content"] for row in rows)


def test_conversations_stand_in_every_state(shop: Shop) -> None:
    states = {
        (row["status"], row["assignee_id"])
        for row in shop.db.all("SELECT DISTINCT status, assignee_id FROM conversations")
    }
    own = (sign_ins(shop) or {})["agent"]["id"]
    assert {("open", None), ("open", own), ("pending", own), ("snoozed", own)} <= states
    assert {status for status, _ in states} == {"open", "pending", "snoozed", "resolved"}
    priorities = set(shop.db.column("SELECT DISTINCT priority FROM conversations"))
    assert priorities == {None, "low", "medium", "high", "urgent"}


def test_every_kind_of_message_is_there(shop: Shop) -> None:
    for what, condition in {
        "private note with a mention": "private AND content LIKE '%mention://user/%'",
        "failed": "status = 'failed' AND content_attributes LIKE '%external_error%'",
        "deleted": "content_attributes LIKE '%\"deleted\":true%'",
        "rating": "content_attributes LIKE '%csat_survey_response%'",
        "mail": "content_type = 'incoming_email'",
        "activity line": "message_type = 'activity'",
        "quotation": "content_attributes LIKE '%in_reply_to\":_%'",
        "terminal escape": "instr(content, char(27)) > 0",
        "right-to-left override": "instr(content, char(8238)) > 0",
        "very long line": "length(content) >= 20000",
    }.items():
        assert shop.db.value(f"SELECT count(*) FROM messages WHERE {condition}"), what


def test_attachments_are_real_files_of_their_kind(shop: Shop) -> None:
    kinds = set()
    for blob in shop.db.where("blobs"):
        content = (shop.data_dir / "storage" / blob["key"][:2] / blob["key"]).read_bytes()
        assert len(content) == blob["byte_size"]
        kinds.add(blob["content_type"])
        start = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8", "application/pdf": b"%PDF"}
        assert content.startswith(start[blob["content_type"]])
    assert kinds == {"image/png", "image/jpeg", "application/pdf"}


def test_some_customers_wrote_a_few_minutes_ago_and_nothing_lies_ahead(shop: Shop) -> None:
    now = int(NOW * 1_000_000)
    fresh = shop.db.value(
        "SELECT count(*) FROM conversations WHERE status = 'open' AND waiting_since > ?",
        (now - 20 * 60 * 1_000_000,),
    )
    assert fresh >= 5
    assert shop.db.value("SELECT max(created_at) FROM messages") <= now


def test_message_ids_follow_time_and_conversations_agree_with_their_messages(shop: Shop) -> None:
    times = shop.db.column("SELECT created_at FROM messages ORDER BY id")
    assert times == sorted(times)
    for row in shop.db.all(
        "SELECT c.*, max(m.created_at) AS newest, min(m.created_at) AS oldest"
        " FROM conversations c JOIN messages m ON m.conversation_id = c.id GROUP BY c.id"
    ):
        assert (row["last_activity_at"], row["created_at"]) == (row["newest"], row["oldest"])


def test_only_4_10_1_stops_the_wait_of_a_resolved_conversation(shop: Shop) -> None:
    waiting = (
        "SELECT count(*) FROM conversations WHERE status = 'resolved' AND waiting_since IS NOT NULL"
    )
    assert shop.db.value(waiting) == 0
    with seeded(version="3.9.0") as older:
        assert older.db.value(waiting) > 0


def test_names_are_wide_right_to_left_and_hostile_too(shop: Shop) -> None:
    names = "".join(shop.db.column("SELECT name FROM contacts"))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in names)
    assert any("\u0590" <= letter <= "\u06ff" for letter in names)
    assert "\x1b" in names
    assert "[bold red]" in names


def test_sign_ins_name_an_agent_and_an_administrator(shop: Shop) -> None:
    found = sign_ins(shop) or {}
    roles = {
        name: shop.db.value("SELECT role FROM account_users WHERE user_id = ?", (one["id"],))
        for name, one in found.items()
    }
    assert roles == {"agent": "agent", "administrator": "administrator"}
    bare = create_shop(clock=Clock(NOW, frozen=True))
    assert sign_ins(bare) is None
    asyncio.run(bare.close())


def test_a_large_shop_has_its_long_thread() -> None:
    with seeded(size="large") as shop:
        assert shop.db.value("SELECT count(*) FROM conversations") == 10_000
        longest = shop.db.value(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM messages GROUP BY conversation_id)"
        )
    assert longest == 10_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_scripts_can_be_said(language: Any) -> None:
    from random import Random

    for scenario in scenarios(language):
        values = slots(Random(1), scenario, customer="Ana", device="X", other_device="Y")
        assert scenario.first[0].role == "customer", scenario.name
        for beat in (*scenario.first, *scenario.later):
            for way in range(len(beat.texts)):
                text = say(beat, way, values)
                assert text
                assert "{" not in text, (scenario.name, text)
