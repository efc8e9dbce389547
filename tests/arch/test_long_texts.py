"""A customer may write 150,000 characters, of whatever they like: nothing takes long over it.

None of these measures time. What reads a text again from each of its places takes minutes at this
length, and the limit of the test runner ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest

from revivatui.bridge import captain_identity, captain_reading
from revivatui.bridge.captain_cues import need
from revivatui.bridge.captain_talk import MOST_WORDS, Heard, Turn
from revivatui.copilot import learning
from revivatui.copilot.cue import cue
from revivatui.copilot.facts import Record
from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.redaction.patterns import spots
from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.copilot.situation import situation_of
from revivatui.copilot.suggesting import fill_variables, suggestions
from revivatui.copilot.suggestion import Said
from revivatui.copilot.suspicion import suspicious
from revivatui.copilot.templates.intents import intents_of
from revivatui.crm import contact_keys, devices
from revivatui.crm.ids import parse_number
from revivatui.crm.passcodes import asks_for_passcode, mask_passcodes
from revivatui.shop import liquid, mail_text
from revivatui.shop.render.hooks import as_html
from revivatui.state.mentions import unlinked
from revivatui.state.models import INCOMING, TEMPLATE, Message
from revivatui.state.searching import hit_of, query_of
from revivatui.state.select import ThreadView
from revivatui.text import inline
from revivatui.text.fold import fold
from revivatui.text.html_text import html_text
from revivatui.text.safe import safe
from revivatui.text.width import truncate, wrap
from revivatui.widgets.thread_items import items_of
from revivatui.widgets.thread_lines import BlockView, block
from revivatui.widgets.thread_special import template_text
from tests.copilot.small_shops import PLAIN

LONGEST: Final = 150_000
"""Characters that Chatwoot takes as one message."""
TODAY: Final = date(2026, 11, 26)
VIEW: Final = BlockView(78)
LIBRARY: Final = Library.build(PLAIN)


def said(text: str) -> list[Said]:
    return [Said(1, "customer", text)]


def message(text: str, kind: int = INCOMING) -> Message:
    return Message(1, 7, 1, kind, text, created_at=1.0)


def drawn(text: str) -> None:
    for item in items_of(ThreadView(7, [message(text)]), 2.0):
        block(item, VIEW)


def wrapped(text: str) -> None:
    for line in inline.parse(text):
        wrap(line.text, 78)


def suggested(text: str) -> None:
    situation = situation_of(7, [message(text)] * 3)
    suggestions(situation, LIBRARY, ShopProfile())
    Ground.of(Record(), (), situation.said, today=TODAY)


def captains(text: str) -> None:
    words = Turn(1, (Heard(1, "customer", text[:8_000], 1.0),)).words
    need(said(words), words, ())
    captain_identity.shown_in(words)
    captain_reading.device_of(said(words))
    captain_reading.names_time(words)


def marks_read(text: str) -> None:
    parse_number(text)
    contact_keys.phone_key(text)
    contact_keys.email_key(text)
    contact_keys.name_key(text)
    devices.recognise(text)


def long_text(head: str, piece: str, tail: str = "") -> str:
    room = LONGEST - len(head) - len(tail)
    return head + piece * (room // len(piece)) + tail


READERS: Final[dict[str, Callable[[str], object]]] = {
    "safe": safe,
    "fold": fold,
    "preview": inline.plain,
    "formatted and wrapped": wrapped,
    "drawn in a thread": drawn,
    "truncated": lambda text: truncate(text, 40),
    "HTML": html_text,
    "mentions": unlinked,
    "query": query_of,
    "hit": lambda text: hit_of(message(text), query_of("screen"), source="machine"),
    "cue": lambda text: cue(said(text)),
    "language": language_of,
    "suspicion": suspicious,
    "suggestions": suggested,
    "captain": captains,
    "marks of devices and customers": marks_read,
    "asks for a passcode": asks_for_passcode,
    "quotation of a mail": mail_text.trim_quotation,
    "HTML of a mail": mail_text.html_to_text,
    "HTML for a channel": as_html,
}
ANYWHERE: Final = (
    ("", "a", "!"),
    ("", "a ", "!"),
    ("# a", " ", "b"),
    ("R-", " ", "x"),
    ("12/12/2024", "\n", "x"),
    ("", "[", "]"),
    ("", "{{", ""),
    ("", "a\n", ""),
    ("", "http://a.", " b"),
    ("", "<a", ">"),
    ("", "<!--", ""),
    ("", "R-1 às 15h, 12.12. por 50 €! ", ""),
    ("", "e\u0301👍🏽 ", ""),
)


@pytest.mark.parametrize("reader", READERS)
def test_a_message_as_long_as_messages_get_is_read_in_one_go(reader: str) -> None:
    for head, piece, tail in ANYWHERE:
        READERS[reader](long_text(head, piece, tail))


@pytest.mark.parametrize("piece", ["http://", " "])
def test_the_address_of_a_survey_is_looked_for_in_one_go(piece: str) -> None:
    text = long_text("Rate us: https://shop.example/survey/responses/1 ", piece, "a")
    assert template_text(message(text, TEMPLATE)).startswith("Rate us: ")
    assert "survey" not in template_text(message(text, TEMPLATE))


def test_a_link_that_tells_something_is_found_however_long_it_is() -> None:
    link = long_text("http://a.b/?", "#jwt,.", "=1")
    assert [(one.start, one.end, one.kind) for one in spots(link)] == [(0, len(link), "LINK")]


def test_passcodes_are_masked_in_any_number_of_sentences() -> None:
    for piece in ("a senha é 1234. ", "o meu PIN, [(*_`< ", "+351 912 000 678 a@b.example "):
        assert "1234" not in mask_passcodes(long_text("", piece))[0]


@pytest.mark.parametrize("gap", [" ", "\n", "  \n"])
@pytest.mark.parametrize("head", ["on 7 of may ", "12/12", "segunda, 3 de maio de 2077 "])
def test_a_wide_gap_in_a_draft_is_read_as_a_narrow_one(head: str, gap: str) -> None:
    """And what is not in the record is marked where it stands."""
    text = long_text(head, gap, "it costs 912 €")
    ground = Ground.of(Record(), today=TODAY)
    last = check(text, ground)[-1]
    assert text[last.start : last.end] == "912 €"
    assert last.end == len(text)


@pytest.mark.parametrize(
    "piece", ["{{", "{{ a", "{{ contact.name }} ", "{% if a %}", "{{ a b ", "{%"]
)
def test_variables_are_filled_in_one_go(piece: str) -> None:
    text = long_text("", piece)
    assert fill_variables(text, Record()) == (text, ())
    assert fill_variables(long_text("{{", " ", "a"), Record())[1] == ()
    assert "Ana" in liquid.render(long_text("{{ name }}", "{{ name }}"), {"name": "Ana"})
    liquid.render(text, {})


def test_a_word_of_any_length_is_compared_with_none_that_is_known() -> None:
    thesaurus = Thesaurus.shipped()
    assert thesaurus.concepts(long_text("", "rt"), "en") == ()
    assert thesaurus.concepts(long_text("battery ", "rt"), "en")
    assert intents_of(long_text("", "a"), frozenset(), "") is not None
    assert learning.content_words(long_text("", "a") + " @", "en") == ()


def test_captain_reads_the_newest_of_a_flood() -> None:
    flood = tuple(Heard(n, "customer", f"{n} " + "a" * 7_000, 1.0) for n in range(1, 201))
    words = Turn(200, flood).words
    assert words.startswith("198 ")
    assert words.endswith(flood[-1].words)
    assert len(words) < MOST_WORDS + 8_000
