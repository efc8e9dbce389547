"""How the bridge is, and its dead letters: read from the tables, whether it runs or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, delete, func, select, update

from revivatui.bridge import inbox, known, outbox, twins
from revivatui.bridge import news as chat_news
from revivatui.bridge.backfill import CURSOR
from revivatui.bridge.errors import BridgeError, Junk
from revivatui.bridge.outbox_worker import PAUSED
from revivatui.bridge.reconcile import REPORT
from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.crm.store import Store
from revivatui.crm.store.work import Reader
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

_TABLES = {"in": INBOX, "out": OUTBOX}


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `id` is what people type: "in-…" or "out-…"."""

    id: str
    what: str
    where: str
    tries: int
    error: str
    body: str


async def status(store: Store, now: float) -> list[str]:
    """Some lines for a person."""
    async with store.reading() as reader:
        events, writes = await inbox.counts(reader), await outbox.counts(reader)
        lines = [
            _line("events", _counted(events)),
            _line("writes", _counted(writes)),
            _line("oldest event", await _oldest(reader, INBOX, "received_at", now)),
            _line("oldest write", await _oldest(reader, OUTBOX, "created_at", now)),
        ]
        until = await known.fact(reader, CURSOR)
        lines.append(_line("caught up", _moment(float(until)) if until else "never"))
        compared = await known.fact(reader, REPORT)
        if compared:
            told = json.loads(compared)
            lines.append(_line("compared", f"{_moment(told['at'])}: {told['words']}"))
        paused = await known.fact(reader, PAUSED.format(target=outbox.CHATWOOT))
        if paused:
            lines.append(_line("paused", paused))
        if pairs := await twins.waiting(reader):
            told = f"{len(pairs)} pairs of customers are one contact: revivatui bridge twins list"
            lines.append(_line("twins", told))
    return lines


def _line(name: str, found: str) -> str:
    return f"{name:<14} {safe_line(found)}"


def _counted(counts: dict[str, int]) -> str:
    words = {"new": "waiting", "done": "done", "skipped": "not needed", "dead": "dead letters"}
    told = [f"{counts[state]} {word}" for state, word in words.items() if counts.get(state)]
    return ", ".join(told) or "none"


async def _oldest(reader: Reader, table: Table, column: str, now: float) -> str:
    row = await reader.row(select(func.min(table.c[column])).where(table.c.state == "new"))
    return f"{max(0.0, now - row[0]):.0f} s" if row and row[0] is not None else "none waits"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


# --- dead letters --------------------------------------------------------------------------------


async def letters(store: Store) -> list[Letter]:
    """All of them, the oldest first."""
    async with store.reading() as reader:
        return [
            _letter(prefix, row)
            for prefix, table in _TABLES.items()
            for row in await reader.rows(
                select(table).where(table.c.state == "dead").order_by(table.c.id)
            )
        ]


def _letter(prefix: str, row: Any) -> Letter:
    what = row.event if prefix == "in" else row.type
    body = row.body if prefix == "in" else row.payload
    return Letter(f"{prefix}-{row.id}", what, row.lane, row.attempts, row.error, body)


async def letter(store: Store, typed: str) -> Letter:
    """The one whose id begins so. Raises BridgeError where there is none, or several."""
    found = [one for one in await letters(store) if one.id.startswith(typed)]
    if len(found) != 1:
        count = "no dead letter" if not found else f"{len(found)} dead letters"
        raise BridgeError(f"There is {count} whose id begins with {safe_line(typed)!r}.")
    return found[0]


def told(one: Letter) -> Iterator[str]:
    """A letter in full, but for what a customer wrote."""
    yield f"{one.id}: {one.what} of {one.where}, {one.tries} tries"
    yield f"error: {one.error}"
    if one.id.startswith("in-"):
        try:
            news = chat_news.load(one.body)
        except Junk as error:
            yield f"body: {error}"
            return
        if news.message is not None:
            said = news.message
            yield f"message {said.id}, {said.kind}, {len(said.content)} characters"
        if news.chat is not None:
            yield f"conversation {news.chat.id}, {news.chat.status}"


async def retry(store: Store, one: Letter) -> None:
    """Put it back among what waits."""
    table, number = _place(one)
    async with store.unit_of_work() as work:
        await work.run(
            update(table)
            .where(table.c.id == number, table.c.state == "dead")
            .values(state="new", attempts=0, next_at=0.0)
        )


async def drop(store: Store, one: Letter) -> None:
    """Give it up. Of an event it stays known that it was there, so that no repeat brings it back;
    a write is forgotten."""
    table, number = _place(one)
    async with store.unit_of_work() as work:
        if table is INBOX:
            await inbox.finish(work, number, "dropped by hand")
        else:
            await work.run(delete(table).where(table.c.id == number))


def _place(one: Letter) -> tuple[Table, str]:
    prefix, _, number = one.id.partition("-")
    return _TABLES[prefix], number
