"""Reports (contract 6): series, summaries, what is now, downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from revivatui.shop.figures import downloads, live, summaries
from revivatui.shop.figures.metrics import METRICS, Question, series
from revivatui.shop.figures.periods import GROUPS, BadRange, Span, span_of
from revivatui.shop.figures.review import year_in_review
from revivatui.shop.figures.scopes import TYPES, NoSuchScope, Scope, find_scope
from revivatui.shop.figures.zones import zone_for
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    Route,
    crash,
    empty,
    not_found,
    unprocessable,
)
from revivatui.shop.rest.params import boolean, integer, text

# What a member's year is asked of when the call names none: the server's own constant.
REVIEWED_YEAR = 2025


def span_asked(call: Call) -> Span | None:
    """The call's range. Raises CallError 500 for one that the server fails on."""
    try:
        return span_of(call.params)
    except BadRange:
        crash()


def _of_account(call: Call, *, ranged: bool = True) -> Question:
    """The question about the whole account, of the call's range or of none."""
    call.need_admin()
    return Question(
        call.shop.db,
        Scope(call.account_id),
        span_asked(call) if ranged else None,
        call.shop.v4,
        bool(boolean(call.params.get("business_hours"))),
    )


def _type(call: Call) -> str:
    """Raises CallError 500: the server does not look whether it is there."""
    kind = text(call.params.get("type"))
    if kind is None:
        crash()
    return kind


def _scoped(call: Call) -> Question:
    """The question about the ``type`` and ``id`` of the call; whose, the server asks first."""
    call.need_admin()
    kind, row_id = _type(call), integer(call.params.get("id"))
    try:
        scope = find_scope(call.shop.db, call.account_id, kind, row_id)
    except NoSuchScope:
        not_found()
    except ValueError:
        crash()
    return replace(_of_account(call), scope=scope)


def timeseries(call: Call) -> Answer:
    call.need_admin()
    _type(call)
    metric = text(call.params.get("metric"))
    if metric not in METRICS:
        return {} if call.shop.v4 else []
    question = _scoped(call)
    zone = zone_for(call.params.get("timezone_offset"), v4=call.shop.v4, now=call.shop.clock.now())
    try:
        return series(question, metric, _group(call), zone)
    except BadRange:
        crash()


def _group(call: Call) -> str:
    """Unknown groupings: 4.x takes the day, 3.x fails."""
    group = call.params.get("group_by")
    if group in GROUPS:
        return str(group)
    if group is not None and not call.shop.v4:
        crash()
    return "day"


def summary(call: Call) -> Answer:
    return _with_previous(call, summaries.summary)


def bot_summary(call: Call) -> Answer:
    return _with_previous(call, summaries.bot_summary)


def _with_previous(call: Call, figures: Callable[[Question], dict[str, Any]]) -> Answer:
    question = _scoped(call)
    return figures(question) | {"previous": figures(summaries.before(question))}


def bot_metrics(call: Call) -> Answer:
    return summaries.bot_metrics(_of_account(call))


def conversations_now(call: Call) -> Answer:
    call.need_admin()
    kind = text(call.params.get("type"))
    if not kind:
        return empty(422)
    if kind == "account":
        return live.account_now(call.shop, call.account_id)
    if kind not in TYPES:
        crash()
    if kind != "agent":
        not_found()
    page = max(1, integer(call.params.get("page")) or 1)
    return live.agents_now(call.shop, call.account_id, page)


def live_metrics(call: Call) -> Answer:
    team_id = _team(call)
    call.need_admin()
    return live.team_now(call.shop, call.account_id, team_id)


def live_groups(call: Call) -> Answer:
    """The server looks for the team, then at the grouping, and at the caller's role last."""
    team_id, group = _team(call), call.params.get("group_by")
    if group not in live.GROUPS:
        unprocessable("invalid group_by")
    call.need_admin()
    return live.grouped_now(call.shop, call.account_id, team_id, group)


