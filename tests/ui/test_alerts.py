"""Alerts on the screens of a real desk, in its title, and told to others."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revivatui import config, kept
from revivatui.cache import alert_log
from revivatui.engine.commanding import CommandFailed, run_command
from revivatui.screens import alert_watch
from revivatui.shop.db import Row
from revivatui.state.alerts import Alert, Reading
from tests.support.receiver import receiving
from tests.support.shops import Stage
from tests.ui.bridge_scene import make_bridge
from tests.ui.desk_help import OnScreen, desk_on, make_app

ONLY_WAITING: dict[str, Any] = {
    "crm_url": "",
    "alerts_waiting": 2,
    "alerts_answer": 0,
    "alerts_nobody": 0,
    "alerts_queue": 0,
    "alerts_csat": 0,
    "alerts_bridge": 0,
}


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


both = pytest.mark.parametrize("version", ["3.9.0", "4.10.1"], indirect=True)


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_watch, "APART", 0.05)
    monkeypatch.setattr(alert_watch, "ASK_APART", 0.0)


def nobody_waits(stage: Stage) -> Row:
    """Every customer was answered; gives a conversation of somebody."""
    stage.shop.db.connection.execute("UPDATE conversations SET waiting_since = NULL")
    return stage.conversation()


def waits_since(stage: Stage, row: Row, minutes: float) -> None:
    at = stage.shop.clock.micros() - int(minutes * 60_000_000)
    stage.shop.db.update("conversations", row["id"], waiting_since=at)


def only(**changed: Any) -> config.Settings:
    return config.Settings(**{**ONLY_WAITING, **changed})


def change(desk: OnScreen, name: str, value: Any) -> None:
    option = next(one for one in config.OPTIONS if one.name == name)
    desk.app._setting_changed(option, value)


def readings_of(desk: OnScreen) -> dict[str, Reading]:
    assert desk.app.session is not None
    assert desk.app.session.alerts is not None
    return desk.app.session.alerts.readings()


def rate(stage: Stage, row: Row, rating: int, at: int) -> None:
    """The customer of a conversation answers a survey."""
    message = stage.shop.db.insert(
        "messages", account_id=1, conversation_id=row["id"], inbox_id=row["inbox_id"],
        message_type="template", content_type="input_csat", content="", created_at=at,
        updated_at=at,
    )  # fmt: skip
    stage.shop.db.insert(
        "csat_survey_responses", account_id=1, conversation_id=row["id"], message_id=message,
        contact_id=row["contact_id"], rating=rating, created_at=at, updated_at=at,
    )  # fmt: skip


def name_of(stage: Stage, row: Row) -> str:
    contact = stage.shop.db.get("contacts", row["contact_id"])
    assert contact is not None
    return str(contact["name"])


@both
async def test_a_customer_who_waits_too_long_is_on_every_screen_until_answered(
    stage: Stage, tmp_path: Path
) -> None:
    row = nobody_waits(stage)
    waits_since(stage, row, 7)
    settings = only()
    async with desk_on(stage, tmp_path / "desk", settings=settings, alerts=True) as desk:
        await desk.sees("! customers wait")
        await desk.until(lambda: desk.app._title.said.startswith("(!1) "), "the title")
        for key, seen in (("H", "This desk"), ("T", " Team ")):
            await desk.press(key)
            await desk.sees(seen)
            await desk.sees("! customers wait")
        await desk.press("exclamation_mark")
        await desk.sees(f"{name_of(stage, row)} waits 7 min")
        await desk.press("enter")
        await desk.until(lambda: desk.state.open_id == row["display_id"], "it is opened")
        stage.colleague_writes(row, "We are on it.")
        await desk.until(
            lambda: (
                desk.app.session is not None
                and desk.app.session.alerts is not None
                and "nobody waits" in desk.app.session.alerts.readings()["waiting"].words
            ),
            "nobody waits any more",
        )


async def test_the_page_mutes_for_an_hour_and_tells_what_was_today(
    stage: Stage, tmp_path: Path
) -> None:
    row = nobody_waits(stage)
    waits_since(stage, row, 7)
    async with desk_on(stage, tmp_path / "desk", settings=only(), alerts=True) as desk:
        desk.app.clear_notifications()
        await desk.click("! customers wait")
        await desk.sees(f"{name_of(stage, row)} waits 7 min")
        await desk.click("mute for an hour")
        await desk.sees("muted until")
        await desk.press("m")
        await desk.sees_no("muted until")
        await desk.press("m")
        await desk.sees("muted until")
        await desk.press("escape")
        await desk.sees_no("! customers wait")
        assert not desk.app._title.said.startswith("(!")
        change(desk, "alerts.on", False)
        await desk.press("exclamation_mark")
        await desk.sees("Alerts are off.")
        await desk.sees("Earlier today")
        await desk.sees("no longer watched")


async def test_a_webhook_and_a_command_are_told_of_begin_and_end_and_of_no_name(
    stage: Stage, tmp_path: Path
) -> None:
    row = nobody_waits(stage)
    waits_since(stage, row, 7)
    told = tmp_path / "told.jsonl"
    script = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + chr(10))"
    async with receiving() as receiver:
        settings = only(
            alerts_webhook=receiver.url, alerts_command=(sys.executable, "-c", script, str(told))
        )
        async with desk_on(stage, tmp_path / "desk", settings=settings, alerts=True) as desk:
            await desk.until(lambda: receiver.bodies and told.exists() and told.read_text())
            change(desk, "alerts.on", False)
            await desk.until(lambda: len(receiver.bodies) == 2, "the end is told")
            await desk.until(lambda: len(told.read_text().splitlines()) == 2)
        began, ended = receiver.bodies
        assert [began["event"], ended["event"]] == ["alert.raised", "alert.ended"]
        assert began["conversation_id"] == row["display_id"]
        assert began["reason"] == f"#{row['display_id']} waits 7 min"
        assert name_of(stage, row) not in json.dumps(receiver.bodies)
        assert [json.loads(line) for line in told.read_text().splitlines()] == receiver.bodies


async def test_a_webhook_that_fails_is_said_once_and_without_its_secret(
    stage: Stage, tmp_path: Path
) -> None:
    row = nobody_waits(stage)
    waits_since(stage, row, 7)
    async with receiving() as receiver:
        receiver.status = 500
        settings = only(alerts_webhook=receiver.url)
        async with desk_on(stage, tmp_path / "desk", settings=settings, alerts=True) as desk:

            def told() -> list[str]:
                said = [one.message for one in desk.app._notifications]
                return [one for one in said if "answered 500" in one]

            await desk.until(told, "the failure is said")
            assert "secret" not in told()[0]
            change(desk, "alerts.on", False)
            await desk.until(lambda: len(receiver.bodies) == 2)
            change(desk, "alerts.on", True)
            await desk.until(lambda: len(receiver.bodies) == 3)
            await desk.pilot.pause()
            assert len(told()) == 1


async def test_the_log_names_nobody_and_the_next_desk_knows_of_it(
    stage: Stage, tmp_path: Path
) -> None:
    row = nobody_waits(stage)
    waits_since(stage, row, 7)
    folder = tmp_path / "desk"
    async with desk_on(stage, folder, settings=only(), alerts=True) as desk:
        await desk.sees("! customers wait")
        change(desk, "alerts.on", False)
        file = kept.alerts_file(desk.app.paths, desk.app.settings, stage.agent["id"])
        await desk.until(lambda: file.exists() and len(file.read_text().splitlines()) == 2)
        assert name_of(stage, row) not in file.read_text()
        assert file.stat().st_mode & 0o777 == 0o600
    stage.shop.db.connection.execute("UPDATE conversations SET waiting_since = NULL")
    async with desk_on(stage, folder, settings=only(), alerts=True) as desk:
        await desk.press("exclamation_mark")
        await desk.sees("Nothing is over its threshold.")
        await desk.sees(f"#{row['display_id']} waits 7 min")


async def test_outside_the_working_hours_nothing_is_watched(stage: Stage, tmp_path: Path) -> None:
    row = nobody_waits(stage)
    waits_since(stage, row, 7)
    settings = only(alerts_hours="00:00-00:01 mon")
    clock = lambda: 1_700_049_600.0  # noqa: E731 - a Wednesday at noon, UTC
    async with desk_on(
        stage, tmp_path / "desk", settings=settings, alerts=True, clock=clock
    ) as desk:
        await desk.press("exclamation_mark")
        await desk.sees("Outside the working hours")


async def test_the_queue_and_nobody_online_are_told_with_where_to_go(
    stage: Stage, tmp_path: Path
) -> None:
    nobody_waits(stage)
    settings = only(alerts_waiting=0, alerts_queue=1)
    async with desk_on(stage, tmp_path / "desk", settings=settings, alerts=True) as desk:
        await desk.until(lambda: readings_of(desk)["queue"].value is not None)
        seen = readings_of(desk)
        assert desk.inbox.tabs.words.split()[3] == f"{seen['queue'].value:.0f}"
        assert seen["queue"].leads_to == "list:unassigned"
        assert seen["nobody"].value == 0.0


@both
async def test_an_administrator_is_told_of_a_drop_of_satisfaction_and_an_agent_is_told_why_not(
    stage: Stage, tmp_path: Path
) -> None:
    nobody_waits(stage)
    row = stage.conversation()
    now, day = stage.shop.clock.micros(), 86_400_000_000
    stage.shop.db.connection.execute("DELETE FROM csat_survey_responses")
    for rating, days in [(1, 2)] * 6 + [(5, 20)] * 8:
        rate(stage, row, rating, now - days * day)
    settings = only(alerts_waiting=0, alerts_csat=10)
    app = make_app(
        stage.url, stage.administrator["token"], tmp_path / "a", settings=settings, alerts=True
    )
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.sees("! satisfaction drops")
        await desk.press("exclamation_mark")
        await desk.sees("0 % satisfied in the last 7 days, 100 % in the 28 before")
    async with desk_on(stage, tmp_path / "b", settings=settings, alerts=True) as desk:
        await desk.press("exclamation_mark")
        await desk.sees("the server tells it to administrators only")


async def test_how_long_a_bridge_does_not_run_is_read_from_its_own_tables(
    stage: Stage, tmp_path: Path
) -> None:
    nobody_waits(stage)
    folder = tmp_path / "desk"
    await make_bridge(folder, gone=1800.0, now=time.time())
    settings = only(crm_url="crm.sqlite3", alerts_waiting=0, alerts_bridge=5)
    settings = replace(settings, profiles={})
    async with desk_on(stage, folder, settings=settings, alerts=True) as desk:
        await desk.until(lambda: readings_of(desk)["bridge"].value is not None)
        assert readings_of(desk)["bridge"].words == "the bridge has not run for 30 min"
        assert readings_of(desk)["bridge"].leads_to == "room:health"


# --- what is told to programs and files ---------------------------------------------------------


async def test_a_program_gets_json_and_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIVATUI_TOKEN", "secret")
    file = tmp_path / "out"
    script = (
        "import sys, os, json; open(sys.argv[1], 'w').write("
        "json.dumps([json.load(sys.stdin), [k for k in os.environ if k.startswith('REVIVATUI')]]))"
    )
    await run_command([sys.executable, "-c", script, str(file)], {"a": "ç; rm -rf $HOME"})
    assert json.loads(file.read_text()) == [{"a": "ç; rm -rf $HOME"}, []]


async def test_a_program_that_hangs_fails_or_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    hang = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(CommandFailed, match=r"took longer than 0\.3 s and was ended"):
        await run_command(hang, {}, seconds=0.3)
    fail = [sys.executable, "-c", "import sys; sys.exit('no \\x1b[31mroom')"]
    with pytest.raises(CommandFailed, match="ended with 1: no ") as failed:
        await run_command(fail, {})
    assert "\x1b" not in str(failed.value)
    with pytest.raises(CommandFailed, match="cannot be started"):
        await run_command([str(tmp_path / "nothing")], {})


def test_a_log_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "alerts.jsonl"
    alert_log.note(file, [Alert("queue", 100.0, "Ana", bare="12 are nobody's")])
    alert_log.note(file, [Alert("queue", 100.0, "Ana", until=160.0, bare="12 are nobody's")])
    with file.open("a") as opened:
        opened.write('{"kind": "waiting", "since": 170.0, "wor')
    assert [(one.words, one.until) for one in alert_log.between(file, 0.0, 500.0)] == [
        ("12 are nobody's", 160.0)
    ]
    assert alert_log.between(file, 161.0, 500.0) == []


def test_a_log_that_grew_is_cut_back_to_its_newer_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_log, "MOST_BYTES", 4000)
    file = tmp_path / "alerts.jsonl"
    alert_log.note(file, [Alert("queue", float(n), "", until=n + 1.0) for n in range(100)])
    alert_log.cut_back(file, 100.0)
    assert file.stat().st_size <= 2000
    assert alert_log.between(file, 99.0, 200.0)
