"""Labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import ADD, EDIT, REMOVE, Cell, Column, Section
from revivatui.state import admin_texts
from revivatui.state.admin import LabelSetup
from revivatui.state.admin_words import label_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient

_YES = (("yes", "yes"), ("no", "no"))
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
FIRST_COLOUR: Final = "#1f93ff"
"""What Chatwoot's own pages begin with."""


class Labels(Section):
    ID = admin_texts.LABELS
    NAME = "Labels"
    CAN = frozenset({ADD, EDIT, REMOVE})
    EMPTY = "No label yet: a adds one."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Label", 30, weight=99),
        Column("Description", 70, weight=80, grows=True),
        Column("Colour", 7, weight=50),
        Column("Sidebar", 7, weight=60),
    )
    _labels: tuple[LabelSetup, ...] = ()

    async def read(self, client: ChatwootClient) -> None:
        self._labels = await client.label_setups()

    def records(self) -> Sequence[LabelSetup]:
        return self._labels

    def facts(self, record: LabelSetup) -> Mapping[str, str]:
        return label_facts(record)

    def row(self, record: LabelSetup) -> Sequence[Cell]:
        return (
            Cell(record.title, "label"),
            Cell(record.description),
            Cell(record.color, "muted"),
            Cell("yes" if record.on_sidebar else "no", "" if record.on_sidebar else "muted"),
        )

    def add(self) -> None:
        self._form("Add a label", LabelSetup(-1, "", color=FIRST_COLOUR), None)

    def edit(self, record: LabelSetup) -> None:
        self._form(record.title, record, record)

    def _form(self, title: str, start: LabelSetup, before: LabelSetup | None) -> None:
        fields = (
            Field("title", "Title", start.title, "letters, digits, - and _", needed=True),
            Field("description", "Description", start.description),
            Field("color", "Colour", start.color, "#1f93ff"),
            Field("sidebar", "On the sidebar", "yes" if start.on_sidebar else "no", choices=_YES),
        )

        def take(values: Values) -> None:
            after = self._filled(start, values)
            if before is None:
                self.host.propose(admin_texts.add_label(after), form)
            elif after == before:
                raise Wrong("", "Nothing is different yet.")
            else:
                self.host.propose(admin_texts.change_label(before, after), form)

        form = AdminForm(title, fields, take)
        self.host.open_screen(form, lambda _: None)

    def _filled(self, start: LabelSetup, values: Mapping[str, str]) -> LabelSetup:
        title = values["title"].lower()
        if trouble := admin_texts.title_trouble(title):
            raise Wrong("title", trouble)
        if any(one.title == title and one.id != start.id for one in self._labels):
            raise Wrong("title", "There is a label of this title already.")
        if values["color"] and not _COLOUR.fullmatch(values["color"]):
            raise Wrong("color", "A colour is written like #1f93ff.")
        return LabelSetup(
            start.id, title, values["description"], values["color"], values["sidebar"] == "yes"
        )

    def remove(self, record: LabelSetup) -> None:
        self.host.propose(admin_texts.remove_label(record))
