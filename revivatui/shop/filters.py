"""The filter language of ``conversations/filter`` and ``contacts/filter`` (contract 2.3, 4.2).

The server glues the conditions together from left to right, each with its own ``query_operator``,
so AND binds tighter than OR and a missing operator between two conditions is a server error.
What its database refuses (text against a number, an unreadable date) is a 500 here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

from revivatui.shop.db import Database
from revivatui.shop.lists import (
    CONTACTS_PER_PAGE,
    CONVERSATIONS_PER_PAGE,
    MICROS,
    PRIORITIES,
    STATUSES,
    Asker,
    ContactPage,
    ConversationPage,
    Query,
    Scope,
    contact_page,
    counts_of,
    labelled,
    leading_int,
    marks,
    page_number,
    reachable_contacts,
    visible_inbox_ids,
)

Sql = tuple[str, list[object]]
Entity = Literal["conversations", "contacts"]

_EQUAL: Final = ("equal_to", "not_equal_to")
_PRESENCE: Final = ("is_present", "is_not_present")
_ALIKE: Final = ("contains", "does_not_contain")
_DATES: Final = ("is_greater_than", "is_less_than", "days_before")


class FilterRefused(ValueError):
    """The filter is wrong in a way that the server explains: 422 ``{"error": message}``."""


class FilterBroken(RuntimeError):
    """The filter makes the server's database query fail: 500."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A standard attribute: what it may be asked and how its values are compared."""

    operators: tuple[str, ...]
    kind: Literal["number", "text", "folded", "date", "labels", "status", "priority", "boolean"]
    in_additional: bool = False


_ID: Final = _Key((*_EQUAL, *_PRESENCE), "number")
_TEXT_IN_ADDITIONAL: Final = _Key(_EQUAL, "text", in_additional=True)
_LONG_TEXT_IN_ADDITIONAL: Final = _Key((*_EQUAL, *_ALIKE), "text", in_additional=True)
_DATE: Final = _Key(_DATES, "date")
_LABELS: Final = _Key((*_EQUAL, *_PRESENCE), "labels")

_CONVERSATION_KEYS: Final = {
    "status": _Key(_EQUAL, "status"),
    "assignee_id": _ID,
    "inbox_id": _ID,
    "team_id": _ID,
    "priority": _Key(_EQUAL, "priority"),
    "display_id": _Key((*_EQUAL, *_ALIKE), "number"),
    "campaign_id": _ID,
    "labels": _LABELS,
    "browser_language": _TEXT_IN_ADDITIONAL,
    "conversation_language": _TEXT_IN_ADDITIONAL,
    "country_code": _TEXT_IN_ADDITIONAL,
    "referer": _LONG_TEXT_IN_ADDITIONAL,
    "created_at": _DATE,
    "last_activity_at": _DATE,
    "mail_subject": _LONG_TEXT_IN_ADDITIONAL,
}
_CONTACT_KEYS: Final = {
    "name": _Key((*_EQUAL, *_ALIKE), "folded"),
    "phone_number": _Key((*_EQUAL, *_ALIKE, "starts_with"), "text"),
    "email": _Key((*_EQUAL, *_ALIKE), "folded"),
    "identifier": _Key(_EQUAL, "folded"),
    "country_code": _Key(_EQUAL, "folded", in_additional=True),
    "city": _Key((*_EQUAL, *_ALIKE), "folded", in_additional=True),
    "company": _Key((*_EQUAL, *_ALIKE), "folded", in_additional=True),
    "created_at": _DATE,
    "last_activity_at": _DATE,
    "blocked": _Key(_EQUAL, "boolean"),
    "labels": _LABELS,
}
_CUSTOM_KINDS: Final = {
    "text": "folded",
    "link": "folded",
    "list": "folded",
    "number": "number",
    "date": "date",
    "checkbox": "boolean",
}


def filter_conversations(
    db: Database, asker: Asker, payload: object, query: Query
) -> ConversationPage:
    """``POST A/conversations/filter``: 25 a page, latest activity first.

    Raises:
        FilterRefused: the server says what is wrong (422).
        FilterBroken: the server fails (500).
    """
    scope = Scope(("conversations.account_id = ?", (asker.account_id,)))
    if not asker.speaks_v3 and not asker.is_admin:
        visible = visible_inbox_ids(db, asker)
        scope.add(f"conversations.inbox_id IN ({marks(visible)})", *visible)
    sql, values = _Filter(db, asker, "conversations").of(payload)
    scope.add(sql, *values)
    start = (page_number(query) - 1) * CONVERSATIONS_PER_PAGE
    ids = db.column(
        f"SELECT conversations.id FROM conversations WHERE {scope.sql}"
        " ORDER BY conversations.last_activity_at DESC, conversations.id DESC"
        f" LIMIT {CONVERSATIONS_PER_PAGE} OFFSET {start}",
        scope.values,
    )
    return ConversationPage(ids, counts_of(db, scope, asker))


