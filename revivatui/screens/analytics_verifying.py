"""Verify: works a figure out anew from the conversations themselves, and says how both compare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType

from revivatui.engine.asking import NotAnswered
from revivatui.screens.analytics_finding import Found
from revivatui.screens.analytics_lines import named_lines, sentences
from revivatui.screens.analytics_pages import Told, WorkPage
from revivatui.screens.analytics_reading import TooMany
from revivatui.state import analytics_board as parts
from revivatui.state.analytics_behind import ANY, Behind, alive, whole
from revivatui.state.analytics_board import series
from revivatui.state.analytics_charts import BY_ID
from revivatui.state.analytics_checks import Check, check_chart, check_tile, own_tiles
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from revivatui.screens.analytics_deeds import AnalyticsDeeds
    from revivatui.screens.analytics_reading import Reader
    from revivatui.screens.session import Session
    from revivatui.state.analytics_board import Board
    from revivatui.state.analytics_tiles import Tile
    from revivatui.state.figures.rows import Rows
    from revivatui.state.models import Contact, Conversation, Message
    from revivatui.state.reports import Rating

MOST_THREADS: Final = 400
"""Conversations whose threads are read for one figure."""
NOTHING_TO_READ: Final = {
    "utilisation": "It is made of who is online now; no conversation tells that.",
    "uptime": "The bridge counts it itself, minute by minute (health room, H).",
}
BY_RECORD: Final = frozenset({"conversations", "unattended"})
"""Figures that the conversations' own records tell, without their messages."""


class Raw(NamedTuple):
    """What was read: the rows, and how far they can be trusted."""

    rows: Rows
    events_told: bool
    unread: int
    """Conversations that are missing, or whose thread is."""
    found: tuple[Conversation, ...]
    contacts: Mapping[int, Contact]


async def raw_of(
    reader: Reader,
    session: Session,
    board: Board,
    wanted: Behind,
    told: Callable[[str], None],
    *,
    threads: bool,
) -> Raw:
    """Read the conversations, their threads or events where `threads` says so, and the ratings.
    Raises NotAnswered or CrmError."""
    from revivatui.state.figures.conversations import People, rows_from

    def progress(done: int, of: int) -> None:
        told(f"read {done:,} of {of:,} conversations")

    found, contacts, is_whole = await reader.conversations(wanted, progress, only_all=True)
    if threads and len(found) > MOST_THREADS:
        raise TooMany(len(found), MOST_THREADS)
    unread = 0 if is_whole else 1
    messages: list[Message] = []
    events: dict[int, Sequence[Any]] | None = {} if not board.is_old else None
    if threads:
        messages, events, missed = await _threads(reader, found, events, told)
        unread += missed
    state = session.state
    people = People(
        tuple(state.agents.values()),
        tuple(state.inboxes.values()),
        tuple(state.teams.values()),
        tuple(state.labels.values()),
    )
    hours = await reader.hours() if messages and board.wanted.business_hours else {}
    rows = rows_from(found, messages, (), events, version=board.version, people=people, hours=hours)
    return Raw(rows, events is not None and threads, unread, tuple(found), contacts)


async def _threads(
    reader: Reader,
    found: Sequence[Conversation],
    events: dict[int, Sequence[Any]] | None,
    told: Callable[[str], None],
) -> tuple[list[Message], dict[int, Sequence[Any]] | None, int]:
    """The server's own events of each conversation where it gives them, else all its messages."""
    messages: list[Message] = []
    missed = 0
    for place, one in enumerate(found):
        told(f"read {place:,} of {len(found):,} conversations")
        try:
            if events is not None:
                rows = await reader.events(one.id)
                if rows is not None:
                    events[one.id] = rows
                    continue
                events = None
                messages.clear()
            messages += await reader.thread(one.id)
        except NotAnswered as error:
            if error.why not in ("not_there", "not_allowed"):
                raise
            missed += 1
    return messages, events, missed


def with_what_was_read(check: Check, raw: Raw) -> Check:
    """The same, with what it stands on."""
    many = f"{len(raw.found):,} conversations"
    if raw.events_told:
        many += ", with the events that the server kept of each"
    elif raw.rows.messages:
        many += f" with {len(raw.rows.messages):,} messages"
    return check._replace(facts=(*check.facts, ("read", many)))


# --- one figure ----------------------------------------------------------------------------------


def verify_tile(room: AnalyticsDeeds, tile: Tile) -> None:
    """Check the figure of a tile."""
    if room.board.not_allowed:
        _own_figures(room)
        return
    if tile.kind.id in NOTHING_TO_READ:
        room.say(NOTHING_TO_READ[tile.kind.id])
        return
    if tile.value is None and tile.verdict != "no data":
        room.say("There is no figure to verify.")
        return
    board, session, reader = room.board, room.session, room.reader

    async def work(told: Callable[[str], None]) -> Check:
        if tile.kind.id == "satisfaction":
            rows = await _ratings(reader, board, told)
            return check_tile(board, tile, rows, events_told=True, unread=0)
        raw = await _raw_for(reader, session, board, tile.kind.id, told)
        check = check_tile(board, tile, raw.rows, events_told=raw.events_told, unread=raw.unread)
        return with_what_was_read(check, raw)

    room.app.push_screen(VerifyPage(f"Verify: {tile.kind.name}", work))


