"""Captain in the demo: its bot before the embedded shop's website inbox."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge.captain_settings import CaptainSettings

NOWHERE: Final = "http://127.0.0.1:9/hooks/captain"
"""Where the bot is told until the bridge's door is open."""
WEBSITE: Final = "Channel::WebWidget"


async def prepared(shop: dict[str, Any], *, wanted: bool) -> CaptainSettings:
    """The settings with the bot's token, its bot made where there is none yet. Where captain is
    not wanted, one of an earlier start leaves the inbox. Raises ApiError."""
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge.captain_settings import OFF, CaptainSettings
    from revivatui.bridge.captain_setup import DESCRIPTION, NAME

    token, account_id = shop["administrator"]["token"], shop["account_id"]
    async with ChatwootClient(shop["url"], token, account_id) as client:
        bots = await client.bots()
        bot = next((one for one in bots if one.name == NAME), None)
        if not wanted:
            if bot is not None:
                await _leave(client, bot.id)
            return OFF
        if bot is None:
            bot = await client.create_bot(NAME, DESCRIPTION, NOWHERE)
    return CaptainSettings(on=True, token=bot.token, path_secret=secrets.token_urlsafe(32))


async def arrange(client: ChatwootClient, address: str, captain: CaptainSettings) -> None:
    """The bot is told by this door, and stands before the website. Raises ApiError."""
    from revivatui.bridge.captain_setup import NAME, hook_url

    bot = next(one for one in await client.bots() if one.name == NAME)
    await client.update_bot(bot.id, hook_url(address, captain.path_secret))
    for inbox_id in await _websites(client):
        await client.set_inbox_bot(inbox_id, bot.id)


async def _leave(client: ChatwootClient, bot_id: int) -> None:
    for inbox_id in await _websites(client):
        if await client.inbox_bot(inbox_id) == bot_id:
            await client.set_inbox_bot(inbox_id, None)


async def _websites(client: ChatwootClient) -> list[int]:
    """The first website's inbox, where there is one."""
    found = [one.id for one in await client.inboxes() if one.channel_type == WEBSITE]
    return found[:1]
