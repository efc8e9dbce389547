"""What happens to each event: looked into, checked with the server where it cannot be believed
alone, and put into the CRM in one transaction.

Every handler is a step towards a state, so that repeats, gaps and disorder end where one event
after the other would have ended:

- What tells nothing new is left alone.
- A message that is new is taken as told, a conversation that is new as it is now.
- What contradicts something known is believed where its version is newer, dropped where it is
  older, and asked of the server where nothing tells.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Final

from revivatui.bridge import comments, forgetting, inbox, known, merges, outbox, people
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.known import KnownChat, KnownContact
from revivatui.bridge.lanes import at_once
from revivatui.bridge.merges import Merges, Moved
from revivatui.bridge.news import CONTACT_GONE, Chat, News, Person, Said
from revivatui.bridge.places import Place
from revivatui.bridge.rules import NONE, Rules
from revivatui.bridge.setting_off import SettingOff
from revivatui.crm.records_tickets import (
    TICKET_STATUSES,
    ChatConversation,
    Ticket,
    TicketComment,
)
from revivatui.crm.store import Store, chats, tickets
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.wishes import LinkWish, TicketWish
from revivatui.state.records import dataclass

ACTOR: Final = "bridge"
SAME_VERSION: Final = 0.000_002
"""Seconds by which two tellings of one change differ (observed 3, rule 4)."""
_MASKED_NOTE: Final = (
    "A passcode was in this conversation. It is not in the CRM, where it was masked: look it up"
    " here, and delete the message once the device is handed back."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be put into the CRM. `moved` are conversations that are another contact's now,
    `forget` is a contact that is no more. `skip` says why it is nothing."""

    chat: Chat | None = None
    sets_status: bool = False
    said: Said | None = None
    person: Person | None = None
    moved: tuple[Moved, ...] = ()
    forget: int = 0
    skip: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the bridge knew before."""

    chat: KnownChat | None
    contact: KnownContact | None
    comment: TicketComment | None
    echo: bool


class Handlers:
    def __init__(
        self,
        store: Store,
        server: ChatServer,
        place: Place,
        clock: Callable[[], float],
        *,
        refresh_delay: float = 1.0,
        before_writing: Callable[[], Awaitable[None]] = at_once,
        rules: Rules = NONE,
    ) -> None:
        """`refresh_delay` is how long the attributes in Chatwoot may lag, so that what changes in
        one breath is written once; `before_writing` is awaited before each transaction."""
        self._before_writing = before_writing
        self._setting_off = SettingOff(place, clock, rules)
        self._store = store
        self._server = server
        self._place = place
        self._clock = clock
        self._refresh_delay = refresh_delay
        self._merges = Merges(store, server, place)

    async def handle(self, row_id: str, news: News) -> str:
        """Deal with one event; gives why nothing was done, or "".

        Raises ApiError where the server could not be asked and CrmError where the CRM refused;
        then nothing was changed.
        """
        async with AsyncExitStack() as held:
            plan = await self._plan(news, held)
            if plan.chat is not None and not plan.chat.contact.id:
                plan = Plan(skip="without a contact")
            await self._before_writing()
            async with self._store.unit_of_work() as work:
                if plan.forget:
                    await forgetting.forget(work, self._place, plan.forget, but=row_id)
                elif not plan.skip:
                    await self._apply(work, plan)
                await inbox.finish(work, row_id, plan.skip)
        return plan.skip

    # --- looking into it -------------------------------------------------------------------------

    async def _plan(self, news: News, held: AsyncExitStack) -> Plan:
        contact = news.contact or (news.chat.contact if news.chat else None)
        if contact is not None and contact.id:
            await held.enter_async_context(self._server.locked("contact", contact.id))
        async with self._store.reading() as reader:
            seen = await self._seen(reader, news, contact)
        if seen.echo:
            return Plan(skip="echo")
        if news.chat is None:
            assert news.contact is not None
            if news.event == CONTACT_GONE:
                return await self._plan_gone(news.contact.id)
            return await self._plan_contact(news.contact, seen)
        chat = news.chat
        moved: tuple[Moved, ...] = ()
        if seen.chat is not None and chat.contact.id not in (0, seen.chat.contact_id):
            chat, moved = await self._with_its_contact(chat, seen.chat)
        if news.message is None:
            plan = await self._plan_chat(chat, seen)
        else:
            plan = await self._plan_message(news, chat, news.message, seen)
        return replace(plan, chat=plan.chat or chat, moved=moved, skip="") if moved else plan

    async def _with_its_contact(
        self, chat: Chat, kept: KnownChat
    ) -> tuple[Chat, tuple[Moved, ...]]:
        """A conversation that somebody else is said to have. What is told late has an old contact
        in it, so the server is asked."""
        now = await self._server.chat(chat.id)
        if now is None:
            return chat, ()
        return now, await self._merges.of_chat(kept, now)

    async def _plan_gone(self, number: int) -> Plan:
        """A contact that is missed: merged into another one, or deleted."""
        if not await self._server.is_contact_gone(number):
            return Plan(skip="the contact is there")
        moved = await self._merges.of_gone(number)
        if moved is None:
            return Plan(skip="the contact is gone, and where its conversations are is not shown")
        return Plan(moved=moved, forget=0 if moved else number)

    async def _seen(self, reader: Reader, news: News, contact: Person | None) -> _Seen:
        place, said = self._place, news.message
        return _Seen(
            chat=await known.chat(reader, place, news.chat.id) if news.chat else None,
            contact=await known.contact(reader, place, contact.id) if contact else None,
            comment=await known.comment(reader, place, said.id) if said else None,
            echo=bool(news.echo) and await known.is_echo(reader, news.echo, self._clock()),
        )

    async def _plan_contact(self, person: Person, seen: _Seen) -> Plan:
        """A contact without a conversation is no customer yet."""
        if seen.contact is None:
            return Plan(skip="not a customer")
        if people.says_nothing_new(seen.contact, person):
            return Plan(skip="nothing new")
        now = await self._server.person(person.id)
        return Plan(person=now) if now is not None else await self._plan_gone(person.id)

    async def _plan_chat(self, chat: Chat, seen: _Seen) -> Plan:
        if seen.chat is None:
            return await self._plan_new(chat)
        if chat.status == seen.chat.status:
            newer = chat.version is not None and chat.version > (seen.chat.version or 0.0)
            return Plan(chat=chat) if newer else Plan(skip="nothing new")
        if chat.version is not None and seen.chat.version is not None:
            if chat.version < seen.chat.version - SAME_VERSION:
                return Plan(skip="older than what is known")
            return Plan(chat=chat, sets_status=True)
        now = await self._server.chat(chat.id)
        if now is None:
            return Plan(skip="the conversation is gone")
        return Plan(chat=now, sets_status=True)

    async def _plan_new(self, chat: Chat) -> Plan:
        """A conversation that is new to the bridge, with its contact, as they are now: what an
        event says of them may be old, and new records are not begun with that, nor with what is
        gone. Whose contact is new too may be a customer under another number."""
        now = await self._server.chat(chat.id)
        if now is None and await self._server.is_chat_gone(chat.id):
            return Plan(skip="the conversation is gone")
        chat = now if now is not None and now.contact.id else chat
        moved = await self._merges.of_newcomer(chat.contact) if chat.contact.id else ()
        return Plan(chat=chat, moved=moved)

    async def _plan_message(self, news: News, chat: Chat, said: Said, seen: _Seen) -> Plan:
        asks = news.event != "message_created"
        if seen.comment is not None and (not asks or comments.says_the_same(seen.comment, said)):
            return Plan(skip="nothing new")
        if asks or said.rendered:
            said = await self._server.said(chat.id, said.id) or said
        if seen.chat is None:
            plan = await self._plan_new(chat)
            return plan if plan.skip else replace(plan, said=said)
        return Plan(chat=chat, said=said)

    # --- putting it into the CRM -----------------------------------------------------------------

    async def _apply(self, work: Work, plan: Plan) -> None:
        if plan.person is not None:
            await self._apply_contact(work, plan.person)
        for moved in plan.moved:
            await self._apply_moved(work, moved)
        if plan.chat is None:
            return
        before = await known.chat(work, self._place, plan.chat.id)
        link = await self._linked(work, plan.chat)
        assert link.crm_ticket_id is not None
        if before is None or plan.sets_status:
            await self._set_status(work, link, plan.chat)
        if before is not None and plan.sets_status:
            await self._setting_off.by_status(work, plan.chat)
        said = plan.said
        if said is not None:
            await self._keep_message(work, link, said, plan.chat)
        await self._remember(work, plan, before)

    async def _apply_contact(self, work: Work, person: Person) -> None:
        kept = await known.contact(work, self._place, person.id)
        if kept is not None and await people.bring_up_to(work, self._place, kept, person):
            await self._refresh(work, outbox.CONTACT_ATTRIBUTES, person.id)

    async def _apply_moved(self, work: Work, moved: Moved) -> None:
        concerned = await merges.follow(work, self._place, moved, self._clock)
        await self._refresh(work, outbox.CONTACT_ATTRIBUTES, moved.new.id)
        for number in concerned:
            await self._refresh(work, outbox.CONVERSATION_ATTRIBUTES, number)

    async def _linked(self, work: Work, chat: Chat) -> ChatConversation:
        """The conversation's link with its ticket, made where there is none."""
        key = self._place.conversation(chat.id)
        link = await chats.find(work, key, lock=True)
        if link is not None and link.crm_ticket_id is not None and link.customer_id is not None:
            return link
        customer = await people.customer_of(work, self._place, chat.contact, chat.id)
        ticket_id = link.crm_ticket_id if link is not None else None
        if ticket_id is None:
            ticket_id = (await self._new_ticket(work, customer.id, chat)).id
        await self._refresh(work, outbox.CONTACT_ATTRIBUTES, chat.contact.id)
        return await chats.link(
            work,
            LinkWish(
                key=key,
                linked_by=ACTOR,
                ticket_id=ticket_id,
                customer_id=customer.id,
                inbox_id=chat.inbox_id,
                contact_id=chat.contact.id,
                status=chat.status,
            ),
        )

    async def _new_ticket(self, work: Work, customer_id: str, chat: Chat) -> Ticket:
        return await tickets.create(
            work,
            TicketWish(
                customer_id=customer_id,
                title=f"Chat Conversation #{chat.id}",
                priority="medium",
                status="open",
                source="chatwoot",
                metadata={
                    "chatwoot_conversation_id": chat.id,
                    "chatwoot_inbox_id": chat.inbox_id,
                    "conversation_url": self._place.conversation_url(chat.id),
                },
            ),
        )

    async def _set_status(self, work: Work, link: ChatConversation, chat: Chat) -> None:
        """The ticket goes where the conversation went. A word that is none of a ticket's (a newer
        Chatwoot may have more) is remembered and moves nothing."""
        assert link.crm_ticket_id is not None
        for status in TICKET_STATUSES:
            if status == chat.status:
                notes = f"Chat conversation #{chat.id} was resolved in Chatwoot."
                await tickets.set_status(
                    work,
                    link.crm_ticket_id,
                    status,
                    actor=ACTOR,
                    notes=notes if status == "resolved" else "",
                )
        await chats.link(work, LinkWish(key=link.key, status=chat.status))

    async def _keep_message(
        self, work: Work, link: ChatConversation, said: Said, chat: Chat
    ) -> None:
        assert link.crm_ticket_id is not None
        is_new = await known.comment(work, self._place, said.id) is None
        comment = await comments.keep(work, self._place, link.crm_ticket_id, said, chat)
        if is_new and not self._is_ours(said):
            is_first = link.last_message_id is None
            await self._setting_off.by_message(work, said, chat, is_first=is_first)
        await chats.link(work, LinkWish(key=link.key, last_message_id=said.id))
        if comment.masked and not self._is_ours(said):
            await outbox.want_note(
                work,
                self._place.account_id,
                chat.id,
                f"passcode:{said.id}",
                _MASKED_NOTE,
                now=self._clock(),
            )

    async def _remember(self, work: Work, plan: Plan, before: KnownChat | None) -> None:
        chat, said = plan.chat, plan.said
        assert chat is not None
        after = before or KnownChat(chat.id, chat.contact.id, chat.inbox_id, chat.status)
        if plan.sets_status:
            after = replace(after, status=chat.status)
        if chat.status == after.status:
            # What is told late of a moment before this one is old, also where nothing changed now.
            version = max(chat.version or 0.0, after.version or 0.0) or None
            after = replace(after, version=version)
        if said is not None and self._is_talk(said):
            latest = max(float(said.created_at), after.last_interaction or 0.0)
            after = replace(after, last_interaction=latest)
        if after == before:
            return
        await known.keep_chat(work, self._place, after)
        if before is None or after.last_interaction != before.last_interaction or plan.sets_status:
            await self._refresh(work, outbox.CONVERSATION_ATTRIBUTES, chat.id)

    def _is_talk(self, said: Said) -> bool:
        """Whether it counts as an interaction with the customer."""
        return not said.private and said.kind != "template" and not self._is_ours(said)

    def _is_ours(self, said: Said) -> bool:
        """What the bridge wrote itself is kept like everything else and sets off nothing."""
        return said.sender_kind == "user" and said.sender_id == self._server.own_id

    async def _refresh(self, work: Work, kind: str, number: int) -> None:
        if number:
            await outbox.want_refresh(
                work,
                kind,
                self._place.account_id,
                number,
                now=self._clock(),
                delay=self._refresh_delay,
            )
