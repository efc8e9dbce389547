"""What was saved is what is loaded, the journal outlives kill -9, bad files harm nobody."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.cache.floor_log import FloorLog
from revivatui.cache.snapshot import Snapshot, Snapshots
from revivatui.cache.store import FIRST_ROWS, Cache, CacheError
from revivatui.state import select, topics
from revivatui.state.events import (
    AgentsLoaded,
    CannedLoaded,
    ConversationGone,
    CountsLoaded,
    InboxesLoaded,
    LabelsLoaded,
    TeamsLoaded,
    ViewChosen,
)
from revivatui.state.models import (
    OUTGOING,
    Account,
    Attachment,
    CannedResponse,
    Conversation,
    Counts,
    Draft,
    Inbox,
    Label,
    SendEntry,
    Team,
)
from revivatui.state.presence_log import Entry
from revivatui.state.reduce import apply
from revivatui.state.state import State
from revivatui.state.topics import Topic
from tests.state.build import (
    COLLEAGUE,
    ME,
    NOON,
    OPEN,
    arrived,
    contact,
    conversation,
    desk,
    entry,
    message,
    page,
    read,
    thread_page,
)

EVERYTHING = (topics.ACCOUNT, topics.ORDER, topics.VIEW, topics.COUNTS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "shop-1.sqlite"


@pytest.fixture
def cache(path: Path) -> Iterator[Cache]:
    opened = Cache.open(path)
    yield opened
    opened.close()


def aged(one: int) -> Conversation:
    return conversation(
        one,
        last_activity_at=NOON - one,
        updated_at=NOON + one / 7,
        labels=("urgent", "quote"),
        unread_count=one % 10,
        additional_attributes={"referer": "http://shop.example/", "browser": {"name": "x"}},
        custom_attributes={"order": "R-3"},
        preview=message(1000 + one, one, content="Olá \U0001f527"),
    )


def full_desk(size: int = 30) -> State:
    state = desk()
    apply(state, ViewChosen(OPEN))
    apply(state, AgentsLoaded((ME, COLLEAGUE)))
    apply(state, InboxesLoaded((Inbox(1, "Website", "Channel::WebWidget", csat_enabled=True),)))
    apply(state, TeamsLoaded((Team(4, "Bench"),)))
    apply(state, LabelsLoaded((Label(1, "urgent", color="#f00"),)))
    apply(state, CannedLoaded((CannedResponse(1, "hi", "Hello {{contact.name}}"),)))
    apply(state, page(OPEN, *(aged(one) for one in range(1, size + 1)), last=True))
    people = tuple(
        contact(100 + one, custom_attributes={"vip": True}) for one in range(1, size + 1)
    )
    apply(state, read(asked=state.sequence, contacts=people))
    apply(state, CountsLoaded(OPEN, Counts(1, 2, size), NOON))
    state.account = Account(1, "Shop", features=frozenset({"csat", "labels"}))
    return state


def all_topics(state: State) -> set[Topic]:
    rows = {topics.ROW(one) for one in state.conversations}
    return {*EVERYTHING, *rows, *(topics.THREAD(one) for one in state.threads)}


def save(cache: Cache, state: State) -> None:
    cache.save(Snapshots().take(state, all_topics(state), seen_at=NOON))


# --- what was saved --------------------------------------------------------------------------


def test_what_is_loaded_equals_what_was_saved(cache: Cache, path: Path) -> None:
    state = full_desk()
    save(cache, state)
    cache.close()
    again = Cache.open(path)
    seen = again.load()
    assert seen is not None
    loaded = State()
    apply(loaded, seen)
    for name in ("conversations", "contacts", "agents", "inboxes", "teams", "labels", "canned"):
        assert getattr(loaded, name) == getattr(state, name), name
    assert (loaded.account, loaded.me, loaded.version) == (state.account, ME, "4.10.1")
    assert (loaded.view, loaded.as_of, loaded.from_cache) == (OPEN, NOON, True)
    assert select.visible_ids(loaded, OPEN) == select.visible_ids(state, OPEN)
    assert select.counts(loaded, OPEN) == Counts(1, 2, 30)
    assert list(again.load_rest()) == []
    again.close()


def test_what_lets_go_of_memory_lets_go_of_nothing_that_is_kept(cache: Cache, path: Path) -> None:
    cache.save(Snapshot(conversations=(conversation(),)))
    cache.shrink()
    assert [one.id for one in cache._conversations([1])] == [1]
    log = FloorLog(path.with_name("floor.sqlite3"))
    log.append([Entry(1, 1.0, "mark")])
    log.shrink()
    assert log.count() == 1
    log.close()


def test_nothing_kept_is_nothing_loaded(cache: Cache) -> None:
    assert cache.load() is None
    assert cache.thread(1) is None
    assert (cache.drafts(), cache.journal_open(), cache.message) == ([], [], "")


def test_a_thread_comes_back_whole_with_all_that_a_message_holds(cache: Cache) -> None:
    state = full_desk(3)
    photo = Attachment(7, "image", "a.png", "http://x.example/a", file_size=9, width=3)
    own = message(3, message_type=OUTGOING, private=True, attachments=(photo,), reference="r1")
    told = (message(1), message(2, content_attributes={"in_reply_to": 1}), own)
    apply(state, thread_page(*told, start=True))
    save(cache, state)
    kept = cache.thread(1)
    assert kept is not None
    assert kept.messages == told
    assert (kept.complete_from, kept.start_reached, kept.as_of) == (0, True, NOON)
    fresh = desk(conversation())
    apply(fresh, kept)
    assert list(select.thread(fresh, 1).messages) == list(told)
    assert not select.thread(fresh, 1).sealed


def test_messages_beyond_a_gap_are_not_given_as_if_they_joined(cache: Cache) -> None:
    state = full_desk(1)
    apply(state, thread_page(message(5), message(6)))
    thread = state.threads[1]
    thread.complete_to = 6
    apply(state, arrived(message(2)))
    apply(state, arrived(message(9)))
    save(cache, state)
    kept = cache.thread(1)
    assert kept is not None
    assert [one.id for one in kept.messages] == [5, 6, 9]
    fresh = desk(conversation(), live=False)
    apply(fresh, kept)
    assert select.thread(fresh, 1).gap_after == 6


def test_a_message_heard_of_an_unread_thread_takes_nothing_from_what_is_known(
    cache: Cache,
) -> None:
    state = full_desk(1)
    apply(state, thread_page(message(1), message(2), start=True))
    save(cache, state)
    later = full_desk(1)
    apply(later, arrived(message(9)))
    assert later.threads[1].complete_from is None
    save(cache, later)
    kept = cache.thread(1)
    assert kept is not None
    assert [one.id for one in kept.messages] == [1, 2, 9]
    assert (kept.complete_from, kept.complete_to, kept.start_reached) == (0, 2, True)


def test_a_snapshot_holds_only_what_changed_and_of_a_thread_only_what_is_new() -> None:
    state, snapshots = full_desk(5), Snapshots()
    apply(state, thread_page(message(1), message(2), start=True))
    snapshots.take(state, all_topics(state), seen_at=NOON)
    dirty = apply(state, arrived(message(3)))
    told = snapshots.take(state, dirty, seen_at=None)
    assert [one.id for one in told.conversations] == [1]
    assert [one.id for part in told.threads for one in part.messages] == [3]
    assert told.account is None
    assert snapshots.take(state, {topics.LINK}, seen_at=None) == Snapshot()
    assert Snapshot().empty


def test_a_conversation_that_is_gone_is_forgotten_with_its_messages(cache: Cache) -> None:
    state, snapshots = full_desk(3), Snapshots()
    apply(state, thread_page(message(1), start=True))
    save(cache, state)
    dirty = apply(state, ConversationGone(1, "not for you"))
    cache.save(snapshots.take(state, dirty, seen_at=NOON))
    seen = cache.load()
    assert seen is not None
    assert sorted(one.id for one in seen.conversations) == [2, 3]
    assert cache.thread(1) is None


def test_the_first_look_is_the_top_of_the_list_and_the_rest_follows(cache: Cache) -> None:
    state = full_desk(FIRST_ROWS + 700)
    save(cache, state)
    seen = cache.load()
    assert seen is not None
    assert seen.order == tuple(range(1, FIRST_ROWS + 1))
    loaded = State()
    apply(loaded, seen)
    for more in cache.load_rest():
        apply(loaded, more)
    assert loaded.conversations == state.conversations
    assert loaded.contacts == state.contacts
    assert select.visible_ids(loaded, OPEN) == list(seen.order)
    assert not select.list_state(loaded, OPEN).complete


def test_the_first_look_reads_no_more_with_ten_thousand_conversations(cache: Cache) -> None:
    state = full_desk(2)
    save(cache, state)
    steps = []
    for size in (FIRST_ROWS, 10_000):
        state = full_desk(size)
        save(cache, state)
        asked: list[str] = []
        cache._connection.set_trace_callback(asked.append)
        seen = cache.load()
        cache._connection.set_trace_callback(None)
        assert seen is not None
        steps.append((len(asked), len(seen.conversations), len(seen.contacts)))
    assert steps[0] == steps[1]
    assert steps[0][0] < 15


# --- the journal and drafts ------------------------------------------------------------------


def test_the_journal_gives_what_is_open_oldest_first(cache: Cache) -> None:
    second = entry("b", created_at=NOON + 2, in_reply_to=4)
    cache.journal_write(second)
    cache.journal_write(entry("a"))
    cache.journal_write(entry("c"))
    cache.journal_write(replace(entry("a"), state="unconfirmed", attempts=1))
    cache.journal_write(replace(entry("c"), state="sent", message_id=9))
    assert cache.journal_open() == [replace(entry("a"), state="unconfirmed", attempts=1), second]
    cache.journal_forget("a")
    assert cache.journal_open() == [second]
    seen = cache.load()
    assert seen is not None
    assert seen.sends == (second,)


def test_each_window_keeps_its_own_draft_while_it_is_open(cache: Cache, path: Path) -> None:
    other = Cache.open(path)
    other.draft_write(Draft(1, False, "theirs", NOON + 5))
    cache.draft_write(Draft(1, False, "ours", NOON))
    cache.draft_write(Draft(1, True, "note", NOON))
    assert {one.text for one in cache.drafts()} == {"ours", "note"}
    assert [(one.text, one.open) for one in cache.other_drafts()] == [("theirs", True)]
    assert {one.text for one in other.drafts()} == {"theirs"}
    other.draft_write(Draft(1, False, "", NOON + 9))
    assert (other.drafts(), cache.other_drafts()) == ([], [])
    assert {one.text for one in cache.drafts()} == {"ours", "note"}
    other.close()


def test_a_message_in_the_journal_is_no_draft_any_more(cache: Cache) -> None:
    """A kill between the two would offer what was sent to be sent again."""
    cache.draft_write(Draft(1, False, "It is rea", NOON))
    cache.draft_write(Draft(1, True, "It is ready, a note", NOON))
    cache.draft_write(Draft(2, False, "Something else", NOON))
    message = SendEntry("r1", 1, 1, "It is ready.", False, NOON + 1)
    cache.journal_write(message)
    cache.journal_write(SendEntry("r2", 2, 1, "It is ready.", False, NOON + 1))
    assert [one.text for one in cache.drafts()] == ["It is ready, a note", "Something else"]
    cache.draft_write(Draft(1, False, "It is", NOON + 2))
    cache.journal_write(message)
    assert "It is" in [one.text for one in cache.drafts()], "written after the message"


def test_journal_lines_are_written_through_to_the_disk(cache: Cache) -> None:
    assert cache._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert cache._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


WRITER = """
import sys
from pathlib import Path
from revivatui.cache.store import Cache
from revivatui.state.models import Draft, SendEntry

