"""`revivatui login`: sign in from the command line and remember it."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys

from revivatui import config, credentials
from revivatui.paths import Paths


def login(options: argparse.Namespace) -> int:
    """Ask for what is missing, check it, keep it. Returns the exit status."""
    from revivatui.engine import sign_in

    paths = Paths.default()
    settings = config.load(paths.config_file, profile=options.profile)
    url = options.url or (settings.current.url if settings.current else "")
    try:
        url = url or input("Address of your Chatwoot: ").strip()
        if options.email:
            password = getpass.getpass("Password: ")
            outcome = asyncio.run(
                sign_in.sign_in_with_password(
                    url, options.email, password, options.account, settings.profile
                )
            )
        else:
            token = os.environ.get(credentials.TOKEN_VARIABLE) or getpass.getpass(
                "Access token (bottom of your profile page; not shown): "
            )
            outcome = asyncio.run(
                sign_in.sign_in_with_token(url, token, options.account, settings.profile)
            )
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        return 130
    profile = outcome.profile
    if profile is None:
        print(f"Not signed in. {outcome.error}", file=sys.stderr)
        return 1
    config.save_profile(paths.config_file, profile.name, profile.base_url, profile.account_id)
    try:
        kept = credentials.save_token(
            profile.name, profile.base_url, profile.token, paths.credentials_file
        )
    except credentials.CredentialsError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Signed in to {profile.base_url} (Chatwoot {outcome.version}), account "
          f"{profile.account_id}, profile {profile.name!r}.")  # fmt: skip
    if len(outcome.accounts) > 1:
        others = ", ".join(f"{one.id} {one.name}" for one in outcome.accounts)
        print(f"Accounts you are in: {others}. Another one: revivatui login --account N")
    print(f"The token is kept in {'the keyring' if kept.place == 'keyring' else kept.place}"
          + (f" ({kept.why})." if kept.why else "."))  # fmt: skip
    return 0
