"""`revivatui bridge captain` and `bridge setup --captain`: the bot that answers customers."""

from __future__ import annotations

import argparse
import getpass
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from revivatui import config

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge.captain_settings import CaptainSettings
    from revivatui.bridge.captain_setup import Arranged, Plan
    from revivatui.crm.store import Store
    from revivatui.paths import Paths

Keep = Callable[[str, str], None]
"""Keeps a secret of the bridge, by its name."""


def add_commands(parts: Any, setup: argparse.ArgumentParser) -> None:
    """The commands and their flags."""
    captain = parts.add_parser("captain", help="the bot that answers customers")
    captain.add_argument(
        "act", choices=("on", "off", "status"),
        help="let it answer, stop it at once (people get every customer), or say how it is",
    )  # fmt: skip
    setup.add_argument(
        "--captain", action="store_true", help="the bot that answers customers, not the webhook"
    )
    setup.add_argument("--inbox", type=int, metavar="N", help="the inbox that it stands before")
    setup.add_argument("--yes", action="store_true", help="do what is told; without, only tell it")
    setup.add_argument(
        "--undo", action="store_true", help="let the bot stand before the inbox no more"
    )


def with_shop(captain: CaptainSettings, settings: config.Settings, paths: Paths) -> CaptainSettings:
    """With what the [shop] and [copilot] tables say, where captain is on."""
    if not captain.on:
        return captain
    from revivatui import copilot_access
    from revivatui.copilot.shop_profile import ShopProfile

    asks = copilot_access.model_settings(settings)
    if captain.model and asks.is_on:
        asks = copilot_access.with_key(asks, paths)
    return replace(captain, shop=ShopProfile.load(settings.shop), asks=asks)


async def act(store: Store, what: str) -> None:
    """On, off or status, said on the terminal. Raises BridgeError."""
    from revivatui.bridge import captain, captain_report, report
    from revivatui.state.captain_health import captain_facts

    await captain.make_tables(store)
    if what != "status":
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        off = f"by {getpass.getuser()} on the command line at {now}" if what == "off" else ""
        await report.captain(store, off)
    async with store.reading() as reader:
        found = await captain_report.read(reader, time.time())
    for one in captain_facts(found, lambda at: datetime.fromtimestamp(at, UTC).isoformat()):
        print(f"{one.name:<14} {one.words}")


async def set_up(
    client: ChatwootClient,
    options: argparse.Namespace,
    public_url: str,
    path_secret: Callable[[], str],
    keep: Keep,
) -> None:
    """Tell what would change, and do it with `--yes`. Raises ApiError, BridgeError, ConfigError."""
    from revivatui.bridge import captain_setup

    if options.inbox is None:
        raise config.ConfigError("Say which inbox: `revivatui bridge setup --captain --inbox 3`.")
    if options.undo:
        if not options.yes:
            print(f"Would take captain away from inbox {options.inbox}. --yes does it.")
            return
        print(await captain_setup.take_back(client, options.inbox, public_url, "…"))
        return
    secret = path_secret()
    plan = await captain_setup.plan(client, options.inbox, public_url, secret)
    _tell(plan, done=options.yes)
    if plan.changes and options.yes:
        done = await captain_setup.arrange(client, options.inbox, public_url, secret)
        _keep(done, keep)


def _tell(plan: Plan, *, done: bool) -> None:
    if not plan.changes:
        print(f"Captain stands before inbox {plan.inbox.name!r} already; nothing changes.")
        return
    for line in plan.changes:
        print(f"{'Done' if done else 'Would'}: {line}.")
    if not done:
        print("--yes does it; `--undo --yes` takes it back.")


def _keep(done: Arranged, keep: Keep) -> None:
    from revivatui.bridge.captain_settings import SECRET_ENTRY, TOKEN_ENTRY, TOKEN_VARIABLE

    if done.token:
        keep(TOKEN_ENTRY, done.token)
        print("The bot's token is kept; [bridge.captain] on = true lets `bridge run` answer.")
    else:
        print(f"The server does not show the bot's token: give it in {TOKEN_VARIABLE}.")
    if done.secret:
        keep(SECRET_ENTRY, done.secret)
        print("This Chatwoot signs: from now on only signed deliveries are taken.")
