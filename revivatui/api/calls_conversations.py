"""Calls on conversations (contract 2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from revivatui.api import convert
from revivatui.api.answers import (
    ConversationRead,
    Found,
    Macro,
    Page,
    SearchHit,
    StatusSet,
)
from revivatui.api.schemas import account as accounts
from revivatui.api.schemas import conversations as wire
from revivatui.api.schemas.people import Agent as WireAgent
from revivatui.api.schemas.people import Assignee
from revivatui.api.transport import Transport
from revivatui.state import models

_TABS: Final = {"mine": "me", "unassigned": "unassigned", "all": "all"}


class Calls:
    """What all groups of calls stand on."""

    FULL_PAGE: Final = 25
    """Conversations a page, where the server was not told otherwise (contract 12.2)."""

    base: str
    account_id: int | None
    server_version: str
    _transport: Transport
    _page_size: int

    def _account_path(self, rest: str) -> str:
        if self.account_id is None:
            raise ValueError("this call needs an account")
        return f"/api/v1/accounts/{self.account_id}/{rest}"

    def _path(self, conversation_id: int, rest: str = "") -> str:
        return self._account_path(f"conversations/{conversation_id}{rest}")


def view_params(view: models.ListView) -> dict[str, str | int | Sequence[str]]:
    """The server's own parameters for a list (contract 2.2)."""
    params: dict[str, str | int | Sequence[str]] = {
        "status": view.status,
        "assignee_type": _TABS.get(view.tab, view.tab),
        "sort_by": view.sort,
    }
    if view.inbox_id is not None:
        params["inbox_id"] = view.inbox_id
    if view.team_id is not None:
        params["team_id"] = view.team_id
    if view.labels:
        params["labels[]"] = list(view.labels)
    if view.text:
        params["q"] = view.text
    return params


