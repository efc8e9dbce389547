"""Captain of the Enterprise edition, as far as its copilot goes. It lasts as long as the shop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Thread:
    """One agent's talk with the copilot; times in microseconds."""

    id: int
    title: str
    user_id: int
    assistant: dict[str, Any]
    account_id: int
    created_at: int
    messages: list[CopilotMessage] = field(default_factory=list)


@dataclass
class CopilotMessage:
    """What was said in a thread: "user", "assistant_thinking" or "assistant"."""

    id: int
    message_type: str
    message: dict[str, Any]
    created_at: int


@dataclass
class Captain:
    """The assistants somebody made, and what agents asked them."""

    assistants: list[dict[str, Any]] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    last_id: int = 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id
