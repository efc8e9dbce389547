"""Administration over REST: who may, what is refused and in which words, what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shop.counter import A, Counter, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)
DENIED = {"error": "You are not authorized to do this action"}
RULE = {
    "name": "Greet",
    "event_name": "message_created",
    "conditions": [{"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"]}],
    "actions": [{"action_name": "add_label", "action_params": ["new"]}],
}


async def refused(
    counter: Counter, method: str, path: str, body: Any, status: int = 422, who: str = "ada"
) -> Any:
    answer = await counter.call(who, method, A + path, body)
    assert answer.status_code == status, answer.text
    return answer.json()


@both
async def test_only_administrators_administer(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        inbox = counter.inbox["id"]
        calls: list[tuple[str, str]] = [
            ("PATCH", ""),
            ("POST", "/agents"),
            ("PATCH", "/agents/3"),
            ("DELETE", "/agents/3"),
            ("POST", "/agents/bulk_create"),
            ("POST", "/inboxes"),
            ("PATCH", f"/inboxes/{inbox}"),
            ("DELETE", f"/inboxes/{inbox}"),
            ("POST", f"/inboxes/{inbox}/set_agent_bot"),
            ("POST", "/inbox_members"),
            ("POST", "/teams"),
            ("POST", "/labels"),
            ("POST", "/custom_attribute_definitions"),
            ("GET", "/automation_rules"),
            ("POST", "/automation_rules"),
            ("GET", "/webhooks"),
            ("POST", "/webhooks"),
            ("POST", "/integrations/hooks"),
            ("POST", "/agent_bots"),
            ("GET", "/audit_logs"),
            ("GET", "/campaigns"),
        ]
        if version == "4.10.1":
            calls += [
                ("GET", "/assignment_policies"),
                ("POST", "/assignment_policies"),
                ("GET", f"/inboxes/{inbox}/assignment_policy"),
                ("GET", "/custom_roles"),
                ("GET", "/agent_capacity_policies"),
            ]
        for method, path in calls:
            answer = await counter.call("ben", method, A + path, {} if method != "GET" else None)
            assert (answer.status_code, answer.json()) == (401, DENIED), (method, path)


@both
async def test_the_account_keeps_what_was_sent_and_each_version_its_own_way_to_resolve(
    version: str,
) -> None:
    async with running(version) as counter:
        wanted = {"name": "Repairs", "locale": "pt_BR", "domain": "x.example", "industry": "it"}
        sent = {**wanted, "auto_resolve_duration": 20, "auto_resolve_after": 600}
        changed = (await counter.call("ada", "PATCH", A, sent)).json()
        account = await counter.get("ben", "")
        assert {name: account[name] for name in ("name", "locale", "domain")} == {
            name: wanted[name] for name in ("name", "locale", "domain")
        }
        assert account["custom_attributes"] == {"industry": "it"}
        if version == "3.9.0":
            assert account["auto_resolve_duration"] == 20
            assert "settings" not in account
        else:
            assert account["settings"] == {"auto_resolve_after": 600}
            assert "auto_resolve_duration" not in account
        assert account.keys() - changed.keys() == {
            "latest_chatwoot_version",
            "subscribed_features",
        }


@pytest.mark.parametrize(
    ("version", "sent", "message"),
    [
        ("3.9.0", {"name": " "}, "Name can't be blank"),
        ("4.10.1", {"name": ""}, "Name can't be blank"),
        ("4.10.1", {"domain": "d" * 101}, "Domain is too long (maximum is 100 characters)"),
        (
            "3.9.0",
            {"auto_resolve_duration": 0},
            "Auto resolve duration must be greater than or equal to 1",
        ),
        ("3.9.0", {"auto_resolve_duration": "soon"}, "Auto resolve duration is not a number"),
        (
            "4.10.1",
            {"auto_resolve_after": 9},
            "Auto resolve after must be greater than or equal to 10",
        ),
        (
            "4.10.1",
            {"auto_resolve_after": 1_439_857},
            "Auto resolve after must be less than or equal to 1439856",
        ),
    ],
)
async def test_a_bad_account_is_refused_whole(version: str, sent: Any, message: str) -> None:
    async with running(version) as counter:
        said = await refused(counter, "PATCH", "", {"support_email": "x@example.com", **sent})
        assert said == {"message": message, "attributes": list(sent)}
        assert (await counter.get("ada", ""))["support_email"] is None


@both
async def test_only_4_10_knows_the_locale_bg(version: str) -> None:
    async with running(version) as counter:
        answer = await counter.call("ada", "PATCH", A, {"locale": "bg"})
        assert answer.status_code == (500 if version == "3.9.0" else 200)


@both
async def test_an_agent_is_invited_offline_and_unconfirmed_with_a_known_role(version: str) -> None:
    async with running(version) as counter:
        new = {"email": "Nia@Example.com", "name": "Nia", "role": "agent"}
        made = await counter.post("ada", "/agents", {**new, "availability": "busy"})
        assert made["email"] == "nia@example.com"
        assert made["confirmed"] is False
        assert made["availability_status"] == "offline"
        assert made["auto_offline"] is True
        for bad in ({"role": "king"}, {"availability": "asleep"}):
            body = {**new, "email": "other@example.com", **bad}
            await refused(counter, "POST", "/agents", body, status=500)
            await refused(counter, "PATCH", f"/agents/{made['id']}", bad, status=500)
        emails = [agent["email"] for agent in await counter.get("ada", "/agents")]
        assert "other@example.com" not in emails
        said = await refused(counter, "POST", "/agents", new)
        assert said == {"message": "User has already been taken", "attributes": ["user_id"]}
        gone = await counter.call("ada", "PATCH", f"{A}/agents/999", {"role": "agent"})
        assert gone.status_code == 404


@both
async def test_an_inbox_with_bad_settings_is_refused(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        path = f"/inboxes/{counter.inbox['id']}"
        for sent, message in (
            ({"timezone": "Mars/Olympus"}, "Timezone is not included in the list"),
            (
                {"greeting_message": "g" * 10_001},
                "Greeting message is too long (maximum is 10000 characters)",
            ),
            (
                {"auto_assignment_config": {"max_assignment_limit": -1}},
                "Auto assignment config max_assignment_limit must be greater than 0",
            ),
        ):
            said = await refused(counter, "PATCH", path, sent)
            assert said == {"message": message, "attributes": list(sent)}
        await refused(counter, "PATCH", path, {"sender_name_type": "rude"}, status=500)
        kept = await counter.get("ada", path)
        assert kept["timezone"] == "UTC"
        assert kept["auto_assignment_config"] == {}


@both
async def test_a_day_that_makes_no_sense_stays_as_it_was(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        path = f"{A}/inboxes/{counter.inbox['id']}"
        days = [
            {"day_of_week": 1, "open_hour": 12, "close_hour": 8},
            {"day_of_week": 2, "open_hour": 25},
            {"day_of_week": 3, "closed_all_day": True, "open_all_day": True},
            {"day_of_week": 4, "open_all_day": True},
            {"day_of_week": 5, "open_hour": 10, "open_minutes": 30},
        ]
        answer = await counter.call("ada", "PATCH", path, {"working_hours": days})
        kept = {day["day_of_week"]: day for day in answer.json()["working_hours"]}
        office = (9, 0, 17, 0, False)
        names = ("open_hour", "open_minutes", "close_hour", "close_minutes", "closed_all_day")
        for day in (1, 2, 3):
            assert tuple(kept[day][name] for name in names) == office
        assert tuple(kept[4][name] for name in names) == (0, 0, 23, 59, False)
        assert tuple(kept[5][name] for name in names) == (10, 30, 17, 0, False)


@both
async def test_rules_are_checked_by_name_kept_cloned_and_gone(version: str) -> None:
    async with running(version) as counter:
        made = await counter.post("ada", "/automation_rules", RULE)
        assert made["active"] is True
        path = f"/automation_rules/{made['id']}"
        copy = (await counter.post("ada", f"{path}/clone", {}))["payload"]
        assert {**copy, "id": 0, "created_on": 0} == {**made, "id": 0, "created_on": 0}
        bad = {"conditions": [{"attribute_key": "mood"}, {"attribute_key": "status"}]}
        said = await refused(counter, "PATCH", path, bad)
        assert said["error"]["conditions"] == [
            "Automation conditions mood not supported.",
            "Automation conditions should have query operator.",
        ]
        note = {"actions": [{"action_name": "add_private_note", "action_params": ["n"]}]}
        answer = await counter.call("ada", "PATCH", A + path, note)
        assert answer.status_code == (422 if version == "3.9.0" else 200)
        await refused(counter, "POST", "/automation_rules", {"name": "x"}, status=500)
        await counter.call("ada", "DELETE", A + path)
        left = (await counter.get("ada", "/automation_rules"))["payload"]
        assert [rule["id"] for rule in left] == [copy["id"]]
        assert (await counter.call("ada", "GET", A + path)).status_code == 500


@both
async def test_a_rule_may_ask_for_an_attribute_of_the_account(version: str) -> None:
    async with running(version) as counter:
        wanted = {**RULE, "conditions": [{"attribute_key": "device", "values": ["x"]}]}
        await refused(counter, "POST", "/automation_rules", wanted)
        definition = {"attribute_display_name": "Device", "attribute_key": "device"}
        body = {"custom_attribute_definition": definition}
        await counter.post("ada", "/custom_attribute_definitions", body)
        await counter.post("ada", "/automation_rules", wanted)


@both
async def test_an_app_is_switched_on_with_the_settings_it_asks_for(version: str) -> None:
    async with running(version) as counter:
        for settings in ({}, {"api_key": 5}, {"api_key": "k", "colour": "red"}):
            hook = {"app_id": "openai", "settings": settings}
            said = await refused(counter, "POST", "/integrations/hooks", {"hook": hook})
            assert said["attributes"] == ["settings"]
        hook = {"app_id": "openai", "settings": {"api_key": "k"}}
        made = await counter.post("ada", "/integrations/hooks", {"hook": hook})
        said = await refused(counter, "POST", "/integrations/hooks", {"hook": hook})
        assert said == {"message": "App has already been taken", "attributes": ["app_id"]}
        path = f"{A}/integrations/hooks/{made['id']}"
        off = (await counter.call("ada", "PATCH", path, {"hook": {"status": "disabled"}})).json()
        assert off["status"] is False
        assert off["settings"] == {"api_key": "k"}
        seen = await counter.get("ben", "/integrations/apps/openai")
        assert seen["enabled"] is True
        assert [sorted(one) for one in seen["hooks"]] == [
            ["account_id", "app_id", "hook_type", "id", "inbox", "status"]
        ]
        needs = {"app_id": "dialogflow", "settings": {"project_id": "p", "credentials": {}}}
        said = await refused(counter, "POST", "/integrations/hooks", {"hook": needs})
        assert said["attributes"] == ["inbox_id"]


async def test_in_4_10_an_app_counts_as_enabled_by_what_the_account_has() -> None:
    async with running("4.10.1") as counter:
        page = {"title": "CRM", "content": [{"type": "frame", "url": "https://crm.example.com"}]}
        await counter.post("ben", "/dashboard_apps", {"dashboard_app": page})
        apps = (await counter.get("ada", "/integrations/apps"))["payload"]
        assert [app["id"] for app in apps if app["enabled"]] == ["dashboard_apps"]


@both
async def test_a_page_of_ones_own_needs_an_address(version: str) -> None:
    async with running(version) as counter:
        for content in ([{"type": "frame", "url": "nowhere"}], [{"type": "picture"}]):
            body = {"dashboard_app": {"title": "CRM", "content": content}}
            said = await refused(counter, "POST", "/dashboard_apps", body)
            assert said == {"message": "Content : Invalid data", "attributes": ["content"]}


async def test_a_policy_is_kept_placed_and_refused_with_bad_numbers() -> None:
    async with running("4.10.1") as counter:
        await counter.open_counter()
        placed = f"/inboxes/{counter.inbox['id']}/assignment_policy"
        assert (await counter.call("ada", "GET", A + placed)).status_code == 404
        policy = {"name": "Even", "fair_distribution_limit": 3}
        body = {"assignment_policy": policy}
        made = await counter.post("ada", "/assignment_policies", body)
        assert made["assignment_order"] == "round_robin"
        assert made["conversation_priority"] == "earliest_created"
        assert made["fair_distribution_window"] == 3600
        for bad, message in (
            (policy, "Name has already been taken"),
            ({"name": ""}, "Name can't be blank"),
            (
                {"name": "B", "fair_distribution_limit": 0},
                "Fair distribution limit must be greater than 0",
            ),
        ):
            said = await refused(
                counter, "POST", "/assignment_policies", {"assignment_policy": bad}
            )
            assert said["message"] == message
        odd = {"assignment_policy": {"name": "C", "assignment_order": "at random"}}
        await refused(counter, "POST", "/assignment_policies", odd, status=500)
        await counter.post("ada", placed, {"assignment_policy_id": made["id"]})
        assert (await counter.get("ada", placed))["assigned_inbox_count"] == 1
        path = f"/assignment_policies/{made['id']}"
        inboxes = (await counter.get("ada", f"{path}/inboxes"))["inboxes"]
        assert [inbox["id"] for inbox in inboxes] == [counter.inbox["id"]]
        assert (await counter.call("ada", "DELETE", A + path)).status_code == 200
        assert (await counter.call("ada", "GET", A + placed)).status_code == 404
        missing = {"assignment_policy_id": made["id"]}
        await refused(counter, "POST", placed, missing, status=404)


async def test_3_9_has_no_policies_and_says_so_like_any_wrong_address() -> None:
    async with running("3.9.0") as counter:
        answer = await counter.call("ada", "GET", f"{A}/assignment_policies")
        assert answer.status_code == 404
        assert answer.json() == {"status": 404, "error": "Not Found"}


@both
async def test_only_4_10_refuses_an_attribute_named_like_one_that_is_there(version: str) -> None:
    async with running(version) as counter:
        for model, key in ((0, "priority"), (1, "email")):
            definition = {"attribute_display_name": key, "attribute_key": key}
            body = {"custom_attribute_definition": {**definition, "attribute_model": model}}
            path = f"{A}/custom_attribute_definitions"
            answer = await counter.call("ada", "POST", path, body)
            if version == "3.9.0":
                assert answer.status_code == 200
            else:
                assert answer.status_code == 422
                assert answer.json()["attributes"] == ["attribute_key"]
