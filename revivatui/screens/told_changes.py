"""What is said of the agent's changes: whom they concern, and how to take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.commands import BY_ID
from revivatui.screens import inbox_view as view_of
from revivatui.state import changes as making
from revivatui.text.when import until
from revivatui.text.width import truncate
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Collection

    from revivatui.engine.changes import Undone
    from revivatui.screens.session import Session
    from revivatui.state.models import Change
    from revivatui.state.state import State

NAME_WIDE: Final = 22


def whom(state: State, conversation_id: int) -> str:
    """A conversation as it is spoken of: "#283 Ana Sousa"."""
    name = truncate(view_of.name_of(state, conversation_id), NAME_WIDE, symbols.ellipsis)
    return f"#{conversation_id} {name}"


def undone_words(state: State, undone: Undone) -> str:
    """What undo did, for whom, and what it could not take back."""
    change = undone.change
    said = f"Undone: {whom(state, change.conversation_id)}, {undone.said}."
    return f"{said} {ASKED}" if undone.had_left and _asked_for_rating(state, change) else said


ASKED: Final = "The customer was asked for a rating already."


def _asked_for_rating(state: State, change: Change) -> bool:
    """Whether the server sent the survey that goes out with resolving."""
    conversation = state.conversations.get(change.conversation_id)
    inbox = state.inboxes.get(conversation.inbox_id) if conversation is not None else None
    return change.after.get("status") == "resolved" and inbox is not None and inbox.csat_enabled


class ToldChanges:
    """Tells of changes whose row leaves the list: nothing else on screen shows them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: set[str] = set()
        self._listed: set[str] = set()

    def just_changed(self) -> set[int]:
        """The conversations that were changed since this was last asked."""
        before, changes = self._listed, self._session.state.changes
        self._listed = set(changes)
        return {change.conversation_id for one, change in changes.items() if one not in before}

    def skip(self) -> None:
        """Say nothing of what was changed up to now."""
        self._told = set(self._session.state.changes)

    def words(self, before: Collection[int], after: Collection[int]) -> str:
        """What is to be said now that other conversations are listed; "" for nothing."""
        state = self._session.state
        said = ""
        for change in state.changes.values():
            if change.id in self._told or change.held:
                continue
            self._told.add(change.id)
            number = change.conversation_id
            if change.state in making.UNDOABLE and number in before and number not in after:
                said = self._done_words(change)
        self._told &= state.changes.keys()
        return said

    def _done_words(self, change: Change) -> str:
        key = self._session.keys.first(BY_ID["change.undo"])
        return f"{self._sentence(change)} {symbols.dot} {key} undo"

    def _sentence(self, change: Change) -> str:
        state, after = self._session.state, change.after
        name = whom(state, change.conversation_id)
        if change.kind == "snooze":
            at = after.get("snoozed_until")
            now, tz = self._session.clock(), self._session.tz
            return f"Snoozed {name} until {until(at, now, tz) if at else 'they write'}"
        if change.kind == "status":
            done = {"resolved": "Resolved", "open": "Reopened"}.get(str(after.get("status")))
            return f"{done} {name}" if done else f"Set {name} to {after.get('status')}"
        if change.kind == "assign":
            return f"{making.words(state, change).capitalize()}: {name}"
        return f"{name}: {making.words(state, change)}"
