"""What the vendor writes, read tolerantly: texts made safe, moments, amounts and yes or no.

Every text of the vendor's passes `text.safe` here, once. A field that is missing is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from revivatui.crm.errors import MoneyError, UnreadableAnswer
from revivatui.crm.money import Money
from revivatui.crm.passcodes import asks_for_passcode
from revivatui.text.safe import safe, safe_line

Row = Mapping[str, Any]
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TRUE: Final = frozenset({"1", "true", "yes", "t"})
_ZONE: Final = re.compile(r"\s*(?:UTC|GMT)$")
_MOST_SECONDS: Final = 1e11
"""An epoch beyond the year 5138 is one in milliseconds."""


def line(row: Row, *names: str) -> str:
    """The first of these fields that says something, as one line."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return safe_line(value.strip())
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
    return ""


def text(row: Row, name: str) -> str:
    """A field of several lines."""
    value = row.get(name)
    return safe(value).strip() if isinstance(value, str) else ""


def id_of(row: Row, name: str = "id") -> str:
    """An id as text. Raises UnreadableAnswer where a record has none."""
    if found := maybe_id(row, name):
        return found
    raise UnreadableAnswer("The CRM sent a record without a number of its own.")


def maybe_id(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) and value.strip().isdigit() else ""


def ids(row: Row, name: str) -> tuple[str, ...]:
    values = row.get(name)
    if not isinstance(values, list):
        return ()
    return tuple(str(one) for one in values if isinstance(one, int | str) and str(one).isdigit())


def inner(row: Row, name: str) -> Row:
    """A record within a record; an empty one where it is missing."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def inner_rows(row: Row, name: str) -> list[Row]:
    value = row.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def fields(row: Row) -> dict[str, Any]:
    """The shop's own fields of a record. One that is made for a passcode is left where it is."""
    return {
        safe_line(name): safe(value) if isinstance(value, str) else value
        for name, value in inner(row, "properties").items()
        if not asks_for_passcode(name) and isinstance(value, str | int | bool | None)
    }


def flag(row: Row, name: str) -> bool:
    """Yes or no, which come as booleans, numbers and texts."""
    value = row.get(name)
    return value.strip().casefold() in _TRUE if isinstance(value, str) else bool(value)


def moment(row: Row, name: str) -> datetime | None:
    """A moment: ISO 8601 with or without a zone (then UTC), a day alone, or epoch seconds."""
    value = row.get(name)
    try:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            seconds = float(value)
            return datetime.fromtimestamp(
                seconds / 1000 if seconds > _MOST_SECONDS else seconds, UTC
            )
        if not isinstance(value, str) or not value.strip():
            return None
        found = datetime.fromisoformat(_ZONE.sub("+00:00", value.strip()))
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def created(row: Row) -> datetime:
    return moment(row, "created_at") or EPOCH


def updated(row: Row) -> datetime:
    return moment(row, "updated_at") or created(row)


def version(row: Row) -> int:
    """The vendor counts no versions: the moment of the last change, in milliseconds, is one."""
    return round((updated(row) - EPOCH).total_seconds() * 1000)


def amount(row: Row, name: str, currency: str) -> Money:
    """An amount that comes as text or as a number. Raises MoneyError where it is none."""
    value = row.get(name)
    if value is None or value == "":
        return Money.nothing(currency)
    if isinstance(value, str):
        return Money.parse(value, currency)
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Money.of(value, currency)
    raise MoneyError(f"The CRM sent an amount of money that is none ({name}).")


def price(row: Row, currency: str) -> Money:
    """A line's or a product's price: in cents where the field says so, else whole."""
    cents = row.get("retail_cents")
    if isinstance(cents, int) and not isinstance(cents, bool):
        return Money.of(Decimal(cents).scaleb(-2), currency)
    return amount(row, "price" if "price" in row else "price_retail", currency)


def number(row: Row, name: str, otherwise: Decimal = Decimal(0)) -> Decimal:
    """A count or a percentage, exact."""
    value = row.get(name)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,12})?", value.strip()):
        return Decimal(value.strip())
    return otherwise


def stamp(when: datetime) -> str:
    """A moment as the vendor takes it in filters and fields: whole, in UTC."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
