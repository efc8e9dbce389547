"""The background worker: what happens after the answer.

Jobs start in the order in which they were queued unless a delay policy says otherwise; an
asynchronous job (a webhook) does not hold up those behind it. With the worker down, jobs
pile up and the shop's REST goes on answering, as on the real server (observed 2.2).
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

log = logging.getLogger("revivatui.shop.jobs")

Work = Callable[[], Awaitable[None] | None]


@dataclass(slots=True)
class Job:
    """One piece of work: ``name`` is its kind ("cable", "activity", "event", "webhook",
    "notification", ...), ``subject`` what it is about (a cable event name, an URL)."""

    name: str
    work: Work
    subject: str = ""
    audience: frozenset[str] = field(default_factory=frozenset)


DelayPolicy = Callable[[Job], float]
"""Seconds of real time by which a job's start is put off; 0 keeps its place in the queue."""


class Worker:
    """``together`` surrounds each slice of the queue (the shop gives its transaction)."""

    def __init__(self, together: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._together = together
        self._queue: deque[Job] = deque()
        self._later: dict[asyncio.TimerHandle, Job] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._scheduled = False
        self._idle = asyncio.Event()
        self._idle.set()
        self.up = True
        self.delay_policy: DelayPolicy | None = None

    def enqueue(self, name: str, work: Work, subject: str = "", *audience: str) -> None:
        """Queue work; without a running loop (seeding) it waits for ``drain`` or the loop."""
        job = Job(name, work, subject, frozenset(audience))
        self._idle.clear()
        delay = self.delay_policy(job) if self.delay_policy is not None else 0.0
        if delay > 0:
            loop = asyncio.get_running_loop()
            box: list[asyncio.TimerHandle] = []

            def ripe() -> None:
                self._later.pop(box[0], None)
                self._queue.append(job)
                self._schedule()

            handle = loop.call_later(delay, ripe)
            box.append(handle)
            self._later[handle] = job
            return
        self._queue.append(job)
        self._schedule()

    def stop(self) -> None:
        """Take the worker down: what is queued waits."""
        self.up = False

    def start(self) -> None:
        self.up = True
        self._schedule()

    async def drain(self) -> None:
        """Wait until nothing is queued, delayed or running (for ever if the worker is down)."""
        self._schedule()
        await self._idle.wait()

    def discard(self) -> None:
        """Drop what is queued (seeding, where nobody listens)."""
        self._queue.clear()
        self._settle()

    async def close(self) -> None:
        for handle in self._later:
            handle.cancel()
        self._later.clear()
        self._queue.clear()
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._settle()

    @property
    def pending(self) -> int:
        return len(self._queue) + len(self._later) + len(self._running)

    def _schedule(self) -> None:
        if self._scheduled or not self.up or not self._queue:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._scheduled = True
        loop.call_soon(self._run_some)

    def _run_some(self) -> None:
        """Run a slice of the queue, then let requests and sockets have the loop."""
        self._scheduled = False
        with self._together():
            for _ in range(20):
                if not self.up or not self._queue:
                    break
                self._run(self._queue.popleft())
        self._schedule()
        self._settle()

    def _run(self, job: Job) -> None:
        try:
            outcome = job.work()
        except Exception:
            log.exception("job %s %s failed", job.name, job.subject)
            return
        if inspect.isawaitable(outcome):
            task = asyncio.ensure_future(self._await(job, outcome))
            self._running.add(task)
            task.add_done_callback(self._done)

    async def _await(self, job: Job, outcome: Awaitable[None]) -> None:
        try:
            await outcome
        except Exception:
            log.exception("job %s %s failed", job.name, job.subject)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._settle()

    def _settle(self) -> None:
        if not self._queue and not self._later and not self._running:
            self._idle.set()
