"""Comparing what is shown with the server, a little every minute (design rule 4).

No event tells of reads by others, of deletions, of a visitor's labels; and a feed that is silent
looks like a shop in which nothing happens. So the top of the list, one further page in turn, the
open conversation, the end of its thread and its customer are read again. What was wrong is put
right and said; a message that the feed never told makes the feed late.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from revivatui.api.errors import ApiError, AuthExpired
from revivatui.engine.context import LOG, Desk
from revivatui.state.events import Healed
from revivatui.state.models import Conversation, Finding
from revivatui.state.select import list_state, visible_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from revivatui.engine.frames import Frames
    from revivatui.engine.lag import Lag
    from revivatui.engine.people import People
    from revivatui.engine.reading import Reading
    from revivatui.engine.reread import Reread

COMPARED: Final = ("status", "assignee_id", "team_id", "priority", "labels", "unread_count")
"""What a row shows and an answer can put right."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was shown before the server was asked."""

    rows: Mapping[int, Conversation]
    newest: int
    """The newest message that was held of any conversation: what is newer came later."""
    epoch: int
    asked_at: float


class Reconcile:
    """One round at a time, at most every `Timing.compare_every` seconds."""

    def __init__(
        self,
        desk: Desk,
        reading: Reading,
        reread: Reread,
        people: People,
        frames: Frames,
        lag: Lag,
    ) -> None:
        self._desk = desk
        self._reread = reread
        self._reading = reading
        self._people = people
        self._frames = frames
        self._lag = lag
        self._page = 1
        """The further page that was read last."""

    async def run(self) -> None:
        """A round a minute while the feed is followed (loop)."""
        while True:
            await self._until_due()
            if self._desk.state.link.state in ("live", "late"):
                try:
                    await self.compare()
                except AuthExpired:
                    continue
                except ApiError as error:
                    LOG.info("comparing: %s", error.plain)

    async def _until_due(self) -> None:
        """A minute, or less where the list on screen stays unsealed though nothing is wrong."""
        timing, unsealed = self._desk.timing, False
        clock = asyncio.get_running_loop().time
        due = clock() + timing.compare_every
        while (left := due - clock()) > 0:
            await asyncio.sleep(min(left, timing.unsealed_after))
            before, unsealed = unsealed, self._is_unsealed()
            if before and unsealed:
                return

    def _is_unsealed(self) -> bool:
        state = self._desk.state
        live = state.link.state == "live" and not state.view.text
        return live and not list_state(state, state.view).sealed

    async def compare(self) -> None:
        """One round. Raises any `ApiError`."""
        before = self._take()
        await self._read()
        await asyncio.sleep(self._desk.timing.heard_within)
        self._judge(before)

    def _take(self) -> Before:
        state = self._desk.state
        return Before(
            rows={one: row for one in self._in_view() if (row := state.shown(one)) is not None},
            newest=max(
                (one.preview.id for one in state.conversations.values() if one.preview), default=0
            ),
            epoch=state.epoch,
            asked_at=self._desk.now(),
        )

    def _in_view(self) -> list[int]:
        state = self._desk.state
        ids = visible_ids(state, state.view)
        return ids if state.open_id is None or state.open_id in ids else [state.open_id, *ids]

    async def _read(self) -> None:
        state, view = self._desk.state, self._desk.view
        await self._reading.page(view, 1)
        await self._reading.rest_of(view)
        further = self._further_page()
        if further is not None:
            await self._reading.page(view, further)
        open_id = state.open_id
        if open_id is None:
            return
        await self._reread.conversation(open_id)
        if open_id in state.gone:
            return
        await self._reading.newest_page(open_id)
        conversation = state.conversations.get(open_id)
        if conversation is not None:
            await self._people.read_contact(conversation.contact_id)

    def _further_page(self) -> int | None:
        """The pages of the list in turn; None where the first is all that is shown."""
        state, view = self._desk.state, self._desk.view
        pages = state.views.get(view)
        rows = len(visible_ids(state, view))
        if pages is None or rows <= pages.size:
            return None
        last = -(-rows // pages.size)
        self._page = self._page + 1 if self._page < last else 2
        return self._page

    # --- what was found ------------------------------------------------------------------------

    def _judge(self, before: Before) -> None:
        """Say what no event has told by now."""
        state = self._desk.state
        if state.epoch != before.epoch:
            return  # the catch-up after the cut has read it all
        unheard = [one for one in self._shown(before) if not self._told(one, before)]
        findings = [
            Finding(one, what, self._desk.now())
            for one in unheard
            if (what := self._difference(one, before))
        ]
        for conversation_id in unheard:
            self._note_message(conversation_id, before)
        if findings and state.link.state == "live":
            LOG.info("put right: %s", findings)
            self._desk.dispatch(Healed(tuple(findings), self._desk.now()))

    def _shown(self, before: Before) -> list[int]:
        return list(dict.fromkeys([*before.rows, *self._in_view()]))

    def _told(self, conversation_id: int, before: Before) -> bool:
        """An event, or a key of ours, tells what changed."""
        recently = self._frames.heard_since(conversation_id, before.asked_at)
        return recently or conversation_id in self._desk.state.overlays

    def _difference(self, conversation_id: int, before: Before) -> str:
        row = before.rows.get(conversation_id)
        now = self._desk.state.conversations.get(conversation_id)
        if row is None:
            return ""
        if now is None:
            return "is gone"
        changed = [name for name in COMPARED if getattr(row, name) != getattr(now, name)]
        if (row.preview and row.preview.id) != (now.preview and now.preview.id):
            changed = []  # not missed but late: the feed will tell
        return ", ".join(_words(name, now) for name in changed)

    def _note_message(self, conversation_id: int, before: Before) -> None:
        """A message that an answer brought and the feed has not: the feed is late."""
        row, now = before.rows.get(conversation_id), self._desk.state.conversations.get
        shown = now(conversation_id)
        newest = shown.preview if shown is not None else None
        known = row.preview.id if row is not None and row.preview is not None else 0
        if newest is not None and newest.id > max(known, before.newest):
            self._lag.message_found(newest.id, before.asked_at)


def _words(name: str, row: Conversation) -> str:
    if name == "unread_count":
        return "unread" if row.unread_count else "read by somebody"
    if name == "labels":
        return f"labels {', '.join(row.labels)}" if row.labels else "no labels"
    value = getattr(row, name)
    what = {"assignee_id": "assignee", "team_id": "team"}.get(name, name)
    return f"another {what}" if name.endswith("_id") else f"{what} {value or 'none'}"
