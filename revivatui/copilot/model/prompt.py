"""What a model is shown: rules first and always the same, then data between words of chance."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from revivatui.copilot.facts import Fact
from revivatui.copilot.model import budget
from revivatui.copilot.model.errors import TextTooLong
from revivatui.copilot.model.tasks import LANGUAGES, ORDERS, RULES, Task
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Said, Situation
from revivatui.state.records import dataclass
from revivatui.text.safe import safe, safe_line

SHOP: Final = "shop/"
"""How the ids of facts begin that are the shop's and not a customer's."""

WITHHELD: Final = ("email", "phone", "address")
"""What a draft never needs to know of a customer."""

_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
_WORD_LENGTH: Final = 16
# Marks by which servers tell turns apart; in data they are letters.
_TURNS: Final = re.compile(r"<(?=\||/?s>|/?(?:start|end)_of_turn>|<SYS>>)|\[(?=/?INST\])", re.I)


@dataclass(frozen=True, slots=True)
class Given:
    """What is at hand for one request beside the situation."""

    sources: Sequence[Source] = ()
    draft: str = ""
    question: str = ""
    language: str = ""
    """Of what is to be written: "en", "pt"; "": the customer's for drafts, else English."""
    with_notes: bool = False
    """Somebody ticked that private notes and facts go along; for `ask` and `summarise` only."""
    instructions: str = ""
    now: datetime | None = None
    zone: tzinfo | None = None
    """Of the times in the conversation; None: UTC."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The two messages of a request, as they are before anything is taken out of them."""

    system: str
    user: str
    sources: tuple[str, ...]
    """Ids of the facts and sources that it holds."""
    is_private: bool = False
    """It holds what is not meant for the customer."""


def prompt_of(task: Task, situation: Situation, given: Given, word: str = "") -> Prompt:
    """`word` is the word of chance, where it is to be a certain one.

    Raises TextTooLong where the text to be worked on is longer than a model is given at once.
    """
    from revivatui.copilot.redaction import without_passcodes

    order, private = ORDERS[task], given.with_notes and not task.is_for_customer
    said = without_passcodes(situation.said)
    facts = [one for one in situation.record.facts if private or not one.private]
    shop = [one for one in facts if one.id.startswith(SHOP)]
    blocks: list[tuple[str, list[str]]] = []
    used: list[str] = []
    if order.needs_record:
        own = [one for one in facts if one not in shop and one.kind not in WITHHELD]
        lines = budget.fitting(map(_fact_line, own), budget.room(budget.RECORD))
        blocks.append(("RECORD", lines))
        used += [one.id for one in own[: len(lines)]]
        snippets = _snippets(given.sources, private=private)
        blocks.append(("SNIPPETS", [line for _, line in snippets]))
        used += [source_id for source_id, _ in snippets]
        blocks.append(("CONVERSATION", _conversation(said, given.zone)))
        if private:
            blocks.append(("NOTES", _notes(said, given.zone)))
    blocks += _draft(task, given)
    system, kept_shop = _system(shop, given.instructions)
    word = word or _word(line for _, lines in blocks for line in lines)
    user = _user(blocks, word, given.now if order.needs_record else None)
    if task is Task.ASK:
        user += (
            f"QUESTION\n{budget.shortened(_said(given.question), budget.room(budget.DRAFT))}\n\n"
        )
    asked = order.words.format(language=_language(task, situation, given))
    return Prompt(system, f"{user}TASK\n{asked}\n", (*used, *kept_shop), private)


def _system(shop: Sequence[Fact], instructions: str) -> tuple[str, list[str]]:
    """The part that is the same from request to request, so that servers may keep it."""
    left = budget.room(budget.RULES) - budget.size(RULES)
    own = [budget.shortened(safe(instructions).strip(), left // 2)] if instructions.strip() else []
    lines = budget.fitting(map(_fact_line, shop), left - sum(map(budget.size, own)))
    parts = [RULES]
    if own:
        parts.append(f"The shop's own rules:\n{own[0]}\n")
    if lines:
        parts.append("\n".join(("SHOP", *lines)) + "\n")
    return "\n".join(parts), [one.id for one in shop[: len(lines)]]


def _user(blocks: Sequence[tuple[str, list[str]]], word: str, now: datetime | None) -> str:
    parts = [
        f"{title}\n<<<{word}\n" + "\n".join(lines) + f"\n{word}>>>\n"
        for title, lines in blocks
        if lines
    ]
    if now is not None:
        parts.append(f"NOW\n{now:%A %d %B %Y, %H:%M}\n")
    if parts:
        parts.append(f"WORD\n{word}\n")
    return "\n".join((*parts, ""))


def _word(lines: Iterable[str]) -> str:
    """A word that nobody who wrote the data can have known."""
    whole = "\n".join(lines)
    while True:
        word = "".join(secrets.choice(_LETTERS) for _ in range(_WORD_LENGTH))
        if word not in whole:
            return word


def _fact_line(fact: Fact) -> str:
    return _plain(f"({safe_line(fact.id)}) {safe_line(fact.label)}: {safe_line(fact.value)}")


def _snippets(sources: Sequence[Source], *, private: bool) -> list[tuple[str, str]]:
    """Canned responses and prices. What was written to another customer goes nowhere."""
    chosen = [one for one in sources if one.kind != "resolved" and (private or not one.private)]
    lines = (_plain(f"({one.id}) {safe_line(one.title)}: {_indented(one.text)}") for one in chosen)
    kept = budget.fitting(lines, budget.room(budget.SNIPPETS))
    return [(one.id, line) for one, line in zip(chosen, kept, strict=False)]


def _conversation(said: Sequence[Said], zone: tzinfo | None) -> list[str]:
    lines = (_said_line(one, zone) for one in said if one.teller != "note")
    return budget.newest(lines, budget.room(budget.MESSAGES))


def _notes(said: Sequence[Said], zone: tzinfo | None) -> list[str]:
    lines = (_said_line(one, zone) for one in said if one.teller == "note")
    return budget.newest(lines, budget.room(budget.NOTES))


def _said_line(said: Said, zone: tzinfo | None) -> str:
    """One message; its later lines are set in, so that none looks like another's turn."""
    when = datetime.fromtimestamp(said.at, zone or UTC)
    at = f" {when:%a %d %b %H:%M}" if said.at else ""
    return _plain(f"{said.teller}{at}: {_indented(said.text)}")


def _draft(task: Task, given: Given) -> list[tuple[str, list[str]]]:
    """What the agent wrote so far: a text that is worked on is never cut."""
    draft = _said(given.draft)
    if not draft or not (task.works_on_draft or task is Task.REPLY):
        return []
    if not task.works_on_draft:
        return [("DRAFT", [budget.shortened(draft, budget.room(budget.DRAFT))])]
    most = budget.room(budget.DRAFT * 3 if ORDERS[task].needs_record else budget.WORKED_ON)
    if budget.size(draft) > most:
        raise TextTooLong(
            f"The text is too long for the model: {budget.size(draft)} of at most {most} bytes. "
            "Nothing was sent; work on a part of it."
        )
    return [("DRAFT", [draft])]


def _language(task: Task, situation: Situation, given: Given) -> str:
    told = given.language or (situation.question.language if task.is_for_customer else "")
    return LANGUAGES.get(told, LANGUAGES["en"])


def _said(typed: str) -> str:
    return _plain(safe(typed).strip())


def _indented(text: str) -> str:
    return safe(text).strip().replace("\n", "\n  ")


def _plain(text: str) -> str:
    """Without the marks by which a server would tell turns apart."""
    return _TURNS.sub(lambda mark: f"{mark[0]} ", text)
