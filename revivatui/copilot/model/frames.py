"""One frame of a streamed answer, in whichever of the known shapes it comes."""

from __future__ import annotations

import json
from typing import Any, Final

from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

DONE: Final = "[DONE]"
_THOUGHTS: Final = ("reasoning_content", "reasoning")
_MOST_SAID: Final = 300
"""Characters of a server's own words that are shown."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that an answer cost, as the server counts."""

    prompt: int = 0
    completion: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What one frame says; most say one thing of these."""

    text: str = ""
    is_thought: bool = False
    """It holds thoughts of the model, which are no answer."""
    finish: str = ""
    usage: Usage | None = None
    error: str | None = None
    """The server's own words for what went wrong; None: nothing did."""
    is_done: bool = False


class NoFrame(ValueError):
    """Something that is no frame."""


def read_frame(data: str) -> Frame:
    """Raises NoFrame."""
    if data.strip() == DONE:
        return Frame(is_done=True)
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise NoFrame from None
    if not isinstance(body, dict):
        raise NoFrame
    return read_body(body)


def read_body(body: dict[str, Any]) -> Frame:
    """A frame, or a whole answer of a server that does not stream."""
    error = error_words(body)
    if error is not None:
        return Frame(error=error)
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(choice, dict):
        raise NoFrame
    said = choice.get("delta") or choice.get("message") or {}
    said = said if isinstance(said, dict) else {}
    finish = choice.get("finish_reason")
    return Frame(
        text=_content(said.get("content", choice.get("text"))),
        is_thought=any(isinstance(said.get(name), str) and said[name] for name in _THOUGHTS),
        finish=safe_line(finish)[:40] if isinstance(finish, str) else "",
        usage=_usage(body.get("usage")),
    )


def error_words(body: Any) -> str | None:
    """What a server says went wrong, made safe and short; None where it says nothing of it."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if not error and body.get("object") == "error":
        error = body
    if not error:
        return None
    said: Any = error
    if isinstance(error, dict):
        said = error.get("message") or error.get("code") or error.get("type") or ""
    return safe_line(said if isinstance(said, str) else "").strip()[:_MOST_SAID]


def _content(content: Any) -> str:
    """Text, or the parts of a text."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _usage(usage: Any) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (one if type(one) is int and one >= 0 else 0 for one in counts)
    return Usage(prompt, completion)
