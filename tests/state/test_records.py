"""Records are data classes in every way; only the moment their methods are written is later."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import threading
from typing import Any

import pytest

from revivatui.state import events, models, state
from revivatui.state.records import FILLED, dataclass

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


def fresh() -> type[Any]:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        x: int
        y: int = dataclasses.field(compare=False)
        z: int = dataclasses.field(default=3)
        tags: list[str] = dataclasses.field(default_factory=list)

    return Fresh


def test_the_first_instances_are_as_the_later_ones() -> None:
    kind = fresh()
    first = kind(1, y=2)
    assert not first.tags
    assert first.tags is not kind(1, 2).tags
    for number in range(FILLED + 5):
        made = kind(1, number, z=3)
        assert (made.x, made.y, made.z) == (1, number, 3)
        assert made == first
        with pytest.raises(dataclasses.FrozenInstanceError, match="x"):
            made.x = 2
        with pytest.raises(dataclasses.FrozenInstanceError, match="x"):
            del made.x
    assert "_first_init" not in kind.__init__.__qualname__


@pytest.mark.parametrize("values", [(), (1,), (1, 2, 3, [], 5)])
@pytest.mark.parametrize("named", [{"w": 1}, {"x": 1}, {}])
def test_wrong_arguments_are_refused_from_the_first_instance_on(
    values: tuple[int, ...], named: dict[str, int]
) -> None:
    with pytest.raises(TypeError, match="argument"):
        fresh()(*values, **named)


def test_a_fresh_record_can_be_copied_at_once() -> None:
    one = fresh()(1, 2)
    assert copy.copy(one) == one
    assert copy.deepcopy(one).tags is not one.tags


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
