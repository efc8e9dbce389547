"""What the client sends, and what it makes of whole answers, over real sockets."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from revivatui.api.answers import AttachmentFile
from revivatui.api.client import ChatwootClient
from revivatui.api.errors import AuthExpired, Invalid, NotChatwoot, Offline
from revivatui.state.models import Attachment, ListView
from tests.api.servers import TOKEN, Script, client_of, half, raw_server, response

# --- downloads ----------------------------------------


async def test_a_download_follows_the_link_without_the_token() -> None:
    script = Script(
        response(302, "", location="/blob"), response(200, b"\x89PNG" * 50_000, "image/png")
    )
    async with client_of(script) as (client, _):
        url = client.base + "/rails/active_storage/crack.png"
        attachment = Attachment(1, "image", "crack.png", data_url=url)
        data = b"".join([chunk async for chunk in client.download(attachment)])
        assert data == b"\x89PNG" * 50_000
        assert [asked.line.split()[1] for asked in script.asked] == [
            "/rails/active_storage/crack.png",
            "/blob",
        ]
        assert all("api_access_token" not in asked.headers for asked in script.asked)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://example.com/a", "javascript:x"])
async def test_a_download_needs_a_web_address(url: str) -> None:
    async with client_of(Script(response(200))) as (client, _):
        with pytest.raises(NotChatwoot):
            async for _chunk in client.download(Attachment(1, "file", "a", data_url=url)):
                pass


async def test_a_download_that_breaks_off_says_so() -> None:
    async with client_of(Script(half)) as (client, _):
        attachment = Attachment(1, "file", "a", data_url=client.base + "/a")
        with pytest.raises(Offline):
            async for _chunk in client.download(attachment):
                pass


# --- what goes out ----------------------------------------


async def test_lists_are_asked_for_in_the_servers_own_words() -> None:
    page = response(
        200, '{"data":{"meta":{"mine_count":0,"unassigned_count":0,"all_count":0},"payload":[]}}'
    )
    async with client_of(Script(page)) as (client, script):
        view = ListView(tab="mine", status="snoozed", sort="waiting_since_asc", inbox_id=3,
                        team_id=4, labels=("quote", "água & co"), text="50% off?")  # fmt: skip
        assert (await client.conversations(view, 2)).last
        await client.updated_within(23)
    queries = [urlsplit(asked.line.split()[1]).query for asked in script.asked]
    assert [parse_qsl(query) for query in queries] == [
        [
            ("status", "snoozed"),
            ("assignee_type", "me"),
            ("sort_by", "waiting_since_asc"),
            ("inbox_id", "3"),
            ("team_id", "4"),
            ("labels[]", "quote"),
            ("labels[]", "água & co"),
            ("q", "50% off?"),
            ("page", "2"),
        ],
        [("status", "all"), ("assignee_type", "all"), ("updated_within", "23")],
    ]
    assert script.asked[0].headers["api_access_token"] == TOKEN
    assert script.asked[0].headers["accept"] == "application/json"


@pytest.mark.parametrize(
    ("version", "channel", "private", "kept_as"),
    [
        ("3.9.0", "Channel::Api", False, "source_id"),
        ("3.9.0", "Channel::WebWidget", False, "source_id"),
        ("3.9.0", "Channel::Whatsapp", True, "source_id"),
        ("3.9.0", "Channel::Whatsapp", False, None),
        ("3.9.0", "Channel::Email", False, None),
        ("3.9.0", "Channel::FacebookPage", False, None),
        ("3.9.0", "", False, None),
        ("", "Channel::Telegram", False, None),
        ("4.10.1", "Channel::Api", False, "client_ref"),
        ("4.10.1", "Channel::Whatsapp", False, "client_ref"),
        ("4.10.1", "Channel::Email", True, "client_ref"),
        ("5.0.0", "Channel::Sms", False, "client_ref"),
    ],
)
async def test_a_reference_goes_where_the_server_keeps_it_and_never_where_it_stops_delivery(
    version: str, channel: str, private: bool, kept_as: str | None
) -> None:
    async with client_of(Script(response(200, '{"id":7}'))) as (client, script):
        client.server_version = version
        await client.send(5, "hi", private, "ref-9", "echo-1", in_reply_to=3, channel=channel)
        body = json.loads(script.asked[0].body)
        assert client.keeps_reference(channel, private) is (kept_as is not None)
    assert body["echo_id"] == "echo-1"
    assert body["content_attributes"]["in_reply_to"] == 3
    assert body.get("source_id") == ("ref-9" if kept_as == "source_id" else None)
    assert body["content_attributes"].get("client_ref") == (
        "ref-9" if kept_as == "client_ref" else None
    )


@pytest.mark.parametrize("call", ["send", "filter", "search", "sign in"])
async def test_text_that_no_server_could_read_is_refused_before_it_is_sent(call: str) -> None:
    broken = "half a \ud83d face"
    async with client_of(Script(response(200, "{}"))) as (client, script):
        with pytest.raises(Invalid) as raised:  # noqa: PT012 - one of four calls
            if call == "send":
                await client.send(5, broken)
            elif call == "filter":
                await client.filter([{"values": [broken]}])
            elif call == "search":
                await client.search(broken)
            else:
                await client.sign_in(broken, broken)
        assert script.asked == []
    assert raised.value.sent == "no"


@pytest.mark.parametrize("token", ["tökën", "two\nlines", "bell\x07"])
async def test_a_token_that_is_none_is_refused_before_it_is_sent(token: str) -> None:
    script = Script(response(200, "{}"))
    async with (
        raw_server(script) as port,
        ChatwootClient(f"http://127.0.0.1:{port}", token, 1) as client,
    ):
        with pytest.raises(AuthExpired) as raised:
            await client.profile()
    assert script.asked == []
    assert token not in raised.value.plain


async def test_a_token_may_be_pasted_with_its_line_end() -> None:
    script = Script(response(200, '{"id":1}'))
    async with (
        raw_server(script) as port,
        ChatwootClient(f"http://127.0.0.1:{port}", f" {TOKEN}\n", 1) as client,
    ):
        await client.profile()
    assert script.asked[0].headers["api_access_token"] == TOKEN


async def test_files_go_as_a_form_with_the_same_fields() -> None:
    async with client_of(Script(response(200, '{"id":7}'))) as (client, script):
        client.server_version = "4.10.1"
        files = [
            AttachmentFile('fotó "1".png', b"\x89PNG\x00", "image/png"),
            AttachmentFile("b.txt", b""),
        ]
        await client.send(5, "see\nthis", True, "ref-1", "e-1", in_reply_to=3, attachments=files)
        asked = script.asked[0]
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    boundary = asked.headers["content-type"].split("boundary=")[1].encode()
    parts = [part.split(b"\r\n\r\n", 1) for part in asked.body.split(b"--" + boundary)[1:-1]]
    fields = {
        head.split(b'name="')[1].split(b'"')[0].decode(): body[:-2]
        for head, body in parts
        if b"filename" not in head
    }
    assert fields.pop("content_attributes") == b'{"in_reply_to": 3, "client_ref": "ref-1"}'
    assert fields == {"content": b"see\nthis", "private": b"true", "echo_id": b"e-1"}
    sent = [(head, body[:-2]) for head, body in parts if b"filename" in head]
    assert [body for _, body in sent] == [b"\x89PNG\x00", b""]
    assert all(b'name="attachments[]"' in head for head, _ in sent)
    assert b"Content-Type: image/png" in sent[0][0]


async def test_a_short_first_page_of_a_longer_list_is_not_the_last() -> None:
    def page(rows: int, total: int) -> bytes:
        meta = {"mine_count": 0, "unassigned_count": 0, "all_count": total}
        return response(
            200, json.dumps({"data": {"meta": meta, "payload": [{"id": n} for n in range(rows)]}})
        )

    view = ListView(tab="all")
    answers = (page(10, 24), page(10, 24), page(4, 24), page(24, 24), page(25, 40), page(15, 40))
    async with client_of(Script(*answers)) as (client, _):
        lasts = [(await client.conversations(view, number)).last for number in (1, 2, 3, 1, 1, 2)]
    assert lasts == [False, False, True, True, False, True]
