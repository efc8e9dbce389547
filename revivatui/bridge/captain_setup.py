"""Arranges captain in Chatwoot: its bot, and that it stands before an inbox; and takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from revivatui.api.answers import Bot
from revivatui.api.client import ChatwootClient
from revivatui.bridge.errors import BadBridgeSettings, BridgeError
from revivatui.state.models import Inbox
from revivatui.state.records import dataclass

PATH: Final = "/hooks/captain"
NAME: Final = "Captain"
DESCRIPTION: Final = "Answers customers until a person is needed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done; nothing was yet."""

    inbox: Inbox
    bot: Bot | None
    """Captain's bot, where there is one already."""
    url: str
    other_bot: str
    """The name of the bot that stands there now, where it is another one."""
    stands_there: bool

    @property
    def changes(self) -> tuple[str, ...]:
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.bot is None:
            yield f"make the bot {NAME!r}, told of by {_shown(self.url)}"
        elif self.bot.url != self.url:
            yield f"tell the bot {NAME!r} by {_shown(self.url)}"
        if self.other_bot:
            yield f"take the bot {self.other_bot!r} away from inbox {self.inbox.name!r}"
        if not self.stands_there:
            yield (
                f"put it before inbox {self.inbox.name!r}: new conversations there begin pending,"
                " and captain answers them first"
            )


@dataclass(frozen=True, slots=True)
class Arranged:
    """What was done. `token` is the bot's own; "" where the server keeps it to itself."""

    bot_id: int
    token: str
    secret: str

    def __repr__(self) -> str:
        return f"<Arranged bot={self.bot_id}>"


def hook_url(public_url: str, path_secret: str) -> str:
    """Raises BadBridgeSettings where it is no address."""
    parts = urlsplit(public_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadBridgeSettings(
            "[bridge] public_url must be the address at which Chatwoot reaches the bridge, like"
            " https://bridge.example.com."
        )
    return f"{public_url.rstrip('/')}{PATH}/{path_secret}"


def _shown(url: str) -> str:
    """Without the secret at its end."""
    return f"{url.rpartition('/')[0]}/…"


async def plan(
    client: ChatwootClient,
    inbox_id: int,
    public_url: str,
    path_secret: str,
    former_urls: Sequence[str] = (),
) -> Plan:
    """What is there, and what would change. Raises ApiError, BridgeError."""
    url = hook_url(public_url, path_secret)
    inbox = await _inbox(client, inbox_id)
    bots = await client.bots()
    bases = [f"{one.rstrip('/')}{PATH}/" for one in (public_url, *former_urls)]
    own = next((one for one in bots if any(one.url.startswith(base) for base in bases)), None)
    there = await client.inbox_bot(inbox_id)
    is_own = own is not None and there == own.id
    other = next((one.name for one in bots if one.id == there and not is_own), "")
    return Plan(inbox, own, url, other, is_own)


async def arrange(
    client: ChatwootClient,
    inbox_id: int,
    public_url: str,
    path_secret: str,
    former_urls: Sequence[str] = (),
) -> Arranged:
    """Do it. Only an administrator may. Raises ApiError, BridgeError."""
    wanted = await plan(client, inbox_id, public_url, path_secret, former_urls)
    bot = wanted.bot
    if bot is None:
        bot = await client.create_bot(NAME, DESCRIPTION, wanted.url)
    elif bot.url != wanted.url:
        bot = await client.update_bot(bot.id, wanted.url)
    if not wanted.stands_there:
        await client.set_inbox_bot(inbox_id, bot.id)
    return Arranged(bot.id, bot.token, bot.secret)


async def take_back(
    client: ChatwootClient, inbox_id: int, public_url: str, path_secret: str
) -> str:
    """Nobody stands before the inbox any more; the bot itself stays, since its messages are its
    own. Gives what was done, in words. Raises ApiError, BridgeError."""
    wanted = await plan(client, inbox_id, public_url, path_secret)
    if not wanted.stands_there:
        return f"Captain does not stand before inbox {wanted.inbox.name!r}."
    await client.set_inbox_bot(inbox_id, None)
    return f"Captain left inbox {wanted.inbox.name!r}: new conversations there begin open."


async def _inbox(client: ChatwootClient, inbox_id: int) -> Inbox:
    inboxes = await client.inboxes()
    found = next((one for one in inboxes if one.id == inbox_id), None)
    if found is None:
        known = ", ".join(f"{one.id} ({one.name})" for one in inboxes)
        raise BridgeError(f"There is no inbox {inbox_id}; there are {known}.")
    return found
