"""`python -m revivatui.crm.repairshopr`: whether the desk reaches the shop's CRM, and as whom."""

from __future__ import annotations

import asyncio
import os
import sys

from revivatui.crm import workflow
from revivatui.crm.errors import CrmError
from revivatui.crm.repairshopr.adapter import RepairShopr
from revivatui.crm.repairshopr.opening import ADDRESS, open_vendor


async def told(crm: RepairShopr) -> tuple[bool, list[str]]:
    """Whether all is well, and the lines that say so. Nothing is changed."""
    health = await crm.health()
    if not health.ok:
        return False, [health.words]
    allowed = crm.capabilities
    lines = [
        f"{health.words} ({health.took:.1f} s)",
        f"Changing states is {'on' if allowed.can_set_status else 'off'}; "
        f"e-mailing quotes is {'on' if allowed.can_send_quotes else 'off'}.",
        "The shop's states, and what the desk takes them for:",
    ]
    for theirs, ours in await crm.status_words():
        lines.append(f"  {theirs}: {workflow.words(ours, 'unknown, shown as it is')}")
    return True, lines


async def check() -> int:
    """Print it. 0 where all is well."""
    address = os.environ.get(ADDRESS, "")
    try:
        crm = open_vendor(address, os.environ, None)
        try:
            ok, lines = await told(crm)
        finally:
            await crm.close()
    except CrmError as error:
        ok, lines = False, [str(error)]
    print("\n".join(lines), file=sys.stdout if ok else sys.stderr)
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(asyncio.run(check()))
