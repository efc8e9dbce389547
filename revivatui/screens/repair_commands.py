"""What is done with the repairs of the open conversation's customer, asked for by key or mouse.

Each action is for the conversation that is on screen when the key goes down: its customer, repair
and version are taken then, and whatever is asked in between, that is what is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from revivatui.crm import workflow
from revivatui.crm.wishes import CommentWish, LinkWish, Move, TicketWish
from revivatui.screens.choose import Choose, ChooseSeveral, Option
from revivatui.screens.forms import Form, FormField
from revivatui.screens.repair_base import (
    CrmActions,
    Undo,
    customer_of,
    customer_options,
    dotted,
    repair_label,
)
from revivatui.screens.repair_messages import facts, status_message
from revivatui.screens.repair_quotes import QuoteActions
from revivatui.screens.repair_scans import ScanActions
from revivatui.screens.repair_visits import VisitActions
from revivatui.screens.repair_words import STATUS_STYLES, mark_of, quoted, status_words

if TYPE_CHECKING:
    from revivatui.crm.port import CrmPort
    from revivatui.crm.records_tickets import ConversationKey, Ticket
    from revivatui.crm.views import RepairRow
    from revivatui.crm.workflow import RepairStatus
    from revivatui.screens.inbox import InboxScreen
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.picture import Picture

NEW: Final = "new"
NEEDS: Final = {
    "repair.status": "can_set_status",
    "repair.quote": "can_quote",
    "repair.note": "has_comments",
    "repair.appointment": "has_appointments",
    "repair.intake": "can_take_in_repairs",
}
"""What a CRM must be able to do for these commands (`Capabilities`)."""
NO_WAY_BACK: Final = "cannot be taken back"


class RepairCommands(CrmActions):
    """The commands of `commands_repairs`, carried out."""

    def __init__(self, screen: InboxScreen, inbox: InboxCommands) -> None:
        super().__init__(screen, inbox, [])
        quotes = QuoteActions(screen, inbox, self._undos)
        visits = VisitActions(screen, inbox, self._undos)
        self.scans = ScanActions(screen, inbox, visits)
        self._did: dict[str, Callable[[str], None]] = {
            "repair.status": self._status,
            "repair.insert": self._insert,
            "repair.quote": quotes.quote,
            "repair.note": self._note,
            "repair.appointment": visits.appointment,
            "repair.ticket": self._ticket,
            "repair.open": self._open,
            "repair.customer": self._customer,
            "repair.undo": self._undo,
        }
        self.of_a_customer = frozenset(self._did) - {"repair.undo"}
        self._did |= {
            "repair.intake": visits.intake,
            "desk.repairs": self._repairs,
            "desk.services": self._services,
        }

    @property
    def acts(self) -> frozenset[str]:
        """What the CRM knows of the open conversation's customer (`Situation.crm`)."""
        if not self._crm.is_on:
            return frozenset()
        open_id = self._screen.open_id
        known = frozenset() if open_id is None else self._crm.picture(open_id).acts
        return known | {"crm"} | ({"undo"} if self._undos else set())

    def run(self, name: str, argument: str) -> bool:
        """Carry a command out; False where it is none of these."""
        if name not in self._did:
            return False
        if not self._crm.is_on:
            self._say("No CRM is set up: its address goes under [crm] in the settings.")
        elif name in NEEDS and not self._crm.can(NEEDS[name]):
            self._say("This CRM does not let that be done from here.")
        else:
            self._did[name](argument)
        return True

    # --- the state of a repair -----------------------------------------------------------------

    def _status(self, repair_id: str) -> None:
        picture = self._known()
        if picture is not None:
            then = partial(self._ask_status, picture)
            self._with_repair(picture, repair_id, "Which repair moves on?", then)

    def _ask_status(self, picture: Picture, row: RepairRow) -> None:
        repair = row.repair
        ways = workflow.next_states(repair.status)
        if not ways:
            self._say(f"{repair.number} is {quoted(status_words(repair))}: nothing follows.")
            return
        options = [
            Option(
                to,
                workflow.words(to),
                "" if repair.status in workflow.next_states(to) else NO_WAY_BACK,
                mark_of(to),
                STATUS_STYLES.get(to, ""),
            )
            for to in ways
        ]
        self._ask(
            Choose(
                f"{repair_label(row)}, {customer_of(picture)}",
                options,
                question=f"It is {quoted(status_words(repair))} now.",
                verb="move on",
            ),
            lambda choice: self._ask_message(picture, row, choice),
        )

    def _ask_message(self, picture: Picture, row: RepairRow, choice: str) -> None:
        to = next(one for one in workflow.STATUSES if one == choice)
        assert picture.context is not None
        text = status_message(row, to, picture.context.customer.language)
        if not text:
            self._move(picture, row, to, "")
            return
        options = [
            Option("yes", "Put this into the reply", "it is not sent"),
            Option("no", "Write nothing"),
        ]
        self._ask(
            Choose(f"Tell {customer_of(picture)}?", options, question=text),
            lambda answer: self._move(picture, row, to, text if answer == "yes" else ""),
        )

    def _move(self, picture: Picture, row: RepairRow, to: RepairStatus, text: str) -> None:
        repair, before = row.repair, row.repair.status

        async def move(port: CrmPort) -> str:
            wish = Move(repair.id, to, repair.version, self._actor)
            after = await port.move_repair(wish)
            if before in workflow.next_states(to):
                back = Move(repair.id, before, after.version, self._actor, note="Taken back")
                self.remember(Undo(f"{repair.number}", partial(_moved_back, back)))
            if text:
                self._inbox.put_into_reply(picture.conversation_id, text)
            return f"{repair.number} is {quoted(workflow.words(to))} now."

        self._do(move)

    # --- words for the customer ----------------------------------------------------------------

    def _insert(self, _argument: str) -> None:
        picture = self._known()
        if picture is None:
            return
        found = list(facts(picture, self._session.clock(), self._session.tz))
        if not found:
            self._say("The CRM knows nothing of this customer that a reply could say.")
            return
        options = [Option(str(n), one.text, one.label) for n, one in enumerate(found)]

        def chosen(choice: str) -> None:
            texts = [found[int(one)].text for one in choice.split("\n") if one]
            if texts:
                self._inbox.put_into_reply(picture.conversation_id, "\n".join(texts))

        title = f"Put into the reply to {customer_of(picture)}"
        self._ask(ChooseSeveral(title, options, (), find="what the CRM knows"), chosen)

    # --- the ticket ----------------------------------------------------------------------------

    def _note(self, _argument: str) -> None:
        picture = self._known()
        if picture is None:
            return
        assert picture.context is not None
        tickets = picture.context.open_tickets
        if picture.ticket is not None:
            self._ask_note(picture, picture.ticket)
        elif picture.ticket_id is None and len(tickets) == 1:
            self._ask_note(picture, tickets[0])
        elif tickets:
            self._choose_ticket(picture, partial(self._ask_note, picture))
        else:
            self._ask_note(picture, None)

    def _ask_note(self, picture: Picture, ticket: Ticket | None) -> None:
        where = f"{ticket.number} {ticket.title}" if ticket is not None else "a new ticket"
        self._fill_in(
            Form(
                f"Note on {where}",
                [FormField("note", "Note", needed=True)],
                verb="write it",
                tell=lambda _filled: f"About {customer_of(picture)}; only the shop reads it.",
            ),
            lambda filled: self._write_note(picture, ticket, filled["note"]),
        )

    def _write_note(self, picture: Picture, ticket: Ticket | None, note: str) -> None:
        async def write(port: CrmPort) -> str:
            there = ticket or await port.create_ticket(self._new_ticket(picture))
            if picture.ticket_id != there.id:
                await port.link_conversation(self._bound(picture, there.id))
            await port.add_comment(CommentWish(there.id, note, self._actor, is_internal=True))
            return f"Written into {there.number}."

        self._do(write)

    def _new_ticket(self, picture: Picture) -> TicketWish:
        assert picture.context is not None
        number = picture.conversation_id
        conversation = self._session.state.conversations.get(number)
        return TicketWish(
            picture.context.customer.id,
            f"Chat Conversation #{number}",
            source="chatwoot",
            metadata={
                "chatwoot_conversation_id": number,
                "chatwoot_inbox_id": conversation.inbox_id if conversation else None,
            },
        )

    def _ticket(self, _argument: str) -> None:
        picture = self._known()
        if picture is not None:
            self._choose_ticket(picture, lambda ticket: self._link(picture, ticket))

    def _choose_ticket(self, picture: Picture, then: Callable[[Ticket | None], None]) -> None:
        """Ask which ticket the conversation belongs to; None is a new one."""
        assert picture.context is not None
        tickets = {one.id: one for one in picture.context.open_tickets}
        options = [
            Option(one.id, f"{one.number} {one.title}", dotted(one.status, self._repairs_of(
                picture, one.id)))
            for one in tickets.values()
        ]  # fmt: skip
        options.append(Option(NEW, "a new ticket"))
        self._ask(
            Choose(
                f"Which ticket is #{picture.conversation_id} about?",
                options,
                current=picture.ticket_id or "",
                question=f"{customer_of(picture)}. The answer is kept for this conversation.",
            ),
            lambda choice: then(tickets.get(choice)),
        )

    @staticmethod
    def _repairs_of(picture: Picture, ticket_id: str) -> str:
        return ", ".join(repair_label(row) for row in picture.active
                         if row.repair.ticket_id == ticket_id)  # fmt: skip

    def _link(self, picture: Picture, ticket: Ticket | None) -> None:
        before = picture.ticket_id
        if ticket is not None and ticket.id == before:
            return

        async def link(port: CrmPort) -> str:
            there = ticket or await port.create_ticket(self._new_ticket(picture))
            wish = self._bound(picture, there.id)
            await port.link_conversation(wish)
            if before is not None:
                back = LinkWish(wish.key, self._actor, before, instead_of=there.id)
                self.remember(Undo("the ticket", partial(_linked_back, back)))
            else:
                stays = ticket is None
                self.remember(
                    Undo("the ticket", partial(_let_go, wish.key, there, new_one_stays=stays))
                )
            return f"#{picture.conversation_id} belongs to {there.number} now."

        self._do(link)

    # --- who it is -----------------------------------------------------------------------------

    def _customer(self, customer_id: str) -> None:
        """Say which customer of the CRM this is; the answer is kept with the conversation."""
        open_id = self._screen.open_id
        if open_id is None:
            self._say("Open a conversation first.")
            return
        picture = self._crm.picture(open_id)
        if customer_id:
            self._bind_customer(picture, customer_id)
        elif picture.several:
            self._ask(
                Choose("Which customer is it?", customer_options(picture), find="name"),
                partial(self._bind_customer, picture),
            )
        else:
            from revivatui.screens.crm_search import FindCustomer

            def found(chosen: str | None) -> None:
                if chosen:
                    self._bind_customer(picture, chosen)

            self._screen.app.push_screen(FindCustomer(self._crm), found)

    def _bind_customer(self, picture: Picture, customer_id: str) -> None:
        conversation = self._session.state.conversations.get(picture.conversation_id)

        async def bind(port: CrmPort) -> str:
            customer = await port.get_customer(customer_id)
            await port.link_conversation(
                LinkWish(
                    self._crm.chat.conversation(picture.conversation_id),
                    linked_by=self._actor,
                    customer_id=customer.id,
                    inbox_id=conversation.inbox_id if conversation else None,
                    contact_id=conversation.contact_id if conversation else None,
                )
            )
            return f"#{picture.conversation_id} is with {customer.name}."

        self._do(bind)

    # --- other places --------------------------------------------------------------------------

    def _open(self, repair_id: str) -> None:
        picture = self._known()
        if picture is None:
            return

        def show(row: RepairRow) -> None:
            from revivatui.screens.repair_page import RepairPage

            self._screen.app.push_screen(RepairPage(self._session, self._inbox, row.repair.id))

        self._with_repair(picture, repair_id, "Which repair?", show)

    def _repairs(self, _argument: str) -> None:
        from revivatui.screens.repairs import RepairsScreen

        self._screen.app.push_screen(RepairsScreen(self._session, self._inbox))

    def _services(self, _argument: str) -> None:
        from revivatui.screens.services import ServicesScreen

        self._screen.app.push_screen(
            ServicesScreen(self._session, self._inbox, self._screen.open_id)
        )

    def _undo(self, _argument: str) -> None:
        if not self._undos:
            self._say("Nothing to undo in the CRM.")
            return
        self._do(self._undos.pop().doing)


async def _moved_back(move: Move, port: CrmPort) -> str:
    repair = await port.move_repair(move)
    return f"Undone: {repair.number} is {quoted(status_words(repair))} again."


async def _linked_back(wish: LinkWish, port: CrmPort) -> str:
    await port.link_conversation(wish)
    return f"Undone: #{wish.key.chatwoot_id} belongs to its earlier ticket again."


async def _let_go(
    key: ConversationKey, ticket: Ticket, port: CrmPort, *, new_one_stays: bool
) -> str:
    await port.unlink_conversation(key, ticket.id)
    stays = f" {ticket.number}, made for it, stays open." if new_one_stays else ""
    return f"Undone: #{key.chatwoot_id} belongs to no ticket.{stays}"
