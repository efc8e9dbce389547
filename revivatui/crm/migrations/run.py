"""Going up and down between revisions."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "revivatui.crm:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the tables up to a revision, inside the transaction that is open."""
    command.upgrade(configuration(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Bring the tables down to a revision ("base": to none), inside the open transaction."""
    command.downgrade(configuration(connection), revision)
