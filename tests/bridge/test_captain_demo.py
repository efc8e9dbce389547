"""`revivatui demo --captain` without its desk: shop, CRM and bridge, each a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from revivatui.bridge_demo import bridge_beside
from revivatui.cli_demo import PLACE
from tests.bridge.demo_chain import Chain, running_chain


@pytest.fixture
def version() -> str:
    return "4.10.1"


class Visitor:
    """Somebody who comes new to the shop's website."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        token = next(
            one["website_token"]
            for one in chain.as_administrator("inboxes")["payload"]
            if one["channel_type"] == "Channel::WebWidget"
        )
        self._query = {"website_token": token}
        made = chain.http.post("/api/v1/widget/config", params=self._query).raise_for_status()
        auth = made.json()["website_channel_config"]["auth_token"]
        self._headers = {"X-Auth-Token": auth}
        self.conversation = 0

    def writes(self, words: str) -> None:
        message = {"content": words, "referer_url": "https://shop.example.com/"}
        if self.conversation:
            self._post("messages", {"message": message})
            return
        contact = {"name": "Rita Example", "email": None}
        made = self._post("conversations", {"contact": contact, "message": message})
        self.conversation = made["id"]

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.chain.http.post(
            f"/api/v1/widget/{path}", params=self._query, headers=self._headers, json=body
        )
        return answer.raise_for_status().json()

    def heard(self) -> list[dict[str, Any]]:
        """What the bot wrote in the chat, notes too."""
        found = self.chain.as_administrator(f"conversations/{self.conversation}/messages")
        return [
            one for one in found["payload"] if (one.get("sender") or {}).get("type") == "agent_bot"
        ]

    def status(self) -> str:
        return str(self.chain.as_administrator(f"conversations/{self.conversation}")["status"])


def test_a_visitor_gets_an_estimate_and_then_a_person(tmp_path: Path) -> None:
    with running_chain(tmp_path) as chain:
        log = chain.paths.logs / "bridge.log"
        running = bridge_beside(chain.crm, chain.shop, PLACE, log, first_days=1, nice=0,
                                captain=True)  # fmt: skip
        with running as beside:
            chain.until(lambda: beside.trouble or has_bot(chain), "a bot before the website")
            assert not beside.trouble, log.read_text()
            chain.at_rest()
            visitor = Visitor(chain)
            visitor.writes("Hi! How much is a new screen for an iPhone 13?")
            chain.until(visitor.heard, "an answer")
            [estimate] = visitor.heard()
            assert "EUR" in estimate["content"]
            assert "the final quote comes after the diagnosis" in estimate["content"]
            assert visitor.status() == "pending"
            visitor.writes("Could I talk to a person please?")
            chain.until(lambda: visitor.status() == "open", "a person")
            *_, farewell, note = visitor.heard()
            assert "colleague" in farewell["content"]
            assert note["private"]
            assert "The customer asks for a person." in note["content"]
            assert "How much is a new screen for an iPhone 13?" in note["content"]


def has_bot(chain: Chain) -> bool:
    inbox = next(
        one["id"]
        for one in chain.as_administrator("inboxes")["payload"]
        if one["channel_type"] == "Channel::WebWidget"
    )
    try:
        return "agent_bot" in chain.as_administrator(f"inboxes/{inbox}/agent_bot")
    except httpx.HTTPError:
        return False
