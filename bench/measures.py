"""What is measured, each in a function that drives the real desk and returns its figures."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.people import Customer, Ear
from bench.setting import COLUMNS, LINES, DeskHome, RunningShop, desk, leave
from bench.table import Figure, median, percentile
from tools.terminal import Terminal

STARTS = 7
EVENTS_A_SECOND = 100
CURSOR = "▌"
NAME_ENDS = 26
HEAD_LINES = 3
"""Above the first row of the list: the bar, the tabs (one is marked too), the filters."""
"""Column of a row behind which come the numbers that change by themselves."""


def hello_seconds(runs: int = STARTS) -> float:
    """Start of the bare Textual program to its line on screen, median."""
    return median([_hello() for _ in range(runs)])


def _hello() -> float:
    with Terminal([sys.executable, "-m", "bench.hello"], COLUMNS, LINES) as terminal:
        return terminal.wait_for("hello there")


def start_seconds(place: DeskHome, running: RunningShop, row: str) -> float:
    """Start of the desk to a conversation row on screen."""
    with desk(place, running) as terminal:
        took = terminal.wait_for(row, 60)
        terminal.wait_for("live", 90)
        terminal.settle(0.5, 60)
        leave(terminal)
    return took


def starts(
    place: DeskHome, running: RunningShop, row: str, pace: str, bound: float | None
) -> Iterator[Figure]:
    """Cold start (nothing cached), then warm ones, interleaved with the bare program."""
    cold = start_seconds(place, running, row)
    warm, bare = [], []
    for _ in range(STARTS):
        bare.append(_hello())
        warm.append(start_seconds(place, running, row))
    baseline = median(bare)
    yield Figure(f"start to inbox, cold, pace {pace}", cold, "s", baseline)
    limit = None if bound is None else round(bound * baseline, 3)
    note = f"median of {STARTS}; worst {max(warm):.2f}"
    yield Figure(
        f"start to cached inbox, warm, pace {pace}", median(warm), "s", baseline, limit, note
    )
    yield Figure("start of a bare Textual program", baseline, "s", note=f"median of {STARTS}")


@contextmanager
def load(running: RunningShop, frames_a_second: float, seconds: float) -> Iterator[None]:
    """Customers who write so much that the feed carries about this many frames a second.

    Each of their messages brings two frames or three; the figure reached is measured by the ear.
    """
    argv = [sys.executable, "-m", "bench.people", running.url, running.token]
    argv += [str(frames_a_second / 2), str(seconds)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            yield
        finally:
            writer.terminate()


def painted_after(
    terminal: Terminal, ear: Ear, customer: Customer, text: str, timeout: float = 10.0
) -> float:
    """A customer's message: from its frame on the wire to its text on screen, in seconds."""
    customer.write(text)
    terminal.until(lambda: text in terminal.text(), timeout, f"{text!r} painted")
    painted = terminal.last_write
    terminal.until(lambda: text in ear.heard, timeout, f"{text!r} heard")
    return max(0.0, painted - ear.heard[text])


def events_to_pixels(
    terminal: Terminal, ear: Ear, customer: Customer, samples: int, every: float, word: str
) -> list[float]:
    """`painted_after` for some messages into the open thread, `every` seconds apart."""
    took = []
    for number in range(samples):
        next_one = time.monotonic() + every
        took.append(painted_after(terminal, ear, customer, f"{word} {number:03d}"))
        while (left := next_one - time.monotonic()) > 0:
            terminal.pump(left)
    return took


def keys_to_paint(
    terminal: Terminal, key: str, seen: Callable[[], object], count: int
) -> list[float]:
    """From each key to the first moment the screen shows a difference in what `seen` reads."""
    took = []
    for _ in range(count):
        before = seen()
        start = time.monotonic()
        terminal.send(key)
        terminal.until(lambda before=before: seen() != before, 5, "the key painted")  # type: ignore[misc]
        took.append(terminal.last_write - start)
        terminal.idle(0.03)
    return took


def cursor_row(terminal: Terminal) -> Callable[[], object]:
    """Reads whose row the list's cursor stands on: it stays there when the row moves."""

    def read() -> object:
        rows = terminal.rows[HEAD_LINES:]
        marked = (line for line in rows if CURSOR in line[:4])
        return next(marked, "")[:NAME_ENDS]

    return read


def milliseconds(name: str, seconds: list[float], bound_ms: float | None) -> list[Figure]:
    """p50, reported, and p95 against its bound."""
    return [
        Figure(f"{name}, p50", percentile(seconds, 0.5) * 1000, "ms"),
        Figure(
            f"{name}, p95",
            percentile(seconds, 0.95) * 1000,
            "ms",
            bound=bound_ms,
            note=f"{len(seconds)} samples",
        ),
    ]


def open_chat(terminal: Terminal, number: int, name: str) -> None:
    """Go to a conversation by its number, as an agent does."""
    terminal.send("g" + str(number) + "\r")
    terminal.wait_for(name, 20)
    terminal.settle(0.4, 20)


def quiet_figures(terminal: Terminal) -> Iterator[Figure]:
    """A minute in which nothing happens in the shop, once every note at the corner is gone."""
    terminal.settle(7.0, 60)
    ten, cpu = terminal.idle(10)
    yield Figure("bytes written in 10 idle seconds", ten, "B", bound=0)
    more, cpu_more = terminal.idle(50)
    yield Figure("bytes written in an idle minute", ten + more, "B")
    share = (cpu + cpu_more) / 60 * 100
    yield Figure("processor in an idle minute", share, "% core", bound=0.5)


def numbered(word: str) -> Iterator[str]:
    return (f"{word} {number:04d}" for number in itertools.count())
