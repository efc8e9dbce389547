"""A model that is asked over the network, and an answer as it comes.

    model = Model(settings)
    prepared = model.prepare(Task.REPLY, situation, sources=sources)
    async with aclosing(model.stream(prepared)) as deltas:
        async for delta in deltas: ...

Whoever stops reading, or is cancelled, ends with the connection closed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from revivatui.copilot.model.errors import (
    STAYS,
    AnswerBroke,
    ModelError,
    ModelMissing,
    TooSlow,
)
from revivatui.copilot.model.meter import Meter
from revivatui.copilot.model.preparing import Habits, Prepared, body_of, prepare
from revivatui.copilot.model.prompt import Given
from revivatui.copilot.model.reading import Answer, Delta
from revivatui.copilot.model.redacting import Redacts
from revivatui.copilot.model.settings import ModelSettings
from revivatui.copilot.model.tasks import Task
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Situation
from revivatui.text.safe import safe_line

if TYPE_CHECKING:
    from revivatui.copilot.model.flow import Clock
    from revivatui.copilot.model.wire import Reply, Wire

AGAIN_AFTER: Final = 0.3
"""Seconds before a server that failed is asked once more."""
LIST_SECONDS: Final = 5.0
LIST_BEHIND_404: Final = 2.0
MOST_MODELS: Final = 1000


class Model:
    """One model for a session. Opens nothing before it is asked; `close` at the end."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self.habits = Habits(settings.token_word)
        self.meter = Meter()
        self._opened: Wire | None = None

    def __repr__(self) -> str:
        return f"Model({self.settings.url!r}, {self.settings.model!r})"

    async def close(self) -> None:
        if self._opened is not None:
            from revivatui.tidily import tidily

            await tidily(self._opened.close)
            self._opened = None

    def prepare(
        self,
        task: Task,
        situation: Situation,
        *,
        sources: Sequence[Source] = (),
        draft: str = "",
        question: str = "",
        language: str = "",
        with_notes: bool = False,
        redactor: Redacts | None = None,
        now: datetime | None = None,
        zone: tzinfo | None = None,
    ) -> Prepared:
        """Make a request ready; nothing is sent. Fields as in `prompt.Given`.

        Raises NoModel, TextTooLong.
        """
        given = Given(
            sources, draft, question, language, with_notes, self.settings.instructions, now, zone
        )
        return prepare(task, situation, self.settings, given, redactor=redactor, habits=self.habits)

    def may_ask_at_once(self, inbox: str, conversation_id: int) -> bool:
        """Whether a reply may be asked for without a key press: somebody agreed to it for this
        inbox, and it was not asked for too often."""
        return self.settings.may_ask_at_once(inbox) and self.meter.may_ask_at_once(
            conversation_id, time.monotonic()
        )

    async def stream(
        self, prepared: Prepared, *, at_once: bool = False
    ) -> AsyncGenerator[Delta, None]:
        """Send what was prepared and give its answer as it comes; the last delta says how it ended.
        `at_once`: nobody pressed a key for it.

        Raises ModelError, whose `partial` says that some of the text was given before.
        """
        from revivatui.copilot.model.flow import Clock, flowing

        clock = Clock(self.settings.quiet_seconds, self.settings.total_seconds)
        has_begun = False
        self.meter.asked(prepared.moment.conversation_id, time.monotonic(), at_once=at_once)
        source = flowing(lambda: self._answers(prepared, clock), clock)
        try:
            async for delta in source:
                has_begun = has_begun or bool(delta.text)
                if delta.finish:
                    self.meter.answered(delta.usage)
                yield delta
        except ModelError as error:
            error.partial = has_begun
            self.meter.failed()
            raise
        except TimeoutError:
            self.meter.failed()
            late = self._late(has_begun, clock)
            late.partial = has_begun
            raise late from None
        finally:
            await source.aclose()

    async def models(self) -> tuple[str, ...]:
        """The names that the server has models under. Raises ModelError."""
        from revivatui.copilot.model.flow import Clock, flowing

        clock = Clock(LIST_SECONDS, LIST_SECONDS)
        source = flowing(self._listed, clock)
        try:
            async for names in source:
                return names
        except TimeoutError:
            raise TooSlow(f"{self.settings.host} did not answer in time. {STAYS}") from None
        finally:
            await source.aclose()
        return ()

    # --- one request ---------------------------------------------------------------------------

    async def _wire(self) -> Wire:
        """Raises NoModel."""
        if self._opened is None:
            self._opened = await asyncio.to_thread(_wire_of, self.settings)
        return self._opened

    async def _answers(self, prepared: Prepared, clock: Clock) -> AsyncIterator[Delta]:
        """The answer; where a server does not take all that was sent, it is asked without it."""
        from revivatui.copilot.model.refusals import error_of, other_way, read_refusal

        habits, body, may_again = self.habits, prepared.body, True
        wire = await self._wire()
        while True:
            async with wire.asked("POST", prepared.url, body) as reply:
                if reply.status == 200:
                    self.habits = habits
                    async for delta in self._read(reply, prepared, clock):
                        yield delta
                    return
                refused = read_refusal(
                    reply.status, await reply.whole(), reply.headers, self.settings
                )
            if refused.status >= 500 and may_again:
                may_again = False
                await asyncio.sleep(AGAIN_AFTER)
            elif (changed := other_way(refused, habits)) is not None:
                habits = changed
                body = body_of(prepared.prompt, self.settings, prepared.max_tokens, habits)
            elif refused.status == 404:
                raise await self._missing(refused.words)
            else:
                raise error_of(refused, self.settings)

    async def _read(self, reply: Reply, prepared: Prepared, clock: Clock) -> AsyncIterator[Delta]:
        from revivatui.copilot.model.sse import MOST

        if reply.kind == "text/html":
            raise ModelMissing(
                f"{reply.host} answered with a web page. {STAYS} Check [copilot] model_url; most "
                "end in /v1."
            )
        answer = Answer(prepared)
        if reply.kind == "application/json":  # a server that does not stream
            for delta in whole_answer(await reply.whole(MOST), answer):
                yield delta
            return
        async with aclosing(_events(reply)) as events:
            async for data in events:
                tokens = answer.tokens
                for delta in answer.read(data):
                    yield delta
                if answer.tokens > tokens:
                    clock.heard()
                if answer.is_over:
                    break
        for delta in answer.end():
            yield delta

    async def _listed(self) -> AsyncIterator[tuple[str, ...]]:
        from revivatui.copilot.model.refusals import error_of, missing, read_refusal
        from revivatui.copilot.model.wire import MOST_LIST

        wire = await self._wire()
        async with wire.asked("GET", f"{self.settings.base}/models") as reply:
            body = await reply.whole(MOST_LIST)
        if reply.status == 200:
            yield names_of(body, reply.host)
            return
        refused = read_refusal(reply.status, body, reply.headers, self.settings)
        if refused.status == 404:
            raise missing((), self.settings, refused.words)
        raise error_of(refused, self.settings)

    async def _missing(self, words: str) -> ModelMissing:
        from revivatui.copilot.model.refusals import missing

        names: tuple[str, ...] = ()
        try:
            async with asyncio.timeout(LIST_BEHIND_404):
                names = await self.models()
        except (ModelError, TimeoutError):
            pass  # the list only helps to choose: that there is no such model is known without it
        return missing(names, self.settings, words)

    def _late(self, has_begun: bool, clock: Clock) -> TooSlow:
        host = self.settings.host
        if clock.is_over:
            return TooSlow(
                f"{host} did not end within {self.settings.total_seconds:g} s. {STAYS} Ask for "
                "something shorter."
            )
        if has_begun:
            return TooSlow(
                f"{host} stopped for {self.settings.quiet_seconds:g} s in the middle of its "
                f"answer. {STAYS} Ask again."
            )
        return TooSlow(
            f"{host} gave no word within {self.settings.quiet_seconds:g} s. {STAYS} A model that "
            "is only being loaded answers later: ask again."
        )


