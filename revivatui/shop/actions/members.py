"""What becomes of a member who was taken out of an account (contract 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.db import Row

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


def leave_later(shop: Shop, user: Row, account_id: int) -> None:
    """Queue the leaving of a user who is no member any more.

    Inboxes, teams and notification settings go, and every conversation that the user held
    loses its assignee, without an event. A user of no other account is deleted, tokens and all.
    """
    shop.worker.enqueue("leave", lambda: _leave(shop, user["id"], account_id))
    if shop.db.find("account_users", user_id=user["id"]) is None:
        shop.worker.enqueue("delete", lambda: _delete(shop, user["id"]))


def _leave(shop: Shop, user_id: int, account_id: int) -> None:
    with shop.db.transaction():
        for table, column, owner in (
            ("inbox_members", "inbox_id", "inboxes"),
            ("team_members", "team_id", "teams"),
        ):
            shop.db.execute(
                f"DELETE FROM {table} WHERE user_id = ? AND {column} IN"
                f" (SELECT id FROM {owner} WHERE account_id = ?)",
                (user_id, account_id),
            )
        for sql in (
            "DELETE FROM notification_settings WHERE user_id = ? AND account_id = ?",
            "UPDATE conversations SET assignee_id = NULL WHERE assignee_id = ? AND account_id = ?",
        ):
            shop.db.execute(sql, (user_id, account_id))


def _delete(shop: Shop, user_id: int) -> None:
    """The user with everything of his own; what he wrote stays, without a sender."""
    if shop.db.find("account_users", user_id=user_id) is not None:
        return
    with shop.db.transaction():
        for sql in (
            "DELETE FROM access_tokens WHERE owner_type = 'User' AND owner_id = ?",
            "DELETE FROM sessions WHERE user_id = ?",
            "DELETE FROM notifications WHERE user_id = ?",
            "DELETE FROM custom_filters WHERE user_id = ?",
            "DELETE FROM mentions WHERE user_id = ?",
            "DELETE FROM conversation_participants WHERE user_id = ?",
            "DELETE FROM macros WHERE created_by_id = ? AND visibility = 'personal'",
            "UPDATE csat_survey_responses SET assigned_agent_id = NULL WHERE assigned_agent_id = ?",
            "UPDATE messages SET sender_id = NULL, sender_type = NULL"
            " WHERE sender_type = 'User' AND sender_id = ?",
        ):
            shop.db.execute(sql, (user_id,))
        shop.db.delete("users", user_id)