cache = Cache.open(Path(sys.argv[1]))
for count in range(100_000):
    cache.journal_write(SendEntry(f"r{count}", 1, 1, f"text {count}", False, float(count)))
    cache.draft_write(Draft(count % 50, False, f"draft {count}", float(count)))
    print(count, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 20, 57])
def test_kill_9_loses_no_journal_line_and_no_draft(path: Path, lines: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        told = [int(process.stdout.readline()) for _ in range(lines)]
        os.kill(process.pid, signal.SIGKILL)
        told += [int(line) for line in process.stdout if line.strip().isdigit()]
    assert process.wait() == -signal.SIGKILL
    cache = Cache.open(path)
    assert cache.message == ""
    kept = {one.reference: one.content for one in cache.journal_open()}
    assert {f"r{count}": f"text {count}" for count in told}.items() <= kept.items()
    newest = {one.conversation_id: one.text for one in cache.drafts()}
    for count in told[-50:]:
        written = int(newest[count % 50].removeprefix("draft "))
        assert written >= count
    cache.close()


# --- bad files, refusing disks ---------------------------------------------------------------


def broken_files(path: Path) -> list[Path]:
    return sorted(one for one in path.parent.glob("*.unreadable-*") if one.suffix[-4:] != "-shm")


def test_a_file_that_is_no_database_is_set_aside_with_a_word(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 500)
    cache = Cache.open(path)
    assert cache.load() is None
    assert "could not be read" in cache.message
    aside = broken_files(path)
    assert aside[0].read_bytes().startswith(b"this is no database")
    assert aside[0].name in cache.message
    cache.draft_write(Draft(1, False, "works", NOON))
    cache.close()


def test_damage_found_while_loading_costs_neither_journal_nor_drafts(path: Path) -> None:
    cache = Cache.open(path)
    save(cache, full_desk(400))
    cache.journal_write(entry("r1"))
    cache.draft_write(Draft(1, False, "half a", NOON))
    root = cache._rows("SELECT rootpage FROM sqlite_master WHERE name = 'conversations'")[0][0]
    size = cache._rows("PRAGMA page_size")[0][0]
    cache._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cache.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    cache = Cache.open(path)
    seen = cache.load()
    assert seen is not None
    assert (seen.sends, [one.text for one in seen.drafts]) == ((entry("r1"),), ["half a"])
    assert "2 unsent messages and drafts were carried over" in cache.message
    assert len(broken_files(path)) == 1
    cache.close()


def test_a_file_of_another_version_is_set_aside_not_guessed_at(path: Path) -> None:
    cache = Cache.open(path)
    cache.journal_write(entry("r1"))
    cache.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    cache = Cache.open(path)
    assert cache.journal_open() == [entry("r1")]
    assert broken_files(path)
    cache.close()


def test_a_broken_record_is_left_out_and_the_others_load(cache: Cache) -> None:
    save(cache, full_desk(5))
    cache._connection.execute("UPDATE conversations SET body = '[1, 2' WHERE id = 2")
    cache._connection.execute("UPDATE conversations SET body = '[1]' WHERE id = 3")
    seen = cache.load()
    assert seen is not None
    assert sorted(one.id for one in seen.conversations) == [1, 4, 5]


def test_only_the_owner_can_read_what_is_kept(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    path.chmod(0o644)
    cache = Cache.open(path)
    cache.draft_write(Draft(1, False, "x", NOON))
    for one in path.parent.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600, one.name
    cache.close()


def test_a_place_that_cannot_be_written_gives_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CacheError, match="Nothing can be kept on this machine"):
        Cache.open(tmp_path / "file" / "shop.sqlite")


def test_a_disk_that_is_full_gives_an_error_and_works_again_later(cache: Cache) -> None:
    cache.journal_write(entry("r0"))
    pages = cache._rows("PRAGMA page_count")[0][0]
    cache._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CacheError, match="could not keep it"):
        cache.journal_write(entry("r1", content="x" * 1_000_000))
    cache._connection.execute("PRAGMA max_page_count = 1000000")
    cache.journal_write(entry("r2"))
    assert [one.reference for one in cache.journal_open()] == ["r0", "r2"]


def test_an_entry_reads_back_as_it_was(cache: Cache) -> None:
    odd = SendEntry("r\u2028", 1, 2, 'quote " \n \\ é', True, NOON + 0.25, "failed", "why", 3, 4, 5)
    cache.journal_write(odd)
    assert cache.journal_open() == [odd]
