"""What single parts of the desk cost: processor time of this process, in headless apps.

    python -m bench parts

The suite holds the same parts by counted calls, which no machine's load changes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from bench.table import Figure, median
from revivatui.shop.seed import make_people, seed_shop
from revivatui.shop.world import create_shop
from revivatui.text.safe import safe
from tests.support.shops import SEED
from tests.ui.list_help import Desk
from tests.ui.thread_help import Pane, message, talk

MANY: Final = 10_000
SIZE: Final = (120, 30)
KEYS: Final = 20
TEXTS: Final = {
    "English": "Hello, my MacBook won't turn on and it is urgent.\n",
    "Portuguese": "Olá, o meu iPhone caiu na água – conseguem ajudar? 😀 não\n",
    "Chinese": "屏幕坏了可以修吗请快一点",
}


def processor_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def best_microseconds(work: Callable[[], object]) -> float:
    """The quickest of many short bursts: what it costs when nothing else runs in between."""
    best = float("inf")
    for _ in range(300):
        begun = time.perf_counter()
        for _ in range(10):
            work()
        best = min(best, time.perf_counter() - begun)
    return best / 10 * 1e6


def cleaning_figures() -> Iterator[Figure]:
    """The baseline is one `str.translate` over as many characters."""
    table = dict.fromkeys(range(9))
    for language, sample in TEXTS.items():
        text = (sample * 100)[:1024]
        plain = best_microseconds(partial(text.translate, table))
        cost = best_microseconds(partial(safe, text))
        yield Figure(f"1 KB of {language} made fit for a terminal", cost, "µs", plain, 10)


async def list_figures() -> list[Figure]:
    app = Desk(MANY)
    async with app.run_test(size=SIZE) as pilot:
        ids = list(range(1, MANY + 1))

        def drawn(work: Callable[[], object]) -> float:
            def both() -> None:
                work()
                for y in range(SIZE[1]):
                    app.inbox.render_line(y)

            return processor_ms(both)

        build = drawn(lambda: app.inbox.show(ids))
        await pilot.pause()
        keys = [drawn(app.inbox.action_cursor_down) for _ in range(KEYS)]
        order = processor_ms(lambda: app.inbox.show([ids[-1], *ids[:-1]]))
    return [
        Figure(f"list of {MANY:,} built and drawn", build, "ms", bound=50),
        Figure("one row down in it, drawn", median(keys), "ms", bound=15, note=f"of {KEYS}"),
        Figure("another order of it", order, "ms", bound=50),
    ]


async def thread_figures() -> list[Figure]:
    messages = talk(MANY)
    app = Pane([])
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.content = replace(app.content, messages=messages)

        def opened() -> None:
            app.thread.show(7)
            for y in range(SIZE[1]):
                app.thread.render_line(y)

        app.thread.show(None)
        opening = processor_ms(opened)
        await pilot.pause()
        app.content = replace(app.content, messages=[*messages, message(MANY + 1, "new")])
        one_more = processor_ms(app.thread.changed)
    return [
        Figure(f"thread of {MANY:,} messages opened and drawn", opening, "ms", bound=200),
        Figure("one more message in it", one_more, "ms", bound=20),
    ]


def seeding_figure() -> Figure:
    """The shop of `--size large`: 10,000 conversations."""
    shop = create_shop(people=make_people(SEED))
    cost = processor_ms(partial(seed_shop, shop, size="large", seed=SEED)) / 1000
    asyncio.run(shop.close())
    return Figure("the large shop made", cost, "s CPU", bound=20)


def part_figures() -> Iterator[Figure]:
    yield from cleaning_figures()
    yield from asyncio.run(list_figures())
    yield from asyncio.run(thread_figures())
    yield seeding_figure()
