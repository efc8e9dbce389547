"""An answer as a screen shows it: the whole text so far, no oftener than eyes can follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from revivatui.copilot.model.errors import ModelError
from revivatui.copilot.model.frames import Usage
from revivatui.copilot.model.reading import Delta
from revivatui.state.records import dataclass

EVERY: Final = 1 / 15
"""Seconds between two states of a text that is still coming."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One answer, as far as it has come."""

    text: str = ""
    is_thinking: bool = False
    finish: str = ""
    """Why it ended; "" while it comes."""
    failed: str = ""
    """Why no more will come, in a sentence; what came before stays."""
    usage: Usage | None = None

    @property
    def is_over(self) -> bool:
        return bool(self.finish or self.failed)


async def drafts(
    deltas: AsyncGenerator[Delta, None], every: float = EVERY
) -> AsyncGenerator[Draft, None]:
    """Each state of an answer that is to be shown. Raises nothing: what goes wrong is told by the
    last state. Whoever stops reading, or is cancelled, ends with the connection closed."""
    draft, shown_at, is_new = Draft(), float("-inf"), False
    coming: asyncio.Task[Delta] | None = None
    loop = asyncio.get_running_loop()
    try:
        while not draft.is_over:
            coming = coming or asyncio.create_task(_next(deltas))
            left = max(0.0, shown_at + every - loop.time()) if is_new else None
            await asyncio.wait({coming}, timeout=left)
            if coming.done():
                done, coming = coming, None
                draft, is_new = _grown(draft, done), True
            if is_new and (draft.is_over or loop.time() >= shown_at + every):
                shown_at, is_new = loop.time(), False
                yield draft
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})
        await deltas.aclose()


async def _next(deltas: AsyncGenerator[Delta, None]) -> Delta:
    async for delta in deltas:
        return delta
    return Delta(finish="unsaid")


def _grown(draft: Draft, done: asyncio.Task[Delta]) -> Draft:
    try:
        delta = done.result()
    except ModelError as error:
        return Draft(draft.text, failed=str(error))
    text = draft.text + delta.text
    is_thinking = delta.is_thinking or (draft.is_thinking and not delta.text)
    if delta.finish:
        return Draft(text.strip(), finish=delta.finish, usage=delta.usage)
    return Draft(text, is_thinking)
