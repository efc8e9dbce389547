"""Answers about a repair, its quote, a visit, a warranty and a bill, each as the CRM has it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from revivatui.copilot.templates.texts import SORRY
from revivatui.crm.money import Money
from revivatui.crm.views import InvoiceDue
from revivatui.crm.workflow import RepairStatus
from tests.copilot.answer_help import (
    answers,
    collected,
    declined,
    first,
    one_repair,
    quoted,
    two_quoted,
    two_repairs,
    visiting,
)
from tests.copilot.shop_people import asked, told_of
from tests.crm.build import START

# --- a repair's states --------------------------------------------------------------------------


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


def test_of_several_repairs_all_are_named_and_none_is_guessed() -> None:
    person = told_of(two_repairs)
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
    one = first(told_of(two_repairs), text)
    assert f"({number})" in one.text
    assert not one.asks


def test_a_model_that_no_repair_is_of_gets_no_answer_about_another_one() -> None:
    person = one_repair("ready")
    found = answers(asked(person, "How much is a screen for an iPhone 12?"))
    assert not [one for one in found if one.score > 0.5 and "R-1001" in one.text]


# --- quotes -------------------------------------------------------------------------------------


def test_a_quote_that_waits_is_told_with_total_and_validity() -> None:
    one, lines = answers(asked(told_of(quoted), "how much will it be?"))[:2]
    assert "Quote Q-1001 comes to €134.90 in all." in one.text
    assert "It is valid until Thursday 19 November." in one.text
    assert "Screen, original €89.90" in lines.text
    text = first(told_of(quoted), "quanto custa?", "pt").text
    assert "134,90 €" in text
    assert "quinta-feira, 19 de novembro" in text


@pytest.mark.parametrize("text", ["Please go ahead", "yes, please fix it", "Aceito, pode avançar"])
def test_a_yes_names_the_quote_that_it_is_to(text: str) -> None:
    one = first(told_of(quoted), text)
    assert "yes to quote Q-1001 (€134.90)" in one.text


def test_a_bare_yes_counts_where_the_quote_was_offered_before() -> None:
    person = told_of(quoted)
    offered = "Quote Q-1001 comes to €134.90 in all. Shall we begin?"
    assert "yes to quote Q-1001" in first(person, "ok", "en", offered).text
    assert "yes to quote" not in first(person, "ok", "en", "Your device is here.").text
    assert "yes to quote" not in first(person, "do you accept cards?").text


def test_a_yes_to_an_expired_quote_begins_nothing() -> None:
    person = told_of(quoted)
    record = person.record(now=START + timedelta(days=20))
    situation = replace(asked(person, "go ahead"), record=record)
    one = answers(situation)[0]
    assert "was valid until Thursday 19 November" in one.text
    assert "before we begin" in one.text
    price = answers(replace(asked(person, "how much was it?"), record=record))[0]
    assert "has expired" in price.text


def test_a_declined_quote_is_not_offered_again() -> None:
    found = answers(asked(told_of(declined), "how much was it?"))
    assert "was declined" in found[0].text
    assert not [one for one in found if "Shall we begin" in one.text or "valid until" in one.text]


def test_of_several_quotes_all_are_named_with_what_they_come_to() -> None:
    person = told_of(two_quoted)
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


def test_an_appointment_is_told_with_day_and_time_and_can_be_moved() -> None:
    person = told_of(visiting)
    assert "on Saturday 7 November at 10:00" in first(person, "when is my appointment?").text
    moved = first(person, "can we reschedule my appointment?")
    assert moved.asks
    assert "Which other day and time" in moved.text


def test_who_has_no_appointment_is_asked_for_a_day() -> None:
    one = first(one_repair("in_repair"), "can I make an appointment?")
    assert one.asks
    assert one.text.endswith("https://book.example.com/repairs")


def test_a_warranty_is_told_once_with_all_it_covers() -> None:
    found = [one for one in answers(asked(told_of(collected), "is there warranty?"))
             if one.title == "Warranty"]  # fmt: skip
    assert len(found) == 1
    assert re.search(r"\((?:parts and labour|labour and parts)\)", found[0].text)
    assert "holds until Friday 5 November 2027" in found[0].text


def test_who_asks_for_a_device_that_was_collected_lately_is_told_so() -> None:
    one = first(told_of(collected), "is my iphone ready?")
    assert "was collected on Thursday 5 November" in one.text


def test_an_open_bill_is_told_with_its_day() -> None:
    person = one_repair("ready")
    invoice = InvoiceDue("I-7", Money.of("134.90", "EUR"), date(2026, 12, 1))
    person = replace(person, context=replace(person.context, invoices_due=(invoice,)))
    text = first(person, "how can I pay?").text
    assert "Invoice I-7 is open: €134.90. It is due on Tuesday 1 December." in text
    assert "You can pay by cash or card." in text
    assert "Invoice I-7 is open: €134.90." in first(person, "is it ready?").text
