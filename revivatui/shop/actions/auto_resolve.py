"""Resolving what nobody has touched for long, as the account wishes (contract 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.actions import conversations
from revivatui.shop.actions.messages import create_message
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.push import labels_of

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

AT_ONCE = 100
DAY_MINUTES = 1440
MINUTE_MICROS = 60_000_000


def resolve_idle(shop: Shop) -> None:
    """Each account's open conversations without activity for its time, up to a hundred."""
    for account in shop.db.where("accounts"):
        minutes = idle_minutes(shop, account)
        if not minutes:
            continue
        before = int(shop.clock.now() * 1_000_000) - minutes * MINUTE_MICROS
        settings = account["settings"] if shop.v4 else {}
        waiting_too = (
            ""
            if not settings.get("auto_resolve_ignore_waiting")
            else (" AND waiting_since IS NULL")
        )
        for row in shop.db.all(
            "SELECT * FROM conversations WHERE account_id = ? AND status = 'open'"
            f" AND last_activity_at < ?{waiting_too} ORDER BY id LIMIT ?",
            (account["id"], before, AT_ONCE),
        ):
            _resolve(shop, row, settings)


def idle_minutes(shop: Shop, account: Row) -> int | None:
    """After how many minutes the account's conversations are resolved; None: never."""
    if shop.v4:
        minutes: int | None = account["settings"].get("auto_resolve_after")
        return minutes
    days: int | None = account["auto_resolve_duration"]
    return days * DAY_MINUTES if days else None


def _resolve(shop: Shop, row: Row, settings: dict[str, str]) -> None:
    if text := settings.get("auto_resolve_message"):
        create_message(shop, row, message_type="template", content=text)
    if label := settings.get("auto_resolve_label"):
        fresh = must(shop, "conversations", row["id"])
        conversations.set_labels(shop, fresh, [*labels_of(fresh), label])
    conversations.update(shop, must(shop, "conversations", row["id"]), status="resolved")
