"""What the server would have measured while a drafted conversation went on (contract 6.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revivatui.shop.seed.drafts import MICROS, DraftConversation, DraftMessage


@dataclass(frozen=True, slots=True)
class Measure:
    """A reporting event: from when to when, in microseconds, and whose it is."""

    name: str
    since: int
    until: int
    user_id: int | None

    @property
    def seconds(self) -> float:
        """The difference of whole seconds."""
        return float(self.until // MICROS - self.since // MICROS)


def measures_of(draft: DraftConversation, *, v4: bool) -> Iterator[Measure]:
    """First response, later answers to a customer who waited, the resolution."""
    replied = False
    waits: int | None = None
    for message in draft.messages:
        if message.kind == "incoming" and waits is None:
            waits = message.at
        elif _answers(message):
            if not replied:
                user_id = message.author if v4 else draft.assignee
                yield Measure("first_response", draft.created_at, message.at, user_id)
            elif waits is not None:
                yield Measure("reply_time", waits, message.at, draft.assignee)
            replied, waits = True, None
        elif draft.status == "resolved" and _resolves(message):
            yield Measure("conversation_resolved", draft.created_at, message.at, draft.assignee)


def _answers(message: DraftMessage) -> bool:
    return message.kind == "outgoing" and message.is_chat and message.author is not None


def _resolves(message: DraftMessage) -> bool:
    return message.kind == "activity" and "marked resolved" in (message.content or "")
