"""Which model is asked, where it is, and what it may be asked without a key press."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from revivatui.copilot.model.errors import NoModel
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

Where = Literal["this machine", "local network", "hosted"]
TokenWord = Literal["max_tokens", "max_completion_tokens"]

ASK: Final = "ask"
INBOX: Final = "inbox:"
TOTAL_SECONDS: Final = 20.0
QUIET_SECONDS: Final = 6.0

_CHAT: Final = re.compile(r"/chat/completions/?$")
_LOCAL_NAMES: Final = (".local", ".lan", ".home.arpa", ".internal")
_EXPECTED: Final = "Write it like http://localhost:11434/v1 or https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The model of the settings. The defaults are those of replies for agents."""

    url: str = ""
    """Base address, "https://api.openai.com/v1"; "": no model, and nothing leaves."""
    model: str = "gpt-4o-mini"
    temperature: float | None = 0.2
    """None: not sent."""
    max_tokens: int = 300
    token_word: TokenWord = "max_tokens"
    """What the server calls the limit of an answer."""
    instructions: str = ""
    """The shop's own, behind the fixed rules."""
    consent: tuple[str, ...] = (ASK,)
    """"ask": with a key press each time; "inbox:NAME": replies of that inbox without one."""
    key: str = field(default="", repr=False)
    quiet_seconds: float = QUIET_SECONDS
    """The longest wait for the first word, and for each that follows."""
    total_seconds: float = TOTAL_SECONDS

    @property
    def is_on(self) -> bool:
        return bool(self.url.strip())

    @property
    def base(self) -> str:
        """The address that requests go below. Raises NoModel."""
        return base_url(self.url)

    @property
    def host(self) -> str:
        """Host and port, for people."""
        return safe_line(urlsplit(self.base).netloc)

    @property
    def where(self) -> Where:
        return where_is(urlsplit(self.base).hostname or "")

    def may_ask_at_once(self, inbox: str) -> bool:
        """Whether somebody agreed that replies of this inbox are asked for without a key press."""
        wanted = inbox.strip().casefold()
        return bool(wanted) and any(
            one.startswith(INBOX) and one.removeprefix(INBOX).strip().casefold() == wanted
            for one in self.consent
        )


def base_url(typed: str) -> str:
    """An address as people type it, in the form that requests are made of. Raises NoModel."""
    text = typed.strip()
    if not text:
        raise NoModel(f"The settings name no model: [copilot] model_url. {_EXPECTED}")
    if "://" not in text:
        text = f"{'https' if where_is(_host_of(text)) == 'hosted' else 'http'}://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NoModel(f"The model's address is no web address. {_EXPECTED}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NoModel(f"The model's address is no web address. {_EXPECTED}")
    if parts.username is not None or parts.password is not None:
        raise NoModel("The model's address must hold no password: `revivatui copilot key`.")
    if parts.query or parts.fragment:
        raise NoModel(f"The model's address must end with its path. {_EXPECTED}")
    if parts.scheme == "http" and where_is(host) == "hosted":
        raise NoModel("A model that is not on this machine or network is asked by https only.")
    place = f"[{host}]" if ":" in host else host
    path = _CHAT.sub("", parts.path).rstrip("/")
    return f"{parts.scheme}://{place}{'' if port is None else f':{port}'}{path}"


def where_is(host: str) -> Where:
    """Where what is sent to a host goes. A name that says nothing is somewhere else."""
    name = host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        if name == "localhost" or name.endswith(".localhost"):
            return "this machine"
        is_near = bool(name) and ("." not in name or name.endswith(_LOCAL_NAMES))
        return "local network" if is_near else "hosted"
    if address.is_loopback:
        return "this machine"
    is_near = address.is_private or address.is_link_local
    return "local network" if is_near and not address.is_unspecified else "hosted"


def _host_of(text: str) -> str:
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def check_consent(entries: Collection[Any]) -> None:
    """Raises ValueError, in words, for an entry that agrees to nothing that is known."""
    for one in entries:
        if one != ASK and not (one.startswith(INBOX) and one.removeprefix(INBOX).strip()):
            raise ValueError(f'{one!r} is neither "ask" nor "inbox:NAME"')


def check_url(url: str) -> None:
    """Raises ValueError, in words, for an address that no model can have; "" is none."""
    if url.strip():
        try:
            base_url(url)
        except NoModel as error:
            raise ValueError(str(error).rstrip(".")) from None
