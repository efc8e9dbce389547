"""Answers of the shop for itself, questions for what is missing, and how what is asked is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from revivatui.copilot.record import record_of
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.copilot.suggestion import Situation
from revivatui.copilot.templates import from_record
from revivatui.copilot.templates.intents import Intent, intents_of
from revivatui.crm.store import Store
from tests.copilot.answer_help import answers, first, one_repair
from tests.copilot.shop_people import SHOP, asked, told_of
from tests.crm.build import START, Clock, House

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
