"""rack-attack as far as clients meet it: fixed windows, no Retry-After (contract 12.1).

4.x lets requests from the machine itself pass, which is where this server listens; 3.x counts
them all, right sign-ins too.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

SAFE = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Rule:
    """At most ``limit`` requests a ``seconds`` window for each value of ``by``: the caller's
    address, the e-mail in the body, the account in the path, or who signs the request (its token
    or session). ``since`` "4" is a rule that 3.9.0 does not have."""

    name: str
    method: str
    path: re.Pattern[str]
    by: str
    limit: int
    seconds: int
    since: str = "3"


SIGN_IN = re.compile(r"/auth/sign_in")
PASSWORD = re.compile(r"/auth/password")
ACCOUNT = r"/api/v1/accounts/(?P<account>\d+)"
REPORTS = re.compile(r"/api/v2/accounts/(?P<account>\d+)/reports.*")
RULES = (
    Rule("sign-in", "POST", SIGN_IN, "address", 5, 300),
    Rule("sign-in as", "POST", SIGN_IN, "email", 10, 900),
    Rule("password", "POST", PASSWORD, "address", 5, 1800),
    Rule("password of", "POST", PASSWORD, "email", 5, 3600),
    Rule("search", "GET", re.compile(f"{ACCOUNT}/contacts/search"), "account", 100, 60),
    Rule("upload", "POST", re.compile(f"{ACCOUNT}/upload"), "account", 60, 3600),
    Rule(
        "transcript",
        "POST",
        re.compile(rf"{ACCOUNT}/conversations/\d+/transcript"),
        "account",
        30,
        3600,
    ),
    Rule("reports of one", "GET", REPORTS, "signer", 100, 60, since="4"),
    Rule("reports", "GET", REPORTS, "account", 1000, 60, since="4"),
)


class Throttle:
    """Counts requests by rule, caller and window."""

    def __init__(self) -> None:
        self.safe: tuple[str, ...] = SAFE
        """Addresses that 4.x lets pass; emptied, it counts requests of this machine too."""
        self._counts: dict[tuple[str, str, int], int] = {}
        self._order: deque[tuple[str, str, int]] = deque()

    def refuses(
        self, shop: Shop, method: str, path: str, address: str, email: str, signer: str = ""
    ) -> bool:
        """Count a request; true when a rule has had enough of it."""
        if shop.v4 and address in self.safe:
            return False
        refused = False
        for rule in RULES:
            found = rule.path.fullmatch(path) if rule.method == method else None
            if found is None or (rule.since == "4" and not shop.v4):
                continue
            named = {"address": address, "email": email, "signer": signer}
            who = named[rule.by] if rule.by in named else "".join(found.groups(""))
            if who:
                window = int(shop.clock.now() // rule.seconds)
                refused |= self._count(rule.name, who, window) > rule.limit
        return refused

    def _count(self, name: str, who: str, window: int) -> int:
        slot = (name, who, window)
        if slot not in self._counts:
            self._order.append(slot)
            if len(self._order) > 10_000:
                del self._counts[self._order.popleft()]
        self._counts[slot] = self._counts.get(slot, 0) + 1
        return self._counts[slot]
