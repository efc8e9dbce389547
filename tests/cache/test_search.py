"""Every message kept is found by each of its words, and by nothing else; what is forgotten is
gone from the file."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revivatui.cache.sizes import kept
from revivatui.cache.snapshot import Snapshot, ThreadPart
from revivatui.cache.store import Cache
from revivatui.state.models import Attachment, Draft, Message, Sender
from revivatui.state.searching import MOST, Hit, query_of
from revivatui.text.safe import safe
from tests.cache.files import make_version_1
from tests.state.build import NOON, contact, conversation, entry, message

DAY = 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.sqlite3"


@pytest.fixture
def cache(path: Path) -> Iterator[Cache]:
    opened = Cache.open(path)
    yield opened
    opened.close()


def keep(cache: Cache, *messages: Message) -> None:
    by_thread: dict[int, list[Message]] = {}
    for one in messages:
        by_thread.setdefault(one.conversation_id, []).append(one)
    cache.save(
        Snapshot(
            threads=tuple(
                ThreadPart(number, tuple(some), 0, None, True, NOON)
                for number, some in by_thread.items()
            )
        )
    )


def say(one: int, content: str, conversation_id: int = 1, **fields: Any) -> Message:
    return message(one, conversation_id, content=content, **fields)


def find(cache: Cache, text: str, conversation_id: int | None = None) -> list[int]:
    return [hit.message_id for hit in cache.find(query_of(text), conversation_id)]


def shown(hit: Hit) -> list[str]:
    return [hit.snippet[start:end] for start, end in hit.marks]


# --- what is found ---------------------------------------------------------------------------


def test_a_message_is_found_by_its_words_its_sender_and_its_files(cache: Cache) -> None:
    files = (Attachment(1, "file", "quote_2041.pdf"),)
    keep(cache, say(7, "The **battery** is swollen", attachments=files), say(8, "Good morning"))
    for text in ("battery", "BATTERY", "swollen battery", "quote", "2041", "quote_2041.pdf"):
        assert find(cache, text) == [7], text
    assert find(cache, "ana silva") == [8, 7]
    assert find(cache, "from:ana morning") == [8]
    assert find(cache, "from:ben morning") == []


def test_accents_and_capitals_do_not_matter(cache: Cache) -> None:
    keep(cache, say(1, "Olá, a recuperação CUSTA quanto?"))
    for text in ("ola", "OLÁ", "recuperacao", "recuperação", "custa"):
        assert find(cache, text) == [1], text


@pytest.mark.parametrize("number", ["RT-7693", "R-3318"])
def test_an_order_number_is_found_whole_and_by_its_parts(cache: Cache, number: str) -> None:
    other = number[:-1] + "0"
    keep(cache, say(1, f"Where is {number}?"), say(2, f"Where is {other}?"))
    assert find(cache, number) == [1]
    assert find(cache, number.lower()) == [1]
    assert find(cache, number.split("-")[1]) == [1]
    assert find(cache, number[:-1]) == [2, 1], "begun"


def test_the_last_word_may_be_only_begun(cache: Cache) -> None:
    keep(cache, say(1, "the battery is flat"), say(2, "batteries are flat"), say(3, "a flat bat"))
    assert find(cache, "flat batt") == [2, 1]
    assert find(cache, "batt") == [2, 1]
    assert find(cache, "batt ") == [], "a space ends it"
    assert find(cache, "batt flat") == [], "only the last one"
    assert find(cache, '"batt"') == []


def test_words_in_quotes_stand_side_by_side(cache: Cache) -> None:
    keep(cache, say(1, "new screen please"), say(2, "screen of a new one"))
    assert find(cache, "new screen ") == [2, 1]
    assert find(cache, '"new screen"') == [1]


def test_any_run_of_letters_is_found_where_no_spaces_tell_words(cache: Cache) -> None:
    keep(cache, say(1, "屏幕坏了，今天能修吗"), say(2, "電池が切れた"), say(3, "ซ่อมหน้าจอ"))
    assert find(cache, "屏幕") == [1]
    assert find(cache, "坏了") == [1]
    assert find(cache, "屏坏") == []
    assert find(cache, "切れ") == [2]
    assert find(cache, "หน้าจอ") == [3]


def test_the_newest_come_first_and_no_more_than_asked_for(cache: Cache) -> None:
    keep(cache, *(say(one, f"hello {one}", 1 + one % 3) for one in range(1, MOST + 30)))
    found = find(cache, "hello")
    assert found == sorted(found, reverse=True)
    assert len(found) == MOST + 1, "one more tells that there are more"
    assert found[0] == MOST + 29


def test_one_conversation_can_be_searched_alone(cache: Cache) -> None:
    keep(cache, say(1, "hello", 1), say(2, "hello", 12), say(3, "hello", 123))
    assert find(cache, "hello", 12) == [2]
    assert find(cache, "c12") == [], "where a message stands is none of its words"


def test_days_leave_what_was_written_between_them(cache: Cache) -> None:
    keep(cache, *(say(one, "hello", created_at=NOON + one * DAY) for one in range(1, 30)))
    later = query_of("hello after:2026-09-30")
    assert later.since is not None
    wanted = [one for one in range(29, 0, -1) if NOON + one * DAY >= later.since]
    assert 0 < len(wanted) < 29
    assert find(cache, "hello after:2026-09-30") == wanted
    assert find(cache, "hello before:2026-09-30") == [
        n for n in range(29, 0, -1) if n not in wanted
    ]
    assert find(cache, "hello after:never") == []


def test_a_hit_tells_where_its_words_stand(cache: Cache) -> None:
    keep(cache, say(1, "x " * 60 + "A recuperação do **disco** custa 90 EUR"))
    (hit,) = cache.find(query_of("disco recuperacao"))
    assert shown(hit) == ["recuperação", "disco"]
    assert len(hit.snippet) < 80
    assert (hit.source, hit.conversation_id, hit.at) == ("here", 1, NOON + 1)


# --- what is kept up -------------------------------------------------------------------------


def test_a_changed_message_is_found_by_its_new_words_only(cache: Cache) -> None:
    keep(cache, say(1, "the old words"))
    keep(cache, say(1, "some new words"))
    assert find(cache, "old") == []
    assert find(cache, "new") == [1]


def test_a_deleted_message_is_not_found(cache: Cache) -> None:
    keep(cache, say(1, "a secret thing"))
    keep(cache, say(1, "This message was deleted", content_attributes={"deleted": True}))
    assert find(cache, "secret") == find(cache, "deleted") == []


def test_a_conversation_that_is_gone_is_not_found(cache: Cache) -> None:
    keep(cache, say(1, "hello", 1), say(2, "hello", 2))
    cache.save(Snapshot(gone=(1,)))
    assert find(cache, "hello") == [2]


def test_saving_the_same_again_writes_nothing(cache: Cache, path: Path) -> None:
    keep(cache, *(say(one, f"hello {one}") for one in range(1, 50)))
    before = cache._connection.total_changes
    keep(cache, *(say(one, f"hello {one}") for one in range(1, 50)))
    assert cache._connection.total_changes - before <= 2
    assert len(find(cache, "hello")) == 49


def test_opening_and_loading_touch_no_index(cache: Cache, path: Path) -> None:
    keep(cache, say(1, "hello"))
    cache.close()
    with suppress(sqlite3.Error):
        broken = sqlite3.connect(path, isolation_level=None)
        broken.execute("UPDATE finder_data SET block = x'00'")
        broken.close()
    again = Cache.open(path)
    assert again.load() is None
    assert list(again.load_rest()) == []
    assert again.thread(1) is not None
    assert again.message == ""
    again.close()


WORD = st.text(
    st.characters(categories=("Lu", "Ll", "Lt", "Lo", "Nd"), max_codepoint=0xFFFF), min_size=1
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(WORD, min_size=1, max_size=6), st.data())
def test_whatever_is_kept_is_found_by_each_of_its_words(
    cache: Cache, words: list[str], data: st.DataObject
) -> None:
    text = safe(" ".join(words))
    one = data.draw(st.integers(1, 10**9))
    keep(cache, say(one, text))
    for word in text.split():
        if _one_plain_word(word):
            query = query_of(f'"{word}"')
            found = cache.find(query, 1)
            assert one in [hit.message_id for hit in found], word
    keep(cache, say(one, "", content_attributes={"deleted": True}))
    for word in text.split():
        assert one not in find(cache, f'"{word}"')


def _one_plain_word(word: str) -> bool:
    """Letters that Unicode had when SQLite's own tables were made (and no lone mark)."""
    return re.fullmatch(r"[A-Za-z0-9À-ɏΑ-ωЀ-ӿ一-鿿぀-ヿ가-힣]+", word) is not None


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                ['"', "'", "*", "(", ")", "AND", "OR", "NOT", "NEAR(", ":", "text:", "-", "^", "+",
                 "{", "}", "from:", 'from:"', "after:", "before:2026-02-31", "\x00", "a", "%", ";"]
            ),
            max_size=12,
        ).map(" ".join),
    )
)  # fmt: skip
def test_no_query_ever_raises(cache: Cache, text: str) -> None:
    cache.find(query_of(text))
    cache.find(query_of(text), 1)


