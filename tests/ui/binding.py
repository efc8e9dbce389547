"""Whatever moves: what is done lands on the conversation that was shown when the key went down.

    python -m tests.ui.binding --steps 10000 --seed 1

A hypothesis state machine works the real inbox screen: news in any order, late answers, panes,
dialogs left open, resizes, keys and clicks. Before each key it notes what the screen has painted;
afterwards every intent must be for exactly that conversation.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test, rule
from textual import events as input_events
from textual.pilot import Pilot

from revivatui.screens.inbox import InboxScreen
from tests.ui.binding_eyes import Eyes, Sight
from tests.ui.binding_world import NUMBERS, Intent, NotingEngine, TriedApp

SIZES: Final = ((80, 24), (120, 30), (200, 50))
LONG_RUN: Final = 10_000
STEPS_EACH: Final = 50
"""Steps of one walk; then a new desk starts."""

FEWEST_WALKS: Final = 8
"""The first walk from a seed is always the plainest one."""

COMMAND_KEYS: Final = tuple("aAetlzspmMuUrnxow123")
MOVES: Final = ("j", "k", "down", "up", "home", "end", "tab", "shift+tab", "escape", "f2", "enter")
WRITES: Final = ("f3", "f4", "f7", "f8", "ctrl+j", "slash", "h", "i", "space", "enter", "enter")
CHOICES: Final = (
    "down",
    "enter",
    "enter",
    "down",
    "up",
    "space",
    "escape",
    "r",
    "e",
    "n",
    "o",
    "2",
)
KEYS: Final = {
    "list": (*MOVES, *COMMAND_KEYS),
    "thread": (*MOVES, *COMMAND_KEYS, "f7", "f8", "e", "r"),
    "contact": (*MOVES, *COMMAND_KEYS),
    "composer": ("h", *WRITES, "tab", "escape", "f2"),
    "dialog": CHOICES,
    "sends": ("down", "up", "r", "e", "enter", "escape", "escape"),
    "find": ("h", "enter", "escape", "escape"),
    "other": ("escape",),
    "": (*MOVES, *COMMAND_KEYS, *WRITES),
}
STRIDE: Final = 11
QUIET_TURNS: Final = 12
"""Turns of the loop without anything on its way after which nothing more will come."""
BURSTS: Final = (("j", "e"), ("j", "m"), ("k", "A"), ("enter", "m"), ("enter", "r", "h", "enter"),
                 ("r", "h", "i", "enter"), ("n", "h", "enter"), ("enter", "e"))  # fmt: skip
"""Keys typed faster than the screen can follow: each belongs to what the one before it chose."""
QUESTIONS: Final = tuple("laltzspp")
ANSWERS: Final = (("space", "enter"), ("down", "space", "enter"), ("enter",), ("down", "enter"),
                  ("down", "down", "enter"))  # fmt: skip

TRIED: Counter[str] = Counter()
"""What was asked of the engine in all walks so far, by kind; "steps" counts the steps."""

numbers = st.sampled_from(NUMBERS)
moments = st.sampled_from(("unflushed", "unpainted", "painted"))
"""How far news has come when the next key goes down: known, in the widgets, on the screen."""


class Misdirected(AssertionError):
    """Something landed on another conversation than the one that was shown."""


class Binding(RuleBasedStateMachine):
    """One agent at one desk; `broken` of a subclass swaps in a target that is wrong."""

    broken: Callable[[Binding], None] | None = None

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._exits = ExitStack()
        folder = self._exits.enter_context(tempfile.TemporaryDirectory())
        random.seed(1)
        self.app = TriedApp(Path(folder))
        self._test = self.app.run_test(size=SIZES[1])
        self.pilot: Pilot[Any] = self._run(self._test.__aenter__())
        self._run(self._complete())
        (inbox,) = [one for one in self.app.screen_stack if isinstance(one, InboxScreen)]
        self.inbox: InboxScreen = inbox
        self._now = 0.0
        self._pressed_so_far = 0
        self.inbox.list.hand.clock = lambda: self._now
        self.engine = NotingEngine(self.app)
        self.shop = self.engine.shop
        self.eyes = Eyes(self.app)
        if self.broken is not None:
            self.broken(self)
        self._pending: list[Callable[[], None]] = []

    def teardown(self) -> None:
        self._run(self._test.__aexit__(None, None, None))
        self._runner.close()
        self._exits.close()

    # --- the loop -----------------------------------------------------------------------------

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    async def _complete(self) -> None:
        """Until the desk has everything mounted that its first frame did not wait for."""
        async with asyncio.timeout(60):
            while self.app._key_order._early is not None:
                await self.pilot.pause(0.01)
        await self._settle()

    async def _settle(self) -> None:
        """Until everything typed was acted on and everything known was painted."""
        quiet = 0
        async with asyncio.timeout(60):
            while quiet < QUIET_TURNS:
                await asyncio.sleep(0)
                quiet = 0 if self._is_busy() else quiet + 1
                if quiet == QUIET_TURNS // 2:
                    self.app.screen._on_timer_update()

    def _is_busy(self) -> bool:
        """Something is on its way between widgets, or known and not shown."""
        session, order = self.app.session, self.app._key_order
        if session is not None and session.store._dirty:
            session.store.flush()
            return True
        if order._busy or order._waiting or order._called is not None:
            return True
        return any(not one._message_queue.empty() for one in (self.app, *self.app._registry))

    def _key_down(self, key: str) -> None:
        name = input_events  # the same event that a terminal's driver would make
        character = {"space": " ", "slash": "/"}.get(key, key if len(key) == 1 else None)
        if character is not None:
            assert unicodedata.name(character)
        event = name.Key(key, character)
        event.set_sender(self.app)
        self.app.post_message(event)

    def _mouse(self, x: int, y: int) -> None:
        for kind in (input_events.MouseDown, input_events.MouseUp):
            self.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))

    # --- news ---------------------------------------------------------------------------------

    def _news(self, happens: Callable[[], None], moment: str) -> None:
        """It happens now, or while the next key is on its way."""
        TRIED["steps"] += 1
        if moment == "painted":
            happens()
            self._run(self._settle())
        elif moment == "unpainted":
            self._pending += [happens, self.shop.store.flush]
        else:
            self._pending.append(happens)

    def _let_it_happen(self) -> bool:
        happened = bool(self._pending)
        for one in self._pending:
            one()
        self._pending.clear()
        return happened

    @rule(number=numbers, who=st.sampled_from(("customer", "colleague")), moment=moments)
    def somebody_writes(self, number: int, who: str, moment: str) -> None:
        self._news(lambda: self.shop.somebody_writes(number, who), moment)

    @rule(
        number=numbers, moment=moments,
        fields=st.sampled_from((
            {"status": "resolved"}, {"status": "open"}, {"assignee_id": 2}, {"assignee_id": 1},
            {"assignee_id": None}, {"priority": "high"}, {"unread_count": 0},
        )),
    )  # fmt: skip
    def somebody_changes(self, number: int, fields: dict[str, Any], moment: str) -> None:
        self._news(lambda: self.shop.somebody_changes(number, **fields), moment)

    @rule(moment=moments)
    def the_row_under_the_cursor_leaves(self, moment: str) -> None:
        number = self.eyes.look().whom
        if number is not None:
            self._news(lambda: self.shop.somebody_changes(number, status="resolved"), moment)

    @rule(number=numbers, back=st.booleans(), moment=moments)
    def conversations_vanish_and_come_back(self, number: int, back: bool, moment: str) -> None:
        act = self.shop.comes_back if back else self.shop.vanishes
        self._news(lambda: act(number), moment)

    @rule(place=st.integers(0, 7), moment=moments)
    def an_answer_comes_late(self, place: int, moment: str) -> None:
        self._news(lambda: self.shop.deliver(place), moment)

    @rule(some=st.integers(0, 30), moment=moments)
    def counts_come(self, some: int, moment: str) -> None:
        self._news(lambda: self.shop.counts(some), moment)

    @rule(number=numbers, on=st.booleans(), moment=moments)
    def somebody_types(self, number: int, on: bool, moment: str) -> None:
        self._news(lambda: self.shop.somebody_types(number, on), moment)

    @rule(state=st.sampled_from(("live", "live", "offline", "late")), moment=moments)
    def the_connection_changes(self, state: str, moment: str) -> None:
        self._news(lambda: self.shop.link(state), moment)

    # --- the agent ----------------------------------------------------------------------------

    @rule(size=st.sampled_from(SIZES))
    def the_terminal_is_resized(self, size: tuple[int, int]) -> None:
        TRIED["steps"] += 1
        self._run(self.pilot.resize_terminal(*size))
        self._run(self.pilot.pause(0.05))  # panes come and go with the screen's own timer
        self._run(self._settle())

    @rule(away=st.booleans())
    def the_terminal_loses_and_gets_the_focus(self, away: bool) -> None:
        TRIED["steps"] += 1
        self.app.post_message(input_events.AppBlur() if away else input_events.AppFocus())
        self._run(self._settle())

    @rule(seconds=st.sampled_from((0.2, 2.0)))
    def time_passes(self, seconds: float) -> None:
        TRIED["steps"] += 1
        self._now += seconds

    @rule(data=st.data())
    def a_key_is_pressed(self, data: st.DataObject) -> None:
        self._press(data)

    @rule(data=st.data())
    def another_key_is_pressed(self, data: st.DataObject) -> None:
        self._press(data)

    @rule(data=st.data())
    def one_more_key_is_pressed(self, data: st.DataObject) -> None:
        self._press(data)

    def _press(self, data: st.DataObject) -> None:
        TRIED["steps"] += 1
        sight = self.eyes.look()
        keys = KEYS[sight.place]
        # The plainest walks draw zeros only: they press one key after the other.
        drawn = data.draw(st.integers(0, 1000))
        key = keys[(drawn + STRIDE * self._pressed_so_far) % len(keys)]
        self._pressed_so_far += 1
        self._key(key, sight)

    def _key(self, key: str, sight: Sight) -> None:
        note(f"# {key!r} at {sight.place or 'no pane'}")
        whom = self._meant(key, sight)
        self._run(self._pressed(key))
        self._check(key, sight, whom)

    def _keys_while_at(self, keys: tuple[str, ...], *places: str) -> None:
        """Keys one after the other, for as long as they go to one of these places."""
        TRIED["steps"] += 1
        for key in keys:
            sight = self.eyes.look()
            if sight.place not in places:
                return
            self._key(key, sight)

    @rule(key=st.sampled_from(QUESTIONS))
    def a_question_is_asked(self, key: str) -> None:
        self._keys_while_at((key,), "list", "thread")

    @rule(keys=st.sampled_from(ANSWERS))
    def a_question_is_answered(self, keys: tuple[str, ...]) -> None:
        self._keys_while_at(keys, "dialog")

    @rule(key=st.sampled_from(QUESTIONS), keys=st.sampled_from(ANSWERS))
    def a_question_is_asked_and_answered(self, key: str, keys: tuple[str, ...]) -> None:
        self._keys_while_at((key,), "list", "thread")
        self._keys_while_at(keys, "dialog")

    @rule(key=st.sampled_from("rn"))
    def something_is_written_and_sent(self, key: str) -> None:
        self._keys_while_at((key,), "list", "thread")
        self._keys_while_at(("h", "enter"), "composer")

    async def _pressed(self, *keys: str) -> None:
        self._let_it_happen()
        for key in keys:
            self._key_down(key)
        await self._settle()

    @staticmethod
    def _meant(key: str, sight: Sight) -> set[int | None]:
        if key in ("f7", "f8") and sight.place not in ("dialog", "sends", "other", "find"):
            return {sight.bar, sight.thread}
        return {sight.whom}

    @rule(keys=st.sampled_from(BURSTS))
    def keys_are_typed_at_once(self, keys: tuple[str, ...]) -> None:
        TRIED["steps"] += 1
        self._let_it_happen()
        self._run(self._settle())
        sight = self.eyes.look()
        if sight.place != "list" or sight.whom not in sight.rows:
            return
        assert sight.whom is not None
        whom: int | None = sight.whom
        place = sight.rows.index(sight.whom) + {"j": 1, "k": -1}.get(keys[0], 0)
        if keys[0] in "jk":
            if not 0 <= place < len(sight.rows):
                return
            whom = sight.rows[place]
        self._run(self._pressed(*keys))
        self._check("".join(keys), sight, {whom})

    @rule(place=st.integers(0, 40), column=st.integers(3, 30))
    def a_row_is_clicked(self, place: int, column: int) -> None:
        TRIED["steps"] += 1
        if self.app.screen is not self.inbox or not self.inbox.list.region.height:
            return
        sight = self.eyes.look()
        y = place % self.inbox.list.region.height
        whom = self.eyes.row_at(y)
        region = self.inbox.list.region
        self._run(self._clicked(region.x + column, region.y + y))
        self._check("click on a row", sight, {whom})

    @rule(place=st.integers(0, 40))
    def a_word_over_the_thread_is_clicked(self, place: int) -> None:
        bars = (self.inbox.side.actions, self.inbox.side.title_bar)
        self._click_on(bars[place % 2], place // 2, lambda sight: {sight.thread})

    @rule(place=st.integers(0, 40))
    def a_word_at_the_bottom_is_clicked(self, place: int) -> None:
        bars = (self.inbox.key_bar, self.inbox.held, self.inbox.side.composer_bar)
        whom: Callable[[Sight], set[int | None]] = lambda sight: {sight.whom}  # noqa: E731
        if place % 3 == 1:
            whom = lambda sight: {sight.bar, sight.thread}  # noqa: E731
        elif place % 3 == 2:
            whom = lambda sight: {sight.thread}  # noqa: E731
        self._click_on(bars[place % 3], place // 3, whom)

    def _click_on(self, bar: Any, place: int, whom: Callable[[Sight], set[int | None]]) -> None:
        TRIED["steps"] += 1
        if self.app.screen is not self.inbox or not bar.region.height:
            return
        column, spots = 0, []
        for piece in bar._line():
            if piece.command and piece.command not in NEVER_CLICKED:
                spots.append((column, piece.command))
            column += len(piece.text)
        if spots:
            at, command = spots[place % len(spots)]
            sight = self.eyes.look()
            self._run(self._clicked(bar.region.x + at, bar.region.y))
            self._check(f"click on {command}", sight, whom(sight))

    async def _clicked(self, x: int, y: int) -> None:
        self._let_it_happen()
        self._mouse(x, y)
        await self._settle()

    # --- what came of it ----------------------------------------------------------------------

    def _check(self, what: str, sight: Sight, whom: set[int | None]) -> None:
        asked, self.engine.asked = self.engine.asked, []
        wrong = [one for one in asked if one.conversation_id not in whom]
        for one in asked:
            TRIED[one.kind] += 1
        if wrong:
            self._misdirected(what, sight, whom, wrong)
        now = self.eyes.look()
        opened = now.place == "dialog" and sight.place != "dialog"
        if opened and now.title is not None and now.title not in whom:
            self._misdirected(what, sight, whom, [Intent("dialog", now.title)])
        TRIED["dialog"] += opened

    def _misdirected(
        self, what: str, sight: Sight, whom: set[int | None], wrong: list[Intent]
    ) -> None:
        raise Misdirected(f"{what} at {sight}: meant {whom}, did {wrong}")


NEVER_CLICKED: Final = ("desk.palette", "desk.help", "desk.sign_in", "desk.settings", "desk.quit")


def walk(machine: type[Binding], steps: int, number: int, *, shrink: bool = False) -> int:
    """Walk at random from a seed until so many steps were made; gives how many were.

    Raises what the first wrong step raised.
    """
    begun = TRIED["steps"]
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    turn = 0
    while (left := steps - (TRIED["steps"] - begun)) > 0:
        how = settings(
            max_examples=max(FEWEST_WALKS, left // STEPS_EACH), stateful_step_count=STEPS_EACH,
            deadline=None, database=None, phases=phases, print_blob=False,
            verbosity=Verbosity.quiet if not shrink else Verbosity.normal,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        test = get_state_machine_test(machine, settings=how)
        seed(number * 1000 + turn)(test)()
        turn += 1
    return TRIED["steps"] - begun


def long_run(steps: int, number: int) -> bool:
    """Walk, and print how it went; False where something was misdirected."""
    started = time.monotonic()
    try:
        made = walk(Binding, steps, number, shrink=True)
    except Exception:
        traceback.print_exc()
        print(f"binding: seed {number}: violated, the fewest steps to it are above", flush=True)
        return False
    took = time.monotonic() - started
    print(f"binding: seed {number}, {made} steps, violations 0, {took:.0f} s")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(TRIED.items())), flush=True)
    return True


def main() -> int:
    given = argparse.ArgumentParser(prog="python -m tests.ui.binding", description=__doc__)
    given.add_argument("--steps", type=int, default=LONG_RUN)
    given.add_argument("--seed", type=int, default=1)
    asked = given.parse_args()
    return 0 if long_run(asked.steps, asked.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
