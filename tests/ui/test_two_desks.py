"""Two shops, two agents, one machine: what is of one is never on the screen of the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from revivatui import config
from revivatui.app import DeskApp
from revivatui.paths import Paths
from revivatui.screens.sign_in import SignInScreen
from tests.support.shops import Stage, Template, running_shop
from tests.ui.desk_help import OnScreen, desk_on
from tests.ui.test_bad_input import HALF, fill_in, open_one

ONLY_HERE = "Heard only here"


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def other(
    version: str, shop_template: Callable[[str], Template], tmp_path: Path
) -> AsyncIterator[Stage]:
    """A second shop: the same people, tokens and numbers at another address."""
    async with running_shop(shop_template(version), tmp_path / "other-shop") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@asynccontextmanager
async def desk_of(
    settings: config.Settings, folder: Path, token: str | None
) -> AsyncIterator[OnScreen]:
    paths = Paths.under(folder)
    paths.make()
    app = DeskApp(settings, paths, lambda: (token, "There is no token."))
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        yield OnScreen(app, pilot)


def saved_settings(folder: Path, **flags: str) -> config.Settings:
    """As the next start reads them."""
    return config.load(Paths.under(folder).config_file, {}, **flags)


async def hear_it(desk: OnScreen, stage: Stage) -> None:
    """A customer of the one at the desk says what nobody says in the other shop, where no
    template of the server's has the last word."""
    mine = stage.shop.db.one(
        "SELECT conversations.* FROM conversations JOIN inboxes ON inbox_id = inboxes.id"
        " WHERE channel_type = 'Channel::Api' AND status = 'open' AND assignee_id = ?"
        " ORDER BY conversations.id DESC",
        (stage.agent["id"],),
    )
    assert mine is not None
    stage.customer_writes(mine, ONLY_HERE)
    await desk.sees(ONLY_HERE)


async def leave_something_behind(stage: Stage, folder: Path) -> int:
    """A visit to a shop: a conversation of its own, a draft and a message that was refused."""
    config.save_profile(Paths.under(folder).config_file, "default", stage.url, 1)
    async with desk_on(stage, folder) as desk:
        await hear_it(desk, stage)
        number = await open_one(desk, stage)
        await stage.order(
            fault="answer", method="POST", path="*/messages", status=422, body={"message": "No"}
        )
        await desk.type("refused")
        await desk.press("enter")
        await desk.sees("not sent")
        await desk.type(HALF)
    await stage.no_more_trouble()
    return number


async def linked(desk: OnScreen) -> None:
    """Live, whatever the list holds: nothing is assigned to the administrator."""
    await desk.until(lambda: desk.state.link.state == "live", "a live link")


def nothing_of_the_first_shop(desk: OnScreen) -> None:
    assert ONLY_HERE not in desk.text()
    if desk.app.session is not None:
        assert not desk.state.drafts
        assert not desk.state.sends


async def test_an_address_for_this_start_shows_nothing_of_the_profiles_server_and_keeps_it(
    stage: Stage, other: Stage, folder: Path
) -> None:
    await leave_something_behind(stage, folder)
    settings = saved_settings(folder, url=other.url)
    async with desk_of(settings, folder, None) as desk:
        await desk.until(lambda: isinstance(desk.app.screen, SignInScreen), "the dialog")
        await desk.sees("for this start only")
        nothing_of_the_first_shop(desk)
        await fill_in(desk, token=other.agent["token"])
        await desk.live()
        await desk.sees(f"Profile 'default' stays at {stage.url}")
        nothing_of_the_first_shop(desk)
    assert saved_settings(folder).current == config.ProfileSettings(stage.url, 1)
    async with desk_of(saved_settings(folder), folder, None) as desk:
        await desk.sees(ONLY_HERE)
        assert [entry.content for entry in desk.state.sends.values()] == ["refused"]
        assert [draft.text for draft in desk.state.drafts.values()] == [HALF]


