"""The bridge as `revivatui bridge run`, but it kills itself where a file in its home says so.

    python -m tests.bridge.dying bridge run

The file `die` holds "before the commit" (the CRM was told, nothing is committed) or "behind the
commit" (it is, and nobody here knows yet). It is taken away first, so that the next one lives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from revivatui.bridge import inbox
from revivatui.bridge.handlers import Handlers
from revivatui.bridge.news import News
from revivatui.cli import main


def die_if(moment: str) -> None:
    wish = Path(os.environ["HOME"]) / "die"
    if wish.exists() and wish.read_text(encoding="utf-8") == moment:
        wish.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


finish, handle = inbox.finish, Handlers.handle


async def finish_or_die(work: Any, row_id: str, skipped: str = "") -> None:
    if not skipped:
        die_if("before the commit")
    await finish(work, row_id, skipped)


async def handle_and_die(self: Handlers, row_id: str, news: News) -> str:
    skipped = await handle(self, row_id, news)
    if not skipped:
        die_if("behind the commit")
    return skipped


inbox.finish = finish_or_die
Handlers.handle = handle_and_die  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
