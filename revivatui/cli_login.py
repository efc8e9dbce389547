"""`revivatui login`: sign in from the command line and remember it."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from typing import TYPE_CHECKING

from revivatui import config, credentials, kept
from revivatui.paths import Paths
from revivatui.text.safe import safe_line

if TYPE_CHECKING:
    from revivatui.engine.context import Profile
    from revivatui.engine.sign_in import SignInOutcome


def login(options: argparse.Namespace) -> int:
    """Ask for what is missing, check it, keep it. Returns the exit status."""
    if options.crm:
        from revivatui.cli_crm import login_crm

        return login_crm(options)
    paths = Paths.default()
    settings = config.load(paths.config_file, profile=options.profile)
    url = config.tidy_address(options.url, "--url") if options.url else _known_address(settings)
    try:
        url = url or config.tidy_address(_asked("Address of your Chatwoot: "), "The address")
        outcome = _sign_in(url, options, settings)
    except (KeyboardInterrupt, EOFError):
        print("\nNot signed in: nothing more was typed. Nothing was changed.", file=sys.stderr)
        return 130
    if outcome.profile is None:
        print(f"Not signed in. {outcome.error} Nothing was changed.", file=sys.stderr)
        return 1
    return _remember(outcome, outcome.profile, settings, paths)


def _known_address(settings: config.Settings) -> str:
    """The address when none was given. Raises `ConfigError` where two claim to be it."""
    current, saved = settings.current, settings.saved
    if saved and current and not config.same_server(saved.url, current.url):
        raise config.ConfigError(
            f"{config.URL_VARIABLE} is {current.url}, and profile {settings.profile!r} is kept for "
            f"{saved.url}. Say with --url which one it shall be."
        )
    return current.url if current else ""


def _sign_in(url: str, options: argparse.Namespace, settings: config.Settings) -> SignInOutcome:
    from revivatui.engine import sign_in

    if options.email:
        password = ask_secret("Password (not shown): ")
        signing_in = sign_in.sign_in_with_password(
            url, options.email, password, options.account, settings.profile
        )
    else:
        token = os.environ.get(credentials.TOKEN_VARIABLE) or ask_secret(
            "Access token (bottom of your profile page; not shown): "
        )
        signing_in = sign_in.sign_in_with_token(url, token, options.account, settings.profile)
    return asyncio.run(signing_in)


def _asked(question: str) -> str:
    return input(question if sys.stdin.isatty() else "").strip()


def ask_secret(question: str) -> str:
    """Typed unseen; from a pipe where there is no terminal. Raises EOFError where nothing is."""
    secret = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not secret:
        raise EOFError
    return secret


def _remember(
    outcome: SignInOutcome, profile: Profile, settings: config.Settings, paths: Paths
) -> int:
    from revivatui.cache.store import CacheError
    from revivatui.engine.sign_in import account_words

    saved = settings.saved
    try:
        kept.keep_apart(paths, settings)
        token = credentials.save_token(
            profile.name, profile.base_url, profile.token, paths.credentials_file
        )
        config.save_profile(paths.config_file, profile.name, profile.base_url, profile.account_id)
    except (credentials.CredentialsError, CacheError) as error:
        print(f"Not signed in. {error}", file=sys.stderr)
        return 1
    print(f"Signed in to {profile.base_url} (Chatwoot {outcome.version}), account "
          f"{profile.account_id}, profile {profile.name!r}.")  # fmt: skip
    if saved and not config.same_server(saved.url, profile.base_url):
        print(f"Profile {profile.name!r} opened {saved.url} until now; to keep both, sign in with "
              "--profile NAME.")  # fmt: skip
    if len(outcome.accounts) > 1:
        named = safe_line(account_words(outcome.accounts))
        print(f"Accounts you are in: {named}. Another one: revivatui login --account N")
    print(f"The token is kept in {'the keyring' if token.place == 'keyring' else token.place}"
          + (f" ({token.why})." if token.why else "."))  # fmt: skip
    return 0