async def test_signing_in_to_another_server_over_the_cached_list_replaces_all_of_it(
    stage: Stage, other: Stage, folder: Path
) -> None:
    await leave_something_behind(stage, folder)
    async with desk_of(saved_settings(folder), folder, None) as desk:
        await desk.until(lambda: isinstance(desk.app.screen, SignInScreen), "the dialog")
        await fill_in(desk, url=other.url, token=other.agent["token"])
        await desk.until(lambda: not isinstance(desk.app.screen, SignInScreen), "signed in")
        await desk.live()
        await desk.sees(f"Profile 'default' opens {other.url}")
        await desk.sees("1 draft and 1 unsent message of")
        nothing_of_the_first_shop(desk)
        assert len([one for one in desk.app.screen_stack if one is desk.inbox]) == 1
    assert stage.messages_saying("refused") == other.messages_saying("refused") == []
    assert saved_settings(folder).current == config.ProfileSettings(other.url, 1)


async def test_signing_in_to_another_server_from_a_running_desk_opens_that_one(
    stage: Stage, other: Stage, folder: Path
) -> None:
    async with desk_on(stage, folder) as desk:
        await hear_it(desk, stage)
        await desk.press("f9")
        await desk.until(lambda: isinstance(desk.app.screen, SignInScreen), "the dialog")
        await fill_in(desk, url=other.url, token=other.agent["token"])
        await desk.sees_no(ONLY_HERE)
        await desk.live()
        number = await open_one(desk, other)
        await desk.type("to the second")
        await desk.press("enter")
        await desk.until(lambda: other.messages_saying("to the second"), f"sent to #{number}")
    assert stage.messages_saying("to the second") == []


async def test_another_agent_finds_nothing_of_the_first_ones_and_the_first_finds_all_again(
    stage: Stage, folder: Path
) -> None:
    await leave_something_behind(stage, folder)
    async with desk_of(saved_settings(folder), folder, stage.administrator["token"]) as desk:
        await desk.sees("1 draft and 1 unsent message of")
        await linked(desk)
        assert desk.state.me is not None
        assert desk.state.me.id == stage.administrator["id"]
        assert not desk.state.drafts
        assert not desk.state.sends
        number = await open_one(desk, stage)
        await desk.type("the second agent's")
        await desk.until(lambda: desk.state.drafts.get((number, False)), "a draft")
    async with desk_of(saved_settings(folder), folder, stage.administrator["token"]) as desk:
        await linked(desk)
        assert [draft.text for draft in desk.state.drafts.values()] == ["the second agent's"]
    async with desk_of(saved_settings(folder), folder, stage.agent["token"]) as desk:
        await desk.until(
            lambda: [draft.text for draft in desk.state.drafts.values()] == [HALF], "the draft"
        )
        await desk.live()
        assert [entry.content for entry in desk.state.sends.values()] == ["refused"]


async def test_another_agent_at_the_dialog_of_a_dead_token_takes_nothing_over(
    stage: Stage, folder: Path
) -> None:
    async with desk_on(stage, folder) as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        db = stage.shop.db
        token = db.find("access_tokens", owner_type="User", owner_id=stage.agent["id"])
        assert token is not None
        db.update("access_tokens", token["id"], token="another")
        await desk.press("f5")
        await desk.until(lambda: isinstance(desk.app.screen, SignInScreen), "asked to sign in")
        await fill_in(desk, token=stage.administrator["token"])
        await desk.sees("1 draft of")
        await linked(desk)
        assert not desk.state.drafts
        assert HALF not in desk.text()


async def test_a_file_of_the_old_name_goes_to_the_saved_server_and_to_no_other(
    stage: Stage, other: Stage, folder: Path
) -> None:
    await leave_something_behind(stage, folder)
    paths = Paths.under(folder)
    new = paths.cache_file("default", 1, config.server_key(stage.url))
    old = paths.old_cache_file("default", 1)
    new.rename(old)
    given = saved_settings(folder, url=other.url)
    async with desk_of(given, folder, None) as desk:
        await desk.until(lambda: isinstance(desk.app.screen, SignInScreen), "the dialog")
        await fill_in(desk, token=other.agent["token"])
        await desk.live()
        nothing_of_the_first_shop(desk)
        assert old.exists()
    async with desk_of(saved_settings(folder), folder, None) as desk:
        await desk.sees(ONLY_HERE)
    assert new.exists()
    assert not old.exists()
