"""Contacts (contract 4)."""

from __future__ import annotations

from typing import Any

from revivatui.shop import lists
from revivatui.shop.actions import contacts
from revivatui.shop.actions.files import Upload, store
from revivatui.shop.db import Row
from revivatui.shop.filters import FilterBroken, FilterRefused, filter_contacts
from revivatui.shop.queries import must, visible_inboxes
from revivatui.shop.render import inboxes, people, rest
from revivatui.shop.render.channels import channel_type
from revivatui.shop.render.times import seconds
from revivatui.shop.rest.access import asker, in_account, inbox_of
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    Route,
    crash,
    empty,
    invalid,
    not_found,
    unprocessable,
)
from revivatui.shop.rest.params import boolean, hash_of, string_list, text

TEXTS = ("name", "email", "phone_number", "identifier")
PER_CONTACT = 20


def _contact_of(call: Call) -> Row:
    return in_account(call, "contacts", call.path["contact_id"])


def _view(call: Call, row: Row) -> dict[str, Any]:
    wanted = boolean(call.params.get("include_contact_inboxes")) is not False
    return rest.contact(
        call.shop,
        must(call.shop, "contacts", row["id"]),
        admin=call.is_admin,
        with_inboxes=wanted,
    )


def _page(call: Call, page: lists.ContactPage) -> Answer:
    rows = (must(call.shop, "contacts", row_id) for row_id in page.ids)
    return {"meta": page.as_meta(), "payload": [_view(call, row) for row in rows]}


def index(call: Call) -> Answer:
    return _page(call, lists.list_contacts(call.shop.db, asker(call), call.request.query_params))


def search(call: Call) -> Answer:
    return _page(call, lists.search_contacts(call.shop.db, asker(call), call.request.query_params))


def active(call: Call) -> Answer:
    here = call.shop.presence.contacts_here()
    query = call.request.query_params
    return _page(call, lists.active_contacts(call.shop.db, asker(call), query, here))


def filtered(call: Call) -> Answer:
    try:
        page = filter_contacts(
            call.shop.db, asker(call), call.params.get("payload"), call.request.query_params
        )
    except FilterRefused as problem:
        unprocessable(str(problem))
    except FilterBroken:
        crash()
    return _page(call, page)


def show(call: Call) -> Answer:
    return {"payload": _view(call, _contact_of(call))}


