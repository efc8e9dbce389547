"""Agent bots (contract 5.6)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr

from revivatui.api.schemas.base import Line, Wire


def _text_only(value: object) -> object:
    return value if isinstance(value, str) else None


class AgentBot(Wire):
    """`access_token` is the text itself where a bot is shown; in an inbox's bot it is a whole row,
    which nobody needs."""

    id: int
    name: Line | None = None
    description: Line | None = None
    outgoing_url: Line | None = None
    account_id: int | None = None
    access_token: Annotated[SecretStr | None, BeforeValidator(_text_only)] = None
    secret: SecretStr | None = None


class InboxBot(Wire):
    """`{}` where an inbox has none."""

    agent_bot: AgentBot | None = Field(default=None)
