"""Automation rules act on what happens, by their conditions, and never on each other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shop.counter import Counter, Customer, HookEar, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)


def where(key: str, operator: str, *values: Any, then: str | None = None) -> dict[str, Any]:
    return {
        "attribute_key": key,
        "filter_operator": operator,
        "values": list(values),
        "query_operator": then,
    }


async def rule(
    counter: Counter,
    event: str,
    conditions: list[Any],
    *actions: tuple[str, Any],
    active: bool = True,
) -> Any:
    body = {
        "name": event,
        "event_name": event,
        "active": active,
        "conditions": conditions,
        "actions": [
            {"action_name": name, "action_params": [] if value is None else [value]}
            for name, value in actions
        ],
    }
    return await counter.post("ada", "/automation_rules", body)


async def view(counter: Counter, customer: Customer) -> Any:
    await counter.settle()
    return await counter.get("ada", f"/conversations/{customer.number}")


async def said(counter: Counter, customer: Customer) -> list[str]:
    listed = await counter.get("ada", f"/conversations/{customer.number}/messages")
    return [message["content"] for message in listed["payload"]]


@both
async def test_a_rule_acts_where_its_conditions_hold_and_signs_as_the_system(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        conditions = [
            where("message_type", "equal_to", "incoming", then="AND"),
            where("content", "contains", "SCREEN", then="or"),
            where("content", "contains", "battery"),
        ]
        actions = (("add_label", "repair"), ("assign_agent", 2), ("change_priority", "high"))
        await rule(counter, "message_created", conditions, *actions)
        hit, miss = (
            await counter.customer("A", "My screen broke"),
            await counter.customer("B", "Hi"),
        )
        found = await view(counter, hit)
        assert found["labels"] == ["repair"]
        assert found["meta"]["assignee"]["name"] == "Ben Counter"
        assert found["priority"] == "high"
        lines = await said(counter, hit)
        assert "Automation System added repair" in lines
        assert "Assigned to Ben Counter by Automation System" in lines
        assert "Automation System set the priority to high" in lines
        other = await view(counter, miss)
        assert (other["labels"], other["priority"]) == ([], None)
        await miss.write("The battery too")
        assert (await view(counter, miss))["labels"] == ["repair"]


@both
async def test_what_a_rule_does_sets_off_no_rule_and_one_that_is_off_does_nothing(
    version: str,
) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        anything = [where("status", "equal_to", "all")]
        await rule(counter, "message_created", anything, ("send_message", "We read it."))
        await rule(counter, "conversation_updated", anything, ("add_label", "touched"))
        await rule(counter, "message_created", anything, ("add_label", "off"), active=False)
        customer = await counter.customer()
        assert await said(counter, customer) == ["Hello?", "We read it."]
        assert (await view(counter, customer))["labels"] == []
        priority = {"priority": "low"}
        await counter.post("ben", f"/conversations/{customer.number}/toggle_priority", priority)
        assert (await view(counter, customer))["labels"] == ["touched"]
        assert len(await said(counter, customer)) == 4


@both
async def test_rules_of_openings_and_in_4_10_of_resolutions(version: str) -> None:
    async with running(version) as counter, HookEar() as ear:
        await counter.open_counter()
        anything = [where("inbox_id", "equal_to", counter.inbox["id"])]
        await rule(counter, "conversation_opened", anything, ("add_label", "again"))
        await rule(counter, "conversation_resolved", anything, ("send_webhook_event", ear.url))
        customer = await counter.customer()
        path = f"/conversations/{customer.number}/toggle_status"
        await counter.post("ben", path, {"status": "resolved"})
        await counter.settle()
        await counter.post("ben", path, {"status": "open"})
        assert (await view(counter, customer))["labels"] == ["again"]
        events = [body["event"] for _, body in ear.heard]
        expected = [] if version == "3.9.0" else ["automation_event.conversation_resolved"]
        assert events == expected
