"""Health: the bridge by what it recorded, its dead letters, and what the desk itself knows."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType

from revivatui.crm.errors import CrmError, CrmUnreachable
from revivatui.screens import captain_switch
from revivatui.screens.at_work import begin
from revivatui.screens.choose import Choose, Option
from revivatui.screens.health_lines import (
    NO_LETTERS,
    desk_lines,
    fact_lines,
    letter_lines,
    letter_words,
    no_bridge_lines,
    summary,
    told_lines,
)
from revivatui.screens.own_commands import own_bindings
from revivatui.screens.page import Page
from revivatui.screens.room import Room
from revivatui.state.bridge_health import facts
from revivatui.text.when import clock, stamp
from revivatui.text.width import truncate
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from revivatui.screens.bridge_port import BridgePort
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.state.bridge_health import Letter, Report

REFRESH: Final = 5.0
"""Seconds between two readings while the room is open. Nothing is read while it is not."""
PATIENCE: Final = 20.0
"""Seconds after which a question counts as not answered."""
NO_ANSWER: Final = "The bridge's database does not answer; what is shown may be old."
_BROADEST: Final = 110
_ASKED: Final = 240
"""Cells of a letter that a question names."""


class HealthScreen(Room):
    """Reads by itself; enter shows a dead letter, r tries it again, d gives it up."""

    NAME = "health"
    FIND = "what failed, where, or why"
    PLACES: ClassVar[tuple[str, ...]] = ("health", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("health")

    def __init__(
        self, session: Session, inbox: InboxCommands, *, asks_captain: bool = False
    ) -> None:
        """`asks_captain`: whether captain is to be switched is asked at once."""
        super().__init__(session, inbox)
        self._asks_captain = asks_captain
        self._bridge: BridgePort | None = None
        self._report: Report | None = None
        self._letters: tuple[Letter, ...] = ()
        self._was_read = False
        self._is_reading = False

    def on_mount(self) -> None:
        self.set_interval(REFRESH, self._tick)

    def _tick(self) -> None:
        """A database that is slow is not asked anew before it has answered."""
        if not self._is_reading:
            self.action_again()

    def news(self) -> None:
        self.show_all()

    async def read(self) -> None:
        if self._session.look_at_bridge is None:
            return
        if self._bridge is None:
            self._bridge = self._session.look_at_bridge()
        self._is_reading = True
        try:
            async with asyncio.timeout(PATIENCE):
                await self._read_from(self._bridge)
        except TimeoutError:
            raise CrmUnreachable(NO_ANSWER) from None
        finally:
            self._is_reading = False

    async def _read_from(self, bridge: BridgePort) -> None:
        report = await bridge.report()
        has_letters = report is not None and report.dead
        self._letters = await bridge.letters() if has_letters else ()
        self._report, self._was_read = report, True
        if self._asks_captain:
            self._asks_captain = False
            self.action_captain()

    async def left(self) -> None:
        # What is still being read from a database that hangs is not waited for; what is being done
        # about a letter is.
        self.workers.cancel_group(self, "room")
        if self._bridge is not None:
            await self._bridge.close()

    # --- what it shows -------------------------------------------------------------------------

    @property
    def shown_letters(self) -> list[Letter]:
        sought = self.sought.casefold().split()
        return [
            one
            for one in self._letters
            if all(word in letter_words(one).casefold() for word in sought)
        ]

    def show_all(self) -> None:
        report = self._report
        as_of = f"as of {clock(report.at, self._session.tz)}" if report is not None else ""
        self.show_top([Chip(self.trouble or as_of, "error" if self.trouble else "muted",
                            weight=NEVER)])  # fmt: skip
        self.bar.show(summary(report, self._when) if report is not None else [])
        self.head.show([])
        self.lines.show(self._page())
        self.show_keys()

    def _when(self, at: float) -> str:
        return stamp(at, self._session.clock(), self._session.tz)

    def _page(self) -> list[ListLine]:
        cells = min(self.cells, _BROADEST)
        lines: list[ListLine] = []
        if self._letters:
            lines += [words(f"Dead letters {len(self._letters)}", "strong")]
            lines += letter_lines(self.shown_letters, self.cells)
            more = (self._report.dead if self._report is not None else 0) - len(self._letters)
            lines += [words(f"and {more} more", "muted")] if more > 0 else []
            lines += [words("")]
        lines += [words("Bridge", "strong"), *self._bridge_lines(cells), words("")]
        lines += [words("This desk", "strong"), *desk_lines(self._session, cells)]
        return lines

    def _bridge_lines(self, cells: int) -> list[ListLine]:
        if self._report is not None:
            lines = fact_lines(facts(self._report, self._when), cells)
            return lines if self._letters else [*lines, *fact_lines([NO_LETTERS], cells)]
        if self.trouble:
            return [words("Nothing could be read. f5 tries again.", "muted")]
        if self._session.look_at_bridge is not None and not self._was_read:
            return [words(f"asking what the bridge recorded{symbols.ellipsis}", "muted")]
        return no_bridge_lines(cells)

    @property
    def can_search(self) -> bool:
        return bool(self._letters)

    def hints(self) -> list[Chip]:
        return self.own_chips() if self._letters else []

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            **super().deeds(),
            "health.show": self.lines.action_choose,
            "health.retry": self.action_retry,
            "health.drop": self.action_drop,
            "health.captain": self.action_captain,
            "health.repairs": lambda: self.to_room("repairs"),
            "health.services": lambda: self.to_room("services"),
        }

    # --- what the agent wants ------------------------------------------------------------------

    @property
    def _chosen(self) -> Letter | None:
        choice = self.lines.choice
        return next((one for one in self._letters if one.id == choice), None)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        letter = self._chosen
        if letter is not None and self._bridge is not None:
            self.app.push_screen(LetterPage(self._bridge, letter, self._ask_for))

    def action_retry(self) -> None:
        self._ask_about("retry")

    def action_drop(self) -> None:
        self._ask_about("drop")

    def action_captain(self) -> None:
        report = self._report.captain if self._report is not None else None
        if report is None:
            self.say(captain_switch.NO_CAPTAIN)
        else:
            self.ask(captain_switch.question(report), self._captain_answered)

    def _captain_answered(self, answer: str) -> None:
        if answer in ("on", "off") and self._bridge is not None:
            off = captain_switch.by_whom(self._session) if answer == "off" else ""
            begin(self, "captain", self._switch_captain, self._bridge, off)

    async def _switch_captain(self, bridge: BridgePort, off: str) -> None:
        try:
            await bridge.switch_captain(off)
        except CrmError as error:
            self.say(str(error), "warning")
        else:
            self.say(captain_switch.IS_OFF if off else captain_switch.IS_ON)
        self.action_again()

    def _ask_about(self, act: str) -> None:
        letter = self._chosen
        if letter is None:
            self.say("There is no dead letter to choose." if not self._letters
                     else "Choose a dead letter first.")  # fmt: skip
        else:
            self._ask_for(letter, act)

    def _ask_for(self, letter: Letter, act: str) -> None:
        """Ask before anything is done with this letter, wherever the cursor is by then."""
        if act == "retry":
            title, after = "Try it again?", "It waits again, with all its tries before it."
            yes = Option("yes", "Try again")
        else:
            title, after = "Give it up?", "It is never tried again; that cannot be taken back."
            yes = Option("yes", "Give up")
        question = f"{truncate(letter_words(letter), _ASKED, symbols.ellipsis)}\n{after}"
        dialog = Choose(title, [Option("no", "Leave it"), yes], question=question)
        self.ask(dialog, partial(self._answered, letter, act))

    def _answered(self, letter: Letter, act: str, answer: str) -> None:
        if answer == "yes" and self._bridge is not None:
            begin(self, "letters", self._done, letter, act, self._bridge)

    async def _done(self, letter: Letter, act: str, bridge: BridgePort) -> None:
        acts: dict[str, Callable[[str], Awaitable[None]]] = {
            "retry": bridge.retry,
            "drop": bridge.drop,
        }
        try:
            await acts[act](letter.id)
        except CrmError as error:
            self.say(str(error), "warning")
        else:
            self.say("It waits again." if act == "retry" else "It is given up.")
        self.action_again()


class LetterPage(Page):
    """A dead letter in full, but for what a customer wrote."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
        Binding("r", "ask('retry')", "Retry", show=False),
        Binding("d", "ask('drop')", "Drop", show=False),
    ]

    def __init__(
        self, bridge: BridgePort, letter: Letter, ask: Callable[[Letter, str], None]
    ) -> None:
        """Make the page; `ask` asks whether the letter shall be tried again or given up."""
        super().__init__("Dead letter")
        self._bridge = bridge
        self._letter = letter
        self._ask = ask
        self._told: tuple[str, ...] = ()
        self._trouble = ""

    def on_mount(self) -> None:
        begin(self, "letter", self._read)

    async def _read(self) -> None:
        try:
            self._told = await self._bridge.told(self._letter.id)
        except CrmError as error:
            self._trouble = str(error)
        if self.lines.is_attached:
            self.show_page()

    def page(self) -> list[ListLine]:
        if self._trouble:
            return told_lines([f"{symbols.failed} {self._trouble}"], self.room, "error")
        return told_lines(self._told or [letter_words(self._letter)], self.room)

    def hints(self) -> list[Chip]:
        return [
            Chip("retry", "accent", "retry", NEVER, lead="r"),
            Chip("drop", "button", "drop", NEVER, lead="d"),
        ]

    def act(self, command: str) -> None:
        if command in ("retry", "drop"):
            self.action_ask(command)
        else:
            self.action_leave()

    def action_ask(self, act: str) -> None:
        self.dismiss()
        self._ask(self._letter, act)
