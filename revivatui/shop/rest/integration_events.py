"""What a language model does in the editor: the events of the OpenAI app (contract 11.1).

The model is the one of ``language_model``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from revivatui.shop.language_model import Messages, asked, by, said_in
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, JSONAnswer, Route, unprocessable
from revivatui.shop.rest.params import integer, text

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from revivatui.shop.world import Shop

_REPLY = "Answer in the language of the user."
REWRITES = {
    "rephrase": f"You are a helpful support agent. Rephrase the following response. {_REPLY}",
    "fix_spelling_grammar": "You are a helpful support agent. Fix the spelling and grammar of the"
    f" following response. {_REPLY}",
    "shorten": f"You are a helpful support agent. Shorten the following response. {_REPLY}",
    "expand": f"You are a helpful support agent. Expand the following response. {_REPLY}",
    "make_friendly": "You are a helpful support agent. Make the following response more friendly."
    f" {_REPLY}",
    "make_formal": "You are a helpful support agent. Make the following response more formal."
    f" {_REPLY}",
    "simplify": f"You are a helpful support agent. Simplify the following response. {_REPLY}",
}
SUMMARY = (
    "Summarize the key points of the following conversation between support agents and a customer"
    f" as bullet points for the next support agent. {_REPLY}"
)
SUGGESTION = (
    "Suggest a reply to the following conversation between support agents and a customer. Do not"
    ' expose that you are an AI model, reply "Couldn\'t generate the reply" where you cannot'
    f" answer. {_REPLY}"
)


def process_event(call: Call) -> Answer:
    """Any member may; the answer comes when the model has it."""
    hook = in_account(call, "integrations_hooks", call.path["hook_id"])
    if hook["app_id"] != "openai":
        if call.shop.v4:
            unprocessable("No processor found")
        return {"message": "No processor found"}
    event = call.params.get("event")
    event = event if isinstance(event, dict) else {}
    data = event.get("data")
    messages = _messages(
        call, text(event.get("name")) or "", data if isinstance(data, dict) else {}
    )
    if not messages:
        return {"message": None}
    return ModelAnswer(call.shop, str(hook["settings"].get("api_key") or ""), messages)


def _messages(call: Call, name: str, data: dict[str, Any]) -> Messages:
    if name in REWRITES:
        content = text(data.get("content")) or ""
        return [by("system", REWRITES[name]), by("user", content)]
    if name not in ("summarize", "reply_suggestion"):
        return []
    number = integer(data.get("conversation_display_id"))
    conversation = call.shop.db.find("conversations", account_id=call.account_id, display_id=number)
    if conversation is None:
        return []
    said = said_in(call.shop, conversation)
    if name == "reply_suggestion":
        turns = [by("user" if is_customers else "assistant", words) for is_customers, words in said]
        return [by("system", SUGGESTION), *turns]
    lines = [f"{'Customer' if is_customers else 'Agent'}: {words}" for is_customers, words in said]
    return [by("system", SUMMARY), by("user", "\n".join(lines))]


class ModelAnswer(Response):
    """Answers when the model has answered; nothing of the shop is held up meanwhile."""

    def __init__(self, shop: Shop, key: str, messages: Messages) -> None:
        super().__init__(b"", 200)
        self._shop = shop
        self._key = key
        self._messages = messages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said, error = await asked(self._shop, self._key, self._messages)
        answer = JSONAnswer({"message": said})
        if error and self._shop.v4:
            answer = JSONAnswer({"error": error}, 422)
        for name, value in self.headers.items():
            if name not in ("content-length", "content-type"):
                answer.headers[name] = value
        await answer(scope, receive, send)


H = "/api/v1/accounts/{account_id}/integrations/hooks"
ROUTES = [Route("POST", f"{H}/{{hook_id}}/process_event", process_event)]
