"""One simulated customer in one chat: writes, waits, reacts, goes away, comes back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from revivatui.shop.people import tempo
from revivatui.shop.people.chatter import Talk, intent_of, phrase
from revivatui.shop.people.doors import Door
from revivatui.shop.people.ear import Ear
from revivatui.shop.people.tempo import Tempo
from revivatui.shop.seed.pictures import MadeFile
from revivatui.shop.seed.talk import Language

_MOST_ANSWERS: Final = 7
_SURVEY: Final = "input_csat"


@dataclass(frozen=True, slots=True)
class Persona:
    """Who writes. ``returning``: the conversation is there already.

    ``heard``: what the shop said last, when that is why the customer comes back.
    """

    name: str
    email: str | None
    language: Language
    returning: bool = False
    heard: str | None = None


class CustomerActor:
    """Plays one customer until they leave for good. Ends with ``httpx.HTTPError`` when the shop
    does not answer any more."""

    def __init__(
        self,
        url: str,
        door: Door,
        persona: Persona,
        talk: Talk,
        random: Random,
        pace: Tempo,
        photos: list[MadeFile],
    ) -> None:
        self.talk = talk
        self.door = door
        self._url = url
        self._persona = persona
        self._random = random
        self._pace = pace
        self._photos = photos
        self._answers = 0
        self._nudges = 0

    async def play(self) -> None:
        """From the first word to the last."""
        await self.door.open(self._persona.name, self._persona.email)
        async with self._ear() as ear:
            if await self._begin():
                await self._chat(ear)
        if await self._come_back():
            async with self._ear() as ear:
                await self._write(self._phrase("return"))
                await self._chat(ear)

    async def _chat(self, ear: Ear) -> None:
        """Talk until there is nothing more to say, then stay for the survey."""
        while await self._stay(ear):
            pass
        self.talk.is_settled = True
        if self._answers:
            survey = await self._hear(ear, surveys_only=True)
            if survey is not None:
                await self._rate(survey)

    def _ear(self) -> Ear:
        return Ear(self._url, {"pubsub_token": self.door.pubsub_token})

    async def _begin(self) -> bool:
        """The first words; False when they were the last."""
        if self._persona.returning:
            self.talk.free = True
        if self._persona.heard is not None:
            return await self._respond(self._persona.heard)
        if self._persona.returning:
            await self._write(self._phrase("back"))
        else:
            for beat, text in self.talk.customers_turn():
                await self._write(text, photo=beat.role == "photo")
        return True

    async def _stay(self, ear: Ear) -> bool:
        """Wait for the shop and react once; False when the customer leaves."""
        heard = await self._hear(ear)
        if heard is None:
            return await self._insist()
        if heard.get("content_type") == _SURVEY:
            await self._rate(heard)
            self._answers = 0
            return False
        return await self._respond(str(heard.get("content") or ""))

    async def _respond(self, words: str) -> bool:
        """Read, think and react; False when the customer has nothing more to say."""
        await self._pause(tempo.READ)
        await self.door.read()
        await self._pause(tempo.THINK)
        self._answers += 1
        if self._answers > _MOST_ANSWERS:
            await self._write(self._phrase("thanks"))
            return False
        return await self._react(words)

    async def _hear(self, ear: Ear, *, surveys_only: bool = False) -> dict[str, Any] | None:
        """The shop's last words, once it stopped writing; None when patience ran out."""
        clock = asyncio.get_running_loop()
        last: dict[str, Any] | None = None
        until = clock.time() + self._seconds(tempo.PATIENCE)
        while (event := await ear.next(max(0.0, until - clock.time()))) is not None:
            name, data = event
            if name == "message.created" and self._is_for_me(data, surveys_only):
                last = data
                until = clock.time() + self._seconds(tempo.READ)
            elif last is not None and name == "conversation.typing_on":
                until = clock.time() + self._seconds(tempo.THINK)
        return last

    def _is_for_me(self, message: dict[str, Any], surveys_only: bool) -> bool:
        """An agent's words or a survey; other templates are no reason to answer."""
        if message.get("conversation_id") != self.door.conversation_id:
            return False
        if message.get("content_type") == _SURVEY:
            return True
        return message.get("message_type") == 1 and not surveys_only

    async def _insist(self) -> bool:
        self._nudges += 1
        if self._nudges > 2 or self._random.random() < 0.4:
            return False
        await self._write(self._phrase("nudge"))
        return True

    async def _react(self, words: str) -> bool:
        if not self.talk.free and self.talk.was_scripted(words):
            turn = self.talk.customers_turn()
            for beat, text in turn:
                await self._write(text, photo=beat.role == "photo")
            return bool(turn) and not self.talk.is_over
        self.talk.free = True
        intent = intent_of(self._persona.language, words)
        await self._write(self._phrase(intent), photo=intent == "photo")
        return intent != "bye"

    async def _rate(self, survey: dict[str, Any]) -> None:
        if self._random.random() < 0.5:
            return
        await self._pause(tempo.THINK)
        rating = self._random.choices((5, 4, 3, 1), (65, 20, 10, 5))[0]
        await self.door.rate(survey["id"], rating, self._phrase("feedback"))

    async def _come_back(self) -> bool:
        """Some go away for a while and are heard of once more."""
        if self._answers == 0 or self._random.random() < 0.7:
            return False
        await self._pause(tempo.AWAY)
        return True

    async def _write(self, text: str, *, photo: bool = False) -> None:
        if self.door.conversation_id is not None:
            await self._type(text)
        if photo and self.door.conversation_id is not None:
            await self.door.send(text, self._random.choice(self._photos))
        else:
            await self.door.say(text)

    async def _type(self, text: str) -> None:
        seconds = len(text) * tempo.TYPE_LETTER
        if self._random.random() < 0.15:
            await self._typing_for(seconds / 3)
            await self._pause(tempo.THINK)
        await self._typing_for(seconds)

    async def _typing_for(self, seconds: float) -> None:
        await self.door.type(True)
        await asyncio.sleep(seconds * self._pace.factor)
        await self.door.type(False)

    def _phrase(self, name: str) -> str:
        return phrase(self._random, self._persona.language, name, self.talk.values)

    def _seconds(self, span: tuple[float, float]) -> float:
        return self._random.uniform(*span) * self._pace.factor

    async def _pause(self, span: tuple[float, float]) -> None:
        await asyncio.sleep(self._seconds(span))
