"""Puts into the outbox what the shop's rules want done about what happened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from revivatui.bridge import outbox, rules
from revivatui.bridge.news import Chat, Said
from revivatui.bridge.places import Place
from revivatui.bridge.rules import Rule, Rules
from revivatui.crm.store.work import Work

LOG: Final = logging.getLogger("revivatui.bridge")


class SettingOff:
    def __init__(self, place: Place, clock: Callable[[], float], given: Rules) -> None:
        self._place = place
        self._clock = clock
        self._rules = given

    async def by_message(self, work: Work, said: Said, chat: Chat, *, is_first: bool) -> None:
        """A message that was not known. What is old sets nothing off."""
        if said.created_at < self._clock() - rules.FRESH_SECONDS:
            return
        for rule in self._rules.rules:
            if rules.on_message(rule, said, is_first=is_first, status=chat.status):
                await self._act(work, rule, chat.id, f"msg:{said.id}")

    async def by_status(self, work: Work, chat: Chat) -> None:
        """A status that is another one than before."""
        for rule in self._rules.rules:
            if rules.on_status(rule, chat.status):
                moment = chat.version or int(self._clock() // 60)
                await self._act(work, rule, chat.id, f"conv:{chat.id}:{chat.status}:{moment}")

    async def _act(self, work: Work, rule: Rule, conversation_id: int, subject: str) -> None:
        """Once for each rule as it is now and each thing that set it off."""
        for kind, value in rule.actions:
            if self._rules.dry_run:
                LOG.info("rule %s would set %s of #%d", rule.name, kind, conversation_id)
                continue
            await outbox.want_action(
                work,
                kind,
                self._place.account_id,
                conversation_id,
                f"rule:{rule.name}:{rule.version}:{subject}",
                value,
                now=self._clock(),
            )
