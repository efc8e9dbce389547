"""What is learned from inserts: when it counts, what never is, and that all can be undone."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import string
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.copilot.learned import (
    AUDIT_DAYS,
    DAY,
    STRONGEST,
    WAITING_DAYS,
    LearnedError,
    LearnedStore,
    Lesson,
)
from revivatui.copilot.learning import content_words, edit_distance
from revivatui.copilot.retrieval.thesaurus import Thesaurus

NOW = 1_790_000_000.0
KNOWN = Thesaurus.shipped()
LESSON = Lesson(
    ("canned:port",), "my thingamajig sits loose", 1, 11, "en", NOW, concepts=("charging_port",)
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "desk-copilot.sqlite3"


@pytest.fixture
def store(file: Path) -> Iterator[LearnedStore]:
    store = LearnedStore(file)
    yield store
    store.close()


def taught(store: LearnedStore, times: int, lesson: Lesson = LESSON) -> None:
    """The same lesson from so many conversations of different customers."""
    for number in range(times):
        store.learn(replace(lesson, conversation_id=100 + number, contact_id=200 + number), KNOWN)


def counting(store: LearnedStore) -> set[str]:
    return {one.words for one in store.aliases()}


# --- when it counts ------------------------------------------------------------------------------


def test_a_word_counts_from_the_third_conversation_on(store: LearnedStore) -> None:
    taught(store, 2)
    assert store.aliases() == ()
    assert {one.words for one in store.candidates()} == {"thingamajig", "sits", "loose"}
    taught(store, 3)
    assert "thingamajig" in counting(store)
    assert {one.source_id for one in store.aliases()} == {"canned:port"}
    assert {one.uses for one in store.aliases()} == {3}


def test_the_same_conversation_teaches_once(store: LearnedStore) -> None:
    for _ in range(5):
        store.learn(LESSON)
    assert {one.uses for one in store.candidates()} == {1}
    assert store.aliases() == ()


def test_a_word_that_leads_everywhere_tells_nothing(store: LearnedStore) -> None:
    for number in range(12):
        store.learn(replace(LESSON, source_ids=(f"canned:{number % 4}",), conversation_id=number))
    assert {one.uses for one in store.candidates()} == {3}
    assert store.aliases() == ()


def test_each_language_learns_for_itself(store: LearnedStore) -> None:
    taught(store, 2)
    store.learn(replace(LESSON, language="pt", conversation_id=900))
    assert store.aliases() == ()


# --- what is never learned -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "lesson",
    [
        replace(LESSON, labels=("vip", "Spam")),
        replace(LESSON, contact_blocked=True),
        replace(LESSON, bot_thread=True),
    ],
)
def test_spam_blocked_customers_and_bots_teach_nothing(store: LearnedStore, lesson: Lesson) -> None:
    assert store.learn(lesson) == ()
    store.thumb(lesson, "up")
    assert store.candidates() == ()
    assert store.boosts(lesson.concepts) == {}


@pytest.mark.parametrize(
    "message",
    [
        "My name is Maria Fontes and the gizmo is loose",
        "the gizmo is loose, regards, Maria Fontes",
        "gizmo loose. call Maria on 07700 900123",
        "gizmo loose, maria.fontes@example.com",
        "gizmo loose see https://example.com/maria/fontes",
        "my password is fontes and the gizmo is loose",
        "the passcode is maria1 gizmo loose",
        "gizmo loose at 12 Fontes Street",
        "chamo-me Maria Fontes, o gizmo está loose",
        "I spoke to Fontes about the gizmo being loose",
    ],
)
def test_no_name_number_address_or_code_is_learned(message: str) -> None:
    words = content_words(message, "en", ("Maria Fontes",))
    assert not {"maria", "fontes", "maria1", "example"} & set(words)
    assert not any(any(letter.isdigit() for letter in word) for word in words)
    assert "gizmo" in words


def test_names_that_nobody_knew_are_left_out_by_their_capitals() -> None:
    words = content_words("I gave the gizmo to Fontes yesterday", "en")
    assert "fontes" not in words
    assert "gizmo" in words


def test_who_says_their_name_in_small_letters_is_not_learned_either() -> None:
    words = content_words("hi my name is maria fontes and the gizmo sits loose", "en")
    assert words == ("gizmo", "sits", "loose")
    assert "fontes" not in content_words("chamo-me maria fontes, a peça está solta", "pt")


def test_devices_small_words_and_politeness_are_not_learned() -> None:
    words = content_words(
        "Hello, please help: my iPhone's gizmo is very loose", "en", (), thesaurus=KNOWN
    )
    assert set(words) == {"gizmo", "loose"}


def test_random_secrets_are_never_learned(store: LearnedStore) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    draw = random.Random(seed)
    for number in range(300):
        code = "".join(draw.choice(string.ascii_letters + string.digits) for _ in range(8)) + "7"
        phone = f"+44 7700 900{draw.randrange(1000):03}"
        shapes = (
            f"my passcode is {code} gizmo", f"password: {code}, gizmo", f"gizmo {phone} gizmo",
            f"PIN {draw.randrange(10_000):04} gizmo", f"a senha é {code} gizmo",
        )  # fmt: skip
        store.learn(replace(LESSON, message=draw.choice(shapes), conversation_id=number))
    assert {one.words for one in store.candidates()} <= {
        "gizmo",
        "passcode",
        "password",
        "pin",
        "senha",
    }


# --- taking it back ------------------------------------------------------------------------------


def test_a_word_that_is_removed_stays_away(store: LearnedStore) -> None:
    taught(store, 4)
    assert store.remove("canned:port", "thingamajig")
    assert not store.remove("canned:port", "thingamajig")
    assert "thingamajig" not in counting(store)
    taught(store, 9)
    assert "thingamajig" not in {one.words for one in store.candidates()}
    assert "loose" in counting(store)


def test_a_source_loses_all_its_words_and_thumbs_and_may_learn_anew(store: LearnedStore) -> None:
    taught(store, 4)
    store.thumb(LESSON, "up")
    assert store.remove_source("canned:port") == 3
    assert store.candidates() == ()
    assert store.boosts(("charging_port",)) == {}
    taught(store, 3)
    assert "thingamajig" in counting(store)


def test_a_forgotten_customer_leaves_no_byte_in_the_file_nor_beside_it(
    store: LearnedStore, file: Path
) -> None:
    lesson = replace(LESSON, message="my wobbulator sits loose", conversation_id=7, contact_id=77)
    store.learn(lesson)
    store.thumb(lesson, "down")
    note(store, contact_id=77, suggestion_id="suggestion-of-77")
    taught(store, 3)
    assert store.forget_contact(77) > 0
    assert all(77 not in one.contact_ids for one in store.candidates())
    assert store.inserts() == ()
    for one in file.parent.iterdir():
        content = one.read_bytes()
        assert b"wobbulator" not in content
        assert b"suggestion-of-77" not in content
    assert "thingamajig" in counting(store)


def test_forgetting_takes_a_word_below_what_counts(store: LearnedStore) -> None:
    taught(store, 3)
    store.forget_contact(200)
    assert store.aliases() == ()


# --- thumbs --------------------------------------------------------------------------------------


def test_thumbs_move_a_source_a_little_and_never_far(store: LearnedStore) -> None:
    store.thumb(LESSON, "up")
    (one,) = store.boosts(("charging_port",)).values()
    assert 0 < one < STRONGEST / 2
    for number in range(200):
        store.thumb(replace(LESSON, conversation_id=number), "up")
        store.thumb(replace(LESSON, conversation_id=number, source_ids=("canned:other",)), "down")
    boosts = store.boosts(("charging_port",))
    assert one < boosts["canned:port"] <= STRONGEST
    assert -STRONGEST <= boosts["canned:other"] < 0


def test_a_thumb_counts_for_what_was_asked_only(store: LearnedStore) -> None:
    store.thumb(LESSON, "up")
    assert store.boosts(("opening_hours",)) == {}
    assert store.boosts(()) == {}


def test_a_thumb_is_turned_and_taken_back(store: LearnedStore) -> None:
    store.thumb(LESSON, "up")
    store.thumb(LESSON, "down")
    assert store.boosts(LESSON.concepts)["canned:port"] < 0
    store.thumb(LESSON, None)
    assert store.boosts(LESSON.concepts) == {}


def test_an_insert_counts_less_than_a_thumb(store: LearnedStore) -> None:
    store.learn(LESSON)
    inserted = store.boosts(LESSON.concepts)["canned:port"]
    store.thumb(replace(LESSON, source_ids=("canned:other",)), "up")
    assert 0 < inserted < store.boosts(LESSON.concepts)["canned:other"]


# --- what was inserted ---------------------------------------------------------------------------


def note(
    store: LearnedStore, draft: str = "Your wobbulator is ready.", *, at: float = NOW,
    contact_id: int = 1, suggestion_id: str = "s1",
) -> int:  # fmt: skip
    return store.note_insert(
        at=at, user_id=5, conversation_id=9, contact_id=contact_id, suggestion_id=suggestion_id,
        source_ids=("canned:ready", "R-2041/status"), provider="local", draft=draft,
    )  # fmt: skip


def test_an_insert_is_noted_without_its_text(store: LearnedStore, file: Path) -> None:
    number = note(store)
    assert store.note_sent(number, "Your wobbulator is ready.", "Your wobbulator is ready!!") == 2
    (one,) = store.inserts()
    assert (one.id, one.at, one.user_id, one.conversation_id) == (number, NOW, 5, 9)
    assert (one.source_ids, one.provider) == (("canned:ready", "R-2041/status"), "local")
    assert one.distance == 2
    store.close()
    assert all(b"wobbulator" not in each.read_bytes() for each in file.parent.iterdir())


def test_the_same_draft_has_the_same_hash_here_and_another_elsewhere(
    store: LearnedStore, tmp_path: Path
) -> None:
    note(store)
    note(store)
    note(store, "Another one.")
    hashes = [one.draft_hash for one in store.inserts()]
    assert hashes[1] == hashes[2] != hashes[0]
    other = LearnedStore(tmp_path / "other.sqlite3")
    note(other)
    assert other.inserts()[0].draft_hash != hashes[1]
    other.close()


def test_old_inserts_and_words_that_waited_in_vain_are_dropped(store: LearnedStore) -> None:
    note(store, at=NOW - (AUDIT_DAYS + 1) * DAY)
    note(store, at=NOW)
    old = NOW - (WAITING_DAYS + 1) * DAY
    taught(store, 3, replace(LESSON, at=old))
    store.learn(replace(LESSON, message="a lonesome sprocket", conversation_id=5, at=old))
    assert store.tidy(NOW) == 3
    assert len(store.inserts()) == 1
    assert "thingamajig" in counting(store)
    assert "sprocket" not in {one.words for one in store.candidates()}


def test_the_distance_is_what_the_table_of_all_changes_says() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    draw = random.Random(seed)
    for _ in range(300):
        one, other = (
            "".join(draw.choice("abcé ") for _ in range(draw.randrange(40))) for _ in range(2)
        )
        row = list(range(len(other) + 1))
        for place, letter in enumerate(one, 1):
            last, row[0] = row[0], place
            for at, its in enumerate(other, 1):
                last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (letter != its))
        assert edit_distance(one, other) == row[-1], (one, other)


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_the_file_is_its_owners_alone(store: LearnedStore, file: Path) -> None:
    store.learn(LESSON)
    for one in file.parent.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_two_windows_learn_into_one_file(store: LearnedStore, file: Path) -> None:
    other = LearnedStore(file)

    def teach(one: LearnedStore, first: int) -> None:
        for number in range(first, first + 30):
            one.learn(replace(LESSON, conversation_id=number))

    workers = [
        threading.Thread(target=teach, args=(one, first))
        for one, first in ((store, 0), (other, 1_000), (store, 2_000))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {one.uses for one in store.aliases()} == {90}
    other.close()


def test_a_damaged_file_is_set_aside_and_another_begun(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"this is no database, " * 500)
    store = LearnedStore(file)
    taught(store, 3)
    assert "thingamajig" in counting(store)
    store.close()
    (aside,) = file.parent.glob("*.unreadable-*")
    assert aside.read_bytes().startswith(b"this is no database")


def test_a_file_of_a_later_version_is_left_alone_and_said(file: Path) -> None:
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(LearnedError, match="another version"):
        LearnedStore(file).candidates()
    assert list(file.parent.glob("*.unreadable-*")) == []


def test_a_place_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LearnedError, match=r"x\.sqlite3"):
        LearnedStore(tmp_path / "file" / "x.sqlite3").learn(LESSON)


WORKER = """
import sys
from pathlib import Path
from dataclasses import replace
from tests.copilot.test_learned import LESSON
from revivatui.copilot.learned import LearnedStore
store = LearnedStore(Path(sys.argv[1]))
for number in range(100_000):
    store.learn(replace(LESSON, conversation_id=number))
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
@pytest.mark.parametrize("lines", [1, 7, 40])
def test_kill_9_loses_nothing_that_was_learned_and_leaves_a_whole_file(
    file: Path, lines: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(file)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    assert process.stdout is not None
    for _ in range(lines):
        last = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    store = LearnedStore(file)
    uses = {one.uses for one in store.candidates()}
    assert len(uses) == 1  # all words of a lesson or none
    assert uses.pop() >= last + 1
    store.close()
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
