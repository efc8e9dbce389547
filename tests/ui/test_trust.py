"""What the screen says about itself: complete, behind, put right, not read yet."""

from __future__ import annotations

import dataclasses
from datetime import UTC
from pathlib import Path

import pytest

from revivatui.screens.trust import connection_lines
from revivatui.state.events import Healed, LagMeasured, LinkChanged
from revivatui.state.models import Finding
from tests.support.shops import Stage
from tests.ui.desk_help import desk_on
from tests.ui.scene import NOW, OPENED, SceneApp


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What is said does not depend on the server's version."""
    return str(request.param)


async def test_a_feed_that_is_behind_is_said_in_seconds(tmp_path: Path) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=(140, 40)) as pilot:
        assert app.session is not None
        store = app.session.store
        store.dispatch(LagMeasured(12.0, NOW))
        store.dispatch(LinkChanged("late", NOW))
        await pilot.pause()
        line = app.screen._compositor.render_strips()[0].text
        assert "live feed 12 s behind" in line
        assert "complete" not in line


async def test_what_was_put_right_is_named_for_a_while_and_in_full_on_asking(
    tmp_path: Path,
) -> None:
    app = SceneApp(tmp_path, "nordic", opened=True)
    async with app.run_test(size=(140, 40)) as pilot:
        session = app.session
        assert session is not None
        session.store.dispatch(Healed((Finding(OPENED, "status resolved", NOW),), NOW))
        await pilot.pause()
        assert "1 put right" in app.screen._compositor.render_strips()[0].text
        words = "\n".join(connection_lines(dataclasses.replace(session, tz=UTC)))
        assert f"#{OPENED} Ana Sousa: status resolved" in words
        assert "list: complete, read at 14:05" in words


async def test_the_seals_of_every_view_are_listed_on_asking(stage: Stage, tmp_path: Path) -> None:
    number = int(stage.conversation()["display_id"])
    async with desk_on(stage, tmp_path / "desk", (120, 40)) as desk:
        desk.inbox.commands.open(number)
        await desk.sees("live · complete")
        desk.inbox.commands.run("desk.connection")
        for view in ("list", "counts", "thread", "contact", "presence"):
            await desk.sees(f"{view}: ")
