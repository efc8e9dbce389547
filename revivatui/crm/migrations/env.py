"""What Alembic runs to bring a store to another revision: in the transaction it is given."""

from __future__ import annotations

from alembic import context

from revivatui.crm.store import tables_work

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables_work.METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
