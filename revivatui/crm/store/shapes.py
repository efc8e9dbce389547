"""Records and the columns they are kept in: each pair once, so that neither can forget a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Table

from revivatui.crm import records, records_repairs, records_tickets
from revivatui.crm.money import Money
from revivatui.crm.store import tables, tables_work

R = TypeVar("R")


class Shape(Generic[R]):
    """How one kind of record lies in its table. Rows are read by the place of their columns."""

    def __init__(self, record: type[R], table: Table, *, elsewhere: tuple[str, ...] = ()) -> None:
        """`elsewhere` are the fields that are kept in other tables."""
        names = [(one.name, str(one.type).startswith("Money")) for one in fields(record)]  # type: ignore[arg-type]
        places = {column.name: place for place, column in enumerate(table.columns)}
        self.record, self.table, self.width = record, table, len(places)
        self._currency = places.get("currency", -1)
        self._plan = [
            (name, places[f"{name}_minor" if is_money else name], is_money)
            for name, is_money in names
            if name not in elsewhere
        ]

    def read(self, row: Sequence[Any], start: int = 0, **elsewhere: Any) -> R:
        """The record whose columns begin at `start` in a row."""
        values = {
            name: self._money(row, start, row[start + place]) if is_money else row[start + place]
            for name, place, is_money in self._plan
        }
        return self.record(**values, **elsewhere)

    def _money(self, row: Sequence[Any], start: int, units: int | None) -> Money | None:
        if units is None:
            return None
        return Money.from_minor_units(units, row[start + self._currency])

    def values(self, record: R) -> dict[str, Any]:
        """What to write into the columns."""
        values: dict[str, Any] = {}
        currency = ""
        for name, _, is_money in self._plan:
            value = getattr(record, name)
            if is_money:
                values[f"{name}_minor"] = None if value is None else value.minor_units
                currency = currency or (value.currency if value is not None else "")
            else:
                values[name] = value
        if self._currency >= 0 and "currency" not in values:
            values["currency"] = currency or None
        return values

    def difference(self, before: R, after: R) -> dict[str, Any]:
        """What to write into the columns of a record that was changed."""
        was = self.values(before)
        return {name: one for name, one in self.values(after).items() if one != was[name]}


CUSTOMER: Final = Shape(records.Customer, tables.CUSTOMERS)
DEVICE: Final = Shape(records.Device, tables.DEVICES)
LOCATION: Final = Shape(records.Location, tables.LOCATIONS)
TECHNICIAN: Final = Shape(records.Technician, tables.TECHNICIANS)
LOYALTY_TIER: Final = Shape(records.LoyaltyTier, tables.LOYALTY_TIERS)
SERVICE: Final = Shape(records.ServiceItem, tables.SERVICES)
CANNED_MIRROR: Final = Shape(records.CannedMirror, tables.CANNED_MIRRORS)
EXTERNAL_REF: Final = Shape(records.ExternalRef, tables.EXTERNAL_REFS)
REPAIR: Final = Shape(records_repairs.Repair, tables_work.REPAIRS)
REPAIR_EVENT: Final = Shape(records_repairs.RepairEvent, tables_work.REPAIR_EVENTS)
QUOTE: Final = Shape(records_repairs.Quote, tables_work.QUOTES, elsewhere=("line_items",))
QUOTE_LINE: Final = Shape(records_repairs.QuoteLine, tables_work.QUOTE_LINES)
APPOINTMENT: Final = Shape(records_repairs.Appointment, tables_work.APPOINTMENTS)
WARRANTY: Final = Shape(records_repairs.Warranty, tables_work.WARRANTIES)
TICKET: Final = Shape(records_tickets.Ticket, tables_work.TICKETS, elsewhere=("repair_ids",))
COMMENT: Final = Shape(records_tickets.TicketComment, tables_work.TICKET_COMMENTS)
CONVERSATION: Final = Shape(records_tickets.ChatConversation, tables_work.CHAT_CONVERSATIONS)
