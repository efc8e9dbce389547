"""The room of the team: colleagues come and go, what they hold is the server's, and what is done
from there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from revivatui.engine import context
from revivatui.screens import team
from revivatui.screens.choose import Choose
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.team import TeamScreen
from revivatui.shop.actions import conversations as conversation_actions
from revivatui.state.team import Card
from tests.support.shops import Stage
from tests.ui.crm_help import SIZES
from tests.ui.desk_help import OnScreen
from tests.ui.team_help import at_desk, everybody_goes_with_their_desk, held_by, team_of

TICKING = 0.1
"""Seconds between two ticks of the desk here: nobody waits ten."""


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team, "NEWS_QUIET", 0.05)
    timing = replace(context.Timing(), presence_every=TICKING)
    monkeypatch.setattr("revivatui.engine.engine.Timing", lambda: timing)


def card_of(screen: TeamScreen, user: Any) -> Card:
    return next(one for one in screen.cards() if one.agent.id == user["id"])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_colleague_comes_and_goes_and_the_card_changes(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    everybody_goes_with_their_desk(stage)
    colleague = stage.colleague()
    async with team_of(stage, tmp_path, size) as (desk, screen):
        name = colleague["name"].split()[0]
        await desk.sees(name)
        await desk.sees("online 1")
        async with at_desk(stage, colleague):
            await desk.sees("online 2")
            assert card_of(screen, colleague).word == "online"
            stage.shop.db.execute(
                "UPDATE account_users SET availability = 'busy' WHERE user_id = ?",
                (colleague["id"],),
            )
            await desk.sees("busy 1")
            standing = card_of(screen, colleague).standing
            assert standing is not None
            assert standing.exact, "the desk saw it happen"
        stage.shop.presence._users.clear()  # the 20 s after their last tick are over
        await desk.sees("busy 0")
        assert card_of(screen, colleague).word == "offline"


async def test_load_is_what_the_server_has_and_follows_every_assignment(
    stage: Stage, tmp_path: Path
) -> None:
    everybody_goes_with_their_desk(stage)
    colleague, conversation = stage.colleague(), stage.conversation()
    async with team_of(stage, tmp_path) as (desk, screen):
        for one in screen.cards():
            assert one.held is not None
            assert one.held.open == held_by(stage, one.agent.id)
        with stage.shop.acting(colleague):
            conversation_actions.update(
                stage.shop, stage.reread(conversation), assignee_id=colleague["id"]
            )
        now = held_by(stage, colleague["id"])

        def told() -> bool:
            held = card_of(screen, colleague).held
            return held is not None and held.open == now

        await desk.until(told, "the load after an assignment")
        stage.colleague_sets_status(conversation, "resolved")
        now -= 1
        await desk.until(told, "the load after resolving")
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(
                f"{stage.url}/api/v2/accounts/1/reports/conversations",
                params={"type": "agent", "page": 1},
                headers={"api_access_token": stage.administrator["token"]},
            )
        for row in answer.json():
            held = next(one.held for one in screen.cards() if one.agent.id == row["id"])
            assert held is not None
            assert (held.open, held.unattended) == (
                row["metric"]["open"], row["metric"]["unattended"],
            )  # fmt: skip


async def test_the_limit_is_what_the_inboxes_say_together(stage: Stage, tmp_path: Path) -> None:
    stage.shop.db.execute(
        "UPDATE inboxes SET auto_assignment_config = ?, enable_auto_assignment = 1",
        ('{"max_assignment_limit": 7}',),
    )
    async with team_of(stage, tmp_path) as (desk, screen):
        card = card_of(screen, stage.colleague())
        assert card.limit == 7 * len(card.inboxes) > 0
        await desk.sees(f"{card.held.open if card.held else ''}/{card.limit}")
        assert (card.attention[0] >= 2) == (card.held is not None and card.held.open >= card.limit)


async def test_one_key_makes_a_table_whose_columns_sort_it(stage: Stage, tmp_path: Path) -> None:
    async with team_of(stage, tmp_path) as (desk, screen):
        await desk.press("t")
        await desk.sees("in it for")
        for column in ("name", "load", "inboxes", "status", "channels", "time"):
            screen.sort_by(column)
            await desk.pilot.pause()
            shown = [line.choice for line in screen.lines.lines]
            assert shown == [str(one.agent.id) for one in screen.cards()], column
        screen.sort_by("name")
        names = [one.agent.name.casefold() for one in screen.cards()]
        assert names == sorted(names)
        await desk.click("agent")
        again = [one.agent.name.casefold() for one in screen.cards()]
        assert again == sorted(names, reverse=True), "the same column once more: backwards"
        await desk.click("load")
        loads = [one.held.open for one in screen.cards() if one.held is not None]
        assert loads == sorted(loads, reverse=True)
        await desk.press("t")
        await desk.sees_no("in it for")


async def test_a_search_narrows_the_cards_without_asking_anybody(
    stage: Stage, tmp_path: Path
) -> None:
    async with team_of(stage, tmp_path) as (desk, screen):
        stage.forget_asked()
        await desk.press("slash")
        await desk.type(stage.colleague()["email"])
        await desk.until(lambda: len(screen.cards()) == 1)
        await desk.press("enter")
        assert not stage.asked("GET", "*/reports/*")
        await desk.press("escape")
        await desk.until(lambda: len(screen.cards()) > 1)


async def test_a_card_opens_the_day_the_figures_and_what_is_held(
    stage: Stage, tmp_path: Path
) -> None:
    everybody_goes_with_their_desk(stage)
    colleague = stage.colleague()
    async with team_of(stage, tmp_path) as (desk, screen), at_desk(stage, colleague):
        await desk.sees("online 2")
        screen.show_agent(colleague["id"])
        await desk.sees("Today")
        await desk.sees("not known")  # before the desk was opened nobody looked
        await desk.sees("7 days")
        await desk.until(lambda: screen._holding is not None)
        assert len(screen._holding.rows) == min(50, held_by(stage, colleague["id"]))  # type: ignore[union-attr]
        await desk.press("left_square_bracket")
        await desk.sees("Yesterday")
        await desk.press("right_square_bracket")
        await desk.sees("Today")
        await desk.press("right_square_bracket")
        await desk.sees("This is today.")
        await desk.press("escape")
        await desk.until(lambda: screen.grid.display)
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, InboxScreen))


async def test_what_an_agent_holds_opens_in_the_inbox(stage: Stage, tmp_path: Path) -> None:
    colleague = stage.colleague()
    async with team_of(stage, tmp_path) as (desk, screen):
        screen.show_agent(colleague["id"], holding=True)
        await desk.until(lambda: screen.lines.choice.startswith("conversation:"))
        number = int(screen.lines.choice.partition(":")[2])
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, InboxScreen))
        await desk.until(lambda: desk.state.open_id == number)


async def test_a_click_on_a_card_opens_it_and_one_on_the_bar_goes_back(
    stage: Stage, tmp_path: Path
) -> None:
    colleague = stage.colleague()
    async with team_of(stage, tmp_path) as (desk, screen):
        await desk.click(colleague["email"])
        await desk.until(lambda: screen.chosen == colleague["id"] and screen.lines.display)
        await desk.until(
            lambda: screen.lines.choice, "what is held, and the key bar's words for it"
        )
        await desk.click("esc back")
        await desk.until(lambda: screen.grid.display)
        assert screen.grid.choice == str(colleague["id"]), "the cursor is where it was"
        await desk.press("right", "left", "down", "up", "end", "home")
        assert screen.grid.choice == str(screen.cards()[0].agent.id)


async def choose(desk: OnScreen, text: str) -> None:
    await desk.until(lambda: isinstance(desk.app.screen, Choose), "a choice")
    await desk.type(text)
    await desk.press("enter")


async def test_conversations_are_given_and_taken_from_here(stage: Stage, tmp_path: Path) -> None:
    colleague = stage.colleague()
    free = stage.shop.db.one(
        "SELECT * FROM conversations WHERE assignee_id IS NULL AND status = ?"
        " ORDER BY last_activity_at DESC", ("open",),
    )  # fmt: skip
    assert free is not None
    async with team_of(stage, tmp_path) as (desk, screen):
        screen.grid.show(screen.grid._cards, str(colleague["id"]))
        await desk.press("a")
        await choose(desk, f"#{free['display_id']} ")
        await desk.until(lambda: stage.reread(free)["assignee_id"] == colleague["id"], "assigned")
        screen.show_agent(colleague["id"], holding=True)
        await desk.until(lambda: screen.lines.choice == f"conversation:{free['display_id']}")
        await desk.press("a")
        await choose(desk, "nobody")
        await desk.until(lambda: stage.reread(free)["assignee_id"] is None, "given back")


async def test_the_own_availability_is_set_from_here(stage: Stage, tmp_path: Path) -> None:
    def word() -> str:
        row = stage.shop.db.find("account_users", user_id=stage.administrator["id"])
        return str(row["availability"]) if row is not None else ""

    async with team_of(stage, tmp_path) as (desk, screen):
        await desk.press("v")
        await desk.until(lambda: isinstance(desk.app.screen, Choose))
        before = word()
        await desk.press("down", "enter")
        await desk.until(lambda: word() != before, "another word on the server")
        await desk.until(lambda: card_of(screen, stage.administrator).word == word())


async def test_who_is_no_administrator_sees_presence_and_what_they_may_see(
    stage: Stage, tmp_path: Path
) -> None:
    async with team_of(stage, tmp_path, who="agent") as (desk, screen):
        await desk.sees("figures are for administrators")
        await desk.sees("of what you see")
        await desk.sees_no("first response")
        assert not stage.asked("GET", "*/reports/*"), "what is refused is not asked"
        for one in screen.cards():
            assert one.held is not None
            assert one.held.open == held_by(stage, one.agent.id), "this agent sees every inbox"


async def test_while_the_desk_hears_nothing_presence_is_of_the_past_and_says_so(
    stage: Stage, tmp_path: Path
) -> None:
    async with team_of(stage, tmp_path) as (desk, _screen):
        await desk.sees("online 1")
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.sees("as last heard at")
        await stage.order("/listen", accept=True)
        await desk.sees_no("as last heard at")


async def test_a_server_that_does_not_answer_leaves_the_cards_and_says_so(
    stage: Stage, tmp_path: Path
) -> None:
    async with team_of(stage, tmp_path) as (desk, screen):
        await stage.order(fault="500", path="*/reports/*", count=5)
        before = len(screen.cards())
        await desk.press("f5")
        await desk.until(lambda: screen.trouble, "the trouble in the top bar")
        assert len(screen.cards()) == before
        await stage.no_more_trouble()
        await desk.press("f5")
        await desk.until(lambda: not screen.trouble)


async def test_39_does_not_say_who_resolved_how_many_and_the_screen_says_that(
    stage: Stage, tmp_path: Path, version: str
) -> None:
    async with team_of(stage, tmp_path) as (desk, screen):
        figures = card_of(screen, stage.colleague()).today
        assert figures is not None
        assert (figures.resolved is None) == version.startswith("3.")
        said = "this server does not say who resolved"
        if version.startswith("3."):
            await desk.sees(said)
        else:
            await desk.sees_no(said)