# --- files of the first version --------------------------------------------------------------


def test_a_file_of_version_1_keeps_everything_and_is_indexed_behind_the_start(path: Path) -> None:
    told = [say(one, f"hello {one}") for one in range(1, 251)]
    draft = Draft(1, False, "Dear customer,", NOON)
    make_version_1(path, conversation(1), told, entry("r1", state="unconfirmed"), draft)
    cache = Cache.open(path)
    assert cache.message == ""
    seen = cache.load()
    assert seen is not None
    assert [one.reference for one in seen.sends] == ["r1"]
    assert seen.drafts == (draft,)
    thread = cache.thread(1)
    assert thread is not None
    assert list(thread.messages) == told
    assert find(cache, "hello") == [], "nothing was walked before the first frame"
    keep(cache, say(3, "hello again"), say(300, "hello you"))
    steps = 1
    while cache.index_some():
        steps += 1
    assert steps == 3
    assert not cache.index_some()
    assert find(cache, "again") == [3]
    assert find(cache, '"hello 3"') == []
    for one in (1, 2, 4, 250):
        assert find(cache, f'"hello {one}"') == [one]
    cache.close()
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name], "nothing set aside"


def test_a_file_of_an_unknown_version_is_set_aside(path: Path) -> None:
    Cache.open(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version=99")
    other.close()
    cache = Cache.open(path)
    assert "could not be read" in cache.message
    cache.close()


# --- forgetting ------------------------------------------------------------------------------


def bytes_of(path: Path) -> bytes:
    """Everything on the disk: the file and what lies beside it."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.iterdir()))


def secret_thread(number: int, many: int) -> Sequence[Message]:
    sender = Sender("contact", 100 + number, "Zacharias Quux")
    return [
        say(number * 1000 + one, f"xylophone {one} " + "padding " * (one % 40), number,
            sender=sender, attachments=(Attachment(one, "image", f"krummhorn{one}.png"),))
        for one in range(1, many)
    ]  # fmt: skip


def test_a_forgotten_customer_leaves_no_byte_in_the_file_nor_beside_it(
    cache: Cache, path: Path
) -> None:
    other = [say(one, f"ordinary words {one}", 2) for one in range(1, 400)]
    keep(cache, *secret_thread(1, 300), *other)
    zacharias = contact(101, name="Zacharias Quux", email="krummhorn@example.org")
    for number in (1, 3):
        row = conversation(number, contact_id=101, preview=say(9, "xylophone", number))
        cache.save(Snapshot(conversations=(row, conversation(2)), contacts=(zacharias,)))
    keep(cache, *secret_thread(3, 40))
    keep(cache, say(1005, "xylophone no more", 1))
    cache.draft_write(Draft(1, False, "Dear Zacharias, your xylophone", NOON))
    cache.journal_write(entry("r1", state="sent", content="xylophone"))
    words = (b"xylophone", b"Zacharias", b"krummhorn", b"zacharias")
    assert all(word in bytes_of(path) for word in words)
    assert find(cache, "xylophone")
    cache.forget_contact(101, (1,))
    begin = True
    while cache.scrub(begin=begin):
        begin = False
    assert cache.checkpoint()
    left = bytes_of(path)
    assert [word for word in words if word in left] == []
    assert find(cache, "xylophone") == []
    assert len(cache.find(query_of("ordinary"))) == MOST + 1
    assert cache.thread(2) is not None
    assert cache.drafts() == []


def test_what_is_kept_is_counted_without_touching_it(cache: Cache, path: Path) -> None:
    keep(cache, say(1, "hello"), say(2, "hello"), say(3, "hello", 2))
    found = kept(path)
    assert found is not None
    assert (found.threads, found.messages) == (2, 3)
    assert found.size >= path.stat().st_size
    assert kept(path.with_name("nothing.sqlite3")) is None
