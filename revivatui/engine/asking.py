"""What a screen asks the server by itself: figures, and lists of the administration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, TypeVar

from revivatui.api.errors import ApiError, Forbidden, Invalid, NotFound, RateLimited
from revivatui.engine.context import PASSING, Desk, sentence

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient

T = TypeVar("T")

Why = Literal["not_allowed", "not_there", "invalid", "unreachable", "other"]


class NotAnswered(Exception):
    """The server did not do it; the text is a whole sentence for the screen.

    `why`: not_allowed (for an administrator only), not_there (gone, or this version has no such
    thing), invalid (what was wrong is in the text), unreachable (it may work later), other.
    `may_be_done`: whether a change may have been made for all that. `wait`: seconds after which
    the server takes questions again, where it takes no more for now; else 0.
    """

    def __init__(
        self, text: str, why: Why = "other", *, may_be_done: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(text)
        self.why = why
        self.may_be_done = may_be_done
        self.wait = wait


def not_answered(error: ApiError) -> NotAnswered:
    """The wire's error as screens know it."""
    wait = error.wait if isinstance(error, RateLimited) else 0.0
    return NotAnswered(sentence(error), _why(error), may_be_done=error.sent != "no", wait=wait)


def _why(error: ApiError) -> Why:
    if isinstance(error, Forbidden):
        return "not_allowed"
    if isinstance(error, NotFound):
        return "not_there"
    if isinstance(error, Invalid):
        return "invalid"
    return "unreachable" if isinstance(error, PASSING) else "other"


async def ask(desk: Desk, call: Callable[[ChatwootClient], Awaitable[T]]) -> T:
    """Ask the server one thing. Raises NotAnswered."""
    try:
        return await desk.ask(call)
    except ApiError as error:
        raise not_answered(error) from None
