"""Webhooks to the account's URLs and to an API inbox's own (contract 8, observed 1)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx

from revivatui.shop.db import Row
from revivatui.shop.render import hooks
from revivatui.shop.render.channels import channel_of

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

log = logging.getLogger("revivatui.shop.webhooks")

CONVERSATION_HOOKS = {
    "conversation.created": "conversation_created",
    "conversation.updated": "conversation_updated",
    "conversation.status_changed": "conversation_status_changed",
}
MESSAGE_HOOKS = {"message.created": "message_created", "message.updated": "message_updated"}
CONTACT_HOOKS = {"contact.created": "contact_created", "contact.updated": "contact_updated"}
TIMEOUT_SECONDS = 5.0
BOT_FAILED = "Conversation was marked open by system due to an error with the agent bot."


def conversation_hooks(
    shop: Shop,
    event: str,
    conversation_id: int,
    changes: dict[str, list[Any]] | None,
    body: dict[str, Any] | None = None,
) -> None:
    """``body`` is the conversation as it was then, where it must not be the latest."""
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is None:
        return
    name = CONVERSATION_HOOKS[event]
    body = body or hooks.conversation_body(shop, conversation)
    if name != "conversation_created":
        body["changed_attributes"] = hooks.changed_attributes(changes)
    inbox = shop.db.get("inboxes", conversation["inbox_id"])
    deliver(shop, conversation["account_id"], inbox, {**body, "event": name})


def message_hooks(shop: Shop, event: str, message_id: int) -> None:
    message = shop.db.get("messages", message_id)
    if message is None or message["message_type"] == "activity":
        return
    body = {**hooks.message_body(shop, message), "event": MESSAGE_HOOKS[event]}
    inbox = shop.db.get("inboxes", message["inbox_id"])
    deliver(shop, message["account_id"], inbox, body, message_id=message_id)


def contact_hooks(
    shop: Shop, event: str, contact_id: int, changes: dict[str, list[Any]] | None
) -> None:
    contact = shop.db.get("contacts", contact_id)
    name = CONTACT_HOOKS[event]
    if contact is None or (name == "contact_updated" and not changes):
        return
    body = hooks.contact_body(shop, contact)
    if name == "contact_updated":
        body["changed_attributes"] = hooks.changed_attributes(changes)
    deliver(shop, contact["account_id"], None, {**body, "event": name})


def typing_hooks(
    shop: Shop, event: str, conversation_id: int, typist: dict[str, Any], is_private: bool
) -> None:
    """4.x only; ``typist`` is the pushed user, told in webhook form."""
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is None:
        return
    body = {
        "event": event.replace(".", "_"),
        "user": hooks.typist_body(shop, typist),
        "conversation": hooks.conversation_body(shop, conversation),
        "is_private": is_private,
    }
    inbox = shop.db.get("inboxes", conversation["inbox_id"])
    deliver(shop, conversation["account_id"], inbox, body)


def widget_triggered(shop: Shop, contact_inbox_id: int, event_info: dict[str, Any]) -> None:
    """The website visitor opened the widget (queued by the widget API)."""
    contact_inbox = shop.db.get("contact_inboxes", contact_inbox_id)
    if contact_inbox is None:
        return
    inbox = shop.db.get("inboxes", contact_inbox["inbox_id"])
    if inbox is None:
        return
    body = {
        **hooks.widget_body(shop, contact_inbox, inbox, event_info),
        "event": "webwidget_triggered",
    }
    deliver(shop, inbox["account_id"], inbox, body)
    for bot in bots_before(shop, inbox, None):
        _queue(shop, bot["outgoing_url"], body, None)


def macro_executed(shop: Shop, conversation: Row, url: str) -> None:
    """A macro's own webhook, 4.x."""
    body = hooks.conversation_body(shop, conversation)
    _queue(shop, url, {**body, "event": "macro.executed"}, None)


def rule_applied(shop: Shop, conversation: Row, url: str, event: str) -> None:
    """An automation rule's own webhook."""
    body = hooks.conversation_body(shop, conversation)
    _queue(shop, url, {**body, "event": f"automation_event.{event}"}, None)


