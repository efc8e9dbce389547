"""From a repair to the chat about it: which conversations are its customer's, and going there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from revivatui.crm.errors import CrmError
from revivatui.screens.at_work import begin_alone
from revivatui.screens.choose import Choose, Option
from revivatui.screens.inbox_view import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from revivatui.crm.port import CrmPort
    from revivatui.screens.crm_desk import CrmDesk
    from revivatui.screens.session import Session


class Whose(NamedTuple):
    """Of whom a chat is looked for, and about which ticket."""

    customer_id: str
    name: str
    ticket_id: str | None = None


async def whose(port: CrmPort, kind: str, record_id: str) -> Whose:
    """Whose a repair, a device or a customer is. Raises CrmError."""
    if kind == "repair":
        file = await port.get_repair(record_id)
        return Whose(file.customer.id, file.customer.name, file.row.repair.ticket_id)
    customer_id = record_id
    if kind == "device":
        customer_id = (await port.device_history(record_id)).device.customer_id
    customer = await port.get_customer(customer_id)
    return Whose(customer.id, customer.name)


async def chats_of(crm: CrmDesk, them: Whose) -> list[int]:
    """The conversations of this desk's account that are known to be a customer's, the one that
    changed last first; only those of the ticket where it has some. Never a guess: somebody bound
    them, or the repair pane found the customer there. Raises CrmError."""
    chat = crm.chat
    here = [
        one
        for one in await (await crm.port()).conversations_of(them.customer_id)
        if (one.installation, one.account_id) == (chat.installation, chat.account_id)
    ]
    about_it = [
        one.chatwoot_id for one in here if them.ticket_id and one.crm_ticket_id == them.ticket_id
    ]
    if about_it:
        return about_it
    bound = [one.chatwoot_id for one in here]
    return list(dict.fromkeys([*bound, *crm.seen_with(them.customer_id)]))


class ToChat:
    """Looks for a chat behind the keys, asks where there are several, and goes there."""

    def __init__(self, screen: Screen[None], session: Session, go: Callable[[int], None]) -> None:
        """`go` leaves `screen` for a conversation."""
        self._screen = screen
        self._session = session
        self._go = go

    def find(self, kind: str, record_id: str) -> None:
        """Go to the chat of a "repair", a "device" or a "customer", or say why not."""
        begin_alone(self._screen, "chat", self._find, kind, record_id)

    async def _find(self, kind: str, record_id: str) -> None:
        crm = self._session.crm
        try:
            them = await whose(await crm.port(), kind, record_id)
            found = await chats_of(crm, them)
        except CrmError as error:
            self._screen.notify(str(error), severity="warning", markup=False)
            return
        except Exception as error:
            self._screen.app._handle_exception(error)
            return
        if not self._screen.is_current:
            return  # the agent went elsewhere meanwhile
        if not found:
            self._screen.notify(
                f"No chat is known to be {them.name}'s. Open theirs in the inbox and say in its"
                " repair pane who it is.",
                markup=False,
            )
        elif len(found) == 1:
            self._go(found[0])
        else:
            self._ask(them, found)

    def _ask(self, them: Whose, found: list[int]) -> None:
        state = self._session.state

        def option(number: int) -> Option:
            conversation = state.conversations.get(number)
            if conversation is None:
                return Option(str(number), f"#{number}", "not read yet")
            inbox = state.inboxes.get(conversation.inbox_id)
            told = [conversation.status, inbox.name if inbox is not None else ""]
            return Option(
                str(number), f"#{number} {name_of(state, number)}", ", ".join(filter(None, told))
            )

        def chosen(choice: str | None) -> None:
            if choice:
                self._go(int(choice))

        current = str(state.open_id or "")
        dialog = Choose(
            f"Which chat with {them.name}?", [option(one) for one in found], current=current,
            verb="open",
        )  # fmt: skip
        self._screen.app.push_screen(dialog, chosen)
