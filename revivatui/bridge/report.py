"""How the bridge is, and its dead letters: read from the tables, whether it runs or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Table, delete, select, update

from revivatui.bridge import captain_report, inbox, jobs, measures
from revivatui.bridge import news as chat_news
from revivatui.bridge.errors import BridgeError, Junk
from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.crm.store import Store
from revivatui.state.bridge_health import Letter, Report, facts
from revivatui.text.safe import safe_line

_TABLES: Final[Mapping[str, Table]] = {"in": INBOX, "out": OUTBOX}
MOST_LETTERS: Final = 500
"""Dead letters of each kind that are read at once, the oldest first."""


async def read(store: Store, now: float) -> Report | None:
    """Everything about the bridge at `now` (epoch seconds); None where none ever worked here.
    Raises CrmError."""
    async with store.reading() as reader:
        return await measures.measured(reader, now)


async def status(store: Store, now: float) -> list[str]:
    """Some lines for a person."""
    report = await read(store, now)
    if report is None:
        return ["No bridge has worked on this CRM yet."]
    return [f"{one.name:<14} {safe_line(one.words)}" for one in facts(report, _moment)]


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


async def captain(store: Store, off: str) -> None:
    """Switch captain off, saying who and when, or with "" on again. Raises BridgeError."""
    async with store.unit_of_work() as work:
        report = await measures.measured(work, 0.0)
    if report is None or report.captain is None:
        raise BridgeError("No captain has worked on this CRM yet.")
    await captain_report.switch(store, off)


# --- dead letters --------------------------------------------------------------------------------


async def letters(store: Store) -> list[Letter]:
    """The oldest first, those of what came in before those of what was to be written."""
    async with store.reading() as reader:
        return [
            _letter(prefix, row)
            for prefix, table in _TABLES.items()
            for row in await reader.rows(
                select(table)
                .where(table.c.state == "dead")
                .order_by(table.c.id)
                .limit(MOST_LETTERS)
            )
        ]


def _letter(prefix: str, row: Any) -> Letter:
    what = row.event if prefix == "in" else row.type
    body = row.body if prefix == "in" else row.payload
    what, lane, error = (safe_line(text) for text in (what, row.lane, row.error))
    return Letter(f"{prefix}-{row.id}", what, lane, row.attempts, error, body)


async def letter(store: Store, typed: str) -> Letter:
    """The one whose id begins so. Raises BridgeError where there is none, or several."""
    found = [one for one in await letters(store) if one.id.startswith(typed)]
    if len(found) != 1:
        count = "no dead letter" if not found else f"{len(found)} dead letters"
        raise BridgeError(f"There is {count} whose id begins with {safe_line(typed)!r}.")
    return found[0]


def told(one: Letter) -> Iterator[str]:
    """A letter in full, but for what a customer wrote."""
    tries = "1 try" if one.tries == 1 else f"{one.tries} tries"
    yield f"{one.id}: {one.what} of {one.where}, {tries}"
    yield f"error: {one.error}"
    if one.id.startswith("in-"):
        try:
            news = chat_news.load(one.body)
        except Junk as error:
            yield f"body: {error}"
            return
        if news.message is not None:
            said = news.message
            yield f"message {said.id}, {safe_line(said.kind)}, {len(said.content)} characters"
        if news.chat is not None:
            yield f"conversation {news.chat.id}, {safe_line(news.chat.status)}"


async def retry(store: Store, one: Letter) -> None:
    """Put it back among what waits."""
    table, number = _place(one)
    async with store.unit_of_work() as work:
        await work.run(
            update(table)
            .where(table.c.id == number, table.c.state == "dead")
            .values(state="new", attempts=0, next_at=0.0)
        )
        jobs.enqueue(work, jobs.KINDS[table.name], one.where)


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
