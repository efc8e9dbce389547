"""Files at their signed URLs, and uploads ahead of a message (contract 0, 2.4, 5.6)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, RedirectResponse, Response

from revivatui.shop.actions.files import Upload, store
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import files
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import conversation_of
from revivatui.shop.rest.base import Answer, Call, Route, not_found, unprocessable
from revivatui.shop.rest.params import hash_of, integer

INLINE = re.compile(r"image/(png|jpeg|gif|webp|bmp)|audio/|video/|application/pdf|text/plain")


def redirect(call: Call) -> Answer:
    """The signed URL answers with a redirect to the blob itself."""
    blob = _blob(call)
    target = (
        f"{call.shop.base_url}/rails/active_storage/disk/"
        f"{files.sign(call.shop, blob['id'], 'blob_key')}/{quote(blob['filename'])}"
    )
    return RedirectResponse(target, 302)


def _blob(call: Call) -> Row:
    blob = files.verified_blob(call.shop, call.path["signed_id"])
    if blob is None:
        not_found()
    return blob


def disk(call: Call) -> Answer:
    blob = files.verified_blob(call.shop, call.path["signed_id"], "blob_key")
    path = files.blob_path(call.shop, blob) if blob else None
    if blob is None or path is None or not path.exists():
        return Response(b"", 404)
    shown = INLINE.match(blob["content_type"])
    return FileResponse(
        path,
        media_type=blob["content_type"],
        filename=blob["filename"],
        content_disposition_type="inline" if shown else "attachment",
    )


def direct_upload(call: Call) -> Answer:
    """Announce a file: the answer says where to PUT it."""
    conversation_of(call)
    wanted = hash_of(call.params.get("blob"))
    if not wanted.get("filename"):
        unprocessable("param is missing or the value is empty: blob")
    upload = Upload(str(wanted["filename"]), str(wanted.get("content_type") or ""), b"")
    blob = store(call.shop, upload)
    size = integer(wanted.get("byte_size")) or 0
    call.shop.db.update("blobs", blob["id"], byte_size=size, checksum=wanted.get("checksum"))
    return _announced(call, must(call.shop, "blobs", blob["id"]))


def _announced(call: Call, blob: Row) -> dict[str, Any]:
    token = files.sign(call.shop, blob["id"], "blob_token")
    return {
        "id": blob["id"],
        "key": blob["key"],
        "filename": blob["filename"],
        "content_type": blob["content_type"],
        "metadata": blob["metadata"],
        "service_name": "local",
        "byte_size": blob["byte_size"],
        "checksum": blob["checksum"],
        "created_at": iso(blob["created_at"]),
        "signed_id": files.sign(call.shop, blob["id"]),
        "attachable_sgid": files.sign(call.shop, blob["id"], "attachable"),
        "direct_upload": {
            "url": f"{call.shop.base_url}/rails/active_storage/disk/{token}",
            "headers": {"Content-Type": blob["content_type"]},
        },
    }


def upload(call: Call) -> Answer:
    """A file for later use (an avatar, an article)."""
    sent = call.params.get("attachment")
    if not isinstance(sent, Upload):
        unprocessable("No file or URL provided")
    blob = store(call.shop, sent)
    url = files.blob_url(call.shop, blob)
    if call.shop.v4:
        return {"file_url": url, "blob_id": files.sign(call.shop, blob["id"])}
    return {"file_url": url, "blob_key": blob["key"], "blob_id": blob["id"]}


def put_file(call: Call) -> Answer:
    """The PUT of an announced file."""
    blob = files.verified_blob(call.shop, call.path["signed_id"], "blob_token")
    if blob is None:
        not_found()
    files.blob_path(call.shop, blob).write_bytes(call.raw)
    call.shop.db.update("blobs", blob["id"], byte_size=len(call.raw))
    return Response(b"", 204)


A = "/api/v1/accounts/{account_id}"
S = "/rails/active_storage"
ROUTES = [
    Route("GET", f"{S}/blobs/redirect/{{signed_id}}/{{filename}}", redirect, "anyone"),
    Route(
        "GET",
        f"{S}/representations/redirect/{{signed_id}}/{{variation}}/{{filename}}",
        redirect,
        "anyone",
    ),
    Route("GET", f"{S}/disk/{{signed_id}}/{{filename}}", disk, "anyone"),
    Route("PUT", f"{S}/disk/{{signed_id}}", put_file, "anyone"),
    Route("POST", f"{A}/conversations/{{conversation_id}}/direct_uploads", direct_upload),
    Route("POST", f"{A}/upload", upload),
]
