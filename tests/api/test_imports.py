"""Importing is cheap until somebody asks a server."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("httpx", "pydantic", "websockets", "textual", "ssl")


@pytest.mark.parametrize(
    "module", ["revivatui.api", "revivatui.api.errors", "revivatui.api.address"]
)
def test_errors_and_addresses_bring_in_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "[]"


def test_reading_frames_needs_no_http() -> None:
    script = "import sys, revivatui.api.wire\nprint('httpx' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "False"
