"""The shop's conversation and contact lists: which rows, in which order, and the tab counts.

Everything here returns database ids and counts; rendering one row is the business of the views.
Contract 2.2 (conversations), 4.2 (contacts), 12.2 (page sizes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from revivatui.shop.db import Database

CONVERSATIONS_PER_PAGE: Final = 25
CONTACTS_PER_PAGE: Final = 15
MICROS: Final = 1_000_000

STATUSES: Final = ("open", "resolved", "pending", "snoozed")
PRIORITIES: Final = ("low", "medium", "high", "urgent")

PRIORITY_CODE: Final = (
    "CASE conversations.priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2"
    " WHEN 'medium' THEN 1 WHEN 'low' THEN 0 END"
)
_LAST_ACTIVITY_FIRST: Final = "conversations.last_activity_at DESC"
_SORTS: Final = {
    "last_activity_at_asc": "conversations.last_activity_at ASC",
    "last_activity_at_desc": _LAST_ACTIVITY_FIRST,
    "created_at_asc": "conversations.created_at ASC",
    "created_at_desc": "conversations.created_at DESC",
    "priority_asc": f"{PRIORITY_CODE} ASC NULLS LAST, {_LAST_ACTIVITY_FIRST}",
    "priority_desc": f"{PRIORITY_CODE} DESC NULLS LAST, {_LAST_ACTIVITY_FIRST}",
    "waiting_since_asc": (
        "conversations.waiting_since ASC NULLS LAST, conversations.created_at ASC"
    ),
    "waiting_since_desc": (
        "conversations.waiting_since DESC NULLS LAST, conversations.created_at ASC"
    ),
}
_LEGACY_SORTS: Final = {
    "latest": "last_activity_at_desc",
    "sort_on_created_at": "created_at_asc",
    "sort_on_priority": "priority_desc",
    "sort_on_waiting_since": "waiting_since_asc",
}

_CONTACT_SORTS: Final = {
    "name": "contacts.name COLLATE NOCASE",
    "email": "contacts.email",
    "phone_number": "contacts.phone_number",
    "last_activity_at": "contacts.last_activity_at",
    "created_at": "contacts.created_at",
    "company": "json_extract(contacts.additional_attributes, '$.company_name')",
    "city": "json_extract(contacts.additional_attributes, '$.city')",
    "country": "json_extract(contacts.additional_attributes, '$.country')",
}


class Query(Protocol):
    """The request's parameters: Starlette's ``QueryParams`` and plain wrappers have both."""

    def get(self, key: str, /) -> str | None: ...

    def getlist(self, key: str, /) -> list[str]: ...


class NotInAccount(LookupError):
    """A record named by the request is not of this account: answered 404."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: what the lists may show depends on it. ``now`` is in epoch seconds."""

    account_id: int
    user_id: int
    is_admin: bool
    version: str
    now: float

    @property
    def speaks_v3(self) -> bool:
        """Whether the shop answers as 3.9.0."""
        return self.version.startswith("3.")


@dataclass(frozen=True, slots=True)
class Counts:
    """The tab counts of ``meta``; ``conversations/search`` and ``filter`` omit ``assigned``."""

    mine: int
    unassigned: int
    all: int

    @property
    def assigned(self) -> int:
        """Not counted by the server but reckoned from the other two."""
        return self.all - self.unassigned

    def as_meta(self, *, with_assigned: bool) -> dict[str, int]:
        """The ``meta`` object in the server's key order."""
        meta = {"mine_count": self.mine}
        if with_assigned:
            meta["assigned_count"] = self.assigned
        return meta | {"unassigned_count": self.unassigned, "all_count": self.all}


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Database ids of one page, in order, with the counts of the whole."""

    ids: list[int]
    counts: Counts


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Contact ids of one page; ``current_page`` is the int 1 or the text that was sent."""

    ids: list[int]
    count: int
    current_page: int | str

    def as_meta(self) -> dict[str, int | str]:
        """The ``meta`` object of the contact lists."""
        return {"count": self.count, "current_page": self.current_page}


class Scope:
    """SQL conditions with their values, joined by AND, each part kept with what it binds."""

    def __init__(self, *conditions: tuple[str, Sequence[object]]) -> None:
        self._conditions: list[tuple[str, Sequence[object]]] = list(conditions)

    def add(self, sql: str, *values: object) -> None:
        """Narrow the scope by one condition."""
        self._conditions.append((sql, values))

    def narrowed(self, sql: str, *values: object) -> Scope:
        """A copy with one more condition."""
        return Scope(*self._conditions, (sql, values))

    @property
    def sql(self) -> str:
        """The text after WHERE."""
        return " AND ".join(f"({sql})" for sql, _ in self._conditions) or "1"

    @property
    def values(self) -> list[object]:
        """What the question marks stand for, in order."""
        return [value for _, values in self._conditions for value in values]


