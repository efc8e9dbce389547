"""Customers who have a chat already: finds the door through which they come back to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from revivatui.shop.people.customer import Persona
from revivatui.shop.people.doors import App, Door, Website
from revivatui.shop.seed.talk import Language

Chat = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Regulars:
    """Looks chats up as a member of the shop does; ``visitor_token`` gives what the browser of a
    website's visitor has kept, by source id.

    Raises ``httpx.HTTPError`` when the shop does not answer.
    """

    http: httpx.AsyncClient
    token: str
    inbox_identifier: str
    website_token: str
    visitor_token: Callable[[str], str | None]

    async def open_chats(self, random: Random) -> list[Chat]:
        """Open chats of whom the token belongs to, or now and then of everybody."""
        params = {"assignee_type": random.choice(("me", "me", "all"))}
        answer = await self._ask("/api/v1/accounts/1/conversations", params)
        chats: list[Chat] = answer["data"]["payload"]
        return chats

    async def chat(self, number: int) -> Chat:
        """One conversation by its display id."""
        found: Chat = await self._ask(f"/api/v1/accounts/1/conversations/{number}")
        return found

    async def come_back(self, chat: Chat) -> tuple[Door, Persona] | None:
        """The customer of a chat and their door; None for e-mails and for older chats."""
        if not chat["messages"]:
            return None
        source_id = chat["messages"][0]["conversation"]["contact_inbox"]["source_id"]
        door: Door | None = None
        if chat["meta"]["channel"] == "Channel::Api":
            door = App(self.http, self.inbox_identifier, source_id, chat["id"])
        elif chat["meta"]["channel"] == "Channel::WebWidget":
            kept = self.visitor_token(source_id)
            website = Website(self.http, self.website_token, kept)
            # A visitor's browser shows the latest conversation only.
            if kept is not None and await website.find() == chat["id"]:
                door = website
        if door is None:
            return None
        sender = chat["meta"]["sender"]
        preferred = (sender.get("custom_attributes") or {}).get("preferred_language")
        language: Language = "pt" if preferred == "pt" else "en"
        return door, Persona(sender["name"], None, language, returning=True)

    async def _ask(self, path: str, params: dict[str, str] | None = None) -> Any:
        headers = {"api_access_token": self.token}
        answer = await self.http.get(path, params=params, headers=headers)
        answer.raise_for_status()
        return answer.json()
