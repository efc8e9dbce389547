"""What the shop offers: a card a service, data recovery first, each to be put into a reply."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from revivatui.crm.errors import CrmError
from revivatui.crm.money import Money
from revivatui.crm.records import SERVICE_CATEGORIES
from revivatui.screens import repair_words as say
from revivatui.screens.at_work import begin
from revivatui.screens.forms import Form, FormField
from revivatui.screens.own_commands import own_bindings
from revivatui.screens.repair_messages import service_text
from revivatui.screens.room import Room
from revivatui.text.width import fit, truncate, width
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from textual.binding import BindingType

    from revivatui.crm.records import ServiceItem
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session

_BROADEST: Final = 110
_INDENT: Final = "  "


class ServicesScreen(Room):
    """Enter puts a service into the reply to the conversation that was open; e changes it."""

    NAME = "services"
    FIND = "a service, a device, a word"
    PLACES = ("services", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("services")

    def __init__(self, session: Session, inbox: InboxCommands, conversation_id: int | None) -> None:
        """Make the room; `conversation_id` is whose reply a service is put into."""
        super().__init__(session, inbox)
        self._conversation_id = conversation_id

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            **super().deeds(),
            "services.insert": self.lines.action_choose,
            "services.edit": self.action_edit,
            "services.repairs": partial(self.to_room, "repairs"),
        }

    def news(self) -> None:
        self.show_all()

    async def read(self) -> None:
        """The house is read by the desk's access to the CRM; here it is only looked at."""
        await self._session.crm.port()

    # --- what it shows -------------------------------------------------------------------------

    @property
    def services(self) -> list[ServiceItem]:
        order = {category: place for place, category in enumerate(SERVICE_CATEGORIES)}
        known = [one for one in self._session.crm.house.services if fits(one, self.sought)]
        return sorted(known, key=lambda one: (order.get(one.category, 99), one.position, one.name))

    def show_all(self) -> None:
        many = len(self.services)
        right = self.trouble or say.times_words(many, "service", "services")
        self.show_top([Chip(right, "error" if self.trouble else "muted", weight=NEVER)])
        self.bar.show([Chip(self._for_whom(), "muted", weight=NEVER)])
        self.head.display = False
        cards = service_lines(self.services, min(self.cells, _BROADEST))
        self.lines.show(cards or [words(self._empty(), "muted")])
        self.show_keys()

    def _empty(self) -> str:
        if self._session.crm.house.as_of is None:
            return self.trouble or "asking the CRM" + symbols.ellipsis
        if self.sought:
            return f"Nothing in the catalogue is like this; {self.key_of('room.leave')} shows all."
        return "The catalogue of the CRM is empty: nothing is offered yet."

    def _for_whom(self) -> str:
        if self._conversation_id is None:
            return "No conversation is open: a service can be read, not put into a reply."
        from revivatui.screens.inbox_view import name_of

        name = truncate(name_of(self._session.state, self._conversation_id), 40)
        return f"enter puts a service into the reply to #{self._conversation_id} {name}"

    def hints(self) -> list[Chip]:
        idle = ["services.insert"] if self._conversation_id is None else []
        if self._chosen is None:
            idle = ["services.insert", "services.edit"]
        return [one for one in self.own_chips() if one.command not in idle]

    # --- what the agent wants ------------------------------------------------------------------

    @property
    def _chosen(self) -> ServiceItem | None:
        code = self.lines.choice
        return next((one for one in self.services if one.code == code), None)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        item = self._chosen
        if item is None:
            return
        if self._conversation_id is None:
            self.say("Open a conversation first.")
            return
        picture = self._session.crm.picture(self._conversation_id)
        language = picture.context.customer.language if picture.context is not None else "en"
        self.dismiss()
        self.call_later(
            self._inbox.put_into_reply, self._conversation_id, service_text(item, language)
        )

    def action_edit(self) -> None:
        item = self._chosen
        if item is None:
            self.say("Choose a service first.")
            return

        def filled(values: dict[str, str] | None) -> None:
            if values is not None:
                self._save(changed(item, values))

        self.app.push_screen(
            Form(f"{item.name} ({item.currency})", fields_of(item),
                 check=lambda values: wrong(item, values)),
            filled,
        )  # fmt: skip

    def _save(self, item: ServiceItem) -> None:
        begin(self, "save", self._saved, item)

    async def _saved(self, item: ServiceItem) -> None:
        crm = self._session.crm
        try:
            port = await crm.port()
            if not port.capabilities.can_edit_services:
                self.say("This CRM does not let its catalogue be changed from here.", "warning")
                return
            await port.save_service(item)
            await crm.learn_house()
        except CrmError as error:
            self.say(str(error), "warning")
            return
        self.say(f"{item.name} is changed: {say.price_words(item)}.")


