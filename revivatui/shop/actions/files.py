"""Files on disk: blobs of attachments and avatars (contract 3.5)."""

from __future__ import annotations

import base64
import hashlib
import io
import mimetypes
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.files import blob_path

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
VIDEOS = frozenset({"video/ogg", "video/mp4", "video/webm", "video/quicktime"})


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name may hold anything, the blob's keeps only the last part."""

    filename: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class StoredUpload(Upload):
    """A file that was uploaded before and is named by its blob."""

    blob_id: int = 0


def kind_of(content_type: str) -> str:
    """``file_type`` of a MIME type."""
    if content_type in IMAGES:
        return "image"
    if content_type in VIDEOS:
        return "video"
    return "audio" if content_type.startswith("audio/") else "file"


def store(shop: Shop, upload: Upload) -> Row:
    """Write a file below the data directory; returns its blob row."""
    name = PurePosixPath(upload.filename.replace("\\", "/")).name or "blob"
    content_type = upload.content_type or mimetypes.guess_type(name)[0] or ""
    checksum = base64.b64encode(hashlib.md5(upload.data, usedforsecurity=False).digest()).decode()
    row_id = shop.db.insert(
        "blobs",
        key=secrets.token_hex(14),
        filename=name,
        content_type=content_type or "application/octet-stream",
        byte_size=len(upload.data),
        checksum=checksum,
        created_at=shop.now(),
    )
    blob = must(shop, "blobs", row_id)
    path = blob_path(shop, blob)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(upload.data)
    if not shop.quiet:
        shop.worker.enqueue("analyze", lambda: analyze(shop, row_id))
    return blob


def analyze(shop: Shop, blob_id: int) -> None:
    """Fill in a picture's size; no event tells of it."""
    blob = shop.db.get("blobs", blob_id)
    if blob is None or blob["content_type"] not in IMAGES:
        return
    from PIL import Image

    try:
        with Image.open(io.BytesIO(blob_path(shop, blob).read_bytes())) as picture:
            width, height = picture.size
    except (OSError, ValueError):
        return
    shop.db.update(
        "blobs", blob_id, metadata={**blob["metadata"], "width": width, "height": height}
    )


def attach(shop: Shop, message: Row, uploads: Sequence[Upload]) -> None:
    for upload in uploads:
        if isinstance(upload, StoredUpload):
            blob = must(shop, "blobs", upload.blob_id)
        else:
            blob = store(shop, upload)
        shop.db.insert(
            "attachments",
            account_id=message["account_id"],
            message_id=message["id"],
            file_type=kind_of(blob["content_type"]),
            blob_id=blob["id"],
            created_at=shop.now(),
            updated_at=shop.now(),
        )


def remove(shop: Shop, attachment: Row) -> None:
    """Drop an attachment and, by a job as the server does, its file."""
    shop.db.delete("attachments", attachment["id"])
    blob = shop.db.get("blobs", attachment["blob_id"])
    if blob is None:
        return
    path = blob_path(shop, blob)

    def purge() -> None:
        shop.db.delete("blobs", blob["id"])
        path.unlink(missing_ok=True)

    shop.worker.enqueue("purge", purge)