def list_conversations(db: Database, asker: Asker, query: Query) -> ConversationPage:
    """One page of ``GET A/conversations`` (contract 2.2).

    Raises:
        NotInAccount: ``team_id`` names no team of the account.
    """
    scope = _scope_of(db, asker, query)
    order = _order_of(query)
    page = _page_ids(db, _narrowed_to_assignee_type(scope, asker, query), order, asker, query)
    return ConversationPage(page, _counts(db, scope, order, asker, query))


def conversation_counts(db: Database, asker: Asker, query: Query) -> Counts:
    """The counts of ``GET A/conversations/meta``: every filter but ``assignee_type`` holds."""
    return _counts(db, _scope_of(db, asker, query), _order_of(query), asker, query)


def matching_messages(
    db: Database, conversation_ids: Sequence[int], text: str
) -> dict[int, list[int]]:
    """Ids of the incoming and outgoing messages with ``text``, by conversation, oldest first."""
    found: dict[int, list[int]] = {conversation_id: [] for conversation_id in conversation_ids}
    condition, values = ilike(db, "messages.content", f"%{text}%")
    rows = db.all(
        "SELECT messages.conversation_id, messages.id FROM messages"
        f" WHERE messages.conversation_id IN ({marks(conversation_ids)})"
        f" AND messages.message_type IN ('incoming', 'outgoing') AND {condition}"
        " ORDER BY messages.id",
        [*conversation_ids, *values],
    )
    for row in rows:
        found[row["conversation_id"]].append(row["id"])
    return found


def visible_inbox_ids(db: Database, asker: Asker) -> list[int]:
    """The inboxes whose conversations the asker sees: all for administrators (contract 2.2)."""
    if asker.is_admin:
        return db.column("SELECT id FROM inboxes WHERE account_id = ?", (asker.account_id,))
    return db.column(
        "SELECT inboxes.id FROM inboxes JOIN inbox_members"
        " ON inbox_members.inbox_id = inboxes.id"
        " WHERE inboxes.account_id = ? AND inbox_members.user_id = ?",
        (asker.account_id, asker.user_id),
    )


def counts_of(db: Database, scope: Scope, asker: Asker) -> Counts:
    """Mine, unassigned and all of everything in the scope."""
    counted = db.one(
        "SELECT total(assignee_id = ?) AS mine, total(assignee_id IS NULL) AS free,"
        f" count(*) AS everything FROM conversations WHERE {scope.sql}",
        [asker.user_id, *scope.values],
    )
    assert counted is not None, "an aggregate always gives a row"
    return Counts(int(counted["mine"]), int(counted["free"]), counted["everything"])


def page_number(query: Query) -> int:
    """The page asked for: whatever is no positive number is page 1, as the server reads it."""
    return max(1, leading_int(query.get("page") or ""))


def leading_int(text: str) -> int:
    """The number a text begins with, else 0: how the server casts text to an id."""
    match = re.match(r"\s*([+-]?\d{1,18})", text)
    return int(match[1]) if match else 0


def marks(values: Sequence[object]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))


def ilike(db: Database, column: str, pattern: str) -> tuple[str, list[str]]:
    """A case-insensitive match of a pattern with ``%`` and ``_``, and the values to bind.

    SQLite's own LIKE folds ASCII only: other letters are any letter to it, and what it lets
    through is looked at again by a slower function of ours.
    """
    like = f"{column} LIKE ? ESCAPE '\\'"
    if pattern.isascii():
        return like, [pattern]
    db.connection.create_function("ilike", 2, _ilike, deterministic=True)
    rough = "".join(letter if letter.isascii() else "_" for letter in pattern)
    return f"CASE WHEN {like} THEN ilike(?, {column}) ELSE 0 END", [rough, pattern]


def labelled(entity: str, titles: Sequence[str]) -> str:
    """A condition that a row of ``conversations`` or ``contacts`` wears any of the labels.

    Binds the titles as they are; without titles: that it wears any label at all.
    """
    kind = "Conversation" if entity == "conversations" else "Contact"
    named = f" AND taggings.tag IN ({marks(titles)})" if titles else ""
    return (
        f"{entity}.id IN (SELECT taggings.taggable_id FROM taggings"
        f" WHERE taggings.taggable_type = '{kind}'{named})"
    )


