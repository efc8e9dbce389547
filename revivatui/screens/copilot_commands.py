"""What is done with suggestions, asked for by key or mouse. Everything ends in the composer.

What needs a model (shorter, friendlier, translated and the like) is another table of the same
kind: give it to `CopilotCommands.add`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from revivatui.screens.at_work import begin_alone
from revivatui.screens.copilot_advice import Origin
from revivatui.screens.copilot_model import ModelDeeds

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from revivatui.screens.copilot_advice import Shown
    from revivatui.screens.copilot_desk import CopilotDesk
    from revivatui.screens.copilot_pane import CopilotPane
    from revivatui.screens.inbox import InboxScreen
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session

Deeds = Mapping[str, Callable[[str], object]]
"""By command id, what is done; the argument is what stood behind a colon."""
How = Literal["insert", "replace", "append"]

OFF: Final = "Suggestions are switched off: [copilot] on in the settings."
NOTHING: Final = "Nothing is suggested here."
NEXT: Final = 3
"""Suggestions of a page."""
FARTHEST: Final = 12
SURE: Final = 0.5
"""The least score of an answer that is shown in the composer before it is typed."""


class CopilotCommands:
    """The commands of `commands_copilot`, carried out."""

    def __init__(self, screen: InboxScreen, inbox: InboxCommands) -> None:
        self._screen = screen
        self._inbox = inbox
        self._did: dict[str, Callable[[str], object]] = {
            "desk.copilot": lambda _: self._go(),
            "copilot.take": lambda _: self._take(),
            "copilot.insert": lambda id_: self._put(id_, "insert"),
            "copilot.replace": lambda id_: self._put(id_, "replace"),
            "copilot.append": lambda id_: self._put(id_, "append"),
            "copilot.copy": lambda id_: self._with(id_, self._copy),
            "copilot.why": lambda id_: self._with(id_, self.pane.open_reasons),
            "copilot.next": lambda _: self._next(),
            "copilot.good": lambda id_: self._with(id_, lambda one: self._mark(one, 1)),
            "copilot.bad": lambda id_: self._with(id_, lambda one: self._mark(one, -1)),
            "copilot.dismiss": lambda id_: self._with(id_, self._dismiss),
            "copilot.words": lambda _: self._words(),
        }
        self.pane.draft = self._draft
        self.model = ModelDeeds(screen, self._draft)
        self.add(self.model.table)

    def add(self, deeds: Deeds) -> None:
        """More commands of the same kind."""
        self._did |= deeds

    @property
    def pane(self) -> CopilotPane:
        return self._screen.beside.copilot

    @property
    def _session(self) -> Session:
        return self._screen.session

    @property
    def _desk(self) -> CopilotDesk:
        assert self._session.copilot is not None
        return self._session.copilot

    @property
    def acts(self) -> frozenset[str]:
        """What there is for the open conversation (`Situation.copilot`)."""
        if self._session.copilot is None:
            return frozenset()
        there = self.pane.newest.shown or self.pane.chosen
        return frozenset({"copilot", "suggestion"} if there else {"copilot"})

    def run(self, name: str, argument: str) -> bool:
        """Carry a command out; False where it is none of these."""
        if name not in self._did:
            return False
        if self._session.copilot is None:
            self._say(OFF)
        else:
            self._did[name](argument)
        return True

    def _say(self, text: str, severity: SeverityLevel = "information") -> None:
        self._screen.notify(text, severity=severity, markup=False, timeout=4)

    # --- where -----------------------------------------------------------------------------------

    def _go(self) -> None:
        """To the pane, and from there back to the thread."""
        screen = self._screen
        if screen.open_id is None:
            self._say("Open a conversation first.")
        elif screen.place == "copilot":
            screen.go_to("thread")
        else:
            screen.remove_class("-no-contact")
            screen.go_to("copilot")

    def _with(self, suggestion_id: str, then: Callable[[Shown], object]) -> None:
        """The suggestion that was named, or the one under the cursor."""
        pane = self.pane
        shown = pane.find(suggestion_id) if suggestion_id else pane.chosen
        if shown is None:
            self._say(NOTHING)
        else:
            then(shown)

    # --- into the composer -----------------------------------------------------------------------

    def _put(self, suggestion_id: str, how: How) -> None:
        self._with(suggestion_id, lambda shown: self.put(shown, how))

    def put(self, shown: Shown, how: How) -> bool:
        """Put a suggestion into the reply; gives False where it takes a second key first."""
        if not self._may(shown) or not self.pane.arm(shown):
            return False
        self._insert(shown, how)
        return True

    def _may(self, shown: Shown) -> bool:
        """Whether it is for the conversation that is open; says so where it is not."""
        is_ours = shown.suggestion.moment.conversation_id == self._screen.open_id
        if not is_ours:
            self._say("That was for another conversation.")
        return is_ours

    def _insert(self, shown: Shown, how: How) -> None:
        screen, number = self._screen, shown.suggestion.moment.conversation_id
        composer = screen.composer
        if composer.private or composer.target != number:
            screen.aim(number, private=False)
        screen.go_to("thread")
        screen.set_focus(composer)
        before = composer.text
        composer.insert_text(self._placed(shown.suggestion.text, how))
        composer.select_unfilled()
        sources = shown.sources
        self._desk.put_in(Origin(number, shown.suggestion, sources, before, composer.text))
        self.pane.show()

    def _placed(self, text: str, how: How) -> str:
        """Let the cursor stand where the text goes; gives it with what parts it from others."""
        composer = self._screen.composer
        if how == "replace":
            composer.select_all()
            return text
        if how == "append":
            composer.move_cursor(composer.document.end)
            return f"\n{text}" if composer.text.strip() else text
        row, column = composer.selection.end
        before = composer.document.get_line(row)[:column]
        apart = " " if before.strip() and not before.endswith(" ") else ""
        return f"{apart}{text}"

    def _take(self) -> None:
        """The first suggestion into the reply, from anywhere; once more: the next instead."""
        shown = self.pane.newest.shown
        origin = self._desk.origin(self._screen.open_id)
        again = origin is not None and self._draft() == origin.after
        last = origin.suggestion.id if origin is not None and again else ""
        wanted = self.pane.armed or _behind(shown, last)
        if wanted is None:
            self._say("There is no other. The copilot's pane may show more." if again else NOTHING)
        elif self._may(wanted) and self.pane.arm(wanted):
            if again:
                self._screen.composer.undo()
            self._insert(wanted, "insert")

    def _draft(self) -> str:
        """What is written as a reply to the open conversation."""
        composer = self._screen.composer
        shown = composer.target == self._screen.open_id and not composer.private
        return composer.text if shown else ""

    # --- what else -------------------------------------------------------------------------------

    def _copy(self, shown: Shown) -> None:
        self._screen.app.copy_to_clipboard(shown.suggestion.text)
        self._say("Copied.")

    def _next(self) -> None:
        """What was thought of meanwhile, else others that fit less well, else the first again."""
        pane = self.pane
        if pane.advice.moment != pane.newest.moment or pane.advice.is_page:
            pane.show_newest()
            return
        number = self._screen.open_id
        if number is not None:
            begin_alone(self._screen, "copilot", self._more, number)

    async def _more(self, number: int) -> None:
        advice = await self._desk.more(number, FARTHEST)
        if advice is None or number != self._screen.open_id:
            return
        if advice.shown:
            self.pane.show_more(advice)
        else:
            self._say("There are no others.")

    def _mark(self, shown: Shown, mark: int) -> None:
        marks = self.pane.marks
        mark = 0 if marks.get(shown.id) == mark else mark
        marks[shown.id] = mark
        self._desk.mark(shown, mark)
        self.pane.show()

    def _dismiss(self, shown: Shown) -> None:
        number = self._screen.open_id
        if number is not None:
            self._desk.dismiss(number, shown.id)
            self.pane.show_newest()

    def _words(self) -> None:
        from revivatui.screens.copilot_learned import LearnedScreen

        self._screen.app.push_screen(LearnedScreen(self._session, self._desk))

    # --- what the composer tells -----------------------------------------------------------------

    def edited(self, conversation_id: int) -> None:
        """Something was typed: where a text comes from is told as long as any of it may stand."""
        pane = self.pane
        if self._session.copilot is None or conversation_id != self._screen.open_id:
            return
        if not self._draft().strip():
            self._desk.left(conversation_id)
        pane.disarm()
        pane.show_line()

    def sent(self, conversation_id: int, text: str) -> None:
        if self._session.copilot is not None:
            self._desk.sent(conversation_id, text)

    def took_ghost(self, conversation_id: int) -> None:
        """What was shown before it was typed was taken."""
        shown = self._ghost_of()
        if shown is not None and self._desk.origin(conversation_id) is None:
            text = self._draft()
            self._desk.put_in(Origin(conversation_id, shown.suggestion, shown.sources, "", text))

    def show_ghost(self) -> None:
        """Let the composer show how the reply could go on, where that is sure."""
        shown = self._ghost_of()
        self._screen.composer.offer_ghost(shown.suggestion.text if shown is not None else "")

    def _ghost_of(self) -> Shown | None:
        """The best suggestion, where it is sure, for this moment, and the customer waits."""
        if self._session.copilot is None or not self.pane.newest.asked:
            return None
        shown = next(iter(self.pane.newest.shown), None)
        if shown is None or self.pane.problems(shown) or "{{" in shown.suggestion.text:
            return None
        vouched = not self.pane.newest.abstained and shown.suggestion.score >= SURE
        return shown if shown.suggestion.lane == "record" or vouched else None


def _behind(shown: Sequence[Shown], last: str) -> Shown | None:
    """The one behind the one that was taken last, the first one behind the end; None where there
    is no other."""
    ids = [one.id for one in shown]
    if last not in ids:
        return shown[0] if shown else None
    return shown[(ids.index(last) + 1) % len(shown)] if len(shown) > 1 else None
