"""Searching messages for words, and forgetting a customer."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from revivatui.state import reduce_desk, topics
from revivatui.state.hold import drop_conversation
from revivatui.state.searching import MACHINE, NO_SOURCES, SERVER, Search, Source, merged

if TYPE_CHECKING:
    from revivatui.state import events, events_search
    from revivatui.state.state import State
    from revivatui.state.topics import Topic


def started(state: State, event: events_search.SearchStarted) -> set[Topic]:
    if not event.text:
        sources = NO_SOURCES
    else:
        sources = MappingProxyType({MACHINE: Source(), SERVER: Source()})
    state.search = Search(event.number, event.text, event.conversation_id, sources=sources)
    return {topics.SEARCH}


def found(state: State, event: events_search.SearchFound) -> set[Topic]:
    """What one source found, merged with what the other did; late answers are dropped."""
    source = Source("done", "", len(event.hits), event.seconds, event.more)
    if not _told(state, event.number, event.source, source):
        return set()
    assert state.search is not None
    state.search = replace(state.search, hits=merged(state.search.hits, event.hits))
    return {topics.SEARCH}


def failed(state: State, event: events_search.SearchFailed) -> set[Topic]:
    told = _told(state, event.number, event.source, Source("not", event.reason))
    return {topics.SEARCH} if told else set()


def _told(state: State, number: int, name: str, source: Source) -> bool:
    """Note how far a source is; False where the answer is to an older search."""
    search = state.search
    if search is None or search.number != number:
        return False
    sources = MappingProxyType({**search.sources, name: source})
    state.search = replace(search, sources=sources)
    return True


def sought(state: State, event: events_search.MessageSought) -> set[Topic]:
    state.sought = None if event.message_id is None else event
    return {topics.THREAD(event.conversation_id)}


def contact_forgotten(state: State, event: events.ContactForgotten) -> set[Topic]:
    """Everything that is held of a customer goes. The server still lists the conversations, so no
    list is known to be complete until it is read again."""
    dirty: set[Topic] = {topics.CONTACT(event.contact_id), topics.VIEW, topics.DRAFTS}
    state.contacts.pop(event.contact_id, None)
    gone = set(event.conversation_ids)
    if state.open_id in gone:
        state.open_id = state.sought = None
        dirty.add(topics.OPEN)
    for conversation_id in gone:
        drop_conversation(state, conversation_id, dirty)
        thread = state.threads.pop(conversation_id, None)
        if thread is not None:
            state.messages_held -= len(thread.ids)
    for key in [key for key in state.drafts if key[0] in gone]:
        del state.drafts[key]
    reduce_desk.forget(state, gone)
    for reference in [one.reference for one in state.sends.values() if one.conversation_id in gone]:
        del state.sends[reference]
    if state.search is not None:
        hits = tuple(hit for hit in state.search.hits if hit.conversation_id not in gone)
        state.search = replace(state.search, hits=hits)
        dirty.add(topics.SEARCH)
    for pages in state.views.values():
        pages.epoch = -1
    return dirty
