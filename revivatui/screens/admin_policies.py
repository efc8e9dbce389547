"""Assignment policies (4.x): how conversations are handed out, and which inboxes go by each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
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
from revivatui.state import admin_inboxes
from revivatui.state.admin import Policy
from revivatui.state.admin_words import ORDERS, PRIORITIES, listed, policy_facts, span_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import InboxSetup
    from revivatui.state.admin_change import Change

_YES = (("yes", "yes"), ("no", "no"))


class Policies(Section):
    ID = admin_inboxes.POLICIES
    NAME = "Policies"
    CAN = frozenset({ADD, EDIT, REMOVE, MEMBERS})
    EMPTY = "No assignment policy yet: a adds one. Until then each inbox assigns in turn."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Policy", 30, weight=99),
        Column("Agents", 14, weight=70),
        Column("Conversations", 22, weight=60),
        Column("At most", 7, right=True, weight=50),
        Column("Within", 8, right=True, weight=48),
        Column("Enabled", 7, weight=80),
        Column("Inboxes", 7, right=True, weight=90),
        Column("Description", 60, grows=True, weight=20),
    )
    _policies: tuple[Policy, ...] = ()
    _inboxes: tuple[InboxSetup, ...] = ()
    _held: dict[int, tuple[int, ...]]

    def not_here(self) -> str:
        version = self.host.session.state.version
        if version.startswith("3."):
            return (
                f"This server ({version}) has no assignment policies: they came with Chatwoot 4."
                " Inboxes assign in turn; the limit is set in each inbox."
            )
        return ""

    async def read(self, client: ChatwootClient) -> None:
        self._policies = await client.policies()
        self._inboxes = await client.inbox_setups()
        self._held = {one.id: await client.policy_inboxes(one.id) for one in self._policies}

    async def now(self, client: ChatwootClient, change: Change, made: int | None) -> Any:
        facts = await super().now(client, change, made)
        if facts is None or "inboxes" not in (change.wanted or {}):
            return facts
        names = {one.id: one.name for one in self._inboxes}
        held = self._held[change.record_id or 0]
        return {**facts, "inboxes": listed(names.get(one, f"#{one}") for one in held)}

    def records(self) -> Sequence[Policy]:
        return self._policies

    def facts(self, record: Policy) -> Mapping[str, str]:
        return policy_facts(record)

    def row(self, record: Policy) -> Sequence[Cell]:
        return (
            Cell(record.name, "strong"),
            Cell(ORDERS.get(record.order, record.order)),
            Cell(PRIORITIES.get(record.priority, record.priority)),
            Cell(str(record.limit)),
            Cell(span_words(record.window)),
            Cell("yes" if record.enabled else "no", "success" if record.enabled else "muted"),
            Cell(str(len(self._held.get(record.id, ())))),
            Cell(record.description, "muted"),
        )

    def add(self) -> None:
        self._form("Add an assignment policy", Policy(-1, ""), None)

    def edit(self, record: Policy) -> None:
        self._form(record.name, record, record)

    def _form(self, title: str, start: Policy, before: Policy | None) -> None:
        fields = (
            Field("name", "Name", start.name, needed=True),
            Field("description", "Description", start.description),
            Field("order", "Agents", start.order, choices=_choices(ORDERS, start.order)),
            Field("priority", "Conversations", start.priority,
                  choices=_choices(PRIORITIES, start.priority)),
            Field("limit", "At most, each agent", str(start.limit), needed=True),
            Field("window", "Within minutes", f"{start.window / 60:g}", needed=True),
            Field("enabled", "Enabled", "yes" if start.enabled else "no", choices=_YES),
        )  # fmt: skip

        def take(values: Values) -> None:
            after = filled(start, values)
            if before is None:
                self.host.propose(admin_inboxes.add_policy(after), form)
            elif after == before:
                raise Wrong("", "Nothing is different yet.")
            else:
                self.host.propose(admin_inboxes.change_policy(before, after), form)

        form = AdminForm(title, fields, take)
        self.host.open_screen(form, lambda _: None)

    def remove(self, record: Policy) -> None:
        held = len(self._held.get(record.id, ()))
        self.host.propose(admin_inboxes.remove_policy(replace(record, inboxes=held)))

    def members(self, record: Policy) -> None:
        before = self._held.get(record.id, ())
        names = {one.id: one.name for one in self._inboxes}
        options = [Option(str(one.id), one.name) for one in self._inboxes]

        ask_several(
            self.host, f"Inboxes that go by {record.name}", options, before, "an inbox",
            lambda after: self.host.propose(
                admin_inboxes.set_policy_inboxes(record, before, after, names)
            ),
        )  # fmt: skip


def _choices(words: Mapping[str, str], now: str) -> tuple[tuple[str, str], ...]:
    known = tuple(words.items())
    return known if now in words else (*known, (now, now))


def filled(start: Policy, values: Mapping[str, str]) -> Policy:
    """The policy as filled in. Raises Wrong."""
    for field, words in (("limit", "The limit"), ("window", "The time in minutes")):
        typed = values[field]
        if not (typed.isascii() and typed.isdigit() and 0 < int(typed) < 100_000):
            raise Wrong(field, f"{words} is a whole number above 0.")
    return replace(
        start,
        name=values["name"],
        description=values["description"],
        order=values["order"],
        priority=values["priority"],
        limit=int(values["limit"]),
        window=int(values["window"]) * 60,
        enabled=values["enabled"] == "yes",
    )
