"""Telling the others that the agent types, no more often than they need to hear it."""

from __future__ import annotations

from revivatui.api.errors import ApiError
from revivatui.engine.context import LOG, Desk
from revivatui.engine.health import Health


class TypingSigns:
    """On when the agent begins, again before it runs out at the other end, off when done."""

    def __init__(self, desk: Desk, health: Health) -> None:
        self._desk = desk
        self._health = health
        self._told: dict[tuple[int, bool], float] = {}
        """(conversation, private) -> when "on" was last told."""

    def set(self, conversation_id: int, on: bool, private: bool) -> None:
        key, now = (conversation_id, private), self._desk.now()
        told = self._told.get(key)
        if on and told is not None and now - told < self._desk.timing.typing_again:
            return
        if not on and told is None:
            return
        if not self._health.online.is_set():
            self._told.pop(key, None)
            return
        if on:
            self._told[key] = now
        else:
            del self._told[key]
        self._desk.spawn(self._tell(conversation_id, on, private), "typing")

    async def _tell(self, conversation_id: int, on: bool, private: bool) -> None:
        """Nobody is helped by hearing that this failed."""
        try:
            await self._desk.ask(lambda client: client.typing(conversation_id, on, private))
        except ApiError as error:
            LOG.info("typing: %s", error.plain)
