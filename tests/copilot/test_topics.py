"""Topics: what a question is about is told by several sayings, and by the likeliest topics."""

from __future__ import annotations

import pytest

from revivatui.copilot.retrieval.sayings import OTHERS, SayingIndex, read_sayings
from revivatui.copilot.retrieval.terms import stems
from revivatui.copilot.retrieval.topics import filled
from revivatui.copilot.retrieval.vectors import Table

_TEXT = """
[hinge]
en: the lid wobbles | the lid is loose | the lid fell off
[shoes]
en: the lid wobbles
[weather]
none: the lid wobbles
"""


def _index() -> SayingIndex:
    sayings, names = read_sayings([_TEXT])
    table = Table.shipped()
    vectors = [table.vector(one.text) for one in sayings]
    return SayingIndex(sayings, vectors, len(names))


def test_a_topic_that_several_sayings_speak_for_is_before_one_that_a_single_saying_does() -> None:
    asked = "the lid wobbles"
    hinge, shoes, weather = range(3)
    found = _index().supported(Table.shipped().vector(asked), stems(asked, "en"))
    nearest = _index().nearest(Table.shipped().vector(asked), stems(asked, "en"))
    assert nearest[hinge] == pytest.approx(nearest[shoes])
    assert found[hinge] > found[shoes]
    assert found[shoes] == pytest.approx((1 - OTHERS) * nearest[shoes])
    assert found[weather] == pytest.approx(nearest[weather]), "small talk has nothing in common"


def test_likely_topics_take_over_what_went_to_unlikely_ones_and_keep_their_order() -> None:
    shares = {0: 0.2, 1: 0.1}
    assert sum(filled(shares, 1.0).values()) == pytest.approx(1.0)
    assert sum(shares.values()) < sum(filled(shares).values()) < 1.0
    assert filled(shares)[0] == pytest.approx(2 * filled(shares)[1])
    assert filled({}) == {}
