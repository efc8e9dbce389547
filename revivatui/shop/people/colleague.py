"""One simulated colleague at their own desk: takes chats, answers, leaves notes, resolves.

A colleague never touches a chat that is assigned to the demo's own agent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from revivatui.shop.clients import ONE_IDLE
from revivatui.shop.people import tempo
from revivatui.shop.people.chatter import Talk, phrase, phrases
from revivatui.shop.people.ear import Ear
from revivatui.shop.people.tempo import Tempo
from revivatui.shop.seed.talk import Language

Conversation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """A member of the shop who can sign in."""

    id: int
    name: str
    token: str = field(repr=False)
    pubsub_token: str = field(repr=False)


class ColleagueActor:
    """Works until cancelled; what the shop refuses is left alone."""

    def __init__(
        self,
        url: str,
        account_id: int,
        desk: Desk,
        own: Desk,
        talks: Mapping[int, Talk],
        random: Random,
        pace: Tempo,
    ) -> None:
        self._url = url
        self._account_id = account_id
        self._desk = desk
        self._own = own
        self._talks = talks
        self._random = random
        self._pace = pace
        self._said: defaultdict[int, set[str]] = defaultdict(set)
        self._http = httpx.AsyncClient(
            base_url=f"{url}/api/v1/accounts/{account_id}",
            headers={"api_access_token": desk.token, "Accept": "application/json"},
            limits=ONE_IDLE,
            trust_env=False,
            timeout=30,
        )

    async def play(self) -> None:
        """Shift after shift: at the desk, then away for a while."""
        identity = {
            "pubsub_token": self._desk.pubsub_token,
            "account_id": self._account_id,
            "user_id": self._desk.id,
        }
        async with self._http:
            while True:
                async with Ear(self._url, identity):
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._seconds(tempo.COLLEAGUE_STAYS)):
                            await self._work()
                await self._pause(tempo.COLLEAGUE_AWAY)

    async def _work(self) -> None:
        while True:
            await self._pause(tempo.COLLEAGUE_PAUSE)
            with contextlib.suppress(httpx.HTTPError):
                await self.act()

    async def act(self) -> None:
        """Do the most pressing thing there is. Raises httpx.HTTPError."""
        mine = await self._list(assignee_type="me", sort_by="waiting_since_asc")
        live = [one for one in mine if one["id"] in self._talks]
        settled = [one for one in live if self._talks[one["id"]].is_settled]
        asked = [one for one in live if one["waiting_since"] and one not in settled]
        if asked:
            await self._answer(asked[0])
        elif settled and self._random.random() < 0.6:
            await self._resolve(settled[0])
        elif self._random.random() < 0.75 and await self._take_one():
            return
        elif mine and self._random.random() < 0.5:
            await self._look_into(self._random.choice(mine))
        elif waiting := [one for one in mine if one["waiting_since"] and one not in settled]:
            await self._answer(self._random.choice(waiting))

    async def _take_one(self) -> bool:
        """Take the live chat that waits longest, if enough are left for the others."""
        free = await self._list(assignee_type="unassigned", sort_by="created_at_desc")
        if len(free) <= self._pace.spare:
            return False
        patience = tempo.COLLEAGUE_LETS_WAIT * self._pace.factor
        latest = max(one["last_activity_at"] for one in free)
        chosen = [
            one
            for one in free
            if one["waiting_since"] and latest - one["waiting_since"] >= patience
        ]
        live = [one for one in chosen if one["id"] in self._talks]
        if not chosen:
            return False
        conversation = live[-1] if live else self._random.choice(chosen)
        if await self._may_touch(conversation["id"]) is None:
            return False
        path = f"/conversations/{conversation['id']}/assignments"
        await self._ask("POST", path, json={"assignee_id": self._desk.id})
        await self._answer(conversation)
        return True

    async def _answer(self, conversation: Conversation) -> None:
        number = conversation["id"]
        talk = self._talks.get(number)
        turn = talk.shops_turn() if talk is not None and not talk.free else []
        if not turn:
            await self._answer_freely(conversation)
        for beat, text in turn:
            await self._write(number, text, private=beat.role == "note")

    async def _answer_freely(self, conversation: Conversation) -> None:
        """Something not yet said in this chat; when all is said it is time to resolve."""
        said = self._said[conversation["id"]]
        left = [one for one in phrases(self._language(conversation), "reply") if one not in said]
        if not left:
            await self._resolve(conversation)
            return
        text = self._random.choice(left)
        said.add(text)
        await self._write(conversation["id"], text)

    async def _look_into(self, conversation: Conversation) -> None:
        """A note for the others, sometimes with a question to the demo's own agent."""
        text = self._phrase(conversation, "note")
        if self._random.random() < 0.3:
            mention = f"[@{self._own.name}](mention://user/{self._own.id}/Agent)"
            text = f"{mention} {self._phrase(conversation, 'mention')}"
        await self._write(conversation["id"], text, private=True)

    async def _resolve(self, conversation: Conversation) -> None:
        if await self._may_touch(conversation["id"]) is not None:
            path = f"/conversations/{conversation['id']}/toggle_status"
            await self._ask("POST", path, json={"status": "resolved"})

    async def _write(self, number: int, text: str, *, private: bool = False) -> None:
        if await self._may_touch(number) is None:
            return
        path = f"/conversations/{number}"
        await self._ask("POST", f"{path}/update_last_seen")
        await self._type(number, on=True, private=private)
        await asyncio.sleep(len(text) * tempo.TYPE_LETTER / 2 * self._pace.factor)
        await self._type(number, on=False, private=private)
        if await self._may_touch(number) is not None:
            body = {"content": text, "private": private}
            await self._ask("POST", f"{path}/messages", json=body)

    async def _type(self, number: int, *, on: bool, private: bool) -> None:
        body = {"typing_status": "on" if on else "off", "is_private": private}
        await self._ask("POST", f"/conversations/{number}/toggle_typing_status", json=body)

    async def _may_touch(self, number: int) -> Conversation | None:
        """The conversation as it is now, unless it is the demo's own agent's."""
        conversation: Conversation = await self._ask("GET", f"/conversations/{number}")
        assignee = conversation["meta"].get("assignee") or {}
        return None if assignee.get("id") == self._own.id else conversation

    async def _list(self, **params: str) -> list[Conversation]:
        answer = await self._ask("GET", "/conversations", params={"status": "open", **params})
        found: list[Conversation] = answer["data"]["payload"]
        return found

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = await self._http.request(method, path, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _phrase(self, conversation: Conversation, name: str) -> str:
        return phrase(self._random, self._language(conversation), name, {})

    def _language(self, conversation: Conversation) -> Language:
        if conversation["id"] in self._talks:
            return self._talks[conversation["id"]].language
        attributes = conversation["meta"]["sender"].get("custom_attributes") or {}
        return "pt" if attributes.get("preferred_language") == "pt" else "en"

    def _seconds(self, span: tuple[float, float]) -> float:
        return self._random.uniform(*span) * self._pace.factor

    async def _pause(self, span: tuple[float, float]) -> None:
        await asyncio.sleep(self._seconds(span))
