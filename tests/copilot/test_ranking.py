"""Which of a shop's answers and prices are found for what customers write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from revivatui.copilot.learned import Alias
from revivatui.copilot.retrieval.library import Library, Ranking
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question
from tests.copilot.small_shops import CASUAL, PLAIN

SEED = 11


@pytest.fixture(scope="module")
def plain() -> Library:
    return Library.build(PLAIN)


@pytest.fixture(scope="module")
def casual() -> Library:
    return Library.build(CASUAL)


def ids(ranking: Ranking) -> list[str]:
    return [one.source.id for one in ranking.items]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("spilled tea all over my macbook", "canned:liquid"),
        ("it's flat again by lunch, have to plug it in all day", "canned:battery"),
        ("i have to bend the lead or it takes no juice", "canned:port"),
        ("cracked the front to pieces", "canned:screen"),
        ("till when are u there tomorrow", "canned:hours"),
        ("can i pay with my visa", "canned:payment"),
        ("takes ages until i can do anything on it", "canned:slow"),
        ("entornei água em cima do portátil", "canned:liquidos"),
        ("a que horas abrem?", "canned:horario"),
    ],
)
def test_customers_words_find_the_shops_answer(plain: Library, text: str, wanted: str) -> None:
    assert ids(plain.rank(Question(text)))[0] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("went for a swim with it", "canned:wet"),
        ("barely lasts till the afternoon", "canned:cell"),
        ("what street are you in", "canned:find"),
        ("do you take mastercard", "canned:bill"),
    ],
)
def test_another_shops_other_words_are_found_too(casual: Library, text: str, wanted: str) -> None:
    assert wanted in ids(casual.rank(Question(text)))


@pytest.mark.parametrize(
    ("text", "repair", "quote", "wanted"),
    [
        ("any news?", "awaiting_parts", "", "canned:parts"),
        ("any news?", "in_repair", "", "canned:working"),
        ("and?", "ready", "", "canned:ready"),
        ("ok do it", "", "pending", "canned:quote-yes"),
        ("novidades?", "ready", "", "canned:pronto"),
    ],
)
def test_the_state_decides_what_a_short_question_means(
    plain: Library, text: str, repair: str, quote: str, wanted: str
) -> None:
    asked = Question(text, repair_status=repair, quote_status=quote)

    assert ids(plain.rank(asked))[0] == wanted


def test_the_state_does_not_talk_over_a_clear_question(plain: Library) -> None:
    asked = Question("which cards do you accept", repair_status="ready")

    assert ids(plain.rank(asked))[0] == "canned:payment"


@pytest.mark.parametrize(
    ("text", "device", "wanted"),
    [
        ("how much for a new screen on an iphone 13", "", "price:iphone13-screen"),
        ("what would a new screen cost", "iPhone 12", "price:iphone12-screen"),
        ("price for the battery?", "iPhone 13", "price:iphone13-battery"),
        ("quanto custa trocar o ecrã", "Galaxy S22", "price:s22-screen"),
        ("what do you charge for the hdmi on a ps5", "", "price:ps5-hdmi"),
    ],
)
def test_a_price_asked_is_the_line_of_that_device_and_service(
    plain: Library, text: str, device: str, wanted: str
) -> None:
    found = plain.rank(Question(text, device=device))

    assert ids(found)[0] == wanted
    assert not found.abstained


def test_at_most_one_line_of_the_price_list_is_offered(plain: Library) -> None:
    random = Random(SEED)
    words = (
        "how",
        "much",
        "price",
        "screen",
        "battery",
        "iphone",
        "13",
        "12",
        "galaxy",
        "s22",
        "ps5",
    )
    for _ in range(60):
        text = " ".join(random.sample(words, 6))
        prices = [one for one in ids(plain.rank(Question(text))) if one.startswith("price:")]
        assert len(prices) <= 1, f"{text} (seed {SEED})"


def test_a_device_in_a_question_that_asks_no_price_brings_no_price_first(plain: Library) -> None:
    found = ids(
        plain.rank(Question("my iphone 13 screen is cracked, what now", device="iPhone 13"))
    )

    assert found[0] == "canned:screen"


def test_another_model_is_never_offered(plain: Library) -> None:
    found = ids(plain.rank(Question("how much is a screen for an iphone 8")))

    assert "price:iphone13-screen" not in found
    assert "price:iphone12-screen" not in found


@pytest.mark.parametrize(
    "text", ["", "  ", "lol", "do you sell pizza?", "who won the game yesterday", "12345", "😀"]
)
def test_nothing_is_vouched_for_where_nothing_is_asked_of_a_shop(plain: Library, text: str) -> None:
    assert plain.rank(Question(text)).abstained


def test_thanks_may_be_answered_where_the_shop_has_an_answer(plain: Library) -> None:
    assert ids(plain.rank(Question("thank you so much!!")))[0] == "canned:thanks"


def test_an_answer_in_the_other_language_says_so(casual: Library) -> None:
    found = casual.rank(Question("molhou-se todo, caiu na piscina", language="pt"))

    assert ids(found)[0] == "canned:wet"
    assert any("other language" in line for line in found.items[0].why)


def test_why_names_what_matched_and_what_steered(plain: Library) -> None:
    asked = Question("can i pick it up already?", repair_status="ready")
    lines = " ".join(plain.rank(asked).items[0].why)

    assert "ready to collect" in lines
    assert "pick it up" in lines or "pickup" in lines or "same words" in lines


def test_learned_words_find_their_answer() -> None:
    alias = Alias("canned:warranty", "zorbling", "en", 3)
    without = Library.build(PLAIN).rank(Question("zorbling"))
    learned = Library.build(PLAIN, aliases=[alias]).rank(Question("zorbling"))

    assert "canned:warranty" not in ids(without)
    assert ids(learned)[0] == "canned:warranty"


def test_no_text_is_an_error(plain: Library) -> None:
    random = Random(SEED)
    letters = "ab\"'*()^:-+{}[]\\/ \x00\u202e\n\u4e2d\u0e01éß😀NEAR AND OR NOT title:"
    for _ in range(300):
        text = "".join(random.choices(letters, k=random.randint(0, 60)))
        found = plain.rank(Question(text, device=text, repair_status=text, recent=(text,)))
        assert len(found.items) <= 3, f"{text!r} (seed {SEED})"


def test_sources_of_any_shape_can_be_looked_through() -> None:
    odd = [
        Source("a", "canned", "", "", "", ""),
        Source("b", "canned", "", "", "", "\x00" * 50),
        Source("c", "price", "", "", "", "-"),
        Source("d", "resolved", "xx", "", "😀" * 100, "word " * 5000),
    ]
    assert Library.build(odd).rank(Question("word")).items == ()
    assert (
        ids(Library.build([*odd, *PLAIN]).rank(Question("coffee all over it")))[0]
        == "canned:liquid"
    )
    assert Library.build([]).rank(Question("how much is it")).abstained


def test_the_same_question_gets_the_same_answer_from_many_threads(plain: Library) -> None:
    asked = [Question("is it done yet", repair_status="ready"), Question("coffee in my laptop")]
    wanted = [plain.rank(one) for one in asked]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(plain.rank, asked * 10))

    assert found == wanted * 10


def test_as_many_are_given_as_are_wanted(plain: Library) -> None:
    for most in (1, 2, 5):
        assert len(plain.rank(Question("my screen is cracked"), most).items) <= most
