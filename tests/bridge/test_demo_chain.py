"""The demo's whole chain over real sockets: shop, CRM and bridge, each a process of its own, and
the desk in front of them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from revivatui.app import DeskApp
from revivatui.bridge.attributes import DEFINITIONS
from revivatui.bridge.opening import alone
from revivatui.bridge_demo import NICE
from tests.bridge.demo_chain import PATIENCE, Chain, Regular, children_of, is_alive, running_chain
from tests.ui.desk_help import OnScreen
from tools.terminal import Terminal

SIZE = 200, 50
MOST_SECONDS = 10.0
"""From opening a chat to its repair, however busy the machine; `make bench` holds it to 0.3."""
patient = pytest.mark.timeout(500)
"""Several processes that fill, catch up and compare, on whatever machine."""
DEMO = [sys.executable, "-m", "revivatui", "demo", "--people", "none", "--data"]
CRM, LOCK, LOG = (
    Path("desk", folder, name)
    for folder, name in (
        ("data", "crm-4.10.1.sqlite3"),
        ("data", "crm-4.10.1.bridge.lock"),
        ("logs", "bridge.log"),
    )
)


@asynccontextmanager
async def desk_on(chain: Chain) -> AsyncIterator[OnScreen]:
    """The demo's desk, live, its CRM open."""
    app = DeskApp(chain.settings, chain.paths, lambda: (chain.shop["agent"]["token"], ""))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.live()
        await desk.until(lambda: desk.crm.house.as_of, "an open CRM")
        yield desk


async def until(chain: Chain, true: Callable[[], object], what: str) -> None:
    """Wait while the desk goes on."""
    await asyncio.to_thread(chain.until, true, what)


def said_in(chain: Chain, conversation: int) -> list[int]:
    """The newest page of what was said in a conversation, by customers and agents."""
    rows = chain.as_administrator(f"conversations/{conversation}/messages")["payload"]
    return [row["id"] for row in rows if row["message_type"] != 2]


# --- somebody writes -----------------------------------------------------------------------------


@patient
async def test_a_message_is_a_comment_the_chat_shows_its_repair_and_resolving_resolves_the_ticket(
    tmp_path: Path,
) -> None:
    with running_chain(tmp_path) as chain, chain.bridge():
        regular = chain.regular()
        async with desk_on(chain) as desk:
            message = regular.writes("Is it ready to be fetched?")
            await desk.sees("Is it ready to be fet")  # in the list, whose chat is not open
            await shows_the_repair_soon(desk, regular)
            await answer(desk, "Tomorrow at noon")
            await until(
                chain,
                lambda: "Tomorrow at noon" in [text for _, text, _ in comments(regular)],
                "a comment with the answer",
            )
            said = [one for one in comments(regular) if one[0] == message]
            assert said == [(message, "Is it ready to be fetched?", False)]
            await desk.press("escape")
            await desk.press("e")
            await until(chain, lambda: tickets(regular) == [("resolved",)], "a resolved ticket")
        chain.at_rest()
        kept = [number for number, _, _ in comments(regular)]
        assert len(kept) == len(set(kept))
        assert set(said_in(chain, regular.conversation)) <= set(kept)
        shows_in_chatwoot_what_the_crm_knows(regular)


def comments(regular: Regular) -> list[tuple[int, str, bool]]:
    return [
        (number, text, bool(internal))
        for number, text, internal in regular.chain.comments_of(regular.conversation)
    ]


def tickets(regular: Regular) -> list[tuple[str]]:
    """The state of the one ticket of the chat, of the customer whom the CRM had already."""
    return regular.chain.ask(
        "SELECT tickets.status FROM chat_conversations JOIN tickets ON tickets.id = crm_ticket_id"
        " WHERE installation = 'demo' AND chatwoot_id = ? AND tickets.customer_id = ?",
        (regular.conversation, regular.customer_id),
    )


async def shows_the_repair_soon(desk: OnScreen, regular: Regular) -> None:
    assert regular.repair not in desk.text()
    started = time.monotonic()
    desk.inbox.commands.open(regular.conversation)
    await desk.sees(regular.repair)
    took = time.monotonic() - started
    print(f"from opening the chat to its repair: {took * 1000:.0f} ms")
    assert took < MOST_SECONDS
    assert desk.inbox.open_id == regular.conversation


async def answer(desk: OnScreen, text: str) -> None:
    await desk.press("r")
    await desk.until(lambda: desk.inbox.place == "composer", "the composer")
    await desk.type(text)
    await desk.press("enter")
    await desk.until(lambda: desk.inbox.composer.text == "", "an empty composer")


