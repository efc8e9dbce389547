"""Puts into the outbox what the shop's rules want done about what happened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
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
        if self._rules.dry_run:
            for line in would(rule):
                LOG.info("rule %s would %s of #%d", rule.name, line, conversation_id)
            return
        texts = {"note": rule.note, "message": rule.message}
        await act(work, self._place, rule, conversation_id, subject, texts, now=self._clock())


def would(rule: Rule) -> list[str]:
    """What it would do, for a dry run."""
    told = {"message": "send a message to the customer" if rule.may_send else "write a draft"}
    return [told.get(kind, f"set {kind}") for kind, _ in rule.actions]


async def act(
    work: Work,
    place: Place,
    rule: Rule,
    conversation_id: int,
    subject: str,
    texts: Mapping[str, str],
    *,
    now: float,
    may_send: bool = True,
) -> None:
    """Put into the outbox what a rule wants. `texts` are its note and message as they are to be
    written; a message goes to the customer only if the rule and the caller both let it."""
    key = f"rule:{rule.name}:{rule.version}:{subject}"
    for kind, value in rule.actions:
        if kind != "message":
            text = texts["note"] if kind == "note" else value
            wanted: tuple[str, str, str] = (kind, key, text)
        elif rule.may_send and may_send:
            wanted = (outbox.MESSAGE, key, texts["message"])
        else:
            wanted = (outbox.NOTE, f"{key}:draft", draft(rule, texts["message"]))
        await outbox.want_action(
            work, wanted[0], place.account_id, conversation_id, *wanted[1:], now=now
        )


def draft(rule: Rule, text: str) -> str:
    """A message that an agent looks at first, as a private note that says so."""
    return f"Draft for the customer, not sent (rule {rule.name}):\n\n{text}"
