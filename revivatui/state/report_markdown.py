"""A report as Markdown: in full as a file, in short as a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from revivatui.state import report_words as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from revivatui.state.report_data import ShopReport

_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#~])")
_TEMPLATE: Final = re.compile(r"\{(?=[{%])")
"""What Chatwoot would run in a message (contract 3.3)."""
_LONGEST: Final = 400
"""Letters of a customer's comment that are repeated."""


def markdown(report: ShopReport) -> str:
    """Everything, tables included."""
    lines = [f"# {_plain(words.title(report))}", "", _plain(words.as_of(report))]
    for caption, heads, rows in words.tables(report):
        lines += ["", f"## {caption}", "", *_table(heads, rows)]
    lines += ["", "## Comments", "", *_comments(report)]
    lines += ["", "## What is counted", ""]
    lines += [f"- **{name}**: {_plain(text)}" for name, text in report.definitions.items()]
    lines += [f"- {_plain(text)}" for text in report.footnotes]
    return "\n".join(lines) + "\n"


def short(report: ShopReport) -> str:
    """What fits into a private note: the figures with their targets, and the busiest."""
    lines = [f"**{_plain(words.title(report))}**", _plain(words.as_of(report)), ""]
    for one in report.figures:
        parts = [words.value(one), words.verdict(one), words.trend(one, report.period.noun)]
        lines.append(f"- {one.kind.name}: {_plain('; '.join(part for part in parts if part))}")
    busy = [f"{one.name} {one.value:,.0f}" for one in report.by_agent.bars[:5]]
    if busy:
        lines += ["", f"Conversations by agent: {_plain(', '.join(busy))}"]
    if report.alerts:
        lines += ["", f"Alerts in this {report.period.noun}: {len(report.alerts)}"]
    return _TEMPLATE.sub("{ ", "\n".join(lines))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        yield "Nothing in this time."
        return
    yield f"| {' | '.join(map(_plain, heads))} |"
    yield (
        f"| --- |{' ---: |' * (len(heads) - 1)}"
        if len(heads) == 3
        else (f"|{' --- |' * len(heads)}")
    )
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"


def _comments(report: ShopReport) -> Iterator[str]:
    if not report.comments:
        yield "None in this time."
    for index, one in enumerate(report.comments):
        text = " ".join(one.comment.split())[:_LONGEST]
        yield f"- {_plain(words.comment_head(report, index))}: {_plain(text)}"
    if note := words.comments_note(report):
        yield f"\n{note}"


def _plain(text: str) -> str:
    """Text from outside marks nothing up, and stays in its cell."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
