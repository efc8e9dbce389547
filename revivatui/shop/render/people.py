"""Users, agents, teams and members on the wire (contract 1.4, 5.1, 5.2, 7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.presence import availability_status
from revivatui.shop.render.files import avatar_url
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


def available_name(user: Row) -> str:
    return str(user["display_name"] or user["name"])


def membership(shop: Shop, user_id: int, account_id: int) -> Row | None:
    return shop.db.one(
        "SELECT * FROM account_users WHERE user_id = ? AND account_id = ?", (user_id, account_id)
    )


def agent(shop: Shop, user: Row, account_id: int) -> dict[str, Any]:
    """The agent object of REST answers; presence is always that of the account."""
    member = membership(shop, user["id"], account_id)
    view: dict[str, Any] = {
        "id": user["id"],
        "account_id": account_id if member else None,
        "availability_status": availability_status(shop, member),
        "auto_offline": member["auto_offline"] if member else None,
        "confirmed": user["confirmed"],
        "email": user["email"],
    }
    if shop.v4:
        view["provider"] = user["provider"]
    view["available_name"] = available_name(user)
    if user["custom_attributes"]:
        view["custom_attributes"] = user["custom_attributes"]
    view |= {
        "name": user["name"],
        "role": member["role"] if member else None,
        "thumbnail": avatar_url(shop, user),
    }
    if shop.v4:
        view["custom_role_id"] = None
    return view


def agents(shop: Shop, users: list[Row], account_id: int) -> list[dict[str, Any]]:
    return [agent(shop, user, account_id) for user in users]


def team(shop: Shop, row: Row, user: Row | None) -> dict[str, Any]:
    member = user is not None and shop.db.find(
        "team_members", team_id=row["id"], user_id=user["id"]
    )
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "allow_auto_assign": row["allow_auto_assign"],
        "account_id": row["account_id"],
        "is_member": bool(member),
    }


def profile(shop: Shop, user: Row) -> dict[str, Any]:
    """The user object (contract 1.4)."""
    members = shop.db.all(
        "SELECT account_users.*, accounts.name AS account_name, accounts.status AS account_status"
        " FROM account_users JOIN accounts ON accounts.id = account_users.account_id"
        " WHERE user_id = ? ORDER BY account_users.id",
        (user["id"],),
    )
    first = max(members, key=lambda row: row["active_at"] or 0) if members else None
    view: dict[str, Any] = {
        "access_token": shop.db.value(
            "SELECT token FROM access_tokens WHERE owner_type = 'User' AND owner_id = ?",
            (user["id"],),
        ),
        "account_id": first["account_id"] if first else None,
        "available_name": available_name(user),
        "avatar_url": avatar_url(shop, user),
        "confirmed": user["confirmed"],
        "display_name": user["display_name"],
        "message_signature": user["message_signature"],
        "email": user["email"],
        "id": user["id"],
        "inviter_id": first["inviter_id"] if first else None,
        "name": user["name"],
        "provider": user["provider"],
        "pubsub_token": user["pubsub_token"],
    }
    if user["custom_attributes"]:
        view["custom_attributes"] = user["custom_attributes"]
    view |= {
        "role": first["role"] if first else None,
        "ui_settings": user["ui_settings"],
        "uid": user["uid"],
        "type": user["type"],
        "accounts": [_profile_account(shop, row) for row in members],
    }
    return view


def _profile_account(shop: Shop, member: Row) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": member["account_id"],
        "name": member["account_name"],
        "status": member["account_status"],
        "active_at": iso(member["active_at"]),
        "role": member["role"],
    }
    if shop.v4:
        view["permissions"] = [member["role"]]
    view |= {
        "availability": member["availability"],
        "availability_status": availability_status(shop, member),
        "auto_offline": member["auto_offline"],
    }
    if shop.v4:
        view |= {"custom_role_id": None, "custom_role": None}
    return view


def user_push(shop: Shop, user: Row, account_id: int) -> dict[str, Any]:
    """A user in cable payloads; the presence is known only inside an account's request."""
    status = None
    if shop.current.in_account:
        status = availability_status(shop, membership(shop, user["id"], account_id))
    return {
        "id": user["id"],
        "name": user["name"],
        "available_name": available_name(user),
        "avatar_url": avatar_url(shop, user),
        "type": "user",
        "availability_status": status,
        "thumbnail": avatar_url(shop, user),
    }


def bot_push(shop: Shop, bot: Row) -> dict[str, Any]:
    return {"id": bot["id"], "name": bot["name"], "avatar_url": "", "type": "agent_bot"}


def bot_slim(shop: Shop, bot: Row) -> dict[str, Any]:
    """A bot as the assignee of a conversation, 4.x."""
    return {
        "id": bot["id"],
        "name": bot["name"],
        "description": bot["description"],
        "thumbnail": "",
        "outgoing_url": bot["outgoing_url"],
        "bot_type": bot["bot_type"],
    }
