"""What the bridge knows of conversations, contacts and itself: its rows, read and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select, update

from revivatui.bridge.places import Place
from revivatui.bridge.tables import CONTACTS, CONVERSATIONS, ECHOES, STATE
from revivatui.crm.records_tickets import TicketComment
from revivatui.crm.store.shapes import COMMENT
from revivatui.crm.store.tables_work import TICKET_COMMENTS
from revivatui.crm.store.work import Reader, Work
from revivatui.state.records import dataclass

ECHO_SECONDS: Final = 600.0
"""How long an echo of our own writing may take to come back."""


@dataclass(frozen=True, slots=True)
class KnownChat:
    conversation_id: int
    contact_id: int
    inbox_id: int
    status: str
    version: float | None = None
    last_interaction: float | None = None


@dataclass(frozen=True, slots=True)
class KnownContact:
    """`name`, `email` and `phone` are what the chat gave to the customer's record; `seen` is a
    fingerprint of what the contact said last, taken over or not."""

    contact_id: int
    customer_id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    seen: str = ""


async def chat(reader: Reader, place: Place, number: int) -> KnownChat | None:
    columns = CONVERSATIONS.c
    row = await reader.row(
        select(*columns[1:]).where(
            columns.account_id == place.account_id, columns.conversation_id == number
        )
    )
    return KnownChat(*row) if row else None


async def keep_chat(work: Work, place: Place, kept: KnownChat) -> None:
    values = {
        "contact_id": kept.contact_id,
        "inbox_id": kept.inbox_id,
        "status": kept.status,
        "version": kept.version,
        "last_interaction": kept.last_interaction,
    }
    added = work.insert(CONVERSATIONS).values(
        account_id=place.account_id, conversation_id=kept.conversation_id, **values
    )
    keys = [CONVERSATIONS.c.account_id, CONVERSATIONS.c.conversation_id]
    await work.run(added.on_conflict_do_update(index_elements=keys, set_=values))


async def chats_of(
    reader: Reader, place: Place, contact_ids: Sequence[int]
) -> tuple[KnownChat, ...]:
    columns = CONVERSATIONS.c
    rows = await reader.rows(
        select(*columns[1:]).where(
            columns.account_id == place.account_id, columns.contact_id.in_(contact_ids)
        )
    )
    return tuple(KnownChat(*row) for row in rows)


async def contact(reader: Reader, place: Place, number: int) -> KnownContact | None:
    columns = CONTACTS.c
    row = await reader.row(
        select(*columns[1:]).where(
            columns.account_id == place.account_id, columns.contact_id == number
        )
    )
    return KnownContact(*row) if row else None


async def contacts_of(reader: Reader, place: Place, customer_id: str) -> tuple[KnownContact, ...]:
    columns = CONTACTS.c
    rows = await reader.rows(
        select(*columns[1:]).where(
            columns.account_id == place.account_id, columns.customer_id == customer_id
        )
    )
    return tuple(KnownContact(*row) for row in rows)


async def contacts_after(reader: Reader, place: Place, number: int, most: int) -> tuple[int, ...]:
    """The next contacts by number."""
    columns = CONTACTS.c
    rows = await reader.rows(
        select(columns.contact_id)
        .where(columns.account_id == place.account_id, columns.contact_id > number)
        .order_by(columns.contact_id)
        .limit(most)
    )
    return tuple(int(row[0]) for row in rows)


async def drop_contact(work: Work, place: Place, number: int) -> bool:
    """Forget a contact's row; gives whether there was one."""
    columns = CONTACTS.c
    here = (columns.account_id == place.account_id) & (columns.contact_id == number)
    return await work.run(delete(CONTACTS).where(here)) > 0


async def drop_chats_of(work: Work, place: Place, contact_id: int) -> int:
    columns = CONVERSATIONS.c
    here = (columns.account_id == place.account_id) & (columns.contact_id == contact_id)
    return await work.run(delete(CONVERSATIONS).where(here))


async def keep_contact(work: Work, place: Place, kept: KnownContact) -> None:
    values = {
        "customer_id": kept.customer_id,
        "name": kept.name,
        "email": kept.email,
        "phone": kept.phone,
        "seen": kept.seen,
    }
    added = work.insert(CONTACTS).values(
        account_id=place.account_id, contact_id=kept.contact_id, **values
    )
    keys = [CONTACTS.c.account_id, CONTACTS.c.contact_id]
    await work.run(added.on_conflict_do_update(index_elements=keys, set_=values))


async def comment(reader: Reader, place: Place, message_id: int) -> TicketComment | None:
    """The comment that a message became."""
    columns = TICKET_COMMENTS.c
    row = await reader.row(
        select(TICKET_COMMENTS).where(
            columns.installation == place.installation, columns.chatwoot_message_id == message_id
        )
    )
    return COMMENT.read(row) if row else None


# --- echoes --------------------------------------------------------------------------------------


async def expect_echo(work: Work, mark: str, now: float) -> None:
    """That this was written to Chatwoot, and will be told to us as a change."""
    added = work.insert(ECHOES).values(fingerprint=mark, written_at=now)
    keys = [ECHOES.c.fingerprint]
    await work.run(added.on_conflict_do_update(index_elements=keys, set_={"written_at": now}))
    await work.run(delete(ECHOES).where(ECHOES.c.written_at < now - ECHO_SECONDS))


async def is_echo(reader: Reader, mark: str, now: float) -> bool:
    written = await reader.row(select(ECHOES.c.written_at).where(ECHOES.c.fingerprint == mark))
    return written is not None and written[0] >= now - ECHO_SECONDS


# --- single facts --------------------------------------------------------------------------------


async def fact(reader: Reader, name: str) -> str:
    """ "" where it is not known."""
    row = await reader.row(select(STATE.c.value).where(STATE.c.name == name))
    return str(row[0]) if row else ""


async def keep_fact(work: Work, name: str, value: str) -> None:
    if await work.run(update(STATE).where(STATE.c.name == name).values(value=value)) == 0:
        await work.insert_if_new(STATE, {"name": name, "value": value})


async def facts(reader: Reader, prefix: str) -> dict[str, str]:
    """All facts whose names begin so, in the order of their names."""
    begins = STATE.c.name.startswith(prefix, autoescape=True)
    rows = await reader.rows(select(STATE.c.name, STATE.c.value).where(begins).order_by("name"))
    return {str(name): str(value) for name, value in rows}


async def drop_fact(work: Work, name: str) -> None:
    await work.run(delete(STATE).where(STATE.c.name == name))
