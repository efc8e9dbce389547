"""HTTP to a model's server: the one module that knows the library."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Final

import httpx

from revivatui.copilot.model.errors import (
    STAYS,
    AnswerBroke,
    ModelDown,
    ModelError,
    NoModel,
    TooSlow,
)
from revivatui.copilot.model.settings import ModelSettings
from revivatui.tls import is_tls, no_tls_context, tls_context

# They write headers and addresses of requests into their logs; the key is among them.
logging.getLogger("httpcore").setLevel(logging.INFO)
logging.getLogger("httpx").setLevel(logging.WARNING)

CONNECT_SECONDS: Final = 5.0
MOST_ERROR: Final = 64 * 1024
"""Bytes of a refusal that are read."""
MOST_LIST: Final = 4 * 1024 * 1024
"""Bytes of a list of models that are read; those of brokers are long."""


class Reply:
    """An answer whose body is still to come."""

    def __init__(self, response: httpx.Response, host: str) -> None:
        self._response = response
        self.host = host
        self.status = response.status_code
        self.kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.headers: Mapping[str, str] = response.headers

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes. Raises ModelError."""
        with Translated(self.host):
            async for piece in self._response.aiter_bytes():
                yield piece

    async def whole(self, most: int = MOST_ERROR) -> bytes:
        """The body, up to `most` bytes. Raises ModelError."""
        body = bytearray()
        async with aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) >= most:
                    break
        return bytes(body[:most])


class Wire:
    """The connections to one model's server; none is kept open between requests."""

    def __init__(self, settings: ModelSettings) -> None:
        """Raises NoModel for a key or a proxy that cannot be used."""
        self.host = settings.host
        key = settings.key.strip()
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise NoModel("The key holds characters that no key has: `revivatui copilot key`.")
        base = settings.base
        # Nothing packed: some servers hold a packed stream back until there is enough of it.
        headers = {"User-Agent": "RevivaTUI", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        try:
            self._http = httpx.AsyncClient(
                headers=headers,
                timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
                limits=httpx.Limits(max_connections=4, max_keepalive_connections=0),
                follow_redirects=False,
                trust_env=settings.where == "hosted",
                verify=tls_context() if base.startswith("https:") else no_tls_context(),
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            raise NoModel("The proxy that the environment names cannot be used here.") from None

    def __repr__(self) -> str:
        return f"Wire({self.host!r})"

    async def close(self) -> None:
        await self._http.aclose()

    @asynccontextmanager
    async def asked(self, method: str, url: str, body: bytes | None = None) -> AsyncIterator[Reply]:
        """Send a request and read its head. Raises ModelError."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = self._http.build_request(method, url, content=body, headers=headers)
        with Translated(self.host):
            response = await self._http.send(request, stream=True)
        try:
            yield Reply(response, self.host)
        finally:
            await response.aclose()


class Translated:
    """Turns what the HTTP library raises into our tree, and keeps its text out of it."""

    def __init__(self, host: str) -> None:
        self.host = host

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (httpx.HTTPError, httpx.InvalidURL, UnicodeError)):
            raise _plain(self.host, error) from None


def _plain(host: str, error: Exception) -> ModelError:
    if isinstance(error, httpx.ConnectTimeout):
        return ModelDown(f"{host} took no connection in time. {STAYS} Is the server running?")
    if isinstance(error, httpx.ConnectError):
        if is_tls(error):
            return ModelDown(
                f"The encrypted connection to {host} could not be made. {STAYS} Check its "
                "certificate and [copilot] model_url."
            )
        return ModelDown(f"{host} cannot be reached. {STAYS} Is the server running?")
    if isinstance(error, httpx.ProxyError):
        return ModelDown(f"The proxy on the way to {host} refused. {STAYS}")
    if isinstance(error, httpx.TimeoutException):
        return TooSlow(f"{host} did not answer in time. {STAYS}")
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError)):
        return NoModel(f"{host} is no web address. {STAYS} Check [copilot] model_url.")
    if isinstance(error, httpx.DecodingError):
        return AnswerBroke(f"{host} sent a garbled answer. {STAYS} Ask again.")
    return AnswerBroke(f"The connection to {host} broke. {STAYS} Ask again.")
