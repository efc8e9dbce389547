"""How many frames a second go from the socket into the state, against the barest client there is.

    python -m bench.ingest serve COUNT

is the other end: it prints its port and sends every subscriber COUNT `message.created` frames.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from bench.table import Figure, median

COUNT = 20_000
RUNS = 3
BURST = Path(__file__).parents[1] / "tests/data/recordings/4.10.1/burst.jsonl.gz"


def messages(count: int) -> list[str]:
    """Recorded `message.created` frames, over and over with ids of their own."""
    with gzip.open(BURST, "rt", encoding="utf-8") as rows:
        heard = (row for row in map(json.loads, rows) if row.get("who") == "agent1")
        received = [row["frame"] for row in heard if "frame" in row]
    recorded = [
        frame
        for frame in received
        if isinstance(frame.get("message"), dict) and frame["message"]["event"] == "message.created"
    ]
    made = []
    for number in range(count):
        frame = recorded[number % len(recorded)]
        frame["message"]["data"]["id"] = number + 1
        made.append(json.dumps(frame["message"]))
    return made


async def send_frames(count: int) -> None:
    prepared = messages(count)

    async def talk(socket: ServerConnection) -> None:
        await socket.send('{"type":"welcome"}')
        identifier = json.loads(await socket.recv())["identifier"]
        await socket.send(json.dumps({"identifier": identifier, "type": "confirm_subscription"}))
        head = f'{{"identifier":{json.dumps(identifier)},"message":'
        for text in prepared:
            await socket.send(head + text + "}")
        await socket.wait_closed()

    async with serve(talk, "127.0.0.1", 0, ping_interval=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextmanager
def sender() -> Iterator[int]:
    argv = [sys.executable, "-m", "bench.ingest", "serve", str(COUNT)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        yield int(child.stdout.readline())
        child.stdin.close()


async def bare(port: int) -> float:
    """Frames a second of `websockets` and `json.loads` alone."""
    async with connect(f"ws://127.0.0.1:{port}/cable", max_size=None) as socket:
        await socket.recv()
        await socket.send(json.dumps({"command": "subscribe", "identifier": "{}"}))
        await socket.recv()
        start = time.perf_counter()
        for _ in range(COUNT):
            json.loads(await socket.recv())
        return COUNT / (time.perf_counter() - start)


async def ours(port: int) -> float:
    """Frames a second through our socket, wire models and reducer into the store."""
    from revivatui.api.cable import Cable
    from revivatui.api.wire import frame_to_events
    from revivatui.state.state import State
    from revivatui.state.store import Store

    store = Store(State(), lambda flush: flush())
    cable = Cable(f"http://127.0.0.1:{port}", "token", 1, 1)
    await cable.open()
    start = time.perf_counter()
    got = 0
    async for at, text in cable:
        for event in frame_to_events(text, 1, at):
            store.dispatch(event)
        got += 1
        if got == COUNT:
            break
    took = time.perf_counter() - start
    await cable.close()
    held = sum(len(thread.messages) for thread in store.state.threads.values())
    if held + sum(store.state.odd.values()) == 0:
        raise RuntimeError("the frames did not reach the state")
    return COUNT / took


def measure() -> Iterator[Figure]:
    with sender() as port:
        plain = median([asyncio.run(bare(port)) for _ in range(RUNS)])
        full = median([asyncio.run(ours(port)) for _ in range(RUNS)])
    yield Figure("frames/s, websockets + json.loads alone", plain, "frames/s")
    yield Figure("frames/s, socket to state", full, "frames/s", plain)


if __name__ == "__main__":
    asyncio.run(send_frames(int(sys.argv[2])))
