"""The website widget's API (contract 10): who the visitor is, and how they say so."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from revivatui.shop import webhooks
from revivatui.shop.actions import contacts
from revivatui.shop.db import Row
from revivatui.shop.presence import availability_status
from revivatui.shop.public import identifier_hash, identify
from revivatui.shop.queries import members_of_inbox, must, users_by_id
from revivatui.shop.render import people
from revivatui.shop.render.files import avatar_url
from revivatui.shop.rest.base import Answer, Call, CallError, Route, empty, not_found
from revivatui.shop.rest.params import text
from revivatui.shop.widget_config import browser_of, channel_config, global_config
from revivatui.shop.world import Shop

TOKEN_SECONDS = 180 * 86_400
BASE = "/api/v1/widget"
BAD_HASH = CallError(401, {"error": "HMAC failed: Invalid Identifier Hash Provided"})


@dataclass
class Visit:
    """A widget call: the website inbox and the visitor's place in it."""

    call: Call
    inbox: Row
    channel: Row
    contact_inbox: Row

    @property
    def shop(self) -> Shop:
        return self.call.shop

    @property
    def contact(self) -> Row:
        return must(self.shop, "contacts", self.contact_inbox["contact_id"])

    @property
    def conversation(self) -> Row | None:
        """The visitor's newest conversation."""
        return self.shop.db.one(
            "SELECT * FROM conversations WHERE contact_inbox_id = ? ORDER BY id DESC LIMIT 1",
            (self.contact_inbox["id"],),
        )


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def make_token(shop: Shop, contact_inbox: Row) -> str:
    """A JWT (HS256) that names the visitor; 4.x lets it end after 180 days."""
    claims: dict[str, Any] = {
        "source_id": contact_inbox["source_id"],
        "inbox_id": contact_inbox["inbox_id"],
    }
    if shop.v4:
        now = int(shop.clock.now())
        claims |= {"exp": now + TOKEN_SECONDS, "iat": now}
    words = [{"alg": "HS256"}, claims]
    body = ".".join(_part(json.dumps(word, separators=(",", ":")).encode()) for word in words)
    return f"{body}.{_part(hmac.new(shop.secret, body.encode(), hashlib.sha256).digest())}"


def read_token(shop: Shop, token: str) -> dict[str, Any] | None:
    """The claims of a token of ours that has not ended, else None."""
    body, _, signature = token.rpartition(".")
    right = _part(hmac.new(shop.secret, body.encode(), hashlib.sha256).digest())
    if not body or not hmac.compare_digest(signature.encode(), right.encode()):
        return None
    middle = body.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    ended = "exp" in claims and claims["exp"] < shop.clock.now()
    return None if ended else claims


def _website(call: Call) -> tuple[Row, Row]:
    """The inbox of ``website_token``. Raises CallError 404."""
    token = text(call.params.get("website_token"))
    channel = call.shop.db.find("channel_web_widgets", website_token=token) if token else None
    inbox = channel and call.shop.db.find(
        "inboxes", channel_id=channel["id"], channel_type="Channel::WebWidget"
    )
    if channel is None or inbox is None:
        not_found()
    return inbox, channel


def _known_visitor(call: Call, inbox: Row) -> Row | None:
    claims = read_token(call.shop, call.request.headers.get("x-auth-token", ""))
    if claims is None:
        return None
    return call.shop.db.find(
        "contact_inboxes", inbox_id=inbox["id"], source_id=claims.get("source_id")
    )


def visit(call: Call) -> Visit:
    """Who calls. Raises CallError 404 for a bad website token or visitor token."""
    inbox, channel = _website(call)
    contact_inbox = _known_visitor(call, inbox)
    if contact_inbox is None:
        not_found()
    return Visit(call, inbox, channel, contact_inbox)


def config(call: Call) -> Answer:
    """Opens the widget; without a valid token a new visitor is made."""
    inbox, channel = _website(call)
    contact_inbox = _known_visitor(call, inbox)
    if contact_inbox is None:
        contact_inbox = contacts.find_or_create(call.shop, inbox, {})
    contact = must(call.shop, "contacts", contact_inbox["contact_id"])
    names = ("email", "id", "identifier", "name", "phone_number")
    token = make_token(call.shop, contact_inbox)
    return {
        "website_channel_config": channel_config(call.shop, inbox, channel, token),
        "contact": {
            **{name: contact[name] for name in names},
            "pubsub_token": contact_inbox["pubsub_token"],
        },
        "global_config": global_config(call.shop),
    }


def _contact_view(contact: Row, **more: Any) -> dict[str, Any]:
    return {
        "id": contact["id"],
        "has_email": bool(contact["email"]),
        "has_name": bool(contact["name"]),
        "has_phone_number": bool(contact["phone_number"]),
        **more,
    }


