"""The reports as CSV (contract 6.6), cell for cell as the server writes them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from revivatui.state.figures.answers_reports import values
from revivatui.state.figures.answers_summaries import label_row
from revivatui.state.figures.buckets import HOUR
from revivatui.state.figures.counting import (
    AVG_FIRST_RESPONSE,
    AVG_REPLY,
    AVG_RESOLUTION,
    CONVERSATIONS,
    MESSAGES_IN,
    MESSAGES_OUT,
    RESOLUTIONS,
    SUMMARY,
    series,
)
from revivatui.state.figures.questions import Question, broken, leading_whole, scopes
from revivatui.state.figures.rows import Raw, text
from revivatui.state.figures.scopes import ACCOUNT, AGENT, INBOX, LABEL, TEAM, Scope, Span
from revivatui.state.figures.zones import standard_zone, utc

Cells = Sequence[object]

AGENTS: Final = (
    "Agent name",
    "Assigned conversations",
    "Avg first response time",
    "Avg resolution time",
    "Avg customer waiting time",
    "Resolution Count",
)
INBOXES: Final = (
    "Inbox name",
    "Inbox type",
    "No. of conversations",
    "Avg first response time",
    "Avg resolution time",
)
LABELS: Final = (
    "Label",
    "No. of conversations",
    "Avg first response time",
    "Avg resolution time",
)
LABELS_NEW: Final = (*LABELS, "Avg reply time", "Resolution Count")
TEAMS: Final = (
    "Team name",
    "Conversations count",
    "Avg first response time",
    "Avg resolution time",
    "Avg customer waiting time",
    "Resolution Count",
)
CONVERSATIONS_NEW: Final = (
    "Conversations",
    "Messages received",
    "Messages sent",
    "Avg first response time",
    "Avg resolution time",
    "Resolution count",
    "Avg customer waiting time",
)
CHANNELS: Final = {
    "Channel::Api": "API",
    "Channel::Email": "Email",
    "Channel::FacebookPage": "Facebook",
    "Channel::Instagram": "Instagram",
    "Channel::Line": "LINE",
    "Channel::Sms": "Sms",
    "Channel::Telegram": "Telegram",
    "Channel::TwilioSms": "Twilio SMS",
    "Channel::TwitterProfile": "Twitter",
    "Channel::WebWidget": "Website",
    "Channel::Whatsapp": "Whatsapp",
}
UNITS: Final = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
FORMULA: Final = ("=", "+", "-", "@", "%", "|", "\t", "\r")
"""What a cell may not begin with: a spreadsheet would run it."""
DAYS_BEFORE: Final = 6


def agents(question: Question) -> object:
    period = _period(question)
    return _table(period, AGENTS, [_full(question, one) for one in scopes(question.rows, AGENT)])


def teams(question: Question) -> object:
    period = _period(question)
    return _table(period, TEAMS, [_full(question, one) for one in scopes(question.rows, TEAM)])


def inboxes(question: Question) -> object:
    period = _period(question)
    rows = []
    for scope in scopes(question.rows, INBOX):
        inbox = question.rows.find("inboxes", scope.id) or {}
        kind = text(inbox, "channel_type") or ""
        name, *figures = _full(question, scope) if question.new else _short(question, scope)
        rows.append([name, CHANNELS.get(kind, kind), *figures])
    return _table(period, INBOXES, rows)


def labels(question: Question) -> object:
    period, found = _period(question), scopes(question.rows, LABEL)
    if not question.new:
        return _table(period, LABELS, [_short(question, one) for one in found])
    rows = []
    for scope in found:
        row = label_row(question, scope)
        rows.append(
            [
                scope.title,
                row["conversations_count"],
                *(_spoken(question, row[name]) for name in _LABEL_AVERAGES),
                row["resolved_conversations_count"],
            ]
        )
    return _table(period, LABELS_NEW, rows)


_LABEL_AVERAGES: Final = ("avg_first_response_time", "avg_resolution_time", "avg_reply_time")


def conversations(question: Question) -> object:
    """4.x: the account's summary as one row."""
    period = _period(question)
    told = values(question, Scope(), question.span, SUMMARY)
    row = [
        told[CONVERSATIONS],
        told[MESSAGES_IN],
        told[MESSAGES_OUT],
        _spoken(question, told[AVG_FIRST_RESPONSE]),
        _spoken(question, told[AVG_RESOLUTION]),
        told[RESOLUTIONS],
        _spoken(question, told[AVG_REPLY]),
    ]
    return _table(period, CONVERSATIONS_NEW, [row])


