"""Puts the copilot between the desk's session and what its screens show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from revivatui.screens.copilot_desk import CopilotDesk
from revivatui.screens.copilot_thinker import Thinker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from textual.app import App

    from revivatui.cache.store import Cache
    from revivatui.screens.session import Session

AFTER: Final = 1.0
"""Seconds from the first frame until the shop's texts are read: the CRM comes before them."""


@runtime_checkable
class ShowsSuggestions(Protocol):
    """A screen with suggestions on it."""

    def copilot_changed(self) -> None:
        """Something else is suggested now."""


def suggest(
    app: App[None],
    session: Session,
    cache: Callable[[], Cache | None],
    learned: Path | None,
    shop: Mapping[str, Any],
) -> None:
    """Suggest replies from now on: `session.copilot` does it.

    `cache` gives what is kept of resolved conversations; `learned` is the file of what is learned
    from the agents' choices, None for nothing that outlives the desk; `shop` are its facts as the
    settings have them.
    """

    def changed() -> None:
        for screen in app.screen_stack:
            if isinstance(screen, ShowsSuggestions):
                screen.copilot_changed()

    thinker = Thinker(cache, learned, shop, lambda: session.crm.house.locations)
    desk = CopilotDesk(session, thinker, app._handle_exception)
    desk.subscribe(changed)
    session.copilot = desk
    desk.start(AFTER)
    changed()
