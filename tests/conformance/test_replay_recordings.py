"""The shop answers as the recorded servers did; and the replay would tell if it did not."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.conformance.__main__ import main
from tools.conformance.lists import compare_lists, same_order
from tools.conformance.recording import read_rows
from tools.conformance.replay import replay

Json = Any
RECORDINGS = Path(__file__).parent.parent / "data" / "recordings"
VERSIONS = ("3.9.0", "4.10.1")


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_recorded_call_gets_the_recorded_answer_and_events(version: str) -> None:
    report = await replay(version, [RECORDINGS / version])
    assert report.unexplained == []
    assert report.left.keys() == {"figures", "figures-raw", "lists", "lists-raw"}
    assert report.counts["calls replayed"] > 440
    assert report.counts["frames"] > 600
    assert report.counts["webhooks"] > 150


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_an_administrator_did_is_replayed_whole_and_needs_no_run_before_it(
    version: str,
) -> None:
    names = ("admin-http", "admin-cable")
    report = await replay(version, [RECORDINGS / version / f"{name}.jsonl.gz" for name in names])
    assert report.lines == []
    assert not report.left
    assert report.counts["calls replayed"] == {"3.9.0": 127, "4.10.1": 133}[version]


@pytest.mark.parametrize("version", VERSIONS)
async def test_lists_counts_and_filters_over_known_rows_are_the_recorded_ones(
    version: str,
) -> None:
    folder = RECORDINGS / version
    report = await compare_lists(version, folder / "lists-raw.jsonl.gz", folder / "lists.jsonl.gz")
    assert report.unexplained == []
    assert report.counts["questions"] == 118


def tampered(folder: Path, name: str, change: Callable[[int, Json], Json]) -> None:
    """Writes a recording with some rows changed, taken away (None) or put in (a list)."""
    rows: list[Json] = []
    for number, row in read_rows(RECORDINGS / "4.10.1" / f"{name}.jsonl.gz"):
        changed = change(number, row)
        if isinstance(changed, list):
            rows.extend(changed)
        elif changed is not None:
            rows.append(changed)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def rita(version: str, folder: Path) -> None:
    """The recordings that receipts needs, and the two calls that must have gone before it."""
    for name in ("seed.json", "http.jsonl.gz", "cable.jsonl.gz", "webhooks.jsonl.gz"):
        shutil.copy(RECORDINGS / version / name, folder)
    shutil.copy(RECORDINGS / version / "receipts.jsonl.gz", folder / "y-receipts.jsonl.gz")
    rows = [row for _, row in read_rows(folder / "y-receipts.jsonl.gz")]
    told = next(
        row["frame"]["message"]["data"]
        for row in rows
        if row["what"] == "frame" and is_event(row, "agent1", "conversation.updated")
    )
    sender, place = told["meta"]["sender"], told["contact_inbox"]
    before = [
        row
        for _, row in read_rows(RECORDINGS / version / "presence.jsonl.gz")
        if row["what"] == "call" and row["who"] == "anon"
    ][:2]
    contact, chat = before
    words = {
        contact["answer"]["source_id"]: place["source_id"],
        contact["answer"]["pubsub_token"]: place["pubsub_token"],
        "Pia Scope": sender["name"],
        '"pia@example.com"': json.dumps(sender["email"]),
        '"pia"': json.dumps(sender["identifier"]),
        '"company_id": 1': '"company_id": null',
        f'"id": {contact["answer"]["id"]}': f'"id": {sender["id"]}',
        f'"id": {chat["answer"]["id"]}': f'"id": {told["id"]}',
    }
    text = json.dumps(before)
    for old, new in words.items():
        text = text.replace(old, str(new))
    with gzip.open(folder / "x-before.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in json.loads(text))


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_references_that_survive_a_send_are_those_of_the_recording(
    version: str, tmp_path: Path
) -> None:
    rita(version, tmp_path)
    report = await replay(version, [tmp_path])
    assert report.unexplained == []
    assert report.left["about what no recorded call made"] == 0


async def test_calls_on_what_was_made_before_the_recording_are_counted_not_blamed(
    tmp_path: Path,
) -> None:
    shutil.copy(RECORDINGS / "4.10.1" / "seed.json", tmp_path)
    shutil.copy(RECORDINGS / "4.10.1" / "receipts.jsonl.gz", tmp_path / "y-receipts.jsonl.gz")
    report = await replay("4.10.1", [tmp_path])
    assert report.unexplained == []
    assert report.left["about what no recorded call made"] > 8


def is_event(row: Json, who: str, event: str) -> bool:
    message = row["frame"].get("message")
    return bool(row["who"] == who and isinstance(message, dict) and message["event"] == event)


async def test_a_recording_that_says_otherwise_is_reported_place_by_place(tmp_path: Path) -> None:
    shutil.copy(RECORDINGS / "4.10.1" / "seed.json", tmp_path)

    def calls(number: int, row: Json) -> Json:
        if row["path"] == "/api":
            row["answer"]["moon_phase"] = "full"
        if number == 9:
            del row["answer"][0]["email"]
            row["answer"].reverse()
        if number == 21:
            row["status"] = 403
        if number == 22:
            row["answer"]["name"] = None
        return row if number < 80 else None

    taken = 0

    def frames(number: int, row: Json) -> Json:
        nonlocal taken
        if row["t"] > 9.0:
            return None
        if is_event(row, "agent2", "conversation.created") and taken == 0:
            taken += 1
            return None
        if is_event(row, "agent1", "contact.created"):
            return [row, {**row, "t": row["t"] + 0.01}]
        return row

    tampered(tmp_path, "http", calls)
    tampered(tmp_path, "cable", frames)

    def hooks(number: int, row: Json) -> Json:
        if row["body"]["event"] == "contact_created":
            row["body"]["changed_attributes"] = [{"name": {"previous_value": None}}]
        if row["body"]["event"] == "conversation_created":
            row["headers"]["Accept"] = "text/plain"
            row["body"]["moon_phase"] = "full"
        return row if row["t"] < 8.0 else None

    tampered(tmp_path, "webhooks", hooks)
    report = await replay("4.10.1", [tmp_path])
    found = "\n".join(report.unexplained)
    assert "http:1 anonymous GET /api: moon_phase: key missing" in found
    assert "[]: order: recorded first to last is our [3, 2, 1, 0]" in found
    assert "[].email: key not recorded" in found
    assert "status: recorded 403, ours 404" in found
    assert "name: recorded None, ours 'Ben Counter'" in found
    assert "agent2 got conversation.created of conversation 1, which was not recorded" in found
    assert "agent1 did not get contact.created of contact 1" in found
    assert "/account contact_created changed_attributes: key missing" in found
    assert "/account conversation_created header Accept: recorded text/plain" in found
    assert "/account conversation_created moon_phase: key missing" in found


def test_the_command_fails_when_something_differs_and_says_what_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(RECORDINGS / "4.10.1" / "seed.json", tmp_path)
    row = {
        "t": 1.0, "who": "admin", "label": None, "method": "GET", "path": "/api/v1/profile",
        "params": None, "body": None, "form": False, "status": 418, "answer": {},
    }  # fmt: skip
    (tmp_path / "http.jsonl").write_text(json.dumps(row) + "\n")
    assert main(["replay", "--chatwoot", "4.10.1", str(tmp_path)]) == 1
    assert "status: recorded 418, ours 200" in capsys.readouterr().out
    assert main(["replay", "--chatwoot", "4.10.1", str(tmp_path / "nowhere")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_ties_may_come_in_any_order_and_others_not() -> None:
    question = {"path": "/x/conversations", "params": {"sort_by": "last_activity_at_desc"}}
    rows = {
        1: {"last_activity_at": "b"},
        2: {"last_activity_at": "b"},
        3: {"last_activity_at": "a"},
    }
    known = {"conversations": rows, "contacts": {}}
    assert same_order(question, [1, 2, 3], [2, 1, 3], known)
    assert not same_order(question, [1, 2, 3], [1, 3, 2], known)
    assert not same_order(question, [1, 2, 3], [1, 1, 3], known)
    assert not same_order(question, [1, 2, 3], [1, 2], known)
