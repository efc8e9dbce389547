"""How a customer sounds and what cannot wait, told by rules and not by a model.

English and Portuguese. Each find has a reason in plain words, for the pane and for a handover.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from revivatui.copilot.cue_words import (
    ANGER,
    ASKS_ABOUT,
    CHASING,
    DATA_AT_RISK,
    DATA_WISHED,
    DEADLINE,
    JOKES,
    LEGAL,
    LIQUID_NOW,
    MINOR,
    MONEY,
    PERSON,
    PUBLIC,
    SAFETY,
    SARCASM,
    SOFTENED,
    SWEARS,
    THANKS,
    UNHAPPY,
    URGENT,
)
from revivatui.copilot.suggestion import Said
from revivatui.crm.passcodes import MASK, asks_for_passcode, mask_passcodes
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

Tone = Literal["calm", "pleased", "impatient", "unhappy", "angry"]
Urgency = Literal["none", "soon", "now"]

LOOKED_AT: Final = 4_000
"""Letters of one message that are looked at."""
LAST: Final = 12
"""Messages without an answer that are looked at, the newest."""
CHASED: Final = 3
"""Messages that ask for news before it counts as impatience."""
SHOUTED_WORDS: Final = 3
_CAPITALS: Final = re.compile(r"\b[A-ZÀ-Ý]{3,}\b")
_MARKS: Final = re.compile(r"[!?]{3,}|(?:![\s]*){3,}")
_GRIM: Final = re.compile("[😠😡🤬👿💢🖕]")
_FAMILIAR: Final = frozenset(
    re.findall(
        r"\S+",
        """
    USB SSD HDD RAM LCD IMEI PIN SIM WIFI ASAP HDMI NAS RAID GPU CPU BIOS BSOD ECRA IVA NIF VAT
    PDF URL SMS MBP MBA OLED NVME IPAD IPHONE MAC MACBOOK IMAC DELL ASUS ACER SONY XBOX PS4 PS5
    EUR USD GBP OK TPM NFC GPS DVD IOS PWD FAQ NOT URGENT URGENTE OLA HELLO
""",
    )
)
"""Capitals that nobody shouts with."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is heard in the customer's last words, and in how often they had to ask."""

    tone: Tone = "calm"
    urgency: Urgency = "none"
    reasons: tuple[str, ...] = ()
    """Plain words, the gravest first."""
    wants_person: bool = False
    money_dispute: bool = False
    data_emergency: bool = False
    """Liquid just now, a disk that clicks, the only copy: every minute and every start counts."""
    safety: bool = False
    """A swollen battery, smoke, sparks: dangerous for people."""
    legal: bool = False
    """A lawyer, a court, a chargeback, a complaint to an authority."""
    public_review: bool = False
    """A bad review is spoken of."""
    minor: bool = False
    """The device is a child's."""
    passcode: bool = False
    """A passcode or password was written."""
    chased: int = 0
    """How often in a row they asked for news."""

    @property
    def grave(self) -> bool:
        """Whether a person of the shop should see it now."""
        return (
            self.tone == "angry" or self.wants_person or self.money_dispute or self.data_emergency
            or self.safety or self.legal or self.public_review
        )  # fmt: skip


QUIET: Final = Cue()


def cue(said: Sequence[Said]) -> Cue:
    """What is heard in a conversation: the customer's messages since the last answer count in
    full; earlier ones tell how often they asked for news."""
    last = _unanswered(said)
    if not last:
        return QUIET
    text = "\n".join(one.text[:LOOKED_AT] for one in last)
    plain = _plain(text)
    chased = _chased(said)
    heard = _Heard()
    wants_person = heard.found(PERSON, plain, "asks for a person")
    legal = heard.found(LEGAL, plain, "speaks of a lawyer, an authority or a chargeback")
    public = heard.found(PUBLIC, plain, "speaks of a bad review")
    money = heard.found(MONEY, plain, "disputes money or wants it back", unless=ASKS_ABOUT)
    data = _data_emergency(plain)
    heard.note(bool(data), data)
    safety = heard.found(SAFETY, plain, "a danger: battery, smoke or sparks", unless=ASKS_ABOUT)
    passcode = _offers_passcode(said)
    heard.note(passcode, "wrote a passcode: it is masked, and should be deleted in the chat")
    minor = heard.found(MINOR, plain, "the device is a child's")
    tone = _tone(text, plain, chased, heard, is_grave=legal or public or money)
    urgency = _urgency(plain, heard, is_grave=bool(data) or safety)
    return Cue(
        tone, urgency, tuple(heard.reasons), wants_person, money, bool(data), safety, legal,
        public, minor, passcode, chased,
    )  # fmt: skip


