"""The caller's own profile (contract 1.4)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import people
from revivatui.shop.rest.account import set_active
from revivatui.shop.rest.base import Answer, Call, CallError, Route, crash, empty, not_found
from revivatui.shop.rest.params import boolean, hash_of, text
from revivatui.shop.tokens import new_token, password_digest, password_matches

AVAILABILITIES = ("online", "offline", "busy")


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
    set_active(call, hash_of(call.params.get("profile")).get("account_id"))
    return empty()


def reset_access_token(call: Call) -> Answer:
    call.shop.db.execute(
        "UPDATE access_tokens SET token = ? WHERE owner_type = 'User' AND owner_id = ?",
        (new_token(), call.member["id"]),
    )
    return profile(call)


def remove_avatar(call: Call) -> Answer:
    call.shop.db.update("users", call.member["id"], avatar_blob_id=None)
    return profile(call) if call.shop.v4 else empty()


def resend_confirmation(call: Call) -> Answer:
    """The mail itself goes nowhere: this server sends no mail."""
    return empty()


P = "/api/v1/profile"
ROUTES = [
    Route("GET", P, profile, "user"),
    Route("PUT", P, update_profile, "user"),
    Route("PATCH", P, update_profile, "user"),
    Route("DELETE", f"{P}/avatar", remove_avatar, "user"),
    Route("POST", f"{P}/availability", availability, "user"),
    Route("POST", f"{P}/auto_offline", auto_offline, "user"),
    Route("PUT", f"{P}/set_active_account", set_active_account, "user"),
    Route("POST", f"{P}/resend_confirmation", resend_confirmation, "user"),
    Route("POST", f"{P}/reset_access_token", reset_access_token, "user", since="4"),
]
