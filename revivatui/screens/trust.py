"""How far the screen can be trusted, in words: beside the name of the room, and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.screens import inbox_view as view_of
from revivatui.state import select
from revivatui.state.seals import seals
from revivatui.text.when import clock
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.screens.session import Session
    from revivatui.state.seals import Seal
    from revivatui.state.state import State

HEALED_SHOWN = 90.0
"""Seconds for which the top bar says that a comparison put something right."""
MOST_FINDINGS = 5


def missing(state: State) -> str:
    """What of the shown is not known to be complete, in words; "" where everything is."""
    shown = seals(state)
    if select.list_state(state, state.view).provisional:
        return "list is loading"
    if not shown.list.complete:
        return "list not complete"
    if shown.thread is None or shown.thread.complete:
        return ""
    if "older part" in shown.thread.why:
        return "older messages not read again"
    return "thread is loading"


def put_right(state: State) -> str:
    """What the last comparison with the server put right, for a little while."""
    recent = [one for one in state.healed if state.now - one.at < HEALED_SHOWN]
    return f"{len(recent)} put right" if recent else ""


def connection_lines(session: Session) -> list[str]:
    """The connection in full, for a person who wonders."""
    state, tz = session.state, session.tz
    link = state.link
    lines = [f"State: {link.state}" + (f", since {clock(link.at, tz)}" if link.at else "")]
    if link.reason:
        lines.append(link.reason)
    if link.retry_at is not None:
        lines.append(f"Next try at {clock(link.retry_at, tz)}.")
    if state.from_cache and state.as_of:
        lines.append(f"Shown is what was last seen at {clock(state.as_of, tz)}.")
    if state.lag:
        lines.append(f"The live feed is {state.lag:.0f} s behind; what is open is asked for.")
    lines += [_seal_line(name, seal, tz) for name, seal in seals(state).named()]
    lines += _findings(session)
    if state.odd:
        total = sum(state.odd.values())
        lines.append(f"Frames of the server that were not understood: {total}.")
    lines.append(f"Chatwoot {state.version or 'of unknown version'}.")
    return lines


def _seal_line(name: str, seal: Seal, tz: tzinfo | None) -> str:
    as_of = f"read at {clock(seal.as_of, tz)}" if seal.as_of else "never read"
    if seal.complete:
        return f"{symbols.sent} {name}: complete, {as_of}"
    return f"{symbols.failed} {name}: not complete ({seal.why}), {as_of}"


def _findings(session: Session) -> list[str]:
    state = session.state
    lines = [
        f"  {clock(one.at, session.tz)}  #{one.conversation_id}"
        f" {view_of.name_of(state, one.conversation_id)}: {one.what}"
        for one in state.healed[:MOST_FINDINGS]
    ]
    return ["Put right by comparing with the server:", *lines] if lines else []
