"""`dataclass` for the many records of the state: written when it is worth it.

Writing the methods of a data class costs about 0.4 ms. The state has some seventy, and the first
frame needs thirty of them a few times each, so a record waits with it: the first instances are
filled slot by slot, later ones by the `__init__` that is written then, and comparing, hash and
`repr` are written when first asked for. What a record can do, and what the type checker sees, is
exactly `dataclasses.dataclass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

FILLED: Final = 100
"""Instances after which writing `__init__` pays."""

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    import threading
    from functools import partial

    _LOCK = threading.RLock()
    _ASKED_FOR = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
    _LATER = ("__repr__", "__eq__", "__hash__")
    _STATE = ("__getstate__", "__setstate__")
    _FILLINGS = {}
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
        methods = {**_WAITING, **_FROZEN} if frozen else {**_WAITING, "__hash__": None}
        made = type(kind.__name__, kind.__bases__, {**methods, **body, "__slots__": tuple(names)})
        _SOURCES[made] = (source, frozen)
        return made

    def _source_of(kind):
        record = next(one for one in kind.__mro__ if one in _SOURCES)
        source, frozen = _SOURCES[record]
        return record, type(kind.__name__, record.__bases__, dict(source)), frozen

    class _Filling:
        """How the first instances of a record are made, with no method written for it."""

        def __init__(self, kind):
            record = next(one for one in kind.__mro__ if one in _SOURCES)
            source, _ = _SOURCES[record]
            self.left = 0 if "__post_init__" in source else FILLED
            self.slots = [(name, vars(record)[name].__set__) for name in record.__slots__]
            self.makers = {
                name: _maker(source[name]) for name, _ in self.slots if _has_default(source, name)
            }

        def fill(self, instance, values, named):
            """Gives False where the arguments do not fit, or it was done often enough."""
            self.left -= 1
            if self.left < 0 or len(values) > len(self.slots):
                return False
            used = 0
            for (_, put), value in zip(self.slots, values, strict=False):
                put(instance, value)
            for name, put in self.slots[len(values) :]:
                if name in named:
                    put(instance, named[name])
                    used += 1
                elif name in self.makers:
                    put(instance, self.makers[name]())
                else:
                    return False
            return used == len(named)

    def _has_default(source, name):
        given = source.get(name, dataclasses.MISSING)
        if isinstance(given, dataclasses.Field):
            return not (given.default is given.default_factory is dataclasses.MISSING)
        return given is not dataclasses.MISSING

    def _maker(given):
        if not isinstance(given, dataclasses.Field):
            return lambda: given
        if given.default_factory is not dataclasses.MISSING:
            return given.default_factory
        return lambda: given.default

    def _complete(kind):
        """Take over what `dataclasses` makes of it; `__init__` last, as it opens the door."""
        with _LOCK:
            record, plain, frozen = _source_of(kind)
            if record.__init__ is _first_init:
                made = vars(
                    dataclasses.dataclass(frozen=frozen, slots=True, repr=False, eq=False)(plain)
                )
                made["__dataclass_params__"].repr = made["__dataclass_params__"].eq = True
                state = [name for name in _STATE if name in made]
                new = made.keys() - vars(record).keys()
                for name in (*new, *state, *_ASKED_FOR, "__init__"):
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
        kind = type(self)
        filling = _FILLINGS.get(kind)
        if filling is None:
            filling = _FILLINGS[kind] = _Filling(kind)
        if not filling.fill(self, values, named):
            _complete(kind)
            self.__init__(*values, **named)

    def _waiting(name):
        def method(self, *others):
            _complete_rest(type(self))
            return getattr(type(self), name)(self, *others)

        return method

    def _whole(name):
        def method(self, *others):
            _complete(type(self))
            return getattr(self, name)(*others)

        return method

    def _no_change(self, name, *value):
        act = "assign to" if value else "delete"
        raise dataclasses.FrozenInstanceError(f"cannot {act} field {name!r}")

    class _Asked:
        """Stands for an attribute that `dataclasses` sets: completes the record when asked."""

        def __init__(self, name):
            self.name = name

        def __get__(self, instance, kind):
            _complete(kind)
            return getattr(kind, self.name)

    _FROZEN = {
        "__setattr__": _no_change,
        "__delattr__": _no_change,
        **{name: _whole(name) for name in _STATE},
    }
    _NOT_OURS = ("__dict__", "__weakref__")
    _WAITING = {
        "__init__": _first_init,
        **{name: _waiting(name) for name in _LATER},
        **{name: _Asked(name) for name in _ASKED_FOR},
    }
