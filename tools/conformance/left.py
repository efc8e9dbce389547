"""What the replay leaves out, by name: the output counts each."""

from __future__ import annotations

import re

# Runs of which the README says that calls or callers were not kept: read, never replayed.
PARSED_ONLY = ("burst", "worker", "restart", "receipts", "auth")

# Runs over rows of their own, which have commands of their own.
LATER_RUNS = re.compile(r"^(figures|lists)")
