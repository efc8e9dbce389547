"""What a command is, what the agent has before them, and when a command makes sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.changes import UNDOABLE, held
from revivatui.state.gate import held_in
from revivatui.state.offers import offers
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.state.state import State


class Situation(NamedTuple):
    """What the agent has before them: what makes sense to ask for depends on it."""

    state: State
    target: int | None = None
    """The conversation that keys act on: the list's cursor, or the open thread."""
    listed: bool = False
    """The list has rows."""
    acts: frozenset[str] = frozenset()
    """What the thread can do with the message under its cursor: retry, take_back."""
    private: bool = False
    """The composer holds a note."""
    crm: frozenset[str] = frozenset()
    """What the CRM knows of the open conversation's customer: crm (there is one), customer,
    repair, quote, several, undo."""
    copilot: frozenset[str] = frozenset()
    """What the copilot has for the open conversation: copilot (it is on), suggestion."""


def always(now: Situation) -> bool:
    return True


def has_target(now: Situation) -> bool:
    return now.target is not None and now.state.shown(now.target) is not None


def status_free(now: Situation) -> bool:
    """No change of its status waits to leave."""
    return has_target(now) and now.target is not None and held(now.state, now.target) is None


def has_rows(now: Situation) -> bool:
    return now.listed


def thread_open(now: Situation) -> bool:
    return now.state.open_id is not None


def has_offer(now: Situation) -> bool:
    return bool(offers(now.state, now.state.open_id, now.private))


def has_reply(now: Situation) -> bool:
    return not now.private and (now.state.open_id or 0, False) in now.state.drafts


def reply_held(now: Situation) -> bool:
    """A reply of the open conversation waits for a yes."""
    return held_in(now.state, now.state.open_id) is not None


def can_undo(now: Situation) -> bool:
    return any(change.state in UNDOABLE for change in now.state.changes.values())


def change_held(now: Situation) -> bool:
    return any(change.held for change in now.state.changes.values())


def can(act: str) -> Callable[[Situation], bool]:
    """Whether the thread can do this with the message under its cursor."""

    def can_act(now: Situation) -> bool:
        return act in now.acts

    return can_act


can_retry, can_take_back = can("retry"), can("take_back")
can_copy, can_quote, can_delete, can_attach = map(can, ("copy", "quote", "delete", "attachment"))


def on(**weights: int) -> tuple[tuple[str, int], ...]:
    """The places whose key bar names a command, with how long it stays there when room is short."""
    return tuple(weights.items())


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the agent can ask for.

    `where` is the part of the screen whose focus the keys need: desk (anywhere on the inbox but
    while typing text), list, thread, composer, repair, copilot (panes), or app (everywhere,
    typing included). The rooms have places of their own (`commands_rooms.ROOM_PLACES`).
    """

    id: str
    keys: str
    """Textual's key names, the first one is shown; empty for palette and mouse only."""
    label: str
    help: str
    group: str
    where: str = "desk"
    when: Callable[[Situation], bool] = always
    bar: tuple[tuple[str, int], ...] = ()
    """The places whose key bar names it (list, thread, composer, contact), the weightiest first."""
    bar_label: str = ""
    note_label: str = ""
    """What the bar says instead while a note is written."""
    short_label: str = ""
    """What it says when room is short."""
    first: bool = False
    """Its keys are its own before the composer's: none of them may type anything."""

    @property
    def key_list(self) -> tuple[str, ...]:
        return tuple(key for key in self.keys.split(",") if key)

    @property
    def why_not(self) -> str:
        """What is missing where it makes no sense."""
        return WHY_NOT.get(self.when, "this makes no sense here")

    def weight(self, place: str) -> int:
        """How long it stays on that place's key bar; 0: it is not named there."""
        return dict(self.bar).get(place, 0)

    def said(self, now: Situation) -> str:
        """What the key bar says it does."""
        return self.note_label if self.note_label and now.private else self.bar_label


def has_copilot(now: Situation) -> bool:
    return "copilot" in now.copilot


def open_and_copilot(now: Situation) -> bool:
    return has_copilot(now) and thread_open(now)


def has_suggestion(now: Situation) -> bool:
    return "suggestion" in now.copilot


def has_crm(now: Situation) -> bool:
    return "crm" in now.crm


def in_crm(what: str) -> Callable[[Situation], bool]:
    """Whether the CRM knows this of the customer; of one who is not open that is seen later."""

    def known(now: Situation) -> bool:
        elsewhere = now.target is not None and now.target != now.state.open_id
        return has_crm(now) and has_target(now) and (elsewhere or what in now.crm)

    return known


has_customer, has_repair = in_crm("customer"), in_crm("repair")
open_and_crm = in_crm("crm")


def can_undo_in_crm(now: Situation) -> bool:
    return "undo" in now.crm


FOR_A_TARGET: Final = (has_target, status_free)
"""What is done to the conversation under the cursor."""

WHY_NOT: Final[Mapping[Callable[[Situation], bool], str]] = {
    has_target: "choose a conversation first",
    status_free: "choose a conversation first",
    has_rows: "the list is empty",
    thread_open: "open a conversation first",
    has_offer: "there is no other draft for this conversation",
    has_reply: "write a reply first",
    reply_held: "no reply is held here",
    can_retry: "choose a message that failed first",
    can_take_back: "choose a message that was not sent first",
    can_copy: "choose a message first",
    can_quote: "choose a message first",
    can_delete: "choose an own message first",
    can_attach: "choose a message with a file first",
    can_undo: "nothing to undo",
    change_held: "nothing waits",
    has_copilot: "suggestions are switched off in the settings",
    open_and_copilot: "this needs suggestions, and an open conversation",
    has_suggestion: "nothing is suggested here",
    has_crm: "no CRM is set up",
    open_and_crm: "this needs a CRM, and an open conversation",
    has_customer: "the CRM knows no such customer",
    has_repair: "this customer has no repair that is under way",
    can_undo_in_crm: "nothing to undo in the CRM",
}
