"""Works through waiting rows together with other processes, by procrastinate's jobs in PostgreSQL.

A job says that a lane has something to do. Who has it works through the lane as `lanes.Lanes`
would, and leaves a job for later where something must wait. procrastinate gives a lane to one
process at a time, tells all of them when there is a job, and notices who fell silent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from sqlalchemy import ColumnElement, column, exists, func, select, table, text

from revivatui.bridge.jobs import IDLE_SECONDS, IN_ONE_GO, Kind, enqueue, head_of
from revivatui.bridge.lanes import at_once
from revivatui.crm.errors import CrmError, CrmUnreachable
from revivatui.crm.store import Store
from revivatui.crm.store.engine import address_of

LOG: Final = logging.getLogger("revivatui.bridge")

POLL_SECONDS: Final = 1.0
"""How late a job whose time has come may be noticed; new ones are told of at once."""
ALIVE_SECONDS: Final = 3.0
"""How often a process says that it is alive."""
GONE_SECONDS: Final = 15.0
"""Silence after which the jobs of a process are taken over."""
TEND_SECONDS: Final = 5.0
ENDS_WITHIN: Final = 5.0
"""What a job that is being worked on is given when the process is told to end."""
_CONNECTIONS: Final = 4
_JOBS: Final = table("procrastinate_jobs", column("lock"), column("queueing_lock"))


@asynccontextmanager
async def open_app(where: str | Path) -> AsyncIterator[App]:
    """procrastinate on the database of a CRM. Raises CrmUnreachable."""
    url = address_of(where)
    conninfo = url.set(drivername="postgresql", password=None)
    app = App(
        connector=PsycopgConnector(
            conninfo=conninfo.render_as_string(hide_password=False),
            kwargs={"password": url.password, "connect_timeout": 10},
            min_size=1,
            max_size=_CONNECTIONS,
        )
    )
    try:
        try:
            await app.open_async()
        except Exception as error:  # of procrastinate or of the driver, as it comes
            raise CrmUnreachable("The CRM's database gave no connection for its jobs.") from error
        yield app
    finally:
        await app.close_async()


class SharedQueue:
    """The jobs of one kind, as `jobs.JobQueue`. Many of them may run, anywhere."""

    def __init__(
        self,
        app: App,
        store: Store,
        kind: Kind,
        handle: Callable[[Any], Awaitable[None]],
        clock: Callable[[], float],
        *,
        width: int,
        before: Callable[[], Awaitable[None]] = at_once,
    ) -> None:
        """`width` lanes are worked on at once; `before` is awaited before each row."""
        self._app = app
        self._store = store
        self._kind = kind
        self._handle = handle
        self._clock = clock
        self._width = width
        self._before = before
        self._mine: set[int] = set()
        self._worker_id: int | None = None
        self._suspects: set[int] = set()
        app.task(name=kind.queue, queue=kind.queue, pass_context=True)(self._work_on)

    def wake(self) -> None:
        """Nothing to do: whoever kept a row kept a job with it, and the database tells of it."""

    async def run(self) -> None:
        """For ever, also where the database goes away and comes back."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again_and_again(self._work, IDLE_SECONDS))
            group.create_task(self._again_and_again(self.tend, TEND_SECONDS))

    async def settle(self) -> None:
        """See `JobQueue`. Works alone on what is due by our own clock."""
        while await self._hurry():
            await self._work(wait=False)

    async def _again_and_again(self, do: Callable[[], Awaitable[None]], pause: float) -> None:
        while True:
            try:
                await do()
            except (CrmError, ConnectorException) as error:
                LOG.warning("the bridge waits for its database: %s", error)
            except Exception:
                LOG.exception("the work of %s broke off", self._kind.queue)
            _heed_cancellation()
            await asyncio.sleep(pause)

    async def _work(self, *, wait: bool = True) -> None:
        await self._app.run_worker_async(
            queues=[self._kind.queue],
            name=self._kind.queue,
            concurrency=self._width,
            wait=wait,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=ENDS_WITHIN,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=ALIVE_SECONDS,
            stalled_worker_timeout=GONE_SECONDS,
        )

    # --- one job ---------------------------------------------------------------------------------

    async def _work_on(self, context: JobContext, lane: str) -> None:
        """The rows of one lane, one after the other."""
        job = context.job
        assert job.id is not None
        self._worker_id = job.worker_id
        self._mine.add(job.id)
        try:
            wait = await self._rows_of(lane)
        except CrmError as error:
            LOG.warning("the bridge waits for its database: %s", error)
            wait = IDLE_SECONDS
        except Exception:
            LOG.exception("the bridge could not even put a row off")
            wait = IDLE_SECONDS
        finally:
            self._mine.discard(job.id)
        if wait is not None:
            with suppress(CrmError):  # then it is found by `tend`
                await self._want(lane, wait)

    async def _rows_of(self, lane: str) -> float | None:
        """Gives after how many seconds there is more to do; None where there is nothing."""
        for _ in range(IN_ONE_GO):
            row = await head_of(self._store, self._kind.table, lane)
            if row is None:
                return None
            wait = float(row.next_at) - self._clock()
            if wait > 0:
                return wait
            await self._before()
            await self._handle(row)
        return 0.0

    async def _want(self, lane: str, wait: float = 0.0) -> None:
        async with self._store.unit_of_work() as work:
            enqueue(work, self._kind, lane, wait)

    # --- what others, or we, left behind ---------------------------------------------------------

    async def tend(self) -> None:
        """Take over the jobs of who is gone, and make those that are missing."""
        manager = self._app.job_manager
        left = list(
            await manager.get_stalled_jobs(
                queue=self._kind.queue, seconds_since_heartbeat=GONE_SECONDS
            )
        )
        for job in [*left, *await self._ended_in_vain()]:
            await self._take_over(job)
        for lane in await self._forgotten():
            await self._want(lane)

    async def _take_over(self, job: Job) -> None:
        """A new job first: should we end in between, the old one is found once more."""
        LOG.warning("the work on %s is taken over", job.lock)
        await self._want(str(job.task_kwargs["lane"]))
        with suppress(ConnectorException):  # who was thought gone ended it, or another took over
            await self._app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)

    async def _ended_in_vain(self) -> list[Job]:
        """Jobs of our own that ended while the database could not be told: ours by its word, and
        in nobody's hands, twice in a row."""
        if self._worker_id is None:
            return []
        ours = await self._app.job_manager.list_jobs_async(
            queue=self._kind.queue, status="doing", worker_id=self._worker_id
        )
        found = [one for one in ours if one.id not in self._mine]
        twice = [one for one in found if one.id in self._suspects]
        self._suspects = {one.id for one in found if one.id is not None}
        return twice

    async def _forgotten(self) -> list[str]:
        """Lanes with something to do and no job: from before there were jobs, or lost."""
        columns = self._kind.table.c
        lock = func.concat(self._kind.lock(""), columns.lane)
        question = select(columns.lane).where(columns.state == "new", ~_has_job(lock)).distinct()
        async with self._store.reading() as reader:
            return [str(row[0]) for row in await reader.rows(question)]

    async def _hurry(self) -> bool:
        """Wake every lane whose oldest row is due; gives whether there is one."""
        columns = self._kind.table.c
        oldest = select(func.min(columns.id)).where(columns.state == "new").group_by(columns.lane)
        due = select(columns.lane).where(columns.id.in_(oldest), columns.next_at <= self._clock())
        async with self._store.unit_of_work() as work:
            lanes = [str(row[0]) for row in await work.rows(due)]
            for lane in lanes:
                enqueue(work, self._kind, lane)
        return bool(lanes)


def _heed_cancellation() -> None:
    """A worker that is told to end while the database is away reports that instead of ending."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _has_job(lock: ColumnElement[str]) -> ColumnElement[bool]:
    """In two questions, as each of the two has an index."""
    waiting = exists().where(text("status = 'todo'"), _JOBS.c.queueing_lock == lock)
    doing = exists().where(text("status = 'doing'"), _JOBS.c.lock == lock)
    return waiting | doing
