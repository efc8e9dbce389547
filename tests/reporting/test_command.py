"""`revivatui report` on real shops of both versions: what it writes, tells and refuses."""

from __future__ import annotations

import asyncio
import csv
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from revivatui import cli, config, kept
from revivatui.bridge import opening
from revivatui.cache import alert_log
from revivatui.crm.store import Store
from revivatui.paths import Paths
from revivatui.state.alerts import Alert
from revivatui.state.report_period import period_of
from tests.support.receiver import receiving
from tests.support.shops import Stage
from tests.ui.bridge_scene import record

MICROS = 1_000_000


@pytest.fixture
def home(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of the shop's administrator, in UTC."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("REVIVATUI_CONFIG", str(folder / "revivatui.toml"))
    monkeypatch.setenv("REVIVATUI_TOKEN", stage.administrator["token"])
    config.save_profile(folder / "revivatui.toml", "default", stage.url, 1)
    return folder


async def report(*arguments: Any) -> int:
    return await asyncio.to_thread(cli.main, ["report", *map(str, arguments), "--zone", "UTC"])


def names_in(folder: Path) -> set[str]:
    return {str(file) for file in folder.iterdir()}


def rows_of(folder: Path) -> list[dict[str, str]]:
    (file,) = folder.glob("*.csv")
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


async def test_the_files_hold_the_shops_own_figures(
    stage: Stage, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    assert await report("weekly", "--date", day, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3
    assert {line.removeprefix("Written: ") for line in said} == names_in(tmp_path / "out")
    period = period_of("weekly", day, UTC)
    made = stage.shop.db.one(
        "SELECT count(*) AS n FROM conversations WHERE account_id = 1"
        " AND created_at >= ? AND created_at < ?",
        (int(period.since * MICROS), int(period.until * MICROS)),
    )
    rows = rows_of(tmp_path / "out")
    assert made is not None
    assert made["n"] > 0
    total = next(row for row in rows if row["name"] == "Conversations")
    assert int(total["value"]) == made["n"]
    days = [row for row in rows if row["section"] == "day" and row["of"] == "conversations"]
    assert sum(int(row["value"] or 0) for row in days) == made["n"]
    inboxes = [row for row in rows if row["section"] == "inbox" and row["of"] == "conversations"]
    assert sum(int(row["value"]) for row in inboxes) == made["n"]
    resolved = [row for row in rows if row["section"] == "agent" and row["of"] == "resolved"]
    assert any(row["value"] for row in resolved)


async def test_alerts_and_uptime_are_in_it_where_this_machine_knows_of_them(
    stage: Stage, home: Path, tmp_path: Path
) -> None:
    paths, now = Paths.default(), time.time()
    paths.make()
    settings = config.load(paths.config_file)
    log = kept.alerts_file(paths, settings, stage.administrator["id"])
    yesterday = period_of("daily", (datetime.now(UTC) - timedelta(days=1)).date(), UTC)
    for since in (yesterday.since + 60.0, yesterday.since - 7200.0):
        alert_log.note(log, [Alert("queue", since, "", until=since + 60.0, bare="12 are nobody's")])
    store = await Store.open(paths.data / "crm.sqlite3")
    await opening.make_tables(store)
    async with store.unit_of_work() as work:
        await record(work, now=now)
    await store.close()
    assert await report("daily", "--out", tmp_path / "out", "--format", "csv") == 0
    rows = rows_of(tmp_path / "out")
    assert [row["note"] for row in rows if row["section"] == "alert"] == ["12 are nobody's"]
    uptime = next(row for row in rows if row["name"] == "Integration uptime")
    assert 99.9 < float(uptime["value"]) < 100.0


async def test_nothing_is_written_over_without_being_told_to(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("daily", "--out", tmp_path / "out", "--format", "md")
    assert await report(*given) == 0
    (file,) = (tmp_path / "out").iterdir()
    file.write_text("mine")
    assert await report(*given) == 1
    assert "--replace writes anew" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert await report(*given, "--replace") == 0
    assert file.read_text().startswith("# ")


async def test_a_note_is_written_once_however_often_it_is_asked_for(
    stage: Stage, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = stage.conversation()
    for _ in range(2):
        assert await report("weekly", "--post-note", row["display_id"]) == 0
    notes = stage.shop.db.all(
        "SELECT content FROM messages WHERE conversation_id = ? AND private = 1"
        " AND content LIKE '%First response%'",
        (row["id"],),
    )
    assert len(notes) == 1
    assert not [name for name in names_in(tmp_path) if "report-" in name]


async def test_a_note_whose_answer_was_lost_is_looked_for_and_not_written_again(
    stage: Stage, home: Path
) -> None:
    row = stage.conversation()
    await stage.order(fault="drop after", method="POST", path="*/messages", count=1)
    outcome = await report("weekly", "--post-note", row["display_id"])
    assert outcome == 0
    found = stage.shop.db.all(
        "SELECT id FROM messages WHERE conversation_id = ? AND content LIKE '%First response%'",
        (row["id"],),
    )
    assert len(found) == 1


async def test_a_webhook_gets_figures_and_text_and_its_trouble_is_one_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with receiving() as receiver:
        assert await report("monthly", "--post-webhook", receiver.url) == 0
        (told,) = receiver.bodies
        assert told["event"] == "report"
        assert {one["id"] for one in told["figures"]} >= {"first_response", "rate"}
        assert told["markdown"].startswith("# ")
        receiver.status = 503
        assert await report("monthly", "--post-webhook", receiver.url) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "answered 503" in said
        assert "secret" not in said
    assert await report("monthly", "--post-webhook", receiver.url) == 1
    assert "cannot be reached" in capsys.readouterr().err


async def test_who_is_no_administrator_is_told_so(
    stage: Stage,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REVIVATUI_TOKEN", stage.agent["token"])
    assert await report("weekly", "--out", tmp_path / "out") == 1
    assert "administrators only" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


async def test_a_server_that_is_away_is_one_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.save_profile(home / "revivatui.toml", "default", "http://127.0.0.1:9", 1)
    assert await report("weekly", "--out", tmp_path / "out") == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("weekly", "--date", "2099-01-01"), "has not begun yet"),
        (("weekly", "--date", "soon"), "must be like 2026-11-24"),
        (("weekly", "--format", "pdf"), "some of md,html,csv"),
    ],
)
async def test_a_mistake_gets_one_plain_line(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert await report(*arguments) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
