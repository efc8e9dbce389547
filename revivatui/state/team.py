"""Who is on the floor: one card an agent, from live presence and what the server was asked.

Pure: the state knows presence, `Figures` hold what reports said and when. What is not known is
None and never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from revivatui.state import select
from revivatui.state.presence_log import OFFLINE, Standing
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.state.admin import InboxSetup
    from revivatui.state.models import Agent, Conversation
    from revivatui.state.reports import AgentLive, SummaryRow
    from revivatui.state.state import State

WORDS: Final = ("online", "busy", OFFLINE)
"""Every word of availability, in the order in which a summary names them."""


@dataclass(frozen=True, slots=True)
class Held:
    """Open conversations of an agent, and those of them that wait for an answer."""

    open: int
    unattended: int


@dataclass(frozen=True, slots=True)
class Inboxes:
    """Who serves which inbox, as far as the server told."""

    by_agent: Mapping[int, tuple[InboxSetup, ...]] = field(default_factory=dict)

    def limit_of(self, agent_id: int) -> int | None:
        """Open conversations that an agent is given at most: what their inboxes say together.
        None where one of them gives without end."""
        limits = [one.limit for one in self.by_agent.get(agent_id, ()) if one.auto_assign]
        if not limits or None in limits:
            return None
        return sum(limit for limit in limits if limit is not None)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the server was asked for the cards, at one time."""

    at: float
    held: Mapping[int, Held] | None = None
    """By agent; who is missing holds nothing. None: not known."""
    of_what_is_seen: bool = False
    """`held` was counted in what this agent may see: there may be more."""
    cut: bool = False
    """And not to the end of it."""
    today: Mapping[int, SummaryRow] | None = None
    week: Mapping[int, SummaryRow] | None = None
    """Of the last seven days. Both for administrators only."""


@dataclass(frozen=True, slots=True)
class Card:
    """One agent as the Team screen shows them."""

    agent: Agent
    word: str
    standing: Standing | None
    """None: no map came yet."""
    held: Held | None
    limit: int | None
    today: SummaryRow | None
    week: SummaryRow | None
    inboxes: tuple[InboxSetup, ...] = ()
    is_me: bool = False

    @property
    def load(self) -> float | None:
        """The share of what they may hold."""
        if self.held is None or not self.limit:
            return None
        return self.held.open / self.limit

    @property
    def attention(self) -> tuple[int, str]:
        """How much they need somebody's eye (more: sooner), and why, in words."""
        if self.held is None:
            return 0, ""
        waiting = self.held.unattended
        if waiting and self.word == OFFLINE:
            return 3, f"offline, {waiting} unattended"
        if self.load is not None and self.load >= 1.0:
            return 2, "over the limit" if self.load > 1.0 else "at the limit"
        if waiting:
            return 1, f"{waiting} unattended"
        return 0, ""


def cards(state: State, figures: Figures | None, inboxes: Inboxes, capacity: int = 0) -> list[Card]:
    """Everybody, those first who need attention. `capacity` is the limit of those whose inboxes
    have none (0: none either)."""
    me = state.me
    agents = dict(state.agents)
    if me is not None:
        agents.setdefault(me.id, me)
    found = [_card(state, one, figures, inboxes, capacity) for one in agents.values()]
    return sorted(found, key=_pressing)


def _card(
    state: State, agent: Agent, figures: Figures | None, inboxes: Inboxes, capacity: int
) -> Card:
    held = None
    if figures is not None and figures.held is not None:
        held = figures.held.get(agent.id, Held(0, 0))
    floor = state.floor
    word = select.presence_of(state, agent)
    return Card(
        agent=agent,
        word=word,
        standing=floor.of(agent.id) if floor is not None and floor.at is not None else None,
        held=held,
        limit=inboxes.limit_of(agent.id) or capacity or None,
        today=_row(figures.today if figures else None, agent.id),
        week=_row(figures.week if figures else None, agent.id),
        inboxes=inboxes.by_agent.get(agent.id, ()),
        is_me=state.me is not None and agent.id == state.me.id,
    )


def _row(rows: Mapping[int, SummaryRow] | None, agent_id: int) -> SummaryRow | None:
    return None if rows is None else rows.get(agent_id)


def _rank(word: str) -> int:
    return WORDS.index(word) if word in WORDS else len(WORDS)


def _name(card: Card) -> str:
    return card.agent.name.casefold()


def _pressing(card: Card) -> tuple[Any, ...]:
    held = card.held or Held(0, 0)
    return (-card.attention[0], _rank(card.word), -held.unattended, -held.open, _name(card))


def _inbox_names(card: Card) -> str:
    return ", ".join(one.name for one in card.inboxes)


def _channels(card: Card) -> str:
    return ", ".join(dict.fromkeys(channel(one.channel_type) for one in card.inboxes))


def _since(card: Card) -> float:
    return card.standing.since if card.standing is not None else float("inf")


ORDERS: Final[Mapping[str, Callable[[Card], Any]]] = {
    "attention": _pressing,
    "name": _name,
    "inboxes": lambda card: (_inbox_names(card).casefold(), _name(card)),
    "status": lambda card: (_rank(card.word), _name(card)),
    "channels": lambda card: (_channels(card), _name(card)),
    "load": lambda card: (
        -(card.load if card.load is not None else -1.0),
        -(card.held.open if card.held else 0),
        _name(card),
    ),
    "time": lambda card: (_since(card), _name(card)),
}
"""Orders of the table, by the column they begin with."""


def ordered(found: Iterable[Card], by: str, *, backwards: bool = False) -> list[Card]:
    return sorted(found, key=ORDERS[by], reverse=backwards)


def summary(found: Iterable[Card]) -> dict[str, int]:
    """How many are what: every word of availability, and any other that was seen."""
    counts = dict.fromkeys(WORDS, 0)
    for card in found:
        counts[card.word] = counts.get(card.word, 0) + 1
    return counts


def channel(channel_type: str) -> str:
    """ "Channel::WebWidget" as people say it."""
    name = channel_type.rpartition(":")[2]
    return _CHANNELS.get(name, name.casefold())


_CHANNELS: Final = {
    "WebWidget": "website",
    "Api": "API",
    "Email": "e-mail",
    "TwilioSms": "SMS",
    "Sms": "SMS",
    "FacebookPage": "Facebook",
    "Whatsapp": "WhatsApp",
    "Telegram": "Telegram",
    "Line": "LINE",
    "Instagram": "Instagram",
}


def holds(rows: Mapping[int, AgentLive]) -> dict[int, Held]:
    """What the live report says of each agent."""
    return {id_: Held(row.open, row.unattended) for id_, row in rows.items()}


def counted(rows: Iterable[Conversation]) -> dict[int, Held]:
    """The same, counted in conversations: unattended is who had no answer yet, or waits for the
    next one (contract 6.4)."""
    found: dict[int, Held] = {}
    for row in rows:
        if row.status != "open" or row.assignee_id is None or row.assignee_kind != "User":
            continue
        before = found.get(row.assignee_id, Held(0, 0))
        waits = row.first_reply_at is None or row.waiting_since is not None
        found[row.assignee_id] = Held(before.open + 1, before.unattended + waits)
    return found


def initials(name: str) -> str:
    """Two letters at most: "CB" of Cleo Bench."""
    words = [word for word in name.split() if word]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()
