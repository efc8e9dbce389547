"""The live feed's socket. It connects once and says why it ended; trying again is the engine's.

    cable = Cable(base_url, pubsub_token, account_id, user_id)
    await cable.open()                      # returns when the server confirmed the subscription
    async for received_at, text in cable:   # frames for wire.frame_to_events, in order
        ...                                 # ends by raising FeedLost

It may live on any loop, but only on one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)
from websockets.typing import Subprotocol

from revivatui.api.address import cable_url, is_local
from revivatui.api.cable_protocol import SUBPROTOCOL, CableProtocol, Heard, Kind
from revivatui.api.errors import (
    ApiError,
    FeedLost,
    FeedRefused,
    NotChatwoot,
    Offline,
    ServerDown,
    Timeout,
    TlsFailed,
)
from revivatui.tls import tls_context, tls_reason

CONNECT_SECONDS: Final = 5.0
CONFIRM_SECONDS: Final = 10.0
"""A subscription that the server does not like is met with silence (contract 7.1)."""
SILENCE_SECONDS: Final = 7.0
"""Pings come every 3 s: two missed ones mean that the connection is dead."""
CLOSE_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger("revivatui.api.cable.socket")
_LOG.setLevel(logging.INFO)  # at DEBUG it would write down every frame, tokens included
LARGEST_FRAME: Final = 32 * 1024 * 1024
"""A message of 150,000 characters comes several times in a frame, maybe six bytes each."""


class _Connect(connect):
    """A connection to the address that was given, and to no other: what would be sent there opens
    everything that the agent may read."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


class Cable:
    """One subscription to everything that one agent may hear in one account."""

    def __init__(
        self,
        base_url: str,
        pubsub_token: str,
        account_id: int,
        user_id: int,
        *,
        clock: Callable[[], float] = time.time,
        connect_within: float = CONNECT_SECONDS,
        confirm_within: float = CONFIRM_SECONDS,
        silence: float = SILENCE_SECONDS,
    ) -> None:
        """`base_url` as `address.base_url` makes it; times in seconds, `clock` in epoch seconds."""
        self._base = base_url
        self._url = cable_url(base_url)
        self._protocol = CableProtocol(pubsub_token, account_id, user_id)
        self._clock = clock
        self._connect_within = connect_within
        self._confirm_within = confirm_within
        self._silence = silence
        self._socket: ClientConnection | None = None
        self._early: deque[tuple[float, str]] = deque()
        self.odd = 0
        """Frames that were not understood."""
        self.subscribed_at = 0.0
        """When the subscription was asked for (epoch seconds): what it brings may come before the
        server confirms it."""

    async def open(self) -> None:
        """Connect, subscribe and wait for the confirmation.

        Events that come before it wait for the iteration. Raises Offline, Timeout, TlsFailed,
        NotChatwoot, ServerDown, FeedLost, or FeedRefused where the subscription was rejected or
        not confirmed in time.
        """
        try:
            self._socket = await self._connect()
            async with asyncio.timeout(self._confirm_within):
                await self._subscribed()
        except TimeoutError:
            await self.close()
            raise FeedRefused("The server did not open the live feed for this sign-in.") from None
        except BaseException:
            await self.close()
            raise

    async def _connect(self) -> ClientConnection:
        secure = self._url.startswith("wss:")
        try:
            return await _Connect(
                self._url,
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                ssl=tls_context() if secure else None,
                open_timeout=self._connect_within,
                close_timeout=CLOSE_SECONDS,
                ping_interval=None,
                compression=None,
                max_size=LARGEST_FRAME,
                user_agent_header="RevivaTUI",
                proxy=None if is_local(self._base) else True,
                logger=_LOG,
            )
        except TimeoutError:
            raise Timeout("The live feed did not open in time.") from None
        except (OSError, WebSocketException, ImportError, ValueError) as error:
            raise _not_opened(error) from None

    async def _subscribed(self) -> None:
        while not self._protocol.confirmed:
            at, text, heard = await self._receive()
            if heard.reply is not None:
                self.subscribed_at = self._clock()
                await self._send(heard.reply)
            elif heard.kind is Kind.REJECTED:
                raise FeedRefused("The server rejected the live feed.")
            elif heard.kind is Kind.EVENT:
                self._early.append((at, text))

    def __aiter__(self) -> Cable:
        return self

    async def __anext__(self) -> tuple[float, str]:
        """The next event: when it came (epoch seconds) and its frame. Raises FeedLost."""
        if self._early:
            return self._early.popleft()
        while True:
            at, text, heard = await self._receive()
            if heard.kind is Kind.EVENT:
                return at, text

    async def _receive(self) -> tuple[float, str, Heard]:
        if self._socket is None:
            raise FeedLost("The live feed is closed.")
        try:
            async with asyncio.timeout(self._silence):
                data = await self._socket.recv()
        except TimeoutError:
            raise FeedLost("The live feed went silent.") from None
        except ConnectionClosed:
            raise FeedLost("The live feed was cut off.") from None
        at = self._clock()
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        heard = self._protocol.receive(text, at)
        if heard.kind is Kind.DISCONNECT:
            raise FeedLost(
                f"The server ended the live feed ({heard.reason or 'no reason given'}).",
                reconnect=heard.reconnect,
            )
        self.odd += heard.kind is Kind.ODD
        return at, text, heard

    async def tick(self) -> None:
        """Tell the server that the agent is there (contract 7.2; every 10 s). Raises FeedLost."""
        await self._send(self._protocol.tick())

    async def _send(self, text: str) -> None:
        if self._socket is None:
            raise FeedLost("The live feed is closed.")
        try:
            async with asyncio.timeout(self._silence):
                await self._socket.send(text)
        except (TimeoutError, ConnectionClosed):
            raise FeedLost("The live feed was cut off.") from None

    def silent_for(self) -> float:
        """Seconds since any frame came."""
        return self._protocol.silent_for(self._clock())

    async def close(self) -> None:
        """Close the socket, within `CLOSE_SECONDS` of asking; doing it twice is fine."""
        socket, self._socket = self._socket, None
        if socket is not None:
            with contextlib.suppress(OSError, ConnectionClosed):
                await socket.close()

    def __repr__(self) -> str:
        return f"<Cable {self._url} confirmed={self._protocol.confirmed}>"


def _not_opened(error: Exception) -> ApiError:
    if isinstance(error, ssl.SSLError):
        return TlsFailed(f"The live feed could not be encrypted{tls_reason(error)}.")
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        if status >= 500:
            return ServerDown(f"The live feed answered {status}.", status=status)
        return NotChatwoot(f"The live feed answered {status} instead of opening.", status=status)
    if isinstance(error, (InvalidProxy, ProxyError)):
        return Offline("The proxy on the way to the live feed refused.")
    if isinstance(error, (InvalidHandshake, InvalidURI, UnicodeError)):
        return NotChatwoot("The live feed was answered by something that is no Chatwoot.")
    return Offline("The live feed could not connect.")
