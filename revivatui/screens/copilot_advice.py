"""What the copilot has to say about one conversation: plain records that a pane shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from revivatui.copilot.suggestion import Moment
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.suggestion import Suggestion

Phase = Literal["off", "waiting", "there"]
Step = Literal["asked", "coming", "there", "failed"]

NOT_IN_RECORD = "not in the record"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of a suggestion that stand neither in the record nor in a cited source."""

    start: int
    end: int
    words: str
    """In a few words: "149 €"."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One suggestion as a pane shows it."""

    suggestion: Suggestion
    doubts: tuple[Doubt, ...] = ()
    sources: tuple[str, ...] = ()
    """What it was made of, in words for people: "R-2041 status", "canned hours"."""
    is_checked: bool = True
    """Whether its claims stand in the record is known."""

    @property
    def id(self) -> str:
        return self.suggestion.id


@dataclass(frozen=True, slots=True)
class Cue:
    """How the customer sounds, in words."""

    words: str = ""
    """"angry, urgent"; "" where nothing presses."""
    reasons: tuple[str, ...] = ()
    presses: bool = False


CALM = Cue()


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything for one conversation at one moment.

    `phase`: off (nothing is suggested at all), waiting (for the first suggestions), there.
    """

    conversation_id: int
    phase: Phase = "waiting"
    moment: Moment | None = None
    shown: tuple[Shown, ...] = ()
    abstained: str = ""
    """Why nothing is suggested, in a sentence; "" where something is."""
    cue: Cue = CALM
    language: str = ""
    asked: str = ""
    """What the customer wrote, as far as it waits for an answer; "" where the shop spoke last."""
    is_whole: bool = True
    """The shop's texts were looked through; False while they are still being read."""
    can_more: bool = True
    """There may be others that fit less well."""
    is_page: bool = False
    """These are others, which fit less well than the first ones."""

    def find(self, suggestion_id: str) -> Shown | None:
        return next((one for one in self.shown if one.id == suggestion_id), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model or the server's own assistant says, as far as it has come."""

    task: str
    step: Step = "asked"
    shown: Shown | None = None
    said: str = ""
    """Why it failed, or where it comes from: one sentence."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text in the composer comes from."""

    conversation_id: int
    suggestion: Suggestion
    sources: tuple[str, ...]
    before: str
    """What the composer held before."""
    after: str
    """What it held right after."""
