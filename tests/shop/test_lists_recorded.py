"""The shop's lists and filters give the ids, order, counts and errors that were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from revivatui.shop.db import Database
from revivatui.shop.filters import FilterBroken, FilterRefused, filter_conversations
from revivatui.shop.lists import (
    Asker,
    ContactPage,
    ConversationPage,
    NotInAccount,
    Query,
    conversation_counts,
    list_contacts,
    list_conversations,
    search_contacts,
)
from tests.shop.raw_shop import ACCOUNT_ID, asker, open_raw, query, rows_of

VERSIONS = ("3.9.0", "4.10.1")
Answer = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module", params=VERSIONS)
def recorded(request: pytest.FixtureRequest) -> Iterator[tuple[Database, Asker]]:
    db, shop = open_raw(request.param)
    yield db, asker(request.param, shop.administrator_id)
    db.close()


def test_every_recorded_list_is_answered_alike(recorded: tuple[Database, Asker]) -> None:
    db, who = recorded
    questions = list(rows_of(who.version, "lists"))
    assert len(questions) == 118
    for question in questions:
        status, own = _answer(db, who, question)
        expected = {key: value for key, value in question["answer"].items() if key != "unread"}
        said = f"{question['path']} {question['params']} {question['body']}"
        assert status == question["status"], said
        if "ids" in expected and _ties_only(db, question, expected["ids"], own.get("ids", [])):
            own["ids"] = expected["ids"]
        assert own == expected, said


def _answer(db: Database, who: Asker, question: dict[str, Any]) -> Answer:
    path = question["path"].removeprefix(f"/api/v1/accounts/{ACCOUNT_ID}/")
    asked = query(**(question["params"] or {}))
    try:
        return 200, _answers(db, who, path, asked, question["body"])
    except NotInAccount:
        return 404, {"error": "Resource could not be found"}
    except FilterRefused as refusal:
        return 422, {"error": str(refusal)}
    except FilterBroken:
        return 500, {"status": 500, "error": "Internal Server Error"}


def _answers(
    db: Database, who: Asker, path: str, asked: Query, body: dict[str, Any] | None
) -> dict[str, Any]:
    if path == "conversations":
        page = list_conversations(db, who, asked)
        return _conversations(db, page, with_assigned=True)
    if path == "conversations/meta":
        return {"meta": conversation_counts(db, who, asked).as_meta(with_assigned=True)}
    if path == "conversations/filter":
        assert body is not None
        page = filter_conversations(db, who, body["payload"], asked)
        return _conversations(db, page, with_assigned=False)
    contacts: ContactPage = (list_contacts if path == "contacts" else search_contacts)(
        db, who, asked
    )
    return {"meta": contacts.as_meta(), "ids": contacts.ids}


def _conversations(db: Database, page: ConversationPage, *, with_assigned: bool) -> dict[str, Any]:
    numbers = [
        db.value("SELECT display_id FROM conversations WHERE id = ?", (row_id,))
        for row_id in page.ids
    ]
    return {"meta": page.counts.as_meta(with_assigned=with_assigned), "ids": numbers}


def _ties_only(db: Database, question: dict[str, Any], theirs: list[int], own: list[int]) -> bool:
    """Whether both orders are the same but for rows that tie on the sort key."""
    if len(theirs) != len(own) or len(set(own)) != len(own) or "contacts" not in question["path"]:
        return False
    column = str((question["params"] or {}).get("sort", "")).removeprefix("-")
    if column not in ("created_at", "last_activity_at"):
        column = "account_id"  # the same for all: no order at all was asked for

    def keys(ids: list[int]) -> list[Any]:
        return [db.value(f"SELECT {column} FROM contacts WHERE id = ?", (one,)) for one in ids]

    return keys(theirs) == keys(own)
