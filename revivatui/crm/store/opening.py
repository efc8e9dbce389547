"""Bringing a store to the newest tables when it is opened.

A new store gets its tables at once and one that is up to date is only asked which version it has:
Alembic is imported for a store that is older and for nothing else.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from revivatui.crm.errors import CrmError, TooNew
from revivatui.crm.store import tables_work
from revivatui.crm.store.work import LOCKS

HEAD: Final = "0002"
"""The newest revision in `revivatui.crm.migrations`."""

REVISIONS: Final = ("0001", HEAD)
"""All of them; another one is from a newer program."""


def bring_up_to_date(connection: Connection) -> None:
    """Make or upgrade the tables, inside the transaction that is open.

    Raises TooNew for a store of a newer program, CrmError for a database of something else.
    """
    if connection.dialect.name == "postgresql":
        key = {"key": LOCKS["schema"]}
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
    revision = current_revision(connection)
    if revision == HEAD:
        return
    if revision is None:
        _make_new(connection)
    elif revision in REVISIONS:
        _upgrade(connection)
    else:
        raise TooNew(
            f"This CRM was made by a newer version of the program (its tables are {revision},"
            f" this program knows {HEAD}). It was left as it is."
        )


def current_revision(connection: Connection) -> str | None:
    """Which revision the tables have; None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(found[0]) if found else None


def _make_new(connection: Connection) -> None:
    metadata = tables_work.METADATA
    if set(inspect(connection).get_table_names()) & set(metadata.tables):
        raise CrmError(
            "This database has tables of other programs, or of a CRM that was not finished being"
            " made. It was left as it is."
        )
    metadata.create_all(connection)
    # What Alembic writes, so that it finds the store where it would have left it.
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD}
    )


def _upgrade(connection: Connection) -> None:
    from revivatui.crm.migrations.run import upgrade

    upgrade(connection, HEAD)
