"""What the pane shows: the record's answers, then the shop's own texts, each thing once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import pytest

from revivatui.copilot.record import record_of
from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.sources import Source
from revivatui.copilot.suggesting import MOST, fill_variables, suggestions, with_caveat
from revivatui.copilot.suggestion import Moment, Question, Said, Situation
from revivatui.copilot.templates.texts import AFTER_DIAGNOSIS, CALM
from revivatui.crm.store import Store
from tests.copilot.shop_people import SHOP, Person, asked, told_of
from tests.crm.build import START, Clock, House, take_in, walk_to
from tests.support.work import calls_of

SOURCES = (
    Source("canned:hours", "canned", "en", "visit", "opening hours",
           "Hi {{contact.first_name}}, we are open Monday to Friday from 9 to 6."),
    Source("canned:warranty", "canned", "en", "warranty", "warranty on repairs",
           "Every repair comes with a warranty on parts and labour. {{ agent.name }}"),
    Source("canned:liquid", "canned", "en", "liquid", "liquid damage",
           "Please switch it off and bring it in as soon as you can; do not charge it."),
    Source("canned:backup", "canned", "en", "data", "backups",
           "Please back up your data before you bring the device, if it still starts."),
    Source("canned:reparacao", "canned", "pt", "visita", "morada",
           "Olá {{contact.name}}, estamos na Rua do Exemplo, junto ao mercado."),
    Source("price:screen_iphone13", "price", "en", "screen", "iPhone 13 screen",
           "iPhone 13 screen: 149.00 to 199.00 EUR, 12 months of warranty"),
    Source("price:battery_iphone13", "price", "en", "battery", "iPhone 13 battery",
           "iPhone 13 battery: 69.00 EUR."),
    Source("resolved:12", "resolved", "en", "", "the charging port wiggles",
           "Often it is only lint in the port; bring it and we clean it while you wait."),
    Source("resolved:13", "resolved", "en", "", "port loose",
           "Often it is only lint in the port; bring it and we clean it while you wait!"),
)  # fmt: skip


@cache
def library() -> Library:
    return Library.build(SOURCES)


def alone(text: str, language: str = "") -> Situation:
    """A question of which no record is known."""
    return Situation(Moment(7, 1, ""), Question(text, language), (Said(1, "customer", text),))


async def _ready(store: Store, house: House, clock: Clock) -> None:
    await walk_to(store, await take_in(store, house), "ready")


@cache
def ready() -> Person:
    return told_of(_ready)


@pytest.mark.parametrize(
    "text",
    [
        "when are you open on saturday?", "coffee went over my keyboard", "how much for an iPhone"
        " 13 screen?", "the charging thing wiggles", "is there a warranty", "hmm", "onde ficam?",
    ],
)  # fmt: skip
def test_without_a_record_it_is_the_ranking_alone_in_its_order(text: str) -> None:
    situation = alone(text)
    found = suggestions(situation, library(), SHOP)
    question = replace(situation.question, language=found.language)
    ranking = library().rank(question, MOST)
    kept = [one.sources[0] for one in found.items]
    ranked = [one.source.id for one in ranking.items]
    assert kept == [one for one in ranked if one in kept]
    assert set(ranked) - set(kept) <= {"resolved:12", "resolved:13"}
    assert found.abstained == ranking.abstained


def test_the_record_answers_first_and_the_shops_texts_follow() -> None:
    found = suggestions(
        asked(ready(), "Is it ready, and until when are you open?"), library(), SHOP
    )
    assert [one.lane for one in found.items[:2]] == ["record", "record"]
    assert found.items[0].text.startswith("Hello Customer! Your iPhone 13 (R-1001) is ready")
    assert len(found.items) <= MOST
    assert any(one.sources[0] == "canned:hours" for one in found.items)


def test_every_suggestion_is_made_for_the_moment_and_names_its_sources() -> None:
    situation = asked(ready(), "Is there a warranty on it?")
    for one in suggestions(situation, library(), SHOP).items:
        assert one.moment == situation.moment
        assert one.sources
        assert one.why
        assert one.id


def test_ids_stay_while_text_and_sources_do() -> None:
    situation = asked(ready(), "Is there a warranty on it?")
    once, again = (suggestions(situation, library(), SHOP).items for _ in range(2))
    assert [one.id for one in once] == [one.id for one in again]
    assert len({one.id for one in once}) == len(once)


def test_what_says_the_same_is_shown_once() -> None:
    found = suggestions(alone("the charging port wiggles"), library(), SHOP)
    those = [one for one in found.items if "lint in the port" in one.text]
    assert len(those) == 1


def test_prices_that_differ_in_a_figure_are_not_the_same() -> None:
    both = (
        Source("price:a", "canned", "en", "", "battery", "The battery of it is 69 EUR in all."),
        Source("price:b", "canned", "en", "", "battery", "The battery of it is 79 EUR in all."),
    )
    found = suggestions(alone("how much is a battery"), Library.build(both), SHOP)
    assert {one.sources[0] for one in found.items} == {"price:a", "price:b"}


def test_what_was_learned_orders_the_shops_answers_and_moves_nothing_else() -> None:
    covers = "The warranty covers the part and our work, and neither falls nor liquid."
    more = Source("canned:covers", "canned", "en", "warranty", "what the warranty covers", covers)
    both = Library.build((*SOURCES, more))
    situation = alone("is there a warranty on repairs, and what does the warranty cover?")
    plain = suggestions(situation, both, SHOP).items
    answers = [one for one in plain if one.lane == "answer"]
    last = answers[-1]
    assert last is not answers[0]
    boosts = {last.sources[0]: answers[0].score - last.score + 0.1}
    learned = suggestions(situation, both, SHOP, boosts=boosts).items
    assert next(one for one in learned if one.lane == "answer").id == last.id
    assert [one.lane for one in learned] == [one.lane for one in plain]
    assert {one.id for one in learned} == {one.id for one in plain}


def test_while_the_texts_are_not_read_the_record_answers_alone_and_it_is_said() -> None:
    found = suggestions(asked(ready(), "Is it ready?"), None, SHOP)
    assert found.items[0].lane == "record"
    assert found.abstained == "The shop's own texts are not read yet."
    nothing = suggestions(alone("Is it ready?"), None, SHOP)
    assert nothing.items == ()


def test_where_nobody_asked_anything_nothing_is_looked_for() -> None:
    found = suggestions(alone(""), library(), SHOP)
    assert found.items == ()
    assert found.abstained
    opened = suggestions(asked(ready(), ""), library(), SHOP)
    assert [one.lane for one in opened.items] == ["record"]


def test_more_are_given_where_more_are_wanted() -> None:
    text = "Is it ready, is there a warranty, and until when are you open?"
    situation = asked(ready(), text)
    few, many = (suggestions(situation, library(), SHOP, most=most).items for most in (1, 8))
    assert len(few) == 1
    assert len(many) > MOST


def test_who_is_angry_gets_the_calm_answer() -> None:
    text = "This is RIDICULOUS, the worst service ever. Is it ready or not?!!!"
    assert CALM["en"] in suggestions(asked(ready(), text), library(), SHOP).items[0].text
    calm = suggestions(asked(ready(), "Is it ready?"), library(), SHOP).items[0].text
    assert CALM["en"] not in calm


# --- canned responses ---------------------------------------------------------------------------


def test_variables_are_filled_from_the_record_and_the_others_stay_chatwoots() -> None:
    text = "Hi {{contact.first_name}} ({{ contact.email }}), {{agent.name}} {{custom.x}}"
    filled, used = fill_variables(text, ready().record())
    assert filled == "Hi Customer (one@example.com), {{agent.name}} {{custom.x}}"
    assert used == ("customer/first_name", "customer/email")
    unknown, used = fill_variables(
        text, record_of(None, (), SHOP, language="en", now=START, tz=None)
    )
    assert (unknown, used) == (text, ())


def test_what_the_desk_knows_besides_fills_the_rest() -> None:
    def fill(text: str) -> str:
        return text.replace("{{ agent.name }}", "Sam")

    found = suggestions(alone("is there a warranty"), library(), SHOP, fill=fill)
    (one,) = (one for one in found.items if one.sources[0] == "canned:warranty")
    assert one.text.endswith("Sam")


def test_a_name_cannot_put_variables_into_a_text() -> None:
    person = replace(ready().context.customer, name="{{agent.email}} Bob")
    record = replace(ready(), context=replace(ready().context, customer=person)).record()
    filled, _ = fill_variables("Hi {{contact.name}}", record)
    assert "{{" not in filled


# --- prices -------------------------------------------------------------------------------------


def test_a_price_that_is_a_range_says_that_the_final_quote_follows() -> None:
    found = suggestions(alone("how much for an iPhone 13 screen?"), library(), SHOP)
    (one,) = (one for one in found.items if one.lane == "price")
    assert one.text == (
        "iPhone 13 screen: 149.00 to 199.00 EUR, 12 months of warranty."
        " This is an estimate: final quote after diagnosis."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Screen: 149.00 to 199.00 EUR",
        "Screen: €149 - €199",
        "Screen 149–199 €",
        "Screen: from 89 EUR",
        "Ecrã: 149,00 € a 199,00 €",
        "Ecrã: a partir de 89 €",
        "Ecrã: desde 89 €",
    ],
)
def test_each_way_to_write_a_range_gets_the_caveat_once(text: str) -> None:
    for language in ("en", "pt"):
        said = with_caveat(text, language)
        assert said.endswith(AFTER_DIAGNOSIS[language])
        assert with_caveat(said, language) == said


@pytest.mark.parametrize(
    "text",
    [
        "Screen: 149.00 EUR.",
        "Diagnosis: free.",
        "Screen: 149 to 199 EUR; the final quote follows the diagnosis.",
        "Ecrã: 149 a 199 €. O orçamento final vem depois do diagnóstico.",
        "Screen: 149 to 199 EUR. This is an estimate; the final quote comes after the diagnosis.",
    ],
)
def test_a_fixed_price_and_one_that_says_so_already_get_none(text: str) -> None:
    assert with_caveat(text, "en") == text


def test_it_adds_little_to_the_work_that_looking_is() -> None:
    for text in ("Is it ready?", "how much is a screen?"):
        situation = asked(ready(), text)
        suggestions(situation, None, SHOP)  # what is made on first use
        assert calls_of(partial(suggestions, situation, None, SHOP)) <= 5_000
