"""What captain reads in a conversation besides its question: the device, a time, what it said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from revivatui.bridge.captain_talk import Talk, Teller
from revivatui.copilot.grounding.plain import plain
from revivatui.copilot.grounding.read_devices import devices
from revivatui.copilot.retrieval.devices import devices_in
from revivatui.copilot.suggestion import Said
from revivatui.copilot.suggestion import Teller as CopilotTeller
from revivatui.text.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_TELLERS: Final[Mapping[Teller, CopilotTeller]] = {
    "customer": "customer",
    "captain": "bot",
    "bot": "bot",
    "agent": "agent",
}
_TIME: Final = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:today|tomorrow|tonight|(?<!good )(?:morning|afternoon)|noon|next week|weekend|asap"
    r"|hoje|amanha|segunda|terca|quarta|quinta|sexta|sabado|domingo|meio-dia|proxima semana"
    r"|(?:a|de|da|pela|na) (?:manha|tarde))\b"
    r"|\b\d{1,2}(?::\d\d| ?(?:am|pm|h|horas|o'?clock))\b"
    r"|\b\d{1,2}[/.-]\d{1,2}\b"
)
_USUALLY: Final = re.compile(
    r"\b(?:usual\w*|normal\w*|typical\w*|as a rule|in general|geralmente|em geral|costuma\w*)\b"
)
_CAVEAT: Final = re.compile(r"final quote|after (?:the )?diagnos|orcamento final|depois do diagnos")
_MOST_DEVICE: Final = 60
_LOOKED_AT: Final = 3
_SMALL: Final = 6
"""Words of small talk at most; who writes more wants something."""
_FITS: Final = 0.5
"""How well a device has to be one of a price's: its family, or nearly its model."""


def said_of(talk: Talk) -> Iterator[Said]:
    """Without notes: what is told to a customer is made from what the customer may read."""
    for one in talk.said:
        teller = _TELLERS.get(one.teller)
        if teller is not None and one.words:
            yield Said(one.id, teller, one.words, one.at)


def device_of(said: Sequence[Said]) -> str:
    """The device that the customer named last, in their own words."""
    for one in reversed(said):
        if one.teller != "customer":
            continue
        bare = plain(one.text)
        for found in devices(bare.text):
            start, end = bare.span(found.start, found.end)
            return one.text[start:end][:_MOST_DEVICE]
    return ""


def is_of_another_device(title: str, device: str) -> bool:
    """Whether a line of the price list is of certain devices, and this is none of them; nothing is
    said where the customer has not named one."""
    lines, named = devices_in(title), devices_in(device)
    if not lines:
        return False
    return not any(one.fits(other) >= _FITS for one in lines for other in named)


def last_of_ours(said: Sequence[Said]) -> str:
    """What captain said last to the customer."""
    return next((one.text for one in reversed(said) if one.teller == "bot"), "")


def completed(said: Sequence[Said], words: str, questions: Sequence[str]) -> str:
    """A turn's words, behind what was asked before where they only answer a question of ours."""
    if not last_of_ours(said).endswith(tuple(questions)):
        return words
    ours = max(one.message_id for one in said if one.teller == "bot")
    before = [one.text for one in said if one.teller == "customer" and one.message_id < ours]
    return "\n".join((*before[-1:], words))


def customers_last(said: Sequence[Said]) -> list[str]:
    """The customer's newest messages, in their order."""
    return [one.text for one in said if one.teller == "customer"][-_LOOKED_AT:]


def names_time(words: str) -> bool:
    """Whether a day or a time is named."""
    return _TIME.search(fold(words)) is not None


def is_in_general(words: str) -> bool:
    """Whether somebody asks how it usually is."""
    return _USUALLY.search(fold(words)) is not None


def is_short(words: str) -> bool:
    """Whether it may be small talk and no more."""
    return len(words.split()) <= _SMALL and "?" not in words.rstrip("? ")


def has_caveat(words: str) -> bool:
    """Whether a price says that the final quote follows the diagnosis."""
    return _CAVEAT.search(fold(words)) is not None


def first_sentence(words: str) -> str:
    return f"{words.split('. ')[0].rstrip('.')}."


def speaks_of_warranty(words: str) -> bool:
    return re.search(r"warrant|garantia", fold(words)) is not None
