"""What an assignment policy of 4.x asks for (contract 5.9, 14).

An enabled policy of an inbox gives each member no more than its fair share of what the inbox
assigns by itself, and says which of those who wait get somebody first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.db import Row

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

MICROS = 1_000_000
AT_ONCE = 100
ORDERS = {
    "longest_waiting": "last_activity_at, created_at",
    "earliest_created": "created_at",
}


def followed(shop: Shop, inbox: Row) -> Row | None:
    """The policy that the inbox follows, None without an enabled one."""
    return shop.db.one(
        "SELECT policy.* FROM assignment_policies AS policy"
        " JOIN inbox_assignment_policies AS placed ON placed.assignment_policy_id = policy.id"
        " WHERE placed.inbox_id = ? AND policy.enabled",
        (inbox["id"],),
    )


def is_balanced(policy: Row | None) -> bool:
    return policy is not None and policy["assignment_order"] == "balanced"


def within_fair_share(shop: Shop, inbox: Row, policy: Row, user_ids: list[int]) -> list[int]:
    """Those who got less by themselves, within the window, than the policy's limit."""
    since = int(shop.clock.now() - policy["fair_distribution_window"]) * MICROS
    return [
        user
        for user in user_ids
        if shop.db.value(
            "SELECT COUNT(*) FROM auto_assignments WHERE inbox_id = ? AND user_id = ?"
            " AND created_at > ?",
            (inbox["id"], user, since),
        )
        < policy["fair_distribution_limit"]
    ]


def note(shop: Shop, inbox: Row, user_id: int, conversation: Row) -> None:
    """Remember who got what by itself."""
    shop.db.insert(
        "auto_assignments",
        inbox_id=inbox["id"],
        user_id=user_id,
        conversation_id=conversation["id"],
        created_at=shop.now(),
    )


def waiting(shop: Shop) -> list[Row]:
    """Open conversations without an assignee in inboxes that follow a policy, in its order."""
    rows: list[Row] = []
    for inbox in shop.db.all(
        "SELECT inboxes.* FROM inboxes JOIN inbox_assignment_policies AS placed"
        " ON placed.inbox_id = inboxes.id WHERE inboxes.enable_auto_assignment ORDER BY inboxes.id"
    ):
        if (policy := followed(shop, inbox)) is not None:
            rows += shop.db.all(
                "SELECT * FROM conversations WHERE inbox_id = ? AND status = 'open'"
                f" AND assignee_id IS NULL ORDER BY {ORDERS[policy['conversation_priority']]}"
                " LIMIT ?",
                (inbox["id"], AT_ONCE),
            )
    return rows
