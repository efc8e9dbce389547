"""Our own figures against those of real servers, value by value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from revivatui.api.wire import message_to_events
from revivatui.state.events import ConversationPushed, MessageArrived, MessageUpdated
from revivatui.state.figures.answers import answer
from revivatui.state.figures.conversations import People, rows_from
from revivatui.state.figures.rows import Rows
from revivatui.state.models import Agent, Conversation, Inbox, Label, Message, Team
from tests.api.recordings import rows
from tests.state.figures_help import ASKED, Difference, differences, is_number, recorded

TIED: Final = ("reports/conversations", "live_reports/grouped_conversation_metrics")
"""Lists whose equal rows the server returns in any order."""


def _in_order(name: str, body: Any) -> Any:
    return sorted(body, key=str) if name in TIED and isinstance(body, list) else body


def test_every_recorded_question_gets_the_answer_of_the_real_server(version: str) -> None:
    held, wrong, asked = recorded(version), [], 0
    for row in rows(version, "figures"):
        own = answer(held, version, row["path"], row["params"], ASKED)
        name = row["path"].split("/accounts/2/")[1]
        found = list(differences(own.status, row["status"], "status"))
        if row["status"] != 404:  # the recorded ones are a page for browsers
            found += differences(_in_order(name, own.body), _in_order(name, row["answer"]))
            asked += 1
        wrong += [(name, row["params"], one) for one in found]
    assert wrong == []
    assert asked >= 280


# --- worked out from what a desk reads -------------------------------------------------------

LATE: Final = 1.0
"""Seconds by which a resolution may be late that is read from an activity line."""
UNTOLD: Final = "reports/agents"
"""Its rows come in the database's own order, which nothing tells a desk."""


def test_a_recorded_days_figures_follow_from_the_messages_that_a_desk_read(version: str) -> None:
    held, wrong, asked = _desk_rows(version), [], 0
    for row in rows(version, "http"):
        name = row["path"].split("/accounts/1/")[-1]
        if row["who"] != "admin" or row["status"] != 200 or "reports" not in name:
            continue
        params = row["params"] or {}
        if name == UNTOLD or (params.get("type") == "agent" and name == "reports/conversations"):
            continue
        own = answer(held, version, row["path"], params, datetime(2026, 11, 22, 19, tzinfo=UTC))
        told = _in_order(name, row["answer"])
        found = differences(_in_order(name, own.body), told)
        wrong += [(name, params, one) for one in found if not _late(params, one)]
        asked += 1
    assert wrong == []
    assert asked >= 15


def _late(params: Any, one: Difference) -> bool:
    """Whether it is a resolution time that is late by no more than its line may be."""
    resolving = "avg_resolution_time" in (params.get("metric"), one.at.rsplit("/", 1)[-1])
    return resolving and is_number(one.own) and 0 < one.own - one.told <= LATE


def _desk_rows(version: str) -> Rows:
    """What a desk of the administrator knew at the end of the recorded working day."""
    conversations: dict[int, Conversation] = {}
    messages: dict[int, Message] = {}
    for row in rows(version, "cable"):
        message = row["frame"].get("message") if isinstance(row.get("frame"), dict) else None
        if row.get("who") != "admin" or not isinstance(message, dict):
            continue
        for event in message_to_events(message, 1, row["t"]):
            if isinstance(event, ConversationPushed):
                conversations[event.conversation.id] = event.conversation
            elif isinstance(event, (MessageArrived, MessageUpdated)):
                messages[event.message.id] = event.message
    people = _people(version)
    return rows_from(conversations.values(), messages.values(), version=version, people=people)


def _people(version: str) -> People:
    """The account as the last lists of that day show it; its team was made after its list."""
    listed = {
        row["path"].split("/accounts/1/")[-1]: row["answer"]
        for row in rows(version, "http")
        if row["status"] == 200 and row["method"] == "GET" and row["who"] in ("admin", "agent1")
    }
    inboxes, labels = listed["inboxes"]["payload"], listed["labels"]["payload"]
    return People(
        agents=[Agent(one["id"], one["name"]) for one in listed["agents"]],
        inboxes=[Inbox(one["id"], one["name"], one["channel_type"]) for one in inboxes],
        teams=[Team(1, "bench")],
        labels=[Label(one["id"], one["title"]) for one in labels],
    )
