"""Finding what was typed: conversations by whose they are, commands by what they are called."""

from __future__ import annotations

import pytest

from revivatui import commands
from revivatui.palette import rank
from revivatui.state import mentions
from revivatui.state.finding import held_conversations
from revivatui.state.models import Agent
from revivatui.state.reduce import apply
from revivatui.state.state import State
from revivatui.widgets.completing import CANNED, MENTION, Query, query_at
from tests.ui.scene import OPENED, Scene


@pytest.fixture
def state() -> State:
    state = State()
    for event in Scene().all():
        apply(state, event)
    return state


@pytest.mark.parametrize("typed", ["1042", "#1042", "ana sousa", "Ana", "sousa", "0958", "+44 20"])
def test_a_conversation_is_found_by_number_name_and_phone(state: State, typed: str) -> None:
    assert held_conversations(state, typed)[0].id == OPENED


def test_a_conversation_is_found_by_e_mail_and_an_exact_number_comes_first(state: State) -> None:
    assert held_conversations(state, "customer3@")[0].id == OPENED - 3
    found = held_conversations(state, "104")
    assert [one.id for one in found] == [1042, 1041, 1040]
    assert not found[0].exact
    assert held_conversations(state, "1041")[0].exact


def test_nothing_is_found_by_nothing_and_by_a_single_letter(state: State) -> None:
    assert held_conversations(state, "") == []
    assert held_conversations(state, "a") == []


def test_a_label_that_starts_with_what_was_typed_beats_one_that_holds_it_and_both_beat_help() -> (
    None
):
    def best(typed: str) -> str:
        return max(commands.ALL, key=lambda command: rank(command, typed)).id

    assert best("undo") == "change.undo"
    assert best("theme") == "desk.theme"
    assert best("quote") == "thread.quote"
    assert best("delete") == "thread.delete"
    assert best("connection") == "desk.connection"
    assert best("take back") == "thread.take_back"
    assert best("longest") == "list.longest"


def test_names_become_links_and_links_become_names_again(state: State) -> None:
    text = "@Cleo Bench and @Ben Counter, not me@Cleo Bench or @Cleo Benches"
    linked = mentions.linked(state, text)
    assert linked == (
        "[@Cleo Bench](mention://user/2/Cleo%20Bench) and "
        "[@Ben Counter](mention://user/1/Ben%20Counter), not me@Cleo Bench or @Cleo Benches"
    )
    assert mentions.linked(state, linked) == linked
    assert mentions.unlinked(linked) == text


def test_a_name_with_brackets_survives_both_ways(state: State) -> None:
    state.agents[9] = Agent(9, "Bo [night] (2)", "bo@shop.example")
    linked = mentions.linked(state, "ask @Bo [night] (2)!")
    assert linked == r"ask [@Bo \[night\] (2)](mention://user/9/Bo%20%5Bnight%5D%20%282%29)!"
    assert mentions.unlinked(linked) == "ask @Bo [night] (2)!"


def test_teams_are_offered_only_where_the_server_tells_them_from_agents(state: State) -> None:
    assert [one.kind for one in mentions.matches(state, "data")] == ["team"]
    state.version = "3.9.0"
    assert mentions.matches(state, "data") == []


@pytest.mark.parametrize(
    ("line", "asked_at", "private", "query"),
    [
        ("/ho", None, False, Query(CANNED, "ho", (0, 0))),
        ("see /ho", None, False, None),
        ("see ho", (0, 4), False, Query(CANNED, "ho", (0, 4))),
        ("see two words", (0, 4), False, Query(CANNED, "two words", (0, 4))),
        ("a", (0, 4), False, None),
        ("ask @cl", None, True, Query(MENTION, "cl", (0, 4))),
        ("ask @cl", None, False, None),
        ("mail me@cl", None, True, None),
        ("@", None, True, Query(MENTION, "", (0, 0))),
    ],
)
def test_what_is_looked_for_is_read_from_the_line(
    line: str, asked_at: tuple[int, int] | None, private: bool, query: Query | None
) -> None:
    assert query_at(line, (0, len(line)), asked_at, private=private) == query
