"""What differs between a recorded answer and our own: keys, types, nullness, ids and order.

Values that a server is free to choose (times, tokens, texts) are not compared, unless asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tools.conformance.kinds import hint_of_key, kind_of_key, kind_of_object
from tools.conformance.mapping import Mapping, is_set_of_pairs, pair_lists

Json = Any


@dataclass(frozen=True)
class Difference:
    """One place where we are not what was recorded; ``weight`` ranks how telling it is."""

    where: str
    what: str
    weight: int = 1

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


# Zero says "never" here, so that zero and a time differ as null and a time do (contract 0, ts0).
_ZERO_IS_NULL = re.compile(
    r"(last_seen_at|first_reply_created_at|waiting_since|timestamp|last_activity_at)$"
)
# A job measures pictures some time after the answer, and no event tells (contract 3.5).
_FILLED_LATER = {"width", "height"}
# Times, sizes and what hangs on them: free to differ, and useless for telling objects apart.
_FREE = re.compile(
    r"(_at|timestamp|updated_at|waiting_since|token|uuid|source_id|url|thumbnail|expiry|uid|"
    r"client|identifier|hash|snoozed_until|file_size|unread_count|count|key|cache_keys|label|"
    r"inbox|team|name|host|access-token|content-disposition)$"
)


def json_type(value: Json) -> str:
    """The JSON type, whole and broken numbers told apart."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    for kind, name in ((int, "int"), (float, "float"), (str, "str"), (list, "list")):
        if isinstance(value, kind):
            return name
    return "object"


def compare(
    mapping: Mapping,
    recorded: Json,
    own: Json,
    hint: str,
    *,
    values: bool = False,
    where: str = "",
) -> list[Difference]:
    """Every difference, in the order of the recorded answer; ``values`` compares texts too."""
    return list(_Comparison(mapping, values).compare(recorded, own, hint, where, ""))


