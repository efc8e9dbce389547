"""Puts the copilot between the desk's session and what its screens show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from revivatui.screens.copilot_asking import Asker
from revivatui.screens.copilot_desk import CopilotDesk
from revivatui.screens.copilot_thinker import Thinker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from textual.app import App

    from revivatui.cache.store import Cache
    from revivatui.copilot.model import Model, ModelSettings
    from revivatui.screens.session import Session


class Shop(NamedTuple):
    """What is the shop's own."""

    facts: Mapping[str, Any]
    """As the settings have them."""
    settings: Path
    """Their file, beside which the shop's own words may lie."""
    learned: Path | None
    """The file of what is learned from the agents' choices; None: nothing outlives the desk."""
    model: tuple[ModelSettings, Callable[[], Model]] | None = None
    """Which model the settings name, with what opens it; None: there is none."""
    minilm: Path | None = None
    """Where the weights of MiniLM are, where somebody put them."""


@runtime_checkable
class ShowsSuggestions(Protocol):
    """A screen with suggestions on it."""

    def copilot_changed(self) -> None:
        """Something else is suggested now."""


def suggest(
    app: App[None], session: Session, cache: Callable[[], Cache | None], shop: Shop
) -> None:
    """Suggest replies from now on: `session.copilot` does it. `cache` gives what is kept of
    resolved conversations."""

    def changed() -> None:
        for screen in app.screen_stack:
            if isinstance(screen, ShowsSuggestions):
                screen.copilot_changed()

    thinker = Thinker(
        cache,
        shop.learned,
        shop.facts,
        lambda: session.crm.house.locations,
        shop.settings,
        shop.minilm,
    )
    asker = Asker(thinker, *(shop.model or (None, _no_model)))
    desk = CopilotDesk(session, thinker, asker, app._handle_exception)
    desk.texts.say = lambda words: app.notify(words, severity="warning", timeout=10, markup=False)
    desk.painted = app.call_after_refresh
    desk.subscribe(changed)
    session.copilot = desk
    desk.start()
    changed()


def _no_model() -> Model:
    from revivatui.copilot.model import NoModel

    raise NoModel("The settings name no model.")
