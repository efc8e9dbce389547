"""Opening captain inside a bridge: its tables, its token, and what it knows of the shop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

from revivatui.api.client import ChatwootClient
from revivatui.bridge.captain import Captain, make_tables
from revivatui.bridge.captain_mind import ShopMind
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.places import Place
from revivatui.bridge.settings import BridgeSettings
from revivatui.crm.store import Store


async def captain_opened(
    stack: AsyncExitStack,
    store: Store,
    eyes: ChatwootClient,
    place: Place,
    settings: BridgeSettings,
    clock: Callable[[], float],
    is_there: Callable[[], bool],
) -> Captain:
    """Raises BadBridgeSettings where the bot has no token. `eyes` is the bridge's user."""
    given = settings.captain
    if not given.token:
        raise BadBridgeSettings(
            "Captain has no token: `revivatui bridge setup --captain` makes a bot and keeps its"
            " token, or REVIVATUI_CAPTAIN_TOKEN gives it."
        )
    await make_tables(store)
    bot = await stack.enter_async_context(
        ChatwootClient(eyes.base, given.token, place.account_id, version=eyes.server_version)
    )
    mind = ShopMind()
    return Captain(store, bot, eyes, place, given, mind, clock=clock, is_there=is_there)
