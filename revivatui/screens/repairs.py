"""All repairs of the shop: by status, what is late, forgotten or not fetched, and search."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Size

from revivatui.crm import workflow
from revivatui.crm.errors import CrmError, StaleRecord
from revivatui.crm.views import RepairQuery
from revivatui.crm.wishes import Move
from revivatui.crm.workflow import STATUSES
from revivatui.screens.at_work import begin
from revivatui.screens.choose import Choose, Option
from revivatui.screens.crm_search import found_lines
from revivatui.screens.own_commands import own_bindings
from revivatui.screens.repair_chat import ToChat
from revivatui.screens.repair_page import RepairPage
from revivatui.screens.repair_table import (
    PAGE,
    VIEWS,
    common_ways,
    count_of,
    head_pieces,
    query_of,
    table_lines,
)
from revivatui.screens.repair_words import STATUS_STYLES, mark_of, quoted, times_words
from revivatui.screens.room import Room
from revivatui.text.when import clock
from revivatui.text.width import fit
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.binding import BindingType

    from revivatui.crm.port import CrmPort
    from revivatui.crm.views import RepairCounts, RepairRow
    from revivatui.crm.views import RepairPage as PageOfRepairs
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session

_SHORTENS: Final = 5
"""The weight at which views say their short names: before any of them leaves."""
MOST_ROWS: Final = 2000
"""Repairs that are read for one view; beyond that, a view says that there are more."""


ONLY_REPAIRS: Final = ("repairs.status", "repairs.mark")
"""What is done with repairs of a list, not with what a search found."""
NEED_A_LINE: Final = ("repairs.open", "repairs.chat", *ONLY_REPAIRS)
"""What means nothing where no line is under the cursor."""


class RepairsScreen(Room):
    """A line a repair; enter shows everything about it, space marks, s moves what is marked on."""

    NAME = "repairs"
    FIND = "name, phone, e-mail, serial, IMEI or number"
    PLACES = ("repairs", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("repairs")

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__(session, inbox)
        self._view = "active"
        self._customer = ("", "")
        """The id and the name of the one customer whose repairs are shown."""
        self.shown: tuple[RepairRow, ...] = ()
        self._counts: RepairCounts | None = None
        self._more = False
        self._found: list[ListLine] | None = None
        self._marked: set[str] = set()
        self._to_chat = ToChat(self, session, self.open_conversation)

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            **super().deeds(),
            "repairs.open": self.lines.action_choose,
            "repairs.chat": self.action_chat,
            "repairs.status": self.action_status,
            "repairs.mark": self.action_mark,
            "repairs.mark_all": self.action_mark_all,
            "repairs.view": self.action_view,
            "repairs.next": partial(self.action_next_view, 1),
            "repairs.previous": partial(self.action_next_view, -1),
            "repairs.intake": self.action_intake,
            "repairs.services": partial(self.to_room, "services"),
        }

    # --- reading -------------------------------------------------------------------------------

    async def read(self) -> None:
        if self.sought:
            self._found = await found_lines(self._session.crm, self.sought)
            return
        self._found = None
        port = await self._session.crm.port()
        self._counts = await port.count_repairs()
        query = query_of(self._view)
        if self._customer[0]:
            query = RepairQuery(customer_id=self._customer[0], limit=PAGE)
        self.shown, self._more = await self._all(port, query)
        self._marked &= {row.repair.id for row in self.shown}

    async def _all(self, port: CrmPort, query: RepairQuery) -> tuple[tuple[RepairRow, ...], bool]:
        """The repairs of a query, page by page up to the most; whether there are more."""
        rows: list[RepairRow] = []
        page: PageOfRepairs = await port.list_repairs(query)
        rows += page.rows
        while page.next and len(rows) < MOST_ROWS:
            page = await port.list_repairs(replace(query, after=page.next))
            rows += page.rows
        return tuple(rows), bool(page.next)

    # --- what it shows -------------------------------------------------------------------------

    def show_all(self) -> None:
        counts = self._counts
        as_of = f"as of {clock(counts.as_of.timestamp(), self._session.tz)}" if counts else ""
        self.show_top([Chip(self.trouble or as_of, "error" if self.trouble else "muted",
                            weight=NEVER)])  # fmt: skip
        self._show_bar()
        self._show_lines()
        self.show_keys()

    def _show_bar(self) -> None:
        chips = []
        if self._customer[0]:
            text = f"{self._customer[1]} {symbols.failed}"
            chips.append(Chip(text, "chosen", "view:active", NEVER))
        for place, view in enumerate(VIEWS):
            here = view.id == self._view and not self._customer[0] and self._found is None
            count = count_of(view.id, self._counts)
            style = "chosen" if here else "button"
            if view.id == "overdue" and not here and count not in ("", " 0"):
                style = "error"
            weight = NEVER if here else 90 - place
            short = f"{view.short}{count}" if view.short else None
            chips.append(Chip(f"{view.label}{count}", style, f"view:{view.id}", weight, short,
                              shortens=_SHORTENS))  # fmt: skip
        known = any(view.id == self._view for view in VIEWS)
        if not known:
            label = workflow.words(_status(self._view))
            chips.insert(0, Chip(label, "chosen", "repairs.view", NEVER))
        self.bar.show(chips)

    def _show_lines(self) -> None:
        now, tz = self._session.clock(), self._session.tz
        if self._found is not None:
            self.head.show([Chip(f"found for {quoted(self.sought)}", "muted", weight=NEVER)])
            self.lines.show(self._found)
            return
        names = [fit(name, cells) for name, cells in head_pieces(self.cells)]
        self.head.show([Chip("  " + "".join(names).rstrip(), "muted", weight=NEVER)])
        room = Size(self.cells, self.lines.size.height)
        lines = table_lines(self.shown, self._marked, room, now, tz)
        if self._more:
            lines += [words(""), words(f"Only the newest {MOST_ROWS} were read.", "warning")]
        self.lines.show(lines or self._empty())

    def _empty(self) -> list[ListLine]:
        """Why nothing is shown, and what can be done about it."""
        if self.trouble:
            return [words(f"Nothing could be read. {self.key_of('room.again')} tries again.")]
        if self._counts is None:
            return [words("asking the CRM" + symbols.ellipsis, "muted")]
        view = next((one for one in VIEWS if one.id == self._view), None)
        told = (
            view.empty if view else f"No repair is {quoted(workflow.words(_status(self._view)))}."
        )
        if self._customer[0]:
            told = f"{self._customer[1]} has no repair."
        advice = [("repairs.view", "shows other repairs")]
        if self._view in ("active", "all"):
            advice.insert(0, ("repairs.intake", "takes a device in"))
        return [
            words(told, "muted"),
            words(""),
            *(ListLine((Piece(f"{self.key_of(id_)} ", "key"), Piece(does, "muted")))
              for id_, does in advice),
        ]  # fmt: skip

    def hints(self) -> list[Chip]:
        idle: tuple[str, ...] = () if self._found is None else ONLY_REPAIRS
        if not self.lines.choice:
            idle = NEED_A_LINE
        chips = [one for one in self.own_chips() if one.command not in idle]
        if not self._marked:
            return chips
        said = f"status of {len(self._marked)}"
        return [
            one._replace(text=said, style="accent") if one.command == "repairs.status" else one
            for one in chips
        ]

    # --- what the agent wants ------------------------------------------------------------------

    def choose_view(self, view: str) -> None:
        self._view, self._customer = view, ("", "")
        self._marked.clear()
        self.field.display = False
        self.lines.focus()
        self.action_again()

    def action_next_view(self, by: int) -> None:
        ids = [view.id for view in VIEWS]
        at = ids.index(self._view) if self._view in ids else 0
        self.choose_view(ids[(at + by) % len(ids)])

    def action_view(self) -> None:
        counts = self._counts
        options = [Option(view.id, view.label, view.help) for view in VIEWS]
        options += [
            Option(status, workflow.words(status),
                   str(counts.by_status.get(status, 0)) if counts else "",
                   mark_of(status), STATUS_STYLES.get(status, ""))
            for status in STATUSES if status not in [view.id for view in VIEWS]
        ]  # fmt: skip
        self.ask(Choose("Show", options, current=self._view, find="state"), self.choose_view)

    def action_intake(self) -> None:
        self._inbox.repairs.run("repair.intake", "counter")

    def action_chat(self) -> None:
        """To the conversation of the customer of the line under the cursor."""
        kind, _, record_id = self.lines.choice.partition(":")
        if not record_id:
            kind, record_id = "repair", kind
        if not record_id:
            self.say("Choose a repair first.")
        else:
            self._to_chat.find(kind, record_id)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        kind, colon, record_id = event.choice.partition(":")
        if not colon:
            self.app.push_screen(RepairPage(self._session, self._inbox, event.choice))
        elif kind == "repair":
            self.app.push_screen(RepairPage(self._session, self._inbox, record_id))
        elif kind == "device":
            self.app.push_screen(RepairPage(self._session, self._inbox, device_id=record_id))
        else:
            found = next(line for line in self.lines.lines if line.choice == event.choice)
            self._customer = (record_id, found.pieces[2].text)
            self.field.display = False
            self.lines.focus()
            self.action_again()

    # --- marking, and moving what is marked ----------------------------------------------------

    def action_mark(self) -> None:
        choice = self.lines.choice
        if self._found is None and choice:
            self._marked ^= {choice}
            self._show_lines()
            self.lines.action_move(1)
            self.show_keys()

    def action_mark_all(self) -> None:
        """Everything shown, or nothing where everything is marked."""
        shown = {row.repair.id for row in self.shown}
        self._marked = set() if self._marked == shown else shown
        self._show_lines()
        self.show_keys()

    def action_status(self) -> None:
        wanted = self._marked or {self.lines.choice}
        rows = [row for row in self.shown if row.repair.id in wanted]
        if self._found is not None or not rows:
            self.say("Choose a repair first.")
            return
        ways = common_ways(rows)
        if not ways:
            self.say("Nothing follows for what is marked.")
            return
        several = len(rows) > 1
        options = [
            Option(to, workflow.words(_status(to)), f"{many} of {len(rows)}" if several else "",
                   mark_of(_status(to)), STATUS_STYLES.get(to, ""))
            for to, many in ways
        ]  # fmt: skip
        one = f"{rows[0].repair.number} {rows[0].device.label}, {rows[0].customer_name}"
        title = f"{len(rows)} repairs move on" if several else one
        numbers = ", ".join(row.repair.number for row in rows[:12])
        more = f" and {len(rows) - 12} more" if len(rows) > 12 else ""
        question = f"{numbers}{more}. Nobody is written to." if several else ""
        self.ask(
            Choose(title, options, question=question, verb="move on"),
            lambda to: self._move(rows, to),
        )

    def _move(self, rows: list[RepairRow], to: str) -> None:
        begin(self, "moves", self._moved, rows, to)

    async def _moved(self, rows: list[RepairRow], to: str) -> None:
        """Each that can goes there; what did not is named, with why."""
        me = self._session.state.me
        actor = me.name if me is not None and me.name else "desk"
        status, moved, not_moved = _status(to), 0, []
        for row in rows:
            repair = row.repair
            if status not in workflow.next_states(repair.status):
                not_moved.append(f"{repair.number} has no such way")
                continue
            try:
                port = await self._session.crm.port()
                await port.move_repair(Move(repair.id, status, repair.version, actor))
                moved += 1
                self._marked.discard(repair.id)
            except StaleRecord:
                not_moved.append(f"{repair.number} was changed by somebody else")
            except CrmError as error:
                not_moved.append(f"{repair.number}: {error}")
        self._session.crm.changed()
        words_of = (
            f"{times_words(moved, 'repair is', 'repairs are')} {quoted(workflow.words(status))}."
        )
        if not_moved:
            words_of += f" Not moved: {'; '.join(not_moved[:4])}."
        self.say(words_of, "warning" if not_moved else "information")

    def act(self, command: str) -> None:
        kind, _, view = command.partition(":")
        if kind == "view":
            self.choose_view(view)
        else:
            self.clicked(command)


def _status(name: str) -> workflow.RepairStatus:
    return next((one for one in STATUSES if one == name), "unknown")
