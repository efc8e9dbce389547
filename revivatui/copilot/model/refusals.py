"""What a server's refusal means, and whether the same can be asked in another way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from revivatui.copilot.model.errors import (
    STAYS,
    KeyRefused,
    ModelDown,
    ModelError,
    ModelMissing,
    RequestRefused,
    TooMany,
)
from revivatui.copilot.model.frames import error_words
from revivatui.copilot.model.preparing import Habits
from revivatui.copilot.model.settings import ModelSettings, TokenWord
from revivatui.state.records import dataclass

_LONGEST_WAIT: Final = 24 * 3600.0
_TOKEN_WORDS: Final = re.compile(r"max_(?:completion_)?tokens")


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that is no success."""

    status: int
    words: str
    """The server's own, made safe; "" where it gave none."""
    retry_after: float | None


def read_refusal(
    status: int, body: bytes, headers: Mapping[str, str], settings: ModelSettings
) -> Refused:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    words = error_words(said) or ""
    if not words and isinstance(said, dict):  # FastAPI's, as vLLM and others have it
        words = error_words({"error": said.get("detail") or said.get("message")}) or ""
    key = settings.key.strip()
    return Refused(status, words.replace(key, "...") if key else words, _seconds(headers))


def other_way(refused: Refused, habits: Habits) -> Habits | None:
    """How to ask the same without what this server does not take; None where nothing is left."""
    if refused.status not in (400, 422):
        return None
    words = refused.words.lower()
    if habits.takes_usage and "stream_options" in words:
        return replace(habits, takes_usage=False)
    if habits.takes_temperature and "temperature" in words:
        return replace(habits, takes_temperature=False)
    named = _TOKEN_WORDS.search(words)
    if named is not None and not habits.swapped:
        other: TokenWord = (
            "max_tokens" if "completion" in habits.token_word else "max_completion_tokens"
        )
        return replace(habits, token_word=other, swapped=True)
    return replace(habits, takes_usage=False) if habits.takes_usage else None


def error_of(refused: Refused, settings: ModelSettings) -> ModelError:
    """The refusal for a person. What 404 means is looked up by whoever may ask."""
    host, status = settings.host, refused.status
    own = f' It says: "{refused.words}"' if refused.words else ""
    if status in (401, 407):
        what = "does not take the key" if settings.key else "wants a key"
        return KeyRefused(f"{host} {what}. {STAYS} `revivatui copilot key` keeps one.{own}")
    if status == 403:
        return KeyRefused(f"{host} does not allow this with the key. {STAYS}{own}")
    if status == 402:
        return RequestRefused(f"{host} wants to be paid first. {STAYS}{own}")
    if status == 429:
        return TooMany(f"{host} takes no more requests for now. {STAYS} {_again(refused)}{own}",
                       refused.retry_after)  # fmt: skip
    if status == 413:
        return RequestRefused(f"{host} finds the request too long. {STAYS}{own}")
    if status >= 500:
        return ModelDown(f"{host} failed ({status}). {STAYS} Ask again in a while.{own}")
    if 300 <= status < 400:
        return ModelMissing(
            f"{host} sends requests elsewhere ({status}), where nothing is sent. {STAYS} Check "
            "[copilot] model_url."
        )
    return RequestRefused(f"{host} refuses the request ({status}). {STAYS}{own}")


def missing(names: tuple[str, ...], settings: ModelSettings, words: str) -> ModelMissing:
    """404, with what the server has."""
    host = settings.host
    if names:
        has = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        return ModelMissing(
            f"{host} has no model {settings.model!r}. {STAYS} Set [copilot] model to one that it "
            f"has: {has}."
        )
    own = f' It says: "{words}"' if words else ""
    hint = "" if settings.base.endswith("/v1") else " Most addresses end in /v1."
    return ModelMissing(
        f"{host} has no model {settings.model!r}, or no chat at {settings.base}. {STAYS} Check "
        f"[copilot] model and model_url.{hint}{own}"
    )


def _again(refused: Refused) -> str:
    seconds = refused.retry_after
    if seconds is None:
        return "Ask again in a while."
    if seconds < 90:
        return f"Ask again in {max(1, round(seconds))} s."
    return f"Ask again in {round(seconds / 60)} min."


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds until a request may come again, from a number or a date."""
    told = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", told, re.ASCII):
        return min(float(told), _LONGEST_WAIT)
    return _seconds_until(told) if told else None


def _seconds_until(date: str) -> float | None:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(date)
        seconds = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)
