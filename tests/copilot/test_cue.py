"""Tone, hurry and danger: what is heard, and what only looks like it."""

from __future__ import annotations

import random
import time

import pytest

from revivatui.copilot.cue import QUIET, Cue, cue
from revivatui.copilot.suggestion import Said, Teller


def of(*texts: str) -> Cue:
    """The cue of a conversation; "A: " begins what an agent said, "N: " a note."""
    said = []
    for number, text in enumerate(texts):
        teller: Teller = "customer"
        if text.startswith("A: "):
            teller, text = "agent", text[3:]
        elif text.startswith("N: "):
            teller, text = "note", text[3:]
        said.append(Said(number, teller, text))
    return cue(said)


@pytest.mark.parametrize(
    "text",
    [
        "I am furious",
        "this is a joke, you are all crooks",
        "You stole my money",
        "I'm sick of waiting",
        "worst service ever",
        "fuck you",
        "how dare you",
        "never again 😡",
        "WHERE IS MY LAPTOP??? YOU PROMISED FRIDAY",
        "Isto é uma vergonha",
        "estou farto disto",
        "bando de ladrões",
        "é inadmissível",
        "QUERO O MEU DINHEIRO DE VOLTA JÁ!!!",
    ],
)
def test_anger_is_heard(text: str) -> None:
    assert of(text).tone == "angry"
    assert of(text).reasons


@pytest.mark.parametrize(
    "text",
    [
        "I'm not angry, just asking",
        "No need to be furious about it",
        "não estou zangado, só queria saber",
        "URGENTE",
        "URGENT please",
        "the USB SSD HDMI port is broken on my DELL",
        "MY IPHONE IMEI",
        "I've had it since 2019",
        "I had enough storage before",
        "the fan is insane lol",
        "my screen broke again lol fuck",
        "what a nice shop",
        "Que bom, obrigado",
    ],
)
def test_what_is_no_anger_is_not_heard_as_it(text: str) -> None:
    assert of(text).tone != "angry"


def test_disappointment_is_less_than_anger() -> None:
    assert of("I am extremely disappointed").tone == "unhappy"
    assert of("não estou satisfeito com o trabalho").tone == "unhappy"
    assert of("thanks for nothing").tone == "unhappy"


def test_thanks_are_heard_as_such() -> None:
    assert of("thanks, perfect job!").tone == "pleased"
    assert of("muito obrigada, impecável").tone == "pleased"


def test_the_third_question_for_news_is_impatience_and_the_second_is_not() -> None:
    two = of("any news?", "A: not yet", "is it ready?")
    assert (two.tone, two.chased) == ("calm", 2)
    three = of("any news?", "A: not yet", "is it ready?", "A: tomorrow", "any updates?")
    assert (three.tone, three.chased) == ("impatient", 3)
    assert "for the third time" in three.reasons[0]


def test_another_word_between_begins_the_count_anew() -> None:
    asked = of("any news?", "A: no", "any news?", "A: no", "ok, thanks", "A: sure", "any news?")
    assert asked.chased == 1


def test_what_was_answered_is_no_longer_heard() -> None:
    assert of("I am furious", "A: I am sorry, it is done now", "great").tone == "calm"
    assert of("I am furious", "N: careful with this one").tone == "angry"
    assert of("A: hello") == QUIET
    assert of() == QUIET


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("can I speak to a real person please", True),
        ("get me the manager", True),
        ("I want a human", True),
        ("stop with the bot", True),
        ("call me back please", True),
        ("quero falar com uma pessoa", True),
        ("passe-me o responsável", True),
        ("liguem-me por favor", True),
        ("are you a bot?", False),
        ("is there a person in the shop on saturday?", False),
        ("Can you call me when it's ready?", False),
        ("my manager needs an invoice", False),
        ("the person before me broke it", False),
        ("I don't want to talk to a person, just tell me the price", False),
        ("quantas pessoas trabalham aí?", False),
    ],
)
def test_who_asks_for_a_person_is_told_from_who_speaks_of_one(text: str, is_so: bool) -> None:
    assert of(text).wants_person is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("I want my money back", True),
        ("please refund me", True),
        ("you charged me twice", True),
        ("you said 80 euros and now it's 140, why?", True),
        ("I'm not paying for that", True),
        ("quero o reembolso", True),
        ("cobraram-me a mais", True),
        ("não vou pagar por isto", True),
        ("what is your refund policy?", False),
        ("refund policy?", False),
        ("do I get a refund if you can't fix it?", False),
        ("how do you charge for diagnosis?", False),
        ("qual é a política de reembolso?", False),
        ("fazem reembolso se não conseguirem reparar?", False),
        ("it was charged twice a day", False),
        ("how do I pay?", False),
        ("paid yesterday, thanks", False),
    ],
)
def test_a_dispute_of_money_is_told_from_a_question(text: str, is_so: bool) -> None:
    assert of(text).money_dispute is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("my lawyer will contact you", True),
        ("I'll do a chargeback", True),
        ("I will report you to trading standards", True),
        ("vou ao livro de reclamações", True),
        ("vou chamar a polícia", True),
        ("I'm a lawyer and need my laptop by Monday", False),
        ("the court is next to your shop, right?", False),
        ("charge back to 100 percent takes hours", False),
        ("a loja fica na rua da justiça velha?", True),  # a word too many is heard
    ],
)
def test_threats_with_the_law_are_heard(text: str, is_so: bool) -> None:
    assert of(text).legal is is_so


