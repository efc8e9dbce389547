"""HTML becomes text, and nothing in it can act."""

from __future__ import annotations

import time

import pytest

from revivatui.text.html_text import html_text, looks_like_html
from revivatui.text.safe import MARK


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>We are closed</p>\n", "We are closed"),
        ("<p>One</p><p>Two<br>three</p>", "One\nTwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<style>p { color: red }</style><p>x</p><!-- y --><script>z()</script>", "x"),
        ("a &amp; b &lt;c&gt; &euro;5&nbsp;only", "a & b <c> €5\xa0only"),
        ("a<!-- b <!-- c -->d", "ad"),
        ("a<style>hidden to the end", "a"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p>\n  wrapped\n  source\n</p>", "wrapped source"),
        ("&#27;[31mred&#x202e;&#8203;", f"[31mred{MARK}"),
        ("<p><br></p><p></p><p><br></p>end", "end"),
    ],
)
def test_html_becomes_safe_text(markup: str, text: str) -> None:
    assert html_text(markup) == text


def test_only_what_begins_with_a_tag_looks_like_html() -> None:
    assert looks_like_html(" <p>x</p>")
    assert not looks_like_html("x <p>")
    assert not looks_like_html("<3 you")
    assert not looks_like_html("")


@pytest.mark.parametrize("unit", ["<", "<!--", "<style>", "<p ", "&#", "<a <", "</", "<br "])
def test_hostile_markup_costs_little(unit: str) -> None:
    markup = unit * 20_000
    started = time.process_time()
    html_text(markup)
    assert time.process_time() - started < 3
