"""The account, the caller's profile, agents (contract 1.4, 1.5, 5.1)."""

from __future__ import annotations

from typing import Any

from revivatui.shop import events, world
from revivatui.shop.db import Row
from revivatui.shop.queries import assignable_agents, members_of_inbox, must, users_by_id
from revivatui.shop.render import people
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    JSONAnswer,
    Route,
    crash,
    empty,
    invalid,
    not_found,
)
from revivatui.shop.rest.params import boolean, hash_of, integer_list, string_list, text
from revivatui.shop.tokens import new_token, password_digest, password_matches

AVAILABILITIES = ("online", "offline", "busy")
ROLES = ("agent", "administrator")
FEATURES_V3 = (
    "inbound_emails",
    "channel_email",
    "channel_facebook",
    "channel_twitter",
    "help_center",
    "macros",
    "agent_management",
    "team_management",
    "inbox_management",
    "labels",
    "custom_attributes",
    "automations",
    "canned_responses",
    "integrations",
    "voice_recorder",
    "channel_website",
    "campaigns",
    "reports",
    "crm",
    "auto_resolve_conversations",
)
FEATURES_V4 = (
    "agent_bots",
    "channel_instagram",
    "channel_tiktok",
    "chatwoot_v4",
    "report_v4",
    "contact_chatwoot_support_team",
)


def show(call: Call) -> Answer:
    account = must(call.shop, "accounts", call.account_id)
    features = FEATURES_V3 + (FEATURES_V4 if call.shop.v4 else ())
    view: dict[str, Any] = {}
    if call.shop.v4:
        view["settings"] = account["settings"]
    else:
        view["auto_resolve_duration"] = account["auto_resolve_duration"]
    view["created_at"] = iso(account["created_at"])
    if account["custom_attributes"]:
        view["custom_attributes"] = account["custom_attributes"]
    return view | {
        "domain": account["domain"],
        "features": dict.fromkeys(features, True),
        "id": account["id"],
        "locale": account["locale"],
        "name": account["name"],
        "support_email": account["support_email"],
        "status": account["status"],
        "cache_keys": events.cache_keys(account["cache_keys"]),
        "latest_chatwoot_version": None,
        "subscribed_features": [],
    }


def cache_keys(call: Call) -> Answer:
    account = must(call.shop, "accounts", call.account_id)
    view = {"cache_keys": events.cache_keys(account["cache_keys"])}
    return JSONAnswer(view, headers={"Cache-Control": "max-age=10, private"})


def update_active_at(call: Call) -> Answer:
    _set_active(call, call.account_id)
    return empty()


def _set_active(call: Call, account_id: Any) -> None:
    call.shop.db.execute(
        "UPDATE account_users SET active_at = ? WHERE user_id = ? AND account_id = ?",
        (call.shop.now(), call.member["id"], account_id),
    )


def profile(call: Call) -> Answer:
    if call.bot is not None:
        error = "Access to this endpoint is not authorized for bots"
        raise CallError(401, {"error": error})
    user = must(call.shop, "users", call.member["id"])
    return people.profile(call.shop, user)


def update_profile(call: Call) -> Answer:
    wanted = hash_of(call.params.get("profile"))
    user = call.member
    columns: dict[str, Any] = {
        name: text(wanted[name])
        for name in ("name", "display_name", "message_signature")
        if name in wanted
    }
    if wanted.get("password"):
        if not password_matches(str(wanted.get("current_password", "")), user["password_digest"]):
            raise CallError(422, {"error": "Invalid current password"})
        columns["password_digest"] = password_digest(str(wanted["password"]))
        columns["pubsub_token"] = new_token()
    if wanted.get("email"):
        columns["email"] = columns["uid"] = str(wanted["email"]).lower()
    if isinstance(wanted.get("ui_settings"), dict):
        columns["ui_settings"] = {**user["ui_settings"], **wanted["ui_settings"]}
    call.shop.db.update("users", user["id"], **columns, updated_at=call.shop.now())
    return profile(call)


def _profile_member(call: Call) -> tuple[dict[str, Any], Row]:
    wanted = hash_of(call.params.get("profile"))
    account_id = wanted.get("account_id")
    member = call.shop.db.find("account_users", user_id=call.member["id"], account_id=account_id)
    if member is None:
        not_found()
    return wanted, member


