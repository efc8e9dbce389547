"""Signed file URLs (contract 0, 3.5) and the blobs behind them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from revivatui.shop.db import Row

if TYPE_CHECKING:
    from pathlib import Path

    from revivatui.shop.world import Shop

REPRESENTABLE = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})


def sign(shop: Shop, blob_id: int, purpose: str = "blob_id") -> str:
    """Active Storage's signed id: base64 of a message, two dashes, its signature."""
    message = json.dumps({"_rails": {"data": blob_id, "pur": purpose}}, separators=(",", ":"))
    encoded = base64.b64encode(message.encode()).decode()
    digest = hmac.new(shop.secret, encoded.encode(), hashlib.sha256).hexdigest()[:40]
    return f"{encoded}--{digest}"


def verified_blob(shop: Shop, signed_id: Any, purpose: str = "blob_id") -> Row | None:
    """The blob of a signed id, or None when the signature is wrong."""
    encoded, dashes, digest = str(signed_id).partition("--")
    good = hmac.new(shop.secret, encoded.encode(), hashlib.sha256).hexdigest()[:40]
    if not dashes or not hmac.compare_digest(good, digest):
        return None
    message = json.loads(base64.b64decode(encoded))["_rails"]
    return shop.db.get("blobs", message["data"]) if message["pur"] == purpose else None


def blob_url(shop: Shop, blob: Row) -> str:
    return (
        f"{shop.base_url}/rails/active_storage/blobs/redirect/"
        f"{sign(shop, blob['id'])}/{quote(blob['filename'])}"
    )


def thumb_url(shop: Shop, blob: Row) -> str:
    """A picture's 250 x 250 variant (this server answers it with the picture itself)."""
    variation = base64.b64encode(b'{"_rails":{"data":{"resize_to_fill":[250,null]}}}').decode()
    return (
        f"{shop.base_url}/rails/active_storage/representations/redirect/"
        f"{sign(shop, blob['id'])}/{variation}--variation/{quote(blob['filename'])}"
    )


def avatar_url(shop: Shop, row: Row) -> str:
    blob = shop.db.get("blobs", row["avatar_blob_id"]) if row.get("avatar_blob_id") else None
    return thumb_url(shop, blob) if blob else ""


def blob_path(shop: Shop, blob: Row) -> Path:
    key: str = blob["key"]
    return shop.data_dir / "storage" / key[:2] / key
