"""Finding out whether an address and a token, or e-mail and password, lead to a desk.

    outcome = await sign_in_with_token("desk.example.com", token)
    outcome.profile or outcome.error

Nothing is stored here; the token is in the profile and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    NotChatwoot,
    Offline,
    ServerDown,
    SignInRefused,
    TlsFailed,
)
from revivatui.engine.context import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.api.answers import AccountRole, Me

REFUSED_TOKEN = "The server does not accept this token."


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """A profile, or a sentence that says why there is none."""

    profile: Profile | None = None
    error: str = ""
    wrong: str = ""
    """What is to be given anew: url, token or password; "" where that would not help."""
    accounts: tuple[AccountRole, ...] = field(default=())
    """The accounts to choose from (contract 1.4); `profile` is in the one used last."""
    version: str = ""


async def sign_in_with_token(
    address: str, token: str, account_id: int | None = None, name: str = "default"
) -> SignInOutcome:
    """Check an address as people type it and the access token of the profile page."""
    from revivatui.api.client import ChatwootClient

    try:
        async with ChatwootClient(address, token.strip(), account_id) as client:
            version = await client.version()
            me = await client.profile()
            return _outcome(client.base, token.strip(), me, account_id, name, version)
    except AuthExpired as error:
        return SignInOutcome(error=REFUSED_TOKEN if error.status else error.message, wrong="token")
    except ApiError as error:
        return _refused(error)


async def sign_in_with_password(
    address: str,
    email: str,
    password: str,
    account_id: int | None = None,
    name: str = "default",
) -> SignInOutcome:
    """Exchange e-mail and password for the token, once: the server allows five tries in five
    minutes (rule 15)."""
    from revivatui.api.client import ChatwootClient

    try:
        async with ChatwootClient(address, account_id=account_id) as client:
            version = await client.version()
            found = await client.sign_in(email.strip(), password)
            return _outcome(client.base, found.token, found.me, account_id, name, version)
    except ApiError as error:
        return _refused(error)


def _refused(error: ApiError) -> SignInOutcome:
    wrong = ""
    if isinstance(error, (Offline, NotChatwoot, TlsFailed)):
        wrong = "url"
    elif isinstance(error, (SignInRefused, AuthExpired)):
        wrong = "password"
    return SignInOutcome(error=_plain(error), wrong=wrong)


def _plain(error: ApiError) -> str:
    """The sentence for somebody who waits in front of it: nothing is tried again by itself."""
    if isinstance(error, Offline):
        return f"{error.message} Check the address."
    return f"{error.message} Try again." if isinstance(error, ServerDown) else error.plain


def _outcome(
    base: str, token: str, me: Me, account_id: int | None, name: str, version: str
) -> SignInOutcome:
    active = tuple(one for one in me.accounts if one.active)
    ids = [one.id for one in active]
    chosen = account_id if account_id is not None else me.account_id
    if account_id is not None and account_id not in ids:
        error = f"{me.agent.name} is not in account {account_id} of this server."
        if active:
            error += f" There: {account_words(active)}."
        return SignInOutcome(error=error, accounts=active, version=version)
    if chosen not in ids:
        chosen = ids[0] if ids else None
    if chosen is None:
        error = f"{me.agent.name} has no account on this server that could be opened."
        return SignInOutcome(error=error, version=version)
    profile = Profile(name, base, token, chosen, me.agent.id)
    return SignInOutcome(profile, accounts=active, version=version)


def account_words(accounts: Sequence[AccountRole]) -> str:
    """Accounts by number and name: "1 Reviva, 2 Lisboa"."""
    return ", ".join(f"{one.id} {one.name}" for one in accounts)
