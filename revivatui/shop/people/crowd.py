"""Sends customers in, one after the other, and lets the colleagues work."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Self

import httpx

from revivatui.shop.clients import ONE_IDLE
from revivatui.shop.people import tempo
from revivatui.shop.people.chatter import Talk
from revivatui.shop.people.colleague import ColleagueActor, Desk
from revivatui.shop.people.customer import CustomerActor, Persona
from revivatui.shop.people.doors import App, Door, Website
from revivatui.shop.people.ear import Ear
from revivatui.shop.people.guest import Guests
from revivatui.shop.people.regulars import Chat, Regulars
from revivatui.shop.people.tempo import TEMPOS, Tempo
from revivatui.shop.seed import sign_ins
from revivatui.shop.seed.catalogue import DEVICES
from revivatui.shop.seed.customers import make_names
from revivatui.shop.seed.pictures import photos
from revivatui.shop.seed.talk import scenarios, slots

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

_NAMES = 400


class People:
    """Everybody who is simulated; real clients of the shop at ``url``::

    async with People.of_seeded(shop, url, pace="lively", seed=7):
        ...
    """

    def __init__(
        self,
        url: str,
        *,
        own: Desk,
        watcher: Desk,
        colleagues: list[Desk],
        inbox_identifier: str,
        website_token: str,
        visitor_token: Callable[[str], str | None],
        bot_is_there: Callable[[], bool],
        pace: Tempo,
        seed: int,
    ) -> None:
        self._url = url
        self._own = own
        self._watcher = watcher
        self._colleagues = colleagues
        self._pace = pace
        self._seed = seed
        self._random = Random(f"people {seed}")
        self._names = make_names(seed + 2_000_000, _NAMES)
        self._photos = photos(Random(seed))
        self._talks: dict[int, Talk] = {}
        self._arrived = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._http = httpx.AsyncClient(base_url=url, limits=ONE_IDLE, trust_env=False, timeout=30)
        self._guests = Guests(
            url, self._http, website_token, bot_is_there, Random(f"guests {seed}"), pace
        )
        self._regulars = Regulars(
            self._http, own.token, inbox_identifier, website_token, visitor_token
        )

    @classmethod
    def of_seeded(cls, shop: Shop, url: str, *, pace: str | Tempo, seed: int) -> People:
        """The people of a shop made by ``seed_shop``; ``pace`` is a name in ``TEMPOS`` or a tempo.

        Raises:
            ValueError: the shop was not seeded.
            KeyError: no such pace.
        """
        found = sign_ins(shop)
        if found is None:
            raise ValueError("only a seeded shop has people")
        own_id = found["agent"]["id"]
        desks = [
            _desk(shop, row["user_id"]) for row in shop.db.where("account_users", role="agent")
        ]
        return cls(
            url,
            own=next(desk for desk in desks if desk.id == own_id),
            watcher=_desk(shop, found["administrator"]["id"]),
            colleagues=[desk for desk in desks if desk.id != own_id],
            inbox_identifier=shop.db.where("channel_api")[0]["identifier"],
            website_token=shop.db.where("channel_web_widgets")[0]["website_token"],
            visitor_token=partial(_visitor_token, shop),
            bot_is_there=partial(_bot_is_there, shop),
            pace=pace if isinstance(pace, Tempo) else TEMPOS[pace],
            seed=seed,
        )

    async def __aenter__(self) -> Self:
        for position, desk in enumerate(self._colleagues):
            random = Random(f"colleague {self._seed} {position}")
            actor = ColleagueActor(self._url, 1, desk, self._own, self._talks, random, self._pace)
            self._start(actor.play())
        for _ in range(self._pace.customers):
            self._start(self._send_customers())
        self._start(self._watch())
        self._start(self._send_guests())
        return self

    async def __aexit__(self, *exc: object) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.aclose()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_customers(self) -> None:
        """One place in the shop: when a customer leaves it the next one comes."""
        pause = tempo.ARRIVE_FIRST
        while True:
            await asyncio.sleep(self._random.uniform(*pause) * self._pace.factor)
            pause = tempo.ARRIVE
            with contextlib.suppress(httpx.HTTPError):
                await self._follow(await self._next_customer())

    async def _send_guests(self) -> None:
        """Those who come to see the bot of the website, where there is one."""
        names = [(name, language) for name, _, language in self._names]
        while True:
            with contextlib.suppress(httpx.HTTPError):
                await self._guests.come(names)

    async def _follow(self, actor: CustomerActor) -> None:
        """Play a customer and let the colleagues know the script as soon as there is a chat."""
        playing = asyncio.create_task(actor.play())
        try:
            while not playing.done():
                if actor.door.conversation_id is not None:
                    self._talks[actor.door.conversation_id] = actor.talk
                await asyncio.wait({playing}, timeout=0.5 * self._pace.factor)
            playing.result()
        finally:
            actor.talk.is_settled = True
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    async def _next_customer(self) -> CustomerActor:
        self._arrived += 1
        random = Random(f"customer {self._seed} {self._arrived}")
        if random.random() < 0.35 and (known := await self._somebody_known(random)):
            return known
        name, _, language = self._names[self._arrived % _NAMES]
        email = f"visitor.{self._seed}.{self._arrived}@example.org"
        persona = Persona(name, email if random.random() < 0.7 else None, language)
        return self._actor(random, self._new_door(random), persona, None)

    def _new_door(self, random: Random) -> Door:
        if random.random() < 0.6:
            return Website(self._http, self._regulars.website_token)
        return App(self._http, self._regulars.inbox_identifier)

    async def _somebody_known(self, random: Random) -> CustomerActor | None:
        """Somebody whose open chat is there already, best one of the own agent's."""
        chats = [one for one in await self._regulars.open_chats(random) if self._is_idle(one["id"])]
        return await self._regular(random, random.choice(chats)) if chats else None

    async def _regular(
        self, random: Random, chat: Chat, heard: str | None = None
    ) -> CustomerActor | None:
        found = await self._regulars.come_back(chat)
        if found is None:
            return None
        door, persona = found
        before = self._talks.get(chat["id"])
        device = before.values["device"] if before else chat["custom_attributes"].get("device")
        return self._actor(random, door, replace(persona, heard=heard), device)

    def _actor(
        self, random: Random, door: Door, persona: Persona, device: str | None
    ) -> CustomerActor:
        talk = _talk(random, persona, device)
        return CustomerActor(self._url, door, persona, talk, random, self._pace, self._photos)

    def _is_idle(self, number: int) -> bool:
        """Whether nobody plays the customer of that chat now."""
        return number not in self._talks or self._talks[number].is_settled

    async def _watch(self) -> None:
        """When the demo's own agent writes to somebody who is not here, they come back."""
        identity = {
            "pubsub_token": self._watcher.pubsub_token,
            "account_id": 1,
            "user_id": self._watcher.id,
        }
        async with Ear(self._url, identity, ticks=False) as ear:
            while True:
                event = await ear.next()
                if event is None or event[0] != "message.created":
                    continue
                data = event[1]
                own = data.get("sender_type") == "User" and data["sender_id"] == self._own.id
                if own and not data["private"] and self._is_idle(data["conversation_id"]):
                    self._start(self._answer(data["conversation_id"], str(data["content"] or "")))

    async def _answer(self, number: int, words: str) -> None:
        self._arrived += 1
        random = Random(f"customer {self._seed} {self._arrived}")
        with contextlib.suppress(httpx.HTTPError):
            actor = await self._regular(random, await self._regulars.chat(number), heard=words)
            if actor is not None and self._is_idle(number):
                await self._follow(actor)


