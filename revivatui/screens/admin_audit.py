"""The audit log: who changed what, where the server keeps one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from revivatui.screens.admin_section import EDIT, VIEW, Cell, Column, Section
from revivatui.screens.page import Page
from revivatui.state.admin_change import shown
from revivatui.text.when import day_and_clock
from revivatui.text.width import wrap
from revivatui.widgets.line_list import ListLine, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import AuditEntry
    from revivatui.widgets.chip_bar import Chip

PAGES: Final = 10
"""Pages of 15 entries that are read at most."""


class Audit(Section):
    ID = "audit"
    NAME = "Audit log"
    CAN = frozenset({EDIT, VIEW})
    EMPTY = (
        "The audit log is empty. Chatwoot keeps one in its enterprise edition only, where the"
        " account has the feature; without it nothing is ever recorded here."
    )
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("When", 16, weight=90),
        Column("Who", 30, weight=95),
        Column("Did", 12, weight=85),
        Column("To what", 30, weight=80),
        Column("Changes", 90, weight=50, grows=True),
    )
    _entries: tuple[AuditEntry, ...] = ()
    _total = 0

    async def read(self, client: ChatwootClient) -> None:
        entries: list[AuditEntry] = []
        for number in range(1, PAGES + 1):
            page = await client.audit_page(number)
            entries += page.entries
            self._total = page.total
            if not page.entries or len(entries) >= page.total:
                break
        self._entries = tuple(entries)

    def records(self) -> Sequence[AuditEntry]:
        return self._entries

    def facts(self, record: AuditEntry) -> Mapping[str, str]:
        return {
            "who": record.who,
            "did": record.action,
            "what": _what(record),
            "changes": _changes(record),
        }

    def note(self) -> str:
        if self._total > len(self._entries):
            return f"The newest {len(self._entries)} of {self._total} entries."
        return ""

    def row(self, record: AuditEntry) -> Sequence[Cell]:
        at = day_and_clock(record.at, self.host.session.tz) if record.at else ""
        return (
            Cell(at, "muted"),
            Cell(record.who, "strong"),
            Cell(record.action),
            Cell(_what(record)),
            Cell(_changes(record), "muted"),
        )

    def edit(self, record: AuditEntry) -> None:
        self.view(record)

    def view(self, record: AuditEntry) -> None:
        self.host.open_screen(EntryPage(record), lambda _: None)


class EntryPage(Page):
    """One entry in full."""

    BINDINGS: ClassVar = [("escape,q", "leave", "Back")]

    def __init__(self, entry: AuditEntry) -> None:
        super().__init__(f"{entry.who}: {entry.action} {_what(entry)}")
        self._entry = entry

    def hints(self) -> list[Chip]:
        return []

    def page(self) -> Sequence[ListLine]:
        told = [f"from {self._entry.address}"] if self._entry.address else []
        told += [f"{key}: {shown(value)}" for key, value in self._entry.changes.items()]
        return [
            words(line[a:b])
            for line in told or ["Nothing more was recorded."]
            for a, b in wrap(line, self.room)
        ]


def _what(entry: AuditEntry) -> str:
    return f"{entry.what} #{entry.what_id}" if entry.what_id else entry.what


def _changes(entry: AuditEntry) -> str:
    return ", ".join(f"{key} {shown(value)}" for key, value in entry.changes.items())
