"""`dataclass` for the many records of the state: completed when the first instance is made.

Writing the methods of a data class costs about 0.4 ms. The state has some seventy, and the first
frame needs two dozen, so a record waits with it; until then it has its slots and nothing else. The
first instance brings `__init__`, the first comparison, hash or `repr` the rest. What a record can
do, and what the type checker sees, is exactly `dataclasses.dataclass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    import threading
    from functools import partial

    _LOCK = threading.RLock()
    _ASKED_FOR = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
    _LATER = ("__repr__", "__eq__", "__hash__")
    _SOURCES = {}
    """What each record is made from: what stands in its class, and whether it is frozen."""

    def dataclass(*, frozen=False, slots=False):
        """As `dataclasses.dataclass(frozen=..., slots=True)`."""
        if not slots:
            raise TypeError("a record has slots")
        return partial(_record, frozen)

    def _record(frozen, kind):
        names = kind.__annotations__
        source = {name: value for name, value in vars(kind).items() if name not in _NOT_OURS}
        body = {name: value for name, value in source.items() if name not in names}
        methods = _WAITING if frozen else {**_WAITING, "__hash__": None}
        made = type(kind.__name__, kind.__bases__, {**methods, **body, "__slots__": tuple(names)})
        _SOURCES[made] = (source, frozen)
        return made

    def _source_of(kind):
        record = next(one for one in kind.__mro__ if one in _SOURCES)
        source, frozen = _SOURCES[record]
        return record, type(kind.__name__, record.__bases__, dict(source)), frozen

    def _complete(kind):
        """Take over what `dataclasses` makes of it; `__init__` last, as it opens the door."""
        with _LOCK:
            record, plain, frozen = _source_of(kind)
            if record.__init__ is _first_init:
                made = vars(
                    dataclasses.dataclass(frozen=frozen, slots=True, repr=False, eq=False)(plain)
                )
                made["__dataclass_params__"].repr = made["__dataclass_params__"].eq = True
                for name in (*(made.keys() - vars(record).keys()), *_ASKED_FOR, "__init__"):
                    setattr(record, name, made[name])

    def _complete_rest(kind):
        """Take over comparing, hash and text, when the first of them is called."""
        with _LOCK:
            record, plain, frozen = _source_of(kind)
            made = vars(dataclasses.dataclass(init=False, unsafe_hash=frozen)(plain))
            for name in _LATER:
                if vars(record)[name] is _WAITING[name]:
                    setattr(record, name, made[name])

    def _first_init(self, *values, **named):
        _complete(type(self))
        self.__init__(*values, **named)

    def _waiting(name):
        def method(self, *others):
            _complete_rest(type(self))
            return getattr(type(self), name)(self, *others)

        return method

    class _Asked:
        """Stands for an attribute that `dataclasses` sets: completes the record when asked."""

        def __init__(self, name):
            self.name = name

        def __get__(self, instance, kind):
            _complete(kind)
            return getattr(kind, self.name)

    _NOT_OURS = ("__dict__", "__weakref__")
    _WAITING = {
        "__init__": _first_init,
        **{name: _waiting(name) for name in _LATER},
        **{name: _Asked(name) for name in _ASKED_FOR},
    }
