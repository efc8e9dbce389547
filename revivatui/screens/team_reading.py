"""What the Team screen asks the server: the live figures, the day's and the week's, who serves
what; and, for who is no administrator, the conversations that they may see."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from revivatui.engine.asking import NotAnswered
from revivatui.state.models import ListView
from revivatui.state.records import dataclass
from revivatui.state.reports import Question
from revivatui.state.team import Figures, Inboxes, counted, holds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from revivatui.api.answers import Page
    from revivatui.api.client import ChatwootClient
    from revivatui.screens.session import Session
    from revivatui.state.admin import InboxSetup
    from revivatui.state.models import Conversation

MOST_PAGES: Final = 12
"""Pages of open conversations that are counted for who gets no reports."""
MOST_COUNTED: Final = 25 * MOST_PAGES
OPEN: Final = ListView(tab="all")
WEEK_DAYS: Final = 7
DAY: Final = 86_400.0


def midnight(now: float, tz: tzinfo | None, days_ago: int = 0) -> float:
    """When the reader's day began, or one before it."""
    day = datetime.fromtimestamp(now, tz).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day - timedelta(days=days_ago)).timestamp()


def is_administrator(session: Session) -> bool:
    me = session.state.me
    return me is not None and me.role == "administrator"


async def read_figures(session: Session) -> Figures:
    """Raises NotAnswered."""
    if is_administrator(session):
        try:
            return await _reported(session)
        except NotAnswered as error:
            if error.why != "not_allowed":
                raise
    return await _seen(session)


async def _reported(session: Session) -> Figures:
    ask, now, tz = session.engine.ask, session.clock(), session.tz
    today = Question(midnight(now, tz), now)
    week = Question(midnight(now, tz, WEEK_DAYS - 1), now)
    live = await ask(lambda client: client.agents_live())
    at = session.clock()
    of_today = await ask(lambda client: client.summary_rows("agent", today))
    of_week = await ask(lambda client: client.summary_rows("agent", week))
    return Figures(
        at=at,
        held=holds({row.id: row for row in live}),
        today={row.id: row for row in of_today},
        week={row.id: row for row in of_week},
    )


async def _seen(session: Session) -> Figures:
    rows: dict[int, Conversation] = {}
    page, last = 0, False
    while not last and page < MOST_PAGES:
        page += 1
        answer = await session.engine.ask(partial(_page_of_open, page))
        rows.update((row.id, row) for row in answer.conversations)
        last = answer.last
    return Figures(session.clock(), counted(rows.values()), of_what_is_seen=True, cut=not last)


async def _page_of_open(page: int, client: ChatwootClient) -> Page:
    return await client.conversations(OPEN, page)


async def _members(inbox_id: int, client: ChatwootClient) -> tuple[int, ...]:
    return await client.inbox_members(inbox_id)


async def read_inboxes(session: Session) -> Inboxes:
    """Who serves what; nothing where that is not told. Raises NotAnswered."""
    try:
        setups = await session.engine.ask(lambda client: client.inbox_setups())
        by_agent: dict[int, tuple[InboxSetup, ...]] = {}
        for setup in sorted(setups, key=lambda one: one.name.casefold()):
            for who in await session.engine.ask(partial(_members, setup.id)):
                by_agent[who] = (*by_agent.get(who, ()), setup)
    except NotAnswered as error:
        if error.why not in ("not_allowed", "not_there"):
            raise
        return Inboxes()
    return Inboxes(by_agent)


@dataclass(frozen=True, slots=True)
class Holding:
    """Open conversations of an agent, the newest activity first."""

    rows: tuple[Conversation, ...]
    names: Mapping[int, str]
    """Of the customers, by contact."""
    more: bool


async def read_holding(session: Session, agent_id: int) -> Holding:
    """The newest 50. Raises NotAnswered."""
    conditions: list[Mapping[str, object]] = [
        {"attribute_key": "assignee_id", "filter_operator": "equal_to", "values": [agent_id],
         "query_operator": "and"},
        {"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"],
         "query_operator": None},
    ]  # fmt: skip
    pages = [await session.engine.ask(lambda client: client.filter(conditions))]
    if not pages[0].last:
        pages.append(await session.engine.ask(lambda client: client.filter(conditions, 2)))
    return Holding(
        rows=tuple(row for page in pages for row in page.conversations),
        names={one.id: one.name for page in pages for one in page.contacts},
        more=not pages[-1].last,
    )
