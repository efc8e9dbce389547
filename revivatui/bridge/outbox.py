"""The durable outbox: what is to be written to Chatwoot, kept with what made it necessary."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import case, delete, func, select, update

from revivatui.bridge import jobs
from revivatui.bridge.tables import OUTBOX
from revivatui.crm.store.work import Reader, Work

CHATWOOT: Final = "chatwoot"
CONTACT_ATTRIBUTES: Final = "contact_attributes"
CONVERSATION_ATTRIBUTES: Final = "conversation_attributes"
NOTE: Final = "note"
LABEL: Final = "label"
PRIORITY: Final = "priority"
TEAM: Final = "team_id"
MESSAGE: Final = "message"
"""What the customer reads, of a rule that may send."""
KEPT_SECONDS: Final = 30 * 86_400.0


async def want_refresh(
    work: Work, kind: str, account_id: int, number: int, *, now: float, delay: float
) -> None:
    """That the attributes of a contact or a conversation may not be what they should be.

    One row each: what is asked for again is asked for once more, not twice.
    """
    aggregate = "contact" if kind == CONTACT_ATTRIBUTES else "conversation"
    row = _row(work, kind, account_id, aggregate, number, now)
    jobs.enqueue(work, jobs.OUT, row["lane"], delay)
    again = work.insert(OUTBOX).values(
        **row,
        payload="{}",
        idempotency_key=f"{account_id}:{kind}:{number}",
        next_at=now + delay,
    )
    waits = OUTBOX.c.state == "new"
    await work.run(
        again.on_conflict_do_update(
            index_elements=[OUTBOX.c.idempotency_key],
            set_={
                "wanted": OUTBOX.c.wanted + 1,
                "state": "new",
                "next_at": case((waits, OUTBOX.c.next_at), else_=again.excluded.next_at),
                "attempts": case((waits, OUTBOX.c.attempts), else_=0),
                "created_at": case((waits, OUTBOX.c.created_at), else_=again.excluded.created_at),
            },
        )
    )


async def want_note(
    work: Work, account_id: int, conversation_id: int, key: str, text: str, *, now: float
) -> None:
    """A private note for the agents, written once however often it is asked for."""
    await want_action(work, NOTE, account_id, conversation_id, key, text, now=now)


async def want_action(
    work: Work,
    kind: str,
    account_id: int,
    conversation_id: int,
    key: str,
    value: str,
    *,
    now: float,
) -> None:
    """A note, a label, a priority, a team or a message for a conversation, once for each key."""
    row = _row(work, kind, account_id, "conversation", conversation_id, now)
    jobs.enqueue(work, jobs.OUT, row["lane"])
    await work.insert_if_new(
        OUTBOX,
        {
            **row,
            "payload": json.dumps({"text": value}),
            "idempotency_key": f"{account_id}:{kind}:{key}",
            "next_at": now,
        },
    )


def _row(
    work: Work, kind: str, account_id: int, aggregate: str, number: int, now: float
) -> dict[str, Any]:
    return {
        "id": work.new_id(),
        "aggregatetype": aggregate,
        "aggregateid": str(number),
        "type": kind,
        "target": CHATWOOT,
        "lane": f"{account_id}:{aggregate}:{number}",
        "wanted": 0,
        "created_at": now,
        "state": "new",
        "attempts": 0,
        "error": "",
    }


async def finish(work: Work, row_id: str, wanted: int, now: float) -> None:
    """It is done, unless it was asked for again meanwhile."""
    await work.run(
        update(OUTBOX)
        .where(OUTBOX.c.id == row_id, OUTBOX.c.wanted == wanted)
        .values(state="done", done_at=now, error="", attempts=0)
    )


async def forget_old(work: Work, now: float) -> int:
    over = OUTBOX.c.done_at < now - KEPT_SECONDS
    return await work.run(delete(OUTBOX).where(OUTBOX.c.state == "done", over))


async def counts(reader: Reader) -> dict[str, int]:
    rows = await reader.rows(select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state))
    return {str(state): int(count) for state, count in rows}
