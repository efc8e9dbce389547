"""What the frames of an answer make for the screen: safe text, without thoughts, restored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from revivatui.copilot.model.clean import SafeStream
from revivatui.copilot.model.errors import (
    STAYS,
    AnswerBroke,
    ModelError,
    RequestRefused,
)
from revivatui.copilot.model.frames import Frame, NoFrame, Usage, read_frame
from revivatui.copilot.model.preparing import Prepared
from revivatui.copilot.model.thinking import ThoughtFilter
from revivatui.state.records import dataclass

MOST_TEXT: Final = 32_000
"""Characters of an answer that are read; no draft is as long."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Some of an answer."""

    text: str = ""
    is_thinking: bool = False
    """The model thinks; nothing of that is shown."""
    finish: str = ""
    """The last one says why it ended: "stop", "length", "content_filter"; "unsaid" where the
    server did not say, and "cut" where it was more than is read."""
    usage: Usage | None = None


class Answer:
    """Reads one answer, frame by frame. What `read` and `end` raise is for a person."""

    def __init__(self, prepared: Prepared) -> None:
        self._host = prepared.settings.host
        self._key = prepared.settings.key.strip()
        self._tokens = prepared.max_tokens
        self._thoughts = ThoughtFilter()
        self._safe = SafeStream()
        self._restorer = prepared.redactor.restorer()
        self._finish = ""
        self._usage: Usage | None = None
        self._length = 0
        self._raw = 0
        self._has_thought = False
        self._strange = 0
        self._is_thinking = False
        self.is_over = False
        self.tokens = 0
        """Frames that held text or thoughts: signs of life, which keep-alives are not."""

    @property
    def has_begun(self) -> bool:
        """Whether some of it was given out."""
        return self._length > 0

    def read(self, data: str) -> Iterator[Delta]:
        """One event's data. Raises ModelError."""
        try:
            frame = read_frame(data)
        except NoFrame:
            self._strange += 1
            return
        yield from self.take(frame)

    def take(self, frame: Frame) -> Iterator[Delta]:
        """Raises ModelError."""
        if frame.error is not None:
            raise self._failed(frame.error)
        self._finish = frame.finish or self._finish
        self._usage = frame.usage or self._usage
        self.is_over = self.is_over or frame.is_done
        self.tokens += bool(frame.is_thought or frame.text)
        self._has_thought = self._has_thought or frame.is_thought
        if frame.text:
            text = frame.text[: MOST_TEXT + 1 - self._raw]
            self._raw += len(text)
            yield from self._shown(self._thoughts.feed(text))
        if not self._is_thinking and (frame.is_thought or self._thoughts.is_thinking):
            self._is_thinking = True
            yield Delta(is_thinking=True)
        if self._raw > MOST_TEXT:
            self._finish, self.is_over = "cut", True

    def end(self) -> Iterator[Delta]:
        """The last of it. Raises ModelError where it is no answer at all."""
        yield from self._shown(self._thoughts.end())
        rest = self._safe.end()
        yield from self._given((self._restorer.feed(rest) if rest else "") + self._restorer.end())
        if not self.has_begun:
            raise self._nothing()
        yield Delta(finish=self._finish or "unsaid", usage=self._usage)

    def _shown(self, text: str) -> Iterator[Delta]:
        if text and (whole := self._safe.feed(text)):
            yield from self._given(self._restorer.feed(whole))

    def _given(self, text: str) -> Iterator[Delta]:
        if text:
            self._length += len(text)
            self._is_thinking = False
            yield Delta(text)

    def _nothing(self) -> ModelError:
        if self._finish == "content_filter":
            return RequestRefused(f"{self._host} kept its answer back: its filter. {STAYS}")
        if self._has_thought or self._thoughts.hid:
            return AnswerBroke(
                f"The model thought and gave no answer within {self._tokens} tokens. {STAYS} "
                "Raise [copilot] max_tokens, or take a model that does not think."
            )
        if self._strange:
            return AnswerBroke(
                f"{self._host} sent an answer that makes no sense here. {STAYS} Check [copilot] "
                "model_url."
            )
        return AnswerBroke(f"{self._host} gave an empty answer. {STAYS} Ask again.")

    def _failed(self, words: str) -> ModelError:
        words = words.replace(self._key, "...") if self._key else words
        own = f' It says: "{words}"' if words else ""
        where = "in the middle of its answer" if self.has_begun else "instead of answering"
        return AnswerBroke(f"{self._host} failed {where}. {STAYS} Ask again.{own}")