def _columns(call: Call, params: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {name: text(params[name]) for name in TEXTS if name in params}
    if "blocked" in params:
        columns["blocked"] = bool(boolean(params["blocked"]))
    if isinstance(params.get("avatar"), Upload):
        columns["avatar_blob_id"] = store(call.shop, params["avatar"])["id"]
    return columns


def _wanted(call: Call) -> dict[str, Any]:
    return {**call.params, **hash_of(call.params.get("contact"))}


def create(call: Call) -> Answer:
    params = _wanted(call)
    inbox = inbox_of(call, params["inbox_id"]) if params.get("inbox_id") else None
    columns = _columns(call, params)
    for name in ("custom_attributes", "additional_attributes"):
        if params.get(name):
            columns[name] = hash_of(params[name])
    contact_inbox: Row | None = None
    try:
        with call.shop.db.transaction():
            row = contacts.create_contact(call.shop, call.account_id, **columns)
            if inbox is not None:
                contact_inbox = contacts.create_contact_inbox(
                    call.shop, row, inbox, text(params.get("source_id"))
                )
    except contacts.InvalidContact as problem:
        invalid(*problem.problems)
    view = rest.contact(call.shop, row, admin=call.is_admin)
    return {
        "payload": {
            "contact": view,
            "contact_inbox": {
                "inbox": inboxes.columns(call.shop, inbox) if inbox else None,
                "source_id": contact_inbox["source_id"] if contact_inbox else None,
            },
        }
    }


def update(call: Call) -> Answer:
    row = _contact_of(call)
    params = _wanted(call)
    columns = _columns(call, params)
    if "custom_attributes" in params:
        columns["custom_attributes"] = {
            **row["custom_attributes"],
            **hash_of(params["custom_attributes"]),
        }
    if "additional_attributes" in params:
        kept = row["additional_attributes"] if call.shop.v4 else {}
        columns["additional_attributes"] = {**kept, **hash_of(params["additional_attributes"])}
    try:
        row = contacts.update_contact(call.shop, row, **columns)
    except contacts.InvalidContact as problem:
        invalid(*problem.problems)
    return {"payload": _view(call, row)}


def destroy(call: Call) -> Answer:
    row = _contact_of(call)
    call.need_admin()
    if call.shop.presence.contact_here(row["id"]):
        raise CallError(422, {"message": f"{row['name']} is currently online"})
    contacts.delete_contact(call.shop, row)
    return empty()


def delete_avatar(call: Call) -> Answer:
    row = _contact_of(call)
    call.shop.db.update("contacts", row["id"], avatar_blob_id=None)
    return {"payload": _view(call, row)}


def destroy_custom_attributes(call: Call) -> Answer:
    row = _contact_of(call)
    gone = string_list(call.params.get("custom_attributes"))
    kept = {name: value for name, value in row["custom_attributes"].items() if name not in gone}
    row = contacts.update_contact(call.shop, row, custom_attributes=kept)
    return {"payload": _view(call, row)}


def conversations_of(call: Call) -> Answer:
    """At most twenty, of the inboxes the caller sees: 3.x newest first, 4.x latest active."""
    row = _contact_of(call)
    order = "last_activity_at DESC" if call.shop.v4 else "id DESC"
    seen = visible_inboxes(call.shop, call.member["id"], call.account_id)
    marks = ", ".join("?" for _ in seen)
    found = call.shop.db.all(
        f"SELECT * FROM conversations WHERE contact_id = ? AND inbox_id IN ({marks})"
        f" ORDER BY {order} LIMIT {PER_CONTACT}",
        (row["id"], *seen),
    )
    return {"payload": [rest.conversation(call.shop, one, call.user) for one in found]}


def contactable_inboxes(call: Call) -> Answer:
    """Inboxes through which the contact can be written to (contract 4.2)."""
    row = _contact_of(call)
    payload: list[dict[str, Any]] = []
    for inbox_id in visible_inboxes(call.shop, call.member["id"], call.account_id):
        inbox = must(call.shop, "inboxes", inbox_id)
        source_id = _reachable(call, row, inbox)
        if source_id is not None:
            view = (
                inboxes.slim(call.shop, inbox)
                if call.shop.v4
                else inboxes.inbox(call.shop, inbox, admin=call.is_admin)
            )
            payload.append({"inbox": view, "source_id": source_id})
    return {"payload": payload}


def _reachable(call: Call, row: Row, inbox: Row) -> str | None:
    known = call.shop.db.one(
        "SELECT * FROM contact_inboxes WHERE contact_id = ? AND inbox_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (row["id"], inbox["id"]),
    )
    kind = channel_type(call.shop, inbox["id"])
    if kind == "Channel::Email":
        return row["email"] or None
    if kind == "Channel::Api":
        return known["source_id"] if known else contacts.new_source_id()
    if known is None or call.shop.db.find("conversations", contact_inbox_id=known["id"]):
        return None
    return str(known["source_id"])


def create_contact_inbox(call: Call) -> Answer:
    row = _contact_of(call)
    inbox = inbox_of(call, call.params.get("inbox_id"))
    source_id = text(call.params.get("source_id"))
    known = call.shop.db.find("contact_inboxes", inbox_id=inbox["id"], source_id=source_id or "")
    if known is not None and known["contact_id"] != row["id"]:
        unprocessable("source_id should be unique")
    made = known or contacts.create_contact_inbox(
        call.shop,
        row,
        inbox,
        source_id,
        hmac_verified=bool(boolean(call.params.get("hmac_verified"))),
    )
    return rest.contact_inbox(call.shop, made, admin=call.is_admin)


def filter_contact_inboxes(call: Call) -> Answer:
    inbox = inbox_of(call, call.params.get("inbox_id"))
    found = call.shop.db.find(
        "contact_inboxes", inbox_id=inbox["id"], source_id=text(call.params.get("source_id"))
    )
    if found is None:
        return empty(404)
    return rest.contact_view(call.shop, must(call.shop, "contacts", found["contact_id"]))


def labels(call: Call) -> Answer:
    return {"payload": contacts.labels_of(call.shop, _contact_of(call)["id"])}


def set_labels(call: Call) -> Answer:
    row = _contact_of(call)
    wanted = string_list(call.params.get("labels"))
    return {"payload": contacts.set_labels(call.shop, row, wanted)}


def _note_view(call: Call, row: Row) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": row["id"],
        "content": row["content"],
        "account_id": None,
        "contact_id": None,
    }
    if user := call.shop.db.get("users", row["user_id"]):
        view["user"] = people.agent(call.shop, user, call.account_id)
    view |= {"created_at": seconds(row["created_at"]), "updated_at": seconds(row["updated_at"])}
    return view


