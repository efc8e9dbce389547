"""Captain's rows, read and written: conversations, what was said, whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from revivatui.bridge import captain_talk, known
from revivatui.bridge.captain_tables import COUNTS, HEARD, SAYINGS, TALKS, TRIES, TURNS
from revivatui.bridge.captain_talk import Heard, Talk, Told
from revivatui.crm.store.work import Reader, Work

OWN_ID: Final = "captain:bot"
"""The fact that tells the bot's own number, once an answer of the server named it."""
SWITCH: Final = "captain:switch"
"""The fact that holds the kill switch: "" lets captain answer, else who switched it off."""
MOST_HEARD: Final = 200
"""Messages of a conversation that are read: the newest."""
KEPT_SECONDS: Final = 30 * 86_400.0
MOST_TRIES: Final = 5
TRIES_WITHIN: Final = 86_400.0

_OF_TALK: Final = tuple(one.name for one in fields(Talk) if one.name != "said")


async def alone(work: Work) -> None:
    """Taken first by all who write here: a batch of deliveries and who speaks would otherwise wait
    for each other's conversations for ever. A SQLite file has one writer anyway."""
    await work.lock("captain")


def lane(account_id: int, conversation_id: int) -> str:
    return f"{account_id}:captain:{conversation_id}"


# --- conversations -------------------------------------------------------------------------------


async def talk(
    reader: Reader, account_id: int, conversation_id: int, *, lock: bool = False
) -> Talk | None:
    """`lock`: nobody else changes it while this transaction lasts."""
    columns = TALKS.c
    question = select(*(columns[name] for name in _OF_TALK)).where(
        columns.account_id == account_id, columns.conversation_id == conversation_id
    )
    row = await reader.row(question.with_for_update() if lock else question)
    if row is None:
        return None
    said = await _said(reader, account_id, conversation_id)
    return Talk(**dict(zip(_OF_TALK, row, strict=True)), said=said)


async def _said(reader: Reader, account_id: int, conversation_id: int) -> tuple[Heard, ...]:
    columns = HEARD.c
    rows = await reader.rows(
        select(
            columns.message_id,
            columns.teller,
            columns.words,
            columns.at,
            columns.files,
            columns.reference,
        )
        .where(columns.account_id == account_id, columns.conversation_id == conversation_id)
        .order_by(columns.message_id.desc())
        .limit(MOST_HEARD)
    )
    return tuple(Heard(*row) for row in reversed(rows))


async def keep_talk(work: Work, account_id: int, kept: Talk, now: float) -> None:
    """But for what was said, which is kept by message."""
    values = {name: getattr(kept, name) for name in _OF_TALK} | {"seen_at": now}
    added = work.insert(TALKS).values(account_id=account_id, **values)
    keys = [TALKS.c.account_id, TALKS.c.conversation_id]
    await work.run(added.on_conflict_do_update(index_elements=keys, set_=values))


async def keep_heard(work: Work, account_id: int, conversation_id: int, one: Heard) -> None:
    values = {
        "conversation_id": conversation_id,
        "teller": one.teller,
        "words": one.words,
        "files": one.files,
        "at": one.at,
        "reference": one.reference,
    }
    added = work.insert(HEARD).values(account_id=account_id, message_id=one.id, **values)
    keys = [HEARD.c.account_id, HEARD.c.message_id]
    await work.run(added.on_conflict_do_update(index_elements=keys, set_=values))


async def take_in(work: Work, account_id: int, told: Told, now: float, wait: float) -> Talk:
    """One delivery: what is known afterwards, and a turn in `wait` seconds where one is due."""
    before = await talk(work, account_id, told.conversation_id, lock=True)
    before = before or captain_talk.begun(told)
    known_ids = {one.id for one in before.said}
    after = captain_talk.after(before, told)
    if told.heard is not None:
        heard = next(one for one in after.said if one.id == told.heard.id)
        await keep_heard(work, account_id, after.conversation_id, heard)
    await keep_talk(work, account_id, after, now)
    if after.mode == "away":
        await drop_waiting(work, account_id, after.conversation_id, "people have it", now)
    is_news = told.heard is not None and told.heard.id not in known_ids
    if captain_talk.turn_of(after) is not None:
        speaks = is_news and told.heard is not None and told.heard.teller == "customer"
        await want_turn(work, account_id, after.conversation_id, now, wait, again=speaks)
    return after


# --- turns ---------------------------------------------------------------------------------------


async def want_turn(
    work: Work, account_id: int, conversation_id: int, now: float, wait: float, *, again: bool
) -> None:
    """That the customer is to be answered; with `again` the wait begins anew, since they write
    on."""
    row = {
        "id": work.new_id(),
        "account_id": account_id,
        "conversation_id": conversation_id,
        "lane": lane(account_id, conversation_id),
        "state": "new",
        "attempts": 0,
        "next_at": now + wait,
        "error": "",
        "created_at": now,
    }
    waits = TURNS.c.state == "new"
    if again:
        here = (TURNS.c.lane == row["lane"]) & waits
        moved = update(TURNS).where(here).values(next_at=now + wait, attempts=0)
        if await work.run(moved):
            return
    added = work.insert(TURNS).values(row)
    await work.run(added.on_conflict_do_nothing())


async def end_turn(work: Work, row_id: str, how: str) -> None:
    await work.run(update(TURNS).where(TURNS.c.id == row_id).values(state="done", error=how))


