"""How often a model was asked in this session, and when it may not be asked without a key press.

Where somebody agreed to drafts at once, a flood of messages would be a flood of requests: they are
few for a conversation and for a day, and end where the model keeps failing.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from revivatui.copilot.model.frames import Usage

HOUR, DAY = 3600.0, 86_400.0
MOST_OF_CONVERSATION: Final = 6
"""Requests without a key press for one conversation in an hour."""
MOST_OF_DAY: Final = 300
FAILURES: Final = 3
"""In a row, after which only a key press asks; one answer makes it good."""


class Meter:
    """Counts requests and tokens; times are seconds of any clock."""

    def __init__(self) -> None:
        self.requests = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self._failures = 0
        self._at_once: deque[tuple[float, int]] = deque()

    def may_ask_at_once(self, conversation_id: int, now: float) -> bool:
        """Whether one more request may go without a key press."""
        while self._at_once and self._at_once[0][0] <= now - DAY:
            self._at_once.popleft()
        of_hour = [one for at, one in self._at_once if at > now - HOUR]
        return (
            self._failures < FAILURES
            and len(self._at_once) < MOST_OF_DAY
            and of_hour.count(conversation_id) < MOST_OF_CONVERSATION
        )

    def asked(self, conversation_id: int, now: float, *, at_once: bool) -> None:
        """A request went out."""
        self.requests += 1
        if at_once:
            self._at_once.append((now, conversation_id))

    def answered(self, usage: Usage | None) -> None:
        self._failures = 0
        if usage is not None:
            self.prompt_tokens += usage.prompt
            self.completion_tokens += usage.completion

    def failed(self) -> None:
        self._failures += 1
