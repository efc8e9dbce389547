"""The two doors of customers: the website's widget and the app's public API (contract 9, 10).

Every method raises ``httpx.HTTPError`` when the shop does not answer or refuses.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import httpx

from revivatui.shop.seed.pictures import MadeFile


class Door(ABC):
    """A customer's way into one conversation. ``conversation_id`` is the display id."""

    pubsub_token: str
    conversation_id: int | None = None

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @abstractmethod
    async def open(self, name: str, email: str | None) -> None:
        """Become a contact of the shop; nothing is said yet."""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Write a message; the first one begins the conversation."""

    @abstractmethod
    async def send(self, text: str, file: MadeFile) -> None:
        """Write a message with a file."""

    @abstractmethod
    async def type(self, on: bool) -> None:
        """Begin or stop typing."""

    @abstractmethod
    async def read(self) -> None:
        """Read what the shop wrote."""

    @abstractmethod
    async def rate(self, message_id: int, rating: int, feedback: str) -> None:
        """Answer the survey."""

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = await self._http.request(method, path, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Website(Door):
    """A visitor of the website: new, or one whose browser kept an ``auth_token``."""

    def __init__(
        self, http: httpx.AsyncClient, website_token: str, auth_token: str | None = None
    ) -> None:
        super().__init__(http)
        self._query = {"website_token": website_token}
        self._headers = {"X-Auth-Token": auth_token} if auth_token else {}
        self._contact: dict[str, str] = {}

    async def open(self, name: str, email: str | None) -> None:
        config = await self._widget("POST", "config")
        self._headers = {"X-Auth-Token": config["website_channel_config"]["auth_token"]}
        self.pubsub_token = config["contact"]["pubsub_token"]
        self._contact = {"name": name} | ({"email": email} if email else {})

    async def find(self) -> int | None:
        """The conversation that the visitor's browser shows, now this door's."""
        self.conversation_id = (await self._widget("GET", "conversations")).get("id")
        return self.conversation_id

    async def say(self, text: str) -> None:
        message = {"content": text, "referer_url": "https://shop.example.com/"}
        if self.conversation_id is not None:
            await self._widget("POST", "messages", json={"message": message})
            return
        body = {"contact": self._contact, "message": message}
        self.conversation_id = (await self._widget("POST", "conversations", json=body))["id"]

    async def send(self, text: str, file: MadeFile) -> None:
        files = {"message[attachments][]": (file.name, file.content, file.content_type)}
        await self._widget("POST", "messages", data={"message[content]": text}, files=files)

    async def type(self, on: bool) -> None:
        await self._widget("POST", "conversations/toggle_typing", json=_typing(on))

    async def read(self) -> None:
        await self._widget("POST", "conversations/update_last_seen")

    async def rate(self, message_id: int, rating: int, feedback: str) -> None:
        body = {"message": {"submitted_values": _survey(rating, feedback)}}
        await self._widget("PATCH", f"messages/{message_id}", json=body)

    async def _widget(self, method: str, path: str, **more: Any) -> Any:
        return await self._ask(
            method, f"/api/v1/widget/{path}", params=self._query, headers=self._headers, **more
        )


class App(Door):
    """A customer of the app: new, or one whose ``source_id`` and conversation are known."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        inbox_identifier: str,
        source_id: str | None = None,
        conversation_id: int | None = None,
    ) -> None:
        super().__init__(http)
        self._contacts = f"/public/api/v1/inboxes/{inbox_identifier}/contacts"
        self._source_id = source_id
        self.conversation_id = conversation_id

    async def open(self, name: str, email: str | None) -> None:
        if self._source_id is None:
            body = {"name": name} | ({"email": email} if email else {})
            contact = await self._ask("POST", self._contacts, json=body)
            self._source_id = contact["source_id"]
        else:
            contact = await self._ask("GET", f"{self._contacts}/{self._source_id}")
        self.pubsub_token = contact["pubsub_token"]

    async def say(self, text: str) -> None:
        if self.conversation_id is None:
            chats = f"{self._contacts}/{self._source_id}/conversations"
            self.conversation_id = (await self._ask("POST", chats, json={}))["id"]
        await self._ask("POST", self._chat("/messages"), json={"content": text})

    async def send(self, text: str, file: MadeFile) -> None:
        files = {"attachments[]": (file.name, file.content, file.content_type)}
        await self._ask("POST", self._chat("/messages"), data={"content": text}, files=files)

    async def type(self, on: bool) -> None:
        await self._ask("POST", self._chat("/toggle_typing"), json=_typing(on))

    async def read(self) -> None:
        await self._ask("POST", self._chat("/update_last_seen"))

    async def rate(self, message_id: int, rating: int, feedback: str) -> None:
        body = {"submitted_values": _survey(rating, feedback)}
        await self._ask("PATCH", self._chat(f"/messages/{message_id}"), json=body)

    def _chat(self, path: str) -> str:
        return f"{self._contacts}/{self._source_id}/conversations/{self.conversation_id}{path}"


def _typing(on: bool) -> dict[str, str]:
    return {"typing_status": "on" if on else "off"}


def _survey(rating: int, feedback: str) -> dict[str, Any]:
    return {"csat_survey_response": {"rating": rating, "feedback_message": feedback}}
