"""What a model may be shown of a conversation, and what is made of its words: for threads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.redaction import known_of
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Suggestion
from revivatui.copilot.templates import suggestion_id
from revivatui.screens.copilot_advice import Doubt, Shown
from revivatui.screens.copilot_thinker import source_words
from revivatui.state.models import INCOMING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from revivatui.copilot.model import Task
    from revivatui.copilot.redaction import Known
    from revivatui.copilot.suggestion import Situation
    from revivatui.screens.copilot_asked import Asked
    from revivatui.screens.copilot_thinker import Thinker

MOST_SOURCES: Final = 6
"""Of the shop's texts that a model is shown."""
MOST_CITED: Final = 6
DRAFT: Final = "draft"
SHOP: Final = "shop/"


class Brief(NamedTuple):
    """What a model may be shown of one conversation."""

    situation: Situation
    sources: tuple[Source, ...]
    """The shop's texts that come nearest."""
    known: Known
    """Who and what is taken out before anything leaves."""
    today: date
    """Where the reader is."""


def brief_of(thinker: Thinker, asked: Asked) -> Brief:
    situation, contact = thinker.situation(asked), asked.contact
    own = (contact.name, contact.email or "", contact.phone_number or "") if contact else ("",) * 3
    known = known_of(
        situation.record,
        names=own[:1],
        emails=own[1:2],
        phones=own[2:],
        agents=(asked.agent, *_agents_of(asked)),
    )
    today = datetime.fromtimestamp(asked.now, UTC).astimezone(asked.tz).date()
    return Brief(situation, thinker.nearest(situation.question, MOST_SOURCES), known, today)


def _agents_of(asked: Asked) -> Sequence[str]:
    """Whoever of the shop wrote in the conversation."""
    told = {
        one.sender.name
        for one in asked.messages
        if one.sender is not None and one.message_type != INCOMING
    }
    return sorted(told)


class Told(NamedTuple):
    """Who says something, and of what it was made."""

    title: str
    task: Task
    sources: tuple[str, ...] = ()
    """Ids of what it was shown."""
    with_notes: bool = False


def coming(brief: Brief, told: Told, text: str) -> Shown:
    """What a model says, as far as it has come; nothing of it is checked yet."""
    return _shown(brief, told, text, ())


def judged(brief: Brief, told: Told, text: str, draft: str) -> Shown:
    """The whole of it, with what stands neither in what the model was shown nor in the draft that
    it worked on."""
    own = (Source(DRAFT, "canned", "", "", "", draft),) if draft else ()
    cited = (*brief.sources, *own)
    situation = brief.situation
    ground = Ground.of(
        situation.record, cited, situation.said, today=brief.today, private=told.with_notes
    )
    doubts = tuple(
        Doubt(one.start, one.end, text[one.start : one.end]) for one in check(text, ground)
    )
    return _shown(brief, told, text, doubts)


def summarised(brief: Brief, title: str) -> Shown:
    """A summary without a model: what is known, in order."""
    from revivatui.copilot.model import Task
    from revivatui.copilot.summary import summary_of

    return _shown(brief, Told(title, Task.SUMMARISE), summary_of(brief.situation), ())


def _shown(brief: Brief, told: Told, text: str, doubts: tuple[Doubt, ...]) -> Shown:
    texts = {one.id: one for one in brief.sources}
    cited = [one for one in told.sources if not one.startswith(SHOP)][:MOST_CITED]
    made = Suggestion(
        id=suggestion_id(brief.situation, "model", text, told.sources),
        lane="model",
        title=told.title,
        text=text,
        moment=brief.situation.moment,
        sources=told.sources,
        private=not told.task.is_for_customer,
    )
    return Shown(made, doubts, source_words(cited, brief.situation, texts))
