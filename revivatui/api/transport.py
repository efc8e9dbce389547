"""One HTTP request to the server and what can come of it, as an answer or an `ApiError`.

GETs are tried again, a little later, where the server or the way to it failed; everything else is
sent once: whether it was acted on is the caller's to find out (`ApiError.sent`).
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import TypeAdapter, ValidationError

from revivatui.api.address import is_local
from revivatui.api.answers import AttachmentFile
from revivatui.api.errors import (
    AuthExpired,
    BadAddress,
    BadPayload,
    Invalid,
    NotChatwoot,
    Offline,
    Sent,
    ServerDown,
    Timeout,
    TlsFailed,
)
from revivatui.api.refusals import is_html, refusal
from revivatui.tidily import tidily
from revivatui.tls import no_tls_context, tls_context, tls_reason

# It writes the headers of answers into its debug log, and a sign-in is answered with a session.
logging.getLogger("httpcore").setLevel(logging.INFO)

T = TypeVar("T")

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 20.0
"""The slowest answer seen that was one took under 2 s, the slowest failure 15 s (observed 5)."""
GET_TRIES: Final = 3
FIRST_PAUSE: Final = 0.3
IDLE_SECONDS: Final = 15.0
"""How long an unused connection is kept: shorter than the server's own patience."""
MOST_REDIRECTS: Final = 5
CHUNK: Final = 64 * 1024

Params = Mapping[str, str | int | Sequence[str]]


