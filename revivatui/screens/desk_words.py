"""What the bars say about the desk itself: the agent's absence, other texts for a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.commands import BY_ID
from revivatui.state.offers import offers
from revivatui.text.when import clock, duration
from revivatui.widgets.bars import my_availability
from revivatui.widgets.chip_bar import NEVER, Chip

if TYPE_CHECKING:
    from revivatui.screens.session import Session
    from revivatui.state.offers import Offer

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


def offer_chips(session: Session, conversation_id: int | None, private: bool) -> Bar:
    """Another text for what is being written; empty where there is none."""
    found = offers(session.state, conversation_id, private)
    if not found:
        return [], []
    first = found[0]
    left = [Chip(f"{_where(first)}: {' '.join(first.text.split())}", "accent", weight=NEVER)]
    if len(found) > 1:
        left.append(Chip(f"and {len(found) - 1} more", "muted", weight=30))
    take, decline = (session.keys.first(BY_ID[one]) for one in ("draft.take", "draft.decline"))
    return left, [
        Chip("takes it", "accent", "draft.take", NEVER, lead=take),
        Chip("not this", "button", "draft.decline", 50, lead=decline),
    ]


def _where(offer: Offer) -> str:
    if offer.other is None:
        return "A draft is kept at the server"
    return "Another window holds" if offer.other.open else "Kept from before"
