"""What the agent does is shown at once, held where it must be, confirmed or taken back."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from revivatui.state.select import effective
from tests.support.desks import Desk, profile_of, running_desk
from tests.support.shops import Stage


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    async with running_desk(profile_of(stage)) as made:
        await made.live()
        made.engine.open(number_of(stage))
        await made.until(lambda: number_of(stage) in made.state.conversations)
        yield made


def number_of(stage: Stage) -> int:
    return int(stage.conversation()["display_id"])


def row_of(stage: Stage, number: int) -> dict[str, object]:
    row = stage.shop.db.find("conversations", display_id=number)
    assert row is not None
    return row


def shown(desk: Desk, number: int, field: str) -> object:
    return getattr(effective(desk.state, desk.state.conversations[number]), field)


def settled(desk: Desk) -> bool:
    """Every change is through and the truth shows it without help."""
    return not desk.state.settling and all(
        change.state in ("done", "failed", "undone") for change in desk.state.changes.values()
    )


async def test_changes_are_shown_at_once_and_arrive(stage: Stage, desk: Desk) -> None:
    number, colleague = number_of(stage), stage.colleague()["id"]
    desk.engine.assign(number, colleague)
    desk.engine.set_priority(number, "urgent")
    desk.engine.set_labels(number, ["screen", "warranty"])
    assert shown(desk, number, "assignee_id") == colleague
    assert shown(desk, number, "priority") == "urgent"
    assert shown(desk, number, "labels") == ("screen", "warranty")
    await desk.until(lambda: settled(desk))
    row = row_of(stage, number)
    assert (row["assignee_id"], row["priority"]) == (colleague, "urgent")
    held = desk.state.conversations[number]
    assert (held.assignee_id, held.priority) == (colleague, "urgent")
    assert set(held.labels) == {"screen", "warranty"}


async def test_snoozing_tells_the_server_until_when(stage: Stage, desk: Desk) -> None:
    number, until = number_of(stage), float(int(time.time()) + 3600)
    desk.engine.set_status(number, "snoozed", until)
    assert shown(desk, number, "status") == "snoozed"
    await desk.until(lambda: settled(desk))
    row = row_of(stage, number)
    assert (row["status"], row["snoozed_until"]) == ("snoozed", int(until * 1_000_000))
    assert desk.state.conversations[number].snoozed_until == until


async def test_resolving_waits_and_undo_cancels_it_without_a_request(
    stage: Stage, desk: Desk
) -> None:
    number = number_of(stage)
    stage.forget_asked()
    desk.engine.set_status(number, "resolved")
    (change,) = desk.state.changes.values()
    assert change.state == "waiting"
    assert change.due_at is not None
    assert 4.0 < change.due_at - time.time() <= 5.0
    assert shown(desk, number, "status") == "open"
    undone = desk.engine.undo()
    assert undone is not None
    assert (undone.said, undone.had_left) == ("resolved", False)
    assert shown(desk, number, "status") == "open"
    desk.engine.set_priority(number, "low")
    await desk.until(lambda: settled(desk))
    assert stage.asked("POST", "*/toggle_status") == []
    assert row_of(stage, number)["status"] == "open"


async def test_a_held_change_leaves_at_once_when_told_to(stage: Stage, desk: Desk) -> None:
    number = number_of(stage)
    desk.engine.set_status(number, "resolved")
    (change,) = desk.state.changes.values()
    desk.engine.send_now(change.id)
    await desk.until(lambda: row_of(stage, number)["status"] == "resolved")
    await desk.until(lambda: settled(desk))


async def test_nothing_held_leaves_while_it_is_paused_and_it_keeps_its_seconds(
    stage: Stage, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revivatui.state.changes.HOLD", 0.3)
    number = number_of(stage)
    desk.engine.set_status(number, "resolved")
    desk.engine.pause_held()
    (change,) = desk.state.changes.values()
    due = change.due_at
    assert due is not None
    await desk.until(lambda: time.time() > due + 0.1)
    desk.engine.set_labels(number, ["screen"])
    await desk.until(lambda: row_of(stage, number)["cached_label_list"] == "screen")
    assert desk.state.changes[change.id].held
    desk.engine.resume_held()
    later = desk.state.changes[change.id].due_at
    assert later is not None
    assert later > due + 0.1
    desk.engine.pause_held()
    desk.engine.send_now(change.id)
    await desk.until(lambda: row_of(stage, number)["status"] == "resolved")


async def test_undo_takes_a_done_change_back_and_then_the_one_before(
    stage: Stage, desk: Desk
) -> None:
    number = number_of(stage)
    before = row_of(stage, number)
    desk.engine.assign(number, stage.agent["id"])
    await desk.until(lambda: settled(desk))
    desk.engine.set_priority(number, "high" if before["priority"] != "high" else "low")
    await desk.until(lambda: settled(desk))
    assert desk.engine.undo() is not None
    assert desk.engine.undo() is not None
    await desk.until(lambda: settled(desk))
    row = row_of(stage, number)
    assert row["priority"] == before["priority"]
    assert row["assignee_id"] == before["assignee_id"]


async def test_a_refused_change_goes_back_and_says_why(stage: Stage, desk: Desk) -> None:
    number = number_of(stage)
    before = shown(desk, number, "priority")
    body = {"error": "You are not authorized to do this action"}
    await stage.order(fault="answer", path="*/toggle_priority", status=401, body=body)
    desk.engine.set_priority(number, "urgent" if before != "urgent" else "low")
    await desk.until(lambda: desk.notices)
    assert shown(desk, number, "priority") == before
    assert "not authorized" in desk.notices[0].text
    assert desk.notices[0].what_was_kept
    assert desk.state.link.state == "live"


@pytest.mark.parametrize("fault", ["drop after", "drop before", "500"])
async def test_a_change_whose_answer_was_lost_is_looked_at_and_arrives(
    stage: Stage, desk: Desk, fault: str
) -> None:
    number = number_of(stage)
    await stage.order(fault=fault, path="*/labels", method="POST", count=1)
    desk.engine.set_labels(number, ["loaner"])
    await desk.until(lambda: settled(desk))
    assert set(desk.state.conversations[number].labels) == {"loaner"}
    assert len(stage.asked("POST", "*/labels")) == (1 if fault == "drop after" else 2)
    assert desk.notices == []


async def test_without_a_connection_a_change_is_taken_back_after_a_while(
    stage: Stage, desk: Desk
) -> None:
    number = number_of(stage)
    before = shown(desk, number, "priority")
    await stage.order("/listen", accept=False)
    await stage.order("/cable", close="silently")
    await desk.until(lambda: desk.state.link.state == "offline")
    desk.engine.set_priority(number, "urgent" if before != "urgent" else "low")
    await desk.until(lambda: desk.notices)
    assert "no connection" in desk.notices[0].text
    assert shown(desk, number, "priority") == before


async def test_reading_is_an_act_and_can_be_taken_back(stage: Stage, desk: Desk) -> None:
    number = number_of(stage)
    stage.customer_writes(stage.conversation(), "One more thing")
    await desk.until(lambda: shown(desk, number, "unread_count"))
    desk.engine.mark_read(number)
    assert shown(desk, number, "unread_count") == 0
    await desk.until(lambda: settled(desk))
    assert desk.state.conversations[number].unread_count == 0
    undone = desk.engine.undo()
    assert undone is not None
    assert (undone.said, undone.had_left) == ("read", True)
    await desk.until(lambda: settled(desk))
    assert desk.state.conversations[number].unread_count > 0
