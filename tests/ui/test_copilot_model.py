"""A model over real HTTP in the desk's pane: it streams below the local suggestions, which stay,
works on the draft change by change, and gets nothing before somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revivatui.screens.copilot_advice import Answer
from revivatui.screens.copilot_hunks import ReviewScreen
from revivatui.screens.copilot_leaves import LeavesPage
from tests.support.model_server import (
    DONE,
    ModelServer,
    Play,
    event,
    play,
    refuse,
    say,
    split,
    texts,
)
from tests.support.shops import Stage
from tests.ui.copilot_help import MIDDLE, SMALL, copilot, pane, sent_by, suggesting, thought
from tests.ui.crm_help import WITH_CRM, Bench
from tests.ui.desk_help import OnScreen

SEED = 20261126
REPLY = "Your iPhone 13 Pro is ready. You can collect it during our opening hours."


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What a model is asked does not depend on the chat's version."""
    return str(request.param)


@asynccontextmanager
async def with_model(
    stage: Stage, folder: Path, consent: tuple[str, ...] = ("ask",), **options: Any
) -> AsyncIterator[tuple[OnScreen, Bench, ModelServer]]:
    async with ModelServer() as server:
        settings = replace(WITH_CRM, copilot_url=server.url, copilot_consent=consent)
        async with suggesting(stage, folder, settings=settings, **options) as (desk, bench):
            yield desk, bench, server


def answer(desk: OnScreen) -> Answer | None:
    return copilot(desk).answer(desk.inbox.open_id)


async def answered(desk: OnScreen, step: str = "there") -> Answer:
    def is_so() -> bool:
        found = answer(desk)
        return found is not None and found.step == step

    await desk.until(is_so, f"an answer that is {step}")
    found = answer(desk)
    assert found is not None
    return found


def lines(desk: OnScreen) -> list[str]:
    """What stands in the pane, whether it is in view or not."""
    return ["".join(piece.text for piece in line.pieces) for line in pane(desk).list.lines]


async def reviewing(desk: OnScreen) -> ReviewScreen:
    """The changes, once somebody can have seen them."""

    def seen() -> ReviewScreen | None:
        screen = desk.app.screen
        return screen if isinstance(screen, ReviewScreen) and screen.hand.cursor_is_sure else None

    await desk.until(seen, "the review")
    review = seen()
    assert review is not None
    return review


async def asks_for_a_reply(desk: OnScreen) -> None:
    if not pane(desk).list.has_focus:
        await desk.press("ctrl+g")
    await desk.press("m")


# --- a reply -------------------------------------------------------------------------------------


async def test_nothing_is_asked_of_a_model_before_somebody_asks(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        await desk.sees("1 record")
        assert server.asked == []


async def test_a_reply_streams_in_below_the_local_suggestions_which_stay_where_they_are(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, bench, server):
        local = lines(desk)
        rest = asyncio.Event()
        server.play(say(REPLY, hold=rest))
        await asks_for_a_reply(desk)
        await answered(desk, "coming")
        await desk.sees("Your iPhone 13 Pro")
        assert lines(desk)[: len(local)] == local
        rest.set()
        found = await answered(desk)
        assert found.shown is not None
        assert found.shown.suggestion.text == REPLY
        await desk.sees("model Reply")
        await desk.sees("during our opening")
        assert lines(desk)[: len(local)] == local
        assert sent_by(stage, bench) == 0


async def test_enter_on_the_models_text_puts_it_into_the_composer_and_sends_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, bench, server):
        server.play(say(REPLY))
        await asks_for_a_reply(desk)
        await answered(desk)
        await desk.press("end", "enter")
        await desk.until(lambda: desk.inbox.composer.text == REPLY, "the text in the composer")
        assert sent_by(stage, bench) == 0


async def test_what_a_model_makes_up_is_marked_and_takes_a_second_key(
    stage: Stage, tmp_path: Path
) -> None:
    made_up = "It costs 77.31 euros and is ready at 16:47. Pay at https://pay.example.net/now."
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        server.play(say(made_up))
        await asks_for_a_reply(desk)
        found = await answered(desk)
        assert found.shown is not None
        words = " ".join(one.words for one in found.shown.doubts)
        assert "77.31" in words
        assert "16:47" in words
        assert "pay.example.net" in words
        await desk.sees("not in the record")
        await desk.press("end", "enter")
        assert desk.inbox.composer.text == ""
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.composer.text == made_up, "the text after a second key")


