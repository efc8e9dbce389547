"""The judge itself: what differs is reported, what may differ is not, ids are learned."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tools.conformance.compare import compare
from tools.conformance.events import Ear, Own, order_differences
from tools.conformance.forms import Form, body_of, identifier_hash, rehashed
from tools.conformance.mapping import Mapping
from tools.conformance.recording import Call, Heard, epoch_of, files_of, read_runs
from tools.conformance.report import Explanation, Report, read_explained

Json = Any

CONVERSATION: dict[str, Json] = {
    "id": 7,
    "inbox_id": 2,
    "status": "open",
    "can_reply": True,
    "labels": ["quote", "urgent"],
    "snoozed_until": None,
    "waiting_since": 1_795_372_200,
    "updated_at": 1_795_372_200.5,
    "messages": [{"id": 30, "content": "hi", "message_type": 0, "conversation_id": 7}],
    "meta": {"assignee": {"id": 2, "type": "user", "name": "Ada"}, "team": None},
}


def changed(path: str, value: Json) -> dict[str, Json]:
    """The conversation with one place changed; ``...`` takes the key away."""
    copied = copy.deepcopy(CONVERSATION)
    *way, last = path.split(".")
    place: Json = copied
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copied


def paired() -> Mapping:
    mapping = Mapping()
    mapping.learn(CONVERSATION, CONVERSATION, "conversation")
    return mapping


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("status", ..., "key missing"),
        ("surprise", 1, "key not recorded"),
        ("can_reply", "yes", "recorded True, ours 'yes'"),
        ("snoozed_until", "2026-01-01T00:00:00.000Z", "recorded None"),
        ("meta.assignee", None, "ours None"),
        ("waiting_since", 0, "ours 0"),
        ("updated_at", 1_795_372_200, "ours 1795372200"),
        ("inbox_id", 3, "another inbox"),
        ("messages.0.id", 31, "another message"),
        ("messages", [], "missing"),
        ("labels", ["urgent", "quote"], "order"),
        ("labels", ["quote"], "recorded ['quote', 'urgent']"),
        ("meta.assignee.name", "", "ours ''"),
    ],
)
def test_one_wrong_place_is_one_reported_difference(path: str, value: Json, said: str) -> None:
    found = [str(one) for one in compare(paired(), CONVERSATION, changed(path, value), "x")]
    assert any(said in line for line in found), found


def test_free_values_are_no_difference() -> None:
    own = changed("waiting_since", 1_800_000_000)
    own["updated_at"] = 1_800_000_000.25
    own["messages"][0]["content"] = "hello"
    assert compare(paired(), CONVERSATION, own, "x") == []


def test_ids_learned_from_one_answer_are_substituted_in_later_requests() -> None:
    mapping = Mapping()
    own = changed("id", 41)
    own["messages"][0] |= {"id": 99, "conversation_id": 41}
    mapping.learn(CONVERSATION, own, "x")
    assert mapping.own_path("/api/v1/accounts/1/conversations/7/messages/30") == (
        "/api/v1/accounts/1/conversations/41/messages/99"
    )
    body = {"content_attributes": {"in_reply_to": 30}, "conversation_ids": [7, 8]}
    assert mapping.own_value(body) == {
        "content_attributes": {"in_reply_to": 99},
        "conversation_ids": [41, 8],
    }
    assert mapping.own_value({"type": "Conversation", "ids": [7]})["ids"] == [41]
    assert mapping.own_params({"after": 30, "inbox_id": 2}) == {"after": 99, "inbox_id": 2}


def test_the_same_number_of_another_kind_is_another_thing() -> None:
    mapping = Mapping()
    mapping.learn_id("conversation", 7, 41)
    assert mapping.own_path("/api/v1/accounts/1/contacts/7") == "/api/v1/accounts/1/contacts/7"


def test_tokens_are_replaced_inside_paths_and_identifiers() -> None:
    mapping = Mapping()
    recorded = {"source_id": "35ad6d50-753a", "pubsub_token": "P8CUBuvzWRyFCVbe", "id": 1}
    own = {"source_id": "aaaa-bbbb-cccc", "pubsub_token": "ZZZZZZZZZZZZZZZZ", "id": 1}
    mapping.learn(recorded, own, "contact")
    path = mapping.own_path("/public/api/v1/inboxes/xyz/contacts/35ad6d50-753a/conversations")
    assert path == "/public/api/v1/inboxes/xyz/contacts/aaaa-bbbb-cccc/conversations"
    identifier = json.dumps({"channel": "RoomChannel", "pubsub_token": "P8CUBuvzWRyFCVbe"})
    assert "ZZZZZZZZZZZZZZZZ" in mapping.own_text(identifier)


def test_lists_are_paired_by_what_is_known_and_their_order_is_compared() -> None:
    mapping = Mapping()
    rows = [{"id": n, "message_type": 1, "content": f"text {n}"} for n in (1, 2, 3)]
    own = [{**row, "id": number} for row, number in zip(rows, (11, 12, 13), strict=True)]
    mapping.learn(rows, own, "messages")
    assert compare(mapping, rows, own, "messages") == []
    found = compare(mapping, rows, own[::-1], "messages")
    assert [one.what for one in found] == ["order: recorded first to last is our [2, 1, 0]"]


def test_a_hash_of_the_recorded_key_is_made_anew_with_ours_and_a_wrong_one_stays_wrong() -> None:
    mapping = Mapping()
    mapping.learn({"hmac_token": "recordedkey1"}, {"hmac_token": "ourownkey222"}, "inbox")
    right = {
        "identifier": "cust-0",
        "identifier_hash": identifier_hash("recordedkey1", "cust-0"),
    }
    own = rehashed(dict(right), right, mapping)
    assert own["identifier_hash"] == identifier_hash("ourownkey222", "cust-0")
    wrong = {"identifier": "cust-0", "identifier_hash": "wrong"}
    assert rehashed(dict(wrong), wrong, mapping) == wrong


def call(number: int, time: float, method: str = "POST", **more: Json) -> Call:
    row: dict[str, Json] = {
        "label": None, "params": None, "body": None, "form": False, "status": 200,
        "type": None, "headers": {}, "answer": {}, **more,
    }  # fmt: skip
    return Call(time, "made", number, "agent1", method=method, path=f"/made/{number}", **row)


def frame(event: str, conversation: int, **data: Json) -> Json:
    said = {"id": conversation, "can_reply": True, "status": "open", **data}
    return {"identifier": "{}", "message": {"event": event, "data": said}}


def heard(time: float, line: int, event: str, conversation: int, who: str = "ada") -> Heard:
    return Heard(time, "made", line, who, frame(event, conversation))


def test_an_event_that_was_not_recorded_and_one_that_is_missing_are_both_found() -> None:
    first, second = call(1, 1.0), call(2, 2.0)
    ear = Ear(Mapping(), [heard(1.1, 5, "conversation.updated", 7)], [first, second])
    same, differences = ear.take(first, Own("ada", frame("conversation.updated", 7)), 0)
    assert same is not None
    assert differences == []
    assert ear.take(first, Own("ada", frame("conversation.updated", 7)), 1)[0] is None
    assert ear.take(second, Own("bob", frame("conversation.updated", 7)), 0)[0] is None
    late = Ear(Mapping(), [heard(1.1, 5, "team.changed", 7)], [first, second])
    assert [one.line for one in late.missing()] == [5]
    assert late.action_of(late.missing()[0]) == first


def test_an_event_of_another_object_does_not_count() -> None:
    mapping = Mapping()
    mapping.learn_id("conversation", 7, 7)
    ear = Ear(mapping, [heard(1.1, 5, "conversation.updated", 7)], [call(1, 1.0)])
    assert ear.take(call(1, 1.0), Own("ada", frame("conversation.updated", 8)), 0)[0] is None


def test_an_event_cannot_repeat_one_recorded_before_its_action_began() -> None:
    actions = [call(1, 1.0), call(2, 5.0), call(3, 9.0)]
    ear = Ear(Mapping(), [heard(4.0, 5, "conversation.updated", 7)], actions)
    assert ear.take(actions[2], Own("ada", frame("conversation.updated", 7)), 0)[0] is None
    assert ear.take(actions[1], Own("ada", frame("conversation.updated", 7)), 0)[0] is not None


def test_a_changed_key_of_an_event_is_found() -> None:
    action = call(1, 1.0)
    ear = Ear(Mapping(), [heard(1.1, 5, "conversation.updated", 7)], [action])
    _, found = ear.take(action, Own("ada", frame("conversation.updated", 7, status=None)), 0)
    assert [str(one) for one in found] == ["status: recorded 'open', ours None"]


def test_order_is_judged_only_where_the_recording_is_of_one_mind() -> None:
    one = call(1, 1.0)
    recorded = [
        heard(1.1, 1, "conversation.updated", 7),
        heard(1.2, 2, "team.changed", 7),
        heard(1.1, 3, "conversation.updated", 7, "bob"),
        heard(1.2, 4, "team.changed", 7, "bob"),
    ]
    agreed = Ear(Mapping(), recorded, [one])
    for place, event in enumerate(("team.changed", "conversation.updated")):
        agreed.take(one, Own("ada", frame(event, 7)), place)
        agreed.take(one, Own("bob", frame(event, 7)), place)
    found = order_differences(agreed.matches)
    assert [what for _, what in found] == [
        "order: recorded conversation.updated before team.changed"
    ]
    recorded[2:] = [
        heard(1.1, 3, "team.changed", 7, "bob"),
        heard(1.2, 4, "conversation.updated", 7, "bob"),
    ]
    split = Ear(Mapping(), recorded, [one])
    for place, event in enumerate(("team.changed", "conversation.updated")):
        split.take(one, Own("ada", frame(event, 7)), place)
        split.take(one, Own("bob", frame(event, 7)), place)
    assert order_differences(split.matches) == []


def test_a_form_is_rebuilt_from_its_answer() -> None:
    answer = {
        "message_type": 1,
        "content": "see file",
        "private": True,
        "attachments": [
            {"file_type": "image", "file_size": 40, "data_url": "http://x/blobs/a%20b.png"}
        ],
    }
    body, form = body_of(call(1, 1.0, form=True, answer=answer), {})
    assert body is None
    assert isinstance(form, Form)
    assert form.fields == {"content": "see file", "private": "true"}
    name, data, kind = form.files[0][1]
    assert (name, len(data), kind) == ("a b.png", 40, "image/png")


def write_rows(path: Path, rows: list[Json]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_rows_are_known_by_their_shape_whatever_their_file(tmp_path: Path) -> None:
    rows = [
        {"t": 1.0, "who": "admin", "what": "call", "label": None, "method": "GET", "path": "/x",
         "status": 200, "answer": {"created_at": 1_795_000_001}},
        {"t": 1.5, "who": "ada", "what": "frame", "frame": {"type": "welcome"}},
        {"t": 1.6, "who": "ada", "what": "tick"},
        {"t": 1.7, "what": "hook", "path": "/account", "headers": {"Host": "h:1"}, "body": {}},
        {"t": 1.8, "what": "something else"},
    ]  # fmt: skip
    write_rows(tmp_path / "new-thing.jsonl", rows)
    runs = read_runs(files_of([tmp_path]))
    assert len(runs) == 1
    run = runs[0]
    assert {type(action).__name__ for action in run.actions} == {"Call", "Opened", "Sent"}
    assert [one.hook for one in run.heard] == [False, True]
    assert [note.what for note in run.notes] == ["something else"]
    assert run.hook_hosts == {"h:1"}
    assert epoch_of(run) == pytest.approx(1_795_000_000.0)


def test_http_cable_and_webhooks_are_one_run_and_folders_follow_the_recorded_order(
    tmp_path: Path,
) -> None:
    for name in ("zoo", "widget-http", "widget-cable", "http", "cable", "presence"):
        write_rows(tmp_path / f"{name}.jsonl", [])
    runs = read_runs(files_of([tmp_path]))
    assert [run.name for run in runs] == ["http", "widget", "presence", "zoo"]


def test_only_listed_differences_are_explained() -> None:
    report = Report("4.10.1", [Explanation(re.compile("a known one"), "because")])
    report.add("http:1", "a known one")
    report.add("http:2", "an unknown one")
    assert report.unexplained == ["4.10.1 http:2: an unknown one"]
    assert "1 unexplained differences, 1 explained" in report.text()


def test_the_explained_list_is_short_and_every_entry_has_its_reason() -> None:
    entries = read_explained()
    assert all(len(entry.reason) > 20 for entry in entries)
    text = Path("tools/conformance/explained.toml").read_text()
    assert len(text.splitlines()) < 40
