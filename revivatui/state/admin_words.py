"""The records of the administration in words, field by field: what is shown and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from revivatui.state.admin import (
    DAYS,
    WEEK,
    Canned,
    DayHours,
    HookSetup,
    InboxSetup,
    LabelSetup,
    MacroSetup,
    Policy,
    SavedView,
    Staff,
    TeamSetup,
)
from revivatui.state.admin_change import bare_url

NOBODY: Final = "nobody"
ON, OFF = "on", "off"
CHANNELS: Final[Mapping[str, str]] = {
    "Channel::WebWidget": "website",
    "Channel::Api": "API",
    "Channel::Email": "e-mail",
    "Channel::Whatsapp": "WhatsApp",
    "Channel::FacebookPage": "Facebook",
    "Channel::Instagram": "Instagram",
    "Channel::TwilioSms": "SMS",
    "Channel::Sms": "SMS",
    "Channel::Telegram": "Telegram",
    "Channel::Line": "LINE",
}


def on_off(is_on: bool) -> str:
    return ON if is_on else OFF


def listed(names: Iterable[str]) -> str:
    """Names in the order of the alphabet, so that two lists of the same people are equal."""
    return ", ".join(sorted(names, key=str.casefold)) or NOBODY


def channel(kind: str) -> str:
    return CHANNELS.get(kind, kind.removeprefix("Channel::"))


def staff_facts(one: Staff) -> dict[str, str]:
    return {
        "name": one.name,
        "e-mail": one.email,
        "role": one.role,
        "availability": one.availability,
        "goes offline by itself": "yes" if one.auto_offline else "no",
    }


def inbox_facts(one: InboxSetup) -> dict[str, str]:
    return {
        "name": one.name,
        "automatic assignment": on_off(one.auto_assign),
        "at most, each agent": str(one.limit) if one.limit is not None else "no limit",
        "greeting": on_off(one.greeting_enabled),
        "greeting text": one.greeting,
        "out of office text": one.out_of_office,
    }


def clock_words(hour: int | None, minutes: int | None) -> str:
    return f"{hour or 0:02d}:{minutes or 0:02d}"


def hours_words(one: DayHours | None) -> str:
    """ "closed", "all day", "09:00-17:00"."""
    if one is None:
        return "not set"
    if one.closed:
        return "closed"
    if one.all_day:
        return "all day"
    opens = clock_words(one.open_hour, one.open_minutes)
    return f"{opens}-{clock_words(one.close_hour, one.close_minutes)}"


def hours_facts(one: InboxSetup) -> dict[str, str]:
    days = {DAYS[day]: hours_words(one.of_day(day)) for day in WEEK}
    return {"working hours": on_off(one.hours_enabled), "time zone": one.timezone, **days}


def team_facts(one: TeamSetup) -> dict[str, str]:
    return {
        "name": one.name,
        "description": one.description,
        "automatic assignment": on_off(one.auto_assign),
    }


def label_facts(one: LabelSetup) -> dict[str, str]:
    return {
        "title": one.title,
        "description": one.description,
        "colour": one.color,
        "on the sidebar": "yes" if one.on_sidebar else "no",
    }


def canned_facts(one: Canned) -> dict[str, str]:
    return {"short code": one.short_code, "content": one.content}


def macro_facts(one: MacroSetup, steps: str) -> dict[str, str]:
    """`steps`: what it does, in words."""
    return {"name": one.name, "who sees it": who_sees(one.visibility), "does": steps}


def who_sees(visibility: str) -> str:
    return "everybody" if visibility == "global" else "its author"


def view_facts(one: SavedView) -> dict[str, str]:
    return {"name": one.name, "shows": query_words(one.query)}


def query_words(query: Mapping[str, Any]) -> str:
    """The conditions of a saved filter, as they are joined."""
    said: list[str] = []
    payload = query.get("payload")
    rows = payload if isinstance(payload, list) else []
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        values = row.get("values")
        named = ", ".join(map(str, values)) if isinstance(values, list) else str(values or "")
        operator = str(row.get("filter_operator", "")).replace("_", " ")
        said.append(f"{row.get('attribute_key', '?')} {operator} {named}".strip())
        said.append(str(row.get("query_operator") or "and").lower())
    return " ".join(said[:-1]) or "everything"


def hook_facts(one: HookSetup) -> dict[str, str]:
    return {
        "name": one.name,
        "address": bare_url(one.url),
        "is told": ", ".join(sorted(one.subscriptions)) or "nothing",
    }


ORDERS: Final[Mapping[str, str]] = {"round_robin": "in turn", "balanced": "who has fewest"}
PRIORITIES: Final[Mapping[str, str]] = {
    "earliest_created": "oldest first",
    "longest_waiting": "longest waiting first",
}


def policy_facts(one: Policy) -> dict[str, str]:
    return {
        "name": one.name,
        "description": one.description,
        "agents": ORDERS.get(one.order, one.order),
        "conversations": PRIORITIES.get(one.priority, one.priority),
        "at most": str(one.limit),
        "within": span_words(one.window),
        "enabled": "yes" if one.enabled else "no",
    }


def span_words(seconds: int) -> str:
    if seconds % 3600 == 0 and seconds:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 and seconds else f"{seconds} s"
