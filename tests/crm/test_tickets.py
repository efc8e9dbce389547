"""Tickets, comments and links: adding twice is adding once, and no passcode is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revivatui.crm.errors import AlreadyLinked, InvalidRecord, NotInCrm, StaleRecord
from revivatui.crm.records_tickets import Attachment, ConversationKey, Ticket
from revivatui.crm.store import Store
from revivatui.crm.wishes import CommentWish, CustomerWish, LinkWish, TicketChange, TicketWish
from tests.crm.build import START, Clock, House, take_in

KEY = ConversationKey("desk.example.com", 1, 77)
DESK = "desk.example.com"


async def ticket_of(store: Store, house: House, **more: object) -> Ticket:
    wish = TicketWish(house.customer.id, "Chat Conversation #77", source="chatwoot")
    return await store.create_ticket(replace(wish, **more))  # type: ignore[arg-type]


def message(ticket: Ticket, content: str, number: int = 5, **more: object) -> CommentWish:
    wish = CommentWish(
        ticket.id,
        content,
        "Customer One",
        author_kind="contact",
        direction="incoming",
        installation=DESK,
        chatwoot_message_id=number,
        created_at=START,
        source_updated_at=START,
        metadata={"message_type": 0},
    )
    return replace(wish, **more)  # type: ignore[arg-type]


async def test_a_ticket_comes_back_as_written(store: Store, house: House) -> None:
    repair = await take_in(store, house)
    ticket = await ticket_of(
        store,
        house,
        description="Screen. PIN 9911",
        metadata={"chatwoot_conversation_id": 77, "conversation_url": "https://desk.example.com"},
        repair_ids=(repair.id,),
    )
    assert (ticket.number, ticket.status, ticket.priority) == ("T-1001", "open", "medium")
    found = await store.get_ticket(ticket.id)
    assert found.ticket == ticket
    assert not found.comments
    assert not found.conversations
    assert "9911" not in ticket.description
    assert (await store.get_repair(repair.id)).row.repair.ticket_id == ticket.id
    assert await store.open_tickets_of(house.customer.id) == (ticket,)
    with pytest.raises(NotInCrm):
        await store.get_ticket("none")


async def test_resolving_twice_is_resolving_once_and_reopening_is_counted(
    store: Store, house: House, clock: Clock
) -> None:
    ticket = await ticket_of(store, house)
    done = await store.set_ticket_status(ticket.id, "resolved", actor="bridge", notes="Collected")
    assert (done.resolved_at, done.resolved_by, done.resolution_notes) == (
        clock(),
        "bridge",
        "Collected",
    )
    clock.forward(hours=1)
    assert await store.set_ticket_status(ticket.id, "resolved", actor="other") == done
    assert await store.open_tickets_of(house.customer.id) == ()
    again = await store.set_ticket_status(ticket.id, "open", actor="bridge")
    assert (again.reopened_count, again.resolved_at, again.version) == (1, None, 3)


async def test_a_stale_change_of_a_ticket_is_refused(store: Store, house: House) -> None:
    ticket = await ticket_of(store, house)
    await store.set_ticket_status(ticket.id, "pending", actor="one", version=1)
    with pytest.raises(StaleRecord):
        await store.set_ticket_status(ticket.id, "resolved", actor="two", version=1)
    assert (await store.get_ticket(ticket.id)).ticket.status == "pending"


async def test_a_ticket_is_changed_by_who_saw_its_last_state(store: Store, house: House) -> None:
    ticket = await ticket_of(store, house, metadata={"a": 1})
    repair = await take_in(store, house)
    change = TicketChange(
        title="Screen, senha: gato77",
        priority="urgent",
        assignee_id=house.technician.id,
        metadata={"b": 2},
        repair_ids=(repair.id,),
    )
    changed = await store.change_ticket(ticket.id, change, version=1)
    assert (changed.priority, changed.version, changed.repair_ids) == ("urgent", 2, (repair.id,))
    assert changed.metadata == {"a": 1, "b": 2}
    assert "gato77" not in changed.title
    assert (await store.get_ticket(ticket.id)).ticket == changed
    assert await store.change_ticket(ticket.id, TicketChange(priority="urgent"), version=2) == (
        changed
    )
    with pytest.raises(StaleRecord):
        await store.change_ticket(ticket.id, TicketChange(priority="low"), version=1)


async def test_a_message_added_twice_is_one_comment(store: Store, house: House) -> None:
    ticket = await ticket_of(store, house)
    wish = message(
        ticket, "Hello", attachments=(Attachment("https://x.example/a.jpg", "a.jpg", "image/jpeg"),)
    )
    first = await store.add_comment(wish)
    cursor = (await store.changes_since("")).cursor
    assert await store.add_comment(wish) == first
    assert (await store.get_ticket(ticket.id)).comments == (first,)
    assert (await store.changes_since(cursor)).changes == ()


async def test_a_message_added_by_many_at_once_is_one_comment(store: Store, house: House) -> None:
    ticket = await ticket_of(store, house)
    made = await asyncio.gather(
        *(store.add_comment(message(ticket, "Hello")) for _ in range(8)),
        *(store.add_comment(message(ticket, "Other", number=6)) for _ in range(8)),
    )
    assert len({one.id for one in made}) == 2
    assert len((await store.get_ticket(ticket.id)).comments) == 2


async def test_the_same_number_of_another_chatwoot_is_another_message(
    store: Store, house: House
) -> None:
    ticket = await ticket_of(store, house)
    await store.add_comment(message(ticket, "Hello"))
    await store.add_comment(message(ticket, "Hello", installation="other.example.com"))
    await store.add_comment(CommentWish(ticket.id, "A note", "bench", is_internal=True))
    await store.add_comment(CommentWish(ticket.id, "A note", "bench", is_internal=True))
    assert len((await store.get_ticket(ticket.id)).comments) == 4
    with pytest.raises(InvalidRecord):
        await store.add_comment(message(ticket, "Hello", installation=""))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(4)), repeats=st.lists(st.integers(0, 3), max_size=4))
async def test_edits_and_tombstones_end_the_same_in_any_order(
    store: Store, order: list[int], repeats: list[int]
) -> None:
    house = await _house_once(store)
    ticket = await ticket_of(store, house)
    number = int(ticket.number[2:])
    news = [
        message(
            ticket,
            text,
            number=number,
            source_updated_at=START + timedelta(seconds=at),
            deleted=text == "",
        )
        for at, text in enumerate(("one", "two", "three", ""))
    ]
    for place in [*order, *repeats]:
        kept = await store.add_comment(news[place])
    assert (kept.deleted, kept.content, kept.created_at) == (True, "", START)


async def _house_once(store: Store) -> House:
    from tests.crm.build import make_house

    known = await store.search("one@example.com")
    if not known:
        return await make_house(store)
    shops = await store.locations()
    devices = await store.devices_of(known[0].customer.id)
    technicians = await store.technicians()
    return House(shops[0], shops[1], technicians[0], known[0].customer, devices[0])


async def test_older_news_does_not_overwrite_an_edit(
    store: Store, house: House, clock: Clock
) -> None:
    ticket = await ticket_of(store, house)
    later = START + timedelta(minutes=1)
    await store.add_comment(message(ticket, "Helo"))
    edited = await store.add_comment(message(ticket, "Hello", source_updated_at=later))
    assert (edited.content, edited.edited_at) == ("Hello", later)
    assert await store.add_comment(message(ticket, "Helo")) == edited


async def test_what_a_deleted_message_said_is_gone(store: Store, house: House) -> None:
    ticket = await ticket_of(store, house)
    await store.add_comment(message(ticket, "Secret plan"))
    gone = await store.add_comment(message(ticket, "This message was deleted", deleted=True))
    assert gone.deleted
    assert gone.content == ""
    assert "Secret" not in str(await store.get_ticket(ticket.id))


async def test_only_the_masked_text_of_a_passcode_is_kept(store: Store, house: House) -> None:
    ticket = await ticket_of(store, house)
    first = await store.add_comment(message(ticket, "o código é 1234"))
    assert first.masked
    await store.add_comment(
        CommentWish(ticket.id, "What is the passcode?", "Agent", created_at=START)
    )
    bare = await store.add_comment(
        message(ticket, "4821", number=6, created_at=START + timedelta(minutes=1))
    )
    assert bare.masked
    edited = await store.add_comment(
        message(ticket, "password is hunter2", source_updated_at=START + timedelta(minutes=9))
    )
    assert edited.masked
    told = str(await store.get_ticket(ticket.id))
    assert not any(secret in told for secret in ("1234", "4821", "hunter2"))


async def test_a_conversation_is_remembered_once_with_the_ticket_somebody_chose(
    store: Store, house: House, clock: Clock
) -> None:
    assert await store.conversation(KEY) is None
    ticket = await ticket_of(store, house)
    seen = await store.link_conversation(LinkWish(KEY, contact_id=9, status="open"))
    assert seen.crm_ticket_id is None
    clock.forward(minutes=1)
    linked = await store.link_conversation(
        LinkWish(KEY, linked_by="agent 3", ticket_id=ticket.id, customer_id=house.customer.id)
    )
    assert linked.id == seen.id
    assert (linked.crm_ticket_id, linked.linked_by, linked.contact_id, linked.key) == (
        ticket.id,
        "agent 3",
        9,
        KEY,
    )
    assert await store.conversation(KEY) == linked
    assert await store.conversation(replace(KEY, account_id=2)) is None
    assert (await store.get_ticket(ticket.id)).conversations == (linked,)


async def test_a_link_is_changed_only_by_who_knows_the_old_one(store: Store, house: House) -> None:
    first, second = await ticket_of(store, house), await ticket_of(store, house)
    await store.link_conversation(LinkWish(KEY, linked_by="one", ticket_id=first.id))
    with pytest.raises(AlreadyLinked) as refused:
        await store.link_conversation(LinkWish(KEY, linked_by="two", ticket_id=second.id))
    assert refused.value.ticket_id == first.id
    moved = await store.link_conversation(
        LinkWish(KEY, linked_by="two", ticket_id=second.id, instead_of=first.id)
    )
    assert (moved.crm_ticket_id, moved.linked_by) == (second.id, "two")
    with pytest.raises(NotInCrm):
        await store.link_conversation(LinkWish(KEY, ticket_id="none", instead_of=second.id))


async def test_a_link_is_taken_back_by_who_knows_it_and_the_customer_stays(
    store: Store, house: House
) -> None:
    first, second = await ticket_of(store, house), await ticket_of(store, house)
    with pytest.raises(NotInCrm):
        await store.unlink_conversation(KEY, first.id)
    wish = LinkWish(KEY, linked_by="one", ticket_id=first.id, customer_id=house.customer.id)
    await store.link_conversation(wish)
    with pytest.raises(AlreadyLinked) as refused:
        await store.unlink_conversation(KEY, second.id)
    assert refused.value.ticket_id == first.id
    for _ in range(2):
        free = await store.unlink_conversation(KEY, first.id)
        assert (free.crm_ticket_id, free.linked_by) == (None, "")
        assert free.customer_id == house.customer.id
    assert (await store.get_ticket(first.id)).conversations == ()
    assert (await store.link_conversation(wish)).crm_ticket_id == first.id


async def test_the_conversations_of_a_customer_are_theirs_and_those_of_their_tickets(
    store: Store, house: House, clock: Clock
) -> None:
    ticket = await ticket_of(store, house)
    other = await store.upsert_customer(CustomerWish(name="Other", email="other@example.com"))
    keys = [replace(KEY, chatwoot_id=number) for number in (1, 2, 3)]
    for wish in (
        LinkWish(keys[0], customer_id=house.customer.id),
        LinkWish(keys[1], linked_by="one", ticket_id=ticket.id),
        LinkWish(keys[2], customer_id=other.id),
    ):
        clock.forward(minutes=1)
        await store.link_conversation(wish)
    found = await store.conversations_of(house.customer.id)
    assert [one.key for one in found] == [keys[1], keys[0]]
    assert await store.conversations_of("nobody") == ()


async def test_the_cursor_of_a_conversation_never_goes_back(store: Store, clock: Clock) -> None:
    for number, kept in ((5, 5), (9, 9), (7, 9)):
        link = await store.link_conversation(LinkWish(KEY, last_message_id=number))
        assert link.last_message_id == kept
    done = await store.link_conversation(LinkWish(KEY, status="resolved"))
    assert done.resolved_at == clock()
    assert (await store.link_conversation(LinkWish(KEY, status="open"))).resolved_at is None


async def test_a_conversation_met_by_many_at_once_is_one(store: Store) -> None:
    links = await asyncio.gather(
        *(store.link_conversation(LinkWish(KEY, last_message_id=one)) for one in range(1, 9))
    )
    assert len({one.id for one in links}) == 1
    kept = await store.conversation(KEY)
    assert kept is not None
    assert kept.last_message_id == 8
