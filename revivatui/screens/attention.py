"""Who sits at the terminal: whether they look, whether they went away, and the bell for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from textual.app import App

    from revivatui.config import Settings
    from revivatui.engine.engine import Engine
    from revivatui.state.bell import Ring

TOLD_FOR = 6.0
"""Seconds that the words beside a bell stay."""


class Attention:
    """Between the terminal and the engine: input, focus, bell. Nothing in it ticks."""

    def __init__(
        self,
        app: App[None],
        settings: Settings,
        engine: Callable[[], Engine | None],
        clock: Callable[[], float],
    ) -> None:
        """`engine` gives the engine once there is one, `clock` epoch seconds."""
        self._app = app
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._touched_at = 0.0
        """When the last key was pressed, by the loop's clock."""
        self._away = False
        self._due: asyncio.TimerHandle | None = None

    # --- wishes -------------------------------------------------------------------------------

    def serve(self, engine: Engine, tz: tzinfo | None) -> None:
        """Let an engine ring here, by what the settings say."""
        from revivatui.state.bell import Rules
        from revivatui.state.quiet import parse

        settings = self._settings
        vip = frozenset(one.casefold() for one in settings.notify_vip)
        engine.rings = self.ring
        engine.ring_by(Rules(settings.notify_rule, vip, parse(settings.notify_quiet)), tz)
        engine.present_by(settings.idle == "busy", settings.offline_on_exit)
        self._wait()

    def follow(self, settings: Settings, tz: tzinfo | None) -> None:
        """The settings are others now."""
        self._settings = settings
        engine = self._engine()
        if engine is not None:
            self.serve(engine, tz)

    # --- input and focus ----------------------------------------------------------------------

    def touched(self, event: events.Event) -> None:
        """Called with everything that reaches the program; keys, paste and mouse count."""
        if isinstance(event, (events.InputEvent, events.Paste)) and not event.is_forwarded:
            self._touched_at = asyncio.get_running_loop().time()
            engine = self._engine()
            if self._away and engine is not None:
                self._away = False
                engine.back()
                self._wait()

    def look(self, looking: bool) -> None:
        engine = self._engine()
        if engine is not None:
            engine.look(looking)

    def _wait(self) -> None:
        """Look again when the agent would count as away if no key came until then."""
        self.close()
        minutes = self._settings.idle_minutes
        if minutes and not self._away:
            loop = asyncio.get_running_loop()
            self._touched_at = self._touched_at or loop.time()
            self._due = loop.call_at(self._touched_at + minutes * 60.0, self._check)

    def _check(self) -> None:
        self._due = None
        engine = self._engine()
        passed = asyncio.get_running_loop().time() - self._touched_at
        if engine is None or passed < self._settings.idle_minutes * 60.0:
            self._wait()
            return
        self._away = True
        engine.away(self._clock() - passed)

    def close(self) -> None:
        """Nothing is looked at any more."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    # --- the bell -----------------------------------------------------------------------------

    def ring(self, rings: Sequence[Ring]) -> None:
        from revivatui.state.bell import joined

        self._app.bell()
        self._app.notify(joined(rings), timeout=TOLD_FOR, markup=False)

    def alarm(self, words: str) -> None:
        """An alert began."""
        self._app.bell()
        self._app.notify(words, title="Alert", severity="warning", timeout=TOLD_FOR, markup=False)
