"""Conversations: lists, one, new ones (contract 2.2 to 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revivatui.shop import lists
from revivatui.shop.actions import contacts, conversations, messages
from revivatui.shop.db import Row
from revivatui.shop.filters import FilterBroken, FilterRefused, filter_conversations
from revivatui.shop.queries import must
from revivatui.shop.render import push, rest
from revivatui.shop.render.times import seconds
from revivatui.shop.rest.access import asker, conversation_of, in_account, inbox_of
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    Route,
    crash,
    empty,
    not_found,
    unprocessable,
)
from revivatui.shop.rest.messages import message_of
from revivatui.shop.rest.params import boolean, hash_of, integer
from revivatui.shop.rest.reading import read_moment


def views(call: Call, ids: list[int]) -> list[dict[str, Any]]:
    rows = (must(call.shop, "conversations", row_id) for row_id in ids)
    return [rest.conversation(call.shop, row, call.user) for row in rows]


def _listed(call: Call) -> lists.ConversationPage:
    try:
        return lists.list_conversations(call.shop.db, asker(call), call.request.query_params)
    except lists.NotInAccount:
        not_found()


def index(call: Call) -> Answer:
    page = _listed(call)
    meta = page.counts.as_meta(with_assigned=True)
    return {"data": {"meta": meta, "payload": views(call, page.ids)}}


def meta_of(call: Call) -> Answer:
    try:
        counts = lists.conversation_counts(call.shop.db, asker(call), call.request.query_params)
    except lists.NotInAccount:
        not_found()
    return {"meta": counts.as_meta(with_assigned=True)}


def search(call: Call) -> Answer:
    page = _listed(call)
    text = call.request.query_params.get("q") or ""
    hits = lists.matching_messages(call.shop.db, page.ids, text)
    payload = [_hit(call, must(call.shop, "conversations", row_id), hits) for row_id in page.ids]
    return {"meta": page.counts.as_meta(with_assigned=False), "payload": payload}


def _hit(call: Call, row: Row, hits: dict[int, list[int]]) -> dict[str, Any]:
    contact = must(call.shop, "contacts", row["contact_id"])
    inbox = must(call.shop, "inboxes", row["inbox_id"])
    return {
        "id": row["display_id"],
        "uuid": row["uuid"],
        "created_at": seconds(row["created_at"]),
        "contact": {"id": contact["id"], "name": contact["name"]},
        "inbox": {
            "id": inbox["id"],
            "name": inbox["name"],
            "channel_type": inbox["channel_type"],
        },
        "messages": [
            _hit_message(call, must(call.shop, "messages", found))
            for found in hits.get(row["id"], [])
        ],
        "account_id": row["account_id"],
    }


def _hit_message(call: Call, row: Row) -> dict[str, Any]:
    view: dict[str, Any] = {"content": row["content"], "id": row["id"]}
    if sender := push.sender_push(call.shop, row):
        view["sender_name"] = sender["name"]
    view["message_type"] = push.MESSAGE_TYPES[row["message_type"]]
    view["created_at"] = seconds(row["created_at"])
    return view


def filtered(call: Call) -> Answer:
    try:
        page = filter_conversations(
            call.shop.db, asker(call), call.params.get("payload"), call.request.query_params
        )
    except FilterRefused as problem:
        unprocessable(str(problem))
    except FilterBroken:
        crash()
    meta = page.counts.as_meta(with_assigned=False)
    return {"meta": meta, "payload": views(call, page.ids)}


def show(call: Call) -> Answer:
    return rest.conversation(call.shop, conversation_of(call), call.user)


def create(call: Call) -> Answer:
    contact_inbox = _contact_inbox(call)
    inbox = must(call.shop, "inboxes", contact_inbox["inbox_id"])
    row: Row | None = None
    if inbox["lock_to_single_conversation"]:
        row = call.shop.db.one(
            "SELECT * FROM conversations WHERE contact_inbox_id = ? ORDER BY id DESC LIMIT 1",
            (contact_inbox["id"],),
        )
    if row is None:
        row = _create(call, contact_inbox)
    elif call.params.get("message"):
        _first_message(call, row)()
    return rest.conversation(call.shop, must(call.shop, "conversations", row["id"]), call.user)


def _contact_inbox(call: Call) -> Row:
    """The contact inbox that the call names, or a new one. Raises CallError 401, 404, 422."""
    params, db = call.params, call.shop.db
    inbox = inbox_of(call, params["inbox_id"]) if params.get("inbox_id") else None
    contact_id = params.get("contact_id")
    contact = in_account(call, "contacts", contact_id) if contact_id else None
    source_id = params.get("source_id")
    if inbox is None or contact is None:
        found = db.find("contact_inboxes", source_id=str(source_id)) if source_id else None
        if found is None:
            not_found()
        inbox_of(call, found["inbox_id"])
        return found
    known = db.find("contact_inboxes", inbox_id=inbox["id"], source_id=source_id or "")
    if known is not None and known["contact_id"] != contact["id"]:
        unprocessable("source_id should be unique")
    return known or contacts.create_contact_inbox(
        call.shop,
        contact,
        inbox,
        source_id,
        hmac_verified=bool(boolean(params.get("hmac_verified"))),
    )


def _create(call: Call, contact_inbox: Row) -> Row:
    params = call.params
    status = params.get("status") or None
    if status == "bot":
        status = "pending"
    if status is not None and status not in conversations.STATUSES:
        crash()
    first: Callable[[Row], Callable[[], None]] | None = None
    if params.get("message"):

        def first(row: Row) -> Callable[[], None]:
            return _first_message(call, row)

    return conversations.create_conversation(
        call.shop,
        contact_inbox,
        status=status,
        assignee_id=integer(params.get("assignee_id")),
        team_id=integer(params.get("team_id")),
        snoozed_until=read_moment(params.get("snoozed_until")),
        custom_attributes=hash_of(params.get("custom_attributes")),
        additional_attributes=hash_of(params.get("additional_attributes")),
        first_message=first,
    )


def _first_message(call: Call, row: Row) -> Callable[[], None]:
    draft = message_of(call, row, hash_of(call.params.get("message")))
    try:
        return messages.write_message(call.shop, row, opens=True, **draft)[1]
    except messages.InvalidMessage as problem:
        raise CallError(422, {"error": str(problem)}) from problem


def update(call: Call) -> Answer:
    row = conversation_of(call)
    if "priority" in call.params:
        priority = call.params["priority"] or None
        if priority is not None and priority not in conversations.PRIORITIES:
            crash()
        row = conversations.update(call.shop, row, priority=priority)
    return rest.conversation(call.shop, row, call.user)


def destroy(call: Call) -> Answer:
    """4.x: administrators only; a job deletes, nobody is told."""
    row = conversation_of(call)
    call.need_admin()
    call.shop.worker.enqueue("delete", lambda: contacts.delete_conversation(call.shop, row))
    return empty()


A = "/api/v1/accounts/{account_id}/conversations"
ROUTES = [
    Route("GET", A, index),
    Route("GET", f"{A}/meta", meta_of),
    Route("GET", f"{A}/search", search),
    Route("POST", f"{A}/filter", filtered),
    Route("POST", A, create, bots=True),
    Route("GET", f"{A}/{{conversation_id}}", show),
    Route("PATCH", f"{A}/{{conversation_id}}", update, bots=True),
    Route("PUT", f"{A}/{{conversation_id}}", update, bots=True),
    Route("DELETE", f"{A}/{{conversation_id}}", destroy, since="4"),
]
