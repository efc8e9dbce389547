"""List pages, counts, and which list is shown.

A list is whole down to its edge: the last row of the last page that joined the ones before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state import topics, versions
from revivatui.state.order import END, Key, ViewIndex
from revivatui.state.reduce_conversations import doubt, merge_read
from revivatui.state.state import ViewPages

if TYPE_CHECKING:
    from revivatui.state import events
    from revivatui.state.models import Counts, ListView
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

INDEXES_KEPT: Final = 3
"""Lists kept sorted: the one shown and the ones shown before it."""

VIEWS_KEPT: Final = 40

MOST_DOUBTED: Final = 25
"""Rows that one page can put in doubt: what is left is found by the next look at it."""


def index_for(state: State, view: ListView) -> ViewIndex:
    """The sorted list of a view, made where it is not kept."""
    index = state.indexes.get(view)
    if index is not None:
        state.indexes.move_to_end(view)
        return index
    pages = state.views.get(view)
    found = pages.known if pages is not None and view.text else None
    index = ViewIndex(view, state.me.id if state.me is not None else None, found)
    overlays = state.overlays
    index.fill(overlays.get(row.id, row) for row in state.conversations.values())
    state.indexes[view] = index
    while len(state.indexes) > INDEXES_KEPT:
        oldest = next(one for one in state.indexes if one not in (state.view, view))
        del state.indexes[oldest]
    return index


def pages_loaded(state: State, event: events.ConversationsLoaded) -> set[Topic]:
    """One page of a list, as the server answered it."""
    view = event.view
    dirty: set[Topic] = set()
    merge_read(state, event.conversations, event.contacts, event.asked, dirty)
    if event.counts is not None:
        _put_counts(state, view, event.counts, event.at, dirty)
    pages = state.views.setdefault(view, ViewPages())
    _note_ids(pages, event)
    if view.text:
        state.indexes.pop(view, None)  # what the text found has changed
    index = index_for(state, view)
    edge = pages.edge
    _extend(state, pages, index, event)
    _doubt_missing(state, index, event, dirty)
    if view == state.view:
        state.from_cache = False
        dirty.add(topics.VIEW)
        if edge != pages.edge or view.text:
            dirty.add(topics.ORDER)
    _forget_views(state)
    return dirty


def _note_ids(pages: ViewPages, event: events.ConversationsLoaded) -> None:
    told = [row.id for row in event.conversations]
    pages.known.update(told)
    if event.page == 1:
        pages.as_of = event.at
        if told and not event.last:
            pages.size = len(told)


def _extend(
    state: State, pages: ViewPages, index: ViewIndex, event: events.ConversationsLoaded
) -> None:
    """Move the edges down to the page's end, where the page joins them.

    A page joins when at least as many rows as come before it on the server are known above:
    a row that left the list meanwhile would otherwise have pulled another one past us.
    """
    keys = [index.key_of(row) for row in event.conversations]
    end = END if event.last else max(keys, default=None)
    if end is None:
        return
    rows_before = (event.page - 1) * pages.size
    if event.page == 1 and pages.epoch != state.epoch:
        pages.epoch, pages.read_edge = state.epoch, None
    if pages.epoch == state.epoch:
        pages.read_edge = _moved_to(end, index, pages.read_edge, rows_before)
    pages.edge = _moved_to(end, index, pages.edge, rows_before)
    if pages.edge is not None and pages.edge != END:
        pages.edge_ids = pages.known.intersection(index.tied(pages.edge))


def _moved_to(end: Key, index: ViewIndex, held: Key | None, rows_before: int) -> Key | None:
    """An edge after a page that ends at `end` and has so many rows before it on the server."""
    if held is None:
        return None if rows_before else end
    if end > held:
        return end if not rows_before or index.count_to(held) >= rows_before else held
    # It was whole once, and the server may say that more follows now.
    return end if held == END and not index.between(end, END) else held


def _doubt_missing(
    state: State, index: ViewIndex, event: events.ConversationsLoaded, dirty: set[Topic]
) -> None:
    """Rows that we place inside this page and the server does not: what we know of them is old.

    No event tells of deletions, of reads by others, of much else (contract 7.6).
    """
    told = {row.id for row in event.conversations}
    keys = [index.key_of(row) for row in event.conversations]
    if not keys and event.page > 1:
        return
    above = None if event.page == 1 else min(keys)
    below = END if event.last else max(keys, default=END)
    missing = [one for one in index.between(above, below) if one not in told]
    for conversation_id in missing[:MOST_DOUBTED]:
        if conversation_id in state.overlays:
            continue
        memory = state.memory_of(conversation_id)
        heard = max(memory.read_at, *memory.touched.values(), -1)
        if not versions.asked_too_early(heard, event.asked):
            doubt(state, conversation_id, dirty)


def counts_loaded(state: State, event: events.CountsLoaded) -> set[Topic]:
    dirty: set[Topic] = set()
    _put_counts(state, event.view, event.counts, event.at, dirty)
    return dirty


def _put_counts(state: State, view: ListView, counts: Counts, at: float, dirty: set[Topic]) -> None:
    held = state.counts.get(view.filter_key)
    state.counts[view.filter_key] = (counts, at)
    if view.filter_key == state.view.filter_key:
        state.counts_epoch = state.epoch
    if held is None or held[0] != counts:
        dirty.add(topics.COUNTS)


def view_chosen(state: State, event: events.ViewChosen) -> set[Topic]:
    if event.view == state.view:
        return set()
    state.view = event.view
    index_for(state, event.view)
    return {topics.VIEW, topics.ORDER, topics.COUNTS}


def _forget_views(state: State) -> None:
    """Pages of lists looked at long ago are cheap to ask for again."""
    while len(state.views) > VIEWS_KEPT:
        oldest = next(view for view in state.views if view != state.view)
        del state.views[oldest]
        state.indexes.pop(oldest, None)
