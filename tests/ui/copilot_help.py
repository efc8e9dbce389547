"""A desk that suggests replies, on the embedded shop with a real CRM beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from revivatui import config
from revivatui.screens.copilot_advice import Advice
from revivatui.screens.copilot_desk import CopilotDesk
from revivatui.screens.copilot_pane import CopilotPane
from tests.support.shops import Stage
from tests.ui.crm_help import WITH_CRM, Bench, bench_of, crm_answered
from tests.ui.desk_help import OnScreen, desk_on

SMALL, MIDDLE, LARGE = (80, 24), (120, 30), (200, 50)
ASKS = "Hello, is my phone ready? When can I pick it up?"


def copilot(desk: OnScreen) -> CopilotDesk:
    assert desk.app.session is not None
    assert desk.app.session.copilot is not None
    return desk.app.session.copilot


def pane(desk: OnScreen) -> CopilotPane:
    return desk.inbox.beside.copilot


def advice(desk: OnScreen) -> Advice:
    return pane(desk).newest


async def thought(desk: OnScreen, *, whole: bool = True) -> Advice:
    """What is suggested for the open conversation, when nothing more is thought about."""

    def at_rest() -> bool:
        found = advice(desk)
        read = (found.is_whole and not copilot(desk).texts.is_reading) or not whole
        return not copilot(desk).is_looking and found.phase == "there" and read

    await desk.until(at_rest, "suggestions")
    return advice(desk)


@asynccontextmanager
async def suggesting(
    stage: Stage,
    folder: Path,
    size: tuple[int, int] = LARGE,
    *,
    asks: str = ASKS,
    settings: config.Settings = WITH_CRM,
    **options: Any,
) -> AsyncIterator[tuple[OnScreen, Bench]]:
    """A desk with the chat of a customer open whose phone is ready, and who asks about it."""
    async with bench_of(stage, folder) as bench:
        await bench.repair("ready", model="iPhone 13 Pro")
        async with desk_on(stage, folder, size, settings=settings, copilot=True, **options) as desk:
            stage.customer_writes(bench.conversation, asks)
            await desk.until(lambda: copilot_is_there(desk), "the copilot")
            desk.inbox.commands.open(bench.number)
            await desk.until(lambda: desk.inbox.open_id == bench.number)
            await crm_answered(desk)
            await desk.until(lambda: asks.split("\n")[0] in advice(desk).asked, "the question")
            await thought(desk)
            yield desk, bench


def copilot_is_there(desk: OnScreen) -> bool:
    return desk.app.session is not None and desk.app.session.copilot is not None


def sent_by(stage: Stage, bench: Bench) -> int:
    """Messages of the shop's people in the bench's conversation, at the server."""
    rows = stage.shop.db.all(
        "SELECT id FROM messages WHERE conversation_id = ? AND message_type = 1",
        (bench.conversation["id"],),
    )
    return len(rows)