def _team(call: Call) -> int | None:
    """The team asked for, None for all. Raises CallError 404."""
    wanted = call.params.get("team_id")
    return None if wanted is None else int(in_account(call, "teams", wanted)["id"])


def _by(kind: str) -> Callable[[Call], Answer]:
    return lambda call: summaries.by_owner(_of_account(call), kind)


def by_label(call: Call) -> Answer:
    return summaries.by_label(_of_account(call))


def by_channel(call: Call) -> Answer:
    question = _of_account(call)
    try:
        return summaries.by_channel(question)
    except summaries.RangeTooLong:
        unprocessable("Date range cannot exceed 6 months")


def csv_answer(name: str, content: str) -> Response:
    """A file to save."""
    return Response(
        content,
        headers={
            "content-type": "text/csv",
            "content-disposition": f"attachment; filename={name}.csv",
        },
    )


def _download(name: str, make: Callable[[Question], str]) -> Callable[[Call], Answer]:
    """A download of a range, which must be there."""

    def answer(call: Call) -> Answer:
        question = _of_account(call)
        if question.span is None:
            crash()
        return csv_answer(name, make(question))

    return answer


def traffic(call: Call) -> Answer:
    """Its days are the last ones, whatever range is asked for."""
    question = _of_account(call, ranged=False)
    offset = call.params.get("timezone_offset")
    if offset is None:
        crash()
    wanted = call.params.get("days_before") if call.shop.v4 else None
    days = None if wanted in (None, "") else integer(wanted)
    try:
        content = downloads.traffic(question, offset, days, call.shop.clock.now())
    except (BadRange, OverflowError):
        crash()
    return csv_answer("conversation_traffic_reports", content)


def my_year(call: Call) -> Answer:
    """Kept with the user's settings once it was told, and told from there ever after."""
    asked = text(call.params.get("year"))
    year = integer(asked) if asked is not None else REVIEWED_YEAR
    settings = call.member["ui_settings"]
    key = f"year_in_review_{call.account_id}_{asked or REVIEWED_YEAR}"
    if settings.get(key):
        return settings[key]
    try:
        figures = year_in_review(call.shop.db, call.account_id, call.member["id"], year or 0)
    except (ValueError, OverflowError) as problem:
        raise CallError(500, {"status": 500, "error": "Internal Server Error"}) from problem
    view = {"year": asked or REVIEWED_YEAR, **figures}
    call.shop.db.update("users", call.member["id"], ui_settings={**settings, key: view})
    return view


A2 = "/api/v2/accounts/{account_id}"
R = f"{A2}/reports"
ROUTES = [
    Route("GET", R, timeseries),
    Route("GET", f"{R}/summary", summary),
    Route("GET", f"{R}/bot_summary", bot_summary),
    Route("GET", f"{R}/bot_metrics", bot_metrics),
    Route("GET", f"{R}/conversations", conversations_now),
    Route("GET", f"{R}/agents", _download("agents_report", downloads.agents)),
    Route("GET", f"{R}/inboxes", _download("inboxes_report", downloads.inboxes)),
    Route("GET", f"{R}/labels", _download("labels_report", downloads.labels)),
    Route("GET", f"{R}/teams", _download("teams_report", downloads.teams)),
    Route(
        "GET",
        f"{R}/conversations_summary",
        _download("conversations_summary_report", downloads.conversations),
        since="4",
    ),
    Route("GET", f"{R}/conversation_traffic", traffic),
    Route("GET", f"{A2}/live_reports/conversation_metrics", live_metrics, since="4"),
    Route("GET", f"{A2}/live_reports/grouped_conversation_metrics", live_groups, since="4"),
    Route("GET", f"{A2}/summary_reports/agent", _by("agent")),
    Route("GET", f"{A2}/summary_reports/team", _by("team")),
    Route("GET", f"{A2}/summary_reports/inbox", _by("inbox"), since="4"),
    Route("GET", f"{A2}/summary_reports/label", by_label, since="4"),
    Route("GET", f"{A2}/summary_reports/channel", by_channel, since="4"),
    Route("GET", f"{A2}/year_in_review", my_year, since="4"),
]