def _ilike(pattern: str, value: str | None) -> int:
    return int(value is not None and _like_pattern(pattern).fullmatch(value) is not None)


def _like_pattern(pattern: str) -> re.Pattern[str]:
    parts = re.findall(r"\\(.)|(%)|(_)|([^\\%_]+)", pattern, re.DOTALL)
    expression = "".join(
        ".*" if anything else "." if one else re.escape(literal or plain)
        for literal, anything, one, plain in parts
    )
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


def _scope_of(db: Database, asker: Asker, query: Query) -> Scope:
    scope = _scope_of_type(db, asker, query)
    text = query.get("q")
    if text is None:
        _narrow_to_status(scope, query.get("status"))
    team = query.get("team_id")
    if team is not None:
        scope.add("conversations.team_id = ?", _team_id(db, asker, team))
    labels = query.getlist("labels[]") or query.getlist("labels")
    if labels:
        scope.add(labelled("conversations", labels), *labels)
    if text is not None:
        # Looked up once: the page and each count ask for it again.
        condition, values = ilike(db, "messages.content", f"%{text}%")
        found = db.column(
            "SELECT DISTINCT messages.conversation_id FROM messages"
            f" WHERE messages.message_type IN ('incoming', 'outgoing') AND {condition}",
            values,
        )
        scope.add("conversations.id IN (SELECT value FROM json_each(?))", json.dumps(found))
    source = query.get("source_id")
    if source is not None:
        scope.add(
            "conversations.contact_inbox_id IN"
            " (SELECT contact_inboxes.id FROM contact_inboxes WHERE contact_inboxes.source_id = ?)",
            source,
        )
    return scope


def _scope_of_type(db: Database, asker: Asker, query: Query) -> Scope:
    scope = Scope(("conversations.account_id = ?", (asker.account_id,)))
    kind = query.get("conversation_type")
    if kind == "participating":
        # The server starts this list from the participations, so neither the inboxes of the
        # asker nor the inbox asked for narrow it.
        scope.add(
            "conversations.id IN (SELECT conversation_id FROM conversation_participants"
            " WHERE user_id = ?)",
            asker.user_id,
        )
        return scope
    _narrow_to_inboxes(scope, db, asker, query.get("inbox_id"))
    if kind == "mention":
        scope.add(
            "conversations.id IN (SELECT conversation_id FROM mentions WHERE user_id = ?)",
            asker.user_id,
        )
    elif kind == "unattended":
        scope.add(
            "conversations.first_reply_created_at IS NULL"
            " OR conversations.waiting_since IS NOT NULL"
        )
    return scope


def _narrow_to_inboxes(scope: Scope, db: Database, asker: Asker, wanted: str | None) -> None:
    if wanted is None and asker.is_admin:
        return
    visible = visible_inbox_ids(db, asker)
    if wanted is not None:
        visible = [inbox_id for inbox_id in visible if inbox_id == leading_int(wanted)]
    scope.add(f"conversations.inbox_id IN ({marks(visible)})", *visible)


def _narrow_to_status(scope: Scope, status: str | None) -> None:
    if status == "all":
        return
    wanted = "open" if status is None else status
    if wanted.isdecimal() and int(wanted) < len(STATUSES):
        wanted = STATUSES[int(wanted)]
    scope.add("conversations.status = ?", wanted)


def _team_id(db: Database, asker: Asker, team: str) -> int:
    team_id = leading_int(team)
    if db.find("teams", id=team_id, account_id=asker.account_id) is None:
        raise NotInAccount("team")
    return team_id


def _narrowed_to_assignee_type(scope: Scope, asker: Asker, query: Query) -> Scope:
    match query.get("assignee_type"):
        case "me":
            return scope.narrowed("conversations.assignee_id = ?", asker.user_id)
        case "unassigned":
            return scope.narrowed("conversations.assignee_id IS NULL")
        case "assigned":
            return scope.narrowed("conversations.assignee_id IS NOT NULL")
        case _:
            return scope


def _order_of(query: Query) -> str:
    wanted = query.get("sort_by") or ""
    return _SORTS.get(_LEGACY_SORTS.get(wanted, wanted), _LAST_ACTIVITY_FIRST)


