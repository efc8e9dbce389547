"""A JSON body to an address that the shop chose: alerts and reports for other systems."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from revivatui.api.address import is_local
from revivatui.text.addresses import problem_of
from revivatui.tls import no_tls_context, tls_context

SECONDS: Final = 10.0
"""How long connecting and answering may take together."""


class PostFailed(Exception):
    """It did not arrive, as far as is known; the text is a sentence without the address's path,
    which may hold a secret."""


async def post_json(url: str, body: Any, seconds: float = SECONDS) -> None:
    """Post it once. Redirects are not followed. Raises PostFailed."""
    if why := problem_of(url):
        raise PostFailed(f"The webhook's address cannot be used: {why}.")
    host = urlsplit(url).netloc.rpartition("@")[2]
    data = json.dumps(body, ensure_ascii=False).encode()
    try:
        async with asyncio.timeout(seconds), _client(url) as client:
            answer = await client.post(
                url, content=data, headers={"content-type": "application/json"}
            )
    except (TimeoutError, httpx.TimeoutException):
        raise PostFailed(f"{host} did not answer within {seconds:g} s.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise PostFailed(f"{host} cannot be reached ({type(error).__name__}).") from None
    if not answer.is_success:
        raise PostFailed(f"{host} answered {answer.status_code}.")


def _client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        headers={"User-Agent": "RevivaTUI"},
        trust_env=not is_local(url),
        verify=tls_context() if url.startswith("https:") else no_tls_context(),
    )
