"""Whatever goes wrong with RepairShopr: nothing is doubled, each trouble is a plain sentence."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar, cast

import pytest

from revivatui.crm.errors import (
    CrmError,
    CrmUnreachable,
    NotPermitted,
    OutcomeUnknown,
    TokenRefused,
    TooManyRequests,
    UnreadableAnswer,
    WrongAddress,
)
from revivatui.crm.money import Money
from revivatui.crm.records_repairs import Repair
from revivatui.crm.repairshopr import RepairShopr
from revivatui.crm.wishes import (
    AppointmentWish,
    CommentWish,
    CustomerWish,
    LineWish,
    QuoteWish,
    TicketWish,
)
from tests.api.servers import raw_server, self_signed
from tests.crm.repairshopr.conftest import (
    GIVES_UP,
    adapter,
    intake_of,
    make_customer,
    no_sleep,
    phone_of,
)
from tests.crm.repairshopr.stand_in import LATE_SECONDS, TOKEN, Kind, StandIn
from tests.crm.repairshopr.test_tickets_and_comments import FROM_CHAT, message, ticket_of

T = TypeVar("T")

AMBIGUOUS: tuple[Kind, ...] = ("late", "lost")
"""The vendor acted, and the answer did not arrive."""


@pytest.fixture
def read_timeout() -> float:
    return GIVES_UP


async def repair_of(crm: RepairShopr) -> Repair:
    customer = await make_customer(crm)
    return await crm.create_repair(intake_of(await crm.save_device(phone_of(customer))))


# --- a write whose answer does not come ----------------------------------------------------------


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_comment_whose_answer_is_lost_is_written_once(
    crm: RepairShopr, vendor: StandIn, kind: Kind
) -> None:
    ticket = await ticket_of(crm)
    vendor.trouble(kind, method="POST", path="*/comment")
    wish = message(ticket, "Hello")
    first = await crm.add_comment(wish)
    assert await crm.add_comment(wish) == first
    assert len(vendor.writes("*/comment")) == 1


@pytest.mark.parametrize("drops_properties", [False, True])
@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_ticket_whose_answer_is_lost_is_made_once(
    crm: RepairShopr, vendor: StandIn, kind: Kind, drops_properties: bool
) -> None:
    vendor.data.drops_properties = drops_properties
    vendor.trouble(kind, method="POST", path="/tickets")
    chat = await ticket_of(crm)
    vendor.trouble(kind, method="POST", path="/tickets")
    no_chat = await crm.create_ticket(TicketWish(chat.customer_id, "From the counter"))
    vendor.trouble(kind, method="POST", path="/tickets")
    repair = await repair_of(crm)
    assert sorted(map(str, vendor.data.tickets)) == sorted([chat.id, no_chat.id, repair.id])


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_customer_a_device_a_visit_and_a_quote_are_made_once(
    crm: RepairShopr, vendor: StandIn, kind: Kind
) -> None:
    vendor.trouble(kind, method="POST", path="/customers")
    vendor.trouble(kind, method="POST", path="/customer_assets")
    vendor.trouble(kind, method="PUT", path="/customer_assets/*")
    repair = await repair_of(crm)
    vendor.trouble(kind, method="POST", path="/customers")
    nameless = await crm.upsert_customer(CustomerWish(name="Only A Name"))
    vendor.trouble(kind, method="POST", path="/appointments")
    starts = datetime.now(UTC) + timedelta(days=1)
    await crm.book_appointment(
        AppointmentWish(repair.customer_id, "drop_off", starts, starts + timedelta(hours=1))
    )
    vendor.trouble(kind, method="POST", path="/estimates")
    vendor.trouble(kind, method="POST", path="*/line_items", count=2)
    lines = tuple(LineWish("part", one, Money.parse("10", "EUR")) for one in ("One", "Two"))
    quote = await crm.create_quote(QuoteWish(repair.id, "EUR", lines, "bench"))
    data = vendor.data
    assert {str(one) for one in data.customers} == {repair.customer_id, nameless.id}
    assert (len(data.assets), len(data.appointments), len(data.estimates)) == (1, 1, 1)
    assert [one.description for one in quote.line_items] == ["One", "Two"]


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_an_email_to_a_customer_is_sent_once(
    allowed: RepairShopr, vendor: StandIn, kind: Kind
) -> None:
    repair = await repair_of(allowed)
    lines = (LineWish("part", "One", Money.parse("10", "EUR")),)
    quote = await allowed.create_quote(QuoteWish(repair.id, "EUR", lines, "bench"))
    vendor.trouble(kind, method="POST", path="*/email")
    sent = await allowed.send_quote(quote.id, version=quote.version, actor="bench")
    assert sent.status == "pending"
    assert len(vendor.data.mail) == 1


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_status_whose_answer_is_lost_is_set_with_one_note(
    allowed: RepairShopr, vendor: StandIn, kind: Kind
) -> None:
    ticket = await ticket_of(allowed)
    vendor.trouble(kind, method="PUT", path="/tickets/*")
    done = await allowed.set_ticket_status(ticket.id, "resolved", actor="x", notes="Collected")
    assert done.status == "resolved"
    assert len(vendor.writes("/tickets/*")) == 1
    assert len(vendor.data.comments) == 2


@pytest.mark.parametrize("kind", ["500", "503", "html", "dropped"])
async def test_a_comment_that_did_not_arrive_is_not_called_written_and_may_be_sent_again(
    crm: RepairShopr, vendor: StandIn, kind: Kind
) -> None:
    ticket = await ticket_of(crm)
    vendor.trouble(kind, method="POST", path="*/comment")
    wish = message(ticket, "Hello")
    with pytest.raises(OutcomeUnknown, match="A look did not find it"):
        await crm.add_comment(wish)
    assert len(vendor.writes("*/comment")) == 1  # never again by itself
    await crm.add_comment(wish)
    (kept,) = (await crm.get_ticket(ticket.id)).comments
    assert kept.content == "Hello"


async def test_a_comment_that_arrives_after_it_was_looked_for_is_found_the_next_time(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    vendor.trouble("slow", method="POST", path="*/comment")
    wish = message(ticket, "Hello")
    with pytest.raises(OutcomeUnknown):
        await crm.add_comment(wish)
    await asyncio.sleep(LATE_SECONDS)
    await crm.add_comment(wish)
    assert len(vendor.data.comments_of(int(ticket.id))) == 2  # the description and the message


async def test_a_ticket_that_arrives_late_is_found_by_its_conversation(
    crm: RepairShopr, vendor: StandIn
) -> None:
    await make_customer(crm)
    vendor.trouble("slow", method="POST", path="/tickets")
    with pytest.raises(OutcomeUnknown):
        await ticket_of(crm)
    await asyncio.sleep(LATE_SECONDS)
    found = await ticket_of(crm)
    assert [str(one) for one in vendor.data.tickets] == [found.id]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_breaks_in_whatever_order_each_message_is_one_comment(
    vendor: StandIn, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    kinds: tuple[Kind, ...] = ("lost", "lost", "dropped", "500", "503", "429", "html")
    crm = adapter(vendor, links=tmp_path / "links.sqlite3")
    customer = await make_customer(crm)
    wish = TicketWish(customer.id, "Chat Conversation #77", metadata=FROM_CHAT)
    ticket = await until_done(lambda: crm.create_ticket(wish), vendor, random, kinds)
    for number in range(1, 13):
        said = message(ticket, f"Message {number}", number)
        if random.random() < 0.3:  # a desk that was killed and lost its memory, too
            await crm.close()
            crm = adapter(vendor, links=tmp_path / f"links-{number}.sqlite3")
        add = partial(crm.add_comment, said)
        await until_done(add, vendor, random, kinds)
        if random.random() < 0.5:
            await until_done(add, vendor, random, kinds)
    vendor.calm()
    assert len(vendor.data.tickets) == 1
    read = (await crm.get_ticket(ticket.id)).comments
    assert [one.content for one in read] == [f"Message {number}" for number in range(1, 13)]
    assert len(vendor.data.comments) == 13
    assert vendor.data.mail == []
    await crm.close()


async def until_done(
    act: Callable[[], Awaitable[T]], vendor: StandIn, random: Random, kinds: tuple[Kind, ...]
) -> T:
    """As an outbox does: again, until it is known to be done."""
    for attempt in range(50):
        for _ in range(random.randrange(3) if attempt < 5 else 0):
            method = random.choice(("GET", "POST"))
            vendor.trouble(random.choice(kinds), method=method, count=random.randrange(1, 5))
        try:
            return await act()
        except CrmError as error:
            assert_is_plain(str(error))
    raise AssertionError("never done")


# --- what only asks ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["503", "dropped"])
async def test_a_question_is_asked_again_a_little_later(
    crm: RepairShopr, vendor: StandIn, kind: Kind
) -> None:
    made = await make_customer(crm)
    vendor.trouble(kind, method="GET", path="/customers/*", count=2)
    assert await crm.get_customer(made.id) == made
    vendor.trouble(kind, method="GET", path="/customers/*", count=3)
    with pytest.raises(CrmUnreachable):
        await crm.get_customer(made.id)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("500", CrmUnreachable),
        ("late", CrmUnreachable),
        ("html", UnreadableAnswer),
        ("redirect", WrongAddress),
    ],
)
async def test_each_trouble_is_a_plain_sentence(
    crm: RepairShopr, vendor: StandIn, kind: Kind, expected: type[CrmError]
) -> None:
    made = await make_customer(crm)
    vendor.trouble(kind, method="GET", path="/customers/*")
    with pytest.raises(expected) as told:
        await crm.get_customer(made.id)
    assert_is_plain(str(told.value))


def assert_is_plain(said: str) -> None:
    assert re.match(r"[A-Z0-9].*\.$", said)
    assert not re.search(r"Traceback|Error\b|httpx|None|\{|<", said)
    assert TOKEN not in said


async def test_a_wrong_token_says_what_to_do(vendor: StandIn) -> None:
    crm = adapter(vendor, "another-token")
    with pytest.raises(TokenRefused, match="Admin, API Tokens"):
        await crm.find_customer(email="one@example.com")
    health = await crm.health()
    assert not health.ok
    assert_is_plain(health.words)
    await crm.close()
    for wrong in ("", "two words", "tøken"):
        with pytest.raises(TokenRefused):
            adapter(vendor, wrong)


async def test_a_token_that_may_not_says_which_permission(
    crm: RepairShopr, vendor: StandIn
) -> None:
    vendor.data.permissions["ticket"]["write"] = False
    health = await crm.health()
    assert health.ok
    assert health.words == (
        "RepairShopr answers as Bench One. "
        "The access token may not make tickets and write comments."
    )
    ticket = await ticket_of(crm)
    vendor.trouble("403", method="POST", path="*/comment")
    with pytest.raises(NotPermitted, match="Widen its permissions") as told:
        await crm.add_comment(message(ticket, "Hello"))
    assert_is_plain(str(told.value))


async def test_a_server_that_is_gone_is_said_to_be(vendor: StandIn) -> None:
    crm = RepairShopr("http://127.0.0.1:9", TOKEN, sleep=no_sleep)
    health = await crm.health()
    assert not health.ok
    assert "cannot be reached" in health.words
    with pytest.raises(CrmUnreachable, match="Nothing was changed"):
        await crm.add_comment(CommentWish("1", "x", "Bench One"))
    await crm.close()


async def test_a_certificate_that_nobody_signed_is_not_trusted() -> None:
    async def never_asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise AssertionError("asked")

    async with raw_server(never_asked, self_signed()) as port:
        crm = RepairShopr(f"https://localhost:{port}", TOKEN, sleep=no_sleep)
        with pytest.raises(CrmUnreachable, match="encrypted connection") as told:
            await crm.add_comment(CommentWish("1", "x", "Bench One"))
        assert_is_plain(str(told.value))
        await crm.close()


# --- too many requests ---------------------------------------------------------------------------


async def test_a_pause_that_the_vendor_wants_is_made_for_writes_too(vendor: StandIn) -> None:
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    crm = adapter(vendor, sleep=sleep)
    vendor.trouble("429", path="/customers", method="POST", count=2, retry_after=3)
    await make_customer(crm)
    assert len(vendor.data.customers) == 1
    assert paused.count(3.0) == 2
    await crm.close()


async def test_a_storm_of_refusals_ends_in_one_sentence_and_doubles_nothing(
    crm: RepairShopr, vendor: StandIn
) -> None:
    ticket = await ticket_of(crm)
    storm = vendor.trouble("429", count=1000)
    with pytest.raises(TooManyRequests, match="takes more in 60 seconds") as told:
        await crm.add_comment(message(ticket, "Hello"))
    assert told.value.wait == 60.0
    storm.count = 0
    vendor.trouble("429", retry_after=600)
    before = len(vendor.asked)
    with pytest.raises(TooManyRequests, match="600 seconds"):
        await crm.get_customer(ticket.customer_id)
    assert len(vendor.asked) == before + 1  # longer than anybody waits
    await crm.add_comment(message(ticket, "Hello"))
    assert len(vendor.writes("*/comment")) == 1


# --- secrets -------------------------------------------------------------------------------------


async def test_the_token_is_in_no_address_log_repr_or_traceback(
    crm: RepairShopr, vendor: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ticket = await ticket_of(crm)
    vendor.trouble("lost", method="GET", path="/tickets/*", count=3)
    told = ""
    try:
        await crm.get_ticket(ticket.id)
    except CrmError as error:
        told = "".join(traceback.format_exception(error))
    assert told
    shown = f"{crm!r} {crm._work!r} {crm._wire!r} {caplog.text} {told}"
    assert TOKEN not in shown
    assert vendor.tokens_in_urls == []


async def test_with_everything_off_no_customer_is_written_to_and_no_state_changes(
    crm: RepairShopr, vendor: StandIn
) -> None:
    """All that a shop can do with everything switched off, in one go."""
    repair = await repair_of(crm)
    ticket = await ticket_of(crm, description="x")
    await crm.add_comment(message(ticket, "Hello"))
    await crm.add_comment(replace(message(ticket, "Hi", 6), author_kind="user", author="Bench"))
    await crm.add_note(repair.id, "x", actor="Bench", public=True)
    starts = datetime.now(UTC) + timedelta(days=1)
    await crm.book_appointment(
        AppointmentWish(repair.customer_id, "phone", starts, starts + timedelta(hours=1))
    )
    lines = (LineWish("part", "One", Money.parse("10", "EUR")),)
    await crm.create_quote(QuoteWish(repair.id, "EUR", lines, "bench"))
    assert vendor.data.mail == []
    statuses = {cast(str, one["status"]) for one in vendor.data.tickets.values()}
    assert statuses == {"New"}
    assert all("status" not in (one.body or {}) for one in vendor.writes("/tickets*"))
