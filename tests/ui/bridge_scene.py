"""What a bridge recorded in the fixed day's CRM: a month of heartbeats with a gap, deliveries, a
write that waits and two dead letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from revivatui.bridge import known, opening
from revivatui.bridge.backfill import CURSOR
from revivatui.bridge.pulse import FIRST, PULSE, STARTED
from revivatui.bridge.reconcile import REPORT
from revivatui.bridge.tables import HEARTBEATS, INBOX, OUTBOX
from revivatui.crm.store import Store
from revivatui.crm.store.work import Work
from revivatui.paths import Paths
from tests.ui.scene import HOUR, MINUTE, NOW

DAY = 24 * HOUR
FAILED = "a value of the contact is refused: Not today"


async def make_bridge(folder: Path, **told: Any) -> None:
    """The tables in the CRM of a folder, with everything in them; `told` as in `record`."""
    paths = Paths.under(folder)
    paths.make()
    store = await Store.open(paths.data / "crm.sqlite3")
    try:
        await opening.make_tables(store)
        async with store.unit_of_work() as work:
            await record(work, **told)
    finally:
        await store.close()


async def record(work: Work, *, days: int = 40, gone: float = 0.0, now: float = NOW) -> None:
    """`days` since the first heartbeat, the last one `gone` seconds before `now`."""
    this_minute = int(now // 60)
    gap = range(this_minute - 3000, this_minute - 2988)
    first = this_minute - days * 1440
    last = int((now - gone) // 60)
    minutes = [one for one in range(max(first, this_minute - 31 * 1440), last + 1)
               if one not in gap]  # fmt: skip
    await work.connection.execute(insert(HEARTBEATS), [{"minute": one} for one in minutes])
    facts = {
        FIRST: str(first),
        PULSE: json.dumps({"at": now - gone - 5, "breakers": {}}),
        STARTED: json.dumps({"at": gap.stop * MINUTE}),
        CURSOR: repr(now - 3 * MINUTE),
        REPORT: json.dumps(
            {"at": now - 11 * HOUR, "words": "No drift: 412 messages of 37 conversations."}
        ),
    }
    for name, value in facts.items():
        await known.keep_fact(work, name, value)
    await work.connection.execute(insert(INBOX), list(_events(now)))
    await work.connection.execute(insert(OUTBOX), list(_writes(now)))


def _events(now: float) -> Any:
    for number in range(40):
        yield {
            "id": f"00000000-{number:04}", "account_id": 1, "delivery_id": None,
            "dedup_key": f"1:msg:{number}:created", "event": "message_created",
            "lane": f"1:contact:{number % 9}", "source": "webhook",
            "received_at": now - number * 4 * MINUTE, "body": "", "state": "done",
            "attempts": 0, "next_at": 0.0, "error": "",
        }  # fmt: skip


def _writes(now: float) -> Any:
    states = [("dead", 9), ("dead", 1), ("new", 2), *[("done", 0)] * 21]
    for number, (state, tries) in enumerate(states):
        yield {
            "id": f"00000001-{number:04}", "aggregatetype": "contact",
            "aggregateid": str(number), "type": "note" if number == 1 else "contact_attributes",
            "payload": "{}", "target": "chatwoot", "lane": f"1:contact:{number}",
            "idempotency_key": f"1:contact_attributes:{number}", "wanted": 0,
            "created_at": now - 2 * HOUR + number * MINUTE, "state": state, "attempts": tries,
            "next_at": now + HOUR, "error": FAILED if state == "dead" else "",
            "done_at": now - number * MINUTE if state == "done" else None,
        }  # fmt: skip
