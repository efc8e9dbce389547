"""`revivatui login --crm`: check the token of a vendor's CRM and keep it, as the desk's own is."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from revivatui import config, credentials
from revivatui.crm.errors import CrmError
from revivatui.crm.repairshopr.address import API_PATH, base_url, is_vendor
from revivatui.crm_access import KEPT_AS, TOKEN
from revivatui.paths import Paths

_IDLE = ("profile", "email", "account")


def login_crm(options: argparse.Namespace) -> int:
    """Ask for the token, let the vendor say whose it is, keep it. Returns the exit status.

    Raises ConfigError where no vendor's CRM is named.
    """
    for name in _IDLE:
        if getattr(options, name):
            raise config.ConfigError(f"--{name} means nothing to `revivatui login --crm`.")
    paths = Paths.default()
    address = options.url or config.load(paths.config_file).crm_url
    if not options.url and not is_vendor(address):
        raise config.ConfigError(
            "The CRM of the settings is no RepairShopr or Syncro and needs no token. Name one with"
            " --url https://myshop.repairshopr.com"
        )
    try:
        base = base_url(address)
        token = os.environ.get(TOKEN) or _asked()
        words = asyncio.run(_whose(address, token))
        kept = credentials.save_secret(KEPT_AS, base, token, paths.credentials_file)
        if options.url:
            config.save_option(paths.config_file, "crm.url", base.removesuffix(API_PATH))
    except (KeyboardInterrupt, EOFError):
        print("\nNothing more was typed. Nothing was changed.", file=sys.stderr)
        return 130
    except (CrmError, credentials.CredentialsError) as error:
        print(f"Not kept. {error}", file=sys.stderr)
        return 1
    print(words)
    print(f"The token is kept in {'the keyring' if kept.place == 'keyring' else kept.place}"
          + (f" ({kept.why})." if kept.why else "."))  # fmt: skip
    return 0


def _asked() -> str:
    from revivatui.cli_login import ask_secret

    return ask_secret("Access token of the shop's CRM (not shown): ")


async def _whose(address: str, token: str) -> str:
    """What the vendor says of the token, in a sentence. Raises CrmError where it is no good."""
    from revivatui.crm.repairshopr.opening import open_vendor

    crm = open_vendor(address, {**os.environ, TOKEN: token}, None)
    try:
        health = await crm.health()
    finally:
        await crm.close()
    if not health.ok:
        raise CrmError(health.words)
    return health.words
