"""What one action brings with it: lines, assignments, templates, merges."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from revivatui.shop.clock import Clock
from tests.api.recordings import rows
from tests.shop.counter import A, Counter, Customer, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)


async def thread(counter: Counter, customer: Customer) -> list[dict[str, Any]]:
    await counter.settle()
    path = f"/conversations/{customer.number}/messages"
    listed: list[dict[str, Any]] = (await counter.get("ada", path))["payload"]
    return listed


async def lines(counter: Counter, customer: Customer) -> list[str]:
    """The activity lines of a conversation, oldest first."""
    return [one["content"] for one in await thread(counter, customer) if one["message_type"] == 2]


async def assignee(counter: Counter, customer: Customer) -> str | None:
    shown = await counter.get("ada", f"/conversations/{customer.number}")
    found: dict[str, Any] | None = shown["meta"].get("assignee")
    return found["name"] if found else None


@both
async def test_every_change_by_an_agent_leaves_its_line(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        for call, body in (
            ("assignments", {"assignee_id": 3}),
            ("assignments", {"assignee_id": None}),
            ("toggle_priority", {"priority": "high"}),
            ("toggle_priority", {"priority": "low"}),
            ("toggle_priority", {"priority": None}),
            ("labels", {"labels": ["quote", "wet"]}),
            ("labels", {"labels": ["wet", "urgent"]}),
            ("toggle_status", {"status": "snoozed"}),
            ("mute", None),
            ("unmute", None),
            ("custom_attributes", {"custom_attributes": {"device": "phone"}}),
        ):
            await counter.post("ben", f"{path}/{call}", body)
            await counter.settle()
        assert await lines(counter, customer) == [
            "Assigned to Cleo Bench by Ben Counter",
            "Conversation unassigned by Ben Counter",
            "Ben Counter set the priority to high",
            "Ben Counter changed the priority from high to low",
            "Ben Counter removed the priority",
            "Ben Counter added quote, wet",
            "Ben Counter added urgent",
            "Ben Counter removed quote",
            "Conversation was snoozed by Ben Counter",
            "Conversation was marked resolved by Ben Counter",
            "Ben Counter has muted the conversation",
            "Ben Counter has unmuted the conversation",
        ]


async def test_only_3_9_tells_a_label_change_twice() -> None:
    told: dict[str, int] = {}
    for version in VERSIONS:
        async with running(version) as counter:
            await counter.open_counter()
            customer = await counter.customer()
            desk = await counter.desk("ben")
            await counter.post("ben", f"/conversations/{customer.number}/labels", {"labels": ["x"]})
            await desk.heard("message.created")
            await counter.settle()
            await counter.post(
                "ben", f"/conversations/{customer.number}/messages", {"content": "mark"}
            )
            await desk.heard("message.created", 2)
            with_label = [
                one
                for one in desk.events("conversation.updated")
                if one["first_reply_created_at"] is None
            ]
            told[version] = len(with_label)
    assert told == {"3.9.0": 2, "4.10.1": 1}


@both
async def test_a_team_drops_an_assignee_from_outside_it(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        team = await counter.post(
            "ada", "/teams", {"team": {"name": "Bench", "allow_auto_assign": False}}
        )
        await counter.post("ada", f"/teams/{team['id']}/team_members", {"user_ids": [3]})
        customer = await counter.customer()
        path = f"/conversations/{customer.number}/assignments"
        await counter.post("ben", path, {"assignee_id": 2})
        shown = await counter.post("ben", path, {"team_id": team["id"]})
        assert shown["name"] == "bench"
        assert await assignee(counter, customer) is None
        await counter.post("ben", path, {"team_id": 0})
        assert (await lines(counter, customer))[-2:] == [
            "Assigned to bench by Ben Counter",
            "Unassigned from bench by Ben Counter",
        ]


@both
async def test_new_conversations_go_round_the_online_members(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        inbox = f"{A}/inboxes/{counter.inbox['id']}"
        await counter.call("ada", "PATCH", inbox, {"enable_auto_assignment": True})
        alone = await counter.customer("Nobody here")
        assert await assignee(counter, alone) is None
        await counter.desk("ben")
        await counter.desk("cleo")
        await counter.desk("ada")
        found = [await assignee(counter, await counter.customer(f"C{n}")) for n in range(4)]
        assert found == ["Ben Counter", "Cleo Bench"] * 2
        busy = {"profile": {"account_id": 1, "availability": "busy"}}
        await counter.call("ben", "POST", "/api/v1/profile/availability", busy)
        assert await assignee(counter, await counter.customer("C5")) == "Cleo Bench"
        assert await lines(counter, alone) == []


@both
async def test_the_greeting_comes_once_and_gives_way_to_the_closed_sign(version: str) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
    clock = Clock(noon, frozen=True)
    async with running(version, clock) as counter:
        await counter.open_counter()
        changes = {
            "greeting_enabled": True,
            "greeting_message": "Welcome",
            "working_hours_enabled": True,
            "out_of_office_message": "Closed",
            "timezone": "Europe/Lisbon",
        }
        await counter.call("ada", "PATCH", f"{A}/inboxes/{counter.inbox['id']}", changes)
        by_day = await counter.customer("Day")
        await by_day.write("Anyone?")
        assert [one["content"] for one in await thread(counter, by_day)] == [
            "Hello?",
            "Welcome",
            "Anyone?",
        ]
        clock.advance(8 * 3600)
        by_night = await counter.customer("Night")
        await by_night.write("Anyone?")
        assert [one["content"] for one in await thread(counter, by_night)] == [
            "Hello?",
            "Closed",
            "Anyone?",
        ]
        assert (await thread(counter, by_night))[1]["message_type"] == 3
        assert "sender" not in (await thread(counter, by_night))[1]


@both
async def test_a_blocked_customer_never_reopens(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        await counter.post("ben", f"{path}/mute")
        await customer.write("You cannot")
        shown = await counter.get("ben", path)
        assert (shown["status"], shown["muted"]) == ("resolved", True)
        await counter.post("ben", f"{path}/unmute")
        await customer.write("Please")
        assert (await counter.get("ben", path))["status"] == "open"
        assert (await lines(counter, customer))[-1] == (
            "System reopened the conversation due to a new incoming message."
        )


@both
async def test_a_macro_and_a_bulk_action_act_for_their_user(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        first, second = await counter.customer("One"), await counter.customer("Two")
        actions = [
            {"action_name": "assign_agent", "action_params": ["self"]},
            {"action_name": "add_private_note", "action_params": ["by macro"]},
            {"action_name": "send_message", "action_params": ["Hi {{contact.name}}"]},
            {"action_name": "resolve_conversation", "action_params": []},
        ]
        macro = await counter.post("ben", "/macros", {"name": "All", "actions": actions})
        desk = await counter.desk("cleo")
        number = macro["payload"]["id"]
        await counter.post("ben", f"/macros/{number}/execute", {"conversation_ids": [first.number]})
        said = await thread(counter, first)
        texts = [one["content"] for one in said if one["message_type"] == 1]
        assert texts == ["by macro", "Hi One"]
        assert await assignee(counter, first) == "Ben Counter"
        performers = [
            one["performer"] for one in desk.events("message.created") if one["message_type"] == 1
        ]
        assert [one["availability_status"] for one in performers] == [None, None]
        wanted = {
            "type": "Conversation",
            "ids": [first.number, second.number],
            "labels": {"add": ["batch"]},
            "fields": {"status": "pending"},
        }
        await counter.post("ben", "/bulk_actions", wanted)
        await counter.settle()
        for customer in (first, second):
            shown = await counter.get("ben", f"/conversations/{customer.number}")
            assert (shown["labels"], shown["status"]) == (["batch"], "pending")
        refused = await counter.call("ben", "POST", f"{A}/bulk_actions", {"type": "Nonsense"})
        assert (refused.status_code, refused.json()) == (422, {"success": False})


@both
async def test_merging_moves_everything_to_the_base(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        base, mergee = await counter.customer("Base"), await counter.customer("Mergee")
        changes = {"email": "m@example.com", "custom_attributes": {"a": 1}}
        await counter.call("ben", "PATCH", f"{A}/contacts/{mergee.contact['id']}", changes)
        desk = await counter.desk("ben")
        ids = {
            "base_contact_id": base.contact["id"],
            "mergee_contact_id": mergee.contact["id"],
        }
        merged = await counter.post("ben", "/actions/contact_merge", ids)
        assert (merged["name"], merged["email"]) == ("Base", "m@example.com")
        await counter.settle()
        assert {"conversation.contact_changed", "contact.deleted"} <= set(
            await _names_until(desk, "contact.updated")
        )
        moved = await counter.get("ben", f"/contacts/{base.contact['id']}/conversations")
        assert {one["id"] for one in moved["payload"]} == {base.number, mergee.number}
        gone = await counter.call("ben", "GET", f"{A}/contacts/{mergee.contact['id']}")
        assert gone.status_code == 404
        await mergee.write("Still me")
        assert (await thread(counter, mergee))[-1]["sender"]["id"] == base.contact["id"]


async def _names_until(desk: Any, name: str) -> list[str]:
    await desk.heard(name)
    names: list[str] = desk.names()
    return names


@both
async def test_interactive_messages_need_proper_items(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"{A}/conversations/{customer.number}/messages"
        good = {"items": [{"title": "Phone", "value": "phone"}]}
        for content_type, attributes, status in (
            ("input_select", good, 200),
            ("input_select", {}, 422),
            ("input_select", {"items": [{"title": "x", "colour": "red"}]}, 422),
            ("cards", {"items": [{"title": "x"}]}, 422),
            ("nonsense", {}, 422),
        ):
            body = {
                "content": "Pick",
                "content_type": content_type,
                "content_attributes": attributes,
            }
            answer = await counter.call("ben", "POST", path, body)
            assert answer.status_code == status, (content_type, attributes, answer.text)


@both
async def test_deleting_leaves_a_tombstone_for_agents_and_customer(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}/messages"
        sent = await counter.post("ben", path, {"content": "oops"})
        desk = await counter.desk("cleo")
        answer = await counter.call("ben", "DELETE", f"{A}{path}/{sent['id']}")
        assert answer.json()["content"] == "This message was deleted"
        assert answer.json()["content_attributes"] == {"deleted": True}
        updated = (await desk.heard("message.updated"))[0]
        assert updated["previous_changes"]["content"] == ["oops", "This message was deleted"]
        public = (await counter.call(None, "GET", f"{customer.path}/messages")).json()
        assert public[-1]["content"] == "This message was deleted"


@both
async def test_each_write_of_a_message_moves_its_conversation(version: str) -> None:
    """So `updated_within` names it, whether or not the conversation itself was saved."""
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}/messages"

        def saved() -> int:
            row = counter.shop.db.find("conversations", display_id=customer.number)
            assert row is not None
            return int(row["updated_at"])

        await counter.post("ben", path, {"content": "first"})
        await counter.settle()
        moments = [saved()]
        note = await counter.post("ben", path, {"content": "a note", "private": True})
        moments.append(saved())
        await counter.call("ben", "DELETE", f"{A}{path}/{note['id']}")
        moments.append(saved())
        assert moments == sorted(set(moments))


def test_recorded_servers_move_a_conversation_with_its_messages() -> None:
    """Both: between two saves of a conversation its `updated_at` was moved by something else."""
    for version in VERSIONS:
        saves: dict[int, list[tuple[str, str]]] = {}
        for row in rows(version, "webhooks"):
            for changed in row["body"].get("changed_attributes") or []:
                if "updated_at" in changed and row["body"]["event"] == "conversation_updated":
                    pair = changed["updated_at"]
                    held = saves.setdefault(row["body"]["id"], [])
                    held.append((pair["previous_value"], pair["current_value"]))
        moved = [
            before
            for pairs in saves.values()
            for (_, after), (before, _) in pairwise(sorted(set(pairs), key=lambda one: one[1]))
            if before > after
        ]
        assert len(moved) >= 5
