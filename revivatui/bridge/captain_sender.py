"""Says what captain decided, with the bot's own token, each thing once.

A bot cannot read, so whether a try whose answer was lost was heard is known from its own echo, or
from the bridge's user, who may look. Where neither can tell, the customer is not told twice: people
get the conversation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final

from sqlalchemy import update

from revivatui.api.client import ChatwootClient
from revivatui.api.errors import ApiError, AuthExpired, Forbidden, Invalid, NotFound, RateLimited
from revivatui.bridge import captain_store, captain_talk, known
from revivatui.bridge.captain_bodies import MARK
from revivatui.bridge.captain_deeds import HandOff
from revivatui.bridge.captain_tables import SAYINGS
from revivatui.bridge.captain_talk import PENDING, Heard, Talk, Teller
from revivatui.bridge.captain_worker import FAREWELL, NOTE, OPEN, REPLY, TurnWorker
from revivatui.bridge.retrying import SCHEDULE, Breaker, jittered
from revivatui.crm.errors import CrmUnreachable
from revivatui.crm.store import Store
from revivatui.crm.store.work import Work
from revivatui.text.safe import safe_line

LOG: Final = logging.getLogger("revivatui.bridge")

LATE: Final = 900.0
"""Seconds after which an answer is no answer any more: people get the conversation."""
PAUSE: Final = 60.0
"""Seconds for which a server that refuses the bot is left alone."""
PAUSED: Final = "captain:paused"
"""The fact that tells why nothing is said."""
_MOST_PAGES: Final = 5
_LONGEST_ERROR: Final = 300


class SayingWorker:
    def __init__(
        self,
        store: Store,
        bot: ChatwootClient,
        eyes: ChatwootClient,
        account_id: int,
        turns: TurnWorker,
        clock: Callable[[], float],
        random: Random,
        wanted: Callable[[], None],
    ) -> None:
        """`bot` speaks; `eyes` is the bridge's user, who only looks. `wanted` is called when a
        turn is to be thought about again."""
        self._store = store
        self._bot = bot
        self._eyes = eyes
        self._account_id = account_id
        self._turns = turns
        self._clock = clock
        self._random = random
        self._wanted = wanted
        self._breaker = Breaker(clock)
        self._ahead = 0.0
        """By how much the server's clock is ahead of ours."""

    async def handle(self, row: Any) -> None:
        """Deal with one row. Raises CrmError only where the database itself is away."""
        if (wait := self._breaker.wait()) > 0:
            await self._put_off(row, wait, "", burn=False)
            return
        if await self._is_held_back(row):
            return
        try:
            await self._say(row)
        except CrmUnreachable:
            raise
        except Exception as error:
            await self._failed(row, error)
        else:
            self._breaker.worked()

    # --- before ----------------------------------------------------------------------------------

    async def _is_held_back(self, row: Any) -> bool:
        """Look once more, in the transaction that begins it: whether captain may still speak,
        and whether it still is an answer."""
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            off = await captain_store.switched_off(work)
            why = _why_not(row, talk, off, now) if not row.begun else ""
            if not why:
                return not await captain_store.begin(work, row.id)
            await captain_store.drop(work, row.id, why, now)
            if row.kind == REPLY:
                await captain_store.count(work, "held back", now)
                await self._think_again(work, talk, now)
            if row.kind == OPEN and talk is not None:
                await self._is_away(work, talk, now)
        self._wanted()
        return True

    async def _think_again(self, work: Work, talk: Talk | None, now: float) -> None:
        """What was not said leaves a customer without an answer."""
        if talk is not None and captain_talk.turn_of(talk) is not None:
            await captain_store.want_turn(
                work, self._account_id, talk.conversation_id, now, 0.0, again=False
            )

    async def _is_away(self, work: Work, talk: Talk, now: float) -> None:
        after = captain_talk.left(talk, now + self._ahead)
        await captain_store.keep_talk(work, self._account_id, after, now)

    # --- saying ----------------------------------------------------------------------------------

    async def _say(self, row: Any) -> None:
        if row.kind == OPEN:
            await self._open(row)
            return
        if row.begun:
            found = await self._is_heard(row)
            if found is None:
                await self._give_up(row)
                return
            if found or await self._is_overtaken(row):
                return
        said = await self._bot.send(
            row.conversation_id,
            row.words,
            private=row.kind == NOTE,
            reference=reference(row.id),
            channel=await self._channel(row.conversation_id),
        )
        self._ahead = said.created_at - self._clock()
        who = said.sender.id if said.sender is not None else 0
        await self._said(row, said.id, said.created_at, who)

    async def _open(self, row: Any) -> None:
        await self._bot.set_status(row.conversation_id, "open")
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            if not await captain_store.done(work, row.id, now):
                return
            await captain_store.count(work, f"handed off: {row.reason}", now)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            if talk is not None:
                await self._is_away(work, talk, now)

    async def _said(self, row: Any, message_id: int, at: float, who: int) -> None:
        """It is said: in one transaction with what that means for the conversation."""
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            if not await captain_store.done(work, row.id, now):
                return
            if who:
                await known.keep_fact(work, captain_store.OWN_ID, str(who))
            teller: Teller = "note" if row.kind == NOTE else "captain"
            heard = Heard(message_id, teller, row.words, at, 0, reference(row.id))
            await captain_store.keep_heard(work, self._account_id, row.conversation_id, heard)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            if row.kind == REPLY and talk is not None:
                await captain_store.keep_talk(work, self._account_id, _answered(talk, row), now)
                await captain_store.count(work, "answered", now)
            await known.keep_fact(work, PAUSED, "")

    async def _channel(self, conversation_id: int) -> str:
        async with self._store.reading() as reader:
            talk = await captain_store.talk(reader, self._account_id, conversation_id)
        return talk.channel if talk is not None else ""

    # --- whether it was heard --------------------------------------------------------------------

    async def _is_heard(self, row: Any) -> bool | None:
        """Whether an earlier try arrived; None where nobody can tell."""
        async with self._store.reading() as reader:
            talk = await captain_store.talk(reader, self._account_id, row.conversation_id)
        for one in talk.said if talk is not None else ():
            if one.reference == reference(row.id):
                await self._said(row, one.id, one.at, 0)
                return True
        try:
            return await self._look(row)
        except (AuthExpired, Forbidden, NotFound):
            return None

    async def _look(self, row: Any) -> bool:
        after = row.for_message
        for _ in range(_MOST_PAGES):
            page = await self._eyes.messages(row.conversation_id, after=after)
            for one in page.messages:
                sender = one.sender
                is_bots = sender is not None and sender.kind == "agent_bot"
                marked = one.reference == reference(row.id)
                if marked or (is_bots and not one.reference and one.content == row.words):
                    await self._said(row, one.id, one.created_at, sender.id if sender else 0)
                    return True
            if page.complete or not page.messages:
                return False
            after = page.messages[-1].id
        return False

    async def _is_overtaken(self, row: Any) -> bool:
        """A try that did not arrive may be no answer any more."""
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            off = await captain_store.switched_off(work)
            why = _why_not(row, talk, off, now)
            if not why:
                return False
            await captain_store.drop(work, row.id, why, now)
            if row.kind == REPLY:
                await captain_store.count(work, "held back", now)
                await self._think_again(work, talk, now)
        self._wanted()
        return True

    async def _give_up(self, row: Any, words: str = "nobody can tell whether it arrived") -> None:
        """Not said again. Where it was an answer, people see to it."""
        now = self._clock()
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            await captain_store.drop(work, row.id, words, now)
            talk = await captain_store.talk(work, self._account_id, row.conversation_id, lock=True)
            turn = captain_talk.turn_of(talk) if talk is not None else None
            if row.kind == REPLY and talk is not None and turn is not None:
                deed = HandOff("unsure", detail=f"({words})")
                await self._turns.keep_handoff(work, talk, turn, deed, now)

    # --- trouble ---------------------------------------------------------------------------------

    async def _failed(self, row: Any, error: Exception) -> None:
        words = str(error) if isinstance(error, ApiError) else type(error).__name__
        if isinstance(error, RateLimited):
            await self._put_off(row, error.wait, words, burn=False)
        elif isinstance(error, AuthExpired | Forbidden):
            LOG.error("captain may not speak: %s", words)
            async with self._store.unit_of_work() as work:
                await captain_store.alone(work)
                await known.keep_fact(work, PAUSED, safe_line(words)[:_LONGEST_ERROR])
            await self._put_off(row, PAUSE, words, burn=False)
        elif isinstance(error, NotFound):
            await self._give_up(row, "the conversation is gone")
        elif isinstance(error, Invalid):
            await self._give_up(row, f"the server refused it: {words}")
        else:
            if isinstance(error, ApiError):
                self._breaker.failed()
            else:
                LOG.exception("%s of #%s", row.kind, row.conversation_id)
            wait = SCHEDULE[min(row.attempts, 3)]
            await self._put_off(row, jittered(wait, self._random), words, burn=True)

    async def _put_off(self, row: Any, wait: float, words: str, *, burn: bool) -> None:
        values: dict[str, Any] = {"next_at": self._clock() + wait}
        if words:
            values["error"] = safe_line(words)[:_LONGEST_ERROR]
        if burn:
            values["attempts"] = SAYINGS.c.attempts + 1
        async with self._store.unit_of_work() as work:
            await captain_store.alone(work)
            await work.run(
                update(SAYINGS)
                .where(SAYINGS.c.id == row.id, SAYINGS.c.state == "new")
                .values(**values)
            )


def reference(row_id: str) -> str:
    """What a message of captain's carries, so that it can be found again."""
    return f"{MARK}{row_id}"


def _why_not(row: Any, talk: Talk | None, off: str, now: float) -> str:
    """Why something is not to be said any more; "" where it is."""
    if talk is None:
        return "the conversation is gone"
    if row.kind == OPEN:
        return "" if talk.status in ("", PENDING) else "people have it"
    if row.kind == NOTE:
        return ""
    if off:
        return "captain is switched off"
    if talk.status not in ("", PENDING):
        return "people have it"
    if row.kind == FAREWELL:
        return ""
    if now - row.created_at > LATE:
        return "it came too late"
    turn = captain_talk.turn_of(talk)
    if turn is None or turn.upto != row.for_message:
        return "overtaken"
    return "others answered" if captain_talk.answered_by_others(talk, turn) else ""


def _answered(talk: Talk, row: Any) -> Talk:
    """What a reply means for its conversation."""
    is_doubt = json.loads(row.reason)["doubt"]
    return replace(
        talk,
        dealt_with=max(talk.dealt_with, row.for_message),
        turns=talk.turns + 1,
        doubts=talk.doubts + 1 if is_doubt else 0,
        introduced=True,
    )