def filter_contacts(db: Database, asker: Asker, payload: object, query: Query) -> ContactPage:
    """``POST A/contacts/filter``: 3.9.0 gives 25 a page of all contacts and never sorts.

    Raises:
        FilterRefused: the server says what is wrong (422).
        FilterBroken: the server fails (500).
    """
    if asker.speaks_v3:
        scope = Scope(("contacts.account_id = ?", (asker.account_id,)))
    else:
        scope = reachable_contacts(asker)
    sql, values = _Filter(db, asker, "contacts").of(payload)
    scope.add(sql, *values)
    if asker.speaks_v3:
        return contact_page(db, scope, query, per_page=25, sorted_by="")
    return contact_page(db, scope, query, per_page=CONTACTS_PER_PAGE)


class _Filter:
    """One filter being turned into SQL."""

    def __init__(self, db: Database, asker: Asker, entity: Entity) -> None:
        self._db = db
        self._asker = asker
        self._entity = entity
        keys = _CONVERSATION_KEYS if entity == "conversations" else _CONTACT_KEYS
        self._keys = {
            name: key
            for name, key in keys.items()
            if asker.speaks_v3 or entity == "contacts" or name != "country_code"
        }

    def of(self, payload: object) -> Sql:
        """The condition of a whole payload; an empty one holds for every row."""
        if not isinstance(payload, list):
            raise FilterBroken("payload is no list")
        rows = [self._row(row) for row in payload]
        parts: list[str] = []
        values: list[object] = []
        for position, row in enumerate(rows):
            operator = self._query_operator(row, is_last=position == len(rows) - 1)
            sql, bound = self._condition(row)
            parts.append(f"{sql} {operator}")
            values.extend(bound)
        return " ".join(parts) or "1", values

    def _row(self, row: object) -> Mapping[str, Any]:
        if not isinstance(row, Mapping):
            raise FilterBroken("a condition is no object")
        operator = row.get("query_operator")
        known = not operator or str(operator).upper() in ("AND", "OR")
        if not known and not self._asker.speaks_v3:
            raise FilterRefused('Query operator must be either "AND" or "OR".')
        return row

    @staticmethod
    def _query_operator(row: Mapping[str, Any], *, is_last: bool) -> str:
        operator = str(row.get("query_operator") or "").upper()
        if operator not in ("", "AND", "OR") or bool(operator) == is_last:
            raise FilterBroken(f"query operator {operator!r} makes no SQL")
        return operator

    def _condition(self, row: Mapping[str, Any]) -> Sql:
        name = row.get("attribute_key")
        operator = row.get("filter_operator")
        key = self._keys.get(name) if isinstance(name, str) else None
        if key is not None and operator not in key.operators:
            allowed = ",".join(key.operators)
            raise FilterRefused(
                f"Invalid operator. The allowed operators for {name} are [{allowed}]."
            )
        if operator not in _PRESENCE and not row.get("values"):
            raise FilterRefused(f"Invalid value. The values provided for {name} are invalid")
        if key is None:
            return self._custom(name, row)
        sql, bound = self._standard(str(name), key, row)
        return f"({sql})", bound

    def _standard(self, name: str, key: _Key, row: Mapping[str, Any]) -> Sql:
        if key.kind == "labels":
            return self._labels(row)
        if key.in_additional:
            attribute = "company_name" if name == "company" else name
            column = f"json_extract({self._entity}.additional_attributes, '$.{attribute}')"
        else:
            column = f"{self._entity}.{name}"
        return _compare(column, key.kind, row, self._values(name, key, row), self._asker.now)

    def _values(self, name: str, key: _Key, row: Mapping[str, Any]) -> list[Any]:
        values = _as_list(row.get("values"))
        if row["filter_operator"] in _PRESENCE:
            return []
        if self._entity == "contacts":
            values = values[:1]
            if name == "phone_number":
                return [f"+{str(value).replace('+', '')}" for value in values]
        if key.kind == "status":
            if not isinstance(row["values"], list):
                raise FilterBroken("a list was expected")
            return list(STATUSES) if "all" in values else _names(values, STATUSES)
        if key.kind == "priority":
            if not self._asker.speaks_v3:
                return _names(values, PRIORITIES)
            return [_named(PRIORITIES, _number(value)) for value in values]
        return values

    def _labels(self, row: Mapping[str, Any]) -> Sql:
        operator = row["filter_operator"]
        titles = [] if operator in _PRESENCE else [str(one) for one in _as_list(row["values"])]
        if self._entity == "contacts":
            titles = titles[:1]
        sql = labelled(self._entity, titles)
        return (sql if operator in ("equal_to", "is_present") else f"NOT {sql}"), [*titles]

    def _custom(self, name: object, row: Mapping[str, Any]) -> Sql:
        definition = self._db.find(
            "custom_attribute_definitions",
            account_id=self._asker.account_id,
            attribute_model=f"{self._entity.removesuffix('s')}_attribute",
            attribute_key=str(name),
        )
        if definition is None:
            raise FilterRefused(
                f"Invalid attribute key - [{name}]. The key should be one of"
                f" [{','.join(self._keys)}] or a custom attribute defined in the account."
            )
        display_type = definition["attribute_display_type"]
        kind = _CUSTOM_KINDS.get(display_type)
        if kind is None:
            raise FilterBroken(f"{display_type} has no type in the database")
        column = f"json_extract({self._entity}.custom_attributes, ?)"
        path = f'$."{name}"'
        values = _as_list(row.get("values"))
        if kind == "folded" and not row.get("custom_attribute_type"):
            # Only the column is lowered then: a value with a capital letter matches nothing.
            kind = "lowered column"
        sql, bound = _compare(column, kind, row, values, self._asker.now)
        if row["filter_operator"] == "not_equal_to":
            # Glued on after the query operator and without brackets: it breaks the query unless
            # it is the last condition, and then it is an alternative to all before it.
            if row.get("query_operator"):
                raise FilterBroken("an operator before OR")
            sql = f"{sql} OR {column} IS NULL"
        else:
            sql = f"({sql})"
        return sql, _with_paths(sql, column, path, bound)


