"""What real servers said goes through the wire models whole."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from revivatui.api.wire import READERS, frame_to_events
from revivatui.state import events
from tests.api.recordings import LIVE, VERSIONS, event_frames, live_rows, rows
from tools.conformance import wire

STATE_EVENT = {
    "message.created": events.MessageArrived,
    "message.updated": events.MessageUpdated,
    "first.reply.created": events.MessageArrived,
    "conversation.created": events.ConversationPushed,
    "conversation.updated": events.ConversationPushed,
    "conversation.status_changed": events.ConversationPushed,
    "conversation.read": events.ConversationPushed,
    "conversation.contact_changed": events.ConversationPushed,
    "conversation.mentioned": events.ConversationPushed,
    "assignee.changed": events.ConversationPushed,
    "team.changed": events.ConversationPushed,
    "conversation.typing_on": events.TypingChanged,
    "conversation.typing_off": events.TypingChanged,
    "contact.created": events.ContactSeen,
    "contact.updated": events.ContactSeen,
    "contact.merged": events.ContactSeen,
    "contact.deleted": events.ContactDeleted,
    "presence.update": events.PresenceSeen,
    "notification.created": events.NotificationSeen,
    "notification.updated": events.NotificationSeen,
    "notification.deleted": events.NotificationGone,
    "account.cache_invalidated": events.CacheKeysSeen,
}


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_that_a_server_said_is_skipped_unknown_or_lost(version: str) -> None:
    assert wire.check(version, live_rows(version)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_answer_to_a_question_about_figures_is_read_whole(version: str) -> None:
    asked = list(rows(version, "figures"))
    assert len(asked) == 323
    assert wire.check(version, asked) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", LIVE)
def test_the_check_really_sees_each_recording(version: str, name: str) -> None:
    """Spoilt by one key in one object of every row, every row of the server's is reported."""
    spoilt = [row for row in rows(version, name) if said(row) is not None]
    assert spoilt
    for row in spoilt[::7]:
        changed = copy.deepcopy(row)
        target = said(changed)
        assert target is not None
        target["a_key_of_next_year"] = 1
        assert wire.check(version, [changed]) != [], row.get("path") or row.get("frame")


def said(row: Any) -> dict[str, Any] | None:
    """The object in a row that the models should know key by key."""
    answer = row.get("answer")
    if isinstance(answer, list) and answer and isinstance(answer[-1], dict):
        return answer[-1]
    if isinstance(answer, dict) and answer and not answer.keys() & {"_text", "_long"}:
        return answer if row.get("status") is not None else None
    frame = row.get("frame")
    if isinstance(frame, dict) and row.get("dir", "in") == "in":
        message = frame.get("message")
        return message.get("data") if isinstance(message, dict) else None
    body = row.get("body")
    if row.get("what") == "hook" or ("status" not in row and isinstance(body, dict)):
        return body if isinstance(body, dict) else None
    return None


OPAQUE = {
    "additional_attributes",
    "custom_attributes",
    "content_attributes",
    "previous_changes",
    "external_source_ids",
    "sentiment",
    "contacts",
    "users",
}
"""Objects whose keys are not the server's: they are kept, or known to be of no use, as a whole."""


def objects(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            if key not in OPAQUE:
                yield from objects(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, f"{path}[]")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_key_that_no_model_defines_is_found_at_every_depth(version: str) -> None:
    seen: dict[str, Any] = {}
    for frame in event_frames(version):
        seen.setdefault(frame["message"]["event"], frame)
    for event, frame in seen.items():
        for path, _ in objects(frame["message"]["data"]):
            if path == ".notification.meta":
                continue  # opaque, unlike the `meta` of conversations
            changed = copy.deepcopy(frame)
            found = dict(objects(changed["message"]["data"]))
            found[path]["a_key_of_next_year"] = {}
            lines = wire.check(version, [{"frame": changed}])
            assert any(line.startswith(f"{version} lost:") for line in lines), (event, path)


def test_what_has_no_model_is_reported_as_such() -> None:
    frame = {"identifier": "{}", "message": {"event": "moon.risen", "data": {"account_id": 1}}}
    found = wire.check(
        "4.10.1",
        [
            {"frame": frame},
            {"frame": {"identifier": "{}", "surprise": 1}},
            {"path": "/account", "body": {"event": "moon_risen"}},
            {"method": "GET", "path": "/api/v1/accounts/1/moons", "status": 200, "answer": []},
            {"method": "POST", "path": "/api/v1/accounts/1/conversations/1/mute", "status": 200,
             "answer": {"payload": 1}},
            {"method": "GET", "path": "/api/v1/accounts/1/teams", "status": 200,
             "answer": [{"id": "seven", "name": None}]},
        ],
    )  # fmt: skip
    assert [line.split(" ", 2)[1] for line in found] == [
        "unknown:",
        "skipped:",
        "unknown:",
        "skipped:",
        "lost:",
        "misread:",
        "misread:",
    ]


def test_no_secret_of_the_recordings_stands_in_a_finding() -> None:
    """Findings name places, never values."""
    answer = {"id": "seven", "access_token": 123456789, "pubsub_token": ["sesame"]}
    row = {"method": "GET", "path": "/api/v1/profile", "status": 200, "answer": answer}
    found = "\n".join(wire.check("3.9.0", [row]))
    assert found
    assert "123456789" not in found
    assert "sesame" not in found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_event_becomes_the_state_event_that_is_meant_for_it(version: str) -> None:
    assert STATE_EVENT.keys() == READERS.keys()
    count: Counter[str] = Counter()
    for frame in event_frames(version):
        name = frame["message"]["event"]
        account = frame["message"]["data"]["account_id"]
        (event,) = frame_to_events(json.dumps(frame), account, 5.0)
        assert type(event) is STATE_EVENT[name]
        count[name] += 1
    assert count["message.created"] > 700
    assert len(count) >= 18


@pytest.mark.parametrize("version", VERSIONS)
def test_events_of_another_account_are_not_ours(version: str) -> None:
    for frame in event_frames(version):
        assert frame_to_events(json.dumps(frame), 999, 5.0) == []
