"""Small words tell topics apart that have their nouns in common."""

from __future__ import annotations

from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.retrieval.topics import Topics
from revivatui.copilot.retrieval.wordings import Wordings, wording
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question

PRICE, TIME = range(2)


def test_what_only_one_topic_says_speaks_for_it_and_what_both_say_for_none() -> None:
    said = ((PRICE, "how much is the screen"), (TIME, "how long is the screen"))
    wordings = Wordings(((topic, wording(text, "en")) for topic, text in said), 2)
    told = wordings.of(wording("how much", "en"))
    assert told[PRICE] > told[TIME]
    same = wordings.of(wording("the screen", "en"))
    assert same[PRICE] == same[TIME]
    assert wordings.of(wording("quite unheard", "en")) == {}


def test_portuguese_speaks_for_what_it_means_too() -> None:
    assert {"quant", "pric", "cost"} <= wording("quanto custa", "pt")


def test_a_finer_topic_is_part_of_its_wider_one() -> None:
    topics = Topics.shipped(Thesaurus.shipped())
    names = topics.named(topics.widened(topics.numbered({"glass_only": 0.4, "screen_broken": 0.3})))
    assert names == {"screen_broken": 0.7}


def test_the_finer_answer_is_first_where_there_is_one_and_the_wider_where_there_is_none() -> None:
    glass = Source("glass", "canned", "en", "", "screen glass", "It is glued to the panel.")
    screen = Source("screen", "canned", "en", "", "screen", "We replace a broken display.")
    parking = Source("parking", "canned", "en", "", "parking", "Behind the building.")
    asked = Question("could you swap nothing but the glass, the picture is fine?")
    both = Library.build([screen, glass, parking]).rank(asked)
    assert both.items[0].source.id == "glass"
    assert Library.build([screen, parking]).rank(asked).items[0].source.id == "screen"
