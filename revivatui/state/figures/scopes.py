"""Whose figures are asked for: the account's, an agent's, an inbox's, a team's or a label's."""

from __future__ import annotations

from typing import Final, NamedTuple

ACCOUNT: Final = "account"
AGENT: Final = "agent"
INBOX: Final = "inbox"
LABEL: Final = "label"
TEAM: Final = "team"
KINDS: Final = (ACCOUNT, AGENT, INBOX, LABEL, TEAM)


class Scope(NamedTuple):
    """What `type` and `id` name (contract 6.1). Conversations belong to it as they stand now.

    An agent's messages are those the agent sent, an agent's events those that name the agent.
    """

    kind: str = ACCOUNT
    id: int | None = None
    title: str = ""
    """A label's own word: conversations carry the word, not the id."""


class Span(NamedTuple):
    """A stretch of time in epoch seconds: from `since` on, before `until`."""

    since: float
    until: float

    @property
    def previous(self) -> Span:
        """The equally long stretch right before."""
        return Span(self.since - (self.until - self.since), self.since)
