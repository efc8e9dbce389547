"""How many webhooks a second the bridge accepts, against the barest server that keeps them.

    python -m bench.webhooks serve bare|door FOLDER

is the other end: it prints its port and serves until standard input ends.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.table import Figure, median, percentile

COUNT = 3_000
RUNS = 3
CONNECTIONS = 16
"""As many as a busy Chatwoot has background threads."""
RATIO = 0.4
"""Of the bare server's rate, that ours is to reach."""
DEADLINE_MS = 5_000.0
PATH_SECRET = "a-path-secret-for-benchmarks-of-the-bridge"
WEBHOOKS = Path(__file__).parents[1] / "tests/data/recordings/4.10.1/webhooks.jsonl.gz"


def bodies(count: int) -> list[bytes]:
    """A recorded `message_created`, over and over with ids of their own, in 200 conversations."""
    with gzip.open(WEBHOOKS, "rt", encoding="utf-8") as rows:
        recorded = next(
            row["body"]
            for row in map(json.loads, rows)
            if row["body"]["event"] == "message_created" and row["body"]["message_type"] != 3
        )
    made = []
    for number in range(count):
        conversation = {**recorded["conversation"], "id": 1 + number % 200}
        body = {**recorded, "id": 1_000_000 + number, "conversation": conversation}
        made.append(json.dumps(body).encode())
    return made


# --- the two servers -----------------------------------------------------------------------------


def bare_app(folder: Path) -> Starlette:
    """Starlette and one insert, committed before the answer."""
    database = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("CREATE TABLE hooks (id INTEGER PRIMARY KEY, body BLOB)")

    async def keep(request: Request) -> Response:
        database.execute("INSERT INTO hooks (body) VALUES (?)", (await request.body(),))
        return Response()

    return Starlette(routes=[Route("/hooks/chatwoot/{token}", keep, methods=["POST"])])


async def door_app(folder: Path) -> Starlette:
    """The bridge's own door and keeper, on a CRM of its own."""
    from revivatui.bridge import inbox
    from revivatui.bridge.opening import make_tables
    from revivatui.bridge.receiver import Keeper, Receiver, create_app, delivery_of
    from revivatui.bridge.signing import Door
    from revivatui.crm.store import Store

    store = await Store.open(folder / "crm.sqlite3")
    await make_tables(store)
    keeper = Keeper(store, inbox.put, time.time, lambda: None)
    _RUNNING.append(asyncio.create_task(keeper.run()))

    async def health() -> tuple[bool, object]:
        return True, {}

    door = Door(token=PATH_SECRET)
    return create_app(Receiver(door, keeper, delivery_of(1), 1, time.time), health)


_RUNNING: list[asyncio.Task[None]] = []


async def serve(kind: str, folder: Path) -> None:
    app = bare_app(folder) if kind == "bare" else await door_app(folder)
    config = uvicorn.Config(
        app, port=0, log_level="error", access_log=False, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.should_exit = True
    await task


@contextmanager
def serving(kind: str) -> Iterator[tuple[int, Path]]:
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-hooks-") as name:
        argv = [sys.executable, "-m", "bench.webhooks", "serve", kind, name]
        pipe = subprocess.PIPE
        with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as child:
            assert child.stdout is not None
            assert child.stdin is not None
            yield int(child.stdout.readline()), Path(name)
            child.stdin.close()


# --- the deliverer -------------------------------------------------------------------------------


async def deliver(port: int, made: Sequence[bytes]) -> tuple[float, list[float]]:
    """Send them all; gives deliveries a second and how long each took, in milliseconds."""
    head = (
        f"POST /hooks/chatwoot/{PATH_SECRET} HTTP/1.1\r\nHost: bridge.example.com\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    )
    waiting = iter(made)
    took: list[float] = []

    async def send() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            started = time.perf_counter()
            writer.write(head.format(len(body)).encode() + body)
            status = await reader.readline()
            answer = await reader.readuntil(b"\r\n\r\n")
            length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
            if b" 200 " not in status:
                raise RuntimeError(f"not accepted: {status.decode()}")
            took.append((time.perf_counter() - started) * 1000)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return len(made) / (time.perf_counter() - started), took


def measured(kind: str, made: Sequence[bytes]) -> tuple[float, list[float]]:
    with serving(kind) as (port, folder):
        rate, took = asyncio.run(deliver(port, made))
        if kind == "door":
            held = _held(folder / "crm.sqlite3")
            if held != len(made):
                raise RuntimeError(f"{len(made)} were accepted and {held} kept")
    return rate, took


def _held(crm: Path) -> int:
    database = sqlite3.connect(crm)
    try:
        return int(database.execute("SELECT count(*) FROM bridge_inbox").fetchone()[0])
    finally:
        database.close()


def webhook_figures() -> Iterator[Figure]:
    made = bodies(COUNT)
    bare, door = [], []
    took: list[float] = []
    for _ in range(RUNS):  # in turn, so that what else the machine does meets both
        bare.append(measured("bare", made)[0])
        rate, times = measured("door", made)
        door.append(rate)
        took += times
    ratio = median(door) / median(bare)
    yield Figure("webhooks/s, Starlette and one insert alone", median(bare), "1/s")
    yield Figure(
        "webhooks/s, the bridge's door", median(door), "1/s", median(bare), note=f"{ratio:.2f}"
    )
    yield Figure("one webhook kept and answered, p99", percentile(took, 0.99), "ms", bound=100.0)
    yield Figure(
        "bare rate over the door's", median(bare) / median(door), "", bound=1 / RATIO,
        note=f"the door is to reach {RATIO:g} of it",
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[2], Path(sys.argv[3])))
