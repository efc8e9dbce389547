"""Measures the bridge by its tables, in one transaction that sees one moment."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from sqlalchemy import Select, Table, func, inspect, select
from sqlalchemy.engine import Connection

from revivatui.bridge import captain_report, inbox, outbox, twins
from revivatui.bridge.backfill import CURSOR
from revivatui.bridge.captain_tables import COUNTS
from revivatui.bridge.outbox_worker import PAUSED
from revivatui.bridge.pulse import FIRST, PULSE, STARTED, STOPPED
from revivatui.bridge.reconcile import REPORT
from revivatui.bridge.tables import HEARTBEATS, INBOX, OUTBOX, STATE
from revivatui.crm.store.work import Reader
from revivatui.state.bridge_health import DAYS, MINUTE, Gap, Report, ReportMade, Target, Uptime
from revivatui.text.safe import safe_line

HOUR: Final = 3600.0
REPORT_MADE: Final = "report:made:"
"""How the facts begin that say how far each of the shop's reports came."""
_STATES: Final = ("new", "done", "skipped", "dead")


async def measured(reader: Reader, now: float) -> Report | None:
    """Everything about the bridge; None where its tables were never made."""
    tables = await reader.connection.run_sync(_tables)
    if STATE.name not in tables:
        return None
    told = await _facts(reader)
    pulse = _json(told.get(PULSE, ""))
    compared = _json(told.get(REPORT, ""))
    beats = HEARTBEATS.name in tables  # not in those of a bridge before it had a heartbeat
    return Report(
        at=now,
        started_at=_number(_json(told.get(STARTED, "")).get("at")),
        stopped_at=_number(_json(told.get(STOPPED, "")).get("at")),
        beat_at=_number(pulse.get("at")),
        uptime=await _uptime(reader, told, now) if beats else None,
        last_hour=await _delivered_since(reader, now - HOUR),
        delivered_at=await _last_delivery(reader),
        events=await inbox.counts(reader),
        writes=await outbox.counts(reader),
        oldest_event_at=await _oldest(reader, INBOX, "received_at"),
        oldest_write_at=await _oldest(reader, OUTBOX, "created_at"),
        caught_up_at=_number(told.get(CURSOR)),
        compared_at=_number(compared.get("at")),
        compared=safe_line(str(compared.get("words", ""))),
        targets=await _targets(reader, told, pulse),
        twins=len(await twins.waiting(reader)),
        reports=tuple(
            report_made(name.removeprefix(REPORT_MADE), value)
            for name, value in sorted(told.items())
            if name.startswith(REPORT_MADE)
        ),
        captain=await captain_report.read(reader, now) if COUNTS.name in tables else None,
    )


def report_made(every: str, text: str) -> ReportMade:
    """How far a report of the shop came, as it was kept; "" : none was made yet."""
    told = _json(text)
    done, tries = told.get("done"), _number(told.get("tries"))
    return ReportMade(
        safe_line(every),
        safe_line(str(told.get("period", ""))),
        tuple(map(str, done)) if isinstance(done, list) else (),
        int(tries or 0),
        safe_line(str(told.get("error", ""))),
        _number(told.get("next_at")),
        _number(told.get("made_at")),
    )


def _tables(connection: Connection) -> frozenset[str]:
    return frozenset(inspect(connection).get_table_names())


async def _facts(reader: Reader) -> dict[str, str]:
    return {str(name): str(value) for name, value in await reader.rows(select(STATE))}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


# --- uptime --------------------------------------------------------------------------------------


async def _uptime(reader: Reader, told: dict[str, str], now: float) -> Uptime | None:
    """Over whole minutes: the one that lasts is not counted."""
    first = _number(told.get(FIRST))
    if first is None:
        return None
    this_minute = int(now // MINUTE)
    since = max(int(first), this_minute - DAYS * 1440)
    if this_minute <= since:
        return None
    minute = HEARTBEATS.c.minute
    row = await reader.row(
        select(func.count(), func.max(minute)).where(minute >= since, minute < this_minute)
    )
    count, last = (int(row[0]), row[1]) if row else (0, None)
    minutes = this_minute - since
    gap = None
    if last is not None and count < int(last) - since + 1:
        gap = await _last_gap(reader, since)
    return Uptime(since * MINUTE, minutes, minutes - count, gap)


async def _last_gap(reader: Reader, since: int) -> Gap | None:
    minute = HEARTBEATS.c.minute
    before = func.lag(minute, 1, since - 1).over(order_by=minute)
    beats = select(minute, before.label("before")).where(minute >= since).subquery()
    row = await reader.row(
        select(beats.c.before, beats.c.minute)
        .where(beats.c.minute - beats.c.before > 1)
        .order_by(beats.c.minute.desc())
        .limit(1)
    )
    return Gap((int(row[0]) + 1) * MINUTE, int(row[1]) * MINUTE) if row else None


# --- deliveries and what waits -------------------------------------------------------------------


async def _delivered_since(reader: Reader, since: float) -> int:
    columns = INBOX.c
    row = await reader.row(
        select(func.count()).where(
            columns.state.in_(_STATES), columns.received_at >= since, columns.source == "webhook"
        )
    )
    return int(row[0]) if row else 0


async def _last_delivery(reader: Reader) -> float | None:
    """Asked for each state, so that the index over both leads there at once."""
    found = [await _first(reader, _newest(state)) for state in _STATES]
    return max((one for one in found if one is not None), default=None)


def _newest(state: str) -> Select[Any]:
    columns = INBOX.c
    return (
        select(columns.received_at)
        .where(columns.state == state, columns.source == "webhook")
        .order_by(columns.received_at.desc())
        .limit(1)
    )


async def _oldest(reader: Reader, table: Table, column: str) -> float | None:
    return await _first(reader, select(func.min(table.c[column])).where(table.c.state == "new"))


async def _first(reader: Reader, question: Select[Any]) -> float | None:
    row = await reader.row(question)
    return _number(row[0]) if row else None


async def _targets(
    reader: Reader, told: dict[str, str], pulse: dict[str, Any]
) -> tuple[Target, ...]:
    columns = OUTBOX.c
    rows = await reader.rows(
        select(columns.target, columns.state, func.count(), func.max(columns.done_at)).group_by(
            columns.target, columns.state
        )
    )
    names = sorted({outbox.CHATWOOT, *(str(row[0]) for row in rows)})
    breakers = pulse.get("breakers")
    return tuple(
        Target(
            name,
            waiting=_count(rows, name, "new"),
            dead=_count(rows, name, "dead"),
            written=_count(rows, name, "done"),
            written_at=max((row[3] for row in rows if row[0] == name and row[3]), default=None),
            open_until=_number(breakers.get(name)) if isinstance(breakers, dict) else None,
            paused=safe_line(told.get(PAUSED.format(target=name), "")),
        )
        for name in names
    )


def _count(rows: Any, name: str, state: str) -> int:
    return sum(int(row[2]) for row in rows if (row[0], row[1]) == (name, state))
