"""Typing, availability and customers."""

from __future__ import annotations

from revivatui.shop.actions import conversations as conversation_actions
from revivatui.state.models import ListView
from revivatui.state.select import visible_ids
from tests.support.desks import profile_of, running_desk
from tests.support.shops import Stage


async def test_typing_is_told_once_and_ended_once(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        for _key in range(20):
            desk.engine.typing(number, True, False)
        desk.engine.typing(number, False, False)
        desk.engine.typing(number, False, False)
        await desk.until(lambda: len(stage.asked("POST", "*/toggle_typing_status")) == 2)
        desk.engine.set_priority(number, "high")
        await desk.until(lambda: stage.asked("POST", "*/toggle_priority") or desk.notices)
    assert len(stage.asked("POST", "*/toggle_typing_status")) == 2


async def test_the_customer_is_seen_typing_and_stopping(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    contact = stage.shop.db.get("contacts", conversation["contact_id"])
    assert contact is not None
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        for on in (True, False):
            with stage.shop.acting(None, in_account=False):
                conversation_actions.typing(
                    stage.shop, stage.reread(conversation), on=on, contact=contact
                )
            key = (number, "contact", contact["id"])
            await desk.until(lambda: (key in desk.state.typing) is on)  # noqa: B023


async def test_availability_reaches_the_server_or_says_why_not(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.set_availability("busy")
        await desk.until(lambda: desk.state.me is not None and desk.state.me.availability == "busy")
        member = stage.shop.db.find("account_users", user_id=stage.agent["id"])
        assert member is not None
        assert member["availability"] == "busy"
        await stage.order(fault="500", path="*/availability")
        desk.engine.set_availability("online")
        await desk.until(lambda: desk.notices)
        assert "Still as before" in desk.notices[0].text


async def test_a_customer_comes_with_earlier_conversations(stage: Stage) -> None:
    contact_id = stage.shop.db.value(
        "SELECT contact_id FROM conversations GROUP BY contact_id ORDER BY count(*) DESC"
    )
    numbers = set(
        stage.shop.db.column(
            "SELECT display_id FROM conversations WHERE contact_id = ?", (contact_id,)
        )
    )
    assert len(numbers) > 2
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.load_contact(contact_id)
        await desk.until(lambda: numbers <= desk.state.conversations.keys())
        assert contact_id in desk.state.contacts


async def test_a_deleted_message_is_a_tombstone_at_once(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        reference = desk.engine.send(number, "To the wrong customer", private=False)
        await desk.until(lambda: desk.send_state(reference) == "sent")
        sent = desk.send(reference)
        assert sent is not None
        message_id = sent.message_id
        assert message_id is not None
        await desk.until(lambda: desk.thread(number).find(message_id) is not None)
        desk.engine.delete_message(number, message_id)

        def is_gone() -> bool:
            message = desk.thread(number).find(message_id)
            return message is not None and message.deleted

        await desk.until(is_gone)


async def test_a_search_shows_what_the_server_found(stage: Stage) -> None:
    conversation = stage.conversation()
    stage.customer_writes(conversation, "a most peculiar quokka")
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.choose_view(ListView(tab="all"))
        desk.engine.search("quokka")
        await desk.until(
            lambda: visible_ids(desk.state, desk.state.view) == [conversation["display_id"]]
        )
        desk.engine.search("")
        await desk.until(lambda: desk.state.view.text == "")
