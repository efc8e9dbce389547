"""What a number of runs came to: counted, and every failure with what is needed to replay it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field


def percentile(values: list[float], share: float) -> float:
    """The value below which a share (0 to 1) of the values lie; 0 where there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Tally:
    """Of one kind of run against one version."""

    kind: str
    version: str
    seed: int
    must_be_zero: tuple[str, ...]
    """What the verdict hangs on."""
    runs: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    limits: dict[str, float] = field(default_factory=dict)
    """Of `seconds`: what the 95th percentile has to stay below."""
    started: float = field(default_factory=time.monotonic)

    def fail(self, what: str, details: str) -> None:
        """Count something that must not happen; `details` leads back to it."""
        self.counts[what] += 1
        self.failures.append(f"{what}: {details}")
        print(f"FAILED {self.kind} {self.version} seed {self.seed}: {what}: {details}", flush=True)

    def took(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)

    def merge(self, other: Tally) -> None:
        self.runs += other.runs
        self.counts += other.counts
        self.failures += other.failures
        for what, values in other.seconds.items():
            self.seconds.setdefault(what, []).extend(values)

    @property
    def good(self) -> bool:
        return not any(self.counts[one] for one in self.must_be_zero) and all(
            percentile(self.seconds.get(what, []), 0.95) < limit
            for what, limit in self.limits.items()
        )

    def report(self) -> str:
        """A few lines for a person."""
        took = time.monotonic() - self.started
        lines = [
            f"{self.kind} {self.version} seed {self.seed}: {self.runs} runs in {took:.0f} s: "
            f"{'good' if self.good else 'NOT GOOD'}"
        ]
        lines.append("  " + ", ".join(f"{one} {self.counts[one]}" for one in self.must_be_zero))
        others = sorted(self.counts.keys() - set(self.must_be_zero))
        lines += [f"  {one}: {self.counts[one]}" for one in others]
        for what, values in sorted(self.seconds.items()):
            limit = f" (must be < {self.limits[what]} s)" if what in self.limits else ""
            lines.append(
                f"  {what}: p50 {percentile(values, 0.5):.2f} s, p95 {percentile(values, 0.95):.2f}"
                f" s, max {max(values):.2f} s, of {len(values)}{limit}"
            )
        return "\n".join(lines)
