"""One conversation at one moment: what is asked, by whom it was said, and what steers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from revivatui.copilot.situation import LONGEST, situation_of, situation_with
from revivatui.crm.store import Store
from revivatui.crm.wishes import TicketWish
from revivatui.state.models import ACTIVITY, OUTGOING, TEMPLATE, Message, Sender
from tests.copilot.shop_people import LISBON, SHOP, demo_people, message, told_of
from tests.crm.build import START, Clock, House, make_phone, quote_for, take_in, walk_to


def test_the_question_is_all_that_the_customer_wrote_since_the_last_answer() -> None:
    said = [
        message(1, "Hello"),
        message(2, "How can we help?", OUTGOING),
        message(3, "It is my phone"),
        message(4, "any news?"),
    ]
    situation = situation_of(7, reversed(said))
    assert situation.question.text == "It is my phone\nany news?"
    assert situation.question.recent == ("Hello",)
    assert [one.teller for one in situation.said] == ["customer", "agent", "customer", "customer"]
    assert situation.moment.last_message_id == 4


def test_after_an_answer_nothing_is_asked() -> None:
    situation = situation_of(7, [message(1, "Hello"), message(2, "Hi", OUTGOING)])
    assert situation.question.text == ""
    assert situation.question.recent == ("Hello",)


def test_a_greeting_of_the_server_and_a_note_answer_nothing() -> None:
    said = [
        message(1, "Is it ready?"),
        message(2, "We answer soon", TEMPLATE),
        message(3, "I look into it", OUTGOING, private=True),
        message(4, "Somebody took it", ACTIVITY),
    ]
    situation = situation_of(7, said)
    assert situation.question.text == "Is it ready?"
    assert [one.teller for one in situation.said] == ["customer", "bot", "note"]
    assert situation.moment.last_message_id == 2


def test_a_bots_answer_is_an_answer_and_the_bots() -> None:
    bot = Sender("agent_bot", 3, "Bot")
    situation = situation_of(7, [message(1, "Hi"), message(2, "Yes?", OUTGOING, sender=bot)])
    assert situation.said[-1].teller == "bot"
    assert situation.question.text == ""


def test_what_was_deleted_or_never_left_was_not_said() -> None:
    deleted = message(1, "my pin is 1234", content_attributes={"deleted": True})
    failed = message(3, "Hello", OUTGOING, status="failed")
    situation = situation_of(7, [deleted, message(2, "Is it ready?"), failed])
    assert [one.text for one in situation.said] == ["Is it ready?"]
    assert situation.question.text == "Is it ready?"


def test_a_message_without_end_is_looked_at_to_a_limit() -> None:
    situation = situation_of(7, [message(1, "x" * 1_000_000 + " is it ready?")])
    assert len(situation.question.text) == LONGEST
    assert situation.question.text.endswith("is it ready?")
    assert len(situation.said[0].text) == LONGEST


def test_an_empty_conversation_is_a_situation_too() -> None:
    situation = situation_of(7, [])
    assert situation.question.text == ""
    assert situation.moment.last_message_id == 0


@pytest.mark.parametrize(
    ("said", "kept", "language"),
    [
        (["Is my phone ready yet please?"], "pt", "en"),
        (["Bom dia, o meu telemóvel já está pronto?"], "en", "pt"),
        (["ok"], "pt", "pt"),
        (["ok"], "", "en"),
        (["ok"], "pt-BR", "pt"),
        (["ok"], "de", "en"),
        (["Bom dia, queria saber quanto custa a reparação", "ok?"], "en", "pt"),
        ([], "pt", "pt"),
    ],
)
def test_the_language_is_that_of_the_last_words_else_the_one_that_is_kept(
    said: list[str], kept: str, language: str
) -> None:
    messages = [message(number, text) for number, text in enumerate(said, 1)]
    assert situation_of(7, messages, language=kept).question.language == language


# --- what steers --------------------------------------------------------------------------------


async def _quoted(store: Store, house: House, clock: Clock) -> None:
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair)
    await store.send_quote(quote.id, version=1, actor="bench")


def asking(text: str, language: str = "") -> list[Message]:
    return [message(1, text)]


def test_the_only_repair_under_way_steers() -> None:
    person = told_of(_quoted)
    question = situation_of(7, asking("any news?"), person.record()).question
    assert question.device == "iPhone 13"
    assert question.repair_status == "awaiting_approval"
    assert question.quote_status == "pending"
    assert "iPhone" not in question.text


async def _two(store: Store, house: House, clock: Clock) -> None:
    await walk_to(store, await take_in(store, house), "ready")
    ticket = await store.create_ticket(TicketWish(house.customer.id, "Chat"))
    laptop = await store.save_device(
        replace(await make_phone(store, house.customer, "C39ABCDEFGH1"), model="MacBook Air M2")
    )
    await take_in(store, house, device_id=laptop.id, ticket_id=ticket.id)


def test_several_repairs_steer_only_where_it_is_said_which_one() -> None:
    person = told_of(_two)
    question = situation_of(7, asking("any news?"), person.record()).question
    assert (question.device, question.repair_status) == ("", "")
    named = situation_of(7, asking("is the iphone ready?"), person.record()).question
    assert (named.device, named.repair_status) == ("iPhone 13", "ready")
    ticket = person.context.open_tickets[0].id
    bound = situation_of(7, asking("any news?"), person.record(ticket_id=ticket)).question
    assert (bound.device, bound.repair_status) == ("MacBook Air M2", "received")
    other = situation_of(7, asking("price for an iPad 9 screen?"), person.record()).question
    assert (other.device, other.repair_status) == ("", "")


def test_a_customer_without_a_repair_is_steered_by_their_only_device() -> None:
    async def nothing(store: Store, house: House, clock: Clock) -> None:
        return None

    record = told_of(nothing).record()
    assert situation_of(7, asking("how much is a screen?"), record).question.device == "iPhone 13"
    other = situation_of(7, asking("how much for a Galaxy S22 screen?"), record).question
    assert other.device == ""


def test_the_record_is_made_in_the_language_that_the_customer_writes_in() -> None:
    person = demo_people()[0]
    for text, language, closes in (
        ("Bom dia, a que horas fecham hoje?", "pt", "09:00 às 18:00"),
        ("Hello, what time do you close today?", "en", "09:00 to 18:00"),
    ):
        situation = situation_with(
            7, asking(text), person.context, person.files, SHOP, now=START, tz=LISBON
        )
        assert situation.question.language == language
        assert situation.record.value("shop/today") == closes
        assert situation.moment.record_version == situation.record.version
    nobody = situation_with(7, asking("Hello"), None, (), SHOP, now=START, tz=LISBON)
    assert nobody.record.value("shop/name") == "RevivaTech"
