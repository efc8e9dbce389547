"""Wherever a stream is split, what is read of it is the same: events, thoughts, safe text."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.copilot.model.clean import SafeStream
from revivatui.copilot.model.frames import NoFrame, read_frame
from revivatui.copilot.model.sse import MOST, EventTooLong, SseReader
from revivatui.copilot.model.thinking import ThoughtFilter
from revivatui.text.safe import safe

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u202e\U000e0041]")


def events(*pieces: bytes) -> list[str]:
    reader = SseReader()
    found = [data for piece in pieces for data in reader.feed(piece)]
    return found + list(reader.end())


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_ends_a_line_wherever_it_is_split(end: bytes) -> None:
    body = end.join(
        (b": keep-alive", b"event: message", 'data: {"a":"é😀"}'.encode(), b"", b"data:two",
         b"data: lines", b"id: 7", b"", b"data: [DONE]", b"", b"")
    )  # fmt: skip
    wanted = ['{"a":"é😀"}', "two\nlines", "[DONE]"]
    assert events(body) == wanted
    for at in range(len(body)):
        assert events(body[:at], body[at:]) == wanted
    assert events(*(body[at : at + 1] for at in range(len(body)))) == wanted


def test_a_body_that_ends_without_its_blank_line_is_read_to_the_end() -> None:
    assert events(b"data: one\n\ndata: two") == ["one", "two"]
    assert events(b"\xef\xbb\xbfdata: one\n") == ["one"]
    assert events(b"", b": nothing\n\n\n") == []


def test_an_event_without_end_is_not_kept_for_ever() -> None:
    lines = [b"data: " + b"x" * 993 + b"\n"] * (MOST // 993 + 2)
    with pytest.raises(EventTooLong):
        events(*lines)
    with pytest.raises(EventTooLong):
        list(SseReader().feed(b"data: " + b"x" * (MOST + 1)))


def test_what_is_no_frame_is_said_to_be_none() -> None:
    for data in ("", "[1]", "7", "{", "[" * 100_000, '{"choices":[7]}'):
        with pytest.raises(NoFrame):
            read_frame(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('{"choices":[{"delta":{"role":"assistant","content":null}}]}', ""),
        ('{"choices":[{"delta":{}}]}', ""),
        ('{"choices":[{"delta":null,"finish_reason":null}]}', ""),
        ('{"choices":[],"usage":{"prompt_tokens":1}}', ""),
        ('{"choices":[{"text":"old"}]}', "old"),
        ('{"choices":[{"delta":{"content":[{"type":"text","text":"parts"}]}}]}', "parts"),
        ('{"error":null,"choices":[{"delta":{"content":"fine"}}]}', "fine"),
    ],
)
def test_each_shape_of_a_frame_is_read(data: str, text: str) -> None:
    frame = read_frame(data)
    assert (frame.text, frame.error) == (text, None)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('{"error":{"message":"overloaded","code":529}}', "overloaded"),
        ('{"error":"broke"}', "broke"),
        ('{"object":"error","message":"bad","code":400}', "bad"),
        ('{"error":{"message":"\\u001b]52;c;eA==\\u0007 now"}}', "␛]52;c;eA==␛ now"),
        ('{"error":{"message":["odd"]}}', ""),
    ],
)
def test_each_shape_of_an_error_is_read_and_made_safe(data: str, says: str) -> None:
    assert read_frame(data).error == says


# --- thoughts -------------------------------------------------------------------------------------


def answer(*pieces: str) -> str:
    thoughts = ThoughtFilter()
    return "".join(map(thoughts.feed, pieces)) + thoughts.end()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>secret < plan</think>\n\nHello", "Hello"),
        ("Hello <thinking>x</thinking>you", "Hello you"),
        ("<THINK>a</THINK>b<think>c</think>d", "bd"),
        ("a <b> c <thin d", "a <b> c <thin d"),
        ("<think>never ends", ""),
        ("  \n Hello ", "Hello "),
        ("1 < 2", "1 < 2"),
    ],
)
def test_thoughts_are_hidden_wherever_they_are_split(text: str, shown: str) -> None:
    assert answer(text) == shown
    assert answer(*text) == shown
    for one in range(len(text)):
        for other in range(one, len(text)):
            assert answer(text[:one], text[one:other], text[other:]) == shown


# --- safe text ------------------------------------------------------------------------------------


def cleaned(*pieces: str) -> str:
    stream = SafeStream()
    given_back = [stream.feed(piece) for piece in pieces]
    return "".join(given_back) + stream.end()


TROUBLE = st.text(
    st.sampled_from("aé \t\n\r\x1b[]\x07\x9b\u200d\u0301\u202e\xad\u2028\xa0👩\U000e0041م-1"),
    max_size=40,
)


@given(st.one_of(TROUBLE, st.text(max_size=40)), st.randoms(use_true_random=False))
def test_text_in_pieces_is_made_as_safe_as_in_one(text: str, draw: random.Random) -> None:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    cuts = sorted(draw.randrange(len(text) + 1) for _ in range(draw.randrange(8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert cleaned(*pieces) == safe(whole)
    assert cleaned(*text) == safe(whole)


def test_no_escape_sequence_survives_a_split() -> None:
    attack = "a\x1b]8;;https://evil.example.com\x1b\\link\x1b]8;;\x1b\\\x9b31m\x07\x08b\x1b[2J"
    stream = SafeStream()
    for letter in attack:
        assert not CONTROLS.search(stream.feed(letter))
    assert not CONTROLS.search(stream.end())


def test_halves_of_a_character_from_two_frames_make_one() -> None:
    assert cleaned("ok \ud83d", "\ude00!") == "ok 😀!"
    assert cleaned("ok \ud83d") == safe("ok \ud83d")


def test_text_is_given_back_as_it_comes() -> None:
    stream = SafeStream()
    assert [stream.feed(one) for one in ("Your ", "Mac", " is", ".")] == [
        "Your",
        " Mac",
        " is",
        ".",
    ]
