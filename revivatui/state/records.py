"""`dataclass` for the many records of the state: completed when the first instance is made.

Writing the methods of a data class costs about 0.3 ms. The state has some seventy, and the first
frame needs a dozen, so a record waits with it; until then it has its slots and nothing else. What
a record can do, and what the type checker sees, is exactly `dataclasses.dataclass`.
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

    class _Asked:
        """Stands for an attribute that `dataclasses` sets: completes the record when asked."""

        def __init__(self, name, complete):
            self.name, self.complete = name, complete

        def __get__(self, instance, kind):
            self.complete()
            return getattr(kind, self.name)

    def dataclass(*, frozen=False, slots=False):
        """As `dataclasses.dataclass(frozen=..., slots=True)`."""
        if not slots:
            raise TypeError("a record has slots")
        return partial(_record, frozen)

    def _record(frozen, kind):
        names = tuple(kind.__annotations__)
        without = {*names, "__dict__", "__weakref__"}
        body = {name: value for name, value in vars(kind).items() if name not in without}
        record = type(kind.__name__, kind.__bases__, {**body, "__slots__": names})
        complete = partial(_complete, record, kind, frozen)

        def __init__(self, *values, **named):
            complete()
            record.__init__(self, *values, **named)

        __init__.waiting = True
        record.__init__ = __init__
        for name in _ASKED_FOR:
            setattr(record, name, _Asked(name, complete))
        return record

    def _complete(record, kind, frozen):
        """Take over what `dataclasses` makes of it; `__init__` last, as it opens the door."""
        with _LOCK:
            if hasattr(record.__init__, "waiting"):
                made = vars(dataclasses.dataclass(frozen=frozen, slots=True)(kind))
                for name in (*(made.keys() - vars(record).keys()), *_ASKED_FOR, "__init__"):
                    setattr(record, name, made[name])