def _wire_of(settings: ModelSettings) -> Wire:
    """Slow the first time: certificates are read."""
    from revivatui.copilot.model.wire import Wire

    return Wire(settings)


async def _events(reply: Reply) -> AsyncGenerator[str, None]:
    """The data of each event of a body. Raises ModelError."""
    from revivatui.copilot.model.sse import EventTooLong, SseReader

    reader = SseReader()
    try:
        async with aclosing(reply.pieces()) as pieces:
            async for piece in pieces:
                for data in reader.feed(piece):
                    yield data
    except EventTooLong:
        raise AnswerBroke(
            f"{reply.host} sent an answer that makes no sense here. {STAYS}"
        ) from None
    for data in reader.end():
        yield data


def whole_answer(body: bytes, answer: Answer) -> list[Delta]:
    """An answer that came in one. Raises ModelError."""
    found = list(answer.read(body.decode("utf-8", "replace")))
    return [*found, *answer.end()]


def names_of(body: bytes, host: str) -> tuple[str, ...]:
    """The names in a list of models. Raises AnswerBroke."""
    try:
        said = json.loads(body)
        rows = said["data"] if isinstance(said, dict) else said
        names = [row["id"] for row in rows if isinstance(row, dict) and row.get("id")]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise AnswerBroke(f"{host} sent a list of models that makes no sense here.") from None
    return tuple(sorted({safe_line(str(name))[:120] for name in names[:MOST_MODELS]}))
