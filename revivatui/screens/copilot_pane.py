"""The copilot beside the thread: its list with a title, and the line above the composer.

What is shown stays while somebody is in the pane: what is thought of meanwhile comes when they ask
for the next, or leave. The list below the hand never becomes another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from revivatui.commands import BY_ID
from revivatui.screens.copilot_advice import Advice
from revivatui.screens.copilot_lines import (
    Look,
    copilot_lines,
    lane_words,
    problems,
)
from revivatui.screens.key_bar import command_bindings
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.copilot_list import BlockList
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType

    from revivatui.screens.copilot_advice import Answer, Shown
    from revivatui.screens.copilot_desk import CopilotDesk
    from revivatui.screens.session import Session

BROAD: Final = 60
"""Cells from which more lines of each text are shown."""
MORE_LINES: Final = 8


class SuggestionList(BlockList):
    """The suggestions, with keys of their own while they have the focus."""

    BINDINGS: ClassVar[list[BindingType]] = command_bindings("copilot", action="screen.command")

    def __init__(self, fits: Callable[[], object], left: Callable[[], object]) -> None:
        """Make the list; `fits` is called when it has another size, `left` when it lost the
        focus."""
        super().__init__(id="copilot", gutter=True)
        self._fits = fits
        self._left = left

    def on_resize(self) -> None:
        super().on_resize()
        self._fits()

    def focus_changed(self) -> None:
        super().focus_changed()
        if not self.has_focus:
            self._left()


class CopilotPane:
    """What is on screen of the copilot; the column and the thread's side hold its widgets."""

    def __init__(self, session: Session, fits: Callable[[str], bool]) -> None:
        """Make the widgets; `fits` says which class the screen's size has."""
        self._session = session
        self._screen_fits = fits
        self.title = ChipBar(id="copilot-title", edge="  ")
        self.list = SuggestionList(self.show, self.show)
        self.line = ChipBar(id="copilot-line", edge="  ", ground="desk.copilot")
        self._advice = Advice(0, "off")
        self._opened = ""
        self._armed = ""
        self._following = self._asked_from = ""
        """The task of the answer that was gone to."""
        self.marks: dict[str, int] = {}
        self.draft: Callable[[], str] = lambda: ""
        """What stands in the composer as a reply to the open conversation."""

    @property
    def desk(self) -> CopilotDesk | None:
        return self._session.copilot

    @property
    def _open_id(self) -> int | None:
        return self._session.state.open_id

    # --- what is there -------------------------------------------------------------------------

    @property
    def advice(self) -> Advice:
        """What is on screen for the open conversation."""
        return self._advice

    @property
    def newest(self) -> Advice:
        """What is suggested now, also where that is not on screen yet."""
        desk = self.desk
        return Advice(0, "off") if desk is None else desk.advice(self._open_id)

    @property
    def chosen(self) -> Shown | None:
        """The suggestion under the cursor."""
        return self.find(self.list.choice.partition(":")[2])

    def find(self, suggestion_id: str) -> Shown | None:
        found = self._advice.find(suggestion_id) or self.newest.find(suggestion_id)
        if found is not None or self.desk is None:
            return found
        answer = self.desk.answer(self._open_id)
        shown = answer.shown if answer is not None else None
        return shown if shown is not None and shown.id == suggestion_id else None

    def why_old(self, shown: Shown) -> str:
        return "" if self.desk is None or self._open_id is None else (
            self.desk.why_old(self._open_id, shown)
        )  # fmt: skip

    def _old_words(self, shown: Shown) -> str:
        """What is said of its age: nothing while newer ones are about to take its place."""
        soon = self.desk is not None and self.desk.is_looking and not self.list.has_focus
        return "" if soon and self._advice.find(shown.id) else self.why_old(shown)

    def problems(self, shown: Shown) -> list[str]:
        """Why putting it in takes a second key."""
        return problems(shown, self.why_old(shown))

    @property
    def armed(self) -> Shown | None:
        """The suggestion that takes a second key, which is due now."""
        return self.find(self._armed) if self._armed else None

    def arm(self, shown: Shown) -> bool:
        """Ask for a second key where one is needed; gives whether this was it, or none is."""
        if not self.problems(shown) or self._armed == shown.id:
            self._armed = ""
            return True
        self._armed = shown.id
        self.show()
        return False

    def disarm(self) -> None:
        if self._armed:
            self._armed = ""
            self.show()

    def open_reasons(self, shown: Shown) -> None:
        """Show all of a suggestion, or no more than of the others again."""
        self._opened = "" if self._opened == shown.id else shown.id
        self.show()

    def show_newest(self) -> None:
        """Take over what was thought of meanwhile, also under the hand."""
        self._advice = self.newest
        self.show()

    def show_more(self, advice: Advice) -> None:
        """Others than the first ones."""
        self._advice = advice
        self.show()
        self.list.action_edge(-1)

    # --- showing -------------------------------------------------------------------------------

    def show(self) -> None:
        """What is suggested for whoever is open."""
        if self.desk is None:
            self.line.display = False
            return
        self._follow()
        cells = self.list.scrollable_content_region.width - 3
        look = Look(
            max(20, cells), MORE_LINES if cells >= BROAD else Look(0).text_lines,
            self._opened, self._armed, marks=self.marks, reading=self.desk.texts.is_reading,
        )  # fmt: skip
        answer = self.desk.answer(self._open_id)
        if self._open_id is None:
            self.list.show([])
        else:
            lines = copilot_lines(self._session, self._advice, answer, look, self._old_words)
            self.list.show(lines)
            self._follow_answer(answer)
        self.show_line()

    def _follow_answer(self, answer: Answer | None) -> None:
        """What a model says stands below everything else: it is gone to when it is asked, and
        stayed with as it grows, until somebody moves on their own."""
        task = "" if answer is None else answer.task
        if task and task != self._following:
            self._asked_from = self.list.choice
        self._following = task
        if task and self.list.choice == self._asked_from:
            self.list.call_after_refresh(self.list.scroll_end, animate=False)

    def _follow(self) -> None:
        """Take over what is new, unless a hand is on what it would take away."""
        newest, held = self.newest, self._advice
        same_chat = newest.conversation_id == held.conversation_id
        if same_chat and newest.moment == held.moment and newest.phase == held.phase:
            if not held.is_page and newest is not held:
                self._advice = newest
            return
        if same_chat and self.list.has_focus and held.shown:
            return
        if not same_chat:
            self._opened = self._armed = ""
        self._advice = newest

    def show_title(self, left: list[Chip], right: list[Chip]) -> None:
        self.title.show(left, right)

    def _key(self, command_id: str) -> str:
        return self._session.keys.first(BY_ID[command_id])

    @property
    def is_beside(self) -> bool:
        """Whether the pane stands beside the thread by itself."""
        broad = self._screen_fits("-three") or self._screen_fits("-wide")
        return broad and self._screen_fits("-tall") and not self._screen_fits("-no-contact")

    def show_line(self) -> None:
        """The line above the composer: what a key would put in, or where its text comes from."""
        chips = self._line_chips() if self._open_id is not None and self.desk else ([], [])
        self.line.display = bool(chips[0])
        self.line.show(*chips)

    def _line_chips(self) -> tuple[list[Chip], list[Chip]]:
        take = self._key("copilot.take")
        if (armed := self.armed) is not None:
            told = "; ".join(self.problems(armed))
            return [Chip(f"{symbols.held} {armed.suggestion.title} is {told}", "warning",
                         weight=NEVER)], [
                Chip("puts it in all the same", "accent", "copilot.take", NEVER, lead=take)
            ]  # fmt: skip
        if (working := self._working_chips()) is not None:
            return working
        if (origin := self._origin_chips(take)) is not None:
            return origin
        return ([], []) if self.is_beside else self._summary_chips(take)

    def _working_chips(self) -> tuple[list[Chip], list[Chip]] | None:
        """What a model does or why it failed, where the pane is not there to say so."""
        answer = self.desk.answer(self._open_id) if self.desk is not None else None
        if answer is None or answer.step == "there" or self.is_beside:
            return None
        if answer.step == "failed":
            return [Chip(answer.said, "warning", "desk.copilot", NEVER)], []
        words = f"{answer.task}: the model works{symbols.ellipsis}"
        return [Chip(words, "muted", "desk.copilot", NEVER)], [
            Chip("stop", "button", "model.stop", NEVER)
        ]

    def _origin_chips(self, take: str) -> tuple[list[Chip], list[Chip]] | None:
        assert self.desk is not None
        origin = self.desk.origin(self._open_id)
        if origin is None or not self.draft().strip():
            return None
        told = f" {symbols.dot} ".join((origin.suggestion.title, *origin.sources))
        left = [Chip(f"From {told}", "label", weight=NEVER)]
        right = []
        if self.draft() == origin.after:
            right = [
                Chip("the next", "button", "copilot.take", 60, lead=take),
                Chip("takes it out", "button", "", 50, lead="ctrl+z"),
            ]
        return left, right

    def _summary_chips(self, take: str) -> tuple[list[Chip], list[Chip]]:
        """The first suggestion in a line, for a screen that has no room for the pane."""
        advice = self.newest
        if not advice.shown:
            told = {"waiting": f"looking for answers{symbols.ellipsis}"}
            said = told.get(advice.phase, "No suggestion fits.")
            return [Chip(said, "muted", "desk.copilot", NEVER)], []
        first = advice.shown[0]
        lane, style = lane_words(first, unsure=bool(advice.abstained))
        old = "old " if self._old_words(first) else ""
        title = " ".join(first.suggestion.title.split())
        text = " ".join(first.suggestion.text.split())
        left = [
            Chip(f"{old}{lane}", style, "desk.copilot", NEVER),
            Chip(f"{title}: {text}", "muted", "desk.copilot", NEVER),
        ]
        many = len(advice.shown)
        return left, [
            Chip("inserts", "accent", "copilot.take", NEVER, lead=take),
            Chip(f"all {many}", "button", "desk.copilot", 60, lead=self._key("desk.copilot")),
        ]
