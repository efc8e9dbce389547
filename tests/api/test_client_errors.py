"""Everything that can go wrong with a request, over real sockets, and what then was sent."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from revivatui.api.cable import Cable
from revivatui.api.client import ChatwootClient
from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    BadAddress,
    BadPayload,
    Forbidden,
    Invalid,
    NotChatwoot,
    NotFound,
    Offline,
    RateLimited,
    ServerDown,
    SignInRefused,
    Timeout,
    TlsFailed,
)
from revivatui.api.transport import GET_TRIES, Transport
from tests.api.servers import (
    PAGE,
    TOKEN,
    Script,
    at_once,
    client_of,
    half,
    raw_server,
    response,
    self_signed,
)


async def refuse(answer: bytes, call: str = "GET") -> ApiError:
    """What a call raises when it gets this answer."""
    async with client_of(Script(answer)) as (client, _):
        asking = client.conversation(5) if call == "GET" else client.send(5, "hello")
        with pytest.raises(ApiError) as raised:
            await asking
    return raised.value


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": "Invalid Access Token"}, AuthExpired),
        (401, {"errors": ["You need to sign in or sign up before continuing."]}, AuthExpired),
        (401, {"errors": ["Você precisa entrar"]}, AuthExpired),
        (401, {"error": "You are not authorized to do this action"}, Forbidden),
        (401, {"error": "You are not authorized to access this account"}, Forbidden),
        (401, {"error": "Account is suspended"}, Forbidden),
        (401, {"error": "Access to this endpoint is not authorized for bots"}, Forbidden),
        (401, {}, Forbidden),
        (403, {"error": "Message status update is only allowed for API inboxes"}, Forbidden),
        (403, {"message": "no"}, Forbidden),
        (404, {"error": "Resource could not be found"}, NotFound),
        (404, {"status": 404, "error": "Not Found"}, NotFound),
        (400, {"status": 400, "error": "Bad Request"}, Invalid),
        (402, {"error": "Account limit exceeded. Please purchase more licenses"}, Invalid),
        (422, {"message": "Title is invalid", "attributes": ["title"]}, Invalid),
        (422, {"error": "string contains null byte"}, Invalid),
        (422, {"error": {"name": ["can't be blank"]}}, Invalid),
        (422, {"success": False}, Invalid),
        (500, {"status": 500, "error": "Internal Server Error"}, ServerDown),
    ],
)
async def test_each_refusal_becomes_its_error(
    status: int, body: object, error: type[ApiError]
) -> None:
    refused = await refuse(response(status, json.dumps(body)))
    assert type(refused) is error
    assert refused.status == status
    assert refused.plain


async def test_only_a_refused_token_signs_out() -> None:
    """The texts of `errors` are translated: their presence counts (contract 1.3)."""
    by_role = await refuse(response(401, '{"error":"You are not authorized to do this action"}'))
    by_token = await refuse(response(401, '{"error":"Invalid Access Token"}'))
    assert not isinstance(by_role, AuthExpired)
    assert isinstance(by_token, AuthExpired)
    assert "Sign in again" in by_token.plain


async def test_validation_names_the_fields() -> None:
    body = {"message": "Email has already been taken", "attributes": ["email"]}
    refused = await refuse(response(422, json.dumps(body)))
    assert isinstance(refused, Invalid)
    assert refused.attributes == ("email",)
    assert refused.plain == "Email has already been taken"


async def test_errors_by_field_are_read_out() -> None:
    refused = await refuse(
        response(422, '{"error":{"name":["is empty"],"actions":["bad","worse"]}}')
    )
    assert refused.plain == "name: is empty; actions: bad, worse"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (response(200, PAGE, "text/html; charset=utf-8"), NotChatwoot),
        (response(200, PAGE), NotChatwoot),
        (response(404, PAGE, "text/html"), NotChatwoot),
        (response(403, PAGE, "text/html"), NotChatwoot),
        (response(401, PAGE, "text/html"), NotChatwoot),
        (response(500, PAGE, "text/html"), ServerDown),
        (response(502, PAGE, "text/html"), ServerDown),
        (response(503, "", "text/plain"), ServerDown),
        (response(504, PAGE, "text/html"), ServerDown),
        (response(200, ""), BadPayload),
        (response(200, "OK", "text/plain"), BadPayload),
        (response(200, "{"), BadPayload),
        (response(200, "[]"), BadPayload),
        (response(200, '{"id":"seven"}'), BadPayload),
        (response(200, b'{"id":1,"status":"\xff\xfe"}'), BadPayload),
        (response(200, "[" * 100_000), BadPayload),
        (response(200, b"not gzip", content_encoding="gzip"), BadPayload),
        (response(400, ""), Invalid),
        (response(413, PAGE, "text/html"), NotChatwoot),
        (response(418, "short and stout", "text/plain"), Invalid),
    ],
    ids=lambda value: repr(value)[:60] if isinstance(value, bytes) else value.__name__,
)
async def test_answers_that_are_no_json_of_chatwoot_are_told_in_plain_words(
    answer: bytes, error: type[ApiError]
) -> None:
    refused = await refuse(answer)
    assert type(refused) is error
    assert "<" not in refused.plain
    assert "Traceback" not in refused.plain


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (response(422, '{"error":"no"}'), "no"),
        (response(401, '{"error":"no"}'), "no"),
        (response(429, "Retry later\n", "text/plain"), "no"),
        (response(500, '{"error":"x"}'), "maybe"),
        (response(502, PAGE, "text/html"), "maybe"),
        (response(200, PAGE, "text/html"), "maybe"),
        (response(200, "{"), "yes"),
        (response(200, ""), "yes"),
    ],
    ids=lambda value: repr(value)[:50] if isinstance(value, bytes) else value,
)
async def test_an_error_says_whether_the_message_may_have_gone_out(
    answer: bytes, sent: str
) -> None:
    refused = await refuse(answer, "POST")
    assert refused.sent == sent


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ("https://127.0.0.1/api/v1/x?token=1", "https://127.0.0.1"),
        ("https://login.example.com/sso", "https://login.example.com"),
        ("/somewhere/else", ""),
        ("http://[broken", ""),
    ],
)
async def test_a_redirect_is_not_followed_and_its_target_is_named(target: str, named: str) -> None:
    async with client_of(Script(response(302, "", "text/html", location=target))) as (
        client,
        script,
    ):
        with pytest.raises(NotChatwoot) as raised:
            await client.conversation(5)
        assert len(script.asked) == 1
        assert named in raised.value.plain
        assert "token=1" not in raised.value.plain


async def test_too_many_requests_say_how_long_to_wait() -> None:
    refused = await refuse(response(429, "Retry later\n", "text/plain"))
    assert isinstance(refused, RateLimited)
    assert 0 < refused.wait <= 60


async def test_too_many_sign_ins_wait_for_the_next_five_minutes() -> None:
    async with client_of(Script(response(429, "Retry later\n", "text/plain"))) as (client, script):
        with pytest.raises(RateLimited) as raised:
            await client.sign_in("ben@example.com", "secret")
        assert 0 < raised.value.wait <= 300
        assert len(script.asked) == 1


# --- connections that break ----------------------------------------


async def test_nobody_there_was_not_sent() -> None:
    transport = Transport("http://127.0.0.1:1", TOKEN, sleep=at_once)
    async with ChatwootClient("http://127.0.0.1:1", account_id=1, transport=transport) as client:
        with pytest.raises(Offline) as raised:
            await client.send(5, "hello")
    assert raised.value.sent == "no"
    assert "127.0.0.1:1" in raised.value.plain


async def test_an_unknown_name_is_offline() -> None:
    base = "http://desk.invalid"
    transport = Transport(base, TOKEN, sleep=at_once)
    async with ChatwootClient(base, account_id=1, transport=transport) as client:
        with pytest.raises((Offline, Timeout)):  # as the machine's resolver has it
            await client.profile()


@pytest.mark.parametrize(
    "base",
    [f"https://{'x' * 70}.com", "http://a..b", "http://xn--zzzzzz.com", "http://☃.invalid"],
)
async def test_a_name_that_cannot_be_one_is_told_like_any_other_failure(base: str) -> None:
    with pytest.raises((BadAddress, Offline, Timeout)):
        async with ChatwootClient(base, TOKEN, 1) as client:
            await client.version()
    with pytest.raises((NotChatwoot, Offline, Timeout)):
        await Cable(base, "token", 1, 1).open()


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://127.0.0.1:1", "moon://x"])
async def test_a_proxy_that_does_not_work_is_told_like_any_other_failure(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(Offline):
        async with ChatwootClient("http://desk.invalid", TOKEN, 1) as client:
            await client.version()
    with pytest.raises(Offline):
        await Cable("http://desk.invalid", "token", 1, 1).open()


async def drop(writer: asyncio.StreamWriter) -> None:
    """Cut the connection in place of an answer."""
    writer.transport.abort()


async def never(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def garbage(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x15\x03\x01\x00\x02\x02\x16 not http\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("breaking", [drop, half, garbage])
async def test_an_answer_that_is_cut_off_may_have_been_sent(
    breaking: Callable[[asyncio.StreamWriter], Awaitable[None]],
) -> None:
    async with client_of(Script(breaking)) as (client, script):
        with pytest.raises(Offline) as raised:
            await client.send(5, "hello")
        assert raised.value.sent == "maybe"
        assert len(script.asked) == 1, "a message is sent once"


async def test_no_answer_in_time_may_have_been_sent() -> None:
    async with client_of(Script(never), read_timeout=0.1) as (client, script):
        with pytest.raises(Timeout) as raised:
            await client.send(5, "hello")
        assert raised.value.sent == "maybe"
        assert len(script.asked) == 1
        with pytest.raises(Timeout) as raised:
            await client.conversation(5)
        assert raised.value.sent == "no"
        assert len(script.asked) == 2, "a slow server is not asked the same again"


async def test_a_read_that_fails_is_tried_again_and_then_answered() -> None:
    answers = (drop, response(503, "busy", "text/plain"), response(200, '{"id":5}'))
    async with client_of(Script(*answers)) as (client, script):
        found = await client.conversation(5)
        assert found.conversation.id == 5
        assert len(script.asked) == GET_TRIES


async def test_a_read_is_not_tried_for_ever_nor_again_after_a_500() -> None:
    async with client_of(Script(response(503, "busy", "text/plain"))) as (client, script):
        with pytest.raises(ServerDown):
            await client.conversation(5)
        assert len(script.asked) == GET_TRIES
    async with client_of(Script(response(500, "{}"))) as (client, script):
        with pytest.raises(ServerDown):
            await client.updated_within(5_000_000)
        assert len(script.asked) == 1, "a long updated_within fails after 15 s each time"


async def test_the_pauses_between_tries_grow_and_are_spread() -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    async with raw_server(Script(response(502, PAGE, "text/html"))) as port:
        base = f"http://127.0.0.1:{port}"
        for luck in (0.0, 1.0):
            transport = Transport(base, TOKEN, sleep=note, jitter=partial(float, luck))
            async with ChatwootClient(base, account_id=1, transport=transport) as client:
                with pytest.raises(ServerDown):
                    await client.conversation(5)
    assert pauses == pytest.approx([0.15, 0.3, 0.45, 0.9])


async def test_https_on_a_port_of_http_is_a_failure_of_encryption() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(response(400, "bad"))
        await reader.read()

    async with (
        raw_server(speak_plainly) as port,
        ChatwootClient(f"https://127.0.0.1:{port}", TOKEN, 1) as client,
    ):
        with pytest.raises(TlsFailed) as raised:
            await client.profile()
    assert raised.value.sent == "no"
    assert "http" in raised.value.plain


async def test_a_certificate_that_nobody_signed_is_named_as_the_reason() -> None:
    script = Script(response(200, '{"version":"4.10.1"}'))
    async with raw_server(script, self_signed()) as port:
        base = f"https://127.0.0.1:{port}"
        async with ChatwootClient(base, TOKEN, 1) as client:
            with pytest.raises(TlsFailed, match="self-signed certificate") as asked:
                await client.version()
        with pytest.raises(TlsFailed, match="self-signed certificate"):
            await Cable(base, "token", 1, 1).open()
    assert asked.value.sent == "no"
    assert script.asked == []


async def test_a_server_on_this_machine_is_asked_past_any_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ALL_PROXY", "HTTP_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with client_of(Script(response(200, '{"version":"3.9.0"}'))) as (client, _):
        assert await client.version() == "3.9.0"


async def test_http_on_a_port_that_says_nothing_of_http_is_told() -> None:
    async with client_of(Script(garbage)) as (client, _):
        with pytest.raises(Offline):
            await client.version()


# --- wrong servers, wrong people ----------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        response(200, PAGE, "text/html"),
        response(404, PAGE, "text/html"),
        response(404, '{"message":"no such thing"}'),
        response(200, '{"hello":"world"}'),
        response(200, "[]"),
        response(401, '{"errors":["no"]}'),
        response(301, "", "text/html", location="https://www.example.com/"),
    ],
    ids=lambda value: repr(value)[:60],
)
async def test_a_server_that_is_no_chatwoot_is_told_before_anybody_signs_in(answer: bytes) -> None:
    async with client_of(Script(answer)) as (client, script):
        with pytest.raises(NotChatwoot) as raised:
            await client.version()
        assert "api_access_token" not in script.asked[0].headers
        assert "address" in raised.value.plain


async def test_a_wrong_password_is_no_expired_session() -> None:
    body = {"success": False, "errors": ["Invalid login credentials. Please try again."]}
    async with client_of(Script(response(401, json.dumps(body)))) as (client, _):
        with pytest.raises(SignInRefused) as raised:
            await client.sign_in("ben@example.com", "wrong password")
        assert raised.value.plain == "Invalid login credentials. Please try again."
        assert raised.value.sent == "no"


async def test_a_second_factor_is_explained() -> None:
    body = {"mfa_required": True, "mfa_token": "sesame"}
    async with client_of(Script(response(206, json.dumps(body)))) as (client, _):
        with pytest.raises(SignInRefused, match="access token"):
            await client.sign_in("ben@example.com", "right password")


async def test_a_sign_in_without_a_token_is_not_taken_for_one() -> None:
    async with client_of(Script(response(200, '{"data":{"id":1}}'))) as (client, _):
        with pytest.raises(BadPayload):
            await client.sign_in("ben@example.com", "right password")


async def test_of_three_calls_that_fail_the_refused_token_is_told() -> None:
    answers = (
        response(500, "{}"),
        response(401, '{"error":"Invalid Access Token"}'),
        response(401, '{"error":"Invalid Access Token"}'),
    )
    async with client_of(Script(*answers)) as (client, _):
        with pytest.raises(AuthExpired):
            await client.signed_in()


# --- secrets and hostile words ----------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        response(200, '{"id":"x","access_token":"sesame-a","pubsub_token":["sesame-b"]}'),
        response(200, "<p>sesame-c", access_token="sesame-e", client="sesame-f"),
        response(500, '{"error":"sesame-d"}'),
    ],
    ids=["unfit", "page", "failure"],
)
async def test_no_secret_is_in_errors_logs_or_reprs(
    answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither what we sent, nor what a broken answer holds."""
    caplog.set_level(logging.DEBUG)
    async with client_of(Script(answer)) as (client, script):
        with pytest.raises(ApiError) as asking:
            await client.profile()
        with pytest.raises(ApiError) as signing:
            await client.sign_in("ben@example.com", "sesame-password")
        shown = [repr(client), repr(client._transport), caplog.text]
    for raised in (asking, signing):
        error = raised.value
        shown += [str(error), repr(error), error.plain]
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None
    assert b"sesame-password" in script.asked[-1].body
    assert logging.getLogger("httpcore").getEffectiveLevel() > logging.DEBUG
    assert "sesame" not in "".join(shown)


async def test_what_a_server_says_is_cleaned_and_cut() -> None:
    words = "\x1b]0;owned\x07 " + "no " * 5000
    refused = await refuse(response(422, json.dumps({"error": words})))
    assert "\x1b" not in refused.plain
    assert len(refused.plain) < 400
