"""A server of models that plays what it is told: real HTTP, an OpenAI-compatible chat, any fault.

    async with ModelServer() as server:
        server.play(say("Your Mac is ready."), refuse(429, retry_after="7"))

Each request takes the next play; where none is left, the server answers sensibly by itself.
By hand:

    python -m tests.support.model_server --port 8001
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

End = Literal["done", "no done", "cut", "stall", "reset"]
"""How a play ends: as it should; without [DONE]; in the middle of a chunk; never, with the
connection open; with the connection torn down."""


@dataclass(frozen=True)
class Play:
    """One answer."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/event-stream"
    headers: tuple[tuple[str, str], ...] = ()
    end: End = "done"
    pace: float = 0.0
    """Seconds before each piece."""
    wait: float = 0.0
    """Seconds before the head of the answer."""
    cuts: Sequence[int] = ()
    """Where the body is split into pieces, each a chunk of its own on the wire."""
    hold: asyncio.Event | None = None
    """The last piece, and with it the end, waits for it."""


@dataclass
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def words(self) -> str:
        """All that the model was shown."""
        return "\n".join(one["content"] for one in self.json["messages"])


# --- plays ----------------------------------------------------------------------------------------


def frame(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]})


def event(body: object) -> bytes:
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def usage(prompt: int, completion: int) -> bytes:
    counts = {"prompt_tokens": prompt, "completion_tokens": completion}
    return event({"object": "chat.completion.chunk", "choices": [], "usage": counts})


DONE = b"data: [DONE]\n\n"


def texts(pieces: Iterable[str], finish: str | None = "stop") -> bytes:
    """A stream's body: who speaks, the pieces, why it ends."""
    frames = [
        frame({"role": "assistant", "content": None}),
        *(frame({"content": p}) for p in pieces),
    ]
    return b"".join((*frames, frame({}, finish) if finish else b""))


def say(text: str, *, size: int = 4, tail: bytes = DONE, **how: Any) -> Play:
    """A text in pieces of `size` characters."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return play(texts(pieces) + tail, **how)


def once(text: str) -> Play:
    """A text in one, for who does not want a stream."""
    message = {"role": "assistant", "content": text}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return Play(json.dumps(body).encode(), 200, "application/json")


def play(body: bytes, **how: Any) -> Play:
    """A stream's body; a piece on the wire for each event where nothing else is said."""
    if "cuts" not in how:
        how["cuts"] = [at.end() for at in re.finditer(rb"\n\n", body)]
    return Play(body, **how)


def split(made: Play, seed: int, most: int = 40) -> Play:
    """The same bytes, split anywhere: inside characters, names of fields, line ends."""
    draw = random.Random(seed)
    count = min(most, max(0, len(made.body) - 1))
    cuts = sorted(draw.sample(range(1, len(made.body)), count)) if count else []
    return replace(made, wait=0.0, cuts=cuts)


def byte_by_byte(made: Play) -> Play:
    cuts = range(1, len(made.body))
    return replace(made, wait=0.0, cuts=cuts)


