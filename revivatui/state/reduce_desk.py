"""Who sits at the desk, what of the notifications was read, and other texts for a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from revivatui.state import events_desk as events
from revivatui.state import topics
from revivatui.state.reduce_messages import make_room

if TYPE_CHECKING:
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

DECLINED_KEPT: Final = 8
"""Texts not wanted that are remembered of one conversation."""


def look_changed(state: State, event: events.LookChanged) -> set[Topic]:
    if event.looking == state.looking:
        return set()
    state.looking = event.looking
    return {topics.AWAY}


def hung_up(state: State, event: events.HungUp) -> set[Topic]:
    """Threads that nobody reads are let go; they are the cache's."""
    state.hung_up = event.on
    make_room(state)
    return set()


def standings_recalled(state: State, event: events.StandingsRecalled) -> set[Topic]:
    """Since when everybody is what they are, from before this desk was opened."""
    if state.floor is None:
        return set()
    state.floor.recall(event.standings)
    return {topics.PRESENCE}


def agent_away(state: State, event: events.AgentAway) -> set[Topic]:
    if event.since == state.away_since:
        return set()
    state.away_since = event.since
    return {topics.AWAY}


def notifications_read(state: State, event: events.NotificationsRead) -> set[Topic]:
    """Our own act: the server's count follows when it is asked."""
    held = state.notifications
    wanted = list(held) if event.ids is None else [one for one in event.ids if one in held]
    unread = [one for one in wanted if held[one].read_at is None]
    for one in unread:
        held[one] = replace(held[one], read_at=event.at)
    told = state.notifications_unread
    state.notifications_unread = 0 if event.ids is None else max(0, told - len(unread))
    return {topics.NOTIFICATIONS} if unread or told != state.notifications_unread else set()


def other_drafts_seen(state: State, event: events.OtherDraftsSeen) -> set[Topic]:
    if state.other_drafts.get(event.conversation_id, ()) == event.drafts:
        return set()
    if event.drafts:
        state.other_drafts[event.conversation_id] = event.drafts
    else:
        del state.other_drafts[event.conversation_id]
    return {topics.DRAFTS}


def server_draft_seen(state: State, event: events.ServerDraftSeen) -> set[Topic]:
    if state.server_drafts.get(event.conversation_id, "") == event.text:
        return set()
    if event.text:
        state.server_drafts[event.conversation_id] = event.text
    else:
        del state.server_drafts[event.conversation_id]
    return {topics.DRAFTS}


def offer_declined(state: State, event: events.OfferDeclined) -> set[Topic]:
    held = state.declined.get(event.conversation_id, frozenset())
    if len(held) >= DECLINED_KEPT:
        held = frozenset()
    state.declined[event.conversation_id] = held | {event.text}
    return {topics.DRAFTS}


def forget(state: State, gone: set[int]) -> None:
    """Nothing of these conversations is held here any more."""
    for conversation_id in gone:
        state.other_drafts.pop(conversation_id, None)
        state.server_drafts.pop(conversation_id, None)
        state.declined.pop(conversation_id, None)
    for told in [one for one in state.notifications.values() if one.conversation_id in gone]:
        del state.notifications[told.id]


HANDLERS: Final[dict[type, Callable[[State, Any], set[Topic]]]] = {
    events.LookChanged: look_changed,
    events.HungUp: hung_up,
    events.AgentAway: agent_away,
    events.StandingsRecalled: standings_recalled,
    events.NotificationsRead: notifications_read,
    events.OtherDraftsSeen: other_drafts_seen,
    events.ServerDraftSeen: server_draft_seen,
    events.OfferDeclined: offer_declined,
}