class _Comparison:
    def __init__(self, mapping: Mapping, values: bool) -> None:
        self.mapping = mapping
        self.values = values

    def compare(
        self, recorded: Json, own: Json, hint: str, where: str, key: str
    ) -> Iterator[Difference]:
        expected, got = json_type(recorded), json_type(own)
        if key in _FILLED_LATER and {expected, got} == {"null", "int"}:
            return
        if expected != got:
            yield Difference(where, f"recorded {show(recorded)}, ours {show(own)}")
        elif expected == "object":
            yield from self._objects(recorded, own, hint, where)
        elif expected == "list":
            yield from self._lists(recorded, own, hint, where, key)
        else:
            yield from self._scalars(recorded, own, where, key)

    def _objects(
        self, recorded: dict[str, Json], own: dict[str, Json], hint: str, where: str
    ) -> Iterator[Difference]:
        kind = kind_of_object(recorded, hint)
        keyed = _key_map(self.mapping, recorded, hint)
        for key, value in recorded.items():
            name = keyed(key)
            place = f"{where}.{key}" if where else key
            if name not in own:
                yield Difference(place, f"key missing (recorded {show(value)})", 3)
                continue
            other = own[name]
            named = kind if key == "id" else kind_of_key(key, recorded)
            if named and _is_id(value) and _is_id(other):
                yield from self._ids(named, value, other, place)
                continue
            inner = hint_of_key(key, hint if key == "payload" else kind)
            yield from self.compare(value, other, inner, place, key)
        expected = {keyed(key) for key in recorded}
        for key in own.keys() - expected:
            place = f"{where}.{key}" if where else key
            yield Difference(place, f"key not recorded (ours {show(own[key])})", 3)

    def _ids(self, kind: str, recorded: int, own: int, where: str) -> Iterator[Difference]:
        if self.mapping.knows(kind, recorded):
            wanted = self.mapping.own_id(kind, recorded)
            if own != wanted:
                yield Difference(where, f"another {kind}: recorded {recorded} is our {wanted}, "
                                 f"not {own}", 5)  # fmt: skip

    def _lists(
        self, recorded: list[Json], own: list[Json], hint: str, where: str, key: str
    ) -> Iterator[Difference]:
        if any(isinstance(one, dict) for one in (*recorded, *own)):
            yield from self._object_lists(recorded, own, hint, where, key)
            return
        kind = kind_of_key(key, None) or ""
        wanted = [
            self.mapping.own_id(kind, one) if kind and _is_id(one) else self._own(one)
            for one in recorded
        ]
        wanted, own = _without_free(wanted), _without_free(own)
        if len(wanted) != len(own) or sorted(map(str, wanted)) != sorted(map(str, own)):
            yield Difference(where, f"recorded {show(recorded)}, ours {show(own)}", 2)
        elif wanted != own:
            yield Difference(where, f"order: recorded {show(recorded)}, ours {show(own)}")

    def _object_lists(
        self, recorded: list[Json], own: list[Json], hint: str, where: str, key: str
    ) -> Iterator[Difference]:
        pairs = pair_lists(self.mapping, recorded, own, hint)
        paired_recorded = {id(one) for one, _ in pairs}
        paired_own = {id(other) for _, other in pairs}
        for place, one in enumerate(recorded):
            if id(one) not in paired_recorded:
                yield Difference(f"{where}[]", f"element {place} missing: {show(one)}", 4)
        for place, other in enumerate(own):
            if id(other) not in paired_own:
                yield Difference(f"{where}[]", f"element {place} too many: {show(other)}", 4)
        places = {id(other): place for place, other in enumerate(own)}
        own_by_recorded = {id(one): places[id(other)] for one, other in pairs}
        order = [own_by_recorded[id(one)] for one in recorded if id(one) in own_by_recorded]
        if order != sorted(order) and not _all_equal(recorded) and not is_set_of_pairs(recorded):
            yield Difference(f"{where}[]", f"order: recorded first to last is our {order}", 2)
        for one, other in pairs:
            yield from self.compare(one, other, hint, f"{where}[]", key)

    def _scalars(self, recorded: Json, own: Json, where: str, key: str) -> Iterator[Difference]:
        if isinstance(recorded, str):
            if bool(recorded) != bool(own):
                yield Difference(where, f"recorded {show(recorded)}, ours {show(own)}")
            elif self._tells(key, recorded) and self._own(recorded) != own:
                yield Difference(where, f"value: recorded {show(recorded)}, ours {show(own)}")
        elif _ZERO_IS_NULL.search(key) and bool(recorded) != bool(own):
            yield Difference(where, f"recorded {show(recorded)}, ours {show(own)}")
        elif self._tells(key, recorded) and recorded != own:
            yield Difference(where, f"value: recorded {show(recorded)}, ours {show(own)}")

    def _tells(self, key: str, recorded: Json) -> bool:
        """The value is asked for, and is none that a server is free to choose."""
        if not self.values or _FREE.search(key):
            return False
        if isinstance(recorded, str):
            return not _looks_free(recorded)
        return not (isinstance(recorded, int | float) and recorded > 1.5e9)

    def _own(self, value: Json) -> Json:
        return self.mapping.own_text(value) if isinstance(value, str) else value


def _key_map(mapping: Mapping, recorded: dict[str, Json], hint: str) -> Callable[[str], str]:
    """Keys that are ids (presence maps) are looked up as ids of that kind."""

    def name(key: str) -> str:
        return str(mapping.own_id(hint, int(key))) if key.isdigit() else key

    return name


def _is_id(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _all_equal(values: list[Json]) -> bool:
    return all(value == values[0] for value in values)


def _without_free(values: list[Json]) -> list[Json]:
    """The values with times, addresses and tokens all alike."""
    return ["…" if isinstance(one, str) and _looks_free(one) else one for one in values]


def _looks_free(text: str) -> bool:
    return bool(re.match(r"^(20\d\d-\d\d-\d\d[T ]|https?://|[A-Za-z0-9_-]{20,}$)", text))


def show(value: Json, longest: int = 90) -> str:
    """A value in one short line."""
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def closeness(mapping: Mapping, recorded: Json, own: Json, hint: str) -> int:
    """How unlike two objects are: 0 for the same thing said twice."""
    found = compare(mapping, recorded, own, hint, values=True)
    return sum(difference.weight for difference in found)