async def put_off_turn(work: Work, row_id: str, next_at: float, words: str, *, burn: bool) -> None:
    """Unless a newer message set another moment meanwhile."""
    await work.run(
        update(TURNS)
        .where(TURNS.c.id == row_id, TURNS.c.state == "new", TURNS.c.next_at < next_at)
        .values(next_at=next_at, error=words, attempts=TURNS.c.attempts + int(burn))
    )


# --- sayings -------------------------------------------------------------------------------------


async def want(
    work: Work,
    account_id: int,
    conversation_id: int,
    kind: str,
    words: str,
    *,
    for_message: int,
    reason: str = "",
    now: float,
) -> bool:
    """Something to say or do, once for each turn; gives whether it is new."""
    return await work.insert_if_new(
        SAYINGS,
        {
            "id": work.new_id(),
            "account_id": account_id,
            "conversation_id": conversation_id,
            "lane": lane(account_id, conversation_id),
            "kind": kind,
            "words": words,
            "for_message": for_message,
            "reason": reason,
            "begun": False,
            "state": "new",
            "attempts": 0,
            "next_at": now,
            "error": "",
            "created_at": now,
        },
    )


async def waiting(reader: Reader, account_id: int, conversation_id: int) -> list[Any]:
    columns = SAYINGS.c
    question = (
        select(SAYINGS)
        .where(
            columns.account_id == account_id,
            columns.conversation_id == conversation_id,
            columns.state == "new",
        )
        .order_by(columns.id)
    )
    return list(await reader.rows(question))


async def drop_waiting(
    work: Work, account_id: int, conversation_id: int, why: str, now: float
) -> int:
    """What was not begun is not said any more."""
    columns = SAYINGS.c
    return await work.run(
        update(SAYINGS)
        .where(
            columns.account_id == account_id,
            columns.conversation_id == conversation_id,
            columns.state == "new",
            columns.begun.is_(False),
        )
        .values(state="dropped", error=why, done_at=now)
    )


async def drop(work: Work, row_id: str, why: str, now: float) -> None:
    await work.run(
        update(SAYINGS)
        .where(SAYINGS.c.id == row_id, SAYINGS.c.state == "new")
        .values(state="dropped", error=why, done_at=now)
    )


async def begin(work: Work, row_id: str) -> bool:
    """That it is being said now: from here on nobody else drops it, and a later try looks first
    whether it was. False where it was dropped."""
    here = (SAYINGS.c.id == row_id) & (SAYINGS.c.state == "new")
    return await work.run(update(SAYINGS).where(here).values(begun=True)) > 0


async def done(work: Work, row_id: str, now: float) -> bool:
    here = (SAYINGS.c.id == row_id) & (SAYINGS.c.state == "new")
    return await work.run(update(SAYINGS).where(here).values(state="done", done_at=now)) > 0


# --- the switch, counts, tries -------------------------------------------------------------------


async def switched_off(reader: Reader) -> str:
    """Who switched captain off and when, in words; "" where it may answer."""
    return await known.fact(reader, SWITCH)


async def switch(work: Work, off: str) -> None:
    await known.keep_fact(work, SWITCH, off)


async def own_id(reader: Reader) -> int:
    kept = await known.fact(reader, OWN_ID)
    return int(kept) if kept.isdigit() else 0


def day_of(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()


async def count(work: Work, name: str, now: float, more: int = 1) -> None:
    added = work.insert(COUNTS).values(day=day_of(now), name=name, count=more)
    keys = [COUNTS.c.day, COUNTS.c.name]
    after = {"count": COUNTS.c.count + more}
    await work.run(added.on_conflict_do_update(index_elements=keys, set_=after))


async def counted(reader: Reader, since: str = "") -> Mapping[str, int]:
    """By name, of all days since one."""
    rows = await reader.rows(
        select(COUNTS.c.name, func.sum(COUNTS.c.count))
        .where(COUNTS.c.day >= since)
        .group_by(COUNTS.c.name)
    )
    return {str(name): int(number) for name, number in rows}


async def may_try(work: Work, who: str, now: float) -> bool:
    """One try more to show who one is, where there were not too many."""
    columns = TRIES.c
    await work.run(delete(TRIES).where(columns.at < now - TRIES_WITHIN))
    row = await work.row(select(func.count()).select_from(TRIES).where(columns.who == who))
    if row is not None and int(row[0]) >= MOST_TRIES:
        return False
    await work.add(TRIES, {"id": work.new_id(), "who": who, "at": now})
    return True


# --- forgetting ----------------------------------------------------------------------------------


async def forget_contact(work: Work, account_id: int, contact_id: int) -> int:
    """Everything of a contact's conversations; gives how many messages that were."""
    await alone(work)
    columns = TALKS.c
    rows = await work.rows(
        select(columns.conversation_id).where(
            columns.account_id == account_id, columns.contact_id == contact_id
        )
    )
    numbers = [int(row[0]) for row in rows]
    return await _forget(work, account_id, numbers)


async def forget_old(work: Work, account_id: int, now: float) -> int:
    columns = TALKS.c
    rows = await work.rows(
        select(columns.conversation_id).where(
            columns.account_id == account_id, columns.seen_at < now - KEPT_SECONDS
        )
    )
    return await _forget(work, account_id, [int(row[0]) for row in rows])


async def _forget(work: Work, account_id: int, numbers: list[int]) -> int:
    gone = 0
    for table in (SAYINGS, TURNS, TALKS, HEARD):
        here = (table.c.account_id == account_id) & table.c.conversation_id.in_(numbers)
        gone = await work.run(delete(table).where(here))
    return gone
