"""One conversation at one moment, made from the state's records: what the copilot may look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from revivatui.copilot.facts import NOTHING_KNOWN, Record
from revivatui.copilot.known import Known, named_in, names_another
from revivatui.copilot.record import record_of
from revivatui.copilot.suggestion import Moment, Question, Said, Situation, Teller
from revivatui.crm.told import language_of as customers_language
from revivatui.state.models import ACTIVITY, INCOMING, OUTGOING, TEMPLATE

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from revivatui.copilot.known import Thing
    from revivatui.copilot.shop_profile import ShopProfile
    from revivatui.crm.records import Location
    from revivatui.crm.views import Context, RepairFile
    from revivatui.state.models import Message

LONGEST: Final = 2_000
"""Characters of one message, and of the question, that are looked at."""
MOST_SAID: Final = 60
MOST_RECENT: Final = 4
"""Earlier messages of the customer that steer."""


def situation_of(
    conversation_id: int,
    messages: Iterable[Message],
    record: Record = NOTHING_KNOWN,
    *,
    language: str = "",
) -> Situation:
    """The situation in a conversation with what is known of its customer.

    `language` is the customer's by the CRM; their own last words go over it.
    """
    shown = _shown(messages)
    said = tuple(_said(one) for one in shown)[-MOST_SAID:]
    asked, before = _unanswered(shown)
    text = "\n".join(one.content.strip() for one in asked).strip()[-LONGEST:]
    question = Question(
        text=text,
        language=language_in(said, language),
        recent=tuple(one.content.strip()[:LONGEST] for one in before[-MOST_RECENT:]),
    )
    public = [one.id for one in shown if not one.private]
    moment = Moment(conversation_id, max(public, default=0), record.version)
    return Situation(moment, _steered(question, record), said, record)


def situation_with(
    conversation_id: int,
    messages: Sequence[Message],
    context: Context | None,
    files: Sequence[RepairFile],
    shop: ShopProfile,
    *,
    now: datetime,
    tz: tzinfo | None,
    ticket_id: str | None = None,
    locations: Sequence[Location] = (),
) -> Situation:
    """The situation, its record made in the language that the customer writes in."""
    kept = context.customer.language if context is not None else ""
    language = language_in(tuple(_said(one) for one in _shown(messages)), kept)
    record = record_of(
        context,
        files,
        shop,
        language=language,
        now=now,
        tz=tz,
        ticket_id=ticket_id,
        locations=locations,
    )
    return situation_of(conversation_id, messages, record, language=kept)


def language_in(said: Sequence[Said], kept: str = "") -> str:
    """The language of the customer's last words, else the one the CRM keeps, else English."""
    from revivatui.copilot.retrieval.language import language_of

    fallback = customers_language(kept)
    customers = [one.text for one in said if one.teller == "customer" and one.text]
    if not customers:
        return fallback
    earlier = " ".join(customers[-1 - MOST_RECENT : -1])
    return language_of(customers[-1], language_of(earlier, fallback) if earlier else fallback)


# --- messages -----------------------------------------------------------------------------------


def _shown(messages: Iterable[Message]) -> list[Message]:
    """What was said and stands, by whom whatever; lines about what happened are not said."""
    return sorted(
        (
            one
            for one in messages
            if one.message_type != ACTIVITY and not one.deleted and not one.failed
        ),
        key=lambda one: one.id,
    )


def _said(message: Message) -> Said:
    text = message.content.strip()[:LONGEST]
    return Said(message.id, _teller(message), text, message.created_at)


def _teller(message: Message) -> Teller:
    if message.private:
        return "note"
    if message.message_type == INCOMING:
        return "customer"
    kind = message.sender.kind if message.sender is not None else ""
    is_bot = message.message_type == TEMPLATE or kind in ("agent_bot", "captain_assistant")
    return "bot" if is_bot else "agent"


def _unanswered(messages: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """The customer's messages since the last answer, and those before it. A greeting that the
    server sends by itself answers nothing."""
    answered = max(
        (one.id for one in messages if one.message_type == OUTGOING and not one.private), default=0
    )
    customers = [one for one in messages if one.message_type == INCOMING and not one.private]
    asked = [one for one in customers if one.id > answered]
    return asked, [one for one in customers if one.id <= answered]


# --- what steers --------------------------------------------------------------------------------


def _steered(question: Question, record: Record) -> Question:
    """The question with device and states, where it is clear which repair it is about."""
    known = Known.of(record)
    meant = known.meant(question.text)
    if len(meant) == 1:
        repair = meant[0]
        quote = known.quote_of(repair)
        return Question(
            question.text,
            question.language,
            repair.value("device"),
            repair.value("state"),
            quote.value("state") if quote is not None else "",
            question.recent,
        )
    device = _device_meant(question.text, known) if not meant else ""
    return Question(question.text, question.language, device, recent=question.recent)


def _device_meant(text: str, known: Known) -> str:
    """The device of a customer who has no repair: the one that they name, or their only one."""
    named = named_in(text, known.devices)
    devices: tuple[Thing, ...] = named or (
        () if names_another(text, known.devices) else known.devices
    )
    return devices[0].value("device") if len(devices) == 1 else ""
