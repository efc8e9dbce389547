"""Words are found on this machine at once and by the server beside it, and what was found opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from revivatui.cache.snapshot import Snapshot, ThreadPart
from revivatui.cache.store import Cache
from revivatui.state.searching import MACHINE, SERVER
from revivatui.state.select import thread
from tests.state.build import NOON, message
from tests.support.desks import ONLY_ASKED, Desk, profile_of, running_desk
from tests.support.shops import Stage

TIMING = replace(ONLY_ASKED, search_quiet=0.05)
WORD = "xylophonist"


@asynccontextmanager
async def desk_on(stage: Stage, path: Path) -> AsyncIterator[Desk]:
    cache = Cache.open(path)
    try:
        async with running_desk(profile_of(stage), cache, TIMING) as desk:
            yield desk
    finally:
        cache.close()


async def searched(desk: Desk, text: str, conversation_id: int | None = None) -> dict[int, str]:
    """Message id -> who found it, when both sources are through."""
    desk.engine.find(text, conversation_id)
    await desk.until(lambda: desk.state.search and not desk.state.search.searching, "an end")
    assert desk.state.search is not None
    return {hit.message_id: hit.source for hit in desk.state.search.hits}


async def kept(desk: Desk, text: str) -> None:
    """Wait until a message with this text is on the disk."""
    found: set[str] = set()
    while not found & {"here", "both"}:
        found = set((await searched(desk, text)).values())


async def longest(stage: Stage) -> tuple[int, list[int]]:
    """The conversation with the most messages, and their ids, ascending."""
    row = stage.shop.db.one(
        "SELECT conversations.* FROM conversations JOIN messages"
        " ON conversation_id = conversations.id GROUP BY conversations.id"
        " ORDER BY count(*) DESC"
    )
    assert row is not None
    rows = stage.shop.db.all(
        "SELECT id FROM messages WHERE conversation_id = ? ORDER BY id", (row["id"],)
    )
    return row["display_id"], [one["id"] for one in rows]


async def test_each_hit_says_who_found_it(stage: Stage, tmp_path: Path) -> None:
    seen, unseen = stage.conversation(), stage.conversation("Channel::Email")
    both = stage.customer_writes(seen, f"I am a {WORD}, me")
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        desk.engine.open(seen["display_id"])
        await desk.until(lambda: desk.texts(seen["display_id"]))
        await kept(desk, WORD)
        await desk.until(lambda: desk.state.search and not desk.state.search.searching)
        await stage.order("/worker", up=False)  # from now on the desk is told of nothing
        server_only = stage.customer_writes(unseen, f"Another {WORD} here")
        found = await searched(desk, WORD)
        assert found == {both: "both", server_only: "server"}
        assert desk.state.search is not None
        hit = desk.state.search.hits[0]
        assert hit.conversation_id == unseen["display_id"]
        assert [hit.snippet[a:b] for a, b in hit.marks] == [WORD]
        sources = desk.state.search.sources
        assert sources[MACHINE].state == sources[SERVER].state == "done"
        # A word that stands in no message, and a part of one: the server finds parts, we do not.
        assert await searched(desk, "ylophonis ") == dict.fromkeys((both, server_only), "server")


async def test_typing_on_asks_the_server_for_the_last_query_alone(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    written = stage.customer_writes(conversation, f"I am a {WORD}")
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        stage.forget_asked()
        for end in range(2, len(WORD)):
            desk.engine.find(WORD[:end])
        found = await searched(desk, WORD)
        assert list(found) == [written]
        assert len(stage.asked("GET", "*/search/messages*")) == 1


async def test_a_late_answer_of_an_older_query_is_dropped(stage: Stage, tmp_path: Path) -> None:
    stage.customer_writes(stage.conversation(), f"I am a {WORD}")
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        await stage.order(fault="slow", path="*/search/messages*", seconds=0.5, count=1)
        desk.engine.find(WORD)
        await desk.until(lambda: stage.asked("GET", "*/search/messages*"))
        assert await searched(desk, "nothing like that zzz") == {}
        assert desk.state.search is not None
        assert desk.state.search.text == "nothing like that zzz"


async def test_a_server_that_fails_says_so_and_local_hits_stay(
    stage: Stage, tmp_path: Path
) -> None:
    number = stage.conversation()["display_id"]
    written = stage.customer_writes(stage.conversation(), f"I am a {WORD}")
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        desk.engine.open(number)
        await kept(desk, WORD)
        await stage.order(fault="500", path="*/search/messages*", count=20)
        assert await searched(desk, WORD) == {written: "here"}
        assert desk.state.search is not None
        source = desk.state.search.sources[SERVER]
        assert source.state == "not"
        assert source.reason.endswith(".")


async def test_an_old_message_that_was_found_opens_the_thread_down_to_it(
    stage: Stage, tmp_path: Path
) -> None:
    number, ids = await longest(stage)
    assert len(ids) > 60
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        stage.forget_asked()
        desk.engine.show_message(number, ids[5])
        await desk.until(lambda: ids[5] in _shown(desk, number), "the message in the thread")
        await desk.until(lambda: thread(desk.state, number).sealed)
        assert _shown(desk, number) == ids[5:], "down to it without a gap"
        assert desk.state.open_id == number
        assert len(stage.asked("GET", f"*/{number}/messages*")) <= 3
        assert stage.asked("POST", "*/update_last_seen") == []


async def test_a_message_that_is_gone_is_said_to_be(stage: Stage, tmp_path: Path) -> None:
    number, ids = await longest(stage)
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        desk.engine.show_message(number, ids[-1] + 10_000)
        await desk.until(lambda: any("not there any more" in one.text for one in desk.notices))
        assert desk.state.sought is None


def _shown(desk: Desk, number: int) -> list[int]:
    return [one.id for one in thread(desk.state, number).messages]


async def test_with_the_network_off_start_read_search_and_write_work(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "cache.sqlite3"
    number, ids = await longest(stage)
    async with desk_on(stage, path) as desk:
        await desk.live()
        desk.engine.show_message(number, ids[3])
        await desk.until(lambda: ids[3] in _shown(desk, number))
        texts = {one.id: one.content for one in thread(desk.state, number).messages}
    word = max(" ".join(texts.values()).split(), key=len)
    await stage.order("/listen", accept=False)
    stage.forget_asked()
    async with desk_on(stage, path) as desk:
        await desk.until(lambda: desk.state.offline_since)
        since = desk.state.link.at
        desk.engine.open(number)
        await desk.until(lambda: _shown(desk, number) == list(texts))
        assert not thread(desk.state, number).sealed
        found = await searched(desk, f'"{word}"')
        assert set(found) & set(texts)
        assert set(found.values()) == {"here"}
        assert desk.state.search is not None
        assert "No connection" in desk.state.search.sources[SERVER].reason
        reference = desk.engine.send(number, "Written in the tunnel", private=False)
        assert desk.send_state(reference) in ("queued", "sending")
        never = next(one for one in desk.state.conversations if one != number)
        desk.engine.show_message(never, 1)
        await desk.until(lambda: any("not kept" in one.text for one in desk.notices))
        await desk.until(
            lambda: desk.state.link.retry_at and desk.state.link.retry_at > since + 0.5
        )
        assert desk.state.link.at == since, "offline since the first failure, not the last"
        assert stage.asked() == []
        await stage.order("/listen", accept=True)
        await desk.live()
        await desk.until(lambda: desk.send_state(reference) == "sent")
    assert len(stage.messages_saying("Written in the tunnel")) == 1


async def test_an_older_part_that_was_kept_opens_offline_with_its_gap_marked(
    stage: Stage, tmp_path: Path
) -> None:
    """A message was heard of a thread that was never read; much later its end was."""
    path = tmp_path / "cache.sqlite3"
    cache = Cache.open(path)
    heard = ThreadPart(5, (message(100, 5, content=WORD),), None, None, False, None)
    end = tuple(message(one, 5) for one in range(500, 520))
    for part in (heard, ThreadPart(5, end, 500, None, False, NOON)):
        cache.save(Snapshot(threads=(part,)))
    cache.close()
    await stage.order("/listen", accept=False)
    async with desk_on(stage, path) as desk:
        await desk.until(lambda: desk.state.offline_since)
        assert await searched(desk, WORD) == {100: "here"}
        desk.engine.show_message(5, 100)
        await desk.until(lambda: 100 in _shown(desk, 5))
        assert _shown(desk, 5) == [100, *range(500, 520)]
        assert thread(desk.state, 5).gap_after == 100


async def test_a_forgotten_customer_is_gone_here_and_comes_back_when_opened(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "cache.sqlite3"
    conversation = stage.conversation()
    number, customer = conversation["display_id"], conversation["contact_id"]
    stage.customer_writes(conversation, f"I am a {WORD}")
    async with desk_on(stage, path) as desk:
        await desk.live()
        desk.engine.open(number)
        await kept(desk, WORD)
        desk.engine.draft(number, False, f"Dear {WORD},")
        stage.forget_asked()
        desk.engine.forget_contact(customer)
        assert number not in desk.state.conversations
        assert desk.state.open_id is None
        await desk.until(lambda: any("removed from this machine" in n.text for n in desk.notices))
        assert stage.asked("POST") == stage.asked("DELETE") == []
        left = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
        assert WORD.encode() not in left
        desk.engine.open(number)
        await desk.until(lambda: f"I am a {WORD}" in desk.texts(number))
        assert number in desk.state.conversations


async def test_a_customer_with_unsent_messages_is_not_forgotten(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    number, customer = conversation["display_id"], conversation["contact_id"]
    async with desk_on(stage, tmp_path / "cache.sqlite3") as desk:
        await desk.live()
        await desk.until(lambda: number in desk.state.conversations or _brought(desk, number))
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        desk.engine.send(number, "On its way", private=False)
        desk.engine.forget_contact(customer)
        assert number in desk.state.conversations
        assert "Nothing was forgotten" in desk.notices[-1].text


def _brought(desk: Desk, number: int) -> bool:
    if desk.state.open_id != number:
        desk.engine.open(number)
    return False
