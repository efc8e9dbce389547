"""One conversation as captain has it: what was said, whose turn it is, and when it is silent.

Pure: told what the webhook said, it gives what is known then. Webhooks come late, doubled and in
any order; every step goes towards the same end.

- `listening`: it answers customers while the conversation is pending.
- `leaving`: it decided to hand off, and says no word to the customer but what is planned.
- `away`: people have the conversation. That it went back to pending nobody tells; a customer's
  message that says so, and is newer than the opening, brings captain back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from revivatui.state.records import dataclass

Mode = Literal["listening", "leaving", "away"]
Teller = Literal["customer", "agent", "captain", "bot", "note", "shop"]
"""`bot` is another bot, `shop` a greeting that the server wrote by itself."""

PENDING: Final = "pending"
SAME_VERSION: Final = 0.000_002
"""Seconds by which two tellings of one change differ."""
GRACE: Final = 5.0
"""Seconds after an opening in which a message that says `pending` may have been told before it."""

MOST_WORDS: Final = 20_000
"""Letters of a turn from which on no earlier message is read."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message. `at` in epoch seconds of the server's clock; `reference` is our own mark."""

    id: int
    teller: Teller
    words: str
    at: float
    files: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What one delivery says. `status_version` is when the conversation was last changed, which
    only 4.x tells; 0.0 where it is not known."""

    conversation_id: int
    inbox_id: int
    channel: str
    status: str
    status_version: float
    contact_id: int
    contact_name: str
    verified: bool
    heard: Heard | None = None
    deleted: bool = False
    opened: bool = False
    """The event of its own that tells of an opening, or of the end."""


@dataclass(frozen=True, slots=True)
class Talk:
    conversation_id: int
    inbox_id: int
    channel: str = ""
    contact_id: int = 0
    contact_name: str = ""
    verified: bool = False
    """Who the contact is was shown by the website's signature, not only said."""
    status: str = ""
    status_version: float = 0.0
    status_message_id: int = 0
    """The newest message whose telling gave the status."""
    mode: Mode = "listening"
    opened_at: float = 0.0
    """By the server's clock, as far as it is known."""
    opened_message_id: int = 0
    opened_version: float = 0.0
    dealt_with: int = 0
    """The newest customer's message that was answered, or that people were given."""
    language: str = ""
    turns: int = 0
    doubts: int = 0
    """Times in a row in which captain did not know."""
    tokens: int = 0
    introduced: bool = False
    identity: str = ""
    """What is known of who this is: "asked", or "R-2041" once its number and phone were right."""
    said: tuple[Heard, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the customer said since the last answer, to be answered at once."""

    upto: int
    messages: tuple[Heard, ...]

    @property
    def words(self) -> str:
        """The newest, where they wrote more than anybody answers at once."""
        kept: list[str] = []
        for one in reversed(self.messages):
            if one.words and sum(map(len, kept)) < MOST_WORDS:
                kept.append(one.words)
        return "\n".join(reversed(kept))

    @property
    def files(self) -> int:
        return sum(one.files for one in self.messages)


def begun(told: Told) -> Talk:
    return Talk(told.conversation_id, told.inbox_id)


def after(talk: Talk, told: Told) -> Talk:
    """What is known once a delivery was taken in."""
    talk = replace(
        talk,
        inbox_id=told.inbox_id or talk.inbox_id,
        channel=told.channel or talk.channel,
        contact_id=told.contact_id or talk.contact_id,
        contact_name=told.contact_name or talk.contact_name,
        verified=told.verified if told.contact_id else talk.verified,
    )
    if told.heard is not None:
        talk = replace(talk, said=_with(talk.said, told.heard, told.deleted))
    was = talk
    talk = _with_status(talk, told)
    return _in_mode(was, talk, told)


def _with(said: tuple[Heard, ...], heard: Heard, deleted: bool) -> tuple[Heard, ...]:
    """By id, once each; a repeat tells nothing new, and what was deleted is not to be read."""
    rest = tuple(one for one in said if one.id != heard.id)
    if deleted:
        heard = replace(heard, words="", files=0)
    return tuple(sorted((*rest, heard), key=lambda one: one.id))


def _with_status(talk: Talk, told: Told) -> Talk:
    """The newest telling counts: by its version, else by the message that it came with."""
    if not told.status:
        return talk
    number = told.heard.id if told.heard is not None else 0
    if told.status_version and talk.status_version:
        if told.status_version < talk.status_version - SAME_VERSION:
            return talk
    elif number and number < talk.status_message_id:
        return talk
    return replace(
        talk,
        status=told.status,
        status_version=max(told.status_version, talk.status_version),
        status_message_id=max(number, talk.status_message_id),
    )


def _in_mode(was: Talk, talk: Talk, told: Told) -> Talk:
    if talk.mode == "listening":
        taken = talk.status not in ("", PENDING)
        return left(talk, _now_of(talk, told)) if taken else talk
    if talk.mode == "away" and told.opened and told.status_version > talk.opened_version:
        return replace(talk, opened_version=told.status_version)
    if talk.mode == "away" and _is_back(talk, told):
        # What was said while people had it is theirs; the new message opens a new account.
        assert told.heard is not None
        return replace(
            talk, mode="listening", turns=0, doubts=0, tokens=0, introduced=False, identity="",
            dealt_with=max(talk.dealt_with, _newest_before(talk, told.heard.id)),
        )  # fmt: skip
    return talk


def _is_back(talk: Talk, told: Told) -> bool:
    """Whether a customer's message says that the conversation is pending again."""
    heard = told.heard
    if heard is None or heard.teller != "customer" or told.status != PENDING:
        return False
    if heard.id <= talk.opened_message_id or talk.status != PENDING:
        return False
    if told.status_version and talk.opened_version:
        return told.status_version > talk.opened_version + SAME_VERSION
    return heard.at > talk.opened_at + GRACE


def _newest_before(talk: Talk, number: int) -> int:
    return max((one.id for one in talk.said if one.id < number), default=0)


def _now_of(talk: Talk, told: Told) -> float:
    newest = talk.said[-1].at if talk.said else 0.0
    return max(newest, told.status_version)


def left(talk: Talk, at: float) -> Talk:
    """People have it from now on. `at` is the server's time, as near as it is known."""
    newest = talk.said[-1].id if talk.said else 0
    is_told = talk.status not in ("", PENDING)
    return replace(
        talk,
        mode="away",
        opened_at=max(at, talk.opened_at),
        opened_message_id=max(newest, talk.opened_message_id),
        opened_version=talk.status_version if is_told else 0.0,
        dealt_with=max(talk.dealt_with, newest),
    )


def leaving(talk: Talk, upto: int) -> Talk:
    """It was decided to hand off; what the customer says from here on is for people."""
    return replace(talk, mode="leaving", dealt_with=max(talk.dealt_with, upto))


def turn_of(talk: Talk) -> Turn | None:
    """The turn that waits for an answer; None where there is none, or captain is silent."""
    if talk.mode != "listening" or talk.status != PENDING:
        return None
    messages = tuple(
        one
        for one in talk.said
        if one.teller == "customer" and one.id > talk.dealt_with and (one.words or one.files)
    )
    return Turn(messages[-1].id, messages) if messages else None


def answered_by_others(talk: Talk, turn: Turn) -> Heard | None:
    """Who spoke to the customer since, where it was not captain: an agent, or another bot."""
    found = (one for one in talk.said if one.teller in ("agent", "bot") and one.id > turn.upto)
    return next(found, None)


def is_with_a_person(talk: Talk) -> bool:
    """Whether a person of the shop wrote to the customer though the conversation is pending."""
    agents = [one.id for one in talk.said if one.teller == "agent"]
    return bool(agents) and agents[-1] > talk.opened_message_id
