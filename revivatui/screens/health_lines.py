"""The lines of the health room: facts, dead letters, and what the desk itself knows."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from revivatui.state.bridge_health import Fact
from revivatui.text.when import stamp
from revivatui.text.width import fit, truncate, wrap
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from revivatui.screens.session import Session
    from revivatui.state.bridge_health import Letter, Report

NAMES: Final = 14
"""Cells for the names of facts."""
QUICK: Final = 0.1
"""Seconds under which nobody needs to know how long an answer took."""
NO_LETTERS: Final = Fact("dead letters", "none", "muted")
NO_BRIDGE: Final = (
    "No bridge has worked on this CRM yet. A bridge keeps the CRM and Chatwoot in step:"
    " `revivatui bridge setup` arranges the webhook, `revivatui bridge run` starts it"
    " (docs/bridge.md)."
)
_WHAT, _WHERE, _TRIES = 24, 20, 9


def summary(report: Report, when: Callable[[float], str]) -> list[Chip]:
    """What counts most, in one line."""
    gone = report.gone_since
    if gone is not None:
        chips = [Chip(f"{symbols.failed} not running since {when(gone)}", "error", weight=NEVER)]
    elif report.beat_at is None:
        chips = [Chip("no heartbeat yet", "warning", weight=NEVER)]
    else:
        chips = [Chip(f"{symbols.sent} running", "success", weight=NEVER)]
    if report.uptime is not None:
        style = "success" if report.uptime.is_met else "error"
        chips.append(Chip(f"uptime {report.uptime.percent}", style, weight=90))
    chips.append(Chip(f"{report.last_hour} deliveries in the last hour", "muted", weight=50))
    waiting = report.events.get("new", 0) + report.writes.get("new", 0)
    chips.append(Chip(f"{waiting} waiting", "muted", weight=60))
    if report.dead:
        chips.append(Chip(f"{report.dead} dead", "error", weight=95))
    return chips


def fact_lines(facts: Iterable[Fact], cells: int) -> list[ListLine]:
    """Facts, each wrapped beside its name."""
    lines = []
    for fact in facts:
        lead = fit(fact.name, NAMES)
        for start, end in wrap(fact.words, max(20, cells - NAMES)):
            piece = Piece(fact.words[start:end], fact.style)
            lines.append(ListLine((Piece(lead, "muted"), piece)))
            lead = " " * NAMES
    return lines


def told_lines(told: Iterable[str], cells: int, style: str = "") -> list[ListLine]:
    """Sentences, wrapped."""
    return [
        words(text[start:end], style)
        for text in told
        for start, end in wrap(text, max(20, cells)) or [(0, 0)]
    ]


def no_bridge_lines(cells: int) -> list[ListLine]:
    return told_lines([NO_BRIDGE], cells)


# --- dead letters --------------------------------------------------------------------------------


def letter_words(letter: Letter) -> str:
    """A letter in one line."""
    return f"{_what(letter)} of {_where(letter)}, {_tries(letter)}: {letter.error}"


def _what(letter: Letter) -> str:
    return letter.what.replace("_", " ")


def _where(letter: Letter) -> str:
    """ "1:contact:5" as people say it."""
    parts = letter.where.split(":")
    return f"{parts[1]} {parts[2]}" if len(parts) == 3 else letter.where


def _tries(letter: Letter) -> str:
    return "1 try" if letter.tries == 1 else f"{letter.tries} tries"


def letter_lines(letters: Sequence[Letter], cells: int) -> list[ListLine]:
    """A line a letter, each to be chosen."""
    if not letters:
        return [words("None is like this.", "muted")]
    room = max(10, cells - _WHAT - _WHERE - _TRIES - 2)
    return [
        ListLine(
            (
                Piece(fit(_what(one), _WHAT), "accent"),
                Piece(fit(_where(one), _WHERE)),
                Piece(fit(_tries(one), _TRIES), "muted"),
                Piece(truncate(one.error, room, symbols.ellipsis), "error"),
            ),
            one.id,
        )
        for one in letters
    ]


# --- what the desk knows -------------------------------------------------------------------------


def desk_lines(session: Session, cells: int) -> list[ListLine]:
    return fact_lines(_desk_facts(session), cells)


def _desk_facts(session: Session) -> Iterator[Fact]:
    yield _chatwoot(session)
    yield _crm(session)


def _chatwoot(session: Session) -> Fact:
    state, link = session.state, session.state.link
    since = f" since {stamp(link.at, session.clock(), session.tz)}" if link.at else ""
    name = f"Chatwoot {state.version}".strip()
    if link.state == "live":
        return Fact("Chatwoot", f"live{since} ({name})", "success")
    if link.state == "late":
        behind = f"{state.lag:.0f} s behind" if state.lag else "silent"
        return Fact("Chatwoot", f"the live feed is {behind}; what is open is asked for", "warning")
    if link.state == "refused":
        return Fact("Chatwoot", "signed out; f9 signs in again", "error")
    if link.state == "offline":
        why = f": {link.reason}" if link.reason else ""
        return Fact("Chatwoot", f"offline{since}{why}", "error")
    return Fact("Chatwoot", f"{link.state.replace('_', ' ')}{since}", "warning")


def _crm(session: Session) -> Fact:
    crm = session.crm
    if not crm.is_on:
        return Fact("CRM", "none is set up; its address goes under [crm] in the settings", "muted")
    if crm.trouble:
        return Fact("CRM", crm.trouble, "error")
    if not crm.took:
        text = "not asked anything yet" if crm.is_awake else "nobody has made it yet"
        return Fact("CRM", text, "muted")
    took = statistics.median(crm.took)
    text = f"answers within {QUICK} s" if took < QUICK else f"answers in {took:.1f} s"
    return Fact("CRM", f"{text} (the middle of the last answers)", "" if took < 1.0 else "warning")
