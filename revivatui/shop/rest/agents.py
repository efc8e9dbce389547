"""Agents: who they are, inviting, changing and removing them (contract 5.1)."""

from __future__ import annotations

from typing import Any

from revivatui.shop import world
from revivatui.shop.actions.members import leave_later
from revivatui.shop.db import Row
from revivatui.shop.queries import assignable_agents, members_of_inbox, must, users_by_id
from revivatui.shop.render import people
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    Route,
    crash,
    empty,
    invalid,
    not_found,
)
from revivatui.shop.rest.params import boolean, hash_of, integer_list, string_list, text
from revivatui.shop.rest.profile import AVAILABILITIES

ROLES = ("agent", "administrator")


def _users(call: Call) -> list[Row]:
    return call.shop.db.all(
        "SELECT users.* FROM users JOIN account_users ON account_users.user_id = users.id"
        " WHERE account_users.account_id = ? ORDER BY lower(users.name), users.id",
        (call.account_id,),
    )


def agents(call: Call) -> Answer:
    return people.agents(call.shop, _users(call), call.account_id)


def create_agent(call: Call) -> Answer:
    call.need_admin()
    params = hash_of(call.params.get("agent")) or call.params
    role = text(params.get("role")) or "agent"
    available = text(params.get("availability")) or "online"
    email = _email_of(str(params.get("email") or ""))
    if role not in ROLES or available not in AVAILABILITIES:
        crash()
    user_id = _invite(
        call,
        email,
        str(params.get("name") or ""),
        role,
        available,
        auto_offline=boolean(params.get("auto_offline")) is not False,
    )
    return people.agent(call.shop, must(call.shop, "users", user_id), call.account_id)


def _invite(
    call: Call, email: str, name: str, role: str, available: str, *, auto_offline: bool
) -> int:
    """A member by e-mail: a known user is taken as it is, a new one waits for confirmation."""
    user = call.shop.db.find("users", email=email)
    if user is not None and people.membership(call.shop, user["id"], call.account_id):
        invalid(("user_id", "User has already been taken"))
    with call.shop.db.transaction():
        user_id = user["id"] if user else _new_user(call, email, name)
        world.add_member(
            call.shop,
            user_id,
            role,
            available,
            auto_offline=auto_offline,
            inviter_id=call.member["id"],
            account_id=call.account_id,
        )
    return int(user_id)


def _email_of(given: str) -> str:
    """The address as it is kept. Raises CallError 422."""
    email = given.strip().lower()
    if not _looks_like_email(email):
        invalid(("email", "Email is invalid"), ("email", "Email is not an email"))
    return email


def _new_user(call: Call, email: str, name: str) -> int:
    shop = call.shop
    user = world.add_user(shop, world.Person(name or email.partition("@")[0], email))
    shop.db.update("users", user["id"], confirmed=False)
    return int(user["id"])


def _looks_like_email(text_given: str) -> bool:
    local, at, domain = text_given.partition("@")
    return bool(local and at and domain and " " not in text_given)


def _member_of(call: Call) -> tuple[Row, Row]:
    user = call.shop.db.get("users", call.number("user_id"))
    member = people.membership(call.shop, user["id"], call.account_id) if user else None
    if user is None or member is None:
        not_found()
    return user, member


def update_agent(call: Call) -> Answer:
    call.need_admin()
    user, member = _member_of(call)
    params = hash_of(call.params.get("agent")) or call.params
    if params.get("name"):
        call.shop.db.update("users", user["id"], name=text(params["name"]))
    columns: dict[str, Any] = {}
    for name, known in (("role", ROLES), ("availability", AVAILABILITIES)):
        if params.get(name):
            if params[name] not in known:
                crash()
            columns[name] = params[name]
    if params.get("auto_offline") is not None:
        columns["auto_offline"] = bool(boolean(params["auto_offline"]))
    call.shop.db.update("account_users", member["id"], **columns)
    return people.agent(call.shop, must(call.shop, "users", user["id"]), call.account_id)


def remove_agent(call: Call) -> Answer:
    """Out of the account at once; a job takes the rest away."""
    call.need_admin()
    user, member = _member_of(call)
    call.shop.db.delete("account_users", member["id"])
    leave_later(call.shop, user, call.account_id)
    return empty()


def bulk_create_agents(call: Call) -> Answer:
    call.need_admin()
    for email in string_list(call.params.get("emails")):
        try:
            _invite(call, _email_of(email), "", "agent", "offline", auto_offline=False)
        except CallError:
            continue
    return empty()


def assignable(call: Call) -> Answer:
    """Members common to all inboxes, then all administrators."""
    wanted = integer_list(call.params.get("inbox_ids"))
    return _assignable(call, wanted)


def assignable_of_inbox(call: Call) -> Answer:
    return _assignable(call, [call.number("inbox_id")])


def _assignable(call: Call, inbox_ids: list[int]) -> Answer:
    inboxes = [in_account(call, "inboxes", inbox_id) for inbox_id in inbox_ids]
    found: list[int] = []
    for inbox in inboxes[:1]:
        found = assignable_agents(call.shop, inbox["id"], call.account_id)
    for inbox in inboxes[1:]:
        members = members_of_inbox(call.shop, inbox["id"])
        admins = assignable_agents(call.shop, 0, call.account_id)
        found = [user for user in found if user in members or user in admins]
    users = users_by_id(call.shop, found)
    return {"payload": people.agents(call.shop, users, call.account_id)}


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/agents", agents),
    Route("POST", f"{A}/agents", create_agent),
    Route("POST", f"{A}/agents/bulk_create", bulk_create_agents),
    Route("PATCH", f"{A}/agents/{{user_id}}", update_agent),
    Route("PUT", f"{A}/agents/{{user_id}}", update_agent),
    Route("DELETE", f"{A}/agents/{{user_id}}", remove_agent),
    Route("GET", f"{A}/assignable_agents", assignable),
    Route("GET", f"{A}/inboxes/{{inbox_id}}/assignable_agents", assignable_of_inbox),
]
