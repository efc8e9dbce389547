"""What is done in the analytics: reading on, picking, opening what is behind, exporting."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from revivatui.screens.analytics_finding import find
from revivatui.screens.analytics_lines import meaning_lines, sentences
from revivatui.screens.analytics_pages import BehindPage, MeaningPage
from revivatui.screens.analytics_picking import ask_range, group_dialog, scope_dialog, scoped
from revivatui.screens.analytics_reading import Reader
from revivatui.screens.at_work import begin
from revivatui.screens.room import Room
from revivatui.state import analytics_behind as behind
from revivatui.state import analytics_board as parts
from revivatui.state.analytics import Wanted
from revivatui.state.analytics_board import Board, Boards
from revivatui.state.analytics_charts import CHARTS, chart_of
from revivatui.state.analytics_tiles import definition_of, tiles_of
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from revivatui.screens.analytics_finding import Found
    from revivatui.screens.analytics_panel import Panel
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.state.analytics_behind import Behind
    from revivatui.state.analytics_export import Row
    from revivatui.state.analytics_tiles import Tile
    from revivatui.widgets.tiles import Tiles

KEPT: Final = "analytics"
GIVE_UP_AFTER: Final = 3
"""Questions in a row that were not answered."""


class AnalyticsDeeds(Room):
    """The part of the room that acts; what it shows is in `analytics`."""

    tiles: Tiles
    panel: Panel

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__(session, inbox)
        self._reader = Reader(session, self.waits_for)
        kept = session.kept.setdefault(KEPT, (Boards(), Wanted()))
        self._boards: Boards = kept[0]
        self.board: Board = self._found(kept[1])
        self.is_reading = False
        self._was_read = False

    def waits_for(self, told: str) -> None:
        raise NotImplementedError

    def wanted_parts(self) -> list[str]:
        raise NotImplementedError

    def lay_out(self) -> None:
        raise NotImplementedError

    # --- reading -------------------------------------------------------------------------------

    def _found(self, wanted: Wanted) -> Board:
        state = self._session.state
        return self._boards.find(wanted, self._session.clock(), self._session.tz, state.version)

    def want(self, wanted: Wanted) -> None:
        """Show other figures; those that were read this session are there at once."""
        self.board = self._found(wanted)
        self._session.kept[KEPT] = (self._boards, wanted)
        self.lay_out()
        self.show_all()
        self.go_on()

    def forget_all(self) -> None:
        """Everything that was read this session is asked for anew."""
        self._boards = Boards()

    def news(self) -> None:
        """What the CRM tells changes nothing here."""

    def action_again(self) -> None:
        """Ask everything anew, but for the first look: then what is known is shown."""
        if self._was_read:
            self._boards.forget(self.board.wanted)
            self.board = self._found(self.board.wanted)
            self.show_all()
        self._was_read = True
        self.go_on()

    def go_on(self) -> None:
        """Read what is missing for what is on screen, unless that is being done."""
        if not self.is_reading:
            self.is_reading = True
            begin(self, "room", self._read)

    async def _read(self) -> None:
        try:
            await self.read()
        except Exception as error:
            self.app._handle_exception(error)
        finally:
            self.is_reading = False
        if self.is_attached:
            self.show_all()

    async def read(self) -> None:
        failed = 0
        while self.is_attached:
            board, wanted = self.board, self.wanted_parts()
            if not wanted or board.not_allowed:
                break
            part = board.parts[wanted[0]] = await self._reader.read(board, wanted[0])
            failed = failed + 1 if part.why == "unreachable" else 0
            if failed == GIVE_UP_AFTER:  # the server is gone: each more would take as long again
                board.parts.update(dict.fromkeys(wanted[1:], part))
            self._show_if_there(board)
        if self.board.not_allowed:
            await self._read_own()

    def _show_if_there(self, board: Board) -> None:
        if self.is_attached and board is self.board:
            self.show_all()

    async def left(self) -> None:
        self.workers.cancel_group(self, "room")

    # --- who is no administrator ---------------------------------------------------------------

    async def _read_own(self) -> None:
        """What everybody may see: how many conversations of theirs are in which state."""
        from revivatui.screens.analytics_own_view import read_own

        await read_own(self._reader, self.board)

    def own_lines(self) -> Sequence[ListLine]:
        """Why there is nothing more, and what an agent may see."""
        from revivatui.screens.analytics_own_view import own_lines

        return own_lines(self.board, self._session, self.cells, self.key_of)

    # --- picking -------------------------------------------------------------------------------

    @property
    def zone_words(self) -> str:
        """Which zone's days these are."""
        from revivatui.state.analytics_zone import zone_words

        return zone_words(self.board)

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            **super().deeds(),
            "analytics.range": self.action_range,
            "analytics.whose": self.action_whose,
            "analytics.group": self.action_group,
            "analytics.compare": self.action_compare,
            "analytics.hours": self.action_hours,
            "analytics.define": self.action_define,
            "analytics.verify": self.action_verify,
            "analytics.export": self.action_export,
            "analytics.repairs": lambda: self.to_room("repairs"),
            "analytics.services": lambda: self.to_room("services"),
        }

    def action_range(self) -> None:
        ask_range(self._session, self.board.wanted, self.app.push_screen, self.want)

    def action_whose(self) -> None:
        state, wanted = self._session.state, self.board.wanted
        self.ask(
            scope_dialog(state, wanted), lambda choice: self.want(scoped(wanted, choice, state))
        )

    def action_group(self) -> None:
        def chosen(choice: str) -> None:
            group: Any = choice or None
            self.want(replace(self.board.wanted, group=group))

        self.ask(group_dialog(self.board), chosen)

    def action_compare(self) -> None:
        self.want(replace(self.board.wanted, compare=not self.board.wanted.compare))

    def action_hours(self) -> None:
        wanted = self.board.wanted
        self.want(replace(wanted, business_hours=not wanted.business_hours))

    # --- what is behind ------------------------------------------------------------------------

    @property
    def tile(self) -> Tile:
        """The one under the cursor."""
        return tiles_of(self.board)[self.tiles.index]

    def action_define(self) -> None:
        self.define(self.tile)

    def define(self, tile: Tile) -> None:
        board = self.board
        definition = definition_of(tile.kind, board)

        def lines(cells: int) -> list[ListLine]:
            return meaning_lines(tile, definition, board, self.zone_words, cells)

        verify = partial(self.verify_tile, tile) if tile.value is not None else None
        self.app.push_screen(MeaningPage(tile.kind.name, lines, verify))

    def open_point(self, panel: Panel) -> None:
        """The conversations of the point that the cursor is on."""
        found = self._behind(panel)
        if found is not None:
            self.open_behind(found)

    def _behind(self, panel: Panel) -> Behind | None:
        board, state, chart = self.board, self._session.state, panel.chart
        match panel.chart_id:
            case "course":
                return behind.of_bucket(board, chart.series, chart.index)
            case "waits":
                return behind.of_waits(board, chart.series, chart.index)
            case "agents":
                return behind.of_agent(board, chart.index, state.agents)
            case "shares":
                return behind.of_share(board, chart.index, state.inboxes)
            case "traffic":
                return behind.of_hour(board, chart.index)
            case "ratings":
                return behind.of_rating(board, chart.index)
            case _:
                return None

    def open_behind(self, wanted: Behind) -> None:
        board = self.board
        page = BehindPage(
            self._session,
            wanted.title,
            lambda told: find(self._reader, board, wanted, told),
            self.open_conversation,
            self._export_found,
        )
        self.app.push_screen(page)

    # --- verifying -----------------------------------------------------------------------------

    def action_verify(self) -> None:
        from revivatui.screens.analytics_verifying import verify_chart

        if self.tiles.has_focus or self.board.not_allowed:
            self.verify_tile(self.tile)
        else:
            verify_chart(self, self.panel.chart_id)

    def verify_tile(self, tile: Tile) -> None:
        from revivatui.screens.analytics_verifying import verify_tile

        verify_tile(self, tile)

    @property
    def reader(self) -> Reader:
        return self._reader

    # --- exporting -----------------------------------------------------------------------------

    def action_export(self) -> None:
        from revivatui.state.analytics_export import FIGURE_COLUMNS, about, figure_rows

        board = self.board
        agents = self._session.state.agents
        drawn = [chart_of(chart.id, board, agents) for chart in CHARTS]
        rows = figure_rows(board, [data for data in drawn if data is not None])
        if not rows:
            self.say("There are no figures to export yet.")
            return
        head = about(board, self.zone_words)
        self._ask_how("figures", head, rows, FIGURE_COLUMNS)

    def _export_found(self, found: Found) -> None:
        from revivatui.state.analytics_export import CONVERSATION_COLUMNS, about, conversation_rows

        state = self._session.state
        inboxes = {one.id: one.name for one in state.inboxes.values()}
        people = {one.id: one.name for one in state.agents.values()}
        rows = conversation_rows(found.conversations, found.contacts, inboxes, people)
        head = {**about(self.board, self.zone_words), "title": found.title}
        self._ask_how(found.title, head, rows, CONVERSATION_COLUMNS)

    def _ask_how(self, what: str, head: Row, rows: list[Row], columns: Sequence[str]) -> None:
        from revivatui.screens.choose import Choose, Option

        many = f"{len(rows):,} rows"
        options = [
            Option("csv", "CSV", f"{many}, for a spreadsheet"),
            Option("json", "JSON", f"{many}, with what they are of"),
        ]
        where = f"A new file in {self._session.downloads()}."
        if self._session.throwaway:
            where += " It goes with this demo."
        dialog = Choose("Export", options, question=where, verb="write")
        self.ask(dialog, lambda ending: self._write(what, ending, head, rows, columns))

    def _write(
        self, what: str, ending: str, head: Row, rows: list[Row], columns: Sequence[str]
    ) -> None:
        begin(self, "export", self._written, what, ending, head, rows, columns)

    async def _written(
        self, what: str, ending: str, head: Row, rows: list[Row], columns: Sequence[str]
    ) -> None:
        from revivatui.screens.analytics_files import NotWritten, written
        from revivatui.state.analytics_export import as_csv, as_json, file_stem

        text = as_csv(rows, columns) if ending == "csv" else as_json(head, rows)
        since, until = str(head["since"])[:10], str(head["until"])[:10]
        try:
            stem = file_stem("analytics", what, since, until)
            path = await written(self._session.downloads(), stem, ending, text)
        except NotWritten as error:
            self.say(str(error), "error")
        else:
            self.say(f"Written: {path}")


def nothing_lines(text: str, cells: int) -> list[ListLine]:
    """Why nothing is shown."""
    return [*sentences([f"{symbols.failed} {text}"], cells, "error"), words("")]


__all__ = ["AnalyticsDeeds", "nothing_lines", "parts"]
