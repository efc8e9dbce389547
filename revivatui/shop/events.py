"""Telling the world what happened (contract 7.6, observed 1): cable, webhooks, listeners.

Chatwoot computes cable payloads when the thing happens and sends them from a job; 4.x makes
the five "refreshed" conversation events anew inside that job. Webhooks and notifications are
made in a later job, from what the database says then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from revivatui.shop import webhooks
from revivatui.shop.db import Row
from revivatui.shop.queries import assignable_agents
from revivatui.shop.render import people, push
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

REFRESHED = frozenset(
    {
        "conversation.updated",
        "conversation.status_changed",
        "conversation.read",
        "assignee.changed",
        "team.changed",
    }
)
TOLD_TO_CONTACT = frozenset(
    {"conversation.created", "conversation.updated", "conversation.status_changed"}
)
Changes = dict[str, tuple[Any, Any]]
TIMES = frozenset(
    {
        "created_at",
        "updated_at",
        "last_activity_at",
        "waiting_since",
        "first_reply_created_at",
        "snoozed_until",
        "agent_last_seen_at",
        "assignee_last_seen_at",
        "contact_last_seen_at",
    }
)


def as_shown(changes: Changes) -> dict[str, list[Any]]:
    """Changes as JSON has them: ``{column: [old, new]}``, times as ISO text."""
    return {
        name: [iso(value) if name in TIMES else value for value in pair]
        for name, pair in changes.items()
    }


def tokens_of_users(shop: Shop, user_ids: Iterable[int]) -> list[str]:
    tokens = (
        shop.db.value("SELECT pubsub_token FROM users WHERE id = ?", (user_id,))
        for user_id in user_ids
    )
    return [token for token in tokens if token]


def tokens_of_agents(shop: Shop, inbox_id: int, account_id: int) -> list[str]:
    """Members of the inbox and administrators."""
    return tokens_of_users(shop, assignable_agents(shop, inbox_id, account_id))


def tokens_of_contact(shop: Shop, contact_inbox_id: int | None) -> list[str]:
    """The customer's own token; all verified ones of a verified customer."""
    row = shop.db.get("contact_inboxes", contact_inbox_id)
    if row is None:
        return []
    if not row["hmac_verified"]:
        return [row["pubsub_token"]]
    return shop.db.column(
        "SELECT pubsub_token FROM contact_inboxes WHERE contact_id = ? AND hmac_verified",
        (row["contact_id"],),
    )


def tokens_of_account(shop: Shop, account_id: int) -> list[str]:
    return shop.db.column(
        "SELECT users.pubsub_token FROM account_users JOIN users"
        " ON users.id = account_users.user_id WHERE account_users.account_id = ?",
        (account_id,),
    )


def broadcast(
    shop: Shop,
    tokens: Iterable[str],
    event: str,
    data: dict[str, Any] | Callable[[], dict[str, Any]],
    account_id: int,
    *,
    signed: bool = True,
    late: bool = False,
) -> None:
    """Queue one event for these streams; ``signed`` adds the performer, if somebody acts.

    A callable is asked for the data only when the job runs. ``late`` lets what is queued
    already, and what that brings, go first.
    """
    if shop.quiet:
        return
    streams = list(dict.fromkeys(tokens))
    extra: dict[str, Any] = {"account_id": account_id}
    if signed and (performer := _performer(shop, account_id)) is not None:
        extra["performer"] = performer

    def send() -> None:
        made = data() if callable(data) else data
        for stream in streams:
            shop.cable.broadcast(stream, event, {**made, **extra})

    if late:
        shop.worker.enqueue("relay", lambda: shop.worker.enqueue("cable", send, event, *streams))
    else:
        shop.worker.enqueue("cable", send, event, *streams)


def _performer(shop: Shop, account_id: int) -> dict[str, Any] | None:
    """The user or bot that acts, as it is told."""
    if shop.current.user is not None:
        return people.user_push(shop, shop.current.user, account_id)
    return people.bot_push(shop, shop.current.bot) if shop.current.bot is not None else None


def listen_later(shop: Shop, event: str, work: Callable[[], None]) -> None:
    """Queue what the event's background listeners do."""
    if not shop.quiet:
        shop.worker.enqueue("event", work, event)


def _ask_rules(shop: Shop, event: str, conversation: Row, message_id: int | None = None) -> None:
    """Let the account's rules look at what happened, unless one of them did it."""
    from revivatui.shop.actions import automation

    name = automation.event_name(shop, event, conversation)
    if name is None or shop.current.rule is not None:
        return
    if automation.rules_for(shop, conversation["account_id"], name):
        row_id = conversation["id"]
        listen_later(shop, event, lambda: automation.run(shop, name, row_id, message_id))


