"""The wallboard: six big figures, what is alarming and why, and how old all that is.

Made to hang on a wall for weeks: it asks little, keeps nothing, and paints what changed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from revivatui.engine.asking import NotAnswered
from revivatui.screens.at_work import begin
from revivatui.screens.memory import give_memory_back
from revivatui.screens.team_reading import is_administrator, midnight
from revivatui.state import wallboard
from revivatui.state.models import ListView
from revivatui.state.reports import Question
from revivatui.state.wallboard import Asked, Tile, doubt, tiles, waiting_of
from revivatui.text.when import clock, duration
from revivatui.text.width import pad, truncate, width
from revivatui.widgets.big_digits import HEIGHT, big, big_width
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from revivatui.screens.session import Session
    from revivatui.state.store import Subscription
    from revivatui.state.topics import Topic

LONGEST_FIRST: Final = ListView(tab="all", sort="waiting_since_asc")
HEARD: Final = ("presence", "minute", "link", "account")
HOUR: Final = 3600.0
ACROSS: Final = 3
_EDGE: Final = 2
BIGGEST: Final = 4
"""Times as big as drawn, at most."""


class WallScreen(Screen[None]):
    """Escape or w ends it."""

    COMPONENT_CLASSES = PIECE_CLASSES
    PACE: ClassVar[float] = 1.0
    """Seconds of the desk's clock in one of the machine's: more where a week is compressed."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,w,q", "leave", "End the wallboard", show=False),
        Binding("f5", "again", "Ask now", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(classes="room wall")
        self._session = session
        self._asked: Asked | None = None
        self._trouble = ""
        self._is_asking = False
        self._heard: Subscription | None = None
        self.top = ChipBar(classes="room-top", edge="  ")
        self.lines = LineList(gutter=False)
        self.keys = ChipBar(classes="room-keys", edge="  ")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.top
            yield self.lines
            yield self.keys

    def on_mount(self) -> None:
        self._heard = self._session.store.subscribe(self._news, HEARD)
        self._session.engine.hang_up(True)
        if self._session.copilot is not None:
            self._session.copilot.rest()
        self.lines.can_focus = False
        interval = wallboard.INTERVAL / self.PACE
        self.set_interval(interval / 2, self.action_again)
        self.set_interval(interval / 8, self.show_all)
        self.set_interval(HOUR / self.PACE, self._give_memory_back)
        self.show_all()
        self.action_again()

    def on_unmount(self) -> None:
        self._session.engine.hang_up(False)
        if self._session.copilot is not None:
            self._session.copilot.wake()
        if self._heard is not None:
            self._heard.close()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show_all)

    def _news(self, _topics: set[Topic]) -> None:
        self.show_all()

    def action_leave(self) -> None:
        self.dismiss()

    def _give_memory_back(self) -> None:
        begin(self, "memory", self._shrink)

    async def _shrink(self) -> None:
        await self._session.engine.shrink()
        give_memory_back()

    # --- asking --------------------------------------------------------------------------------

    def action_again(self) -> None:
        """Nobody is asked anew who has not answered."""
        if not self._is_asking:
            begin(self, "wall", self._ask)

    async def _ask(self) -> None:
        self._is_asking = True
        try:
            async with asyncio.timeout(wallboard.INTERVAL / self.PACE / 2):
                self._asked = await ask_figures(self._session)
            self._trouble = ""
        except TimeoutError:
            self._trouble = "the server does not answer"
        except NotAnswered as error:
            self._trouble = str(error)
        finally:
            self._is_asking = False
        self.show_all()

    # --- showing -------------------------------------------------------------------------------

    @property
    def doubt(self) -> str:
        session = self._session
        return doubt(session.state, self._asked, self._trouble, session.clock(), session.tz)

    def show_all(self) -> None:
        if not self.is_attached:
            return
        session, state = self._session, self._session.state
        now = session.clock()
        account = state.account.name if state.account is not None else ""
        at = f"as of {clock(self._asked.at, session.tz)}" if self._asked else ""
        self.top.show([Chip(account, "strong", weight=NEVER)], [Chip(at, "muted", weight=NEVER)])
        cells = max(40, self.size.width)
        lines = [*self._doubt_lines(cells)]
        figures = tiles(state, self._asked, now)
        lines += tile_lines(figures, cells, self._scale, stale=bool(self.doubt))
        lines += self._alarm_lines(cells, now)
        self.lines.show(lines)
        self.keys.show(
            [Chip("end", "muted", "leave", NEVER, lead="esc")],
            [Chip("" if is_administrator(session) else "some figures are for administrators",
                  "muted", weight=60)],
        )  # fmt: skip

    @property
    def _scale(self) -> int:
        """How many times as big as drawn the digits are."""
        rows = len(tiles(self._session.state, None, 0.0)) // ACROSS
        high = (self.size.height - 6) // rows - 3
        return max(1, min(high // HEIGHT, BIGGEST))

    def _doubt_lines(self, cells: int) -> list[ListLine]:
        """Plain words right above the figures, or an empty line."""
        said = self.doubt
        if not said:
            return [words("")]
        text = truncate(f" {symbols.failed} {said.upper()}", cells - 1, symbols.ellipsis)
        return [ListLine((Piece(pad(text, cells - 1), "error"),))]

    def _alarm_lines(self, cells: int, now: float) -> Iterator[ListLine]:
        alerts = self._session.loud_alerts
        if not alerts:
            told = "no alarm" if self._session.alerts is not None else ""
            yield words(f"  {told}", "muted")
        for one in alerts:
            since = duration(max(0.0, now - one.since))
            text = truncate(f"{one.name}: {one.words}", cells - 16, symbols.ellipsis)
            yield ListLine(
                (
                    Piece(f"  {symbols.held} ", "error"),
                    Piece(text, "strong"),
                    Piece(f"  for {since}", "muted"),
                )
            )

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        self.dismiss()


async def ask_figures(session: Session) -> Asked:
    """What an administrator is told, or what an agent may see. Raises NotAnswered."""
    ask = session.engine.ask
    page = await ask(lambda client: client.conversations(LONGEST_FIRST))
    at = session.clock()
    waiting, more, longest = waiting_of(page.conversations, last=page.last)
    seen = Asked(at, waiting, more, longest, page.counts.all if page.counts else None)
    if not is_administrator(session):
        return seen
    today = Question(midnight(at, session.tz), at)
    try:
        live = await ask(lambda client: client.live_counts())
        summary = await ask(lambda client: client.summary(today))
    except NotAnswered as error:
        if error.why != "not_allowed":
            raise
        return seen
    first = summary.now.first_response
    return Asked(at, waiting, more, longest, live.open, live.unattended, first)


def tile_lines(
    figures: Sequence[Tile], cells: int, scale: int, *, stale: bool
) -> Iterator[ListLine]:
    """Three tiles beside each other; digits in the middle of each, their name above."""
    across = cells // ACROSS
    for first in range(0, len(figures), ACROSS):
        row = figures[first : first + ACROSS]
        yield ListLine(tuple(Piece(_middle(one.name, across), "label") for one in row))
        fits = min(_fits(one.digits, across, scale) for one in row)
        drawn = [_scaled(one.digits, across - _EDGE, fits) for one in row]
        for line in range(HEIGHT * fits):
            yield ListLine(
                tuple(
                    Piece(_middle(lines[line], across), "muted" if stale else one.level)
                    for one, lines in zip(row, drawn, strict=True)
                )
            )
        yield ListLine(tuple(Piece(_middle(one.unit, across), "muted") for one in row))
        yield words("")


def _fits(digits: str, across: int, scale: int) -> int:
    while scale > 1 and big_width(digits) * scale > across - _EDGE:
        scale -= 1
    return scale


def _scaled(digits: str, room: int, scale: int) -> list[str]:
    """The digits, each cell drawn as often as the scale says."""
    return [
        truncate("".join(letter * scale for letter in line), room, "")
        for line in big(digits)
        for _ in range(scale)
    ]


def _middle(text: str, cells: int) -> str:
    room = max(0, cells - width(text))
    return " " * (room // 2) + text + " " * (room - room // 2)
