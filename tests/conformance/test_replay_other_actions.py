"""Recordings never seen before: other actions, other ids, other tokens, the same shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.recorder import Recorder, recording
from tools.conformance.replay import replay

A = "/api/v1/accounts/1"
Json = Any


async def set_up(shop: Recorder) -> Json:
    """An API inbox with webhooks, its members, and three clients on the cable."""
    for number, (who, name) in enumerate((("admin", "ada"), ("agent1", "ben"), ("agent2", "cleo"))):
        token = f"{name}-pubsub-00000000000"
        await shop.listen(who, token, account_id=1, user_id=number + 1)
    channel = {"type": "api", "webhook_url": f"http://{shop.hooks.host}/api-inbox"}
    inbox = await shop.call(
        "admin", "POST", f"{A}/inboxes", {"name": "Counter", "channel": channel}
    )
    await shop.call(
        "admin", "PATCH", f"{A}/inboxes/{inbox['id']}", {"enable_auto_assignment": False}
    )
    await shop.call(
        "admin", "POST", f"{A}/inbox_members", {"inbox_id": inbox["id"], "user_ids": [2, 3]}
    )
    subscriptions = [
        "conversation_created", "conversation_status_changed", "conversation_updated",
        "message_created", "message_updated", "contact_created", "contact_updated",
    ]  # fmt: skip
    webhook = {"url": f"http://{shop.hooks.host}/account", "subscriptions": subscriptions}
    await shop.call("admin", "POST", f"{A}/webhooks", {"webhook": webhook})
    return inbox


async def customers(shop: Recorder, inbox: Json) -> list[Json]:
    """Three customers who have written; the first listens."""
    made: list[Json] = []
    at = f"/public/api/v1/inboxes/{inbox['inbox_identifier']}/contacts"
    for number, name in enumerate(("Bea", "Cy", "Di")):
        who = {"name": name, "email": f"{name.lower()}@example.org", "identifier": f"id-{number}"}
        contact = await shop.call("anonymous", "POST", at, who)
        chat = f"{at}/{contact['source_id']}/conversations"
        opened = await shop.call("anonymous", "POST", chat, {})
        if not made:
            await shop.listen("contact1", contact["pubsub_token"])
        said = {"content": f"hello from {name}"}
        message = await shop.call("anonymous", "POST", f"{chat}/{opened['id']}/messages", said)
        made.append(
            {
                "contact": contact["id"],
                "chat": opened["id"],
                "at": f"{chat}/{opened['id']}",
                "message": message["id"],
            }
        )
    return made


async def work(shop: Recorder, people: list[Json], inbox: Json) -> None:
    """What agents do that no recording of the real servers holds."""
    first, second, third = people
    one, two = f"{A}/conversations/{first['chat']}", f"{A}/conversations/{second['chat']}"
    team = await shop.call("admin", "POST", f"{A}/teams", {"team": {"name": "field"}})
    members = f"{A}/teams/{team['id']}/team_members"
    await shop.call("admin", "POST", members, {"user_ids": [2]})
    await shop.call("agent1", "POST", f"{one}/assignments", {"team_id": team["id"]})
    await shop.call("agent2", "POST", f"{one}/assignments", {"assignee_id": 3})
    await shop.call("agent1", "POST", f"{one}/assignments", {"assignee_id": None})
    quote = {"content": "as said", "content_attributes": {"in_reply_to": first["message"]}}
    sent = await shop.call("agent1", "POST", f"{one}/messages", quote)
    await shop.call("agent1", "POST", f"{one}/messages", {"content": "", "files": [
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 90, "image/png")]})  # fmt: skip
    await shop.call("agent1", "DELETE", f"{one}/messages/{sent['id']}")
    await shop.call("agent1", "GET", f"{one}/messages", before=sent["id"])
    await shop.call("agent1", "POST", f"{one}/labels", {"labels": ["a", "b", "c"]})
    await shop.call("agent1", "POST", f"{one}/labels", {"labels": ["c"]})
    await shop.call("agent1", "POST", f"{two}/toggle_status", {"status": "resolved"})
    await shop.call("anonymous", "POST", f"{second['at']}/messages", {"content": "again"})
    await shop.call("agent1", "POST", f"{two}/toggle_status")
    until = int(shop.server.shop.clock.now()) + 7200
    snooze = {"status": "snoozed", "snoozed_until": until}
    await shop.call("agent2", "POST", f"{two}/toggle_status", snooze)
    note = {"content": "[@Cleo](mention://user/3/Cleo) look", "private": True}
    await shop.call("agent1", "POST", f"{one}/messages", note)
    listed = await shop.call("agent2", "GET", f"{A}/notifications")
    number = listed["data"]["payload"][0]["id"]
    await shop.call("agent2", "PATCH", f"{A}/notifications/{number}", {})
    await shop.call("agent2", "DELETE", f"{A}/notifications/{number}")
    bulk = {"type": "Conversation", "ids": [first["chat"], third["chat"]],
            "fields": {"assignee_id": 2}}  # fmt: skip
    await shop.call("agent1", "POST", f"{A}/bulk_actions", bulk)
    rule = {"attribute_key": "inbox_id", "filter_operator": "equal_to", "values": [inbox["id"]],
            "query_operator": None}  # fmt: skip
    await shop.call("agent1", "POST", f"{A}/conversations/filter", {"payload": [rule]})
    await shop.call("agent1", "GET", f"{A}/conversations", assignee_type="me", status="all")
    await shop.call("agent1", "POST", f"{one}/toggle_typing_status", {"typing_status": "on"})
    await shop.call("anonymous", "POST", f"{first['at']}/update_last_seen")


async def contacts_work(shop: Recorder, people: list[Json], version: str) -> None:
    """Contacts changed, merged and deleted."""
    first, second, third = people
    at = f"{A}/contacts"
    await shop.call("agent1", "PATCH", f"{at}/{third['contact']}", {"name": "Diana"})
    note = {"note": {"content": "likes tea"}}
    made = await shop.call("agent1", "POST", f"{at}/{third['contact']}/notes", note)
    await shop.call("agent1", "DELETE", f"{at}/{third['contact']}/notes/{made['id']}")
    merge = {"base_contact_id": first["contact"], "mergee_contact_id": third["contact"]}
    await shop.call("agent1", "POST", f"{A}/actions/contact_merge", merge)
    await shop.call("agent1", "GET", f"{at}/{first['contact']}")
    await shop.call("agent1", "GET", f"{at}/{third['contact']}")
    await shop.call("admin", "DELETE", f"{at}/{second['contact']}")
    if version.startswith("4"):
        await shop.call("admin", "DELETE", f"{A}/conversations/{third['chat']}")
    await shop.call("agent1", "GET", f"{A}/conversations", status="all")


@pytest.mark.parametrize("version", ["3.9.0", "4.10.1"])
async def test_a_recording_of_other_actions_is_replayed_without_a_difference(
    version: str, tmp_path: Path
) -> None:
    async with recording(version) as shop:
        inbox = await set_up(shop)
        people = await customers(shop, inbox)
        await work(shop, people, inbox)
        await contacts_work(shop, people, version)
        shop.write(tmp_path)
        statuses = {row["status"] for row in shop.calls}
    assert statuses <= {200, 404}
    report = await replay(version, [tmp_path])
    assert report.lines == []
    assert report.counts["calls replayed"] == len(shop.calls)
    assert report.counts["webhooks"] > 20
