"""Calls that set an account up: webhooks and definitions of attributes (contract 5.5, 5.6)."""

from __future__ import annotations

from collections.abc import Sequence

from revivatui.api.answers import AttributeDefinition, Bot, Webhook
from revivatui.api.calls_conversations import Calls
from revivatui.api.schemas import account as accounts
from revivatui.api.schemas import bots
from revivatui.api.schemas import webhooks as wire


class SetupCalls(Calls):
    """What an administrator arranges once."""

    async def webhooks(self) -> tuple[Webhook, ...]:
        """Administrators only, even to read."""
        path = self._account_path("webhooks")
        answer = await self._transport.ask(wire.WebhookList, "GET", path)
        return tuple(map(_webhook, answer.payload.webhooks))

    async def create_webhook(self, url: str, subscriptions: Sequence[str], name: str) -> Webhook:
        """`name` is dropped by 3.9, which has none."""
        path = self._account_path("webhooks")
        body = {"webhook": {"url": url, "subscriptions": list(subscriptions), "name": name}}
        answer = await self._transport.ask(wire.OneWebhook, "POST", path, json=body)
        return _webhook(answer.payload.webhook)

    async def update_webhook(
        self, webhook_id: int, url: str, subscriptions: Sequence[str]
    ) -> Webhook:
        path = self._account_path(f"webhooks/{webhook_id}")
        body = {"webhook": {"url": url, "subscriptions": list(subscriptions)}}
        answer = await self._transport.ask(wire.OneWebhook, "PATCH", path, json=body)
        return _webhook(answer.payload.webhook)

    # --- bots ------------------------------------------------------------------------------

    async def bots(self) -> tuple[Bot, ...]:
        """The account's own and the system's."""
        path = self._account_path("agent_bots")
        return tuple(map(_bot, await self._transport.ask(list[bots.AgentBot], "GET", path)))

    async def create_bot(self, name: str, description: str, url: str) -> Bot:
        """Administrators only, as for all that follows but reading."""
        wanted = {"name": name, "description": description, "outgoing_url": url}
        path = self._account_path("agent_bots")
        return _bot(await self._transport.ask(bots.AgentBot, "POST", path, json=wanted))

    async def update_bot(self, bot_id: int, url: str) -> Bot:
        path = self._account_path(f"agent_bots/{bot_id}")
        body = {"outgoing_url": url}
        return _bot(await self._transport.ask(bots.AgentBot, "PATCH", path, json=body))

    async def delete_bot(self, bot_id: int) -> None:
        """One that has written cannot go: the server fails then."""
        path = self._account_path(f"agent_bots/{bot_id}")
        await self._transport.ask(type(None), "DELETE", path)

    async def inbox_bot(self, inbox_id: int) -> int | None:
        """The number of the bot that stands before an inbox; None where none does."""
        path = self._account_path(f"inboxes/{inbox_id}/agent_bot")
        found = await self._transport.ask(bots.InboxBot, "GET", path)
        return found.agent_bot.id if found.agent_bot is not None else None

    async def set_inbox_bot(self, inbox_id: int, bot_id: int | None) -> None:
        """New conversations begin pending from then on; None: nobody stands before it."""
        path = self._account_path(f"inboxes/{inbox_id}/set_agent_bot")
        await self._transport.ask(type(None), "POST", path, json={"agent_bot": bot_id})

    # --- attributes ------------------------------------------------------------------------

    async def attribute_definitions(self) -> tuple[AttributeDefinition, ...]:
        """Of contacts and of conversations."""
        path = self._account_path("custom_attribute_definitions")
        rows = await self._transport.ask(list[accounts.AttributeDefinition], "GET", path)
        return tuple(map(_definition, rows))

    async def create_attribute_definition(
        self, model: str, key: str, name: str, kind: str, description: str
    ) -> AttributeDefinition:
        """`model` is contact_attribute or conversation_attribute, `kind` the display type."""
        path = self._account_path("custom_attribute_definitions")
        wanted = {
            "attribute_model": model,
            "attribute_key": key,
            "attribute_display_name": name,
            "attribute_display_type": kind,
            "attribute_description": description,
        }
        body = {"custom_attribute_definition": wanted}
        answer = await self._transport.ask(accounts.AttributeDefinition, "POST", path, json=body)
        return _definition(answer)


def _bot(row: bots.AgentBot) -> Bot:
    return Bot(
        id=row.id,
        name=row.name or "",
        url=row.outgoing_url or "",
        token=row.access_token.get_secret_value() if row.access_token else "",
        secret=row.secret.get_secret_value() if row.secret else "",
    )


def _webhook(row: wire.Webhook) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        subscriptions=tuple(row.subscriptions),
        secret=row.secret.get_secret_value() if row.secret else "",
    )


def _definition(row: accounts.AttributeDefinition) -> AttributeDefinition:
    return AttributeDefinition(
        model=row.attribute_model or "",
        key=row.attribute_key,
        name=row.attribute_display_name or row.attribute_key,
        kind=row.attribute_display_type or "",
    )
