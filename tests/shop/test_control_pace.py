"""The real pace is the recorded one: as slow in answers, as late and disordered in events."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from pathlib import Path
from statistics import median

import httpx
import pytest
from websockets.asyncio.client import connect

from revivatui.shop.control import ControlServer
from revivatui.shop.jobs import Job
from revivatui.shop.pace import FAILED_BURST, SPEEDS, Pace, kind_of
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, create_shop

RECORDINGS = Path(__file__).parent.parent / "data" / "recordings"
POST = "/api/v1/accounts/1/conversations/7/messages"
VERSIONS = ("3.9.0", "4.10.1")
TURNS = 60
NAMES = {
    "open": "conversations open p1",
    "all": "conversations all p1",
    "deep": "conversations all p150",
    "counts": "conversations meta",
    "recent": "updated_within 3600",
    "endless": "updated_within 60 days",
    "conversation": "one conversation",
    "messages": "messages (20)",
    "post message": "post message",
    "search": "search all",
    "search messages": "search messages",
    "filter": "filter",
    "agents": "agents  ",
    "read": "profile",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_speeds_are_those_that_were_measured(version: str) -> None:
    lines = (RECORDINGS / version / "latency.txt").read_text().splitlines()
    for kind, name in NAMES.items():
        words = next(line for line in lines if line.startswith(name)).split()
        assert float(words[words.index("p50") + 1]) == SPEEDS[version][kind].p50, kind


@pytest.mark.parametrize(
    ("method", "path", "params", "kind"),
    [
        ("GET", "conversations", {}, "open"),
        ("GET", "conversations", {"status": "all", "page": "1"}, "all"),
        ("GET", "conversations", {"status": "all", "page": "3"}, "deep"),
        ("GET", "conversations", {"updated_within": "60"}, "recent"),
        ("GET", "conversations", {"updated_within": "5184000"}, "endless"),
        ("GET", "conversations/meta", {}, "counts"),
        ("GET", "conversations/7", {}, "conversation"),
        ("GET", "conversations/7/messages", {"before": "9"}, "messages"),
        ("POST", "conversations/7/messages", {}, "post message"),
        ("POST", "conversations/filter", {}, "filter"),
        ("POST", "conversations/7/labels", {}, "write"),
        ("GET", "search/messages", {}, "search messages"),
        ("GET", "labels", {}, "read"),
    ],
)
def test_each_request_has_the_speed_of_its_sort(
    method: str, path: str, params: dict[str, str], kind: str
) -> None:
    assert kind_of(method, f"/api/v1/accounts/1/{path}", params) == kind


@pytest.mark.parametrize("version", VERSIONS)
def test_the_median_answer_takes_the_measured_time(version: str) -> None:
    pace = Pace(version, seed=5)
    times = [
        pace.request("GET", "/api/v1/accounts/1/conversations", {}, 0.0)[0] for _ in range(400)
    ]
    assert median(times) * 1000 == pytest.approx(SPEEDS[version]["open"].p50, rel=0.02)
    assert max(times) * 1000 <= SPEEDS[version]["open"].most * 1.01


def lateness(pace: Pace, count: int) -> list[float]:
    """Seconds from the answer to the event, of requests far apart."""
    found = []
    for number in range(count):
        pace.request("POST", POST, {}, number * 10.0)
        job = Job("cable", lambda: None, "message.created")
        found.append(pace.job(job, number * 10.0, 0) - pace.answer_after())
    return found


@pytest.mark.parametrize(
    ("version", "half", "most"), [("3.9.0", 0.023, 0.9), ("4.10.1", 0.02, 0.6)]
)
def test_a_third_to_a_half_of_own_events_come_before_the_answer(
    version: str, half: float, most: float
) -> None:
    late = lateness(Pace(version, seed=5), 2000)
    assert 0.29 <= sum(one < 0 for one in late) / len(late) <= 0.5
    assert abs(median(late) - half) < 0.04
    assert max(late) < most


@pytest.mark.parametrize("version", VERSIONS)
def test_one_to_two_percent_of_events_in_a_burst_overtake_another(version: str) -> None:
    pace = Pace(version, seed=5)
    ready = []
    for number in range(3000):
        now = number * 0.05
        pace.request("POST", POST, {}, now)
        ready.append(now + pace.job(Job("cable", lambda: None, "message.created"), now, 0))
    overtaken = sum(one > other for one, other in pairwise(ready))
    assert 0.001 <= overtaken / len(ready) <= 0.03


def test_a_refused_webhook_is_told_late_after_a_burst_and_soon_when_idle() -> None:
    pace = Pace("4.10.1", seed=5)
    job = Job("webhook", lambda: None, "http://127.0.0.1:9/api-inbox")
    low, high = FAILED_BURST["4.10.1"]
    assert low <= pace.job(job, 0.0, pending=500) <= high
    assert pace.job(job, 0.0, pending=3) < 0.2


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    assert lateness(Pace("4.10.1", 1), 50) == lateness(Pace("4.10.1", 1), 50)
    assert lateness(Pace("4.10.1", 1), 50) != lateness(Pace("4.10.1", 2), 50)


async def test_over_real_sockets_answers_are_slow_and_events_on_both_sides_of_them() -> None:
    ada = Person("Ada", "ada@example.com", "administrator", "Password1!", "ada-token", "ada-pubsub")
    identifier = json.dumps(
        {"channel": "RoomChannel", "pubsub_token": "ada-pubsub", "account_id": 1, "user_id": 1}
    )
    headers = {"api_access_token": "ada-token"}
    loop = asyncio.get_running_loop()
    async with (
        ShopServer(create_shop("3.9.0", people=[ada])) as server,
        ControlServer(server, seed=4) as control,
        httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as rest,
        connect(f"ws{server.url[4:]}/cable", proxy=None) as socket,
    ):
        await socket.send(json.dumps({"command": "subscribe", "identifier": identifier}))
        at = "/api/v1/accounts/1"
        channel = {"type": "api", "webhook_url": ""}
        inbox = (await rest.post(at + "/inboxes", json={"name": "A", "channel": channel})).json()
        client = f"/public/api/v1/inboxes/{inbox['inbox_identifier']}/contacts"
        contact = (await rest.post(client, json={"name": "Bea"})).json()
        chat = f"{client}/{contact['source_id']}/conversations"
        number = (await rest.post(chat, json={})).json()["id"]
        control.control.pace({"pace": "real"})
        heard: dict[str, float] = {}
        all_heard = asyncio.Event()

        async def listen() -> None:
            async for text in socket:
                frame = json.loads(text).get("message")
                if isinstance(frame, dict) and frame["event"] == "message.created":
                    heard[frame["data"]["content"]] = loop.time()
                if len(heard) == TURNS:
                    all_heard.set()
                    return

        ears = asyncio.create_task(listen())
        answered: dict[str, float] = {}
        for turn in range(TURNS):
            body = {"content": f"turn {turn}"}
            start = loop.time()
            await rest.post(f"{at}/conversations/{number}/messages", json=body)
            answered[f"turn {turn}"] = loop.time()
            assert answered[f"turn {turn}"] - start > 0.03
        await asyncio.wait_for(all_heard.wait(), 10)
        before = sum(heard[text] < answered[text] for text in answered)
        print("seed 4, own events before their answers:", before, "of", TURNS)
        assert 0 < before < TURNS
        await ears
