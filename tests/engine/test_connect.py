"""The engine connects, catches up and follows, over real sockets."""

from __future__ import annotations

from revivatui.state.select import visible_ids
from tests.support.desks import profile_of, running_desk
from tests.support.shops import Stage


async def test_the_list_and_the_account_are_there_when_the_link_is_live(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        state = desk.state
        assert state.version == stage.shop.version
        assert state.me is not None
        assert state.me.id == stage.agent["id"]
        assert {inbox.name for inbox in state.inboxes.values()} >= {"Website", "Phone app"}
        assert state.agents
        assert state.labels
        assert state.canned
        assert visible_ids(state, state.view)
        assert desk.links == ["connecting", "catching_up", "live"]


async def test_what_the_customer_writes_appears_by_itself(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        stage.customer_writes(conversation, "Is it ready?")
        await desk.until(lambda: "Is it ready?" in desk.texts(number))


async def test_nothing_that_reads_ever_marks_read(stage: Stage) -> None:
    conversation = stage.conversation()
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(conversation["display_id"])
        await desk.until(lambda: desk.texts(conversation["display_id"]))
        stage.customer_writes(conversation, "Hello?")
        await desk.until(lambda: "Hello?" in desk.texts(conversation["display_id"]))
    assert stage.asked("POST") == []