def show_contact(call: Call) -> Answer:
    return _contact_view(visit(call).contact)


def _said(call: Call) -> dict[str, Any]:
    names = ("identifier", "email", "name", "phone_number", "custom_attributes")
    return {name: call.params[name] for name in names if name in call.params}


def _check_hash(visitor: Visit) -> bool:
    """A right identifier hash was sent. Raises CallError 401 for a wrong or missing one."""
    sent = visitor.call.params.get("identifier_hash")
    if not sent and not visitor.channel["hmac_mandatory"]:
        return False
    identifier = str(visitor.call.params.get("identifier") or "")
    right = identifier_hash(visitor.channel["hmac_token"] or "", identifier)
    if not hmac.compare_digest(right, str(sent)):
        raise BAD_HASH
    return True


def update_contact(call: Call) -> Answer:
    visitor = visit(call)
    verified = "identifier_hash" in call.params and _check_hash(visitor)
    contact = identify(call, visitor.contact, _said(call))
    if verified:
        _verify(visitor)
    return _contact_view(contact)


def _verify(visitor: Visit) -> None:
    visitor.shop.db.update("contact_inboxes", visitor.contact_inbox["id"], hmac_verified=True)


def set_user(call: Call) -> Answer:
    """The website says who its visitor is; another identifier is another visitor."""
    visitor = visit(call)
    verified = _check_hash(visitor)
    wanted, contact = _said(call), visitor.contact
    identifier = wanted.get("identifier")
    more = {}
    if identifier and contact["identifier"] and contact["identifier"] != identifier:
        known = contacts.find_contact(
            visitor.shop, visitor.inbox["account_id"], {"identifier": identifier}
        )
        made = contacts.find_or_create(
            visitor.shop, visitor.inbox, {"identifier": identifier} if known else {}
        )
        visitor = Visit(call, visitor.inbox, visitor.channel, made)
        contact = visitor.contact
        more["widget_auth_token"] = make_token(visitor.shop, made)
    contact = identify(call, contact, wanted)
    if verified:
        _verify(visitor)
    return _contact_view(contact, **more)


def destroy_attributes(call: Call) -> Answer:
    visitor = visit(call)
    gone = call.params.get("custom_attributes")
    kept = {
        name: value
        for name, value in visitor.contact["custom_attributes"].items()
        if not isinstance(gone, list) or name not in gone
    }
    return _contact_view(
        contacts.update_contact(visitor.shop, visitor.contact, custom_attributes=kept)
    )


def inbox_members(call: Call) -> Answer:
    inbox, _ = _website(call)
    users = users_by_id(call.shop, members_of_inbox(call.shop, inbox["id"]))
    return {
        "payload": [
            {
                "id": user["id"],
                "name": people.available_name(user),
                "avatar_url": avatar_url(call.shop, user),
                "availability_status": availability_status(
                    call.shop, people.membership(call.shop, user["id"], inbox["account_id"])
                ),
            }
            for user in users
        ]
    }


def event(call: Call) -> Answer:
    """Only ``webwidget.triggered`` goes anywhere, and only to webhooks."""
    visitor = visit(call)
    if call.params.get("name") == "webwidget.triggered":
        sent = call.params.get("event_info")
        info = {
            **(sent if isinstance(sent, dict) else {}),
            "widget_language": call.params.get("locale"),
            "browser_language": _browser_language(call),
            "browser": browser_of(call.request.headers.get("user-agent", "")),
        }
        number = visitor.contact_inbox["id"]
        visitor.shop.worker.enqueue(
            "event", lambda: webhooks.widget_triggered(visitor.shop, number, info)
        )
    return empty(204)


def _browser_language(call: Call) -> str | None:
    sent = call.request.headers.get("accept-language", "")
    return sent.split(",")[0].split("-")[0] or None


def campaigns(call: Call) -> Answer:
    """There are none: campaigns are not part of the shop."""
    _website(call)
    return []


ROUTES = [
    Route("POST", BASE + "/config", config, "anyone"),
    Route("GET", BASE + "/contact", show_contact, "anyone"),
    Route("PATCH", BASE + "/contact", update_contact, "anyone"),
    Route("PUT", BASE + "/contact", update_contact, "anyone"),
    Route("PATCH", BASE + "/contact/set_user", set_user, "anyone"),
    Route("POST", BASE + "/contact/destroy_custom_attributes", destroy_attributes, "anyone"),
    Route("GET", BASE + "/inbox_members", inbox_members, "anyone"),
    Route("GET", BASE + "/campaigns", campaigns, "anyone"),
    Route("POST", BASE + "/events", event, "anyone"),
]