def conversation_event(
    shop: Shop,
    event: str,
    conversation: Row,
    changes: Changes | None = None,
    *,
    late: bool = False,
) -> None:
    """Tell of a conversation: to agents, to the contact where the event goes there, to
    webhooks. ``changes`` are those of the save that caused it."""
    if shop.quiet:
        return
    account_id, row_id = conversation["account_id"], conversation["id"]
    created = event == "conversation.created"
    tokens = tokens_of_agents(shop, conversation["inbox_id"], account_id)
    if event in TOLD_TO_CONTACT:
        tokens += tokens_of_contact(shop, conversation["contact_inbox_id"])
    if shop.v4 and event in REFRESHED:

        def latest() -> dict[str, Any]:
            row = shop.db.get("conversations", row_id) or conversation
            return push.conversation_push(shop, row)

        broadcast(shop, tokens, event, latest, account_id, signed=False, late=late)
    else:
        data = push.conversation_push(shop, conversation)
        if not shop.v4 and (
            event == "conversation.created" or conversation["last_activity_at"] is None
        ):
            # 3.x has not read back the time that its database set.
            data["timestamp"] = 0
            for message in data["messages"]:
                message["conversation"]["last_activity_at"] = 0
        broadcast(shop, tokens, event, data, account_id, late=late)
    if event in webhooks.CONVERSATION_HOOKS:
        shown = as_shown(changes) if changes and event == "conversation.updated" else None
        # 4.x is done with the news of a creation before the first reply is noted.
        early = push.conversation_push(shop, conversation) if shop.v4 and created else None
        listen_later(
            shop, event, lambda: webhooks.conversation_hooks(shop, event, row_id, shown, early)
        )
    _ask_rules(shop, event, conversation)


def message_event(
    shop: Shop,
    event: str,
    message: Row,
    *,
    echo_id: str | None = None,
    changes: Changes | None = None,
) -> None:
    """Tell of a message: agents, and the contact unless it is private or an activity line."""
    if shop.quiet:
        return
    conversation = shop.db.get("conversations", message["conversation_id"])
    if conversation is None:
        return
    tokens = tokens_of_agents(shop, message["inbox_id"], message["account_id"])
    hidden = message["private"] or message["message_type"] == "activity"
    if event != "first.reply.created" and not hidden:
        tokens += tokens_of_contact(shop, conversation["contact_inbox_id"])
    data = push.message_push(shop, message, echo_id=echo_id)
    if changes is not None:
        data["previous_changes"] = as_shown(changes)
    broadcast(shop, tokens, event, data, message["account_id"])
    if event in webhooks.MESSAGE_HOOKS:
        webhooks.tell_bots_of_message(shop, webhooks.MESSAGE_HOOKS[event], message, conversation)
        listen_later(shop, event, lambda: webhooks.message_hooks(shop, event, message["id"]))
    if message["message_type"] != "activity":
        _ask_rules(shop, event, conversation, message["id"])


def contact_event(shop: Shop, event: str, contact: Row, changes: Changes | None = None) -> None:
    """Tell of a contact: to everyone of the account."""
    if shop.quiet:
        return
    account_id = contact["account_id"]
    tokens = [f"account_{account_id}"] if shop.v4 else tokens_of_account(shop, account_id)
    broadcast(shop, tokens, event, push.contact_push(shop, contact), account_id)
    if event in webhooks.CONTACT_HOOKS:
        shown = as_shown(changes) if changes is not None else None
        listen_later(shop, event, lambda: webhooks.contact_hooks(shop, event, contact["id"], shown))


def cache_invalidated(shop: Shop, account_id: int, key: str) -> None:
    """A label, inbox or team list changed: remember when, tell all agents."""
    account = shop.db.get("accounts", account_id)
    if account is None:
        return
    keys = {**account["cache_keys"], key: str(int(shop.clock.now()))}
    shop.db.update("accounts", account_id, cache_keys=keys)
    data = {"cache_keys": cache_keys(keys)}
    broadcast(
        shop, tokens_of_account(shop, account_id), "account.cache_invalidated", data, account_id
    )


def cache_keys(stored: dict[str, str]) -> dict[str, str]:
    return {key: stored.get(key, "0000000000") for key in ("label", "inbox", "team")}


def typing_event(
    shop: Shop,
    conversation: Row,
    typist: dict[str, Any],
    *,
    on: bool,
    is_private: bool,
    own_tokens: Iterable[str],
) -> None:
    """Somebody types: told to everyone in the conversation but the typist's own desks."""
    if shop.quiet:
        return
    event = "conversation.typing_on" if on else "conversation.typing_off"
    own = set(own_tokens)
    tokens = [
        token
        for token in (
            *tokens_of_agents(shop, conversation["inbox_id"], conversation["account_id"]),
            *tokens_of_contact(shop, conversation["contact_inbox_id"]),
        )
        if token not in own
    ]
    data = {
        "conversation": push.conversation_push(shop, conversation),
        "user": typist,
        "is_private": is_private,
    }
    broadcast(shop, tokens, event, data, conversation["account_id"])
    if shop.v4:
        listen_later(
            shop,
            event,
            lambda: webhooks.typing_hooks(shop, event, conversation["id"], typist, is_private),
        )
