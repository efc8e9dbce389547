"""Vectors of the sources' texts, kept by what the texts are; so a text is worked out once.

What is kept is made from the shop's own texts alone. A text that is gone leaves with `keep_only`.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Final

from revivatui.copilot.retrieval.vectors import POOLING, TABLE_NAME, WIDTH, Vector, kept
from revivatui.state.records import dataclass

SLICE: Final = 32
"""Texts between two commits: a fraction of a second's work."""
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What made a vector: those of another kind are others."""

    name: str
    width: int


STATIC: Final = Kind(f"{TABLE_NAME}\n{POOLING}", WIDTH)


class VectorCache:
    """One SQLite file; one that cannot be read or written is done without."""

    def __init__(self, path: Path, kind: Kind = STATIC) -> None:
        self._path = path
        self._kind = kind

    def of(self, kind: Kind) -> VectorCache:
        """The vectors of another kind in the same file."""
        return VectorCache(self._path, kind)

    def vectors(self, texts: Iterable[str], make: Callable[[str], Vector]) -> list[Vector]:
        """A vector for each text, in order; those that are not kept are made and kept."""
        wanted = list(texts)
        keys = [key_of(one, self._kind) for one in wanted]
        try:
            with self._open() as base:
                return self._read_or_make(base, wanted, keys, make)
        except sqlite3.Error:
            return [kept(make(one)) for one in wanted]

    def keep_only(self, texts: Iterable[str], kinds: Iterable[Kind] = (STATIC,)) -> int:
        """Take out what belongs to none of these or is of no such kind; gives how many went."""
        wanted = list(texts)
        kept = {key_of(one, kind) for kind in kinds for one in wanted}
        try:
            with self._open() as base:
                gone = [
                    row for row in base.execute("SELECT key FROM vectors") if row[0] not in kept
                ]
                base.executemany("DELETE FROM vectors WHERE key = ?", gone)
                base.commit()
                return len(gone)
        except sqlite3.Error:
            return 0

    def _read_or_make(
        self,
        base: sqlite3.Connection,
        wanted: list[str],
        keys: list[bytes],
        make: Callable[[str], Vector],
    ) -> list[Vector]:
        made: list[Vector] = []
        new = 0
        for text, key in zip(wanted, keys, strict=True):
            row = base.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if row is not None and (vector := self._unpacked(row[0])) is not None:
                made.append(vector)
                continue
            vector = kept(make(text))
            base.execute(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)", (key, array("f", vector).tobytes())
            )
            made.append(vector)
            new += 1
            if new % SLICE == 0:
                base.commit()
        base.commit()
        return made

    def _open(self) -> _Closing:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        base = sqlite3.connect(self._path, timeout=2.0)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute(_SCHEMA)
        return _Closing(base)

    def _unpacked(self, blob: bytes) -> Vector | None:
        if len(blob) not in (0, 4 * self._kind.width):
            return None
        return array("f", blob)


class _Closing:
    """Closes the file at the end, which sqlite3's own `with` does not."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> sqlite3.Connection:
        return self._base

    def __exit__(self, *_: object) -> None:
        self._base.close()


def key_of(text: str, kind: Kind = STATIC) -> bytes:
    """Its kind's name is part of it: another table's vectors are others."""
    return blake2b(f"{kind.name}\n{text}".encode("utf-8", "replace"), digest_size=16).digest()
