"""The team: a card an agent with what they are, since when, what they hold and how their day was;
the same as a table; and one of them in full, with any past day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Vertical

from revivatui.cache.store import CacheError
from revivatui.screens.choose import Choose, Option
from revivatui.screens.own_commands import own_bindings
from revivatui.screens.room import Room
from revivatui.screens.team_assigning import Assigning
from revivatui.screens.team_details import FOR_ADMINISTRATORS, Day, agent_page
from revivatui.screens.team_lines import ORDER_WORDS, card_of, columns_for, table_line, title_of
from revivatui.screens.team_reading import (
    MOST_COUNTED,
    is_administrator,
    midnight,
    read_figures,
    read_holding,
    read_inboxes,
)
from revivatui.state import select
from revivatui.state.team import ORDERS, WORDS, cards, ordered, summary
from revivatui.text.when import clock, day_of, day_words
from revivatui.widgets import bars
from revivatui.widgets.cards import CardGrid
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer
    from textual.widgets import Input

    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.screens.team_reading import Holding
    from revivatui.state.presence_log import Entry
    from revivatui.state.store import Subscription
    from revivatui.state.team import Card, Figures, Inboxes
    from revivatui.state.topics import Topic

NEWS_QUIET: Final = 1.0
"""Seconds after an event that moved a count, until the figures are read again."""
OLD: Final = 50.0
"""Seconds after which figures are read again with the minute."""
HEARD: Final = ("presence", "minute", "account", "link", "reread")


class TeamScreen(Room):
    """Cards or table; enter shows an agent, escape goes back."""

    NAME = "team"
    FIND = "name, e-mail or inbox"
    PLACES: ClassVar[tuple[str, ...]] = ("team", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("team")

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__(session, inbox)
        self.grid = CardGrid()
        self._heard: Subscription | None = None
        self._soon: Timer | None = None
        self._is_reading = False
        self._counted_at = session.state.stale_counts
        self._figures: Figures | None = None
        self._inboxes: Inboxes | None = None
        self._inboxes_due = False
        self._is_table = False
        self._order, self._backwards = "attention", False
        self._agent: int | None = None
        """The agent that is shown in full."""
        self._days_ago = 0
        self._log: list[Entry] | None = None
        self._seen_to = 0.0
        """Up to when the log was read."""
        self._log_trouble = ""
        self._holding: Holding | None = None
        self._to_holding = False
        """The cursor goes to their conversations once those are known."""
        self._assigning = Assigning(self, session)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.top
            yield self.bar
            yield self.field
            yield self.head
            yield self.grid
            yield self.lines
            yield self.keys

    def on_mount(self) -> None:
        self._heard = self._session.store.subscribe(self._news, HEARD)
        self.call_after_refresh(self._to_body)

    async def left(self) -> None:
        if self._heard is not None:
            self._heard.close()

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            **super().deeds(),
            "room.again": self.action_all_again,
            "team.open": self.action_open,
            "team.table": self.action_table,
            "team.sort": self.action_sort,
            "team.conversations": self.action_conversations,
            "team.assign": self.action_assign,
            "team.availability": lambda: self._inbox.run("desk.availability"),
            "team.wallboard": self.action_wallboard,
            "team.day_before": partial(self.action_day, 1),
            "team.day_after": partial(self.action_day, -1),
            "team.repairs": partial(self.to_room, "repairs"),
            "team.services": partial(self.to_room, "services"),
        }

    # --- reading -------------------------------------------------------------------------------

    def news(self) -> None:
        """The CRM's news change nothing here."""

    def _news(self, topics: set[Topic]) -> None:
        if not self.is_attached:
            return
        state = self._session.state
        if state.stale_counts != self._counted_at:
            self._counted_at = state.stale_counts
            self._read_soon()
        kinds = {topic.kind for topic in topics}
        if "account" in kinds:
            self._inboxes_due = True
        came_back = "link" in kinds and state.link.state == "live"
        if "account" in kinds or came_back or ("minute" in kinds and self._is_old):
            self._read_soon()
        if kinds - {"reread"}:
            self.show_all()

    @property
    def _is_old(self) -> bool:
        figures = self._figures
        return figures is None or self._session.clock() - figures.at >= OLD

    def _read_soon(self) -> None:
        if self._soon is None:
            self._soon = self.set_timer(NEWS_QUIET, self._read_now)

    def _read_now(self) -> None:
        self._soon = None
        if self._is_reading:
            self._read_soon()
        else:
            self.action_again()

    def action_all_again(self) -> None:
        self._inboxes_due = True
        self.action_again()

    async def read(self) -> None:
        self._is_reading = True
        try:
            self._figures = await read_figures(self._session)
            if self._inboxes_due or self._inboxes is None:
                self.show_all()
                self._inboxes = await read_inboxes(self._session)
                self._inboxes_due = False
            if self._agent is not None:
                await self._read_agent(self._agent)
        finally:
            self._is_reading = False

    async def _read_agent(self, agent_id: int) -> None:
        """Raises NotAnswered."""
        start, end = self._day
        self._seen_to = end
        try:
            self._log = await self._session.engine.floor.between(start, end)
            self._log_trouble = self._session.engine.floor.trouble
        except CacheError as error:
            self._log, self._log_trouble = [], str(error)
        self.show_all()
        self._holding = await read_holding(self._session, agent_id)

    @property
    def _day(self) -> tuple[float, float]:
        """When the day that is shown begins and ends: today ends now."""
        now, tz = self._session.clock(), self._session.tz
        start = midnight(now, tz, self._days_ago)
        if self._days_ago:
            return start, midnight(now, tz, self._days_ago - 1)
        floor = self._session.state.floor
        if floor is not None and floor.at is not None and floor.knows(now):
            now = max(start, floor.at)  # what came since the last map is not unknown, but to come
        return start, now

    # --- what it shows -------------------------------------------------------------------------

    @property
    def _hears(self) -> bool:
        """Whether presence is of now."""
        state = self._session.state
        knows = state.floor is not None and state.floor.knows(self._session.clock())
        return knows and select.hears(state)

    def cards(self) -> list[Card]:
        """All that are looked for, as they are sorted."""
        from revivatui.state.team import Inboxes

        session, inboxes = self._session, self._inboxes or Inboxes()
        found = cards(session.state, self._figures, inboxes, session.team_capacity)
        sought = self.sought.casefold().split() if self._agent is None else []
        found = [one for one in found if all(word in _words_of(one) for word in sought)]
        return ordered(found, self._order, backwards=self._backwards)

    @property
    def _card(self) -> Card | None:
        return next((one for one in self.cards() if one.agent.id == self._agent), None)

    def show_all(self) -> None:
        found = self.cards()
        self._show_tops(found)
        in_cards = self._agent is None and not self._is_table and bool(found)
        moved = in_cards != self.grid.display
        self.grid.display, self.lines.display = in_cards, not in_cards
        if self._agent is not None:
            self._show_agent()
        elif not found:
            self.head.show([])
            self.lines.show([words("Nobody here is called that.", "muted")])
        elif self._is_table:
            self._show_table(found)
        else:
            self._show_cards(found)
        if moved and not self.field.has_focus:
            self._to_body()
        self.show_keys()

    def _to_body(self) -> None:
        (self.grid if self.grid.display else self.lines).focus()

    def _show_tops(self, found: list[Card]) -> None:
        figures, tz = self._figures, self._session.tz
        as_of = f"as of {clock(figures.at, tz)}" if figures else f"asking{symbols.ellipsis}"
        self.show_top([Chip(self.trouble or as_of, "error" if self.trouble else "muted",
                            weight=NEVER)])  # fmt: skip
        counts = summary(found)
        heard = self._hears
        chips = [
            Chip(f"{bars.dot(word)} {word} {counts[word]}",
                 bars.AVAILABILITY.get(word, "muted") if heard else "muted", weight=NEVER)
            for word in counts if word in WORDS or counts[word]
        ]  # fmt: skip
        if not heard:
            at = self._session.state.presence_at
            seen = f"as last heard at {clock(at, tz)}" if at else "presence is not known yet"
            chips.append(Chip(f"{symbols.offline} {seen}", "warning", weight=95))
        held = [one.held for one in found if one.held is not None]
        if held:
            of_seen = " of what you see" if figures and figures.of_what_is_seen else ""
            opened, waits = sum(one.open for one in held), sum(one.unattended for one in held)
            text = f"holding {opened} open, {waits} unattended{of_seen}"
            chips.append(Chip(text, "muted", weight=60, short=f"{opened} open, {waits} waiting"))
        self.bar.show(chips)

    def _show_cards(self, found: list[Card]) -> None:
        self.head.show([Chip(self._order_told(), "muted", weight=NEVER)])
        now, heard = self._session.clock(), self._hears
        cells = self.grid.card_cells
        self.grid.show([card_of(one, cells, now, heard=heard) for one in found])

    def _order_told(self) -> str:
        """What the order is, and what the reader is not told."""
        told = ORDER_WORDS[self._order]
        figures = self._figures
        if not is_administrator(self._session):
            told = f"{told} {symbols.dot} {FOR_ADMINISTRATORS}"
            if figures is not None and figures.cut:
                told += f" in the {MOST_COUNTED} newest"
        elif figures is not None and figures.today and _says_no_resolved(figures):
            told = f"{told} {symbols.dot} this server does not say who resolved how many"
        return told

    def _show_table(self, found: list[Card]) -> None:
        columns = columns_for(self.cells)
        heads = [
            Chip(title_of(one, self._order, backwards=self._backwards),
                 "strong" if one.order == self._order else "muted", f"sort:{one.order}", NEVER)
            for one in columns
        ]  # fmt: skip
        self.head.show(heads)
        now, heard = self._session.clock(), self._hears
        self.lines.show([table_line(one, columns, now, heard=heard) for one in found])

    def _show_agent(self) -> None:
        card, cells = self._card, self.cells
        if card is None or self._agent is None:
            self.lines.show([words("This agent is not in the account any more.", "muted")])
            return
        now, tz, heard = self._session.clock(), self._session.tz, self._hears
        start, end = self._day
        day = day_words(day_of(start, tz), day_of(now, tz))
        before = Chip("day before", "button", "team.day_before", 50,
                      lead=self.key_of("team.day_before"))  # fmt: skip
        after = Chip("day after", "button", "team.day_after", 50,
                     lead=self.key_of("team.day_after"))  # fmt: skip
        self.head.show([Chip(f"{card.agent.name} {symbols.dot} {day}", "strong", weight=NEVER),
                        before, *([after] if self._days_ago else [])])  # fmt: skip
        shown = Day(self._log, start, min(end, self._seen_to), day, self._log_trouble)
        lines = agent_page(card, shown, self._holding, cells, now, tz, heard=heard)
        choices = [one.choice for one in lines if one.choice]
        if self._to_holding and choices:
            self._to_holding = False
            self.lines.show(lines, choices[0])
        else:
            self.lines.show(lines)

    def hints(self) -> list[Chip]:
        chips = [
            one._replace(text="cards") if self._is_table and one.command == "team.table" else one
            for one in self.own_chips()
        ]
        if self._agent is None:
            return chips
        idle = {"team.table", "team.sort", "team.conversations"}
        if not self.lines.choice:
            idle |= {"team.open", "team.assign"}
        back = Chip("back", "muted", "room.leave", NEVER, lead=self.key_of("room.leave"))
        return [*(one for one in chips if one.command not in idle), back]

    # --- what is asked for ---------------------------------------------------------------------

    @property
    def chosen(self) -> int | None:
        """The agent under the cursor, or the one that is shown."""
        if self._agent is not None:
            return self._agent
        choice = self.grid.choice if self.grid.display else self.lines.choice
        return int(choice) if choice.isdigit() else None

    def action_open(self) -> None:
        (self.grid if self.grid.display else self.lines).action_choose()

    def on_card_grid_chosen(self, event: CardGrid.Chosen) -> None:
        event.stop()
        self.show_agent(int(event.choice))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        kind, _, number = event.choice.partition(":")
        if kind == "conversation":
            self.open_conversation(int(number))
        else:
            self.show_agent(int(kind))

    def show_agent(self, agent_id: int, *, holding: bool = False) -> None:
        self._agent, self._days_ago = agent_id, 0
        self._log = self._holding = None
        self._log_trouble = ""
        self._to_holding = holding
        self.lines.scroll_to(y=0, animate=False)
        self.show_all()
        self.lines.focus()
        self.action_again()

    def action_day(self, by: int) -> None:
        """To an earlier day, or a later one."""
        if self._agent is None:
            self.say("Open an agent first: their days are shown then.")
        elif self._days_ago + by < 0:
            self.say("This is today.")
        else:
            self._days_ago += by
            self._log = None
            self.show_all()
            self.action_again()

    def action_table(self) -> None:
        if self._agent is None:
            at = self.chosen
            self._is_table = not self._is_table
            self.show_all()
            if at is not None and self._is_table:
                self.lines.show(self.lines.lines, str(at))

    def action_sort(self) -> None:
        options = [Option(one, said) for one, said in ORDER_WORDS.items()]
        self.ask(Choose("Agents", options, current=self._order), self.sort_by)

    def sort_by(self, order: str) -> None:
        """The same order once more goes backwards."""
        self._backwards = not self._backwards if order == self._order else False
        self._order = order if order in ORDERS else "attention"
        self.show_all()

    def action_conversations(self) -> None:
        agent = self.chosen
        if agent is not None:
            self.show_agent(agent, holding=True)

    def action_assign(self) -> None:
        kind, _, number = self.lines.choice.partition(":")
        agent = self.chosen
        if self._agent is not None and kind == "conversation":
            self._assigning.give_away(int(number))
        elif agent is not None:
            self._assigning.give_to(agent)

    def action_wallboard(self) -> None:
        from revivatui.screens.wall import WallScreen

        self.app.push_screen(WallScreen(self._session))

    def action_leave(self) -> None:
        if self._agent is not None and not self.field.display:
            shown, self._agent = self._agent, None
            self.show_all()
            if self._is_table:
                self.lines.show(self.lines.lines, str(shown))
            self._to_body()
        else:
            super().action_leave()
            self.call_after_refresh(self._to_body)

    def act(self, command: str) -> None:
        kind, _, order = command.partition(":")
        if kind == "sort":
            self.sort_by(order)
        else:
            self.clicked(command)

    @property
    def can_search(self) -> bool:
        return self._agent is None

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is looked for is here already: nobody is asked."""
        event.prevent_default()
        event.stop()
        self.show_all()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.call_after_refresh(self._to_body)


def _words_of(card: Card) -> str:
    inboxes = " ".join(one.name for one in card.inboxes)
    return f"{card.agent.name} {card.agent.email} {card.word} {inboxes}".casefold()


def _says_no_resolved(figures: Figures) -> bool:
    return all(row.resolved is None for row in (figures.today or {}).values())
