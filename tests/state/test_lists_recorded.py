"""Our lists over the rows of a real server's account, against what that server answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from revivatui.state import select
from revivatui.state.events import ConversationsLoaded, SignedIn
from revivatui.state.models import Account, Agent, Conversation, ListView
from revivatui.state.order import DEFAULT_SORT, SORTS, sort_key
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.api.recordings import VERSIONS, rows

ASKER = 6
"""The administrator who asked: the first user of the raw rows."""
PAGE = 25

KNOWN_PARAMS = {
    "status",
    "sort_by",
    "assignee_type",
    "page",
    "inbox_id",
    "team_id",
    "labels[]",
    "q",
}
TABS = {"me": "mine", "unassigned": "unassigned", "assigned": "assigned"}


def _seconds(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


def conversations(version: str) -> tuple[Conversation, ...]:
    """The rows as the database had them, times with microseconds."""
    return tuple(
        Conversation(
            id=row["display_id"],
            inbox_id=row["inbox_id"],
            status=row["status"],
            contact_id=row["contact_id"],
            created_at=_seconds(row["created_at"]) or 0.0,
            last_activity_at=_seconds(row["last_activity_at"]) or 0.0,
            assignee_id=row["assignee_id"],
            team_id=row["team_id"],
            priority=row["priority"],
            labels=tuple(filter(None, map(str.strip, row["cached_label_list"].split(",")))),
            waiting_since=_seconds(row["waiting_since"]),
        )
        for row in rows(version, "lists-raw")
        if row["table"] == "conversations"
    )


def found_by_text(version: str, text: str) -> set[int]:
    """The server's text search: written messages that contain it."""
    display = {
        one["id"]: one["display_id"]
        for one in rows(version, "lists-raw")
        if one["table"] == "conversations"
    }
    return {
        display[row["conversation_id"]]
        for row in rows(version, "lists-raw")
        if row["table"] == "messages"
        and row["message_type"] in ("incoming", "outgoing")
        and text.lower() in (row["content"] or "").lower()
    }


def view_of(params: Mapping[str, Any]) -> ListView:
    labels = params.get("labels[]", ())
    return ListView(
        tab=TABS.get(params.get("assignee_type", "all"), "all"),
        status=params.get("status", "open"),
        sort=params.get("sort_by", DEFAULT_SORT),
        inbox_id=params.get("inbox_id"),
        team_id=params.get("team_id"),
        labels=(labels,) if isinstance(labels, str) else tuple(labels),
        text=params.get("q", ""),
    )


def desk(version: str) -> State:
    """A desk that knows every row of the account, from a list of another kind."""
    state = State()
    apply(state, SignedIn(Account(2, "Figures"), Agent(ASKER, "Asker", role="administrator"), ""))
    everything = ListView(tab="all", status="all", sort="created_at_asc")
    apply(state, _page(everything, conversations(version)))
    return state


def _page(view: ListView, rows: tuple[Conversation, ...]) -> ConversationsLoaded:
    return ConversationsLoaded(
        view=view, page=1, conversations=rows, contacts=(), counts=None, last=True, asked=0, at=1.0
    )


def questions() -> Iterator[Any]:
    for version in VERSIONS:
        for place, row in enumerate(rows(version, "lists")):
            params = row["params"] or {}
            is_list = row["path"].endswith("/conversations") and row["method"] == "GET"
            if is_list and row["status"] == 200 and set(params) <= KNOWN_PARAMS:
                yield pytest.param(version, params, row["answer"], id=f"{version}-{place}")


def counted() -> Iterator[Any]:
    for version in VERSIONS:
        for place, row in enumerate(rows(version, "lists")):
            params = row["params"] or {}
            is_meta = row["path"].endswith(("/conversations", "/conversations/meta"))
            # A text search counts one page of what it finds: those numbers are the server's own.
            ours = set(params) <= KNOWN_PARAMS - {"q"}
            if is_meta and row["method"] == "GET" and row["status"] == 200 and ours:
                yield pytest.param(version, params, row["answer"], id=f"{version}-{place}")


QUESTIONS = list(questions())
COUNTED = list(counted())


@pytest.mark.parametrize(("version", "params", "answer"), QUESTIONS)
def test_a_list_has_the_ids_and_the_order_that_the_server_gave(
    version: str, params: dict[str, Any], answer: dict[str, Any]
) -> None:
    state = desk(version)
    view = view_of(params)
    if view.text:
        found = found_by_text(version, view.text)
        rows = tuple(row for row in conversations(version) if row.id in found)
        apply(state, _page(view, rows))
    page = params.get("page", 1)
    ids = select.visible_ids(state, view)[PAGE * (page - 1) : PAGE * page]
    key_of = sort_key(view.sort)
    places = [key_of(state.conversations[one])[:-1] for one in ids]
    theirs = [key_of(state.conversations[one])[:-1] for one in answer["ids"]]
    assert places == theirs
    assert sorted(zip(places, ids, strict=True)) == sorted(zip(theirs, answer["ids"], strict=True))


@pytest.mark.parametrize(("version", "params", "answer"), COUNTED)
def test_the_tabs_count_what_the_server_counted(
    version: str, params: dict[str, Any], answer: dict[str, Any]
) -> None:
    counts = select.count_rows(conversations(version), view_of(params), ASKER)
    meta = answer["meta"]
    told = (meta["mine_count"], meta["unassigned_count"], meta["all_count"])
    assert (counts.mine, counts.unassigned, counts.all) == told


def test_the_recorded_questions_cover_sorts_tabs_pages_and_filters() -> None:
    asked = [case.values[1] for case in QUESTIONS]
    sorts = {params.get("sort_by") for params in asked}
    assert {sort for sort in SORTS if sort in sorts} >= {
        "last_activity_at_asc",
        "last_activity_at_desc",
        "created_at_asc",
        "created_at_desc",
        "priority_asc",
        "priority_desc",
        "waiting_since_asc",
        "waiting_since_desc",
    }
    assert {params.get("assignee_type") for params in asked} >= {"me", "unassigned", "assigned"}
    assert {params.get("status") for params in asked} >= {"open", "resolved", "pending", "snoozed"}
    assert max(params.get("page", 1) for params in asked) > 5
    for name in ("inbox_id", "team_id", "labels[]", "q"):
        assert any(name in params for params in [*asked, *(c.values[1] for c in COUNTED)])
    assert len(QUESTIONS) > 60
