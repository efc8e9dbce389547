"""Making the agent's changes and taking them back. Pure; the engine carries them out.

A change names the fields of the conversation that it touches, as they are on screen when it is
made (`before`) and as they will be (`after`); the reducer lays `after` over the server's truth
until that shows it.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from revivatui.state.models import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from revivatui.state.models import Attributes
    from revivatui.state.state import State

HOLD: Final = 5.0
"""Seconds for which a change that reaches the customer waits, so that undo can cancel it."""

ACTIVE: Final = ("waiting", "sending")
UNDOABLE: Final = ("waiting", "sending", "done")

ROLE_THAT_TAKES: Final = "agent"
"""Who opens a conversation becomes its assignee, administrators excepted (contract 2.4)."""


class UnknownConversation(LookupError):
    """There is no such conversation on this desk (any more)."""


def _make(state: State, conversation_id: int, kind: str, after: Mapping[str, Any]) -> Change:
    shown = state.shown(conversation_id)
    if shown is None:
        raise UnknownConversation(conversation_id)
    return Change(
        id=uuid.uuid4().hex,
        conversation_id=conversation_id,
        kind=kind,
        before={name: getattr(shown, name) for name in after},
        after=dict(after),
    )


def assign(state: State, conversation_id: int, agent_id: int | None) -> Change:
    """To an agent, or to nobody. Raises UnknownConversation, like all below."""
    after = {"assignee_id": agent_id, "assignee_kind": "User"}
    return _make(state, conversation_id, "assign", after)


def assign_team(state: State, conversation_id: int, team_id: int | None) -> Change:
    """To a team, or to none. The server may clear or pick an assignee (contract 2.4)."""
    return _make(state, conversation_id, "team", {"team_id": team_id})


def set_status(
    state: State, conversation_id: int, status: str, snoozed_until: float | None = None
) -> Change:
    """open, resolved, pending or snoozed; `snoozed_until` in epoch seconds, None = until the
    customer writes. Opening one makes an agent its assignee (contract 2.4)."""
    kind = "snooze" if status == "snoozed" else "status"
    after: dict[str, Any] = {"status": status, "snoozed_until": snoozed_until}
    shown = state.shown(conversation_id)
    me = state.me
    opens = status == "open" and shown is not None and shown.status != "open"
    if opens and me is not None and me.role == ROLE_THAT_TAKES:
        after |= {"assignee_id": me.id, "assignee_kind": "User"}
    return _make(state, conversation_id, kind, after)


def set_priority(state: State, conversation_id: int, word: str | None) -> Change:
    """low, medium, high, urgent or None."""
    return _make(state, conversation_id, "priority", {"priority": word})


def set_labels(state: State, conversation_id: int, labels: Iterable[str]) -> Change:
    """The whole set (contract 2.4)."""
    return _make(state, conversation_id, "labels", {"labels": tuple(labels)})


def mark_read(state: State, conversation_id: int) -> Change:
    return _make(state, conversation_id, "read", {"unread_count": 0})


def mark_unread(state: State, conversation_id: int) -> Change:
    shown = state.shown(conversation_id)
    count = max(1, shown.unread_count if shown is not None else 1)
    return _make(state, conversation_id, "unread", {"unread_count": count})


def inverse(state: State, change: Change) -> Change:
    """The change that takes a done one back: `before` is what it goes to.

    Of a status change it names the assignee too, where the server will have changed that on the
    way (opening takes over): the engine assigns after it set the status.
    """
    after: dict[str, Any] = dict(change.before)
    kind = {"read": "unread", "unread": "read"}.get(change.kind, change.kind)
    shown = state.shown(change.conversation_id)
    if change.kind in ("status", "snooze") and shown is not None:
        kind = "snooze" if after.get("status") == "snoozed" else "status"
        after.setdefault("assignee_id", shown.assignee_id)
        after.setdefault("assignee_kind", shown.assignee_kind)
    return _make(state, change.conversation_id, kind, after)


def is_noop(change: Change) -> bool:
    """Whether the conversation is like that already."""
    return all(change.before[name] == value for name, value in change.after.items())


def hold_seconds(state: State, change: Change) -> float:
    """How long a change waits before it leaves: resolving may send the customer a survey, which
    nothing takes back; the rest can be undone afterwards."""
    resolves = change.after.get("status") == "resolved"
    already = change.before.get("status") == "resolved"
    return HOLD if resolves and not already else 0.0


def undoable(state: State) -> Change | None:
    """The newest change that undo would take back."""
    for change in reversed(state.changes.values()):
        if change.state in UNDOABLE:
            return change
    return None


def held(state: State, conversation_id: int) -> Change | None:
    """The change of a conversation that waits to leave, where there is one."""
    for change in reversed(state.changes.values()):
        if change.conversation_id == conversation_id and change.held:
            return change
    return None


def all_held(state: State) -> list[Change]:
    """Every change that waits to leave, oldest first."""
    return [change for change in state.changes.values() if change.held]


def waiting(change: Change, due_at: float) -> Change:
    """Hold it until `due_at` (epoch seconds)."""
    return replace(change, state="waiting", due_at=due_at)


def sending(change: Change) -> Change:
    return replace(change, state="sending", due_at=None)


def done(change: Change) -> Change:
    return replace(change, state="done", due_at=None, reason="")


def failed(change: Change, reason: str) -> Change:
    return replace(change, state="failed", due_at=None, reason=reason)


def undone(change: Change) -> Change:
    return replace(change, state="undone", due_at=None)


# --- in words --------------------------------------------------------------------------------


def doing(change: Change) -> str:
    """What a held change is about to do: "resolving"."""
    status = str(change.after.get("status"))
    known = {"resolved": "resolving", "open": "reopening", "snoozed": "snoozing"}
    return known.get(status, "changing")


def words(state: State, change: Change) -> str:
    """What a change does, in a few words: "assigned to Ben Counter", "priority high"."""
    return _words(state, change.kind, change.after)


def undo_words(state: State, change: Change) -> str:
    """What taking it back leaves: the state before it, in a few words."""
    return _words(state, change.kind, change.before)


def _words(state: State, kind: str, fields: Attributes) -> str:
    if kind == "assign":
        agent = state.agents.get(fields.get("assignee_id") or 0)
        if fields.get("assignee_id") is None:
            return "assigned to nobody"
        return f"assigned to {agent.name if agent else fields['assignee_id']}"
    if kind == "team":
        team = state.teams.get(fields.get("team_id") or 0)
        return f"team {team.name}" if team else "no team"
    if kind == "priority":
        return f"priority {fields['priority']}" if fields.get("priority") else "no priority"
    if kind == "labels":
        labels = ", ".join(fields.get("labels", ()))
        return f"labels {labels}" if labels else "no labels"
    if kind in ("read", "unread"):
        return "unread" if fields.get("unread_count") else "read"
    return str(fields.get("status", kind))
