"""Reads the parts of a board, one question after the other, and the conversations behind points."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from revivatui.crm.errors import CrmError
from revivatui.engine.asking import NotAnswered
from revivatui.state import analytics_board as parts
from revivatui.state.analytics_behind import conditions, whole
from revivatui.state.analytics_board import Part
from revivatui.state.analytics_charts import STATUSES, Share, channel_words
from revivatui.state.analytics_tiles import Load, load_of
from revivatui.state.models import ListView
from revivatui.text.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from revivatui.api.answers import ConversationRead, Messages, Page
    from revivatui.api.client import ChatwootClient
    from revivatui.screens.session import Session
    from revivatui.state.admin import InboxSetup
    from revivatui.state.analytics_behind import Behind
    from revivatui.state.analytics_board import Board
    from revivatui.state.figures.working import WorkingHours
    from revivatui.state.models import Contact, Conversation, Counts, Message
    from revivatui.state.reports import LiveCounts, Rating
    from revivatui.state.team import Inboxes

    Ratings = tuple[tuple[Rating, ...], bool]

T = TypeVar("T")

APART: Final = 0.05
"""Seconds between two questions: the desk's own are to come through between them."""
PATIENCE: Final = 3
"""How often a question is asked again that came too early for the server's limit."""
LONGEST_WAIT: Final = 70.0
MOST_CONVERSATIONS: Final = 1000
MOST_PAGES_OF_A_THREAD: Final = 25
BRIDGE_PATIENCE: Final = 20.0
RATINGS_PER_PAGE: Final = 25


class TooMany(NotAnswered):
    """More than is read one by one."""

    def __init__(self, many: int, most: int) -> None:
        super().__init__(
            f"{many:,} conversations would have to be read one by one; up to {most:,} are."
            " A shorter range has fewer.",
            "other",
        )


