"""A model over real HTTP, with every fault a server, and the way to it, can have."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from revivatui.copilot.model import Delta, Model, ModelError, ModelSettings, Task
from revivatui.copilot.model.errors import (
    STAYS,
    AnswerBroke,
    KeyRefused,
    ModelDown,
    ModelMissing,
    NoModel,
    RequestRefused,
    TooMany,
    TooSlow,
)
from revivatui.copilot.model.reading import MOST_TEXT
from revivatui.text.safe import safe
from tests.api.servers import raw_server, self_signed
from tests.copilot.model.scenes import KEY, SITUATION, asked, read, reply_to, words
from tests.support.desks import PATIENCE
from tests.support.model_server import (
    DONE,
    ModelServer,
    Play,
    byte_by_byte,
    event,
    frame,
    page,
    play,
    refuse,
    say,
    split,
    texts,
    usage,
)

TEXT = "Olá João, your Mac 💻 is ready – come by until 18."
SOON = 0.3
"""Seconds of patience where a test waits for it to end."""
A_WHILE = 1.5
"""Where something has to come first, on a busy machine too."""


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as running:
        yield running


async def fails(server: ModelServer, *plays: Play, **more: object) -> ModelError:
    """What an answer ends with; it says each time that the local suggestions stay."""
    server.play(*plays)
    async with asked(server, **more) as model:
        with pytest.raises(ModelError) as caught:
            await read(model)
    assert STAYS in str(caught.value)
    assert KEY not in str(caught.value)
    return caught.value


# --- as it should be ------------------------------------------------------------------------------


async def test_an_answer_comes_piece_by_piece_and_says_how_it_ended(server: ModelServer) -> None:
    server.play(say(TEXT, tail=usage(400, 20) + DONE))
    async with asked(server) as model:
        deltas = await read(model)
    assert words(deltas) == TEXT
    assert len([one for one in deltas if one.text]) > 5
    assert deltas[-1].finish == "stop"
    assert deltas[-1].usage is not None
    assert (deltas[-1].usage.prompt, deltas[-1].usage.completion) == (400, 20)


async def test_what_was_previewed_is_what_left_and_the_key_is_a_header_only(
    server: ModelServer,
) -> None:
    async with asked(server) as model:
        prepared = reply_to(model)
        await read(model, prepared)
    assert [one.body for one in server.chats] == [prepared.body]
    assert prepared.body.decode() in prepared.preview()
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"
    for shown in (prepared.preview(), repr(prepared), repr(model), repr(model.settings)):
        assert KEY not in shown
    assert KEY.encode() not in prepared.body


async def test_bytes_may_be_split_anywhere(server: ModelServer) -> None:
    async with asked(server) as model:
        whole = say(TEXT, size=3, tail=usage(1, 1) + DONE)
        for seed in range(25):
            server.play(split(whole, seed))
            assert words(await read(model)) == TEXT, f"seed {seed}"
        server.play(byte_by_byte(whole))
        assert words(await read(model)) == TEXT


async def test_line_ends_and_comments_of_any_kind_are_read(server: ModelServer) -> None:
    body = texts(["Your ", "Mac"]) + DONE
    async with asked(server) as model:
        for end in (b"\r\n", b"\r"):
            server.play(play(b": ping" + end + end + body.replace(b"\n", end)))
            assert words(await read(model)) == "Your Mac"
        server.play(play(body.replace(b"data: ", b"data:")))
        assert words(await read(model)) == "Your Mac"


@pytest.mark.parametrize(
    ("finish", "told"), [("stop", "stop"), (None, "unsaid"), ("length", "length")]
)
async def test_a_body_that_ends_without_done_ends_the_answer(
    server: ModelServer, finish: str | None, told: str
) -> None:
    server.play(play(texts(["Your Mac"], finish)))
    async with asked(server) as model:
        deltas = await read(model)
    assert (words(deltas), deltas[-1].finish) == ("Your Mac", told)


async def test_behind_done_nothing_is_waited_for(server: ModelServer) -> None:
    server.play(say(TEXT, end="stall"))
    async with asked(server, quiet_seconds=30.0, total_seconds=30.0) as model:
        begun = time.monotonic()
        assert words(await read(model)) == TEXT
    assert time.monotonic() - begun < 5


async def test_a_server_that_does_not_stream_is_read_too(server: ModelServer) -> None:
    choice = {"message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}
    server.play(Play(json.dumps({"choices": [choice]}).encode(), kind="application/json"))
    async with asked(server) as model:
        deltas = await read(model)
    assert (words(deltas), deltas[-1].finish) == (TEXT, "stop")


async def test_thoughts_are_told_and_never_shown(server: ModelServer) -> None:
    thoughts = [frame({"reasoning_content": "the secret"}), frame({"reasoning": "plan"})]
    spoken = [
        frame({"content": one}) for one in ("<th", "ink>secret ", "</thi", "nk>\n\nYour ", "Mac")
    ]
    server.play(play(b"".join((*thoughts, *spoken, DONE))))
    async with asked(server) as model:
        deltas = await read(model)
    assert words(deltas) == "Your Mac"
    assert [one.is_thinking for one in deltas].count(True) == 1
    assert "secret" not in repr(deltas)


async def test_escape_sequences_do_nothing_on_the_way(server: ModelServer) -> None:
    attack = "Hi\x1b]52;c;ZXZpbA==\x07 \x1b[2J\x9b31m\x08\r\x1b]8;;http://evil.example.com\x1b\\x"
    async with asked(server) as model:
        for size in (1, 2, 3, 7, 99):
            server.play(say(attack, size=size))
            deltas = await read(model)
            assert words(deltas) == safe(attack)
            assert all(one.isprintable() or one == "\n" for one in words(deltas))


async def test_an_answer_without_end_is_cut(server: ModelServer) -> None:
    server.play(
        say("word " * MOST_TEXT, size=9000, end="stall"), say("x" * MOST_TEXT * 3, size=10**6)
    )
    async with asked(server) as model:
        for _ in range(2):
            deltas = await read(model)
            assert MOST_TEXT - 1 <= len(words(deltas)) <= MOST_TEXT + 1
            assert deltas[-1].finish == "cut"


# --- faults before the first word -----------------------------------------------------------------


async def test_a_server_that_failed_is_asked_once_more(server: ModelServer) -> None:
    server.play(refuse(503, "overloaded"), say(TEXT))
    async with asked(server) as model:
        assert words(await read(model)) == TEXT
    assert len(server.chats) == 2
    assert isinstance(await fails(server, refuse(502), refuse(500, "broken")), ModelDown)
    assert len(server.chats) == 4


@pytest.mark.parametrize(
    ("told", "seconds", "says"),
    [
        ("7", 7.0, "in 7 s"),
        ("", None, "in a while"),
        ("600", 600.0, "in 10 min"),
        ("soon", None, "while"),
    ],
)
async def test_too_many_requests_say_when_to_ask_again_and_are_not_sent_again(
    server: ModelServer, told: str, seconds: float | None, says: str
) -> None:
    error = await fails(server, refuse(429, "Rate limit reached", retry_after=told))
    assert isinstance(error, TooMany)
    assert error.seconds == seconds
    assert says in str(error)
    assert "Rate limit reached" in str(error)
    assert len(server.chats) == 1


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_refused_is_told_and_not_shown(
    server: ModelServer, status: int
) -> None:
    error = await fails(server, refuse(status, f"Incorrect API key provided: {KEY}."))
    assert isinstance(error, KeyRefused)
    assert len(server.chats) == 1


async def test_a_missing_model_names_what_there_is(server: ModelServer) -> None:
    error = await fails(server, refuse(404, "The model does not exist"))
    assert isinstance(error, ModelMissing)
    assert "big-model, small-model" in str(error)
    assert "gpt-4o-mini" in str(error)


async def test_an_address_without_a_chat_says_what_addresses_look_like(
    server: ModelServer,
) -> None:
    model = Model(ModelSettings(server.url.removesuffix("/v1") + "/api"))
    with pytest.raises(ModelMissing, match="end in /v1"):
        await read(model)
    await model.close()
    assert isinstance(await fails(server, page()), ModelMissing)
    moved = Play(status=302, headers=(("location", "https://evil.example.com/"),))
    assert isinstance(await fails(server, moved), ModelMissing)


@pytest.mark.parametrize(
    ("message", "gone", "instead"),
    [
        ("Unknown parameter: 'stream_options'.", "stream_options", ""),
        ("", "stream_options", ""),
        ("'temperature' does not support 0.2 with this model.", "temperature", ""),
        (
            "Use 'max_completion_tokens' instead of 'max_tokens'.",
            "max_tokens",
            "max_completion_tokens",
        ),
    ],
)
async def test_what_a_server_does_not_take_is_left_out_and_remembered(
    server: ModelServer, message: str, gone: str, instead: str
) -> None:
    server.play(refuse(400, message), say(TEXT), say(TEXT))
    async with asked(server) as model:
        assert words(await read(model)) == TEXT
        first, second = (one.json for one in server.chats)
        assert gone in first
        assert gone not in second
        assert second["messages"] == first["messages"]
        assert not instead or second[instead] == first[gone]
        assert words(await read(model)) == TEXT
        assert len(server.chats) == 3
        assert gone not in server.chats[2].json


async def test_several_parameters_may_be_refused_and_none_for_ever(server: ModelServer) -> None:
    message = "'max_tokens' is not supported. Use 'max_completion_tokens'."
    server.play(
        refuse(400, message), refuse(400, "temperature"), refuse(422, "stream_options"), say(TEXT)
    )
    async with asked(server) as model:
        assert words(await read(model)) == TEXT
    left = server.chats[-1].json.keys()
    assert left == {"model", "messages", "stream", "max_completion_tokens"}
    error = await fails(server, *(refuse(400, message) for _ in range(9)))
    assert isinstance(error, RequestRefused)
    assert len(server.chats) <= 8


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (play(event({"error": {"message": "model crashed"}})), "model crashed"),
        (Play(b'{"error":"no memory"}', kind="application/json"), "no memory"),
        (play(DONE), "empty answer"),
        (play(b""), "empty answer"),
        (play(texts([], "content_filter")), "its filter"),
        (play(frame({"reasoning": "hm"}) + texts([], "length")), "Raise .copilot. max_tokens"),
        (say("<think>for ever"), "Raise .copilot. max_tokens"),
        (play(b"data: nonsense\n\n" * 3), "makes no sense"),
        (play(b"data: " + b"x" * 2_000_000), "makes no sense"),
        (Play(b"whatever", kind="text/plain"), "empty answer"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_none_is_said_to_be_none(
    server: ModelServer, made: Play, says: str
) -> None:
    error = await fails(server, made)
    assert not error.partial
    assert re.search(says, str(error)), error


async def test_nobody_there_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    model = Model(ModelSettings(f"http://127.0.0.1:{port}/v1"))
    with pytest.raises(ModelDown, match="cannot be reached"):
        await read(model)
    await model.close()


async def test_a_certificate_that_nobody_signed_is_not_taken() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(never, self_signed()) as port:
        model = Model(ModelSettings(f"https://127.0.0.1:{port}/v1", key=KEY))
        with pytest.raises(ModelDown, match="encrypted connection"):
            await read(model)
        await model.close()


async def test_a_key_that_cannot_be_one_goes_nowhere(server: ModelServer) -> None:
    for key in ("two words", "clé", "a\nb"):
        async with asked(server, key=key) as model:
            with pytest.raises(NoModel):
                await read(model)
    assert server.asked == []


# --- faults in the middle -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (play(texts(["Your Mac "], None) + event({"error": "out of memory"})), AnswerBroke),
        (say("Your Mac ", tail=b"", end="cut"), AnswerBroke),
        (say("Your Mac ", tail=b"", end="reset"), AnswerBroke),
        (say("Your Mac ", tail=b"", end="stall"), TooSlow),
        (say("Your Mac " * 99, size=1, pace=0.02), TooSlow),
    ],
)  # fmt: skip
async def test_what_was_shown_is_never_asked_for_again(
    server: ModelServer, made: Play, kind: type[ModelError]
) -> None:
    server.play(made)
    shown = ""
    async with asked(server, quiet_seconds=A_WHILE, total_seconds=2 * A_WHILE) as model:
        deltas = model.stream(reply_to(model))

        async def show() -> None:
            nonlocal shown
            async for delta in deltas:
                shown += delta.text

        with pytest.raises(kind) as caught:
            await show()
    assert shown.startswith("Your")
    assert caught.value.partial
    assert STAYS in str(caught.value)
    assert len(server.chats) == 1


async def test_silence_ends_and_keep_alives_are_silence(server: ModelServer) -> None:
    ping = b": ping\n\n" + frame({})
    for made in (Play(wait=60), Play(end="stall"), Play(ping * 400, pace=0.01, cuts=[
        at * len(ping) for at in range(1, 400)
    ])):  # fmt: skip
        begun = time.monotonic()
        error = await fails(server, made, quiet_seconds=SOON)
        assert isinstance(error, TooSlow)
        assert "no word within 0.3 s" in str(error)
        assert SOON <= time.monotonic() - begun < 10
    assert len(server.chats) <= 3


# --- given up -------------------------------------------------------------------------------------


async def test_who_is_cancelled_ends_with_the_connection_closed(server: ModelServer) -> None:
    async with asked(server, quiet_seconds=3600.0, total_seconds=3600.0) as model:
        for made in (Play(wait=3600), Play(end="stall"), say(TEXT * 9, pace=0.01)):
            server.play(made)
            server.left.clear()
            server.begun.clear()
            server.came.clear()
            task = asyncio.create_task(read(model))
            await (server.came if made.wait else server.begun).wait()
            count, begun = len(server.hung_up), time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(PATIENCE):
                await server.left.wait()
            assert len(server.hung_up) == count + 1
            assert server.hung_up[-1] - begun < 1
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [one for one in others if "flow.py" in repr(one)]


async def test_who_stops_reading_ends_with_the_connection_closed(server: ModelServer) -> None:
    server.play(say(TEXT * 20, pace=0.005))
    async with asked(server) as model:
        async with aclosing(model.stream(reply_to(model))) as deltas:
            async for _ in deltas:
                break
        async with asyncio.timeout(PATIENCE):
            await server.left.wait()
    assert len(server.hung_up) == 1


async def test_who_is_cancelled_twice_leaves_nothing_open(server: ModelServer) -> None:
    server.play(Play(end="stall"))
    async with asked(server) as model:
        task = asyncio.create_task(read(model))
        await server.begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        async with asyncio.timeout(PATIENCE):
            await server.left.wait()
    assert task.cancelled()


async def test_who_reads_slowly_holds_nothing_up(server: ModelServer) -> None:
    server.play(say(TEXT))
    got: list[Delta] = []
    async with asked(server, quiet_seconds=A_WHILE, total_seconds=60.0) as model:
        async for delta in model.stream(reply_to(model)):
            got.append(delta)
            if len(got) == 1:
                await asyncio.sleep(1.5 * A_WHILE)
    assert words(got) == TEXT


async def test_with_no_model_nothing_is_asked(server: ModelServer) -> None:
    model = Model(ModelSettings())
    with pytest.raises(NoModel):
        model.prepare(Task.REPLY, SITUATION)
    with pytest.raises(NoModel):
        await model.models()
    assert server.asked == []
