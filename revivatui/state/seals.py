"""How far each view can be trusted: complete or not, since when, and why not (design rule 4).

A thread's seal covers what was said, by whom, and what became of it; a customer's name and data are
the contact's own view, and a row's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state import select
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.state.state import State

PRESENCE_LASTS: Final = 30.0
"""Seconds after which a presence map is old: the feed brings one with every own tick of 10 s."""

WHY: Final = {
    "offline": "no connection",
    "connecting": "connecting",
    "catching_up": "catching up",
    "late": "the live feed is behind",
    "refused": "signed out",
}
"""State of the link -> why nothing can be sealed in it."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What is known about one view."""

    complete: bool
    """Nothing can have been missed: it is what the server has."""
    as_of: float | None
    """When it was last read or compared (epoch seconds); None: never."""
    why: str = ""
    """In words, where it is not complete."""


@dataclass(frozen=True, slots=True)
class Seals:
    """The views on screen. `thread` and `contact` are None where none is open."""

    list: Seal
    counts: Seal
    presence: Seal
    thread: Seal | None
    contact: Seal | None

    def named(self) -> tuple[tuple[str, Seal], ...]:
        """The seals with their names, in the order in which a person looks at them."""
        views = (
            ("list", self.list),
            ("counts", self.counts),
            ("thread", self.thread),
            ("contact", self.contact),
            ("presence", self.presence),
        )
        return tuple((name, seal) for name, seal in views if seal is not None)


def seals(state: State) -> Seals:
    """The seals of what is on screen."""
    return Seals(
        list=_list(state),
        counts=_counts(state),
        presence=_presence(state),
        thread=_thread(state),
        contact=_contact(state),
    )


def _seal(state: State, complete: bool, as_of: float | None, otherwise: str) -> Seal:
    if complete:
        return Seal(True, as_of)
    return Seal(False, as_of, WHY.get(state.link.state, otherwise))


def _list(state: State) -> Seal:
    listed = select.list_state(state, state.view)
    if listed.provisional:
        return _seal(state, False, listed.as_of, "being read")
    return _seal(state, listed.sealed, listed.as_of, "read only in part since the last cut")


def _counts(state: State) -> Seal:
    told = state.counts.get(state.view.filter_key)
    current = told is not None and state.counts_epoch == state.epoch
    following = state.link.state == "live"
    return _seal(state, current and following, told[1] if told else None, "being counted")


def _presence(state: State) -> Seal:
    at = state.presence_at
    fresh = at is not None and state.now - at <= PRESENCE_LASTS
    following = state.link.state in ("live", "late")
    return _seal(state, fresh and following, at, "not heard yet")


def _thread(state: State) -> Seal | None:
    if state.open_id is None or state.open_id in state.gone:
        return None
    shown = select.thread(state, state.open_id)
    held = state.threads.get(state.open_id)
    if held is None or held.complete_from is None:
        return _seal(state, False, None, "being read")
    if shown.sealed or held.epoch != state.epoch or held.complete_to is not None:
        return _seal(state, shown.sealed, shown.as_of, "being read")
    return _seal(state, False, shown.as_of, "its older part was not read since the last cut")


def _contact(state: State) -> Seal | None:
    conversation = None if state.open_id is None else state.conversations.get(state.open_id)
    if conversation is None:
        return None
    epoch, at = state.contacts_read.get(conversation.contact_id, (-1, None))
    current = epoch == state.epoch and state.link.state == "live"
    doubted = conversation.contact_id in state.contact_doubts
    return _seal(state, current and not doubted, at, "being read")
