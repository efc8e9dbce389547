"""Agent bots, and which of them stands before an inbox (contract 5.3, 5.6)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account, inbox_of
from revivatui.shop.rest.base import Answer, Call, Route, crash, empty, not_found
from revivatui.shop.rest.params import hash_of, integer, text
from revivatui.shop.tokens import new_token

TYPES = ("webhook", "csml")
TYPES_V4 = ("webhook",)


def _token_row(call: Call, bot: Row) -> Row | None:
    return call.shop.db.find("access_tokens", owner_type="AgentBot", owner_id=bot["id"])


def _view(call: Call, bot: Row, *, token: Any) -> dict[str, Any]:
    """A bot; ``token`` in the form that the answer has it, None without."""
    view = {"id": bot["id"], "name": bot["name"], "description": bot["description"]}
    if call.shop.v4:
        view["thumbnail"] = ""
    for name in ("outgoing_url", "bot_type", "bot_config", "account_id"):
        view[name] = bot[name]
    if token is not None:
        view["access_token"] = token
    if call.shop.v4:
        view["system_bot"] = bot["account_id"] is None
    return view


def _with_token(call: Call, bot: Row) -> dict[str, Any]:
    row = _token_row(call, bot)
    return _view(call, bot, token=row["token"] if row else None)


def index(call: Call) -> Answer:
    rows = call.shop.db.where("agent_bots", account_id=call.account_id)
    return [_with_token(call, row) for row in rows]


def _bot_of(call: Call) -> Row:
    return in_account(call, "agent_bots", call.path["bot_id"])


def show(call: Call) -> Answer:
    return _with_token(call, _bot_of(call))


def _columns(call: Call) -> dict[str, Any]:
    names = ("name", "description", "outgoing_url")
    columns: dict[str, Any] = {
        name: text(call.params[name]) for name in names if name in call.params
    }
    if (kind := call.params.get("bot_type")) is not None:
        kinds = TYPES_V4 if call.shop.v4 else TYPES
        named = kinds[kind] if kind in range(len(kinds)) else kind
        if named not in kinds:
            crash()
        columns["bot_type"] = named
    if "bot_config" in call.params:
        columns["bot_config"] = hash_of(call.params["bot_config"])
    return columns


def create(call: Call) -> Answer:
    call.need_admin()
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "agent_bots", account_id=call.account_id, created_at=now, updated_at=now, **_columns(call)
    )
    call.shop.db.insert(
        "access_tokens",
        owner_type="AgentBot",
        owner_id=row_id,
        token=new_token(),
        created_at=now,
        updated_at=now,
    )
    return _with_token(call, must(call.shop, "agent_bots", row_id))


def update(call: Call) -> Answer:
    call.need_admin()
    row = _bot_of(call)
    call.shop.db.update("agent_bots", row["id"], **_columns(call), updated_at=call.shop.now())
    return _with_token(call, must(call.shop, "agent_bots", row["id"]))


def destroy(call: Call) -> Answer:
    """The bot leaves its inboxes and conversations; one that has written cannot go."""
    call.need_admin()
    row, db = _bot_of(call), call.shop.db
    if db.find("messages", sender_type="AgentBot", sender_id=row["id"]) is not None:
        crash()
    for sql in (
        "DELETE FROM agent_bot_inboxes WHERE agent_bot_id = ?",
        "DELETE FROM access_tokens WHERE owner_type = 'AgentBot' AND owner_id = ?",
        "UPDATE conversations SET assignee_agent_bot_id = NULL WHERE assignee_agent_bot_id = ?",
    ):
        db.execute(sql, (row["id"],))
    db.delete("agent_bots", row["id"])
    return empty()


def reset_access_token(call: Call) -> Answer:
    call.need_admin()
    row = _bot_of(call)
    if (kept := _token_row(call, row)) is not None:
        call.shop.db.update("access_tokens", kept["id"], token=new_token())
    return _with_token(call, row)


def remove_avatar(call: Call) -> Answer:
    call.need_admin()
    return _with_token(call, _bot_of(call))


def of_inbox(call: Call) -> Answer:
    """The inbox's bot, whose token shows as the whole row that keeps it; else nothing at all."""
    inbox = inbox_of(call, call.path["inbox_id"])
    placed = call.shop.db.find("agent_bot_inboxes", inbox_id=inbox["id"])
    bot = call.shop.db.get("agent_bots", placed["agent_bot_id"]) if placed else None
    if bot is None:
        return {}
    row = _token_row(call, bot)
    if row is not None:
        row |= {name: iso(row[name]) for name in ("created_at", "updated_at")}
    return {"agent_bot": _view(call, bot, token=row)}


def set_of_inbox(call: Call) -> Answer:
    call.need_admin()
    inbox = in_account(call, "inboxes", call.path["inbox_id"])
    wanted, db = call.params.get("agent_bot"), call.shop.db
    bot = db.find("agent_bots", id=integer(wanted), account_id=call.account_id)
    if wanted and bot is None:
        not_found()
    placed = db.find("agent_bot_inboxes", inbox_id=inbox["id"])
    if placed is not None and bot is None:
        db.delete("agent_bot_inboxes", placed["id"])
    elif placed is not None and bot is not None:
        db.update("agent_bot_inboxes", placed["id"], agent_bot_id=bot["id"], status="active")
    elif bot is not None:
        now = call.shop.now()
        db.insert(
            "agent_bot_inboxes",
            account_id=call.account_id,
            inbox_id=inbox["id"],
            agent_bot_id=bot["id"],
            created_at=now,
            updated_at=now,
        )
    return empty()


A = "/api/v1/accounts/{account_id}"
B = f"{A}/agent_bots/{{bot_id}}"
ROUTES = [
    Route("GET", f"{A}/agent_bots", index),
    Route("POST", f"{A}/agent_bots", create),
    Route("GET", B, show),
    Route("PATCH", B, update),
    Route("PUT", B, update),
    Route("DELETE", B, destroy),
    Route("DELETE", f"{B}/avatar", remove_avatar),
    Route("POST", f"{B}/reset_access_token", reset_access_token, since="4"),
    Route("GET", f"{A}/inboxes/{{inbox_id}}/agent_bot", of_inbox),
    Route("POST", f"{A}/inboxes/{{inbox_id}}/set_agent_bot", set_of_inbox),
]
