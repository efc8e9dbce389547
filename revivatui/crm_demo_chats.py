"""Makes of the demo's conversations what the CRM is to know of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from revivatui.crm.demo_affairs import DemoAffair
from revivatui.crm_demo_words import (
    Spoken,
    Stage,
    days_waited,
    device_in,
    fault_in,
    is_claim,
    price_in,
    stage_in,
)

if TYPE_CHECKING:
    import httpx

    from revivatui.crm.chat_keys import Chat
    from revivatui.crm.workflow import RepairStatus

PAGES: Final = 24
"""Pages of 25 conversations that are asked for, those with the newest messages first."""
READ: Final = 300
"""Of how many conversations the newest messages are read."""
SHOP_ZONE: Final = ZoneInfo("Europe/Lisbon")
CLOSING: Final = time(16)
"""The hour that is meant where none is said; Saturdays end at it."""
CAME: Final = timedelta(hours=20)
"""How long after somebody wrote their device is here, where they named no day."""
STAYED_AWAY: Final = 0.3
"""The share of those who did not bring it yet."""
LONG: Final = timedelta(hours=20)
"""A chat as long as this saw the device come in."""

_STANDS: Final[dict[Stage, RepairStatus]] = {
    "asks_diagnosis": "diagnosing",
    "quoted": "awaiting_approval",
    "on_bench": "in_repair",
    "tested": "testing",
    "ready": "ready",
    "done": "completed",
}
_FOR_WHO_ASKS: Final[tuple[RepairStatus, ...]] = ("in_repair", "ready", "awaiting_parts", "testing")
_CAME_IN: Final[tuple[RepairStatus, ...]] = ("received", "diagnosing")
_AT_WORK: Final[tuple[RepairStatus, ...]] = ("approved", "in_repair", "awaiting_parts", "in_repair")
_WEEKDAYS: Final = (
    ("monday", "segunda-feira"),
    ("tuesday", "terca-feira"),
    ("wednesday", "quarta-feira"),
    ("thursday", "quinta-feira"),
    ("friday", "sexta-feira"),
    ("saturday", "sabado"),
)
_DAY: Final = re.compile(rf"\b({'|'.join('|'.join(names) for names in _WEEKDAYS)})\b")
_CASE: Final = re.compile(r"RT-\d{1,6}")
_TIME: Final = re.compile(r"\b(9|1\d):(\d\d)\b")


async def read_chats(client: httpx.AsyncClient, base: str, known: Iterable[int]) -> list[Any]:
    """The conversations of contacts, those that go on with their newest messages. One after the
    other: the desk asks the same server, and goes before."""
    wanted = set(known)
    rows: list[Any] = []
    for page in range(1, 1 + PAGES):
        answer = await client.get(
            f"{base}/conversations",
            params={"status": "all", "assignee_type": "all", "page": page},
        )
        found = answer.raise_for_status().json()["data"]["payload"]
        rows += (one for one in found if one["meta"]["sender"]["id"] in wanted)
        if not found:
            break
    for row in [one for one in rows if one["status"] != "resolved"][:READ]:
        answer = await client.get(f"{base}/conversations/{row['id']}/messages")
        row["messages"] = answer.raise_for_status().json()["payload"]
    return rows


def affairs_of(
    rows: Sequence[Mapping[str, Any]], chat: Chat, now: datetime
) -> dict[int, tuple[DemoAffair, ...]]:
    """What is to be known, by contact; nothing of conversations that are about no device."""
    made: dict[int, list[DemoAffair]] = {}
    for row in sorted(rows, key=lambda one: int(one["id"])):
        affair = _affair(row, chat, now)
        if affair is not None:
            made.setdefault(row["meta"]["sender"]["id"], []).append(affair)
    return {contact: tuple(affairs) for contact, affairs in made.items()}


def _affair(row: Mapping[str, Any], chat: Chat, now: datetime) -> DemoAffair | None:
    said = _said(row["messages"])
    noted = row["custom_attributes"]
    model = device_in(said, str(noted.get("device") or ""))
    if not said or not model:
        return None
    service, fault = fault_in(said, model, row["labels"])
    if row["status"] == "resolved":
        return _collected(row, model, service, fault, now)
    claim = is_claim(said)
    draw = Random(f"chat {row['id']}")
    goal, starts, ends = _stands(said, now, draw, is_claim=claim)
    told = _named_moment(said)
    return DemoAffair(
        model,
        goal,
        starts,
        min(ends, now),
        fault=fault,
        service=service,
        told=price_in(said),
        is_warranty=claim,
        visit=told,
        promised=told if goal in ("approved", "in_repair", "testing") else None,
        chat=chat.conversation(row["id"]),
        inbox_id=row["inbox_id"],
        contact_id=row["meta"]["sender"]["id"],
        chat_status=row["status"],
        case=case[0] if (case := _CASE.fullmatch(str(noted.get("ticket")))) else "",
    )


def _said(messages: Iterable[Mapping[str, Any]]) -> tuple[Spoken, ...]:
    """What customers and agents said to each other."""
    return tuple(
        Spoken.of(one["content"], is_customer=one["message_type"] == 0, at=one["created_at"])
        for one in messages
        if one["message_type"] in (0, 1) and not one["private"] and one["content"]
    )


def _collected(
    row: Mapping[str, Any], model: str, service: str, fault: str, now: datetime
) -> DemoAffair | None:
    """Of a conversation that is resolved; who only asked for a price brought nothing."""
    if "quote" in row["labels"]:
        return None
    draw = Random(f"chat {row['id']}")
    ends = min(datetime.fromtimestamp(row["last_activity_at"], UTC), now)
    starts = ends - timedelta(days=draw.randint(2, 9), hours=draw.randint(0, 3))
    return DemoAffair(model, "completed", starts, ends, fault=fault, service=service)


def _stands(
    said: tuple[Spoken, ...], now: datetime, draw: Random, *, is_claim: bool
) -> tuple[RepairStatus, datetime, datetime]:
    """How far it is, when it came in, and when the last thing happened."""
    first, last = (datetime.fromtimestamp(one.at, UTC) for one in (said[0], said[-1]))
    stage = stage_in(said)
    if stage in ("asks", "approved"):
        goal = draw.choice(_FOR_WHO_ASKS if stage == "asks" else _AT_WORK)
        if is_claim and goal in ("approved", "awaiting_parts"):
            goal = "in_repair"
    elif stage is None or stage == "coming" or (is_claim and stage == "quoted"):
        return _on_the_way(said, now, draw)
    else:
        goal = _STANDS[stage]
    if goal == "awaiting_approval" or last - first > LONG:
        return goal, first, last
    waited = timedelta(days=days_waited(said) or draw.randint(3, 9))
    return goal, first - waited, first


def _on_the_way(
    said: tuple[Spoken, ...], now: datetime, draw: Random
) -> tuple[RepairStatus, datetime, datetime]:
    """Of somebody who said that they would come, or who has only just written."""
    first, last = (datetime.fromtimestamp(one.at, UTC) for one in (said[0], said[-1]))
    named = _named_moment(said)
    came = named or last + CAME
    if now < came or (named is None and draw.random() < STAYED_AWAY):
        return "booked", first, last
    return draw.choice(_CAME_IN), came, min(came + timedelta(hours=draw.randint(1, 40)), now)


def _named_moment(said: tuple[Spoken, ...]) -> datetime | None:
    """The day that was named last, and the hour that was last named beside it."""
    name, spoken = "", 0
    for one in reversed(said):
        day = _DAY.search(one.text)
        if day is None or day[1] != (name or day[1]):
            continue
        name, spoken = day[1], spoken or one.at
        hour = _TIME.search(one.text)
        if hour is not None:
            return _next(name, time(int(hour[1]), int(hour[2])), spoken)
    return _next(name, CLOSING, spoken) if name else None


def _next(name: str, at: time, spoken: int) -> datetime:
    """The next such weekday after it was said."""
    after = datetime.fromtimestamp(spoken, SHOP_ZONE)
    weekday = next(place for place, names in enumerate(_WEEKDAYS) if name in names)
    day = after.date() + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)
    return datetime.combine(day, at, SHOP_ZONE).astimezone(UTC)
