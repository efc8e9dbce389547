"""The server's address, however it is typed."""

from __future__ import annotations

import pytest

from revivatui.api.address import base_url, cable_url
from revivatui.api.errors import BadAddress


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("desk.example.com", "https://desk.example.com"),
        ("  desk.example.com/  ", "https://desk.example.com"),
        ("DESK.Example.com", "https://desk.example.com"),
        ("desk.example.com:8443", "https://desk.example.com:8443"),
        ("http://desk.example.com", "http://desk.example.com"),
        ("HTTPS://desk.example.com/", "https://desk.example.com"),
        ("https://desk.example.com/app/login", "https://desk.example.com"),
        ("https://desk.example.com/app/accounts/1/dashboard", "https://desk.example.com"),
        ("https://desk.example.com/app/accounts/1?x=1#top", "https://desk.example.com"),
        ("https://desk.example.com/api/v1/profile", "https://desk.example.com"),
        ("https://example.com/chat/app/login", "https://example.com/chat"),
        ("https://example.com/chat/", "https://example.com/chat"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:3000/app", "http://127.0.0.1:3000"),
        ("[::1]:3000", "http://[::1]:3000"),
        ("http://[2001:db8::1]:3000", "http://[2001:db8::1]:3000"),
        ("localhost.example.com", "https://localhost.example.com"),
        ("bücher.example", "https://bücher.example"),
        ("https://desk.example.com:443", "https://desk.example.com:443"),
    ],
)
def test_what_people_type_becomes_one_form(typed: str, base: str) -> None:
    assert base_url(typed) == base
    assert base_url(base) == base


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "ftp://desk.example.com",
        "file:///etc/passwd",
        "ws://desk.example.com",
        "desk example.com",
        "desk.example.com:port",
        "https://desk.example.com:99999",
        "https://[broken",
        "https://ben:secret@desk.example.com",
        "javascript:alert(1)",
        "desk\x1b[31m.example.com",
        "desk.example.com\nHost: evil",
        "https://desk.exa<mple.com",
        "https://?x",
    ],
)
def test_what_is_no_address_is_told_and_never_repeated(typed: str) -> None:
    with pytest.raises(BadAddress) as raised:
        base_url(typed)
    assert "\x1b" not in raised.value.plain
    assert "secret" not in raised.value.plain


def test_the_live_feed_is_beside_the_server_and_as_encrypted() -> None:
    assert cable_url("https://desk.example.com") == "wss://desk.example.com/cable"
    assert cable_url("http://127.0.0.1:3000/chat") == "ws://127.0.0.1:3000/chat/cable"
