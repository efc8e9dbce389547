"""Search over a million stored messages: how long an answer takes, through the desk's own cache.

The file is filled through the real schema and index, a few thousand messages in a transaction
instead of one page; what is measured is `Cache.find` as the engine calls it, decoded hits and all.
"""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.measures import milliseconds
from bench.table import Figure
from revivatui.cache import codec, finder
from revivatui.cache.store import Cache
from revivatui.state.models import INCOMING, OUTGOING, Message, Sender
from revivatui.state.searching import query_of

MESSAGES = 1_000_000
CONVERSATIONS = 30_000
QUERIES = 250
SEARCH_MS = 50.0
"""The most that an answer may take at p95 (the issue's own figure)."""
AT_ONCE = 5_000
SEED = 1_000_000
NOON = 1_790_000_000.0

OFTEN = (
    "the a to is my it you for and not can please thanks hello when today battery screen laptop"
    " phone board repair quote data disk keyboard water broken charge ready order tomorrow price"
    " euro pick up shop fix obrigado bateria ecrã telemóvel amanhã recuperação preço"
)
COMMON = OFTEN.split()
LETTERS = "aaabcdeeefghiiijklmnooopqrstuuvwxyz"


class Words:
    """A vocabulary in which few words are in most messages and most words are in few."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        made = ("".join(dice.choices(LETTERS, k=dice.randint(4, 10))) for _ in range(60_000))
        self.all = [*COMMON, *dict.fromkeys(made)]
        self._weights = list(itertools.accumulate(1 / (n + 4) for n in range(len(self.all))))

    def text(self) -> str:
        dice = self.dice
        words = dice.choices(self.all, cum_weights=self._weights, k=dice.randint(3, 25))
        if dice.random() < 0.05:
            words.insert(dice.randint(0, len(words)), self.order_number())
        return " ".join(words)

    def order_number(self) -> str:
        return f"{self.dice.choice(('RT', 'R'))}-{self.dice.randint(1000, 9999)}"

    def common(self) -> str:
        return self.dice.choice(COMMON)

    def rare(self) -> str:
        return self.dice.choice(self.all[20_000:])

    def two(self) -> str:
        return f"{self.common()} {self.dice.choice((self.common(), self.rare()))} "

    def begun(self) -> str:
        word = self.dice.choice((self.common(), self.rare()))
        return word[: self.dice.randint(2, max(2, len(word) - 1))]


def stored(words: Words, count: int) -> Iterator[Message]:
    dice = words.dice
    names = [f"{words.rare().title()} {words.rare().title()}" for _ in range(5_000)]
    for number in range(1, count + 1):
        conversation = dice.randint(1, CONVERSATIONS)
        ours = dice.random() < 0.4
        sender = Sender("user", 2, "Ben Counter") if ours else None
        yield Message(
            id=number,
            conversation_id=conversation,
            inbox_id=1,
            message_type=OUTGOING if ours else INCOMING,
            content=words.text(),
            created_at=NOON + number * 60.0,
            sender=sender or Sender("contact", conversation, names[conversation % len(names)]),
        )


def fill(file: Path, words: Words) -> None:
    """Everything `Cache.save` does with a message that is new, many in one transaction."""
    cache = Cache.open(file)
    connection = cache._connection
    connection.execute("PRAGMA synchronous=OFF")
    messages = stored(words, MESSAGES)
    while some := list(itertools.islice(messages, AT_ONCE)):
        connection.execute("BEGIN IMMEDIATE")
        for one in some:
            connection.execute(
                "INSERT INTO messages VALUES (?, ?, ?)",
                (one.conversation_id, one.id, codec.encode(one)),
            )
            finder.put_in(connection, one)
        connection.execute("COMMIT")
    cache.checkpoint()
    cache.close()


def answers(cache: Cache, ask: Callable[[], str]) -> list[float]:
    """Seconds that each query takes."""
    took = []
    for _ in range(QUERIES):
        query = query_of(ask())
        began = time.perf_counter()
        cache.find(query)
        took.append(time.perf_counter() - began)
    return took


def first_answer(file: Path) -> float:
    """Seconds from opening the file in a new process to the first answer, the file's pages out
    of memory as far as the system lets them go."""
    argv = [sys.executable, "-m", "bench.search", str(file)]
    return float(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)


def search_figures(folder: Path) -> Iterator[Figure]:
    words = Words(random.Random(SEED))
    file = folder / "million.sqlite3"
    began = time.perf_counter()
    fill(file, words)
    yield Figure("messages stored for searching", MESSAGES, "", note="through the real schema")
    yield Figure("storing them", time.perf_counter() - began, "s")
    yield Figure("size of the file", file.stat().st_size / 2**20, "MiB")
    yield Figure("first answer of a new process", first_answer(file) * 1000, "ms")
    cache = Cache.open(file)
    kinds = {
        "common word": lambda: words.common() + " ",
        "rare word": lambda: words.rare() + " ",
        "two words": words.two,
        "prefix": words.begun,
        "order number": words.order_number,
    }
    for name, ask in kinds.items():
        yield from milliseconds(f"search, {name}", answers(cache, ask), SEARCH_MS)
    number = words.dice.randint(1, CONVERSATIONS)
    began = time.perf_counter()
    cache.find(query_of("the battery"), number)
    yield Figure("search, one conversation", (time.perf_counter() - began) * 1000, "ms")
    cache.close()


def _forget_pages(file: Path) -> None:
    """Ask the system to drop the file's pages from its memory."""
    import os

    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    million = Path(sys.argv[1])
    _forget_pages(million)
    start = time.perf_counter()
    Cache.open(million).find(query_of("battery screen"))
    print(time.perf_counter() - start)
