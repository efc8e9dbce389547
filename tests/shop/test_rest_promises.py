"""REST as Chatwoot answers it: sign-in, errors, side effects, files, webhooks."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from revivatui.shop.clock import Clock
from tests.shop.counter import A, HookEar, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)


async def test_only_3_9_throttles_sign_ins_from_this_machine_right_ones_too() -> None:
    statuses: dict[str, list[int]] = {}
    for version in VERSIONS:
        async with running(version, Clock(1_800_000_000.0, frozen=True)) as counter:
            wrong = {"email": "ben@example.com", "password": "wrong"}
            right = {**wrong, "password": "Password1!"}
            answers = [
                await counter.call(None, "POST", "/auth/sign_in", body)
                for body in (right, wrong, right, wrong, wrong, right, wrong)
            ]
            statuses[version] = [answer.status_code for answer in answers]
            if version == "3.9.0":
                assert answers[-1].text == "Retry later\n"
                assert answers[-1].headers["content-type"].startswith("text/plain")
                assert "retry-after" not in answers[-1].headers
                counter.shop.clock.advance(300)
                again = await counter.call(None, "POST", "/auth/sign_in", right)
                assert again.status_code == 200
    assert statuses == {
        "3.9.0": [200, 401, 200, 401, 401, 429, 429],
        "4.10.1": [200, 401, 200, 401, 401, 200, 401],
    }


async def test_only_3_9_throttles_contact_searches_of_an_account() -> None:
    last: dict[str, int] = {}
    for version in VERSIONS:
        async with running(version, Clock(1_800_000_000.0, frozen=True)) as counter:
            for _ in range(100):
                await counter.get("ben", "/contacts/search?q=x")
            answer = await counter.call("ada", "GET", f"{A}/contacts/search?q=x")
            last[version] = answer.status_code
            counter.shop.clock.advance(60)
            await counter.get("ben", "/contacts/search?q=x")
    assert last == {"3.9.0": 429, "4.10.1": 200}


@both
async def test_a_session_repeats_its_headers_until_it_is_signed_out(version: str) -> None:
    async with running(version) as counter:
        body = {"email": "ben@example.com", "password": "Password1!"}
        signed = await counter.call(None, "POST", "/auth/sign_in", body)
        keys = ("access-token", "token-type", "client", "expiry", "uid")
        session = {key: signed.headers[key] for key in keys}
        profile = await counter.http.get("/api/v1/profile", headers=session)
        assert profile.json()["email"] == "ben@example.com"
        assert {key: profile.headers[key] for key in keys} == session
        packed = {"Authorization": signed.headers["authorization"]}
        assert (await counter.http.get("/auth/validate_token", headers=packed)).is_success
        gone = await counter.http.delete("/auth/sign_out", headers=session)
        assert gone.json() == {"success": True}
        after = await counter.http.get("/api/v1/profile", headers=session)
        assert after.status_code == 401
        assert list(after.json()) == ["errors"]


@both
async def test_a_denied_role_is_401_and_no_sign_out(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        for who, path, error in (
            ("dara", f"{A}/conversations/{customer.number}", "You are not authorized to do"),
            ("ben", f"{A}/webhooks", "You are not authorized to do this action"),
            ("nobody", "/api/v1/profile", "Invalid Access Token"),
        ):
            answer = await counter.call(who, "GET", path)
            assert answer.status_code == 401
            assert answer.json()["error"].startswith(error)
        unknown = await counter.call("ben", "GET", f"{A}/conversations/99")
        assert unknown.status_code == 404
        assert unknown.json() == {"error": "Resource could not be found"}


@both
async def test_variables_are_filled_outside_code_and_broken_ones_stay(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer("nora mail")
        path = f"/conversations/{customer.number}/messages"
        for typed, sent in (
            ("Hi {{contact.name}}, {{ agent.name }} here", "Hi Nora Mail, Ben Counter here"),
            ("`{{contact.name}}` {{contact.first_name}}", "`{{contact.name}}` Nora"),
            ("{{ nothing.here }}!", "!"),
            ("{{ contact.name", "{{ contact.name"),
            ("{% for i in (1..3) %}{{ i }}{% endfor %}", "123"),
        ):
            assert (await counter.post("ben", path, {"content": typed}))["content"] == sent


@both
async def test_unread_saturates_at_ten_and_only_reading_clears_it(version: str) -> None:
    async with running(version, Clock()) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        for number in range(14):
            counter.shop.clock.advance(2)
            await customer.write(f"and {number}")
        assert (await counter.get("ben", path))["unread_count"] == 10
        await counter.post("ben", f"{path}/messages", {"content": "Here"})
        assert (await counter.get("ben", path))["unread_count"] == 10
        assert (await counter.post("ben", f"{path}/update_last_seen"))["unread_count"] == 0
        assert (await counter.post("ben", f"{path}/unread"))["unread_count"] == 1


@both
async def test_a_snooze_ends_by_the_shops_clock(version: str) -> None:
    clock = Clock()
    async with running(version, clock) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        wanted = {"status": "snoozed", "snoozed_until": int(clock.now()) + 3600}
        await counter.post("ben", f"{path}/toggle_status", wanted)
        clock.advance(3000)
        await counter.settle()
        assert (await counter.get("ben", path))["status"] == "snoozed"
        clock.advance(1000)
        await counter.settle()
        shown = await counter.get("ben", path)
        assert shown["status"] == "open"
        assert shown["snoozed_until"] is None


@both
async def test_a_photo_comes_back_from_its_signed_address_and_gets_its_size_later(
    version: str,
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(picture, "PNG")
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        counter.shop.worker.stop()
        files = {"attachments[]": ("../../phone \x1b.png", picture.getvalue(), "image/png")}
        sent = await counter.post(
            "ben", f"{path}/messages", data={"content": "photo", "private": "true"}, files=files
        )
        assert sent["private"] is True
        attachment = sent["attachments"][0]
        assert attachment["width"] is None
        assert attachment["file_type"] == "image"
        answer = await counter.http.get(attachment["data_url"], follow_redirects=True)
        assert answer.content == picture.getvalue()
        assert answer.headers["content-type"] == "image/png"
        forged = attachment["data_url"].replace("--", "--0", 1)
        assert (await counter.http.get(forged)).status_code == 404
        counter.shop.worker.start()
        await counter.settle()
        listed = (await counter.get("ben", f"{path}/attachments"))["payload"][0]
        assert (listed["width"], listed["height"]) == (64, 48)
        assert (await counter.http.get(listed["thumb_url"], follow_redirects=True)).is_success


@both
async def test_a_refused_webhook_fails_the_message_and_tells_of_it(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter(webhook_url="http://127.0.0.1:9/nobody")
        desk = await counter.desk("ben")
        customer = await counter.customer()
        updated = (await desk.heard("message.updated"))[0]
        assert updated["status"] == "failed"
        assert updated["previous_changes"]["status"] == ["sent", "failed"]
        assert "Connection refused" in updated["content_attributes"]["external_error"]
        await counter.settle()
        path = f"/conversations/{customer.number}/messages"
        assert (await counter.get("ben", path))["payload"][0]["status"] == "failed"
        assert len(desk.events("message.updated")) == 1


@both
async def test_webhooks_are_delivered_as_chatwoot_delivers_them(version: str) -> None:
    async with HookEar() as ear, running(version) as counter:
        await counter.open_counter(webhook_url=ear.url)
        customer = await counter.customer("Nora", None)
        await counter.settle()
        ear.heard.clear()
        await counter.post(
            "ben", f"/conversations/{customer.number}/messages", {"content": "a <b> & c"}
        )
        await counter.settle()
        by_event = {body["event"]: (headers, body) for headers, body in ear.heard}
        assert set(by_event) == {"message_created", "conversation_updated"}
        headers, body = by_event["message_created"]
        assert headers["user-agent"].startswith("rest-client/2.1.0")
        assert headers["content-type"] == "application/json"
        assert body["message_type"] == "outgoing"
        assert body["content"] == "a <b> & c"
        assert body["sender"] == {
            "id": 2,
            "name": "Ben Counter",
            "email": "ben@example.com",
            "type": "user",
        }
        changed = {
            name
            for one in by_event["conversation_updated"][1]["changed_attributes"]
            for name in one
        }
        assert {"first_reply_created_at", "waiting_since", "updated_at"} <= changed


@both
async def test_resolving_asks_for_a_rating_once(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        changes = {"csat_survey_enabled": True}
        await counter.call("ada", "PATCH", f"{A}/inboxes/{counter.inbox['id']}", changes)
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        for status in ("resolved", "open", "resolved"):
            await counter.post("ben", f"{path}/toggle_status", {"status": status})
            await counter.settle()
        kinds = [
            one["content_type"] for one in (await counter.get("ben", f"{path}/messages"))["payload"]
        ]
        assert kinds.count("input_csat") == 1


@both
async def test_an_agent_who_opens_becomes_the_assignee_and_an_administrator_does_not(
    version: str,
) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        path = f"/conversations/{customer.number}"
        for who, assignee in (("ada", None), ("cleo", 3)):
            await counter.post("ben", f"{path}/toggle_status", {"status": "pending"})
            await counter.post(who, f"{path}/toggle_status", {"status": "open"})
            shown = (await counter.get("ada", path))["meta"].get("assignee")
            assert (shown and shown["id"]) == assignee


@both
async def test_the_data_lasts(version: str, tmp_path: Path) -> None:
    path = str(tmp_path / "shop.sqlite3")
    async with running(version, path=path) as counter:
        await counter.open_counter()
        customer = await counter.customer("Nora", "My phone is wet")
        files = {"attachments[]": ("quote.txt", b"99 EUR", "text/plain")}
        sent = await counter.post(
            "ben", f"/conversations/{customer.number}/messages", data={"content": ""}, files=files
        )
        inbox = counter.inbox
    async with running(version, path=path) as counter:
        counter.inbox = inbox
        listed = await counter.get("ben", "/conversations")
        assert listed["data"]["meta"]["all_count"] == 1
        again = (await counter.get("ben", f"/conversations/{customer.number}/messages"))["payload"]
        assert again[0]["content"] == "My phone is wet"
        address = again[-1]["attachments"][0]["data_url"]
        assert sent["id"] == again[-1]["id"]
        answer = await counter.http.get(address, follow_redirects=True)
        assert answer.content == b"99 EUR"
        assert (await counter.customer("Olga", "Another")).number == customer.number + 1
