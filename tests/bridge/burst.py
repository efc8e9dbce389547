"""A burst of webhooks against the whole bridge in a process of its own, at work all the while.

    python -m tests.bridge.burst --count 10000

Each must be answered with 200 before Chatwoot would hang up, and every message must be a comment in
the end.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from revivatui.state.records import dataclass
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import PATH_SECRET
from tests.support.shops import Stage, make_template, running_shop

RECORDED = Path(__file__).parents[1] / "data/recordings/4.10.1/webhooks.jsonl.gz"
CONVERSATIONS = 200
CONNECTIONS = 32
DEADLINE = 5.0
LONG = 90 * 86_400 * 1_000_000
"""Microseconds by which all that was said before is older, so that nothing is to be caught up
with."""
FIRST_MESSAGE = 1_000_000
WAITING = "SELECT count(*) FROM bridge_inbox WHERE state = 'new'"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`slowest` and `median` in seconds; `kept` are the comments there are in the end."""

    sent: int
    refused: int
    seconds: float
    median: float
    slowest: float
    kept: int
    worked_off: float


def bodies(stage: Stage, count: int) -> list[bytes]:
    """A recorded message, so many times, in conversations that the shop has: the bridge asks for
    each that is new to it, and begins nothing with one that is gone."""
    with gzip.open(RECORDED, "rt", encoding="utf-8") as rows:
        recorded: dict[str, Any] = next(
            row["body"]
            for row in map(json.loads, rows)
            if row["body"]["event"] == "message_created"
            and row["body"]["message_type"] == "incoming"
        )
    there = stage.shop.db.all(
        "SELECT c.display_id, p.id, p.name, p.email, p.phone_number FROM conversations c"
        " JOIN contacts p ON p.id = c.contact_id ORDER BY c.id LIMIT ?",
        (CONVERSATIONS,),
    )
    assert len(there) == CONVERSATIONS
    made = []
    for number in range(count):
        place = there[number % CONVERSATIONS]
        told = {name: place[name] for name in ("id", "name", "email", "phone_number")}
        sender = {**recorded["conversation"]["meta"]["sender"], **told}
        meta = {**recorded["conversation"]["meta"], "sender": sender}
        conversation = {
            **recorded["conversation"], "id": place["display_id"], "meta": meta, "messages": []
        }  # fmt: skip
        made.append({**recorded, "id": FIRST_MESSAGE + number, "conversation": conversation})
    return [json.dumps(one).encode() for one in made]


async def burst(stage: Stage, home: Path, count: int) -> Outcome:
    """Start a bridge, deliver at once, wait until it has worked everything off."""
    made = bodies(stage, count)
    stage.shop.db.execute(
        "UPDATE conversations SET last_activity_at = last_activity_at - ?", (LONG,)
    )
    bridge = BridgeProcess(stage, home)
    await bridge.start()
    try:
        started = time.monotonic()
        took, refused = await _deliver(bridge.port, made)
        seconds = time.monotonic() - started
        async with asyncio.timeout(60 + count / 20):
            while bridge.ask(WAITING) != [(0,)]:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
        worked_off = time.monotonic() - started
        question = "SELECT count(*) FROM ticket_comments WHERE chatwoot_message_id >= ?"
        kept = bridge.ask(question, [FIRST_MESSAGE])[0][0]
    finally:
        await bridge.kill()
    took.sort()
    return Outcome(count, refused, seconds, took[len(took) // 2], took[-1], kept, worked_off)


async def _deliver(port: int, made: Sequence[bytes]) -> tuple[list[float], int]:
    """By bare sockets: an HTTP library would be slower than the bridge."""
    head = (
        f"POST /hooks/chatwoot/{PATH_SECRET} HTTP/1.1\r\nHost: bridge.example.com\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    )
    waiting = iter(made)
    took: list[float] = []
    refused = 0

    async def send() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            started = time.monotonic()
            writer.write(head.format(len(body)).encode() + body)
            status = await reader.readline()
            answer = await reader.readuntil(b"\r\n\r\n")
            length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
            took.append(time.monotonic() - started)
            refused += b" 200 " not in status
        writer.close()

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return took, refused


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    count = options.parse_args().count

    async def run() -> Outcome:
        with tempfile.TemporaryDirectory(prefix="revivatui-burst-") as name:
            folder = Path(name)
            template = make_template("4.10.1", folder / "template")
            async with running_shop(template, folder / "shop") as stage:
                return await burst(stage, folder / "home", count)

    outcome = asyncio.run(run())
    print(
        f"{outcome.sent} delivered in {outcome.seconds:.1f} s"
        f" ({outcome.sent / outcome.seconds:.0f}/s), {outcome.refused} refused; median"
        f" {outcome.median * 1000:.0f} ms, slowest {outcome.slowest * 1000:.0f} ms;"
        f" {outcome.kept} are comments after {outcome.worked_off:.1f} s"
    )
    return 0 if outcome.refused == 0 and outcome.kept == count else 1


if __name__ == "__main__":
    sys.exit(main())
