"""What a replay found: differences, those that are explained, and what was left out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

EXPLAINED = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True)
class Explanation:
    """A pattern that a difference's line matches, and why such a difference stays."""

    pattern: re.Pattern[str]
    reason: str


def read_explained(path: Path = EXPLAINED) -> list[Explanation]:
    """The explained list: every entry has a pattern and a reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("explained", [])
    return [Explanation(re.compile(entry["pattern"]), entry["reason"]) for entry in entries]


@dataclass
class Report:
    """Counts and difference lines of one command."""

    version: str
    explained: list[Explanation] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    parsed_only: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(self, where: str, what: object) -> None:
        """One difference; the same line again is one difference."""
        line = f"{self.version} {where}: {what}"
        if line not in self.lines:
            self.lines.append(line)

    def explanation(self, line: str) -> Explanation | None:
        return next((one for one in self.explained if one.pattern.search(line)), None)

    @property
    def unexplained(self) -> list[str]:
        return [line for line in self.lines if self.explanation(line) is None]

    def text(self) -> str:
        """Everything found, for people to read; unexplained differences last."""
        parts = [f"  value  {line}" for line in self.values]
        reasons: Counter[str] = Counter()
        for line in self.lines:
            if (explanation := self.explanation(line)) is not None:
                reasons[explanation.reason] += 1
        parts += [f"  DIFFERS  {line}" for line in self.unexplained]
        parts += [f"explained {count}: {reason}" for reason, count in sorted(reasons.items())]
        parts += [f"read, not replayed: {name} ({count} rows)"
                  for name, count in sorted(self.parsed_only.items())]  # fmt: skip
        named = ", ".join(f"{name} {count}" for name, count in sorted(self.left.items()))
        total = sum(self.left.values())
        parts.append(f"left for later: {total} ({named})" if named else "left for later: 0")
        parts.append(", ".join(f"{name} {count}" for name, count in self.counts.items()))
        parts.append(
            f"Chatwoot {self.version}: {len(self.unexplained)} unexplained differences, "
            f"{len(self.lines) - len(self.unexplained)} explained"
        )
        return "\n".join(part for part in parts if part)