def _talk(random: Random, persona: Persona, device: str | None) -> Talk:
    scenario = random.choice(scenarios(persona.language))
    kinds = scenario.devices if scenario.devices != ("any",) else ("phone", "laptop", "tablet")
    values = slots(
        random,
        scenario,
        customer=persona.name.split()[0],
        device=device or random.choice(DEVICES[random.choice(kinds)]),
        other_device=random.choice(DEVICES["laptop"]),
    )
    return Talk(scenario, values, random.randrange(6))


def _desk(shop: Shop, user_id: int) -> Desk:
    user = shop.db.get("users", user_id)
    access = shop.db.find("access_tokens", owner_type="User", owner_id=user_id)
    assert user is not None
    assert access is not None
    return Desk(user_id, user["name"], access["token"], user["pubsub_token"])


def _bot_is_there(shop: Shop) -> bool:
    """Whether a bot stands before the website's inbox."""
    inbox = shop.db.find("inboxes", channel_type="Channel::WebWidget")
    placed = shop.db.find("agent_bot_inboxes", inbox_id=inbox["id"]) if inbox else None
    return placed is not None


def _visitor_token(shop: Shop, source_id: str) -> str | None:
    """What the browser of a seeded visitor would have kept."""
    from revivatui.shop.widget import make_token

    row = shop.db.find("contact_inboxes", source_id=source_id)
    return make_token(shop, row) if row else None
