"""What goes wrong between the desk and its server: a plain message, the text kept, no restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import keyring
import pytest
from textual.events import Paste
from textual.widgets import Input

from revivatui import config, credentials
from revivatui.app import DeskApp
from revivatui.paths import Paths
from revivatui.screens.sign_in import SignInScreen
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on, make_app

HALF = "half a thought"


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """The wire differs between versions, the screen does not: one is enough here."""
    return str(request.param)


async def open_one(desk: OnScreen, stage: Stage, channel: str = "Channel::Api") -> int:
    """Open a conversation that the demo agent may answer, its composer focused."""
    number = int(stage.conversation(channel)["display_id"])
    desk.inbox.commands.open(number)
    await desk.sees(f"#{number}")
    await desk.until(lambda: desk.inbox.composer.target is not None, "a target")
    await desk.press("r")
    return number


def take_away_the_inboxes(stage: Stage) -> None:
    """An administrator moves the agent: what was allowed a second ago is refused now."""
    db, me = stage.shop.db, stage.agent["id"]
    db.execute("UPDATE inbox_members SET user_id = -user_id WHERE user_id = ?", (me,))


def give_back_the_inboxes(stage: Stage) -> None:
    db, me = stage.shop.db, stage.agent["id"]
    db.execute("UPDATE inbox_members SET user_id = -user_id WHERE user_id = ?", (-me,))


@asynccontextmanager
async def asking(url: str, folder: Path) -> AsyncIterator[OnScreen]:
    """A desk that has no token and asks for it."""
    app = make_app(url, None, folder)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(lambda: isinstance(app.screen, SignInScreen), "the sign-in dialog")
        yield desk


async def fill_in(desk: OnScreen, **fields: str) -> None:
    for name, value in fields.items():
        desk.app.screen.query_one(f"#{name}", Input).value = value
    await desk.press("enter")


async def test_a_wrong_token_is_told_in_place_and_a_right_one_opens_the_desk(
    stage: Stage, tmp_path: Path
) -> None:
    async with asking(stage.url, tmp_path / "desk") as desk:
        await fill_in(desk, token="wrong")
        await desk.sees("The server does not accept this token.")
        address, field = (desk.app.screen.query_one(f"#{name}", Input) for name in ("url", "token"))
        assert address.value == stage.url
        assert desk.app.focused is field
        assert field.selected_text == "wrong"
        await paste(desk, stage.agent["token"])
        await desk.press("enter")
        await desk.live()
        await desk.sees("live")


async def paste(desk: OnScreen, text: str) -> None:
    """Paste where the focus is, as a terminal does."""
    assert desk.app.focused is not None
    desk.app.focused.post_message(Paste(text))
    await desk.pilot.pause()


async def test_a_token_pasted_into_the_address_is_neither_shown_nor_sent(
    stage: Stage, tmp_path: Path
) -> None:
    token = "Qm7" * 8
    async with asking(stage.url, tmp_path / "desk") as desk:
        address, field = (desk.app.screen.query_one(f"#{name}", Input) for name in ("url", "token"))
        await desk.until(lambda: desk.app.focused is field, "the token's turn")
        address.focus()
        await desk.until(lambda: desk.app.focused is address, "the address focused")
        await paste(desk, token)
        await desk.sees("looks like an access token")
        assert token not in desk.text()
        assert desk.app.focused is field
        await fill_in(desk, url=token)
        await desk.sees_no(token)
        await desk.sees(stage.url)
    assert stage.asked() == []


async def test_a_new_profile_is_said_to_be_new(stage: Stage, tmp_path: Path) -> None:
    known = {"shop": config.ProfileSettings(stage.url, 1)}
    settings = config.Settings(profile="nope", profiles=known)
    paths = Paths.under(tmp_path / "desk")
    app = DeskApp(settings, paths, lambda: (None, ""))
    async with app.run_test(size=(100, 30)) as pilot:
        await OnScreen(app, pilot).sees("Profile 'nope' is new: signing in makes it.")


async def test_the_settings_tell_where_the_token_is(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_given: str) -> str:
        raise keyring.errors.NoKeyringError

    for name in ("get_password", "set_password"):
        monkeypatch.setattr(keyring, name, none)
    async with desk_on(stage, tmp_path / "desk", (120, 40)) as desk:
        await desk.press("comma", "end")
        await desk.sees("None is kept.")
        await desk.press("escape")
        credentials.save_token("default", stage.url, "t", desk.app.paths.credentials_file)
        await desk.press("comma", "end")
        await desk.sees("In a file that only you can read")


async def test_wrong_addresses_are_told_in_plain_words(stage: Stage, tmp_path: Path) -> None:
    async with asking(stage.url, tmp_path / "desk") as desk:
        await fill_in(desk, url="not an address", token="x")
        await desk.sees("Type it like desk.example.com")
        await fill_in(desk, url="http://127.0.0.1:1")
        await desk.sees("cannot be reached. Check the address.")
        await fill_in(desk, url=stage.url.replace("http://", "https://"))
        await desk.sees("https or http")
        assert isinstance(desk.app.screen, SignInScreen)


async def test_a_wrong_password_is_told_in_place(stage: Stage, tmp_path: Path) -> None:
    async with asking(stage.url, tmp_path / "desk") as desk:
        await fill_in(desk, email=stage.agent["email"], password="wrong")
        await desk.sees("Invalid login credentials")
        await fill_in(desk, email=stage.agent["email"], password=stage.agent["password"])
        await desk.live()


async def test_a_token_revoked_mid_shift_asks_again_over_the_inbox_and_keeps_what_was_typed(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        db = stage.shop.db
        token = db.find("access_tokens", owner_type="User", owner_id=stage.agent["id"])
        assert token is not None
        db.update("access_tokens", token["id"], token="another")
        await desk.press("f5")
        await desk.until(lambda: isinstance(desk.app.screen, SignInScreen), "asked to sign in")
        await desk.sees("no longer accepts the token")
        await fill_in(desk, token="another")
        await desk.until(lambda: desk.state.link.state == "live", "live again")
        assert desk.inbox.composer.text == HALF


async def test_a_role_that_may_not_is_no_sign_out(stage: Stage, tmp_path: Path) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        take_away_the_inboxes(stage)
        await desk.press("enter")
        await desk.sees("not sent")
        assert not isinstance(desk.app.screen, SignInScreen)
        assert HALF in desk.text()


async def test_a_reply_that_the_server_refuses_comes_back_into_the_composer(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        take_away_the_inboxes(stage)
        await desk.press("enter")
        await desk.sees("not sent")
        give_back_the_inboxes(stage)
        await desk.press("escape", "x")
        await desk.sees("Unsent messages")
        await desk.press("e")
        await desk.until(lambda: desk.inbox.composer.text == HALF, "the text is back")
        await desk.press("enter")
        await desk.until(lambda: len(stage.messages_saying(HALF)) >= 1, "sent after all")
        assert len(stage.messages_saying(HALF)) == 1


async def test_a_server_that_goes_away_is_told_and_the_desk_comes_back_by_itself(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        await stage.server.refuse()
        await desk.until(lambda: desk.state.link.state == "offline", "offline")
        await desk.sees("offline since")
        await desk.type(" more")
        await stage.server.accept()
        await desk.press("f5")
        await desk.until(lambda: desk.state.link.state == "live", "live again")
        await desk.sees("live")
        assert desk.inbox.composer.text == HALF + " more"


async def test_leaving_with_something_unsent_asks_first(stage: Stage, tmp_path: Path) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        await desk.type(HALF)
        take_away_the_inboxes(stage)
        await desk.press("enter")
        await desk.sees("not sent")
        await desk.press("ctrl+q")
        await desk.sees("Leave now?")
        await desk.press("enter")
        await desk.sees_no("Leave now?")
        assert desk.app.is_running


async def test_a_large_paste_asks_and_a_hostile_one_is_made_safe(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        desk.inbox.composer.post_message(Paste("a\x1b]52;c;aGk=\x07b\u202ec"))
        await desk.until(lambda: desk.inbox.composer.text.endswith("c"), "pasted")
        assert not set(desk.inbox.composer.text) & {"\x1b", "\x07", "\u202e"}
        desk.inbox.composer.post_message(Paste("x" * 20_000))
        await desk.sees("A large paste")
        await desk.press("escape")
        assert len(desk.inbox.composer.text) < 100


async def test_variables_nobody_filled_are_not_sent_unasked(stage: Stage, tmp_path: Path) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await open_one(desk, stage)
        desk.inbox.composer.insert_text("Hello {{contact.nickname}}!")
        await desk.press("enter")
        await desk.sees("Not everything is filled in")
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.composer.selected_text == "{{contact.nickname}}")
        assert stage.messages_saying("Hello {{contact.nickname}}!") == []
