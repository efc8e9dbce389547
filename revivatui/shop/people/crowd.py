"""Sends customers in, one after the other, and lets the colleagues work."""

from __future__ import annotations

import asyncio
import contextlib
from random import Random
from typing import TYPE_CHECKING, Any, Self

import httpx

from revivatui.shop.people import tempo
from revivatui.shop.people.chatter import Talk
from revivatui.shop.people.colleague import ColleagueActor, Desk
from revivatui.shop.people.customer import CustomerActor, Persona
from revivatui.shop.people.doors import App, Door, Website
from revivatui.shop.people.tempo import TEMPOS, Tempo
from revivatui.shop.seed import sign_ins
from revivatui.shop.seed.catalogue import DEVICES
from revivatui.shop.seed.customers import make_names
from revivatui.shop.seed.pictures import photos
from revivatui.shop.seed.talk import Language, scenarios, slots

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
        colleagues: list[Desk],
        inbox_identifier: str,
        website_token: str,
        pace: Tempo,
        seed: int,
    ) -> None:
        self._url = url
        self._own = own
        self._colleagues = colleagues
        self._inbox_identifier = inbox_identifier
        self._website_token = website_token
        self._pace = pace
        self._seed = seed
        self._random = Random(f"people {seed}")
        self._names = make_names(seed + 2_000_000, _NAMES)
        self._photos = photos(Random(seed))
        self._talks: dict[int, Talk] = {}
        self._arrived = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)

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
            colleagues=[desk for desk in desks if desk.id != own_id],
            inbox_identifier=shop.db.where("channel_api")[0]["identifier"],
            website_token=shop.db.where("channel_web_widgets")[0]["website_token"],
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
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    def _start(self, work: Any) -> None:
        self._tasks.add(asyncio.create_task(work))

    async def _send_customers(self) -> None:
        """One place in the shop: when a customer leaves it the next one comes."""
        while True:
            await asyncio.sleep(self._random.uniform(*tempo.ARRIVE) * self._pace.factor)
            with contextlib.suppress(httpx.HTTPError):
                actor = await self._next_customer()
                try:
                    await self._follow(actor)
                finally:
                    actor.talk.is_settled = True

    async def _follow(self, actor: CustomerActor) -> None:
        """Play a customer and let the colleagues know the script as soon as there is a chat."""
        playing = asyncio.create_task(actor.play())
        try:
            while not playing.done():
                number = actor.door.conversation_id
                if number is not None:
                    self._talks[number] = actor.talk
                await asyncio.wait({playing}, timeout=0.5 * self._pace.factor)
            playing.result()
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    async def _next_customer(self) -> CustomerActor:
        self._arrived += 1
        random = Random(f"customer {self._seed} {self._arrived}")
        if random.random() < 0.35 and (known := await self._somebody_known(random)):
            door, persona, device = known
        else:
            name, _, language = self._names[self._arrived % _NAMES]
            email = f"visitor.{self._seed}.{self._arrived}@example.org"
            persona = Persona(name, email if random.random() < 0.7 else None, language)
            door, device = self._new_door(random), None
        talk = _talk(random, persona, device)
        return CustomerActor(self._url, door, persona, talk, random, self._pace, self._photos)

    def _new_door(self, random: Random) -> Door:
        if random.random() < 0.6:
            return Website(self._http, self._website_token)
        return App(self._http, self._inbox_identifier)

    async def _somebody_known(self, random: Random) -> tuple[Door, Persona, str | None] | None:
        """A customer of the app whose open chat is there already, best one of the own agent's."""
        answer = await self._http.get(
            "/api/v1/accounts/1/conversations",
            params={"assignee_type": random.choice(("me", "me", "all"))},
            headers={"api_access_token": self._own.token},
        )
        answer.raise_for_status()
        chats = [
            one
            for one in answer.json()["data"]["payload"]
            if one["meta"]["channel"] == "Channel::Api"
            and one["messages"]
            and (one["id"] not in self._talks or self._talks[one["id"]].is_settled)
        ]
        if not chats:
            return None
        chat = random.choice(chats)
        sender = chat["meta"]["sender"]
        preferred = sender["custom_attributes"].get("preferred_language")
        language: Language = "pt" if preferred == "pt" else "en"
        source_id = chat["messages"][0]["conversation"]["contact_inbox"]["source_id"]
        door = App(self._http, self._inbox_identifier, source_id, chat["id"])
        persona = Persona(sender["name"], None, language, returning=True)
        before = self._talks.get(chat["id"])
        known = before.values["device"] if before else chat["custom_attributes"].get("device")
        return door, persona, known


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
