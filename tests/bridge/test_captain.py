"""Captain at work: each customer's turn gets one answer or a person, and never both or none.

A real bot in the embedded shop, a real bridge behind a real door, both versions of the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import httpx
import pytest
from sqlalchemy import update

from revivatui.bridge import captain_report, captain_store
from revivatui.bridge.captain_deeds import Deed
from revivatui.bridge.captain_mind import ShopMind
from revivatui.bridge.captain_tables import HEARD, SAYINGS
from revivatui.bridge.captain_talk import Talk, Turn
from revivatui.bridge.forgetting import forget
from revivatui.shop.tokens import new_token
from revivatui.state.captain_health import CaptainReport
from tests.bridge.captains import CAPTAIN, Chat, There, running_captain
from tests.bridge.stands import sink
from tests.support.shops import Stage

SEED: Final = 20
only_new = pytest.mark.parametrize("version", ["4.10.1"])


async def says(there: There, chat: Chat, words: str) -> list[str]:
    """What the customer is told after they wrote that."""
    before = len(chat.replies())
    chat.writes(words)
    await there.quiet()
    return chat.replies()[before:]


async def test_the_conversation_of_the_demo(stage: Stage, tmp_path: Path) -> None:
    """An estimate with its caveat, facts of the shop, and a person with everything in the note."""
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        assert chat.status == "pending"
        [estimate] = await says(there, chat, "Hi! How much is a new screen for an iPhone 13?")
        assert estimate.startswith("Hello! This is the automatic assistant")
        assert "139 EUR" in estimate
        assert "the final quote comes after the diagnosis" in estimate
        [days] = await says(there, chat, "How long does a repair take?")
        assert "3-5 business days" in days or "3 to 5 business days" in days
        assert "automatic assistant" not in days
        [farewell] = await says(there, chat, "Can I talk to a person please?")
        assert "colleague" in farewell
        assert chat.status == "open"
        [note] = chat.notes()
        assert "The customer asks for a person." in note
        assert "Device: iPhone 13" in note
        assert "[price:" in note
        assert "customer: Hi! How much is a new screen for an iPhone 13?" in note
        assert "captain: " in note
        public = [one for one in chat.messages() if one["message_type"] != "activity"]
        assert [bool(one["private"]) for one in public[-2:]] == [False, True]


async def test_in_portuguese(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        [estimate] = await says(there, chat, "Olá! Quanto custa trocar a bateria do iPhone 12?")
        assert estimate.startswith("Olá! Fala com o assistente automático")
        assert "o orçamento final vem depois do diagnóstico" in estimate
        [hours] = await says(there, chat, "qual é o vosso horário?")
        assert "09:00" in hours
        [farewell] = await says(there, chat, "quero falar com uma pessoa")
        assert "colega" in farewell
        assert chat.status == "open"


REASONS = (
    ("person", "I want to speak to a human"),
    ("anger", "This is UNACCEPTABLE, you are useless idiots!!! I am furious!"),
    ("money", "You charged me twice, I want my money back"),
    ("money", "Can I get a discount?"),
    ("emergency", "I just spilled coffee over my MacBook"),
    ("emergency", "my hard drive is clicking and it is my only copy"),
    ("emergency", "the battery of my phone is swollen"),
    ("legal", "You will hear from my lawyer"),
    ("minor", "I am 12 years old, my phone is broken"),
    ("passcode", "the passcode of my phone is 4711"),
    ("appointment", "Can I come on Tuesday at 15:00?"),
    ("emergency", "entornei água no portátil agora mesmo"),
    ("money", "quero o reembolso"),
    ("person", "pessoa"),
)


@only_new
async def test_every_reason_gives_the_customer_to_people(stage: Stage, tmp_path: Path) -> None:
    wrong = []
    async with running_captain(stage, tmp_path) as there:
        for reason, words in REASONS:
            chat = there.new_chat()
            told = await says(there, chat, words)
            rows = [one for one in await there.rows(SAYINGS)
                    if one.conversation_id == chat.number and one.kind == "open"]  # fmt: skip
            found = [one.reason for one in rows]
            if found != [reason] or chat.status != "open" or len(chat.notes()) != 1 or not told:
                wrong.append((words, reason, found, chat.status, told))
    assert wrong == []


async def test_in_an_emergency_the_fixed_words_come_first(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        [told] = await says(there, chat, "I just spilled water on my MacBook!")
        assert told.startswith("Please switch the device off now and unplug it.")
        assert "automatic assistant" in told
        assert chat.status == "open"


async def test_a_passcode_is_in_no_note_and_nowhere_kept(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await says(there, chat, "the passcode is 471199")
        assert chat.status == "open"
        assert all("471199" not in one for one in chat.notes())
        assert all("471199" not in one.words for one in await there.rows(HEARD))


async def test_what_it_does_not_know_it_asks_once(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        [question] = await says(there, chat, "xyzzy plugh")
        assert "I am not sure" in question
        await says(there, chat, "plugh xyzzy")
        assert chat.status == "open"
        assert "did not know" in chat.notes()[0]


async def test_it_answers_so_often_and_no_more(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path, replace(CAPTAIN, turns=3)) as there:
        chat = there.new_chat()
        for _ in range(3):
            assert await says(there, chat, "What are your opening hours?")
        await says(there, chat, "What are your opening hours?")
        assert chat.status == "open"
        assert "said enough" in chat.notes()[0]


async def test_an_error_of_its_own_gives_the_customer_to_people(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(self: ShopMind, talk: Talk, turn: Turn, tokens_left: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ShopMind, "think", fail)
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        [told] = await says(there, chat, "How much is a screen?")
        assert "colleague" in told
        assert chat.status == "open"
        assert "Something went wrong" in chat.notes()[0]


# --- people in between ----------------------------------------------------------------------------


async def test_an_agent_who_steps_in_has_the_conversation(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await says(there, chat, "Hello")
        chat.agent_writes("This is Ben, I look after you.")
        await there.quiet()
        assert await says(there, chat, "How much is a screen for an iPhone 13?") == []
        assert chat.status == "open"
        assert "Somebody of the shop wrote here already" in chat.notes()[0]


async def test_it_is_silent_until_the_conversation_is_pending_again(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await says(there, chat, "I want to speak to a person")
        assert await says(there, chat, "What are your opening hours?") == []
        chat.sets_status("pending")
        await there.quiet()
        assert chat.notes() == chat.notes()[:1]
        await back_since(there, chat)
        told = await says(there, chat, "What are your opening hours?")
        assert len(told) == 1
        assert "automatic assistant" in told[0]


async def back_since(there: There, chat: Chat) -> None:
    """As if the opening was a while ago: by 3.9 nothing but the time tells."""
    async with there.store.unit_of_work() as work:
        talk = await captain_store.talk(work, 1, chat.number)
        assert talk is not None
        earlier = replace(talk, opened_at=talk.opened_at - 60.0)
        await captain_store.keep_talk(work, 1, earlier, there.bridge.clock())


# --- loops ----------------------------------------------------------------------------------------


async def test_it_never_answers_itself_or_another_bot(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        other = add_bot(stage, "Other", there.hook)
        chat = there.new_chat()
        await says(there, chat, "Hello")
        replies = chat.replies()
        bot_writes(stage, chat, other, "I am another bot. How can I help you?")
        await there.quiet()
        assert chat.replies() == [*replies, "I am another bot. How can I help you?"]


async def test_what_another_bot_answered_is_not_answered_again(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path, replace(CAPTAIN, wait_seconds=0.5)) as there:
        other = add_bot(stage, "Other", "http://127.0.0.1:9/")
        chat = there.new_chat()
        chat.writes("What are your opening hours?")
        bot_writes(stage, chat, other, "From nine to six.")
        await there.quiet()
        assert chat.replies() == ["From nine to six."]


def add_bot(stage: Stage, name: str, url: str) -> int:
    db, now = stage.shop.db, stage.shop.now()
    made = {"account_id": 1, "name": name, "outgoing_url": url, "bot_type": "webhook"}
    bot = db.insert("agent_bots", **made, created_at=now, updated_at=now)
    db.insert("access_tokens", owner_type="AgentBot", owner_id=bot, token=new_token(),
              created_at=now, updated_at=now)  # fmt: skip
    return bot


def bot_writes(stage: Stage, chat: Chat, bot: int, words: str) -> None:
    from revivatui.shop.actions.messages import create_message

    with stage.shop.acting(None):
        create_message(stage.shop, stage.reread(chat.row), sender=("AgentBot", bot), content=words)


# --- where the CRM is -----------------------------------------------------------------------------


@only_new
async def test_in_postgresql_as_in_a_file(stage: Stage, tmp_path: Path, crm_url: str) -> None:
    async with running_captain(stage, tmp_path, crm=crm_url) as there:
        chats = [there.new_chat() for _ in range(4)]
        for chat in chats:
            chat.writes("What are your opening hours?")
        await there.quiet()
        assert [len(chat.replies()) for chat in chats] == [1] * 4
        for chat in chats:
            chat.writes("I want to speak to a person")
        await there.quiet()
        assert [(len(chat.notes()), chat.status) for chat in chats] == [(1, "open")] * 4


# --- the switch -----------------------------------------------------------------------------------


async def test_the_switch_holds_back_what_is_written_already(stage: Stage, tmp_path: Path) -> None:
    """Off between the decision and the sending: the customer goes to people without a word."""
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await stage.order(fault="500", method="POST", path="*/messages", count=1)
        chat.writes("What are your opening hours?")
        await until(there.held)
        await captain_report.switch(there.store, "by a test")
        await there.quiet_soon()
        assert chat.replies() == []
        assert chat.status == "open"
        assert "switched off" in chat.notes()[0]
        report = await reported(there)
        assert (report.held_back, report.handed_off) == (1, {"switched off": 1})


async def test_while_it_is_off_people_get_every_customer(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        await captain_report.switch(there.store, "by a test")
        chat = there.new_chat()
        assert await says(there, chat, "What are your opening hours?") == []
        assert chat.status == "open"
        await captain_report.switch(there.store, "")
        chat = there.new_chat()
        assert len(await says(there, chat, "What are your opening hours?")) == 1
        assert chat.status == "pending"


async def reported(there: There) -> CaptainReport:
    async with there.store.reading() as reader:
        return await captain_report.read(reader, there.bridge.clock())


async def until(true: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(60):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


# --- one turn, one answer -------------------------------------------------------------------------


async def test_a_burst_is_answered_once(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path, replace(CAPTAIN, wait_seconds=0.4)) as there:
        chat = there.new_chat()
        for words in ("Hi", "my iPhone 13 fell", "how much is a new screen?"):
            chat.writes(words)
            await asyncio.sleep(0.1)
        await there.quiet()
        [told] = chat.replies()
        assert "139 EUR" in told


async def test_what_the_customer_wrote_meanwhile_makes_a_new_answer(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it was thought about they wrote on: the old answer is dropped."""
    think = ShopMind.think
    chats: list[Chat] = []

    async def slowly(self: ShopMind, talk: Talk, turn: Turn, tokens_left: int) -> Deed:
        if len(turn.messages) == 1:
            chats[0].writes("And what about Saturday?")
            await stage.shop.worker.drain()
        return await think(self, talk, turn, tokens_left)

    monkeypatch.setattr(ShopMind, "think", slowly)
    async with running_captain(stage, tmp_path) as there:
        chats.append(there.new_chat())
        chats[0].writes("What are your opening hours?")
        await there.quiet()
        assert len(chats[0].replies()) == 1
        rows = [one for one in await there.rows(SAYINGS) if one.kind == "reply"]
        assert [one.state for one in rows] == ["done"]


