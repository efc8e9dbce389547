"""Puts the watch over alerts between the desk's session and what its screens show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from revivatui.screens.alert_watch import AlertWatch

if TYPE_CHECKING:
    from textual.app import App

    from revivatui.config import Settings
    from revivatui.screens.session import Session
    from revivatui.screens.terminal_title import TerminalTitle


@runtime_checkable
class ShowsAlerts(Protocol):
    """A screen with a word of the alerts on it."""

    def alerts_changed(self) -> None:
        """Others are over their thresholds now."""


def watch_alerts(
    app: App[None],
    session: Session,
    settings: Settings,
    file_of: Callable[[int], Path] | None,
    alarm: Callable[[str], None],
    title: TerminalTitle,
) -> None:
    """Watch from now on: `session.alerts` is the watch. `file_of` gives the log of an agent,
    `alarm` tells the agent of what began."""

    def changed() -> None:
        title.count(len(session.loud_alerts))
        for screen in app.screen_stack:
            if isinstance(screen, ShowsAlerts):
                screen.alerts_changed()

    def say(words: str) -> None:
        app.notify(words, severity="warning", timeout=10, markup=False)

    watch = AlertWatch(session, file_of, changed, alarm, say, app._handle_exception)
    session.alerts = watch
    changed()  # what the desk before had is over
    watch.follow(settings)
