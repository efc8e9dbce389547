"""E-mails rebuilt from the messages that they became, and delivered to our shop's intake."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import unquote, urlsplit

from tools.conformance.events import data_of, event_of
from tools.conformance.mapping import Mapping
from tools.conformance.recording import Mail, Run

Json = Any


def mail_messages(run: Run, mail: Mail | None = None) -> list[Json]:
    """The messages that e-mails became, each in its fullest form (with its files).

    With ``mail`` only those that were first heard of between it and the next.
    """
    fullest: dict[int, Json] = {}
    first: dict[int, float] = {}
    for time, message in _messages(run):
        if message.get("content_type") != "incoming_email":
            continue
        number = message["id"]
        first[number] = min(time, first.get(number, time))
        if number not in fullest or message.get("attachments"):
            fullest[number] = message
    numbers = [
        number for number in sorted(first) if mail is None or _is_of(run, mail, first[number])
    ]
    return [fullest[number] for number in numbers]


def _is_of(run: Run, mail: Mail, heard: float) -> bool:
    later = [one.time for one in run.actions if isinstance(one, Mail) and one.time > mail.time]
    return mail.time <= heard < min(later, default=math.inf)


def _messages(run: Run) -> Iterator[tuple[float, Json]]:
    for heard in run.heard:
        if event_of(heard.frame, heard.hook) == "message.created":
            yield heard.time, data_of(heard.frame, heard.hook)
    for call in run.calls:
        answer: Json = call.answer
        payload = answer.get("payload") if isinstance(answer, dict) else None
        if call.path.endswith("/messages") and isinstance(payload, list):
            yield from ((call.time, message) for message in payload)


def raw_mail(message: Json, mapping: Mapping) -> bytes:
    """The e-mail as it must have come in."""
    mail = message["content_attributes"]["email"]
    sender = message.get("sender") or {}
    own = mapping.own_text
    head = [
        f"From: {_address(str(sender.get('name') or ''), mail['from'][0])}",
        f"To: {', '.join(own(one) for one in mail['to'])}",
        f"Subject: {Header(mail['subject'], 'utf-8').encode()}",
        f"Message-ID: <{mail['message_id']}>",
    ]
    if mail.get("cc"):
        head.append(f"Cc: {', '.join(mail['cc'])}")
    if mail.get("date"):
        head.append(f"Date: {format_datetime(datetime.fromisoformat(mail['date']))}")
    if mail.get("in_reply_to"):
        head.append(f"In-Reply-To: <{mail['in_reply_to']}>")
        head.append(f"References: <{mail['in_reply_to']}>")
    head.append("MIME-Version: 1.0")
    head.append(f"Content-Type: {mail['content_type']}")
    body = _body(message, mail)
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _address(name: str, address: str) -> str:
    return formataddr((name, address), "utf-8")


def _body(message: Json, mail: Json) -> bytes:
    texts = [("plain", mail["text_content"]), ("html", mail["html_content"])]
    texts = [(kind, text) for kind, text in texts if text]
    if not mail["multipart"]:
        return str(texts[0][1]["full"]).encode() if texts else b""
    boundary = re.search(r'boundary="?([^";]+)', mail["content_type"])
    line = f"--{boundary[1] if boundary else 'b1'}\r\n".encode()
    parts = [
        f"Content-Type: text/{kind}; charset=UTF-8\r\n\r\n{text['full']}\r\n".encode()
        for kind, text in texts
    ]
    parts += [_file(attachment) for attachment in message.get("attachments") or []]
    return line + line.join(parts) + line.strip() + b"--\r\n"


def _file(attachment: Json) -> bytes:
    name = unquote(urlsplit(attachment["data_url"]).path.rsplit("/", 1)[-1])
    data = b"\x89PNG\r\n\x1a\n".ljust(attachment["file_size"], b"x")
    return (
        f'Content-Type: image/png\r\nContent-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode() + _base64(data)


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
