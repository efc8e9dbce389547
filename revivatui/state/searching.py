"""Finding words in messages: what a query asks for, what was found, and where the words stand.

A query is words, all of which must be there; the last one may be only begun. `"two words"` stand
together, `from:ana` names who wrote it, `after:2026-01-31` and `before:2026-01-31` say when.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from revivatui.state.records import dataclass
from revivatui.text.fold import fold, folded, is_unspaced, letters_apart
from revivatui.text.inline import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from revivatui.state.models import Message, Sender

MACHINE: Final = "machine"
"""Found among what this machine keeps."""
SERVER: Final = "server"
"""Found by the server's own search."""

MOST: Final = 50
"""Hits that one source gives, newest first."""
SHORTEST_START: Final = 2
"""Letters from which on the last word counts as the start of longer ones."""
SNIPPET: Final = 240
"""Characters of a message that a hit shows."""
LEAD: Final = 24
"""Characters shown before the first word that was found."""

_TERM: Final = re.compile(r'(?:(?P<name>\w+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))')
_ACTING: Final = re.compile(r"[\x00-\x1f\x7f]")


# --- what is asked for -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. Each of `words` holds a letter or digit; times in epoch seconds."""

    words: tuple[str, ...] = ()
    begun: bool = False
    """The last word may go on: it finds what starts with it."""
    who: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None

    @property
    def empty(self) -> bool:
        return not self.words and not self.who


def query_of(text: str, tz: tzinfo | None = None) -> Query:
    """Take a query apart. Any text is one: what has no letter or digit asks for nothing."""
    words: list[str] = []
    who: list[str] = []
    since: float | None = None
    until: float | None = None
    text = _ACTING.sub(" ", text)
    begun = False
    for term in _TERM.finditer(text):
        name, quoted = (term["name"] or "").lower(), term["quoted"]
        word = quoted if quoted is not None else term["word"]
        day = _day(word, tz) if name in ("after", "before") else None
        if day is not None:
            since, until = (day, until) if name == "after" else (since, day)
        elif name == "from" and _says_something(word):
            who.append(word)
        else:
            word = term[0].strip('"') if name and quoted is None else word
            if _says_something(word):
                words.append(word)
                begun = quoted is None and term.end() == len(text)
    return Query(tuple(words), begun and _may_go_on(words[-1]), tuple(who), since, until)


def _says_something(word: str) -> bool:
    return any(letter.isalnum() for letter in word)


def _may_go_on(word: str) -> bool:
    last = re.split(r"[\W_]+", word)[-1]
    return len(last) >= SHORTEST_START and not is_unspaced(last)


def _day(word: str, tz: tzinfo | None) -> float | None:
    """Midnight at the start of an ISO date, as epoch seconds."""
    try:
        day = date.fromisoformat(word)
        return datetime(day.year, day.month, day.day, tzinfo=tz).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


# --- what is found ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `marks` are the places in `snippet` where the words stand."""

    message_id: int
    conversation_id: int
    at: float
    """When it was written (epoch seconds)."""
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    sender: Sender | None = None
    private: bool = False
    here: bool = False
    """This machine keeps it."""
    on_server: bool = False
    """The server's search gave it."""

    @property
    def source(self) -> str:
        """Who found it, in a word: here, server or both."""
        if self.here and self.on_server:
            return "both"
        return "here" if self.here else "server"


@dataclass(frozen=True, slots=True)
class Source:
    """How far one of the two searches is."""

    state: str = "searching"
    """searching, done, or not (see `reason`)"""
    reason: str = ""
    """Why it did not search, as a sentence."""
    count: int = 0
    seconds: float = 0.0
    more: bool = False
    """There are older ones than those shown."""


NO_SOURCES: Final[Mapping[str, Source]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Search:
    """One search: what was asked, and what came of it so far."""

    number: int
    """Grows with every search; answers to an older one are dropped."""
    text: str
    conversation_id: int | None = None
    """The only conversation that is searched; None: all."""
    hits: tuple[Hit, ...] = ()
    """Newest first."""
    sources: Mapping[str, Source] = field(default_factory=lambda: NO_SOURCES)

    @property
    def searching(self) -> bool:
        return any(source.state == "searching" for source in self.sources.values())


def merged(held: Iterable[Hit], found: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits of both, each message once, newest first."""
    by_id = {hit.message_id: hit for hit in held}
    for hit in found:
        other = by_id.get(hit.message_id)
        if other is not None:
            hit = replace(
                hit, here=hit.here or other.here, on_server=hit.on_server or other.on_server
            )
        by_id[hit.message_id] = hit
    return tuple(by_id[one] for one in sorted(by_id, reverse=True))


# --- the message's words and where they stand ------------------------------------------------


def searchable(message: Message) -> tuple[str, str, str]:
    """What of a message is searched: (text, who wrote it, names of files); all empty where it
    was deleted. What changes here changes the index: let the cache's schema version grow."""
    if message.deleted:
        return "", "", ""
    text = message.content
    email = message.content_attributes.get("email")
    subject = email.get("subject") if isinstance(email, dict) else None
    if isinstance(subject, str) and subject:
        text = f"{subject}\n{text}"
    files = " ".join(one.name for one in message.attachments if one.name)
    return text, message.sender.name if message.sender else "", files


def hit_of(message: Message, query: Query, *, source: str) -> Hit:
    """A message as a hit: one line of it around the first word that was found."""
    text, _who, files = searchable(message)
    line = " ".join(part for part in (plain(text), files) if part)
    snippet, marks = snippet_of(line, query)
    return Hit(
        message_id=message.id,
        conversation_id=message.conversation_id,
        at=message.created_at,
        snippet=snippet,
        marks=marks,
        sender=message.sender,
        private=message.private,
        here=source == MACHINE,
        on_server=source == SERVER,
    )


def snippet_of(line: str, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part of a line that shows the first mark, and the marks in it."""
    marks = marks_in(line, query)
    start = 0
    if marks and marks[0][0] > LEAD:
        start = line.rfind(" ", 0, marks[0][0] - LEAD // 2) + 1
        start = max(start, marks[0][0] - LEAD)
    shown = line[start : start + SNIPPET]
    head = "… " if start else ""
    moved = len(head) - start
    kept = [(a + moved, min(b, start + SNIPPET) + moved) for a, b in marks if a < start + SNIPPET]
    return head + shown, tuple(kept)


def marks_in(line: str, query: Query) -> list[tuple[int, int]]:
    """Where the words of a query stand in a line: [start, end) of each, ascending, none twice."""
    text, places = folded(line)
    marks = set()
    for number, word in enumerate(query.words):
        begun = query.begun and number == len(query.words) - 1
        pattern = _pattern(word, begun)
        for match in pattern.finditer(text) if pattern else ():
            start, end = match.span()
            if places is not None:
                start, end = places[start], places[end - 1] + 1
            marks.add((start, end))
    return _joined(sorted(marks))


def _pattern(word: str, begun: bool) -> re.Pattern[str] | None:
    parts = [part for part in re.split(r"[\W_]+", letters_apart(fold(word))) if part]
    if not parts:
        return None
    open_start = "" if is_unspaced(parts[0]) else r"(?<![^\W_])"
    open_end = "" if begun or is_unspaced(parts[-1]) else r"(?![^\W_])"
    return re.compile(open_start + r"[\W_]*".join(map(re.escape, parts)) + open_end)


def _joined(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in marks:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
