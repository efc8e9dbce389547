"""procrastinate's tables and functions beside the bridge's own, in a PostgreSQL.

procrastinate names its versions by the files that lead from one to the next and keeps no record of
how far a database came. So the last one is kept here, as a fact of the bridge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from revivatui.bridge import known
from revivatui.bridge.errors import BridgeError
from revivatui.crm.store import Store
from revivatui.crm.store.work import LOCKS, Work

FACT: Final = "jobs:layout"


async def bring_up_to_date(store: Store) -> None:
    """Make what is not there, and lead what is older to where the program's procrastinate is.

    Any number of programs may do this at once. Raises BridgeError for tables of a newer program or
    of somebody else's.
    """
    known_steps = steps()
    while True:
        async with store.unit_of_work() as work:
            await hold_schema(work)
            reached = await known.fact(work, FACT)
            if reached == known_steps[-1]:
                return
            if reached > known_steps[-1]:
                raise BridgeError(
                    "The bridge's jobs were made by a newer version of the program. They were left"
                    " as they are."
                )
            await known.keep_fact(work, FACT, await _one_step(work, reached, known_steps))


async def hold_schema(work: Work) -> None:
    """Be the only one who makes tables in this PostgreSQL, until the transaction ends."""
    await work.connection.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCKS["schema"]}
    )


async def _one_step(work: Work, reached: str, known_steps: Sequence[str]) -> str:
    """Each step is a transaction: PostgreSQL does not let one use all that it has just made."""
    if not reached:
        if await work.row(text("SELECT 1 WHERE to_regclass('procrastinate_jobs') IS NOT NULL")):
            raise BridgeError(
                "The CRM's database has jobs of another program (tables of procrastinate). They"
                " were left as they are: give the CRM a database of its own."
            )
        await run_script(work, _whole())
        return known_steps[-1]
    following = next(one for one in known_steps if one > reached)
    await run_script(work, script(following))
    return following


async def run_script(work: Work, script: str) -> None:
    """Many statements in one go, as files have them; none of them has parameters."""
    raw = await work.connection.get_raw_connection()
    assert raw.driver_connection is not None
    await raw.driver_connection.execute(script)


def steps() -> list[str]:
    """The names of procrastinate's steps, the oldest first."""
    from pathlib import Path

    from procrastinate.schema import SchemaManager

    folder = Path(SchemaManager.get_migrations_path())
    return sorted(one.name for one in folder.glob("*.sql"))


def script(name: str) -> str:
    """What a step does, in SQL."""
    from pathlib import Path

    from procrastinate.schema import SchemaManager

    return (Path(SchemaManager.get_migrations_path()) / name).read_text(encoding="utf-8")


def _whole() -> str:
    from procrastinate.schema import SchemaManager

    return SchemaManager.get_schema()
