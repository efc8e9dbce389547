"""Finding what a call names, and whether its caller may have it (contract 1.3, 2.2)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.lists import Asker
from revivatui.shop.queries import may_see_inbox, must
from revivatui.shop.rest.base import Call, forbidden_role, not_found
from revivatui.shop.rest.params import integer


def asker(call: Call) -> Asker:
    return Asker(
        call.account_id,
        call.member["id"],
        call.is_admin,
        call.shop.version,
        call.shop.clock.now(),
    )


def in_account(call: Call, table: str, row_id: Any) -> Row:
    """A row of the call's account. Raises CallError 404."""
    number = integer(row_id)
    row = call.shop.db.get(table, number) if number is not None else None
    if row is None or row["account_id"] != call.account_id:
        not_found()
    return row


def may_open(call: Call, conversation: Row) -> bool:
    """Administrators and inbox members; in 4.x members of its team too."""
    user_id = call.member["id"]
    if may_see_inbox(call.shop, user_id, conversation["inbox_id"], call.account_id):
        return True
    team_id = conversation["team_id"]
    return (
        call.shop.v4
        and team_id is not None
        and call.shop.db.find("team_members", team_id=team_id, user_id=user_id) is not None
    )


def conversation_of(call: Call) -> Row:
    """The conversation of the path. Raises CallError 404, and 401 where it is not the caller's."""
    row = call.shop.db.find(
        "conversations", account_id=call.account_id, display_id=call.number("conversation_id")
    )
    if row is None:
        not_found()
    if call.user is not None and not may_open(call, row):
        forbidden_role()
    return row


def inbox_of(call: Call, inbox_id: Any) -> Row:
    """An inbox the caller may see. Raises CallError 404 and 401."""
    row = in_account(call, "inboxes", inbox_id)
    if call.user is not None and not may_see_inbox(
        call.shop, call.member["id"], row["id"], call.account_id
    ):
        forbidden_role()
    return row


def fresh(call: Call, table: str, row: Row) -> Row:
    """The row as it is now."""
    return must(call.shop, table, row["id"])
