"""The marks by which what was written is found again before it is written a second time.

The vendor knows no idempotency keys. A comment carries `[cw:42]` in its subject, where 42 is the
message's id in the chat; an edit of it `[cw:42 edit 1a2b3c]`, its deletion `[cw:42 deleted]`. What
comes from nowhere in the chat gets a mark of its own. A ticket has the mark among its properties
and in the subject of its first comment, in case the shop's ticket type drops properties.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from revivatui.crm.records_tickets import AuthorKind
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

PROPERTY: Final = "chatwoot"
URL_PROPERTY: Final = "chatwoot_url"
_MARK: Final = re.compile(r"^\[cw:(\d+)(?: (edit) ([0-9a-f]+)| (deleted))?\]\s*(.*)$", re.DOTALL)
_FIRST: Final = re.compile(r"^(\[cw:[^\]\n]{1,120}\]) (?:Description|Check-in)$")
_ANY_MARK: Final = re.compile(r"\[cw:[^\]\n]{1,120}\]\s*")
_ROLES: Final[dict[AuthorKind, str]] = {
    "contact": "Customer",
    "user": "Agent",
    "bot": "Bot",
    "system": "System",
}
_MOST_AUTHOR: Final = 80


@dataclass(frozen=True, slots=True)
class Mark:
    """What a subject says of the chat message that the comment is."""

    message_id: int
    is_edit: bool
    is_deletion: bool
    author_kind: AuthorKind
    author: str


def message_mark(message_id: int) -> str:
    return f"[cw:{message_id}]"


def edit_mark(message_id: int, content: str) -> str:
    """The same edit has the same mark, another one another."""
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:12]
    return f"[cw:{message_id} edit {digest}]"


def deletion_mark(message_id: int) -> str:
    return f"[cw:{message_id} deleted]"


def mark_of_its_own(kind: str) -> str:
    """For what has no id in the chat."""
    return f"[cw:{kind}-{secrets.token_hex(6)}]"


def subject(mark: str, author_kind: AuthorKind, author: str) -> str:
    """A comment's subject: the mark, then who said it."""
    who = " ".join(safe_line(author).split())[:_MOST_AUTHOR]
    return f"{mark} {_ROLES[author_kind]}{f': {who}' if who else ''}"


def read_subject(text: str) -> Mark | None:
    """The mark of a message in a comment's subject; None where it is not one of the chat's."""
    found = _MARK.match(text.strip())
    if found is None:
        return None
    role, _, author = found[5].partition(":")
    kind = next((one for one, word in _ROLES.items() if word == role.strip()), None)
    return Mark(
        message_id=int(found[1]),
        is_edit=found[2] is not None,
        is_deletion=found[4] is not None,
        author_kind=kind or "user",
        author=author.strip() if kind else found[5].strip(),
    )


def first_subject(mark: str, word: Literal["Description", "Check-in"]) -> str:
    """The subject of the comment that a ticket of the desk's begins with."""
    return f"{mark} {word}"


def read_first_subject(text: str) -> str:
    """The mark of a ticket in the subject of its first comment; "" where it is no such subject."""
    found = _FIRST.match(text.strip())
    return found[1] if found else ""


def without_mark(text: str) -> str:
    return _ANY_MARK.sub("", text).strip()


def conversation_mark(metadata: Mapping[str, Any]) -> str:
    """`[cw:desk.example.com/1/7]` for a ticket made of a conversation; "" for any other. The slash
    tells it from the mark of a message.

    The number of a conversation says nothing without its installation and account; both are in
    the conversation's address.
    """
    conversation = metadata.get("chatwoot_conversation_id")
    if not isinstance(conversation, int | str) or not str(conversation).strip():
        return ""
    parts = urlsplit(str(metadata.get("conversation_url") or ""))
    account = re.search(r"/accounts/(\d+)", parts.path)
    where = [parts.netloc or "chat", account[1] if account else "", str(conversation).strip()]
    return f"[cw:{'/'.join(filter(None, where))}]"


def conversation_in(mark: str) -> str:
    """The number of the conversation in a ticket's mark; "" where it was made of none."""
    return mark.removeprefix("[cw:").removesuffix("]").rpartition("/")[2] if "/" in mark else ""
