"""Wire models become the state's records as the contract and the rules say."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from revivatui.api import convert
from revivatui.api.schemas import account, conversations, messages, people
from revivatui.api.schemas.base import to_epoch
from revivatui.api.wire import frame_to_events
from revivatui.state import events, models
from tests.api.recordings import VERSIONS, answers, event_frames, live_rows
from tests.ui.hostile import RAW

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)


def ascii_id(text: str) -> str:
    return re.sub("[^a-z]+", "-", ascii(text[:30]).lower())


def texts(value: object) -> Iterator[str]:
    """Every text in a record, however deep, keys included."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, list | tuple | frozenset):
        for item in value:
            yield from texts(item)


def poisoned(value: Any, text: str) -> Any:
    """Every text of a payload replaced, but for those that decide which kind of thing it is."""
    if isinstance(value, dict):
        return {
            key: item if key in ("event", "file_type") else poisoned(item, text)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [poisoned(item, text) for item in value]
    return text if isinstance(value, str) else value


# --- text ----------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("hostile", [text for text in RAW if FORBIDDEN.search(text)], ids=ascii_id)
def test_no_hostile_text_in_any_field_of_any_event_passes_the_door(
    version: str, hostile: str
) -> None:
    seen: dict[str, Any] = {}
    for frame in event_frames(version):
        seen.setdefault(frame["message"]["event"], frame)
    for name, frame in seen.items():
        data = poisoned(frame["message"]["data"], hostile)
        data["event"] = name
        text = json.dumps({"identifier": "i", "message": {"event": name, "data": data}})
        for event in frame_to_events(text, data["account_id"], 1.0):
            for line in texts(event):
                assert not FORBIDDEN.search(line), (name, line[:80])


@pytest.mark.parametrize("hostile", RAW, ids=ascii_id)
def test_no_hostile_text_in_rest_answers_passes_the_door(hostile: str) -> None:
    for answer in answers("4.10.1", "GET", "/api/v1/accounts/1/conversations"):
        page = conversations.ConversationPage.model_validate(poisoned(answer, hostile))
        for row in page.data.payload:
            for line in texts((convert.conversation(row), convert.contact_of(row))):
                assert not FORBIDDEN.search(line)
    for answer in answers("4.10.1", "GET", "/canned_responses"):
        for row in answer:
            canned = account.CannedResponse.model_validate(poisoned(row, hostile))
            assert not any(map(FORBIDDEN.search, texts(convert.canned_response(canned))))


def test_an_unknown_events_name_is_cleaned_and_cut() -> None:
    frame = json.dumps({"message": {"event": "\x1b]0;x\x07" + "y" * 5000, "data": {}}})
    (event,) = frame_to_events(frame, 1, 0.0)
    assert isinstance(event, events.OddFrame)
    assert not FORBIDDEN.search(event.name)
    assert len(event.name) <= 80


def test_a_megabyte_of_text_is_read_in_a_blink() -> None:
    row = {"id": 1, "content": "Reparar o ecrã \u202e屏幕\x1b[31m " * 40_000, "message_type": 0}
    message = convert.message(messages.Message.model_validate(row))
    assert len(message.content) > 900_000
    assert not FORBIDDEN.search(message.content)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://desk.example.com/rails/blobs/x/crack.png", "crack.png"),
        ("https://desk.example.com/b/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("https://desk.example.com/b/C%3A%5Cwindows%5Cboot.ini", "boot.ini"),
        ("https://desk.example.com/b/x%1B%5B31m.txt", "x␛[31m.txt"),
        ("https://desk.example.com/b/.bashrc", "bashrc"),
        ("https://desk.example.com/b/..", ""),
        ("https://desk.example.com/b/quote.pdf?disposition=attachment", "quote.pdf"),
        ("http://[broken/b/a.png", ""),
        (f"https://desk.example.com/b/{'x' * 300}.pdf", "x" * 116 + ".pdf"),
        (f"https://desk.example.com/b/{'y' * 300}", "y" * 120),
        ("", ""),
    ],
)
def test_attachments_have_names_and_never_paths(url: str, name: str) -> None:
    assert convert.file_name(url) == name


def test_a_places_title_is_no_path_either() -> None:
    row = {"id": 1, "file_type": "location", "fallback_title": "../../Rua 5/2"}
    made = convert.attachment(messages.Attachment.model_validate(row))
    assert made.name == "-..-Rua 5-2"


def test_every_recorded_attachment_has_a_name_and_keeps_its_link() -> None:
    count = 0
    for version in VERSIONS:
        for frame in event_frames(version):
            for event in frame_to_events(
                json.dumps(frame), frame["message"]["data"]["account_id"], 0
            ):
                if isinstance(event, events.MessageArrived | events.MessageUpdated):
                    for attachment in event.message.attachments:
                        count += 1
                        assert attachment.name
                        assert "/" not in attachment.name
                        assert attachment.data_url.startswith("http")
    assert count > 10


