"""Reads a file of tensors (safetensors): a length, a table of contents in JSON, then the numbers.

The file is not read but mapped: what of it is never asked for never comes into memory.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from pathlib import Path
from typing import Any, Final

from revivatui.state.records import dataclass

LONGEST_CONTENTS: Final = 1_000_000
FLOAT: Final = "F32"
FLOAT_SIZE: Final = 4
_LENGTH: Final = struct.Struct("<Q")


class BadTensors(ValueError):
    """The file is none of tensors, or not whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the numbers of one tensor stand, counted from the start of the file."""

    shape: tuple[int, ...]
    start: int

    @property
    def count(self) -> int:
        return math.prod(self.shape)


def contents(held: bytes | mmap.mmap) -> dict[str, Place]:
    """The tensors of four bytes a number; others are not listed. Raises BadTensors."""
    try:
        (size,) = _LENGTH.unpack(held[: _LENGTH.size])
        if size > LONGEST_CONTENTS:
            raise BadTensors("its table of contents has no end")
        body = _LENGTH.size + size
        named = json.loads(held[_LENGTH.size : body])
        return {
            name: _place(one, body, len(held))
            for name, one in named.items()
            if name != "__metadata__" and one["dtype"] == FLOAT
        }
    except (struct.error, UnicodeDecodeError, RecursionError) as error:
        raise BadTensors("it has no table of contents") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, BadTensors):
            raise
        raise BadTensors("its table of contents cannot be understood") from error


def _place(told: dict[str, Any], body: int, whole: int) -> Place:
    first, last = told["data_offsets"]
    place = Place(tuple(int(one) for one in told["shape"]), body + int(first))
    is_sound = 0 <= first <= last and min(place.shape, default=0) >= 0
    if not is_sound or last - first != place.count * FLOAT_SIZE or body + last > whole:
        raise BadTensors("it is not whole")
    return place


def mapped(file: Path) -> mmap.mmap:
    """The file as memory, to be read alone. Raises BadTensors and OSError."""
    with file.open("rb") as opened:
        try:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise BadTensors("it is empty") from error


def arrays(file: Path, np: Any) -> dict[str, Any]:
    """The file's tensors as arrays of numpy, which lie in the file. Raises BadTensors, OSError."""
    held = mapped(file)
    return {
        name: np.frombuffer(held, "<f4", place.count, place.start).reshape(place.shape)
        for name, place in contents(held).items()
    }
