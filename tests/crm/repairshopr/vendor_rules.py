"""What the vendor keeps and how it answers, from its published OpenAPI document.

Its habits are kept too: filters that are ignored, fields that are dropped, refusals in four
shapes, amounts as texts, floats and cents. Every e-mail and text message that it would have sent
is in `mail`. It shares nothing with the adapter.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]
STATUSES = [
    "New",
    "In Progress",
    "Resolved",
    "Invoiced",
    "Waiting for Parts",
    "Waiting on Customer",
    "Scheduled",
    "Customer Reply",
]
PRIORITIES = ["", "0 Urgent", "1 High", "2 Normal", "3 Low"]


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: Row) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Mail:
    """What would have reached a customer."""

    cause: str
    text: str


@dataclass
class Vendor:
    """One shop's account."""

    statuses: list[str] = field(default_factory=lambda: list(STATUSES))
    device_types: list[str] = field(default_factory=lambda: ["Phone", "Laptop", "Other"])
    tax_percent: int = 23
    drops_properties: bool = False
    """A ticket type without fields of its own keeps no properties."""
    filters_by_customer: bool = False
    """Whether estimates and invoices can be asked for by their customer, as the vendor's document
    says they cannot."""
    permissions: dict[str, dict[str, bool]] = field(
        default_factory=lambda: {
            area: {"read": True, "write": True, "delete": True}
            for area in ("asset", "customer", "ticket", "invoice", "payment")
        }
    )
    customers: dict[int, Row] = field(default_factory=dict)
    tickets: dict[int, Row] = field(default_factory=dict)
    comments: dict[int, Row] = field(default_factory=dict)
    assets: dict[int, Row] = field(default_factory=dict)
    estimates: dict[int, Row] = field(default_factory=dict)
    invoices: dict[int, Row] = field(default_factory=dict)
    appointments: dict[int, Row] = field(default_factory=dict)
    products: dict[int, Row] = field(default_factory=dict)
    users: list[Row] = field(default_factory=lambda: [{"id": 7, "name": "Bench One"}])
    mail: list[Mail] = field(default_factory=list)
    ahead: timedelta = timedelta()
    """How far the vendor's clock is ahead of ours."""

    def __post_init__(self) -> None:
        self._ids = itertools.count(101)
        self._numbers = itertools.count(2001)
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> str:
        """Never the same moment twice."""
        now = datetime.now(UTC) + self.ahead
        self._last = max(now, self._last + timedelta(milliseconds=1))
        return stamp(self._last)

    def fresh(self, **values: Any) -> Row:
        now = self.now()
        return {"id": next(self._ids), "created_at": now, "updated_at": now, **values}

    def touch(self, row: Row) -> None:
        row["updated_at"] = self.now()

    # --- customers -----------------------------------------------------------------------------

    def make_customer(self, body: Mapping[str, Any]) -> Row:
        _check_email(body)
        row = self.fresh(
            firstname="",
            lastname="",
            business_name=None,
            email="",
            phone=None,
            mobile=None,
            notes=None,
            get_sms=False,
            opt_out=False,
            no_email=False,
            disabled=False,
            location_id=None,
            properties={},
            referred_by=None,
            contacts=[],
        )
        self._write_customer(row, body)
        self.customers[row["id"]] = row
        return self.customer(row)

    def change_customer(self, row: Row, body: Mapping[str, Any]) -> Row:
        """Booleans that are not sent fall back to their defaults."""
        _check_email(body)
        row |= dict.fromkeys(("get_sms", "opt_out", "no_email"), False)
        self._write_customer(row, body)
        self.touch(row)
        return self.customer(row)

    def _write_customer(self, row: Row, body: Mapping[str, Any]) -> None:
        row |= {name: value for name, value in body.items() if name in row}
        for name in ("phone", "mobile"):
            if row[name]:
                row[name] = re.sub(r"\D", "", row[name])

    def customer(self, row: Row) -> Row:
        full = f"{row['firstname']} {row['lastname']}".strip()
        return {
            **row,
            "fullname": full,
            "business_and_full_name": f"{row['business_name'] or ''} {full}".strip(),
            "business_then_name": row["business_name"] or full,
        }

    def find_customers(self, asked: Mapping[str, str]) -> list[Row]:
        """By address exactly, by words as they come: a number is found by its digits."""
        found = [self.customer(row) for row in self.customers.values() if not row["disabled"]]
        if email := asked.get("email"):
            found = [row for row in found if email.casefold() in _addresses(row)]
        if query := asked.get("query"):
            found = [row for row in found if _speaks_of(row, query)]
        return found

    # --- tickets -------------------------------------------------------------------------------

    def make_ticket(self, body: Mapping[str, Any]) -> Row:
        if not body.get("customer_id"):
            raise Refused(422, {"error": "Customer required field"})
        self.one(self.customers, body["customer_id"])
        row = self.fresh(
            number=next(self._numbers),
            subject="",
            problem_type="Other",
            status="New",
            priority=None,
            user_id=None,
            location_id=None,
            contact_id=None,
            resolved_at=None,
            due_date=None,
            properties={},
            asset_ids=[],
            tag_list=[],
        )
        row["due_date"] = row["created_at"]
        self._write_ticket(row, body)
        self.tickets[row["id"]] = row
        for comment in body.get("comments_attributes", ()):
            self.make_comment(row, comment)
        return self.whole_ticket(row)

    def change_ticket(self, row: Row, body: Mapping[str, Any]) -> Row:
        if "subject" in body and not body["subject"]:
            raise Refused(422, {"success": False, "message": ["Subject can't be blank"]})
        before = row["status"]
        self._write_ticket(row, body)
        for comment in body.get("comments_attributes", ()):
            self.make_comment(row, comment)
        if row["status"] != before:
            row["resolved_at"] = self.now() if row["status"] in ("Resolved", "Invoiced") else None
            self.mail.append(Mail("status", row["status"]))
        self.touch(row)
        return self.whole_ticket(row)

    def _write_ticket(self, row: Row, body: Mapping[str, Any]) -> None:
        known = set(row) | {"customer_id"}
        row |= {name: value for name, value in body.items() if name in known}
        if self.drops_properties:
            row["properties"] = {}

    def listed_ticket(self, row: Row) -> Row:
        """A list tells less: no devices, and of the comments the first alone."""
        hidden = ("asset_ids",)
        owner = self.customer(self.customers[row["customer_id"]])
        first = self.comments_of(row["id"])[:1]
        return {name: value for name, value in row.items() if name not in hidden} | {
            "customer_business_then_name": owner["business_then_name"],
            "comments": first,
            "user": None,
        }

    def whole_ticket(self, row: Row) -> Row:
        return {
            **row,
            "customer": self.customer(self.customers[row["customer_id"]]),
            "comments": self.comments_of(row["id"]),
            "assets": [self.assets[one] for one in row["asset_ids"]],
            "line_items": [],
        }

    def make_comment(self, ticket: Row, body: Mapping[str, Any]) -> Row:
        missing = [
            f"{name.capitalize()} can't be blank"
            for name in ("body", "subject")
            if not body.get(name)
        ]
        if missing:
            raise Refused(422, {"success": False, "message": missing})
        row = self.fresh(
            ticket_id=ticket["id"],
            subject=body["subject"],
            body=body["body"],
            tech=body.get("tech"),
            hidden=bool(body.get("hidden")),
            user_id=None,
        )
        self.comments[row["id"]] = row
        self.touch(ticket)
        if not row["hidden"] and body.get("do_not_email") is not True:
            self.mail.append(Mail("comment", row["body"]))
        if body.get("sms_body"):
            self.mail.append(Mail("sms", body["sms_body"]))
        return row

    def comments_of(self, ticket_id: int) -> list[Row]:
        return [row for row in self.comments.values() if row["ticket_id"] == ticket_id]

    def find_tickets(self, asked: Mapping[str, str]) -> list[Row]:
        found = list(self.tickets.values())
        for name in ("customer_id", "number", "user_id"):
            if name in asked:
                found = [row for row in found if str(row[name]) == asked[name]]
        if "status" in asked:
            found = [row for row in found if _has_status(row, asked["status"])]
        if "created_after" in asked:
            found = [row for row in found if row["created_at"] > asked["created_after"]]
        if "since_updated_at" in asked:
            found = [row for row in found if row["updated_at"] > asked["since_updated_at"]]
        return [self.listed_ticket(row) for row in reversed(found)]

    # --- devices -------------------------------------------------------------------------------

    def make_asset(self, body: Mapping[str, Any]) -> Row:
        if body.get("asset_type_name") not in self.device_types:
            told = ["Asset type can't be blank", "Name You must have an asset type first"]
            raise Refused(422, {"success": False, "message": told, "params": dict(body)})
        row = self.fresh(
            name=body["name"],
            customer_id=body.get("customer_id"),
            asset_type=body["asset_type_name"],
            asset_serial=body.get("asset_serial"),
            properties={},  # those that come along are dropped
        )
        self.assets[row["id"]] = row
        return row

    def change_asset(self, row: Row, body: Mapping[str, Any]) -> Row:
        row |= {name: value for name, value in body.items() if name in row}
        self.touch(row)
        return row

    def find_assets(self, asked: Mapping[str, str]) -> list[Row]:
        found = list(self.assets.values())
        if "customer_id" in asked:
            found = [row for row in found if str(row["customer_id"]) == asked["customer_id"]]
        if query := asked.get("query"):
            found = [row for row in found if query.casefold() in str(row).casefold()]
        return found

    # --- estimates, invoices, visits -----------------------------------------------------------

    def make_estimate(self, body: Mapping[str, Any]) -> Row:
        missing = [name for name in ("customer_id", "date") if not body.get(name)]
        if missing:
            raise Refused(422, {name: ["can't be blank"] for name in missing})
        row = self.fresh(
            number=str(next(self._numbers)),
            customer_id=body["customer_id"],
            ticket_id=body.get("ticket_id"),
            name=body.get("name"),
            status=body.get("status", "Fresh"),
            date=body["date"],
            subtotal="0.0",
            total="0.0",
            tax="0.0",
            location_id=None,
            invoice_id=None,
            last_emailed=None,
            line_items=[],  # those that come along are dropped
        )
        self.estimates[row["id"]] = row
        return row

    def add_line(self, estimate: Row, body: Mapping[str, Any]) -> Row:
        if not body.get("item"):
            raise Refused(422, {"errors": "validation error: Item can't be blank"})
        line = self.fresh(
            item=body["item"],
            name=body.get("name"),
            price=str(body.get("price", "0.0")),
            quantity=str(body.get("quantity", "1.0")),
            taxable=bool(body.get("taxable")),
            discount_percent=body.get("discount_percent"),
            position=body.get("position"),
        )
        estimate["line_items"].append(line)
        self._add_up(estimate)
        return line

    def _add_up(self, estimate: Row) -> None:
        """In cents, as the vendor shows only the result."""
        net = tax = 0
        for line in estimate["line_items"]:
            share = 100 - int(float(line["discount_percent"] or 0))
            cents = round(float(line["price"]) * 100 * float(line["quantity"]) * share / 100)
            net += cents
            tax += round(cents * self.tax_percent / 100) if line["taxable"] else 0
        for name, cents in (("subtotal", net), ("tax", tax), ("total", net + tax)):
            estimate[name] = f"{cents // 100}.{cents % 100:02d}"
        self.touch(estimate)

    def email_estimate(self, row: Row) -> Row:
        self.mail.append(Mail("estimate", row["number"]))
        row["last_emailed"] = self.now()
        row["status"] = "Fresh"
        self.touch(row)
        return {"message": "We queued up an email"}

    def make_appointment(self, body: Mapping[str, Any]) -> Row:
        names = {"summary": "Summary", "start_at": "Start at", "end_at": "End at"}
        missing = [f"{said} can't be blank" for name, said in names.items() if not body.get(name)]
        if missing:
            told = ",".join(missing)
            raise Refused(422, {"success": False, "error": told, "message": told, "params": {}})
        row = self.fresh(
            summary=body["summary"],
            description=f"Notes:\n {body.get('description', '')}",
            customer_id=body.get("customer_id"),
            ticket_id=body.get("ticket_id"),
            start_at=body["start_at"],
            end_at=body["end_at"],
            appointment_location_type=None,
            all_day=None,
        )
        self.appointments[row["id"]] = row
        if body.get("do_not_email") is not True or body.get("email_customer"):
            self.mail.append(Mail("appointment", row["summary"]))
        return row

    def change_appointment(self, row: Row, body: Mapping[str, Any]) -> Row:
        row |= {name: value for name, value in body.items() if name in row}
        self.touch(row)
        if body.get("do_not_email") is not True or body.get("email_customer"):
            self.mail.append(Mail("appointment", row["summary"]))
        return row

    def find_appointments(self, asked: Mapping[str, str]) -> list[Row]:
        start, end = asked.get("date_from", ""), asked.get("date_to", "9")
        return [
            {"appointment": row}
            for row in self.appointments.values()
            if start <= row["start_at"] <= end
        ]

    def find_estimates(self, asked: Mapping[str, str]) -> list[Row]:
        return self._of_customer(self.estimates, asked)

    def _of_customer(self, rows: Mapping[int, Row], asked: Mapping[str, str]) -> list[Row]:
        wanted = asked.get("customer_id") if self.filters_by_customer else None
        return [row for row in rows.values() if wanted in (None, str(row["customer_id"]))]

    def find_invoices(self, asked: Mapping[str, str]) -> list[Row]:
        found = self._of_customer(self.invoices, asked)
        if asked.get("unpaid") == "true":
            found = [row for row in found if not row["is_paid"]]
        if "since_updated_at" in asked:
            found = [row for row in found if row["updated_at"] > asked["since_updated_at"]]
        return found

    # --- the house -----------------------------------------------------------------------------

    def ticket_settings(self) -> Row:
        return {
            "ticket_status_list": self.statuses,
            "ticket_types": [],
            "appointment_types": [{"id": 3, "name": "Our Office"}, {"id": 4, "name": "Onsite"}],
            "users": self.users,
        }

    def settings(self) -> Row:
        return {
            "assets": {"asset_types": [{"id": 1, "name": name} for name in self.device_types]},
            "locale": {
                "iso_code": "en",
                "currency_symbol": "€",
                "time_zone": "Europe/Lisbon",
            },
            "ticket": {"problem_types": ["Virus", "Other"], "priorities": PRIORITIES},
            "business_hours_enabled": True,
            "business_hours": [
                {"day": "Monday", "start": "09:00", "end": "18:00", "closed": False},
                {"day": "Sunday", "start": "09:00", "end": "18:00", "closed": True},
            ],
        }

    def me(self) -> Row:
        return {
            "user_name": "Bench One",
            "user_id": 7,
            "subdomain": "testshop",
            "default_location": None,
            "permissions": self.permissions,
        }

    @staticmethod
    def one(rows: Mapping[int, Row], row_id: Any) -> Row:
        found = rows.get(int(row_id)) if str(row_id).isdigit() else None
        if found is None:
            raise Refused(404, {"message": "Not found"})
        return found


def stamp(when: datetime) -> str:
    text = when.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _check_email(body: Mapping[str, Any]) -> None:
    if body.get("email") and "@" not in body["email"]:
        told = ["Email is not an email", f'Email Only able to parse up to "{body["email"]}"']
        raise Refused(422, {"success": False, "message": told, "params": dict(body)})


def _addresses(row: Row) -> set[str]:
    return {(one.get("email") or "").casefold() for one in (row, *row["contacts"])}


def _speaks_of(row: Row, query: str) -> bool:
    told = " ".join(
        str(row[name] or "")
        for name in ("firstname", "lastname", "business_name", "email", "phone", "mobile")
    )
    return all(word in told.casefold() for word in query.casefold().split())


def _has_status(row: Row, word: str) -> bool:
    if word == "Not Closed":
        return row["status"] not in ("Resolved", "Invoiced")
    return bool(row["status"] == word)
