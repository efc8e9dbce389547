"""The desk's access to a CRM: the one owner of what is asked of it while the desk runs.

The store is opened behind the first frame, what it knows of the open conversation's customer is
kept as a `Picture`, and read again when the CRM says that something changed. Whatever goes wrong
becomes one plain line in the picture; nothing of it stops the rest of the desk.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from revivatui.crm.errors import AmbiguousCustomer, CrmError, NotInCrm, TokenRefused
from revivatui.screens.picture import House, Phase, Picture

if TYPE_CHECKING:
    from revivatui.crm.chat_keys import Chat
    from revivatui.crm.port import CrmPort
    from revivatui.crm.records import Customer
    from revivatui.crm.records_tickets import ChatConversation
    from revivatui.crm.views import Changes, Context, RepairFile
    from revivatui.crm_access import Opener
    from revivatui.state.models import Contact

LOOK_AGAIN: Final = 3.0
"""Seconds between two questions whether anything changed in the CRM."""
TRY_AGAIN: Final = 15.0
"""Seconds after which a CRM that could not be opened is tried again by itself."""
KEPT: Final = 100
"""Customers whose pictures are kept."""
MOST_FILES: Final = 3
"""Repairs under way whose quotes and history are read with the customer."""
PATIENCE: Final = 20.0
"""Seconds after which a question counts as not answered."""
CLOSES_WITHIN: Final = 2.0
MEASURED: Final = 20
"""Of how many answers it is kept how long they took."""

Keys = tuple[int, str, str] | None

NO_ANSWER: Final = "The CRM does not answer; what is shown may be old."


class CrmDesk:
    """Asks a CRM for one desk. Everything runs on the desk's own loop."""

    def __init__(
        self,
        opener: Opener | None = None,
        chat: Chat | None = None,
        on_error: Callable[[Exception], object] = lambda error: None,
        tax_percent: int = 0,
        is_made: Callable[[], bool] = lambda: True,
        look_again: float = LOOK_AGAIN,
    ) -> None:
        """Make the access; `opener` None: there is no CRM, and nothing is ever asked.

        `is_made`: whether there is anything in it yet. Until then it is opened by a wish of the
        agent only: it takes memory and time that a shop without one need not spend. `on_error`
        is told of what no CRM is to blame for; `tax_percent` is what prices of the catalogue
        include; `look_again` are the seconds between two looks for changes.
        """
        self.tax_percent = tax_percent
        self._on_error = on_error
        self._opener = opener
        self._is_made = is_made
        self._look_again = look_again
        self._chat = chat
        self._port: CrmPort | None = None
        self._is_refused = False
        self._left: list[CrmPort] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._opening: asyncio.Task[CrmPort] | None = None
        self._loading: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._pictures: OrderedDict[int, Picture] = OrderedDict()
        self._asked: dict[int, Keys] = {}
        """By what the customers of these conversations were asked for, while that is not old."""
        self._loading_for: int | None = None
        self._ahead: tuple[int, asyncio.Task[None]] | None = None
        """Whose customer is asked for before they are looked at."""
        self._open: tuple[int, Contact | None] | None = None
        self._listeners: list[Callable[[], object]] = []
        self.house = House()
        self.calls = 0
        """How often the CRM was asked so far."""
        self.took: deque[float] = deque(maxlen=MEASURED)
        """The seconds of its last answers."""
        self.trouble = ""
        """Why it cannot be asked at the moment."""

    # --- life ----------------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        return self._opener is not None

    def can(self, what: str) -> bool:
        """Whether the CRM says that it can (`Capabilities`); until it is open, it may."""
        return self._port is None or bool(getattr(self._port.capabilities, what))

    @property
    def chat(self) -> Chat:
        """What the Chatwoot of this desk is called in the CRM."""
        assert self._chat is not None
        return self._chat

    @property
    def is_awake(self) -> bool:
        """Whether there is something to ask."""
        return self.is_on and (self._port is not None or self._is_made())

    def start(self, after: float = 0.0) -> None:
        """Open the CRM and watch it, `after` so many seconds; called behind the first frame."""
        if self.is_awake and self._watching is None:
            self._watching = self._task(self._watch(after), "crm")

    def _task(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._on_error(error)

    async def close(self) -> None:
        """End what runs and close the CRM, within a limit."""
        self._listeners.clear()
        tasks, opening = [*self._tasks], self._opening
        if opening is not None:
            tasks.append(opening)
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSES_WITHIN):
                await asyncio.gather(*tasks, return_exceptions=True)
        if opening and opening.done() and not opening.cancelled() and not opening.exception():
            # It was opened, and nobody was left to take it.
            self._left.append(opening.result())
        for port in {id(one): one for one in (*self._left, self._port) if one}.values():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSES_WITHIN):
                    await port.close()
        self._left.clear()
        self._port = self._opening = None

    async def port(self) -> CrmPort:
        """The CRM, opened once. Raises CrmError."""
        if self._port is None:
            was_asleep = not self.is_awake
            opening = self._opening or asyncio.create_task(self._open_it(), name="open the crm")
            self._opening = opening
            try:
                self._port = await asyncio.shield(opening)
            finally:
                if opening.done() and self._opening is opening:
                    self._opening = None
            self.start()
            if was_asleep:
                self.read_again()
        return self._port

    async def _open_it(self) -> CrmPort:
        assert self._opener is not None
        return await self._opener()

    # --- what is known -------------------------------------------------------------------------

    def picture(self, conversation_id: int) -> Picture:
        """What is known of a conversation's customer, as far as the CRM has said so."""
        kept = self._pictures.get(conversation_id)
        if kept is not None:
            return kept
        nothing_there: Phase = "unknown" if self.is_on else "off"
        return Picture(conversation_id, "waiting" if self.is_awake else nothing_there)

    def seen_with(self, customer_id: str) -> list[int]:
        """The conversations whose customer was found to be this one, seen last first."""
        return [
            number
            for number, picture in reversed(self._pictures.items())
            if picture.context is not None and picture.context.customer.id == customer_id
        ]

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` after each change of what is known; gives what ends that."""
        self._listeners.append(listener)

        def end() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _keep(self, picture: Picture) -> None:
        if self._pictures.get(picture.conversation_id) == picture:
            return
        self._pictures[picture.conversation_id] = picture
        self._pictures.move_to_end(picture.conversation_id)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        if self._open is not None and self._open[0] == picture.conversation_id:
            self._tell()

    # --- asking --------------------------------------------------------------------------------

    def look_at(self, conversation_id: int | None, contact: Contact | None) -> None:
        """This conversation is open now: what was still being asked for another one is not."""
        self._open = None if conversation_id is None else (conversation_id, contact)
        if self._loading_for != conversation_id:
            self._stop_loading()
            self._take_over(conversation_id)
        if conversation_id is None or not self.is_awake:
            return
        if self._asked.get(conversation_id) != _keys_of(contact):
            self.read_again()

    async def look_ahead(self, conversation_id: int, contact: Contact | None) -> None:
        """This conversation may be open soon: know its customer by then, where a question more
        costs nobody anything."""
        if self._port is None or self._port.capabilities.counts_questions:
            return
        if self._asked.get(conversation_id) == _keys_of(contact):
            return
        self._take_over(None)
        self._asked[conversation_id] = _keys_of(contact)
        asking = self._task(self._load(conversation_id, contact), "crm ahead")
        self._ahead = conversation_id, asking
        await asyncio.wait([asking])

    def _take_over(self, conversation_id: int | None) -> None:
        """What is asked ahead is for the open conversation now, or not needed any more."""
        number, asking = self._ahead or (0, None)
        self._ahead = None
        if asking is None or asking.done():
            return
        if number == conversation_id:
            self._loading, self._loading_for = asking, number
        else:
            asking.cancel()
            self._asked.pop(number, None)

    def _stop_loading(self) -> None:
        if self._loading is not None and not self._loading.done():
            self._loading.cancel()
            self._asked.pop(self._loading_for or 0, None)
        self._loading = self._loading_for = None

    def read_again(self) -> None:
        """Ask for the open conversation's customer anew; what is shown stays until then."""
        self._stop_loading()
        if self._open is not None and self.is_awake:
            self.start()
            self._loading_for, contact = self._open
            self._asked[self._loading_for] = _keys_of(contact)
            self._loading = self._task(self._load(*self._open), "crm context")

    def refresh(self) -> None:
        """The agent asks: everything known is old, and a CRM that failed is tried now, one that
        refused the token with the one that is kept now."""
        self._asked.clear()
        if self._is_refused and self._port is not None:
            # Somebody may still be asking through it, so that it is closed with the desk.
            self._left.append(self._port)
            self._port, self._is_refused = None, False
        if self._watching is not None and self._port is None:
            self._watching.cancel()
            self._watching = None
        self.read_again()

    async def _load(self, conversation_id: int, contact: Contact | None) -> None:
        before = self.picture(conversation_id)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask(before, contact)
        except (CrmError, TimeoutError) as error:
            self._asked.pop(conversation_id, None)
            self._is_refused = self._is_refused or isinstance(error, TokenRefused)
            words = NO_ANSWER if isinstance(error, TimeoutError) else str(error)
            self._keep(replace(self.picture(conversation_id), trouble=words))

    async def _ask(self, before: Picture, contact: Contact | None) -> None:
        port = await self.port()
        number = before.conversation_id
        link = await self._counted(port.conversation(self.chat.conversation(number)))
        try:
            customer_id, found_by = await self._customer_of(port, link, contact)
        except AmbiguousCustomer as error:
            those = [await self._counted(port.get_customer(one)) for one in error.customer_ids]
            self._keep(Picture(number, "several", link=link, several=tuple(those)))
            return
        if customer_id is None:
            self._keep(Picture(number, "unknown", link=link))
            return
        context = await self._counted(port.get_context(customer_id))
        known = tuple(
            file
            for file in before.files
            if file.row.repair.id in {row.repair.id for row in context.active}
        )
        picture = Picture(
            number, "there", found_by=found_by, context=context, files=known, link=link
        )
        if before.phase != "there":
            self._keep(picture)  # the history of the repairs follows
        files = await self._files(port, picture, context)
        self._keep(replace(picture, files=files))

    async def _files(
        self, port: CrmPort, picture: Picture, context: Context
    ) -> tuple[RepairFile, ...]:
        wanted = [row.repair.id for row in picture.active[:MOST_FILES]]
        return tuple([await self._counted(port.get_repair(one)) for one in wanted])

    async def _customer_of(
        self, port: CrmPort, link: ChatConversation | None, contact: Contact | None
    ) -> tuple[str | None, str]:
        """The customer's id and how they were found; never a guess. Raises AmbiguousCustomer."""
        if link is not None and link.customer_id:
            return link.customer_id, ""
        if link is not None and link.crm_ticket_id:
            with contextlib.suppress(NotInCrm):
                file = await self._counted(port.get_ticket(link.crm_ticket_id))
                return file.ticket.customer_id, ""
        if contact is None:
            return None, ""
        found = await self._counted(
            port.find_customer(
                external=self.chat.contact(contact.id),
                email=contact.email,
                phone=contact.phone_number,
            )
        )
        return (None, "") if found is None else (found.id, how_found(found, contact))

    async def _counted(self, answer: Coroutine[Any, Any, Any]) -> Any:
        self.calls += 1
        return await self._timed(answer)

    async def _timed(self, answer: Coroutine[Any, Any, Any]) -> Any:
        began = time.monotonic()
        answered = await answer
        self.took.append(time.monotonic() - began)
        return answered

    # --- watching ------------------------------------------------------------------------------

    async def _watch(self, after: float) -> None:
        """Open the CRM, learn the house, then look for changes until the desk ends."""
        await asyncio.sleep(after)
        cursor: str | None = None
        failed = False
        while True:
            try:
                port = await self.port()
                if self.house.as_of is None:
                    await self._learn_house(port)
                if not port.capabilities.has_changes:
                    return
                cursor = await self._news(port, cursor)
                self.trouble = ""
                if failed:
                    failed = False
                    self.changed()
                await asyncio.sleep(self._look_again)
            except CrmError as error:
                failed = True
                self.trouble = str(error)
                self._say_trouble(self.trouble)
                self._is_refused = isinstance(error, TokenRefused)
                await asyncio.sleep(TRY_AGAIN)

    async def _news(self, port: CrmPort, cursor: str | None) -> str:
        """Read on from a cursor; the first time there is nothing that could have changed."""
        if cursor is None:
            return await port.changes_so_far()
        kinds: set[str] = set()
        at = cursor
        while True:
            changes: Changes = await self._timed(port.changes_since(at, 5000))
            at = changes.cursor
            kinds.update(one.kind for one in changes.changes)
            if not changes.more:
                break
        if not kinds:
            return at
        if kinds & {"service", "technician", "location"}:
            await self._learn_house(port)
        self.changed()
        return at

    def changed(self) -> None:
        """Something changed in the CRM: every picture is old, the open one is taken anew."""
        self._asked.clear()
        self.read_again()
        self._tell()

    def _say_trouble(self, words: str) -> None:
        if self._open is not None:
            self._keep(replace(self.picture(self._open[0]), trouble=words))

    async def learn_house(self) -> None:
        """Read anew what is the same for every customer. Raises CrmError."""
        await self._learn_house(await self.port())

    async def _learn_house(self, port: CrmPort) -> None:
        self.house = House(
            services=await port.list_services(all_of_them=True),
            technicians=await port.technicians(),
            locations=await port.locations(),
            as_of=datetime.now(UTC),
        )
        self._tell()


def _keys_of(contact: Contact | None) -> Keys:
    """By what a customer is found."""
    return None if contact is None else (contact.id, contact.email, contact.phone_number)


def how_found(customer: Customer, contact: Contact) -> str:
    """By what a customer was found, the surest way first; all that a chat says is what it says."""
    email = contact.email.strip().casefold()
    if email and email == customer.email.strip().casefold():
        return "e-mail"
    digits = [char for char in contact.phone_number if char.isdigit()]
    if digits and digits == [char for char in customer.phone if char.isdigit()]:
        return "phone"
    return "chat"
