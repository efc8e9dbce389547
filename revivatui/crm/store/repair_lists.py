"""Reading repairs: one with everything about it, lists, counts, the history of a device."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, tuple_

from revivatui.crm import workflow
from revivatui.crm.errors import InvalidRecord, NotInCrm
from revivatui.crm.records_repairs import Warranty
from revivatui.crm.store import quotes
from revivatui.crm.store.shapes import CUSTOMER, DEVICE, REPAIR, REPAIR_EVENT, WARRANTY
from revivatui.crm.store.tables import CUSTOMERS, DEVICES, TECHNICIANS
from revivatui.crm.store.tables_work import REPAIR_EVENTS, REPAIRS, WARRANTIES
from revivatui.crm.store.work import Reader
from revivatui.crm.views import (
    DeviceHistory,
    RepairCounts,
    RepairFile,
    RepairPage,
    RepairQuery,
    RepairRow,
)
from revivatui.crm.workflow import (
    FORGOTTEN_AFTER,
    NEVER_FORGOTTEN,
    NOT_LATE,
    STATUSES,
    TERMINAL,
    UNCLAIMED_AFTER,
    WAITING_TO_BE_COLLECTED,
)

_MOST_ROWS = 500


def rows_question() -> Select[Any]:
    """Repairs with what a list shows beside them."""
    return (
        select(REPAIRS, DEVICES, CUSTOMERS.c.name, TECHNICIANS.c.name.label("technician_name"))
        .join(DEVICES, DEVICES.c.id == REPAIRS.c.device_id)
        .join(CUSTOMERS, CUSTOMERS.c.id == REPAIRS.c.customer_id)
        .outerjoin(TECHNICIANS, TECHNICIANS.c.id == REPAIRS.c.technician_id)
    )


def read_row(row: Sequence[Any], now: datetime) -> RepairRow:
    repair = REPAIR.read(row)
    after = REPAIR.width + DEVICE.width
    return RepairRow(
        repair=repair,
        customer_name=row[after],
        device=DEVICE.read(row, REPAIR.width),
        technician_name=row[after + 1] or "",
        overdue=workflow.is_overdue(repair.status, repair.promised_at, now),
    )


async def rows_where(reader: Reader, *fits: ColumnElement[bool]) -> tuple[RepairRow, ...]:
    """All repairs that fit, the newest first."""
    question = rows_question().where(*fits)
    question = question.order_by(REPAIRS.c.created_at.desc(), REPAIRS.c.id.desc())
    return tuple(read_row(row, reader.now) for row in await reader.rows(question))


async def get(reader: Reader, repair_id: str) -> RepairFile:
    """See `CrmPort.get_repair`."""
    rows = await rows_where(reader, REPAIRS.c.id == repair_id)
    if not rows:
        raise NotInCrm("There is no such repair in the CRM.")
    events = await reader.rows(
        select(REPAIR_EVENTS)
        .where(REPAIR_EVENTS.c.repair_id == repair_id)
        .order_by(REPAIR_EVENTS.c.at, REPAIR_EVENTS.c.id)
    )
    return RepairFile(
        row=rows[0],
        customer=await reader.one(CUSTOMER, rows[0].repair.customer_id, "customer"),
        events=tuple(REPAIR_EVENT.read(row) for row in events),
        quotes=await quotes.of_repair(reader, repair_id),
        warranties=await warranties_where(reader, WARRANTIES.c.repair_id == repair_id),
    )


async def page(reader: Reader, query: RepairQuery) -> RepairPage:
    """See `CrmPort.list_repairs`."""
    limit = max(1, min(query.limit, _MOST_ROWS))
    question = rows_question().where(*_conditions(query, reader.now))
    if query.after:
        at, _, repair_id = query.after.partition("|")
        try:
            before = (datetime.fromisoformat(at), repair_id)
        except ValueError:
            raise InvalidRecord("That is no place in a list of repairs.") from None
        question = question.where(tuple_(REPAIRS.c.created_at, REPAIRS.c.id) < before)
    question = question.order_by(REPAIRS.c.created_at.desc(), REPAIRS.c.id.desc())
    found = await reader.rows(question.limit(limit + 1))
    rows = tuple(read_row(row, reader.now) for row in found[:limit])
    following = ""
    if len(found) > limit:
        last = rows[-1].repair
        following = f"{last.created_at.isoformat()}|{last.id}"
    return RepairPage(rows, following, reader.now)


def _conditions(query: RepairQuery, now: datetime) -> Sequence[ColumnElement[bool]]:
    columns = REPAIRS.c
    fits: list[ColumnElement[bool]] = []
    if query.statuses:
        fits.append(columns.status.in_(query.statuses))
    if query.location_id is not None:
        fits.append(columns.location_id == query.location_id)
    if query.technician_id is not None:
        fits.append(columns.technician_id == query.technician_id)
    if query.customer_id is not None:
        fits.append(columns.customer_id == query.customer_id)
    if query.overdue:
        fits.append(_is_late(now))
    if query.unclaimed:
        fits.append(_is_unclaimed(now))
    if query.forgotten:
        fits.append(_is_forgotten(now))
    if not query.closed:
        fits.append(columns.status.not_in(TERMINAL))
    return fits


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(REPAIRS.c.promised_at < now, REPAIRS.c.status.not_in(NOT_LATE))


def _is_unclaimed(now: datetime) -> ColumnElement[bool]:
    """`workflow.is_unclaimed`, asked in the database."""
    since = func.coalesce(REPAIRS.c.ready_at, REPAIRS.c.updated_at)
    waits = REPAIRS.c.status.in_(WAITING_TO_BE_COLLECTED)
    return and_(waits, since < now - UNCLAIMED_AFTER)


def _is_forgotten(now: datetime) -> ColumnElement[bool]:
    """`workflow.is_forgotten`, asked in the database."""
    moves = REPAIRS.c.status.not_in(NEVER_FORGOTTEN)
    return and_(moves, REPAIRS.c.updated_at < now - FORGOTTEN_AFTER)


async def count(reader: Reader, location_id: str | None) -> RepairCounts:
    """See `CrmPort.count_repairs`."""
    here = [] if location_id is None else [REPAIRS.c.location_id == location_id]
    question = select(REPAIRS.c.status, func.count()).where(*here).group_by(REPAIRS.c.status)
    found = {row[0]: int(row[1]) for row in await reader.rows(question)}
    neglected = (_is_late, _is_unclaimed, _is_forgotten)
    sums = [func.sum(case((fits(reader.now), 1), else_=0)) for fits in neglected]
    row = await reader.row(select(*sums).where(*here))
    late, unclaimed, forgotten = (int(number or 0) for number in row or (0, 0, 0))
    return RepairCounts(
        {status: found.get(status, 0) for status in STATUSES} | found,
        late,
        unclaimed,
        forgotten,
        reader.now,
    )


async def device_history(reader: Reader, device_id: str) -> DeviceHistory:
    """See `CrmPort.device_history`."""
    return DeviceHistory(
        device=await reader.one(DEVICE, device_id, "device"),
        repairs=await rows_where(reader, REPAIRS.c.device_id == device_id),
        warranties=await warranties_where(reader, WARRANTIES.c.device_id == device_id),
    )


async def warranties_where(reader: Reader, *fits: ColumnElement[bool]) -> tuple[Warranty, ...]:
    """All warranties that fit, the one that ends last first."""
    question = (
        select(WARRANTIES)
        .where(*fits)
        .order_by(WARRANTIES.c.ends_on.desc(), WARRANTIES.c.id.desc())
    )
    return tuple(WARRANTY.read(row) for row in await reader.rows(question))
