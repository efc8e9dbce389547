"""Captain's settings: the [bridge.captain] table, and what only environment or keyring may hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from difflib import get_close_matches
from typing import Any, Final

from revivatui.bridge.errors import BadBridgeSettings
from revivatui.copilot.model.settings import ModelSettings
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.state.records import dataclass

TOKEN_VARIABLE: Final = "REVIVATUI_CAPTAIN_TOKEN"
PATH_VARIABLE: Final = "REVIVATUI_CAPTAIN_PATH_SECRET"
SECRET_VARIABLE: Final = "REVIVATUI_CAPTAIN_SECRET"
TOKEN_ENTRY: Final = "captain"
PATH_ENTRY: Final = "captain-path"
SECRET_ENTRY: Final = "captain-secret"


@dataclass(frozen=True, slots=True)
class CaptainSettings:
    """How captain answers. It is off until `on` says otherwise."""

    on: bool = False
    inboxes: tuple[int, ...] = ()
    """Inboxes in which it may answer; empty: wherever its bot was put."""
    wait_seconds: float = 4.0
    """How long a customer is let finish: an answer is to all that they wrote."""
    turns: int = 6
    """Answers in one conversation, after which people have it."""
    tokens_per_conversation: int = 6_000
    tokens_per_day: int = 200_000
    confidence: float = 0.3
    """From 0 to 1: a text of the shop that fits less is not said."""
    model: bool = False
    """Whether the model of [copilot] writes answers where the shop's own texts have none."""
    temperature: float = 0.3
    most_tokens: int = 500
    token: str = field(default="", repr=False)
    """The bot's own, never a person's."""
    path_secret: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    shop: ShopProfile = field(default_factory=ShopProfile)
    """What may be told of the shop: the [shop] table."""
    asks: ModelSettings = field(default_factory=ModelSettings)
    """The model, where `model` says that one is asked: the [copilot] table, as captain asks."""


OFF: Final = CaptainSettings()
_KEYS: Final = (
    "on",
    "inboxes",
    "wait_seconds",
    "turns",
    "tokens_per_conversation",
    "tokens_per_day",
    "confidence",
    "model",
    "temperature",
    "most_tokens",
)


def load(
    table: object,
    kept_secret: Callable[[str], str] = lambda name: "",
    environ: Mapping[str, str] | None = None,
) -> CaptainSettings:
    """The settings of a table. Raises BadBridgeSettings, which names the key."""
    environ = os.environ if environ is None else environ
    if not isinstance(table, Mapping):
        raise BadBridgeSettings("[bridge.captain] must be a table.")
    _refuse_unknown(table)
    secret = environ.get(SECRET_VARIABLE) or kept_secret(SECRET_ENTRY)
    return CaptainSettings(
        on=_yes(table, "on", False),
        inboxes=_numbers(table, "inboxes"),
        wait_seconds=_number(table, "wait_seconds", OFF.wait_seconds, 0.0, 120.0),
        turns=int(_number(table, "turns", OFF.turns, 1, 50)),
        tokens_per_conversation=int(
            _number(table, "tokens_per_conversation", OFF.tokens_per_conversation, 0, 1_000_000)
        ),
        tokens_per_day=int(_number(table, "tokens_per_day", OFF.tokens_per_day, 0, 100_000_000)),
        confidence=_number(table, "confidence", OFF.confidence, 0.0, 1.0),
        model=_yes(table, "model", False),
        temperature=_number(table, "temperature", OFF.temperature, 0.0, 2.0),
        most_tokens=int(_number(table, "most_tokens", OFF.most_tokens, 16, 4_000)),
        token=environ.get(TOKEN_VARIABLE) or kept_secret(TOKEN_ENTRY),
        path_secret=environ.get(PATH_VARIABLE) or kept_secret(PATH_ENTRY),
        secrets=tuple(one.strip() for one in secret.split(",") if one.strip()),
    )


def _refuse_unknown(table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}."
            raise BadBridgeSettings(f"[bridge.captain] has no key {key!r}; {hint}")


def _yes(table: Mapping[str, Any], key: str, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise BadBridgeSettings(f"[bridge.captain] {key} must be true or false.")
    return value


def _number(table: Mapping[str, Any], key: str, default: float, least: float, most: float) -> float:
    value = table.get(key, default)
    is_whole = isinstance(default, int)
    fits = isinstance(value, int if is_whole else (int, float)) and not isinstance(value, bool)
    if not fits or not least <= value <= most:
        what = "a whole number" if is_whole else "a number"
        raise BadBridgeSettings(f"[bridge.captain] {key} must be {what} from {least} to {most}.")
    return float(value)


def _numbers(table: Mapping[str, Any], key: str) -> tuple[int, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(type(one) is int and one > 0 for one in value):
        raise BadBridgeSettings(f"[bridge.captain] {key} must be a list of inboxes' numbers, [3].")
    return tuple(value)