def refuse(status: int, message: str = "", *, retry_after: str = "", **more: Any) -> Play:
    """A refusal as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "type": "invalid_request_error", **more}})
    headers = (("retry-after", retry_after),) if retry_after else ()
    return Play(body.encode(), status, "application/json", headers)


def page() -> Play:
    return Play(b"<!DOCTYPE html><html><body>Hello</body></html>", 200, "text/html")


# --- the server -----------------------------------------------------------------------------------


class ModelServer:
    """Counts and keeps what it is asked; knows who hung up in the middle of an answer."""

    def __init__(self, port: int = 0, models: Sequence[str] = ("small-model", "big-model")) -> None:
        self.models = tuple(models)
        self.asked: list[Asked] = []
        self.hung_up: list[float] = []
        """When somebody closed a connection before the answer was whole (running clock)."""
        self.left = asyncio.Event()
        """Set by each who hangs up."""
        self.came = asyncio.Event()
        """Set by each request."""
        self.begun = asyncio.Event()
        """Set when the head of an answer is on the wire."""
        self.answers: Callable[[Asked], Play] = by_itself
        self._plays: deque[Play] = deque()
        self._port = port
        self._at_work: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    @property
    def chats(self) -> list[Asked]:
        return [one for one in self.asked if one.method == "POST"]

    def play(self, *plays: Play) -> None:
        self._plays.extend(plays)

    def forget_plays(self) -> None:
        self._plays.clear()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._work, "127.0.0.1", self._port)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        for task in list(self._at_work):
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
        await self._server.wait_closed()

    async def _work(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            await self._connection(reader, writer)
        except (asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            self._at_work.discard(task)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await _request(reader)
        self.asked.append(asked)
        self.came.set()
        chosen = self._chosen(asked)
        told = asyncio.Event()
        answer = asyncio.create_task(self._answer(chosen, writer, told))
        gone = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            is_broken = not answer.done() or answer.exception() is not None
            if is_broken and not told.is_set():
                self.hung_up.append(time.monotonic())
                self.left.set()
        finally:
            for one in (answer, gone):
                one.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)

    def _chosen(self, asked: Asked) -> Play:
        if asked.method == "GET" and asked.path == "/v1/models":
            rows = [{"id": name, "object": "model"} for name in self.models]
            body = json.dumps({"object": "list", "data": rows}).encode()
            return Play(body, 200, "application/json")
        if asked.path != "/v1/chat/completions":
            return refuse(404, "Not Found")
        return self._plays.popleft() if self._plays else self.answers(asked)

    async def _answer(
        self, chosen: Play, writer: asyncio.StreamWriter, told: asyncio.Event
    ) -> None:
        """`told` is set when the whole of it was written."""
        await asyncio.sleep(chosen.wait)
        head = [f"HTTP/1.1 {chosen.status} Played", f"content-type: {chosen.kind}",
                "transfer-encoding: chunked", "connection: close",
                *(f"{name}: {value}" for name, value in chosen.headers)]  # fmt: skip
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n")
        await writer.drain()
        self.begun.set()
        bounds = [0, *chosen.cuts, len(chosen.body)]
        for start, stop in itertools.pairwise(bounds):
            if chosen.hold and stop == bounds[-1]:
                await chosen.hold.wait()
            if piece := chosen.body[start:stop]:
                await asyncio.sleep(chosen.pace)
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
        if chosen.end == "stall":
            await asyncio.Event().wait()
        if chosen.end == "cut":
            writer.write(b"40\r\ndata: {")
            await writer.drain()
        elif chosen.end == "reset":
            writer.transport.abort()
        else:
            told.set()
            writer.write(b"0\r\n\r\n")
            await writer.drain()


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


# --- by itself ------------------------------------------------------------------------------------

_FACT = re.compile(r"^\(([^)/]+/[^)]+)\) ([^:]+): (.+)$", re.MULTILINE)
_DRAFT = re.compile(r"^DRAFT\n<<<(\w+)\n(.*)\n\1>>>$", re.MULTILINE | re.DOTALL)


def by_itself(asked: Asked) -> Play:
    """A sensible answer from what the request holds: for trying by hand, and as the default."""
    body = asked.json
    text = _sensible(asked.words)
    if body.get("stream"):
        counts = usage(len(asked.body) // 4, len(text) // 4)
        return say(text, tail=counts + DONE, pace=0.02)
    return once(text)


def _sensible(words: str) -> str:
    draft = _DRAFT.search(words)
    if draft is not None:
        return draft[2]
    known = [f"{label} is {value}" for name, label, value in _FACT.findall(words)
             if not name.startswith("shop/")]  # fmt: skip
    if "exactly four lines" in words:
        status = known[0] if known else "none"
        return f"Intent: a question\nStatus: {status}\nPromised: none\nNext steps: answer it"
    if known:
        return f"Thank you for writing. Our record says: {'; '.join(known[:2])}."
    return "Thank you for writing. Which device is it, and what does it do?"


async def _serve(port: int) -> None:
    async with ModelServer(port) as server:
        print(f"A model at {server.url} (control-c ends it)")
        seen = 0
        while True:
            await asyncio.sleep(0.2)
            for one in server.asked[seen:]:
                print(f"{one.method} {one.path} {len(one.body)} bytes")
            seen = len(server.asked)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8001)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.parse_args().port))
