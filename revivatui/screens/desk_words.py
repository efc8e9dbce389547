"""What the bars say about the desk itself: the agent's absence, other texts for a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.commands import BY_ID
from revivatui.text.when import clock, duration
from revivatui.widgets.bars import my_availability
from revivatui.widgets.chip_bar import NEVER, Chip

if TYPE_CHECKING:
    from revivatui.screens.session import Session

Bar = tuple[list[Chip], list[Chip]]


def away_chips(session: Session) -> Bar:
    """That nobody touched the desk for long, and what others see; empty where somebody did."""
    state = session.state
    if state.away_since is None:
        return [], []
    word = my_availability(state)
    if word == "busy":
        since = clock(state.away_since, session.tz)
        return [Chip(f"You have been away since {since} and are busy", "muted", weight=NEVER)], []
    if word != "online":
        return [], []
    away = duration(session.clock() - state.away_since)
    key = session.keys.first(BY_ID["desk.availability"])
    return [Chip(f"You have been away {away}:", "muted", weight=NEVER)], [
        Chip("busy", "accent", "desk.availability", NEVER, lead=key)
    ]
