"""Captain's assistants and its copilot's threads, 4.x Enterprise (contract 11.2, 11.3).

Without an assistant, which an administrator makes, there is nobody to ask, as on a new server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop import events
from revivatui.shop.captain import CopilotMessage, Thread
from revivatui.shop.language_model import asked, by, said_in
from revivatui.shop.render import people
from revivatui.shop.render.times import iso, seconds
from revivatui.shop.rest.base import Answer, Call, Route, not_found, unprocessable
from revivatui.shop.rest.params import hash_of, integer, text

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

THREADS_PER_PAGE = 5
MESSAGES_PER_PAGE = 1000
RULES = (
    "You are the copilot of a support agent. Answer the agent's question about the conversation."
)


def assistants(call: Call) -> Answer:
    rows = [one for one in call.shop.captain.assistants if one["account_id"] == call.account_id]
    page = integer(call.params.get("page")) or 1
    return {"payload": rows, "meta": {"total_count": len(rows), "page": page}}


def create_assistant(call: Call) -> Answer:
    call.need_admin()
    wanted = call.wrapped("assistant")
    now = seconds(call.shop.now())
    row = {
        "account_id": call.account_id,
        "config": hash_of(wanted.get("config")),
        "created_at": now,
        "description": text(wanted.get("description")),
        "guardrails": None,
        "id": call.shop.captain.next_id(),
        "name": text(wanted.get("name")) or "",
        "response_guidelines": None,
        "updated_at": now,
    }
    call.shop.captain.assistants.append(row)
    return row


def threads(call: Call) -> Answer:
    """The asker's own, newest first."""
    own = [one for one in call.shop.captain.threads if one.user_id == call.member["id"]]
    start = ((integer(call.params.get("page")) or 1) - 1) * THREADS_PER_PAGE
    rows = own[::-1][max(start, 0) : max(start, 0) + THREADS_PER_PAGE]
    return {"payload": [_thread(call.shop, one) for one in rows]}


def create_thread(call: Call) -> Answer:
    message = text(call.params.get("message")) or ""
    if not message:
        unprocessable("Message is required")
    wanted = integer(call.params.get("assistant_id"))
    found = [one for one in call.shop.captain.assistants if one["id"] == wanted]
    if not found:
        not_found()
    captain = call.shop.captain
    thread = Thread(
        captain.next_id(), message, call.member["id"], found[0], call.account_id, call.shop.now()
    )
    captain.threads.append(thread)
    _ask(call, thread, message)
    return _thread(call.shop, thread)


def messages(call: Call) -> Answer:
    thread = _thread_of(call)
    rows = thread.messages[:MESSAGES_PER_PAGE]
    return {"payload": [_message(call.shop, thread, one) for one in rows]}


def create_message(call: Call) -> Answer:
    message = text(call.params.get("message")) or ""
    if not message:
        unprocessable("Message is required")
    thread = _thread_of(call)
    return _message(call.shop, thread, _ask(call, thread, message))


def _thread_of(call: Call) -> Thread:
    wanted = call.number("thread_id")
    own = (one for one in call.shop.captain.threads if one.user_id == call.member["id"])
    found = next((one for one in own if one.id == wanted), None)
    if found is None:
        not_found()
    return found


def _ask(call: Call, thread: Thread, message: str) -> CopilotMessage:
    """Keep the question, and answer it behind the call."""
    own = _say(call.shop, thread, "user", {"content": message})
    number = integer(call.params.get("conversation_id"))
    conversation = call.shop.db.find("conversations", account_id=call.account_id, display_id=number)
    said = said_in(call.shop, conversation) if conversation else []
    lines = [f"{'Customer' if is_customers else 'Agent'}: {words}" for is_customers, words in said]
    shown = [by("system", RULES), by("user", "\n".join((*lines, "", message)))]
    shop = call.shop

    async def answer() -> None:
        _say(shop, thread, "assistant_thinking", {"content": "Using get_conversation",
             "function_name": "get_conversation"})  # fmt: skip
        content, error = await asked(shop, "", shown)
        body = {"content": content or f"I could not answer. {error}", "reply_suggestion": False}
        _say(shop, thread, "assistant", body)

    shop.worker.enqueue("copilot", answer)
    return own


def _say(shop: Shop, thread: Thread, kind: str, body: dict[str, Any]) -> CopilotMessage:
    message = CopilotMessage(shop.captain.next_id(), kind, body, shop.now())
    thread.messages.append(message)
    owner = shop.db.get("users", thread.user_id)
    if owner is not None:
        events.broadcast(
            shop, [owner["pubsub_token"]], "copilot.message.created",
            _message(shop, thread, message), thread.account_id, signed=False,
        )  # fmt: skip
    return message


def _thread(shop: Shop, thread: Thread) -> dict[str, Any]:
    return {**_head(shop, thread), "assistant": _assistant_push(thread)}


def _head(shop: Shop, thread: Thread) -> dict[str, Any]:
    owner = shop.db.get("users", thread.user_id)
    return {
        "id": thread.id,
        "title": thread.title,
        "created_at": seconds(thread.created_at),
        "user": people.user_push(shop, owner, thread.account_id) if owner else None,
        "account_id": thread.account_id,
    }


def _assistant_push(thread: Thread) -> dict[str, Any]:
    row = thread.assistant
    return {
        "id": row["id"],
        "name": row["name"],
        "avatar_url": "",
        "description": row["description"],
        "created_at": iso(row["created_at"] * 1_000_000),
        "type": "captain_assistant",
    }


def _message(shop: Shop, thread: Thread, message: CopilotMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "message": message.message,
        "message_type": message.message_type,
        "created_at": seconds(message.created_at),
        "copilot_thread": _head(shop, thread),
        "account_id": thread.account_id,
    }


C = "/api/v1/accounts/{account_id}/captain"
ROUTES = [
    Route("GET", f"{C}/assistants", assistants, since="4"),
    Route("POST", f"{C}/assistants", create_assistant, since="4"),
    Route("GET", f"{C}/copilot_threads", threads, since="4"),
    Route("POST", f"{C}/copilot_threads", create_thread, since="4"),
    Route("GET", f"{C}/copilot_threads/{{thread_id}}/copilot_messages", messages, since="4"),
    Route("POST", f"{C}/copilot_threads/{{thread_id}}/copilot_messages", create_message, since="4"),
]
