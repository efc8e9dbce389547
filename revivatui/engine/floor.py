"""Writes down what the desk sees of its agents: who is there, who takes what, what is resolved.

    floor = Floor(desk, log)       # listens at once; `run` writes, in batches, off the loop
    await floor.between(a, b)      # what any desk of this profile saw in that time

Nothing is written while nothing changes, but for a mark every ten minutes of a connected desk:
without it, what a desk that was killed had seen would be lost back to the last change.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from revivatui.cache.store import CacheError
from revivatui.engine.context import LOG
from revivatui.state.events import ConversationPushed, PresenceSeen
from revivatui.state.events_desk import StandingsRecalled
from revivatui.state.presence_log import MARKED, OFFLINE, Entry, Kind, standing_at, timeline

if TYPE_CHECKING:
    from revivatui.cache.floor_log import FloorLog
    from revivatui.cache.store import Cache
    from revivatui.engine.context import Desk
    from revivatui.state.events import Event

PICTURED: Final = 6 * 3600.0
"""Seconds after which everybody's word is written anew: a day is read from the last one on."""
TIDIED: Final = 86_400.0
LOOKS_BACK: Final = 36 * 3600.0
"""Seconds of the past from which a desk goes on that was closed and opened again."""
MOST_WAITING: Final = 5000
"""Entries that wait for a disk that fails; the oldest are lost then."""
MOST_TOLD: Final = 5000
"""What was last written of conversations: some things are told twice."""
TOLD: Final[Mapping[str, Kind]] = {
    "assignee.changed": "assigned",
    "conversation.status_changed": "status",
    "conversation.created": "status",
}
"""The events of a conversation that are written down."""


def log_beside(cache: Cache | None) -> FloorLog | None:
    """The log that lies beside a cache."""
    if cache is None:
        return None
    from revivatui.cache.floor_log import FloorLog, file_beside

    return FloorLog(file_beside(cache.path))