async def _raw_for(
    reader: Reader, session: Session, board: Board, kind_id: str, told: Callable[[str], None]
) -> Raw:
    if kind_id == "unattended":
        wanted = Behind("", 0, 0, how=ANY, status="open")
        return await raw_of(reader, session, board, wanted, told, threads=False)
    if kind_id in BY_RECORD:
        return await raw_of(reader, session, board, whole(board), told, threads=False)
    return await raw_of(reader, session, board, alive(board), told, threads=True)


async def _ratings(reader: Reader, board: Board, told: Callable[[str], None]) -> Rows:
    """Every rating of the range, one by one, with the conversations they are of."""
    from revivatui.state.figures.rows import Rows

    ratings: list[Rating] = []
    page, is_last = 0, False
    while not is_last:
        page += 1
        rows, is_last = await reader.ratings(board, page)
        ratings += rows
        told(f"read {len(ratings):,} ratings")
    table = [
        {"rating": row.rating, "created_at": row.created_at, "conversation_id": row.conversation_id,
         "assigned_agent_id": row.agent_id}
        for row in ratings
    ]  # fmt: skip
    return Rows(tables={"csat_survey_responses": table})


def verify_chart(room: AnalyticsDeeds, chart_id: str) -> None:
    """Check every point of a chart."""
    if chart_id not in CHECKED:
        room.say("This cannot be verified: it is a list of what the server has.")
        return
    if not room.board.has(CHECKED[chart_id]):
        room.say("There is nothing to verify yet.")
        return
    board, session, reader = room.board, room.session, room.reader

    async def work(told: Callable[[str], None]) -> Check:
        if chart_id == "ratings":
            rows = await _ratings(reader, board, told)
            return check_chart(board, CHECKED[chart_id], rows, events_told=True, unread=0)
        by_record = chart_id in ("shares", "traffic")
        wanted = whole(board) if chart_id == "traffic" else alive(board)
        if chart_id == "shares":
            wanted = Behind("", board.question.since, board.question.until)
        raw = await raw_of(reader, session, board, wanted, told, threads=not by_record)
        names = CHECKED[chart_id]
        check = check_chart(board, names, raw.rows, events_told=raw.events_told, unread=raw.unread)
        return with_what_was_read(check, raw)

    room.app.push_screen(VerifyPage(f"Verify: {BY_ID[chart_id].name}", work))


CHECKED: Final[dict[str, tuple[str, ...]]] = {
    "course": tuple(series(metric) for metric in parts.COUNTED),
    "waits": BY_ID["waits"].parts,
    "agents": (parts.AGENTS,),
    "shares": (parts.SHARES,),
    "traffic": (parts.HOURS,),
    "ratings": (parts.RATINGS,),
}
"""The parts of each chart that conversations can tell."""


class VerifyPage(WorkPage[Check]):
    """How far the reading is, then what came out; escape stops it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
    ]

    def __init__(self, title: str, work: Callable[[Told], Awaitable[Check]]) -> None:
        super().__init__(title, work, gutter=False)

    def waiting(self) -> Sequence[ListLine]:
        return [*super().waiting(), words("esc stops it.", "muted")]

    def shown(self, result: Check) -> Sequence[ListLine]:
        mark = {"agrees": symbols.sent, "differs": symbols.failed}.get(result.verdict, "")
        style = {"agrees": "success", "differs": "error"}.get(result.verdict, "warning")
        head = f"{mark} {result.sentence}".strip()
        lines = [*sentences([head], self.room, style), words("")]
        return [*lines, *named_lines(result.facts, self.room, 14)]

    def hints(self) -> list[Chip]:
        return [] if self.result or self.trouble else [Chip("stop", "muted", "leave", NEVER)]


# --- conversations by what happened, and an agent's own figures ----------------------------------


async def find_by_events(
    reader: Reader, board: Board, wanted: Behind, told: Callable[[str], None]
) -> Found:
    """The conversations to which something happened in a stretch: answered, resolved."""
    from revivatui.state.analytics_own import scope_of

    asked = replace(alive(board), since=wanted.since, until=wanted.until)
    raw = await raw_of(reader, reader.session, board, asked, told, threads=True)
    facts = raw.rows.between(wanted.events, scope_of(board), wanted.since, wanted.until)
    ids = list(dict.fromkeys(fact.conversation_id for fact in facts))
    if board.is_old and wanted.events == "conversation_resolved":
        ids = [one for one in ids if raw.rows.conversations[one].status == "resolved"]
    wanted_ids = set(ids)
    kept = tuple(one for one in raw.found if one.id in wanted_ids)
    notes = [] if raw.events_told else [
        "Found by reading the conversations: the server gives no events, so lines about resolving"
        " count, which are understood in English."
    ]  # fmt: skip
    if raw.unread:
        notes.append("Not all could be read: there may be more.")
    return Found(wanted.title, kept, raw.contacts, tuple(notes))


def _own_figures(room: AnalyticsDeeds) -> None:
    """What the figures of the conversations that an agent sees would be."""
    board, session, reader = room.board, room.session, room.reader

    async def work(told: Callable[[str], None]) -> Check:
        raw = await raw_of(reader, session, board, alive(board), told, threads=True)
        return own_tiles(board, raw.rows, len(raw.found), raw.unread)

    room.app.push_screen(VerifyPage("Figures of the conversations that you can see", work))