def test_a_bad_review_is_a_threat_and_a_good_one_is_not() -> None:
    assert of("I will leave a one star review").public_review
    assert of("vou deixar uma avaliação negativa").public_review
    assert not of("can I leave a review? you were great").public_review


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("I just spilled coffee on my macbook", True),
        ("it fell in the toilet five minutes ago", True),
        ("my laptop is still wet", True),
        ("my drive is clicking", True),
        ("dropped my external hard drive", True),
        ("deleted all my photos by accident", True),
        ("it's the only copy of my thesis", True),
        ("entornei água no portátil agora mesmo", True),
        ("o disco externo faz cliques", True),
        ("apaguei as fotos sem querer", True),
        ("I spilled coffee on it last week", False),
        ("what should I do if I spill water on it?", False),
        ("my mouse is clicking twice", False),
        ("no backup needed, just wipe it", False),
        ("o que acontece se cair água?", False),
        ("I have a backup", False),
    ],
)
def test_data_in_danger_now_is_told_from_what_was(text: str, is_so: bool) -> None:
    assert of(text).data_emergency is is_so
    if is_so:
        assert of(text).urgency == "now"
        assert of(text).grave


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("the battery is swollen", True),
        ("smoke coming from my charger", True),
        ("it smells like burning", True),
        ("a bateria está inchada", True),
        ("está a deitar fumo", True),
        ("no smoke or fire", False),
        ("how do I prevent a swollen battery?", False),
        ("I don't smoke", False),
        ("my kindle fire is slow", False),
    ],
)
def test_dangers_for_people_are_heard(text: str, is_so: bool) -> None:
    assert of(text).safety is is_so


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("URGENTE", "now"),
        ("it's an emergency", "now"),
        ("I need it today", "now"),
        ("I need it by friday", "soon"),
        ("my exam is tomorrow", "soon"),
        ("I have a flight on monday", "soon"),
        ("preciso disso até sexta", "soon"),
        ("tenho um exame amanhã", "soon"),
        ("do you have an urgent service?", "none"),
        ("it's not urgent", "none"),
        ("não é urgente", "none"),
        ("see you on friday", "none"),
        ("are you open today?", "none"),
    ],
)
def test_hurry_is_heard(text: str, urgency: str) -> None:
    assert of(text).urgency == urgency


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("my son's ipad is cracked", True),
        ("I'm 14 and my phone broke", True),
        ("o telemóvel do meu filho partiu", True),
        ("tenho 14 anos", True),
        ("I'm 14 minutes away", False),
        ("my ipad is 14 months old", False),
        ("my son will pick it up", False),
    ],
)
def test_devices_of_children_are_heard(text: str, is_so: bool) -> None:
    assert of(text).minor is is_so


def test_a_passcode_is_noticed_and_not_repeated() -> None:
    for heard in (
        of("my passcode is 482913"),
        of("A: what is the passcode?", "482913"),
        of("a senha é gato482913"),
        of("the pin is ••••"),
    ):
        assert heard.passcode
        assert "4829" not in " ".join(heard.reasons)
    assert not of("do you need my passcode?").passcode
    assert not of("my number is 482913").passcode


def test_every_find_has_a_reason_with_the_words_it_was_told_by() -> None:
    heard = of("I want my money back or my lawyer will call, I am furious")
    assert heard.grave
    assert len(heard.reasons) == 3
    assert 'money back"' in heard.reasons[1]


def test_a_page_is_heard_in_a_few_milliseconds_whatever_is_in_it() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    draw = random.Random(seed)
    words = [
        "not",
        "i",
        "my",
        "the",
        "spilled",
        "drive",
        "click",
        "i'm",
        "you",
        "refund",
        "need",
        "by",
        "today",
        "a",
        "to",
        "it",
        "is",
        "no",
        "\n",
        "?",
        "!",
    ]
    for _ in range(30):
        text = " ".join(draw.choice(words) for _ in range(900))
        began = time.process_time()
        of(text)
        assert time.process_time() - began < 0.25
    began = time.process_time()
    of("a " * 500_000, "need " * 200_000, "\x1b[31m" * 10_000)
    assert time.process_time() - began < 2.0
