"""The connection: cuts, catch-up, and a server judged by its answers and its pings together."""

from __future__ import annotations

import dataclasses
import time

import pytest

from revivatui.state.models import ListView
from revivatui.state.select import visible_ids
from tests.support.desks import ONLY_ASKED, QUICK, Desk, profile_of, running_desk
from tests.support.shops import Stage

CABLE_GONE = {"to": "/cable", "close": "silently"}


async def cut_off(stage: Stage, desk: Desk) -> None:
    """Take server and feed away, and wait until the desk says so."""
    await stage.order("/listen", accept=False)
    await stage.order(**CABLE_GONE)
    await desk.until(lambda: desk.state.link.state == "offline")


async def test_what_happened_during_a_cut_is_there_after_it(stage: Stage) -> None:
    conversation, other = stage.conversation(), stage.conversation("Channel::WebWidget")
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.choose_view(ListView(tab="all"))
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        await cut_off(stage, desk)
        for part in range(30):
            stage.customer_writes(conversation, f"Missed {part}")
        stage.colleague_sets_status(other, "resolved")
        await stage.order("/drain")
        await stage.order("/listen", accept=True)
        await desk.live()
        missed = [text for text in desk.texts(number) if text.startswith("Missed")]
        assert missed == [f"Missed {part}" for part in range(30)]
        assert other["display_id"] not in visible_ids(desk.state, desk.state.view)
        assert desk.state.conversations[other["display_id"]].status == "resolved"
        assert number == visible_ids(desk.state, desk.state.view)[0]


