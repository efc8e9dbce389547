"""Who is at a desk or in a chat now (contract 13): a TTL of 20 s on the shop's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.clock import Clock

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

TTL_SECONDS = 20.0


class Presence:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._users: dict[int, float] = {}
        self._contacts: dict[int, float] = {}

    def see_user(self, user_id: int) -> None:
        self._users[user_id] = self._clock.now()

    def see_contact(self, contact_id: int) -> None:
        self._contacts[contact_id] = self._clock.now()

    def user_here(self, user_id: int) -> bool:
        return self._here(self._users.get(user_id))

    def contact_here(self, contact_id: int) -> bool:
        return self._here(self._contacts.get(contact_id))

    def contacts_here(self) -> list[int]:
        return [contact for contact, seen in self._contacts.items() if self._here(seen)]

    def _here(self, seen: float | None) -> bool:
        return seen is not None and seen > self._clock.now() - TTL_SECONDS


def users_here(shop: Shop, account_id: int) -> dict[str, str]:
    """Connected users, and all with ``auto_offline`` off, with the availability they chose."""
    rows = shop.db.where("account_users", account_id=account_id)
    return {
        str(row["user_id"]): row["availability"]
        for row in rows
        if not row["auto_offline"] or shop.presence.user_here(row["user_id"])
    }


def availability_status(shop: Shop, account_user: dict[str, Any] | None) -> str | None:
    """What others see of a member: chosen availability while here, else offline."""
    if account_user is None:
        return None
    here = not account_user["auto_offline"] or shop.presence.user_here(account_user["user_id"])
    return str(account_user["availability"]) if here else "offline"


def presence_of_user(shop: Shop, account_id: int) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "users": users_here(shop, account_id),
        "contacts": {str(contact): "online" for contact in shop.presence.contacts_here()},
    }


def presence_of_contact(shop: Shop, account_id: int) -> dict[str, Any]:
    return {"account_id": account_id, "users": users_here(shop, account_id)}
