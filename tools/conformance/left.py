"""What the replay leaves out, by name: the output counts each."""

from __future__ import annotations

import re

from tools.conformance.recording import Call, Run

# Runs of which the README says that calls or callers were not kept: read, never replayed.
PARSED_ONLY = ("burst", "worker", "restart", "receipts", "auth")

# Runs that belong to later work, or to the `lists` command.
LATER_RUNS = re.compile(r"^(admin|figures|lists)")

# Calls whose answers the client's models are not held to here.
LATER_CALLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("reports", re.compile(r"^/api/v2/accounts/\d+/(reports|summary_reports)\b")),
    ("live reports", re.compile(r"^/api/v2/accounts/\d+/live_reports\b")),
    ("CSAT figures", re.compile(r"^/api/v1/accounts/\d+/csat_survey_responses\b")),
)


def left_for_later(run: Run) -> dict[int, str]:
    """``id(action)`` -> the name under which it is left for later."""
    left: dict[int, str] = {}
    bot_since = bot_begins(run)
    makes_bots = any(call.method == "POST" and _is_of_bots(call) for call in run.calls)
    for action in run.actions:
        bots_call = makes_bots and isinstance(action, Call) and _is_of_bots(action)
        if bots_call or (bot_since is not None and action.time >= bot_since):
            left[id(action)] = "agent bots"
    return left


def bot_begins(run: Run) -> float | None:
    """When the run begins to put a bot before an inbox; what follows depends on it."""
    made = [call for call in run.calls if call.method == "POST" and _is_of_bots(call)]
    placed = any(call.path.endswith("/set_agent_bot") for call in run.calls)
    return made[0].time if made and placed else None


def _is_of_bots(call: Call) -> bool:
    return call.who == "bot" or re.search(r"/(agent_bots?|set_agent_bot)\b", call.path) is not None
