"""`revivatui hours`: shows, asks, applies and puts back, on a running shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from revivatui import cli, config, credentials
from tests.support.shop_beside import ShopBeside
from tests.support.shops import Stage, Template


@pytest.fixture
def shop(shop_template: Callable[[str], Template], tmp_path: Path) -> Iterator[Stage]:
    beside = ShopBeside(shop_template("4.10.1"), tmp_path / "shop")
    assert beside.stage is not None
    yield beside.stage
    beside.close()


@pytest.fixture
def home(shop: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of the shop's administrator, and a holiday today."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("REVIVATUI_CONFIG", str(tmp_path / "revivatui.toml"))
    monkeypatch.setenv(credentials.TOKEN_VARIABLE, shop.administrator["token"])
    monkeypatch.delenv(config.URL_VARIABLE, raising=False)
    config.save_profile(tmp_path / "revivatui.toml", "default", shop.url, 1)
    today = datetime.now(ZoneInfo("Europe/Lisbon")).date()
    entry = f'[[holiday]]\ndate = {today}\nname = "Stocktaking"\nhours = "10:10-11:11"\n'
    (tmp_path / "holidays.toml").write_text(entry, encoding="utf-8")
    for row in shop.shop.db.all("SELECT id FROM inboxes"):
        shop.shop.db.update("inboxes", row["id"], working_hours_enabled=1, timezone="Europe/Lisbon")
    return tmp_path


def written(shop: Stage) -> list[str]:
    return shop.asked("PATCH", "*/inboxes/*")


def test_cron_does_nothing_that_nobody_agreed_to_and_says_so(
    shop: Stage, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["hours", "apply"]) == 0
    assert "Nobody agreed to: Stocktaking" in capsys.readouterr().err
    assert written(shop) == []


def test_agreeing_shows_what_changes_and_applying_does_it_and_puts_it_back(
    shop: Stage, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["hours", "agree"]) == 0  # nobody is there to ask
    assert "1 left as they are." in capsys.readouterr().out
    assert cli.main(["hours", "agree", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "-> 10:10-11:11" in said
    assert "put back the day after" in said
    assert written(shop) == []
    assert cli.main(["hours", "apply"]) == 0
    assert capsys.readouterr().out.count("is 10:10-11:11 today.") == len(written(shop)) == 3
    assert cli.main(["hours", "show"]) == 0
    assert "has the hours of Stocktaking" in capsys.readouterr().out
    (home / "holidays.toml").write_text("", encoding="utf-8")
    assert cli.main(["hours", "apply"]) == 0
    assert capsys.readouterr().out.count("again, as before Stocktaking.") == 3


def test_a_file_that_cannot_be_read_is_one_plain_line(
    shop: Stage, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "holidays.toml").write_text("[[holiday]]\nclosed = true\n", encoding="utf-8")
    assert cli.main(["hours", "apply"]) == 1
    said = capsys.readouterr().err
    assert said == "revivatui hours: Entry 1: give a date like date = 2026-12-25.\n"


def test_who_is_no_administrator_is_told(
    shop: Stage, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["hours", "agree", "--yes"]) == 0
    monkeypatch.setenv(credentials.TOKEN_VARIABLE, shop.agent["token"])
    assert cli.main(["hours", "apply"]) == 1
    assert "not authorized" in capsys.readouterr().err