class Transport:
    """The HTTP side of one server. `token` is the permanent API token (contract 1.1)."""

    def __init__(
        self,
        base: str,
        token: str | None,
        *,
        connect_timeout: float = CONNECT_SECONDS,
        read_timeout: float = READ_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`base` as `address.base_url` makes it; timeouts in seconds. Raises BadAddress, or Offline
        where the environment names a proxy that cannot be used."""
        self.host = urlsplit(base).netloc
        self._token = token.strip() if token else None
        self._sleep = sleep
        self._jitter = jitter
        try:
            self._http = self._client(base, connect_timeout, read_timeout)
        except (ImportError, ValueError) as error:
            # A proxy of a kind that is not spoken here; a name that is none is a ValueError too.
            if isinstance(error, UnicodeError):
                raise BadAddress(f"{self.host} is no web address.") from None
            raise Offline("The proxy that the environment names cannot be used here.") from None
        except httpx.InvalidURL:
            raise BadAddress(f"{self.host} is no web address.") from None
        self._files: httpx.AsyncClient | None = None
        self._adapters: dict[Any, TypeAdapter[Any]] = {}

    @staticmethod
    def _client(base: str, connect_timeout: float, read_timeout: float) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=base,
            headers={"Accept": "application/json", "User-Agent": "RevivaTUI"},
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout),
            limits=httpx.Limits(max_connections=8, keepalive_expiry=IDLE_SECONDS),
            follow_redirects=False,
            trust_env=not is_local(base),
            verify=tls_context() if base.startswith("https:") else no_tls_context(),
        )

    async def close(self) -> None:
        await tidily(self._http.aclose)
        if self._files is not None:
            await tidily(self._files.aclose)

    async def ask(
        self,
        shape: type[T],
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        files: Sequence[AttachmentFile] = (),
        anonymous: bool = False,
    ) -> T:
        """Ask and read the answer as `shape` (a wire model, a list of them, or None).

        Raises any `ApiError`.
        """
        response = await self._send(
            method, path, params=params, json=json, form=form, files=files, anonymous=anonymous
        )
        return self._read(shape, response)

    async def ask_maybe(self, shape: type[T], method: str, path: str, json: object) -> T | None:
        """As `ask`, where the answer may be nothing: a bare `null`, or empty."""
        response = await self._send(method, path, json=json)
        if response.content.strip() in (b"", b"null"):
            return None
        return self._read(shape, response)

    async def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        tries = GET_TRIES if method == "GET" else 1
        for attempt in range(tries):
            try:
                return await self._send_once(method, path, **how)
            except (Offline, ServerDown) as error:
                if attempt == tries - 1 or error.status == 500:
                    raise
                await self._sleep(FIRST_PAUSE * 2**attempt * (0.5 + self._jitter()))
        raise AssertionError("unreachable")

    async def _send_once(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        files: Sequence[AttachmentFile] = (),
        anonymous: bool = False,
    ) -> httpx.Response:
        headers = {} if anonymous else self._signed()
        async with self._translated(method):
            response = await tidily(
                lambda: self._http.request(
                    method,
                    path,
                    params=params,
                    json=json,
                    data=form,
                    files=[("attachments[]", (file.name, file.data, file.mime)) for file in files]
                    or None,
                    headers=headers,
                )
            )
        if response.is_success:
            return response
        raise refusal(response, self.host, method)

    def _signed(self) -> dict[str, str]:
        if self._token is None:
            return {}
        if not (self._token.isascii() and self._token.isprintable()):
            raise AuthExpired("The access token holds characters that no token has.")
        return {"api_access_token": self._token}

    @asynccontextmanager
    async def _translated(self, method: str) -> AsyncIterator[None]:
        """Turns what the HTTP library raises into our tree, and keeps its text out of it."""
        acted: Sent = "no" if method == "GET" else "maybe"
        try:
            yield
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Timeout(f"{self.host} did not take the connection in time.") from None
        except httpx.TimeoutException:
            raise Timeout(f"{self.host} did not answer in time.", sent=acted) from None
        except httpx.ConnectError as error:
            failure = _tls_failure(error)
            if failure is not None:
                raise TlsFailed(f"No encrypted connection to {self.host}{failure}.") from None
            raise Offline(f"{self.host} cannot be reached.") from None
        except httpx.ProxyError:
            raise Offline(f"The proxy on the way to {self.host} refused.") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise NotChatwoot(f"{self.host} is no web address.") from None
        except UnicodeEncodeError:
            raise Invalid("This text holds broken characters and cannot be sent.") from None
        except UnicodeError:
            raise BadAddress(f"{self.host} is no web address.") from None
        except httpx.DecodingError:
            raise BadPayload(f"{self.host} sent a garbled answer.", sent="yes") from None
        except httpx.HTTPError:
            raise Offline(f"The connection to {self.host} broke.", sent=acted) from None

    def _read(self, shape: type[T], response: httpx.Response) -> T:
        if is_html(response):
            raise NotChatwoot(
                f"{self.host} answered with a web page.", status=response.status_code, sent="maybe"
            )
        if shape is type(None):
            return None
        try:
            return self._adapter(shape).validate_json(response.content)
        except (ValidationError, RecursionError):
            raise BadPayload(
                f"{self.host} sent an answer that makes no sense here.",
                status=response.status_code,
                sent="yes",
            ) from None

    def _adapter(self, shape: type[T]) -> TypeAdapter[T]:
        adapter = self._adapters.get(shape)
        if adapter is None:
            adapter = self._adapters[shape] = TypeAdapter(shape)
        return adapter

    async def download(self, url: str) -> AsyncIterator[bytes]:
        """The bytes of an attachment, as they come.

        The link needs no token and may lead elsewhere (contract 0): none is sent along. Raises any
        `ApiError`, in the middle too.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise NotChatwoot("This attachment has no web address.")
        if self._files is None:
            self._files = httpx.AsyncClient(
                timeout=self._http.timeout,
                # None is kept open, so none is left open where a download is given up.
                limits=httpx.Limits(max_keepalive_connections=0),
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                verify=tls_context(),
            )
        async with self._translated("GET"), self._files.stream("GET", url) as response:
            if not response.is_success:
                await response.aread()
                raise refusal(response, urlsplit(url).netloc, "GET")
            async for chunk in response.aiter_bytes(CHUNK):
                yield chunk


def _tls_failure(error: BaseException | None) -> str | None:
    """What is wrong with the encryption, where that is at the bottom of it."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return tls_reason(error)
        error = error.__cause__ or error.__context__
    return None
