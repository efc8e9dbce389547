"""Reads sets: corpus rows and queries, one JSON object a line. Bad rows are told by their line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.sources import Source, SourceKind

KINDS: Final[tuple[SourceKind, ...]] = get_args(SourceKind)


class UnreadableSet(Exception):
    """A set that nothing can be measured with."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a customer wrote, and which source answers it; None where nothing should be said."""

    id: str
    text: str
    expected: str | None
    also: frozenset[str] = frozenset()
    device: str = ""
    repair_status: str = ""
    quote_status: str = ""
    recent: tuple[str, ...] = ()

    @property
    def has_context(self) -> bool:
        return bool(self.device or self.repair_status or self.quote_status or self.recent)


@dataclass(slots=True)
class Rows:
    """What stands in one or several files."""

    corpus: list[Source] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What was skipped or is odd, a sentence each."""


def read(paths: Sequence[Path]) -> Rows:
    """All rows of the files. A row that cannot be used is skipped and remarked upon.

    Raises:
        UnreadableSet: a file cannot be read.
    """
    rows = Rows()
    for path in paths:
        for number, line in _lines(path):
            try:
                _take(rows, line)
            except _Unusable as error:
                rows.remarks.append(f"{path.name}, line {number}: {error}; skipped.")
    return rows


def measurable(rows: Rows, corpus: Sequence[Source]) -> list[Query]:
    """The queries whose answer is in the corpus; the others are remarked upon.

    Raises:
        UnreadableSet: none is left.
    """
    known = {one.id for one in corpus}
    kept = []
    for query in rows.queries:
        if query.expected is not None and query.expected not in known:
            rows.remarks.append(
                f"Query {query.id} expects {query.expected}, which is not in the corpus; skipped."
            )
            continue
        for other in sorted(query.also - known):
            rows.remarks.append(f"Query {query.id} also accepts {other}, which is not there.")
        kept.append(query)
    if not kept:
        raise UnreadableSet("There is no query whose expected source is in the corpus.")
    return kept


def corpus_row(source: Source) -> dict[str, str]:
    """A source as a row of a set."""
    return {
        "kind": "corpus",
        "id": source.id,
        "source": source.kind,
        "lang": source.language,
        "category": source.category,
        "title": source.title,
        "text": source.text,
    }


class _Unusable(Exception):
    pass


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableSet(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise UnreadableSet(f"{path} is not UTF-8 text.") from None
    # Only line breaks part rows: JSON texts may hold the other separators that splitlines knows.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _take(rows: Rows, line: str) -> None:
    try:
        row = json.loads(line)
    except ValueError:
        raise _Unusable("not JSON") from None
    if not isinstance(row, dict):
        raise _Unusable("not a JSON object")
    kind = row.get("kind")
    if kind == "corpus":
        source = _source(row)
        if any(one.id == source.id for one in rows.corpus):
            raise _Unusable(f"the id {source.id} is there twice")
        rows.corpus.append(source)
    elif kind == "query":
        rows.queries.append(_query(row))
    else:
        raise _Unusable(f"kind is {kind!r}, not corpus or query")


def _source(row: dict[str, Any]) -> Source:
    kind = row.get("source")
    if kind not in KINDS:
        raise _Unusable(f"source is {kind!r}, not one of {', '.join(KINDS)}")
    text, title = _text(row, "text"), _text(row, "title")
    if not text and not title:
        raise _Unusable("it has neither title nor text")
    language = _text(row, "lang").lower().replace("_", "-").partition("-")[0]
    if not language and kind != "price":
        language = language_of(f"{title} {text}")
    return Source(_id(row), kind, language, _text(row, "category"), title, text)


def _query(row: dict[str, Any]) -> Query:
    if "expected_id" not in row:
        raise _Unusable("expected_id is missing (null: nothing should be suggested)")
    context = row.get("context")
    if context is None:
        context = {}
    if not isinstance(context, dict):
        raise _Unusable("context is not an object")
    expected = row["expected_id"]
    return Query(
        _id(row),
        _text(row, "query"),
        None if expected in (None, "") else str(expected),
        frozenset(_texts(row, "also_ok")),
        _text(context, "device"),
        _text(context, "repair_status"),
        _text(context, "quote_status"),
        _texts(context, "recent_messages"),
    )


def _id(row: dict[str, Any]) -> str:
    found = row.get("id")
    if found is None or found == "":
        raise _Unusable("id is missing")
    return str(found)


def _text(row: dict[str, Any], name: str) -> str:
    found = row.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _Unusable(f"{name} is not text")
    return found


def _texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    found = row.get(name)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise _Unusable(f"{name} is not a list")
    return tuple(_said(one) for one in found)


def _said(one: object) -> str:
    """A message: its text, alone or in an object as chats have them."""
    if isinstance(one, dict):
        words: Iterable[object] = (one.get(name) for name in ("content", "text", "message", "body"))
        return next((word for word in words if isinstance(word, str)), "")
    return str(one)
