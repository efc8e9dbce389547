"""Two windows of one desk: whose a draft is, and that none is lost when one closes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from revivatui.state.models import Draft, OtherDraft
from tests.support.work import calls_of

NOON = 1_790_000_000.0
KILLED = """
import sys, time
from pathlib import Path
from revivatui.cache.store import Cache
from revivatui.state.models import Draft
cache = Cache.open(Path(sys.argv[1]))
cache.draft_write(Draft(1, False, sys.argv[2], float(sys.argv[3])))
print("written", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.sqlite3"


def killed(path: Path, text: str, at: float) -> None:
    """A window in a process of its own that writes a draft and is killed with -9."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), text, str(at)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def texts(cache: Cache) -> list[str]:
    return [one.text for one in cache.drafts()]


def offered(cache: Cache) -> list[tuple[str, bool]]:
    return [(one.text, one.open) for one in cache.other_drafts()]


def windows_left(path: Path) -> list[str]:
    return [one.name for one in path.parent.iterdir() if ".window-" in one.name]


def test_a_killed_window_leaves_its_draft_to_the_next(path: Path) -> None:
    killed(path, "half a thought", NOON)
    cache = Cache.open(path)
    assert (texts(cache), offered(cache)) == (["half a thought"], [])
    assert len(windows_left(path)) == 1
    cache.close()
    assert windows_left(path) == []


def test_the_newest_is_restored_and_the_other_offered(path: Path) -> None:
    killed(path, "the later one", NOON + 5)
    open_one = Cache.open(path)
    open_one.draft_write(Draft(1, False, "", NOON + 6))  # nothing of its own
    open_one.close()
    killed(path, "the earlier one", NOON)
    first, second = Cache.open(path), Cache.open(path)
    assert texts(first) == ["the earlier one"]
    killed(path, "the later one", NOON + 5)
    third = Cache.open(path)
    assert texts(third) == ["the later one"]
    assert offered(third) == [("the earlier one", True)]
    assert offered(second) == [("the later one", True), ("the earlier one", True)]
    first.close()
    third.close()
    assert offered(second) == [("the later one", False), ("the earlier one", False)]
    second.close()
    last = Cache.open(path)
    assert (texts(last), offered(last)) == (["the later one"], [("the earlier one", False)])
    assert last.load() is not None
    last.close()


def test_equal_texts_of_closed_windows_are_one(path: Path) -> None:
    for at in (NOON, NOON + 1):
        window, other = Cache.open(path), Cache.open(path)
        window.draft_write(Draft(1, False, "the same", at))
        other.draft_write(Draft(1, False, "the same", at))
        window.close()
        other.close()
    cache = Cache.open(path)
    assert (texts(cache), offered(cache)) == (["the same"], [])
    cache.close()


def test_a_text_set_aside_is_offered_and_never_restored_by_itself(path: Path) -> None:
    cache = Cache.open(path)
    cache.draft_aside(Draft(1, False, "what I had before", NOON + 9))
    cache.draft_write(Draft(1, False, "what I took", NOON))
    cache.close()
    cache = Cache.open(path)
    assert (texts(cache), offered(cache)) == (["what I took"], [("what I had before", False)])
    (other,) = cache.other_drafts()
    cache.draft_drop(
        OtherDraft(1, False, "another text by now", other.saved_at, other.window, False)
    )
    assert len(cache.other_drafts()) == 1
    cache.draft_drop(other)
    assert cache.other_drafts() == []
    cache.close()


def test_drafts_of_a_file_from_before_there_were_windows_are_taken_over(path: Path) -> None:
    from revivatui.cache.schema import TABLES

    old = sqlite3.connect(path)
    old.executescript(TABLES)
    old.execute("PRAGMA user_version=1")
    old.execute("INSERT INTO drafts VALUES (7, 1, 'from long ago', ?)", (NOON,))
    old.commit()
    old.close()
    cache = Cache.open(path)
    assert cache.message == ""
    assert cache.drafts() == [Draft(7, True, "from long ago", NOON)]
    cache.close()


def test_damage_costs_no_draft_of_any_window(path: Path) -> None:
    cache, other = Cache.open(path), Cache.open(path)
    cache.draft_write(Draft(1, False, "ours", NOON))
    other.draft_write(Draft(1, False, "theirs", NOON + 1))
    cache.close()
    other.close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version=99")
    database.commit()
    database.close()
    cache = Cache.open(path)
    assert "2 unsent messages and drafts were carried over" in cache.message
    assert (texts(cache), offered(cache)) == (["theirs"], [("ours", False)])
    cache.close()


def test_opening_beside_many_leftovers_stays_quick(path: Path) -> None:
    for count in range(200):
        (path.parent / f"{path.name}.window-{count:012x}").touch()
    opened: list[Cache] = []
    for most in (20_000, 600):  # the first of them tidies up
        assert calls_of(lambda: opened.append(Cache.open(path))) <= most
    assert len(windows_left(path)) == 2
    for cache in opened:
        cache.close()
