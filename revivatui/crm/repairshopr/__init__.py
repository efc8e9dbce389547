"""RepairShopr and Syncro, one product under two names, behind the port of every CRM."""

from __future__ import annotations

from revivatui.crm.repairshopr.adapter import RepairShopr

__all__ = ["RepairShopr"]
