"""An agent's round, by keys alone and by mouse alone: the shop's database shows exactly that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on

SIZES = ((80, 24), (200, 50))
NOTE = "board looks wet, Cleo please look"
WATCHED = ("status", "assignee_id", "team_id", "priority", "snoozed_until", "cached_label_list")


class Before:
    """What the shop's database held before the round."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.rows = self.conversations()
        self.newest = int(stage.shop.db.value("SELECT max(id) FROM messages"))
        self.me = int(stage.agent["id"])
        longest = stage.shop.db.one(
            "SELECT * FROM conversations WHERE status = 'open' AND waiting_since IS NOT NULL"
            " AND inbox_id IN (SELECT inbox_id FROM inbox_members WHERE user_id = ?)"
            " ORDER BY waiting_since, created_at LIMIT 1",
            (self.me,),
        )
        assert longest is not None
        self.longest = int(longest["display_id"])
        canned = stage.shop.db.one("SELECT * FROM canned_responses WHERE short_code = 'address'")
        assert canned is not None
        self.canned = str(canned["content"])
        assert "{{" not in self.canned
        self.colleague = stage.colleague()

    def conversations(self) -> dict[int, dict[str, Any]]:
        rows = self.stage.shop.db.all("SELECT * FROM conversations")
        return {int(row["display_id"]): {key: row[key] for key in WATCHED} for row in rows}

    def changed(self) -> dict[int, dict[str, Any]]:
        """Conversation -> the watched columns that differ now, with their new values."""
        found = {}
        for number, row in self.conversations().items():
            new = {key: row[key] for key in WATCHED if row[key] != self.rows[number][key]}
            if new:
                found[number] = new
        return found

    def said(self) -> list[tuple[int, str, bool]]:
        """What people said since: (conversation, text, private), activity lines left out."""
        rows = self.stage.shop.db.all(
            "SELECT messages.*, display_id FROM messages"
            " JOIN conversations ON conversations.id = conversation_id"
            " WHERE messages.id > ? AND message_type != 'activity' ORDER BY messages.id",
            (self.newest,),
        )
        return [(row["display_id"], row["content"], bool(row["private"])) for row in rows]


async def ends_as_asked(desk: OnScreen, before: Before, assigned: int, undone: int) -> None:
    """The database shows the canned answer, the note, the snooze and the assignment alone."""
    await desk.until(lambda: len(before.said()) == 2, "both messages stored")
    await desk.until(lambda: len(before.changed()) == 2, "snooze and assignment stored")
    assert before.said() == [
        (before.longest, before.canned, False),
        (before.longest, NOTE, True),
    ]
    changed = before.changed()
    assert set(changed) == {before.longest, assigned}
    assert changed[assigned] == {"assignee_id": before.colleague["id"]}
    snoozed = changed[before.longest]
    assert snoozed.pop("status") == "snoozed"
    assert snoozed.pop("snoozed_until") > before.stage.shop.clock.micros()
    assert snoozed == {}
    assert before.rows[undone]["status"] == before.conversations()[undone]["status"] == "open"
    assert desk.state.shown(undone) is not None
    surveys = before.stage.shop.db.value(
        "SELECT count(*) FROM messages WHERE id > ? AND content_type = 'input_csat'",
        (before.newest,),
    )
    assert surveys == 0
    # Nothing was marked read but what was answered.
    seen = before.stage.asked("POST", "*/update_last_seen")
    assert all(f"/conversations/{before.longest}/" in path for path in seen)


