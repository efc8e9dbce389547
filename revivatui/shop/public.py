"""The public client API of API inboxes and the survey page's API (contract 9)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from revivatui.shop.actions import contacts, conversations, files, messages, surveys
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import customer
from revivatui.shop.render.times import iso
from revivatui.shop.rest.base import Answer, Call, CallError, Route, crash, empty, invalid
from revivatui.shop.rest.base import unprocessable as refuse

NOT_FOUND = CallError(404, {"status": 404, "error": "Not Found"})
INBOX = "/public/api/v1/inboxes/{inbox}"
CONTACT = INBOX + "/contacts/{contact}"
CONVERSATION = CONTACT + "/conversations/{conversation}"
CONTACT_FIELDS = ("identifier", "email", "name", "phone_number", "custom_attributes")


def identifier_hash(token: str, identifier: str) -> str:
    """HMAC-SHA256 of the identifier, hex."""
    return hmac.new(token.encode(), identifier.encode(), hashlib.sha256).hexdigest()


def _channel(call: Call) -> tuple[Row, Row]:
    """The API channel named in the path and its inbox. Raises CallError 404."""
    channel = call.shop.db.find("channel_api", identifier=call.path["inbox"])
    inbox = channel and call.shop.db.find(
        "inboxes", channel_id=channel["id"], channel_type="Channel::Api"
    )
    if channel is None or inbox is None:
        raise NOT_FOUND
    return channel, inbox


def _contact_inbox(call: Call) -> Row:
    channel, inbox = _channel(call)
    found = call.shop.db.find(
        "contact_inboxes", inbox_id=inbox["id"], source_id=call.path["contact"]
    )
    if found is None:
        raise NOT_FOUND
    if _verified(call, channel) and not found["hmac_verified"]:
        call.shop.db.update("contact_inboxes", found["id"], hmac_verified=True)
    return must(call.shop, "contact_inboxes", found["id"])


def _verified(call: Call, channel: Row) -> bool:
    """A hash that was sent and is right. A wrong one is an exception nobody handles: 500."""
    sent, identifier = call.params.get("identifier_hash"), call.params.get("identifier")
    if sent is None and not (channel["hmac_mandatory"] and identifier is not None):
        return False
    right = identifier_hash(channel["hmac_token"] or "", str(identifier or ""))
    if not hmac.compare_digest(right, str(sent)):
        crash()
    return True


def _conversation(call: Call) -> tuple[Row, Row]:
    """The customer's conversation of the path. Raises CallError 404."""
    contact_inbox = _contact_inbox(call)
    number = call.path["conversation"]
    rows = _conversations_of(call, contact_inbox)
    for row in rows:
        if str(row["display_id"]) == number:
            return row, contact_inbox
    raise NOT_FOUND


def _conversations_of(call: Call, contact_inbox: Row) -> list[Row]:
    """Those of this contact inbox; of a verified customer all (which 3.9.0 cannot answer)."""
    if contact_inbox["hmac_verified"]:
        if not call.shop.v4:
            crash()
        return call.shop.db.all(
            "SELECT conversations.* FROM conversations JOIN contact_inboxes"
            " ON contact_inboxes.id = conversations.contact_inbox_id"
            " WHERE contact_inboxes.hmac_verified AND conversations.contact_id = ?"
            " ORDER BY conversations.id",
            (contact_inbox["contact_id"],),
        )
    return call.shop.db.where("conversations", contact_inbox_id=contact_inbox["id"])


def _contact_view(call: Call, contact_inbox: Row) -> dict[str, Any]:
    contact = must(call.shop, "contacts", contact_inbox["contact_id"])
    return {
        "source_id": contact_inbox["source_id"],
        "pubsub_token": contact_inbox["pubsub_token"],
        **{name: contact[name] for name in ("id", "name", "email", "phone_number")},
    }


def show_inbox(call: Call) -> Answer:
    channel, inbox = _channel(call)
    hours = call.shop.db.where("working_hours", inbox_id=inbox["id"])
    names = (
        "day_of_week",
        "closed_all_day",
        "open_hour",
        "open_minutes",
        "close_hour",
        "close_minutes",
        "open_all_day",
    )
    return {
        "identifier": channel["identifier"],
        "identity_validation_enabled": channel["hmac_mandatory"],
        "name": inbox["name"],
        "timezone": inbox["timezone"],
        "working_hours": [{name: row[name] for name in names} for row in hours],
        "working_hours_enabled": inbox["working_hours_enabled"],
        "csat_survey_enabled": inbox["csat_survey_enabled"],
        "greeting_enabled": inbox["greeting_enabled"],
    }


