"""Answers from the record: what the CRM says, in both languages, and no word that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.record import record_of
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.copilot.suggestion import Situation, Suggestion
from revivatui.copilot.templates import from_record
from revivatui.copilot.templates.intents import Intent, intents_of
from revivatui.copilot.templates.texts import ASKING, CALM, SORRY, TEXTS, TITLES
from revivatui.crm.money import Money
from revivatui.crm.store import Store
from revivatui.crm.views import InvoiceDue
from revivatui.crm.wishes import AppointmentWish, Move
from revivatui.crm.workflow import RepairStatus
from tests.copilot.shop_people import SHOP, Person, asked, demo_people, told_of
from tests.crm.build import START, Clock, House, line, make_phone, quote_for, take_in, walk_to

QUESTIONS = {
    "en": (
        "Is my phone ready?", "Is my Fairphone 4 ready?", "When will it be done?",
        "How much is it?", "What does it include?",
        "Please go ahead", "Too expensive, no thanks", "When can I pick it up?",
        "Is it still under warranty?", "Can I book an appointment?", "Can I come on Monday?",
        "I need to reschedule", "My iPhone 12 is broken, can you do express?",
        "How can I pay?", "What time do you close?", "Where are you?", "Do you do express?",
        "How long does a repair take?", "Is the diagnosis free?", "I spilled coffee on it",
        "The battery is swollen", "What is your success rate?", "My screen is broken", "Hello", "",
    ),
    "pt": (
        "Já está pronto?", "O meu Fairphone 4 está pronto?", "Quando fica pronto?",
        "Quanto custa?", "O que inclui?",
        "Pode avançar", "Muito caro", "Quando posso levantar?", "Ainda tem garantia?",
        "Posso marcar?", "Têm vaga amanhã às 10?", "Preciso de remarcar", "Como posso pagar?",
        "A que horas fecham?",
        "Onde ficam?", "Têm serviço expresso?", "Quanto tempo demora uma reparação?",
        "O diagnóstico é gratuito?", "Entornei café no portátil", "A bateria inchou",
        "Qual é a taxa de sucesso?", "O ecrã está partido", "Olá", "",
    ),
}  # fmt: skip


_NOT_IN_THE_DEMO = {
    "Open invoice",
    "No date yet",
    "Several repairs: which one",
    "Several quotes: which one",
    "Repair under warranty",
    "Quote expired",
    "Approved, but the quote expired",
    "Ask for the fault",
}
"""Answers that need what no customer of the demo has; each has a test of its own below."""


def answers(situation: Situation) -> tuple[Suggestion, ...]:
    return from_record(situation, SHOP, calm=False)


def first(person: Person, text: str, language: str = "en", *before: str) -> Suggestion:
    return answers(asked(person, text, language, *before))[0]


def of_the_demo() -> Iterator[tuple[Situation, Suggestion]]:
    for number, person in enumerate(demo_people()):
        own = "pt" if person.context.customer.language == "pt" else "en"
        for language, questions in QUESTIONS.items():
            if language != own and number % 4:
                continue
            record = person.record(language)
            for place, text in enumerate(questions):
                situation = asked(person, text, language, record=record)
                for one in from_record(situation, SHOP, calm=place % 2 == 0):
                    yield situation, one


def test_every_answer_of_the_demo_stands_in_its_record_and_leaves_no_field_open() -> None:
    seen, checked = set(), set()
    grounds: dict[str, Ground] = {}
    for situation, one in of_the_demo():
        record = situation.record
        if (record.version, one.text) in checked:
            continue
        checked.add((record.version, one.text))
        ground = grounds.get(record.version)
        if ground is None:
            ground = grounds[record.version] = Ground.of(record, today=START.date())
        assert check(one.text, ground) == (), one.text
        assert not re.search(r"[{}]|\s{2}|\?[A-ZÀ-Ý]", one.text), one.text
        known = {fact.id for fact in record.facts if not fact.private}
        assert set(one.sources) <= known
        seen.add(one.title)
    never = set(TITLES.values()) - seen - _NOT_IN_THE_DEMO
    assert never == set(), "texts that no customer of the demo would ever be answered with"


def test_both_languages_say_the_same_with_the_same_fields() -> None:
    for name, text in TEXTS.items():
        fields = [set(re.findall(r"\{([a-z_.]+)\}", " ".join(text[one]))) for one in ("en", "pt")]
        assert fields[0] == fields[1], name
        assert len(text["en"]) == len(text["pt"]), name
    assert set(TEXTS) >= ASKING
    assert set(TITLES) <= set(TEXTS)


# --- a repair's states --------------------------------------------------------------------------


@cache
def one_repair(status: RepairStatus, *, promised: timedelta | None = timedelta(days=3)) -> Person:
    async def happens(store: Store, house: House, clock: Clock) -> None:
        at = clock() + promised if promised is not None else None
        repair = await take_in(store, house, promised_at=at, handed_over=status != "booked")
        await walk_to(store, repair, status)
        clock.forward(days=1)

    return told_of(happens)


@pytest.mark.parametrize(
    ("status", "english", "portuguese"),
    [
        ("booked", "is booked in", "está marcada"),
        ("received", "checked in your iPhone 13 (R-1001)", "deu entrada"),
        ("diagnosing", "looking at your iPhone 13", "estamos a ver"),
        ("awaiting_parts", "is on order", "está encomendada"),
        ("in_repair", "is being repaired now", "está a ser reparado"),
        ("testing", "its final tests", "testes finais"),
        ("ready", "is ready to be collected", "está pronto a levantar"),
        ("unrepairable", "cannot be repaired", "não tem reparação"),
    ],
)
def test_each_state_is_told_in_both_languages(
    status: RepairStatus, english: str, portuguese: str
) -> None:
    person = one_repair(status)
    assert english.lower() in first(person, "Any news on my phone?").text.lower()
    assert portuguese in first(person, "Há novidades?", "pt").text.lower()


def test_a_device_that_is_ready_is_told_with_opening_hours() -> None:
    text = first(one_repair("ready"), "is it ready?").text
    assert text == (
        "Hello Customer! Your iPhone 13 (R-1001) is ready to be collected."
        " We are open Monday to Friday 09:00 to 18:00, Saturday 10:00 to 16:00."
    )


def test_a_promised_day_is_said_until_it_has_passed_and_then_no_new_one_is_made_up() -> None:
    person = one_repair("in_repair")
    assert "promised for Sunday 8 November" in first(person, "when is it done?").text
    row = replace(person.context.active[0], overdue=True)
    late = replace(person, context=replace(person.context, active=(row,)))
    one = first(late, "when is it done?")
    assert SORRY["en"] in one.text
    assert "was promised for Sunday 8 November and is not ready yet" in one.text
    assert len(re.findall(r"\b\d{1,2} [A-Z][a-z]+", one.text)) == 1
    assert SORRY["pt"] in first(late, "quando fica pronto?", "pt").text


def test_a_repair_without_a_promised_day_gets_none() -> None:
    one = first(one_repair("in_repair", promised=None), "when is it done?")
    assert "There is no date for it yet" in one.text
    assert not re.search(r"\d{1,2} [A-Z][a-z]+", one.text)


def test_a_state_that_nobody_here_knows_is_told_in_the_vendors_words() -> None:
    person = one_repair("in_repair")
    row = person.context.active[0]
    row = replace(row, repair=replace(row.repair, status="unknown", status_words="In the oven"))
    person = replace(person, context=replace(person.context, active=(row,)))
    assert "Your iPhone 13 (R-1001): In the oven." in first(person, "any news?").text


def test_a_device_that_is_not_ready_is_not_offered_for_collection() -> None:
    one = first(one_repair("in_repair"), "can I pick it up today?")
    assert "is not ready to be collected yet" in one.text
    assert "We are open" not in one.text


# --- several ------------------------------------------------------------------------------------


async def _two(store: Store, house: House, clock: Clock) -> None:
    await walk_to(store, await take_in(store, house), "diagnosing")
    laptop = await store.save_device(
        replace(await make_phone(store, house.customer, "C39ABCDEFGH1"), model="MacBook Air M2")
    )
    await walk_to(store, await take_in(store, house, device_id=laptop.id), "ready")


def test_of_several_repairs_all_are_named_and_none_is_guessed() -> None:
    person = told_of(_two)
    one = first(person, "is it ready?")
    assert one.asks
    assert "MacBook Air M2 (R-1002): ready to be collected" in one.text
    assert "iPhone 13 (R-1001): being diagnosed" in one.text
    assert not [one for one in answers(asked(person, "is it ready?")) if "We are open" in one.text]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("is my macbook ready?", "R-1002"),
        ("is R-1001 done?", "R-1001"),
        ("news on 1001?", "R-1001"),
        ("o meu iphone já está pronto?", "R-1001"),
        ("and the laptop, is it ready?", "R-1002"),
    ],
)
def test_the_one_of_several_that_is_named_is_told_of(text: str, number: str) -> None:
    one = first(told_of(_two), text)
    assert f"({number})" in one.text
    assert not one.asks


def test_a_model_that_no_repair_is_of_gets_no_answer_about_another_one() -> None:
    person = one_repair("ready")
    found = answers(asked(person, "How much is a screen for an iPhone 12?"))
    assert not [one for one in found if one.score > 0.5 and "R-1001" in one.text]


# --- quotes -------------------------------------------------------------------------------------


async def _quoted(store: Store, house: House, clock: Clock) -> None:
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair, valid_until=clock() + timedelta(days=14))
    await store.send_quote(quote.id, version=1, actor="bench")


def test_a_quote_that_waits_is_told_with_total_and_validity() -> None:
    one, lines = answers(asked(told_of(_quoted), "how much will it be?"))[:2]
    assert "Quote Q-1001 comes to €134.90 in all." in one.text
    assert "It is valid until Thursday 19 November." in one.text
    assert "Screen, original €89.90" in lines.text
    text = first(told_of(_quoted), "quanto custa?", "pt").text
    assert "134,90 €" in text
    assert "quinta-feira, 19 de novembro" in text


@pytest.mark.parametrize("text", ["Please go ahead", "yes, please fix it", "Aceito, pode avançar"])
def test_a_yes_names_the_quote_that_it_is_to(text: str) -> None:
    one = first(told_of(_quoted), text)
    assert "yes to quote Q-1001 (€134.90)" in one.text


def test_a_bare_yes_counts_where_the_quote_was_offered_before() -> None:
    person = told_of(_quoted)
    offered = "Quote Q-1001 comes to €134.90 in all. Shall we begin?"
    assert "yes to quote Q-1001" in first(person, "ok", "en", offered).text
    assert "yes to quote" not in first(person, "ok", "en", "Your device is here.").text
    assert "yes to quote" not in first(person, "do you accept cards?").text


def test_a_yes_to_an_expired_quote_begins_nothing() -> None:
    person = told_of(_quoted)
    record = person.record(now=START + timedelta(days=20))
    situation = replace(asked(person, "go ahead"), record=record)
    one = answers(situation)[0]
    assert "was valid until Thursday 19 November" in one.text
    assert "before we begin" in one.text
    price = answers(replace(asked(person, "how much was it?"), record=record))[0]
    assert "has expired" in price.text


async def _declined(store: Store, house: House, clock: Clock) -> None:
    await _quoted(store, house, clock)
    context = await store.get_context(house.customer.id)
    quote = context.pending_quotes[0].quote
    await store.decide_quote(quote.id, approved=False, version=quote.version, actor="customer")


def test_a_declined_quote_is_not_offered_again() -> None:
    found = answers(asked(told_of(_declined), "how much was it?"))
    assert "was declined" in found[0].text
    assert not [one for one in found if "Shall we begin" in one.text or "valid until" in one.text]


async def _two_quoted(store: Store, house: House, clock: Clock) -> None:
    await _quoted(store, house, clock)
    laptop = await store.save_device(
        replace(await make_phone(store, house.customer, "C39ABCDEFGH1"), model="MacBook Air M2")
    )
    second = await walk_to(store, await take_in(store, house, device_id=laptop.id), "diagnosing")
    quote = await quote_for(store, second, line("300"))
    await store.send_quote(quote.id, version=1, actor="bench")


def test_of_several_quotes_all_are_named_with_what_they_come_to() -> None:
    person = told_of(_two_quoted)
    for text in ("how much is it?", "go ahead please"):
        one = first(person, text)
        assert one.asks
        assert "Q-1001 (iPhone 13): €134.90" in one.text
        assert "Q-1002 (MacBook Air M2): €300.00" in one.text
    assert "yes to quote Q-1002" in first(person, "go ahead with the macbook").text


def test_a_repair_under_warranty_is_said_to_be_one_where_the_price_is_asked() -> None:
    person = one_repair("in_repair")
    row = person.context.active[0]
    row = replace(row, repair=replace(row.repair, is_warranty=True))
    person = replace(person, context=replace(person.context, active=(row,)))
    assert "is done under warranty" in first(person, "how much will it cost?").text


def test_a_device_that_waits_for_long_is_told_since_when() -> None:
    person = one_repair("ready")
    assert "waiting for you since" not in first(person, "is it ready?").text
    record = person.record(now=START + timedelta(days=30))
    situation = replace(asked(person, "is it ready?"), record=record)
    assert "waiting for you since Thursday 5 November" in answers(situation)[0].text


def test_before_there_is_a_quote_no_amount_is_said() -> None:
    one = first(one_repair("received"), "how much will it cost?")
    assert "Then you get a quote" in one.text
    assert not re.search(r"[€£$]|EUR", one.text)


# --- visits, warranty, money --------------------------------------------------------------------


async def _visit(store: Store, house: House, clock: Clock) -> None:
    starts = clock() + timedelta(days=2)
    await store.book_appointment(
        AppointmentWish(
            house.customer.id, "drop_off", starts, starts + timedelta(minutes=30),
            status="confirmed",
        )
    )  # fmt: skip


def test_an_appointment_is_told_with_day_and_time_and_can_be_moved() -> None:
    person = told_of(_visit)
    assert "on Saturday 7 November at 10:00" in first(person, "when is my appointment?").text
    moved = first(person, "can we reschedule my appointment?")
    assert moved.asks
    assert "Which other day and time" in moved.text


def test_who_has_no_appointment_is_asked_for_a_day() -> None:
    one = first(one_repair("in_repair"), "can I make an appointment?")
    assert one.asks
    assert one.text.endswith("https://book.example.com/repairs")


async def _collected(store: Store, house: House, clock: Clock) -> None:
    await _quoted(store, house, clock)
    context = await store.get_context(house.customer.id)
    quote = context.pending_quotes[0].quote
    await store.decide_quote(quote.id, approved=True, version=quote.version, actor="customer")
    repair = (await store.get_context(house.customer.id)).active[0].repair
    for to in ("in_repair", "testing", "ready", "completed"):
        repair = await store.move_repair(Move(repair.id, to, repair.version, "bench"))


def test_a_warranty_is_told_once_with_all_it_covers() -> None:
    found = [one for one in answers(asked(told_of(_collected), "is there warranty?"))
             if one.title == "Warranty"]  # fmt: skip
    assert len(found) == 1
    assert re.search(r"\((?:parts and labour|labour and parts)\)", found[0].text)
    assert "holds until Friday 5 November 2027" in found[0].text


def test_who_asks_for_a_device_that_was_collected_lately_is_told_so() -> None:
    one = first(told_of(_collected), "is my iphone ready?")
    assert "was collected on Thursday 5 November" in one.text


def test_an_open_bill_is_told_with_its_day() -> None:
    person = one_repair("ready")
    invoice = InvoiceDue("I-7", Money.of("134.90", "EUR"), date(2026, 12, 1))
    person = replace(person, context=replace(person.context, invoices_due=(invoice,)))
    text = first(person, "how can I pay?").text
    assert "Invoice I-7 is open: €134.90. It is due on Tuesday 1 December." in text
    assert "You can pay by cash or card." in text
    assert "Invoice I-7 is open: €134.90." in first(person, "is it ready?").text


def test_what_the_demo_has_none_of_stands_in_its_record_as_well() -> None:
    invoice = InvoiceDue("I-7", Money.of("134.90", "EUR"), date(2026, 12, 1))
    ready, moving = one_repair("ready"), one_repair("in_repair", promised=None)
    claim = replace(
        moving.context.active[0],
        repair=replace(moving.context.active[0].repair, is_warranty=True),
    )
    people = (
        told_of(_two),
        told_of(_quoted),
        told_of(_two_quoted),
        told_of(_declined),
        told_of(_collected),
        moving,
        replace(ready, context=replace(ready.context, invoices_due=(invoice,))),
        replace(moving, context=replace(moving.context, active=(claim,))),
    )
    titles = set()
    for person in people:
        for now in (START, START + timedelta(days=30)):
            for language, questions in QUESTIONS.items():
                record = person.record(language, now=now)
                ground = Ground.of(record, today=now.date())
                for text in (*questions, "my iphone, how much?"):
                    for one in answers(asked(person, text, language, record=record)):
                        assert check(one.text, ground) == (), one.text
                        titles.add(one.title)
    assert titles >= _NOT_IN_THE_DEMO - {"Ask for the fault"}


# --- the shop -----------------------------------------------------------------------------------


def stranger(text: str, language: str = "en", shop: ShopProfile = SHOP) -> Situation:
    record = record_of(None, (), shop, language=language, now=START, tz=None)
    return replace(asked(one_repair("ready"), text, language), record=record)


def test_without_a_crm_the_shop_answers_for_itself_and_asks_for_the_rest() -> None:
    assert (
        "Today we are open 09:00 to 18:00." in answers(stranger("what time do you close?"))[0].text
    )
    assert "Hoje estamos abertos" in answers(stranger("qual é o horário?", "pt"))[0].text
    number = answers(stranger("is my phone ready?"))[0]
    assert number.asks
    assert "repair number" in number.text
    device = answers(stranger("how much is a repair?"))[0]
    assert device.asks
    assert "Which device is it (brand and model)" in device.text
    assert "final quote follows the diagnosis" in device.text


def test_who_asks_for_a_device_that_is_not_here_is_not_told_of_another_one() -> None:
    person = one_repair("in_repair")
    for text, language in (("Is my Redmi Note 12 ready? Case RT-8349.", "en"),
                           ("O meu Surface Laptop 4 já está pronto?", "pt")):  # fmt: skip
        one = first(person, text, language)
        assert one.title == "Ask under which name it is"
        assert "R-1001" not in one.text


def test_who_names_a_day_is_not_asked_for_one() -> None:
    named = first(one_repair("in_repair"), "Can I come on Friday at 5 pm?")
    assert "I am checking that time" in named.text
    assert "Friday at" not in named.text
    assert "Which day and time" in first(one_repair("in_repair"), "Can I come by?").text


def test_who_names_their_device_and_no_fault_is_asked_for_the_fault() -> None:
    async def nothing(store: Store, house: House, clock: Clock) -> None:
        return None

    one = first(told_of(nothing), "How much would it cost for my iphone?")
    assert one.asks
    assert one.text.startswith("Hello Customer! What is wrong with your iPhone 13?")


def test_on_a_day_when_the_shop_is_closed_it_says_so() -> None:
    sunday = START + timedelta(days=3)
    for language, words in (("en", "Today we are closed."), ("pt", "Hoje estamos fechados.")):
        record = record_of(None, (), SHOP, language=language, now=sunday, tz=None)
        text = "when do you open?" if language == "en" else "quando abrem?"
        situation = replace(stranger(text, language), record=record)
        assert words in answers(situation)[0].text


def test_after_a_spill_first_aid_comes_first_and_without_a_greeting() -> None:
    for text, language in (("I spilled coffee on my laptop, help", "en"),
                           ("molhei o telemóvel", "pt")):  # fmt: skip
        one = from_record(stranger(text, language), SHOP, calm=True)[0]
        assert one.title == "First aid after liquid"
        assert one.text.startswith(("Please switch the device off", "Por favor desligue já"))


def test_a_swollen_battery_is_heard_in_whatever_words() -> None:
    for text in ("The back of my Acer Swift 3 is bulging and the screen lifts. Is it dangerous?",
                 "my macbook has a spicy pillow"):  # fmt: skip
        one = answers(stranger(text))[0]
        assert one.title == "First aid, swollen battery"
        assert one.text.startswith("Please stop using the device")


def test_what_the_shop_did_not_say_is_not_answered() -> None:
    bare = ShopProfile.load({"express": False, "days": "", "free_diagnosis": False})
    for text in ("do you do express?", "how long does a repair take?", "is the diagnosis free?",
                 "what is your success rate?", "how can I pay?"):  # fmt: skip
        found = [one for one in answers(stranger(text, shop=bare)) if not one.asks]
        assert found == [], text


def test_where_nothing_is_known_nothing_is_said() -> None:
    situation = asked(one_repair("ready"), "is it ready?")
    empty = replace(situation.record, facts=(), version="")
    assert answers(replace(situation, record=empty)) == ()


# --- manner -------------------------------------------------------------------------------------


def test_the_first_name_stands_in_the_first_answer_only() -> None:
    person = one_repair("ready")
    assert first(person, "is it ready?").text.startswith("Hello Customer! Your iPhone")
    again = first(person, "is it ready?", "en", "We are looking.")
    assert again.text.startswith("Your iPhone 13")
    assert first(person, "já está pronto?", "pt").text.startswith("Olá Customer!")


def test_who_is_angry_is_answered_calmly() -> None:
    situation = asked(one_repair("in_repair"), "STILL NOT READY???")
    calm = from_record(situation, SHOP, calm=True)[0].text
    assert CALM["en"] in calm
    assert CALM["en"] not in from_record(situation, SHOP, calm=False)[0].text


def test_a_name_with_braces_fills_no_field() -> None:
    person = one_repair("ready")
    facts = tuple(
        replace(one, value="{shop.hours}") if one.id == "customer/first_name" else one
        for one in asked(person, "").record.facts
    )
    situation = asked(person, "is it ready?")
    situation = replace(situation, record=replace(situation.record, facts=facts))
    assert answers(situation)[0].text.startswith("Hello (shop.hours)! Your")


def test_an_answer_keeps_its_id_while_it_says_the_same() -> None:
    person = one_repair("ready")
    one, again = (first(person, "is it ready?") for _ in range(2))
    assert one.id == again.id
    other = replace(asked(person, "is it ready?"))
    other = replace(other, moment=replace(other.moment, conversation_id=8))
    assert answers(other)[0].id != one.id


def test_each_answer_says_why_it_is_there() -> None:
    one = first(one_repair("ready"), "is it ready?")
    assert one.why == ("asked: how far it is", "by the record of R-1001")
    assert {"R-1001/device", "R-1001/number", "shop/hours"} <= set(one.sources)


# --- what is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("any news??", "status"),
        ("update?", "status"),
        ("olá, queria saber do RT-8907", "status"),
        ("the back of my Acer Swift 3 is bulging", "battery"),
        ("could you tell me where my repair is", "status"),
        ("hi, is there an update on my laptop", "status"),
        ("whats happening with my laptop", "status"),
        ("já está arranjado?", "status"),
        ("how much longer", "when"),
        ("quando é que fica pronto", "when"),
        ("can i come get it", "collect"),
        ("posso ir buscar?", "collect"),
        ("ballpark?", "price"),
        ("quanto fica?", "price"),
        ("não quero avançar com a reparação", "decline"),
        ("it is not worth it then", "decline"),
        ("go for it", "approve"),
        ("de acordo, avance", "approve"),
        ("my phone fell in the toilet", "liquid"),
        ("caiu água em cima do teclado", "liquid"),
        ("spicy pillow in my macbook", "battery"),
        ("are you open on sunday", "hours"),
        ("estão abertos ao sábado?", "hours"),
        ("your address pls", "address"),
        ("qual é a morada", "address"),
        ("do you take cash", "pay"),
        ("aceitam multibanco?", "pay"),
        ("same problem is back again", "warranty"),
        ("tem garantia?", "warranty"),
    ],
)
def test_what_people_write_is_understood(text: str, intent: Intent) -> None:
    assert intent in intents_of(text)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my screen won't open the app", "approve"),
        ("I poured over the manual", "battery"),
        ("do you accept cards", "approve"),
        ("how long are you open", "when"),
        ("it does not open the files", "approve"),
        ("thanks, see you", "status"),
        ("I'll collect my thoughts", "status"),
        ("how long is the warranty", "when"),
        ("it is dead since the last update", "status"),
        ("o meu portátil demora dez minutos a arrancar", "when"),
        ("abrem janelas sozinhas", "hours"),
        ("my laptop won't open", "hours"),
        ("do I need an appointment?", "visit"),
        ("preciso de marcar?", "visit"),
        ("essas fotografias não têm preço", "price"),
    ],
)
def test_what_only_looks_alike_is_not(text: str, intent: Intent) -> None:
    assert intent not in intents_of(text)
