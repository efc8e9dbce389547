"""Whatever the order in which a server's news arrives, the desk ends in one and the same state.

Recordings of real servers under load, with their worker stopped, and restarted, in random orders,
with duplicates and with reads under way between; `replay` holds the model that answers reads.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from revivatui.state import versions
from revivatui.state.events import ConversationsRead, MessagesLoaded
from tests.api.recordings import VERSIONS
from tests.state.replay import (
    FILES,
    Recording,
    as_read,
    end_of,
    expected,
    play,
    recording,
    reread,
)

SHUFFLES = 1000
PARTS = 4
SEED = int(os.environ.get("REPLAY_SEED", random.SystemRandom().randrange(10**9)))


def differing(recorded: Recording, seeds: range) -> list[int]:
    """The seeds whose order ended in another state than the recorded order did."""
    first: dict[str, Any] | None = None
    found = []
    for seed in seeds:
        end = end_of(play(recorded, seed))
        first = end if first is None else first
        if end != first:
            found.append(seed)
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", FILES)
def test_every_order_of_a_recording_ends_in_the_same_state(
    version: str, name: str, part: int
) -> None:
    size = SHUFFLES // PARTS
    start = SEED + part * size
    print(f"REPLAY_SEED={SEED}, seeds {start} to {start + size - 1}")
    recorded = recording(version, name)
    assert differing(recorded, range(start, start + size)) == []
    assert as_read(play(recorded, start)) == as_read(expected(recorded))


@pytest.mark.parametrize("name", FILES)
def test_the_state_ends_as_the_server_answered_itself(version: str, name: str) -> None:
    recorded = recording(version, name)
    state = play(recorded, SEED)
    checked = 0
    for answer in recorded.answers:
        if isinstance(answer, ConversationsRead):
            for row in answer.conversations:
                held = state.conversations[row.id]
                for one in ("status", "assignee_id", "team_id", "labels", "unread_count"):
                    assert getattr(held, one) == getattr(row, one), one
                assert held.last_activity_at == row.last_activity_at
                assert held.waiting_since == row.waiting_since
                assert held.preview is not None
                assert row.preview is not None
                assert (held.preview.id, held.preview.status) == (
                    row.preview.id,
                    row.preview.status,
                )
                checked += 1
        elif isinstance(answer, MessagesLoaded):
            for message in answer.messages:
                told = state.threads[message.conversation_id].find(message.id)
                assert told is not None
                assert (told.content, told.status, told.deleted) == (
                    message.content,
                    message.status,
                    message.deleted,
                )
                checked += 1
    assert checked == (6 if name == "restart" else 0)


def test_the_recordings_hold_what_makes_an_order_matter() -> None:
    for version in VERSIONS:
        assert len(recording(version, "burst").frames) > 600
        assert len(recording(version, "worker").frames) > 200
        assert {type(one) for one in recording(version, "restart").answers} == {
            ConversationsRead,
            MessagesLoaded,
        }


def never(*_: object) -> bool:
    return False


@pytest.mark.parametrize(
    ("version", "name", "rule"),
    [
        ("3.9.0", "burst", "older_creation"),
        ("3.9.0", "worker", "older_creation"),
        ("3.9.0", "worker", "asked_too_early"),
        ("4.10.1", "burst", "older_creation"),
        ("4.10.1", "burst", "older_save"),
        ("4.10.1", "worker", "asked_too_early"),
        ("4.10.1", "restart", "older_message"),
        ("4.10.1", "restart", "asked_too_early"),
    ],
)
def test_without_a_staleness_rule_the_order_decides_the_end(
    version: str, name: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = recording(version, name)
    assert differing(recorded, range(60)) == []
    monkeypatch.setattr(versions, rule, never)
    assert differing(recorded, range(60))


def test_without_reading_again_3_9_ends_where_the_order_led(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded = recording("3.9.0", "worker")

    def forget_doubts(state: Any, _server: object) -> int:
        state.doubts.clear()
        state.unknown.clear()
        return 0

    assert differing(recorded, range(40)) == []
    monkeypatch.setattr("tests.state.replay.reread", forget_doubts)
    assert differing(recorded, range(40))


def test_reading_again_is_bounded(version: str) -> None:
    recorded = recording(version, "burst")
    state = play(recorded, 1)
    state.doubts = dict.fromkeys(recorded.after.conversations, state.sequence)
    assert reread(state, recorded.after) == len(recorded.after.conversations)
