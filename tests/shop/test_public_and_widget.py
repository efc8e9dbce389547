"""Customers come in through the public API and the website widget (contract 9 and 10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from revivatui.shop.clock import Clock
from revivatui.shop.public import identifier_hash
from revivatui.shop.server import ShopServer
from revivatui.shop.widget import TOKEN_SECONDS, make_token, read_token
from revivatui.shop.world import Person, Shop, create_shop

ADA = Person("Ada", "ada@example.com", "administrator", "Password1!", "ada-token", "ada-pubsub")
STAFF = {"api_access_token": "ada-token"}
AT = "/api/v1/accounts/1"
Json = Any


@dataclass
class Doors:
    """A shop with an API inbox and a website, and a client without any token."""

    shop: Shop
    rest: httpx.AsyncClient
    api: Json
    website: Json

    async def call(self, method: str, path: str, status: int = 200, **request: Any) -> Json:
        answer = await self.rest.request(method, path, **request)
        assert answer.status_code == status, answer.text
        try:
            return answer.json()
        except ValueError:
            return answer.text

    @property
    def contacts(self) -> str:
        return f"/public/api/v1/inboxes/{self.api['inbox_identifier']}/contacts"

    async def chat(self, **who: Json) -> str:
        """A new contact's new conversation, as its path."""
        contact = await self.call("POST", self.contacts, json=who or {"name": "Bea"})
        at = f"{self.contacts}/{contact['source_id']}/conversations"
        made = await self.call("POST", at, json={})
        return f"{at}/{made['id']}"

    async def widget(self, method: str, path: str, token: str | None, status: int = 200,
                     body: Json = None, **params: str) -> Json:  # fmt: skip
        return await self.call(
            method,
            f"/api/v1/widget/{path}",
            status,
            params={"website_token": self.website["website_token"], **params},
            headers={"X-Auth-Token": token} if token else {},
            json=body,
        )

    async def visitor(self) -> str:
        config = await self.widget("POST", "config", None)
        return str(config["website_channel_config"]["auth_token"])


@pytest.fixture(params=["3.9.0", "4.10.1"])
async def doors(request: pytest.FixtureRequest) -> AsyncIterator[Doors]:
    shop = create_shop(request.param, clock=Clock(1_790_000_000.0), people=[ADA])
    async with (
        ShopServer(shop) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as rest,
    ):
        made = []
        for channel in (
            {"type": "api", "webhook_url": ""},
            {"type": "web_widget", "website_url": "https://shop.example.com"},
        ):
            body = {"name": channel["type"], "channel": channel, "csat_survey_enabled": True}
            answer = await rest.post(f"{AT}/inboxes", json=body, headers=STAFF)
            made.append(answer.json())
        yield Doors(shop, rest, *made)


async def test_the_same_customer_coming_again_is_the_same_contact(doors: Doors) -> None:
    first = await doors.call("POST", doors.contacts, json={"identifier": "c-1", "name": "Bea"})
    again = await doors.call("POST", doors.contacts, json={"identifier": "c-1"})
    assert again["id"] == first["id"]
    known = await doors.call("GET", f"{doors.contacts}/{first['source_id']}")
    assert known == first


async def test_a_right_hash_is_taken_and_a_wrong_one_is_a_crash(doors: Doors) -> None:
    key = doors.api["hmac_token"]
    right = {"identifier": "c-1", "identifier_hash": identifier_hash(key, "c-1")}
    await doors.call("POST", doors.contacts, json=right)
    wrong = {"identifier": "c-1", "identifier_hash": "no"}
    answer = await doors.call("POST", doors.contacts, 500, json=wrong)
    assert answer == {"status": 500, "error": "Internal Server Error"}


async def test_customers_read_what_is_public_and_nothing_else(doors: Doors) -> None:
    chat = await doors.chat()
    await doors.call("POST", f"{chat}/messages", json={"content": "hello", "echo_id": "e1"})
    number = chat.rsplit("/", 1)[1]
    for body in ({"content": "hi"}, {"content": "secret", "private": True}):
        await doors.call("POST", f"{AT}/conversations/{number}/messages", headers=STAFF, json=body)
    await doors.call("POST", f"{AT}/conversations/{number}/assignments", headers=STAFF,
                     json={"assignee_id": 1})  # fmt: skip
    await doors.shop.worker.drain()
    seen = await doors.call("GET", f"{chat}/messages")
    assert [one["content"] for one in seen] == ["hello", "hi"]
    assert "echo_id" not in seen[0]


async def test_strangers_get_a_404(doors: Doors) -> None:
    for path in (
        "/public/api/v1/inboxes/none",
        f"{doors.contacts}/none",
        f"{doors.contacts}/none/conversations/1/messages",
    ):
        assert await doors.call("GET", path, 404) == {"status": 404, "error": "Not Found"}
    other = await doors.chat(name="Cy")
    chat = await doors.chat(name="Bea")
    stolen = chat.rsplit("/", 1)[0] + "/" + other.rsplit("/", 1)[1]
    await doors.call("GET", stolen, 404)


async def test_reading_marks_what_the_agents_said_as_read(doors: Doors) -> None:
    chat = await doors.chat()
    number = chat.rsplit("/", 1)[1]
    await doors.call("POST", f"{AT}/conversations/{number}/messages", headers=STAFF,
                     json={"content": "hi"})  # fmt: skip
    await doors.call("POST", f"{chat}/update_last_seen")
    await doors.shop.worker.drain()
    assert [row["status"] for row in doors.shop.db.where("messages")] == ["read"]


