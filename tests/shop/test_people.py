"""Simulated customers and colleagues are real clients, and keep out of the demo agent's chats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import httpx
import pytest

from revivatui.shop.clock import Clock
from revivatui.shop.control import ControlServer
from revivatui.shop.people import TEMPOS, People, Tempo
from revivatui.shop.people.chatter import Talk, intent_of, phrase, phrases
from revivatui.shop.seed import make_people, seed_shop, sign_ins
from revivatui.shop.seed.talk import Language, scenarios, slots
from revivatui.shop.server import ShopServer
from revivatui.shop.trouble import order_of
from revivatui.shop.world import VERSIONS, Shop, create_shop

pytestmark = pytest.mark.timeout(300)  # they are waited for by what they are seen to do
SEED = 7
HASTE = Tempo(factor=0.005, customers=8, spare=6)
TALK = Tempo(factor=0.02, customers=8, spare=6)
"""Slow enough for colleagues to answer, on a busy machine too, before a customer gives up."""


@asynccontextmanager
async def busy_shop(version: str, pace: Tempo = HASTE) -> AsyncIterator[tuple[Shop, int]]:
    """A seeded shop with people in it, and the id of the last message before they came."""
    shop = create_shop(version, clock=Clock(1_795_450_000.0), people=make_people(SEED))
    seed_shop(shop, seed=SEED)
    last: int = shop.db.value("SELECT max(id) FROM messages")
    async with (
        ShopServer(shop) as server,
        People.of_seeded(shop, server.url, pace=pace, seed=SEED),
    ):
        yield shop, last


async def until(condition: Callable[[], Any], seconds: float = 240) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (what happens is told by the database only)
            await asyncio.sleep(0.05)


def count(shop: Shop, last: int, condition: str) -> int:
    found: int = shop.db.value(
        f"SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE m.id > {last} AND {condition}"
    )
    return found


@pytest.mark.parametrize("version", VERSIONS)
async def test_people_write_answer_note_and_resolve_but_never_as_the_demos_agent(
    version: str,
) -> None:
    async with busy_shop(version) as (shop, last):
        own = (sign_ins(shop) or {})["agent"]
        wanted = {
            "customers write": "m.message_type = 'incoming'",
            "colleagues answer": "m.sender_type = 'User' AND NOT m.private",
            "colleagues leave notes": "m.sender_type = 'User' AND m.private",
            "colleagues take chats": "m.content LIKE '%self-assigned this conversation'",
            "colleagues resolve": "m.content LIKE 'Conversation was marked resolved by%'",
            "customers write to the demo's agent": (
                f"m.message_type = 'incoming' AND c.assignee_id = {own['id']}"
            ),
        }
        await until(lambda: all(count(shop, last, one) for one in wanted.values()))
        as_own = f"(m.sender_type = 'User' AND m.sender_id = {own['id']})"
        assert count(shop, last, as_own) == 0
        assert count(shop, last, f"m.content LIKE '%{own['name']}%' AND NOT m.private") == 0
        by_others = f"m.sender_type = 'User' AND c.assignee_id = {own['id']}"
        assert count(shop, last, by_others) == 0
        spare = shop.db.value(
            "SELECT count(*) FROM conversations WHERE status = 'open' AND assignee_id IS NULL"
        )
        assert spare >= HASTE.spare


async def test_customers_come_in_by_website_and_app_with_files_and_new_contacts() -> None:
    async with busy_shop("4.10.1", TALK) as (shop, last):
        contacts = shop.db.value("SELECT count(*) FROM contacts")
        await until(
            lambda: (
                shop.db.value("SELECT count(*) FROM contacts") > contacts
                and count(shop, last, "m.message_type = 'incoming' AND c.inbox_id = 1")
                and count(shop, last, "m.message_type = 'incoming' AND c.inbox_id = 2")
                and shop.db.value(
                    "SELECT count(*) FROM attachments a JOIN messages m ON m.id = a.message_id"
                    " WHERE m.id > ?",
                    (last,),
                )
            )
        )


@pytest.mark.parametrize("inbox_id", [1, 2])
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_customer_who_is_not_here_comes_back_when_the_demos_agent_writes(
    version: str, inbox_id: int
) -> None:
    shop = create_shop(version, clock=Clock(1_795_450_000.0), people=make_people(SEED))
    seed_shop(shop, seed=SEED)
    own = (sign_ins(shop) or {})["agent"]
    chat = shop.db.all(
        "SELECT * FROM conversations c WHERE inbox_id = ? AND assignee_id = ? AND status = 'open'"
        " AND id = (SELECT max(id) FROM conversations WHERE contact_inbox_id = c.contact_inbox_id)",
        (inbox_id, own["id"]),
    )[0]
    quiet = Tempo(factor=0.005, customers=0, spare=10_000)
    async with (
        ShopServer(shop) as server,
        People.of_seeded(shop, server.url, pace=quiet, seed=SEED),
        httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as http,
    ):
        await until(lambda: shop.cable.listened(shop.db.where("users", id=1)[0]["pubsub_token"]))
        last = shop.db.value("SELECT max(id) FROM messages")
        sent = await http.post(
            f"/api/v1/accounts/1/conversations/{chat['display_id']}/messages",
            json={"content": "Pode enviar uma foto / could you send a photo?"},
            headers={"api_access_token": own["token"]},
        )
        assert sent.status_code == 200
        from_them = f"c.id = {chat['id']} AND m.message_type = 'incoming'"
        with_photo = "EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id)"
        await until(lambda: count(shop, last, f"{from_them} AND {with_photo}"))


async def test_a_shop_that_fails_now_and_then_does_not_drive_the_people_away() -> None:
    shop = create_shop("4.10.1", clock=Clock(1_795_450_000.0), people=make_people(SEED))
    seed_shop(shop, seed=SEED)
    async with ShopServer(shop) as server, ControlServer(server) as control:
        people = People.of_seeded(shop, server.url, pace=HASTE, seed=SEED)
        async with people:
            control.control.cable({"close": "silently"})
            trouble = control.control.trouble
            trouble.add(order_of({"fault": "500", "count": 40}))
            last: int = shop.db.value("SELECT max(id) FROM messages")
            await until(
                lambda: (
                    not trouble.orders[0].active
                    and count(shop, last, "m.message_type = 'incoming'") > 5
                )
            )
            assert len(people._tasks) >= HASTE.customers + 3


def test_only_a_seeded_shop_has_people() -> None:
    shop = create_shop()
    with pytest.raises(ValueError, match="seeded"):
        People.of_seeded(shop, "http://127.0.0.1:1", pace="lively", seed=1)
    asyncio.run(shop.close())


@pytest.mark.parametrize(
    ("language", "words", "intent"),
    [
        ("en", "Could you send a photo of the port?", "photo"),
        ("en", "Hello {customer}! Which model is it?", "model"),
        ("en", "That would be 89 € with tax.", "price"),
        ("en", "Your laptop is ready for you.", "ready"),
        ("en", "When can you bring it in?", "when"),
        ("en", "Hi there!", "hello"),
        ("en", "Did it get wet?", "question"),
        ("en", "The screws are hexagonal.", "else"),
        ("pt", "Pode enviar uma fotografia?", "photo"),
        ("pt", "Que modelo é?", "model"),
        ("pt", "São 89 €.", "price"),
        ("pt", "Está pronto!", "ready"),
        ("pt", "Bom dia!", "hello"),
        ("pt", "Caiu ao chão?", "question"),
    ],
)
def test_customers_understand_what_they_are_asked(
    language: Language, words: str, intent: str
) -> None:
    assert intent_of(language, words) == intent


@pytest.mark.parametrize("language", ["en", "pt"])
def test_both_languages_can_say_everything(language: Language) -> None:
    other: Language = "pt" if language == "en" else "en"
    scenario = scenarios(language)[0]
    values = slots(Random(1), scenario, customer="Ana", device="X", other_device="Y")
    names = ("nudge", "back", "return", "thanks", "feedback", "reply", "note", "mention", "else")
    for name in names:
        assert "{" not in phrase(Random(1), language, name, values)
        assert phrases(other, name)


def test_a_talk_gives_each_side_its_turns_until_all_is_said() -> None:
    for language in ("en", "pt"):
        for scenario in scenarios(language):
            values = slots(Random(2), scenario, customer="Ana", device="X", other_device="Y")
            talk = Talk(scenario, values, way=1)
            turns = 0
            while not talk.is_over:
                customers, shops = talk.customers_turn(), talk.shops_turn()
                assert customers or shops, scenario.name
                assert all(talk.was_scripted(text) for _, text in shops)
                turns += 1
            assert turns >= 2, scenario.name


def test_every_tempo_leaves_chats_for_the_demos_agent() -> None:
    assert all(tempo.spare > 0 and tempo.factor > 0 for tempo in TEMPOS.values())
