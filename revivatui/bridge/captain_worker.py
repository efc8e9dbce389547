"""Takes turns that are due, has them thought about, and keeps what comes of each in one
transaction: a reply or a handoff to be said, and that the turn is dealt with."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from sqlalchemy import select

from revivatui.bridge import captain_store, captain_talk
from revivatui.bridge.captain_deeds import Deed, HandOff, Reply
from revivatui.bridge.captain_note import note
from revivatui.bridge.captain_settings import CaptainSettings
from revivatui.bridge.captain_tables import SAYINGS
from revivatui.bridge.captain_talk import Talk, Turn
from revivatui.bridge.captain_words import farewell
from revivatui.crm.errors import CrmUnreachable
from revivatui.crm.store import Store
from revivatui.crm.store.work import Reader, Work

LOG: Final = logging.getLogger("revivatui.bridge")

REPLY: Final = "reply"
FAREWELL: Final = "farewell"
NOTE: Final = "note"
OPEN: Final = "open"
SOON: Final = 0.5
"""Seconds after which a turn is looked at again that waits for something being said."""
THINK_WITHIN: Final = 30.0
"""Seconds after which thinking is an error: the customer waits."""


class Mind(Protocol):
    """Decides what to answer."""

    async def ready(self) -> None:
        """Called once before the first turn; what fails here fails again in a turn."""
        ...

    async def think(self, talk: Talk, turn: Turn, tokens_left: int) -> Deed:
        """`tokens_left` is what a model may still use here today."""
        ...


class TurnWorker:
    def __init__(
        self,
        store: Store,
        account_id: int,
        mind: Mind,
        settings: CaptainSettings,
        clock: Callable[[], float],
        wanted: Callable[[], None],
    ) -> None:
        """`wanted` is called when something is to be said."""
        self._store = store
        self._account_id = account_id
        self._mind = mind
        self._settings = settings
        self._clock = clock
        self._wanted = wanted

    async def handle(self, row: Any) -> None:
        """Deal with one turn. Raises CrmError only where the database itself is away."""
        async with self._store.reading() as reader:
            talk = await captain_store.talk(reader, self._account_id, row.conversation_id)
            off = await captain_store.switched_off(reader)
            waiting = await captain_store.waiting(reader, self._account_id, row.conversation_id)
            spent = (await captain_store.counted(reader, captain_store.day_of(self._clock()))).get(
                "tokens", 0
            )
        turn = captain_talk.turn_of(talk) if talk is not None else None
        if talk is None or turn is None:
            await self._end(row, "nothing to answer")
            return
        if _is_decided(waiting, turn):
            await self._end(row, "decided", turn)
            return
        if any(one.begun for one in waiting):
            await self._put_off(row, "something is being said")
            return
        if captain_talk.answered_by_others(talk, turn) is not None:
            await self._leave_to_others(row, turn)
            return
        deed = await self._deed(talk, turn, off, spent)
        await self._keep(row, turn, deed)

    async def _deed(self, talk: Talk, turn: Turn, off: str, spent: int) -> Deed:
        given = self._settings
        if off:
            return HandOff("switched off")
        if captain_talk.is_with_a_person(talk):
            return HandOff("with a person")
        left = min(given.tokens_per_conversation - talk.tokens, given.tokens_per_day - spent)
        try:
            async with asyncio.timeout(THINK_WITHIN):
                return await self._mind.think(talk, turn, left)
        except CrmUnreachable:
            raise
        except Exception as error:
            LOG.exception("turn %s of #%s", turn.upto, talk.conversation_id)
            words = farewell("error", "pt" if talk.language == "pt" else "en")
            return HandOff("error", farewell=words, detail=f"({type(error).__name__})")

    # --- what is kept ----------------------------------------------------------------------------

    async def _keep(self, row: Any, turn: Turn, deed: Deed) -> None:
        """Unless the customer, or somebody else, said something while it was thought about."""
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            current = captain_talk.turn_of(talk) if talk is not None else None
            if talk is None or current is None:
                await captain_store.end_turn(work, row.id, "overtaken")
                return
            if current.upto != turn.upto or captain_talk.answered_by_others(talk, turn):
                await captain_store.count(work, "overtaken", now)
                return
            number = talk.conversation_id
            waiting = await captain_store.waiting(work, self._account_id, number)
            if any(one.begun for one in waiting):
                await captain_store.put_off_turn(
                    work, row.id, now + SOON, "something is being said", burn=False
                )
                return
            await captain_store.drop_waiting(work, self._account_id, number, "overtaken", now)
            if isinstance(deed, Reply):
                await self._keep_reply(work, talk, turn, deed, now)
            else:
                await self.keep_handoff(work, talk, turn, deed, now)
            if deed.tokens:
                await captain_store.count(work, "tokens", now, deed.tokens)
            await captain_store.end_turn(work, row.id, "decided")
        self._wanted()

    async def _keep_reply(
        self, work: Work, talk: Talk, turn: Turn, deed: Reply, now: float
    ) -> None:
        changed = replace(
            talk,
            language=deed.language,
            identity=deed.identity or talk.identity,
            tokens=talk.tokens + deed.tokens,
        )
        await captain_store.keep_talk(work, self._account_id, changed, now)
        told = {"intent": deed.intent, "sources": deed.sources, "doubt": deed.is_doubt}
        await captain_store.want(
            work,
            self._account_id,
            talk.conversation_id,
            REPLY,
            deed.words,
            for_message=turn.upto,
            reason=json.dumps(told, ensure_ascii=False),
            now=now,
        )

    async def keep_handoff(
        self, work: Work, talk: Talk, turn: Turn | None, deed: HandOff, now: float
    ) -> None:
        """The note comes before the opening: who is told of the conversation finds it there."""
        newest = talk.said[-1].id if talk.said else 0
        upto = turn.upto if turn is not None else newest
        given = await self._given(work, talk)
        await captain_store.keep_talk(
            work, self._account_id, captain_talk.leaving(talk, max(upto, newest)), now
        )
        steps = (FAREWELL, deed.farewell), (NOTE, note(talk, turn, deed, given)), (OPEN, "open")
        for kind, words in steps:
            if words:
                await captain_store.want(
                    work,
                    self._account_id,
                    talk.conversation_id,
                    kind,
                    words,
                    for_message=upto,
                    reason=deed.reason,
                    now=now,
                )

    async def _given(self, reader: Reader, talk: Talk) -> list[str]:
        """What the customer was told here, and from which sources."""
        columns = SAYINGS.c
        rows = await reader.rows(
            select(columns.words, columns.reason)
            .where(
                columns.account_id == self._account_id,
                columns.conversation_id == talk.conversation_id,
                columns.kind == REPLY,
                columns.state == "done",
                columns.for_message > talk.opened_message_id,
            )
            .order_by(columns.id)
        )
        lines = []
        for words, reason in rows:
            told = json.loads(reason)
            if told["sources"]:
                last = words.rpartition("\n\n")[2]
                lines.append(f"{last} [{', '.join(told['sources'])}]")
        return lines

    async def _leave_to_others(self, row: Any, turn: Turn) -> None:
        """Somebody else answered: nothing is said twice, and what comes next is a new turn."""
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            if talk is not None:
                after = replace(talk, dealt_with=max(talk.dealt_with, turn.upto))
                await captain_store.keep_talk(work, self._account_id, after, now)
                if captain_talk.turn_of(after) is not None:
                    return
            await captain_store.end_turn(work, row.id, "others answered")

    async def _end(self, row: Any, how: str, turn: Turn | None = None) -> None:
        """Unless the customer said something since that is not of this turn."""
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            current = captain_talk.turn_of(talk) if talk is not None else None
            if current is None or (turn is not None and current.upto == turn.upto):
                await captain_store.end_turn(work, row.id, how)

    async def _put_off(self, row: Any, words: str) -> None:
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            next_at = self._clock() + SOON
            await captain_store.put_off_turn(work, row.id, next_at, words, burn=False)


def _is_decided(waiting: Sequence[Any], turn: Turn) -> bool:
    """Whether an answer to this very turn is on its way already."""
    return any(one.kind == REPLY and one.for_message == turn.upto for one in waiting)
