"""Giving memory back: what is not used any more does not stay with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui.screens import memory

MANY = 200_000


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.skipif(memory._trim() is None, reason="the C library keeps its pages for itself")
def test_what_was_freed_between_what_stays_is_given_back() -> None:
    kept = [bytes(1000) for _ in range(MANY)]
    stays = kept[::50]
    del kept
    before = resident()
    assert memory.give_memory_back()
    assert resident() < before - MANY * 1000 // 4
    assert len(stays) == MANY // 50


def test_a_machine_without_such_a_thing_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", lambda: None)
    assert not memory.give_memory_back()
