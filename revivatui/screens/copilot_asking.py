"""Asks the settings' model for one desk: what it is shown, and what becomes of its answer.

The model is opened by the first wish. What it says is checked like every other suggestion before
it can be put in; a text that it may not be shown never gets here (`copilot.model.prompt`).
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from revivatui.screens.copilot_advice import Answer
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from revivatui.copilot.model import Delta, Model, ModelSettings, Prepared, Task
    from revivatui.copilot.redaction import Redactor
    from revivatui.screens.copilot_asked import Asked
    from revivatui.screens.copilot_brief import Brief, Told
    from revivatui.screens.copilot_thinker import Thinker

NOT_BY_ITSELF: Final = "The model is not asked by itself for now: it was asked often, or failed."
UNFINISHED: Final = {
    "length": "It stopped at the most it may say (max_tokens under [copilot]): the end is missing.",
    "cut": "It did not stop, and was stopped: read the end with care.",
    "content_filter": "A filter of the model's server stopped it: the end is missing.",
    "unsaid": "The connection ended without saying that this is all: the end may be missing.",
}
"""What an agent should know of a text that is there, by why it ended."""
KEPT: Final = 20
"""Conversations whose placeholders are remembered."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a model is to do."""

    task: Task
    draft: str = ""
    question: str = ""
    language: str = ""
    with_notes: bool = False
    title: str = ""
    """What the answer is called; "" for the task's own name."""
    inbox: str = ""
    """The inbox that the settings agree to, where nobody pressed a key for it."""


class Asker:
    """Everything but the stream itself runs on threads; `settings` hold no key."""

    def __init__(
        self, thinker: Thinker, settings: ModelSettings | None, open_model: Callable[[], Model]
    ) -> None:
        """`settings` None: there is no model. `open_model` reads the key, which may be slow."""
        self._thinker = thinker
        self.settings = settings
        self._open_model = open_model
        self._model: Model | None = None
        self._redactors: dict[int, Redactor] = {}

    @property
    def is_on(self) -> bool:
        return self.settings is not None and self.settings.is_on

    async def close(self) -> None:
        model, self._model = self._model, None
        if model is not None:
            await model.close()

    async def _opened(self) -> Model:
        """Raises ModelError or CredentialsError."""
        if self._model is None:
            self._model = await asyncio.to_thread(self._open_model)
        return self._model

    async def prepared(self, asked: Asked, wish: Wish) -> tuple[Prepared, Brief]:
        """The request, ready and unsent. Raises ModelError or CredentialsError."""
        model = await self._opened()
        return await asyncio.to_thread(self._prepare, model, asked, wish)

    def _prepare(self, model: Model, asked: Asked, wish: Wish) -> tuple[Prepared, Brief]:
        from revivatui.screens.copilot_brief import brief_of

        brief = brief_of(self._thinker, asked)
        prepared = model.prepare(
            wish.task,
            brief.situation,
            sources=brief.sources,
            draft=wish.draft,
            question=wish.question,
            language=wish.language,
            with_notes=wish.with_notes,
            redactor=self._redactor(asked, brief),
            now=datetime.fromtimestamp(asked.now, UTC).astimezone(asked.tz),
            zone=asked.tz,
        )
        return prepared, brief

    def _redactor(self, asked: Asked, brief: Brief) -> Redactor:
        """One for a conversation, so that a placeholder means the same in all its requests; made
        anew where more is known of who is in it."""
        from revivatui.copilot.redaction import Redactor

        kept = self._redactors.get(asked.conversation_id)
        if kept is None or kept.known != brief.known:
            kept = self._redactors[asked.conversation_id] = Redactor(brief.known)
            while len(self._redactors) > KEPT:
                self._redactors.pop(next(iter(self._redactors)))
        return kept

    async def answer(self, asked: Asked, wish: Wish, take: Callable[[Answer], None]) -> None:
        """Let it work, and give each new state of the answer; the last one is there or failed."""
        from revivatui.copilot.model import ModelError
        from revivatui.credentials import CredentialsError
        from revivatui.screens.copilot_brief import Told

        title = wish.title or wish.task.label
        try:
            prepared, brief = await self.prepared(asked, wish)
            model = await self._opened()
        except (ModelError, CredentialsError) as error:
            take(Answer(title, "failed", None, str(error)))
            return
        at_once = bool(wish.inbox)
        if at_once and not model.may_ask_at_once(wish.inbox, asked.conversation_id):
            take(Answer(title, "failed", None, NOT_BY_ITSELF))
            return
        told = Told(title, wish.task, prepared.sources, prepared.is_private)
        deltas = model.stream(prepared, at_once=at_once)
        await follow(deltas, brief, told, wish.draft, prepared.leaves, take)

    async def own_answer(
        self,
        asked: Asked,
        wish: Wish,
        deltas: AsyncGenerator[Delta, None],
        where: str,
        take: Callable[[Answer], None],
    ) -> None:
        """The same of another's answer, which knows the conversation by itself."""
        from revivatui.screens.copilot_brief import Told, brief_of

        brief = await asyncio.to_thread(brief_of, self._thinker, asked)
        told = Told(wish.title or wish.task.label, wish.task)
        await follow(deltas, brief, told, wish.draft, where, take)

    async def summary(self, asked: Asked, take: Callable[[Answer], None]) -> None:
        """A summary without a model; nothing leaves."""
        from revivatui.screens.copilot_brief import brief_of, summarised

        title = "Summary"
        brief = await asyncio.to_thread(brief_of, self._thinker, asked)
        take(Answer(title, "there", await asyncio.to_thread(summarised, brief, title)))


async def follow(
    deltas: AsyncGenerator[Delta, None],
    brief: Brief,
    told: Told,
    draft: str,
    where: str,
    take: Callable[[Answer], None],
) -> None:
    """Give each state of an answer as it comes; ends with the stream closed, also when cancelled.
    `where`: where it is asked, in words."""
    from revivatui.copilot.model import drafts
    from revivatui.screens.copilot_brief import coming, judged

    async with aclosing(drafts(deltas)) as states:
        async for state in states:
            if state.failed:
                kept = coming(brief, told, state.text) if state.text.strip() else None
                take(Answer(told.title, "failed", kept, state.failed))
            elif state.is_over:
                whole = await asyncio.to_thread(judged, brief, told, state.text, draft)
                take(Answer(told.title, "there", whole, UNFINISHED.get(state.finish, "")))
            elif state.text:
                take(Answer(told.title, "coming", coming(brief, told, state.text), where))
            elif state.is_thinking:
                take(Answer(told.title, "asked", None, "The model thinks."))
