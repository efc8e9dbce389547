"""A desk in a process of its own, to be killed: URL TOKEN CACHE CONVERSATION TEXT.

Keeps a draft, sends the text and says so once the message is in the journal and its request has
left; then it waits to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from revivatui.cache.store import Cache
from revivatui.engine.engine import Profile
from tests.support.desks import running_desk


async def main(url: str, token: str, path: str, number: int, text: str) -> None:
    cache = Cache.open(Path(path))
    async with running_desk(Profile("test", url, token, 1), cache) as desk:
        await desk.live()
        desk.engine.draft(number, True, "half a thought")
        await desk.until(lambda: cache.drafts())
        reference = desk.engine.send(number, text, private=False)
        await desk.until(lambda: desk.send_state(reference) != "queued")
        # Stand still here: whatever comes back after this moment is never seen.
        print("on its way", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]))