def create_contact(call: Call) -> Answer:
    channel, inbox = _channel(call)
    _verified(call, channel)
    attributes = {name: call.params[name] for name in CONTACT_FIELDS if name in call.params}
    source_id = call.params.get("source_id")
    try:
        found = contacts.find_or_create(
            call.shop, inbox, attributes, str(source_id) if source_id else None
        )
    except contacts.InvalidContact as problem:
        invalid(*problem.problems)
    return _contact_view(call, found)


def show_contact(call: Call) -> Answer:
    return _contact_view(call, _contact_inbox(call))


def update_contact(call: Call) -> Answer:
    """The contact as a raw row; one known by the new e-mail or phone number is merged."""
    contact = must(call.shop, "contacts", _contact_inbox(call)["contact_id"])
    wanted = {name: call.params[name] for name in CONTACT_FIELDS if name in call.params}
    return customer.raw_contact(call.shop, identify(call, contact, wanted))


def identify(call: Call, contact: Row, wanted: dict[str, Any]) -> Row:
    """Save what customers say of themselves, merging with whom they turn out to be."""
    shop = call.shop
    for name in ("identifier", "email", "phone_number"):
        value = wanted.get(name)
        account_id = contact["account_id"]
        known = value and shop.db.find("contacts", account_id=account_id, **{name: value})
        if known and known["id"] != contact["id"]:
            contact = contacts.merge_contacts(shop, known, contact)
    if "custom_attributes" in wanted:
        added = wanted["custom_attributes"]
        added = added if isinstance(added, dict) else {}
        wanted = {**wanted, "custom_attributes": {**contact["custom_attributes"], **added}}
    try:
        return contacts.update_contact(shop, contact, **wanted)
    except contacts.InvalidContact as problem:
        invalid(*problem.problems)


def list_conversations(call: Call) -> Answer:
    rows = _conversations_of(call, _contact_inbox(call))
    return [customer.conversation(call.shop, row) for row in rows]


def create_conversation(call: Call) -> Answer:
    contact_inbox = _contact_inbox(call)
    attributes = call.params.get("custom_attributes")
    made = conversations.create_conversation(
        call.shop,
        contact_inbox,
        custom_attributes=attributes if isinstance(attributes, dict) else {},
    )
    return customer.conversation(call.shop, made)


def show_conversation(call: Call) -> Answer:
    row, _ = _conversation(call)
    return customer.conversation(call.shop, row)


def toggle_status(call: Call) -> Answer:
    """Only resolves."""
    row, _ = _conversation(call)
    if row["status"] != "resolved":
        contact = must(call.shop, "contacts", row["contact_id"])
        row = conversations.update(call.shop, row, by_contact=contact, status="resolved")
    return customer.conversation(call.shop, row)


def toggle_typing(call: Call) -> Answer:
    row, _ = _conversation(call)
    tell_typing(call, row)
    return empty()


def tell_typing(call: Call, conversation: Row) -> None:
    """The customer began or stopped typing."""
    status = call.params.get("typing_status")
    if status in ("on", "off"):
        contact = must(call.shop, "contacts", conversation["contact_id"])
        conversations.typing(call.shop, conversation, on=status == "on", contact=contact)


def update_last_seen(call: Call) -> Answer:
    row, _ = _conversation(call)
    conversations.contact_read(call.shop, row)
    return empty()


def list_messages(call: Call) -> Answer:
    row, _ = _conversation(call)
    before = str(call.params.get("before") or "")
    found = customer.readable(
        call.shop, row["id"], before=int(before) if before.isdigit() else None
    )
    return [customer.message(call.shop, one) for one in found]


def create_message(call: Call) -> Answer:
    row, contact_inbox = _conversation(call)
    echo_id, content = call.params.get("echo_id"), call.params.get("content")
    try:
        made = messages.create_message(
            call.shop,
            row,
            sender=("Contact", contact_inbox["contact_id"]),
            message_type="incoming",
            content=None if content is None else str(content),
            attachments=uploads(call.params.get("attachments")),
            echo_id=str(echo_id) if echo_id is not None else None,
        )
    except messages.InvalidMessage as problem:
        invalid(("content", str(problem).removeprefix("Validation failed: ")))
    return customer.message(call.shop, made)