async def test_a_second_key_is_for_the_text_that_was_doubted_and_for_no_later_one(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        server.play(say("It costs 77.31 euros."), say("It costs 88.42 euros."))
        await asks_for_a_reply(desk)
        await answered(desk)
        await desk.press("end", "enter")
        await desk.press("m")
        await desk.until(lambda: (one := answer(desk)) and one.shown and one.step == "there"
                         and "88.42" in one.shown.suggestion.text, "another answer")  # fmt: skip
        await desk.press("end", "enter")
        assert desk.inbox.composer.text == ""


FAULTS: dict[str, tuple[Play, str]] = {
    "bytes split anywhere": (split(say(REPLY), SEED), ""),
    "no DONE": (say(REPLY, tail=b"", end="no done"), ""),
    "an error in the stream": (
        play(texts(["Your "], None) + event({"error": {"message": "overloaded"}})), "failed",
    ),
    "cut": (play(texts(["Your iPhone "], None), end="cut"), "failed"),
    "torn down": (play(texts(["Your iPhone "], None), end="reset"), "failed"),
    "429": (refuse(429, "slow down", retry_after="7"), "failed"),
    "401": (refuse(401, "bad key"), "failed"),
    "no such model": (refuse(404, "no such model"), "failed"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_the_model_does_is_said_in_words_and_the_local_suggestions_stay(
    stage: Stage, tmp_path: Path, fault: str
) -> None:
    made, step = FAULTS[fault]
    async with with_model(stage, tmp_path / "desk") as (desk, bench, server):
        local = lines(desk)
        server.play(made)
        await asks_for_a_reply(desk)
        found = await answered(desk, step or "there")
        assert lines(desk)[: len(local)] == local
        if step:
            assert "local suggestions stay" in found.said
            assert "suggestions stay" in " ".join(lines(desk)[len(local) :])
        else:
            assert found.shown is not None
            assert found.shown.suggestion.text == REPLY
        assert sent_by(stage, bench) == 0


@pytest.mark.parametrize(
    ("finish", "tail", "words"),
    [
        ("length", DONE, "the end is missing"),
        ("content_filter", DONE, "filter"),
        (None, b"", "the end may be missing"),
    ],
)
async def test_a_text_that_is_not_whole_is_shown_and_said_to_be_so(
    stage: Stage, tmp_path: Path, finish: str | None, tail: bytes, words: str
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        server.play(play(texts(["Your iPhone is ready. You can"], finish) + tail))
        await asks_for_a_reply(desk)
        await answered(desk)
        await desk.until(lambda: words in " ".join(one.strip() for one in lines(desk)), words)
        assert any("You can" in one for one in lines(desk))


async def test_another_chat_closes_the_connection_to_the_model_at_once(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, bench, server):
        server.play(play(texts(["Your iPhone "], None) + DONE[:2], end="stall"))
        await asks_for_a_reply(desk)
        await answered(desk, "coming")
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        desk.inbox.commands.open(other)
        await desk.until(lambda: server.hung_up, "a closed connection")
        assert answer(desk) is None
        desk.inbox.commands.open(bench.number)
        await desk.until(lambda: desk.inbox.open_id == bench.number, "the first chat again")
        assert answer(desk) is None


async def test_a_small_screen_says_that_the_model_works_and_why_it_failed(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk", size=SMALL) as (desk, _, server):
        await desk.press("r")
        await desk.type("your phone is ready")
        server.play(play(texts(["Your "], None), end="stall"), refuse(401, "bad key"))
        await desk.press("ctrl+t", "enter")
        await desk.sees("Shorten: the model works")
        await desk.until(server.begun.is_set, "the head of an answer")
        await desk.click("stop")
        await desk.until(lambda: server.hung_up, "a closed connection")
        await desk.sees_no("the model works")
        await desk.press("ctrl+t", "enter")
        await desk.sees("key")
        assert desk.inbox.composer.text == "your phone is ready"


async def test_the_stop_key_ends_it(stage: Stage, tmp_path: Path) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        server.play(play(texts(["Your "], None), end="stall"))
        await asks_for_a_reply(desk)
        await answered(desk, "coming")
        await desk.press("z")
        await desk.until(lambda: server.hung_up, "a closed connection")
        await desk.until(lambda: answer(desk) is None, "no answer")


async def test_an_inbox_that_the_settings_agree_to_gets_one_reply_for_each_question(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "first") as (desk, bench, _):
        row = desk.state.conversations[bench.number]
        inbox = desk.state.inboxes[row.inbox_id].name
    consent = (f"inbox:{inbox}",)
    async with with_model(stage, tmp_path / "desk", consent) as (desk, bench, server):
        await desk.until(lambda: server.chats and "is my phone ready" in server.chats[-1].words)
        await answered(desk)
        before = len(server.chats)
        stage.customer_writes(bench.conversation, "And what does it cost?")
        await desk.until(lambda: len(server.chats) > before, "another request")
        await answered(desk)
        assert "what does it cost" in server.chats[-1].words
        await desk.press("f5")
        await desk.live()
        await thought(desk)
        assert len(server.chats) == before + 1
        assert sent_by(stage, bench) == 0


# --- what leaves ---------------------------------------------------------------------------------


async def test_the_page_shows_the_very_bytes_and_sends_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk", size=MIDDLE) as (desk, bench, server):
        await desk.press("ctrl+g", "v")
        await desk.until(lambda: isinstance(desk.app.screen, LeavesPage), "the page")
        page = desk.app.screen
        assert isinstance(page, LeavesPage)
        assert server.asked == []
        await desk.sees("Nothing was sent")
        shown = page._preview
        contact = desk.state.contacts[desk.state.conversations[bench.number].contact_id]
        assert contact.name not in shown
        await desk.press("escape", "m")
        await answered(desk)
        body = server.chats[0].body.decode()
        word = shown.rpartition("WORD")[2][2:20]
        assert body.count("[[") == shown.count("[[")
        assert len(word) == 18


async def test_a_customers_name_and_phone_leave_as_placeholders_and_come_back_as_they_are(
    stage: Stage, tmp_path: Path
) -> None:
    asks = "Hi, call me on +44 7700 900123, the passcode is 4711. Is it ready?"
    async with with_model(stage, tmp_path / "desk", asks=asks) as (desk, bench, server):
        contact = desk.state.contacts[desk.state.conversations[bench.number].contact_id]
        await asks_for_a_reply(desk)
        await answered(desk)
        body = server.chats[0].body.decode()
        for secret in (contact.name, contact.email or contact.name, "900123", "4711"):
            assert secret not in body


# --- work on the draft ---------------------------------------------------------------------------


async def test_a_changed_draft_is_taken_and_skipped_change_by_change(
    stage: Stage, tmp_path: Path
) -> None:
    draft = "hello, your phone are ready and we waits for you"
    fixed = "Hello, your phone is ready and we wait for you"
    async with with_model(stage, tmp_path / "desk") as (desk, bench, server):
        await desk.press("r")
        await desk.type(draft)
        server.play(say(fixed))
        await desk.press("ctrl+t")
        await desk.sees("Fix spelling")
        await desk.type("")
        await desk.press("down", "down", "down", "down", "enter")
        review = await reviewing(desk)
        assert review.text == fixed
        await desk.press("s")
        assert review.text == f"h{fixed[1:]}"
        await desk.press("ctrl+s")
        await desk.until(lambda: desk.inbox.composer.text == f"h{fixed[1:]}", "what was taken")
        assert sent_by(stage, bench) == 0
        await desk.press("ctrl+z")
        await desk.until(lambda: desk.inbox.composer.text == draft, "the draft back by an undo")


async def test_a_change_of_several_lines_is_written_anew_in_as_many(
    stage: Stage, tmp_path: Path
) -> None:
    made = "Hello Jorge,\n\nyour phone is ready.\nSee you soon"
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        await desk.press("r")
        await desk.type("ok")
        server.play(say(made))
        await desk.press("ctrl+t", "enter")
        await reviewing(desk)
        await desk.press("e")
        await desk.sees("Instead")
        await desk.type("Oh! ")
        await desk.press("ctrl+s")
        await reviewing(desk)
        await desk.press("ctrl+s")
        await desk.until(lambda: desk.inbox.composer.text == f"Oh! {made}", "all the lines")


async def test_a_change_that_brings_in_a_figure_takes_a_second_key(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        await desk.press("r")
        await desk.type("your phone is ready")
        server.play(say("your phone is ready and costs 88.20 euros"))
        await desk.press("ctrl+t", "enter")
        await reviewing(desk)
        await desk.press("ctrl+s")
        await desk.sees("Not in the record")
        assert isinstance(desk.app.screen, ReviewScreen)
        await desk.press("ctrl+s")
        await desk.until(lambda: "88.20" in desk.inbox.composer.text, "the text all the same")


async def test_a_draft_that_went_on_meanwhile_is_not_touched(stage: Stage, tmp_path: Path) -> None:
    async with with_model(stage, tmp_path / "desk") as (desk, _, server):
        await desk.press("r")
        await desk.type("your phone is ready")
        typed = asyncio.Event()
        server.play(say("Your phone is ready.", hold=typed))
        await desk.press("ctrl+t", "enter")
        await desk.until(lambda: server.chats, "the request")
        await desk.until(lambda: desk.inbox.composer.has_focus, "the composer")
        await desk.type(" now")
        typed.set()
        await answered(desk)
        assert desk.inbox.composer.text == "your phone is ready now"
        assert not isinstance(desk.app.screen, ReviewScreen)


async def test_who_is_writing_when_the_changes_come_writes_on_in_the_draft(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revivatui.widgets.sure_hand.SURE_AFTER", 1e6)
    async with with_model(stage, tmp_path / "desk") as (desk, bench, server):
        await desk.press("r")
        await desk.type("your phone are ready")
        server.play(say("Your phone is ready."))
        await desk.press("ctrl+t", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen), "the review")
        await desk.press("ctrl+s", "enter")
        assert isinstance(desk.app.screen, ReviewScreen)
        await desk.type(" as new, at 10")
        await desk.until(
            lambda: desk.inbox.composer.text == "your phone are ready as new, at 10", "all of it"
        )
        await desk.sees("You were writing")
        await desk.until(lambda: desk.app.screen is desk.inbox, "the inbox")
        assert any("Your phone is ready." in line for line in lines(desk))
        assert sent_by(stage, bench) == 0


# --- without a model -----------------------------------------------------------------------------


async def test_without_a_model_its_keys_say_what_to_set_and_a_summary_is_made_here(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, _):
        await desk.press("ctrl+g", "m")
        await desk.sees("model_url")
        await desk.press("s")
        found = await answered(desk)
        assert found.shown is not None
        assert found.shown.suggestion.text.startswith("Intent:")
        assert found.shown.suggestion.private
        await desk.sees("Next steps:")
