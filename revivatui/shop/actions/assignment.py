"""Who gets a conversation by itself: round robin, limits, policies, teams (contract 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.actions import policies
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
    policy = policies.followed(shop, inbox)
    free = _with_room(shop, inbox)
    if policy is not None:
        free = policies.within_fair_share(shop, inbox, policy, free)
    chosen = _take_turn(shop, inbox, free, balanced=policies.is_balanced(policy))
    if chosen is not None and policy is not None:
        policies.note(shop, inbox, chosen, conversation)
    return chosen


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
    allowed = [user for user in _with_room(shop, inbox) if user in members]
    return _take_turn(shop, inbox, allowed)


def _with_room(shop: Shop, inbox: Row) -> list[int]:
    """The inbox's members who hold fewer open conversations of it than it allows one of them."""
    members = members_of_inbox(shop, inbox["id"])
    limit = _limit_of(inbox)
    if not limit or not inbox["enable_auto_assignment"]:
        return members
    return [user for user in members if open_held(shop, inbox["id"], user) < limit]


def _limit_of(inbox: Row) -> int:
    """How many open conversations one member may hold; 0: any number."""
    given = str(inbox["auto_assignment_config"].get("max_assignment_limit") or "")
    return int(given) if given.isdecimal() else 0


def open_held(shop: Shop, inbox_id: int, user_id: int) -> int:
    """How many open conversations of the inbox a user is assigned to."""
    held: int = shop.db.value(
        "SELECT COUNT(*) FROM conversations WHERE inbox_id = ? AND assignee_id = ?"
        " AND status = 'open'",
        (inbox_id, user_id),
    )
    return held


def _take_turn(shop: Shop, inbox: Row, allowed: list[int], *, balanced: bool = False) -> int | None:
    """Who is online and next; ``balanced``: who of them holds the least, next where equal."""
    key = f"round_robin:{inbox['id']}"
    queue: list[int] = shop.db.setting(key, [])
    members = members_of_inbox(shop, inbox["id"])
    queue = [user for user in queue if user in members]
    queue += [user for user in members if user not in queue]
    there = [user for user in queue if user in allowed and _is_online(shop, inbox, user)]
    if not there:
        return None
    chosen = (
        min(there, key=lambda user: open_held(shop, inbox["id"], user)) if balanced else there[0]
    )
    queue.remove(chosen)
    shop.db.set_setting(key, [*queue, chosen])
    return chosen


def _is_online(shop: Shop, inbox: Row, user_id: int) -> bool:
    member = membership(shop, user_id, inbox["account_id"])
    return availability_status(shop, member) == "online"
