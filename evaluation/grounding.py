"""Drafts with planted errors, and the same ones without: what the grounding check flags.

`python -m evaluation.grounding --seed 1 --misses` prints what went by and what was flagged for
nothing. Errors are drawn from a seed and spelled by `evaluation.spelling`, which shares nothing
with the check.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from evaluation.bounds import Bound
from evaluation.clean import Draft, drafts, shown_by_templates, shown_by_the_shop
from evaluation.planting import planted
from revivatui.copilot.grounding import Claim, check

COUNT: Final = 500
MOST_FALSE: Final = 2.0


@dataclass
class Figures:
    """What came out."""

    seed: int
    planted: int = 0
    unflagged: list[str] = field(default_factory=list)
    clean: int = 0
    false: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def false_percent(self) -> float:
        return 100 * len(self.false) / self.clean if self.clean else 100.0

    def lines(self) -> Iterator[str]:
        yield f"grounding, seed {self.seed}: {self.planted} drafts with an error each"
        yield "  " + ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        yield f"  unflagged {len(self.unflagged)}"
        share = f"{self.false_percent:.2f} %"
        yield f"  flagged for nothing {len(self.false)} of {self.clean} ({share})"
        middle = sorted(self.milliseconds)[len(self.milliseconds) // 2]
        most = max(self.milliseconds)
        yield f"  one check takes {middle:.2f} ms in the middle, {most:.1f} at most"


def figures(seed: int, count: int = COUNT) -> Figures:
    """Every error planted once in a draft of its own; every clean draft checked as it is."""
    print(f"grounding: seed {seed}", file=sys.stderr)
    random = Random(seed)
    found = Figures(seed)
    written = drafts(random, count)
    for at, draft in enumerate(written):
        error = planted(draft, at, random)
        found.planted += 1
        found.kinds[error.kind] += 1
        claims = _checked(error.text, draft, found)
        if not _covers(claims, error.start, error.end):
            found.unflagged.append(
                f"{error.kind}: {error.text[error.start : error.end]!r} in {error.text!r}"
            )
    for draft in (*written, *shown_by_templates(random), *shown_by_the_shop()):
        found.clean += 1
        if claims := _checked(draft.text, draft, found):
            told = "; ".join(one.words for one in claims)
            found.false.append(f"{draft.name}: {told} in {draft.text!r}")
    return found


def _checked(text: str, draft: Draft, found: Figures) -> Sequence[Claim]:
    began = time.perf_counter()
    claims = check(text, draft.ground)
    found.milliseconds.append(1000 * (time.perf_counter() - began))
    return claims


def _covers(claims: Sequence[Claim], start: int, end: int) -> bool:
    """Whether the very place of the error is underlined, not just anything in the draft."""
    return any(one.start < end and start < one.end for one in claims)


def bounds(seed: int = 1) -> Iterator[Bound]:
    """What `make eval` holds the check to."""
    found = figures(seed)
    yield Bound(
        "grounding: planted errors unflagged",
        len(found.unflagged),
        0,
        "at most",
        f"of {found.planted}, seed {seed}",
    )
    yield Bound(
        "grounding: false flags, percent",
        round(found.false_percent, 2),
        MOST_FALSE,
        "below",
        f"of {found.clean} clean drafts",
    )


def main() -> int:
    options = argparse.ArgumentParser(prog="evaluation.grounding", description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=COUNT)
    options.add_argument("--misses", action="store_true")
    chosen = options.parse_args()
    found = figures(chosen.seed, chosen.count)
    print("\n".join(found.lines()))
    if chosen.misses:
        print("\n".join((*found.unflagged, *found.false)))
    return 1 if found.unflagged or found.false_percent >= MOST_FALSE else 0


if __name__ == "__main__":
    sys.exit(main())
