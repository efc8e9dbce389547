"""Bad answers as the agent meets them: a plain word on screen, the text kept, no restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on
from tests.ui.test_bad_input import HALF, open_one

UGLY = ("Traceback", "Exception", "Error(", "<!DOCTYPE", "<html", "NoneType", "object at 0x")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """The wire differs between versions, the screen does not: one is enough here."""
    return str(request.param)


def is_plain(desk: OnScreen) -> bool:
    return not any(word in desk.text() for word in UGLY)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"fault": "html"}, "web page"),
        ({"fault": "500"}, "500"),
        ({"fault": "429"}, "fewer requests"),
        ({"fault": "drop before"}, "offline"),
        ({"fault": "drop middle"}, "offline"),
        ({"fault": "answer", "status": 200, "body": {"unexpected": True}}, "not"),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
async def test_a_bad_answer_is_told_the_text_stays_and_the_desk_goes_on(
    stage: Stage, tmp_path: Path, order: dict[str, Any], said: str
) -> None:
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as desk:
        number = await open_one(desk, stage)
        await desk.type(HALF)
        await stage.order(**order, path="/api/v1/*", method="GET")
        await desk.press("f5")
        await desk.until(lambda: said.lower() in desk.text().lower(), f"{said!r} said")
        assert is_plain(desk)
        assert desk.inbox.composer.text == HALF
        await stage.no_more_trouble()
        await desk.press("f5")
        await desk.until(lambda: desk.state.link.state == "live", "live again")
        await desk.press("enter")
        await desk.until(lambda: len(stage.messages_saying(HALF)) == 1, "sent once")
        assert desk.inbox.open_id == number


async def test_an_answer_that_takes_its_time_holds_up_no_key(stage: Stage, tmp_path: Path) -> None:
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as desk:
        await open_one(desk, stage)
        await stage.order(fault="freeze", method="POST", path="*/messages", count=1)
        await desk.type(HALF)
        await desk.press("enter")
        await desk.until(lambda: HALF in desk.text(), "shown as on its way")
        await desk.type("and another")
        assert desk.inbox.composer.text == "and another"
        await stage.no_more_trouble()
        await desk.until(lambda: len(stage.messages_saying(HALF)) == 1, "sent once")


@pytest.mark.parametrize("frame", ["mangle"])
async def test_a_frame_that_makes_no_sense_costs_nothing(
    stage: Stage, tmp_path: Path, frame: str
) -> None:
    conversation = stage.conversation()
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        await stage.order(fault=frame, event="message.created", count=1)
        stage.customer_writes(conversation, "Spoilt on the way")
        stage.customer_writes(conversation, "Whole again")
        await desk.sees("Whole again")
        await desk.sees("Spoilt on the way")
        assert is_plain(desk)
        assert desk.inbox.composer.text == HALF


async def test_words_nobody_knows_are_shown_as_they_came(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    db = stage.shop.db
    db.execute("UPDATE conversations SET priority = 'volcanic' WHERE id = ?", (conversation["id"],))
    db.execute(
        "UPDATE messages SET content_type = 'hologram' WHERE conversation_id = ?",
        (conversation["id"],),
    )
    async with desk_on(stage, tmp_path / "desk", (140, 40)) as desk:
        await open_one(desk, stage)
        await desk.sees("volcanic")
        assert is_plain(desk)
