"""Everything about one repair, and what else was done to its device: a page to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from revivatui.crm import workflow
from revivatui.crm.errors import CrmError
from revivatui.screens import repair_words as say
from revivatui.screens.at_work import begin_alone
from revivatui.screens.own_commands import OwnCommands, own_bindings
from revivatui.screens.page import Page
from revivatui.screens.repair_chat import ToChat
from revivatui.text.when import day_of, stamp
from revivatui.text.width import fit, width, wrap
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from textual.binding import BindingType

    from revivatui.crm.records import Device
    from revivatui.crm.records_repairs import Quote, RepairEvent, Warranty
    from revivatui.crm.views import DeviceHistory, RepairFile, RepairRow
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.widgets.chip_bar import Chip

NAMES = 12
"""Cells for the names of facts."""


class RepairPage(Page, OwnCommands):
    """Read when opened, and again with r; choosing another repair of the device shows that."""

    PLACES = ("repair_page",)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("repair_page")

    def __init__(
        self, session: Session, inbox: InboxCommands, repair_id: str = "", device_id: str = ""
    ) -> None:
        """Make the page of a repair, or of a device and all that was done to it."""
        super().__init__("Repair" if repair_id else "Device")
        self._session = session
        self._inbox = inbox
        self._to_chat = ToChat(self, session, self.open_conversation)
        self._repair_id, self._device_id = repair_id, device_id
        self._file: RepairFile | None = None
        self._history: DeviceHistory | None = None
        self._trouble = ""

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            "repair_page.open": self.lines.action_choose,
            "repair_page.chat": self.action_chat,
            "repair_page.again": self.action_again,
            "repair_page.leave": self.action_leave,
        }

    def hints(self) -> list[Chip]:
        others = any(one.choice for one in self.lines.lines)
        chips = [
            one for one in self.own_chips("button") if others or one.command != "repair_page.open"
        ]
        return [*chips, self.help_chip("button")]

    def on_mount(self) -> None:
        self.action_again()

    def action_again(self) -> None:
        begin_alone(self, "repair", self._read)

    async def _read(self) -> None:
        try:
            port = await self._session.crm.port()
            if self._repair_id:
                self._file = await port.get_repair(self._repair_id)
                self._device_id = self._file.row.device.id
            self._history = await port.device_history(self._device_id)
            self._trouble = ""
        except CrmError as error:
            self._trouble = str(error)
        if self.lines.is_attached:
            self.show_page()

    # --- what it shows -------------------------------------------------------------------------

    def page(self) -> list[ListLine]:
        lines = [words(f"{symbols.failed} {self._trouble}", "error")] if self._trouble else []
        if self._file is not None:
            lines += self._of_repair(self._file)
        if self._history is not None:
            lines += self._of_device(self._history)
        return lines or [words("asking the CRM" + symbols.ellipsis, "muted")]

    def _day(self, moment: datetime) -> str:
        return say.day(moment, self._session.clock(), self._session.tz)

    def _fact(self, name: str, text: str, style: str = "") -> Iterator[ListLine]:
        lead = fit(name, NAMES)
        for start, end in wrap(text, max(10, self.room - NAMES - 4)) if text else ():
            yield ListLine((Piece(lead, "muted"), Piece(text[start:end], style)))
            lead = " " * NAMES

    def _of_repair(self, file: RepairFile) -> Iterator[ListLine]:
        row, repair = file.row, file.row.repair
        now, tz = self._session.clock(), self._session.tz
        yield ListLine((Piece(f"{repair.number} ", "accent"), Piece(row.device.label, "strong"),
                        Piece(f"  {file.customer.name}", "")))  # fmt: skip
        status = f"{say.mark_of(repair.status)} {say.status_words(repair)}"
        yield from self._fact("status", status, say.status_style(repair.status))
        yield from self._fact("promise", *say.promise(repair, now, tz, overdue=row.overdue))
        yield from self._fact("fault", repair.fault)
        yield from self._fact("condition", repair.intake_condition)
        yield from self._fact("with it", ", ".join(repair.accessories))
        yield from self._fact("technician", row.technician_name)
        if repair.is_warranty:
            yield from self._fact("warranty", "done under the warranty of an earlier repair")
        for quote in file.quotes:
            yield from self._of_quote(quote)
        yield from (words(""), words("History", "strong"))
        yield from self._events(file.events)
        yield words("")

    def _events(self, events: Sequence[RepairEvent]) -> Iterator[ListLine]:
        """The history, newest first: when, what it became, who did it."""
        told = [
            workflow.words(one.to_status) if one.from_status != one.to_status else "note"
            for one in events
        ]
        broadest = max(map(width, told), default=0)
        for event, said in zip(reversed(events), reversed(told), strict=True):
            at = stamp(event.at.timestamp(), self._session.clock(), self._session.tz)
            public = f" {symbols.dot} the customer may read it" if event.public else ""
            yield ListLine(
                (
                    Piece(fit(at, NAMES), "muted"),
                    Piece(fit(said, broadest), "note" if said == "note" else ""),
                    Piece(f"  {event.actor}{public}", "muted"),
                )
            )
            if event.note:
                yield from self._fact("", event.note)

    def _of_quote(self, quote: Quote) -> Iterator[ListLine]:
        total = say.money(quote.total_cost)
        yield from self._fact(quote.number, f"{say.quote_words(quote)} {symbols.dot} {total}")
        lines = [
            (f"{'' if one.quantity == 1 else f'{one.quantity:f} x '}{one.description}",
             say.money(one.line_total))
            for one in quote.line_items
        ]  # fmt: skip
        amounts = max((width(amount) for _, amount in lines), default=0)
        room = max(10, self.room - NAMES - amounts - 6)
        broadest = min(room, max((width(text) for text, _ in lines), default=0))
        for text, amount in lines:
            told = (Piece(fit(text, broadest)), Piece(f"  {amount.rjust(amounts)}"))
            yield ListLine((Piece(" " * NAMES), *told))
        if quote.decline_reason:
            yield from self._fact("", f"declined: {quote.decline_reason}")

    def _of_device(self, history: DeviceHistory) -> Iterator[ListLine]:
        device = history.device
        yield words(f"The device: {device.label}", "strong")
        for name, text in device_facts(device):
            yield from self._fact(name, text)
        for warranty in history.warranties:
            yield from self._fact("warranty", self._warranty(warranty))
        others = [row for row in history.repairs if row.repair.id != self._repair_id]
        if others:
            title = "Other repairs of it" if self._repair_id else "Its repairs"
            yield from (words(""), words(title, "strong"))
        for row in others:
            yield self._other(row)

    def _other(self, row: RepairRow) -> ListLine:
        repair = row.repair
        said = f"{say.status_words(repair)} {symbols.dot} {self._day(repair.created_at)}"
        return ListLine(
            (
                Piece(f"{repair.number} ", "accent"),
                Piece(repair.fault),
                Piece(f"  {said}", "muted"),
            ),
            repair.id,
        )

    def _warranty(self, one: Warranty) -> str:
        today = day_of(self._session.clock(), self._session.tz)
        until = say.date_words(one.ends_on, today)
        if one.void_reason:
            return f"void: {one.void_reason}"
        holds = "until" if one.holds_on(today) else "was until"
        return f"{one.kind.replace('_', ' ')} {holds} {until}"

    # --- what the agent wants ------------------------------------------------------------------

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._repair_id = event.choice
        self.action_again()

    def action_chat(self) -> None:
        """To the conversation of the customer."""
        if self._repair_id:
            self._to_chat.find("repair", self._repair_id)
        else:
            self._to_chat.find("device", self._device_id)

    def act(self, command: str) -> None:
        if command == "leave":
            self.action_leave()
        else:
            self.clicked(command)


def device_facts(device: Device) -> Iterator[tuple[str, str]]:
    find_my = {"on": "Find My is on", "off": "Find My is off"}.get(device.find_my_state, "")
    told = (
        ("serial", device.serial),
        ("IMEI", device.imei),
        ("model", device.model_identifier),
        ("colour", " ".join(one for one in (device.colour, device.storage) if one)),
        ("lock", find_my),
        ("notes", device.notes),
    )
    yield from ((name, text) for name, text in told if text)