class ConversationCalls(Calls):
    """Lists, single conversations and what an agent does to them."""

    # --- lists -----------------------------------------------------------------------------

    async def conversations(self, view: models.ListView, page: int = 1) -> Page:
        """One page of a list, in the server's order, with the tabs' counts (contract 2.2)."""
        params = {**view_params(view), "page": page}
        path = self._account_path("conversations")
        answer = await self._transport.ask(wire.ConversationPage, "GET", path, params=params)
        rows, counts = answer.data.payload, convert.counts(answer.data.meta)
        return _page(rows, counts, last=self._is_last(view, page, len(rows), counts))

    def _is_last(
        self, view: models.ListView, page: int, rows: int, counts: models.Counts | None
    ) -> bool:
        """A short page ends the list, unless the server's pages are just shorter than usual."""
        if page == 1 and counts is not None and 0 < rows < self.FULL_PAGE:
            total = {"mine": counts.mine, "unassigned": counts.unassigned}.get(view.tab, counts.all)
            self._page_size = rows if rows < total else self.FULL_PAGE
        return rows < self._page_size

    async def updated_within(self, seconds: int) -> Page:
        """Every conversation changed in the last seconds, of any status, in one answer.

        Keep it short: over a long time the server fails after 15 s (observed 5; rule 9).
        """
        params: dict[str, str | int | Sequence[str]] = {
            "status": "all",
            "assignee_type": "all",
            "updated_within": seconds,
        }
        path = self._account_path("conversations")
        answer = await self._transport.ask(wire.ConversationPage, "GET", path, params=params)
        return _page(answer.data.payload, convert.counts(answer.data.meta), last=True)

    async def counts(self, view: models.ListView) -> models.Counts:
        """The numbers of the tabs of a view (contract 2.2)."""
        path = self._account_path("conversations/meta")
        answer = await self._transport.ask(wire.CountsAnswer, "GET", path, params=view_params(view))
        return convert.counts(answer.meta) or models.Counts(0, 0, 0)

    async def filter(self, conditions: Sequence[Mapping[str, object]], page: int = 1) -> Page:
        """The server's filter language (contract 2.3): 25 a page, newest activity first."""
        path = self._account_path("conversations/filter")
        answer = await self._transport.ask(
            wire.FilteredPage,
            "POST",
            path,
            params={"page": page},
            json={"payload": list(conditions)},
        )
        rows = answer.payload
        return _page(rows, convert.counts(answer.meta), last=len(rows) < self.FULL_PAGE)

    async def search(self, text: str) -> Found:
        """Conversations, contacts and messages of the last three months (contract 2.2)."""
        path = self._account_path("search")
        answer = await self._transport.ask(wire.SearchAnswer, "GET", path, params={"q": text})
        found = answer.payload
        return Found(
            conversations=tuple(map(_hit, found.conversations or ())),
            contacts=tuple(map(convert.contact, found.contacts or ())),
            messages=tuple(map(convert.message, found.messages or ())),
        )

    # --- one conversation ------------------------------------------------------------------

    async def conversation(self, conversation_id: int) -> ConversationRead:
        """Raises NotFound where there is none, Forbidden where it is not for this agent."""
        return await self._read_one("GET", self._path(conversation_id))

    async def update_last_seen(self, conversation_id: int) -> ConversationRead:
        """Mark read for all agents. No event tells of it (contract 2.4)."""
        return await self._read_one("POST", self._path(conversation_id, "/update_last_seen"))

    async def mark_unread(self, conversation_id: int) -> ConversationRead:
        """Unread from the last incoming message on. No event tells of it (contract 2.4)."""
        return await self._read_one("POST", self._path(conversation_id, "/unread"))

    async def _read_one(self, method: str, path: str) -> ConversationRead:
        row = await self._transport.ask(wire.Conversation, method, path)
        return ConversationRead(convert.conversation(row), convert.contact_of(row))

    async def assign(self, conversation_id: int, agent_id: int | None) -> int | None:
        """Give it to an agent, or to nobody; gives who has it now.

        An id that the server does not know unassigns silently (contract 2.4), so compare.
        """
        path = self._path(conversation_id, "/assignments")
        answer = await self._transport.ask_maybe(Assignee, "POST", path, {"assignee_id": agent_id})
        return None if answer is None else answer.id

    async def assign_team(self, conversation_id: int, team_id: int | None) -> int | None:
        """Give it to a team, or to none; gives the team it has now."""
        path = self._path(conversation_id, "/assignments")
        answer = await self._transport.ask_maybe(accounts.Team, "POST", path, {"team_id": team_id})
        return None if answer is None else answer.id

    async def set_status(
        self, conversation_id: int, status: str, snoozed_until: float | None = None
    ) -> StatusSet:
        """open, resolved, pending or snoozed; `snoozed_until` in epoch seconds, None = until the
        next incoming message (contract 2.4). An agent who opens one becomes its assignee."""
        body: dict[str, object] = {"status": status}
        if snoozed_until is not None:
            body["snoozed_until"] = int(snoozed_until)
        path = self._path(conversation_id, "/toggle_status")
        answer = await self._transport.ask(wire.StatusAnswer, "POST", path, json=body)
        return StatusSet(answer.payload.current_status, answer.payload.snoozed_until)

    async def set_priority(self, conversation_id: int, word: str | None) -> None:
        """low, medium, high, urgent or None."""
        path = self._path(conversation_id, "/toggle_priority")
        await self._transport.ask(type(None), "POST", path, json={"priority": word})

    async def set_custom_attributes(
        self, conversation_id: int, attributes: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Replace the whole set (contract 2.4): read it first and send it back with the changes.
        Gives what the server has now."""
        path = self._path(conversation_id, "/custom_attributes")
        body = {"custom_attributes": dict(attributes)}
        answer = await self._transport.ask(wire.CustomAttributesAnswer, "POST", path, json=body)
        return dict(answer.custom_attributes)

    async def set_labels(self, conversation_id: int, labels: Sequence[str]) -> tuple[str, ...]:
        """Replace the whole set (contract 2.4); gives what the server has now."""
        path = self._path(conversation_id, "/labels")
        answer = await self._transport.ask(
            wire.LabelsAnswer, "POST", path, json={"labels": list(labels)}
        )
        return tuple(answer.payload)

    async def mute(self, conversation_id: int) -> None:
        """Block the contact and resolve the conversation; the survey goes out (contract 2.4)."""
        await self._transport.ask(type(None), "POST", self._path(conversation_id, "/mute"))

    async def unmute(self, conversation_id: int) -> None:
        await self._transport.ask(type(None), "POST", self._path(conversation_id, "/unmute"))

    async def typing(self, conversation_id: int, on: bool, private: bool = False) -> None:
        """Show the others, and the customer, that the agent writes (contract 2.4, 7.6)."""
        path = self._path(conversation_id, "/toggle_typing_status")
        body = {"typing_status": "on" if on else "off", "is_private": private}
        await self._transport.ask(type(None), "POST", path, json=body)

    async def participants(self, conversation_id: int) -> tuple[models.Agent, ...]:
        path = self._path(conversation_id, "/participants")
        rows = await self._transport.ask(list[WireAgent], "GET", path)
        return tuple(map(convert.agent, rows))

    # --- macros and files ------------------------------------------------------------------

    async def macros(self) -> tuple[Macro, ...]:
        answer = await self._transport.ask(accounts.MacroList, "GET", self._account_path("macros"))
        return tuple(
            Macro(
                id=row.id,
                name=row.name or f"#{row.id}",
                personal=row.visibility != "global",
                actions=tuple(action.action_name for action in row.actions),
            )
            for row in answer.payload
        )

    async def execute_macro(self, macro_id: int, conversation_ids: Sequence[int]) -> None:
        """Run it; what it does happens later (contract 5.4)."""
        path = self._account_path(f"macros/{macro_id}/execute")
        body = {"conversation_ids": list(conversation_ids)}
        await self._transport.ask(type(None), "POST", path, json=body)

    def download(self, attachment: models.Attachment) -> AsyncIterator[bytes]:
        """The file's bytes, as they come."""
        return self._transport.download(attachment.data_url)


def _page(rows: Sequence[wire.Conversation], counts: models.Counts | None, *, last: bool) -> Page:
    return Page(
        conversations=tuple(map(convert.conversation, rows)),
        contacts=convert.contacts_of(rows),
        counts=counts,
        last=last,
    )


def _hit(row: wire.FoundConversation) -> SearchHit:
    return SearchHit(
        conversation_id=row.id,
        contact_name=(row.contact.name if row.contact else None) or "",
        inbox_name=(row.inbox.name if row.inbox else None) or "",
        created_at=row.created_at or 0.0,
    )
