"""RepairShopr and Syncro, one product under two names, behind the port of every CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from revivatui.crm.repairshopr.adapter import RepairShopr as RepairShopr

__all__ = ["RepairShopr"]


def __getattr__(name: str) -> Any:
    # Telling an address apart must not cost the import of an HTTP client.
    if name == "RepairShopr":
        from revivatui.crm.repairshopr.adapter import RepairShopr

        return RepairShopr
    raise AttributeError(name)
