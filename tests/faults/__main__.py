"""The long runs of the fault harness.

    python -m tests.faults sends|cuts|kills|races|soak|wall|all --seed N --count M --chatwoot V
    python -m tests.faults binding --seed N --steps M

Every failure is printed with the seed and the number that replay it. The exit status is 0 where
everything that must be zero was zero.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final

from tests.faults.cuts import cuts
from tests.faults.kills import kills
from tests.faults.races import races
from tests.faults.sends import sends
from tests.faults.soak import soak
from tests.faults.tally import Tally
from tests.faults.wall import wall_soak
from tests.ui.binding import LONG_RUN, long_run

VERSIONS: Final = ("3.9.0", "4.10.1")
Kind = Callable[[str, int, int, int], Coroutine[Any, Any, Tally]]
"""(version, seed, count, first) -> what came of it."""
KINDS: Final[dict[str, tuple[Kind, int]]] = {
    "sends": (sends, 1000),
    "cuts": (cuts, 500),
    "kills": (kills, 200),
    "races": (races, 1000),
}
"""Kind -> (how it runs against one version, how many runs make a long run)."""


def options() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    made.add_argument("kind", choices=[*KINDS, "binding", "soak", "wall", "all"])
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--count", type=int, help="runs in all, shared by the versions")
    made.add_argument("--steps", type=int, default=LONG_RUN, help="of a walk over the binding")
    made.add_argument("--minutes", type=float, default=30, help="how long a soak lasts")
    made.add_argument("--first", type=int, default=0, help="the first run to play (to replay one)")
    made.add_argument("--chatwoot", choices=VERSIONS, help="one version (else both)")
    return made


def both(kind: str, seed: int, count: int | None) -> bool:
    """One kind against both versions at once, each in a process of its own; says how it went."""
    each = (KINDS[kind][1] if count is None else count) // len(VERSIONS)
    asked = [sys.executable, "-m", "tests.faults", kind, "--seed", str(seed), "--count", str(each)]
    running = [subprocess.Popen([*asked, "--chatwoot", version]) for version in VERSIONS]
    ended = [process.wait() for process in running]
    return not any(ended)


def one(kind: str, seed: int, count: int | None, first: int, version: str) -> bool:
    """One kind against one version; says how it went."""
    make, usual = KINDS[kind]
    tally = asyncio.run(make(version, seed, usual // 2 if count is None else count, first))
    print(tally.report(), flush=True)
    return tally.good


def main() -> int:
    given = options().parse_args()
    logging.getLogger("revivatui").setLevel(logging.CRITICAL)  # trouble is what we make here
    if given.kind in ("soak", "wall"):
        run = soak if given.kind == "soak" else wall_soak
        tally = asyncio.run(run(given.chatwoot or VERSIONS[-1], given.seed, given.minutes))
        print(tally.report(), flush=True)
        return 0 if tally.good else 1
    kinds = list(KINDS) if given.kind == "all" else [given.kind]
    good = True
    if given.kind in ("all", "binding"):
        good = long_run(given.steps, given.seed)
        kinds = [kind for kind in kinds if kind != "binding"]
    for kind in kinds:
        if given.chatwoot:
            went_well = one(kind, given.seed, given.count, given.first, given.chatwoot)
        else:
            went_well = both(kind, given.seed, given.count)
        good = good and went_well
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
