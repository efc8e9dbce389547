"""The demo shop's sources, made from the shop itself as the pane makes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evaluation.rows import corpus_row
from revivatui.copilot.library_of import canned_source, once_each, price_sources, resolved_source
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Said, Teller
from revivatui.crm.demo_catalogue import services
from revivatui.shop.clock import Clock
from revivatui.shop.seed import make_people, seed_shop
from revivatui.shop.world import create_shop
from revivatui.text.safe import safe

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

SEED: Final = 7
NOW: Final = 1_795_450_000.0
SETS: Final = Path(__file__).parent / "sets"
CORPUS: Final = SETS / "demo_corpus.jsonl"


def shop_sources() -> tuple[Source, ...]:
    """Canned responses, price list and resolved replies of the demo."""
    shop = create_shop("4.10.1", clock=Clock(NOW, frozen=True), people=make_people(SEED))
    try:
        seed_shop(shop, seed=SEED)
        canned = [
            canned_source(row["short_code"], safe(row["content"]))
            for row in shop.db.where("canned_responses")
        ]
        prices = [one for item in services() for one in price_sources(item)]
        return (*canned, *prices, *once_each(_resolved(shop)))
    finally:
        asyncio.run(shop.close())


def write_corpus(path: Path = CORPUS) -> int:
    """Write the corpus as rows of a set; how many."""
    sources = shop_sources()
    path.write_text(corpus_text(sources), encoding="utf-8")
    return len(sources)


def corpus_text(sources: tuple[Source, ...]) -> str:
    """One row a line."""
    return "".join(json.dumps(corpus_row(one), ensure_ascii=False) + "\n" for one in sources)


def _resolved(shop: Shop) -> Iterator[Source]:
    staff = [str(name) for name in shop.db.column("SELECT name FROM users")]
    for row in shop.db.all(
        "SELECT c.id, c.cached_label_list AS labels, k.name FROM conversations c"
        " JOIN contacts k ON k.id = c.contact_id WHERE c.status = 'resolved' ORDER BY c.id"
    ):
        names = [str(row["name"]), *staff]
        found = resolved_source(
            row["id"], _said(shop, row["id"]), names=names, category=row["labels"] or ""
        )
        if found is not None:
            yield found


def _said(shop: Shop, conversation_id: int) -> list[Said]:
    rows = shop.db.all(
        "SELECT id, message_type, private, content FROM messages WHERE conversation_id = ?"
        " AND message_type IN ('incoming', 'outgoing') AND content IS NOT NULL ORDER BY id",
        (conversation_id,),
    )
    return [
        Said(row["id"], _teller(row["message_type"], bool(row["private"])), safe(row["content"]))
        for row in rows
    ]


def _teller(kind: str, private: bool) -> Teller:
    if private:
        return "note"
    return "customer" if kind == "incoming" else "agent"