def bots_before(shop: Shop, inbox: Row, conversation: Row | None) -> list[Row]:
    """The bot of the inbox, and in 4.x the one that the conversation was given to."""
    placed = shop.db.find("agent_bot_inboxes", inbox_id=inbox["id"], status="active")
    ids = [placed["agent_bot_id"]] if placed else []
    if shop.v4 and conversation is not None and conversation["assignee_agent_bot_id"] is not None:
        ids.append(conversation["assignee_agent_bot_id"])
    found = (shop.db.get("agent_bots", bot_id) for bot_id in dict.fromkeys(ids))
    return [bot for bot in found if bot is not None and bot["outgoing_url"]]


def tell_bots_of_message(shop: Shop, name: str, message: Row, conversation: Row) -> None:
    """Every message but an activity line, the bot's own and private notes too, as it is now."""
    if message["message_type"] == "activity":
        return
    inbox = shop.db.get("inboxes", message["inbox_id"])
    for bot in bots_before(shop, inbox, conversation) if inbox else ():
        body = {**hooks.message_body(shop, message), "event": name}
        _queue(shop, bot["outgoing_url"], body, message["id"], to_bot=True)


def tell_bots_of_status(shop: Shop, conversation: Row) -> None:
    """A conversation that was opened or resolved."""
    inbox = shop.db.get("inboxes", conversation["inbox_id"])
    if inbox is None or conversation["status"] not in ("open", "resolved"):
        return
    name = "conversation_opened" if conversation["status"] == "open" else "conversation_resolved"
    for bot in bots_before(shop, inbox, conversation):
        body = hooks.conversation_body(shop, conversation)
        _queue(shop, bot["outgoing_url"], {**body, "event": name}, None)


def deliver(
    shop: Shop,
    account_id: int,
    inbox: Row | None,
    body: dict[str, Any],
    *,
    message_id: int | None = None,
) -> None:
    """Queue one POST for each URL that wants this event."""
    event = body["event"]
    for webhook in shop.db.where("webhooks", account_id=account_id):
        if event in webhook["subscriptions"]:
            _queue(shop, webhook["url"], body, None)
    if inbox is not None and inbox["channel_type"] == "Channel::Api":
        url = channel_of(shop, inbox)["webhook_url"]
        if url:
            _queue(shop, url, body, message_id if event in MESSAGE_HOOKS.values() else None)


def _queue(
    shop: Shop, url: str, body: dict[str, Any], message_id: int | None, *, to_bot: bool = False
) -> None:
    shop.worker.enqueue("webhook", lambda: _post(shop, url, body, message_id, to_bot), url)


async def _post(
    shop: Shop, url: str, body: dict[str, Any], message_id: int | None, to_bot: bool
) -> None:
    """POST once, never again. A failed delivery of an API inbox's message marks the message; one
    to a bot opens a pending conversation in 4.x, so that people see to it."""
    ruby = "ruby/3.3.8p144" if shop.v4 else "ruby/3.1.2p20"
    headers = {
        "Accept": "application/json",
        "User-Agent": f"rest-client/2.1.0 (linux-gnu x86_64) {ruby}",
        "Content-Type": "application/json",
        "Accept-Encoding": "gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
    }
    try:
        answer = await shop.http.post(
            url, content=hooks.as_json(body), headers=headers, timeout=TIMEOUT_SECONDS
        )
        problem = None if answer.is_success else _refusal(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = _trouble(error, url)
    if problem is None:
        return
    log.info("webhook %s failed: %s", url, problem)
    message = shop.db.get("messages", message_id)
    if message is None:
        return
    if to_bot:
        if shop.v4:
            _open_without_bot(shop, message)
    else:
        from revivatui.shop.actions.messages import fail_message

        with shop.db.transaction():
            fail_message(shop, message, problem)


def _open_without_bot(shop: Shop, message: Row) -> None:
    from revivatui.shop.actions import activity, conversations

    conversation = shop.db.get("conversations", message["conversation_id"])
    if conversation is None or conversation["status"] != "pending":
        return
    with shop.acting(None, in_account=False):
        opened = conversations.update(shop, conversation, status="open")
        activity.say(shop, opened, BOT_FAILED)


def _refusal(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.reason_phrase}"


def _trouble(error: Exception, url: str) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "Timed out reading data from server"
    parts = httpx.URL(url)
    return (
        f"Failed to open TCP connection to {parts.host}:{parts.port or 80}"
        f' (Connection refused - connect(2) for "{parts.host}" port {parts.port or 80})'
    )
