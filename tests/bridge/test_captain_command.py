"""`revivatui bridge captain` and `bridge setup --captain` as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui.bridge import captain_settings
from revivatui.bridge.errors import BadBridgeSettings
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.captains import inbox_of
from tests.bridge.test_command import bridge, is_one_plain_line
from tests.support.shops import Stage


async def test_setup_is_told_first_done_when_asked_and_taken_back(
    stage: Stage, tmp_path: Path
) -> None:
    home, inbox = BridgeProcess(stage, tmp_path), inbox_of(stage)
    public = ("--public-url", f"http://127.0.0.1:{home.port}")
    asked = ("setup", "--captain", "--inbox", str(inbox["id"]), *public)
    told = await bridge(home, *asked)
    assert told.status == 0, told.err
    assert "Would: make the bot 'Captain'" in told.out
    assert stage.shop.db.where("agent_bots", account_id=1) == []
    done = await bridge(home, *asked, "--yes")
    assert done.status == 0, done.err
    [bot] = stage.shop.db.where("agent_bots", account_id=1)
    assert bot["outgoing_url"].startswith(f"http://127.0.0.1:{home.port}/hooks/captain/")
    assert bot["outgoing_url"].rpartition("/")[2] not in done.out
    [token] = stage.shop.db.where("access_tokens", owner_type="AgentBot", owner_id=bot["id"])
    assert token["token"] not in done.out + done.err
    [placed] = stage.shop.db.where("agent_bot_inboxes", inbox_id=inbox["id"])
    assert placed["agent_bot_id"] == bot["id"]
    again = await bridge(home, *asked, "--yes")
    assert "nothing changes" in again.out
    assert len(stage.shop.db.where("agent_bots", account_id=1)) == 1
    undone = await bridge(home, *asked, "--undo", "--yes")
    assert "begin open" in undone.out, undone.err
    assert stage.shop.db.where("agent_bot_inboxes", inbox_id=inbox["id"]) == []


async def test_an_agent_may_not_set_it_up(stage: Stage, tmp_path: Path) -> None:
    home, inbox = BridgeProcess(stage, tmp_path), inbox_of(stage)
    public = ("--public-url", f"http://127.0.0.1:{home.port}")
    asked = ("setup", "--captain", "--inbox", str(inbox["id"]), "--yes", *public)
    refused = await bridge(home, *asked, REVIVATUI_TOKEN=stage.agent["token"])
    assert refused.status == 1
    assert is_one_plain_line(refused.err)
    assert stage.shop.db.where("agent_bots", account_id=1) == []


async def test_what_cannot_be_set_up_is_said_plainly(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path)
    public = ("--public-url", f"http://127.0.0.1:{home.port}")
    for asked, words in (
        (("setup", "--captain", *public), "which inbox"),
        (("setup", "--captain", "--inbox", "999", *public), "no inbox 999"),
    ):
        answer = await bridge(home, *asked)
        assert answer.status != 0
        assert words in answer.err
        assert is_one_plain_line(answer.err)


async def test_on_off_and_status(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path)
    none = await bridge(home, "captain", "status")
    assert none.status == 1
    assert is_one_plain_line(none.err)
    home.add_webhook()
    await home.start()
    await home.stop()
    off = await bridge(home, "captain", "off")
    assert off.status == 0, off.err
    assert "switched off by" in off.out
    status = await bridge(home, "captain", "status")
    assert "switched off by" in status.out
    on = await bridge(home, "captain", "on")
    assert "switched off" not in on.out


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"onn": True}, "did you mean 'on'"),
        ({"on": "yes"}, "true or false"),
        ({"turns": 0}, "from 1 to 50"),
        ({"confidence": 2}, "from 0.0 to 1.0"),
        ({"inboxes": ["one"]}, "inboxes' numbers"),
        ([], "must be a table"),
    ],
)
def test_settings_that_cannot_be_name_their_key(table: object, words: str) -> None:
    with pytest.raises(BadBridgeSettings, match=r"bridge\.captain") as error:
        captain_settings.load(table, environ={})
    assert words in str(error.value)


def test_it_is_off_by_itself_and_secrets_show_nowhere() -> None:
    made = captain_settings.load({}, environ={"REVIVATUI_CAPTAIN_TOKEN": "a-secret-token"})
    assert not made.on
    assert made.token == "a-secret-token"
    assert "a-secret-token" not in repr(made)