def shows_in_chatwoot_what_the_crm_knows(regular: Regular) -> None:
    """The contact's hash of custom attributes, and a definition for what pages show of it."""
    chain = regular.chain
    told = told_at(chain, f"contacts/{regular.contact}", "customer_id")
    assert told["customer_id"] == regular.customer_id
    assert 1 <= told["active_repairs"] <= told["total_repairs"]
    newest = told["repair_history"][0]
    assert set(newest) == {"id", "device", "type", "status", "created_at", "technician"}
    assert regular.repair in [one["id"] for one in told["repair_history"]]
    assert told["current_device"]
    assert told["repair_status"]
    chat = told_at(chain, f"conversations/{regular.conversation}", "crm_ticket_id")
    assert chat["crm_ticket_id"].startswith("T-")
    assert regular.repair in [one["id"] for one in chat["context"]["active_repairs"]]
    defined = {
        (row["attribute_model"], row["attribute_key"])
        for model in ("contact_attribute", "conversation_attribute")
        for row in chain.as_administrator("custom_attribute_definitions", attribute_model=model)
    }
    assert {(one.model, one.key) for one in DEFINITIONS} <= defined


def told_at(chain: Chain, path: str, key: str) -> dict[str, Any]:
    """The custom attributes of something in Chatwoot, once there is this one among them."""

    def read() -> dict[str, Any]:
        answer = chain.as_administrator(path)
        attributes: dict[str, Any] = answer.get("payload", answer)["custom_attributes"]
        return attributes

    chain.until(lambda: key in read(), f"{key} at {path}")
    return read()


# --- a second start ------------------------------------------------------------------------------


@patient
@pytest.mark.parametrize("version", ["3.9.0"])
def test_a_second_start_goes_on_with_the_same_crm_and_one_webhook(
    version: str, tmp_path: Path
) -> None:
    with running_chain(tmp_path, version) as chain:
        with chain.bridge():
            regular = chain.regular()
            first = regular.writes("One")
            chain.until(lambda: first in numbers(regular), "the first comment")
            customers, kept = chain.ask("SELECT count(*) FROM customers"), numbers(regular)
        missed = regular.writes("While nobody listened")
    with running_chain(tmp_path, version) as chain:
        with chain.bridge():
            regular = chain.regular()
            assert numbers(regular) == [*kept, missed]
            assert chain.ask("SELECT count(*) FROM customers") == customers
            (webhook,) = chain.as_administrator("webhooks")["payload"]["webhooks"]
            last = regular.writes("Three")
            chain.until(lambda: last in numbers(regular), "a comment by way of the webhook")
            heard = chain.ask(
                "SELECT count(*) FROM bridge_inbox WHERE source = 'webhook' AND dedup_key LIKE ?",
                (f"%{last}%",),
            )
        assert heard != [(0,)]
        assert numbers(regular) == [*kept, missed, last]
        assert webhook["url"].startswith("http://127.0.0.1:")


def numbers(regular: Regular) -> list[int]:
    return [number for number, _, _ in comments(regular)]


# --- the demo itself, in a terminal --------------------------------------------------------------


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal([*DEMO, str(tmp_path)], 120, 40) as terminal:
        yield terminal


def bridge_of(terminal: Terminal) -> int:
    """It comes behind the desk's start."""
    found: list[int] = []

    def is_there() -> bool:
        beside = children_of(terminal.pid)
        found[:] = [pid for pid, words in beside.items() if "bridge_demo" in words]
        return bool(found)

    terminal.until(is_there, 30, "a bridge")
    return found[0]


def priority(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def test_the_demo_runs_a_bridge_at_low_priority_and_one_that_ends_is_told_and_stops_nothing(
    demo: Terminal,
) -> None:
    demo.wait_for("live", 60)
    bridge = bridge_of(demo)
    demo.until(lambda: priority(bridge) >= priority(demo.pid) + NICE, 20, "a low priority")
    os.kill(bridge, signal.SIGKILL)
    demo.wait_for("The bridge ended", 60)
    demo.send("\r")
    demo.wait_for("Reply to", 60)
    demo.send("\x11")  # ctrl+q
    assert demo.wait_exit(20) == 0
    assert "chats go into the CRM no more" in demo.text()


def test_a_bridge_that_cannot_start_says_why_on_the_screen_and_the_desk_goes_on(
    tmp_path: Path,
) -> None:
    (tmp_path / CRM).parent.mkdir(parents=True)
    (tmp_path / CRM).touch()  # one that is there is not filled
    with alone(tmp_path / LOCK), Terminal([*DEMO, str(tmp_path)], 120, 40) as demo:
        demo.wait_for("live", 60)
        demo.wait_for("works on this CRM", PATIENCE)
        demo.send("\r")
        demo.wait_for("Reply to", 60)
        demo.send("\x11")
        assert demo.wait_exit(20) == 0
    assert "works on this CRM already" in (tmp_path / LOG).read_text()


def test_a_demo_that_is_killed_leaves_nothing_behind(demo: Terminal) -> None:
    demo.wait_for("live", 60)
    bridge = bridge_of(demo)
    beside = children_of(demo.pid)
    assert {"shop" in words for words in beside.values()} == {True, False}
    assert bridge in beside
    os.kill(demo.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(map(is_alive, beside)):
        assert time.monotonic() < deadline, [beside[one] for one in beside if is_alive(one)]
        time.sleep(0.05)
