"""Looks now and then whether something in the CRM sets a rule off, and acts once on each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from sqlalchemy import delete, select

from revivatui.bridge import moments
from revivatui.bridge.moments import Moment
from revivatui.bridge.places import Place
from revivatui.bridge.rules import RECORD_WHENS, Rule, Rules
from revivatui.bridge.setting_off import act, would
from revivatui.bridge.tables import FIRED
from revivatui.crm.store import Store
from revivatui.crm.store.work import Reader, Work
from revivatui.state.records import dataclass

LOG: Final = logging.getLogger("revivatui.bridge")
KEPT_SECONDS: Final = 30 * 86_400.0
"""How long it is kept that a rule acted: far longer than anything stays due."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a rule would do about a moment, and in which conversation. `is_theirs`: it is the
    customer's own, so that they may be written to."""

    moment: Moment
    conversation_id: int
    is_theirs: bool

    @property
    def mark(self) -> str:
        rule = self.moment.rule
        return f"{rule.name}:{rule.version}:{self.moment.mark}"

    @property
    def words(self) -> str:
        rule, does = self.moment.rule, ", ".join(would(self.moment.rule))
        return f"{rule.name}: {self.moment.about}: would {does} in #{self.conversation_id}"


class Clockwork:
    def __init__(
        self,
        store: Store,
        place: Place,
        clock: Callable[[], float],
        rules: Rules,
        told: Callable[[], None],
    ) -> None:
        """`told` is called when something is to be written."""
        self._store = store
        self._place = place
        self._clock = clock
        self._rules = rules
        self._told = told
        self._said: set[str] = set()

    async def look(self) -> int:
        """Act on what is due and was not acted on; gives how many there were. In a dry run it is
        said in the log, once."""
        deeds = await self.due()
        if self._rules.dry_run:
            for one in deeds:
                if one.mark not in self._said:
                    LOG.info("rule %s", one.words)
            self._said = {one.mark for one in deeds}
            return 0
        done = 0
        for one in deeds:
            async with self._store.unit_of_work() as work:
                done += await self._do(work, one)
        if done:
            self._told()
        return done

    async def due(self) -> list[Deed]:
        """What is due now, has somewhere to be told, and was not acted on."""
        wanted = [one for one in self._rules.rules if one.when in RECORD_WHENS]
        if not wanted:
            return []
        async with self._store.reading() as reader:
            return [one for rule in wanted for one in await self._of_rule(reader, rule)]

    async def _of_rule(self, reader: Reader, rule: Rule) -> list[Deed]:
        found = []
        for moment in await moments.due(reader, rule, self._clock()):
            deed = Deed(moment, *await moments.conversation_for(reader, self._place, moment))
            question = select(FIRED.c.at).where(FIRED.c.mark == deed.mark)
            if deed.conversation_id and await reader.row(question) is None:
                found.append(deed)
        return found

    async def _do(self, work: Work, deed: Deed) -> bool:
        """In one transaction with the mark that it was done."""
        now, rule, moment = self._clock(), deed.moment.rule, deed.moment
        await work.run(delete(FIRED).where(FIRED.c.at < now - KEPT_SECONDS))
        if not await work.insert_if_new(FIRED, {"mark": deed.mark, "at": now}):
            return False
        message, is_whole = moment.filled(rule.message)
        texts = {"note": moment.filled(rule.note)[0], "message": message}
        await act(
            work,
            self._place,
            rule,
            deed.conversation_id,
            moment.mark,
            texts,
            now=now,
            may_send=is_whole and deed.is_theirs,
        )
        return True