class _Heard:
    """Reasons as they are found."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def note(self, is_so: bool, reason: str) -> None:
        if is_so and reason not in self.reasons:
            self.reasons.append(reason)

    def found(
        self, pattern: re.Pattern[str], plain: str, reason: str,
        unless: re.Pattern[str] | None = None,
    ) -> bool:  # fmt: skip
        one = _first(pattern, plain, unless)
        if one is not None:
            self.note(True, f'{reason}: "{one.strip()}"')
        return one is not None


def _first(
    pattern: re.Pattern[str], plain: str, unless: re.Pattern[str] | None = None
) -> str | None:
    """The words of the first find that is not denied ("I'm not angry") and whose sentence is none
    that only asks ("what is your refund policy?")."""
    for one in pattern.finditer(plain):
        sentence = _sentence(plain, one.start())
        before = plain[max(0, one.start() - 24) : one.start()]
        if SOFTENED.search(before.rpartition("\n")[2].rpartition(".")[2]):
            continue
        if unless is not None and unless.search(sentence):
            continue
        return one[0]
    return None


def _sentence(plain: str, place: int) -> str:
    """The sentence that a place stands in, with its mark."""
    start = max(plain.rfind(mark, 0, place) for mark in ".!?\n") + 1
    ends = [end for mark in ".!?\n" if (end := plain.find(mark, place)) >= 0]
    return plain[start : min(ends, default=len(plain)) + 1]


def _plain(text: str) -> str:
    """Folded, with one kind of apostrophe and single spaces; lines stay."""
    folded = fold(text).replace("’", "'").replace("`", "'").replace("´", "'")
    return re.sub(r"[^\S\n]+", " ", folded)


def _unanswered(said: Sequence[Said]) -> list[Said]:
    """The customer's messages since somebody answered; notes are no answer."""
    found: list[Said] = []
    for one in reversed(said):
        if one.teller == "note":
            continue
        if one.teller != "customer" or len(found) == LAST:
            break
        found.append(one)
    return found[::-1]


def _chased(said: Sequence[Said]) -> int:
    """How many of the customer's last messages, up to now and without a gap, ask for news."""
    count = 0
    for one in reversed(said):
        if one.teller != "customer":
            continue
        if CHASING.search(_plain(one.text[:LOOKED_AT])) is None:
            break
        count += 1
    return count


def _data_emergency(plain: str) -> str:
    """Why their data is at risk this minute; "" where it is not."""
    if (one := _first(DATA_AT_RISK, plain, ASKS_ABOUT)) is not None:
        return f'data at risk: "{one.strip()}"'
    liquid = _first(LIQUID_NOW, plain, ASKS_ABOUT)
    if liquid is not None:
        return f'liquid just now: "{liquid.strip()}"'
    wished = _first(DATA_WISHED, plain, ASKS_ABOUT)
    return f'only copy of their data: "{wished.strip()}"' if wished is not None else ""


def _offers_passcode(said: Sequence[Said]) -> bool:
    """Whether one of the unanswered messages has a passcode in it, also a bare one that was asked
    for, also one that was masked already."""
    asked = False
    found = False
    unanswered = {id(one) for one in _unanswered(said)}
    for one in said:
        if one.teller == "note":
            continue
        if one.teller == "customer" and id(one) in unanswered:
            found = (
                found
                or MASK in one.text
                or mask_passcodes(one.text[:LOOKED_AT], asked_for=asked)[1]
            )
        asked = one.teller != "customer" and asks_for_passcode(one.text[:LOOKED_AT])
    return found


def _tone(text: str, plain: str, chased: int, heard: _Heard, *, is_grave: bool) -> Tone:
    angry = heard.found(ANGER, plain, "angry words")
    grim = _GRIM.search(text) is not None
    heard.note(grim, "an angry face")
    shouted = [one for one in _CAPITALS.findall(text) if fold(one).upper() not in _FAMILIAR]
    shouts = len(shouted) >= SHOUTED_WORDS and _mostly_capitals(text)
    heard.note(shouts, "writes in capitals")
    marks = _MARKS.search(text) is not None
    unhappy = heard.found(UNHAPPY, plain, "not satisfied")
    swears = JOKES.search(text.lower()) is None and heard.found(SWEARS, plain, "swears")
    sarcastic = heard.found(SARCASM, plain, "bitter words")
    heard.note(chased >= CHASED, f"asks for news for the {_nth(chased)} time")
    if angry or grim or (shouts and (marks or unhappy or is_grave)):
        return "angry"
    if unhappy or swears or sarcastic or is_grave:
        return "unhappy"
    if chased >= CHASED or shouts or (marks and CHASING.search(plain) is not None):
        return "impatient"
    return "pleased" if THANKS.search(plain) is not None else "calm"


def _mostly_capitals(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return sum(one.isupper() for one in letters) * 2 > len(letters)


def _urgency(plain: str, heard: _Heard, *, is_grave: bool) -> Urgency:
    urgent = heard.found(URGENT, plain, "urgent", unless=ASKS_ABOUT)
    deadline = heard.found(DEADLINE, plain, "has a date to meet", unless=ASKS_ABOUT)
    if is_grave or urgent:
        return "now"
    return "soon" if deadline else "none"


def _nth(count: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(count, f"{count}th")
