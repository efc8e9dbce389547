"""Answers that are no success, as errors (contract 1.3, 12.1, 12.4)."""

from __future__ import annotations

import json
import time
from typing import Any, Final

import httpx

from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    BadPayload,
    Forbidden,
    Invalid,
    NotChatwoot,
    NotFound,
    RateLimited,
    ServerDown,
    SignInRefused,
)
from revivatui.text.safe import safe_line

SIGN_IN_PATH: Final = "/auth/sign_in"
MOST_WORDS: Final = 300
"""Characters of the server's own words that are shown."""
_WINDOW: Final = 60.0
_SIGN_IN_WINDOW: Final = 300.0
_LONGEST_WAIT: Final = 3600
_TOKEN_REFUSED: Final = "Invalid Access Token"


def is_html(response: httpx.Response) -> bool:
    """A web page where JSON was asked for: some proxy, or another program altogether."""
    kind = response.headers.get("content-type", "")
    return kind.startswith(("text/html", "application/xhtml")) or (
        response.content[:64].lstrip()[:1] == b"<"
    )


def refusal(response: httpx.Response, host: str, method: str) -> ApiError:
    """The error for an answer whose status is not 2xx."""
    status = response.status_code
    if status == 429:
        period = _SIGN_IN_WINDOW if response.url.path.endswith(SIGN_IN_PATH) else _WINDOW
        wait = _told_wait(response) or period - time.time() % period
        return RateLimited(
            f"{host} wants fewer requests; wait {_minutes(wait)} before trying again.", wait=wait
        )
    if status >= 500:
        return ServerDown(
            f"{host} failed ({status}).", status=status, sent="no" if method == "GET" else "maybe"
        )
    if 300 <= status < 400:
        return NotChatwoot(f"{host} sends elsewhere ({status}){_target(response)}.", status=status)
    if is_html(response):
        return NotChatwoot(f"{host} answered with a web page ({status}).", status=status)
    body = _body(response)
    if status == 401 and response.url.path.endswith(SIGN_IN_PATH):
        said = words(body) or "The server refused this e-mail and password."
        return SignInRefused(said, status=status)
    return _by_status(status, body, host)


def _told_wait(response: httpx.Response) -> float:
    """Seconds, where a proxy before the server says so; Chatwoot itself never does."""
    told = response.headers.get("retry-after", "")
    return float(min(int(told), _LONGEST_WAIT)) if told.isascii() and told.isdigit() else 0.0


def _by_status(status: int, body: Any, host: str) -> ApiError:
    said = words(body)
    if status == 401:
        if is_by_token(body):
            return AuthExpired("The server no longer accepts this sign-in.", status=status)
        return Forbidden(said or "The server does not allow this.", status=status)
    if status == 403:
        return Forbidden(said or "The server does not allow this.", status=status)
    if status == 404:
        return NotFound(said or "The server does not know this.", status=status)
    if 400 <= status < 500:
        return Invalid(
            said or f"The server refused this ({status}).",
            status=status,
            attributes=_attributes(body),
        )
    return BadPayload(f"{host} answered {status}.", status=status, sent="maybe")


def is_by_token(body: object) -> bool:
    """Whether a 401 means the sign-in and not the role (contract 1.3).

    The texts of `errors` are translated, so their presence counts and not their words.
    """
    return isinstance(body, dict) and (
        isinstance(body.get("errors"), list) or body.get("error") == _TOKEN_REFUSED
    )


def words(body: object) -> str:
    """What the server said, as one cleaned line: `errors`, then `error`, then `message`."""
    if not isinstance(body, dict):
        return ""
    for key in ("errors", "error", "message"):
        said = _flat(body.get(key))
        if said:
            return safe_line(said[:MOST_WORDS])
    return ""


def _flat(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return ", ".join(filter(None, map(_flat, value[:10])))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(item)}" for key, item in list(value.items())[:10])
    return ""


def _attributes(body: object) -> tuple[str, ...]:
    named = body.get("attributes") if isinstance(body, dict) else None
    if not isinstance(named, list):
        return ()
    return tuple(safe_line(name) for name in named if isinstance(name, str))


def _body(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _target(response: httpx.Response) -> str:
    """Where a redirect leads, without query: what to type instead."""
    try:
        target = response.url.join(response.headers.get("location", ""))
    except httpx.InvalidURL:
        return ""
    if target.host == response.url.host and target.scheme == response.url.scheme:
        return ""
    return safe_line(f": {target.scheme}://{target.netloc.decode('ascii', 'replace')}")


def _minutes(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} seconds" if whole < 90 else f"{round(whole / 60)} minutes"
