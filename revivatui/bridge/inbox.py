"""The durable inbox: what came in, once each, in the order in which it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from revivatui.bridge import jobs
from revivatui.bridge import news as chat_news
from revivatui.bridge.errors import Overtaken
from revivatui.bridge.news import News
from revivatui.bridge.tables import INBOX
from revivatui.bridge.webhook_bodies import fingerprint
from revivatui.crm.store.work import Reader, Work
from revivatui.state.records import dataclass

KEPT_SECONDS: Final = 30 * 86_400.0
"""How long it is remembered that something came in; what it said is forgotten at once."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to be put into the inbox. `sure`: its key alone tells a repeat from news."""

    news: News
    lane: str
    dedup_key: str
    sure: bool
    delivery_id: str | None = None
    source: str = "webhook"


def delivery(
    news: News, account_id: int, *, delivery_id: str | None = None, source: str = "webhook"
) -> Delivery:
    """What is known of an event before it is looked into: its lane and its key."""
    key, sure = _key(news)
    if delivery_id and not key.endswith(":created"):
        key, sure = f"delivery:{delivery_id}", True
    return Delivery(
        news, news.lane(account_id), f"{account_id}:{key}", sure, delivery_id or None, source
    )


def _key(news: News) -> tuple[str, bool]:
    kind = news.event.rpartition("_")[2]
    if news.message is not None:
        key = f"msg:{news.message.id}:{kind}"
    elif news.chat is not None:
        key = f"conv:{news.chat.id}:{kind}"
        if kind != "created" and news.chat.version is not None:
            return f"{key}:{news.chat.status}:{news.chat.version!r}", False
    else:
        assert news.contact is not None
        key = f"contact:{news.contact.id}:{kind}"
    if kind == "created":
        return key, True
    return f"{key}:{fingerprint(chat_news.dump(news))}", False


async def put(work: Work, deliveries: Iterable[Delivery], now: float) -> None:
    """Keep them all. What is there already is not kept twice; where a repeat cannot be told from
    news that looks the same (on, off, on again) it is looked at again instead."""
    sure: list[dict[str, Any]] = []
    unsure: list[dict[str, Any]] = []
    for one in deliveries:
        jobs.enqueue(work, jobs.IN, one.lane)
        (sure if one.sure else unsure).append(_values(work, one, now))
    if sure:
        added = work.insert(INBOX).on_conflict_do_nothing()
        await work.connection.execute(added, sure)
    if unsure:
        again = work.insert(INBOX)
        again = again.on_conflict_do_update(
            index_elements=[INBOX.c.dedup_key],
            set_={
                name: again.excluded[name]
                for name in ("received_at", "body", "state", "attempts", "next_at", "error")
            },
            where=INBOX.c.state != "new",
        )
        await work.connection.execute(again, unsure)


def _values(work: Work, one: Delivery, now: float) -> dict[str, Any]:
    return {
        "id": work.new_id(),
        "account_id": int(one.lane.partition(":")[0]),
        "delivery_id": one.delivery_id,
        "dedup_key": one.dedup_key,
        "event": one.news.event,
        "lane": one.lane,
        "source": one.source,
        "received_at": now,
        "body": chat_news.dump(one.news),
        "state": "new",
        "attempts": 0,
        "next_at": 0.0,
        "error": "",
    }


async def known_keys(reader: Reader, keys: Sequence[str]) -> frozenset[str]:
    rows = await reader.rows(select(INBOX.c.dedup_key).where(INBOX.c.dedup_key.in_(keys)))
    return frozenset(str(row[0]) for row in rows)


async def finish(work: Work, row_id: str, skipped: str = "") -> None:
    """It is dealt with: in the same transaction as everything that it caused.

    Raises Overtaken where it was already; then nothing of this transaction may be kept.
    """
    values = {"state": "skipped" if skipped else "done", "error": skipped, "body": ""}
    waits = INBOX.c.state.in_(("new", "dead"))
    if await work.run(update(INBOX).where(INBOX.c.id == row_id, waits).values(**values)) == 0:
        raise Overtaken("Somebody else dealt with the event meanwhile.")


async def forget_old(work: Work, now: float) -> int:
    over = INBOX.c.received_at < now - KEPT_SECONDS
    return await work.run(delete(INBOX).where(INBOX.c.state != "new", over))


async def counts(reader: Reader) -> dict[str, int]:
    rows = await reader.rows(select(INBOX.c.state, func.count()).group_by(INBOX.c.state))
    return {str(state): int(count) for state, count in rows}
