"""rack-attack as far as clients meet it (contract 12.1)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


class SignInThrottle:
    """Sign-in in fixed windows: 5 per IP and 5 minutes, 10 per e-mail and 15 minutes."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._order: deque[tuple[str, int]] = deque()

    def refuses(self, shop: Shop, address: str, email: str) -> bool:
        if shop.v4 and address in ("127.0.0.1", "::1"):
            return False
        now = shop.clock.now()
        by_address = self._count(f"ip:{address}", int(now // 300))
        by_email = self._count(f"email:{email}", int(now // 900)) if email else 0
        return by_address > 5 or by_email > 10

    def _count(self, key: str, window: int) -> int:
        slot = (key, window)
        if slot not in self._counts:
            self._order.append(slot)
            if len(self._order) > 10_000:
                del self._counts[self._order.popleft()]
        self._counts[slot] = self._counts.get(slot, 0) + 1
        return self._counts[slot]
