"""Calls about the agent's own desk: notifications, and drafts kept for all (contract 2.4, 5.7)."""

from __future__ import annotations

from typing import Final

from revivatui.api import convert
from revivatui.api.answers import Notifications
from revivatui.api.calls_conversations import Calls
from revivatui.api.schemas.drafts import Draft
from revivatui.api.schemas.notifications import NotificationPage

NOTIFICATIONS_PER_PAGE: Final = 15


class DeskCalls(Calls):
    """Notifications, and the server's own draft of a conversation."""

    async def notifications(self, page: int = 1, *, with_read: bool = False) -> Notifications:
        """Unread ones that are not snoozed, newest first, 15 a page (contract 5.7)."""
        params: dict[str, str | int | list[str]] = {"page": page}
        if with_read:
            params["includes[]"] = ["read"]
        path = self._account_path("notifications")
        answer = await self._transport.ask(NotificationPage, "GET", path, params=params)
        rows = answer.data.payload
        return Notifications(
            notifications=tuple(map(convert.notification, rows)),
            unread_count=(answer.data.meta.unread_count if answer.data.meta else None) or 0,
            last=len(rows) < NOTIFICATIONS_PER_PAGE,
        )

    async def read_notification(self, notification_id: int) -> None:
        path = self._account_path(f"notifications/{notification_id}")
        await self._transport.ask(type(None), "PATCH", path, json={})

    async def read_all_notifications(self) -> None:
        """No event tells of it (contract 5.7)."""
        path = self._account_path("notifications/read_all")
        await self._transport.ask(type(None), "POST", path, json={})

    async def draft(self, conversation_id: int) -> str:
        """What the server keeps for a conversation, shared by all agents; "" for nothing."""
        path = self._path(conversation_id, "/draft_messages")
        answer = await self._transport.ask(Draft, "GET", path)
        return (answer.message or "") if answer.has_draft else ""

    async def put_draft(self, conversation_id: int, text: str) -> None:
        """Put a text in place of what the server keeps for a conversation, for all agents."""
        path = self._path(conversation_id, "/draft_messages")
        body = {"draft_message": {"message": text}}
        await self._transport.ask(type(None), "PATCH", path, json=body)
