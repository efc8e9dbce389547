"""Analytics: what is picked, the figures with their targets, and charts that lead to their rows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Grid, Vertical

from revivatui.screens.analytics_deeds import AnalyticsDeeds
from revivatui.screens.analytics_lines import (
    face_of,
    live_lines,
    rating_lines,
    sentences,
    tile_words,
)
from revivatui.screens.analytics_panel import Panel
from revivatui.screens.own_commands import own_bindings
from revivatui.state import analytics_board as parts
from revivatui.state.analytics import (
    compared_words,
    range_words,
    scope_words,
)
from revivatui.state.analytics_charts import BY_ID, CHARTS, LISTED, chart_of
from revivatui.state.analytics_tiles import tiles_of
from revivatui.text.when import clock
from revivatui.widgets.charts.look import CHART_CLASSES
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, words
from revivatui.widgets.pieces import PIECE_CLASSES
from revivatui.widgets.symbols import symbols
from revivatui.widgets.tiles import Tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.widgets.line_list import ListLine

PANEL_CELLS: Final = 74
"""The least width of a chart where several stand side by side."""
PANEL_LINES: Final = 15
"""The same of its height."""
COURSES_FROM: Final = 40
"""Lines of the screen from which tiles have room for their courses."""
AROUND: Final = 5
"""Lines of the screen that are neither tiles nor charts."""
_TEAM_NAMES: Final = 30
FOR_EVERYBODY: Final = frozenset({"analytics.range", "analytics.whose", "analytics.verify"})
"""What an agent without figures can do."""


class AnalyticsScreen(AnalyticsDeeds):
    """Digits and brackets go from chart to chart, arrows from point to point."""

    NAME = "analytics"
    COMPONENT_CLASSES = PIECE_CLASSES | CHART_CLASSES
    PLACES: ClassVar[tuple[str, ...]] = ("analytics", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("analytics")

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__(session, inbox)
        self.tiles = Tiles()
        self.told = ChipBar(classes="room-bar", edge="  ")
        self.tabs = ChipBar(classes="room-bar", edge="  ")
        self.panels = [Panel(chart.id) for chart in CHARTS]
        self.grid = Grid(*self.panels, classes="panels")
        self.notes = LineList()
        self._current = 0
        self.panel = self.panels[0]
        self._wait = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.top
            yield self.bar
            yield self.tiles
            yield self.told
            yield self.tabs
            yield self.grid
            yield self.notes
            yield self.keys

    def on_mount(self) -> None:
        self.notes.display = False
        self.lay_out()
        self.set_focus(self.panel.body)

    @property
    def shown(self) -> list[Panel]:
        """The charts on screen."""
        return [panel for panel in self.panels if panel.display]

    @property
    def can_search(self) -> bool:
        """There is nothing to search."""
        return False

    # --- laying out ----------------------------------------------------------------------------

    def lay_out(self) -> None:
        """As many charts as there is room for, the current one among them."""
        cells, lines = self.app.size
        is_tall = lines >= COURSES_FROM
        used = self.tiles.lay_out(len(tiles_of(self.board)), cells, is_tall)
        columns = max(1, cells // PANEL_CELLS)
        rows = max(1, (lines - used - AROUND) // PANEL_LINES)
        at_once = columns * rows
        first = self._current // at_once * at_once
        shown = self.panels[first : first + at_once]
        for panel in self.panels:
            panel.display = panel in shown
        columns = min(columns, len(shown))
        self.grid.styles.grid_size_columns = columns
        self.grid.styles.grid_size_rows = -(-len(shown) // columns)

    def on_resize(self) -> None:
        if self.is_mounted:
            self.lay_out()
            self.call_after_refresh(self.show_all)

    def go_to(self, number: int) -> None:
        """Bring a chart up and put the keys there."""
        if self.board.not_allowed:
            return
        self._take(number % len(self.panels))
        self.lay_out()
        self.show_all()
        self.set_focus(self.panel.body)
        self.go_on()

    def _take(self, number: int) -> None:
        """The chart that keys go to."""
        self._current = number
        self.panel = self.panels[number]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        for number, panel in enumerate(self.panels):
            if event.widget in (panel.chart, panel.lines):
                self._take(number)
        self._show_tabs()
        self._show_told()
        self.show_keys()

    # --- reading -------------------------------------------------------------------------------

    def wanted_parts(self) -> list[str]:
        """What is still to be asked for what is on screen: the figures first, then the charts."""
        wanted = list(parts.tile_parts(self.board))
        for panel in sorted(self.shown, key=lambda one: one is not self.panel):
            wanted += parts.chart_parts(self.board, BY_ID[panel.chart_id].parts)
        wanted += parts.course_parts(self.board)
        known = self.board.parts
        return [name for name in dict.fromkeys(wanted) if name not in known]

    def waits_for(self, told: str) -> None:
        self._wait = told
        if self.is_attached:
            self._show_top()

    # --- what it shows -------------------------------------------------------------------------

    def show_all(self) -> None:
        self._show_top()
        self._show_bar()
        for_admins = self.board.not_allowed
        for widget in (self.tiles, self.told, self.tabs, self.grid):
            widget.display = not for_admins
        self.notes.display = for_admins
        if for_admins:
            self.notes.show(self.own_lines())
            self.notes.focus()
        else:
            self._show_tiles()
            self._show_tabs()
            for panel in self.shown:
                self._show_panel(panel)
        self.show_keys()

    def hints(self) -> list[Chip]:
        """What can be done here; little, where there are no figures."""
        chips = super().hints()
        if not self.board.not_allowed:
            return chips
        return [chip for chip in chips if chip.command in FOR_EVERYBODY]

    def _show_top(self) -> None:
        board = self.board
        if self._wait:
            chip = Chip(self._wait, "warning", weight=NEVER)
        elif self.is_reading:
            chip = Chip(f"asking the server{symbols.ellipsis}", "muted", weight=NEVER)
        elif board.as_of is not None:
            chip = Chip(f"as of {clock(board.as_of, self._session.tz)}", "muted", weight=NEVER)
        else:
            chip = Chip("", "muted", weight=NEVER)
        self.show_top([chip])

    def _show_bar(self) -> None:
        """What is picked; each part is clicked, or has its key."""
        board, wanted, menu = self.board, self.board.wanted, symbols.menu
        hours = "working hours" if wanted.business_hours else "all hours"
        against = f"with {compared_words(wanted, board.span)}" if wanted.compare else "not compared"
        picks = (
            (
                "analytics.range",
                f"{range_words(wanted, board.asked_at, board.tz)} {menu}",
                None,
                99,
            ),
            ("analytics.whose", f"{scope_words(wanted)} {menu}", None, 98),
            ("analytics.compare", against, "compared" if wanted.compare else "alone", 60),
            ("analytics.group", f"by {board.question.group_by} {menu}", None, 70),
            ("analytics.hours", hours, None, 65),
        )
        chips = [
            Chip(text, "button", command, weight, short, lead=self.key_of(command), shortens=5)
            for command, text, short, weight in picks
        ]
        self.bar.show(chips, [Chip(self.zone_words, "muted", weight=30)])

    def _show_tiles(self) -> None:
        cells = self.tiles.tile_cells
        self.tiles.show([face_of(tile, cells) for tile in tiles_of(self.board)])
        self._show_told()

    def _show_told(self) -> None:
        tile = tiles_of(self.board)[self.tiles.index]
        style = "" if self.tiles.has_focus else "muted"
        self.told.show([Chip(tile_words(tile, self.board), style, weight=NEVER)])

    def _show_tabs(self) -> None:
        chips = []
        for number, chart in enumerate(CHARTS):
            is_here = number == self._current and not self.tiles.has_focus
            style = "chosen" if is_here else "button" if self.panels[number].display else "muted"
            command = f"analytics.chart_{number + 1}"
            weight = NEVER if is_here else 80 - number
            chips.append(Chip(chart.short, style, command, weight, lead=self.key_of(command)))
        self.tabs.show(chips)

    def _show_panel(self, panel: Panel) -> None:
        chart = BY_ID[panel.chart_id]
        names = parts.chart_parts(self.board, chart.parts)
        troubles = self.board.troubles(names)
        if troubles:
            panel.show_lines(self._trouble_lines(chart.name, troubles[0].trouble))
        elif not self.board.has(names):
            asking = words(f"asking the server{symbols.ellipsis}", "muted")
            panel.show_lines([words(chart.name, "strong"), asking])
        elif chart.id in LISTED:
            panel.show_lines(self._listed(panel))
        else:
            data = chart_of(chart.id, self.board, self._session.state.agents)
            if data is not None:
                panel.show_chart(data)

    def _trouble_lines(self, name: str, trouble: str) -> list[ListLine]:
        again = f"{self.key_of('room.again')} asks again."
        return [
            words(name, "strong"),
            *sentences([f"{symbols.failed} {trouble}"], self._panel_cells, "error"),
            words(again, "muted"),
        ]

    @property
    def _panel_cells(self) -> int:
        columns = max(1, self.app.size.width // PANEL_CELLS)
        return max(30, self.app.size.width // columns - 6)

    def _listed(self, panel: Panel) -> list[ListLine]:
        state, cells = self._session.state, self._panel_cells
        if panel.chart_id == "now":
            live, teams = self.board.value(parts.LIVE), self.board.value(parts.TEAMS)
            names = max(12, min(_TEAM_NAMES, cells - 46))
            head = words("Now, of the whole account", "strong")
            return [head, *live_lines(live, teams, state.teams, names)]
        ratings = self.board.value(parts.COMMENTS)
        head = words("What customers said, newest first", "strong")
        if not ratings:
            return [head, words("Nobody rated in this range.", "muted")]
        now, tz = self._session.clock(), self._session.tz
        return [head, *rating_lines(ratings, cells, now, tz)]

    # --- what is clicked and chosen ------------------------------------------------------------

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        charts = {
            f"analytics.chart_{number + 1}": partial(self.go_to, number)
            for number in range(len(CHARTS))
        }
        return {
            **super().deeds(),
            **charts,
            "analytics.next": lambda: self.go_to(self._current + 1),
            "analytics.previous": lambda: self.go_to(self._current - 1),
            "analytics.tiles": self.to_tiles,
            "analytics.text": self.action_text,
            "analytics.open": self.action_open,
        }

    def to_tiles(self) -> None:
        self.tiles.focus()

    def action_open(self) -> None:
        """What is behind the tile or the point that the cursor is on."""
        if self.tiles.has_focus:
            self.tiles.action_choose()
        elif self.panel.body is self.panel.lines:
            self.panel.lines.action_choose()
        else:
            self.panel.chart.action_choose()

    def action_text(self) -> None:
        if self.panel.body is not self.panel.lines:
            self.panel.chart.toggle_text()
        else:
            self.say("This is text already.")

    def on_tiles_pointed(self, event: Tiles.Pointed) -> None:
        event.stop()
        self._show_told()

    def on_tiles_chosen(self, event: Tiles.Chosen) -> None:
        event.stop()
        self._show_told()
        self.define(tiles_of(self.board)[event.index])

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.choice.isdigit():
            self.open_conversation(int(event.choice))

    def on_chart_chosen(self, event: object) -> None:
        chart = getattr(event, "chart", None)
        panel = next((one for one in self.panels if one.chart is chart), None)
        if panel is not None:
            self.open_point(panel)

    def pick(self, **changes: object) -> None:
        """Want something else."""
        self.want(replace(self.board.wanted, **changes))  # type: ignore[arg-type]
