"""A conversation in four lines without a model: what is known is put in order, nothing is guessed.

The agent reads it; ids in brackets say where each line is from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from revivatui.copilot.facts import Fact
from revivatui.copilot.suggestion import Said, Situation
from revivatui.text.safe import safe_line

INTENT, STATUS, PROMISED, NEXT = "Intent", "Status", "Promised", "Next steps"
NONE: Final = "none"
LONGEST: Final = 160
"""Characters of what the customer wrote that are shown."""
MOST: Final = 3
"""Repairs, quotes or dates that one line names."""


def summary_of(situation: Situation) -> str:
    """Intent, status, promised, next steps: a line each, in English, for the agent."""
    known = _by_subject(situation)
    lines = (
        (INTENT, _intent(situation)),
        (STATUS, "; ".join(list(_status(known))[:MOST])),
        (PROMISED, "; ".join(list(_promised(known))[:MOST])),
        (NEXT, "; ".join(_next_steps(situation, known))),
    )
    return "\n".join(f"{name}: {words or NONE}" for name, words in lines)


Known = Mapping[str, Mapping[str, Fact]]


def _by_subject(situation: Situation) -> Known:
    """ "R-2041" -> "status" -> the fact."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in situation.record.facts:
        subject, slash, what = fact.id.partition("/")
        if slash and subject != "shop":
            found.setdefault(subject, {})[what] = fact
    return found


def _intent(situation: Situation) -> str:
    text = situation.question.text or next(
        (one.text for one in reversed(situation.said) if one.teller == "customer"), ""
    )
    words = " ".join(safe_line(text).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 4].rstrip()} ..."


def _status(known: Known) -> Iterator[str]:
    """Repairs under way and quotes, then what else is known of repairs."""
    ordered = sorted(known.items(), key=lambda item: not _is_under_way(item[1]))
    for subject, facts in ordered:
        if "status" not in facts or not subject.startswith(("R-", "Q-")):
            continue
        device = f"{facts['device'].value}: " if "device" in facts else ""
        quote = "quote " if subject.startswith("Q-") else ""
        total = f", {facts['total'].value}" if "total" in facts else ""
        yield f"{device}{quote}{facts['status'].value}{total} [{subject}]"


def _is_under_way(facts: Mapping[str, Fact]) -> bool:
    return "active" in facts and bool(facts["active"].value)


def _promised(known: Known) -> Iterator[str]:
    for subject, facts in known.items():
        if "promised" in facts:
            at = f" {facts['promised_time'].value}" if "promised_time" in facts else ""
            late = ", overdue" if "overdue" in facts else ""
            yield f"{facts['promised'].value}{at}{late} [{subject}]"
        elif subject.startswith("A-") and "day" in facts:
            at = f" {facts['time'].value}" if "time" in facts else ""
            kind = facts["kind"].value if "kind" in facts else "appointment"
            yield f"{kind} {facts['day'].value}{at} [{subject}]"


def _next_steps(situation: Situation, known: Known) -> Iterator[str]:
    last = _last_public(situation)
    if last is not None and last.teller == "customer":
        yield "answer the customer"
    for subject, facts in known.items():
        if "overdue" in facts:
            yield f"tell why it takes longer [{subject}]"
        elif subject.startswith("Q-") and "state" in facts and facts["state"].value == "pending":
            yield f"wait for the answer to the quote [{subject}]"
        elif "ready" in facts and _is_under_way(facts):
            yield f"agree when it is collected [{subject}]"


def _last_public(situation: Situation) -> Said | None:
    return next((one for one in reversed(situation.said) if one.teller != "note"), None)
