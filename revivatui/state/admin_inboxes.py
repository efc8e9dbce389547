"""Changes of inboxes, their hours and how conversations are handed out (contract 5.3, 5.9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from revivatui.state.admin import DAYS, WEEK, DayHours, InboxSetup, Policy
from revivatui.state.admin_change import Change, Request
from revivatui.state.admin_people import INBOXES
from revivatui.state.admin_words import (
    hours_facts,
    hours_words,
    inbox_facts,
    listed,
    policy_facts,
)

HOURS: Final = "hours"
POLICIES: Final = "policies"
HOLIDAYS: Final = "holidays"
_NEW: Final = -1


def change_inbox(before: InboxSetup, after: InboxSetup) -> Change:
    """Only what is different is sent."""
    body: dict[str, Any] = {}
    if after.name != before.name:
        body["name"] = after.name
    if after.auto_assign != before.auto_assign:
        body["enable_auto_assignment"] = after.auto_assign
    if after.limit != before.limit:
        body["auto_assignment_config"] = {"max_assignment_limit": after.limit}
    if after.greeting_enabled != before.greeting_enabled:
        body["greeting_enabled"] = after.greeting_enabled
    if after.greeting != before.greeting:
        body["greeting_message"] = after.greeting
    if after.out_of_office != before.out_of_office:
        body["out_of_office_message"] = after.out_of_office
    return Change(
        INBOXES, f"Change the inbox {before.name}",
        (Request("PATCH", f"inboxes/{before.id}", body),),
        before=inbox_facts(before), wanted=_different(inbox_facts(before), inbox_facts(after)),
        record_id=before.id,
        undo=lambda _id: change_inbox(after, before),
    )  # fmt: skip


def change_hours(before: InboxSetup, after: InboxSetup) -> Change:
    """The days that differ, the switch and the time zone."""
    body: dict[str, Any] = {}
    if after.hours_enabled != before.hours_enabled:
        body["working_hours_enabled"] = after.hours_enabled
    if after.timezone != before.timezone:
        body["timezone"] = after.timezone
    rows = [one for one in after.hours if before.of_day(one.day) != one]
    if rows:
        body["working_hours"] = [day_body(one) for one in rows]
    return Change(
        HOURS, f"Change the hours of {before.name}",
        (Request("PATCH", f"inboxes/{before.id}", body),),
        before=hours_facts(before), wanted=_different(hours_facts(before), hours_facts(after)),
        record_id=before.id,
        undo=lambda _id: change_hours(after, before),
    )  # fmt: skip


def set_day(inbox: InboxSetup, hours: DayHours, why: str) -> Change:
    """One weekday of an inbox, and nothing else: for a holiday, and for putting back after it."""
    day = DAYS[hours.day]
    return Change(
        HOLIDAYS, f"{day} of {inbox.name}: {why}",
        (Request("PATCH", f"inboxes/{inbox.id}", {"working_hours": [day_body(hours)]}),),
        before={day: hours_words(inbox.of_day(hours.day))}, wanted={day: hours_words(hours)},
        record_id=inbox.id,
    )  # fmt: skip


def day_body(one: DayHours) -> dict[str, Any]:
    """A weekday as the server takes it: every field, so that nothing is left from before."""
    return {
        "day_of_week": one.day,
        "closed_all_day": one.closed,
        "open_hour": one.open_hour,
        "open_minutes": one.open_minutes,
        "close_hour": one.close_hour,
        "close_minutes": one.close_minutes,
        "open_all_day": one.all_day,
    }


def day_of(text: str, day: int, before: DayHours | None = None) -> DayHours:
    """ "9-18", "09:30-18:00", "closed" or "all day" as a weekday's hours.

    What a closed day was before stays in its fields, as the server's own pages leave it. Raises
    ValueError with a sentence.
    """
    said = " ".join(text.split()).casefold()
    base = replace(before, day=day) if before is not None else DayHours(day)
    if said in ("closed", "-", ""):
        return replace(base, closed=True, all_day=False)
    if said in ("all day", "24h", "open all day"):
        return DayHours(day, False, True, 0, 0, 23, 59)
    parts = said.replace("–", "-").replace(" to ", "-").split("-")
    if len(parts) != 2:
        raise ValueError(f"{DAYS[day]}: type hours like 9-18 or 09:30-18:00, closed, or all day.")
    opens, closes = (_clock(part, day) for part in parts)
    if closes <= opens:
        raise ValueError(
            f"{DAYS[day]}: it would close at {_said(closes)} before it opens at {_said(opens)}."
        )
    return DayHours(day, False, False, *opens, *closes)


def _said(at: tuple[int, int]) -> str:
    return f"{at[0]:02d}:{at[1]:02d}"


def _clock(text: str, day: int) -> tuple[int, int]:
    hour, _, minutes = text.strip().replace(".", ":").replace("h", ":").partition(":")
    if not (_digits(hour) and (not minutes or (_digits(minutes) and len(minutes) == 2))):
        raise ValueError(f"{DAYS[day]}: {text.strip() or 'nothing'} is no time; type 9 or 09:30.")
    at = int(hour), int(minutes or 0)
    if at[0] > 23 or at[1] > 59:
        raise ValueError(f"{DAYS[day]}: there is no {text.strip()} o'clock.")
    return at


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2


def week_of(texts: Mapping[int, str], before: InboxSetup) -> tuple[DayHours, ...]:
    """Seven days as typed. Raises ValueError with the sentence for the first that cannot be."""
    rows = []
    for day in WEEK:
        was = before.of_day(day)
        same = was is not None and hours_words(was) == texts[day].strip()
        rows.append(was if was is not None and same else day_of(texts[day], day, was))
    return tuple(sorted(rows, key=lambda one: one.day))


# --- assignment policies (4.x) -----------------------------------------------------------------


def add_policy(one: Policy) -> Change:
    body = {"assignment_policy": _policy_body(one)}
    return Change(
        POLICIES, f"Add the policy {one.name}", (Request("POST", "assignment_policies", body),),
        wanted=policy_facts(one),
        undo=lambda made: remove_policy(replace(one, id=made or _NEW)),
    )  # fmt: skip


def change_policy(before: Policy, after: Policy) -> Change:
    old, new = _policy_body(before), _policy_body(after)
    body = {"assignment_policy": {key: new[key] for key in new if new[key] != old[key]}}
    return Change(
        POLICIES, f"Change the policy {before.name}",
        (Request("PATCH", f"assignment_policies/{before.id}", body),),
        before=policy_facts(before), wanted=_different(policy_facts(before), policy_facts(after)),
        record_id=before.id, undo=lambda _id: change_policy(after, before),
    )  # fmt: skip


def remove_policy(one: Policy) -> Change:
    many = one.inboxes
    return Change(
        POLICIES, f"Remove the policy {one.name}",
        (Request("DELETE", f"assignment_policies/{one.id}"),),
        before=policy_facts(one), wanted=None, record_id=one.id,
        warnings=(f"{many} {'inbox goes' if many == 1 else 'inboxes go'} by it now.",),
        confirm=one.name, undo=lambda _id: add_policy(one),
    )  # fmt: skip


def set_policy_inboxes(
    policy: Policy,
    before: Collection[int],
    after: Collection[int],
    names: Mapping[int, str],
) -> Change:
    """`names`: of every inbox by id. An inbox has one policy at most: another one gives way."""

    def said(ids: Collection[int]) -> str:
        return listed(names.get(one, f"#{one}") for one in ids)

    added = [
        Request("POST", f"inboxes/{one}/assignment_policy", {"assignment_policy_id": policy.id})
        for one in sorted(set(after) - set(before))
    ]
    taken = [
        Request("DELETE", f"inboxes/{one}/assignment_policy")
        for one in sorted(set(before) - set(after))
    ]
    return Change(
        POLICIES, f"Set which inboxes go by the policy {policy.name}", (*added, *taken),
        before={"inboxes": said(before)}, wanted={"inboxes": said(after)}, record_id=policy.id,
        undo=lambda _id: set_policy_inboxes(policy, after, before, names),
    )  # fmt: skip


def _policy_body(one: Policy) -> dict[str, Any]:
    return {
        "name": one.name,
        "description": one.description,
        "assignment_order": one.order,
        "conversation_priority": one.priority,
        "fair_distribution_limit": one.limit,
        "fair_distribution_window": one.window,
        "enabled": one.enabled,
    }


def _different(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {name: words for name, words in after.items() if before.get(name) != words}
