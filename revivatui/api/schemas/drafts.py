"""The server's own draft of a conversation (contract 2.4)."""

from __future__ import annotations

from revivatui.api.schemas.base import Text, Wire


class Draft(Wire):
    """`GET C/draft_messages`: one text a conversation, shared by all agents, without a time."""

    has_draft: bool = False
    message: Text | None = None
