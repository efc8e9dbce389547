"""ActionCable without a socket (contract 7.1)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from revivatui.api.cable_protocol import CableProtocol, Kind
from tests.api.recordings import VERSIONS, live_rows


def subscribed() -> tuple[CableProtocol, str]:
    """A protocol that was welcomed, and the identifier it subscribed with."""
    protocol = CableProtocol("sesame-token", 1, 7)
    heard = protocol.receive('{"type":"welcome"}', 100.0)
    assert heard.kind is Kind.WELCOME
    assert heard.reply is not None
    identifier: str = json.loads(heard.reply)["identifier"]
    return protocol, identifier


def frame(identifier: str, **more: Any) -> str:
    return json.dumps({"identifier": identifier, **more}, separators=(",", ":"))


def test_it_subscribes_when_welcomed_and_not_before() -> None:
    protocol = CableProtocol("sesame-token", 1, 7)
    assert protocol.receive('{"type":"ping","message":1}', 1.0).reply is None
    reply = protocol.receive('{"type":"welcome"}', 2.0).reply
    assert json.loads(reply or "") == {
        "command": "subscribe",
        "identifier": '{"channel":"RoomChannel","pubsub_token":"sesame-token",'
        '"account_id":1,"user_id":7}',
    }
    assert not protocol.confirmed


def test_a_confirmation_of_our_identifier_confirms() -> None:
    protocol, identifier = subscribed()
    other = frame(identifier.replace("sesame", "other"), type="confirm_subscription")
    assert protocol.receive(other, 1.0).kind is Kind.ODD
    assert not protocol.confirmed
    assert protocol.receive(frame(identifier, type="confirm_subscription"), 1.0).kind is (
        Kind.CONFIRMED
    )
    assert protocol.confirmed


def test_a_rejection_is_told_apart_from_silence() -> None:
    protocol, identifier = subscribed()
    assert (
        protocol.receive(frame(identifier, type="reject_subscription"), 1.0).kind is Kind.REJECTED
    )
    assert not protocol.confirmed


def test_events_are_events_before_and_after_the_confirmation_however_they_are_written() -> None:
    protocol, identifier = subscribed()
    message = {"event": "presence.update", "data": {"account_id": 1}}
    spaced = json.dumps({"identifier": identifier, "message": message})
    turned = json.dumps({"message": message, "identifier": identifier})
    for text in (frame(identifier, message=message), spaced, turned):
        assert protocol.receive(text, 1.0).kind is Kind.EVENT
    other = frame("{}", message=message)
    assert protocol.receive(other, 1.0).kind is Kind.ODD


@pytest.mark.parametrize(
    ("text", "reason", "reconnect"),
    [
        (
            '{"type":"disconnect","reason":"server_restart","reconnect":true}',
            "server_restart",
            True,
        ),
        ('{"type":"disconnect","reason":"unauthorized","reconnect":false}', "unauthorized", False),
        ('{"type":"disconnect"}', "", True),
        ('{"type":"disconnect","reason":"\\u001b]0;x"}', "␛]0;x", True),
        ('{"type":"disconnect","reason":5}', "", True),
    ],
)
def test_a_disconnect_says_why_and_whether_to_come_back(
    text: str, reason: str, reconnect: bool
) -> None:
    heard = CableProtocol("t", 1, 7).receive(text, 1.0)
    assert (heard.kind, heard.reason, heard.reconnect) == (Kind.DISCONNECT, reason, reconnect)


NONSENSE = ("", "{", "[]", "5", "null", '{"type":"sing"}', '{"message":{}}')


@pytest.mark.parametrize("text", [*NONSENSE, "[" * 100_000], ids=[*NONSENSE, "deep"])
def test_what_makes_no_sense_is_odd_and_never_raises(text: str) -> None:
    protocol, _ = subscribed()
    assert protocol.receive(text, 1.0).kind is Kind.ODD


def test_any_frame_is_a_sign_of_life() -> None:
    protocol = CableProtocol("t", 1, 7)
    assert protocol.silent_for(50.0) == 0.0
    protocol.receive('{"type":"ping","message":1}', 100.0)
    assert protocol.silent_for(103.5) == 3.5
    protocol.receive("nonsense", 104.0)
    assert protocol.silent_for(104.0) == 0.0


def test_a_tick_is_a_message_whose_data_is_text() -> None:
    protocol, identifier = subscribed()
    tick = json.loads(protocol.tick())
    assert tick == {
        "command": "message",
        "identifier": identifier,
        "data": '{"action":"update_presence"}',
    }


def test_a_new_welcome_asks_for_a_new_confirmation() -> None:
    protocol, identifier = subscribed()
    protocol.receive(frame(identifier, type="confirm_subscription"), 1.0)
    assert protocol.receive('{"type":"welcome"}', 2.0).reply is not None
    assert not protocol.confirmed


def test_the_token_never_shows() -> None:
    protocol, _ = subscribed()
    assert "sesame" not in repr(protocol)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_recorded_frames_of_an_agent_are_understood(version: str) -> None:
    """Written with the recorded client's identifier, which differs from ours in spaces only."""
    kinds: set[Kind] = set()
    for row in live_rows(version):
        text = row.get("frame")
        if not isinstance(text, dict) or row.get("dir", "in") != "in" or "subprotocol" in text:
            continue
        named = json.loads(text.get("identifier", "{}"))
        protocol = CableProtocol(
            named.get("pubsub_token", ""), named.get("account_id", 0), named.get("user_id", 0)
        )
        reply = protocol.receive('{"type":"welcome"}', 0.0).reply
        if "identifier" in text:
            text = {**text, "identifier": json.loads(reply or "")["identifier"]}
        heard = protocol.receive(json.dumps(text, separators=(",", ":")), 1.0)
        assert heard.kind is not Kind.ODD
        kinds.add(heard.kind)
    assert kinds == {Kind.WELCOME, Kind.PING, Kind.CONFIRMED, Kind.EVENT}
