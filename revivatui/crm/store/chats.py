"""The remembered links between conversations and tickets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select, update

from revivatui.crm.errors import AlreadyLinked, CrmError, NotInCrm
from revivatui.crm.records_tickets import ChatConversation, ConversationKey
from revivatui.crm.store.shapes import CONVERSATION
from revivatui.crm.store.tables_work import CHAT_CONVERSATIONS, TICKETS
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.wishes import LinkWish

ANOTHER_TICKET = "This conversation belongs to another ticket already."
_COLUMNS = CHAT_CONVERSATIONS.c
_SAID = ("customer_id", "inbox_id", "contact_id", "status", "assignee_id", "context_hash")


async def find(
    reader: Reader, key: ConversationKey, *, lock: bool = False
) -> ChatConversation | None:
    """See `CrmPort.conversation`."""
    question = select(CHAT_CONVERSATIONS).where(
        _COLUMNS.installation == key.installation,
        _COLUMNS.account_id == key.account_id,
        _COLUMNS.chatwoot_id == key.chatwoot_id,
    )
    row = await reader.row(question.with_for_update() if lock else question)
    return CONVERSATION.read(row) if row else None


async def of_ticket(reader: Reader, ticket_id: str) -> tuple[ChatConversation, ...]:
    rows = await reader.rows(
        select(CHAT_CONVERSATIONS).where(_COLUMNS.crm_ticket_id == ticket_id).order_by(_COLUMNS.id)
    )
    return tuple(CONVERSATION.read(row) for row in rows)


async def of_customer(reader: Reader, customer_id: str) -> tuple[ChatConversation, ...]:
    """See `CrmPort.conversations_of`."""
    theirs = select(TICKETS.c.id).where(TICKETS.c.customer_id == customer_id)
    rows = await reader.rows(
        select(CHAT_CONVERSATIONS)
        .where(or_(_COLUMNS.customer_id == customer_id, _COLUMNS.crm_ticket_id.in_(theirs)))
        .order_by(_COLUMNS.updated_at.desc(), _COLUMNS.id.desc())
    )
    return tuple(CONVERSATION.read(row) for row in rows)


async def link(work: Work, wish: LinkWish) -> ChatConversation:
    """See `CrmPort.link_conversation`."""
    if wish.ticket_id is not None:
        await _check_ticket(work, wish.ticket_id)
    kept = await find(work, wish.key, lock=True)
    if kept is None:
        fresh = ChatConversation(
            id=work.new_id(),
            installation=wish.key.installation,
            account_id=wish.key.account_id,
            chatwoot_id=wish.key.chatwoot_id,
            created_at=work.now,
            updated_at=work.now,
            crm_ticket_id=wish.ticket_id,
            linked_by=wish.linked_by if wish.ticket_id is not None else "",
            last_message_id=wish.last_message_id,
            resolved_at=work.now if wish.status == "resolved" else None,
            **{name: getattr(wish, name) for name in _SAID},
        )
        if await work.insert_if_new(CHAT_CONVERSATIONS, CONVERSATION.values(fresh)):
            work.changed("conversation", fresh.id)
            return fresh
        kept = await find(work, wish.key, lock=True)  # another writer was quicker
        if kept is None:
            raise CrmError("The conversation could not be remembered.")
    return await _brought_up_to(work, kept, wish)


async def unlink(work: Work, key: ConversationKey, ticket_id: str) -> ChatConversation:
    """See `CrmPort.unlink_conversation`."""
    kept = await find(work, key, lock=True)
    if kept is None:
        raise NotInCrm("The CRM knows nothing of this conversation.")
    if kept.crm_ticket_id is None:
        return kept
    if kept.crm_ticket_id != ticket_id:
        raise AlreadyLinked(ANOTHER_TICKET, kept.crm_ticket_id)
    return await _keep(work, kept, replace(kept, crm_ticket_id=None, linked_by=""))


async def _check_ticket(work: Work, ticket_id: str) -> None:
    if await work.row(select(TICKETS.c.id).where(TICKETS.c.id == ticket_id)) is None:
        raise NotInCrm("There is no such ticket in the CRM.")


async def _brought_up_to(work: Work, kept: ChatConversation, wish: LinkWish) -> ChatConversation:
    said: dict[str, Any] = {name: value for name in _SAID if (value := getattr(wish, name))}
    if wish.ticket_id is not None and wish.ticket_id != kept.crm_ticket_id:
        if kept.crm_ticket_id not in (None, wish.instead_of):
            raise AlreadyLinked(ANOTHER_TICKET, kept.crm_ticket_id or "")
        said |= {"crm_ticket_id": wish.ticket_id, "linked_by": wish.linked_by}
    if wish.last_message_id is not None:
        said["last_message_id"] = max(wish.last_message_id, kept.last_message_id or 0)
    if wish.status and wish.status != kept.status:
        said["resolved_at"] = work.now if wish.status == "resolved" else None
    return await _keep(work, kept, replace(kept, **said))


async def _keep(work: Work, kept: ChatConversation, after: ChatConversation) -> ChatConversation:
    if after == kept:
        return kept
    after = replace(after, updated_at=work.now)
    await work.run(
        update(CHAT_CONVERSATIONS)
        .where(_COLUMNS.id == kept.id)
        .values(CONVERSATION.difference(kept, after))
    )
    work.changed("conversation", kept.id)
    return after
