"""Bridge and desk call a Chatwoot, its contacts and its conversations by the same names."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from revivatui import config, crm_access
from revivatui.api.address import base_url
from revivatui.bridge.places import Place
from revivatui.paths import Paths


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://chat.example.com", "chat.example.com"),
        ("http://chat.example.com", "chat.example.com"),
        ("https://chat.example.com:443", "chat.example.com"),
        ("https://Chat.Example.com:8443/", "chat.example.com:8443"),
        ("https://example.com/chat", "example.com/chat"),
        ("http://127.0.0.1:3000", "127.0.0.1:3000"),
        ("http://[::1]:3000", "[::1]:3000"),
    ],
)
@pytest.mark.parametrize("place", ["", "demo"])
def test_bridge_and_desk_mean_the_same_by_every_address(
    address: str, name: str, place: str, tmp_path: Path
) -> None:
    url = base_url(address)
    here = config.ProfileSettings(url, 7, place)
    settings = config.Settings(this_start=here)
    desk = crm_access.desk_access(settings, Paths.under(tmp_path), time.time, print)
    bridge = Place(url, 7, here.place)
    assert bridge.installation == (place or name)
    assert desk.chat == bridge.chat
    assert desk.chat.contact(5) == bridge.contact(5)
    assert desk.chat.conversation(9) == bridge.conversation(9)


def test_two_chatwoots_of_one_host_are_two() -> None:
    one, other = (Place(f"https://example.com/{path}", 1) for path in ("lisbon", "porto"))
    assert one.conversation(1) != other.conversation(1)
