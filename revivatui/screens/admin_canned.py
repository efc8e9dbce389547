"""Canned responses: list, add, change, remove, see as a customer would, import and export."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from revivatui.screens.admin_form import AdminForm, Field, Values, Wrong
from revivatui.screens.admin_section import (
    ADD,
    EDIT,
    EXPORT,
    IMPORT,
    REMOVE,
    VIEW,
    Cell,
    Column,
    Section,
)
from revivatui.screens.choose import Choose, Option
from revivatui.screens.page import Page
from revivatui.state import admin_texts, canned_files
from revivatui.state.admin_words import canned_facts
from revivatui.state.canned import fill
from revivatui.state.events import CannedLoaded
from revivatui.state.models import CannedResponse, ListView
from revivatui.state.state import State
from revivatui.text.width import wrap
from revivatui.widgets.line_list import ListLine, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.api.answers import Page as ConversationPage
    from revivatui.api.client import ChatwootClient
    from revivatui.state.admin import Canned
    from revivatui.state.admin_change import Change
    from revivatui.state.canned import Filled
    from revivatui.widgets.chip_bar import Chip

FILE: Final = "canned.csv"
MOST_BYTES: Final = 5_000_000


class CannedResponses(Section):
    ID = admin_texts.CANNED
    NAME = "Canned"
    CAN = frozenset({ADD, EDIT, REMOVE, VIEW, IMPORT, EXPORT})
    EMPTY = "No canned response yet: a adds one, i imports a file of them."
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("Short code", 24, weight=99),
        Column("Text", 140, weight=80, grows=True),
    )
    _canned: tuple[Canned, ...] = ()
    _sample: State | None = None

    async def read(self, client: ChatwootClient) -> None:
        found = await client.canned_setups()
        self._canned = tuple(sorted(found, key=lambda one: one.short_code.casefold()))

    async def now(self, client: ChatwootClient, change: Change, made: int | None) -> Any:
        if not change.more:
            return await super().now(client, change, made)
        await self.read(client)
        return {f"/{one.short_code}": one.content for one in self._canned}

    def records(self) -> Sequence[Canned]:
        return self._canned

    def facts(self, record: Canned) -> Mapping[str, str]:
        return canned_facts(record)

    def row(self, record: Canned) -> Sequence[Cell]:
        return Cell(f"/{record.short_code}", "strong"), Cell(record.content)

    def follow(self) -> None:
        """No event tells the desk of canned responses (observed 1)."""
        known = tuple(CannedResponse(one.id, one.short_code, one.content) for one in self._canned)
        self.host.session.store.dispatch(CannedLoaded(known))

    # --- changing ------------------------------------------------------------------------------

    def add(self) -> None:
        self._form("Add a canned response", None)

    def edit(self, record: Canned) -> None:
        self._form(f"/{record.short_code}", record)

    def _form(self, title: str, before: Canned | None) -> None:
        fields = (
            Field("short_code", "Short code", before.short_code if before else "",
                  "typed behind / in a reply", needed=True),
            Field("content", "Text", before.content if before else "", needed=True, rows=7),
        )  # fmt: skip

        def take(values: Values) -> None:
            code, content = values["short_code"].lstrip("/"), values["content"]
            if any(one.short_code == code and one != before for one in self._canned):
                raise Wrong("short_code", "Another canned response has this short code.")
            if before is None:
                change = admin_texts.add_canned(code, content)
            else:
                change = admin_texts.change_canned(before, code, content)
                if not change.differences:
                    raise Wrong("", "Nothing is different yet.")
            self.host.propose(change, form)

        form = AdminForm(title, fields, take, tell=self._tell)
        self.host.open_screen(form, lambda _: None)

    def _tell(self, values: Mapping[str, str]) -> str:
        """What the text would be now, in the conversation that is open."""
        state = self.host.session.state
        if "{{" not in values["content"] or state.open_id is None:
            return "{{contact.name}}, {{agent.first_name}}, {{inbox.name}} are filled in."
        return f"#{state.open_id}: {fill(state, state.open_id, values['content']).text}"

    def remove(self, record: Canned) -> None:
        self.host.propose(admin_texts.remove_canned(record))

    # --- as a customer would get it ------------------------------------------------------------

    def view(self, record: Canned) -> None:
        self.host.later(partial(self._ask_for_whom, record))

    async def _ask_for_whom(self, record: Canned) -> None:
        """The desk's own lists may hold nobody: an administrator is in no inbox."""
        everybody = ListView(tab="all", status="all")
        page = await self.host.session.engine.ask(lambda client: client.conversations(everybody))
        self._sample = sample(self.host.session.state, page)
        known = sorted(page.conversations, key=lambda one: -one.last_activity_at)
        if not known:
            self.host.say("There is no conversation yet to try it on.")
            return
        contacts = self._sample.contacts
        options = []
        for one in known:
            contact = contacts.get(one.contact_id)
            options.append(Option(str(one.id), contact.name if contact else "", f"#{one.id}"))

        def chosen(choice: str | None) -> None:
            if choice is not None and self._sample is not None:
                filled = fill(self._sample, int(choice), record.content)
                self.host.open_screen(
                    FilledPage(f"/{record.short_code} for #{choice}", filled), lambda _: None
                )

        dialog = Choose(f"/{record.short_code}: for which customer", options,
                        start=str(self.host.session.state.open_id or ""), find="a name",
                        verb="look")  # fmt: skip
        self.host.open_screen(dialog, chosen)

    # --- files ---------------------------------------------------------------------------------

    def export(self) -> None:
        fields = (Field("path", "File", f"~/{FILE}", ".csv or .toml", needed=True),)

        def take(values: Values) -> None:
            path, kind = _file(values["path"])
            if path.exists():
                raise Wrong("path", "There is such a file already; name another.")
            try:
                path.write_text(canned_files.written(self._canned, kind), encoding="utf-8")
            except OSError as error:
                raise Wrong("path", f"It cannot be written: {error.strerror}.") from None
            form.dismiss(None)
            many = len(self._canned)
            self.host.say(f"{many} canned response{'s' if many != 1 else ''} written to {path}.")

        form = AdminForm("Export all canned responses", fields, take, verb="write the file")
        self.host.open_screen(form, lambda _: None)

    def bring_in(self) -> None:
        fields = (Field("path", "File", f"~/{FILE}", ".csv or .toml", needed=True),)

        def take(values: Values) -> None:
            path, kind = _file(values["path"])
            try:
                if path.stat().st_size > MOST_BYTES:
                    raise Wrong("path", "This file is too big for canned responses.")
                rows = canned_files.read(path.read_text(encoding="utf-8"), kind)
            except OSError as error:
                raise Wrong("path", f"It cannot be read: {error.strerror}.") from None
            except UnicodeDecodeError:
                raise Wrong("path", "It is no text in UTF-8.") from None
            except canned_files.BadFile as error:
                raise Wrong("path", str(error)) from None
            change = admin_texts.import_canned(self._canned, rows)
            if not change.requests:
                raise Wrong("path", "Everything in this file is on the server already.")
            self.host.propose(change, form)

        form = AdminForm("Import canned responses", fields, take)
        self.host.open_screen(form, lambda _: None)


