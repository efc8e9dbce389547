"""One HTTP request to the vendor and what can come of it, as JSON or an error of the CRM tree.

What only asks is tried again, a little later, where the way or the server failed. What writes is
sent once; an answer that did not come is `OutcomeUnknown`, and whoever wrote looks for it before
anything is sent again. A request that was turned away unread (429), or never left, may go again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from revivatui.crm.errors import (
    CrmError,
    CrmUnreachable,
    InvalidRecord,
    TokenRefused,
    UnreadableAnswer,
)
from revivatui.crm.repairshopr.address import is_local
from revivatui.crm.repairshopr.bucket import Bucket
from revivatui.crm.repairshopr.refusals import refusal, unknown
from revivatui.tidily import tidily
from revivatui.tls import is_tls, no_tls_context, tls_context

# They write headers and addresses of requests into their logs: the token is in the one, e-mail
# addresses and phone numbers of customers are in the other.
logging.getLogger("httpcore").setLevel(logging.INFO)
logging.getLogger("httpx").setLevel(logging.WARNING)

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 20.0
IDLE_SECONDS: Final = 15.0
"""How long an unused connection is kept."""
TRIES: Final = 3
LONGEST_PAUSE: Final = 10.0
"""All pauses of one call together: who asks is waiting."""
FIRST_PAUSE: Final = 0.5
MOST_PAGES: Final = 40
_AGAIN: Final = frozenset({502, 503, 504})

Params = Mapping[str, str | int | list[str]]
Row = Mapping[str, Any]


class Wire:
    """The HTTP side of one shop's CRM. `base` as `address.base_url` makes it.

    The token is a header of the connection and nothing else: in no address, log or `repr`.
    Raises TokenRefused where it cannot be a token at all.
    """

    def __init__(
        self,
        base: str,
        token: str,
        bucket: Bucket,
        *,
        connect_timeout: float = CONNECT_SECONDS,
        read_timeout: float = READ_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.host = urlsplit(base).netloc
        self._bucket = bucket
        self._sleep = sleep
        secret = token.strip()
        if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
            raise TokenRefused("This is no access token: RepairShopr's have no spaces or accents.")
        try:
            self._http = httpx.AsyncClient(
                base_url=base,
                headers={
                    "Accept": "application/json",
                    "User-Agent": "RevivaTUI",
                    "Authorization": f"Bearer {secret}",
                },
                timeout=httpx.Timeout(read_timeout, connect=connect_timeout),
                limits=httpx.Limits(max_connections=4, keepalive_expiry=IDLE_SECONDS),
                follow_redirects=False,
                trust_env=not is_local(base),
                verify=tls_context() if base.startswith("https:") else no_tls_context(),
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            raise CrmUnreachable(
                "The proxy that the environment names cannot be used here."
            ) from None

    def __repr__(self) -> str:
        return f"Wire({self.host!r})"

    async def close(self) -> None:
        await tidily(self._http.aclose)

    async def get(self, path: str, params: Params | None = None) -> Row:
        """Ask. Raises any CrmError but OutcomeUnknown."""
        return (await self._ask("GET", path, params=params))[0]

    async def get_with_time(self, path: str, params: Params) -> tuple[Row, datetime]:
        """As `get`, and what time the server says it is."""
        return await self._ask("GET", path, params=params)

    async def write(self, method: str, path: str, body: Mapping[str, Any]) -> Row:
        """Send something to be kept. Raises any CrmError."""
        return (await self._ask(method, path, body=body))[0]

    async def pages(
        self, path: str, key: str, params: Params | None = None, *, most: int = MOST_PAGES
    ) -> tuple[list[Row], bool]:
        """The rows of all pages, each once, and whether that is all of them.

        Pages have sizes of their own and some lists come without `meta`: then the list ends
        with a page that is empty or brings nothing new.
        """
        found: dict[Any, Row] = {}
        for page in range(1, most + 1):
            answer = await self.get(path, {**(params or {}), "page": page})
            rows = rows_of(answer, key)
            fresh = {row.get("id", id(row)): row for row in rows}
            is_news = not fresh.keys() <= found.keys()
            found |= fresh
            if not is_news or is_last(answer, page):
                return list(found.values()), True
        return list(found.values()), False

    async def _ask(self, method: str, path: str, **how: Any) -> tuple[Row, datetime]:
        patience, last = LONGEST_PAUSE, TRIES - 1
        for attempt in range(TRIES):
            await self._bucket.take()
            try:
                response = await self._send(method, path, **how)
            except _MayGoAgain as error:
                if attempt == last:
                    raise CrmUnreachable(str(error)) from None
                pause = FIRST_PAUSE * 2**attempt
            else:
                if response.is_success:
                    return self._read(method, response), _server_time(response)
                pause = self._pause(method, response, attempt)
                if attempt == last or pause is None or pause > patience:
                    raise self._refused(method, response)
            patience -= pause
            await self._sleep(pause)
        raise AssertionError("unreachable")

    def _pause(self, method: str, response: httpx.Response, attempt: int) -> float | None:
        """How long to wait before the same may be asked again; None where it must not."""
        if response.status_code == 429:
            self._bucket.empty()
            told = _retry_after(response)
            return FIRST_PAUSE * 4 * (attempt + 1) if told is None else told
        if method == "GET" and response.status_code in _AGAIN:
            return float(FIRST_PAUSE * 2**attempt)
        return None

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        async with self._translated(method):
            return await tidily(lambda: self._http.request(method, path, params=params, json=body))

    @asynccontextmanager
    async def _translated(self, method: str) -> AsyncIterator[None]:
        """Turns what the HTTP library raises into our tree, and keeps its text out of it."""
        try:
            yield
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise _MayGoAgain(f"{self.host} took no connection in time. {_UNCHANGED}") from None
        except httpx.ConnectError as error:
            if is_tls(error):
                raise CrmUnreachable(
                    f"The encrypted connection to {self.host} could not be made. {_UNCHANGED}"
                ) from None
            raise _MayGoAgain(f"{self.host} cannot be reached. {_UNCHANGED}") from None
        except httpx.ProxyError:
            raise _MayGoAgain(
                f"The proxy on the way to {self.host} refused. {_UNCHANGED}"
            ) from None
        except httpx.DecodingError:
            raise self._garbled(method) from None
        except httpx.TimeoutException:
            what = f"{self.host} gave no answer in time"
            raise (
                CrmUnreachable(f"{what}. {_UNCHANGED}") if method == "GET" else unknown(what)
            ) from None
        except UnicodeEncodeError:
            raise InvalidRecord(
                f"This text holds broken characters and cannot be sent. {_UNCHANGED}"
            ) from None
        except (httpx.HTTPError, UnicodeError):
            what = f"The connection to {self.host} broke"
            raise (
                _MayGoAgain(f"{what}. {_UNCHANGED}") if method == "GET" else unknown(what)
            ) from None

    def _garbled(self, method: str) -> CrmError:
        if method == "GET":
            return UnreadableAnswer(
                f"{self.host} answered with something that is no data, such as a web page: check "
                "the address, or try later if it is down. Nothing was changed."
            )
        return unknown(f"{self.host} answered with something that is no data")

    def _read(self, method: str, response: httpx.Response) -> Row:
        if not response.content.strip():
            return {}
        body = _json(response)
        if not isinstance(body, dict):
            raise self._garbled(method)
        return body

    def _refused(self, method: str, response: httpx.Response) -> CrmError:
        return refusal(
            response.status_code,
            _json(response),
            host=self.host,
            read=method == "GET",
            retry_after=_retry_after(response),
        )


_UNCHANGED: Final = "Nothing was changed."


class _MayGoAgain(Exception):
    """The request did not reach the server, or only asked and lost its connection."""


def rows_of(answer: Row, key: str) -> list[Row]:
    """The rows of a list; some come each wrapped in its own name (`{"appointment": {...}}`)."""
    rows = answer.get(key)
    if not isinstance(rows, list):
        return []
    single = key.removesuffix("s")
    unwrapped = (row.get(single, row) if isinstance(row, dict) else None for row in rows)
    return [row for row in unwrapped if isinstance(row, dict)]


def is_last(answer: Row, page: int) -> bool:
    """Whether `meta` says that a list ends with this page. Where it is missing nobody knows."""
    meta = answer.get("meta")
    total = meta.get("total_pages") if isinstance(meta, dict) else None
    return isinstance(total, int) and page >= total


def _json(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None


def _server_time(response: httpx.Response) -> datetime:
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
