"""Who is calling: API tokens, sessions, membership, and the sign-in calls (contract 1)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import TYPE_CHECKING

from revivatui.shop.db import Row
from revivatui.shop.render import people
from revivatui.shop.render.times import iso
from revivatui.shop.rest.base import Answer, Call, CallError, JSONAnswer, Route, not_found
from revivatui.shop.tokens import password_matches

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

SESSION_SECONDS = 61 * 86400
SESSIONS_PER_USER = 25
SESSION_KEYS = ("access-token", "token-type", "client", "expiry", "uid")
NOT_SIGNED_IN = {"errors": ["You need to sign in or sign up before continuing."]}
BAD_LOGIN = {"success": False, "errors": ["Invalid login credentials. Please try again."]}


def authenticate(call: Call) -> None:
    """Find the caller by API token or session. Raises CallError 401."""
    headers = call.request.headers
    token = headers.get("api_access_token", headers.get("api-access-token"))
    if token is None:
        found = find_session(call.shop, _sent_session(call))
        if found is None:
            raise CallError(401, NOT_SIGNED_IN)
        call.user, call.session = found
        return
    owner = call.shop.db.find("access_tokens", token=token) if token else None
    if owner is not None and owner["owner_type"] == "User":
        call.user = call.shop.db.get("users", owner["owner_id"])
    elif owner is not None and owner["owner_type"] == "AgentBot":
        call.bot = call.shop.db.get("agent_bots", owner["owner_id"])
    if call.user is None and call.bot is None:
        raise CallError(401, {"error": "Invalid Access Token"})


def enter_account(call: Call, route: Route) -> None:
    """Check that the caller may act in the account of the path. Raises CallError 401 or 404."""
    account_id = call.path["account_id"]
    account = call.shop.db.get("accounts", int(account_id)) if account_id.isdigit() else None
    if account is None:
        not_found()
    call.account_id = account["id"]
    if call.bot is not None:
        _enter_as_bot(call, route)
        return
    call.account_user = people.membership(call.shop, call.member["id"], account["id"])
    if call.account_user is None:
        raise CallError(401, {"error": "You are not authorized to access this account"})
    if account["status"] == "suspended":
        raise CallError(401, {"error": "Account is suspended"})


def _enter_as_bot(call: Call, route: Route) -> None:
    assert call.bot is not None
    if not route.bots or (route.bots == "4" and not call.shop.v4):
        raise CallError(401, {"error": "Access to this endpoint is not authorized for bots"})
    connected = call.shop.db.find(
        "agent_bot_inboxes", agent_bot_id=call.bot["id"], account_id=call.account_id
    )
    own = call.shop.v4 and call.bot["account_id"] == call.account_id
    if connected is None and not own:
        raise CallError(401, {"error": "Bot is not authorized to access this account"})


def _sent_session(call: Call) -> dict[str, str]:
    headers = call.request.headers
    if "access-token" in headers:
        return {key: headers.get(key, "") for key in SESSION_KEYS}
    kind, _, packed = headers.get("authorization", "").partition(" ")
    if kind == "Bearer":
        try:
            found = json.loads(base64.b64decode(packed))
        except ValueError:
            return {}
        if isinstance(found, dict):
            return {key: str(found.get(key, "")) for key in SESSION_KEYS}
    return {}


def find_session(shop: Shop, sent: dict[str, str]) -> tuple[Row, dict[str, str]] | None:
    """The user of session headers and the headers to repeat, or None."""
    user = shop.db.find("users", uid=sent.get("uid", "").lower()) if sent else None
    if user is None:
        return None
    session = shop.db.find("sessions", user_id=user["id"], client=sent["client"])
    digest = _digest(sent["access-token"])
    if session is None or not secrets.compare_digest(session["token_digest"], digest):
        return None
    if session["expiry"] < shop.clock.now():
        return None
    return user, _headers(user, sent["access-token"], session["client"], session["expiry"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _headers(user: Row, token: str, client: str, expiry: int) -> dict[str, str]:
    return {
        "access-token": token,
        "token-type": "Bearer",
        "client": client,
        "expiry": str(expiry),
        "uid": user["uid"],
    }


def session_headers(call: Call) -> dict[str, str]:
    """The five headers that every answer within a session repeats, and their packed form."""
    if not call.session:
        return {}
    packed = base64.b64encode(json.dumps(call.session, separators=(",", ":")).encode()).decode()
    return {**call.session, "Authorization": f"Bearer {packed}"}


def sign_in(call: Call) -> Answer:
    email = str(call.params.get("email", "")).strip().lower()
    shop = call.shop
    user = shop.db.find("users", email=email)
    if user is None or not password_matches(
        str(call.params.get("password", "")), user["password_digest"]
    ):
        raise CallError(401, BAD_LOGIN)
    call.session = _start_session(shop, user)
    return JSONAnswer({"data": people.profile(shop, user)}, headers=session_headers(call))


def _start_session(shop: Shop, user: Row) -> dict[str, str]:
    token, client = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    expiry = int(shop.clock.now()) + SESSION_SECONDS
    shop.db.insert(
        "sessions",
        user_id=user["id"],
        client=client,
        token_digest=_digest(token),
        expiry=expiry,
        created_at=shop.now(),
    )
    shop.db.execute(
        "DELETE FROM sessions WHERE user_id = :user AND id NOT IN (SELECT id FROM sessions"
        " WHERE user_id = :user ORDER BY id DESC LIMIT :keep)",
        {"user": user["id"], "keep": SESSIONS_PER_USER},
    )
    return _headers(user, token, client, expiry)


def validate_token(call: Call) -> Answer:
    found = find_session(call.shop, _sent_session(call))
    if found is None:
        raise CallError(401, {"success": False, "errors": ["Invalid login credentials"]})
    user, call.session = found
    data = {**people.profile(call.shop, user), "created_at": iso(user["created_at"])}
    return JSONAnswer({"payload": {"success": True, "data": data}}, headers=session_headers(call))


def sign_out(call: Call) -> Answer:
    found = find_session(call.shop, _sent_session(call))
    if found is None:
        errors = ["User was not found or was not logged in."]
        raise CallError(404, {"success": False, "errors": errors})
    user, session = found
    call.shop.db.execute(
        "DELETE FROM sessions WHERE user_id = ? AND client = ?", (user["id"], session["client"])
    )
    return {"success": True}


def forgot_password(call: Call) -> Answer:
    """The mail itself goes nowhere: this server sends no mail."""
    email = str(call.params.get("email", "")).strip().lower()
    if call.shop.db.find("users", email=email) is None:
        raise CallError(404, {"message": "No user has this e-mail address."})
    return {"message": "Instructions to set a new password are on their way."}


def api_root(call: Call) -> Answer:
    stamp = iso(int(call.shop.clock.now() * 1_000_000)) or ""
    return {
        "version": call.shop.version,
        "timestamp": stamp[:19].replace("T", " "),
        "queue_services": "ok",
        "data_services": "ok",
    }


ROUTES = [
    Route("GET", "/api", api_root, "anyone"),
    Route("POST", "/auth/sign_in", sign_in, "anyone"),
    Route("POST", "/auth/password", forgot_password, "anyone"),
    Route("GET", "/auth/validate_token", validate_token, "anyone"),
    Route("DELETE", "/auth/sign_out", sign_out, "anyone"),
]
