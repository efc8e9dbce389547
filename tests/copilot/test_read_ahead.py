"""What the copilot needs of its sayings is worked out beforehand, and of no other words."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import pytest

from revivatui.copilot.retrieval.read_ahead import ROWS, ReadAhead, read, write
from revivatui.copilot.retrieval.topics import texts_in
from revivatui.copilot.retrieval.vectors import nearness
from tools.copilot_sayings import made_of

_TEXTS = ["[hinge]\nen: the lid wobbles | ...\npt: a tampa abana\n"]


def test_what_is_shipped_was_worked_out_of_the_words_that_are_shipped() -> None:
    with as_file(files("revivatui.copilot.retrieval") / "data") as folder:
        texts = texts_in(folder)
        shipped = read(folder, texts)
    assert shipped is not None, "python -m tools.copilot_sayings was not run after a change"
    made = made_of(texts)
    assert len(shipped.vectors) == len(made.vectors)
    for kept, one in zip(shipped.vectors, made.vectors, strict=True):
        assert len(kept) == len(one)
        assert not one or nearness(kept, one) > 0.995
    assert [dict(one) for one in shipped.spoken_of] == [
        pytest.approx(dict(one), abs=1e-3) for one in made.spoken_of
    ]


@pytest.fixture
def made() -> ReadAhead:
    return made_of(_TEXTS)


def test_it_is_read_as_it_was_written(tmp_path: Path, made: ReadAhead) -> None:
    write(tmp_path, _TEXTS, made)
    found = read(tmp_path, _TEXTS)
    assert found is not None
    assert [len(one) for one in found.vectors] == [256, 0, 256]
    assert found.spoken_of[0].keys() == made.spoken_of[0].keys()


def test_what_was_made_of_other_words_or_is_not_whole_is_not_used(
    tmp_path: Path, made: ReadAhead
) -> None:
    assert read(tmp_path, _TEXTS) is None
    write(tmp_path, _TEXTS, made)
    assert read(tmp_path, [*_TEXTS, "[new]\nen: other"]) is None
    (tmp_path / ROWS).unlink()
    assert read(tmp_path, _TEXTS) is None
