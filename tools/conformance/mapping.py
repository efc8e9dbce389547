"""What the recorded server called something, and what ours calls it: learned by pairing answers."""

from __future__ import annotations

import re
from typing import Any

from tools.conformance.kinds import (
    hint_of_key,
    kind_of_key,
    kind_of_object,
    path_kinds,
)

Json = Any

_TOKEN = re.compile(r"^[A-Za-z0-9_\-.=+/]{8,}$")
_TOKEN_KEYS = re.compile(
    r"(token|uuid|source_id|identifier|hash|client|access-token|signed_id|secret|key|uid|"
    r"_url|url|host|thumbnail|avatar)$"
)


class Mapping:
    """Recorded ids and tokens -> own ones, and back.

    Ids are kept per kind; tokens (source ids, uuids, pubsub tokens, addresses) by their text.
    What was never paired stands for itself.
    """

    def __init__(self) -> None:
        self._own: dict[tuple[str, int], int] = {}
        self._recorded: dict[tuple[str, int], int] = {}
        self._tokens: dict[str, str] = {}
        self._tokens_back: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def learn_id(self, kind: str, recorded: int, own: int) -> bool:
        """Pair two ids; False if one of them is already paired with another."""
        known = self._own.get((kind, recorded))
        back = self._recorded.get((kind, own))
        if known is None and back is None:
            self._own[kind, recorded] = own
            self._recorded[kind, own] = recorded
            return True
        return known == own

    def learn_token(self, recorded: str, own: str) -> None:
        """Pair two texts that name the same thing."""
        if recorded == own or recorded in self._tokens or own in self._tokens_back:
            return
        self._tokens[recorded] = own
        self._tokens_back[own] = recorded
        self._pattern = None

    def token_pairs(self) -> list[tuple[str, str]]:
        """Every recorded token with our own."""
        return list(self._tokens.items())

    def own_id(self, kind: str, recorded: int) -> int:
        return self._own.get((kind, recorded), recorded)

    def recorded_id(self, kind: str, own: int) -> int | None:
        return self._recorded.get((kind, own))

    def knows(self, kind: str, recorded: int) -> bool:
        return (kind, recorded) in self._own

    def is_taken(self, kind: str, own: int) -> bool:
        return (kind, own) in self._recorded

    def own_text(self, text: str) -> str:
        """The text with every recorded token in it replaced by our own."""
        if not self._tokens or len(text) > 20_000:
            return self._tokens.get(text, text)
        if self._pattern is None:
            longest = sorted(self._tokens, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest)))
        return self._pattern.sub(lambda found: self._tokens[found[0]], text)

    def own_path(self, path: str) -> str:
        """A recorded path with our ids and tokens."""
        parts = [
            str(self.own_id(kind, int(segment))) if kind else self.own_text(segment)
            for segment, kind in path_kinds(path)
        ]
        return "/".join(parts)

    def own_value(self, value: Json, key: str = "", around: Json = None) -> Json:
        """A recorded request value with our ids and tokens in it."""
        if isinstance(value, dict):
            return {k: self._own_entry(k, inner, value) for k, inner in value.items()}
        if isinstance(value, list):
            return [self.own_value(inner, key, around) for inner in value]
        if isinstance(value, str):
            return self.own_text(value)
        kind = kind_of_key(key, around)
        if kind and isinstance(value, int) and not isinstance(value, bool):
            return self.own_id(kind, value)
        return value

    def _own_entry(self, key: str, value: Json, around: dict[str, Json]) -> Json:
        """Requests name ids by key, and in a few places by a neighbour's word."""
        if key == "ids" and isinstance(around.get("type"), str):
            kind = str(around["type"]).lower()
            return [self.own_id(kind, one) if isinstance(one, int) else one for one in value]
        if key == "action_params" and isinstance(value, list):
            kind = _action_kind(str(around.get("action_name", "")))
            return [
                self.own_id(kind, one) if kind and isinstance(one, int) else self.own_value(one)
                for one in value
            ]
        if key == "values" and isinstance(value, list):
            kind = kind_of_key(str(around.get("attribute_key", "")), None) or ""
            return [
                self.own_id(kind, one) if kind and isinstance(one, int) else self.own_value(one)
                for one in value
            ]
        return self.own_value(value, key, around)

    def own_params(self, params: dict[str, Json]) -> dict[str, Json]:
        return {key: self._own_entry(key, value, params) for key, value in params.items()}

    def learn(self, recorded: Json, own: Json, hint: str, key: str = "") -> None:
        """Pair every id and token of two answers that say the same thing."""
        if isinstance(recorded, dict) and isinstance(own, dict):
            self._learn_object(recorded, own, hint)
        elif isinstance(recorded, list) and isinstance(own, list):
            for one, other in pair_lists(self, recorded, own, hint):
                self.learn(one, other, hint, key)
        elif _are_tokens(key, recorded, own):
            self.learn_token(recorded, own)

    def _learn_object(self, recorded: dict[str, Json], own: dict[str, Json], hint: str) -> None:
        kind = kind_of_object(recorded, hint)
        for key, value in recorded.items():
            if key not in own:
                continue
            other = own[key]
            if _is_id(value) and _is_id(other):
                named = kind if key == "id" else kind_of_key(key, recorded)
                if named:
                    self.learn_id(named, value, other)
            else:
                self.learn(value, other, hint_of_key(key, kind if key != "payload" else hint), key)


