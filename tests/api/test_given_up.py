"""A request that is given up leaves nothing open, at whatever moment it is given up."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Awaitable, Callable

import pytest

from revivatui.api.transport import Transport
from tests.faults.proxy import reset

MOMENTS = range(24)
"""Turns of the event loop before the request is given up; it is over after about twenty."""
AT_ONCE = 4


class Answering:
    """A server that answers everything with an empty object, and ends connections when told."""

    def __init__(self) -> None:
        self._open: set[asyncio.StreamWriter] = set()
        self._waiting = asyncio.Barrier(AT_ONCE)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                if b"/together" in request:
                    await self._waiting.wait()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def end_all(self) -> None:
        """Return when no connection is open at this side any more."""
        for writer in list(self._open):
            reset(writer)
        while self._open:  # noqa: ASYNC110 - each ends by itself
            await asyncio.sleep(0)


async def _with_dead_connections(
    act: Callable[[Transport], Awaitable[object]], moment: int
) -> list[str]:
    """Give `act` up where all kept connections have just died; what was never closed."""
    server = Answering()
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    transport = Transport(f"http://127.0.0.1:{port}", None)
    together = (transport.ask(dict, "GET", "/together") for _ in range(AT_ONCE))
    await asyncio.gather(*together)
    await server.end_all()
    work = asyncio.ensure_future(act(transport))
    for _ in range(moment):
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await transport.close()
    await server.end_all()
    listening.close()
    await listening.wait_closed()
    del transport, work
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    return [str(one.message) for one in told]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_request_given_up_leaves_no_connection_open(moment: int) -> None:
    assert await _with_dead_connections(lambda one: one.ask(dict, "GET", "/"), moment) == []


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_client_whose_closing_is_given_up_is_closed(moment: int) -> None:
    assert await _with_dead_connections(lambda one: one.close(), moment) == []
