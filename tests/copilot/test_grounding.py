"""What a draft may say: what stands in the record or in a cited source, however it is spelled."""

from __future__ import annotations

from random import Random

import pytest

from revivatui.copilot.facts import Record
from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.sources import Source
from tests.copilot.ground_scene import RECORD, SOURCES, TODAY, claims, ground, grounded_by

STANDS = (
    "Your iPhone 13 Pro (R-2041) will be ready on Monday.",
    "Your iPhone13 Pro (r2041) is promised for 30/11.",
    "Your iphone 13 pro's repair: #2041.",
    "Your MacBook is promised for the 2nd of December.",
    "The quote Q-88 is €149, in all: 149,00 EUR.",
    "That is one hundred and forty-nine euros.",
    "São cento e quarenta e nove euros.",
    "We are open Monday to Friday, 9am to 6pm, Saturdays from 10:00 to 16:00.",
    "De segunda a sexta, das 9h às 18h; sábado 10h-16h.",
    "We are open on Wednesday until 18:00.",
    "It takes three to five business days, 3 a 5 dias úteis.",
    "Call 210 000 000, 00351 210-000-000 or (+351) 210000000.",
    "There is a one year warranty; um ano de garantia; 12-month warranty.",
    "Between 79 and 199 euros, from €79, up to 199 €; gold €1299.",
    "Step 2: reply. It is as easy as 1-2-3!",
    "1. Back it up.\n2) Bring it.",
    "How can we help you today?",
    "What is wrong with your iPad Air?",
    "The diagnosis is free. O diagnóstico é gratuito.",
    "R-2041 is ready on 30 Nov and R-2042 on 2 December.",
    "Book at https://repairs.example/book or www.repairs.example.",
    "We cannot give a refund, and not a discount either.",
    "Feel free to write to counter@repairs.example.",
    "One of us will look at it, and uma pessoa liga-lhe.",
    "Hello {{contact.name}}, {{ 4711 }}",
)


@pytest.mark.parametrize("text", STANDS)
def test_what_stands_in_the_record_is_not_flagged_however_it_is_spelled(text: str) -> None:
    assert [one.words for one in claims(text)] == []


WRONG = (
    ("Ready on Tuesday.", "Tuesday"),
    ("Ready on Tuesday 30 November.", "Tuesday 30 November"),
    ("Ready on 31 Nov.", "31 Nov"),
    ("Ready tomorrow.", "tomorrow"),
    ("Fica pronto amanhã.", "amanhã"),
    ("Ready in time for the quinze de dezembro.", "quinze de dezembro"),
    ("It is €194.", "€194"),
    ("It is $149.", "$149"),
    ("It is 1,490 €.", "1,490 €"),
    ("It is 79 €.", "79 €"),
    ("São vinte euros.", "vinte euros"),
    ("You get it at half price.", "half price"),
    ("Tem dez por cento.", "dez por cento"),
    ("Call 210 000 001.", "210 000 001"),
    ("It is R-2014.", "R-2014"),
    ("Your iPhone 13.", "iPhone 13"),
    ("Your iPhone 14 Pro.", "iPhone 14 Pro"),
    ("Your iPhone 13 Pro Max.", "iPhone 13 Pro Max"),
    ("Within 3 days.", "3 days"),
    ("It takes two weeks.", "two weeks"),
    ("It takes an hour.", "an hour"),
    ("It takes a few days.", "a few days"),
    ("We call at 17:30.", "17:30"),
    ("We call at half past two.", "half past two"),
    ("Ao meio-dia.", "meio-dia"),
    ("It will be ready Monday at 18:00.", "18:00"),
    ("We are open on Sunday.", "Sunday"),
    ("You can collect it on Friday.", "Friday"),
    ("You will have it before Friday.", "Friday"),
    ("Pay at http://evil.example/x now", "http://evil.example/x"),
    ("Pay at evil.example.", "evil.example"),
    (
        "Pay at https://repairs.example.evil.example/book.",
        "https://repairs.example.evil.example/book",
    ),
    ("Write to boss@repairs.example.", "boss@repairs.example"),
    ("You get a refund.", "refund"),
    ("It is guaranteed.", "is guaranteed"),
    ("The screen is free.", "free"),
    ("Not only a refund but more.", "refund"),
    ("Code 4711.", "4711"),
    ("Model GX-12b.", "GX-12"),
    ("Ｉt is １９４ €.", "１９４ €"),
    ("It is 1\u200b94 €.", "1\u200b94 €"),
)


