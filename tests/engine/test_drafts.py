"""Drafts of two windows and of the server: offered, taken on a key, written on nothing else."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from revivatui.cache.store import Cache
from revivatui.shop.db import Row
from revivatui.state.offers import Offer, offers
from tests.support.desks import Desk, profile_of, running_desk
from tests.support.shops import Stage

ROOT = Path(__file__).parents[2]
TYPING = """
import asyncio, sys
from pathlib import Path
from revivatui.cache.store import Cache
from revivatui.engine.engine import Profile, Timing
from tests.support.desks import running_desk

async def main():
    cache = Cache.open(Path(sys.argv[3]))
    profile = Profile("test", sys.argv[1], sys.argv[2], 1)
    async with running_desk(profile, cache, Timing()) as desk:
        await desk.live()
        text = ""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            text += "x"
            desk.engine.draft(int(sys.argv[4]), False, text)
            print(len(text), loop.time() - began, flush=True)
            await asyncio.sleep(0.05)

asyncio.run(main())
"""


@asynccontextmanager
async def window(stage: Stage, path: Path) -> AsyncIterator[Desk]:
    cache = Cache.open(path)
    try:
        async with running_desk(profile_of(stage), cache) as desk:
            await desk.live()
            yield desk
    finally:
        cache.close()


def offered(desk: Desk, number: int, private: bool = False) -> list[str]:
    return [one.text for one in offers(desk.state, number, private)]


def sees(desk: Desk, number: int, *texts: str) -> bool:
    """Whether exactly these are offered, now that the agent turns to this window again."""
    desk.engine.look(False)
    desk.engine.look(True)
    return offered(desk, number) == list(texts)


def first_offer(desk: Desk, number: int) -> Offer:
    return offers(desk.state, number, False)[0]


def own(desk: Desk, number: int) -> str:
    draft = desk.state.drafts.get((number, False))
    return draft.text if draft is not None else ""


def server_keeps(stage: Stage, conversation: Row, text: str) -> None:
    stage.shop.db.execute(
        "DELETE FROM draft_messages WHERE conversation_id = ?", (conversation["id"],)
    )
    stage.shop.db.insert(
        "draft_messages", conversation_id=conversation["id"], message=text, created_at=0
    )


def kept_by_server(stage: Stage, conversation: Row) -> Any:
    found = stage.shop.db.find("draft_messages", conversation_id=conversation["id"])
    return found and found["message"]


def written(stage: Stage) -> list[str]:
    return [
        path
        for verb in ("PATCH", "PUT", "DELETE", "POST")
        for path in stage.asked(verb, "*/draft_messages")
    ]


# --- two windows -------------------------------------------------------------------------------


async def test_two_windows_keep_their_texts_and_offer_them_to_each_other(
    stage: Stage, tmp_path: Path
) -> None:
    path, number = tmp_path / "cache.sqlite3", stage.conversation()["display_id"]
    async with window(stage, path) as first, window(stage, path) as second:
        for desk, text in ((first, "from the first"), (second, "from the second")):
            desk.engine.open(number)
            desk.engine.draft(number, False, text)
        await second.until(lambda: sees(second, number, "from the first"))
        await first.until(lambda: sees(first, number, "from the second"))
        assert (own(first, number), own(second, number)) == ("from the first", "from the second")
        first.engine.take_offer(first_offer(first, number))
        assert own(first, number) == "from the second"
        await first.until(lambda: offered(first, number) == ["from the first"], "ours, aside")
        assert own(second, number) == "from the second"
    async with window(stage, path) as last:
        last.engine.open(number)
        assert own(last, number) == "from the second"
        await last.until(lambda: offered(last, number) == ["from the first"])
        last.engine.take_offer(first_offer(last, number))
        await last.until(lambda: offered(last, number) == ["from the second"])
        last.engine.decline_offer(first_offer(last, number))
        await last.until(lambda: offered(last, number) == [])
    async with window(stage, path) as again:
        again.engine.open(number)
        assert own(again, number) == "from the first"
        assert again.state.other_drafts == {}
    assert written(stage) == []


async def test_a_window_that_is_killed_loses_at_most_a_second_of_its_typing(
    stage: Stage, tmp_path: Path
) -> None:
    path, number = tmp_path / "cache.sqlite3", stage.conversation()["display_id"]
    async with window(stage, path) as desk:
        desk.engine.open(number)
        desk.engine.draft(number, False, "ours")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", TYPING, stage.url, stage.agent["token"], str(path)),
            str(number),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        keys: list[tuple[int, float]] = []
        async with asyncio.timeout(60):
            while not keys or keys[-1][1] < 2.0:
                count, at = (await process.stdout.readline()).split()
                keys.append((int(count), float(at)))
        process.send_signal(signal.SIGKILL)
        rest = await process.stdout.read()
        await process.wait()
        for line in rest.splitlines():
            count, at = line.split()
            keys.append((int(count), float(at)))
        desk.engine.look(False)

        def closed() -> bool:
            held = desk.state.other_drafts.get(number, ())
            return bool(held) and not held[0].open

        await desk.until(closed, "the killed window's text")
        kept = len(offered(desk, number)[0])
        unkept = [at for count, at in keys if count > kept]
        assert not unkept or keys[-1][1] - unkept[0] < 1.0
        assert own(desk, number) == "ours"


# --- the server's ------------------------------------------------------------------------------


async def test_what_the_server_keeps_is_offered_and_never_taken_by_itself(
    stage: Stage, tmp_path: Path
) -> None:
    row = stage.conversation()
    number = row["display_id"]
    server_keeps(stage, row, "from a colleague\x1b[31m")
    async with window(stage, tmp_path / "cache.sqlite3") as desk:
        desk.engine.open(number)
        await desk.until(lambda: offered(desk, number))
        assert "\x1b" not in offered(desk, number)[0]
        assert own(desk, number) == ""
        desk.engine.draft(number, False, "ours")
        desk.engine.take_offer(first_offer(desk, number))
        assert own(desk, number).startswith("from a colleague")
        await desk.until(lambda: offered(desk, number) == ["ours"], "ours, aside")
        desk.engine.send(number, own(desk, number), private=False)
        desk.engine.draft(number, False, "")
    assert kept_by_server(stage, row) == "from a colleague\x1b[31m"
    assert written(stage) == []


async def test_a_reply_is_handed_over_on_a_key_and_on_nothing_else(stage: Stage) -> None:
    row = stage.conversation()
    number = row["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.hand_over(number)
        desk.engine.draft(number, True, "a note")
        desk.engine.draft(number, False, "ours, half done")
        desk.engine.open(number)
        await desk.until(lambda: stage.asked("GET", "*/draft_messages"))
        assert written(stage) == []
        desk.engine.hand_over(number)
        await desk.until(lambda: desk.notices)
        assert desk.notices[0].text == f"Handed over: every agent finds your draft in #{number}."
        assert kept_by_server(stage, row) == "ours, half done"
        assert offered(desk, number) == []
        assert own(desk, number) == "ours, half done"
        desk.engine.draft(number, False, "ours, nearly done")
        desk.engine.open(None)
        desk.engine.open(number)
        await desk.until(lambda: offered(desk, number) == ["ours, half done"])
    assert len(written(stage)) == 1
    assert kept_by_server(stage, row) == "ours, half done"


async def test_another_draft_at_the_server_is_not_written_over_unseen(stage: Stage) -> None:
    row = stage.conversation()
    number = row["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.draft(number, False, "ours")
        server_keeps(stage, row, "theirs")
        desk.engine.hand_over(number)
        await desk.until(lambda: desk.notices)
        assert "Not handed over" in desk.notices[0].text
        assert kept_by_server(stage, row) == "theirs"
        assert offered(desk, number) == ["theirs"]
        desk.engine.hand_over(number, "theirs")
        await desk.until(lambda: kept_by_server(stage, row) == "ours")
        await stage.order(fault="500", path="*/draft_messages")
        desk.engine.draft(number, False, "ours, later")
        desk.engine.hand_over(number, "ours")
        await desk.until(lambda: len(desk.notices) == 3)
        assert desk.notices[2].severity == "error"
        assert own(desk, number) == "ours, later"
