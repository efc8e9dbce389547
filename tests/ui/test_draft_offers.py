"""Other drafts on screen: offered in one line, taken, declined and handed over by key or mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from revivatui.shop.db import Row
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on

SIZES = ((80, 24), (140, 40))


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What is offered does not depend on the server's version."""
    return str(request.param)


def server_keeps(stage: Stage, conversation: Row, text: str) -> None:
    stage.shop.db.insert(
        "draft_messages", conversation_id=conversation["id"], message=text, created_at=0
    )


def kept_by_server(stage: Stage, conversation: Row) -> Any:
    found = stage.shop.db.find("draft_messages", conversation_id=conversation["id"])
    return found and found["message"]


async def opened(desk: OnScreen, conversation: Row) -> None:
    desk.inbox.commands.open(conversation["display_id"])
    await desk.sees("Reply to")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_servers_draft_is_taken_on_a_key_and_ours_is_offered_then(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    row = stage.conversation()
    server_keeps(stage, row, "[b]Hi[/b]")
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await opened(desk, row)
        await desk.sees("A draft is kept at the server: [")
        assert desk.inbox.composer.text == ""
        await desk.press("r")
        await desk.type("ours")
        await desk.press("f6")
        await desk.until(lambda: desk.inbox.composer.text == "[b]Hi[/b]")
        await desk.sees("Kept from before: ours")
        await desk.press("f6")
        await desk.until(lambda: desk.inbox.composer.text == "ours")
        await desk.sees("A draft is kept at the server: ")
        await desk.press("f12")
        await desk.until(lambda: not desk.inbox.side.offer.display)
        await desk.press("f6")
        await desk.sees("There is no other draft")
    assert kept_by_server(stage, row) == "[b]Hi[/b]"
    assert stage.asked("PATCH", "*/draft_messages") == []


async def test_handing_over_asks_before_another_draft_gives_way(
    stage: Stage, tmp_path: Path
) -> None:
    row = stage.conversation()
    server_keeps(stage, row, "theirs")
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as desk:
        await opened(desk, row)
        await desk.sees("A draft is kept at the server: ")
        await desk.press("f10")
        await desk.sees("Write a reply first.")
        await desk.press("r")
        await desk.type("ours")
        await desk.press("f10")
        await desk.sees("The server keeps one draft for all agents: theirs")
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is desk.inbox)
        assert kept_by_server(stage, row) == "theirs"
        await desk.press("f10")
        await desk.sees("Replace the draft")
        await desk.click("Put yours in its place")
        await desk.sees("Handed over: every agent finds your draft")
        await desk.until(lambda: not desk.inbox.side.offer.display)
        assert kept_by_server(stage, row) == "ours"
        assert desk.inbox.composer.text == "ours"
    assert len(stage.asked("PATCH", "*/draft_messages")) == 1


async def test_two_windows_offer_each_other_their_texts(stage: Stage, tmp_path: Path) -> None:
    row = stage.conversation()
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as first:
        await opened(first, row)
        await first.press("r")
        await first.type("from the first")
        async with desk_on(stage, tmp_path / "desk", (140, 40)) as second:
            await opened(second, row)
            await second.press("r")
            await second.type("from the second")
            await second.until(lambda: second.inbox.side.offer.display)
            await second.sees("Another window holds: from")
            assert second.inbox.composer.text == "from the second"
            await second.click("takes it")
            await second.until(lambda: second.inbox.composer.text == "from the first")
        assert first.inbox.composer.text == "from the first"
        first.app.on_app_focus()
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as last:
        await opened(last, row)
        await last.until(lambda: last.inbox.composer.text == "from the first")
        await last.sees("from the second")
