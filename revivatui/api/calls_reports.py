"""Reports, live figures and satisfaction (contract 6): administrators only, but for a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from revivatui.api.calls_conversations import Calls
from revivatui.api.schemas import reports as wire
from revivatui.api.schemas.base import Line
from revivatui.state import reports

AGENTS_PER_PAGE: Final = 25
RATINGS_PER_PAGE: Final = 25

Params = dict[str, str | int | Sequence[str]]


class ReportCalls(Calls):
    """Every figure that the server computes. Raises any `ApiError`: NotAllowed for who is no
    administrator, NotFound where the server's version has no such report."""

    async def series(self, metric: str, asked: reports.Question) -> tuple[reports.Bucket, ...]:
        """One bucket a step, the empty ones too; none for a metric that the server has not."""
        params = {**_params(asked), "metric": metric, "group_by": asked.group_by}
        rows = await self._report(wire.Series, "reports", params)
        is_average = metric in reports.AVERAGES
        return tuple(
            reports.Bucket(
                row.timestamp, None if is_average and not row.count else row.value, row.count
            )
            for row in rows
        )

    async def summary(self, asked: reports.Question) -> reports.Summary:
        answer = await self._report(wire.Summary, "reports/summary", _params(asked))
        return reports.Summary(_totals(answer), _totals(answer.previous))

    async def bot_summary(
        self, asked: reports.Question
    ) -> tuple[reports.BotTotals, reports.BotTotals]:
        """Of the range, and of the one before it."""
        answer = await self._report(wire.BotSummary, "reports/bot_summary", _params(asked))
        return _bot_totals(answer), _bot_totals(answer.previous)

    async def live_counts(self, team_id: int | None = None) -> reports.LiveCounts:
        """Conversations now; a team's only on 4.x."""
        if team_id is None:
            params: Params = {"type": "account"}
            answer = await self._report(wire.LiveCounts, "reports/conversations", params)
        else:
            path = "live_reports/conversation_metrics"
            answer = await self._report(wire.LiveCounts, path, {"team_id": team_id})
        return _live(answer)

    async def live_groups(self, by: str) -> dict[int | None, reports.LiveCounts]:
        """4.x: `by` is team_id or assignee_id; None is nobody's."""
        path = "live_reports/grouped_conversation_metrics"
        rows = await self._report(list[wire.LiveCounts], path, {"group_by": by})
        return {getattr(row, by): _live(row) for row in rows}

    async def agents_live(self) -> tuple[reports.AgentLive, ...]:
        """All agents, each page of 25 sorted by how many are open."""
        found: list[reports.AgentLive] = []
        while True:
            page = len(found) // AGENTS_PER_PAGE + 1
            params: Params = {"type": "agent", "page": page}
            rows = await self._report(list[wire.AgentLive], "reports/conversations", params)
            found += map(_agent_live, rows)
            if len(rows) < AGENTS_PER_PAGE:
                return tuple(found)

    async def summary_rows(
        self, of: str, asked: reports.Question
    ) -> tuple[reports.SummaryRow, ...]:
        """`of` is agent or team; on 4.x also inbox or label."""
        params = _range(asked)
        rows = await self._report(list[wire.SummaryRow], f"summary_reports/{of}", params)
        return tuple(map(_summary_row, rows))

    async def channel_rows(self, asked: reports.Question) -> tuple[reports.ChannelRow, ...]:
        """4.x; a range over six months is refused."""
        path = "summary_reports/channel"
        answer = await self._report(dict[Line, wire.ChannelCounts], path, _range(asked))
        return tuple(
            reports.ChannelRow(channel, row.open, row.resolved, row.pending, row.snoozed, row.total)
            for channel, row in answer.items()
        )

    async def reporting_events(
        self, since: float, until: float, page: int = 1
    ) -> tuple[tuple[reports.ReportingEvent, ...], bool]:
        """4.x enterprise: 25 a page, and whether this was the last one."""
        path = self._account_path("reporting_events")
        params: Params = {"since": int(since), "until": int(until), "page": page}
        answer = await self._transport.ask(wire.ReportingEvents, "GET", path, params=params)
        rows = tuple(map(_event, answer.payload))
        return rows, page >= (answer.meta.total_pages or 0)

    async def events_of(self, conversation_id: int) -> tuple[reports.ReportingEvent, ...]:
        """4.x enterprise: what the averages take from one conversation. Raises NotFound without
        it."""
        path = self._path(conversation_id, "/reporting_events")
        rows = await self._transport.ask(list[wire.ReportingEvent], "GET", path)
        return tuple(map(_event, rows))

    async def ratings(
        self, since: float | None, until: float | None, page: int = 1, **only: int | None
    ) -> tuple[reports.Rating, ...]:
        """The answers to surveys, newest first, 25 a page; `only` agent_id, inbox_id, team_id or
        rating."""
        path = self._account_path("csat_survey_responses")
        params: Params = {"page": page, "sort": "-created_at", **_filters(since, until, only)}
        rows = await self._transport.ask(list[wire.Rating], "GET", path, params=params)
        return tuple(map(_rating, rows))

    async def satisfaction(
        self, since: float | None, until: float | None, **only: int | None
    ) -> reports.Satisfaction:
        """As `ratings`, counted."""
        path = self._account_path("csat_survey_responses/metrics")
        params = _filters(since, until, only)
        answer = await self._transport.ask(wire.Satisfaction, "GET", path, params=params)
        return reports.Satisfaction(
            answer.total_count, answer.total_sent_messages_count, answer.ratings_count
        )

    async def _report(self, shape: Any, path: str, params: Params) -> Any:
        where = f"/api/v2/accounts/{self.account_id}/{path}"
        return await self._transport.ask(shape, "GET", where, params=params)


