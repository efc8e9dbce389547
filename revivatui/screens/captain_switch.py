"""The switch of captain: everybody at a desk may stop the bot that answers customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.screens.choose import Choose, Option
from revivatui.text.when import clock

if TYPE_CHECKING:
    from revivatui.screens.session import Session
    from revivatui.state.captain_health import CaptainReport

NO_CAPTAIN = "No captain answers customers here (docs/captain.md)."
IS_OFF = "Captain is off: people get every customer."
IS_ON = "Captain answers again."


def question(report: CaptainReport) -> Choose:
    """What is asked before anything is switched."""
    if report.off:
        words = (
            f"It was switched off {report.off}. It answers pending conversations again, each"
            " customer's next message first."
        )
        yes = Option("on", "Let it answer")
        return Choose("Switch captain on?", [Option("no", "Leave it off"), yes], question=words)
    words = (
        "Nothing more is said to customers by it, also what is written and waits. Whoever waits"
        " for an answer goes to people, with a note."
    )
    yes = Option("off", "Switch it off")
    return Choose("Switch captain off?", [yes, Option("no", "Leave it on")], question=words)


def by_whom(session: Session) -> str:
    """What is kept of who switched it off."""
    me = session.state.me
    at = clock(session.clock(), session.tz)
    return f"by {me.name if me is not None else 'somebody at a desk'} at {at}"
