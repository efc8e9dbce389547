"""Answers that are no success, as errors of the CRM tree with a sentence for a person.

The vendor tells what is wrong in four shapes: `{error: text}`, `{errors: text}`,
`{field: [texts]}` and `{success: false, message: [texts]}`; some come with the `params` that were
sent, which say nothing new.
"""

from __future__ import annotations

from typing import Any, Final

from revivatui.crm.errors import (
    CrmError,
    CrmUnreachable,
    InvalidRecord,
    NotInCrm,
    NotPermitted,
    OutcomeUnknown,
    TokenRefused,
    TooManyRequests,
    UnreadableAnswer,
    WrongAddress,
)
from revivatui.text.safe import safe_line

MOST_WORDS: Final = 300
"""Characters of the vendor's own words that are shown."""
FULL_MINUTE: Final = 60.0
_NO_WORDS: Final = frozenset({"success", "params", "status", "code"})


def refusal(
    status: int, body: Any, *, host: str, read: bool, retry_after: float | None
) -> CrmError:
    """The error for a status that is no success; `body` is None where it was no JSON."""
    said = words(body)
    if status == 401:
        return TokenRefused(
            f"{host} does not accept the access token. Make a new one there (Admin, API Tokens) "
            "and keep it with `revivatui login --crm`. Nothing was changed."
        )
    if status == 403:
        return NotPermitted(
            f"The access token may not do this{_told(said)}. Widen its permissions in {host}, "
            "under Admin, API Tokens. Nothing was changed."
        )
    if status == 404:
        if body is None:
            return WrongAddress(f"{host} has no such page: check the address of the shop.")
        return NotInCrm(f"{host} has no such record.")
    if status == 429:
        wait = FULL_MINUTE if retry_after is None else retry_after
        return TooManyRequests(
            f"{host} wants fewer requests; it takes more in {max(1, round(wait))} seconds. "
            "Nothing was changed.",
            wait,
        )
    if status >= 500:
        return _failed(status, host, read)
    if 300 <= status < 400:
        return WrongAddress(f"{host} sends elsewhere ({status}): check the address of the shop.")
    if 400 <= status < 500:
        return InvalidRecord(f"{host} refused this ({status}){_told(said)}. Nothing was changed.")
    return UnreadableAnswer(f"{host} answered {status}, which means nothing here.")


def _failed(status: int, host: str, read: bool) -> CrmError:
    if read:
        return CrmUnreachable(f"{host} failed ({status}). Nothing was changed.")
    return unknown(f"{host} failed ({status})")


def unknown(what: str) -> OutcomeUnknown:
    """No answer, or none that can be read, to a write that may have been carried out."""
    return OutcomeUnknown(
        f"{what} while it was given something to keep. Whether it kept it is not known."
    )


def words(body: Any) -> str:
    """What the vendor said, as one cleaned line."""
    if not isinstance(body, dict):
        return ""
    for key in ("errors", "error", "message"):
        if said := _flat(body.get(key)):
            return _short(said)
    fields = ((name, _flat(told)) for name, told in body.items() if name not in _NO_WORDS)
    return _short("; ".join(f"{name.replace('_', ' ')} {told}" for name, told in fields if told))


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return ", ".join(filter(None, map(_flat, value[:10])))
    if isinstance(value, dict):
        return "; ".join(f"{name} {_flat(told)}" for name, told in list(value.items())[:10])
    return ""


def _short(text: str) -> str:
    return safe_line(text[:MOST_WORDS])


def _told(said: str) -> str:
    return f": {said.rstrip('.')}" if said else ""
