"""Inboxes: who is in them, automatic assignment and its limit, greeting, out of office."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import EDIT, MEMBERS, Cell, Column, Section, ask_several
from revivatui.screens.choose import Option
from revivatui.state import admin_inboxes, admin_people
from revivatui.state.admin_words import channel, inbox_facts, listed, on_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import InboxSetup, Staff
    from revivatui.state.admin_change import Change

SWITCH: Final = (("on", "on"), ("off", "off"))
LONGEST: Final = 10_000
"""Characters of greeting and out of office text (contract 5.3)."""


class Inboxes(Section):
    ID = admin_people.INBOXES
    NAME = "Inboxes"
    CAN = frozenset({EDIT, MEMBERS})
    EMPTY = "There is no inbox yet: a channel is connected on Chatwoot's own pages."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Inbox", 32, weight=99),
        Column("Channel", 12, weight=60),
        Column("Members", 7, right=True, weight=90),
        Column("Assigns", 8, weight=80),
        Column("Limit", 8, right=True, weight=78),
        Column("Hours", 6, weight=50),
        Column("Greeting", 8, weight=40),
        Column("Out of office", 60, grows=True, weight=30),
    )
    _inboxes: tuple[InboxSetup, ...] = ()
    _members: dict[int, tuple[int, ...]]
    _staff: tuple[Staff, ...] = ()

    async def read(self, client: ChatwootClient) -> None:
        self._inboxes = await client.inbox_setups()
        self._staff = await client.staff()
        self._members = {one.id: await client.inbox_members(one.id) for one in self._inboxes}

    async def now(self, client: ChatwootClient, change: Change, made: int | None) -> Any:
        facts = await super().now(client, change, made)
        if facts is None or admin_people.MEMBERS not in (change.wanted or {}):
            return facts
        names = {one.id: one.name for one in self._staff}
        held = self._members[change.record_id or 0]
        return {**facts, admin_people.MEMBERS: listed(names.get(one, f"#{one}") for one in held)}

    def records(self) -> Sequence[InboxSetup]:
        return self._inboxes

    def facts(self, record: InboxSetup) -> Mapping[str, str]:
        return inbox_facts(record)

    def row(self, record: InboxSetup) -> Sequence[Cell]:
        return (
            Cell(record.name, "strong"),
            Cell(channel(record.channel_type), "muted"),
            Cell(str(len(self._members.get(record.id, ())))),
            _switch(record.auto_assign),
            Cell(str(record.limit) if record.limit is not None else "none",
                 "" if record.limit is not None else "muted"),
            _switch(record.hours_enabled),
            _switch(record.greeting_enabled),
            Cell(record.out_of_office, "muted"),
        )  # fmt: skip

    def edit(self, record: InboxSetup) -> None:
        fields = (
            Field("name", "Name", record.name, needed=True),
            Field("auto", "Assigns by itself", on_off(record.auto_assign), choices=SWITCH),
            Field("limit", "At most, each agent", "" if record.limit is None else str(record.limit),
                  "empty: no limit"),
            Field("greets", "Greeting", on_off(record.greeting_enabled), choices=SWITCH),
            Field("greeting", "Greeting text", record.greeting, rows=3),
            Field("out_of_office", "Out of office text", record.out_of_office, rows=3),
        )  # fmt: skip

        def take(values: Values) -> None:
            after = changed(record, values)
            if after == record:
                raise Wrong("", "Nothing is different yet.")
            self.host.propose(admin_inboxes.change_inbox(record, after), form)

        title = f"{record.name}  {channel(record.channel_type)}"
        form = AdminForm(title, fields, take, tell=_limit_words)
        self.host.open_screen(form, lambda _: None)

    def members(self, record: InboxSetup) -> None:
        before = self._members.get(record.id, ())
        names = {one.id: one.name for one in self._staff}
        options = [Option(str(one.id), one.name, one.email) for one in self._staff]

        ask_several(
            self.host, f"Who is in {record.name}", options, before, "a name",
            lambda after: self.host.propose(
                admin_people.set_inbox_members(record, before, after, names)
            ),
        )  # fmt: skip


def _switch(is_on: bool) -> Cell:
    return Cell(on_off(is_on), "success" if is_on else "muted")


def _limit_words(values: Mapping[str, str]) -> str:
    if values["auto"] == "off" and values["limit"]:
        return "The limit counts only while conversations are assigned by themselves."
    return ""


def changed(record: InboxSetup, values: Mapping[str, str]) -> InboxSetup:
    """The inbox as filled in. Raises Wrong."""
    typed = values["limit"]
    if typed and not (typed.isascii() and typed.isdigit() and 0 < int(typed) < 100_000):
        raise Wrong("limit", "The limit is a whole number above 0, or empty.")
    for field in ("greeting", "out_of_office"):
        if len(values[field]) > LONGEST:
            raise Wrong(field, f"At most {LONGEST} characters.")
    if values["greets"] == "on" and not values["greeting"]:
        raise Wrong("greeting", "A greeting that is on needs a text.")
    return replace(
        record,
        name=values["name"],
        auto_assign=values["auto"] == "on",
        limit=int(typed) if typed else None,
        greeting_enabled=values["greets"] == "on",
        greeting=values["greeting"],
        out_of_office=values["out_of_office"],
    )
