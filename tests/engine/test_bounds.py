"""What the server is asked stays bounded, whatever happens, and keys are never starved."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from revivatui.state.models import ListView
from revivatui.state.select import visible_ids
from tests.support.desks import ONLY_ASKED, profile_of, running_desk
from tests.support.shops import Stage


async def test_a_burst_of_events_costs_a_few_reads_and_never_one_each(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        stage.forget_asked()
        for part in range(60):
            stage.customer_writes(conversation, f"Line {part}")
            stage.colleague_sets_status(conversation, "pending" if part % 2 else "open")
        await desk.until(lambda: f"Line {59}" in desk.texts(number))
        await desk.until(lambda: not desk.state.doubts and not desk.state.unknown)
        assert len(stage.asked()) <= 20, stage.asked()
        assert desk.state.conversations[number].status == "pending"


async def test_an_unknown_conversation_is_read_once_and_shown(stage: Stage) -> None:
    conversation = stage.conversation(status="resolved")
    number = conversation["display_id"]
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        desk.engine.choose_view(ListView(tab="all"))
        await desk.until(lambda: len(visible_ids(desk.state, desk.state.view)) > 20)
        assert number not in desk.state.conversations
        stage.colleague_writes(conversation, "Anything else?", private=True)
        await desk.until(lambda: number in desk.state.conversations)
        assert len(stage.asked("GET", f"*/conversations/{number}")) == 1


async def test_the_list_goes_on_to_its_end_a_page_at_a_time(stage: Stage) -> None:
    view = ListView(tab="all", status="all")
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        desk.engine.choose_view(view)
        await desk.until(lambda: visible_ids(desk.state, view))
        total = len(stage.shop.db.where("conversations"))
        seen = 0
        while len(visible_ids(desk.state, view)) < total:
            seen = len(visible_ids(desk.state, view))
            desk.engine.load_more()
            desk.engine.load_more()  # asking twice asks once
            await desk.until(lambda: len(visible_ids(desk.state, view)) > seen)  # noqa: B023
        asked = stage.asked("GET", "*/conversations[?]*status=all*")
        pages = [int(path.rpartition("page=")[2]) for path in asked]
        further = [page for page in pages if page > 1]
        assert further == list(range(2, -(-total // 25) + 1))
        assert pages.count(1) <= 2, "once for the view, and once where the start still reads lists"


async def test_older_messages_come_a_page_at_a_time_up_to_the_first(stage: Stage) -> None:
    row = stage.shop.db.one(
        "SELECT conversations.*, count(*) AS size FROM conversations JOIN messages"
        " ON conversation_id = conversations.id GROUP BY conversations.id ORDER BY size DESC"
    )
    assert row is not None
    number, size = row["display_id"], row["size"]
    assert size > 100
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        while not desk.thread(number).start_reached:
            held = len(desk.texts(number))
            desk.engine.load_older()
            desk.engine.load_older()
            await desk.until(
                lambda: (
                    len(desk.texts(number)) > held  # noqa: B023
                    or desk.thread(number).start_reached
                )
            )
        assert len(desk.texts(number)) == size
        assert len(stage.asked("GET", f"*/{number}/messages*before=*")) <= size // 20 + 1


async def test_hundreds_of_waiting_frames_let_the_loop_breathe(stage: Stage) -> None:
    conversation, other = stage.conversation(), stage.conversation("Channel::Email")
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        turns: list[int] = []

        async def keys() -> None:
            while True:
                turns.append(desk.state.sequence)
                await asyncio.sleep(0)

        await stage.order("/worker", up=False)
        for part in range(150):
            stage.customer_writes(other, f"Flood elsewhere {part}")
            stage.customer_writes(conversation, f"Flood {part}")
        typist = asyncio.create_task(keys())
        await stage.order("/worker", up=True)
        await desk.until(lambda: "Flood 149" in desk.texts(number))
        typist.cancel()
        most = max(after - before for before, after in pairwise(turns))
        assert most <= 30, "events applied between two turns of the keys"


async def test_an_idle_desk_asks_for_little(stage: Stage) -> None:
    """Two idle seconds with the patience of a test (a probe each half second) are four probes."""
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await desk.until(lambda: not desk.state.doubts)
        await desk.until(lambda: len(stage.asked("GET", "*/conversations/meta*")) >= 3)
        others = [
            path for path in stage.asked() if "/meta" not in path and "/conversations?" not in path
        ]
        assert len(others) <= 12, others