def _with_paths(sql: str, column: str, path: str, bound: Sequence[object]) -> list[object]:
    """The bound values with the attribute's path before each mark that stands for it."""
    values: list[object] = []
    rest = iter(bound)
    for position, part in enumerate(sql.split(column)):
        if position:
            values.append(path)
        values.extend(next(rest) for _ in range(part.count("?")))
    return values


def _compare(column: str, kind: str, row: Mapping[str, Any], values: list[Any], now: float) -> Sql:
    operator = row["filter_operator"]
    if operator in _PRESENCE:
        return f"{column} IS {'NOT ' if operator == 'is_present' else ''}NULL", []
    if kind == "number":
        column = f"CAST({column} AS NUMERIC)"
    if operator in _DATES:
        return _compare_order(column, kind, operator, values[0], now)
    if kind in ("folded", "lowered column"):
        column = f"lower({column})"
    if operator in _ALIKE:
        if kind not in ("text", "folded", "lowered column"):
            raise FilterBroken("only text is like text")
        return _compare_alike(column, operator, values)
    values = [_typed(value, kind) for value in values]
    negation = "NOT " if operator == "not_equal_to" else ""
    return f"{column} {negation}IN ({marks(values)})", values


def _compare_alike(column: str, operator: str, values: list[Any]) -> Sql:
    patterns: list[object] = [f"%{str(value).strip()}%" for value in values]
    if operator == "contains":
        return " OR ".join([f"{column} LIKE ? ESCAPE '\\'"] * len(patterns)), patterns
    return " AND ".join([f"{column} NOT LIKE ? ESCAPE '\\'"] * len(patterns)), patterns


def _compare_order(column: str, kind: str, operator: str, value: Any, now: float) -> Sql:
    if operator == "days_before":
        days = leading_int(str(value))
        value = (datetime.fromtimestamp(now, UTC).date() - timedelta(days=days)).isoformat()
        operator = "is_less_than"
    sign = "<" if operator == "is_less_than" else ">"
    if kind == "date":
        is_time = not column.startswith("json_extract")
        day = f"date({column} / {MICROS}, 'unixepoch')" if is_time else column
        return f"{day} {sign} ?", [_day(value)]
    if kind == "number":
        return f"{column} {sign} ?", [_number(value)]
    return f"lower({column}) {sign} ?", [str(value)]


def _typed(value: Any, kind: str) -> object:
    if value is None:
        return None
    match kind:
        case "number":
            return _number(value)
        case "date":
            return _day(value)
        case "boolean":
            return _boolean(value)
        case "folded":
            return str(value).lower()
        case "status" | "priority":
            return value
        case _:
            return str(value)


def _as_list(values: Any) -> list[Any]:
    if values is None:
        return []
    return list(values) if isinstance(values, list) else [values]


def _names(values: Sequence[Any], known: Sequence[str]) -> list[str | None]:
    """Unknown names become nothing, and nothing is neither equal nor unequal to anything."""
    if not all(isinstance(value, str) for value in values):
        raise FilterBroken("names were expected")
    return [value if value in known else None for value in values]


def _named(names: Sequence[str], code: float) -> str | None:
    return names[int(code)] if code in range(len(names)) else None


def _number(value: Any) -> int | float:
    try:
        return int(str(value))
    except ValueError:
        try:
            return float(str(value))
        except ValueError:
            raise FilterBroken(f"{value!r} is no number") from None


def _day(value: Any) -> str:
    """The day of a text that the database can read as one, as far as people write them."""
    written = re.fullmatch(r"(\d{4})-?(\d{1,2})-?(\d{1,2})([T ]\d.*)?", str(value).strip())
    try:
        if written is None:
            raise ValueError
        return date(int(written[1]), int(written[2]), int(written[3])).isoformat()
    except ValueError:
        raise FilterBroken(f"{value!r} is no day") from None


def _boolean(value: Any) -> int:
    text = str(value).lower()
    if text in ("true", "t", "yes", "on", "1"):
        return 1
    if text in ("false", "f", "no", "off", "0"):
        return 0
    raise FilterBroken(f"{value!r} is neither true nor false")
