"""The server's notifications for this agent: asked for when somebody looks, read when told so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError, NotFound
from revivatui.engine.context import Desk, sentence
from revivatui.state.events import NotificationsLoaded
from revivatui.state.events_desk import NotificationsRead

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient


class Noticed:
    """What the screen of notifications asks for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def load(self) -> None:
        """The newest ones, those that were read among them."""
        self._desk.spawn(self._load(), "loading notifications")

    async def _load(self) -> None:
        """Raises any `ApiError`."""
        found = await self._desk.ask(lambda client: client.notifications(with_read=True))
        self._desk.dispatch(
            NotificationsLoaded(
                found.notifications, found.unread_count, self._desk.now(), with_read=True
            )
        )

    def read(self, notification_id: int) -> None:
        """Mark one read."""
        held = self._desk.state.notifications.get(notification_id)
        if held is None or held.read_at is None:
            work = self._read(lambda client: client.read_notification(notification_id))
            self._desk.dispatch(NotificationsRead((notification_id,), self._desk.now()))
            self._desk.spawn(work, "marking a notification read")

    def read_all(self) -> None:
        """Mark all read."""
        work = self._read(lambda client: client.read_all_notifications())
        self._desk.dispatch(NotificationsRead(None, self._desk.now()))
        self._desk.spawn(work, "marking all notifications read")

    async def _read(self, call: Callable[[ChatwootClient], Awaitable[None]]) -> None:
        try:
            await self._desk.ask(call)
        except NotFound:
            return  # deleted meanwhile: nothing is left to read
        except ApiError as error:
            self._desk.tell("warning", f"Not marked read. {sentence(error)}")
            await self._load()
