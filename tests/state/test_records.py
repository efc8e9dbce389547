"""Records are data classes in every way; only the moment their methods are written is later."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import threading

import pytest

from revivatui.state import events, models, state
from revivatui.state.records import dataclass

RECORDS = [
    kind
    for module in (models, events, state)
    for _name, kind in inspect.getmembers(module, inspect.isclass)
    if kind.__module__ == module.__name__ and "__slots__" in vars(kind)
]


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: int
    y: int = 3
    tags: tuple[str, ...] = dataclasses.field(default=(), compare=False)

    @property
    def sum(self) -> int:
        return self.x + self.y


def test_a_record_is_what_the_standard_library_makes_of_the_same_class() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Plain:
        x: int
        y: int = 3
        tags: tuple[str, ...] = dataclasses.field(default=(), compare=False)

    for make in (Point, Plain):
        one = make(1, tags=("a",))
        assert (one.x, one.y, one.tags) == (1, 3, ("a",))
        assert one == make(1) != make(2)
        assert hash(one) == hash(make(1))
        assert dataclasses.replace(one, y=5) == make(1, 5)
        assert dataclasses.astuple(one) == (1, 3, ("a",))
        assert repr(one).endswith("(x=1, y=3, tags=('a',))")
        assert make.__slots__ == make.__match_args__ == ("x", "y", "tags")
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.x = 2  # type: ignore[misc]
        assert not hasattr(one, "__dict__")
    assert Point(1).sum == 4
    assert Point.__doc__ == "A place."


def test_a_record_survives_copying_and_pickling() -> None:
    sender = models.Sender("contact", 1, "name")
    assert copy.copy(sender) == copy.deepcopy(sender) == sender
    assert pickle.loads(pickle.dumps(sender)) == sender


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: str(kind.__name__))
def test_every_record_tells_its_fields_before_one_was_made(kind: type) -> None:
    fields = dataclasses.fields(kind)
    assert tuple(field.name for field in fields) == kind.__slots__  # type: ignore[attr-defined]


def test_two_threads_that_make_the_first_one_get_the_same_record() -> None:
    for _ in range(50):

        @dataclass(frozen=True, slots=True)
        class Fresh:
            x: int = 1

        both = threading.Barrier(2)
        made: list[object] = []

        def make(both: threading.Barrier = both, made: list[object] = made) -> None:
            both.wait()
            made.append(Fresh())

        threads = [threading.Thread(target=make) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [Fresh(), Fresh()]
