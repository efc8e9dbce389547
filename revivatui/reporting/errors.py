"""What can go wrong with a report, beside what the server says."""

from __future__ import annotations


class ReportError(Exception):
    """It was not made, written or told; the text is a sentence and holds no secret."""
