"""Patterns that are compiled when the first text needs them.

Classes of thousands of Unicode ranges take milliseconds each to compile; the first frame shows
text that was cleaned when it came, and needs none of them.
"""

from __future__ import annotations

import re
from functools import cached_property


class Pattern:
    """A regular expression, compiled at its first use."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)
