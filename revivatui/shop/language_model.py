"""The language model that the shop was given (``CAPTAIN_OPEN_AI_ENDPOINT``), asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from revivatui.shop.clients import ONE_IDLE
from revivatui.shop.db import Row

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

Messages = list[dict[str, str]]

MODEL = {"3": "gpt-3.5-turbo", "4": "gpt-4o-mini"}
TIMEOUT_SECONDS = 60.0
MOST_CHARACTERS = 400_000
"""Of a conversation, its newest first."""


def by(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def said_in(shop: Shop, conversation: Row) -> list[tuple[bool, str]]:
    """The public messages, oldest first, and whether each is the customer's."""
    rows = shop.db.where("messages", conversation_id=conversation["id"], private=0)
    found: list[tuple[bool, str]] = []
    left = MOST_CHARACTERS
    for row in sorted(rows, key=lambda one: int(one["id"]), reverse=True):
        words = row["content"] or ""
        if row["message_type"] not in ("incoming", "outgoing") or not words:
            continue
        left -= len(words)
        if left < 0:
            break
        found.append((row["message_type"] == "incoming", words))
    return found[::-1]


async def asked(shop: Shop, key: str, messages: Messages) -> tuple[str | None, str]:
    """The model's text, or None and what went wrong. Given no server, the shop fails as one does
    whose provider cannot be reached: it asks nobody else."""
    endpoint = shop.openai_endpoint.rstrip("/")
    if not endpoint:
        return None, "Failed to open TCP connection to api.openai.com:443"
    body = {"model": MODEL[shop.version[0]], "messages": messages}
    try:
        async with httpx.AsyncClient(
            limits=ONE_IDLE, trust_env=False, timeout=TIMEOUT_SECONDS
        ) as http:
            response = await http.post(
                f"{endpoint}/v1/chat/completions",
                json=body,
                headers={"Authorization": f"Bearer {key}"} if key else {},
            )
        said = response.json()
        if not response.is_success:
            return None, str(said["error"]["message"])
        return str(said["choices"][0]["message"]["content"]), ""
    except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
        return None, str(error) or type(error).__name__
