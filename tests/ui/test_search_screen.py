"""Finding a message and going to it, by keys alone and by mouse alone; and reading with no
network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from revivatui import config
from revivatui.screens.search import SearchScreen
from revivatui.text.inline import plain
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on, make_app

SIZES = [(80, 24), (200, 50)]
WORD = "xylophonist"


@pytest.fixture
def version() -> str:
    return "4.10.1"


def busy_thread(stage: Stage) -> tuple[int, list[int]]:
    """The longest conversation of the last month, and its messages' ids, ascending."""
    row = stage.shop.db.one(
        "SELECT conversations.* FROM conversations JOIN messages"
        " ON conversation_id = conversations.id WHERE conversations.created_at > ?"
        " GROUP BY conversations.id ORDER BY count(*) DESC",
        (int((stage.shop.clock.now() - 30 * 86_400) * 1_000_000),),
    )
    assert row is not None
    rows = stage.shop.db.where("messages", conversation_id=row["id"])
    return row["display_id"], sorted(one["id"] for one in rows)


def cursor_on(desk: OnScreen) -> int | None:
    item = desk.inbox.thread.cursor_item
    return item.message.id if item is not None and item.message is not None else None


async def searched(desk: OnScreen, text: str) -> None:
    """All of the text is searched for, not what stood there when the typing was slow."""
    await desk.until(lambda: (one := desk.state.search) and one.text == text, "a search for it")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_search_and_go_to_a_message_by_keys(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    number, ids = busy_thread(stage)
    assert len(ids) > 20
    old = ids[2]
    stage.shop.db.execute("UPDATE messages SET content = ? WHERE id = ?", (f"I am {WORD}", old))
    stage.customer_writes(stage.conversation(), f"Another {WORD} wrote this")
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await desk.press("ctrl+f")
        await desk.sees("Search messages")
        await desk.sees("two words")
        await desk.type(WORD[:8])
        await searched(desk, WORD[:8])
        await desk.sees("server: 2 in")
        lines = "\n".join(desk.lines())
        assert f"#{number}" in lines
        assert f"I am {WORD}" in lines
        await desk.press("down")
        await desk.press("enter")
        await desk.until(lambda: cursor_on(desk) == old, "the cursor on the message")
        assert desk.inbox.open_id == number
        assert desk.inbox.place == "thread"
        await desk.sees(f"I am {WORD}")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_search_and_go_to_a_message_by_mouse(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    conversation = stage.conversation()
    wrote = stage.customer_writes(conversation, f"A {WORD} wrote this")
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await desk.press("ctrl+f")
        await desk.type(WORD)
        await desk.click(f"#{conversation['display_id']} ")
        await desk.until(lambda: cursor_on(desk) == wrote, "the cursor on the message")
        await desk.press("ctrl+f")
        await desk.sees("wrote this")
        await desk.click("f2 everywhere")
        await desk.sees("The server cannot search one conversation alone")
        await desk.click("esc close")
        await desk.until(lambda: desk.app.screen is desk.inbox, "the inbox")


async def test_search_works_while_a_reply_is_written_and_keeps_it(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await desk.press("enter")
        await desk.sees("Reply to")
        await desk.press("r")
        await desk.type("half a thought")
        await desk.press("ctrl+f")
        await desk.sees("Search messages")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.inbox, "the inbox")
        assert desk.inbox.composer.text == "half a thought"
        assert desk.inbox.place == "composer"


async def test_enter_right_behind_the_last_letter_searches_and_chooses_nothing_old(
    stage: Stage, tmp_path: Path
) -> None:
    stage.customer_writes(stage.conversation(), f"A {WORD} wrote this")
    async with desk_on(stage, tmp_path / "desk") as desk:
        await desk.press("ctrl+f")
        await desk.type(WORD)
        await desk.sees("wrote this")
        await desk.type("zz")
        await desk.press("enter")
        await desk.sees("No message holds all of these words.")
        assert isinstance(desk.app.screen, SearchScreen)


async def test_a_server_that_does_not_search_is_said_and_nothing_breaks(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await stage.order(fault="500", path="*/search/messages*", count=20)
        await desk.press("ctrl+f")
        await desk.type(WORD)
        await desk.sees("Not everything was searched")
        await desk.sees("server: ")


async def test_hostile_words_in_a_hit_are_words(stage: Stage, tmp_path: Path) -> None:
    stage.customer_writes(stage.conversation(), f"[bold]{WORD}[/ \x1b]0;owned\x07 [/bold]")
    async with desk_on(stage, tmp_path / "desk") as desk:
        await desk.press("ctrl+f")
        await desk.type(WORD)
        await desk.sees(f"[bold]{WORD}[/")
        assert "\x1b" not in desk.text()


# --- with no network ---------------------------------------------------------------------------


@asynccontextmanager
async def desk_offline(
    stage: Stage, folder: Path, size: tuple[int, int]
) -> AsyncIterator[OnScreen]:
    """A desk that starts where it was left, with the server unreachable."""
    await stage.order("/listen", accept=False)
    app = make_app(stage.url, stage.agent["token"], folder, settings=config.Settings(crm_url=""))
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(lambda: app.session is not None and desk.state.offline_since, "offline")
        yield desk


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_start_read_search_and_write_with_no_network(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    stage.customer_writes(conversation, f"A {WORD} wrote this")
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await desk.press("3")
        await desk.press("ctrl+f")
        await desk.type(WORD)
        await desk.click(f"#{number} ")
        await desk.until(lambda: desk.inbox.open_id == number, "it is open")
        await desk.sees("wrote this")
        rows = list(desk.inbox.list.ids)
        await desk.until(lambda: desk.state.threads[number].complete_from is not None)
        texts = [one.content for one in desk.state.threads[number].messages]
    async with desk_offline(stage, tmp_path / "desk", size) as desk:
        assert desk.inbox.list.ids[: len(rows)] == rows
        await desk.press("ctrl+f")
        await desk.sees("offline: only what this machine keeps is searched")
        await desk.type(WORD)
        await searched(desk, WORD)
        await desk.sees("here: 1 in")
        await desk.sees("No connection")
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is desk.inbox, "the inbox")
        await desk.sees("offline since")
        await desk.sees("wrote this")
        last = plain(texts[-1])[:20]
        await desk.sees(last)
        await desk.press("r")
        await desk.type("From the tunnel")
        await desk.press("enter")
        await desk.until(lambda: desk.state.sends, "a send that waits")
        await desk.sees("From the tunnel")
        assert [one.content for one in desk.state.sends.values()] == ["From the tunnel"]
        assert all(one.state != "sent" for one in desk.state.sends.values())
        assert stage.messages_saying("From the tunnel") == []
        await stage.order("/listen", accept=True)
        await desk.live()
        await desk.until(lambda: stage.messages_saying("From the tunnel"), "it arrived")
        await desk.sees_no("offline since")


async def test_a_conversation_that_was_never_read_here_says_so(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await desk.press("3")
        await desk.until(lambda: len(desk.inbox.list.ids) > 3, "rows")
        threads = desk.state.threads
        never = next(one for one in desk.inbox.list.ids if one not in threads)
    async with desk_offline(stage, tmp_path / "desk", (120, 30)) as desk:
        desk.inbox.commands.open(never)
        await desk.sees("never read on this machine")
        await desk.sees("offline since")


# --- forgetting --------------------------------------------------------------------------------


async def test_forgetting_a_customer_asks_first_and_says_what_it_does(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path / "desk") as desk:
        await desk.press("3", "enter")
        await desk.sees("Reply to")
        number = desk.inbox.open_id
        assert number is not None
        conversation = desk.state.conversations[number]
        name = desk.state.contacts[conversation.contact_id].name
        await desk.press("ctrl+p")
        await desk.type("forget")
        await desk.press("enter")
        await desk.sees("Forget " + name)
        await desk.sees("The server is asked for nothing")
        await desk.press("escape")
        assert number in desk.state.conversations
        desk.inbox.commands.run("contact.forget", number)
        await desk.press("down", "enter")
        await desk.sees("was removed from this machine")
        assert number not in desk.state.conversations
        assert desk.inbox.open_id is None
