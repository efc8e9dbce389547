"""What administrators set up is what the shop then does."""

from __future__ import annotations

from typing import Any

import pytest

from revivatui.shop import schedule
from revivatui.shop.clock import Clock
from revivatui.shop.world import open_account
from tests.shop.counter import A, Counter, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)
MONDAY_NOON = 1_794_830_400.0
"""2026-11-16, 12:00 UTC, which is 13:00 in Madrid."""


async def change_inbox(counter: Counter, **wanted: Any) -> None:
    path = f"{A}/inboxes/{counter.inbox['id']}"
    answer = await counter.call("ada", "PATCH", path, wanted)
    assert answer.status_code == 200, answer.text


async def seat(counter: Counter, *names: str) -> None:
    """These agents count as online, connected or not."""
    ids = {"ben": 2, "cleo": 3, "dara": 4}
    for name in names:
        body = {"auto_offline": False, "availability": "online"}
        answer = await counter.call("ada", "PATCH", f"{A}/agents/{ids[name]}", body)
        assert answer.json()["availability_status"] == "online"


async def assignee_of(counter: Counter, number: int) -> str | None:
    view = await counter.get("ada", f"/conversations/{number}")
    assignee = view["meta"].get("assignee")
    return assignee["name"].split()[0] if assignee else None


async def templates(counter: Counter, number: int) -> list[str]:
    listed = await counter.get("ada", f"/conversations/{number}/messages")
    return [one["content"] for one in listed["payload"] if one["message_type"] == 3]


@both
@pytest.mark.parametrize(
    ("zone", "hours", "told"),
    [
        ("UTC", {"open_hour": 9, "close_hour": 17}, []),
        ("UTC", {"open_hour": 13, "close_hour": 17}, ["Closed"]),
        ("Europe/Madrid", {"open_hour": 13, "close_hour": 17}, []),
        ("UTC", {"closed_all_day": True}, ["Closed"]),
        ("UTC", {"open_all_day": True}, []),
    ],
)
async def test_out_of_hours_a_customer_is_told_so_in_the_inboxes_own_zone(
    version: str, zone: str, hours: dict[str, Any], told: list[str]
) -> None:
    async with running(version, Clock(MONDAY_NOON, frozen=True)) as counter:
        await counter.open_counter()
        days = [{"day_of_week": 1, **hours}]
        await change_inbox(
            counter,
            working_hours_enabled=True,
            out_of_office_message="Closed",
            timezone=zone,
            working_hours=days,
        )
        customer = await counter.customer()
        assert await templates(counter, customer.number) == told
        await change_inbox(counter, working_hours_enabled=False)
        other = await counter.customer("Olga")
        assert await templates(counter, other.number) == []


@both
async def test_round_robin_keeps_to_the_limit_and_to_who_is_there_and_stops_when_off(
    version: str,
) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        await seat(counter, "ben", "cleo")
        limit = {"max_assignment_limit": 1}
        await change_inbox(counter, enable_auto_assignment=True, auto_assignment_config=limit)
        first, second, third = [await counter.customer(name) for name in ("A", "B", "C")]
        held = [await assignee_of(counter, one.number) for one in (first, second, third)]
        assert held == ["Ben", "Cleo", None]
        resolved = {"status": "resolved"}
        await counter.post("ada", f"/conversations/{first.number}/toggle_status", resolved)
        fourth = await counter.customer("D")
        assert await assignee_of(counter, fourth.number) == "Ben"
        await change_inbox(counter, enable_auto_assignment=False, auto_assignment_config={})
        fifth = await counter.customer("E")
        assert await assignee_of(counter, fifth.number) is None


