"""The account and its lists, the connection, the minute, and what the cache kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.state import journal, topics, versions
from revivatui.state.hold import interned, put_contact, put_conversation
from revivatui.state.order import END, sort_key
from revivatui.state.reduce_lists import index_for
from revivatui.state.reduce_own import settle_old_changes
from revivatui.state.reduce_people import end_typing
from revivatui.state.reduce_sends import forget_sent
from revivatui.state.state import ViewPages

if TYPE_CHECKING:
    from revivatui.state import events
    from revivatui.state.models import Contact, Conversation
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

LISTS: Final = {"inbox": "inboxes", "label": "labels", "team": "teams"}
"""Cache key -> the name of its list in `State.stale_lists`."""

FINDINGS_KEPT: Final = 50

AWAY: Final = ("offline", "connecting", "refused")
"""States of the link in which nobody answers."""

FOLLOWING: Final = ("live", "late")
"""States of the link in which the feed is applied as it comes."""


# --- the account -----------------------------------------------------------------------------


def signed_in(state: State, event: events.SignedIn) -> set[Topic]:
    before = state.me
    state.account, state.me, state.version = event.account, event.me, event.version
    if before is None or before.id != event.me.id:  # "mine" means somebody else now
        state.indexes.clear()
        index_for(state, state.view)
        return {topics.ACCOUNT, topics.ORDER}
    if before.availability != event.me.availability and state.presence_at is not None:
        # The feed's map comes with its own tick, up to ten seconds later.
        state.presence = {**state.presence, event.me.id: event.me.availability}
        return {topics.ACCOUNT, topics.PRESENCE}
    return {topics.ACCOUNT}


def agents_loaded(state: State, event: events.AgentsLoaded) -> set[Topic]:
    state.agents = {agent.id: agent for agent in event.agents}
    return {topics.ACCOUNT, topics.PRESENCE}


def inboxes_loaded(state: State, event: events.InboxesLoaded) -> set[Topic]:
    state.inboxes = {inbox.id: inbox for inbox in event.inboxes}
    _fetched(state, "inboxes", event.asked)
    return {topics.ACCOUNT}


def teams_loaded(state: State, event: events.TeamsLoaded) -> set[Topic]:
    state.teams = {team.id: team for team in event.teams}
    _fetched(state, "teams", event.asked)
    return {topics.ACCOUNT}


def labels_loaded(state: State, event: events.LabelsLoaded) -> set[Topic]:
    state.labels = {label.title: label for label in event.labels}
    _fetched(state, "labels", event.asked)
    return {topics.ACCOUNT}


def canned_loaded(state: State, event: events.CannedLoaded) -> set[Topic]:
    state.canned = sorted(event.canned, key=lambda one: one.short_code)
    return {topics.ACCOUNT}


def _fetched(state: State, name: str, asked: int | None) -> None:
    stale = state.stale_lists.get(name)
    if stale is not None and (asked is None or not versions.asked_too_early(stale, asked)):
        del state.stale_lists[name]


def cache_keys(state: State, event: events.CacheKeysSeen) -> set[Topic]:
    """Refetch what changed, and what names the present second: several changes within it share
    one key (rule 14). The newest of the keys names it."""
    newest = max((_seconds(key) for key in event.keys.values()), default=0)
    stale = [
        LISTS.get(name, name)
        for name, key in event.keys.items()
        if state.cache_keys.get(name) != key or _seconds(key) == newest
    ]
    state.cache_keys = {**state.cache_keys, **event.keys}
    for name in stale:
        state.stale_lists[name] = state.sequence
    return {topics.REREAD} if stale else set()


def _seconds(key: str) -> int:
    digits = key[:10]
    return int(digits) if digits.isdecimal() else 0


# --- the connection --------------------------------------------------------------------------


def link_changed(state: State, event: events.LinkChanged) -> set[Topic]:
    """A subscription that was confirmed anew begins an epoch: what was held before it may have
    missed events (observed 2.3)."""
    held = state.link.state
    begins = event.state == "catching_up" and held != "catching_up"
    if begins or (event.state == "live" and held not in (*FOLLOWING, "catching_up")):
        state.epoch += 1
    if event.state in AWAY and held in AWAY and state.link.at:  # since the first word of it
        event = replace(event, at=state.link.at)
    if event.state in (*FOLLOWING, "catching_up"):
        state.offline_since = None
    elif event.state == "offline" and state.offline_since is None:
        state.offline_since = event.at
    state.link = event
    return {topics.LINK, topics.VIEW}


def lag_measured(state: State, event: events.LagMeasured) -> set[Topic]:
    if event.seconds == state.lag:
        return set()
    state.lag = event.seconds
    return {topics.LINK}


def healed(state: State, event: events.Healed) -> set[Topic]:
    state.healed = (*event.findings, *state.healed)[:FINDINGS_KEPT]
    return {topics.LINK}


def minute_passed(state: State, event: events.MinutePassed) -> set[Topic]:
    """What ends by itself: typing, proven sends, changes that nobody confirmed."""
    dirty: set[Topic] = {topics.MINUTE}
    dirty |= end_typing(state, event.at)
    forget_sent(state)
    settle_old_changes(state, state.minute_at, dirty)
    state.minute_at = state.sequence
    return dirty


def odd_frame(state: State, event: events.OddFrame) -> set[Topic]:
    state.odd[event.name] = state.odd.get(event.name, 0) + 1
    return {topics.ODD}


# --- the cache -------------------------------------------------------------------------------


def cache_loaded(state: State, event: events.CacheLoaded) -> set[Topic]:
    """What was last seen. Whatever the server said by now stands; this fills the rest."""
    dirty: set[Topic] = {topics.ACCOUNT, topics.ORDER, topics.VIEW, topics.COUNTS}
    dirty |= {topics.DRAFTS, topics.SENDS}
    fresh = state.account is None
    if fresh and event.account is not None:
        state.account, state.me, state.version = event.account, event.me, event.version
    _fill_lists(state, event)
    if event.view is not None and state.presence_at is None and not state.views:
        state.view = event.view
    state.indexes.clear()  # filled once, after all rows
    _fill_conversations(state, event.contacts, event.conversations, dirty)
    view = event.view
    if view is not None and view not in state.views and event.order:
        state.views[view] = _pages_of(state, event)
        state.from_cache, state.as_of = True, event.seen_at
    if view is not None and event.counts is not None:
        state.counts.setdefault(view.filter_key, (event.counts, event.seen_at))
    state.indexes.clear()
    index_for(state, state.view)
    for entry in event.sends:
        state.sends.setdefault(entry.reference, journal.after_restart(entry))
    for draft in event.drafts:
        state.drafts.setdefault((draft.conversation_id, draft.private), draft)
    for other in event.other_drafts:
        held = state.other_drafts.get(other.conversation_id, ())
        state.other_drafts[other.conversation_id] = (*held, other)
    return dirty


def _fill_lists(state: State, event: events.CacheLoaded) -> None:
    state.agents = state.agents or {agent.id: agent for agent in event.agents}
    state.inboxes = state.inboxes or {inbox.id: inbox for inbox in event.inboxes}
    state.teams = state.teams or {team.id: team for team in event.teams}
    state.labels = state.labels or {label.title: label for label in event.labels}
    state.canned = state.canned or list(event.canned)


def cache_filled(state: State, event: events.CacheFilled) -> set[Topic]:
    """The rows that the first look left on the disk."""
    dirty: set[Topic] = set()
    _fill_conversations(state, event.contacts, event.conversations, dirty)
    return dirty


def _fill_conversations(
    state: State,
    contacts: tuple[Contact, ...],
    conversations: tuple[Conversation, ...],
    dirty: set[Topic],
) -> None:
    for contact in contacts:
        if contact.id not in state.contacts:
            put_contact(state, contact, dirty)
    counts = state.stale_counts
    for row in conversations:
        if row.id not in state.conversations and row.id not in state.gone:
            put_conversation(state, interned(row), dirty)
    state.stale_counts = counts
    dirty.discard(topics.REREAD)


def _pages_of(state: State, event: events.CacheLoaded) -> ViewPages:
    """The list as it was: whole down to the last row that was saved with it."""
    assert event.view is not None
    key_of = sort_key(event.view.sort)
    keys = [key_of(row) for one in event.order if (row := state.conversations.get(one))]
    edge = event.edge if event.edge is not None else max(keys, default=END)
    ties = [key for key in keys if key[:-1] == edge[:-1]]
    return ViewPages(
        known=set(event.order),
        edge=edge,
        edge_ids=frozenset(abs(int(key[-1])) for key in ties),
        as_of=event.seen_at,
    )
