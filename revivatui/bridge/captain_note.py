"""The note with which captain gives a conversation to people: what they need before they answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from revivatui.bridge.captain_deeds import NEXT, WHY, HandOff
from revivatui.bridge.captain_talk import Heard, Talk, Turn
from revivatui.crm.passcodes import mask_passcodes
from revivatui.text.safe import safe, safe_line

HEAD: Final = "Captain hands over"
MOST: Final = 9_000
"""Letters of a note."""
_MOST_LINES: Final = 40
_MOST_IN_A_LINE: Final = 400
_NAMES: Final = {
    "customer": "customer",
    "captain": "captain",
    "agent": "agent",
    "bot": "other bot",
}


def note(talk: Talk, turn: Turn | None, deed: HandOff, given: Sequence[str]) -> str:
    """`given` are the sources of what was told to the customer, a line each."""
    text = "\n".join(_lines(talk, turn, deed, given))
    masked, _ = mask_passcodes(safe(text))
    return masked if len(masked) <= MOST else f"{masked[: MOST - 1]}…"


def _lines(talk: Talk, turn: Turn | None, deed: HandOff, given: Sequence[str]) -> Iterator[str]:
    yield f"{HEAD}: {WHY[deed.reason]}"
    if deed.detail:
        yield safe_line(deed.detail)
    yield ""
    yield f"Intent: {safe_line(deed.intent) or 'not known'}"
    if turn is not None:
        yield f"Asked: {_short(turn.words) or '(a file)'}"
    yield f"Device: {safe_line(deed.device) or 'not named'}"
    yield f"Identity: {_identity(talk)}"
    if given:
        yield "Told so far:"
        yield from (f"- {safe_line(one)}" for one in given)
    else:
        yield "Told so far: nothing"
    yield f"Next: {NEXT[deed.reason]}"
    yield ""
    yield "Transcript:"
    yield from _transcript(talk.said)


def _identity(talk: Talk) -> str:
    if talk.verified:
        return "shown by the website's signature"
    if talk.identity.startswith("R-"):
        return f"{talk.identity} and the phone number were right"
    return "only what the customer says"


def _transcript(said: Sequence[Heard]) -> Iterator[str]:
    public = [one for one in said if one.teller in _NAMES and (one.words or one.files)]
    if len(public) > _MOST_LINES:
        yield f"… {len(public) - _MOST_LINES} earlier messages"
    for one in public[-_MOST_LINES:]:
        files = f" [{one.files} file{'s' * (one.files > 1)}]" if one.files else ""
        yield f"{_NAMES[one.teller]}: {_short(one.words)}{files}"


def _short(words: str) -> str:
    line = safe_line(" / ".join(one for one in words.splitlines() if one.strip()))
    return line if len(line) <= _MOST_IN_A_LINE else f"{line[: _MOST_IN_A_LINE - 1]}…"