def uploads(values: Any) -> list[files.Upload]:
    """The files of a form."""
    several = values if isinstance(values, list) else [values]
    return [one for one in several if isinstance(one, files.Upload)]


def update_message(call: Call) -> Answer:
    """The answer to a form, e-mail question or survey."""
    row, _ = _conversation(call)
    message = call.shop.db.find("messages", conversation_id=row["id"], id=int(call.path["message"]))
    if message is None:
        raise NOT_FOUND
    if surveys.is_closed(call.shop, message):
        refuse("You cannot update the CSAT survey after 14 days")
    values = call.params.get("submitted_values")
    return customer.message(call.shop, surveys.submit(call.shop, message, values))


def _survey(call: Call) -> Row:
    """The survey message of the conversation with that uuid. Raises CallError 404."""
    conversation = call.shop.db.find("conversations", uuid=call.path["uuid"])
    message = conversation and call.shop.db.one(
        "SELECT * FROM messages WHERE conversation_id = ? AND content_type = 'input_csat'"
        " ORDER BY id DESC LIMIT 1",
        (conversation["id"],),
    )
    if message is None:
        raise CallError(404, {"error": "Resource could not be found"})
    return message


def show_survey(call: Call) -> Answer:
    return _survey_view(call, _survey(call))


def answer_survey(call: Call) -> Answer:
    message = _survey(call)
    if surveys.is_closed(call.shop, message):
        refuse("You cannot update the CSAT survey after 14 days")
    sent = call.params.get("message")
    values = sent.get("submitted_values") if isinstance(sent, dict) else None
    return _survey_view(call, surveys.submit(call.shop, message, values))


def _survey_view(call: Call, message: Row) -> dict[str, Any]:
    shop = call.shop
    inbox = must(shop, "inboxes", message["inbox_id"])
    response = shop.db.find("csat_survey_responses", message_id=message["id"])
    view: dict[str, Any] = {
        "id": message["id"],
        "csat_survey_response": surveys.raw_response(shop, response) if response else None,
    }
    if shop.v4:
        view["display_type"] = inbox["csat_config"].get("display_type", "emoji")
        view["content"] = inbox["csat_config"].get("message")
    view |= {
        "inbox_avatar_url": "",
        "inbox_name": inbox["name"],
        "locale": must(shop, "accounts", message["account_id"])["locale"],
        "conversation_id": message["conversation_id"],
        "created_at": iso(message["created_at"]),
    }
    return view


ROUTES = [
    Route("GET", INBOX, show_inbox, "anyone"),
    Route("POST", INBOX + "/contacts", create_contact, "anyone"),
    Route("GET", CONTACT, show_contact, "anyone"),
    Route("PATCH", CONTACT, update_contact, "anyone"),
    Route("PUT", CONTACT, update_contact, "anyone"),
    Route("GET", CONTACT + "/conversations", list_conversations, "anyone"),
    Route("POST", CONTACT + "/conversations", create_conversation, "anyone"),
    Route("GET", CONVERSATION, show_conversation, "anyone"),
    Route("POST", CONVERSATION + "/toggle_status", toggle_status, "anyone"),
    Route("POST", CONVERSATION + "/toggle_typing", toggle_typing, "anyone"),
    Route("POST", CONVERSATION + "/update_last_seen", update_last_seen, "anyone"),
    Route("GET", CONVERSATION + "/messages", list_messages, "anyone"),
    Route("POST", CONVERSATION + "/messages", create_message, "anyone"),
    Route("PATCH", CONVERSATION + "/messages/{message}", update_message, "anyone"),
    Route("PUT", CONVERSATION + "/messages/{message}", update_message, "anyone"),
    Route("GET", "/public/api/v1/csat_survey/{uuid}", show_survey, "anyone"),
    Route("PATCH", "/public/api/v1/csat_survey/{uuid}", answer_survey, "anyone"),
    Route("PUT", "/public/api/v1/csat_survey/{uuid}", answer_survey, "anyone"),
]
