"""What happens in the shop is measured: each action leaves its reporting event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from revivatui.shop.clock import Clock
from tests.shop.counter import A, Counter, Customer, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
R = "/api/v2/accounts/1"


def measured(counter: Counter, name: str | None = None) -> list[dict[str, Any]]:
    """The events of that name, or all, oldest first."""
    rows = counter.shop.db.where("reporting_events")
    return [row for row in rows if name in (None, row["name"])]


def named(counter: Counter) -> list[tuple[str, float, int | None]]:
    return [(row["name"], row["value"], row["user_id"]) for row in measured(counter)]


async def say(counter: Counter, who: str, customer: Customer, content: str = "Hello") -> None:
    await counter.post(who, f"/conversations/{customer.number}/messages", {"content": content})
    await counter.settle()


async def turn(counter: Counter, who: str, customer: Customer, status: str) -> None:
    path = f"/conversations/{customer.number}/toggle_status"
    await counter.post(who, path, {"status": status})
    await counter.settle()


async def assign(counter: Counter, customer: Customer, user_id: int) -> None:
    path = f"/conversations/{customer.number}/assignments"
    await counter.post("ada", path, {"assignee_id": user_id})
    await counter.settle()


@both
async def test_first_response_replies_and_resolution_are_measured(version: str) -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running(version, clock) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        await assign(counter, customer, 3)
        clock.advance(60)
        await counter.post(
            "ben", f"/conversations/{customer.number}/messages", {"content": "x", "private": True}
        )
        await say(counter, "ben", customer)
        clock.advance(30)
        await say(counter, "ben", customer, "nobody waits")
        await customer.write("And?")
        clock.advance(45)
        await say(counter, "ben", customer)
        clock.advance(15)
        await turn(counter, "ben", customer, "resolved")
        first_by = 2 if version.startswith("4.") else 3
        assert named(counter) == [
            ("first_response", 60.0, first_by),
            ("reply_time", 45.0, 3),
            ("conversation_resolved", 150.0, 3),
        ]
        shown = await counter.call(
            "ada",
            "GET",
            f"{R}/reports/summary",
            params={"type": "account", "since": int(MONDAY_NOON), "until": int(clock.now()) + 1},
        )
        figures = shown.json()
        assert figures["avg_first_response_time"] == 60
        assert (figures["reply_time"], figures["avg_resolution_time"]) == (45, 150)
        assert figures["resolutions_count"] == 1
        assert (figures["incoming_messages_count"], figures["outgoing_messages_count"]) == (2, 4)


async def test_resolving_twice_counts_once_or_twice_and_only_4_x_measures_the_opening() -> None:
    for version, resolutions in (("3.9.0", 0), ("4.10.1", 2)):
        clock = Clock(MONDAY_NOON, frozen=True)
        async with running(version, clock) as counter:
            await counter.open_counter()
            customer = await counter.customer()
            for status in ("resolved", "open", "resolved", "open"):
                clock.advance(100)
                await turn(counter, "ada", customer, status)
            opened = [row["value"] for row in measured(counter, "conversation_opened")]
            assert opened == ([100.0, 100.0] if version.startswith("4.") else [])
            assert len(measured(counter, "conversation_resolved")) == 2
            answer = await counter.call(
                "ada",
                "GET",
                f"{R}/reports/summary",
                params={"type": "account", "since": 0, "until": int(clock.now()) + 1},
            )
            # It is open again: 3.x counts what is resolved now, 4.x what was.
            assert answer.json()["resolutions_count"] == resolutions


@both
async def test_business_hours_count_only_while_the_inbox_is_open(version: str) -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running(version, clock) as counter:
        await counter.open_counter()
        closed = await counter.customer("Off")
        clock.advance(600)
        await say(counter, "ben", closed)
        changes = {"working_hours_enabled": True, "timezone": "Europe/Lisbon"}
        await counter.call("ada", "PATCH", f"{A}/inboxes/{counter.inbox['id']}", changes)
        clock.set(datetime(2026, 11, 23, 16, 50, tzinfo=UTC).timestamp())
        late = await counter.customer("Late")
        clock.set(datetime(2026, 11, 24, 9, 20, tzinfo=UTC).timestamp())
        await say(counter, "ben", late)
        values = [
            (row["value"], row["value_in_business_hours"])
            for row in measured(counter, "first_response")
        ]
        assert values == [(600.0, 0.0), (16.5 * 3600, 1800.0)]


@both
async def test_a_bots_hand_off_and_what_it_solved_alone_are_measured(version: str) -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running(version, clock) as counter:
        await counter.open_counter()
        bot = counter.shop.db.insert("agent_bots", account_id=1, name="Bot")
        counter.shop.db.insert(
            "access_tokens", owner_type="AgentBot", owner_id=bot, token="bot-token"
        )
        counter.shop.db.insert(
            "agent_bot_inboxes", account_id=1, inbox_id=counter.inbox["id"], agent_bot_id=bot
        )
        alone, given = await counter.customer("Alone"), await counter.customer("Given")
        clock.advance(20)
        await turn(counter, "bot-token", alone, "resolved")
        clock.advance(20)
        await turn(counter, "bot-token", given, "open")
        clock.advance(20)
        await say(counter, "ben", given)
        await turn(counter, "ben", given, "resolved")
        found = {row["name"]: row["value"] for row in measured(counter)}
        assert found["conversation_bot_resolved"] == 20
        assert found["conversation_bot_handoff"] == 40
        # The bot's time is not the shop's: people are measured from the hand-off on.
        assert found["first_response"] == 20
        assert len(measured(counter, "conversation_bot_resolved")) == 1
        span = {"since": 0, "until": int(clock.now()) + 1}
        answer = await counter.call("ada", "GET", f"{R}/reports/bot_metrics", params=span)
        assert answer.json() == {
            "conversation_count": 2,
            "message_count": 1,
            "resolution_rate": 50,
            "handoff_rate": 50,
        }


@both
async def test_an_answered_survey_is_listed_counted_and_downloaded(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        changes = {"csat_survey_enabled": True}
        await counter.call("ada", "PATCH", f"{A}/inboxes/{counter.inbox['id']}", changes)
        customer = await counter.customer()
        await assign(counter, customer, 2)
        await say(counter, "ben", customer)
        await turn(counter, "ben", customer, "resolved")
        row = counter.shop.db.find("conversations", display_id=customer.number)
        assert row is not None
        answer = {"message": {"submitted_values": {"csat_survey_response": {"rating": 4}}}}
        path = f"/public/api/v1/csat_survey/{row['uuid']}"
        assert (await counter.call(None, "PUT", path, answer)).status_code == 200
        await counter.settle()
        listed = await counter.get("ada", "/csat_survey_responses?sort=-created_at")
        assert [(one["rating"], one["conversation_id"]) for one in listed] == [(4, customer.number)]
        assert listed[0]["assigned_agent"]["name"] == "Ben Counter"
        assert listed[0]["contact"]["name"] == "Nora"
        assert await counter.get("ada", "/csat_survey_responses?rating=5") == []
        assert await counter.get("ada", "/csat_survey_responses/metrics") == {
            "total_count": 1,
            "ratings_count": {"4": 1},
            "total_sent_messages_count": 1,
        }
        file = await counter.call(
            "ada",
            "GET",
            f"{A}/csat_survey_responses/download",
            params={"since": 0, "until": int(counter.shop.clock.now()) + 10},
        )
        assert file.headers["content-disposition"] == "attachment; filename=csat_report.csv"
        lines = [line for line in file.text.splitlines() if line]
        assert lines[1].startswith("Ben Counter (ben@example.com),4,,Nora,,,http://")
        assert lines[2].startswith("Reporting period 1970-01-01 to ")


async def test_4_x_lists_the_raw_events_and_keeps_a_members_year() -> None:
    clock = Clock(MONDAY_NOON, frozen=True)
    async with running("4.10.1", clock) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        await assign(counter, customer, 2)
        clock.advance(90)
        await say(counter, "ben", customer)
        await turn(counter, "ben", customer, "resolved")
        page = await counter.get("ada", "/reporting_events")
        assert [one["name"] for one in page["payload"]] == [
            "conversation_resolved",
            "first_response",
        ]
        assert page["meta"] == {"count": 2, "current_page": 1, "total_pages": 1}
        assert page["payload"][1]["event_start_time"].startswith("2026-11-23T12:00:00")
        one_name = await counter.get("ada", "/reporting_events?name=first_response")
        assert one_name["meta"]["count"] == 1
        of_one = await counter.get("ben", f"/conversations/{customer.number}/reporting_events")
        assert [one["name"] for one in of_one] == ["first_response", "conversation_resolved"]
        year = (await counter.call("ben", "GET", f"{R}/year_in_review?year=2026")).json()
        assert year == {
            "year": "2026",
            "total_conversations": 1,
            "busiest_day": {"date": "Nov 23", "count": 1},
            "support_personality": {"avg_response_time_seconds": 90},
        }
        await assign(counter, await counter.customer("Later"), 2)
        again = (await counter.call("ben", "GET", f"{R}/year_in_review?year=2026")).json()
        assert again == year


@both
async def test_a_deleted_conversation_takes_its_events_along(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        await say(counter, "ben", customer)
        contact = f"{A}/contacts/{customer.contact['id']}"
        assert len(measured(counter)) == 1
        await counter.call("ada", "DELETE", contact)
        await counter.settle()
        assert measured(counter) == []
