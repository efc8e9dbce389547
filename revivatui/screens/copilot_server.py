"""Chatwoot's own assistants as a model that the copilot may ask: the OpenAI app, and Captain.

What is sent is a name and the conversation's number, or the draft: the server gives its model what
it holds of the conversation, without taking anything out (contract 11). So it is asked by a key
press only, and the pane says whom it asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from revivatui.api.errors import Forbidden, Invalid, NotChatwoot, NotFound
from revivatui.copilot.model.errors import STAYS, AnswerBroke, NoModel, TooSlow
from revivatui.copilot.model.reading import Delta
from revivatui.copilot.model.tasks import Task
from revivatui.engine.asking import NotAnswered
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.api.calls_copilot import About, Rewrite
    from revivatui.api.client import ChatwootClient

REWRITES: Final[dict[Task, Rewrite]] = {
    Task.SHORTEN: "shorten",
    Task.EXPAND: "expand",
    Task.FRIENDLIER: "make_friendly",
    Task.FORMAL: "make_formal",
    Task.FIX: "fix_spelling_grammar",
}
ABOUT: Final[dict[Task, About]] = {
    Task.REPLY: "reply_suggestion",
    Task.SUMMARISE: "summarize",
}
PAUSES: Final = (0.5, 1.0, 1.0, 1.5, 2.0, 2.0, 3.0, 3.0, 3.0, 3.0)
"""Seconds between two looks at a thread of Captain's, whose answers come by and by."""


class AsksChatwoot(Protocol):
    """Whoever may make a call to the server: the engine."""

    async def ask(self, call: Callable[[ChatwootClient], Awaitable[Any]]) -> Any: ...


@dataclass(frozen=True, slots=True)
class ServersOwn:
    """Which assistants a server has for this account."""

    openai_hook: int | None = None
    captain: int | None = None

    @property
    def tasks(self) -> frozenset[Task]:
        """What they can be asked for."""
        found: set[Task] = set()
        if self.openai_hook is not None:
            found |= {*REWRITES, *ABOUT}
        if self.captain is not None:
            found.add(Task.ASK)
        return frozenset(found)


async def find(engine: AsksChatwoot) -> ServersOwn:
    """Ask the server which assistants it has; what it refuses to tell, it does not have.

    Raises NotAnswered where it cannot be asked.
    """

    async def look(client: ChatwootClient) -> ServersOwn:
        hook = await _or_none(client.openai_hook())
        captain = None
        if not client.server_version.startswith("3."):
            captain = await _or_none(client.copilot_assistant())
        return ServersOwn(hook, captain)

    found: ServersOwn = await engine.ask(look)
    return found


async def _or_none(asked: Awaitable[int | None]) -> int | None:
    try:
        return await asked
    except (Forbidden, Invalid, NotFound, NotChatwoot):
        return None


async def stream(
    engine: AsksChatwoot,
    own: ServersOwn,
    task: Task,
    conversation_id: int,
    *,
    draft: str = "",
    question: str = "",
) -> AsyncGenerator[Delta, None]:
    """What the server's assistant says, in the shape of a model's answer. It comes in one.

    Raises ModelError. What Captain does on the way is told as thinking.
    """
    try:
        if task is Task.ASK and own.captain is not None:
            async for delta in _captains(engine, own.captain, question, conversation_id):
                yield delta
            return
        text = await _openais(engine, own, task, conversation_id, draft)
    except NotAnswered as error:
        raise AnswerBroke(f"The server's assistant failed. {STAYS} {error}") from None
    if text is None or not text.strip():
        raise AnswerBroke(f"The server's assistant gave no answer. {STAYS} Ask again in a while.")
    yield Delta(text.strip())
    yield Delta(finish="stop")


async def _openais(
    engine: AsksChatwoot, own: ServersOwn, task: Task, conversation_id: int, draft: str
) -> str | None:
    """Raises NotAnswered, ModelError."""
    hook = own.openai_hook
    if hook is None or task not in own.tasks:
        raise NoModel(f"The server's assistant cannot be asked to: {task.label}. {STAYS}")
    if task in REWRITES:
        if not draft.strip():
            raise NoModel(f"There is no draft: {task.label} works on what is written already.")
        how = REWRITES[task]
        return await _said(engine, lambda client: client.rewritten(hook, how, draft))
    what = ABOUT[task]
    return await _said(engine, lambda client: client.told_by_openai(hook, what, conversation_id))


async def _said(
    engine: AsksChatwoot, call: Callable[[ChatwootClient], Awaitable[str | None]]
) -> str | None:
    text: str | None = await engine.ask(call)
    return text


async def _captains(
    engine: AsksChatwoot, assistant: int, question: str, conversation_id: int
) -> AsyncGenerator[Delta, None]:
    """Raises NotAnswered, ModelError."""
    if not question.strip():
        raise NoModel("Type a question first. Nothing was sent.")
    thread = await engine.ask(
        lambda client: client.ask_copilot(assistant, question.strip(), conversation_id)
    )
    yield Delta(is_thinking=True)
    for pause in PAUSES:
        await asyncio.sleep(pause)
        answer = await engine.ask(lambda client: client.copilot_answer(thread))
        if answer.is_whole:
            if not answer.text.strip():
                raise AnswerBroke(f"The server's assistant gave no answer. {STAYS}")
            yield Delta(answer.text.strip())
            yield Delta(finish="stop")
            return
    raise TooSlow(
        f"The server's assistant gave no answer within {sum(PAUSES):g} s. {STAYS} It may still "
        "come: Chatwoot keeps it under Copilot."
    )
