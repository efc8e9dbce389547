"""The shop's SQLite database: rows are plain dicts with Python values.

One connection, used from the server's thread only. Times are integers: microseconds since the
epoch, UTC (``iso``, ``seconds`` and ``fraction`` in ``revivatui.shop.render.times`` show them).
JSON columns come out parsed and go in as Python values, booleans likewise; enums are names.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from revivatui.shop import schema
from revivatui.shop.schema_admin import ADMIN_INDEXES, ADMIN_TABLES

TABLES = schema.TABLES | ADMIN_TABLES
INDEXES = schema.INDEXES + ADMIN_INDEXES

Row = dict[str, Any]
Values = Sequence[Any] | Mapping[str, Any]


def _columns_of(kind: str) -> frozenset[str]:
    return frozenset(re.findall(rf"(\w+) {kind}\b", " ".join(TABLES.values())))


JSON_COLUMNS = _columns_of("JSON")
BOOLEAN_COLUMNS = _columns_of("BOOLEAN")


class Database:
    """Thin helpers over one connection. Raises ``sqlite3.Error`` on a broken query."""

    def __init__(self, path: str = ":memory:") -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = _row
        self._depth = 0
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "temp_store=MEMORY",
            "cache_size=-65536",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self._create()

    def _create(self) -> None:
        with self.transaction():
            self.connection.execute(
                "CREATE TABLE IF NOT EXISTS installation (key TEXT PRIMARY KEY, value JSON)"
            )
            for table, columns in TABLES.items():
                self.connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                    f" {columns}, created_at INTEGER, updated_at INTEGER)"
                )
            for index in INDEXES:
                self.connection.execute(index)

    def one(self, sql: str, values: Values = ()) -> Row | None:
        row: Row | None = self.connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        return self.connection.execute(sql, values).fetchall()

    def value(self, sql: str, values: Values = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, values)
        return next(iter(row.values())) if row else None

    def column(self, sql: str, values: Values = ()) -> list[Any]:
        """The first column of every row."""
        return [next(iter(row.values())) for row in self.all(sql, values)]

    def get(self, table: str, row_id: int | None) -> Row | None:
        if row_id is None:
            return None
        return self.one(f"SELECT * FROM {table} WHERE id = ?", (row_id,))

    def find(self, table: str, **columns: Any) -> Row | None:
        """The first row (by id) whose columns have these values (None matches NULL)."""
        where = " AND ".join(f"{name} IS :{name}" for name in columns)
        return self.one(f"SELECT * FROM {table} WHERE {where} ORDER BY id LIMIT 1", columns)

    def where(self, table: str, **columns: Any) -> list[Row]:
        where = " AND ".join(f"{name} IS :{name}" for name in columns) or "1"
        return self.all(f"SELECT * FROM {table} WHERE {where} ORDER BY id", columns)

    def insert(self, table: str, **columns: Any) -> int:
        """Insert and return the new id. Columns left out take the table's defaults."""
        names = ", ".join(columns)
        marks = ", ".join("?" for _ in columns)
        cursor = self.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            [_store(name, value) for name, value in columns.items()],
        )
        return int(cursor.lastrowid or 0)

    def insert_many(self, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows quickly (seeding); values in the order of ``names``."""
        marks = ", ".join("?" for _ in names)
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
            ([_store(name, value) for name, value in zip(names, row, strict=True)] for row in rows),
        )

    def update(self, table: str, row_id: int, **columns: Any) -> None:
        if not columns:
            return
        marks = ", ".join(f"{name} = ?" for name in columns)
        self.connection.execute(
            f"UPDATE {table} SET {marks} WHERE id = ?",
            [*(_store(name, value) for name, value in columns.items()), row_id],
        )

    def delete(self, table: str, row_id: int) -> None:
        self.connection.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))

    def execute(self, sql: str, values: Values = ()) -> int:
        """Run a statement; returns how many rows it touched."""
        return self.connection.execute(sql, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner transaction joins the outer one."""
        if self._depth == 0:
            self.connection.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self.connection.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self.connection.execute("COMMIT")

    def setting(self, key: str, default: Any = None) -> Any:
        text = self.value("SELECT value AS raw FROM installation WHERE key = ?", (key,))
        return default if text is None else json.loads(text)

    def set_setting(self, key: str, value: Any) -> None:
        self.execute(
            "INSERT INTO installation (key, value) VALUES (?, ?)"
            " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (key, json.dumps(value)),
        )

    def close(self) -> None:
        self.connection.close()


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    row: Row = {}
    for description, value in zip(cursor.description, values, strict=True):
        name = description[0]
        if value is not None:
            if name in JSON_COLUMNS:
                value = {} if value == "{}" else json.loads(value)
            elif name in BOOLEAN_COLUMNS:
                value = bool(value)
        row[name] = value
    return row


def _store(name: str, value: Any) -> Any:
    if name in JSON_COLUMNS and value is not None:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value
