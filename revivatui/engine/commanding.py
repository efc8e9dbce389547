"""A program of the shop's own that is told something: arguments as a list, no shell, a time limit.

What is told goes to its standard input as JSON; what it writes goes nowhere near the screen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Sequence
from typing import Any, Final

from revivatui.text.safe import safe_line
from revivatui.text.width import truncate

SECONDS: Final = 10.0
"""How long it may take."""
_TOLD: Final = 120
"""Cells of what it said that an error repeats."""
_OURS: Final = "REVIVATUI_"
"""How the names of variables begin that are not the program's business: one holds a token."""


class CommandFailed(Exception):
    """It could not be started, took too long or said no; the text is a sentence."""


async def run_command(argv: Sequence[str], told: Any, seconds: float = SECONDS) -> None:
    """Run it to its end. Raises CommandFailed."""
    name = safe_line(os.path.basename(argv[0])) if argv else ""
    if not name:
        raise CommandFailed("No program is named.")
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={one: value for one, value in os.environ.items() if not one.startswith(_OURS)},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CommandFailed(f"{name} cannot be started: {safe_line(why)}.") from None
    try:
        async with asyncio.timeout(seconds):
            _, said = await process.communicate(json.dumps(told, ensure_ascii=False).encode())
    except TimeoutError:
        raise CommandFailed(f"{name} took longer than {seconds:g} s and was ended.") from None
    finally:
        await _ended(process)
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        last = f": {truncate(safe_line(lines[-1]), _TOLD)}" if lines else ""
        raise CommandFailed(f"{name} ended with {process.returncode}{last}.")


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Nothing that it started is left behind."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
