"""Reports that the bridge makes by itself: each period once, retried, and told in its status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from revivatui.bridge import report_clock
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.report import status
from revivatui.bridge.report_clock import ReportClock
from revivatui.bridge.report_plan import ReportPlan, load
from revivatui.reporting.files import FORMATS
from revivatui.state.report_period import last_whole
from tests.bridge.desks import SETTINGS
from tests.bridge.stands import Stand, stand
from tests.support.receiver import receiving
from tests.support.shops import Stage

DAY = 86_400.0


class Clock:
    def __init__(self, start: float) -> None:
        self.now = start

    def __call__(self) -> float:
        return self.now


def plan(folder: Path | None = None, note: int = 0, webhook: str = "") -> ReportPlan:
    return ReportPlan(("daily",), time(8), "UTC", UTC, folder, FORMATS, note, webhook)


def clock_of(there: Stand, given: ReportPlan, clock: Callable[[], float]) -> ReportClock:
    return ReportClock(there.bridge.store, there.bridge.server.client, clock, given)


def at_nine(stage: Stage) -> Clock:
    """Nine in the morning, UTC, of the shop's today or tomorrow."""
    today = datetime.fromtimestamp(stage.shop.clock.now(), UTC).date()
    return Clock(datetime.combine(today, time(9), tzinfo=UTC).timestamp())


def notes(stage: Stage, row_id: int) -> int:
    found = stage.shop.db.all(
        "SELECT id FROM messages WHERE conversation_id = ? AND private = 1"
        " AND content LIKE '%First response%'",
        (row_id,),
    )
    return len(found)


async def test_each_period_is_made_once_when_it_is_due(stage: Stage, tmp_path: Path) -> None:
    row, clock = stage.conversation(), at_nine(stage)
    token = stage.administrator["token"]
    async with stand(stage, tmp_path / "crm.sqlite3", token) as there, receiving() as receiver:
        given = plan(tmp_path / "out", row["display_id"], receiver.url)
        clock.now -= 2 * 3600.0
        yesterday = last_whole("daily", clock(), UTC)
        early = clock_of(there, given, clock)
        assert early.due_at(yesterday) > clock()
        assert await early.look() == 0
        clock.now += 2 * 3600.0
        assert await clock_of(there, given, clock).look() == 1
        assert await clock_of(there, given, clock).look() == 0
        assert {file.name for file in (tmp_path / "out").iterdir()} == {
            f"report-{yesterday.name}.{kind}" for kind in FORMATS
        }
        assert (notes(stage, row["id"]), len(receiver.bodies)) == (1, 1)
        assert receiver.bodies[0]["id"] == f"report-{yesterday.name}"
        clock.now += DAY
        assert await clock_of(there, given, clock).look() == 1
        assert (notes(stage, row["id"]), len(receiver.bodies)) == (2, 2)
        told = "\n".join(await status(there.bridge.store, clock()))
        assert f"daily-{last_whole('daily', clock(), UTC).first.isoformat()}" in told
        assert "as files, note, webhook" in told


async def test_what_fails_is_told_and_tried_again_without_doing_anything_twice(
    stage: Stage, tmp_path: Path
) -> None:
    row, clock = stage.conversation(), at_nine(stage)
    token = stage.administrator["token"]
    async with stand(stage, tmp_path / "crm.sqlite3", token) as there, receiving() as receiver:
        receiver.status = 500
        given = plan(tmp_path / "out", row["display_id"], receiver.url)
        reports = clock_of(there, given, clock)
        assert await reports.look() == 1
        assert await reports.look() == 0
        told = "\n".join(await status(there.bridge.store, clock()))
        assert "failed: 127.0.0.1" in told
        assert "answered 500" in told
        assert "secret" not in told
        clock.now += report_clock.FIRST_WAIT
        assert await reports.look() == 1
        clock.now += report_clock.FIRST_WAIT
        assert await reports.look() == 0
        receiver.status = 200
        clock.now += report_clock.FIRST_WAIT
        assert await reports.look() == 1
        assert (notes(stage, row["id"]), len(receiver.bodies)) == (1, 3)
        assert "failed" not in "\n".join(await status(there.bridge.store, clock()))
        assert await reports.look() == 0


async def test_a_bridge_that_is_no_administrator_says_so(stage: Stage, tmp_path: Path) -> None:
    clock = at_nine(stage)
    token = stage.agent["token"]
    async with stand(stage, tmp_path / "crm.sqlite3", token) as there:
        assert await clock_of(there, plan(tmp_path / "out"), clock).look() == 1
        told = "\n".join(await status(there.bridge.store, clock()))
        assert "reports are for administrators" in told
        assert not (tmp_path / "out").exists()


async def test_the_bridge_at_work_makes_what_its_settings_say(stage: Stage, tmp_path: Path) -> None:
    given = replace(SETTINGS, reports=replace(plan(tmp_path / "out"), at=time(0)))
    token = stage.administrator["token"]
    async with stand(stage, tmp_path / "crm.sqlite3", token, given) as there:
        await there.bridge._report()
        assert len(list((tmp_path / "out").iterdir())) == len(FORMATS)


def test_a_plan_is_read_and_what_is_wrong_with_it_is_named() -> None:
    read = load({"every": ["weekly", "daily"], "at": "07:30", "zone": "Europe/Lisbon", "note": 12})
    assert (read.every, read.at, read.ways) == (("daily", "weekly"), time(7, 30), ("note",))
    assert load({}) == ReportPlan()
    for table, words in (
        ({"evry": []}, "did you mean 'every'"),
        ({"every": ["hourly"], "note": 1}, "some of daily, weekly, monthly"),
        ({"every": ["daily"]}, "not where to"),
        ({"at": "8 o'clock"}, "must be like 08:00"),
        ({"zone": "Mars/Base"}, "there is no 'Mars/Base'"),
        ({"webhook": "ftp://x"}, "https://"),
        ({"note": "seven"}, "number of a conversation"),
        ({"format": ["pdf"]}, "some of md, html, csv"),
        ("weekly", "must be a table"),
    ):
        with pytest.raises(BadBridgeSettings, match=words):
            load(table)