def _range(asked: reports.Question) -> Params:
    params: Params = {"since": int(asked.since), "until": int(asked.until)}
    if asked.business_hours:
        params["business_hours"] = "true"
    return params


def _params(asked: reports.Question) -> Params:
    params = {**_range(asked), "type": asked.scope, "timezone_offset": f"{asked.offset:g}"}
    if asked.scope_id is not None:
        params["id"] = asked.scope_id
    return params


def _filters(since: float | None, until: float | None, only: dict[str, int | None]) -> Params:
    params: Params = {}
    if since is not None and until is not None:
        params |= {"since": int(since), "until": int(until)}
    for name, value in only.items():
        if value is None:
            continue
        if name == "agent_id":
            params["user_ids[]"] = [str(value)]
        else:
            params[name] = value
    return params


def _totals(row: wire.Totals) -> reports.Totals:
    """3.9 says 0 where there is nothing to average, 4.x null: no average of waits is 0."""
    return reports.Totals(
        conversations=row.conversations_count or 0,
        incoming=row.incoming_messages_count or 0,
        outgoing=row.outgoing_messages_count or 0,
        resolutions=row.resolutions_count or 0,
        first_response=row.avg_first_response_time or None,
        resolution=row.avg_resolution_time or None,
        reply=row.reply_time or None,
    )


def _bot_totals(row: wire.BotTotals) -> reports.BotTotals:
    return reports.BotTotals(row.bot_resolutions_count or 0, row.bot_handoffs_count or 0)


def _live(row: wire.LiveCounts) -> reports.LiveCounts:
    return reports.LiveCounts(row.open or 0, row.unattended or 0, row.unassigned or 0, row.pending)


def _agent_live(row: wire.AgentLive) -> reports.AgentLive:
    return reports.AgentLive(
        id=row.id,
        name=row.name or row.email or f"#{row.id}",
        email=row.email or "",
        availability=row.availability or "offline",
        open=row.metric.open or 0,
        unattended=row.metric.unattended or 0,
    )


def _summary_row(row: wire.SummaryRow) -> reports.SummaryRow:
    return reports.SummaryRow(
        id=row.id,
        conversations=row.conversations_count or 0,
        resolved=row.resolved_conversations_count,
        resolution=row.avg_resolution_time or None,
        first_response=row.avg_first_response_time or None,
        reply=row.avg_reply_time or None,
        name=row.name or "",
    )


def _rating(row: wire.Rating) -> reports.Rating:
    agent = row.assigned_agent
    return reports.Rating(
        id=row.id,
        rating=row.rating,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
        comment=row.feedback_message or "",
        contact_name=(row.contact.name if row.contact else None) or "",
        agent_id=agent.id if agent else None,
        agent_name=(agent.name if agent else None) or "",
    )


def _event(row: wire.ReportingEvent) -> reports.ReportingEvent:
    return reports.ReportingEvent(
        id=row.id,
        name=row.name,
        value=row.value or 0.0,
        value_in_business_hours=row.value_in_business_hours or 0.0,
        created_at=row.created_at,
        ended_at=row.event_end_time,
        conversation_id=row.conversation_id,
        inbox_id=row.inbox_id,
        user_id=row.user_id,
    )
