"""What all wire models share: their configuration and the types that clean at the door.

A model holds text only as `Line`, `Text` or `Attributes`, which have passed `revivatui.text.safe`;
a key that the desk has no use for is `object`, so that mypy keeps it from being used uncleaned;
a secret of somebody else is `Dropped`, our own is a `SecretStr`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from revivatui.text.safe import safe, safe_line


class Wire(BaseModel):
    """A JSON object of the server. Building is put off until the first use; errors name places,
    never values (a value may be a token)."""

    model_config = ConfigDict(
        extra="ignore",
        defer_build=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
    )


LATEST: Final = 253402300800.0
"""The first second of the year 10000: what lies beyond is no time."""


def clean_tree(value: Any) -> Any:
    """A JSON value with every string in it made safe, keys included."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {safe_line(key): clean_tree(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_tree(item) for item in value]
    return value


def to_epoch(value: Any) -> float | None:
    """Seconds since 1970 from any time the server writes; None for null, 0, "" and what is no time.

    Times come as whole or fractional seconds or as ISO text, "never" as null or 0 (contract 0).
    """
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
            value = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return None
    if isinstance(value, (int, float)) and 0 < value < LATEST:
        return float(value)
    return None


def _nothing(_: object) -> None:
    return None


Line = Annotated[str, AfterValidator(safe_line)]
Text = Annotated[str, AfterValidator(safe)]
Attributes = Annotated[dict[str, Any], AfterValidator(clean_tree)]
Stamp = Annotated[float | None, BeforeValidator(to_epoch)]
Dropped = Annotated[object, AfterValidator(_nothing)]
"""A secret that is not ours (a contact's pubsub token, an inbox's keys): known and never kept."""
