"""What the server does by the clock: every five minutes snoozes that are over end, idle
conversations are resolved, and inboxes with a policy give away what waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from revivatui.shop.actions import auto_resolve, conversations, policies

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

EVERY_SECONDS = 300.0
THREE_DAYS = 3 * 86400


def start(shop: Shop) -> None:
    """Begin the rounds, on the shop's clock (needs a running loop)."""

    def round_() -> None:
        for work in (reopen_snoozed, auto_resolve.resolve_idle, assign_waiting):
            shop.worker.enqueue("schedule", _bound(work, shop))
        shop.clock.call_later(EVERY_SECONDS, round_)

    shop.clock.call_later(EVERY_SECONDS, round_)


def _bound(work: Callable[[Shop], None], shop: Shop) -> Callable[[], None]:
    return lambda: work(shop)


def reopen_snoozed(shop: Shop) -> None:
    """Open what was snoozed until a moment that has come, at most three days ago."""
    now = shop.clock.now()
    due = shop.db.all(
        "SELECT * FROM conversations WHERE status = 'snoozed' AND snoozed_until BETWEEN ? AND ?",
        (int((now - THREE_DAYS) * 1_000_000), int(now * 1_000_000)),
    )
    for row in due:
        conversations.update(shop, row, status="open")


def assign_waiting(shop: Shop) -> None:
    """Give what waits in inboxes with a policy to whoever has come meanwhile."""
    for row in policies.waiting(shop):
        conversations.assign_next(shop, row)
