"""What can go wrong between us and the server: one tree, each with a sentence for a person.

`plain` is that sentence; `sent` says whether the request may have been acted on: "no" (never
reached the server or was refused), "maybe" (no answer, or a broken one), "yes" (it was acted on,
but the answer could not be read). No error holds a token, a password or an answer's body.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Sent = Literal["no", "maybe", "yes"]


class ApiError(Exception):
    """Anything the server, or the way to it, refused. `status` is the HTTP status, if any came."""

    hint: ClassVar[str] = ""
    """What to do about it."""

    def __init__(self, message: str, *, status: int | None = None, sent: Sent = "no") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.sent: Sent = sent

    @property
    def plain(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __str__(self) -> str:
        return self.plain


class Offline(ApiError):
    """No connection, or it broke before an answer came."""

    hint = "The desk keeps trying."


class Timeout(ApiError):
    """The server took the request and gave no answer in time."""


class TlsFailed(ApiError):
    """The encrypted connection could not be made."""

    hint = "Check the address (https or http) and the server's certificate."


class NotChatwoot(ApiError):
    """Something answered that does not speak Chatwoot: a wrong address, or a proxy in between."""

    hint = "Check the server address."


class BadAddress(NotChatwoot):
    """What was typed is no web address."""

    hint = "Type it like desk.example.com or https://desk.example.com."


class AuthExpired(ApiError):
    """401 by token: signed out by the server (contract 1.3)."""

    hint = "Sign in again."


class SignInRefused(ApiError):
    """E-mail, password or second factor is not right, or the person may not sign in."""


class Forbidden(ApiError):
    """401 or 403 by role or membership: signed in, but not allowed to (contract 1.3)."""


class NotFound(ApiError):
    """No such record, or not for this version."""


class Invalid(ApiError):
    """The server refused what was sent (400, 402, 406, 409, 415, 422)."""

    def __init__(
        self, message: str, *, status: int | None = None, attributes: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, status=status)
        self.attributes = attributes
        """The fields it names, where it names any (contract 12.4)."""


class RateLimited(ApiError):
    """429: too many requests. `wait` is the seconds to the next window (contract 12.1)."""

    def __init__(self, message: str, *, wait: float, status: int = 429) -> None:
        super().__init__(message, status=status)
        self.wait = wait


class ServerDown(ApiError):
    """5xx: the server, or a proxy before it, failed."""

    hint = "The desk keeps trying."


class BadPayload(ApiError):
    """The answer came and could not be understood."""


class FeedLost(Offline):
    """The live feed ended. `reconnect`: what the server wants, where it said so (7.1)."""

    def __init__(self, message: str, *, reconnect: bool = True) -> None:
        super().__init__(message)
        self.reconnect = reconnect


class FeedRefused(ApiError):
    """The subscription was rejected, or met with the silence that a bad token gets (7.1)."""

    hint = "Sign in again if this stays."
