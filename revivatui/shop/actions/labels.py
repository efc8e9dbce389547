"""What becomes of a label's conversations and contacts when it is renamed (contract 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.actions.contacts import labels_of as labels_of_contact
from revivatui.shop.actions.conversations import retag
from revivatui.shop.db import Row
from revivatui.shop.render.push import labels_of

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


def rename_later(shop: Shop, account_id: int, old: str, new: str) -> None:
    """Queue the renaming on everything that has the label: it moves last, and nobody is told."""

    def rename() -> None:
        for row in _tagged(shop, "conversations", "Conversation", account_id, old):
            labels = _renamed(labels_of(row), old, new)
            retag(shop, "Conversation", row["id"], labels)
            cached = ", ".join(labels)
            shop.db.update(
                "conversations", row["id"], cached_label_list=cached, updated_at=shop.now()
            )
        for row in _tagged(shop, "contacts", "Contact", account_id, old):
            retag(
                shop, "Contact", row["id"], _renamed(labels_of_contact(shop, row["id"]), old, new)
            )

    shop.worker.enqueue("labels", rename)


def _tagged(shop: Shop, table: str, kind: str, account_id: int, title: str) -> list[Row]:
    return shop.db.all(
        f"SELECT * FROM {table} WHERE account_id = ? AND id IN"
        " (SELECT taggable_id FROM taggings WHERE taggable_type = ? AND tag = ?) ORDER BY id",
        (account_id, kind, title),
    )


def _renamed(labels: list[str], old: str, new: str) -> list[str]:
    return [*(label for label in labels if label not in (old, new)), new]
