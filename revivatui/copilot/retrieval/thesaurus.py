"""What customers mean in the shop's own words: "it went for a swim" is liquid damage.

Concepts have patterns in English and Portuguese and may have a broader one. The words are shipped
as text files; a shop adds and removes some with a file of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from revivatui.copilot.retrieval.word_files import (
    LANGUAGES,
    BadWords,
    Change,
    Concept,
    Words,
    joined,
    read_changes,
    read_words,
)
from revivatui.copilot.retrieval.word_finder import Matcher
from revivatui.copilot.retrieval.word_patterns import (
    Pattern,
    PatternError,
    patterns_of,
)
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

SHIPPED: Final = Path(__file__).with_name("words")
DENIABLE: Final = frozenset(
    (
        "approve", "back_glass", "battery_drain", "battery_swollen", "beeps", "black_screen",
        "broken", "complaint", "cracked_screen", "error_screen", "fan_noise", "ghost_touch",
        "human", "liquid_damage", "no_power", "not_charging", "overheating", "physical_damage",
        "refund", "restarts", "screen_flicker", "screen_lines", "shuts_down", "slow",
        "smoke_burning", "stuck_logo", "update_failed", "virus",
    )
)  # fmt: skip
"""What happened or did not, is wanted or is not. "No appointment needed" speaks of appointments all
the same, and "it doesn't vibrate" of vibration."""
FILE: Final = "words.toml"
"""A shop's own words, beside the settings."""


@dataclass(frozen=True, slots=True)
class Match:
    """A concept that a text speaks of."""

    concept: str
    words: str
    """What it was told by, as it stands in the text."""
    start: int
    end: int
    negated: bool = False
    """"not", "never" or "no" stands right before it: "no water got in"."""


class Thesaurus:
    """Concepts and their words."""

    def __init__(self, words: Words) -> None:
        """Raises BadWords where a broader concept is not there."""
        self._words = words
        self.concepts_by_id: Mapping[str, Concept] = {one.id: one for one in words.concepts}
        self._matchers: dict[str, Matcher] = {}
        self._above = {one: self._all_broader(one) for one in self.concepts_by_id}

    @classmethod
    def shipped(cls) -> Thesaurus:
        """The one that comes with the program; read once."""
        return _shipped()

    @classmethod
    def for_shop(cls, settings_file: Path) -> Thesaurus:
        """The shipped one with the shop's `words.toml` over it, where that lies beside the
        settings. Raises BadWords."""
        file = settings_file.with_name(FILE)
        return cls.shipped().with_file(file) if file.exists() else cls.shipped()

    def with_file(self, path: Path) -> Thesaurus:
        """This one with a shop's own file over it. Raises BadWords."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise BadWords(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise BadWords(f"{path} is no text in UTF-8.") from None
        return self.with_text(text, str(path))

    def with_text(self, text: str, name: str) -> Thesaurus:
        """As `with_file`, with what stands in it. Raises BadWords."""
        concepts = dict(self.concepts_by_id)
        changes = read_changes(text, name)
        for check in (False, True):  # a broader concept may stand further down
            for change in changes:
                try:
                    if check:
                        _check(change.concept.id, concepts, self._words.sets)
                    else:
                        _apply(concepts, change)
                except PatternError as error:
                    where = f"{name}, line {change.line}, [concepts.{change.concept.id}]"
                    raise BadWords(f"{where}: {error}") from None
        kept = tuple(
            Concept(
                one.id, one.kind, one.names,
                tuple(above for above in one.broader if above in concepts), one.patterns,
            )
            for one in concepts.values()
        )  # fmt: skip
        return Thesaurus(Words(kept, self._words.sets, self._words.spelled))

    def concepts(self, text: str, language: str = "") -> tuple[Match, ...]:
        """The concepts of a text in its order, each place once for a concept.

        Without a language both are looked for. Broader concepts are not among them, `above` names
        those.
        """
        languages = (language,) if language in LANGUAGES else LANGUAGES
        found: dict[tuple[int, str], Match] = {}
        for one in languages:
            for hit in self._matcher(one).hits(text):
                words = safe_line(text[hit.start : hit.end])
                negated = hit.negated and hit.concept in DENIABLE
                match = Match(hit.concept, words, hit.start, hit.end, negated)
                found.setdefault((hit.start, hit.concept), match)
        return tuple(found[key] for key in sorted(found))

    def count(self, text: str, language: str = "") -> Counter[str]:
        """How often a text speaks of each concept, the broader ones among them."""
        counted: Counter[str] = Counter()
        for match in self.concepts(text, language):
            counted[match.concept] += 1
            for above in self.above(match.concept):
                counted[above] += 1
        return counted

    def above(self, concept: str) -> tuple[str, ...]:
        """All broader concepts of one, the nearest first."""
        return self._above.get(concept, ())

    def name(self, concept: str, language: str = "en") -> str:
        """The shop's word for a concept: "charging port"."""
        one = self.concepts_by_id.get(concept)
        if one is None:
            return concept.replace("_", " ")
        return one.names.get(language) or one.names.get("en") or concept.replace("_", " ")

    def kind(self, concept: str) -> str:
        """ "fault", "part", "service", "state", "topic", "talk", "device", "data"; "" unknown."""
        one = self.concepts_by_id.get(concept)
        return one.kind if one is not None else ""

    def _matcher(self, language: str) -> Matcher:
        """Made when it is first asked for: most desks need one language at the start."""
        if language not in self._matchers:
            patterns = [
                pattern
                for one in self._words.concepts
                for pattern in _patterns(one, language, self._words.sets)
            ]
            spelled = self._words.spelled.get(language, ())
            self._matchers[language] = Matcher(patterns, language, spelled)
        return self._matchers[language]

    def _all_broader(self, concept: str) -> tuple[str, ...]:
        found: list[str] = []
        waiting = [concept]
        while waiting:
            one = self.concepts_by_id.get(waiting.pop(0))
            for above in one.broader if one is not None else ():
                if above not in self.concepts_by_id:
                    raise BadWords(f'{concept}: there is no concept "{above}".')
                if above not in found and above != concept:
                    found.append(above)
                    waiting.append(above)
        return tuple(found)


