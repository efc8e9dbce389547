"""Opening captain inside a bridge: its tables, its token, and what it knows of the shop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

from revivatui.api.client import ChatwootClient
from revivatui.bridge import captain_store
from revivatui.bridge.captain import Captain, make_tables
from revivatui.bridge.captain_mind import ShopMind
from revivatui.bridge.captain_model import CaptainModel
from revivatui.bridge.captain_shop import Shop
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
    shop = Shop(store, eyes, place, given.shop, clock)
    model = CaptainModel(given, shop) if given.model and given.asks.is_on else None
    if model is not None:
        stack.push_async_callback(model.close)

    async def may_try(who: str) -> bool:
        async with store.unit_of_work() as work:
            await captain_store.alone(work)
            return await captain_store.may_try(work, who, clock())

    mind = ShopMind(shop, given, may_try, model)
    return Captain(store, bot, eyes, place, given, mind, clock=clock, is_there=is_there)
