"""Comments of tickets: each message of the chat once, never by e-mail.

The vendor can neither change nor delete a comment through its API. So an edit and a deletion are
comments of their own, with marks that say of which message; who reads a ticket here sees them
folded into one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.passcodes import MASK, asks_for_passcode, mask_passcodes
from revivatui.crm.records_tickets import Direction, TicketComment
from revivatui.crm.repairshopr import markers, reading
from revivatui.crm.repairshopr.reading import Row, id_of, line, text
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.wishes import CommentWish
from revivatui.text.safe import safe, safe_line

_PAGE: Final = 100
_LOOK_BACK: Final = timedelta(days=1)
"""A comment is written after the message was: a day is for clocks that disagree."""
_NO_WORDS: Final = "(no text)"
DELETED: Final = (
    "This message was deleted in the chat. What it said can be taken out of this ticket by hand."
)


def body_of(subject: str, content: str, *, hidden: bool, tech: str = "") -> dict[str, Any]:
    """A comment as the vendor takes it. It never becomes an e-mail or a text message."""
    body = {
        "subject": subject,
        "body": content or _NO_WORDS,
        "hidden": hidden,
        "do_not_email": True,
    }
    return body | ({"tech": safe_line(tech)} if tech else {})


# --- reading -----------------------------------------------------------------------------------


async def rows_of(work: Work, ticket_id: str, since: datetime | None = None) -> list[Row]:
    """The comments of a ticket, oldest first."""
    params: dict[str, str | int | list[str]] = {"per_page": _PAGE, "comment_format": "plaintext"}
    if since is not None:
        params["created_after"] = reading.stamp(since)
    rows = await work.rows("comments", f"/tickets/{ticket_id}/comments", "comments", params)
    return sorted(rows, key=lambda row: (reading.created(row), int(id_of(row))))


def read_all(rows: Iterable[Row]) -> list[TicketComment]:
    """Comments as they stand, each with its edits and its deletion folded into it."""
    found: dict[str, TicketComment] = {}
    for row in rows:
        mark = markers.read_subject(line(row, "subject"))
        comment = _read(row, mark)
        key = f"cw {mark.message_id}" if mark else comment.id
        before = found.get(key)
        if before is None or mark is None:
            found[key] = comment
        elif not before.deleted:
            found[key] = replace(
                comment,
                id=before.id,
                created_at=before.created_at,
                edited_at=comment.created_at if mark.is_edit or mark.is_deletion else None,
                masked=before.masked or comment.masked,
            )
    return list(found.values())


def _read(row: Row, mark: markers.Mark | None) -> TicketComment:
    content, masked = mask_passcodes(text(row, "body"))
    is_internal = reading.flag(row, "hidden")
    is_deletion = mark is not None and mark.is_deletion
    kind = mark.author_kind if mark else "user"
    comment = TicketComment(
        id=id_of(row),
        ticket_id=reading.maybe_id(row, "ticket_id"),
        content="" if is_deletion else content,
        author=(mark.author if mark else "") or line(row, "tech"),
        created_at=reading.created(row),
        author_kind=kind,
        is_internal=is_internal,
        masked=(masked or MASK in content) and not is_deletion,
        deleted=is_deletion,
    )
    if mark is None:
        return replace(comment, metadata={"subject": markers.without_mark(line(row, "subject"))})
    direction: Direction = (
        "incoming" if kind == "contact" else "none" if is_internal else "outgoing"
    )
    return replace(comment, chatwoot_message_id=mark.message_id, direction=direction)


# --- writing -----------------------------------------------------------------------------------


async def add(work: Work, wish: CommentWish) -> TicketComment:
    """See `CrmPort.add_comment`."""
    work.number_of(wish.ticket_id, "ticket")
    message_id = wish.chatwoot_message_id
    if message_id is None:
        mark = markers.mark_of_its_own("note")
        return await _post(work, wish, mark, mask_passcodes(_plain(wish))[0])
    if not wish.installation:
        raise InvalidRecord("A message of a chat needs the name of its installation.")
    async with work.one_at_a_time(f"comment {wish.installation} {message_id}"):
        known = await work.links.comment_of(wish.installation, message_id)
        ticket_id = known[0] if known else wish.ticket_id
        comment = await _as_wished(work, replace(wish, ticket_id=ticket_id), message_id, known)
        newest = max(filter(None, (wish.source_updated_at, known and known[2])), default=None)
        await work.links.remember_comment(
            wish.installation, message_id, ticket_id, comment.id, newest
        )
        return comment


async def _as_wished(
    work: Work,
    wish: CommentWish,
    message_id: int,
    known: tuple[str, str, datetime | None] | None,
) -> TicketComment:
    """Bring what the vendor has of a message to what is wished, unless that is older news."""
    since = None if wish.created_at is None else wish.created_at - _LOOK_BACK
    rows = await rows_of(work, wish.ticket_id, since)
    if known and not any(id_of(row) == known[1] for row in rows):
        rows = await rows_of(work, wish.ticket_id)
    thread = read_all(rows)
    there = next((one for one in thread if one.chatwoot_message_id == message_id), None)
    content = mask_passcodes(_plain(wish), asked_for=_was_asked_for(thread, wish, message_id))[0]
    if there is None:
        mark = markers.deletion_mark if wish.deleted else markers.message_mark
        return await _post(work, wish, mark(message_id), DELETED if wish.deleted else content)
    is_older = bool(
        known and known[2] and wish.source_updated_at and wish.source_updated_at < known[2]
    )
    if there.deleted or is_older:
        return _with_wish(there, wish)
    if wish.deleted:
        mark_text = markers.deletion_mark(message_id)
        posted = await _post(work, wish, mark_text, DELETED)
    elif (content or _NO_WORDS) != there.content:
        posted = await _post(work, wish, markers.edit_mark(message_id, content), content)
    else:
        return _with_wish(there, wish)
    return replace(posted, id=there.id, created_at=there.created_at, edited_at=posted.created_at)


async def _post(work: Work, wish: CommentWish, mark: str, content: str) -> TicketComment:
    hidden = wish.is_internal or wish.deleted
    tech = wish.author if wish.author_kind == "user" else ""
    body = body_of(
        markers.subject(mark, wish.author_kind, wish.author), content, hidden=hidden, tech=tech
    )
    row = await post(work, wish.ticket_id, body, mark)
    return _with_wish(_read(row, markers.read_subject(str(body["subject"]))), wish)


async def post(work: Work, ticket_id: str, body: dict[str, Any], mark: str) -> Row:
    """Write a comment; where no answer came, look for its mark."""
    began = work.clock() - _LOOK_BACK

    async def look() -> Row | None:
        for row in await rows_of(work, ticket_id, began):
            if line(row, "subject").startswith(mark):
                return row
        return None

    return await work.write_once(
        lambda: work.wire.write("POST", f"/tickets/{ticket_id}/comment", body), _comment_in, look
    )


def _comment_in(answer: Row) -> Row:
    row = reading.inner(answer, "comment")
    id_of(row)
    return row


def _with_wish(comment: TicketComment, wish: CommentWish) -> TicketComment:
    """What the vendor has no field for, as it was wished."""
    return replace(
        comment,
        ticket_id=wish.ticket_id,
        author=wish.author,
        author_kind=wish.author_kind,
        is_internal=wish.is_internal,
        direction=wish.direction,
        attachments=() if comment.deleted else wish.attachments,
        installation=wish.installation,
        metadata=wish.metadata,
        source_updated_at=wish.source_updated_at,
    )


def _plain(wish: CommentWish) -> str:
    """The text as the vendor shows it: literally. Files stay in the chat and are named."""
    files = [f"[{one.name or one.mime or 'file'}, in the chat]" for one in wish.attachments]
    return safe("\n".join(filter(None, [wish.content.strip(), *files])))


def _was_asked_for(thread: list[TicketComment], wish: CommentWish, message_id: int) -> bool:
    """Whether the last thing that somebody else said before asked for a passcode."""
    before = [
        one
        for one in thread
        if one.chatwoot_message_id is not None
        and one.chatwoot_message_id < message_id
        and one.author_kind != wish.author_kind
    ]
    last = max(before, key=lambda one: one.chatwoot_message_id or 0, default=None)
    return last is not None and asks_for_passcode(last.content)