def others_assignee(desk: OnScreen, before: Before) -> Callable[[int], bool]:
    return lambda number: before.rows[number]["assignee_id"] != before.colleague["id"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_round_by_keys_alone(stage: Stage, tmp_path: Path, size: tuple[int, int]) -> None:
    before = Before(stage)
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await desk.press("3", "w")
        await desk.until(lambda: desk.inbox.list.cursor_id == before.longest, "longest first")
        await desk.press("enter")
        await desk.sees(f"#{before.longest}")
        await desk.sees("Reply to")
        await desk.press("r")
        await desk.type("/addr")
        await desk.sees("/address")
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.composer.text == before.canned, "the canned text")
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.composer.text == "", "an empty composer")
        await desk.press("f3")
        await desk.sees("Private note on")
        await desk.type(NOTE)
        await desk.press("enter", "escape")
        await desk.until(lambda: desk.inbox.place == "thread", "the thread focused")
        await desk.press("z")
        await desk.sees("until they write")
        await desk.type("tomorrow")
        await desk.press("enter")
        await desk.until(
            lambda: before.changed().get(before.longest, {}).get("status") == "snoozed"
        )
        await desk.press("escape")
        await desk.until(lambda: desk.inbox.place == "list", "the list focused")
        await desk.until(lambda: before.longest not in desk.inbox.list.ids, "it left the list")

        usable = others_assignee(desk, before)
        while not usable(desk.inbox.list.cursor_id or 0):
            await desk.press("down")
        assigned = desk.inbox.list.cursor_id
        assert assigned is not None
        await desk.press("a")
        await desk.sees(f"Assign #{assigned}")
        await desk.type(before.colleague["name"].split()[0])
        await desk.press("enter")
        await desk.until(lambda: assigned in before.changed(), "assigned")

        await desk.press("down")
        undone = desk.inbox.list.cursor_id
        assert undone is not None
        assert undone != assigned
        await desk.press("e")
        await desk.sees(f"Resolving #{undone}")
        await desk.press("u")
        await desk.sees_no("Resolving #")
        await ends_as_asked(desk, before, assigned, undone)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_round_by_mouse_alone(stage: Stage, tmp_path: Path, size: tuple[int, int]) -> None:
    before = Before(stage)
    narrow = size[0] < 100
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await desk.click("All ")
        await desk.click("latest first")
        await desk.click("longest waiting")
        await desk.until(
            lambda: desk.inbox.list.ids and desk.inbox.list.ids[0] == before.longest,
            "longest first",
        )
        await click_row(desk, before.longest)
        await desk.sees("Reply to")
        await desk.click("f4 canned")
        await desk.click("/address")
        await desk.until(lambda: desk.inbox.composer.text == before.canned, "the canned text")
        await desk.click("Send", from_line=size[1] // 2)
        await desk.until(lambda: desk.inbox.composer.text == "", "an empty composer")
        await desk.click("f3 note")
        await desk.sees("Private note on")
        await desk.type(NOTE)
        await desk.click("Add note", from_line=size[1] // 2)
        await desk.until(lambda: desk.inbox.composer.text == "", "an empty composer")
        await desk.click("Snooze")
        await desk.click("tomorrow 9:00")
        await desk.until(
            lambda: before.changed().get(before.longest, {}).get("status") == "snoozed"
        )
        if narrow:
            await desk.click("‹ Inbox")
        await desk.until(lambda: before.longest not in desk.inbox.list.ids, "it left the list")

        usable = others_assignee(desk, before)
        assigned, undone = [one for one in desk.inbox.list.ids if usable(one)][:2]
        await click_row(desk, assigned)
        await desk.sees(f"#{assigned}")
        await desk.until(lambda: desk.inbox.open_id == assigned, "it opened")
        await desk.pilot.click(offset=await chip(desk, "conversation.assign"))
        await desk.click(before.colleague["name"], from_line=size[1] // 4)
        await desk.until(lambda: assigned in before.changed(), "assigned")

        if narrow:
            await desk.click("‹ Inbox")
        await click_row(desk, undone)
        await desk.until(lambda: desk.inbox.open_id == undone, "it opened")
        await desk.click("Resolve")
        await desk.sees(f"Resolving #{undone}")
        await desk.click("undo", from_line=size[1] - 2)
        await desk.sees_no("Resolving #")
        await ends_as_asked(desk, before, assigned, undone)


async def click_row(desk: OnScreen, number: int) -> None:
    """Click a conversation's row where it stands on the screen."""
    rows = desk.inbox.list
    await desk.until(lambda: rows.display and rows.region.height > 0 and rows.is_on_screen)
    await desk.look()
    place = list(rows.ids).index(number) * (2 if rows.size.height >= 10 else 1)
    assert place < rows.size.height
    await desk.pilot.click(rows, offset=(6, place - int(rows.scroll_offset.y)))


async def chip(desk: OnScreen, command: str) -> tuple[int, int]:
    """Where on the screen the thread's chip for a command stands."""
    bar = desk.inbox.side.actions
    column = 0
    for piece in bar._line():
        if piece.command == command:
            return bar.region.x + column + 1, bar.region.y
        column += len(piece.text)
    raise AssertionError(f"no chip for {command}")
