"""What has to be worked on, as its makers and its workers see it: one port, two kinds of queue.

The rows of inbox and outbox are the work, and they are the same for both. Where the CRM is a SQLite
file the one process that has it finds them itself (`lanes.Lanes`). In PostgreSQL each lane with
something to do has one job beside its rows (`shared_queue.SharedQueue`), kept by the transaction
that kept the rows, and any number of processes on any number of machines take these jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from sqlalchemy import Table, select, text

from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.crm.store import Store
from revivatui.crm.store.work import Work
from revivatui.state.records import dataclass

IN_ONE_GO: Final = 50
"""Rows of one lane after which others may have its place."""
IDLE_SECONDS: Final = 5.0
"""How long nothing is looked for where nobody called; also the wait after trouble."""


class JobQueue(Protocol):
    """Has the rows of a table dealt with: those of one lane in their order, lanes side by side."""

    def wake(self) -> None:
        """Something may be waiting."""

    async def run(self) -> None:
        """Work for ever."""

    async def settle(self) -> None:
        """Work until nothing is due: a single pass without `run`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Which rows a job is about; `name` is how procrastinate's tables call it."""

    table: Table
    name: str

    @property
    def queue(self) -> str:
        return f"bridge_{self.name}"

    def lock(self, lane: str) -> str:
        """What only one job has at a time, whoever works on it."""
        return f"cw:{self.name}:{lane}"


IN: Final = Kind(INBOX, "in")
OUT: Final = Kind(OUTBOX, "out")
KINDS: Final = {INBOX.name: IN, OUTBOX.name: OUT}


@dataclass(frozen=True, slots=True)
class _Wish:
    kind: Kind
    lane: str
    wait: float


def enqueue(work: Work, kind: Kind, lane: str, wait: float = 0.0) -> None:
    """Have a lane worked on in `wait` seconds, if this transaction ends well.

    A SQLite file has no jobs: its rows are looked at by whoever works on it.
    """
    if work.is_postgresql:
        work.owe(_keep_jobs, _Wish(kind, lane, wait))


_KEEP: Final = text(
    """
    INSERT INTO procrastinate_jobs
           (queue_name, task_name, lock, queueing_lock, args, scheduled_at)
    SELECT queue, queue, lock, lock, jsonb_build_object('lane', lane),
           CASE WHEN wait > 0 THEN now() + make_interval(secs => wait) END
      FROM unnest(CAST(:queues AS text[]), CAST(:locks AS text[]), CAST(:lanes AS text[]),
                  CAST(:waits AS float8[])) AS wanted (queue, lock, lane, wait)
     ORDER BY lock
        ON CONFLICT (queueing_lock) WHERE status = 'todo'
        DO UPDATE SET scheduled_at = excluded.scheduled_at
     WHERE procrastinate_jobs.scheduled_at > COALESCE(excluded.scheduled_at, '-infinity')
    """
)
"""One waiting job for each lane, the sooner of what was and what is wanted.

Not by procrastinate's own function: where a job waits already, that one is held until we commit,
also where nothing of it changes. Else it could be taken and done in between by somebody who does
not see our rows yet, and nobody would look at them. The order keeps two that want several lanes
from waiting for each other for ever.
"""


async def _keep_jobs(work: Work, wishes: Sequence[_Wish]) -> None:
    soonest: dict[str, _Wish] = {}
    for one in wishes:
        lock = one.kind.lock(one.lane)
        if lock not in soonest or one.wait < soonest[lock].wait:
            soonest[lock] = one
    values = {
        "queues": [one.kind.queue for one in soonest.values()],
        "locks": list(soonest),
        "lanes": [one.lane for one in soonest.values()],
        "waits": [one.wait for one in soonest.values()],
    }
    await work.connection.execute(_KEEP, values)


async def head_of(store: Store, table: Table, lane: str) -> Any | None:
    """The oldest waiting row of a lane: no other one of it comes before."""
    columns = table.c
    question = (
        select(table)
        .where(columns.lane == lane, columns.state == "new")
        .order_by(columns.id)
        .limit(1)
    )
    async with store.reading() as reader:
        return await reader.row(question)