@both
async def test_a_removed_agent_holds_nothing_sees_nothing_and_is_nobody(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        team = await counter.post("ada", "/teams", {"team": {"name": "bench"}})
        await counter.post("ada", f"/teams/{team['id']}/team_members", {"user_ids": [3]})
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        await counter.post("ada", f"{path}/assignments", {"assignee_id": 3})
        sent = await counter.post("cleo", f"{path}/messages", {"content": "It is ready."})
        login = {"email": "cleo@example.com", "password": "Password1!"}
        signed = await counter.call(None, "POST", "/auth/sign_in", login)
        session = {name: signed.headers[name] for name in ("access-token", "client", "uid")}
        answer = await counter.call("ada", "DELETE", f"{A}/agents/3")
        assert answer.status_code == 200
        await counter.settle()
        assert await assignee_of(counter, customer.number) is None
        refused = await counter.call("cleo", "GET", f"{A}{path}")
        assert (refused.status_code, refused.json()) == (401, {"error": "Invalid Access Token"})
        for gone in (
            await counter.http.get("/api/v1/profile", headers=session),
            await counter.call(None, "POST", "/auth/sign_in", login),
        ):
            assert gone.status_code == 401
        inbox = counter.inbox["id"]
        members = (await counter.get("ada", f"/inbox_members/{inbox}"))["payload"]
        assert [one["name"] for one in members] == ["Ben Counter"]
        assert await counter.get("ada", f"/teams/{team['id']}/team_members") == []
        kept = (await counter.get("ada", f"{path}/messages"))["payload"]
        assert [one.get("sender") for one in kept if one["id"] == sent["id"]] == [None]


@both
async def test_an_agent_of_two_accounts_leaves_one_only(version: str) -> None:
    async with running(version) as counter:
        other = open_account(counter.shop, "Other")
        counter.shop.db.insert("account_users", account_id=other, user_id=3, role="agent")
        await counter.call("ada", "DELETE", f"{A}/agents/3")
        await counter.settle()
        assert (await counter.call("cleo", "GET", f"{A}/conversations")).status_code == 401
        profile = await counter.call("cleo", "GET", "/api/v1/profile")
        assert [one["id"] for one in profile.json()["accounts"]] == [other]


@both
async def test_who_is_taken_out_of_an_inbox_sees_it_no_more_but_by_its_team_in_4_10(
    version: str,
) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"{A}/conversations/{customer.number}"
        out = {"inbox_id": counter.inbox["id"], "user_ids": [2]}
        assert (await counter.call("ben", "GET", path)).status_code == 200
        await counter.call("ada", "DELETE", f"{A}/inbox_members", out)
        assert (await counter.call("ben", "GET", path)).status_code == 401
        team = await counter.post("ada", "/teams", {"team": {"name": "bench"}})
        members = {"user_ids": [2]}
        await counter.post("ada", f"/teams/{team['id']}/team_members", members)
        given = {"team_id": team["id"]}
        await counter.post("ada", f"/conversations/{customer.number}/assignments", given)
        seen = await counter.call("ben", "GET", path)
        assert seen.status_code == (401 if version == "3.9.0" else 200)


@both
async def test_a_label_renamed_is_renamed_everywhere_and_one_deleted_stays_where_it_is(
    version: str,
) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        label = await counter.post("ada", "/labels", {"label": {"title": "urgent"}})
        path = f"/conversations/{customer.number}/labels"
        contact = f"/contacts/{customer.contact['id']}/labels"
        for at in (path, contact):
            await counter.post("ben", at, {"labels": ["urgent", "vip"]})
        desk = await counter.desk("ben")
        await counter.call(
            "ada", "PATCH", f"{A}/labels/{label['id']}", {"label": {"title": "Today"}}
        )
        await counter.settle()
        for at in (path, contact):
            assert (await counter.get("ben", at))["payload"] == ["vip", "today"]
        listed = await counter.get("ada", "/conversations", params={"labels[]": "today"})
        assert [one["id"] for one in listed["data"]["payload"]] == [customer.number]
        await counter.call("ada", "DELETE", f"{A}/labels/{label['id']}")
        await counter.settle()
        await desk.heard("account.cache_invalidated", 2)
        assert desk.names() == ["account.cache_invalidated"] * 2
        assert (await counter.get("ben", path))["payload"] == ["vip", "today"]


async def test_a_policy_gives_each_agent_a_fair_share_of_its_window() -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running("4.10.1", clock) as counter:
        await counter.open_counter()
        await seat(counter, "ben")
        await change_inbox(counter, enable_auto_assignment=True)
        share = {"name": "Even", "fair_distribution_limit": 1, "fair_distribution_window": 600}
        body = {"assignment_policy": {**share, "conversation_priority": "longest_waiting"}}
        policy = await counter.post("ada", "/assignment_policies", body)
        placed = f"/inboxes/{counter.inbox['id']}/assignment_policy"
        await counter.post("ada", placed, {"assignment_policy_id": policy["id"]})
        one, two, three = [await counter.customer(name) for name in ("A", "B", "C")]
        clock.advance(60)
        await two.write("Still here?")
        held = [await assignee_of(counter, who.number) for who in (one, two, three)]
        assert held == ["Ben", None, None]
        await seat(counter, "cleo")
        schedule.assign_waiting(counter.shop)
        await counter.settle()
        held = [await assignee_of(counter, who.number) for who in (one, two, three)]
        assert held == ["Ben", None, "Cleo"]
        clock.advance(600)
        schedule.assign_waiting(counter.shop)
        assert await assignee_of(counter, two.number) == "Ben"


async def test_a_balanced_policy_gives_to_who_holds_least_and_one_switched_off_does_not() -> None:
    async with running("4.10.1") as counter:
        await counter.open_counter()
        await seat(counter, "ben", "cleo")
        waiting = [await counter.customer(name) for name in ("A", "B")]
        for customer in waiting:
            path = f"/conversations/{customer.number}/assignments"
            await counter.post("ada", path, {"assignee_id": 2})
        await change_inbox(counter, enable_auto_assignment=True)
        body = {"assignment_policy": {"name": "Least", "assignment_order": "balanced"}}
        policy = await counter.post("ada", "/assignment_policies", body)
        placed = f"/inboxes/{counter.inbox['id']}/assignment_policy"
        await counter.post("ada", placed, {"assignment_policy_id": policy["id"]})
        held = [await assignee_of(counter, (await counter.customer(name)).number) for name in "CD"]
        assert held == ["Cleo", "Cleo"]
        off = {"assignment_policy": {"enabled": False}}
        await counter.call("ada", "PATCH", f"{A}/assignment_policies/{policy['id']}", off)
        held = [await assignee_of(counter, (await counter.customer(name)).number) for name in "EF"]
        assert sorted(map(str, held)) == ["Ben", "Cleo"]


@pytest.mark.parametrize(
    ("version", "wish", "line"),
    [
        ("3.9.0", {"auto_resolve_duration": 2}, "2 days"),
        ("4.10.1", {"auto_resolve_after": 2880}, "2 days"),
        ("4.10.1", {"auto_resolve_after": 180, "auto_resolve_message": "Bye."}, "3 hours"),
        ("4.10.1", {"auto_resolve_after": 100, "auto_resolve_label": "idle"}, "100 minutes"),
    ],
)
async def test_idle_conversations_are_resolved_after_the_accounts_time(
    version: str, wish: dict[str, Any], line: str
) -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running(version, clock) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        await counter.call("ada", "PATCH", A, wish)
        clock.advance(99 * 60)
        await counter.settle()
        assert (await counter.get("ada", path))["status"] == "open"
        clock.advance(2 * 86_400)
        await counter.settle()
        assert (await counter.get("ada", path))["status"] == "resolved"
        said = (await counter.get("ada", f"{path}/messages"))["payload"]
        lines = [one["content"] for one in said if one["message_type"] == 2]
        assert lines == [f"Conversation was marked resolved by system due to {line} of inactivity"]
        told = [wish["auto_resolve_message"]] if "auto_resolve_message" in wish else []
        assert await templates(counter, customer.number) == told
        labels = [wish["auto_resolve_label"]] if "auto_resolve_label" in wish else []
        assert (await counter.get("ada", f"{path}/labels"))["payload"] == labels


async def test_who_waits_for_an_answer_is_left_open_where_4_10_is_told_to_look() -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running("4.10.1", clock) as counter:
        await counter.open_counter()
        asks, answered = await counter.customer("A"), await counter.customer("B")
        path = f"/conversations/{answered.number}/messages"
        await counter.post("ben", path, {"content": "Done."})
        wish = {"auto_resolve_after": 60, "auto_resolve_ignore_waiting": True}
        await counter.call("ada", "PATCH", A, wish)
        clock.advance(7200)
        await counter.settle()
        states = [
            (await counter.get("ada", f"/conversations/{one.number}"))["status"]
            for one in (asks, answered)
        ]
        assert states == ["open", "resolved"]
