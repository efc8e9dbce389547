"""Keys are handled one after the other, each by what has the focus when its turn comes.

Textual forwards a key to the widget that has the focus when the key arrives, while the key before
it may still be on its way to the action that moves the focus: of `r`, `e` typed fast, or while
the desk was busy, the second would resolve the conversation instead of starting the reply.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

LONGEST_TURN = 0.25
"""Seconds after which the next key has its turn although this one was not seen through: its widget
went away with it."""


class KeyOrder:
    """Holds back what is typed until what was typed before has been acted on."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._early: list[events.Event] | None = None
        """What was typed and clicked before everything that it may mean is on screen."""
        self._called: events.Event | None = None
        """The one whose turn it is, on its way through the app's queue."""
        self._turn = 0
        self._busy = False
        self._patience: asyncio.TimerHandle | None = None

    def hold(self) -> None:
        """Keep keys and clicks until `release`: not everything is mounted yet."""
        self._early = []

    def release(self) -> None:
        """Everything is there: what was kept has its turn, in order."""
        early, self._early = self._early, None
        for event in early or ():
            self._app.post_message(event)

    def kept(self, event: events.Event) -> bool:
        """Whether the event comes too early; it comes again by itself then."""
        if self._early is None or not isinstance(event, (events.InputEvent, events.Paste)):
            return False
        if not event.is_forwarded:
            self._early.append(event)
        return True

    @staticmethod
    def concerns(event: events.Event) -> bool:
        return isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded

    def must_wait(self, event: events.Event) -> bool:
        """Whether something before it is still being handled; it comes again by itself then."""
        if event is self._called:
            self._called = None
            return False
        if self._busy or self._called is not None:
            self._waiting.append(event)
            return True
        return False

    def begin(self) -> None:
        """An event is delivered now."""
        self._busy = True
        self._turn += 1

    @property
    def waiting(self) -> list[events.Event]:
        """What was typed behind the event whose turn it is, in order."""
        return list(self._waiting)

    def drop(self, count: int) -> None:
        """The next ones of those waiting mean nothing."""
        for _ in range(count):
            self._waiting.popleft()

    def again(self, event: events.Event) -> None:
        """The event whose turn it was comes once more, before all that waits."""
        self._busy = False
        self._called = event
        self._app.post_message(event)

    def follow(self, target: DOMNode) -> None:
        """It was delivered to `target`: the next one has its turn when it has run its course."""
        turn = self._turn
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(LONGEST_TURN, self._end, turn)
        # Once behind the key itself, once behind the messages that it made.
        _walk(target, lambda: _walk(target, lambda: self._app.call_later(self._end, turn)))

    def _end(self, turn: int) -> None:
        if turn != self._turn or not self._busy:
            return
        self._busy = False
        if self._patience is not None:
            self._patience.cancel()
        if self._waiting:
            self._called = self._waiting.popleft()
            self._app.post_message(self._called)


def _walk(node: DOMNode, then: Callable[[], object]) -> None:
    """Pass through the queues of a node and its ancestors, as a key does; then call."""

    def arrived() -> None:
        parent = node.parent
        if parent is None:
            then()
        else:
            _walk(parent, then)

    node.call_later(arrived)