class Floor:
    """One run of a desk; without a log it keeps nothing and answers with nothing."""

    def __init__(self, desk: Desk, log: FloorLog | None) -> None:
        self._desk = desk
        self._log = log
        self._run = secrets.randbits(48)
        self._waiting: list[Entry] = []
        self._filled = asyncio.Event()
        self._appending: asyncio.Task[None] | None = None
        self._since: float | None = None
        """`Floor.since` of the state when it was last written; None: nothing was."""
        self._words: dict[int, str] = {}
        self._told: OrderedDict[tuple[int, Kind], str | int] = OrderedDict()
        """Conversation and kind -> the status or assignee last written."""
        self._seen_at = self._noted_at = self._pictured_at = self._tidied_at = 0.0
        self.trouble = ""
        """Why the disk does not keep it, in a sentence."""
        if log is not None:
            desk.listeners.append(self._hear)

    @property
    def keeps(self) -> bool:
        return self._log is not None

    # --- listening ----------------------------------------------------------------------------

    def _hear(self, event: Event) -> None:
        if isinstance(event, PresenceSeen):
            self._presence(event.at)
        elif isinstance(event, ConversationPushed):
            self._conversation(event)

    def _presence(self, at: float) -> None:
        floor = self._desk.state.floor
        if floor is None:
            return
        before, self._seen_at = self._seen_at, at
        if floor.since != self._since:
            if before > self._noted_at:
                self._note("mark", before)
            if self._since is None:
                self._desk.spawn(self._recall(at), "reading what was seen before")
            self._picture("begin", at)
            self._since = floor.since
            return
        for who, standing in floor.standings.items():
            if self._words.get(who, OFFLINE) != standing.word:
                self._words[who] = standing.word
                self._note("presence", at, who, standing.word)
        if at - self._pictured_at >= PICTURED:
            self._picture("still", at)
        elif at - self._noted_at >= MARKED:
            self._note("mark", at)

    def _picture(self, kind: Kind, at: float) -> None:
        """Everybody's word."""
        floor = self._desk.state.floor
        assert floor is not None
        self._words = {who: one.word for who, one in floor.standings.items()}
        self._pictured_at = at
        self._note(kind, at)
        for who, word in self._words.items():
            if word != OFFLINE:
                self._note("presence", at, who, word)

    def _conversation(self, event: ConversationPushed) -> None:
        """What the desk believes once it has weighed the event (observed rules 4-7)."""
        kind, id_ = TOLD.get(event.event), event.conversation.id
        held = self._desk.state.conversations.get(id_)
        if kind is None or held is None:
            return
        word = held.status if kind == "status" else ""
        told = word or held.assignee_id or 0
        if self._told.get((id_, kind)) == told:
            return
        self._told[id_, kind] = told
        self._told.move_to_end((id_, kind))
        if len(self._told) > MOST_TOLD:
            self._told.popitem(last=False)
        self._note(kind, event.at, held.assignee_id or 0, word, id_)

    def _note(
        self, kind: Kind, at: float, who: int = 0, word: str = "", conversation_id: int = 0
    ) -> None:
        self._noted_at = at
        self._waiting.append(Entry(self._run, at, kind, who, word, conversation_id))
        del self._waiting[:-MOST_WAITING]
        self._filled.set()

    # --- the disk -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Write what waits, a moment after the first of it (loop)."""
        while True:
            await self._filled.wait()
            await asyncio.sleep(self._desk.timing.save_quiet)
            await self._write()

    async def _write(self) -> None:
        """What waits is on the disk afterwards, or waits on where the disk fails. Who is cancelled
        meanwhile leaves it being written: it is in no other place."""
        while self._appending is not None:
            await asyncio.shield(self._appending)
        self._filled.clear()
        if self._log is not None and self._waiting:
            batch, self._waiting = self._waiting, []
            self._appending = asyncio.create_task(self._append(self._log, batch))
            await asyncio.shield(self._appending)

    async def _append(self, log: FloorLog, batch: list[Entry]) -> None:
        try:
            await asyncio.to_thread(log.append, batch)
            await self._tidy()
            self.trouble = ""
        except CacheError as error:
            if not self.trouble:
                LOG.warning("%s", error)
            self.trouble = str(error)
            self._waiting = [*batch, *self._waiting][-MOST_WAITING:]
        finally:
            self._appending = None

    async def _tidy(self) -> None:
        now = self._desk.now()
        if self._log is not None and abs(now - self._tidied_at) >= TIDIED:
            self._tidied_at = now
            await asyncio.to_thread(self._log.tidy, now)

    async def between(self, since: float, until: float) -> list[Entry]:
        """What was seen in this time, by any desk of this profile, up to this moment. Raises
        CacheError."""
        if self._log is None:
            return []
        await self._write()
        found = await asyncio.to_thread(self._log.between, since, until)
        return [*found, *self._seen_since(found)]

    def _seen_since(self, found: list[Entry]) -> Iterator[Entry]:
        """What is not on the disk: up to when all is known, and, where nothing of this run is
        among what was found, what everybody has been all the time."""
        floor = self._desk.state.floor
        if floor is None or floor.at is None or self._since != floor.since:
            return
        if not any(one.run == self._run for one in found):
            yield Entry(self._run, floor.since, "begin")
            for who, one in sorted(floor.standings.items(), key=lambda item: item[1].since):
                yield Entry(self._run, one.since, "presence", who, one.word)
        yield from self._waiting
        yield Entry(self._run, floor.at, "mark")

    async def _recall(self, at: float) -> None:
        """Where another desk of this profile ended a moment ago, its times go on."""
        if self._log is None:
            return
        since = at - LOOKS_BACK
        try:
            entries = await asyncio.to_thread(self._log.between, since, at)
        except CacheError as error:
            LOG.warning("%s", error)
            return
        entries = [one for one in entries if one.run != self._run and one.at <= at]
        state = self._desk.state
        found = {}
        for who in {*state.agents, *(state.floor.standings if state.floor else ())}:
            standing = standing_at(timeline(entries, who, since, at), at)
            if standing is not None:
                found[who] = standing
        if found:
            self._desk.dispatch(StandingsRecalled(found))

    async def first_at(self) -> float | None:
        """When the log begins. Raises CacheError."""
        return None if self._log is None else await asyncio.to_thread(self._log.first_at)

    async def shrink(self) -> None:
        """Hold nothing of the log in memory but what is used."""
        if self._log is not None:
            with contextlib.suppress(CacheError):  # the next line to be written says so
                await asyncio.to_thread(self._log.shrink)

    async def close(self) -> None:
        """Write what is left, and up to when everything was seen."""
        if self._seen_at > self._noted_at:
            self._note("mark", self._seen_at)
        await self._write()
        if self._log is not None:
            await asyncio.to_thread(self._log.close)
