"""The cards of the team and the wallboard's figures, from records alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from revivatui.state.admin import InboxSetup
from revivatui.state.events import AgentsLoaded, LinkChanged, PresenceSeen
from revivatui.state.models import Agent
from revivatui.state.reduce import apply
from revivatui.state.state import State
from revivatui.state.team import (
    ORDERS,
    Figures,
    Held,
    Inboxes,
    cards,
    counted,
    initials,
    ordered,
    summary,
)
from revivatui.state.wallboard import INTERVAL, Asked, doubt, tiles, waiting_of
from tests.state.build import ME, NOON, conversation, desk

CLEO, DARA, FINN = Agent(3, "Cleo Bench"), Agent(4, "dara Desk"), Agent(5, "Finn Board")
WEBSITE = InboxSetup(1, "Website", "Channel::WebWidget", limit=4)
MAIL = InboxSetup(2, "Mail", "Channel::Email", limit=2)


def floor(**words: str) -> State:
    state = desk()
    apply(state, AgentsLoaded((ME, CLEO, DARA, FINN)))
    apply(state, PresenceSeen({int(who[1:]): word for who, word in words.items()}, {}, NOON))
    return state


def test_who_needs_attention_comes_first_and_says_why() -> None:
    state = floor(a2="online", a3="busy", a4="online")
    inboxes = Inboxes({4: (WEBSITE,), 3: (WEBSITE, MAIL)})
    held = {2: Held(1, 0), 3: Held(2, 1), 4: Held(4, 0), 5: Held(3, 2)}
    found = cards(state, Figures(NOON, held), inboxes)
    assert [(one.agent.id, one.attention[1]) for one in found] == [
        (5, "offline, 2 unattended"), (4, "at the limit"), (3, "1 unattended"), (2, ""),
    ]  # fmt: skip
    assert summary(found) == {"online": 2, "busy": 1, "offline": 1}


def test_a_limit_is_the_sum_of_the_inboxes_that_have_one_or_what_the_shop_set() -> None:
    state = floor(a2="online")
    endless = replace(MAIL, limit=None)
    by_agent = {
        2: (WEBSITE, MAIL),
        3: (WEBSITE, endless),
        4: (replace(WEBSITE, auto_assign=False),),
    }
    limits = {one.agent.id: one.limit for one in cards(state, None, Inboxes(by_agent), 9)}
    assert limits == {2: 6, 3: 9, 4: 9, 5: 9}
    none = {one.agent.id: one.limit for one in cards(state, None, Inboxes(by_agent))}
    assert none == {2: 6, 3: None, 4: None, 5: None}


def test_what_is_not_known_is_no_zero() -> None:
    state = desk()
    apply(state, AgentsLoaded((ME, CLEO)))
    card = cards(state, None, Inboxes())[0]
    assert (card.held, card.load, card.standing, card.today) == (None, None, None, None)
    told = cards(state, Figures(NOON, {}), Inboxes())[0]
    assert told.held == Held(0, 0), "who is missing in the report holds nothing"


def test_every_order_holds_everybody_and_goes_backwards() -> None:
    state = floor(a2="online", a3="busy")
    found = cards(state, Figures(NOON, {3: Held(5, 1)}), Inboxes({3: (WEBSITE,)}))
    for order in ORDERS:
        there = [one.agent.id for one in ordered(found, order)]
        assert sorted(there) == [2, 3, 4, 5]
        assert [one.agent.id for one in ordered(found, order, backwards=True)] == there[::-1]
    names = [one.agent.name for one in ordered(found, "name")]
    assert names == ["Ben Counter", "Cleo Bench", "dara Desk", "Finn Board"]


def test_conversations_are_counted_as_the_servers_live_report_does() -> None:
    rows = [
        replace(conversation(1), assignee_id=3, first_reply_at=None),
        replace(conversation(2), assignee_id=3, first_reply_at=NOON, waiting_since=None),
        replace(conversation(3), assignee_id=3, first_reply_at=NOON, waiting_since=NOON),
        replace(conversation(4), assignee_id=3, status="resolved"),
        replace(conversation(5), assignee_id=None),
        replace(conversation(6), assignee_id=3, assignee_kind="AgentBot"),
    ]
    assert counted(rows) == {3: Held(3, 2)}


@pytest.mark.parametrize(
    ("name", "short"),
    [("Cleo Bench", "CB"), ("dara", "D"), ("", "?"), ("Ana Maria Sousa", "AS"), ("王芳", "王")],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


# --- the wallboard -----------------------------------------------------------------------------


def figures(asked: Asked | None, now: float = NOON, **words: str) -> dict[str, tuple[str, str]]:
    return {one.name: (one.digits, one.level) for one in tiles(floor(**words), asked, now)}


def test_the_six_figures_and_how_bad_they_are() -> None:
    asked = Asked(NOON, 3, False, NOON - 300, 28, 0, 100.0)
    assert figures(asked, a2="online") == {
        "waiting": ("3", "warning"),
        "longest wait": ("5", "error"),
        "online": ("1", ""),
        "open": ("28", ""),
        "unattended": ("0", "success"),
        "first response": ("1", "success"),
    }
    late = tiles(floor(a2="online"), asked, NOON)[1]
    assert late.unit == "min, more than 2 min", "not by its colour alone"
    nobody = tiles(floor(a3="busy"), asked, NOON)[2]
    assert (nobody.digits, nobody.unit) == ("0", "agents: nobody is here")


def test_what_was_not_asked_yet_is_a_dash_and_a_long_wait_is_told_in_hours_and_days() -> None:
    assert {digits for digits, _ in figures(None).values()} == {"-", "0"}
    hours = Asked(NOON, 1, False, NOON - 3 * 3600 - 5 * 60)
    assert figures(hours)["longest wait"][0] == "3:05"
    assert figures(replace(hours, longest_since=NOON - 3 * 86_400))["longest wait"][0] == "3"
    assert figures(replace(hours, waiting=0, longest_since=None))["longest wait"][0] == "0"


def test_who_waits_is_counted_to_the_end_of_a_page_that_ends_it() -> None:
    waits = [replace(conversation(n), waiting_since=NOON - n) for n in (1, 2)]
    idle = replace(conversation(3), waiting_since=None)
    assert waiting_of([*waits, idle], last=False) == (2, False, NOON - 2)
    assert waiting_of(waits, last=False) == (2, True, NOON - 2), "others may wait behind it"
    assert waiting_of([], last=True) == (0, False, None)


def test_old_figures_say_so_within_an_interval_whatever_the_cause() -> None:
    state, asked = floor(a2="online"), Asked(NOON, 0)
    assert doubt(state, asked, "", NOON + INTERVAL / 2, UTC) == ""
    old = doubt(state, asked, "the server does not answer", NOON + INTERVAL, UTC)
    assert "no answer since" in old
    assert "the server does not answer" in old
    for link in ("offline", "connecting", "refused"):
        apply(state, LinkChanged(link, NOON))
        assert "old" in doubt(state, asked, "", NOON, UTC), link
    apply(state, LinkChanged("late", NOON))
    assert "late" in doubt(state, asked, "", NOON, UTC)
