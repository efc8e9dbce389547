"""What the agent does: changes, drafts, what is on screen. (Sends: `reduce_sends`.)"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.state import topics, versions
from revivatui.state.hold import lay_over

if TYPE_CHECKING:
    from revivatui.state import events
    from revivatui.state.models import Change
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

CHANGES_KEPT: Final = 50
"""Finished changes that can still be undone."""


# --- changes ---------------------------------------------------------------------------------


def change_moved(state: State, event: events.ChangeMoved) -> set[Topic]:
    """An optimistic change was proposed, sent, confirmed, refused or taken back."""
    change = event.change
    dirty: set[Topic] = {topics.CHANGES, topics.ROW(change.conversation_id)}
    held = state.changes.get(change.id)
    state.changes[change.id] = change
    if change.state == "done":
        state.settling[change.id] = state.sequence
        state.doubts[change.conversation_id] = state.sequence
        dirty.add(topics.REREAD)
    elif change.state in ("failed", "undone"):
        state.settling.pop(change.id, None)
        if held is not None:
            _hand_down(state, change)
    lay_over(state, change.conversation_id, dirty)
    _forget_old(state)
    return dirty


def _hand_down(state: State, failed: Change) -> None:
    """A later change that took a failed one for the state before it goes back further."""
    later = False
    for change in list(state.changes.values()):
        later = later or change.id == failed.id
        if change.id == failed.id or not later:
            continue
        if change.conversation_id != failed.conversation_id:
            continue
        inherited = {
            name: failed.before[name]
            for name, value in change.before.items()
            if name in failed.after and failed.after[name] == value
        }
        if inherited:
            state.changes[change.id] = replace(change, before={**change.before, **inherited})


def _forget_old(state: State) -> None:
    finished = [
        change.id
        for change in state.changes.values()
        if change.state in ("done", "failed", "undone") and change.id not in state.settling
    ]
    for change_id in finished[:-CHANGES_KEPT]:
        del state.changes[change_id]


def settle_changes(state: State, conversation_id: int, asked: int, dirty: set[Topic]) -> None:
    """The server answered a question that left after a change was through: that is the truth,
    also when a colleague overtook the change."""
    settled = [
        change_id
        for change_id, done in state.settling.items()
        if state.changes[change_id].conversation_id == conversation_id
        and not versions.asked_too_early(done, asked)
    ]
    for change_id in settled:
        del state.settling[change_id]
    if settled:
        dirty.add(topics.CHANGES)
        lay_over(state, conversation_id, dirty)


def settle_old_changes(state: State, before: int, dirty: set[Topic]) -> None:
    """A change done this long ago is what the server says by now, heard or not."""
    for change_id, done in list(state.settling.items()):
        if done < before:
            del state.settling[change_id]
            dirty.add(topics.CHANGES)
            lay_over(state, state.changes[change_id].conversation_id, dirty)


# --- drafts and the screen -------------------------------------------------------------------


def draft_changed(state: State, event: events.DraftChanged) -> set[Topic]:
    """An empty text is no draft."""
    draft = event.draft
    key = (draft.conversation_id, draft.private)
    row = topics.ROW(draft.conversation_id)
    if not draft.text:
        return {topics.DRAFTS, row} if state.drafts.pop(key, None) is not None else set()
    held = state.drafts.get(key)
    if held == draft:
        return set()
    state.drafts[key] = draft
    return {topics.DRAFTS, row} if held is None else {topics.DRAFTS}


def opened(state: State, event: events.ConversationOpened) -> set[Topic]:
    if event.conversation_id == state.open_id:
        return set()
    state.open_id = event.conversation_id
    if event.conversation_id is not None:
        state.thread_of(event.conversation_id)
    return {topics.OPEN}