# --- cards -------------------------------------------------------------------------------------


def fits(item: ServiceItem, sought: str) -> bool:
    """Whether a service has all the words that are looked for."""
    category = say.CATEGORY_WORDS.get(item.category, item.category)
    device = f"{item.device_brand} {item.device_model} {item.device_category}"
    told = f"{item.name} {item.description} {device} {category}"
    folded = told.casefold()
    return all(word in folded for word in sought.casefold().split())


def service_lines(services: Sequence[ServiceItem], cells: int) -> list[ListLine]:
    """The cards, under the names of their categories."""
    lines: list[ListLine] = []
    category = ""
    for item in services:
        if item.category != category:
            category = item.category
            lines += [words("")] if lines else []
            lines.append(words(say.CATEGORY_WORDS.get(category, category), "strong"))
        lines += _card(item, cells)
    return lines


def _card(item: ServiceItem, cells: int) -> Iterator[ListLine]:
    price = say.price_words(item)
    room = cells - width(price) - len(_INDENT) - 1
    gone = "" if item.active else " (not offered)"
    name = Piece(_INDENT + fit(f"{item.name}{gone}", room) + " ", "accent" if item.active else
                 "muted")  # fmt: skip
    yield ListLine((name, Piece(price, "strong")), item.code)
    told = [say.duration_words(item), say.warranty_words(item)]
    if item.part_quality:
        told.append(f"{item.part_quality} part")
    if item.requires_diagnosis:
        told.append("after the diagnosis")
    if item.no_data_no_fee:
        told.append("no data, no fee")
    facts = f" {symbols.dot} ".join(one for one in told if one)
    yield words(f"{_INDENT}{_INDENT}{facts}", "muted")
    if item.description:
        yield words(f"{_INDENT}{_INDENT}{item.description}", "muted")


# --- changing one ------------------------------------------------------------------------------


def fields_of(item: ServiceItem) -> list[FormField]:
    def price(amount: Money | None) -> str:
        return f"{amount.amount:f}" if amount is not None else ""

    return [
        FormField("name", "Name", item.name, needed=True),
        FormField("price_from", "Price from", price(item.price_from), "empty: on request"),
        FormField("price_to", "Price to", price(item.price_to), "empty: fixed"),
        FormField("duration_min", "Minutes on the bench", _whole(item.duration_min)),
        FormField("turnaround_days", "Days until it is ready", _whole(item.turnaround_days)),
        FormField("warranty_months", "Months of warranty", _whole(item.warranty_months)),
        FormField("description", "What it is", item.description),
    ]


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


def wrong(item: ServiceItem, values: Mapping[str, str]) -> str:
    """What cannot be, in a sentence; "" where all can."""
    for name, label in (("duration_min", "Minutes"), ("turnaround_days", "Days"),
                        ("warranty_months", "Months")):  # fmt: skip
        if values[name] and not (values[name].isascii() and values[name].isdigit()):
            return f"{label} are a whole number, not {say.quoted(values[name])}."
    try:
        after = changed(item, values)
    except CrmError as error:
        return str(error)
    low, high = after.price_from, after.price_to
    if low is not None and high is not None and high < low:
        return "The upper price is below the lower one."
    return ""


def changed(item: ServiceItem, values: Mapping[str, str]) -> ServiceItem:
    """The service as it was filled in. Raises MoneyError."""

    def price(name: str) -> Money | None:
        return Money.parse(values[name], item.currency) if values[name] else None

    def number(name: str) -> int | None:
        return int(values[name]) if values[name] else None

    return replace(
        item,
        name=values["name"],
        price_from=price("price_from"),
        price_to=price("price_to"),
        duration_min=number("duration_min"),
        turnaround_days=number("turnaround_days"),
        warranty_months=number("warranty_months") or 0,
        description=values["description"],
    )
