"""What the key bar says: the keys that mean something where the agent is, the weightiest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.binding import Binding

from revivatui import commands
from revivatui.widgets.chip_bar import NEVER, Chip

if TYPE_CHECKING:
    from textual.binding import BindingType

    from revivatui.command import Situation
    from revivatui.commands import Keys

Chips = tuple[list[Chip], list[Chip]]
_SHORTENS: Final = 55
"""The weight at which words give way to shorter ones: before any key leaves that matters more."""


def command_bindings(*places: str, action: str = "command") -> list[BindingType]:
    """The bindings of the table's commands for these places; `action` carries them out."""
    return [
        Binding(
            command.keys,
            f"{action}('{command.id}')",
            command.label,
            show=False,
            id=command.id,
            priority=command.first,
        )
        for command in commands.COMMANDS
        if command.where in places and command.keys
    ]


def key_chips(keys: Keys, place: str, now: Situation) -> Chips:
    """The keys of a place: what is done there at the left, what is always there at the right."""
    named = [one for one in commands.ALL if one.weight(place) and one.when(now)]
    named.sort(key=lambda one: -one.weight(place))
    chips: Chips = ([], [])
    taken: set[str] = set()
    for command in named:
        key = keys.first(command)
        if key in taken:
            continue  # what weighs more has the key now
        taken.add(key)
        weight = command.weight(place)
        chips[weight == NEVER].append(
            Chip(
                command.said(now), "muted", command.id, weight, lead=key,
                short=command.short_label or None, shortens=_SHORTENS,
            )
        )  # fmt: skip
    return chips


def canned_chips() -> Chips:
    """The keys while the canned responses are shown: the composer hands them on to the list."""
    return _told(("enter", "insert"), ("up/down", "choose"), ("esc", "close"))


def find_chips(*, filtered: bool) -> Chips:
    """The keys while the words to find are typed; `filtered`: the list shows what was found."""
    return _told(("enter", "filter"), ("esc", "clear" if filtered else "close"))


def _told(*keys: tuple[str, str]) -> Chips:
    return [Chip(words, "muted", "", NEVER, lead=key) for key, words in keys], []
