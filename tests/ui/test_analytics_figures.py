"""Every figure of the analytics equals our own calculation: `make figures-screen` for long."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from revivatui.state.figures.rows import Rows
from tests.ui import analytics_figures
from tests.ui.analytics_figures import cases, desk_on_rows, differences
from tools.conformance.figures import ASKED_AT

SEED = 20261126
COUNT = 20


async def test_every_figure_on_the_screen_is_what_our_own_calculation_makes_of_the_rows(
    version: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    found, compared = await analytics_figures.run(version, SEED, COUNT, tmp_path)
    assert found == []
    assert compared > COUNT * 14


@pytest.mark.parametrize("table", ["events", "conversations", "csat_survey_responses"])
async def test_a_row_more_would_be_seen(table: str, tmp_path: Path) -> None:
    """The comparison can fail: with one more row on our side, the screen is wrong."""
    async with desk_on_rows("4.10.1", tmp_path) as (desk, rows):
        case = next(
            one
            for one in cases(SEED, 500, rows)
            if one.wanted.scope == "account" and one.wanted.preset == "last_90"
        )
        assert await differences(desk, rows, case) == []
        assert await differences(desk, one_more(rows, table), case) != []


def one_more(rows: Rows, table: str) -> Rows:
    """The same rows, with the newest of a table twice."""
    conversations, events = list(rows.conversations.values()), list(rows.events)
    tables = {name: list(rows.table(name)) for name in ("users", "inboxes", "teams", "labels")}
    ratings = list(rows.table("csat_survey_responses"))
    if table == "events":
        counted = [
            one
            for one in events
            if one.name == "conversation_resolved" and one.created_at < ASKED_AT
        ]
        events.append(max(counted, key=lambda one: one.created_at))
    elif table == "conversations":
        newest = max(conversations, key=lambda one: one.created_at)
        conversations.append(dataclasses.replace(newest, id=1_000_000))
    else:
        ratings.append(max(ratings, key=lambda one: str(one["created_at"])))
    return Rows(
        conversations=conversations,
        messages=rows.messages,
        events=events,
        labels_of=rows.labels_of,
        tables={**tables, "csat_survey_responses": ratings},
    )
