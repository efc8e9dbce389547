"""Small questions to the database that several parts ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

UNREAD_CAP = 10


def unread_count(shop: Shop, conversation: Row) -> int:
    """Incoming messages that no agent has seen, at most ten (contract 2.1)."""
    count: int = shop.db.value(
        "SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE conversation_id = ?"
        " AND message_type = 'incoming' AND created_at > ? LIMIT ?)",
        (conversation["id"], conversation["agent_last_seen_at"] or 0, UNREAD_CAP),
    )
    return count


def last_message(shop: Shop, conversation_id: int) -> Row | None:
    """The newest message of any kind."""
    return shop.db.one(
        "SELECT * FROM messages WHERE conversation_id = ? ORDER BY created_at DESC LIMIT 1",
        (conversation_id,),
    )


def last_chat_message(shop: Shop, conversation_id: int) -> Row | None:
    """The newest that is neither private nor an activity line."""
    return shop.db.one(
        "SELECT * FROM messages WHERE conversation_id = ? AND message_type != 'activity'"
        " AND NOT private ORDER BY created_at DESC LIMIT 1",
        (conversation_id,),
    )


def last_non_activity_message(shop: Shop, conversation_id: int) -> Row | None:
    return shop.db.one(
        "SELECT * FROM messages WHERE conversation_id = ? AND message_type != 'activity'"
        " ORDER BY created_at DESC LIMIT 1",
        (conversation_id,),
    )


def must(shop: Shop, table: str, row_id: Any) -> Row:
    """A row that exists by construction. Raises LookupError when it does not."""
    row = shop.db.get(table, row_id)
    if row is None:
        raise LookupError(f"{table} has no row {row_id}")
    return row


def members_of_inbox(shop: Shop, inbox_id: int) -> list[int]:
    return shop.db.column(
        "SELECT user_id FROM inbox_members WHERE inbox_id = ? ORDER BY id", (inbox_id,)
    )


def administrators(shop: Shop, account_id: int) -> list[int]:
    return shop.db.column(
        "SELECT user_id FROM account_users WHERE account_id = ? AND role = 'administrator'"
        " ORDER BY id",
        (account_id,),
    )


def assignable_agents(shop: Shop, inbox_id: int, account_id: int) -> list[int]:
    """Members of the inbox and administrators of the account, as user ids."""
    return list(
        dict.fromkeys([*members_of_inbox(shop, inbox_id), *administrators(shop, account_id)])
    )


def may_see_inbox(shop: Shop, user_id: int, inbox_id: int, account_id: int) -> bool:
    return user_id in assignable_agents(shop, inbox_id, account_id)


def visible_inboxes(shop: Shop, user_id: int, account_id: int) -> list[int]:
    """Inbox ids that a member sees: all for administrators, else those it belongs to."""
    if user_id in administrators(shop, account_id):
        return shop.db.column(
            "SELECT id FROM inboxes WHERE account_id = ? ORDER BY id", (account_id,)
        )
    return shop.db.column(
        "SELECT inboxes.id FROM inboxes JOIN inbox_members ON inbox_members.inbox_id = inboxes.id"
        " WHERE inboxes.account_id = ? AND inbox_members.user_id = ? ORDER BY inboxes.id",
        (account_id, user_id),
    )


def team_members(shop: Shop, team_id: int) -> list[int]:
    return shop.db.column(
        "SELECT user_id FROM team_members WHERE team_id = ? ORDER BY id", (team_id,)
    )


def users_by_id(shop: Shop, user_ids: list[int]) -> list[Row]:
    """The users in the order of their ids given; unknown ones are left out."""
    found = (shop.db.get("users", user_id) for user_id in user_ids)
    return [user for user in found if user is not None]
