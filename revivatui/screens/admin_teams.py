"""Teams and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_inboxes import SWITCH
from revivatui.screens.admin_section import (
    ADD,
    EDIT,
    MEMBERS,
    REMOVE,
    Cell,
    Column,
    Section,
    ask_several,
)
from revivatui.screens.choose import Option
from revivatui.state import admin_people
from revivatui.state.admin_words import listed, on_off, team_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import Staff, TeamSetup
    from revivatui.state.admin_change import Change


class Teams(Section):
    ID = admin_people.TEAMS
    NAME = "Teams"
    CAN = frozenset({ADD, EDIT, REMOVE, MEMBERS})
    EMPTY = "No team yet: a adds one."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Team", 30, weight=99),
        Column("Members", 60, weight=80, grows=True),
        Column("Assigns", 7, weight=70),
        Column("Description", 60, weight=40),
    )
    _teams: tuple[TeamSetup, ...] = ()
    _members: dict[int, tuple[int, ...]]
    _staff: tuple[Staff, ...] = ()

    async def read(self, client: ChatwootClient) -> None:
        self._teams = await client.team_setups()
        self._staff = await client.staff()
        self._members = {one.id: await client.team_members(one.id) for one in self._teams}

    async def now(self, client: ChatwootClient, change: Change, made: int | None) -> Any:
        facts = await super().now(client, change, made)
        if facts is None:
            return None
        return {**facts, admin_people.MEMBERS: self._who(change.record_id or made or 0)}

    def _who(self, team_id: int) -> str:
        names = {one.id: one.name for one in self._staff}
        held = self._members.get(team_id, ())
        return listed(names.get(one, f"#{one}") for one in held)

    def records(self) -> Sequence[TeamSetup]:
        return self._teams

    def facts(self, record: TeamSetup) -> Mapping[str, str]:
        return team_facts(record)

    def row(self, record: TeamSetup) -> Sequence[Cell]:
        return (
            Cell(record.name, "strong"),
            Cell(self._who(record.id)),
            Cell(on_off(record.auto_assign), "success" if record.auto_assign else "muted"),
            Cell(record.description, "muted"),
        )

    def add(self) -> None:
        self._form("Add a team", None)

    def edit(self, record: TeamSetup) -> None:
        self._form(record.name, record)

    def _form(self, title: str, before: TeamSetup | None) -> None:
        auto = before.auto_assign if before is not None else True
        fields = (
            Field("name", "Name", before.name if before else "", "small letters", needed=True),
            Field("description", "Description", before.description if before else ""),
            Field("auto", "Assigns by itself", on_off(auto), choices=SWITCH),
        )

        def take(values: Values) -> None:
            name, words = values["name"].lower(), values["description"]
            if any(one.name == name and one != before for one in self._teams):
                raise Wrong("name", "There is a team of this name already.")
            if before is None:
                change = admin_people.add_team(name, words, values["auto"] == "on")
            else:
                change = admin_people.change_team(before, name, words, values["auto"] == "on")
                if not change.differences:
                    raise Wrong("", "Nothing is different yet.")
            self.host.propose(change, form)

        form = AdminForm(title, fields, take)
        self.host.open_screen(form, lambda _: None)

    def remove(self, record: TeamSetup) -> None:
        names = {one.id: one.name for one in self._staff}
        held = [names.get(one, f"#{one}") for one in self._members.get(record.id, ())]
        self.host.propose(admin_people.remove_team(record, held))

    def members(self, record: TeamSetup) -> None:
        before = self._members.get(record.id, ())
        names = {one.id: one.name for one in self._staff}
        options = [Option(str(one.id), one.name, one.email) for one in self._staff]

        ask_several(
            self.host, f"Who is in {record.name}", options, before, "a name",
            lambda after: self.host.propose(
                admin_people.set_team_members(record, before, after, names)
            ),
        )  # fmt: skip
