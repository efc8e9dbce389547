"""What the copilot learned in this shop: words that led to an answer, thumbs, what was inserted.

One SQLite file of a profile. An agent who inserts a suggestion after a message teaches that the
message's words may mean its source; a word counts when it did so in three conversations. Everything
can be listed and taken back, by word, by source and by customer, and no text of a message or a
draft is in it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from revivatui.copilot.learned_file import LearnedError, hash_of, open_file, plainly
from revivatui.copilot.learning import content_words, edit_distance
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

PROMOTED: Final = 3
"""Conversations in which a word led to a source before it counts."""
TELLING: Final = 0.5
"""Part of all conversations with the word that have to have led to the source: a word that leads
everywhere tells nothing."""
DAY: Final = 86_400.0
AUDIT_DAYS: Final = 30
WAITING_DAYS: Final = 180
"""How long a word waits to be promoted."""
STRONGEST: Final = 0.1
"""What thumbs and uses may add to a score between 0 and 1, or take from it."""
_SOFT: Final = 4.0
_USED: Final = 0.25
"""What an insert weighs beside a thumb."""
NO_LESSONS: Final = frozenset(("spam", "junk", "lixo", "blocked", "test", "teste"))
"""Labels of conversations from which nothing is learned."""

__all__ = ["Alias", "Insert", "LearnedError", "LearnedStore", "Lesson"]

Thumb = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Alias:
    """A word of customers that stands for a source."""

    source_id: str
    words: str
    language: str
    uses: int
    """Different conversations in which it led there."""
    contact_ids: tuple[int, ...] = ()
    """Whose conversations they were."""
    last_at: float = 0.0
    promoted: bool = True
    """It counts. Others wait for more uses."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A suggestion that an agent inserted after a customer's message."""

    source_ids: tuple[str, ...]
    message: str
    conversation_id: int
    contact_id: int
    language: str
    at: float
    names: tuple[str, ...] = ()
    """Of the customer and of the shop's people: never learned."""
    concepts: tuple[str, ...] = ()
    """What the message spoke of."""
    labels: tuple[str, ...] = ()
    contact_blocked: bool = False
    bot_thread: bool = False
    """A bot leads the conversation: what is written to it teaches nothing."""

    @property
    def teaches(self) -> bool:
        spam = any(one.strip().lower() in NO_LESSONS for one in self.labels)
        return not (spam or self.contact_blocked or self.bot_thread)


@dataclass(frozen=True, slots=True)
class Insert:
    """What is noted of an insert: no text."""

    id: int
    at: float
    user_id: int
    conversation_id: int
    contact_id: int
    suggestion_id: str
    source_ids: tuple[str, ...]
    provider: str
    """"local", or the host of the model."""
    draft_hash: str
    distance: int | None = None
    """Letters that the agent changed before it was sent; None: not known."""


