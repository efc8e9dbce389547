"""A question as it is put to the server: its parameters, read as the server reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from revivatui.state.figures.rows import Rows, text, whole
from revivatui.state.figures.scopes import ACCOUNT, AGENT, INBOX, KINDS, LABEL, TEAM, Scope, Span
from revivatui.state.figures.zones import counts_every_event
from revivatui.state.records import dataclass

TABLE_OF: Final = {AGENT: "users", INBOX: "inboxes", LABEL: "labels", TEAM: "teams"}
NO: Final = ("0", "f", "F", "false", "FALSE", "off", "OFF")
"""What does not switch business hours on; every other word does."""
LAST_MOMENT: Final = 253_402_300_799
"""The end of the year 9999, in epoch seconds: no clock here goes further."""


class Refused(Exception):
    """The server answers this question with an error (contract 12.4)."""

    def __init__(self, status: int, body: object = None) -> None:
        super().__init__(f"the server answers {status}")
        self.status = status
        self.body = body


def broken() -> Refused:
    """What the server breaks at: 500."""
    return Refused(500, {"status": 500, "error": "Internal Server Error"})


def missing() -> Refused:
    return Refused(404, {"error": "Resource could not be found"})


@dataclass(frozen=True, slots=True)
class Question:
    """The rows that are asked, by which version, when, and the parameters."""

    rows: Rows
    version: str
    params: Mapping[str, object]
    now: datetime
    account_id: int
    url: str = ""

    @property
    def new(self) -> bool:
        """Whether a 4.x answers."""
        return counts_every_event(self.version)

    def get(self, name: str) -> str | None:
        """A parameter as text; None where it was not sent."""
        value = self.params.get(name)
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def given(self, name: str) -> str | None:
        """A parameter that says something: not missing, not blank."""
        value = self.get(name)
        return value if value is not None and value.strip() else None

    def many(self, name: str) -> list[str]:
        """A list parameter, sent as `name[]` or as one value."""
        value = self.params.get(f"{name}[]", self.params.get(name))
        values = value if isinstance(value, (list, tuple)) else [value]
        return [str(one) for one in values if one is not None and str(one).strip()]

    def number(self, name: str) -> int | None:
        """A parameter as a number of the database; None where it says nothing."""
        value = self.given(name)
        return None if value is None else leading_whole(value)

    @property
    def page(self) -> int:
        return max(1, leading_whole(self.get("page") or "1"))

    @property
    def business_hours(self) -> bool:
        value = self.get("business_hours")
        return value not in (None, "", *NO)

    @property
    def span(self) -> Span | None:
        """The stretch asked for; None where an end is missing. Refused where one is no number."""
        since, until = self.given("since"), self.given("until")
        if since is None or until is None:
            return None
        return Span(_epoch(since), _epoch(until))

    @property
    def previous(self) -> Span | None:
        """The equally long stretch before."""
        span = self.span
        return None if span is None else span.previous

    @property
    def kind(self) -> str:
        """The `type`. Refused where there is none, or one that is unknown."""
        kind = self.get("type")
        if kind not in KINDS:
            raise broken()
        return kind

    @property
    def scope(self) -> Scope:
        """Whose figures. Refused where there is no such agent, inbox, team or label."""
        kind = self.kind
        if kind == ACCOUNT:
            return Scope()
        wanted = self.number("id")
        row = self.rows.find(TABLE_OF[kind], wanted)
        if wanted is None or row is None:
            raise missing()
        return Scope(kind, wanted, (text(row, "title") or "") if kind == LABEL else "")


def scopes(rows: Rows, kind: str) -> list[Scope]:
    """Every agent, inbox, team or label of the account, in the order of their rows."""
    return [
        Scope(kind, whole(row["id"]), (text(row, "title") or "") if kind == LABEL else "")
        for row in rows.table(TABLE_OF[kind])
    ]


def leading_whole(value: str) -> int:
    """A whole number as Ruby reads one: what a text begins with, else 0."""
    found = re.match(r"\s*[+-]?\d+", value)
    return int(found.group()) if found else 0


def _epoch(value: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", value) or abs(int(value)) > LAST_MOMENT:
        raise broken()
    return int(value)
