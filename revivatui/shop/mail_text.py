"""Reading e-mails: headers, parts, HTML to text, and the reply without its quotation.

What comes out is the ``content_attributes.email`` of a message (contract 3.6, observed 2.8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any


@dataclass(frozen=True)
class MailFile:
    """A file that came with an e-mail."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """An e-mail as read: addresses are bare, texts decoded."""

    message_id: str | None
    in_reply_to: str | None
    references: list[str]
    sender_name: str
    sender: str
    to: list[str]
    cc: list[str] | None
    bcc: list[str] | None
    subject: str
    date: str | None
    content_type: str
    multipart: bool
    auto_reply: bool
    text: str | None
    html: str | None
    files: list[MailFile] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        return [*self.to, *(self.cc or []), *(self.bcc or [])]

    @property
    def content(self) -> str:
        """The message's text: the plain part, else the HTML as text."""
        return self.text.strip() if self.text is not None else html_to_text(self.html or "")

    @property
    def without_quotation(self) -> str:
        return trim_quotation(self.content)

    def attributes(self, v4: bool) -> dict[str, Any]:
        """``content_attributes.email`` as the version writes it."""
        written: dict[str, Any] = {
            "bcc": self.bcc,
            "cc": self.cc,
            "content_type": self.content_type,
            "date": self._date(v4),
            "from": [self.sender],
            **({"headers": None} if v4 else {}),
            "html_content": _texts(self.html, html_to_text(self.html or "")),
            "in_reply_to": self.in_reply_to,
            "message_id": self.message_id,
            "multipart": self.multipart,
            "number_of_attachments": len(self.files),
            **({"references": self.references} if v4 else {}),
            "subject": self.subject,
            "text_content": _texts(self.text, (self.text or "").strip()),
            "to": self.to,
        }
        if v4:
            written["auto_reply"] = self.auto_reply
        return written

    def _date(self, v4: bool) -> str | None:
        if self.date is None or not v4:
            return self.date
        return re.sub(r"(T\d\d:\d\d:\d\d)", r"\1.000", self.date)


def _texts(full: str | None, reply: str) -> dict[str, str]:
    """``quoted`` is the text without the quotation, ``reply`` may still hold it."""
    if full is None:
        return {}
    return {"full": full, "reply": reply, "quoted": trim_quotation(reply)}


def read_mail(raw: bytes) -> Mail:
    """Parse an RFC 5322 message; broken ones are read as far as they go."""
    message = BytesParser(EmailMessage, policy=policy.compat32).parsebytes(raw)
    text, html, files = _parts(message)
    names = getaddresses([_header(message, "From")])
    name, sender = names[0] if names else ("", "")
    return Mail(
        message_id=_first_id(message, "Message-ID"),
        in_reply_to=_first_id(message, "In-Reply-To"),
        references=_ids(message, "References"),
        sender_name=name or sender.partition("@")[0],
        sender=sender.lower(),
        to=_addresses(message, "To") or [],
        cc=_addresses(message, "Cc"),
        bcc=_addresses(message, "Bcc"),
        subject=_header(message, "Subject"),
        date=_date(message),
        content_type=re.sub(r"\s+", " ", str(message.get("Content-Type", "text/plain"))),
        multipart=message.is_multipart(),
        auto_reply=_is_auto_reply(message),
        text=text,
        html=html,
        files=files,
    )


def _header(message: Message, name: str) -> str:
    value = message.get(name, "")
    try:
        return str(make_header(decode_header(str(value))))
    except (ValueError, LookupError, UnicodeError):
        return str(value)


def _addresses(message: Message, name: str) -> list[str] | None:
    if name not in message:
        return None
    return [address.lower() for _, address in getaddresses([_header(message, name)]) if address]


def _ids(message: Message, name: str) -> list[str]:
    value = str(message.get(name, ""))
    return re.findall(r"<([^<>\s]+)>", value) or value.split()


def _first_id(message: Message, name: str) -> str | None:
    ids = _ids(message, name)
    return ids[0] if ids else None


def _date(message: Message) -> str | None:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    written = moment.isoformat(timespec="seconds")
    return written if moment.tzinfo is not None else f"{written}+00:00"


def _is_auto_reply(message: Message) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).lower()
    return submitted != "no" or "X-Autoreply" in message


def _parts(message: Message) -> tuple[str | None, str | None, list[MailFile]]:
    text: str | None = None
    html: str | None = None
    files: list[MailFile] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), part.get_filename()
        if name or part.get_content_disposition() == "attachment":
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            files.append(MailFile(name or "attachment", kind, data))
        elif kind == "text/plain" and text is None:
            text = _decoded(part).replace("\r\n", "\n")
        elif kind == "text/html" and html is None:
            html = _decoded(part)
    return text, html, files


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


_SKIPPED = {"script", "style", "head", "title", "template"}
_BLOCKS = {"div", "section", "article", "tr", "table", "li", "ul", "ol", "hr"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6"}


class _TextOfHtml(HTMLParser):
    """Plain text in the manner of mail programs: blocks are lines, quotations one ``>``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skipping = 0
        self._quoting = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "blockquote":
            if not self._quoting:
                self._new_line("> ")
            self._quoting += 1
        elif self._skipping or self._quoting:
            return
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in _BLOCKS:
            self._new_line()
        elif tag in ("td", "th") and self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\t")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.pieces)))
        elif tag == "img" and (alt := dict(attrs).get("alt")):
            self.pieces.append(f"[{alt}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag == "blockquote":
            self._quoting = max(0, self._quoting - 1)
        elif self._skipping or self._quoting:
            return
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in _BLOCKS:
            self._new_line()
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())

    def _new_line(self, start: str = "") -> None:
        fresh = not self.pieces or self.pieces[-1].endswith("\n")
        if line := start if fresh else f"\n{start}":
            self.pieces.append(line)

    def _end_link(self, address: str, since: int) -> None:
        words = "".join(self.pieces[since:]).strip()
        del self.pieces[since:]
        self.pieces.append(f"[{words}]({address})" if address and words != address else words)

    def handle_data(self, data: str) -> None:
        if self._skipping or self._quoting:
            return
        self.pieces.append(re.sub(r"\s+", " ", data))


def _without_comments(html: str) -> str:
    first, *rest = html.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


_NO_TAG = re.compile(r"<(?=[^<>]*(?:<|\Z))")
"""A parser looks for the end of each of them, again and again."""


def html_to_text(html: str) -> str:
    """The text that a reader would see, without scripts, quotations cut to ``>``."""
    parser = _TextOfHtml()
    parser.feed(_NO_TAG.sub("&lt;", _without_comments(html)))
    parser.close()
    text = "".join(parser.pieces)
    text = "\n".join(line.strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


_WROTE = re.compile(
    r"^\s*(On\b.{3,200}\bwrote:|Em\b.{3,200}\bescreveu:|Le\b.{3,200}a écrit\s?:|"
    r"Am\b.{3,200}\bschrieb.*:|El\b.{3,200}\bescribió:|-{2,}\s*Original Message\s*-{2,})\s*$",
    re.IGNORECASE | re.DOTALL,
)


def trim_quotation(text: str) -> str:
    """The reply alone: the quotation at the end, and the line that announces it, are cut."""
    lines = text.rstrip().split("\n")
    for place, line in enumerate(lines):
        wrapped = " ".join(lines[place : place + 2])
        if _WROTE.match(line) or (line.startswith(("On ", "Em ")) and _WROTE.match(wrapped)):
            lines = lines[:place]
            break
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip()
