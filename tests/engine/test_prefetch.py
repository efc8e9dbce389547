"""Threads are read ahead politely, so that they open with no network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from revivatui.engine import prefetch
from revivatui.engine.context import Timing
from revivatui.state.models import ListView
from revivatui.state.select import visible_ids
from tests.support.desks import ONLY_ASKED, Desk, profile_of, running_desk
from tests.support.shops import Stage

TIMING = replace(ONLY_ASKED, prefetch_every=0.03, prefetch_rest=0.1)


@asynccontextmanager
async def desk_on(stage: Stage, path: Path, timing: Timing = TIMING) -> AsyncIterator[Desk]:
    cache = Cache.open(path)
    try:
        async with running_desk(profile_of(stage), cache, timing) as desk:
            yield desk
    finally:
        cache.close()


def read_ahead(stage: Stage) -> list[str]:
    return stage.asked("GET", "*/conversations/*/messages")


async def test_what_was_never_opened_opens_with_no_network(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    view = ListView(tab="all")
    async with desk_on(stage, path) as desk:
        await desk.live()
        desk.engine.choose_view(view)
        await desk.until(lambda: len(visible_ids(desk.state, view)) >= 20)
        await desk.until(lambda: len(read_ahead(stage)) >= len(desk.state.conversations))
        shown = visible_ids(desk.state, view)
        asked = read_ahead(stage)
        assert len(asked) == len(set(asked)), "each once"
        assert desk.state.threads == {}, "nothing of it stays in memory"
        assert stage.asked("POST", "*/update_last_seen") == []
    unread = stage.shop.db.all("SELECT display_id FROM conversations")
    assert unread
    await stage.order("/listen", accept=False)
    async with desk_on(stage, path) as desk:
        await desk.until(lambda: desk.state.link.state == "offline")
        for number in shown[:5]:
            desk.engine.open(number)
            await desk.until(lambda: desk.texts(number))  # noqa: B023
            assert desk.thread(number).as_of is not None


async def test_no_more_than_the_first_are_read_ahead(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetch, "MOST", 4)
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        await desk.until(lambda: len(read_ahead(stage)) == 4)
        for _look in range(4):
            before = len(stage.asked())
            desk.engine.refresh()
            await desk.until(lambda: len(stage.asked()) > before)  # noqa: B023
        assert len(read_ahead(stage)) == 4


async def test_it_waits_while_anything_else_is_asked(stage: Stage, tmp_path: Path) -> None:
    patient = replace(TIMING, prefetch_every=0.3)
    async with desk_on(stage, tmp_path / "cache.sqlite3", patient) as desk:
        await desk.live()
        stage.forget_asked()
        for _busy in range(15):
            before = len(stage.asked())
            desk.engine.refresh()
            await desk.until(lambda: len(stage.asked()) > before)  # noqa: B023
            await asyncio.sleep(0.05)
        assert read_ahead(stage) == []
        await desk.until(lambda: read_ahead(stage))


async def test_it_stops_at_the_first_refusal(stage: Stage, tmp_path: Path) -> None:
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await stage.order(fault="429", path="*/messages", count=100)
        await desk.live()
        await desk.until(lambda: read_ahead(stage))
        looks = len(stage.asked("GET", "*/conversations[?]*"))
        for _look in range(5):
            desk.engine.refresh()
            looks += 1
            await desk.until(lambda: len(stage.asked("GET", "*/conversations[?]*")) >= looks)  # noqa: B023
        assert len(read_ahead(stage)) == 1
        assert desk.notices == []
