"""Asks the server for what a report needs: some ten questions, more on 3.9, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from revivatui.api.errors import NotFound
from revivatui.state.report_data import Answers, Row
from revivatui.state.reports import Bucket, Question, Rating, Scope, SummaryRow

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.state.alerts import Alert
    from revivatui.state.bridge_health import Uptime
    from revivatui.state.report_period import Period

MOST_RATING_PAGES: Final = 8
MOST_ASKED: Final = 60
"""Agents or inboxes that 3.9 is asked about one by one."""


async def gather(
    client: ChatwootClient,
    period: Period,
    previous: Period,
    now: float,
    *,
    alerts: tuple[Alert, ...] | None = None,
    uptime: Uptime | None = None,
) -> Answers:
    """Everything for one report; `now` in epoch seconds. Raises ApiError: Forbidden for who is no
    administrator."""
    whole = Question(period.since, period.until)
    until = min(period.until, max(now, period.since))
    hours = Question(period.since, until, group_by="hour")
    version = client.server_version or await client.version()
    totals = (await client.summary(whole)).now
    before = (await client.summary(Question(previous.since, previous.until))).now
    ratings, has_more = await _ratings(client, period)
    return Answers(
        account=(await client.account()).name,
        version=version,
        as_of=now,
        now=totals,
        before=before,
        created=_inside(await client.series("conversations_count", hours), period),
        resolved=_inside(await client.series("resolutions_count", hours), period),
        agents=await _agents(client, whole),
        inboxes=await _inboxes(client, whole),
        satisfaction=await client.satisfaction(period.since, period.until),
        satisfaction_before=await client.satisfaction(previous.since, previous.until),
        ratings=ratings,
        has_more_ratings=has_more,
        alerts=alerts,
        uptime=uptime,
    )


def _inside(buckets: Iterable[Bucket], period: Period) -> tuple[Bucket, ...]:
    """The server begins at its own midnight: what lies before the period is no part of it."""
    return tuple(one for one in buckets if period.since - 3600 < one.at < period.until)


async def _agents(client: ChatwootClient, asked: Question) -> tuple[Row, ...]:
    names = {one.id: one.name for one in await client.agents()}
    rows = await client.summary_rows("agent", asked)
    if all(row.resolved is None for row in rows):  # 3.9 does not say
        return tuple([await _with_resolved(client, "agent", row, names, asked) for row in rows])
    return tuple(_row(row, names.get(row.id, f"agent {row.id}")) for row in rows)


async def _with_resolved(
    client: ChatwootClient, scope: Scope, row: SummaryRow, names: dict[int, str], asked: Question
) -> Row:
    name = names.get(row.id, f"{scope} {row.id}")
    is_idle = not row.conversations and row.first_response is None and row.resolution is None
    if is_idle or len(names) > MOST_ASKED:
        return _row(row, name)
    own = Question(asked.since, asked.until, scope, row.id)
    totals = (await client.summary(own)).now
    return Row(
        name, totals.conversations, totals.resolutions, totals.first_response, totals.resolution
    )


async def _inboxes(client: ChatwootClient, asked: Question) -> tuple[Row, ...]:
    names = {one.id: one.name for one in await client.inboxes()}
    try:
        rows = await client.summary_rows("inbox", asked)
    except NotFound:  # 3.9
        found = []
        for number, name in list(names.items())[:MOST_ASKED]:
            own = Question(asked.since, asked.until, "inbox", number)
            one = (await client.summary(own)).now
            found.append(
                Row(name, one.conversations, one.resolutions, one.first_response, one.resolution)
            )
        return tuple(found)
    return tuple(_row(row, names.get(row.id, f"inbox {row.id}")) for row in rows)


def _row(row: SummaryRow, name: str) -> Row:
    return Row(name, row.conversations, row.resolved, row.first_response, row.resolution)


async def _ratings(client: ChatwootClient, period: Period) -> tuple[tuple[Rating, ...], bool]:
    """The answers to surveys, newest first, and whether more follow."""
    found: list[Rating] = []
    for page in range(1, MOST_RATING_PAGES + 1):
        rows = await client.ratings(period.since, period.until, page)
        found += rows
        if len(rows) < 25:
            return tuple(found), False
    return tuple(found), True
