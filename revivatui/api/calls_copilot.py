"""Chatwoot's own assistants: the OpenAI app in the editor, and Captain's copilot (contract 11)."""

from __future__ import annotations

from typing import Final, Literal

from revivatui.api.answers import CopilotAnswer
from revivatui.api.calls_conversations import Calls
from revivatui.api.errors import NotChatwoot, NotFound
from revivatui.api.schemas import copilot as wire

Rewrite = Literal[
    "rephrase", "fix_spelling_grammar", "shorten", "expand", "make_friendly", "make_formal",
    "simplify",
]  # fmt: skip
About = Literal["summarize", "reply_suggestion"]

ASSISTANT: Final = "assistant"


class CopilotCalls(Calls):
    """Nothing here is seen by a customer, and nothing is sent but to the assistant."""

    # --- the OpenAI app ------------------------------------------------------------------------

    async def openai_hook(self) -> int | None:
        """The OpenAI app's hook, where the account has switched it on. `enabled` of the app says
        nothing (contract 5.6): its hooks do."""
        path = self._account_path("integrations/apps")
        answer = await self._transport.ask(wire.AppList, "GET", path)
        hooks = (hook for app in answer.payload if app.id == "openai" for hook in app.hooks)
        return next((hook.id for hook in hooks if hook.status is not False), None)

    async def rewritten(self, hook_id: int, how: Rewrite, content: str) -> str | None:
        """A draft reworded by the server's model; None where it gave nothing."""
        return await self._event(hook_id, how, {"content": content})

    async def told_by_openai(self, hook_id: int, what: About, conversation_id: int) -> str | None:
        """A summary or a reply by the server's model, which is shown the public messages."""
        return await self._event(hook_id, what, {"conversation_display_id": conversation_id})

    async def _event(self, hook_id: int, name: str, data: dict[str, str | int]) -> str | None:
        path = self._account_path(f"integrations/hooks/{hook_id}/process_event")
        body = {"event": {"name": name, "data": data}}
        return (await self._transport.ask(wire.EventAnswer, "POST", path, json=body)).message

    # --- Captain's copilot (4.x, Enterprise) ---------------------------------------------------

    async def copilot_assistant(self) -> int | None:
        """Captain's first assistant; None on a server that has no Captain, or none made."""
        try:
            path = self._account_path("captain/assistants")
            answer = await self._transport.ask(wire.AssistantList, "GET", path)
        except (NotFound, NotChatwoot):
            return None  # before 4, and in the community's edition, there is no such page
        return answer.payload[0].id if answer.payload else None

    async def ask_copilot(self, assistant_id: int, message: str, conversation_id: int) -> int:
        """Begin a thread with a question about a conversation. Gives the thread's id."""
        body = {
            "message": message, "assistant_id": assistant_id, "conversation_id": conversation_id
        }  # fmt: skip
        path = self._account_path("captain/copilot_threads")
        return (await self._transport.ask(wire.CopilotThread, "POST", path, json=body)).id

    async def copilot_answer(self, thread_id: int) -> CopilotAnswer:
        """What the assistant has said in a thread by now."""
        path = self._account_path(f"captain/copilot_threads/{thread_id}/copilot_messages")
        rows = (await self._transport.ask(wire.CopilotMessages, "GET", path)).payload
        said = [row for row in rows if row.message_type == ASSISTANT]
        steps = tuple(
            row.message.content for row in rows
            if row.message_type == "assistant_thinking" and row.message.content
        )  # fmt: skip
        if not said:
            return CopilotAnswer(steps=steps)
        return CopilotAnswer(
            said[-1].message.content or "", steps, bool(said[-1].message.reply_suggestion), True
        )
