"""The recorded account of ``lists-raw.jsonl.gz`` as a shop's database, and who asks there."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.datastructures import QueryParams

from revivatui.shop.db import Database
from revivatui.shop.lists import Asker
from revivatui.shop.load_raw import RawShop, load_raw

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
ACCOUNT_ID = 2
# The lists were asked on 2026-11-22, a while after the account's people were made.
ASKED_AT = 1_795_382_400.0


def rows_of(version: str, name: str) -> Iterator[dict[str, Any]]:
    """The rows of one recording, in order."""
    with gzip.open(RECORDINGS / version / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def open_raw(version: str) -> tuple[Database, RawShop]:
    """A fresh database with the recorded rows."""
    db = Database()
    return db, load_raw(db, rows_of(version, "lists-raw"), ACCOUNT_ID)


def asker(version: str, user_id: int, *, is_admin: bool = True, now: float = ASKED_AT) -> Asker:
    return Asker(ACCOUNT_ID, user_id, is_admin, version, now)


def query(text: str = "", /, **values: Any) -> QueryParams:
    """Parameters as a request brings them; a list gives its key several times."""
    pairs = list(QueryParams(text).multi_items())
    for key, value in values.items():
        pairs.extend((key, str(one)) for one in (value if isinstance(value, list) else [value]))
    return QueryParams(pairs)