def sample(state: State, page: ConversationPage) -> State:
    """The desk's people and inboxes with these conversations, to fill texts in with."""
    return State(
        account=state.account,
        me=state.me,
        inboxes=dict(state.inboxes),
        conversations={one.id: one for one in page.conversations},
        contacts={one.id: one for one in page.contacts},
    )


class FilledPage(Page):
    """A canned response with its variables filled in."""

    BINDINGS: ClassVar = [("escape,q", "leave", "Back")]

    def __init__(self, title: str, filled: Filled) -> None:
        super().__init__(title)
        self._filled = filled

    def hints(self) -> list[Chip]:
        return []

    def page(self) -> Sequence[ListLine]:
        lines = [
            words(line[a:b])
            for line in self._filled.text.split("\n")
            for a, b in wrap(line, self.room) or [(0, 0)]
        ]
        if self._filled.missing:
            missing = f"Nothing is known for {', '.join(self._filled.missing)}: it stays as it is."
            lines += [words(""), *(words(missing[a:b], "warning")
                                   for a, b in wrap(missing, self.room))]  # fmt: skip
        return lines


def _file(typed: str) -> tuple[Path, str]:
    """The path, and csv or toml. Raises Wrong."""
    path = Path(os.path.expanduser(typed))
    kind = path.suffix.lower().lstrip(".")
    if kind not in ("csv", "toml"):
        raise Wrong("path", "Name a file that ends in .csv or .toml.")
    return path, kind