def _is_id(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are_tokens(key: str, recorded: Json, own: Json) -> bool:
    if not isinstance(recorded, str) or not isinstance(own, str) or not own:
        return False
    return bool(_TOKEN_KEYS.search(key)) and _is_token(recorded)


def _is_token(text: str) -> bool:
    return bool(_TOKEN.match(text)) or text.startswith(("http://", "https://"))


def _action_kind(name: str) -> str:
    return {"assign_team": "team", "assign_agent": "user", "send_email_to_team": "team"}.get(
        name, ""
    )


def pair_lists(
    mapping: Mapping, recorded: list[Json], own: list[Json], hint: str
) -> list[tuple[Json, Json]]:
    """Elements of two lists that are the same thing: by known id, by looks, else by place."""
    pairs: list[tuple[Json, Json]] = []
    left_recorded: list[Json] = []
    left_own = list(own)
    for one in recorded:
        match = _known(mapping, one, left_own, hint)
        if match is None:
            left_recorded.append(one)
        else:
            left_own = [other for other in left_own if other is not match]
            pairs.append((one, match))
    if is_set_of_pairs(recorded) and is_set_of_pairs(own):
        return _pairs_by_key(recorded, own)
    still: list[Json] = []
    for one in left_recorded:
        looks = fingerprint(one)
        match = next((other for other in left_own if fingerprint(other) == looks), None)
        if match is None:
            still.append(one)
        else:
            left_own = [other for other in left_own if other is not match]
            pairs.append((one, match))
    if len(still) == len(left_own):
        pairs.extend(zip(still, left_own, strict=True))
    return pairs


def is_set_of_pairs(values: list[Json]) -> bool:
    """``[{"status": …}, {"updated_at": …}]``: an object written as a list, without an order."""
    return bool(values) and all(isinstance(one, dict) and len(one) == 1 for one in values)


def _pairs_by_key(recorded: list[Json], own: list[Json]) -> list[tuple[Json, Json]]:
    by_key = {next(iter(other)): other for other in own}
    return [(one, by_key[next(iter(one))]) for one in recorded if next(iter(one)) in by_key]


def _known(mapping: Mapping, one: Json, others: list[Json], hint: str) -> Json | None:
    if not isinstance(one, dict) or not _is_id(one.get("id")):
        return None
    kind = kind_of_object(one, hint)
    if not mapping.knows(kind, one["id"]):
        return None
    wanted = mapping.own_id(kind, one["id"])
    return next((o for o in others if isinstance(o, dict) and o.get("id") == wanted), None)


_LOOKS = (
    "message_type", "content", "name", "title", "email", "short_code", "attribute_key",
    "notification_type", "filename", "phone_number", "day_of_week", "url", "status",
)  # fmt: skip


def fingerprint(value: Json) -> str:
    """What an object looks like apart from its ids and times."""
    if not isinstance(value, dict):
        return repr(value)
    return repr([value.get(key) for key in _LOOKS if not isinstance(value.get(key), dict)])