class Reader:
    """Asks for one screen. `told` is called with what it waits for, "" when it does not."""

    def __init__(self, session: Session, told: Callable[[str], None]) -> None:
        self._session = session
        self._told = told
        self._inboxes: Inboxes | None = None
        """Who serves what: asked for once while the room is open, an inbox at a time."""

    async def ask(self, call: Callable[[ChatwootClient], Awaitable[T]]) -> T:
        """Ask, and wait where the server takes no more questions for now. Raises NotAnswered."""
        for _ in range(PATIENCE):
            try:
                return await self._session.engine.ask(call)
            except NotAnswered as error:
                if not 0 < error.wait <= LONGEST_WAIT:
                    raise
                self._told(f"the server takes no more questions for {error.wait:.0f} s")
                await asyncio.sleep(error.wait)
                self._told("")
        return await self._session.engine.ask(call)

    @property
    def session(self) -> Session:
        return self._session

    def now(self) -> float:
        """Epoch seconds, by the desk's clock."""
        return self._session.clock()

    # --- the parts of a board ------------------------------------------------------------------

    async def read(self, board: Board, name: str) -> Part:
        """One part; what went wrong is in it."""
        try:
            value = await self._value(board, name)
        except NotAnswered as error:
            return Part(trouble=str(error), why=error.why)
        except CrmError as error:
            return Part(trouble=str(error), why="other")
        return Part(value, self._session.clock())

    async def _value(self, board: Board, name: str) -> Any:
        asked = board.question
        kind, _, metric = name.partition(":")
        match kind:
            case "series":
                return await self.ask(lambda client: client.series(metric, asked))
            case "before":
                return await self.ask(lambda client: client.series(metric, board.before))
            case parts.SUMMARY:
                return await self.ask(lambda client: client.summary(asked))
            case parts.LIVE:
                return await self._live()
            case parts.TEAMS:
                return await self.ask(lambda client: client.live_groups("team_id"))
            case parts.AGENTS:
                return await self.ask(lambda client: client.summary_rows("agent", asked))
            case parts.HOURS:
                hourly = replace(asked, group_by="hour")
                return await self.ask(lambda client: client.series("conversations_count", hourly))
            case parts.UPTIME:
                return await self._uptime()
            case parts.LOAD:
                return await self._load()
            case parts.SHARES:
                return await self._shares(board)
            case _:
                return await self._ratings(board, name)

    async def _live(self) -> LiveCounts:
        """The server's overview says 0 pending whatever there is (contract 6.4): the list's count
        says how many there are."""
        live = await self.ask(lambda client: client.live_counts())
        view = ListView(tab="all", status="pending")
        return replace(live, pending=(await self.counts(view)).all)

    async def _ratings(self, board: Board, name: str) -> Any:
        if name == parts.COMMENTS:
            return (await self.ratings(board, 1))[0]
        asked = board.before if name == parts.RATINGS_BEFORE else board.question
        only = ratings_of(board)
        since, until = asked.since, asked.until
        return await self.ask(lambda client: client.satisfaction(since, until, **only))

    async def _uptime(self) -> Any:
        """What the bridge recorded of itself; None where none did."""
        if self._session.look_at_bridge is None:
            return None
        bridge = self._session.look_at_bridge()
        try:
            async with asyncio.timeout(BRIDGE_PATIENCE):
                report = await bridge.report()
        except TimeoutError:
            raise CrmError("The bridge's database does not answer.") from None
        finally:
            await bridge.close()
        return report.uptime if report is not None else None

    async def _load(self) -> Load:
        """What the agents who are online hold, of what they can hold."""
        from revivatui.screens.team_reading import read_inboxes

        rows = await self.ask(lambda client: client.agents_live())
        if self._inboxes is None:
            self._inboxes = await read_inboxes(self._session)
        inboxes, capacity = self._inboxes, self._session.team_capacity
        limits = {row.id: inboxes.limit_of(row.id) or capacity for row in rows}
        return load_of(rows, limits)

    async def _shares(self, board: Board) -> tuple[Share, ...]:
        if not board.is_old:
            rows = await self.ask(lambda client: client.channel_rows(board.question))
            made = [
                Share(
                    channel_words(row.channel),
                    (row.open, row.pending, row.snoozed, row.resolved),
                    row.channel,
                )
                for row in rows
            ]
            return tuple(sorted(made, key=lambda share: (-sum(share.counts), share.name)))
        everything = replace(whole(board), scope="account", scope_id=None)
        found, _contacts, _is_whole = await self.conversations(
            everything, lambda done, of: None, only_all=True
        )
        return self._by_inbox(found)

    def _by_inbox(self, found: Iterable[Conversation]) -> tuple[Share, ...]:
        counts: dict[int, list[int]] = {}
        for one in found:
            if one.status in STATUSES:
                row = counts.setdefault(one.inbox_id, [0] * len(STATUSES))
                row[STATUSES.index(one.status)] += 1
        inboxes = self._session.state.inboxes
        made = [
            Share(inboxes[id_].name if id_ in inboxes else f"#{id_}", tuple(row), str(id_))
            for id_, row in counts.items()
        ]
        return tuple(sorted(made, key=lambda share: (-sum(share.counts), share.name)))

    # --- conversations -------------------------------------------------------------------------

    async def conversations(
        self, behind: Behind, progress: Callable[[int, int], None], *, only_all: bool = False
    ) -> tuple[list[Conversation], dict[int, Contact], bool]:
        """Those that a point stands for, newest first, with their customers, and whether that is
        all: at most a thousand are read. `progress` gets how many were read, of how many. Raises
        TooMany where `only_all` are of use."""
        found: dict[int, Conversation] = {}
        contacts: dict[int, Contact] = {}
        asked, page, is_last = conditions(behind), 0, False
        total = 0
        while not is_last and len(found) < MOST_CONVERSATIONS:
            page += 1
            answer = await self._page(asked, page)
            is_last, total = answer.last, answer.counts.all if answer.counts else 0
            if only_all and total > MOST_CONVERSATIONS:
                raise TooMany(total, MOST_CONVERSATIONS)
            self._take(answer, found, contacts)
            progress(len(found), max(total, len(found)))
            await asyncio.sleep(APART)
        if is_last and page > 1 and len(found) < total:
            # One that something happened to meanwhile went up to a page that was read before.
            self._take(await self._page(asked, 1), found, contacts)
        tz = self._session.tz
        kept = [one for one in found.values() if behind.takes(one, tz)]
        kept.sort(key=lambda one: (-one.created_at, -one.id))
        return kept, contacts, is_last

    async def _page(self, asked: Sequence[Mapping[str, object]], page: int) -> Page:
        return await self.ask(lambda client: client.filter(asked, page))

    def _take(
        self, page: Page, found: dict[int, Conversation], contacts: dict[int, Contact]
    ) -> None:
        found.update((one.id, one) for one in page.conversations)
        contacts.update((one.id, one) for one in page.contacts)

    async def events(self, conversation_id: int) -> tuple[dict[str, Any], ...] | None:
        """The server's own reporting events of a conversation; None where it gives none."""
        try:
            rows = await self.ask(lambda client: client.events_of(conversation_id))
        except NotAnswered as error:
            if error.why in ("not_there", "not_allowed"):
                return None
            raise
        return tuple(asdict(row) for row in rows)

    async def conversation(self, conversation_id: int) -> ConversationRead:
        return await self.ask(lambda client: client.conversation(conversation_id))

    async def ratings(self, board: Board, page: int, rating: int | None = None) -> Ratings:
        """A page of the ratings of the range, newest first, and whether it is the last."""
        asked, only = board.question, {**ratings_of(board), "rating": rating}
        rows = await self.ask(lambda client: client.ratings(asked.since, asked.until, page, **only))
        return rows, len(rows) < RATINGS_PER_PAGE

    async def counts(self, view: ListView) -> Counts:
        return await self.ask(lambda client: client.counts(view))

    async def hours(self) -> dict[int, WorkingHours]:
        """When each inbox is open; those without working hours are missing."""
        setups = await self.ask(lambda client: client.inbox_setups())
        found = {setup.id: hours_of(setup) for setup in setups}
        return {inbox_id: hours for inbox_id, hours in found.items() if hours is not None}

    async def _messages(self, conversation_id: int, oldest: int | None) -> Messages:
        return await self.ask(lambda client: client.messages(conversation_id, before=oldest))

    async def thread(self, conversation_id: int) -> tuple[Message, ...]:
        """Every message of a conversation, oldest first."""
        messages: list[Message] = []
        oldest: int | None = None
        for _ in range(MOST_PAGES_OF_A_THREAD):
            page = await self._messages(conversation_id, oldest)
            messages[:0] = page.messages
            if page.complete or not page.messages:
                break
            oldest = page.messages[0].id
        return tuple(messages)


def hours_of(setup: InboxSetup) -> WorkingHours | None:
    """An inbox's working hours, as our own calculation wants them."""
    from revivatui.state.figures.working import working_hours_of

    days = [
        {
            "day_of_week": day.day,
            "closed_all_day": day.closed,
            "open_all_day": day.all_day,
            "open_hour": day.open_hour,
            "open_minutes": day.open_minutes,
            "close_hour": day.close_hour,
            "close_minutes": day.close_minutes,
        }
        for day in setup.hours
    ]
    return working_hours_of(
        {
            "working_hours_enabled": setup.hours_enabled,
            "timezone": setup.timezone,
            "working_hours": days,
        }
    )


def ratings_of(board: Board) -> dict[str, int | None]:
    """How the server's ratings are narrowed to the scope: a label is none that it knows."""
    wanted = board.wanted
    if wanted.scope in ("agent", "inbox", "team"):
        return {f"{wanted.scope}_id": wanted.scope_id}
    return {}


def reason(error: Exception) -> str:
    """What went wrong, as one safe line."""
    return safe_line(str(error))
