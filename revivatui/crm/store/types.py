"""How our values are kept in a column, the same for both databases as far as anybody can see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, NUMERIC, DateTime, Dialect, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from revivatui.crm.errors import InvalidRecord
from revivatui.text.safe import safe


class Words(TypeDecorator[str]):
    """Text with nothing in it that acts on a terminal, whoever wrote it into the database.

    On the way in too: PostgreSQL refuses some of what that takes out.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else safe(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else safe(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, in and out with its zone; SQLite keeps it as text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidRecord("A moment without its time zone is no moment.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A quantity or a rate, decimal and exact: SQLite has no such number, so text there."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(NUMERIC() if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Facts(TypeDecorator[Mapping[str, Any]]):
    """A small object of JSON."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return plain_json(value or {})

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, Any]:
        kept = plain_json(value)
        return kept if isinstance(kept, dict) else {}


class Texts(Facts):
    """Some texts in their order, as a list of JSON."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return plain_json(list(value or ()))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return tuple(plain_json(value) or ())


class Records(Facts):
    """Some small records in their order, as a list of JSON objects."""

    cache_ok = True

    def __init__(self, record: type[Any]) -> None:
        super().__init__()
        self.record = record

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return plain_json([asdict(one) for one in value or ()])

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return tuple(self.record(**one) for one in plain_json(value) or ())


def plain_json(value: Any) -> Any:
    """The value with every text in it made safe."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {safe(str(name)): plain_json(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_json(one) for one in value]
    return value
