"""What the replay leaves out, by name: the output counts each."""

from __future__ import annotations

import re

from tools.conformance.recording import Action, Call, Run

# Runs of which the README says that calls or callers were not kept: read, never replayed.
PARSED_ONLY = ("burst", "worker", "restart", "receipts", "auth")

# Runs over rows of their own, which have commands of their own.
LATER_RUNS = re.compile(r"^(figures|lists)")

# Calls that the shop does not answer yet, by the name under which they are counted.
LATER_CALLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("figure calls", re.compile(r"/api/v2/|/api/v1/accounts/\d+/csat_survey_responses\b")),
)


def left_for_later(run: Run) -> dict[int, str]:
    """``id(action)`` -> the name under which it is left for later."""
    return {id(action): name for action in run.actions if (name := _later_call(action)) is not None}


def _later_call(action: Action) -> str | None:
    if not isinstance(action, Call):
        return None
    return next((name for name, pattern in LATER_CALLS if pattern.match(action.path)), None)