@cache
def _shipped() -> Thesaurus:
    files = sorted(SHIPPED.glob("*.words"))
    return Thesaurus(joined(read_words(one.read_text(encoding="utf-8"), one.name) for one in files))


def _patterns(one: Concept, language: str, sets: Mapping[str, Iterable[str]]) -> list[Pattern]:
    made: dict[Pattern, None] = {}
    for text in one.patterns_of(language):
        made.update(dict.fromkeys(patterns_of(text, one.id, language, sets)))
    return list(made)


def _check(name: str, concepts: Mapping[str, Concept], sets: Mapping[str, Iterable[str]]) -> None:
    """Raises PatternError."""
    one = concepts.get(name)
    if one is None:
        return
    for above in one.broader:
        if above not in concepts:
            raise PatternError(f'there is no concept "{above}" to be the broader one.')
    for language in LANGUAGES:
        _patterns(one, language, sets)


def _apply(concepts: dict[str, Concept], change: Change) -> None:
    """Raises PatternError."""
    new, old = change.concept, concepts.get(change.concept.id)
    if change.removed:
        if old is None:
            raise PatternError("it cannot be removed, there is none of this name.")
        del concepts[new.id]
        return
    if old is None:
        if not new.names and not new.patterns:
            raise PatternError("a new concept needs words: name, en, pt or any.")
        concepts[new.id] = Concept(
            new.id, new.kind or "topic", new.names, new.broader, new.patterns
        )
        return
    known = {text for given in old.patterns.values() for text in given}
    for text in change.without:
        if text not in known:
            raise PatternError(f'"{text}" is not among its words, so it cannot be taken away.')
    patterns = {
        language: tuple(one for one in old.patterns.get(language, ()) if one not in change.without)
        + new.patterns.get(language, ())
        for language in (*LANGUAGES, "any")
    }
    concepts[new.id] = Concept(
        old.id, new.kind or old.kind, {**old.names, **new.names}, new.broader or old.broader,
        patterns,
    )  # fmt: skip
