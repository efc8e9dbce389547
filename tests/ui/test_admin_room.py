"""The Admin room: a change is looked at first, sent once, read back, and explained if refused."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest

from revivatui import hours_access
from revivatui.screens import admin_preview
from revivatui.screens.admin import AdminScreen
from revivatui.screens.admin_canned import FilledPage
from revivatui.screens.admin_form import AdminForm
from revivatui.screens.room import QUIET
from tests.api.recordings import VERSIONS
from tests.support.shops import Stage
from tests.ui.admin_help import SIZES, admin_on, choose, preview, room_of
from tests.ui.desk_help import OnScreen, desk_on

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """Each call goes to both versions in `tests/api/test_admin_calls.py`."""
    return str(request.param)


def writes(stage: Stage) -> list[str]:
    """What was sent that may change the set-up: everything but reading, presence and its like."""
    known = ("agents", "inboxes", "inbox_members", "teams", "canned_responses", "labels", "macros",
             "custom_filters", "webhooks", "assignment_policies")  # fmt: skip
    return [
        f"{verb} {path}"
        for verb, path in stage.watched.asked
        if verb != "GET" and path.partition("/accounts/1/")[2].split("/")[0] in known
    ]


async def form(desk: OnScreen) -> AdminForm:
    await desk.until(lambda: isinstance(desk.app.screen, AdminForm), "a form")
    await desk.pilot.pause()
    screen = desk.app.screen
    assert isinstance(screen, AdminForm)
    return screen


async def in_room(desk: OnScreen) -> None:
    await desk.until(lambda: isinstance(desk.app.screen, AdminScreen), "back in the room")
    await desk.pilot.pause()


@sizes
async def test_who_is_no_administrator_reads_who_is_and_nothing_is_asked(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with desk_on(stage, tmp_path, size) as desk:
        stage.forget_asked()
        await desk.press("D")
        await desk.sees("The administration is for administrators.")
        await desk.sees(stage.administrator["email"])
        await desk.press("a", "d", "tab", "u")
        assert stage.asked("*", "*/webhooks*") == []
        assert writes(stage) == []
        await desk.press("escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)


@pytest.mark.parametrize("version", VERSIONS)
@sizes
async def test_every_section_is_read_and_says_what_to_do_by_keys_alone(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with admin_on(stage, tmp_path, size) as desk:
        room = room_of(desk)
        seen = []
        for _ in room.sections:
            section = room.current
            await desk.until(lambda: section.was_read or section.why_not, section.NAME)  # noqa: B023
            await desk.until(lambda: room.lines.lines, "lines")
            assert not room.trouble, desk.text()
            seen.append(section.ID)
            await desk.press("tab")
        assert seen == list(room.sections)
        assert seen[0] == room.current.ID
        await desk.press("shift+tab")
        assert seen[-1] == room.current.ID


async def test_sections_are_reached_by_mouse_and_by_name(stage: Stage, tmp_path: Path) -> None:
    async with admin_on(stage, tmp_path) as desk:
        await desk.click("Labels")
        await desk.until(lambda: room_of(desk).current.ID == "labels")
        await desk.sees("data-recovery")
        await desk.press("g")
        await desk.type("team")
        await desk.press("enter")
        await desk.until(lambda: room_of(desk).current.ID == "teams")


@sizes
async def test_an_agent_is_added_only_after_the_preview_was_said_yes_to(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with admin_on(stage, tmp_path, size) as desk:
        await desk.press("a")
        await form(desk)
        await desk.type("Nia New")
        await desk.press("tab")
        await desk.type("nia@shop.example")
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.sees("POST /api/v1/accounts/1/agents")
        await desk.sees("availability = offline")
        assert writes(stage) == []
        await desk.press("escape")
        filled = await form(desk)
        assert filled.values["name"] == "Nia New"
        assert writes(stage) == []
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("nia@shop.example")
        assert writes(stage) == ["POST /api/v1/accounts/1/agents"]
        assert desk.state.agents[max(desk.state.agents)].name == "Nia New"


async def test_what_the_server_refuses_is_said_at_the_field_and_what_was_typed_stays(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="labels") as desk:
        await desk.press("a")
        await form(desk)
        await desk.type("made-meanwhile")
        now = stage.shop.now()
        row = stage.shop.db.one("SELECT * FROM labels LIMIT 1")
        assert row is not None
        values = {**dict(row), "title": "made-meanwhile", "created_at": now, "updated_at": now}
        del values["id"]
        stage.shop.db.insert("labels", **values)
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await desk.sees("There is a label of this title already.")
        filled = await form(desk)
        assert filled.values["title"] == "made-meanwhile"


@pytest.mark.parametrize(
    ("section", "typed", "field", "says"),
    [
        ("labels", ("two words",), "title", "A label has letters"),
        ("labels", ("",), "title", "Title is missing"),
        ("agents", ("Nia", "nonsense"), "email", "no e-mail address"),
        ("webhooks", (), "url", "Address is missing"),
    ],
)
async def test_what_cannot_be_is_said_before_anything_is_shown_or_sent(
    stage: Stage, tmp_path: Path, section: str, typed: tuple[str, ...], field: str, says: str
) -> None:
    async with admin_on(stage, tmp_path, section=section) as desk:
        await desk.press("a")
        shown = await form(desk)
        for text in typed:
            await desk.type(text)
            await desk.press("tab")
        await desk.press("ctrl+s")
        await desk.sees(says)
        assert desk.app.screen is shown
        assert shown._boxes[field].has_focus
        assert writes(stage) == []


async def test_hours_that_close_before_they_open_are_refused_here(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="hours") as desk:
        await desk.press("enter")
        filled = await form(desk)
        monday = filled._boxes["1"]
        monday.focus()
        monday.value = "18-9"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await desk.sees("it would close at 09:00")
        assert writes(stage) == []


async def test_hours_are_changed_read_back_and_taken_back(stage: Stage, tmp_path: Path) -> None:
    async with admin_on(stage, tmp_path, section="hours") as desk:
        before = room_of(desk).current.records()[0]
        await desk.press("enter")
        filled = await form(desk)
        filled._boxes["6"].value = "closed"  # type: ignore[union-attr]
        filled._boxes["timezone"].value = "Europe/Lisbon"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.sees("Saturday")
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("Sat-Sun closed")
        await desk.sees("undo")
        await desk.press("u")
        await preview(desk)
        await desk.sees("closed -> ")
        await desk.press("enter")
        await in_room(desk)
        await desk.until(lambda: room_of(desk).current.records()[0] == before, "as before")
        assert len(writes(stage)) == 2


@sizes
async def test_an_agent_is_removed_only_by_name_and_what_they_hold_is_said(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with admin_on(stage, tmp_path, size) as desk:
        colleague = stage.colleague()
        held = stage.shop.db.one(
            "SELECT COUNT(*) AS held FROM conversations WHERE assignee_id = ? AND status = 'open'",
            (colleague["id"],),
        )
        assert held is not None
        await choose(desk, colleague["name"])
        await desk.press("d")
        await preview(desk)
        many = held["held"]
        await desk.sees(f"holds {many} open conversation")
        await desk.sees("Website")
        await desk.type("somebody")
        await desk.press("enter")
        await desk.sees("Nothing was removed yet")
        assert writes(stage) == []
        shown = await preview(desk)
        shown.field.value = ""
        await desk.type(colleague["name"])
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("it is gone")
        await desk.until(lambda: len(room_of(desk).current.records()) == 3)
        assert writes(stage) == [f"DELETE /api/v1/accounts/1/agents/{colleague['id']}"]


async def test_nobody_removes_or_demotes_themselves(stage: Stage, tmp_path: Path) -> None:
    async with admin_on(stage, tmp_path) as desk:
        await choose(desk, stage.administrator["email"])
        await desk.press("d")
        await desk.sees("You cannot remove yourself.")
        await desk.press("enter")
        filled = await form(desk)
        filled._boxes["role"].value = "agent"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await desk.sees("changed by another administrator")
        assert writes(stage) == []


async def test_who_loses_the_role_meanwhile_is_told_so_and_stays_signed_in(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="teams") as desk:
        await desk.press("a")
        await form(desk)
        await desk.type("night")
        stage.shop.db.execute(
            "UPDATE account_users SET role = 'agent' WHERE user_id = ?",
            (stage.administrator["id"],),
        )
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await desk.sees("does not allow that any more")
        assert desk.state.link.state == "live"
        await desk.press("escape")
        await in_room(desk)
        await desk.press("g")
        await desk.type("webhooks")
        await desk.press("enter")
        await desk.sees("The administration is for administrators.")
        assert desk.state.link.state == "live"


async def test_members_of_an_inbox_are_ticked_shown_and_set(stage: Stage, tmp_path: Path) -> None:
    async with admin_on(stage, tmp_path, section="inboxes") as desk:
        inbox = room_of(desk).current.records()[0]
        colleague = stage.colleague()
        await desk.press("m")
        await desk.sees("Who is in")
        await desk.type(colleague["name"].split()[0])
        await desk.sees("[x]")
        await desk.press("space")
        await desk.sees_no("[x]")
        await desk.press("enter")
        await preview(desk)
        await desk.sees("PATCH /api/v1/accounts/1/inbox_members")
        await desk.sees("will see no more of its conversations")
        await desk.press("enter")
        await in_room(desk)
        held = stage.shop.db.all(
            "SELECT user_id FROM inbox_members WHERE inbox_id = ?", (inbox.id,)
        )
        assert colleague["id"] not in {row["user_id"] for row in held}


async def test_a_canned_response_is_seen_as_a_customer_would_get_it(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="canned") as desk:
        await choose(desk, "/bye")
        await desk.press("v")
        await desk.sees("for which customer")
        await desk.press("enter")
        await desk.sees("Thank you, ")
        await desk.sees("/bye for #")
        page = desk.app.screen
        assert isinstance(page, FilledPage)
        assert "{{" not in page._filled.text
        assert writes(stage) == []


async def test_canned_responses_go_out_into_a_file_and_come_back_with_what_differs(
    stage: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "canned.csv"
    async with admin_on(stage, tmp_path / "desk", section="canned") as desk:
        many = len(room_of(desk).current.records())
        await desk.press("x")
        filled = await form(desk)
        filled._boxes["path"].value = str(file)  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await in_room(desk)
        text = file.read_text(encoding="utf-8")
        assert text.startswith("short_code,content\n")
        assert writes(stage) == []
        file.write_text(text + "fresh,Good morning\n", encoding="utf-8")
        await desk.press("i")
        filled = await form(desk)
        filled._boxes["path"].value = str(file)  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.sees(f"1 added, 0 changed, {many} the same")
        await desk.sees("added /fresh: Good morning")
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("/fresh")
        assert writes(stage) == ["POST /api/v1/accounts/1/canned_responses"]
        assert "fresh" in {one.short_code for one in desk.state.canned}


async def test_a_macro_is_written_as_lines_and_comes_back_as_it_was(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="macros") as desk:
        await desk.press("a")
        filled = await form(desk)
        await desk.type("Close it")
        filled._boxes["steps"].text = "add label: quote\nexplode"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await desk.sees("Line 2")
        filled._boxes["steps"].text = "add label: quote\nassign agent: me\nresolve"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("add label: quote; assign agent: me; resolve")
        row = stage.shop.db.one("SELECT * FROM macros WHERE name = 'Close it'")
        assert row is not None


async def test_a_view_is_saved_from_words(stage: Stage, tmp_path: Path) -> None:
    async with admin_on(stage, tmp_path, section="views") as desk:
        await desk.press("a")
        filled = await form(desk)
        await desk.type("Quotes")
        filled._boxes["labels"].value = "quote"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("status equal to open and labels equal to quote")


async def test_a_holiday_is_written_down_agreed_to_and_done_by_the_open_desk(
    stage: Stage, tmp_path: Path
) -> None:
    inbox = stage.shop.db.one("SELECT * FROM inboxes ORDER BY id")
    assert inbox is not None
    stage.shop.db.update("inboxes", inbox["id"], working_hours_enabled=1)
    async with admin_on(stage, tmp_path, section="holidays") as desk:
        section = room_of(desk).current
        await desk.until(lambda: section.was_read, "read")
        day = section._today()  # type: ignore[attr-defined]
        await desk.press("a")
        filled = await form(desk)
        await desk.type(day.isoformat())
        filled._boxes["name"].value = "Stocktaking"  # type: ignore[union-attr]
        filled._boxes["hours"].value = "10:10-11:11"  # type: ignore[union-attr]
        await desk.press("ctrl+s")
        await in_room(desk)
        await desk.sees("not agreed to yet")
        hours_access.keep(desk.app)
        await desk.pilot.pause(0.3)
        assert writes(stage) == []
        await desk.press("enter")
        await preview(desk)
        await desk.sees("10:10-11:11")
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("today")
        assert writes(stage) == []
        hours_access.keep(desk.app)
        await desk.until(lambda: writes(stage), "the hours sent")
        await desk.sees("Stocktaking")
        await desk.until(lambda: "10:10-11:11 today" in desk.text() or section._kept.changed)  # type: ignore[attr-defined]
        kept = json.loads(next(desk.app.paths.data.glob("hours-*.json")).read_text())
        assert kept["changed"][0]["name"] == "Stocktaking"


async def test_a_turn_of_the_holidays_that_is_called_off_before_it_begins_leaves_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="holidays") as desk:
        hours_access.keep(desk.app)
        desk.app.workers.cancel_group(desk.app, "hours")
        await desk.pilot.pause()
        gc.collect()  # a coroutine that nobody awaited would say so here


async def test_a_dead_server_is_said_and_the_form_keeps_what_was_typed(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="canned") as desk:
        await desk.press("a")
        filled = await form(desk)
        await desk.type("fresh")
        filled._boxes["content"].text = "Good morning"  # type: ignore[union-attr]
        await stage.order(fault="500", path="*/canned_responses", count=1)
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await desk.sees("failed (500)")
        filled = await form(desk)
        assert filled.values == {"short_code": "fresh", "content": "Good morning"}
        await desk.press("ctrl+s")
        await preview(desk)
        await desk.press("enter")
        await in_room(desk)
        await desk.sees("/fresh")


async def test_the_enter_that_opens_a_preview_says_no_yes(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_preview, "LOOK", 60.0)  # however slow this machine's hands are
    async with admin_on(stage, tmp_path, section="views") as desk:
        await desk.press("a")
        await form(desk)
        await desk.type("Open")
        await desk.press(*["enter"] * 9)
        await desk.sees("Save the view Open")
        shown = desk.app.screen
        assert isinstance(shown, admin_preview.PreviewScreen)
        assert writes(stage) == []
        shown._settle()
        await desk.press("enter")
        await in_room(desk)
        assert writes(stage) == ["POST /api/v1/accounts/1/custom_filters"]


async def test_looking_for_something_narrows_the_lines_and_asks_nobody(
    stage: Stage, tmp_path: Path
) -> None:
    async with admin_on(stage, tmp_path, section="teams") as desk:
        stage.forget_asked()
        await desk.press("slash")
        await desk.type("bench")
        await desk.sees("1 of 3")
        await desk.pilot.pause(2 * QUIET)
        assert stage.asked("*", "*/team_members") == []
        await desk.press("escape")
        await desk.sees("data recovery")


async def test_a_form_with_several_lines_is_left_by_escape(stage: Stage, tmp_path: Path) -> None:
    async with admin_on(stage, tmp_path, section="macros") as desk:
        await desk.press("a")
        filled = await form(desk)
        filled._boxes["steps"].focus()
        await desk.type("resolve")
        await desk.press("escape")
        await in_room(desk)
        assert writes(stage) == []
