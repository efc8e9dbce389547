"""Answers from the record: what the CRM says, in both languages, and no word that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.suggestion import Situation, Suggestion
from revivatui.copilot.templates import from_record
from revivatui.copilot.templates.texts import ASKING, CALM, TEXTS, TITLES
from revivatui.crm.money import Money
from revivatui.crm.views import InvoiceDue
from tests.copilot.answer_help import (
    answers,
    collected,
    declined,
    first,
    one_repair,
    quoted,
    two_quoted,
    two_repairs,
)
from tests.copilot.shop_people import SHOP, asked, demo_people, told_of
from tests.crm.build import START

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


def test_what_the_demo_has_none_of_stands_in_its_record_as_well() -> None:
    invoice = InvoiceDue("I-7", Money.of("134.90", "EUR"), date(2026, 12, 1))
    ready, moving = one_repair("ready"), one_repair("in_repair", promised=None)
    claim = replace(
        moving.context.active[0],
        repair=replace(moving.context.active[0].repair, is_warranty=True),
    )
    people = (
        told_of(two_repairs),
        told_of(quoted),
        told_of(two_quoted),
        told_of(declined),
        told_of(collected),
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
