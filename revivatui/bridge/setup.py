"""Arranges in Chatwoot what the bridge needs: its webhook, and the attributes that pages show."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from revivatui.api.answers import Webhook
from revivatui.api.client import ChatwootClient
from revivatui.bridge.attributes import DEFINITIONS
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.news import SUBSCRIPTIONS
from revivatui.state.records import dataclass

PATH = "/hooks/chatwoot"
NAME = "RevivaTUI bridge"


@dataclass(frozen=True, slots=True)
class Arranged:
    """What was done. `secret` is what the server signs with, "" where it signs nothing."""

    webhook: str
    definitions: int
    secret: str

    def __repr__(self) -> str:
        return f"<Arranged webhook={self.webhook} definitions={self.definitions}>"


def webhook_url(public_url: str, path_secret: str) -> str:
    """Raises BadBridgeSettings where it is no address."""
    parts = urlsplit(public_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadBridgeSettings(
            "[bridge] public_url must be the address at which Chatwoot reaches the bridge, like"
            " https://bridge.example.com."
        )
    return f"{public_url.rstrip('/')}{PATH}{f'/{path_secret}' if path_secret else ''}"


async def arrange(
    client: ChatwootClient, public_url: str, path_secret: str, former_urls: Sequence[str] = ()
) -> Arranged:
    """Make or correct the webhook and make the definitions that are not there. `former_urls` are
    public URLs that the bridge had before, where it has another one now.

    Only an administrator may. Raises ApiError, BadBridgeSettings.
    """
    url = webhook_url(public_url, path_secret)
    bases = [f"{one.rstrip('/')}{PATH}" for one in (public_url, *former_urls)]
    ours = [one for one in await client.webhooks() if any(_is_ours(one, base) for base in bases)]
    if not ours:
        done, webhook = "made", await client.create_webhook(url, SUBSCRIPTIONS, NAME)
    else:
        webhook = ours[0]
        done = "was there"
        if webhook.url != url or not set(SUBSCRIPTIONS) <= set(webhook.subscriptions):
            wanted = sorted({*SUBSCRIPTIONS, *webhook.subscriptions})
            done, webhook = "corrected", await client.update_webhook(webhook.id, url, wanted)
    return Arranged(done, await _define(client), webhook.secret)


def _is_ours(webhook: Webhook, base: str) -> bool:
    return webhook.url == base or webhook.url.startswith(f"{base}/")


async def _define(client: ChatwootClient) -> int:
    there = {(one.model, one.key) for one in await client.attribute_definitions()}
    made = 0
    for one in DEFINITIONS:
        if (one.model, one.key) not in there:
            await client.create_attribute_definition(
                one.model, one.key, one.name, one.kind, one.description
            )
            made += 1
    return made
