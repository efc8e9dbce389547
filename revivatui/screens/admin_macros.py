"""Macros: rows of actions, written as lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import ADD, EDIT, REMOVE, Cell, Column, Section
from revivatui.state import admin_texts
from revivatui.state.admin import MacroSetup
from revivatui.state.admin_words import macro_facts, who_sees
from revivatui.state.macro_words import HELP, Names, lines_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient

_WHO = (("global", "everybody"), ("personal", "its author"))


class Macros(Section):
    ID = admin_texts.MACROS
    NAME = "Macros"
    CAN = frozenset({ADD, EDIT, REMOVE})
    EMPTY = "No macro yet: a adds one."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Macro", 30, weight=99),
        Column("For", 10, weight=70),
        Column("By", 20, weight=50),
        Column("Does", 90, weight=80, grows=True),
    )
    _macros: tuple[MacroSetup, ...] = ()
    _names = Names({}, {}, frozenset())

    async def read(self, client: ChatwootClient) -> None:
        staff = {one.id: one.name for one in await client.staff()}
        teams = {one.id: one.name for one in await client.team_setups()}
        labels = frozenset(one.title for one in await client.label_setups())
        self._names = Names(staff, teams, labels)
        self._macros = await client.macro_setups()

    def records(self) -> Sequence[MacroSetup]:
        return self._macros

    def facts(self, record: MacroSetup) -> Mapping[str, str]:
        return macro_facts(record, self._does(record))

    def _does(self, record: MacroSetup) -> str:
        return lines_of(record.steps, self._names)

    def row(self, record: MacroSetup) -> Sequence[Cell]:
        return (
            Cell(record.name, "strong"),
            Cell(who_sees(record.visibility)),
            Cell(record.author, "muted"),
            Cell(self._does(record).replace("\n", "; ")),
        )

    def note(self) -> str:
        return "A macro does several things at once to a conversation."

    def add(self) -> None:
        self._form("Add a macro", MacroSetup(-1, "", "global"), None)

    def edit(self, record: MacroSetup) -> None:
        self._form(record.name, record, record)

    def _form(self, title: str, start: MacroSetup, before: MacroSetup | None) -> None:
        fields = (
            Field("name", "Name", start.name, needed=True),
            Field("visibility", "Who sees it", start.visibility, choices=_WHO),
            Field("steps", "Does, a line each", self._does(start), needed=True, rows=7),
        )

        def take(values: Values) -> None:
            after = self._filled(start, values)
            words = self._does(after)
            if before is None:
                change = admin_texts.add_macro(after, words)
            else:
                change = admin_texts.change_macro(before, self._does(before), after, words)
                if not change.differences:
                    raise Wrong("", "Nothing is different yet.")
            self.host.propose(change, form)

        form = AdminForm(title, fields, take, tell=lambda _: HELP)
        self.host.open_screen(form, lambda _: None)

    def _filled(self, start: MacroSetup, values: Mapping[str, str]) -> MacroSetup:
        try:
            steps = steps_of(values["steps"], self._names)
        except ValueError as error:
            raise Wrong("steps", str(error)) from None
        return replace(start, name=values["name"], visibility=values["visibility"], steps=steps)

    def remove(self, record: MacroSetup) -> None:
        self.host.propose(admin_texts.remove_macro(record, self._does(record)))
