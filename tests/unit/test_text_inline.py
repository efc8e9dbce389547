"""Message Markdown becomes styled runs, in linear time, whatever is thrown at it."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from revivatui.text.inline import LONGEST_STYLED, Run, inline, parse, plain


def shown(text: str) -> list[tuple[str, str]]:
    return [(run.text, " ".join(sorted(run.styles))) for run in inline(text)]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("plain", [("plain", "")]),
        ("**bold** x", [("bold", "bold"), (" x", "")]),
        ("__bold__", [("bold", "bold")]),
        ("*it* _it_", [("it", "italic"), (" ", ""), ("it", "italic")]),
        ("~~gone~~", [("gone", "strike")]),
        ("***both***", [("both", "bold italic")]),
        ("**b _i_ b**", [("b ", "bold"), ("i", "bold italic"), (" b", "bold")]),
        ("snake_case_name", [("snake_case_name", "")]),
        ("2 * 3 * 4", [("2 * 3 * 4", "")]),
        ("a \\*b\\* 1\\.", [("a *b* 1.", "")]),
        ("`x *y*` z", [("x *y*", "code"), (" z", "")]),
        ("``a`b``", [("a`b", "code")]),
        ("not `closed *it*", [("not `closed ", ""), ("it", "italic")]),
        ("**not closed", [("**not closed", "")]),
        ("**a *b** c*", [("a *b", "bold"), (" c*", "")]),
        ("[/red] [b]", [("[/red] [b]", "")]),
        ("<b>html</b>", [("<b>html</b>", "")]),
        ("end\\", [("end", "")]),
        ("****", [("****", "")]),
    ],
)
def test_marks_become_styles_and_the_rest_stays_text(
    text: str, runs: list[tuple[str, str]]
) -> None:
    assert shown(text) == runs


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        (
            "see [here](https://a.example/x_(y)) ok",
            [
                ("see ", "", ""),
                ("here", "link", "https://a.example/x_(y)"),
                (" (https://a.example/x_(y))", "url", "https://a.example/x_(y)"),
                (" ok", "", ""),
            ],
        ),
        (
            "https://a.example/p_q_r?x=1).",
            [
                ("https://a.example/p_q_r?x=1", "link", "https://a.example/p_q_r?x=1"),
                (").", "", ""),
            ],
        ),
        ("www.a.example.", [("www.a.example", "link", "https://www.a.example"), (".", "", "")]),
        ("<https://a.example>", [("https://a.example", "link", "https://a.example")]),
        ("[a@b.example](mailto:a@b.example)", [("a@b.example", "link", "mailto:a@b.example")]),
        (
            "[@Cleo Bench](mention://user/7/Cleo%20Bench) hi",
            [("@Cleo Bench", "mention", "mention://user/7/Cleo%20Bench"), (" hi", "", "")],
        ),
    ],
)
def test_a_link_always_shows_where_it_leads(text: str, runs: list[tuple[str, str, str]]) -> None:
    found = [(run.text, " ".join(run.styles), run.link) for run in inline(text)]
    assert found == runs


def test_blocks_keep_their_shape() -> None:
    lines = parse(
        "# Title\n\n\n\ntext\n> quoted\n>> deeper\n- one\n  * two\n12. three\n---\n"
        "```py\n  x = *1*\n\n```\nend\n\n"
    )
    assert [(line.kind, line.first, line.depth, line.text) for line in lines] == [
        ("heading", "", 0, "Title"),
        ("text", "", 0, ""),
        ("text", "", 0, "text"),
        ("quote", "", 1, "quoted"),
        ("quote", "", 2, "deeper"),
        ("text", "- ", 0, "one"),
        ("text", "  - ", 0, "two"),
        ("text", "12. ", 0, "three"),
        ("rule", "", 0, ""),
        ("code", "", 0, "  x = *1*"),
        ("code", "", 0, ""),
        ("text", "", 0, "end"),
    ]
    assert all(len(line.rest) == len(line.first) for line in lines)


def test_an_open_code_block_runs_to_the_end() -> None:
    assert [line.kind for line in parse("a\n```\nb\n~~~\nc")] == ["text", "code", "code", "code"]


def test_an_empty_message_has_no_lines() -> None:
    assert parse("") == []
    assert parse("\n\n") == []


def test_a_preview_is_one_line_without_marks() -> None:
    assert plain("**Hi**\n\n- [@Cleo](mention://user/1/Cleo)  look\n> `x`") == "Hi @Cleo look x"
    assert len(plain("word " * 100_000)) <= 2000


@given(st.text(alphabet="ab *_`[]()\\!#>-1.\n", max_size=120))
def test_no_letter_is_ever_lost(text: str) -> None:
    assume("```" not in text and "](" not in text)
    kept = "".join(line.first + line.text for line in parse(text))
    assert [kept.count(letter) for letter in "ab"] == [text.count(letter) for letter in "ab"]


@pytest.mark.parametrize(
    "unit",
    [
        "*a ",
        "`",
        "``a`",
        "[",
        "[a](",
        "**a_",
        "![",
        "<https://",
        "\\",
        "~~a~~ ",
        "_a_ ",
        "* a",
        "> ",
    ],
)
def test_hostile_marks_cost_linear_time(unit: str) -> None:
    text = (unit * LONGEST_STYLED)[:LONGEST_STYLED]
    started = time.process_time()
    assert parse(text) is not None
    assert time.process_time() - started < 1


def test_a_line_beyond_reason_is_shown_as_it_is() -> None:
    text = "*x* " * LONGEST_STYLED
    assert inline(text) == (Run(text),)
