"""The CRM of our own: SQLite for one shop, PostgreSQL for a chain, behind `CrmPort`.

Importing it imports SQLAlchemy, so nothing does before a CRM is wanted.
"""

from __future__ import annotations

from revivatui.crm.store.store import Store
from revivatui.crm.store.work import Reader, Work

__all__ = ["Reader", "Store", "Work"]
