"""Nothing that acts on a terminal survives `revivatui.text.safe`."""

from __future__ import annotations

import time
import unicodedata
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.text.safe import MARK, MOST_MARKS, safe, safe_line
from tests.support.work import calls_of

# Format characters that show something or that no terminal acts on.
HARMLESS_FORMAT = {*"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"}


def acts_on_terminal(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Zl", "Zp"):
        return character != "\n"
    return character in "\u200b\u200e\u200f\ufeff" or (0x2028 <= ord(character) <= 0x202E)


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_no_text_leaves_a_character_that_acts_on_a_terminal(text: str) -> None:
    assert not [c for c in safe(text) if acts_on_terminal(c)]
    assert "\n" not in safe_line(text)
    safe(text).encode()


@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    once = safe(text)
    assert safe(once) == once


def test_every_single_character_is_judged() -> None:
    for code in range(0x110000):
        character = chr(code)
        cleaned = safe(f"a{character}b")
        category = unicodedata.category(character)
        if acts_on_terminal(character):
            assert character not in cleaned, hex(code)
        elif category in ("Cf",):
            kept = character in cleaned
            invisible = code < 0x110BD and character not in HARMLESS_FORMAT
            assert not (kept and invisible), hex(code)
        elif 0xE0000 <= code <= 0xE0FFF:
            assert character not in cleaned, hex(code)  # tags and more selectors hide text
        elif category not in ("Cn", "Co"):
            assert cleaned == f"a{character}b", hex(code)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("two\nlines", "two\nlines"),
        ("\x1b]0;title\x1b\\", f"{MARK}]0;title{MARK}\\"),
        ("\x1b]52;c;AAAA\x07x", f"{MARK}]52;c;AAAA{MARK}x"),
        ("\x9b31mred", f"{MARK}31mred"),
        ("\x1b\x1b\x00\x08", MARK),
        ("a\u202eb\u2066c", f"a{MARK}b{MARK}c"),
        ("ends\r\nhere\ror\u2028there", "ends\nhere\nor\nthere"),
        ("a\tb", "a   b"),
        ("soft\u00adhyphen", "softhyphen"),
        ("pre\u200b \u200b \u200b \u200bview", f"pre{MARK}view"),
        ("\ud83d alone", f"{MARK} alone"),
        ("hidden\U000e0041\U000e0042", f"hidden{MARK}"),
        ("\ufff9base\ufffarubi\ufffb", f"{MARK}base{MARK}rubi{MARK}"),
        ("a\u200db", f"a{MARK}b"),
    ],
)
def test_each_run_taken_out_leaves_one_mark(text: str, cleaned: str) -> None:
    assert safe(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian needs the non-joiner
        "👨\u200d👩\u200d👧\u200d👦",
        "❤\ufe0f\u200d🔥",
        "क्\u200dष",
        "e\u0301 ñ ü",
        "1\ufe0f\u20e3",
        "🇵🇹",
        "屏幕坏了\u3000吗",
        "price\xa0€",
    ],
)
def test_what_people_write_is_kept(text: str) -> None:
    assert safe(text) == text


def test_a_heap_of_marks_is_cut_to_what_a_letter_can_carry() -> None:
    heap = safe("Z" + "\u0315\u0301" * 100 + "x")
    assert heap == "Z" + "\u0315\u0301" * (MOST_MARKS // 2) + MARK + "x"
    assert len(safe("ส" + "็" * 200)) == 1 + MOST_MARKS + 1
    assert len(safe("👩" + "\u200d" * 200)) == 1 + MOST_MARKS + 1


def test_one_line_has_no_breaks() -> None:
    assert safe_line("a\r\nb\tc\u2029d") == "a b   c d"


@pytest.mark.parametrize(
    "sample",
    [
        "Hello, my MacBook won't turn on and it is urgent.\n",
        "Olá, o meu iPhone caiu na água – conseguem ajudar? 😀 não\n",
        "屏幕坏了可以修吗请快一点",
    ],
)
def test_what_people_write_is_looked_over_in_a_handful_of_calls(sample: str) -> None:
    # What it takes in microseconds: `make bench ARGS=parts`.
    safe(sample)  # the pattern is made on first use
    for length in (1 << 10, 1 << 16):
        text = (sample * length)[:length]
        assert calls_of(partial(safe, text)) <= 8


def test_a_megabyte_of_hostile_text_is_cleaned_in_linear_time() -> None:
    for hostile in ("\x1b[31m", "\u202e ", "Z\u0301", "\u200d", " \u200b"):
        started = time.process_time()
        assert len(safe(hostile * 200_000)) <= len(hostile) * 200_000
        assert time.process_time() - started < 5
