"""Webhooks of an account (contract 5.6)."""

from __future__ import annotations

from pydantic import Field, SecretStr

from revivatui.api.schemas.base import Line, Wire


class Webhook(Wire):
    """`secret` came with 4.11.2; before, nothing was signed (contract 8.1)."""

    id: int
    name: Line | None = None
    url: Line
    account_id: int | None = None
    subscriptions: list[Line] = Field(default_factory=list)
    inbox: object = None
    secret: SecretStr | None = None


class WebhookList(Wire):
    class Payload(Wire):
        webhooks: list[Webhook]

    payload: Payload


class OneWebhook(Wire):
    class Payload(Wire):
        webhook: Webhook

    payload: Payload
