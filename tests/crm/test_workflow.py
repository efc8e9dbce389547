"""The way of a repair: thirteen states, no dead ends, and every word shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.crm import vendor_words, workflow
from revivatui.crm.errors import MoveRefused
from revivatui.crm.vendor_words import ODOO, REPAIRDESK, SYNCRO, VendorWords
from revivatui.crm.workflow import STATUSES, STEPS, TERMINAL, RepairStatus

STATUS = st.sampled_from(STATUSES)
NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
VENDORS = (SYNCRO, REPAIRDESK, ODOO)


def test_there_are_thirteen_states_each_with_words_of_its_own() -> None:
    assert len(STATUSES) == 13
    assert len({workflow.words(one) for one in STATUSES}) == 13
    assert all(workflow.customer_words(one) for one in STATUSES)


@given(STATUS, STATUS)
def test_a_move_is_allowed_exactly_where_the_table_has_it(
    start: RepairStatus, to: RepairStatus
) -> None:
    if to in STEPS[start].next:
        workflow.check_move(start, to)
    else:
        with pytest.raises(MoveRefused) as refused:
            workflow.check_move(start, to)
        assert workflow.words(to) in str(refused.value)


@given(STATUS)
def test_from_every_state_a_repair_can_end_and_only_the_ends_have_nothing_next(
    start: RepairStatus,
) -> None:
    reached, edge = {start}, [start]
    while edge:
        fresh = [one for one in STEPS[edge.pop()].next if one not in reached]
        reached |= set(fresh)
        edge += fresh
    assert reached & TERMINAL
    assert (not STEPS[start].next) == (start in TERMINAL)


@pytest.mark.parametrize("status", STATUSES)
def test_every_state_can_be_reached_from_the_booking(status: RepairStatus) -> None:
    way = workflow.way_to(status)
    assert (way[0], way[-1]) == ("booked", status)
    for start, to in pairwise(way):
        workflow.check_move(start, to)


@given(STATUS, st.integers(-3, 3))
def test_overdue_is_what_was_promised_and_is_neither_ready_nor_over(
    status: RepairStatus, days: int
) -> None:
    promised = NOW + timedelta(days=days)
    late = workflow.is_overdue(status, promised, NOW)
    assert late == (
        days < 0 and status not in {"ready", "ready_unrepaired", "completed", "cancelled"}
    )
    assert not workflow.is_overdue(status, None, NOW)


def test_a_state_nobody_here_knows_is_shown_as_it_came_and_leads_nowhere() -> None:
    assert SYNCRO.status_of("Waiting on Martians") == ("unknown", "Waiting on Martians")
    assert workflow.words("unknown", "Waiting on Martians") == "Waiting on Martians"
    assert workflow.next_states("unknown") == ()
    assert not workflow.is_terminal("unknown")


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda one: one.name)
def test_the_words_of_a_vendor_are_read_whatever_their_capitals(vendor: VendorWords) -> None:
    for theirs, ours in vendor.to_ours.items():
        assert vendor.status_of(f" {theirs.upper()} ")[0] == ours
    assert set(vendor.from_ours.values()) <= set(vendor.to_ours)


def test_a_shop_can_add_and_change_words_and_a_wrong_code_is_refused() -> None:
    changed = SYNCRO.changed_by({"On the bench": "in_repair", "in progress": "diagnosing"})
    assert changed.status_of("on the BENCH")[0] == "in_repair"
    assert changed.status_of("In Progress")[0] == "diagnosing"
    assert SYNCRO.status_of("In Progress")[0] == "in_repair"
    with pytest.raises(ValueError, match="mended"):
        SYNCRO.changed_by({"Done": "mended"})


def test_priorities_are_told_by_number_or_word() -> None:
    assert vendor_words.priority_of_syncro("2") == "medium"
    assert vendor_words.priority_of_syncro("0 Urgent") == "urgent"
    assert vendor_words.priority_of_syncro("low") == "low"
    assert vendor_words.priority_of_syncro("someday") is None


def test_a_second_round_through_the_tests_moves_only_what_a_second_round_moves() -> None:
    assert dict(workflow.stamps_of("testing", "ready")) == {"ready_at": True, "tested_at": True}
    assert dict(workflow.stamps_of("testing", "in_repair")) == {"started_at": False}


@given(st.data())
def test_on_any_way_a_moment_is_set_once_unless_a_second_round_renews_it(
    data: st.DataObject,
) -> None:
    status: RepairStatus = "booked"
    moments: dict[str, int] = {}
    for step in range(data.draw(st.integers(0, 25))):
        following = workflow.next_states(status)
        if not following:
            break
        to = data.draw(st.sampled_from(following))
        for stamp, renewed in workflow.stamps_of(status, to):
            assert renewed == (stamp in {"tested_at", "ready_at"})
            if renewed or stamp not in moments:
                moments[stamp] = step
        status = to
    if status == "completed":
        assert moments["collected_at"] == max(moments.values())
        assert "ready_at" in moments
    if status == "cancelled":
        assert "collected_at" not in moments


def test_no_way_leads_out_of_the_end() -> None:
    with pytest.raises(MoveRefused, match="Collected"):
        workflow.way_to("received", "completed")
