"""What came of a change, in words: what was wanted beside what the server holds now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.admin_change import Difference
from revivatui.text.width import truncate
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.state.admin_change import Change

MOST: Final = 4
"""Fields that are said."""


class Outcome(NamedTuple):
    words: str
    is_as_wanted: bool


def outcome(change: Change, now: Mapping[str, str] | None, trouble: str = "") -> Outcome:
    """`now`: the record in words, None where it is gone; `trouble`: what the sending said."""
    end = f" {trouble}" if trouble else ""
    if change.wanted is None:
        if now is None:
            return Outcome(f"{change.title}: it is gone.", True)
        return Outcome(f"{change.title}: it is still there.{end}", False)
    if now is None:
        return Outcome(f"{change.title}: the server does not have it.{end}", False)
    other = [
        Difference(name, words, now.get(name, ""))
        for name, words in change.wanted.items()
        if now.get(name, "") != words
    ]
    if other:
        said = "; ".join(f"{one.field} is {_short(one.after)}" for one in other[:MOST])
        return Outcome(f"{change.title}: not as wanted. Now {said}.{end}", False)
    return Outcome(f"{change.title}. Now: {_said(change.differences)}.", True)


def _said(found: Sequence[Difference]) -> str:
    said = [f"{one.field} {_short(one.after)}" for one in found if one.after][:MOST]
    more = len(found) - MOST
    return ", ".join(said) + (f" and {more} more" if more > 0 else "") if said else "as it was"


def _short(text: str) -> str:
    return truncate(text.replace("\n", " ") or "empty", 40, symbols.ellipsis)