def traffic(question: Question) -> object:
    """Conversations by hour of the whole days before today, both by the clock of UTC; only where
    an hour begins follows the zone."""
    offset = question.get("timezone_offset")
    if offset is None:
        raise broken()
    today = question.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = question.given("days_before") if question.new else None
    back = DAYS_BEFORE if days is None else leading_whole(days)
    span = Span(today.timestamp() - back * 86400, today.timestamp())
    zone = standard_zone(offset, question.now)
    points = series(
        question.rows, CONVERSATIONS, Scope(ACCOUNT), span, HOUR, zone or utc(), question.version
    )
    hours: dict[int, dict[str, int]] = {}
    for point in points:
        begin = datetime.fromtimestamp(point.begin, UTC)
        hours.setdefault(begin.hour, {}).setdefault(begin.date().isoformat(), int(point.value))
    dates = sorted({day for held in hours.values() for day in held})
    rows = [[f"{hour:02}:00", *map(held.get, dates)] for hour, held in hours.items()]
    head = line(["Timezone", zone.label(question.now) if zone else None])
    return {"_text": head + "\n\n" + lines([["Start of the hour", *dates], *rows])}


def _full(question: Question, scope: Scope) -> list[object]:
    told = values(question, scope, question.span, SUMMARY)
    return [
        _name(question, scope),
        told[CONVERSATIONS],
        _spoken(question, told[AVG_FIRST_RESPONSE]),
        _spoken(question, told[AVG_RESOLUTION]),
        _spoken(question, told[AVG_REPLY]),
        told[RESOLUTIONS],
    ]


def _short(question: Question, scope: Scope) -> list[object]:
    """3.9 knows three figures of inboxes and labels, and leaves the other cells empty."""
    told = values(question, scope, question.span, SUMMARY)
    first, resolution = told[AVG_FIRST_RESPONSE], told[AVG_RESOLUTION]
    return [
        _name(question, scope),
        told[CONVERSATIONS],
        _spoken(question, first),
        _spoken(question, resolution),
        _spoken(question, None),
        None,
    ]


def _name(question: Question, scope: Scope) -> str | None:
    if scope.kind == LABEL:
        return scope.title
    table = {AGENT: "users", INBOX: "inboxes", TEAM: "teams"}[scope.kind]
    row: Raw = question.rows.find(table, scope.id) or {}
    return text(row, "name")


def _spoken(question: Question, seconds: object) -> str:
    """A duration in the two largest units that it has, cut to whole seconds."""
    left = int(seconds) if isinstance(seconds, (int, float)) else 0
    if left == 0:
        return "N/A" if question.new else "--"
    parts = []
    for unit, size in UNITS:
        many, left = divmod(left, size)
        if many:
            parts.append(f"{many} {unit}{'' if many == 1 else 's'}")
    return " ".join(parts[:2])


def _period(question: Question) -> str:
    """The first line. Refused without a stretch."""
    span = question.span
    if span is None:
        raise broken()
    return line([period(span)])


def period(span: Span) -> str:
    since, until = (datetime.fromtimestamp(at, UTC).date().isoformat() for at in span)
    return f"Reporting period {since} to {until}"


def _table(head: str, titles: Sequence[str], rows: Iterable[Cells]) -> object:
    return {"_text": head + "\n\n" + lines([titles, *rows])}


def lines(rows: Iterable[Cells]) -> str:
    return "".join(map(line, rows))


def line(cells: Cells) -> str:
    """A line of CSV as these reports have it: made harmless for spreadsheets, then for HTML."""
    return html.escape(plain_line([_harmless(cell) for cell in cells])).replace("&#x27;", "&#39;")


def plain_line(cells: Cells) -> str:
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: object) -> str:
    told = "" if value is None else str(value)
    if value == "" or told[:1] in (" ", "\t") or any(mark in told for mark in ',"\r\n'):
        return '"' + told.replace('"', '""') + '"'
    return told


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
