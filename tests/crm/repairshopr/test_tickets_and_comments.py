"""Tickets and comments in RepairShopr: once each, in plain text, and nobody gets an e-mail."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from revivatui.crm.errors import AlreadyLinked, InvalidRecord, NotInCrm, NotOffered, StaleRecord
from revivatui.crm.records_tickets import Attachment, ConversationKey, Ticket
from revivatui.crm.repairshopr import RepairShopr
from revivatui.crm.wishes import CommentWish, LinkWish, TicketChange, TicketWish
from tests.crm.repairshopr.conftest import adapter, make_customer
from tests.crm.repairshopr.stand_in import StandIn

DESK = "desk.example.com"
KEY = ConversationKey(DESK, 1, 77)
FROM_CHAT = {
    "chatwoot_conversation_id": 77,
    "conversation_url": "https://desk.example.com/app/accounts/1/conversations/77",
}


async def ticket_of(crm: RepairShopr, **more: Any) -> Ticket:
    customer = await make_customer(crm)
    wish = TicketWish(customer.id, "Chat Conversation #77", metadata=FROM_CHAT)
    return await crm.create_ticket(replace(wish, **more))


def message(ticket: Ticket, content: str, number: int = 5, **more: Any) -> CommentWish:
    now = datetime.now(UTC)
    wish = CommentWish(
        ticket.id,
        content,
        "Customer One",
        author_kind="contact",
        direction="incoming",
        installation=DESK,
        chatwoot_message_id=number,
        created_at=now,
        source_updated_at=now,
    )
    return replace(wish, **more)


async def test_a_ticket_comes_back_as_written_and_nobody_is_told(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm, description="Screen.\nPIN 9911", priority="high")
    assert (ticket.status, ticket.priority, ticket.source) == ("open", "high", "chatwoot")
    found = await crm.get_ticket(ticket.id)
    assert found.ticket == ticket
    assert found.comments == ()
    assert ticket.description.startswith("Screen.")
    assert ticket.metadata["chatwoot_conversation_id"] == "77"
    assert ticket.metadata["status_words"] == "New"
    assert await crm.open_tickets_of(ticket.customer_id) == (ticket,)
    row = vendor.data.tickets[int(ticket.id)]
    assert "9911" not in str(vendor.data.comments)
    assert row["priority"] == "1 High"
    assert vendor.data.mail == []
    with pytest.raises(NotInCrm):
        await crm.get_ticket("999999")


@pytest.mark.parametrize("drops_properties", [False, True])
async def test_the_ticket_of_a_conversation_is_made_once(
    crm: RepairShopr, vendor: StandIn, drops_properties: bool
) -> None:
    vendor.data.drops_properties = drops_properties
    customer = await make_customer(crm)
    wish = TicketWish(customer.id, "Chat Conversation #77", metadata=FROM_CHAT)
    made = await asyncio.gather(*(crm.create_ticket(wish) for _ in range(4)))
    assert len({one.id for one in made}) == 1
    other = await crm.create_ticket(replace(wish, title="Another matter"))
    elsewhere = {**FROM_CHAT, "conversation_url": "https://two.example.com/app/accounts/1/"}
    third = await crm.create_ticket(replace(wish, metadata=elsewhere))
    assert len(vendor.data.tickets) == 3
    assert len({made[0].id, other.id, third.id}) == 3


async def test_a_status_is_refused_unless_it_was_switched_on(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    assert not crm.capabilities.can_set_status
    with pytest.raises(NotOffered, match="changes no status in RepairShopr"):
        await crm.set_ticket_status(ticket.id, "resolved", actor="bridge")
    assert vendor.data.tickets[int(ticket.id)]["status"] == "New"
    assert vendor.writes("/tickets/*") == []


async def test_a_status_that_may_be_set_is_set_once_with_its_note(
    allowed: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(allowed)
    assert allowed.capabilities.can_set_status
    assert allowed.capabilities.notifies_customer_on_status
    done = await allowed.set_ticket_status(ticket.id, "resolved", actor="bridge", notes="Collected")
    assert (done.status, vendor.data.tickets[int(ticket.id)]["status"]) == ("resolved", "Resolved")
    assert done.resolved_at is not None
    assert await allowed.set_ticket_status(ticket.id, "resolved", actor="other") == done
    assert len(vendor.writes("/tickets/*")) == 1
    assert [one.cause for one in vendor.data.mail] == ["status"]  # the shop's own automation
    with pytest.raises(StaleRecord):
        await allowed.set_ticket_status(ticket.id, "open", actor="x", version=ticket.version)
    again = await allowed.set_ticket_status(ticket.id, "open", actor="x", version=done.version)
    assert again.metadata["status_words"] == "In Progress"


async def test_a_word_the_shop_does_not_have_is_not_written(
    allowed: RepairShopr, vendor: StandIn
) -> None:
    vendor.data.statuses[:] = ["New", "On the bench", "Done"]
    ticket = await ticket_of(allowed)
    with pytest.raises(InvalidRecord, match="On the bench, Done"):
        await allowed.set_ticket_status(ticket.id, "resolved", actor="bridge")
    vendor.data.tickets[int(ticket.id)]["status"] = "On the bench"
    read = (await allowed.get_ticket(ticket.id)).ticket
    assert (read.status, read.metadata["status_words"]) == ("open", "On the bench")


async def test_a_ticket_of_the_counter_can_become_a_conversations(
    crm: RepairShopr, vendor: StandIn
) -> None:
    made = await ticket_of(crm, metadata={})
    assert made.source == ""
    linked = await crm.change_ticket(
        made.id, TicketChange(metadata=FROM_CHAT), version=made.version
    )
    assert (linked.source, linked.metadata["chatwoot_conversation_id"]) == ("chatwoot", "77")
    other = {**FROM_CHAT, "chatwoot_conversation_id": 78}
    kept = await crm.change_ticket(made.id, TicketChange(metadata=other), version=linked.version)
    assert kept.metadata["chatwoot_conversation_id"] == "77"
    with pytest.raises(NotOffered, match="each repair is its own ticket"):
        await crm.change_ticket(made.id, TicketChange(repair_ids=("1",)), version=kept.version)


async def test_a_message_added_twice_is_one_comment_and_no_email(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    files = (Attachment("https://x.example/a.jpg", "a.jpg", "image/jpeg"),)
    wish = message(ticket, "Hello *you*", attachments=files)
    first = await crm.add_comment(wish)
    assert await crm.add_comment(wish) == first
    assert (first.content, first.attachments) == ("Hello *you*\n[a.jpg, in the chat]", files)
    (sent,) = vendor.writes("/tickets/*/comment")
    assert sent.body["subject"] == "[cw:5] Customer: Customer One"
    assert (sent.body["do_not_email"], sent.body["hidden"]) == (True, False)
    assert "sms_body" not in sent.body
    assert vendor.data.mail == []
    (read,) = (await crm.get_ticket(ticket.id)).comments
    assert (read.id, read.author, read.author_kind, read.direction) == (
        first.id,
        "Customer One",
        "contact",
        "incoming",
    )
    assert read.chatwoot_message_id == 5


async def test_a_message_is_one_comment_though_the_desk_forgot_it(
    crm: RepairShopr, vendor: StandIn, tmp_path: Path
) -> None:
    ticket = await ticket_of(crm)
    for number in range(1, 40):
        await crm.add_comment(message(ticket, f"Message {number}", number))
    forgetful = adapter(vendor, links=tmp_path / "other.sqlite3")
    again = await asyncio.gather(
        *(forgetful.add_comment(message(ticket, f"Message {one}", one)) for one in (1, 20, 20, 39))
    )
    assert len({one.id for one in again}) == 3
    assert len((await forgetful.get_ticket(ticket.id)).comments) == 39
    await forgetful.close()


async def test_notes_of_the_desk_are_hidden_and_each_is_kept(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    note = CommentWish(ticket.id, "Opened it", "Bench One", is_internal=True)
    await crm.add_comment(note)
    await crm.add_comment(note)
    assert len((await crm.get_ticket(ticket.id)).comments) == 2
    assert all(one.body["hidden"] for one in vendor.writes("/tickets/*/comment"))
    with pytest.raises(InvalidRecord):
        await crm.add_comment(message(ticket, "x", installation=""))
    with pytest.raises(NotInCrm):
        await crm.add_comment(replace(note, ticket_id="999999"))


async def test_an_edit_and_a_deletion_are_folded_into_the_message(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    wish = message(ticket, "Helo")
    first = await crm.add_comment(wish)
    told_at = wish.source_updated_at
    assert told_at is not None
    later = replace(wish, content="Hello", source_updated_at=told_at + timedelta(minutes=1))
    edited = await crm.add_comment(later)
    assert await crm.add_comment(later) == edited
    assert (edited.id, edited.content, edited.created_at) == (first.id, "Hello", first.created_at)
    assert edited.edited_at is not None
    assert (await crm.add_comment(wish)).content == "Hello"  # older news
    assert len(vendor.writes("/tickets/*/comment")) == 2
    (read,) = (await crm.get_ticket(ticket.id)).comments
    assert (read.id, read.content) == (first.id, "Hello")
    gone = replace(later, deleted=True, source_updated_at=told_at + timedelta(minutes=2))
    assert (await crm.add_comment(gone)).deleted
    assert (await crm.add_comment(gone)).deleted
    assert (await crm.add_comment(later)).deleted
    assert len(vendor.writes("/tickets/*/comment")) == 3
    (read,) = (await crm.get_ticket(ticket.id)).comments
    assert (read.deleted, read.content) == (True, "")
    assert vendor.data.mail == []


async def test_only_the_masked_text_of_a_passcode_is_written(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    told = await crm.add_comment(message(ticket, "My passcode is 482913", 5))
    agent = message(ticket, "What is the PIN?", 6, author_kind="user", direction="outgoing")
    await crm.add_comment(replace(agent, author="Bench One"))
    bare = await crm.add_comment(message(ticket, "7788", 7))
    assert told.masked
    assert bare.masked
    assert "482913" not in str(vendor.asked)
    assert "7788" not in str([one.body["body"] for one in vendor.writes("/tickets/*/comment")])


async def test_a_passcode_in_the_vendors_own_comments_is_masked_when_read(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    row = vendor.data.tickets[int(ticket.id)]
    vendor.data.make_comment(
        row, {"subject": "Update", "body": "Passcode: 482913", "hidden": True, "tech": "Bench One"}
    )
    (read,) = (await crm.get_ticket(ticket.id)).comments
    assert "482913" not in read.content
    assert (read.is_internal, read.masked, read.author) == (True, True, "Bench One")
    assert read.metadata["subject"] == "Update"


async def test_a_conversation_is_linked_by_somebody_and_stays_linked(
    crm: RepairShopr, vendor: StandIn, tmp_path: Path
) -> None:
    ticket = await ticket_of(crm)
    other = await ticket_of(crm, title="Other")
    assert await crm.conversation(KEY) is None
    linked = await crm.link_conversation(LinkWish(KEY, "Agent One", ticket.id, last_message_id=9))
    assert (linked.crm_ticket_id, linked.last_message_id) == (ticket.id, 9)
    with pytest.raises(AlreadyLinked) as refused:
        await crm.link_conversation(LinkWish(KEY, "Agent Two", other.id))
    assert refused.value.ticket_id == ticket.id
    with pytest.raises(NotInCrm):
        await crm.link_conversation(LinkWish(replace(KEY, chatwoot_id=78), "x", "999999"))
    resolved = await crm.link_conversation(LinkWish(KEY, status="resolved", last_message_id=4))
    assert (resolved.status, resolved.last_message_id) == ("resolved", 9)
    assert resolved.resolved_at is not None
    again = adapter(vendor, links=tmp_path / "links.sqlite3")
    assert await again.conversation(KEY) == resolved
    assert (await again.get_ticket(ticket.id)).conversations == (resolved,)
    moved = await again.link_conversation(LinkWish(KEY, "x", other.id, instead_of=ticket.id))
    assert moved.crm_ticket_id == other.id
    await again.close()
