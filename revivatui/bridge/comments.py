"""Messages of the chat as comments of a ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from revivatui.bridge.news import Chat, Said
from revivatui.bridge.places import Place
from revivatui.crm.passcodes import asks_for_passcode, mask_passcodes
from revivatui.crm.records_tickets import Attachment, Direction, TicketComment
from revivatui.crm.store import tickets
from revivatui.crm.store.shapes import COMMENT
from revivatui.crm.store.tables_work import TICKET_COMMENTS
from revivatui.crm.store.work import Work
from revivatui.crm.wishes import CommentWish
from revivatui.text.html_text import html_text

_NAMELESS: Final = {"contact": "Customer", "user": "Agent", "bot": "Bot", "system": "Chatwoot"}
_DIRECTIONS: Final[dict[str, Direction]] = {
    "incoming": "incoming",
    "outgoing": "outgoing",
    "template": "outgoing",
}


def says_the_same(comment: TicketComment, said: Said) -> bool:
    """Whether a comment is what its message says. Of a masked one nobody can tell for sure."""
    if comment.deleted or said.deleted:
        return comment.deleted and said.deleted
    if comment.masked and mask_passcodes(said.content)[0] != comment.content:
        return False
    return (
        (comment.masked or comment.content == content_of(said))
        and comment.is_internal == said.private
        and tuple(one.url for one in comment.attachments) == tuple(one.url for one in said.files)
        and comment.metadata.get("rating") == said.rating
    )


def content_of(said: Said) -> str:
    return html_text(said.content).strip() if said.rendered else said.content


def wish(place: Place, ticket_id: str, said: Said, chat: Chat) -> CommentWish:
    author = said.sender_name
    if not author and said.sender_kind == "contact":
        author = chat.contact.name
    return CommentWish(
        ticket_id=ticket_id,
        content=content_of(said),
        author=author or _NAMELESS[said.sender_kind],
        author_kind=said.sender_kind,
        is_internal=said.private,
        direction=_DIRECTIONS[said.kind],
        attachments=tuple(Attachment(one.url, one.name, "", one.size) for one in said.files),
        installation=place.installation,
        chatwoot_message_id=said.id,
        metadata=_metadata(said),
        created_at=moment_of(said),
        deleted=said.deleted,
    )


def _metadata(said: Said) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "message_type": said.kind,
        "content_type": said.content_type,
        "chatwoot_conversation_id": said.conversation_id,
    }
    if said.rating is not None:
        facts["rating"] = said.rating
    if said.feedback:
        facts["feedback"] = mask_passcodes(said.feedback)[0]
    return facts


def moment_of(said: Said) -> datetime:
    """The second of a message, with its number as microseconds: the server tells no more than the
    second, and messages of one second must keep their order."""
    second = datetime.fromtimestamp(said.created_at, UTC)
    return second + timedelta(microseconds=said.id % 1_000_000)


async def keep(work: Work, place: Place, ticket_id: str, said: Said, chat: Chat) -> TicketComment:
    """Make the comment of a message what the message is."""
    kept = await tickets.add_comment(work, wish(place, ticket_id, said, chat))
    if asks_for_passcode(kept.content):
        await _mask_the_answer(work, kept)
    return kept


async def _mask_the_answer(work: Work, question: TicketComment) -> None:
    """The answer to a question may have come before the question did: kept once more, it is looked
    at in the light of the question."""
    columns = TICKET_COMMENTS.c
    row = await work.row(
        select(TICKET_COMMENTS)
        .where(
            columns.ticket_id == question.ticket_id,
            columns.created_at > question.created_at,
            columns.author_kind != question.author_kind,
        )
        .order_by(columns.created_at, columns.id)
        .limit(1)
    )
    if row is None:
        return
    answer = COMMENT.read(row)
    if answer.masked or answer.deleted:
        return
    await tickets.add_comment(
        work,
        CommentWish(
            ticket_id=answer.ticket_id,
            content=answer.content,
            author=answer.author,
            author_kind=answer.author_kind,
            is_internal=answer.is_internal,
            direction=answer.direction,
            attachments=answer.attachments,
            installation=answer.installation,
            chatwoot_message_id=answer.chatwoot_message_id,
            metadata=answer.metadata,
            created_at=answer.created_at,
        ),
    )