async def test_a_catch_up_asks_for_little(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        first = len(stage.asked())
        assert first <= 15, stage.asked()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        await cut_off(stage, desk)
        stage.forget_asked()
        await stage.order("/listen", accept=True)
        await desk.live()
        asked = stage.asked()
        assert len(asked) <= 12, asked
        windows = [path for path in asked if "updated_within" in path]
        assert len(windows) == 1
        assert int(windows[0].split("updated_within=")[1].split("&")[0]) < 60


async def test_after_a_long_absence_pages_are_read_until_known_ground(stage: Stage) -> None:
    conversation = stage.conversation()
    timing = dataclasses.replace(QUICK, short_gap=0.0)
    async with running_desk(profile_of(stage), timing=timing) as desk:
        await desk.live()
        desk.engine.choose_view(ListView(tab="all", status="all"))
        await desk.until(lambda: len(visible_ids(desk.state, desk.state.view)) >= 25)
        await cut_off(stage, desk)
        stage.customer_writes(conversation, "After all this time")
        stage.forget_asked()
        await stage.order("/listen", accept=True)
        await desk.live()
        assert stage.asked("GET", "*updated_within*") == []
        pages = stage.asked("GET", "*/conversations[?]*page=*")
        assert 1 < len(pages) <= 6, pages
        row = desk.state.conversations[conversation["display_id"]]
        assert row.preview is not None
        assert row.preview.content == "After all this time"


async def test_pings_without_answers_are_not_a_live_server(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order("/listen", accept=False)
        await desk.until(lambda: desk.state.link.state == "offline")
        assert "cannot be reached" in desk.state.link.reason
        await stage.order("/listen", accept=True)
        await desk.live()


async def test_a_feed_that_closes_comes_back_by_itself(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        epoch = desk.state.epoch
        for close in ("silently", "with frame"):
            await stage.order("/cable", close=close)
            await desk.until(lambda: desk.state.link.state != "live")
            await desk.live()
        await stage.order("/cable", disconnect="server_restart", reconnect=True)
        await desk.until(lambda: desk.state.epoch == epoch + 3)
        await desk.live()


async def test_a_worker_that_is_down_makes_the_feed_late_until_it_is_back(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order("/worker", up=False)
        reference = desk.engine.send(number, "Does anybody hear me?", private=False)
        await desk.until(lambda: desk.state.link.state == "late")
        assert desk.send_state(reference) == "sent"
        assert desk.state.lag >= QUICK.late_after
        await stage.order("/worker", up=True)
        await desk.live()
        assert desk.state.lag == 0.0


async def test_a_feed_that_is_never_confirmed_still_shows_the_list(stage: Stage) -> None:
    await stage.order(fault="drop frame", event="confirm_subscription")
    timing = dataclasses.replace(QUICK, confirm_within=2.5)
    async with running_desk(profile_of(stage), timing=timing) as desk:
        await desk.until(lambda: visible_ids(desk.state, desk.state.view))
        await desk.until(lambda: desk.state.link.state == "late")
        assert "live feed" in desk.state.link.reason
        await stage.no_more_trouble()
        await desk.live()


async def test_news_during_the_catch_up_waits_for_it_and_is_not_lost(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    await stage.order(fault="slow", path="*/conversations", seconds=0.6)
    async with running_desk(profile_of(stage)) as desk:
        desk.engine.open(number)
        await desk.until(lambda: desk.state.link.state == "catching_up")
        stage.customer_writes(conversation, "While you were reading")
        await stage.order("/drain")
        await desk.live()
        await desk.until(lambda: "While you were reading" in desk.texts(number))


@pytest.mark.parametrize("frame", ["{", '{"identifier":"x","message":{"event":"strange"}}', "[]"])
async def test_a_malformed_frame_changes_nothing(stage: Stage, frame: str) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        await stage.order("/cable", say=frame)
        stage.customer_writes(conversation, "Still there?")
        await desk.until(lambda: "Still there?" in desk.texts(number))
        assert desk.links[-1] == "live"


async def test_a_mangled_message_frame_is_counted_and_read_again(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        await stage.order(fault="mangle", event="message.created", count=1)
        stage.customer_writes(conversation, "Broken on the way")
        await desk.until(lambda: sum(desk.state.odd.values()) == 1)
        desk.engine.refresh()
        await desk.until(lambda: "Broken on the way" in desk.texts(number))


async def test_presence_ticks_while_the_loop_of_the_screen_is_busy(stage: Stage) -> None:
    """The shop runs on this loop too, so what is seen is how many ticks were waiting."""
    timing = dataclasses.replace(QUICK, presence_every=0.1)
    async with running_desk(profile_of(stage), timing=timing) as desk:
        await desk.live()
        await desk.until(lambda: desk.state.presence_at is not None)
        before = len(stage.presence.ticks)
        time.sleep(1.0)  # noqa: ASYNC251 - the busy screen
        await desk.until(lambda: len(stage.presence.ticks) - before >= 9)
        assert stage.presence.ticks[before + 8] - stage.presence.ticks[before] < 0.5


async def test_a_server_that_accepts_and_hangs_up_at_once_is_not_hammered(stage: Stage) -> None:
    """The back-off grows through handshakes that succeed: only a connection that lived resets
    it."""
    pauses: list[float] = []
    timing = dataclasses.replace(QUICK, first_retry=0.05, longest_retry=0.8, settled_after=30.0)
    async with running_desk(profile_of(stage), timing=timing) as desk:

        def note(_topics: object) -> None:
            link = desk.state.link
            if link.state == "connecting" and link.retry_at is not None:
                pause = link.retry_at - link.at
                if not pauses or pauses[-1] != pause:
                    pauses.append(pause)

        desk.store.subscribe(note, {"link"})
        while len(pauses) < 5:
            told = len(pauses)
            await desk.until(lambda: desk.state.link.state in ("catching_up", "live"))
            await stage.order("/cable", close="with frame")
            await desk.until(lambda: len(pauses) > told)  # noqa: B023
        for attempt, pause in enumerate(pauses):
            longest = min(0.8, 0.05 * 2**attempt)
            assert longest / 2 <= pause <= longest, pauses


async def test_a_connection_that_settled_starts_the_back_off_over(stage: Stage) -> None:
    timing = dataclasses.replace(QUICK, first_retry=0.05, longest_retry=5.0, settled_after=0.2)
    async with running_desk(profile_of(stage), timing=timing) as desk:
        for _cut in range(4):
            await desk.live()
            live_since = desk.state.link.at
            await desk.until(lambda: time.time() - live_since > 0.2)  # noqa: B023
            await stage.order("/cable", close="silently")
            await desk.until(lambda: desk.state.link.retry_at is not None)
            link = desk.state.link
            assert link.retry_at is not None
            assert link.retry_at - link.at <= 0.05
