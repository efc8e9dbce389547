"""Everything about one repair, and what else was done to its device: a page to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui.crm import workflow
from revivatui.crm.errors import CrmError
from revivatui.screens import repair_words as say
from revivatui.screens.page import Page
from revivatui.text.when import day_of, stamp
from revivatui.text.width import fit, wrap
from revivatui.widgets.chip_bar import Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from revivatui.crm.records import Device
    from revivatui.crm.records_repairs import Quote, Warranty
    from revivatui.crm.views import DeviceHistory, RepairFile, RepairRow
    from revivatui.screens.session import Session

NAMES = 12
"""Cells for the names of facts."""


class RepairPage(Page):
    """Read when opened, and again with r; choosing another repair of the device shows that."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
        Binding("r", "again", "Read again", show=False),
    ]

    def __init__(self, session: Session, repair_id: str = "", device_id: str = "") -> None:
        """Make the page of a repair, or of a device and all that was done to it."""
        super().__init__("Repair" if repair_id else "Device")
        self._session = session
        self._repair_id, self._device_id = repair_id, device_id
        self._file: RepairFile | None = None
        self._history: DeviceHistory | None = None
        self._trouble = ""

    def hints(self) -> list[Chip]:
        return [
            Chip("open", "accent", "open", 40, lead="enter"),
            Chip("read again", "button", "again", 30, lead="r"),
        ]

    def on_mount(self) -> None:
        self.action_again()

    def action_again(self) -> None:
        self.run_worker(self._read(), group="repair", exit_on_error=False, exclusive=True)

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
        for event in reversed(file.events):
            at = stamp(event.at.timestamp(), now, tz)
            moved = event.from_status != event.to_status
            said = workflow.words(event.to_status) if moved else "note"
            public = f" {symbols.dot} the customer may read it" if event.public else ""
            head = (
                Piece(fit(at, NAMES), "muted"),
                Piece(said, "" if moved else "note"),
                Piece(f"  {event.actor}{public}", "muted"),
            )
            yield ListLine(head)
            if event.note:
                yield from self._fact("", event.note)
        yield words("")

    def _of_quote(self, quote: Quote) -> Iterator[ListLine]:
        total = say.money(quote.total_cost)
        yield from self._fact(quote.number, f"{say.quote_words(quote)} {symbols.dot} {total}")
        for line in quote.line_items:
            many = "" if line.quantity == 1 else f"{line.quantity:f} x "
            yield from self._fact("", f"{many}{line.description}  {say.money(line.line_total)}")
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

    def act(self, command: str) -> None:
        {"open": self.lines.action_choose, "again": self.action_again}.get(
            command, self.action_leave
        )()


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
