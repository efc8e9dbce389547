"""What asking a model costs beside the model itself, and how soon it is given up.

    python -m bench model

The server answers at once, over real HTTP on this machine: what is left is the desk's own part.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing
from typing import Final

from bench.table import Figure, median, percentile
from revivatui.copilot.facts import Fact, Record
from revivatui.copilot.model import Model, ModelSettings, Prepared, Task
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Moment, Question, Said, Situation
from tests.support.model_server import ModelServer, Play, say

ROUNDS: Final = 100
WARM_UP: Final = 5
CANCEL_MS: Final = 100.0
TEXT: Final = "Your MacBook is ready to collect, and we are open until 18:00 today. " * 3


def long_talk() -> Situation:
    """A conversation and a record as full as they get."""
    said = tuple(
        Said(number, "customer" if number % 2 else "agent", f"message {number} about the Mac " * 8,
             1.7e9 + number)
        for number in range(60)
    )  # fmt: skip
    facts = tuple(
        Fact(f"R-{number}/status", "status", "status", "Ready to collect") for number in range(40)
    )
    name = Fact("customer/name", "name", "name", "Marta Example")
    return Situation(
        Moment(1, 60, "1"), Question("ready?", "en"), said, Record((name, *facts), "1")
    )


def sources() -> tuple[Source, ...]:
    return tuple(
        Source(f"canned:{number}", "canned", "en", "", f"Answer {number}", "It is ready. " * 12)
        for number in range(8)
    )


def prepared(model: Model) -> Prepared:
    return model.prepare(Task.REPLY, long_talk(), sources=sources())


async def first_word(model: Model) -> float:
    """Milliseconds from asking to the first word."""
    made, begun, first = prepared(model), time.perf_counter(), 0.0
    async with aclosing(model.stream(made)) as deltas:
        async for _ in deltas:
            first = first or time.perf_counter() - begun
    return first * 1000


async def given_up(server: ModelServer, model: Model, made: Play) -> tuple[float, float]:
    """Milliseconds from the cancellation until the work has ended, and until the server knows."""
    server.play(made)
    server.left.clear()
    server.begun.clear()
    request = prepared(model)

    async def read() -> None:
        async with aclosing(model.stream(request)) as deltas:
            async for _ in deltas:
                pass

    task = asyncio.create_task(read())
    await server.begun.wait()
    await asyncio.sleep(0.02)
    begun = time.monotonic()
    task.cancel()
    await asyncio.wait({task})
    ended = time.monotonic()
    await server.left.wait()
    return (ended - begun) * 1000, (server.hung_up[-1] - begun) * 1000


async def measured() -> tuple[list[float], list[float], list[float], list[float]]:
    making, first, ended, known = [], [], [], []
    async with ModelServer() as server:
        model = Model(ModelSettings(server.url, quiet_seconds=60.0, total_seconds=60.0))
        server.answers = lambda _: say(TEXT)
        for number in range(ROUNDS + WARM_UP):
            begun = time.perf_counter()
            prepared(model)
            taken = (time.perf_counter() - begun) * 1000
            word = await first_word(model)
            play = Play(end="stall") if number % 2 else say(TEXT * 50, pace=0.005)
            work, seen = await given_up(server, model, play)
            if number >= WARM_UP:
                making.append(taken)
                first.append(word)
                ended.append(work)
                known.append(seen)
        await model.close()
    return making, first, ended, known


def model_figures() -> Iterator[Figure]:
    making, first, ended, known = asyncio.run(measured())
    yield Figure("a request made ready and redacted, p50", median(making), "ms")
    yield Figure("a request made ready and redacted, p95", percentile(making, 0.95), "ms")
    yield Figure("first word of a server that answers at once, p50", median(first), "ms")
    yield Figure("first word of a server that answers at once, p95", percentile(first, 0.95), "ms")
    yield Figure("answer given up: the work has ended, p95", percentile(ended, 0.95), "ms",
                 bound=CANCEL_MS)  # fmt: skip
    yield Figure("answer given up: the server sees it, p50", median(known), "ms")
    yield Figure("answer given up: the server sees it, p95", percentile(known, 0.95), "ms",
                 bound=CANCEL_MS, note=f"most {max(known):.1f} ms of {len(known)}")  # fmt: skip
