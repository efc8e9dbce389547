"""What all actions on repairs share: for whom they are, how they are carried out and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.crm.errors import CrmError, StaleRecord
from revivatui.crm.wishes import LinkWish
from revivatui.screens.at_work import begin
from revivatui.screens.choose import Choose, Option
from revivatui.screens.repair_lines import customer_detail
from revivatui.screens.repair_words import status_words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from revivatui.crm.port import CrmPort
    from revivatui.crm.views import RepairRow
    from revivatui.screens.crm_desk import CrmDesk
    from revivatui.screens.inbox import InboxScreen
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.picture import Picture
    from revivatui.screens.session import Session

Doing = Callable[["CrmPort"], Awaitable[str]]
"""Something to do in the CRM; gives what was done, in a sentence."""

MOST_UNDOS: Final = 20
NOT_ANSWERED: Final = "The CRM has not answered yet. Look, and do it again."
NOT_IN_CRM: Final = "This customer is not in the CRM. Take a device in, or say who it is."


class Undo(NamedTuple):
    """How the last change is taken back."""

    words: str
    doing: Doing
    of: str = ""
    """The id of what it takes back, where more may be done to that (`CrmActions.forget`)."""


class CrmActions:
    """The ground of the actions: dialogs first, then one piece of work in the CRM."""

    def __init__(self, screen: InboxScreen, inbox: InboxCommands, undos: list[Undo]) -> None:
        self._screen = screen
        self._inbox = inbox
        self._undos = undos

    @property
    def _session(self) -> Session:
        return self._screen.session

    @property
    def _crm(self) -> CrmDesk:
        return self._session.crm

    @property
    def _actor(self) -> str:
        """Who does it, for the CRM's history."""
        me = self._session.state.me
        return me.name if me is not None and me.name else "desk"

    def _say(self, text: str, severity: SeverityLevel = "information") -> None:
        self._screen.notify(text, severity=severity, markup=False)

    def _ask(self, dialog: Choose, then: Callable[[str], None]) -> None:
        def chosen(choice: str | None) -> None:
            if choice is not None:
                then(choice)

        self._screen.app.push_screen(dialog, chosen)

    def _fill_in(self, form: Screen[dict[str, str] | None],
                 then: Callable[[dict[str, str]], None]) -> None:  # fmt: skip
        def filled(values: dict[str, str] | None) -> None:
            if values is not None:
                then(values)

        self._screen.app.push_screen(form, filled)

    # --- for whom ------------------------------------------------------------------------------

    def _known(self) -> Picture | None:
        """The open conversation's customer; says why where the CRM does not know them."""
        open_id = self._screen.open_id
        if open_id is None:
            self._say("Open a conversation first.")
            return None
        picture = self._crm.picture(open_id)
        if picture.context is not None:
            return picture
        if picture.phase == "several":
            self._say("Several customers fit: say first which of them it is.")
        elif picture.phase == "unknown":
            self._say(NOT_IN_CRM)
        else:
            self._say(picture.trouble or NOT_ANSWERED)
        return None

    def _with_repair(
        self, picture: Picture, repair_id: str, title: str, then: Callable[[RepairRow], None]
    ) -> None:
        """The repair that was named, the only one, or the one that is chosen now."""
        named = picture.row_of(repair_id) if repair_id else None
        rows = picture.active
        if named is not None:
            then(named)
        elif not rows:
            self._say("This customer has no repair that is under way.")
        elif len(rows) == 1:
            then(rows[0])
        else:
            by_id = {row.repair.id: row for row in rows}
            options = [
                Option(row.repair.id, repair_label(row), status_words(row.repair)) for row in rows
            ]
            self._ask(Choose(title, options), lambda choice: then(by_id[choice]))

    # --- doing it ------------------------------------------------------------------------------

    def _do(self, doing: Doing) -> None:
        """Carry something out in the CRM, behind the keys, and say what became of it."""
        begin(self._screen, "crm", self._done, doing)

    async def _done(self, doing: Doing) -> None:
        before = tuple(self._undos)
        try:
            said = await doing(await self._crm.port())
        except StaleRecord as error:
            self._say(f"{error} What is shown now is new.", "warning")
            self._crm.changed()
            return
        except CrmError as error:
            self._say(str(error), "warning")
            return
        except Exception as error:
            self._screen.app._handle_exception(error)
            return
        if self._undos and self._undos[-1] not in before:
            said += f" {self._undo_key()} in the repair pane takes it back."
        self._crm.changed()
        self._say(said)

    def _undo_key(self) -> str:
        from revivatui.commands import BY_ID

        return self._session.keys.first(BY_ID["repair.undo"])

    def remember(self, undo: Undo) -> None:
        self._undos.append(undo)
        del self._undos[:-MOST_UNDOS]

    def forget(self, of: str) -> None:
        """What was done to a record went on: what made it is not taken back any more."""
        self._undos[:] = [undo for undo in self._undos if undo.of != of]

    # --- the ticket ----------------------------------------------------------------------------

    def _bound(self, picture: Picture, ticket_id: str | None) -> LinkWish:
        """The conversation bound to a ticket, or only to its customer, because somebody said so."""
        assert picture.context is not None
        conversation = self._session.state.conversations.get(picture.conversation_id)
        return LinkWish(
            self._crm.chat.conversation(picture.conversation_id),
            linked_by=self._actor,
            ticket_id=ticket_id,
            customer_id=picture.context.customer.id,
            inbox_id=conversation.inbox_id if conversation else None,
            contact_id=conversation.contact_id if conversation else None,
            instead_of=picture.ticket_id,
        )


def repair_label(row: RepairRow) -> str:
    return f"{row.repair.number} {row.device.label}"


def customer_of(picture: Picture) -> str:
    return picture.context.customer.name if picture.context is not None else ""


def customer_options(picture: Picture) -> list[Option]:
    return [Option(one.id, one.name, customer_detail(one)) for one in picture.several]


def dotted(*parts: str) -> str:
    return f" {symbols.dot} ".join(part for part in parts if part)
