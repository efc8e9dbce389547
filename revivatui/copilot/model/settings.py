"""Which model is asked, where it is, and what it may be asked without a key press."""

from __future__ import annotations

from dataclasses import field
from typing import Final, Literal
from urllib.parse import urlsplit

from revivatui.copilot.model.errors import NoModel
from revivatui.copilot.places import EXPECTED, BadPlace, Where, base_of, where_is
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

TokenWord = Literal["max_tokens", "max_completion_tokens"]

ASK: Final = "ask"
INBOX: Final = "inbox:"
TOTAL_SECONDS: Final = 20.0
QUIET_SECONDS: Final = 6.0


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
    """`places.base_of`. Raises NoModel."""
    if not typed.strip():
        raise NoModel(f"The settings name no model: [copilot] model_url. {EXPECTED}")
    try:
        return base_of(typed)
    except BadPlace as error:
        raise NoModel(str(error)) from None
