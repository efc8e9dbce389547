"""Which rows the downloads of reports hold, by version (contract 6.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from revivatui.shop.db import Row
from revivatui.shop.figures.metrics import Question, series
from revivatui.shop.figures.periods import Span
from revivatui.shop.figures.scopes import Scope
from revivatui.shop.figures.sheets import duration, line, period, sheet
from revivatui.shop.figures.summaries import by_label, by_owner, summary
from revivatui.shop.figures.zones import standard_zone

CHANNEL_NAMES = {
    "Channel::Api": "API",
    "Channel::WebWidget": "Website",
    "Channel::Email": "Email",
}
_TIMES = ("Avg first response time", "Avg resolution time")
_FULL = (*_TIMES, "Avg customer waiting time", "Resolution Count")
_DAYS_OF_TRAFFIC = 6
DAY = 86_400


def agents(question: Question) -> str:
    users = question.db.all(
        "SELECT users.id, users.name FROM account_users JOIN users"
        " ON users.id = account_users.user_id WHERE account_users.account_id = ?"
        " ORDER BY account_users.id",
        (question.scope.account_id,),
    )
    rows = _rows(question, "agent", users, lambda user: [user["name"]], whole=True)
    return _sheet(question, ("Agent name", "Assigned conversations", *_FULL), rows)


def teams(question: Question) -> str:
    found = _of_account(question, "teams", "id")
    rows = _rows(question, "team", found, lambda team: [team["name"]], whole=True)
    return _sheet(question, ("Team name", "Conversations count", *_FULL), rows)


def inboxes(question: Question) -> str:
    found = _of_account(question, "inboxes", "id")
    rows = _rows(question, "inbox", found, _inbox_cells, whole=False)
    return _sheet(question, ("Inbox name", "Inbox type", "No. of conversations", *_TIMES), rows)


def _inbox_cells(inbox: Row) -> list[Any]:
    return [inbox["name"], CHANNEL_NAMES.get(inbox["channel_type"], inbox["channel_type"])]


def labels(question: Question) -> str:
    header = ("Label", "No. of conversations", *_TIMES)
    if question.v4:
        views = by_label(question)
        rows = [[view["name"], *_owner_cells(view)] for view in views]
        return _sheet(question, (*header, "Avg reply time", "Resolution Count"), rows)
    found = _of_account(question, "labels", "title")
    rows = _rows(question, "label", found, lambda label: [label["title"]], whole=False)
    return _sheet(question, header, rows)


def conversations(question: Question) -> str:
    """4.x: the account's summary in one row."""
    figures = summary(question)
    header = ("Conversations", "Messages received", "Messages sent", *_TIMES)
    row = [
        figures["conversations_count"],
        figures["incoming_messages_count"],
        figures["outgoing_messages_count"],
        duration(figures["avg_first_response_time"], v4=question.v4),
        duration(figures["avg_resolution_time"], v4=question.v4),
        figures["resolutions_count"],
        duration(figures["reply_time"], v4=question.v4),
    ]
    return _sheet(question, (*header, "Resolution count", "Avg customer waiting time"), [row])


def _sheet(question: Question, header: tuple[str, ...], rows: list[list[Any]]) -> str:
    span = question.span
    assert span is not None
    return sheet([period(span.since, span.until)], header, rows)


def _of_account(question: Question, table: str, order: str) -> list[Row]:
    return question.db.all(
        f"SELECT * FROM {table} WHERE account_id = ? ORDER BY {order}",
        (question.scope.account_id,),
    )


def _rows(
    question: Question, kind: str, owners: list[Row], name: Any, *, whole: bool
) -> list[list[Any]]:
    """``whole``: in 3.x with reply time and resolutions, which its short form leaves out."""
    if question.v4:
        views = {view["id"]: view for view in by_owner(question, kind)}
        return [[*name(owner), *_owner_cells(views[owner["id"]])] for owner in owners]
    return [[*name(owner), *_short_cells(question, kind, owner, whole)] for owner in owners]


def _owner_cells(view: dict[str, Any]) -> list[Any]:
    return [
        view["conversations_count"],
        duration(view["avg_first_response_time"], v4=True),
        duration(view["avg_resolution_time"], v4=True),
        duration(view["avg_reply_time"], v4=True),
        view["resolved_conversations_count"],
    ]


def _short_cells(question: Question, kind: str, owner: Row, whole: bool) -> list[Any]:
    key = owner["title"] if kind == "label" else owner["id"]
    scope = Scope(question.scope.account_id, kind, key)
    figures = summary(replace(question, scope=scope))
    return [
        figures["conversations_count"],
        duration(figures["avg_first_response_time"], v4=False),
        duration(figures["avg_resolution_time"], v4=False),
        duration(figures["reply_time"] if whole else None, v4=False),
        figures["resolutions_count"] if whole else None,
    ]


def traffic(question: Question, offset: object, days: int | None, now: float) -> str:
    """New conversations by hour and date, of the whole days before today.

    The server groups in the zone of that standard offset, in 4.x too, but begins and names its
    hours in UTC: the zone shows in the title, and where it is not whole hours from UTC.
    """
    named = standard_zone(offset)
    zone = named.rules if named is not None else ZoneInfo("Etc/UTC")
    today = int(now) // DAY * DAY
    span = Span(today - (_DAYS_OF_TRAFFIC if days is None else days) * DAY, today)
    told = series(replace(question, span=span), "conversations_count", "hour", zone)
    title = ["Timezone", named.label if named is not None else ""]
    dates, hours = _grid(told)
    table: list[list[Any]] = [["Start of the hour", *dates]]
    table += [[hour, *(found.get(date) for date in dates)] for hour, found in hours.items()]
    return line(title) + "\n\n" + "".join(line(row) for row in table)


def _grid(told: list[dict[str, Any]]) -> tuple[list[str], dict[str, dict[str, int]]]:
    """The dates, and by hour what each had; of two buckets in one hour the first counts."""
    hours: dict[str, dict[str, int]] = {}
    dates: dict[str, None] = {}
    for row in told:
        wall = datetime.fromtimestamp(row["timestamp"], UTC)
        date = f"{wall:%Y-%m-%d}"
        dates.setdefault(date)
        hours.setdefault(f"{wall:%H}:00", {}).setdefault(date, row["value"])
    return sorted(dates), hours
