"""How things stand now (contract 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.figures.scopes import Scope, Where
from revivatui.shop.presence import availability_status
from revivatui.shop.render.files import avatar_url

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

AGENTS_PER_PAGE = 25
GROUPS = ("team_id", "assignee_id")
UNATTENDED = "(first_reply_created_at IS NULL OR waiting_since IS NOT NULL)"
_COUNTS = (
    "COUNT(*) AS open,"
    f" COUNT(CASE WHEN {UNATTENDED} THEN 1 END) AS unattended,"
    " COUNT(CASE WHEN assignee_id IS NULL THEN 1 END) AS unassigned"
)


def account_now(shop: Shop, account_id: int) -> dict[str, int]:
    """``reports/conversations?type=account``: it looks for pending ones among the open."""
    return _counts(shop, Scope(account_id).conversations()) | {"pending": 0}


def team_now(shop: Shop, account_id: int, team_id: int | None) -> dict[str, int]:
    """``live_reports/conversation_metrics``, of one team or of all."""
    where = _of_team(account_id, team_id)
    pending = where.also("status = 'pending'")
    return _counts(shop, where) | {
        "pending": shop.db.value(
            f"SELECT COUNT(*) FROM conversations WHERE {pending.sql}", pending.values
        )
    }


def _of_team(account_id: int, team_id: int | None) -> Where:
    where = Scope(account_id).conversations()
    return where if team_id is None else where.also("team_id = ?", team_id)


def _counts(shop: Shop, where: Where) -> dict[str, int]:
    where = where.also("status = 'open'")
    row = shop.db.one(f"SELECT {_COUNTS} FROM conversations WHERE {where.sql}", where.values)
    assert row is not None
    return row


def grouped_now(
    shop: Shop, account_id: int, team_id: int | None, group: str
) -> list[dict[str, Any]]:
    """``live_reports/grouped_conversation_metrics``: who has no open conversation is missing."""
    where = _of_team(account_id, team_id).also("status = 'open'")
    return shop.db.all(
        f"SELECT {_COUNTS}, {group} FROM conversations WHERE {where.sql}"
        f" GROUP BY {group} ORDER BY {group} NULLS LAST",
        where.values,
    )


def agents_now(shop: Shop, account_id: int, page: int) -> list[dict[str, Any]]:
    """``reports/conversations?type=agent``: a page of members, the busiest of it first."""
    members = shop.db.all(
        "SELECT * FROM account_users WHERE account_id = ? ORDER BY id LIMIT ? OFFSET ?",
        (account_id, AGENTS_PER_PAGE, (page - 1) * AGENTS_PER_PAGE),
    )
    views = []
    for member in members:
        user = shop.db.get("users", member["user_id"])
        assert user is not None
        counts = _counts(shop, Scope(account_id, "agent", user["id"]).conversations())
        views.append(
            {
                "id": user["id"],
                "name": user["name"],
                "email": user["email"],
                "thumbnail": avatar_url(shop, user),
                "availability": availability_status(shop, member),
                "metric": {"open": counts["open"], "unattended": counts["unattended"]},
            }
        )
    # Sorted upwards and turned round, as the server does: of equals the later member is first.
    return sorted(views, key=lambda view: view["metric"]["open"])[::-1]
