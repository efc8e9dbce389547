"""Saved views: filters of conversations with a name; everybody has their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import ADD, EDIT, REMOVE, Cell, Column, Section
from revivatui.state import admin_texts
from revivatui.state.admin_words import query_words, view_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import SavedView

ANY: Final = ""
STATUSES: Final = ("open", "pending", "snoozed", "resolved")
KEYS: Final = ("status", "inbox_id", "team_id", "assignee_id", "labels")


class Views(Section):
    ID = admin_texts.VIEWS
    NAME = "Views"
    CAN = frozenset({ADD, EDIT, REMOVE})
    EMPTY = "You have saved no view yet: a adds one."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("View", 30, weight=99),
        Column("Shows", 110, weight=80, grows=True),
    )
    _views: tuple[SavedView, ...] = ()
    _choices: Mapping[str, tuple[tuple[str, str], ...]]

    async def read(self, client: ChatwootClient) -> None:
        self._views = await client.saved_views()
        inboxes = await client.inbox_setups()
        teams = await client.team_setups()
        staff = await client.staff()
        labels = await client.label_setups()
        self._choices = {
            "status": _with_any((one, one) for one in STATUSES),
            "inbox_id": _with_any((str(one.id), one.name) for one in inboxes),
            "team_id": _with_any((str(one.id), one.name) for one in teams),
            "assignee_id": _with_any((str(one.id), one.name) for one in staff),
            "labels": _with_any((one.title, one.title) for one in labels),
        }

    def records(self) -> Sequence[SavedView]:
        return self._views

    def facts(self, record: SavedView) -> Mapping[str, str]:
        return view_facts(record)

    def row(self, record: SavedView) -> Sequence[Cell]:
        return Cell(record.name, "strong"), Cell(query_words(record.query))

    def note(self) -> str:
        return "These are your own; nobody else sees them."

    def add(self) -> None:
        self._form("Save a view", None, dict.fromkeys(KEYS, ANY) | {"status": "open"})

    def edit(self, record: SavedView) -> None:
        self._form(record.name, record, simple(record.query))

    def _form(self, title: str, before: SavedView | None, held: Mapping[str, str] | None) -> None:
        fields = [Field("name", "Name", before.name if before else "", needed=True)]
        if held is not None:
            labels = ("Status", "Inbox", "Team", "Assigned to", "Label")
            fields += [
                Field(key, label, held[key], choices=self._choices[key])
                for key, label in zip(KEYS, labels, strict=True)
            ]

        def take(values: Values) -> None:
            query = dict(before.query) if before and held is None else asked(values)
            if before is None:
                change = admin_texts.add_view(values["name"], query)
            else:
                change = admin_texts.change_view(before, values["name"], query)
                if not change.differences:
                    raise Wrong("", "Nothing is different yet.")
            self.host.propose(change, form)

        def tell(_values: Mapping[str, str]) -> str:
            return "Its conditions were made elsewhere and stay." if held is None else ""

        form = AdminForm(title, fields, take, tell=tell)
        self.host.open_screen(form, lambda _: None)

    def remove(self, record: SavedView) -> None:
        self.host.propose(admin_texts.remove_view(record))


def _with_any(choices: Any) -> tuple[tuple[str, str], ...]:
    return ((ANY, "any"), *choices)


def asked(values: Mapping[str, str]) -> dict[str, Any]:
    """The query of the filled in conditions. Raises Wrong where there is none."""
    conditions = [
        (key, [int(values[key]) if key.endswith("_id") else values[key]])
        for key in KEYS
        if values[key] != ANY
    ]
    if not conditions:
        raise Wrong("status", "A view needs one condition at least.")
    return admin_texts.query_of(conditions)


def simple(query: Mapping[str, Any]) -> dict[str, str] | None:
    """The conditions as this form has them; None where the query says more than that."""
    rows = query.get("payload")
    held = dict.fromkeys(KEYS, ANY)
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, Mapping):
            return None
        values, key = row.get("values"), row.get("attribute_key")
        plain = row.get("filter_operator") == "equal_to" and row.get("query_operator") in (
            None, "and", "AND",
        )  # fmt: skip
        if not plain or key not in held or held[key] or not isinstance(values, list):
            return None
        if len(values) != 1 or not isinstance(values[0], (str, int)):
            return None
        held[key] = str(values[0])
    return held
