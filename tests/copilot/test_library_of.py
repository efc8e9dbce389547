"""What the shop has becomes sources: told apart by language, priced with care, of nobody's own."""

from __future__ import annotations

import pytest

from revivatui.copilot.library_of import (
    canned_source,
    once_each,
    price_source,
    price_sources,
    resolved_source,
)
from revivatui.copilot.suggestion import Said
from revivatui.crm.demo_catalogue import services
from revivatui.crm.money import Money
from revivatui.crm.records import ServiceItem


def service(low: int | None, high: int | None, **more: object) -> ServiceItem:
    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money.of(amount, "EUR")

    return ServiceItem(
        "x",
        "Phone screen",
        "screen",
        "EUR",
        money(low),
        money(high),
        **more,  # type: ignore[arg-type]
    )


def resolved(*told: tuple[str, str], names: tuple[str, ...] = ()) -> str | None:
    said = [Said(n, teller, text) for n, (teller, text) in enumerate(told, 1)]  # type: ignore[arg-type]
    found = resolved_source(5, said, names=names)
    return None if found is None else f"{found.title} > {found.text}"


ANSWER = "Unplug it, wait for a minute and press the button for as long as it takes."


def test_a_canned_response_is_named_by_its_short_code_and_knows_its_language() -> None:
    english = canned_source("opening-hours", "We are open from Monday to Friday.")
    assert (english.id, english.title) == ("canned:opening-hours", "opening hours")
    assert english.language == "en"
    assert canned_source("horario", "Estamos abertos de segunda a sexta.").language == "pt"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (79, 199, "Phone screen: 79 to 199 EUR."),
        (79, 79, "Phone screen: 79 EUR."),
        (79, None, "Phone screen: 79 EUR."),
        (0, 0, "Phone screen: free of charge."),
        (None, None, "Phone screen: price on request."),
    ],
)
def test_a_price_is_said_as_the_list_has_it(low: int | None, high: int | None, words: str) -> None:
    assert price_source(service(low, high)).text.startswith(words)


def test_a_price_is_an_estimate_in_both_languages_and_nothing_fixed_at_nought_is() -> None:
    item = service(79, 199, turnaround_days=1, warranty_months=12, no_data_no_fee=True)
    english, portuguese = price_sources(item)
    assert english.text == (
        "Phone screen: 79 to 199 EUR, 1 business day, 12 months of warranty, no data, no fee."
        " This is an estimate; the final quote comes after the diagnosis."
    )
    assert portuguese.id == "price:x.pt"
    assert "79 a 199 EUR, 1 dia útil, 12 meses de garantia" in portuguese.text
    assert "orçamento final" in portuguese.text
    assert "estimate" not in price_source(service(0, 0)).text


def test_every_line_of_the_demo_catalogue_is_two_sources_with_ids_of_their_own() -> None:
    made = [one for item in services() for one in price_sources(item)]
    assert len({one.id for one in made}) == len(made) == 2 * len(services())


def test_a_resolved_conversation_gives_the_last_answer_that_helps_others() -> None:
    assert resolved(
        ("customer", "It is frozen."),
        ("customer", "What can I do?"),
        ("note", "Third one this week."),
        ("agent", ANSWER),
        ("customer", "That did it!"),
        ("agent", "Great, see you on Monday!"),
    ) == ("It is frozen. What can I do? > " + ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "Your repair RT-8292 is ready and tested, please come by whenever you like.",
        "Dear Rowena, we have found the fault and will mend it as soon as we can.",
        "It is ready tomorrow, please come by whenever you like and bring the slip.",
        "Fica pronto na quinta, pode passar por cá quando quiser e trazer o talão.",
        "Please write to someone@example.com with a photo of the damage you have found.",
        "The quote is attached, please have a look and tell us what you think of it.",
        "Great, thanks!",
    ],
)
def test_what_belongs_to_one_customer_or_says_nothing_is_no_source(text: str) -> None:
    assert resolved(("customer", "And now?"), ("agent", text), names=("Rowena Lowe",)) is None


def test_a_question_that_names_its_customer_is_no_title() -> None:
    found = resolved(
        ("customer", "Rowena here, it is frozen"), ("agent", ANSWER), names=("Rowena Lowe",)
    )
    assert found == f" > {ANSWER}"
    assert resolved(("customer", "my pin is hunter2x"), ("agent", ANSWER)) == f" > {ANSWER}"


def test_notes_and_customers_words_are_never_suggested() -> None:
    assert resolved(("note", ANSWER), ("customer", ANSWER), ("bot", ANSWER)) is None


def test_the_same_text_is_one_source() -> None:
    twice = [canned_source("a", "Hello  there"), canned_source("b", "hello there")]
    assert [one.id for one in once_each(twice)] == ["canned:a"]
