"""Many events, several workers, one of them killed in the middle: the end is that of one alone.

    python -m tests.bridge.growth --count 10000 [--freeze]

A shop lives a life of which no bridge hears. Then all that its webhooks told is delivered to a
bridge with a SQLite file, which works it off alone, and to one in PostgreSQL, whose work is left to
three processes of `revivatui bridge work`. One is killed with -9 when a third is done. Both CRMs
must be the same. Needs a PostgreSQL; see CONTRIBUTING.md.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import func, select

from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.state.records import dataclass
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import add_webhook, forget_the_past
from tests.bridge.disorder import Life
from tests.bridge.stands import Body, Stand, differences, picture, sink, stand
from tests.crm import postgres
from tests.support.shops import Stage, Template, make_template, running_shop

WORKERS = 3
SEED = 31
_IN_ONE_GO = 100
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """`found` is what differs, a line each; `at_the_kill` how many events were done when one worker
    died; times in seconds, the last one until the writes to Chatwoot were done too."""

    events: int
    at_the_kill: int
    alone: float
    together: float
    all_written: float
    comments: int
    writes: int
    found: list[str]


async def grow(
    template: Template,
    folder: Path,
    url: str,
    count: int,
    *,
    freeze: bool = False,
    told: Callable[[str], None] = print,
) -> Outcome:
    """Everything, in an empty database of PostgreSQL. With `freeze` a second worker stands still
    from the kill until all is done, and comes back then."""
    async with running_shop(template, folder / "shop") as stage:
        forget_the_past(stage)
        bodies = await lived(stage, count)
        told(f"{len(bodies)} webhooks were told")
        async with stand(stage, folder / "crm.sqlite3") as alone, stand(stage, url) as together:
            await _deliver(alone, bodies)
            await _deliver(together, bodies)
            events = await waiting(together, INBOX)
            told(f"{events} events wait")
            begun = time.monotonic()
            await alone.work()
            took_alone = time.monotonic() - begun
            told(f"one has worked for {took_alone:.1f} s")
            at_the_kill, took, written = await _work_together(
                stage, folder, url, together, freeze, told
            )
            wanted, got = await picture(alone.bridge), await picture(together.bridge)
            found = [
                *differences(wanted, got),
                *(f"alone: {one}" for one in await alone.waiting()),
                *(f"together: {one}" for one in await together.waiting()),
            ]
            writes = await _count(together, OUTBOX, "done")
            found += [f"a write is {one}" for one in await _not_done(together)]
            comments = int(got["count of comments"])
            return Outcome(events, at_the_kill, took_alone, took, written, comments, writes, found)


async def lived(stage: Stage, count: int) -> list[Body]:
    """What webhooks told of a shop's life, about so many of them."""
    async with sink() as door:
        add_webhook(stage, door.url)
        life = Life(stage, SEED)
        while len(door.bodies) < count:
            for _ in range(20):
                life.step()
            await stage.shop.worker.drain()
        stage.shop.db.execute("DELETE FROM webhooks")
        return door.take()[:count]


async def _deliver(there: Stand, bodies: Sequence[Body]) -> None:
    for start in range(0, len(bodies), _IN_ONE_GO):
        await there.deliver(bodies[start : start + _IN_ONE_GO])


async def waiting(there: Stand, *tables: object) -> int:
    return sum([await _count(there, one, "new") for one in tables])


async def _count(there: Stand, table: object, state: str) -> int:
    assert table in (INBOX, OUTBOX)
    rows = OUTBOX if table is OUTBOX else INBOX
    async with there.bridge.store.reading() as reader:
        row = await reader.row(select(func.count()).select_from(rows).where(rows.c.state == state))
    return int(row[0]) if row is not None else 0


async def _not_done(there: Stand) -> list[str]:
    async with there.bridge.store.reading() as reader:
        rows = await reader.rows(select(OUTBOX).where(OUTBOX.c.state != "done"))
    return [f"{row.state}: {row.type} {row.error}" for row in rows]


async def _work_together(
    stage: Stage,
    folder: Path,
    url: str,
    there: Stand,
    freeze: bool,
    told: Callable[[str], None],
) -> tuple[int, float, float]:
    workers = [BridgeProcess(stage, folder / f"home{number}", crm=url) for number in range(WORKERS)]
    total = await waiting(there, INBOX)
    begun = time.monotonic()
    try:
        await asyncio.gather(*(one.start("work") for one in workers))
        while (left := await waiting(there, INBOX)) > total * 2 / 3:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)
        assert left, "they were done before one could be killed"
        await workers[0].kill()
        if freeze:
            workers[1].send(signal.SIGSTOP)
        told(f"one of {WORKERS} workers was killed with {left} of {total} events left")
        while await waiting(there, INBOX):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)
        took = time.monotonic() - begun
        told(f"all events are done after {took:.1f} s")
        if freeze:
            workers[1].send(signal.SIGCONT)
        while await waiting(there, INBOX, OUTBOX):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)
        written = time.monotonic() - begun
        assert [await one.stop() for one in workers[1:]] == [0] * (WORKERS - 1)
    finally:
        for one in workers:
            await one.kill()
    for one in workers if not freeze else workers[2:]:
        assert "Traceback" not in one.log(), one.log()
    return total - left, took, written


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--freeze", action="store_true", help="let another one stand still")
    given = options.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="revivatui-growth-") as name,
        postgres.server() as server,
        postgres.database(server) as url,
    ):
        folder = Path(name)
        template = make_template("4.10.1", folder / "template")
        outcome = asyncio.run(grow(template, folder, url, given.count, freeze=given.freeze))
    for line in outcome.found[:20]:
        print(line)
    print(
        f"{outcome.events} events: one worker alone {outcome.alone:.1f} s, {WORKERS} with one"
        f" killed after {outcome.at_the_kill} {outcome.together:.1f} s, {outcome.writes} writes to"
        f" Chatwoot after {outcome.all_written:.1f} s; {outcome.comments} comments,"
        f" {len(outcome.found)} differences"
    )
    return 1 if outcome.found else 0


if __name__ == "__main__":
    sys.exit(main())
