"""What Chatwoot's own assistants answer (contract 11)."""

from __future__ import annotations

from pydantic import Field

from revivatui.api.schemas.base import Line, Text, Wire


class AppHook(Wire):
    id: int
    status: bool | None = None


class App(Wire):
    id: Line
    hooks: list[AppHook] = Field(default_factory=list)


class AppList(Wire):
    payload: list[App]


class EventAnswer(Wire):
    """Null where the model gave nothing, and where 3.9 hides what went wrong."""

    message: Text | None = None


class Assistant(Wire):
    id: int
    name: Line | None = None


class AssistantList(Wire):
    payload: list[Assistant]


class CopilotThread(Wire):
    id: int


class CopilotMessage(Wire):
    class Body(Wire):
        content: Text | None = None
        reply_suggestion: bool | None = None

    id: int
    message: Body = Field(default_factory=Body)
    message_type: Line = ""


class CopilotMessages(Wire):
    payload: list[CopilotMessage]