def notes(call: Call) -> Answer:
    row = _contact_of(call)
    found = call.shop.db.all(
        "SELECT * FROM notes WHERE contact_id = ? ORDER BY created_at DESC", (row["id"],)
    )
    return [_note_view(call, one) for one in found]


def _note_of(call: Call) -> Row:
    row = _contact_of(call)
    note = call.shop.db.get("notes", call.number("note_id"))
    if note is None or note["contact_id"] != row["id"]:
        not_found()
    return note


def note(call: Call) -> Answer:
    return _note_view(call, _note_of(call))


def _note_content(call: Call) -> str:
    content = text(call.wrapped("note").get("content"))
    if not content:
        invalid(("content", "Content can't be blank"))
    return content


def create_note(call: Call) -> Answer:
    row = _contact_of(call)
    now = call.shop.now()
    note_id = call.shop.db.insert(
        "notes",
        account_id=call.account_id,
        contact_id=row["id"],
        user_id=call.member["id"],
        content=_note_content(call),
        created_at=now,
        updated_at=now,
    )
    return _note_view(call, must(call.shop, "notes", note_id))


def update_note(call: Call) -> Answer:
    row = _note_of(call)
    call.shop.db.update("notes", row["id"], content=_note_content(call), updated_at=call.shop.now())
    return _note_view(call, must(call.shop, "notes", row["id"]))


def delete_note(call: Call) -> Answer:
    call.shop.db.delete("notes", _note_of(call)["id"])
    return empty()


def merge(call: Call) -> Answer:
    base = in_account(call, "contacts", call.params.get("base_contact_id"))
    mergee = in_account(call, "contacts", call.params.get("mergee_contact_id"))
    merged = contacts.merge_contacts(call.shop, base, mergee)
    return rest.contact_view(call.shop, merged)


def export(call: Call) -> Answer:
    """The file would be mailed; this server sends no mail."""
    call.need_admin()
    return empty()


A = "/api/v1/accounts/{account_id}"
B = f"{A}/contacts"
C = f"{B}/{{contact_id}}"
ROUTES = [
    Route("GET", B, index),
    Route("GET", f"{B}/search", search),
    Route("GET", f"{B}/active", active),
    Route("POST", f"{B}/filter", filtered),
    Route("POST", f"{B}/export", export),
    Route("POST", B, create),
    Route("GET", C, show),
    Route("PATCH", C, update),
    Route("PUT", C, update),
    Route("DELETE", C, destroy),
    Route("DELETE", f"{C}/avatar", delete_avatar),
    Route("POST", f"{C}/destroy_custom_attributes", destroy_custom_attributes),
    Route("GET", f"{C}/conversations", conversations_of),
    Route("GET", f"{C}/contactable_inboxes", contactable_inboxes),
    Route("POST", f"{C}/contact_inboxes", create_contact_inbox),
    Route("POST", f"{A}/contact_inboxes/filter", filter_contact_inboxes),
    Route("GET", f"{C}/labels", labels),
    Route("POST", f"{C}/labels", set_labels),
    Route("GET", f"{C}/notes", notes),
    Route("POST", f"{C}/notes", create_note),
    Route("GET", f"{C}/notes/{{note_id}}", note),
    Route("PATCH", f"{C}/notes/{{note_id}}", update_note),
    Route("PUT", f"{C}/notes/{{note_id}}", update_note),
    Route("DELETE", f"{C}/notes/{{note_id}}", delete_note),
    Route("POST", f"{A}/actions/contact_merge", merge),
]
