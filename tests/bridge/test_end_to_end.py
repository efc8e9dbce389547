"""Shop, webhook, door, inbox, CRM, outbox and back, over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from revivatui.bridge.tables import INBOX, OUTBOX
from tests.bridge.desks import attributes_of, forget_the_past, opened_bridge, running_bridge
from tests.bridge.stands import picture
from tests.crm import postgres
from tests.support.shops import Stage, Template, running_shop


async def test_what_a_customer_writes_is_a_ticket_with_comments(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_bridge(stage, tmp_path) as there:
        message = stage.customer_writes(conversation, "My screen is broken")
        stage.colleague_writes(conversation, "Bring it in, please")
        stage.colleague_writes(conversation, "Cracked in the corner", private=True)
        await there.quiet()

        found = await there.ticket(number)
        assert found.ticket.title == f"Chat Conversation #{number}"
        assert (found.ticket.status, found.ticket.priority) == ("open", "medium")
        assert found.ticket.metadata["chatwoot_conversation_id"] == number
        assert found.ticket.metadata["conversation_url"].endswith(f"/conversations/{number}")
        said = [one for one in found.comments if one.chatwoot_message_id == message]
        assert said[0].content == "My screen is broken"
        assert [one.is_internal for one in found.comments[-2:]] == [False, True]
        assert [one.direction for one in found.comments[-2:]] == ["outgoing", "outgoing"]

        link = await there.link(number)
        assert link.customer_id is not None
        customer = await there.store.get_customer(link.customer_id)
        contact = stage.shop.db.get("contacts", conversation["contact_id"])
        assert contact is not None
        assert customer.name == contact["name"]
        assert customer.source == "chat_widget"
        assert customer.custom_attributes["chatwoot_contact_id"] == contact["id"]
        assert customer.custom_attributes["last_chat_conversation"] == number


async def test_resolving_resolves_the_ticket_and_reopening_opens_it(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    async with running_bridge(stage, tmp_path) as there:
        stage.customer_writes(conversation, "Thanks, it works")
        stage.colleague_sets_status(conversation, "resolved")
        await there.quiet()
        ticket = (await there.ticket(conversation["display_id"])).ticket
        assert ticket.status == "resolved"
        assert ticket.resolved_at is not None
        assert "resolved in Chatwoot" in ticket.resolution_notes

        stage.colleague_sets_status(conversation, "open")
        await there.quiet()
        assert (await there.ticket(conversation["display_id"])).ticket.status == "open"


async def test_what_the_crm_knows_stands_at_the_contact_in_chatwoot(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    stage.shop.db.update("conversations", conversation["id"], custom_attributes={"colour": "red"})
    async with running_bridge(stage, tmp_path) as there:
        stage.customer_writes(conversation, "hello")
        await there.quiet()

        link = await there.link(conversation["display_id"])
        told = attributes_of(stage, "contacts", conversation["contact_id"])
        assert told["customer_id"] == link.customer_id
        assert told["total_repairs"] == 0
        assert told["repair_history"] == []
        assert told["active_repairs"] == 0
        told = attributes_of(stage, "conversations", conversation["id"])
        assert told["colour"] == "red"
        ticket = (await there.ticket(conversation["display_id"])).ticket
        assert told["crm_ticket_id"] == ticket.number
        assert told["context"] == {"active_repairs": [], "pending_quotes": []}
        assert told["last_interaction"].endswith("+00:00")


async def test_no_write_of_our_own_causes_another(stage: Stage, tmp_path: Path) -> None:
    """The shop tells every write back, as Chatwoot does; that settles at once."""
    conversation = stage.conversation()
    async with running_bridge(stage, tmp_path) as there:
        stage.customer_writes(conversation, "The passcode is 4711, can you look?")
        await there.quiet()
        stage.forget_asked()
        await there.quiet()
        assert stage.asked("POST") + stage.asked("PUT") == []
        echoes = [row for row in await there.rows(INBOX) if row.error == "echo"]
        assert echoes
        assert [row.state for row in await there.rows(OUTBOX) if row.state != "done"] == []


async def test_a_passcode_is_masked_and_the_agents_are_told_once(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    async with running_bridge(stage, tmp_path) as there:
        stage.customer_writes(conversation, "The passcode is 4711, can you look?")
        await there.quiet()
        comments = (await there.ticket(conversation["display_id"])).comments
        assert not any("4711" in one.content for one in comments)
        notes = stage.shop.db.all(
            "SELECT * FROM messages WHERE conversation_id = ? AND private AND content LIKE ?",
            (conversation["id"], "A passcode was in this conversation%"),
        )
        assert len(notes) == 1
        assert any(one.is_internal and "A passcode" in one.content for one in comments)
        bodies = [row.body for row in await there.rows(INBOX)]
        assert set(bodies) == {""}


async def test_the_same_on_postgresql(
    shop_template: Callable[[str], Template], tmp_path: Path
) -> None:
    with postgres.server() as server, postgres.database(server) as url:
        async with (
            running_shop(shop_template("4.10.1"), tmp_path / "shop") as stage,
            opened_bridge(stage, url) as bridge,
        ):
            conversation = stage.conversation()
            forget_the_past(stage, conversation)
            said = stage.customer_writes(conversation, "The passcode is 4711")
            stage.colleague_sets_status(conversation, "resolved")
            for _ in range(2):
                await bridge.backfill.since_last_time(first=3600.0)
                await bridge.settle()
            seen = await picture(bridge)
            assert seen["comments"][said][1] == "The passcode is ••••"
            assert [one[2] for one in seen["tickets"]] == ["resolved"]
            told = attributes_of(stage, "contacts", conversation["contact_id"])
            assert told["total_repairs"] == 0
            async with bridge.store.reading() as reader:
                states = {row.state for row in await reader.rows(OUTBOX.select())}
            assert states == {"done"}
