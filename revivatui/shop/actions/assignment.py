"""Who gets a conversation by itself: round robin, teams (contract 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.db import Row
from revivatui.shop.presence import availability_status
from revivatui.shop.queries import members_of_inbox, must, team_members
from revivatui.shop.render.people import membership

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


def auto_assign(shop: Shop, conversation: Row) -> bool:
    """Give a new open conversation to the next agent; true if it was."""
    if conversation["status"] != "open":
        return False
    if well_assigned(shop, conversation, conversation["assignee_id"]):
        return False
    chosen = next_agent(shop, conversation)
    if chosen is None:
        return False
    shop.db.update("conversations", conversation["id"], assignee_id=chosen)
    return True


def well_assigned(shop: Shop, conversation: Row, assignee_id: int | None) -> bool:
    """There is an assignee, and a member of the inbox."""
    return assignee_id is not None and assignee_id in members_of_inbox(
        shop, conversation["inbox_id"]
    )


def next_agent(shop: Shop, conversation: Row) -> int | None:
    """The next online member in the inbox's queue, who then goes to its end."""
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    if not inbox["enable_auto_assignment"]:
        return None
    members = members_of_inbox(shop, inbox["id"])
    limit = inbox["auto_assignment_config"].get("max_assignment_limit")
    free = [user for user in members if _has_room(shop, inbox["id"], user, limit)]
    return _take_turn(shop, inbox, free)


def assignee_for_team(
    shop: Shop, conversation: Row, team_id: int | None, assignee_id: int | None
) -> int | None:
    """The assignee after a change of team: dropped if outside it, found if the team does so."""
    team = shop.db.get("teams", team_id)
    if team is None:
        return assignee_id
    members = team_members(shop, team["id"])
    if assignee_id is not None and assignee_id in members:
        return assignee_id
    if not team["allow_auto_assign"]:
        return None
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    allowed = [user for user in members_of_inbox(shop, inbox["id"]) if user in members]
    return _take_turn(shop, inbox, allowed)


def _has_room(shop: Shop, inbox_id: int, user_id: int, limit: int | None) -> bool:
    if not limit:
        return True
    held: int = shop.db.value(
        "SELECT COUNT(*) FROM conversations WHERE inbox_id = ? AND assignee_id = ?"
        " AND status = 'open'",
        (inbox_id, user_id),
    )
    return held < int(limit)


def _take_turn(shop: Shop, inbox: Row, allowed: list[int]) -> int | None:
    key = f"round_robin:{inbox['id']}"
    queue: list[int] = shop.db.setting(key, [])
    members = members_of_inbox(shop, inbox["id"])
    queue = [user for user in queue if user in members]
    queue += [user for user in members if user not in queue]
    for user_id in queue:
        member = membership(shop, user_id, inbox["account_id"])
        if user_id in allowed and availability_status(shop, member) == "online":
            queue.remove(user_id)
            shop.db.set_setting(key, [*queue, user_id])
            return user_id
    return None
