"""Who works in an inbox (contract 5.2)."""

from __future__ import annotations

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.queries import members_of_inbox, users_by_id
from revivatui.shop.render import people
from revivatui.shop.rest.access import in_account, inbox_of
from revivatui.shop.rest.base import Answer, Call, Route, empty, invalid
from revivatui.shop.rest.params import integer_list


def members(call: Call) -> Answer:
    return _members(call, inbox_of(call, call.path["inbox_id"]))


def _members(call: Call, row: Row) -> Answer:
    # The server gives them unsorted; newest first is what it mostly did.
    found = members_of_inbox(call.shop, row["id"])[::-1]
    users = users_by_id(call.shop, found)
    return {"payload": people.agents(call.shop, users, call.account_id)}


def add_members(call: Call) -> Answer:
    row, wanted = _member_change(call)
    present = members_of_inbox(call.shop, row["id"])
    _add(call, row, [user for user in wanted if user not in present])
    return _members(call, row)


def set_members(call: Call) -> Answer:
    row, wanted = _member_change(call)
    present = members_of_inbox(call.shop, row["id"])
    _drop(call, row, [user for user in present if user not in wanted])
    _add(call, row, [user for user in wanted if user not in present])
    return _members(call, row)


def remove_members(call: Call) -> Answer:
    row, wanted = _member_change(call)
    _drop(call, row, wanted)
    return empty()


def _member_change(call: Call) -> tuple[Row, list[int]]:
    call.need_admin()
    row = in_account(call, "inboxes", call.params.get("inbox_id"))
    wanted = integer_list(call.params.get("user_ids"))
    for user_id in wanted:
        if people.membership(call.shop, user_id, call.account_id) is None:
            invalid(("user", "User must exist"))
    return row, wanted


def _add(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        now = call.shop.now()
        call.shop.db.insert(
            "inbox_members",
            inbox_id=row["id"],
            user_id=user_id,
            created_at=now,
            updated_at=now,
        )
    _told(call)


def _drop(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        call.shop.db.execute(
            "DELETE FROM inbox_members WHERE inbox_id = ? AND user_id = ?", (row["id"], user_id)
        )
    _told(call)


def _told(call: Call) -> None:
    """4.x tells of added and of removed members as of a changed inbox, even of none."""
    if call.shop.v4:
        events.cache_invalidated(call.shop, call.account_id, "inbox")


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/inbox_members/{{inbox_id}}", members),
    Route("POST", f"{A}/inbox_members", add_members),
    Route("PATCH", f"{A}/inbox_members", set_members),
    Route("PUT", f"{A}/inbox_members", set_members),
    Route("DELETE", f"{A}/inbox_members", remove_members),
]
