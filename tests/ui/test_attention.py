"""The bell with its words, notifications on screen, and what happens when nobody is at the desk."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from revivatui import config
from revivatui.shop.presence import availability_status
from revivatui.state.events_desk import LookChanged
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on
from tests.ui.test_pty_smoke import desk as terminal_desk

ALL = config.Settings(notify_rule="all", crm_url="")
MOMENT: Any = 0.01
"""Minutes."""


def count_bells(desk: OnScreen, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    bells: list[int] = []
    monkeypatch.setattr(desk.app, "bell", lambda: bells.append(1))
    return bells


def change(desk: OnScreen, name: str, value: Any) -> None:
    """Change a setting as the settings screen does."""
    option = next(one for one in config.OPTIONS if one.name == name)
    desk.app._setting_changed(option, value)


def shown(stage: Stage) -> str | None:
    member = stage.shop.db.find("account_users", user_id=stage.agent["id"])
    return availability_status(stage.shop, member)


async def test_a_message_rings_with_a_word_and_what_is_looked_at_does_not(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.conversation(), stage.conversation("Channel::WebWidget")
    async with desk_on(stage, tmp_path / "desk", settings=ALL) as desk:
        bells = count_bells(desk, monkeypatch)
        desk.inbox.commands.open(first["display_id"])
        await desk.until(lambda: desk.state.open_id == first["display_id"])
        seen = stage.customer_writes(first, "This one is on screen")
        await desk.until(lambda: desk.state.threads[first["display_id"]].find(seen))
        stage.customer_writes(second, "[b]Hi[/b]")
        await desk.sees(": [b]Hi[/b]")
        assert bells == [1]
        desk.app.on_app_blur()
        await desk.until(lambda: not desk.state.looking)
        stage.customer_writes(first, "Anybody there?")
        await desk.sees(": Anybody there?")
        assert len(bells) == 2
        desk.app.on_app_focus()
        await desk.until(lambda: desk.state.looking)


async def test_a_changed_rule_counts_from_the_next_message_on(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = stage.conversation()
    async with desk_on(stage, tmp_path / "desk", settings=config.Settings(crm_url="")) as desk:
        change(desk, "notify.rule", "all")
        bells = count_bells(desk, monkeypatch)
        stage.customer_writes(row, "Is it ready?")
        await desk.until(lambda: bells)


async def test_notifications_are_listed_opened_and_marked_read(
    stage: Stage, tmp_path: Path
) -> None:
    me = int(stage.agent["id"])
    first, second = stage.conversation(), stage.conversation("Channel::WebWidget")
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as desk:
        for row in (first, second):
            stage.colleague_writes(row, f"[@Me](mention://user/{me}/Me) look", private=True)
        await stage.order("/drain")
        newest_id = stage.shop.db.value(
            "SELECT max(id) FROM notifications WHERE user_id = ?", (me,)
        )
        await desk.until(lambda: newest_id in desk.state.notifications)
        await desk.sees(" notification")
        stage.forget_asked()
        await desk.press("b")
        await desk.sees("You were mentioned")
        number = desk.state.notifications[newest_id].conversation_id
        await desk.press("enter")
        await desk.until(lambda: desk.state.open_id == number, "it opened")
        await desk.until(lambda: len(stage.asked("PATCH", "*/notifications/*")) == 1)
        await desk.until(lambda: desk.app.screen is desk.inbox)
        await desk.press("b")
        await desk.sees("mark all read")
        await desk.press("m")
        await desk.until(lambda: stage.asked("POST", "*/notifications/read_all"))
        await desk.until(lambda: desk.state.notifications_unread == 0)
        await desk.sees_no("mark all read")
        unread = stage.shop.db.value(
            "SELECT count(*) FROM notifications WHERE user_id = ? AND read_at IS NULL", (me,)
        )
        assert unread == 0
        await desk.press("escape")
        assert stage.asked("POST", "*/update_last_seen") == [], "no conversation was marked read"


async def test_nobody_at_the_desk_is_offered_busy_and_a_key_ends_it(
    stage: Stage, tmp_path: Path
) -> None:
    settings = config.Settings(idle_minutes=MOMENT, crm_url="")
    async with desk_on(stage, tmp_path / "desk", settings=settings) as desk:
        await desk.sees("You have been away")
        await desk.sees("v busy")
        await desk.press("down")
        await desk.sees_no("You have been away")
    assert stage.asked("POST", "*/profile/availability") == []


async def test_nobody_at_the_desk_is_busy_by_itself_where_that_was_set(
    stage: Stage, tmp_path: Path
) -> None:
    settings = config.Settings(idle_minutes=MOMENT, idle="busy", crm_url="")
    async with desk_on(stage, tmp_path / "desk", settings=settings) as desk:
        await desk.until(lambda: shown(stage) == "busy")
        change(desk, "presence.idle_minutes", 60)  # or it is away again at once
        await desk.press("down")
        await desk.until(lambda: shown(stage) == "online")


async def test_never_away_where_that_was_set(stage: Stage, tmp_path: Path) -> None:
    settings = config.Settings(idle_minutes=0, crm_url="")
    async with desk_on(stage, tmp_path / "desk", settings=settings) as desk:
        assert desk.app._attention._due is None
        assert desk.app.session is not None
        desk.app.session.store.dispatch(LookChanged(True))


def availability(shop_folder: Path, change: str = "") -> str:
    """What is set for the demo's agent in the shop's database."""
    (file,) = shop_folder.rglob("shop-*.sqlite3")
    database = sqlite3.connect(file, timeout=10)
    try:
        if change:
            database.execute(change)
            database.commit()
        found = database.execute(
            "SELECT availability FROM account_users WHERE role = 'agent' ORDER BY user_id"
        )
        return " ".join(row[0] for row in found)
    finally:
        database.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_takes_the_agent_off_too(tmp_path: Path, number: signal.Signals) -> None:
    with terminal_desk(tmp_path) as terminal:
        terminal.wait_for("live", 60)
        before = availability(tmp_path, "UPDATE account_users SET auto_offline = 0")
        terminal.send("v")
        terminal.wait_for("You are", 60)
        terminal.send("\x1b[B\r")  # its answer tells that nobody takes the agent off by itself
        terminal.until(lambda: availability(tmp_path) != before)
        terminal.wait_for("you: busy", 60)
        os.kill(terminal.pid, number)
        terminal.wait_exit(20)
    assert "busy" not in availability(tmp_path)
    assert "offline" in availability(tmp_path)
