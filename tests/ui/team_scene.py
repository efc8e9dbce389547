"""A team of the fixed day: what a server told an administrator, and what the desk had logged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from revivatui.api.answers import Page
from revivatui.state import events
from revivatui.state.admin import InboxSetup
from revivatui.state.models import Account, Agent, Counts
from revivatui.state.presence_log import Entry
from revivatui.state.reports import AgentLive, LiveCounts, Summary, SummaryRow, Totals
from tests.ui.quiet_engine import QuietEngine
from tests.ui.scene import HOUR, MINUTE, NOW, Scene, SceneApp

AGENTS = (
    Agent(1, "Ben Counter", "ben@shop.example", "administrator", "online"),
    Agent(2, "Cleo Bench", "cleo@shop.example", "agent", "busy"),
    Agent(3, "Dara Desk", "dara@shop.example"),
    Agent(4, "Emília Gonçalves da Silva Pereira", "emilia.goncalves@shop.example"),
    Agent(5, "王芳", "wang@shop.example"),
    Agent(6, "Finn Board", "finn@shop.example"),
)
INBOXES = (
    InboxSetup(1, "Website", "Channel::WebWidget", limit=8),
    InboxSetup(2, "Phone app", "Channel::Api", limit=4),
)
HELD = {1: (3, 0), 2: (12, 2), 3: (2, 1), 4: (7, 0), 5: (4, 1), 6: (0, 0)}
EVERYBODY = {1: "online", 2: "busy", 4: "online", 5: "online"}


def seen() -> Iterable[events.Event]:
    """Maps over the last hours: who came and went since the desk was opened."""
    yield events.PresenceSeen({1: "online", 2: "online", 3: "online"}, {}, NOW - 2 * HOUR)
    at, moment = NOW - 2 * HOUR, {1: "online", 2: "online", 3: "online"}
    while at < NOW:
        at = min(NOW, at + 10)
        if at > NOW - 72 * MINUTE:
            moment = {**moment, 5: "online"}
        if at > NOW - 14 * MINUTE:
            moment = {**moment, 2: "busy", 4: "online"}
        if at > NOW - 6 * MINUTE:
            moment = {who: word for who, word in moment.items() if who != 3}
        yield events.PresenceSeen(moment, {}, at)


def told(role: str = "administrator") -> tuple[events.Event, ...]:
    me = replace(AGENTS[0], role=role)
    signed = events.SignedIn(Account(1, "Reviva Repairs"), me, "4.10.1")
    return (signed, events.AgentsLoaded((me, *AGENTS[1:])), *seen())


def log() -> list[Entry]:
    """Cleo's day: a desk that was opened at nine and closed over noon."""
    nine = NOW - 5 * HOUR - 5 * MINUTE
    return [
        Entry(1, nine, "begin"),
        Entry(1, nine + 20 * MINUTE, "presence", 2, "online"),
        Entry(1, nine + 95 * MINUTE, "presence", 2, "busy"),
        Entry(1, nine + 110 * MINUTE, "presence", 2, "online"),
        Entry(1, nine + 112 * MINUTE, "assigned", 2, "", 1040),
        Entry(1, nine + 125 * MINUTE, "status", 2, "resolved", 1033),
        Entry(1, nine + 160 * MINUTE, "mark"),
        Entry(2, nine + 185 * MINUTE, "begin"),
        Entry(2, nine + 185 * MINUTE, "presence", 2, "online"),
        Entry(2, NOW - 14 * MINUTE, "presence", 2, "busy"),
        Entry(2, NOW, "mark"),
    ]


class TeamClient:
    """Answers as the server did on that day."""

    def __init__(self) -> None:
        scene = Scene()
        self._rows = tuple(
            replace(scene.conversation(n), assignee_id=2, waiting_since=NOW - (4 - n) * MINUTE)
            for n in range(4)
        )
        self._contacts = tuple(scene.contact(n) for n in range(4))

    async def agents_live(self) -> tuple[AgentLive, ...]:
        return tuple(AgentLive(one.id, one.name, one.email, "", *HELD[one.id]) for one in AGENTS)

    async def summary_rows(self, _of: str, asked: Any) -> tuple[SummaryRow, ...]:
        days = 7 if asked.until - asked.since > 2 * 24 * HOUR else 1
        return tuple(
            SummaryRow(one.id, days * (12 - one.id), days * (9 - one.id),
                       3700.0 * one.id, 47.0 * one.id**2, 95.0 * one.id)
            if one.id != 6 else SummaryRow(6, 0, 0, None, None, None)
            for one in AGENTS
        )  # fmt: skip

    async def inbox_setups(self) -> tuple[InboxSetup, ...]:
        return INBOXES

    async def inbox_members(self, inbox_id: int) -> tuple[int, ...]:
        return (2, 3, 4, 5) if inbox_id == 1 else (2, 5)

    async def filter(self, _conditions: object, _page: int = 1) -> Page:
        return Page(self._rows, self._contacts, None, last=True)

    async def conversations(self, _view: object, _page: int = 1) -> Page:
        return Page(self._rows, self._contacts, Counts(3, 5, 31), last=False)

    async def live_counts(self) -> LiveCounts:
        return LiveCounts(28, 9, 5, 2)

    async def summary(self, _asked: object) -> Summary:
        totals = Totals(41, 130, 122, 30, 104.0, 5400.0, 240.0)
        return Summary(totals, totals)


class _Floor:
    trouble = ""

    async def between(self, _since: float, _until: float) -> list[Entry]:
        return log()


class TeamEngine(QuietEngine):
    """The quiet engine, with a server's answers of that day."""

    def __init__(self, app: SceneApp) -> None:
        super().__init__(app)
        self.floor = _Floor()
        self._client = TeamClient()

    async def ask(self, call: Callable[[Any], Awaitable[Any]]) -> Any:
        return await call(self._client)