async def test_a_survey_is_answered_once_it_was_sent_and_closes_after_two_weeks(
    doors: Doors,
) -> None:
    chat = await doors.chat()
    uuid = (await doors.call("GET", chat))["uuid"]
    survey = f"/public/api/v1/csat_survey/{uuid}"
    await doors.call("GET", survey, 404)
    await doors.call("POST", f"{chat}/messages", json={"content": "hello"})
    await doors.call("POST", f"{chat}/toggle_status")
    await doors.shop.worker.drain()
    answer = {"csat_survey_response": {"rating": 4, "feedback_message": "good"}}
    body = {"message": {"submitted_values": answer}}
    await doors.call("PATCH", survey, json=body)
    await doors.shop.worker.drain()
    told = await doors.call("GET", survey)
    assert told["csat_survey_response"]["rating"] == 4
    doors.shop.clock.advance(15 * 86_400)
    closed = await doors.call("PATCH", survey, 422, json=body)
    assert closed == {"error": "You cannot update the CSAT survey after 14 days"}


async def test_a_visitor_writes_reads_and_ends_the_conversation(doors: Doors) -> None:
    token = await doors.visitor()
    assert await doors.widget("GET", "conversations", token) == {}
    said = {"contact": {"name": "Vi", "email": "vi@example.org"}, "message": {"content": "hello"}}
    made = await doors.widget("POST", "conversations", token, body=said)
    assert made["contact"]["name"] == "Vi"
    await doors.widget("POST", "messages", token, body={"message": {"content": "more"}})
    read = await doors.widget("GET", "messages", token)
    assert [one["content"] for one in read["payload"]][:1] == ["hello"]
    assert {one["message_type"] for one in read["payload"]} <= {0, 3}
    await doors.widget("GET", "conversations/toggle_status", token)
    assert (await doors.widget("GET", "conversations", token))["status"] == "resolved"


async def test_a_bad_widget_token_is_not_found(doors: Doors) -> None:
    answer = await doors.widget("GET", "conversations", "bad", 404)
    assert answer == {"error": "Resource could not be found"}
    await doors.call("POST", "/api/v1/widget/config", 404, params={"website_token": "bad"})


async def test_a_visitor_who_comes_back_is_known_and_in_4x_forgotten_after_half_a_year(
    doors: Doors,
) -> None:
    place = doors.shop.db.find("contact_inboxes", id=1)
    assert place is None
    token = await doors.visitor()
    again = await doors.widget("POST", "config", token)
    assert again["contact"]["id"] == 1
    place = doors.shop.db.find("contact_inboxes", id=1)
    assert place is not None
    mine = make_token(doors.shop, place)
    doors.shop.clock.advance(TOKEN_SECONDS + 1)
    assert (read_token(doors.shop, mine) is None) == doors.shop.v4


async def test_set_user_checks_the_hash_and_another_identifier_is_another_visitor(
    doors: Doors,
) -> None:
    token = await doors.visitor()
    key = doors.website["hmac_token"]
    right = {"identifier": "w-1", "identifier_hash": identifier_hash(key, "w-1"), "name": "Wanda"}
    known = await doors.widget("PATCH", "contact/set_user", token, body=right)
    assert known["has_name"]
    wrong = {**right, "identifier_hash": "no"}
    answer = await doors.widget("PATCH", "contact/set_user", token, 401, body=wrong)
    assert answer == {"error": "HMAC failed: Invalid Identifier Hash Provided"}
    other = {"identifier": "w-2", "identifier_hash": identifier_hash(key, "w-2")}
    changed = await doors.widget("PATCH", "contact/set_user", token, body=other)
    assert changed["id"] != known["id"]
    seen = await doors.widget("GET", "contact", changed["widget_auth_token"])
    assert seen["id"] == changed["id"]


async def test_labels_and_attributes_of_visitors_are_kept(doors: Doors) -> None:
    token = await doors.visitor()
    await doors.widget("POST", "messages", token, body={"message": {"content": "hello"}})
    await doors.call("POST", f"{AT}/labels", headers=STAFF, json={"label": {"title": "quote"}})
    for label in ("quote", "unknown"):
        await doors.widget("POST", "labels", token, 204, body={"label": label})
    given = {"custom_attributes": {"order": "R-1", "colour": "red"}}
    await doors.widget("POST", "conversations/set_custom_attributes", token, 204, body=given)
    gone = {"custom_attribute": ["colour"]}
    await doors.widget("POST", "conversations/destroy_custom_attributes", token, 204, body=gone)
    [row] = doors.shop.db.where("conversations")
    assert (row["cached_label_list"], row["custom_attributes"]) == ("quote", {"order": "R-1"})
    await doors.widget("DELETE", "labels/quote", token, 204)
    assert doors.shop.db.where("conversations")[0]["cached_label_list"] == ""


async def test_a_visitor_who_says_a_known_address_writes_as_whom_it_belongs_to(
    doors: Doors,
) -> None:
    known = await doors.call("POST", doors.contacts, json={"name": "Bea", "email": "b@example.com"})
    token = await doors.visitor()
    body = {"contact": {"email": "b@example.com"}, "message": {"content": "It's me again"}}
    made = await doors.widget("POST", "conversations", token, body=body)
    row = doors.shop.db.find("conversations", display_id=made["id"])
    assert row is not None
    assert row["contact_id"] == known["id"]
    assert made["contact"]["id"] == known["id"]
