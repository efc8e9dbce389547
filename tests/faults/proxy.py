"""A TCP proxy between a desk and a shop that breaks connections at chosen bytes.

    async with Proxy(("127.0.0.1", shop_port)) as proxy:
        proxy.choose = lambda request: Fault("cut", part="body", share=0.5)
        desk(proxy.url)

One HTTP request is under way per connection, so a fault touches nobody else's. What happens to
whole connections (`cut`, `refuse`, `hold`) is for the one who holds the proxy to say.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from tests.faults.frames import Frame, FrameSplitter
from tests.faults.http_bytes import LONGEST_HEAD, Request, Spoken, read_answer, read_request
from tests.faults.plans import Fault, FrameFault

KINDS: Final = ("http", "cable")
BROKEN: Final = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, EOFError)
_RESET: Final = struct.pack("ii", 1, 0)


class _Over(Exception):
    """This connection has been ended on purpose."""


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST."""
    made: socket.socket | None = writer.get_extra_info("socket")
    if made is not None and made.fileno() >= 0:
        with contextlib.suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


class Proxy:
    """Listens on 127.0.0.1 and hands everything on, but for what it was told to spoil."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.choose: Callable[[Request], Fault | None] = lambda request: None
        """Called with each request, before its first byte is handed on."""
        self.spoil: Callable[[bytes], FrameFault | None] = lambda payload: None
        """Called with the payload of each event on the live feed."""
        self.passed: Callable[[Request], None] = lambda request: None
        """Called when the server has all bytes of a request."""
        self.done: list[tuple[str, str]] = []
        """(fault, what it was done to), in order."""
        self.held = 0
        """Requests, answers and frames that wait in here to be handed on."""
        self._links: set[_Link] = set()
        self._flows = {kind: asyncio.Event() for kind in KINDS}
        for flow in self._flows.values():
            flow.set()
        # Bound for as long as we live, so that nobody else gets the port while we refuse.
        self._place = self._bound(0)
        self.port: int = self._place.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: asyncio.Server | None = None
        self._work: set[asyncio.Task[None]] = set()

    @staticmethod
    def _bound(port: int) -> socket.socket:
        made = socket.socket(proto=socket.IPPROTO_TCP)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        return made

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.refuse()
        for work in list(self._work):
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        self._place.close()

    # --- whole connections --------------------------------------------------------------------

    async def accept(self) -> None:
        """Listen (again)."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._connected, sock=self._bound(self.port), limit=LONGEST_HEAD
            )

    async def refuse(self) -> None:
        """Refuse new connections, and cut those that are open: the network is off."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()

    def cut(self, *kinds: str, with_reset: bool = True) -> None:
        """End open connections of these kinds (all where none is named)."""
        for link in list(self._links):
            if link.kind in (kinds or KINDS):
                link.end(with_reset=with_reset)

    def hold(self, *kinds: str) -> None:
        """Hand nothing on any more, and keep everything open: a black hole."""
        for kind in kinds or KINDS:
            self._flows[kind].clear()

    def release(self, *kinds: str) -> None:
        for kind in kinds or KINDS:
            self._flows[kind].set()

    @property
    def open(self) -> list[str]:
        """The kinds of the connections that are open."""
        return sorted(link.kind for link in self._links)

    @property
    def idle(self) -> bool:
        """Nothing is under way between the two sides, as far as can be seen here."""
        return self.held == 0 and not any(link.under_way for link in self._links)

    async def flowing(self, kind: str) -> None:
        """Return when bytes of this kind may pass."""
        if not self._flows[kind].is_set():
            self.held += 1
            try:
                await self._flows[kind].wait()
            finally:
                self.held -= 1

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        work = asyncio.current_task()
        assert work is not None
        self._work.add(work)
        link = _Link(self, reader, writer)
        self._links.add(link)
        try:
            await link.run()
        except (*BROKEN, _Over):
            pass
        except asyncio.CancelledError:
            pass  # the server of asyncio streams would report it as an error
        finally:
            self._links.discard(link)
            self._work.discard(work)
            link.close()


class _Link:
    """One connection of a client and the one to the server behind it."""

    def __init__(
        self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.kind = "http"
        self.under_way = False
        self._proxy = proxy
        self._client, self._to_client = reader, writer
        self._server: asyncio.StreamReader | None = None
        self._to_server: asyncio.StreamWriter | None = None
        self._timers: set[asyncio.TimerHandle] = set()
        self._work = asyncio.current_task()

    def end(self, *, with_reset: bool) -> None:
        for writer in (self._to_client, self._to_server):
            if writer is not None:
                reset(writer) if with_reset else writer.close()
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._proxy.held -= len(self._timers)
        self._timers.clear()
        for writer in (self._to_client, self._to_server):
            if writer is not None:
                writer.close()

    async def run(self) -> None:
        """Exchange after exchange, until either side is gone."""
        try:
            self._server, self._to_server = await asyncio.open_connection(
                *self._proxy.upstream, limit=LONGEST_HEAD
            )
        except OSError:
            reset(self._to_client)
            return
        while (request := await self._next_request(self._server)) is not None:
            self.under_way = True
            if request.upgrades:
                await self._feed(request, self._server, self._to_server)
                return
            await self._exchange(request, self._server, self._to_server)
            self.under_way = False

    async def _next_request(self, server: asyncio.StreamReader) -> Request | None:
        """What the client asks next; None where it, or the idle server, hung up."""
        asking = asyncio.create_task(read_request(self._client))
        hanging_up = asyncio.create_task(server.read(1))
        try:
            await asyncio.wait({asking, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            for task in (asking, hanging_up):
                task.cancel()
            await asyncio.gather(asking, hanging_up, return_exceptions=True)

    # --- HTTP ---------------------------------------------------------------------------------

    async def _exchange(
        self, request: Request, server: asyncio.StreamReader, to_server: asyncio.StreamWriter
    ) -> None:
        fault = self._proxy.choose(request)
        await self._proxy.flowing("http")
        if fault is not None and fault.instead and fault.side == "request":
            self._note(fault, request)
            await _write(self._to_client, fault.instead)
            return
        asked = fault if fault is not None and fault.side == "request" else None
        await self._pass_on(request, to_server, asked, request)
        self._proxy.passed(request)
        answer = await read_answer(server)
        if answer is None:
            raise _Over
        await self._proxy.flowing("http")
        if fault is not None and fault.instead:
            self._note(fault, request)
            answer = Spoken(answer.line, answer.head, fault.instead, answer.headers)
        told = fault if fault is not None and fault.side == "answer" else None
        if fault is not None and fault.instead:
            told = None
        await self._pass_on(answer, self._to_client, told, request)

    async def _pass_on(
        self, spoken: Spoken, to: asyncio.StreamWriter, fault: Fault | None, request: Request
    ) -> None:
        """Hand it on, up to the byte at which the fault strikes, and let it strike."""
        if fault is None:
            await _write(to, spoken.data)
            return
        at = spoken.offset(fault.part, fault.share)
        await _write(to, spoken.data[:at])
        self._note(fault, request)
        if fault.how == "half close":
            await self._half_close(to)
        elif fault.how == "stall":
            await self._until_given_up()
        elif fault.how in ("late", "pause"):
            await self._wait(fault.seconds)
            await _write(to, spoken.data[at:])
            return
        await self._end_as(fault.how)

    async def _end_as(self, how: str) -> None:
        for writer in (self._to_client, self._to_server):
            if writer is not None:
                reset(writer) if how == "reset" else writer.close()
        raise _Over

    async def _half_close(self, to: asyncio.StreamWriter) -> None:
        """Nothing more comes this way; whatever still comes the other way is let through."""
        if to.can_write_eof():
            to.write_eof()
        if to is self._to_client:
            await self._until_given_up()
            return
        assert self._server is not None
        answer = await read_answer(self._server)
        if answer is not None:
            await _write(self._to_client, answer.data)

    async def _until_given_up(self) -> None:
        """The client hangs up when its patience is over."""
        self._proxy.held += 1
        try:
            while await self._client.read(LONGEST_HEAD):
                pass
        finally:
            self._proxy.held -= 1

    async def _wait(self, seconds: float) -> None:
        self._proxy.held += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._proxy.held -= 1

    def _note(self, fault: Fault, request: Request) -> None:
        self._proxy.done.append((fault.name, f"{request.method} {request.path}"))

    # --- the live feed ------------------------------------------------------------------------

    async def _feed(
        self, request: Request, server: asyncio.StreamReader, to_server: asyncio.StreamWriter
    ) -> None:
        self.kind = "cable"
        await self._proxy.flowing("cable")
        await _write(to_server, request.data)
        answer = await read_answer(server)
        if answer is None:
            raise _Over
        await self._proxy.flowing("cable")
        await _write(self._to_client, answer.data)
        self.under_way = False
        ways = [
            asyncio.create_task(self._commands(to_server)),
            asyncio.create_task(self._frames(server)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _commands(self, to_server: asyncio.StreamWriter) -> None:
        while data := await self._client.read(LONGEST_HEAD):
            await self._proxy.flowing("cable")
            await _write(to_server, data)

    async def _frames(self, server: asyncio.StreamReader) -> None:
        splitter = FrameSplitter()
        while data := await server.read(LONGEST_HEAD):
            for frame in splitter.feed(data):
                await self._proxy.flowing("cable")
                await self._frame(frame)

    async def _frame(self, frame: Frame) -> None:
        fault = self._proxy.spoil(frame.payload) if frame.is_news else None
        if fault is None:
            await _write(self._to_client, frame.data)
            return
        self._proxy.done.append((f"frame {fault.how}", ""))
        if fault.how == "double":
            await _write(self._to_client, frame.data * 2)
        elif fault.how == "late":
            self._later(fault.seconds, frame.data)
        elif fault.how == "tear":
            await _write(self._to_client, frame.data[: len(frame.data) // 2])
            await self._end_as("reset")

    def _later(self, seconds: float, data: bytes) -> None:
        """Hand a whole frame on when others have passed it."""
        box: list[asyncio.TimerHandle] = []

        def ripe() -> None:
            self._timers.discard(box[0])
            self._proxy.held -= 1
            if not self._to_client.is_closing():
                self._to_client.write(data)

        self._proxy.held += 1
        box.append(asyncio.get_running_loop().call_later(seconds, ripe))
        self._timers.add(box[0])


async def _write(to: asyncio.StreamWriter, data: bytes) -> None:
    if data:
        to.write(data)
        await to.drain()
