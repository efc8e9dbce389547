"""The one place where the state changes: an event in, the topics that it touched out.

Every handler is free of IO, does nothing the second time, and gives the same end whatever the
order of what the server says (after the re-reads that `State.doubts` and `.unknown` ask for).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from revivatui.state import (
    events,
    events_search,
    reduce_conversations,
    reduce_desk,
    reduce_lists,
    reduce_messages,
    reduce_own,
    reduce_people,
    reduce_searching,
    reduce_sends,
    reduce_session,
)

if TYPE_CHECKING:
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

_HANDLERS: Final[dict[type, Callable[[State, Any], set[Topic]]]] = {
    events.LinkChanged: reduce_session.link_changed,
    events.LagMeasured: reduce_session.lag_measured,
    events.SignedIn: reduce_session.signed_in,
    events.AgentsLoaded: reduce_session.agents_loaded,
    events.InboxesLoaded: reduce_session.inboxes_loaded,
    events.TeamsLoaded: reduce_session.teams_loaded,
    events.LabelsLoaded: reduce_session.labels_loaded,
    events.CannedLoaded: reduce_session.canned_loaded,
    events.CacheKeysSeen: reduce_session.cache_keys,
    events.ConversationsLoaded: reduce_lists.pages_loaded,
    events.ThreadsSealed: reduce_messages.threads_sealed,
    events.Healed: reduce_session.healed,
    events.CountsLoaded: reduce_lists.counts_loaded,
    events.ConversationsRead: reduce_conversations.read,
    events.ConversationPushed: reduce_conversations.pushed,
    events.ConversationGone: reduce_conversations.gone,
    events.MessagesLoaded: reduce_messages.loaded,
    events.ThreadCached: reduce_messages.cached,
    events.ThreadReached: reduce_messages.reached,
    events_search.MessageSought: reduce_searching.sought,
    events.MessageArrived: reduce_messages.arrived,
    events.MessageUpdated: reduce_messages.updated,
    events.TypingChanged: reduce_people.typing,
    events.PresenceSeen: reduce_people.presence,
    events.ContactSeen: reduce_conversations.contact_seen,
    events.ContactDeleted: reduce_conversations.contact_deleted,
    events.ContactForgotten: reduce_searching.contact_forgotten,
    events.NotificationsLoaded: reduce_people.notifications_loaded,
    events.NotificationSeen: reduce_people.notification_seen,
    events.NotificationGone: reduce_people.notification_gone,
    events.SendChanged: reduce_messages.send_changed,
    events.SendForgotten: reduce_sends.send_forgotten,
    events.ChangeMoved: reduce_own.change_moved,
    events.DraftChanged: reduce_own.draft_changed,
    events.ViewChosen: reduce_lists.view_chosen,
    events.ConversationOpened: reduce_own.opened,
    events.MinutePassed: reduce_session.minute_passed,
    events_search.SearchStarted: reduce_searching.started,
    events_search.SearchFound: reduce_searching.found,
    events_search.SearchFailed: reduce_searching.failed,
    events.CacheLoaded: reduce_session.cache_loaded,
    events.CacheFilled: reduce_session.cache_filled,
    events.OddFrame: reduce_session.odd_frame,
    **reduce_desk.HANDLERS,
}


def apply(state: State, event: events.Event) -> set[Topic]:
    """Apply one event; gives what may have to be painted again."""
    state.sequence += 1
    at = getattr(event, "at", None)
    if at is not None and at > state.now:
        state.now = at
    return _HANDLERS[type(event)](state, event)
