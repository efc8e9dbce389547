"""A customer who meets the bot before the website: asks for an estimate, and then for a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Final

import httpx

from revivatui.shop.people import tempo
from revivatui.shop.people.doors import Website
from revivatui.shop.people.ear import Ear
from revivatui.shop.people.tempo import Tempo
from revivatui.shop.seed.talk import Language

LOOK_SECONDS: Final = 1.0
"""How often it is looked whether a bot is there yet."""
WORDS: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "Hi! How much is a new screen for an iPhone 13?",
        "How long does that take?",
        "Could I talk to a person please? I have one more question.",
    ),
    "pt": (
        "Olá! Quanto custa trocar a bateria de um iPhone 12?",
        "Quanto tempo demora?",
        "Posso falar com uma pessoa, por favor?",
    ),
}


class Guests:
    """Come one after the other, while a bot is there; now one, now the other language."""

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        website_token: str,
        bot_is_there: Callable[[], bool],
        random: Random,
        pace: Tempo,
    ) -> None:
        self._url = url
        self._http = http
        self._website_token = website_token
        self._bot_is_there = bot_is_there
        self._random = random
        self._pace = pace

    async def come(self, names: list[tuple[str, Language]]) -> None:
        """For ever, or until the shop does not answer any more."""
        count = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._bot_is_there():
                continue
            fitting = [name for name, language in names if language == _language(count)]
            name = fitting[count % len(fitting)]
            await self._visit(name, _language(count))
            count += 1
            await asyncio.sleep(self._random.uniform(*tempo.PATIENCE) * self._pace.factor)

    async def _visit(self, name: str, language: Language) -> None:
        door = Website(self._http, self._website_token)
        await door.open(name, None)
        async with Ear(self._url, {"pubsub_token": door.pubsub_token}) as ear:
            for words in WORDS[language]:
                await asyncio.sleep(self._random.uniform(*tempo.READ) * self._pace.factor)
                await door.say(words)
                if not await self._answered(ear):
                    return

    async def _answered(self, ear: Ear) -> bool:
        """Whether somebody answered while the patience lasted."""
        patience = self._random.uniform(*tempo.PATIENCE) * self._pace.factor
        until = asyncio.get_running_loop().time() + patience
        while True:
            left = until - asyncio.get_running_loop().time()
            event = await ear.next(max(0.0, left))
            if event is None:
                return False
            name, data = event
            if name == "message.created" and data.get("message_type") == 1:
                return True


def _language(count: int) -> Language:
    return "pt" if count % 2 else "en"
