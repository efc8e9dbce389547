"""Who can be mentioned in a note, and the syntax that tells the server whom it concerns.

People read and write "@Name"; the server wants `[@Name](mention://user/ID/Name)` (contract 3.3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from revivatui.state.state import State

_LINK: Final = re.compile(r"\[@((?:[^\[\]\\]|\\.)+)\]\(mention://[^()\s]*\)")
_ESCAPED: Final = re.compile(r"([\\\[\]])")


class Mention(NamedTuple):
    """An agent or a team."""

    kind: str
    """user or team"""
    id: int
    name: str

    @property
    def link(self) -> str:
        label = _ESCAPED.sub(r"\\\1", self.name)
        return f"[@{label}](mention://{self.kind}/{self.id}/{quote(self.name, safe='')})"


def everybody(state: State) -> Iterator[Mention]:
    """The agents, and the teams where the server tells them from agents (4.x)."""
    for agent in state.agents.values():
        yield Mention("user", agent.id, agent.name)
    if not state.version.startswith("3."):
        for team in state.teams.values():
            yield Mention("team", team.id, team.name)


def matches(state: State, typed: str) -> list[Mention]:
    """Those whose name fits what was typed after the @, best first."""
    wanted = typed.casefold()
    ranked = []
    for one in everybody(state):
        name = one.name.casefold()
        if name.startswith(wanted):
            rank = 0
        elif any(word.startswith(wanted) for word in name.split()):
            rank = 1
        elif wanted in name:
            rank = 2
        else:
            continue
        ranked.append((rank, name, one))
    ranked.sort(key=lambda entry: entry[:2])
    return [one for _rank, _name, one in ranked]


def linked(state: State, text: str) -> str:
    """The text with every "@Name" of somebody known turned into the server's syntax."""
    known: dict[str, Mention] = {}
    for one in everybody(state):
        if one.name.strip():
            known.setdefault(one.name, one)
    if not known or "@" not in text:
        return text
    longest_first = sorted(known, key=len, reverse=True)
    names = "|".join(re.escape(name) for name in longest_first)
    pattern = re.compile(rf"(?<![\w\[@])@({names})(?!\w)")
    return pattern.sub(lambda match: known[match[1]].link, text)


def unlinked(text: str) -> str:
    """The text as people read it, with "@Name" for every mention."""
    return _LINK.sub(lambda match: "@" + re.sub(r"\\(.)", r"\1", match[1]), text)
