"""Chatwoot's REST API as the desk uses it.

    async with ChatwootClient("https://desk.example.com", token, account_id=1) as client:
        page = await client.conversations(ListView(), page=1)

Every call raises `ApiError` and nothing else. GETs are tried again by themselves, others never.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self, cast

from revivatui.api import convert
from revivatui.api.address import base_url
from revivatui.api.answers import AccountRole, Me, Session, SignInResult
from revivatui.api.calls_admin import AdminCalls
from revivatui.api.calls_contacts import ContactCalls
from revivatui.api.calls_conversations import ConversationCalls
from revivatui.api.calls_copilot import CopilotCalls
from revivatui.api.calls_desk import DeskCalls
from revivatui.api.calls_messages import MessageCalls
from revivatui.api.calls_reports import ReportCalls
from revivatui.api.calls_setup import SetupCalls
from revivatui.api.errors import AuthExpired, BadPayload, NotChatwoot, NotFound, SignInRefused
from revivatui.api.schemas import account as accounts
from revivatui.api.schemas.inboxes import InboxList
from revivatui.api.schemas.people import Agent as WireAgent
from revivatui.api.transport import CONNECT_SECONDS, READ_SECONDS, Transport
from revivatui.state import models
from revivatui.state.events import SignedIn


class ChatwootClient(
    ConversationCalls, MessageCalls, ContactCalls, DeskCalls, SetupCalls, ReportCalls, AdminCalls,
    CopilotCalls,
):  # fmt: skip
    """One server, one token, one account."""

    def __init__(
        self,
        base: str,
        token: str | None = None,
        account_id: int | None = None,
        *,
        version: str = "",
        connect_timeout: float = CONNECT_SECONDS,
        read_timeout: float = READ_SECONDS,
        transport: Transport | None = None,
    ) -> None:
        """`base` as people type it (raises BadAddress); `version` if it is known, else ask it with
        `version()`, which the sending of references needs (observed 2.7). Timeouts in seconds."""
        self.base = base_url(base)
        self.account_id = account_id
        self.server_version = version
        self._transport = transport or Transport(
            self.base, token, connect_timeout=connect_timeout, read_timeout=read_timeout
        )
        self._page_size = self.FULL_PAGE

    async def close(self) -> None:
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<ChatwootClient {self.base} account={self.account_id}>"

    # --- the server and who is signed in ---------------------------------------------------

    async def version(self) -> str:
        """The server's version, "3.9.0" or "4.10.1"; needs no token (contract 0)."""
        try:
            answer = await self._transport.ask(accounts.Version, "GET", "/api", anonymous=True)
        except (BadPayload, NotFound, AuthExpired):
            raise NotChatwoot(f"{self._transport.host} is no Chatwoot.") from None
        self.server_version = answer.version
        return answer.version

    async def sign_in(self, email: str, password: str) -> SignInResult:
        """Exchange e-mail and password for the permanent token (contract 1.2).

        Raises SignInRefused where they are wrong or a second factor is wanted, RateLimited after
        five tries in five minutes.
        """
        answer = await self._transport.ask(
            accounts.SignIn,
            "POST",
            "/auth/sign_in",
            json={"email": email, "password": password},
            anonymous=True,
        )
        if answer.mfa_required:
            raise SignInRefused(
                "This account wants a second factor, which the desk cannot give: sign in with the"
                " access token from the profile page."
            )
        if answer.data is None or answer.data.access_token is None:
            raise BadPayload(f"{self._transport.host} answered the sign-in without a token.")
        return SignInResult(
            token=answer.data.access_token.get_secret_value(), me=self._me(answer.data)
        )

    async def profile(self) -> Me:
        """The signed-in person, with the token for the live feed (contract 1.4)."""
        return self._me(await self._transport.ask(accounts.User, "GET", "/api/v1/profile"))

    async def signed_in(self) -> Session:
        """Version, person and account at once: what a connection begins with."""
        calls = (self.version(), self.profile(), self.account())
        found = await asyncio.gather(*calls, return_exceptions=True)
        for failure in sorted(
            (one for one in found if isinstance(one, BaseException)),
            key=lambda failure: not isinstance(failure, AuthExpired),
        ):
            raise failure
        version, me, account = cast(tuple[str, Me, models.Account], found)
        return Session(
            event=SignedIn(account=account, me=me.agent, version=version),
            pubsub_token=me.pubsub_token,
        )

    async def set_availability(self, word: str) -> Me:
        """online, busy or offline (contract 1.4). No event tells of it."""
        body = {"profile": {"account_id": self.account_id, "availability": word}}
        path = "/api/v1/profile/availability"
        return self._me(await self._transport.ask(accounts.User, "POST", path, json=body))

    def _me(self, user: accounts.User) -> Me:
        here = next((one for one in user.accounts if one.id == self.account_id), None)
        role = (here.role if here else user.role) or "agent"
        return Me(
            agent=models.Agent(
                id=user.id,
                name=user.name or user.email or f"#{user.id}",
                email=user.email or "",
                role=role,
                availability=(here.availability if here else None) or "offline",
                auto_offline=here is None or here.auto_offline is not False,
                available_name=user.available_name or "",
            ),
            accounts=tuple(
                AccountRole(
                    id=one.id,
                    name=one.name or f"#{one.id}",
                    role=one.role or "agent",
                    active=one.status != "suspended",
                )
                for one in user.accounts
            ),
            account_id=user.account_id,
            pubsub_token=user.pubsub_token.get_secret_value() if user.pubsub_token else "",
            access_token=user.access_token.get_secret_value() if user.access_token else "",
        )

    # --- the account and its lists ---------------------------------------------------------

    async def account(self) -> models.Account:
        path = self._account_path("").rstrip("/")
        return convert.account(await self._transport.ask(accounts.Account, "GET", path))

    async def cache_keys(self) -> dict[str, str]:
        """When labels, inboxes and teams last changed (contract 1.5; rule 14)."""
        path = self._account_path("cache_keys")
        keys = (await self._transport.ask(accounts.CacheKeysAnswer, "GET", path)).cache_keys
        named = {"label": keys.label, "inbox": keys.inbox, "team": keys.team}
        return {name: key for name, key in named.items() if key}

    async def agents(self) -> tuple[models.Agent, ...]:
        rows = await self._transport.ask(list[WireAgent], "GET", self._account_path("agents"))
        return tuple(map(convert.agent, rows))

    async def inboxes(self) -> tuple[models.Inbox, ...]:
        """The inboxes that this agent may see."""
        answer = await self._transport.ask(InboxList, "GET", self._account_path("inboxes"))
        return tuple(map(convert.inbox, answer.payload))

    async def teams(self) -> tuple[models.Team, ...]:
        rows = await self._transport.ask(list[accounts.Team], "GET", self._account_path("teams"))
        return tuple(map(convert.team, rows))

    async def labels(self) -> tuple[models.Label, ...]:
        answer = await self._transport.ask(accounts.LabelList, "GET", self._account_path("labels"))
        return tuple(map(convert.label, answer.payload))

    async def canned(self) -> tuple[models.CannedResponse, ...]:
        path = self._account_path("canned_responses")
        rows = await self._transport.ask(list[accounts.CannedResponse], "GET", path)
        return tuple(map(convert.canned_response, rows))
