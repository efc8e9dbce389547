"""A request made ready: the exact bytes, and where they would go. Nothing is sent in here."""

from __future__ import annotations

import json
from dataclasses import field
from typing import Any, Final

from revivatui.copilot.model import budget
from revivatui.copilot.model.errors import NoModel
from revivatui.copilot.model.prompt import Given, Prompt, prompt_of
from revivatui.copilot.model.redacting import Redacts
from revivatui.copilot.model.settings import ModelSettings, TokenWord
from revivatui.copilot.model.tasks import ORDERS, Task
from revivatui.copilot.places import Where
from revivatui.copilot.suggestion import Moment, Situation
from revivatui.state.records import dataclass
from revivatui.text.safe import safe

CHAT: Final = "/chat/completions"
_MOST_TOKENS: Final = 4000


@dataclass(frozen=True, slots=True)
class Habits:
    """What one server takes, as it was found out in this session."""

    token_word: TokenWord = "max_tokens"
    takes_temperature: bool = True
    takes_usage: bool = True
    swapped: bool = False
    """Its word for the limit was found to be the other one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request as it would leave."""

    task: Task
    moment: Moment
    settings: ModelSettings
    prompt: Prompt = field(repr=False)
    """Redacted."""
    max_tokens: int
    body: bytes = field(repr=False)
    """The exact bytes that would leave."""
    redactor: Redacts = field(repr=False)
    sources: tuple[str, ...] = ()
    """Ids of the facts and sources that the model is shown."""

    @property
    def url(self) -> str:
        return f"{self.settings.base}{CHAT}"

    @property
    def where(self) -> Where:
        return self.settings.where

    @property
    def leaves(self) -> str:
        """Where it would go, in words."""
        host = self.settings.host
        if self.where == "hosted":
            return f"leaves for {host}"
        return f"stays on {'this machine' if self.where == 'this machine' else 'the local network'}"

    @property
    def is_private(self) -> bool:
        """Whether it was made with what is not meant for the customer."""
        return self.prompt.is_private

    def preview(self) -> str:
        """The request for a person: where it goes, and the very bytes of its body."""
        key = "Authorization: Bearer (the key; not shown)\n" if self.settings.key else ""
        head = f"POST {self.url} ({self.leaves})\nContent-Type: application/json\n{key}"
        return f"{head}\n{safe(self.body.decode('utf-8'))}\n"


def prepare(
    task: Task,
    situation: Situation,
    settings: ModelSettings,
    given: Given,
    *,
    redactor: Redacts | None = None,
    habits: Habits | None = None,
    word: str = "",
) -> Prepared:
    """Make a request ready. `word` as in `prompt_of`. It takes some milliseconds: looking for what
    may not leave is worth a thread of its own.

    `redactor`: the conversation's, which knows the people of the chat; without one, what the
    record knows of the customer is taken out.

    Raises NoModel, TextTooLong.
    """
    if not settings.is_on:
        raise NoModel("There is no model in the settings: [copilot] model_url. Nothing was sent.")
    settings.base  # noqa: B018 - raises NoModel for an address that cannot be
    if task.works_on_draft and not given.draft.strip():
        raise NoModel(f"There is no draft: {task.label} works on what is written already.")
    if task is Task.ASK and not given.question.strip():
        raise NoModel("Type a question first. Nothing was sent.")
    redactor = redactor or _redactor_of(situation)
    made = prompt_of(task, situation, given, word)
    prompt = Prompt(
        redactor.redact(made.system), redactor.redact(made.user), made.sources, made.is_private
    )
    tokens = _tokens_for(task, settings, given.draft)
    body = body_of(prompt, settings, tokens, habits or Habits(settings.token_word))
    return Prepared(task, situation.moment, settings, prompt, tokens, body, redactor, made.sources)


def _redactor_of(situation: Situation) -> Redacts:
    from revivatui.copilot.redaction import Redactor, known_of

    return Redactor(known_of(situation.record))


def body_of(prompt: Prompt, settings: ModelSettings, tokens: int, habits: Habits) -> bytes:
    """The body of a request, for a server of these habits."""
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.user},
        ],
        "stream": True,
        habits.token_word: tokens,
    }
    if habits.takes_temperature and settings.temperature is not None:
        body["temperature"] = settings.temperature
    if habits.takes_usage:
        body["stream_options"] = {"include_usage": True}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _tokens_for(task: Task, settings: ModelSettings, draft: str) -> int:
    """A text that is worked on comes back whole, however short answers are to be."""
    if not task.works_on_draft:
        return settings.max_tokens
    needed = int(budget.tokens_of(draft) * ORDERS[task].growth)
    return max(settings.max_tokens, min(needed, _MOST_TOKENS))
