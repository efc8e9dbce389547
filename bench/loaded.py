"""The desk with 10,000 conversations: keys, events, bytes, processor, memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench.measures import (
    EVENTS_A_SECOND,
    cursor_row,
    events_to_pixels,
    keys_to_paint,
    load,
    milliseconds,
)
from bench.people import Customer, Ear
from bench.setting import DeskHome, RunningShop, desk, leave
from bench.table import Figure
from tools.terminal import Terminal

ROW_BYTES, SWITCH_MS, KEY_MS = 500, 50, 33
PAINT_MS, PAINT_MS_BUSY = 20, 70
MEMORY_MIB = 100
MEASURED_SECONDS = 40
HEADER_COLUMN = 46
"""Right of the list: the thread's header."""


def header(terminal: Terminal) -> str:
    return "\n".join(line[HEADER_COLUMN:] for line in terminal.rows[:3])


def to_top_of_all(terminal: Terminal) -> None:
    """The list of everything, newest first, the cursor on its first row."""
    terminal.send("\x1b")
    terminal.settle(0.5)
    terminal.send("3")
    terminal.settle(0.5)
    terminal.send("g")
    terminal.settle(0.5)


def open_newest(terminal: Terminal, name: str) -> None:
    """Open the chat of a customer who wrote lately, in the list of everything."""
    to_top_of_all(terminal)
    terminal.wait_for(name)
    terminal.click(*terminal.find(name))
    terminal.until(lambda: name in header(terminal), 10, f"the thread of {name}")
    terminal.settle(0.7)


def loaded_figures(place: DeskHome, running: RunningShop) -> Iterator[Figure]:
    """Events to pixels, keys to paint, bytes, processor; quiet first, then under load."""
    ear = Ear(running.url, running.token)
    first, second = (Customer(running.url, running.token, f"Measure {n}") for n in ("One", "Two"))
    second.write("hello from the second")
    time.sleep(1.1)  # the list is sorted by whole seconds
    first.write("hello from the first")
    with desk(place, running) as terminal:
        terminal.wait_for("live", 60)
        terminal.settle(1.0, 60)
        open_newest(terminal, "Measure One")
        paint = events_to_pixels(terminal, ear, first, 25, 1.0, "quiet line")
        yield from milliseconds("frame to pixels, one a second", paint, PAINT_MS)
        yield from _bytes(terminal, running, first, second)
        yield from _switches(terminal)
        open_newest(terminal, "Measure Two")
        with load(running, EVENTS_A_SECOND, MEASURED_SECONDS):
            yield from _busy(terminal, ear, second)
        terminal.settle(1.0, 30)
        leave(terminal)
    ear.close()


def _bytes(
    terminal: Terminal, running: RunningShop, first: Customer, second: Customer
) -> Iterator[Figure]:
    terminal.settle(1.0)
    worst = 0
    for turn, word in enumerate(("high", "low", "urgent", "medium")):
        while time.time() % 60 > 55:  # the ages of all rows change on the minute
            terminal.pump(1.0)
        before = terminal.written
        running.agent("POST", f"conversations/{second.chat}/toggle_priority", {"priority": word})
        terminal.until(lambda before=before: terminal.written > before, 5, "the row")  # type: ignore[misc]
        terminal.settle(1.0)
        if turn:  # the first one writes an activity line, which moves the row to the top
            worst = max(worst, terminal.written - before)
    yield Figure("bytes of a priority change of a row in view", worst, "B", bound=ROW_BYTES)
    before = terminal.written
    first.write("one more line in the open thread")
    terminal.wait_for("one more line in the open thread")
    terminal.settle(0.7)
    yield Figure("bytes of a new message in the open thread", terminal.written - before, "B")


def _switches(terminal: Terminal) -> Iterator[Figure]:
    took = []
    names = ["Measure Two", "Measure One"]
    to_top_of_all(terminal)
    for turn in range(12):
        name = names[turn % 2]
        terminal.send("\x1b")
        terminal.settle(0.3)
        terminal.send("j" if turn % 2 == 0 else "k")
        terminal.settle(0.3)
        start = time.monotonic()
        terminal.send("\r")
        terminal.until(lambda name=name: name in header(terminal), 5, name)  # type: ignore[misc]
        took.append(terminal.last_write - start)
        terminal.settle(0.3)
    yield from milliseconds("switch to a cached thread", took[2:], SWITCH_MS)


def _busy(terminal: Terminal, ear: Ear, customer: Customer) -> Iterator[Figure]:
    frames, start, cpu = ear.frames, time.monotonic(), terminal.cpu_seconds()
    paint = events_to_pixels(terminal, ear, customer, 25, 0.4, "busy line")
    seconds = time.monotonic() - start
    yield Figure("frames a second under load", (ear.frames - frames) / seconds, "frames/s")
    share = (terminal.cpu_seconds() - cpu) / seconds * 100
    yield Figure("processor under that load", share, "% core")
    yield from milliseconds("frame to pixels under load", paint, PAINT_MS_BUSY)
    terminal.send("r")
    terminal.idle(0.3)
    keys = _typed(terminal)
    yield from milliseconds("key to paint in the composer under load", keys, KEY_MS)
    for _ in range(2):  # composer, thread, list
        terminal.send("\x1b")
        terminal.idle(0.5)
    moved = keys_to_paint(terminal, "j", cursor_row(terminal), 15)
    moved += keys_to_paint(terminal, "k", cursor_row(terminal), 15)
    yield from milliseconds("key to paint in the list under load", moved, KEY_MS)


def _typed(terminal: Terminal) -> list[float]:
    """Type a word no customer writes, letter by letter, and see each appear."""
    took, word = [], ""
    for letter in "zyxwvqjkzyxwvqjkzyxwvqjkz":
        word += letter
        start = time.monotonic()
        terminal.send(letter)
        terminal.until(lambda word=word: word in terminal.text(), 5, word)  # type: ignore[misc]
        took.append(terminal.last_write - start)
        terminal.idle(0.04)
    for _ in word:
        terminal.send("\x7f")
    terminal.idle(0.3)
    return took


def memory_figures(place: DeskHome, running: RunningShop) -> Iterator[Figure]:
    """Resident memory with 10,000 conversations held, and with the thread of 10,000 messages."""
    longest = max(
        running.agent("GET", "conversations?status=all&sort_by=created_at_asc")["data"]["payload"],
        key=lambda row: row["messages"][0]["id"] if row["messages"] else 0,
    )
    with desk(place, running) as terminal:
        terminal.wait_for("live", 60)
        terminal.settle(3.0, 90)
        note = "started from the cache, settled"
        yield Figure(
            "memory with 10,000 conversations",
            terminal.memory_mib(),
            "MiB",
            bound=MEMORY_MIB,
            note=note,
        )
        name = longest["meta"]["sender"]["name"]
        terminal.send("3")
        terminal.settle(0.5)
        terminal.send("/" + name + "\r")
        terminal.settle(1.5, 30)
        yield Figure("memory after a search in the list", terminal.memory_mib(), "MiB")
        leave(terminal)
