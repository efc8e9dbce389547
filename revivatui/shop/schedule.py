"""What the server does by the clock: every five minutes snoozes that are over end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.actions import conversations

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

EVERY_SECONDS = 300.0
THREE_DAYS = 3 * 86400


def start(shop: Shop) -> None:
    """Begin the rounds, on the shop's clock (needs a running loop)."""

    def round_() -> None:
        shop.worker.enqueue("schedule", lambda: reopen_snoozed(shop))
        shop.clock.call_later(EVERY_SECONDS, round_)

    shop.clock.call_later(EVERY_SECONDS, round_)


def reopen_snoozed(shop: Shop) -> None:
    """Open what was snoozed until a moment that has come, at most three days ago."""
    now = shop.clock.now()
    due = shop.db.all(
        "SELECT * FROM conversations WHERE status = 'snoozed' AND snoozed_until BETWEEN ? AND ?",
        (int((now - THREE_DAYS) * 1_000_000), int(now * 1_000_000)),
    )
    for row in due:
        conversations.update(shop, row, status="open")