def _cut(query: Query, asker: Asker) -> tuple[str, list[object], str]:
    """The condition and the limit that make one page: by time or by number, never both."""
    within = query.get("updated_within")
    if within:
        oldest = asker.now - leading_int(within)
        return "conversations.updated_at > ?", [int(oldest * MICROS)], ""
    start = (page_number(query) - 1) * CONVERSATIONS_PER_PAGE
    return "1", [], f" LIMIT {CONVERSATIONS_PER_PAGE} OFFSET {start}"


def _page_ids(db: Database, scope: Scope, order: str, asker: Asker, query: Query) -> list[int]:
    condition, values, limit = _cut(query, asker)
    within = scope.narrowed(condition, *values)
    return db.column(
        f"SELECT conversations.id FROM conversations WHERE {within.sql}"
        f" ORDER BY {order}, conversations.id DESC{limit}",
        within.values,
    )


def _counts(db: Database, scope: Scope, order: str, asker: Asker, query: Query) -> Counts:
    """With ``q`` the server cuts the page first and counts afterwards, each count for itself."""
    if query.get("q") is None:
        return counts_of(db, scope, asker)
    mine = scope.narrowed("conversations.assignee_id = ?", asker.user_id)
    unassigned = scope.narrowed("conversations.assignee_id IS NULL")
    sizes = (len(_page_ids(db, one, order, asker, query)) for one in (mine, unassigned, scope))
    return Counts(*sizes)


def list_contacts(db: Database, asker: Asker, query: Query) -> ContactPage:
    """``GET A/contacts``: contacts with an e-mail, a phone number or an identifier."""
    scope = reachable_contacts(asker)
    labels = query.getlist("labels[]") or query.getlist("labels")
    if labels:
        scope.add(labelled("contacts", labels), *labels)
    return contact_page(db, scope, query)


def search_contacts(db: Database, asker: Asker, query: Query) -> ContactPage:
    """``GET A/contacts/search``; a blank ``q`` finds nothing."""
    text = (query.get("q") or "").strip()
    if not text:
        return ContactPage([], 0, _current_page(query))
    scope = reachable_contacts(asker)
    alike = ("name", "email", "phone_number")
    parts = [ilike(db, f"contacts.{column}", f"%{text}%") for column in alike]
    parts.append(ilike(db, _CONTACT_SORTS["company"], f"%{text}%"))
    conditions = " OR ".join(sql for sql, _ in parts)
    scope.add(
        f"{conditions} OR instr(contacts.identifier, ?) > 0",
        *(value for _, values in parts for value in values),
        text,
    )
    return contact_page(db, scope, query)


def active_contacts(db: Database, asker: Asker, query: Query, online: Iterable[int]) -> ContactPage:
    """``GET A/contacts/active``: those online right now, whom the caller names."""
    ids = sorted(online)
    scope = Scope(("contacts.account_id = ?", (asker.account_id,)))
    scope.add(f"contacts.id IN ({marks(ids)})", *ids)
    return contact_page(db, scope, query)


def reachable_contacts(asker: Asker) -> Scope:
    """Contacts that the server calls resolved: those one can name (contract 4.2)."""
    return Scope(
        ("contacts.account_id = ?", (asker.account_id,)),
        (
            "coalesce(contacts.email, '') <> '' OR coalesce(contacts.phone_number, '') <> ''"
            " OR coalesce(contacts.identifier, '') <> ''",
            (),
        ),
    )


def contact_page(
    db: Database,
    scope: Scope,
    query: Query,
    *,
    per_page: int = CONTACTS_PER_PAGE,
    sorted_by: str | None = None,
) -> ContactPage:
    """One page of the contacts in a scope, by the comma list in ``sort`` or in ``sorted_by``."""
    count = db.value(f"SELECT count(*) FROM contacts WHERE {scope.sql}", scope.values)
    start = (page_number(query) - 1) * per_page
    wanted = (query.get("sort") or "") if sorted_by is None else sorted_by
    order = ", ".join([*contact_orders(wanted), "contacts.id"])
    ids = db.column(
        f"SELECT contacts.id FROM contacts WHERE {scope.sql}"
        f" ORDER BY {order} LIMIT {per_page} OFFSET {start}",
        scope.values,
    )
    return ContactPage(ids, count, _current_page(query))


def contact_orders(wanted: str) -> list[str]:
    """The ORDER BY terms of a ``sort`` parameter; unknown names are passed over."""
    terms = []
    for part in wanted.split(","):
        column = _CONTACT_SORTS.get(part.removeprefix("-"))
        if column is not None:
            direction = "DESC" if part.startswith("-") else "ASC"
            terms.append(f"{column} {direction} NULLS LAST")
    return terms


def _current_page(query: Query) -> int | str:
    return query.get("page") or 1
