"""The order and the filters of the server's lists, over the rows that we know (contract 2.2).

Pure Python over records; `ViewIndex` keeps one list sorted while its rows change one by one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Set
from typing import Final

from revivatui.state.models import Conversation, ListView

Key = tuple[float, ...]
"""A row's place: smaller comes first. Its last item is the conversation's id, or minus it."""

PRIORITIES: Final = {"low": 0.0, "medium": 1.0, "high": 2.0, "urgent": 3.0}
LAST: Final = float("inf")
END: Final[Key] = (LAST, LAST, LAST, LAST)
"""Below every row."""

SORTS: Final = (
    "last_activity_at_desc",
    "last_activity_at_asc",
    "created_at_desc",
    "created_at_asc",
    "priority_desc",
    "priority_asc",
    "waiting_since_desc",
    "waiting_since_asc",
)
DEFAULT_SORT: Final = SORTS[0]

LEGACY_SORTS: Final = {
    "latest": "last_activity_at_desc",
    "sort_on_created_at": "created_at_asc",
    "sort_on_priority": "priority_desc",
    "sort_on_waiting_since": "waiting_since_asc",
}


def _activity_desc(row: Conversation) -> Key:
    return (-row.last_activity_at, -row.id)


def _activity_asc(row: Conversation) -> Key:
    return (row.last_activity_at, row.id)


def _created_desc(row: Conversation) -> Key:
    return (-row.created_at, -row.id)


def _created_asc(row: Conversation) -> Key:
    return (row.created_at, row.id)


def _priority_desc(row: Conversation) -> Key:
    rank = PRIORITIES.get(row.priority or "")
    return (LAST if rank is None else -rank, -row.last_activity_at, -row.id)


def _priority_asc(row: Conversation) -> Key:
    rank = PRIORITIES.get(row.priority or "")
    return (LAST if rank is None else rank, -row.last_activity_at, -row.id)


def _waiting_desc(row: Conversation) -> Key:
    since = row.waiting_since
    return (LAST if since is None else -since, row.created_at, row.id)


def _waiting_asc(row: Conversation) -> Key:
    since = row.waiting_since
    return (LAST if since is None else since, row.created_at, row.id)


_KEYS: Final[dict[str, Callable[[Conversation], Key]]] = {
    "last_activity_at_desc": _activity_desc,
    "last_activity_at_asc": _activity_asc,
    "created_at_desc": _created_desc,
    "created_at_asc": _created_asc,
    "priority_desc": _priority_desc,
    "priority_asc": _priority_asc,
    "waiting_since_desc": _waiting_desc,
    "waiting_since_asc": _waiting_asc,
}


def sort_key(sort: str) -> Callable[[Conversation], Key]:
    """The key function of a sort; an unknown word sorts as the server sorts it: by activity."""
    return _KEYS.get(LEGACY_SORTS.get(sort, sort), _activity_desc)


def in_filter(view: ListView, row: Conversation) -> bool:
    """Whether a row passes everything but the tab and the text, which only the server can search.

    A text search ignores the status (contract 2.2).
    """
    if view.status != "all" and row.status != view.status and not view.text:
        return False
    if view.inbox_id is not None and row.inbox_id != view.inbox_id:
        return False
    if view.team_id is not None and row.team_id != view.team_id:
        return False
    return not view.labels or any(label in row.labels for label in view.labels)


def in_tab(tab: str, row: Conversation, me: int | None) -> bool:
    """Whether a row belongs under mine, unassigned, assigned or all. A bot is no assignee here."""
    if tab == "all":
        return True
    person = row.assignee_id if row.assignee_kind == "User" else None
    if tab == "mine":
        return person is not None and person == me
    if tab == "unassigned":
        return person is None
    return tab != "assigned" or person is not None


class ViewIndex:
    """The rows of one list, kept sorted: a change costs two bisections, not a sort."""

    def __init__(self, view: ListView, me: int | None, found: Set[int] | None = None) -> None:
        """`found` are the ids that the server's text search gave, where the view has a text."""
        self.view = view
        self.me = me
        self.found = found
        self.version = 0
        """Grows with every change of ids or order."""
        self._key_of = sort_key(view.sort)
        self._keys: dict[int, Key] = {}
        self._sorted: list[Key] = []
        self._ids: list[int] = []
        """The ids of `_sorted`, place by place."""

    def __len__(self) -> int:
        return len(self._sorted)

    def holds(self, conversation_id: int) -> bool:
        return conversation_id in self._keys

    def key_of(self, row: Conversation) -> Key:
        return self._key_of(row)

    def belongs(self, row: Conversation) -> bool:
        if self.view.text and (self.found is None or row.id not in self.found):
            return False
        return in_filter(self.view, row) and in_tab(self.view.tab, row, self.me)

    def fill(self, rows: Iterable[Conversation]) -> None:
        """Start over with these rows."""
        self._keys = {row.id: self._key_of(row) for row in rows if self.belongs(row)}
        pairs = sorted((key, row_id) for row_id, key in self._keys.items())
        self._sorted = [key for key, _ in pairs]
        self._ids = [row_id for _, row_id in pairs]
        self.version += 1

    def update(self, row: Conversation) -> bool:
        """A row is new or changed; tells whether ids or order did."""
        held = self._keys.get(row.id)
        key = self._key_of(row) if self.belongs(row) else None
        if key == held:
            return False
        if held is not None:
            self._take_out(row.id, held)
        if key is not None:
            at = bisect_left(self._sorted, key)
            self._sorted.insert(at, key)
            self._ids.insert(at, row.id)
            self._keys[row.id] = key
        self.version += 1
        return True

    def remove(self, conversation_id: int) -> bool:
        held = self._keys.get(conversation_id)
        if held is None:
            return False
        self._take_out(conversation_id, held)
        self.version += 1
        return True

    def _take_out(self, conversation_id: int, key: Key) -> None:
        at = bisect_left(self._sorted, key)
        del self._sorted[at]
        del self._ids[at]
        del self._keys[conversation_id]

    def up_to(self, edge: Key, edge_ids: Set[int]) -> list[int]:
        """The ids down to the edge, in order.

        Of the rows that tie with the edge only those in `edge_ids`: others may be missing there.
        """
        if edge == END:
            return self._ids.copy()
        first, end = self._ties(edge)
        return self._ids[:first] + [one for one in self._ids[first:end] if one in edge_ids]

    def tied(self, key: Key) -> list[int]:
        """The ids whose place ties with this one, whatever their own id."""
        first, end = self._ties(key)
        return self._ids[first:end]

    def count_to(self, edge: Key) -> int:
        """How many rows stand at or above a place."""
        return len(self._ids) if edge == END else self._ties(edge)[1]

    def between(self, above: Key | None, below: Key) -> list[int]:
        """The ids strictly between two places, ties with either left out; None: the top."""
        first = 0 if above is None else self._ties(above)[1]
        end = len(self._ids) if below == END else self._ties(below)[0]
        return self._ids[first:end]

    def _ties(self, key: Key) -> tuple[int, int]:
        """Where the rows stand that tie with a key: from, and up to but not including."""
        tie = key[:-1]
        return bisect_left(self._sorted, tie), bisect_right(self._sorted, (*tie, LAST))
