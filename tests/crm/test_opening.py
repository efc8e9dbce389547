"""A store is made, upgraded and taken back on both databases, and its address keeps its secret."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from revivatui.crm.errors import CrmError, CrmUnreachable, TooNew, WrongAddress
from revivatui.crm.migrations import run
from revivatui.crm.store import Store, opening
from revivatui.crm.store.engine import WRITES, address_of, make_engine
from revivatui.crm.wishes import CustomerWish


async def within(address: str, act: Callable[[Connection], Any]) -> Any:
    """Do something in a transaction of the database, without a store."""
    engine = make_engine(address_of(address))
    try:
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            return await connection.run_sync(act)
    finally:
        await engine.dispose()


def picture(connection: Connection) -> dict[str, Any]:
    """Everything a database says of its tables, but the order of columns."""
    seen = inspect(connection)
    return {
        table: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"]) for one in seen.get_columns(table)
            },
            "key": (
                seen.get_pk_constraint(table)["name"],
                seen.get_pk_constraint(table)["constrained_columns"],
            ),
            "foreign": sorted(
                (str(one["name"]), one["constrained_columns"], one["referred_table"])
                for one in seen.get_foreign_keys(table)
            ),
            "unique": sorted(
                (str(one["name"]), one["column_names"])
                for one in seen.get_unique_constraints(table)
            ),
            "checks": sorted(str(one["name"]) for one in seen.get_check_constraints(table)),
            "indexes": sorted(
                (str(one["name"]), one["column_names"], bool(one["unique"]))
                for one in seen.get_indexes(table)
            ),
        }
        for table in seen.get_table_names()
    }


async def test_the_migrations_make_the_tables_that_a_new_store_has(
    empty_address: str, address: str
) -> None:
    await within(empty_address, lambda one: run.upgrade(one, "head"))
    migrated, made = await within(empty_address, picture), await within(address, picture)
    assert migrated.keys() == made.keys()
    for table in made:
        assert migrated[table] == made[table], table


async def test_every_revision_goes_up_and_down_again(empty_address: str) -> None:
    pictures: dict[str, Any] = {}
    for revision in opening.REVISIONS:
        await within(empty_address, partial(run.upgrade, revision=revision))
        pictures[revision] = await within(empty_address, picture)
    for revision in reversed(opening.REVISIONS):
        await within(empty_address, partial(run.downgrade, revision=revision))
        assert await within(empty_address, picture) == pictures[revision]
    await within(empty_address, lambda one: run.downgrade(one, "base"))
    assert (await within(empty_address, picture)).keys() == {"alembic_version"}


async def test_an_older_store_is_brought_up_to_date_with_everything_in_it(
    address: str,
) -> None:
    store = await Store.open(address)
    made = await store.upsert_customer(CustomerWish(name="One", email="one@example.com"))
    await store.close()
    await within(address, lambda one: run.downgrade(one, opening.REVISIONS[0]))
    assert "ticket_comments" not in await within(address, picture)
    store = await Store.open(address)
    assert await store.get_customer(made.id) == made
    await store.close()
    assert await within(address, opening.current_revision) == opening.HEAD


async def test_an_upgrade_that_fails_leaves_the_store_as_it_was(address: str) -> None:
    await within(address, partial(run.downgrade, revision=opening.REVISIONS[0]))
    in_the_way = text("CREATE TABLE chat_conversations (x INTEGER)")
    await within(address, lambda one: one.execute(in_the_way).rowcount)
    before = await within(address, picture)
    with pytest.raises(CrmError):
        await Store.open(address)
    assert await within(address, picture) == before
    assert await within(address, opening.current_revision) == opening.REVISIONS[0]


async def test_a_store_of_a_newer_program_is_left_as_it_is(address: str) -> None:
    change = text("UPDATE alembic_version SET version_num = '9999'")
    await within(address, lambda one: one.execute(change).rowcount)
    before = await within(address, picture)
    with pytest.raises(TooNew, match="newer version"):
        await Store.open(address)
    assert await within(address, picture) == before


async def test_a_database_with_something_else_in_it_is_left_as_it_is(empty_address: str) -> None:
    made = text("CREATE TABLE customers (x INTEGER)")
    await within(empty_address, lambda one: one.execute(made).rowcount)
    with pytest.raises(CrmError, match="left as it is"):
        await Store.open(empty_address)
    assert (await within(empty_address, picture)).keys() == {"customers"}


async def test_a_new_store_opened_by_many_at_once_is_made_once(empty_address: str) -> None:
    stores = await asyncio.gather(*(Store.open(empty_address) for _ in range(5)))
    for number, store in enumerate(stores):
        await store.upsert_customer(CustomerWish(name=f"{number}", email=f"{number}@example.com"))
        await store.close()


def test_the_head_that_opening_knows_is_that_of_the_migrations() -> None:
    script = ScriptDirectory.from_config(run.configuration(None))  # type: ignore[arg-type]
    assert script.get_current_head() == opening.HEAD
    assert {one.revision for one in script.walk_revisions()} == set(opening.REVISIONS)


def test_a_new_and_a_current_store_open_without_alembic(address: str, empty_address: str) -> None:
    script = (
        "import asyncio, sys\n"
        "from revivatui.crm.store import Store\n"
        "async def main():\n"
        "    for where in sys.argv[1:]:\n"
        "        await (await Store.open(where)).close()\n"
        "asyncio.run(main())\n"
        "print('alembic' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, empty_address, address, empty_address],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "False"


async def test_the_health_of_a_store_is_told_and_never_raised(address: str) -> None:
    store = await Store.open(address)
    assert (await store.health()).ok
    await store.close()


@pytest.mark.parametrize(
    "where",
    [
        "mysql://desk:hunter2@db/crm",
        "postgresql://desk:hunter2@db:port/crm",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
async def test_an_address_that_cannot_be_is_told_without_its_password(where: str) -> None:
    with pytest.raises(WrongAddress) as refused:
        await Store.open(where)
    assert "hunter2" not in str(refused.value)


async def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    where = f"postgresql://desk:hunter2@/crm?host={tmp_path}"
    with pytest.raises(CrmUnreachable) as refused:
        await Store.open(where)
    error: BaseException | None = refused.value
    while error is not None:
        assert "hunter2" not in f"{error!r} {error}"
        error = error.__cause__ or error.__context__


async def test_a_file_that_cannot_be_made_or_is_none_of_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(CrmUnreachable):
        await Store.open(tmp_path / "taken" / "crm.sqlite")
    (tmp_path / "letter.txt").write_text("Dear shop, " * 200)
    with pytest.raises(CrmUnreachable, match="not a database"):
        await Store.open(tmp_path / "letter.txt")


async def test_the_file_is_its_owners_alone_and_in_the_mode_that_was_promised(
    tmp_path: Path,
) -> None:
    where = tmp_path / "crm.sqlite"
    store = await Store.open(where)
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert repr(store) == "<Store in sqlite>"
    async with store.reading() as reader:
        told = [
            (await reader.rows(text(f"PRAGMA {name}")))[0][0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert told == ["wal", 1, 1, 10_000]
    await store.close()
    with sqlite3.connect(where) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
