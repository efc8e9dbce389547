"""What an open thread says while there is no connection: since when, and as of when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.text.when import clock, stamp
from revivatui.widgets.chip_bar import NEVER, Chip

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.state.state import State, Thread

_SAME = 60.0
"""Seconds of difference that are not worth two times."""


def as_of(state: State, thread: Thread) -> float | None:
    """The moment (epoch seconds) up to which a thread is what the server has; None: never read."""
    if thread.complete_from is not None and thread.epoch == state.epoch and state.epoch:
        return state.offline_since  # it was followed until the connection was lost
    return thread.as_of


def offline_chips(state: State, now: float, tz: tzinfo | None = None) -> list[Chip]:
    """ "offline since 14:05" for the open thread, and as of when it is where that is earlier."""
    since = state.offline_since
    if since is None or state.link.state != "offline" or state.open_id is None:
        return []
    words = f"offline since {clock(since, tz)}"
    thread = state.threads.get(state.open_id)
    if thread is None or not thread.messages:
        return [Chip(f"{words}, never read here", "warning", weight=NEVER - 1, short=words)]
    read = as_of(state, thread)
    if read is None:
        return [Chip(f"{words}, in parts", "warning", weight=NEVER - 1, short=words)]
    if since - read < _SAME:
        return [Chip(words, "warning", weight=NEVER - 1)]
    full = f"{words}, shown as of {stamp(read, now, tz)}"
    return [Chip(full, "warning", weight=NEVER - 1, short=words)]