# --- times, versions, references ----------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1768927391, 1768927391.0),
        (1768927391.123456, 1768927391.123456),
        ("2026-01-20T16:43:11.000Z", 1768927391.0),
        ("2026-01-20T16:43:11.114Z", 1768927391.114),
        ("2026-01-20T17:43:11+01:00", 1768927391.0),
        ("2026-01-20T16:43:11", 1768927391.0),
        (0, None),
        (0.0, None),
        (None, None),
        ("", None),
        ("soon", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (-(10**400), None),
        (1e300, None),
        ("0001-01-01T00:00:00+23:59", None),
        ([], None),
    ],
)
def test_every_way_the_server_writes_a_time_is_read(value: Any, seconds: float | None) -> None:
    assert to_epoch(value) == (pytest.approx(seconds, abs=1e-6) if seconds else None)


def test_a_conversations_version_keeps_its_microseconds() -> None:
    row = {"id": 1, "updated_at": 1795377163.123456, "created_at": 1}
    assert convert.conversation(conversations.Conversation.model_validate(row)).updated_at == (
        1795377163.123456
    )


def test_a_new_39_conversation_without_activity_time_takes_its_creation() -> None:
    row = {"id": 1, "timestamp": 0, "created_at": 1795377163}
    made = convert.conversation(conversations.Conversation.model_validate(row))
    assert made.last_activity_at == 1795377163


@pytest.mark.parametrize("version", VERSIONS)
def test_the_reference_of_a_send_survives_in_answer_event_and_list(version: str) -> None:
    """Recorded: `source_id` on 3.9, `content_attributes.client_ref` on 4.x (observed 2.7)."""
    wanted = "ref-1" if version == "3.9.0" else "ref-2"
    found: dict[str, set[int]] = {"answer": set(), "event": set(), "list": set()}
    for row in live_rows(version):
        if str(row.get("path")).endswith("/conversations/5016/messages") and "answer" in row:
            many = row["method"] == "GET"
            for one in row["answer"]["payload"] if many else [row["answer"]]:
                message = convert.message(messages.Message.model_validate(one))
                if message.reference == wanted:
                    found["list" if many else "answer"].add(message.id)
        for event in told(row):
            if isinstance(event, events.MessageArrived) and event.message.reference == wanted:
                found["event"].add(event.message.id)
    assert found["answer"]
    assert found["answer"] <= found["event"]
    assert found["answer"] <= found["list"]


def told(row: Any) -> list[events.Event]:
    frame = row.get("frame")
    if not isinstance(frame, dict) or not isinstance(frame.get("message"), dict):
        return []
    return frame_to_events(json.dumps(frame), frame["message"]["data"]["account_id"], 0.0)


def test_our_own_reference_wins_over_the_servers_source_id() -> None:
    row = {"id": 1, "source_id": "<mail@example.com>", "content_attributes": {"client_ref": "r-1"}}
    assert convert.message(messages.Message.model_validate(row)).reference == "r-1"


# --- what may be taken from where ----------------------------------------


def test_a_preview_is_the_newest_message_that_is_no_activity_line() -> None:
    talk = {"id": 7, "message_type": 0, "content": "hello"}
    line = {"id": 8, "message_type": 2, "content": "resolved"}
    both = {"id": 1, "messages": [line], "last_non_activity_message": talk}
    only_line = {"id": 1, "messages": [line]}
    pushed = {"id": 1, "messages": [talk]}
    previews = [
        convert.conversation(conversations.Conversation.model_validate(row)).preview
        for row in (both, only_line, pushed, {"id": 1, "messages": []})
    ]
    assert [one.id if one else None for one in previews] == [7, None, 7, None]
    assert previews[2] is not None
    assert previews[2].conversation_id == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_no_secret_of_a_contact_reaches_the_state(version: str) -> None:
    """Pubsub tokens, source ids of contact inboxes and keys of inboxes (contract 7.3, 5.3)."""
    secrets = set(found_secrets(list(live_rows(version))))
    assert len(secrets) > 20
    for row in live_rows(version):
        for event in told(row):
            assert not secrets & set(texts(event))
            assert not any(secret in repr(event) for secret in secrets)


def found_secrets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("pubsub_token", "hmac_token", "auth_token") and isinstance(item, str):
                yield item
            yield from found_secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from found_secrets(item)


def test_models_show_no_secret_in_their_repr() -> None:
    user = {"id": 1, "access_token": "sesame-a", "pubsub_token": "sesame-b"}
    inbox = {"id": 1, "source_id": "sesame-c", "pubsub_token": "sesame-d"}
    shown = repr(account.User.model_validate(user)) + repr(
        people.ContactInbox.model_validate(inbox)
    )
    assert "sesame" not in shown


