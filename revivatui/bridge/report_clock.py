"""Makes the shop's reports when they are due: each period once, each way of telling it once.

What was done stands in the database before the next thing is begun, so that neither a kill nor a
failure makes anything twice; only a webhook that took a report without answering gets it again,
under the same id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from revivatui.api.errors import ApiError, Forbidden
from revivatui.bridge import known, measures
from revivatui.reporting import files, posting
from revivatui.reporting.errors import ReportError
from revivatui.reporting.gathering import gather
from revivatui.state.analytics_zone import reader_words
from revivatui.state.bridge_health import ReportMade
from revivatui.state.report_build import build
from revivatui.state.report_period import Every, Period, compared_with, last_whole
from revivatui.text.safe import safe_line

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge.report_plan import ReportPlan
    from revivatui.crm.store import Store
    from revivatui.state.report_data import ShopReport

LOG: Final = logging.getLogger("revivatui.bridge")
FACT: Final = measures.REPORT_MADE
"""Under what it is kept how far a report came."""
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
"""Seconds before a report that failed is tried again: they double."""
ADMINISTRATORS: Final = "reports are for administrators, and the bridge's user is none"


class ReportClock:
    def __init__(
        self, store: Store, client: ChatwootClient, clock: Callable[[], float], plan: ReportPlan
    ) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._plan = plan

    async def look(self) -> int:
        """Make what is due; gives how many reports were begun. Raises CrmError."""
        begun = 0
        for every in self._plan.every:
            period = last_whole(every, self._clock(), self._plan.tz)
            if self._clock() < self.due_at(period):
                continue
            made = await self._kept(every)
            if made.period != period.name:
                made = ReportMade(every, period.name)
            if set(self._plan.ways) <= set(made.done) or self._clock() < (made.next_at or 0.0):
                continue
            begun += 1
            await self._make(period, made)
        return begun

    def due_at(self, period: Period) -> float:
        """When a period's report is made: on the day after it."""
        plan = self._plan
        day = period.last + timedelta(days=1)
        return datetime.combine(day, plan.at, tzinfo=plan.tz).timestamp()

    async def _make(self, period: Period, made: ReportMade) -> None:
        """Do what is not done yet, and keep how far it came."""
        try:
            report = await self._built(period)
            for way in self._plan.ways:
                if way not in made.done:
                    await self._tell(way, report)
                    made = replace(made, done=(*made.done, way), made_at=self._clock())
                    await self._keep(made)
        except (ApiError, ReportError) as error:
            why = ADMINISTRATORS if isinstance(error, Forbidden) else _plain(error)
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0**made.tries)
            LOG.warning("the %s report was not made: %s", made.every, why)
            failed = replace(made, tries=made.tries + 1, error=why, next_at=self._clock() + wait)
            await self._keep(failed)
        else:
            LOG.info("the report %s was made", made.period)
            await self._keep(replace(made, error="", next_at=None))

    async def _built(self, period: Period) -> ShopReport:
        now, tz = self._clock(), self._plan.tz
        async with self._store.reading() as reader:
            measured = await measures.measured(reader, now)
        answers = await gather(
            self._client,
            period,
            compared_with(period, now, tz),
            now,
            uptime=measured.uptime if measured is not None else None,
        )
        return build(answers, period, tz, reader_words(tz, period.since))

    async def _tell(self, way: str, report: ShopReport) -> None:
        plan = self._plan
        if way == "files" and plan.folder is not None:
            there = files.places(plan.folder, report.period.name, plan.formats)
            missing = tuple(
                one for one, file in zip(plan.formats, there, strict=True) if not file.exists()
            )
            files.write(report, plan.folder, missing)
        elif way == "note":
            await posting.post_note(self._client, report, plan.note)
        elif way == "webhook":
            await posting.post_webhook(report, plan.webhook)

    # --- how far it came -----------------------------------------------------------------------

    async def _kept(self, every: Every) -> ReportMade:
        async with self._store.reading() as reader:
            told = await known.fact(reader, f"{FACT}{every}")
        return measures.report_made(every, told)

    async def _keep(self, made: ReportMade) -> None:
        told: dict[str, Any] = {
            "period": made.period,
            "done": list(made.done),
            "tries": made.tries,
            "error": made.error,
            "next_at": made.next_at,
            "made_at": made.made_at,
        }
        async with self._store.unit_of_work() as work:
            await known.keep_fact(work, f"{FACT}{made.every}", json.dumps(told))


def _plain(error: Exception) -> str:
    return safe_line(getattr(error, "message", "") or str(error))
