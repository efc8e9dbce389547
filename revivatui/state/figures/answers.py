"""What the server answers to a question about figures, computed anew from the rows.

`answer` knows every address of contract section 6, the CSAT ones and the counts of conversations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from revivatui.state.figures import (
    answers_csat,
    answers_csv,
    answers_events,
    answers_live,
    answers_summaries,
)
from revivatui.state.figures.answers_reports import bot_metrics, bot_summary, reports, summary
from revivatui.state.figures.questions import Question, Refused
from revivatui.state.figures.rows import Rows
from revivatui.state.figures.zones import counts_every_event
from revivatui.state.records import dataclass

OF_CONVERSATION: Final = "v1/conversations/:id/reporting_events"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body. A body that is no JSON stands as {"_text": ...}, an empty one as None."""

    status: int
    body: object


BOTH: Final[dict[str, Callable[[Question], object]]] = {
    "v2/reports": reports,
    "v2/reports/summary": summary,
    "v2/reports/bot_summary": bot_summary,
    "v2/reports/bot_metrics": bot_metrics,
    "v2/reports/conversations": answers_live.overview,
    "v2/reports/agents": answers_csv.agents,
    "v2/reports/inboxes": answers_csv.inboxes,
    "v2/reports/labels": answers_csv.labels,
    "v2/reports/teams": answers_csv.teams,
    "v2/reports/conversation_traffic": answers_csv.traffic,
    "v2/summary_reports/agent": answers_summaries.agents,
    "v2/summary_reports/team": answers_summaries.teams,
    "v1/csat_survey_responses": answers_csat.listing,
    "v1/csat_survey_responses/metrics": answers_csat.metrics,
    "v1/csat_survey_responses/download": answers_csat.download,
    "v1/conversations/meta": answers_live.counts,
}
ONLY_NEW: Final[dict[str, Callable[[Question], object]]] = {
    "v2/reports/conversations_summary": answers_csv.conversations,
    "v2/summary_reports/inbox": answers_summaries.inboxes,
    "v2/summary_reports/label": answers_summaries.labels,
    "v2/summary_reports/channel": answers_summaries.channels,
    "v2/live_reports/conversation_metrics": answers_live.metrics,
    "v2/live_reports/grouped_conversation_metrics": answers_live.grouped,
    "v1/reporting_events": answers_events.listing,
    OF_CONVERSATION: answers_events.of_conversation,
}
"""What 4.x has and 3.9 has not."""


def answer(
    rows: Rows,
    version: str,
    path: str,
    params: Mapping[str, object],
    now: datetime,
    *,
    url: str = "",
) -> Answer:
    """The answer of a server of that version, asked at `now`, that holds these rows.

    `path` is the whole one ("/api/v2/accounts/2/reports"); the asker is an administrator. `url`
    is the server's own, for the links of a CSV.
    """
    found = re.fullmatch(r"/api/(v[12])/accounts/(\d+)/(.+?)/?", path)
    if found is None:
        return _nowhere()
    name, asked = f"{found.group(1)}/{found.group(3)}", dict(params)
    of_one = re.fullmatch(r"v1/conversations/(\d+)/reporting_events", name)
    if of_one is not None:
        name, asked["conversation"] = OF_CONVERSATION, of_one.group(1)
    known = {**BOTH, **ONLY_NEW} if counts_every_event(version) else BOTH
    if name not in known:
        return _nowhere()
    question = Question(rows, version, asked, now, int(found.group(2)), url)
    try:
        return Answer(200, known[name](question))
    except Refused as refused:
        return Answer(refused.status, refused.body)


def _nowhere() -> Answer:
    """An address that this version does not have (it shows browsers a page instead)."""
    return Answer(404, {"status": 404, "error": "Not Found"})