async def test_news_of_the_chat_while_an_answer_waits_neither_double_nor_lose_it(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await stage.order(fault="500", method="POST", path="*/messages", count=1)
        chat.writes("What are your opening hours?")
        await until(there.held)
        chat.agent_writes("Let us see what captain says.", private=True)
        await stage.shop.worker.drain()
        await there.quiet_soon()
        assert len(chat.replies()) == 1


async def test_an_answer_that_came_too_late_is_thought_about_anew(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await stage.order(fault="500", method="POST", path="*/messages", count=1)
        chat.writes("What are your opening hours?")
        await until(there.held)
        async with there.store.unit_of_work() as work:
            await work.run(update(SAYINGS).values(created_at=1.0, begun=False))
        await there.quiet_soon()
        assert len(chat.replies()) == 1
        states = sorted(one.state for one in await there.rows(SAYINGS))
        assert states == ["done", "dropped"]


async def test_an_answer_that_was_lost_on_the_way_is_looked_up(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path) as there:
        await stage.order(fault="drop after", method="POST", path="*/messages", count=1)
        chat = there.new_chat()
        chat.writes("What are your opening hours?")
        await there.quiet_soon()
        assert len(chat.replies()) == 1
        assert chat.status == "pending"


# --- the door -------------------------------------------------------------------------------------


async def test_a_website_tells_its_words_as_html_and_they_are_read(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path, channel="Channel::WebWidget") as there:
        chat = there.new_chat()
        [told] = await says(there, chat, "How much is a new **screen**\nfor an iPhone 13?")
        assert "139 EUR" in told
        kept = [one.words for one in await there.rows(HEARD) if one.teller == "customer"]
        assert "<" not in kept[0]


async def test_repeated_and_late_deliveries_change_nothing(stage: Stage, tmp_path: Path) -> None:
    """Everything that the bot was told, once more and in another order."""
    random = Random(SEED)
    async with running_captain(stage, tmp_path) as there, sink() as heard:
        chat = there.new_chat()
        watch(stage, heard.url)
        for words in ("What are your opening hours?", "Thanks!", "I want to speak to a person"):
            await says(there, chat, words)
        before = [one["content"] for one in chat.messages()]
        bodies = [one for one in heard.take() if str(one["event"]).startswith("message")] * 2
        random.shuffle(bodies)
        async with httpx.AsyncClient(trust_env=False) as client:
            for body in bodies:
                answer = await client.post(there.hook, json=body)
                assert answer.status_code == 200, f"seed {SEED}"
        await there.quiet()
        assert [one["content"] for one in chat.messages()] == before, f"seed {SEED}"
        assert chat.status == "open"


def watch(stage: Stage, url: str) -> None:
    """Another webhook, which hears of messages what the bot does."""
    now = stage.shop.now()
    stage.shop.db.insert(
        "webhooks", account_id=1, url=url, subscriptions=["message_created", "message_updated"],
        created_at=now, updated_at=now,
    )  # fmt: skip


async def test_who_knows_no_secret_is_not_let_in(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there, httpx.AsyncClient() as client:
        wrong = there.hook.replace("captain/a", "captain/b")
        assert (await client.post(wrong, json={})).status_code == 401
        assert (await client.post(there.hook, content=b"junk")).status_code == 400
        assert (await client.post(there.hook, json={"event": "other"})).status_code == 200


async def test_a_door_that_takes_nothing_has_the_customer_given_to_people_by_4_alone(
    stage: Stage, tmp_path: Path
) -> None:
    """As the server does it: 3.9 only logs that its bot was told nothing."""
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        stage.shop.db.execute("UPDATE agent_bots SET outgoing_url = 'http://127.0.0.1:9/'")
        chat.writes("Hello?")
        await stage.shop.worker.drain()
        is_new = stage.shop.version.startswith("4")
        assert chat.status == ("open" if is_new else "pending")
        lines = [one["content"] for one in chat.messages() if one["message_type"] == "activity"]
        assert any("error with the agent bot" in one for one in lines) is is_new


async def test_what_no_webhook_brought_is_caught_up_with(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        await says(there, chat, "Hello")
        bots = stage.shop.db.where("agent_bots", account_id=1)
        stage.shop.db.execute("UPDATE agent_bots SET outgoing_url = ''")
        chat.writes("What are your opening hours?")
        await there.quiet()
        assert len(chat.replies()) == 1
        stage.shop.db.update("agent_bots", bots[0]["id"], outgoing_url=there.hook)
        assert await there.captain.catch_up.look(first=False) >= 1
        there.captain.turns.wake()
        await there.quiet()
        assert "09:00" in chat.replies()[-1]


async def test_a_contact_that_is_forgotten_leaves_no_word(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat, other = there.new_chat(), there.new_chat()
        await says(there, chat, "My phone is broken")
        await says(there, other, "My laptop is broken")
        async with there.store.unit_of_work() as work:
            await forget(work, there.bridge.place, int(chat.row["contact_id"]))
        left = {one.conversation_id for one in await there.rows(HEARD)}
        assert left == {other.number}
        assert {one.conversation_id for one in await there.rows(SAYINGS)} == {other.number}