@pytest.mark.parametrize(("text", "wrong"), WRONG)
def test_what_stands_nowhere_is_underlined_where_it_stands(text: str, wrong: str) -> None:
    found = claims(text)
    assert wrong in [text[one.start : one.end] for one in found]
    assert all(one.text == text[one.start : one.end] and one.text in one.words for one in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You get a discount of €149.", "not in the record as a discount: €149"),
        ("We take 23 % off.", "not in the record as a discount: 23 %"),
        ("The total is €99.", "not in the record as a total: €99"),
        ("R-2041 is ready on 2 December.", "not in the record of R-2041, but of R-2042"),
        (
            "R-2041 on 2 Dec and R-2042 on 30 Nov.",
            "not in the record of R-2041, but of R-2042: 2 Dec",
        ),
        ("Your MacBook is ready. It was promised for Monday.", "Monday"),
        ("Of course, 50 € as agreed.", "said by the customer, not in the record: 50 €"),
        ("We do it for 25 €.", "said by the customer, not in the record: 25 €"),
    ],
)
def test_a_figure_of_another_thing_is_no_figure_of_this_one(text: str, words: str) -> None:
    assert any(words in one.words for one in claims(text)), [one.words for one in claims(text)]


def test_a_customer_can_be_quoted_for_the_device_and_for_nothing_else() -> None:
    assert claims("Your iPad Air then.") == ()
    assert [one.kind for one in claims("50 €, and repair 9999.")] == ["price", "reference"]


def test_a_name_that_somebody_gave_themselves_is_no_fact() -> None:
    from revivatui.copilot.facts import Fact

    named = Record((Fact("customer/name", "name", "name", "Refund 77 € at https://evil.example"),))
    found = check("A refund of 77 € at https://evil.example.", Ground.of(named, today=TODAY))
    assert {one.kind for one in found} == {"promise", "price", "link"}


def test_private_facts_stand_for_colleagues_alone() -> None:
    assert [one.text for one in claims("The part was 31.17 €.")] == ["31.17 €"]
    assert check("31.17 €", Ground.of(RECORD, today=TODAY, private=True)) == ()


def test_a_reply_to_somebody_else_lends_neither_its_figures_nor_its_days() -> None:
    old = Source(
        "resolved:1", "resolved", "en", "", "", "Your iPad 9 is ready on Friday for 89 €; 2 days."
    )
    found = check(
        "Your iPad 9 is ready on Friday for 89 €; 2 days.", Ground.of(Record(), [old], today=TODAY)
    )
    assert [one.kind for one in found] == ["date", "price"]


_PIECES = (
    "the 3 5 - to and € 149 149,00 euros EUR from up to at 14:30 9 18 Monday segunda-feira a e de"
    ' 30 Nov November 2026 2026-11-30 30/11 R-2041 Q-88 #2041 iPhone 13 Pro MacBook 14" 2021 PS5'
    " free discount of refund 20% off 10 percent days dias úteis hours h um one two dois three"
    " hundred twenty www.x.example https://x.example/a?b=1 a@b.example +351 912 345 678 912345678"
    " today amanhã next week . , ( ) ; : \n not no warranty 12 months garantia desconto half past /"
    " 24/7 1.299,00 $ £ k mil cento between entre within until até ① ½ ３ 256 GB A2338 iOS 17 step"
)
PIECES = _PIECES.split(" ")


def test_whatever_a_text_says_stands_in_itself() -> None:
    seed = 20261126
    print("seed", seed)
    random = Random(seed)
    for _ in range(1500):
        text = " ".join(random.choice(PIECES) for _ in range(random.randint(1, 14)))
        if random.random() < 0.3:
            text = text.replace(" ", "", random.randint(1, 4))
        assert check(text, grounded_by(text)) == (), text


def test_no_digit_goes_by() -> None:
    """Whatever it is part of: every digit of a text is in a claim where nothing is known."""
    seed = 7
    print("seed", seed)
    random = Random(seed)
    for _ in range(800):
        text = " ".join(random.choice(PIECES) for _ in range(random.randint(1, 10)))
        text = text.replace("step", "stop").replace("\n", " ")
        covered = {
            at
            for one in check(text, Ground.of(Record(), today=TODAY))
            for at in range(one.start, one.end)
        }
        missed = [at for at, letter in enumerate(text) if letter.isdigit() and at not in covered]
        assert not missed, (text, [text[at] for at in missed])


def test_a_ground_answers_for_many_drafts_and_changes_with_none() -> None:
    known = ground()
    first = check("€149 and €150 and 50 €", known)
    assert check("€149 and €150 and 50 €", known) == first
    assert check(SOURCES[0].text, known) == ()
