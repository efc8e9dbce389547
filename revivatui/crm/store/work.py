"""One transaction: what reads and writes in it, and what it owes when it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeVar

from sqlalchemy import Executable, Table, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from revivatui.crm.errors import NotInCrm
from revivatui.crm.store.shapes import Shape
from revivatui.crm.store.tables import CHANGES
from revivatui.crm.views import RecordKind

R = TypeVar("R")

LOCKS: Final = {
    "schema": 0x52455601,
    "customers": 0x52455602,
    "changes": 0x52455603,
    "captain": 0x52455604,
}
"""Numbers of PostgreSQL's advisory locks. SQLite has one writer at a time and needs none."""


class Reader:
    """A transaction that sees one moment of the store. `now` is the same for all of it."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self.connection = connection
        self.now = now

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    async def rows(self, question: Executable) -> Sequence[Any]:
        return (await self.connection.execute(question)).all()

    async def row(self, question: Executable) -> Any | None:
        return (await self.connection.execute(question)).first()

    async def one(self, shape: Shape[R], record_id: str, what: str, *, lock: bool = False) -> R:
        """The record with that id. Raises NotInCrm, saying what was looked for."""
        question = select(shape.table).where(shape.table.c.id == record_id)
        found = await self.row(question.with_for_update() if lock else question)
        if found is None:
            raise NotInCrm(f"There is no such {what} in the CRM.")
        return shape.read(found)


Payer = Callable[["Work", Sequence[Any]], Awaitable[None]]


class Work(Reader):
    """A transaction that writes. Other rooms' rows can be written with its `connection`, so that
    they are there if and only if what was done to the CRM is."""

    def __init__(
        self, connection: AsyncConnection, now: datetime, new_id: Callable[[], str]
    ) -> None:
        super().__init__(connection, now)
        self.new_id = new_id
        self._changed: dict[tuple[RecordKind, str], None] = {}
        self._owed: dict[Payer, list[Any]] = {}

    async def run(self, statement: Executable) -> int:
        """Write; gives the number of rows that it reached."""
        return (await self.connection.execute(statement)).rowcount

    async def add(self, table: Table, values: dict[str, Any] | list[dict[str, Any]]) -> None:
        """Write a new row, or some."""
        await self.connection.execute(insert(table), values)

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that knows ON CONFLICT, in the words of this database."""
        return postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)

    async def insert_if_new(self, table: Table, values: dict[str, Any]) -> bool:
        """Write a row unless one with its keys is there; gives whether it was written."""
        added = self.insert(table).values(values).on_conflict_do_nothing()
        return await self.row(added.returning(*table.primary_key)) is not None

    async def lock(self, name: Literal["customers", "changes", "captain"]) -> None:
        """Wait for other writers of that matter; until this transaction ends they wait for us."""
        if self.is_postgresql:
            await self.connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCKS[name]}
            )

    def changed(self, kind: RecordKind, record_id: str) -> None:
        """That a record is not as it was: `changes_since` tells it once this has ended well."""
        self._changed[kind, record_id] = None

    def owe(self, pay: Payer, item: Any) -> None:
        """Have `pay` called once, with all that was owed to it, when everything else is written:
        for rows of other rooms that others wait for and that must not be held for long."""
        self._owed.setdefault(pay, []).append(item)

    async def end(self) -> None:
        """What is owed before the commit; of the changes, numbers in the order of commits.

        Their lock comes last of all, is held for nothing but the commit, and can therefore neither
        meet another one the wrong way round nor let a later number be seen first.
        """
        for pay, items in self._owed.items():
            await pay(self, items)
        if not self._changed:
            return
        await self.lock("changes")
        newest = await self.row(select(func.max(CHANGES.c.sequence)))
        first = (newest[0] if newest and newest[0] else 0) + 1
        written = self.insert(CHANGES)
        await self.connection.execute(
            written.on_conflict_do_update(
                index_elements=[CHANGES.c.kind, CHANGES.c.local_id],
                set_={"sequence": written.excluded.sequence, "at": written.excluded.at},
            ),
            [
                {"kind": kind, "local_id": record_id, "sequence": number, "at": self.now}
                for number, (kind, record_id) in enumerate(self._changed, first)
            ],
        )
