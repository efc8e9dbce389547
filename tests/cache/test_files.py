"""Each agent of a desk has a file of their own, and a file of the old name finds its desk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from revivatui.cache.files import file_of, open_for, take_over
from revivatui.cache.store import Cache, CacheError
from revivatui.state.models import Draft

DRAFT = Draft(7, False, "half a thought", 1.0)


def drafts_of(first: Path, user_id: int = 0) -> list[Draft]:
    cache = open_for(first, user_id)
    try:
        return cache.drafts()
    finally:
        cache.close()


def test_the_first_agent_has_the_desks_file_and_the_next_one_beside_it(tmp_path: Path) -> None:
    first = tmp_path / "shop.sqlite3"
    cache = open_for(first, 1)
    cache.draft_write(DRAFT)
    cache.close()
    assert drafts_of(first, 2) == []
    assert file_of(first, 2).exists()
    assert drafts_of(first) == []  # the second was there last
    assert drafts_of(first, 1) == [DRAFT]
    assert drafts_of(first) == [DRAFT]


def test_a_file_is_claimed_once(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path / "shop.sqlite3")
    assert (cache.owner(), cache.claim(1), cache.claim(2), cache.owner()) == (0, True, False, 1)
    cache.close()


def test_a_damaged_file_stays_its_owners(tmp_path: Path) -> None:
    first = tmp_path / "shop.sqlite3"
    cache = open_for(first, 1)
    cache.draft_write(DRAFT)
    cache.close()
    with sqlite3.connect(first) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    assert drafts_of(first, 2) == []
    assert drafts_of(first, 1) == [DRAFT]


def test_an_old_name_is_taken_over_with_what_a_crash_left_beside_it(tmp_path: Path) -> None:
    old, new = tmp_path / "shop-1.sqlite3", tmp_path / "shop-1-host.sqlite3"
    cache = Cache.open(old)
    cache.draft_write(DRAFT)
    for part in tmp_path.iterdir():  # as they lie on the disk after kill -9
        (tmp_path / part.name.replace("shop-1", "killed-1")).write_bytes(part.read_bytes())
    cache.close()
    take_over(tmp_path / "killed-1.sqlite3", new)
    assert drafts_of(new) == [DRAFT]
    assert sorted(one.name for one in tmp_path.iterdir()) == [old.name, new.name][::-1]


def test_an_old_name_that_is_open_elsewhere_is_left_alone_and_said(tmp_path: Path) -> None:
    old, new = tmp_path / "shop-1.sqlite3", tmp_path / "shop-1-host.sqlite3"
    cache = Cache.open(old)
    cache.draft_write(DRAFT)
    with pytest.raises(CacheError, match="open in another window"):
        take_over(old, new)
    assert cache.drafts() == [DRAFT]
    cache.close()
    assert not new.exists()
