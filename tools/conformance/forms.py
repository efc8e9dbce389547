"""Rebuilding what was sent as a form, or not kept, from the answer that it got."""

from __future__ import annotations

import hashlib
import hmac
import io
import mimetypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import Image

from tools.conformance.mapping import Mapping
from tools.conformance.recording import Call

Json = Any
NOT_JSON = b"{this is not json"
_HEADS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/gif": b"GIF89a",
    "application/pdf": b"%PDF-1.4\n",
}
_JSON_OF_CONTENT = len('{"content": ""}')


@dataclass
class Form:
    """A multipart form: text fields and files (field, (name, bytes, type))."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, tuple[str, bytes, str]]] = field(default_factory=list)


Sizes = dict[int, tuple[int, int]]


def picture_sizes(rows: Iterable[Json]) -> Sizes:
    """Attachment id -> width and height, as far as any row tells them."""
    sizes: Sizes = {}
    waiting = list(rows)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if {"id", "file_type"} <= value.keys() and value.get("width") and value.get("height"):
                sizes[value["id"]] = (value["width"], value["height"])
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return sizes


def body_of(call: Call, sizes: Sizes) -> tuple[Json, Form | bytes | None]:
    """The JSON body, or the form or raw bytes that were sent in its place."""
    if isinstance(call.body, dict) and set(call.body) == {"_long"}:
        return {"content": "x" * max(0, call.body["_long"] - _JSON_OF_CONTENT)}, None
    if not call.form:
        return call.body, None
    if isinstance(call.body, dict):
        return None, Form(dict(_fields(call.body)), _form_of(call.answer, sizes).files)
    if call.status == 400:
        return None, NOT_JSON
    return None, _form_of(call.answer, sizes)


def _fields(body: dict[str, Json], around: str = "") -> Iterator[tuple[str, str]]:
    """A body as the fields of a form: ``{"a": {"b": 1}}`` -> ``a[b]=1``."""
    for key, value in body.items():
        name = f"{around}[{key}]" if around else key
        if isinstance(value, dict):
            yield from _fields(value, name)
        elif isinstance(value, list):
            for one in value:
                yield f"{name}[]", _text(one)
        else:
            yield name, _text(value)


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _form_of(answer: Json, sizes: Sizes) -> Form:
    form = Form()
    if not isinstance(answer, dict):
        return form
    message = answer if "message_type" in answer else _message_in(answer)
    for key in ("content", "echo_id", "source_id"):
        if isinstance(message.get(key), str):
            form.fields[key] = message[key]
    if message.get("private"):
        form.fields["private"] = "true"
    for attachment in message.get("attachments") or []:
        form.files.append(("attachments[]", _file(attachment, sizes)))
    return form


def _message_in(answer: dict[str, Json]) -> dict[str, Json]:
    messages = answer.get("messages")
    return messages[0] if isinstance(messages, list) and messages else answer


def _file(attachment: dict[str, Json], sizes: Sizes) -> tuple[str, bytes, str]:
    """A file of the recorded name, size and kind; a picture is a real one where it fits."""
    name = unquote(urlsplit(str(attachment.get("data_url") or "")).path.rsplit("/", 1)[-1])
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = str(attachment.get("file_type"))
    if kind in ("image", "audio", "video") and not re.match(kind, guessed):
        guessed = {"image": "image/png", "audio": "audio/mpeg", "video": "video/mp4"}[kind]
    size = int(attachment.get("file_size") or 0)
    head = _HEADS.get(guessed, b"")
    if attachment.get("id") in sizes:
        picture = io.BytesIO()
        form = guessed.removeprefix("image/").upper()
        Image.new("1", sizes[attachment["id"]]).save(picture, form)
        head = picture.getvalue() if len(picture.getvalue()) <= size else head
    return name or "file", (head + b"x" * max(0, size - len(head)))[:size], guessed


def rehashed(own: Json, recorded: Json, mapping: Mapping) -> Json:
    """The body with an identifier hash of our inbox's key, where the recorded one was right."""
    if not isinstance(recorded, dict) or not isinstance(recorded.get("identifier_hash"), str):
        return own
    identifier = str(recorded.get("identifier"))
    for key, own_key in mapping.token_pairs():
        if identifier_hash(key, identifier) == recorded["identifier_hash"]:
            return {**own, "identifier_hash": identifier_hash(own_key, str(own["identifier"]))}
    return own


def identifier_hash(key: str, identifier: str) -> str:
    """HMAC-SHA256 of the identifier with an inbox's ``hmac_token``, hex (contract 9)."""
    return hmac.new(key.encode(), identifier.encode(), hashlib.sha256).hexdigest()
