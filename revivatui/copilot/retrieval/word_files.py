"""Reading the words of a thesaurus: the files that are shipped, and a shop's own in TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Final

from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

LANGUAGES: Final = ("en", "pt")
_ENTRY: Final = re.compile(
    r"(?P<id>[a-z][a-z0-9_]*)(?:\s*<\s*(?P<broader>[a-z0-9_, ]+))?"
    r"\s*\|\s*(?P<en>[^|]+?)\s*\|\s*(?P<pt>[^|]+?)\s*"
)
_KEYS: Final = ("broader", "kind", "name", "en", "pt", "any", "without", "removed")
MOST_BYTES: Final = 500_000


class BadWords(Exception):
    """A file of words that cannot be used; the text names the file, the line and the key."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that customers mean and the shop has a word for."""

    id: str
    kind: str
    """"fault", "part", "service", "state", "topic", "talk", "device", "data"."""
    names: Mapping[str, str]
    """The shop's word, by language."""
    broader: tuple[str, ...] = ()
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By language; "any" for those of both."""

    def patterns_of(self, language: str) -> tuple[str, ...]:
        name = self.names.get(language) or self.names.get("en", "")
        own = self.patterns.get(language, ()) + self.patterns.get("any", ())
        return (name, *own) if name else own


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a file says."""

    concepts: tuple[Concept, ...]
    sets: Mapping[str, tuple[str, ...]]
    spelled: Mapping[str, tuple[str, ...]]


# --- the files that are shipped ----------------------------------------------------------------


def read_words(text: str, name: str) -> Words:
    """A shipped file. Raises BadWords."""
    kind = ""
    heads: list[tuple[str, re.Match[str], dict[str, list[str]]]] = []
    sets: dict[str, tuple[str, ...]] = {}
    spelled: dict[str, list[str]] = {one: [] for one in LANGUAGES}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        key, _, rest = line.partition(":")
        if line.startswith("[") and line.endswith("]"):
            kind = line[1:-1]
        elif line.startswith("@"):
            title, _, members = line.partition("=")
            sets[title.strip()] = tuple(members.split())
        elif key in ("spelled en", "spelled pt"):
            spelled[key[-2:]] += rest.split()
        elif raw.startswith(" ") and key in (*LANGUAGES, "any") and heads:
            heads[-1][2].setdefault(key, []).extend(_split(rest))
        elif (head := _ENTRY.fullmatch(line)) and not raw.startswith(" "):
            heads.append((kind, head, {}))
        else:
            raise BadWords(f"{name}, line {number}: this says nothing: {line[:60]}")
    concepts = tuple(
        Concept(
            head["id"], section, {"en": head["en"], "pt": head["pt"]}, _names(head["broader"]),
            {language: tuple(given) for language, given in patterns.items()},
        )
        for section, head, patterns in heads
    )  # fmt: skip
    return Words(concepts, sets, {one: tuple(given) for one, given in spelled.items()})


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip()]


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (text or "").split(",") if one.strip())


# --- a shop's own file -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What a shop says of one concept."""

    concept: Concept
    without: frozenset[str] = frozenset()
    removed: bool = False
    line: int = 0


def read_changes(text: str, name: str) -> tuple[Change, ...]:
    """A shop's file. Raises BadWords."""
    import tomllib

    if len(text) > MOST_BYTES:
        raise BadWords(f"{name} is too big.")
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWords(f"{name}: {error}") from None
    for key in body:
        if key != "concepts":
            raise BadWords(
                f'{name}, line {_line_of(text, "", key)}: "{safe_line(key)}" means nothing here;'
                " words stand in tables named [concepts.NAME]."
            )
    tables = body.get("concepts", {})
    if not isinstance(tables, dict):
        raise BadWords(f"{name}, line {_line_of(text, '', 'concepts')}: concepts is a table.")
    return tuple(_change(key, table, text, name) for key, table in tables.items())


def _change(key: str, table: Any, text: str, name: str) -> Change:
    def wrong(part: str, words: str) -> BadWords:
        where = f"{name}, line {_line_of(text, key, part)}, [concepts.{safe_line(key)}]"
        return BadWords(f"{where}: {words}")

    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise wrong("", "a concept's name is small letters, digits and _.")
    if not isinstance(table, dict):
        raise wrong("", "this is a table.")
    for part in table:
        if part not in _KEYS:
            raise wrong(part, f'"{safe_line(part)}" means nothing; there are {", ".join(_KEYS)}.')
    lists: dict[str, tuple[str, ...]] = {}
    for part in ("en", "pt", "any", "without"):
        given = table.get(part, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise wrong(part, f"{part} is a list of texts.")
        lists[part] = tuple(safe_line(one) for one in given)
    for part, kind, words in (("kind", str, "a text"), ("removed", bool, "true or false")):
        if not isinstance(table.get(part, kind()), kind):
            raise wrong(part, f"{part} is {words}.")
    concept = Concept(
        key, table.get("kind", ""), _given_names(table.get("name", {}), wrong),
        _given_broader(table.get("broader", ()), wrong),
        {one: lists[one] for one in ("en", "pt", "any") if lists[one]},
    )  # fmt: skip
    return Change(
        concept, frozenset(lists["without"]), table.get("removed", False), _line_of(text, key, "")
    )


def _given_names(given: Any, wrong: Any) -> dict[str, str]:
    names = {"en": given, "pt": given} if isinstance(given, str) else given
    if not isinstance(names, dict) or not all(
        one in LANGUAGES and isinstance(said, str) for one, said in names.items()
    ):
        raise wrong("name", 'name is a text, or { en = "...", pt = "..." }.')
    return {one: safe_line(said) for one, said in names.items()}


def _given_broader(given: Any, wrong: Any) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else list(given) if given else []
    if not all(isinstance(one, str) for one in listed):
        raise wrong("broader", "broader is the name of a concept, or a list of them.")
    return tuple(listed)


def _line_of(text: str, table: str, key: str) -> int:
    """The line that a table, or a key in it, stands in; 1 where it cannot be told."""
    head = rf"\[\s*concepts\s*\.\s*[\"']?{re.escape(table)}[\"']?\s*\]" if table else None
    inside = not table
    found = 1
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if head and re.match(head, plain):
            inside, found = True, number
            if not key:
                return number
        elif inside and plain.startswith("[") and table:
            inside = False
        elif inside and key and re.match(rf"\[?\[?[\"']?{re.escape(key)}[\"']?\b", plain):
            return number
    return found


def joined(parts: Iterable[Words]) -> Words:
    """Several shipped files as one; a concept may be continued in another file."""
    concepts: dict[str, Concept] = {}
    sets: dict[str, tuple[str, ...]] = {}
    spelled: dict[str, tuple[str, ...]] = dict.fromkeys(LANGUAGES, ())
    for part in parts:
        for one in part.concepts:
            if one.id in concepts:
                raise BadWords(f'"{one.id}" is there twice.')
            concepts[one.id] = one
        sets.update(part.sets)
        for language, given in part.spelled.items():
            spelled[language] += given
    return Words(tuple(concepts.values()), sets, spelled)
