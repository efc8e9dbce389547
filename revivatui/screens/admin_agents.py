"""Agents: who is in the account, with what role; adding, changing, removing."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import ADD, EDIT, REMOVE, Cell, Column, Section
from revivatui.state import admin_people
from revivatui.state.admin import ROLES, Holdings
from revivatui.state.admin_words import staff_facts
from revivatui.state.events import AgentsLoaded
from revivatui.state.models import Agent
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import Staff

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ROLES: Final = tuple((one, one) for one in ROLES)
_STYLES: Final = {"online": "success", "busy": "warning"}


class Agents(Section):
    ID = admin_people.AGENTS
    NAME = "Agents"
    CAN = frozenset({ADD, EDIT, REMOVE})
    EMPTY = "Nobody is in this account."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Name", 32, weight=99),
        Column("E-mail", 48, grows=True, weight=70),
        Column("Role", 16, weight=90),
        Column("Now", 12, weight=80),
        Column("", 24, weight=60),
    )
    _staff: tuple[Staff, ...] = ()

    async def read(self, client: ChatwootClient) -> None:
        self._staff = await client.staff()

    def records(self) -> Sequence[Staff]:
        return self._staff

    def facts(self, record: Staff) -> Mapping[str, str]:
        return staff_facts(record)

    def row(self, record: Staff) -> Sequence[Cell]:
        state = record.availability
        glyph = {"online": symbols.online, "busy": symbols.busy}.get(state, symbols.offline)
        return (
            Cell(record.name, "strong"),
            Cell(record.email, "muted"),
            Cell(record.role, "accent" if record.role != "agent" else ""),
            Cell(f"{glyph} {state}", _STYLES.get(state, "muted")),
            Cell("" if record.confirmed else "invited, not confirmed", "warning"),
        )

    def note(self) -> str:
        admins = sum(one.role == "administrator" for one in self._staff)
        many = f"{admins} administrator{'s' if admins != 1 else ''}"
        return f"{len(self._staff) - admins} agents, {many}" if self._staff else ""

    def follow(self) -> None:
        """No event tells the desk of agents (observed 1)."""
        known = tuple(
            Agent(one.id, one.name, one.email, one.role, one.availability, one.auto_offline)
            for one in self._staff
        )
        self.host.session.store.dispatch(AgentsLoaded(known))

    def add(self) -> None:
        fields = (
            Field("name", "Name", hint="as customers see it", needed=True),
            Field("email", "E-mail", hint="an invitation goes there", needed=True),
            Field("role", "Role", "agent", choices=_ROLES),
        )

        def take(values: Values) -> None:
            self._check_email(values["email"])
            change = admin_people.add_agent(values["name"], values["email"], values["role"])
            self.host.propose(change, form)

        form = AdminForm("Add an agent, offline at first", fields, take)
        self.host.open_screen(form, lambda _: None)

    def _check_email(self, email: str) -> None:
        if not _EMAIL.fullmatch(email):
            raise Wrong("email", "This is no e-mail address.")
        if any(one.email.casefold() == email.casefold() for one in self._staff):
            raise Wrong("email", "An agent of this account has this e-mail already.")

    def edit(self, record: Staff) -> None:
        fields = (
            Field("name", "Name", record.name, needed=True),
            Field("role", "Role", record.role, choices=_ROLES),
        )

        def take(values: Values) -> None:
            self._check_role(record, values["role"])
            if (values["name"], values["role"]) == (record.name, record.role):
                raise Wrong("", "Nothing is different yet.")
            self.host.propose(
                admin_people.change_agent(record, values["name"], values["role"]), form
            )

        form = AdminForm(f"{record.name}  {record.email}", fields, take)
        self.host.open_screen(form, lambda _: None)

    def _check_role(self, record: Staff, role: str) -> None:
        me = self.host.session.state.me
        if me is not None and me.id == record.id and role != record.role:
            raise Wrong("role", "Your own role is changed by another administrator.")

    def remove(self, record: Staff) -> None:
        me = self.host.session.state.me
        if me is not None and me.id == record.id:
            self.host.say("You cannot remove yourself.", "warning")
            return
        self.host.later(partial(self._ask_to_remove, record))

    async def _ask_to_remove(self, record: Staff) -> None:
        holds = await self.host.session.engine.ask(lambda client: holdings(client, record.id))
        self.host.propose(admin_people.remove_agent(record, holds))


async def holdings(client: ChatwootClient, agent_id: int) -> Holdings:
    """What an agent holds now. Raises ApiError."""
    page = await client.filter(
        [
            {"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"],
             "query_operator": "and"},
            {"attribute_key": "assignee_id", "filter_operator": "equal_to", "values": [agent_id],
             "query_operator": None},
        ]
    )  # fmt: skip
    counted = page.counts.all if page.counts is not None else len(page.conversations)
    inboxes, teams = [], []
    for inbox in await client.inbox_setups():
        if agent_id in await client.inbox_members(inbox.id):
            inboxes.append(inbox.name)
    for team in await client.team_setups():
        if agent_id in await client.team_members(team.id):
            teams.append(team.name)
    return Holdings(counted, tuple(inboxes), tuple(teams))