def availability(call: Call) -> Answer:
    wanted, member = _profile_member(call)
    if wanted.get("availability") not in AVAILABILITIES:
        crash()
    call.shop.db.update("account_users", member["id"], availability=wanted["availability"])
    return profile(call)


def auto_offline(call: Call) -> Answer:
    wanted, member = _profile_member(call)
    call.shop.db.update(
        "account_users", member["id"], auto_offline=bool(boolean(wanted.get("auto_offline")))
    )
    return profile(call)


def set_active_account(call: Call) -> Answer:
    _set_active(call, hash_of(call.params.get("profile")).get("account_id"))
    return empty()


def reset_access_token(call: Call) -> Answer:
    call.shop.db.execute(
        "UPDATE access_tokens SET token = ? WHERE owner_type = 'User' AND owner_id = ?",
        (new_token(), call.member["id"]),
    )
    return profile(call)


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
    if role not in ROLES:
        crash()
    user_id = _invite(
        call,
        str(params.get("email") or ""),
        str(params.get("name") or ""),
        role,
        text(params.get("availability")) or "online",
        auto_offline=boolean(params.get("auto_offline")) is not False,
    )
    return people.agent(call.shop, must(call.shop, "users", user_id), call.account_id)


def _invite(
    call: Call, email: str, name: str, role: str, available: str, *, auto_offline: bool
) -> int:
    """A member by e-mail: a known user is taken as it is, a new one waits for confirmation."""
    email = email.strip().lower()
    if not _looks_like_email(email):
        invalid(("email", "Email is invalid"), ("email", "Email is not an email"))
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
    """The member leaves account, inboxes and teams; its conversations lose their assignee."""
    call.need_admin()
    user, member = _member_of(call)
    db = call.shop.db
    with db.transaction():
        db.delete("account_users", member["id"])
        db.execute(
            "DELETE FROM inbox_members WHERE user_id = ? AND inbox_id IN"
            " (SELECT id FROM inboxes WHERE account_id = ?)",
            (user["id"], call.account_id),
        )
        db.execute(
            "DELETE FROM team_members WHERE user_id = ? AND team_id IN"
            " (SELECT id FROM teams WHERE account_id = ?)",
            (user["id"], call.account_id),
        )
        db.execute(
            "DELETE FROM notification_settings WHERE user_id = ? AND account_id = ?",
            (user["id"], call.account_id),
        )
        db.execute(
            "UPDATE conversations SET assignee_id = NULL WHERE assignee_id = ? AND account_id = ?",
            (user["id"], call.account_id),
        )
    return empty()


def bulk_create_agents(call: Call) -> Answer:
    call.need_admin()
    for email in string_list(call.params.get("emails")):
        try:
            _invite(call, email, "", "agent", "offline", auto_offline=False)
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
P = "/api/v1/profile"
ROUTES = [
    Route("GET", A, show),
    Route("GET", f"{A}/cache_keys", cache_keys),
    Route("POST", f"{A}/update_active_at", update_active_at),
    Route("GET", P, profile, "user"),
    Route("PUT", P, update_profile, "user"),
    Route("PATCH", P, update_profile, "user"),
    Route("POST", f"{P}/availability", availability, "user"),
    Route("POST", f"{P}/auto_offline", auto_offline, "user"),
    Route("PUT", f"{P}/set_active_account", set_active_account, "user"),
    Route("POST", f"{P}/reset_access_token", reset_access_token, "user", since="4"),
    Route("GET", f"{A}/agents", agents),
    Route("POST", f"{A}/agents", create_agent),
    Route("POST", f"{A}/agents/bulk_create", bulk_create_agents),
    Route("PATCH", f"{A}/agents/{{user_id}}", update_agent),
    Route("PUT", f"{A}/agents/{{user_id}}", update_agent),
    Route("DELETE", f"{A}/agents/{{user_id}}", remove_agent),
    Route("GET", f"{A}/assignable_agents", assignable),
    Route("GET", f"{A}/inboxes/{{inbox_id}}/assignable_agents", assignable_of_inbox),
]
