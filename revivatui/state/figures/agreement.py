"""Whether a figure of the server agrees with our own, said in a sentence."""

from __future__ import annotations

from typing import Final

from revivatui.state.figures.counting import (
    AVERAGES,
    AVG_FIRST_RESPONSE,
    AVG_REPLY,
    AVG_RESOLUTION,
    BOT_HANDOFFS,
    BOT_RESOLUTIONS,
    CONVERSATIONS,
    MESSAGES_IN,
    MESSAGES_OUT,
)
from revivatui.state.figures.scopes import AGENT
from revivatui.state.figures.zones import counts_every_event
from revivatui.state.records import dataclass

EXACT: Final = "exact"
ESTIMATE: Final = "estimate"
UNKNOWN: Final = "unknown"

AGREES: Final = "agrees"
DIFFERS: Final = "differs"
UNCHECKED: Final = "unchecked"

SAME_COUNT: Final = 1e-9
SAME_TIME: Final = 1e-3
"""Seconds by which two averages may differ and still be one: both are sums of many floats."""
SAME_ESTIMATE: Final = 1.0
"""The same where ours is worked out from messages, which know whole seconds."""


@dataclass(frozen=True, slots=True)
class Basis:
    """How far our own figure can be trusted: exact, estimate or unknown, and why."""

    kind: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """agrees, differs or unchecked, with the sentence for the screen."""

    verdict: str
    sentence: str
    difference: float | None = None
    """Ours less the server's, in the figure's own unit."""


SURE: Final = Basis(EXACT, "Counted from everything that belongs to it.")


def basis(
    metric: str,
    version: str,
    *,
    scope: str = "account",
    events_told: bool = False,
    unread: int = 0,
    bots: bool = False,
) -> Basis:
    """What our figure stands on when it is counted from conversations that a desk has read.

    `events_told`: the server gave its reporting events. `unread`: conversations whose thread was
    not read to its beginning. `bots`: an inbox has a bot.
    """
    if unread:
        one = "1 conversation was" if unread == 1 else f"{unread} conversations were"
        return Basis(UNKNOWN, f"{one} not read to the beginning.")
    if metric in (CONVERSATIONS, MESSAGES_IN, MESSAGES_OUT) or events_told:
        return SURE
    return Basis(ESTIMATE, " ".join(_reasons(metric, version, scope, bots)))


def _reasons(metric: str, version: str, scope: str, bots: bool) -> list[str]:
    new = counts_every_event(version)
    reasons = ["The server gives no events: it is worked out from messages."]
    if metric in (AVG_FIRST_RESPONSE, AVG_REPLY):
        reasons.append("The server dates an answer when it has worked on it, a moment later.")
    else:
        reasons.append(
            "A resolution shows only as an activity line: understood in English, and written up "
            "to a second late."
        )
    if scope == AGENT and not (new and metric == AVG_FIRST_RESPONSE):
        reasons.append("Who was assigned at the time is read from activity lines.")
    if bots and metric in (AVG_FIRST_RESPONSE, BOT_HANDOFFS, BOT_RESOLUTIONS):
        reasons.append("A bot's handoff shows only as an activity line.")
    if metric == AVG_RESOLUTION:
        reasons.append("One without such a line is taken to have ended with its last activity.")
    return reasons


def compare(
    metric: str, server_value: float | None, own_value: float | None, own: Basis = SURE
) -> Agreement:
    """Hold the server's figure against ours. An average of nothing is None, or the server's 0."""
    if own.kind == UNKNOWN:
        return Agreement(UNCHECKED, f"Cannot be checked: {own.why}")
    averaged = metric in AVERAGES
    if averaged and own_value is None and not server_value:
        return Agreement(AGREES, "Agrees: there is nothing to average.", 0.0)
    difference = (own_value or 0.0) - (server_value or 0.0)
    note = f" Ours is an estimate: {own.why}" if own.kind == ESTIMATE else ""
    near = SAME_ESTIMATE if own.kind == ESTIMATE else SAME_TIME
    if abs(difference) <= (near if averaged else SAME_COUNT):
        return Agreement(AGREES, f"Agrees: {_said(metric, server_value)} in both.{note}", 0.0)
    return Agreement(
        DIFFERS,
        f"Differs by {_said(metric, abs(difference))}: the server says "
        f"{_said(metric, server_value)}, we count {_said(metric, own_value)}.{note}",
        difference,
    )


def _said(metric: str, value: float | None) -> str:
    if value is None:
        return "nothing"
    return exact_duration(value) if metric in AVERAGES else f"{value:g}"


def exact_duration(seconds: float) -> str:
    """A duration to the second, or to the thousandth below one: "3 h 58 min 17 s"."""
    if 0 < seconds < 1:
        return f"{seconds:.3f} s"
    parts: list[str] = []
    left = round(seconds)
    for word, size in (("d", 86400), ("h", 3600), ("min", 60)):
        many, left = divmod(left, size)
        if many or parts:
            parts.append(f"{many} {word}")
    return " ".join([*parts, f"{left} s"])
