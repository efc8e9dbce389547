"""Signing in from the desk: why, what is checked, and what is remembered of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui import config
from revivatui.config import ProfileSettings, Settings, same_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.engine.context import Notice, Profile
    from revivatui.engine.sign_in import SignInOutcome
    from revivatui.paths import Paths
    from revivatui.state.models import Agent

WELCOME: Final = "Welcome. Sign in once; it is remembered."
THIS_START: Final = "This is for this start only; nothing of it is remembered."


def welcome(settings: Settings) -> str:
    """Why signing in is needed, before anything is known."""
    if settings.this_start is not None:
        return THIS_START
    return new_profile_words(settings) if is_new(settings) else WELCOME


def is_new(settings: Settings) -> bool:
    """Whether a profile was named that is not there yet."""
    first = settings.profile == "default" and not settings.profiles
    return settings.saved is None and not first


def new_profile_words(settings: Settings) -> str:
    """What a profile is that is named and not there yet."""
    known = ", ".join(sorted(settings.profiles))
    there = f" There are: {known}." if known else ""
    return f"Profile {settings.profile!r} is new: signing in makes it.{there}"


def signed_in(settings: Settings, url: str, account_id: int) -> Settings:
    """The settings once the agent has signed in; what was for this start only stays so."""
    current = settings.current
    place = current.place if current is not None and same_server(current.url, url) else ""
    if settings.this_start is not None:
        return replace(settings, this_start=ProfileSettings(url, account_id, place))
    return config.with_profile(settings, url, account_id, place)


def address_problem(settings: Settings) -> str:
    """Why the address in the settings leads nowhere, or ""."""
    current = settings.current
    assert current is not None
    try:
        config.tidy_address(current.url, f"Profile {settings.profile!r}")
    except config.ConfigError as error:
        return str(error)
    return ""


async def check(
    settings: Settings,
    paths: Paths,
    tell: Callable[[Notice], None],
    url: str,
    token: str,
    email: str,
    password: str,
) -> SignInOutcome:
    """Try an address with a token, or e-mail and password; remember what worked."""
    from revivatui.engine import sign_in

    name = settings.profile
    if token:
        outcome = await sign_in.sign_in_with_token(url, token, None, name)
    else:
        outcome = await sign_in.sign_in_with_password(url, email, password, None, name)
    profile = outcome.profile
    if profile is None:
        return outcome
    here, ids = settings.current, [one.id for one in outcome.accounts]
    if here and here.account_id in ids and same_server(here.url, profile.base_url):
        profile = replace(profile, account_id=here.account_id)
    for notice in await asyncio.to_thread(_remember, settings, paths, profile):
        tell(notice)
    return replace(outcome, profile=profile)


def _remember(settings: Settings, paths: Paths, profile: Profile) -> list[Notice]:
    """Keep the profile and its token, unless it is for this start only. What cannot be kept is
    told; the desk opens all the same."""
    from revivatui import credentials
    from revivatui.engine.context import Notice

    saved, told = settings.saved, []
    if settings.this_start is not None:
        stays = f"Profile {profile.name!r} stays at {saved.url}." if saved else ""
        return [Notice("information", THIS_START, stays)]
    if saved is not None and not same_server(saved.url, profile.base_url):
        opens = f"Profile {profile.name!r} opens {profile.base_url} from now on, not {saved.url}."
        told.append(Notice("information", opens))
    try:
        config.save_profile(paths.config_file, profile.name, profile.base_url, profile.account_id)
        credentials.save_token(
            profile.name, profile.base_url, profile.token, paths.credentials_file
        )
    except (config.ConfigError, credentials.CredentialsError) as error:
        told = [Notice("warning", str(error), "You are signed in.")]
    return told


def token_words(settings: Settings, paths: Paths) -> str:
    """Where the token of the desk is. May wait for a keyring."""
    from revivatui import credentials

    current = settings.current
    if current is None:
        return "None: not signed in."
    return credentials.where_kept(settings.profile, current.url, paths.credentials_file)


def is_same(at: ProfileSettings, profile: Profile, me: Agent | None) -> bool:
    """Whether it is the desk on screen and, as far as is known, its agent (`me`)."""
    is_here = same_server(at.url, profile.base_url) and at.account_id == profile.account_id
    return is_here and (me is None or me.id == profile.user_id)
