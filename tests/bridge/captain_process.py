"""A bridge with captain in a process of its own, as `revivatui bridge run` starts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from revivatui.shop.db import Row
from revivatui.shop.tokens import new_token
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.captains import CAPTAIN_SECRET, Chat, inbox_of, new_conversation
from tests.support.shops import Stage

WAITING: Final = ("captain_turns", "captain_sayings")


class CaptainProcess(BridgeProcess):
    """Its bot stands before the shop's API inbox."""

    def __init__(self, stage: Stage, home: Path, *, wait_seconds: float = 0.2) -> None:
        super().__init__(stage, home)
        with (home / "revivatui.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[bridge.captain]\non = true\nwait_seconds = {wait_seconds}\n")
        self.inbox = inbox_of(stage)
        self.token = new_token()
        place_bot(stage, self.inbox, self.captain_hook, self.token)

    @property
    def captain_hook(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/captain/{CAPTAIN_SECRET}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "REVIVATUI_CAPTAIN_TOKEN": self.token,
            "REVIVATUI_CAPTAIN_PATH_SECRET": CAPTAIN_SECRET,
        }

    def new_chat(self) -> Chat:
        return Chat(self.stage, new_conversation(self.stage, self.inbox))

    def waiting(self) -> int:
        question = "SELECT count(*) FROM {} WHERE state = 'new'"
        own = sum(self.ask(question.format(table))[0][0] for table in WAITING)
        return super().waiting() + int(own)


def place_bot(stage: Stage, inbox: Row, url: str, token: str) -> int:
    """A bot before an inbox, as an administrator puts it there."""
    db, now = stage.shop.db, stage.shop.now()
    at: dict[str, Any] = {"created_at": now, "updated_at": now}
    bot = db.insert(
        "agent_bots", account_id=1, name="Captain", outgoing_url=url, bot_type="webhook", **at
    )
    db.insert("access_tokens", owner_type="AgentBot", owner_id=bot, token=token, **at)
    db.insert("agent_bot_inboxes", account_id=1, inbox_id=inbox["id"], agent_bot_id=bot, **at)
    return bot
