"""Webhooks: which addresses the server tells what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import ADD, EDIT, REMOVE, Cell, Column, Section
from revivatui.state import admin_texts
from revivatui.state.admin import HookSetup
from revivatui.state.admin_change import bare_url
from revivatui.state.admin_words import hook_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.client import ChatwootClient

_LONGEST = 2048


class Webhooks(Section):
    ID = admin_texts.WEBHOOKS
    NAME = "Webhooks"
    CAN = frozenset({ADD, EDIT, REMOVE})
    EMPTY = "No webhook yet: a adds one. The bridge adds its own when it is set up."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Address", 60, weight=99, grows=True),
        Column("Name", 24, weight=60),
        Column("Inbox", 20, weight=50),
        Column("Is told", 70, weight=80),
    )
    _hooks: tuple[HookSetup, ...] = ()

    @property
    def _has_names(self) -> bool:
        return not self.host.session.state.version.startswith("3.")

    async def read(self, client: ChatwootClient) -> None:
        self._hooks = await client.hook_setups()

    def records(self) -> Sequence[HookSetup]:
        return self._hooks

    def facts(self, record: HookSetup) -> Mapping[str, str]:
        return hook_facts(record)

    def row(self, record: HookSetup) -> Sequence[Cell]:
        return (
            Cell(bare_url(record.url), "strong"),
            Cell(record.name),
            Cell(record.inbox, "muted"),
            Cell(", ".join(record.subscriptions), "muted"),
        )

    def note(self) -> str:
        return "What may let somebody in is hidden in the addresses."

    def add(self) -> None:
        self._form("Add a webhook", HookSetup(-1, "", "", admin_texts.EVENTS[:5]), None)

    def edit(self, record: HookSetup) -> None:
        self._form(bare_url(record.url), record, record)

    def _form(self, title: str, start: HookSetup, before: HookSetup | None) -> None:
        known = dict.fromkeys((*admin_texts.EVENTS, *start.subscriptions))
        fields = [
            Field("url", "Address", start.url, "https://", needed=True),
            Field("events", "Is told", "\n".join(start.subscriptions), several=True,
                  choices=tuple((one, one.replace("_", " ")) for one in known)),
        ]  # fmt: skip
        if self._has_names:
            fields.insert(0, Field("name", "Name", start.name))

        def take(values: Values) -> None:
            after = self._filled(start, values)
            if before is None:
                self.host.propose(admin_texts.add_webhook(after, self._has_names), form)
            elif after == before:
                raise Wrong("", "Nothing is different yet.")
            else:
                self.host.propose(admin_texts.change_webhook(before, after, self._has_names), form)

        form = AdminForm(title, fields, take)
        self.host.open_screen(form, lambda _: None)

    def _filled(self, start: HookSetup, values: Mapping[str, str]) -> HookSetup:
        url = values["url"]
        try:
            parts = urlsplit(url)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_address = False
        if not is_address or len(url) > _LONGEST:
            raise Wrong("url", "This is no web address: it begins with https:// or http://.")
        if any(one.url == url and one.id != start.id for one in self._hooks):
            raise Wrong("url", "A webhook calls this address already.")
        events = tuple(one for one in values["events"].split("\n") if one)
        if not events:
            raise Wrong("events", "Choose one event at least: space opens the list.")
        return HookSetup(start.id, url, values.get("name", ""), events, start.inbox)

    def remove(self, record: HookSetup) -> None:
        self.host.propose(admin_texts.remove_webhook(record, self._has_names))
