"""E-mails are read as the recorded servers read them, and become conversations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from revivatui.shop.clock import Clock
from revivatui.shop.mail import receive_mail
from revivatui.shop.mail_text import html_to_text, read_mail, trim_quotation
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, Shop, create_shop
from tools.conformance.mails import mail_messages, raw_mail
from tools.conformance.mapping import Mapping
from tools.conformance.recording import read_runs

RECORDINGS = Path(__file__).parent.parent / "data" / "recordings"
ADA = Person("Ada", "ada@example.com", "administrator", "Password1!", "ada-token", "ada-pubsub")
BEN = Person("Ben", "ben@example.com", "agent", "Password1!", "ben-token", "ben-pubsub")
HEADERS = {"api_access_token": "ada-token"}


@pytest.mark.parametrize("version", ["3.9.0", "4.10.1"])
def test_recorded_mails_are_read_word_for_word_as_the_server_read_them(version: str) -> None:
    [run] = read_runs([RECORDINGS / version / "mailbot.jsonl.gz"])
    messages = mail_messages(run)
    assert len(messages) == 3
    for message in messages:
        mail = read_mail(raw_mail(message, Mapping()))
        recorded = message["content_attributes"]["email"]
        assert mail.attributes(version.startswith("4")) == recorded
        assert list(mail.attributes(version.startswith("4"))) == list(recorded)
        assert mail.content == message["content"]
        assert mail.message_id == message["source_id"]
        assert mail.sender_name == message["sender"]["name"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Yes.\n\nOn Sun, Nov 22, 2026 at 7:00 PM Ada <ada@example.com> wrote:\n> so?", "Yes."),
        ("Sim.\n\nEm dom., 22 de nov. de 2026, Ada <ada@example.com> escreveu:\n> e?", "Sim."),
        ("Ja.\n\n-----Original Message-----\nFrom: Ada", "Ja."),
        ("a > b and\nOn time, always", "a > b and\nOn time, always"),
        ("only\n> quoted\n\n", "only"),
        ("", ""),
    ],
)
def test_the_quotation_goes_and_the_reply_stays(text: str, reply: str) -> None:
    assert trim_quotation(text) == reply


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b", "a\nb"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ('<a href="https://example.com/a">here</a>', "[here](https://example.com/a)"),
        ("<style>p{}</style><script>alert(1)</script>safe", "safe"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\tb"),
        ("&lt;b&gt; &amp; &eacute;", "<b> & é"),
        ("<div>unclosed <b>bold", "unclosed bold"),
    ],
)
def test_html_becomes_the_text_that_a_reader_would_see(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: x\r\n\r\nno address",
        b"Content-Type: multipart/mixed\r\n\r\n--",
    ],
)
def test_a_broken_mail_is_read_as_far_as_it_goes(raw: bytes) -> None:
    assert read_mail(raw).recipients == []


def test_an_unknown_charset_and_a_bad_date_do_no_harm() -> None:
    raw = (
        b"From: bea@example.org\r\nTo: repairs@shop.example.com\r\nDate: yesterday\r\n"
        b"Content-Type: text/plain; charset=klingon\r\n\r\nol\xc3\xa1"
    )
    mail = read_mail(raw)
    assert (mail.date, mail.text, mail.sender_name) == (None, "olá", "bea")


def simple(subject: str, text: str, message_id: str, more: str = "") -> bytes:
    return (
        f"From: Bea Mail <bea@example.org>\r\nTo: Repairs <repairs@shop.example.com>\r\n"
        f"Subject: {subject}\r\nMessage-ID: <{message_id}>\r\n{more}"
        f"Content-Type: text/plain; charset=UTF-8\r\n\r\n{text}\r\n"
    ).encode()


@pytest.fixture(params=["3.9.0", "4.10.1"])
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    made = create_shop(request.param, clock=Clock(1_790_000_000.0), people=[ADA, BEN])
    async with (
        ShopServer(made) as server,
        httpx.AsyncClient(base_url=server.url, headers=HEADERS, trust_env=False) as rest,
    ):
        channel = {"type": "email", "email": "repairs@shop.example.com"}
        at = "/api/v1/accounts/1"
        inbox = (await rest.post(f"{at}/inboxes", json={"name": "M", "channel": channel})).json()
        members = {"inbox_id": inbox["id"], "user_ids": [2]}
        await rest.post(f"{at}/inbox_members", json=members)
        off = {"profile": {"account_id": 1, "auto_offline": False}}
        await rest.post("/api/v1/profile/auto_offline", json=off, headers={
            "api_access_token": "ben-token"})  # fmt: skip
        yield made


async def test_a_mail_opens_a_conversation_that_an_online_agent_is_given(shop: Shop) -> None:
    message = receive_mail(shop, simple("No power", "It is dead.", "one@example.org"))
    assert message is not None
    conversation = shop.db.get("conversations", message["conversation_id"])
    assert conversation is not None
    assert conversation["assignee_id"] == 2
    assert conversation["additional_attributes"]["mail_subject"] == "No power"
    assert (message["content"], message["content_type"]) == ("It is dead.", "incoming_email")
    contact = shop.db.get("contacts", conversation["contact_id"])
    assert contact is not None
    assert (contact["name"], contact["email"]) == ("Bea Mail", "bea@example.org")


async def test_a_reply_joins_its_conversation_and_another_mail_opens_one(shop: Shop) -> None:
    first = receive_mail(shop, simple("No power", "It is dead.", "one@example.org"))
    reply = receive_mail(
        shop,
        simple("Re: No power", "Still.", "two@example.org", "In-Reply-To: <one@example.org>\r\n"),
    )
    other = receive_mail(shop, simple("Price?", "How much?", "three@example.org"))
    assert first is not None
    assert reply is not None
    assert other is not None
    assert reply["conversation_id"] == first["conversation_id"]
    assert other["conversation_id"] != first["conversation_id"]
    assert len(shop.db.where("contacts")) == 1


async def test_a_mail_for_nobody_here_is_left_alone(shop: Shop) -> None:
    raw = simple("x", "y", "z@example.org").replace(b"repairs@", b"sales@")
    assert receive_mail(shop, raw) is None
    assert shop.db.where("messages") == []