class LearnedStore:
    """The file. Every method may be called from any thread and raises LearnedError."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    # --- learning -------------------------------------------------------------------------------

    def learn(self, lesson: Lesson, thesaurus: Thesaurus | None = None) -> tuple[str, ...]:
        """Note the words of a message for the sources that answered it. Gives those words; none
        of spam, blocked customers and bots."""
        if not lesson.teaches:
            return ()
        words = content_words(lesson.message, lesson.language, lesson.names, thesaurus=thesaurus)
        rows = [
            (source, word, lesson.conversation_id, lesson.contact_id, lesson.language, lesson.at)
            for source in lesson.source_ids
            for word in words
        ]
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO words SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS"
                " (SELECT 1 FROM refused WHERE source_id = ?1 AND word = ?2)",
                rows,
            )
            _vote(connection, lesson, "used")
        return words

    def aliases(self) -> tuple[Alias, ...]:
        """What counts: promoted words, by source."""
        return tuple(one for one in self.candidates() if one.promoted)

    def candidates(self) -> tuple[Alias, ...]:
        """Every word that led to a source, those that count first."""
        rows = self._rows(
            "SELECT w.source_id, w.word, w.language, count(*), group_concat(DISTINCT w.contact_id),"
            " max(w.at), (SELECT count(DISTINCT conversation_id) FROM words o"
            " WHERE o.word = w.word AND o.language = w.language)"
            " FROM words w GROUP BY w.source_id, w.word, w.language"
        )
        found = [
            Alias(
                source, word, language, uses,
                tuple(sorted(int(one) for one in contacts.split(","))), at,
                uses >= PROMOTED and uses >= TELLING * everywhere,
            )
            for source, word, language, uses, contacts, at, everywhere in rows
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda a: (not a.promoted, a.source_id, -a.uses, a.words)))

    def remove(self, source_id: str, words: str) -> bool:
        """Take a word from a source, for good. Gives whether it was there."""
        with self._writing() as connection:
            gone = connection.execute(
                "DELETE FROM words WHERE source_id = ? AND word = ?", (source_id, words)
            ).rowcount
            if gone:
                connection.execute(
                    "INSERT OR IGNORE INTO refused VALUES (?, ?)", (source_id, words)
                )
        return gone > 0

    def remove_source(self, source_id: str) -> int:
        """Take all words and thumbs from a source; it may learn anew. Gives how many words."""
        with self._writing() as connection:
            count = "SELECT count(DISTINCT word) FROM words WHERE source_id = ?"
            words = int(connection.execute(count, (source_id,)).fetchone()[0])
            for table in ("words", "refused", "votes"):
                connection.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))
        return words

    def forget_contact(self, contact_id: int) -> int:
        """Take out everything that came from a customer, to the last byte. Gives how many rows."""
        with self._writing() as connection:
            gone = sum(
                connection.execute(
                    f"DELETE FROM {one} WHERE contact_id = ?", (contact_id,)
                ).rowcount
                for one in ("words", "votes", "inserts")
            )
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    # --- thumbs ---------------------------------------------------------------------------------

    def thumb(self, lesson: Lesson, which: Thumb | None) -> None:
        """Note a thumb for the sources of a suggestion; None takes it back."""
        if not lesson.teaches:
            return
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM votes WHERE source_id = ? AND conversation_id = ? AND kind != 'used'",
                [(one, lesson.conversation_id) for one in lesson.source_ids],
            )
            if which is not None:
                _vote(connection, lesson, which)

    def boosts(self, concepts: Iterable[str]) -> dict[str, float]:
        """What thumbs and uses add to the score of each source for a question that speaks of these
        concepts: within `STRONGEST`, and near nothing for a single thumb."""
        wanted = sorted(set(concepts)) or [""]
        marks = ", ".join("?" * len(wanted))
        sums: dict[str, float] = {}
        rows = self._rows(
            "SELECT source_id, kind, count(DISTINCT conversation_id) FROM votes"
            f" WHERE concept IN ({marks}) GROUP BY source_id, kind",
            wanted,
        )
        for source, kind, count in rows:
            weight = {"up": 1.0, "down": -1.0}.get(kind, _USED)
            sums[source] = sums.get(source, 0.0) + weight * count
        return {one: STRONGEST * sum_ / (abs(sum_) + _SOFT) for one, sum_ in sums.items() if sum_}

    # --- what was inserted ----------------------------------------------------------------------

    def note_insert(
        self, *, at: float, user_id: int, conversation_id: int, contact_id: int,
        suggestion_id: str, source_ids: tuple[str, ...], provider: str, draft: str,
    ) -> int:  # fmt: skip
        """Note an insert; the draft leaves nothing but a hash. Gives the number of the row."""
        with self._writing() as connection:
            made = connection.execute(
                "INSERT INTO inserts (at, user_id, conversation_id, contact_id, suggestion_id,"
                " source_ids, provider, draft_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    at, user_id, conversation_id, contact_id, safe_line(suggestion_id),
                    json.dumps(source_ids), safe_line(provider), hash_of(connection, draft),
                ),
            )  # fmt: skip
            return int(made.lastrowid or 0)

    def note_sent(self, insert_id: int, draft: str, sent: str) -> int:
        """Note how far what was sent is from the draft. Gives it, in letters."""
        distance = edit_distance(draft, sent)
        with self._writing() as connection:
            connection.execute(
                "UPDATE inserts SET distance = ? WHERE id = ?", (distance, insert_id)
            )
        return distance

    def inserts(self, most: int = 1_000) -> tuple[Insert, ...]:
        """The last inserts, the newest first."""
        rows = self._rows(
            "SELECT id, at, user_id, conversation_id, contact_id, suggestion_id, source_ids,"
            " provider, draft_hash, distance FROM inserts ORDER BY id DESC LIMIT ?",
            (most,),
        )
        return tuple(
            Insert(number, at, user, conversation, contact, made, tuple(json.loads(ids)), *rest)
            for number, at, user, conversation, contact, made, ids, *rest in rows
        )

    def tidy(self, now: float) -> int:
        """Drop what is too old: inserts, and words that waited in vain. Gives how many rows."""
        promoted = {(one.source_id, one.words) for one in self.aliases()}
        with self._writing() as connection:
            gone = connection.execute(
                "DELETE FROM inserts WHERE at < ?", (now - AUDIT_DAYS * DAY,)
            ).rowcount
            old = connection.execute(
                "SELECT source_id, word, conversation_id FROM words WHERE at < ?",
                (now - WAITING_DAYS * DAY,),
            ).fetchall()
            waited = [row for row in old if (row[0], row[1]) not in promoted]
            connection.executemany(
                "DELETE FROM words WHERE source_id = ? AND word = ? AND conversation_id = ?",
                waited,
            )
        return gone + len(waited)

    # --- the file -------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: whole or not at all, whatever happens to the process."""
        with self._lock, plainly(self._file):
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _rows(self, query: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, plainly(self._file):
            return self._opened().execute(query, tuple(values)).fetchall()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_file(self._file)
        return self._connection


def _vote(connection: sqlite3.Connection, lesson: Lesson, kind: str) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, ?, ?)",
        [
            (source, concept, lesson.conversation_id, kind, lesson.contact_id, lesson.at)
            for source in lesson.source_ids
            for concept in sorted(set(lesson.concepts)) or [""]
        ],
    )
