"""A reply that somebody overtook is held: the screen says why, what is new and what to press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from revivatui.shop.actions import conversations as at_the_shop
from revivatui.state.models import SendEntry
from revivatui.widgets.seen import SEEN_AFTER
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on

SMALL, LARGE = (80, 24), (200, 50)


class Stopped:
    """The clock of what was seen: it moves when told to."""

    def __init__(self, desk: OnScreen) -> None:
        self.now = 0.0
        desk.inbox.thread.news.sightings.clock = lambda: self.now

    def pass_by(self, seconds: float = SEEN_AFTER) -> None:
        self.now += seconds


class Writing(NamedTuple):
    """An agent who has begun a reply."""

    desk: OnScreen
    clock: Stopped
    number: int
    conversation: Any


@asynccontextmanager
async def writing(
    stage: Stage, folder: Path, size: tuple[int, int] = SMALL, text: str = "Bring it in"
) -> AsyncIterator[Writing]:
    conversation = stage.conversation()
    number = int(conversation["display_id"])
    async with desk_on(stage, folder / "desk", size) as desk:
        await desk.press("3")
        await desk.until(lambda: number in desk.inbox.list.ids, "its row")
        desk.inbox.list.move_cursor(number)
        await desk.press("enter")
        await desk.until(lambda: desk.state.threads.get(number), "its thread")
        await desk.until(lambda: desk.state.threads[number].epoch == desk.state.epoch)
        clock = Stopped(desk)
        await desk.press("r")
        await desk.type(text)
        yield Writing(desk, clock, number, conversation)


def entry_of(desk: OnScreen, state: str) -> SendEntry | None:
    return next((one for one in desk.state.sends.values() if one.state == state), None)


async def overtaken(stage: Stage, at: Writing, who: str, heard: bool) -> str:
    """Somebody writes before the reply is sent; gives whose name is to be read."""
    if not heard:
        await stage.order("/worker", up=False)
    if who == "customer":
        stage.customer_writes(at.conversation, "Wait, one more thing")
    else:
        stage.colleague_writes(at.conversation, "I have called him")
    said = "Wait, one more thing" if who == "customer" else "I have called him"
    if heard:
        await at.desk.sees(said)
    await at.desk.press("enter")
    await at.desk.until(lambda: entry_of(at.desk, "held"), "it is held")
    return said


@pytest.mark.parametrize(
    ("size", "who", "heard", "by"),
    [
        (SMALL, "customer", True, "keys"),
        (LARGE, "colleague", False, "keys"),
        (SMALL, "colleague", True, "mouse"),
        (LARGE, "customer", False, "mouse"),
    ],
)
async def test_a_reply_overtaken_is_held_shown_and_sent_by_one_key_or_click(
    stage: Stage, tmp_path: Path, size: tuple[int, int], who: str, heard: bool, by: str
) -> None:
    async with writing(stage, tmp_path, size) as at:
        desk = at.desk
        said = await overtaken(stage, at, who, heard)
        await desk.sees("⊘ Not sent")
        await desk.sees("f8 send anyway")
        await desk.sees("⊘ held")
        await desk.sees("wrote meanwhile")
        assert said[:8] in desk.text()
        assert stage.messages_saying("Bring it in") == []
        if size == LARGE:
            assert "⊘ held: Bring it in" in desk.text()  # its row
        if by == "keys":
            await desk.press("f8")
        else:
            await desk.click("send anyway", from_line=size[1] - 3)
        await desk.until(lambda: len(stage.messages_saying("Bring it in")) == 1, "it is sent")
        await desk.sees_no("Not sent")
        assert desk.inbox.place == "composer"


@pytest.mark.parametrize(("size", "by"), [(SMALL, "keys"), (LARGE, "mouse")])
async def test_a_held_reply_goes_back_into_the_composer_before_what_was_typed_since(
    stage: Stage, tmp_path: Path, size: tuple[int, int], by: str
) -> None:
    async with writing(stage, tmp_path, size) as at:
        desk = at.desk
        await overtaken(stage, at, "customer", True)
        await desk.type("at nine")
        if by == "keys":
            await desk.press("f7")
        else:
            await desk.click("f7 edit", from_line=size[1] - 3)
        await desk.until(lambda: desk.inbox.composer.text == "Bring it in\nat nine")
        assert not desk.state.sends
        assert desk.state.drafts[at.number, False].text == "Bring it in\nat nine"
        at.clock.pass_by()  # what is new was read
        await desk.press("enter")
        await desk.until(lambda: len(stage.messages_saying("Bring it in\nat nine")) == 1)
        assert stage.messages_saying("Bring it in") == []


async def test_a_message_on_screen_for_a_second_holds_nothing(stage: Stage, tmp_path: Path) -> None:
    async with writing(stage, tmp_path) as at:
        stage.customer_writes(at.conversation, "Wait, one more thing")
        await at.desk.sees("Wait, one more thing")
        at.clock.pass_by()
        await at.desk.press("enter")
        await at.desk.until(lambda: len(stage.messages_saying("Bring it in")) == 1)
        assert entry_of(at.desk, "held") is None


async def test_what_stands_below_the_view_was_not_seen(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    for number in range(12):
        stage.customer_writes(conversation, f"line {number}\nand more")
    async with writing(stage, tmp_path) as at:
        desk = at.desk
        await desk.press("escape", "pageup", "r")
        stage.customer_writes(at.conversation, "Wait, one more thing")
        await desk.sees("1 new")
        at.clock.pass_by(60)
        await desk.press("enter")
        await desk.until(lambda: entry_of(desk, "held"), "it is held")
        assert stage.messages_saying("Bring it in") == []


async def test_nothing_is_seen_while_the_terminal_has_no_focus(
    stage: Stage, tmp_path: Path
) -> None:
    async with writing(stage, tmp_path) as at:
        desk = at.desk
        desk.app.app_focus = False
        stage.customer_writes(at.conversation, "Wait, one more thing")
        await desk.sees("Wait, one more thing")
        at.clock.pass_by(60)
        await desk.press("enter")
        await desk.until(lambda: entry_of(desk, "held"), "it is held")


async def test_own_echoes_activity_surveys_and_notes_hold_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    stage.shop.db.execute("UPDATE inboxes SET csat_survey_enabled = 1")
    async with writing(stage, tmp_path, text="One") as at:
        desk, texts = at.desk, ("One", "Two", "Three")
        await desk.press("enter")
        await desk.type("Two")
        await desk.press("enter")
        stage.colleague_sets_status(at.conversation, "resolved")
        stage.colleague_sets_status(at.conversation, "open")
        await desk.type("Three")
        await desk.press("enter")
        await desk.until(lambda: all(stage.messages_saying(one) for one in texts), "all are sent")
        assert [len(stage.messages_saying(one)) for one in texts] == [1, 1, 1]
        stage.customer_writes(at.conversation, "Wait")
        await desk.press("f3")
        await desk.type("for the team")
        await desk.press("enter")
        await desk.until(lambda: stage.messages_saying("for the team"), "the note is stored")


async def test_what_comes_after_the_bar_holds_it_again(stage: Stage, tmp_path: Path) -> None:
    async with writing(stage, tmp_path) as at:
        desk = at.desk
        await overtaken(stage, at, "customer", True)
        await desk.sees("Not sent")
        stage.customer_writes(at.conversation, "And one more")
        await desk.sees("(+1)")
        await desk.press("f8")
        await desk.until(lambda: desk.inbox.gate.reference, "it is held again")
        assert stage.messages_saying("Bring it in") == []
        await desk.until(lambda: "(+1)" not in desk.text() and "And one more" in desk.text())
        await desk.press("f8")
        await desk.until(lambda: len(stage.messages_saying("Bring it in")) == 1)


async def test_a_held_reply_of_another_conversation_is_found_among_the_unsent(
    stage: Stage, tmp_path: Path
) -> None:
    async with writing(stage, tmp_path, LARGE) as at:
        desk = at.desk
        await overtaken(stage, at, "customer", True)
        other = next(one for one in desk.inbox.list.ids if one != at.number)
        desk.inbox.commands.open(other)
        await desk.sees("1 reply is held")
        await desk.press("f8")  # it names no reply of this conversation
        assert entry_of(desk, "held") is not None
        await desk.press("x")
        await desk.sees("held: somebody wrote meanwhile")
        await desk.sees("wrote: “Wait, one more thing”")
        await desk.press("e")
        await desk.until(lambda: desk.inbox.composer.target == at.number)
        assert desk.inbox.composer.text == "Bring it in"
        assert desk.state.drafts[at.number, False].text == "Bring it in"
        assert (other, False) not in desk.state.drafts


async def test_a_colleague_who_writes_a_reply_is_named_above_the_composer(
    stage: Stage, tmp_path: Path
) -> None:
    async with writing(stage, tmp_path) as at:
        desk, colleague = at.desk, stage.colleague()
        for private, words in ((False, "is writing a reply"), (True, "is writing a note")):
            for on in (True, False):
                with stage.shop.acting(colleague):
                    row = stage.reread(at.conversation)
                    at_the_shop.typing(stage.shop, row, on=on, is_private=private)
                if on:
                    await desk.sees(f"{colleague['name']} {words}")
                    line = desk.find(words)[1]
                    assert line == desk.inbox.side.composer_bar.region.y - 1
                else:
                    await desk.sees_no(words)


async def test_a_colleagues_answer_while_one_writes_is_marked_new(
    stage: Stage, tmp_path: Path
) -> None:
    async with writing(stage, tmp_path, LARGE) as at:
        desk = at.desk
        assert "─ new ─" not in desk.text()
        stage.colleague_writes(at.conversation, "I have called him")
        await desk.sees("I have called him")
        lines = desk.text()
        assert "new ─" in lines
        assert lines.rindex("new ─") < lines.rindex("I have called him")


async def test_leaving_says_that_a_reply_is_held(stage: Stage, tmp_path: Path) -> None:
    async with writing(stage, tmp_path) as at:
        await overtaken(stage, at, "customer", True)
        await at.desk.press("ctrl+q")
        await at.desk.sees("1 reply is held. Somebody wrote meanwhile")