def test_an_emails_html_is_left_behind_and_its_text_is_kept() -> None:
    for version in VERSIONS:
        mails = [
            event.message
            for row in live_rows(version)
            for event in told(row)
            if isinstance(event, events.MessageArrived)
            and event.message.content_type == "incoming_email"
        ]
        assert mails
        for mail in mails:
            email = mail.content_attributes["email"]
            assert email["subject"]
            assert "text_content" in email
            assert "html_content" not in email


# --- tolerance ----------------------------------------


def test_unknown_words_are_kept_as_they_came() -> None:
    row = {"id": 1, "status": "parked", "priority": "asap", "messages": [], "meta": {}}
    made = convert.conversation(conversations.Conversation.model_validate(row))
    assert (made.status, made.priority) == ("parked", "asap")
    message = messages.Message.model_validate(
        {"id": 1, "content_type": "hologram", "status": "vanished", "message_type": 9}
    )
    shown = convert.message(message)
    assert (shown.content_type, shown.status, shown.message_type) == ("hologram", "vanished", 9)


def test_a_bot_can_have_a_conversation() -> None:
    bot = {"id": 3, "name": "Captain", "bot_type": "webhook", "thumbnail": ""}
    rest = {"id": 1, "meta": {"assignee": bot, "assignee_type": "AgentBot"}}
    pushed = {"id": 1, "meta": {"assignee": {"id": 3, "name": "Captain", "type": "agent_bot"}}}
    for row in (rest, pushed):
        made = convert.conversation(conversations.Conversation.model_validate(row))
        assert (made.assignee_id, made.assignee_kind) == (3, "AgentBot")


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[1,2]",
        "null",
        '"text"',
        "{}",
        '{"message":5}',
        '{"message":{"event":7}}',
        '{"message":{"event":"message.created","data":null}}',
        '{"message":{"event":"message.created","data":[]}}',
        '{"message":{"event":"message.created","data":{"id":"x","account_id":1}}}',
        '{"message":{"event":"conversation.updated","data":{"id":1,"meta":"x","account_id":1}}}',
        '{"message":{"event":"presence.update","data":{"users":{"x":"online"}}}}',
        '{"message":{"event":"typing.in.the.air","data":{"account_id":1}}}',
        '{"message":{"event":"message.created","data":{"id":1,"content_attributes":'
        + '{"a":' * 900
        + "1"
        + "}" * 900
        + "}}}",
        "[" * 100_000,
    ],
    ids=lambda text: text[:40],
)
def test_a_frame_that_makes_no_sense_is_counted_and_never_raises(frame: str) -> None:
    told = frame_to_events(frame, 1, 0.0)
    assert all(isinstance(event, events.OddFrame | events.MessageArrived) for event in told)
    assert len(told) == 1


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"welcome"}',
        '{"type":"ping","message":1}',
        '{"identifier":"i","type":"confirm_subscription"}',
        '{"type":"disconnect","reason":"remote","reconnect":true}',
    ],
)
def test_the_transports_own_frames_are_no_events(frame: str) -> None:
    assert frame_to_events(frame, 1, 0.0) == []


def test_a_message_whose_conversation_is_gone_still_arrives() -> None:
    data = {"id": 5, "conversation_id": 9, "conversation": None, "account_id": 1, "content": None}
    text = json.dumps({"message": {"event": "message.created", "data": data}})
    (event,) = frame_to_events(text, 1, 7.0)
    assert isinstance(event, events.MessageArrived)
    assert (event.message.conversation_id, event.unread_count, event.at) == (9, None, 7.0)
    assert event.message.content == ""


def test_every_text_of_the_schemas_is_cleaned_or_declared_unread() -> None:
    """No field of any model is a bare `str`: it could carry anything into the state."""
    import inspect

    from revivatui.api.schemas import frames, inboxes, notifications
    from revivatui.api.schemas.base import Wire

    checked = 0
    for module in (account, conversations, frames, inboxes, messages, notifications, people):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Wire):
                for name, annotation in inspect.get_annotations(kind).items():
                    checked += 1
                    allowed = name == "current_page"
                    assert allowed or not re.search(r"\bstr\b|\bAny\b", str(annotation)), (
                        kind,
                        name,
                    )
    assert checked > 200


def test_counts_and_agents_fill_what_the_server_leaves_out() -> None:
    assert convert.counts(conversations.Counts(mine_count=2)) == models.Counts(2, 0, 0)
    assert convert.counts(None) is None
    agent = convert.agent(people.Agent(id=4, email="a@example.com"))
    assert (agent.name, agent.role, agent.availability) == ("a@example.com", "agent", "offline")
