"""Rails' way with parameters: nested query and form keys, loose booleans and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")
LARGEST = 2**63
FALSE_WORDS = frozenset({False, "0", "f", "F", "false", "FALSE", "off", "OFF", ""})


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """``a[b][]=1&a[b][]=2`` -> ``{"a": {"b": [1, 2]}}``; values stay as they came."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        match = _KEY.match(key)
        if match is None:
            tree[key] = value
            continue
        _plant(tree, [match[1], *_PART.findall(match[2])], value)
    return tree


def _plant(tree: dict[str, Any], parts: list[str], value: Any) -> None:
    head, rest = parts[0], parts[1:]
    if not rest:
        tree[head] = value
    elif rest[0] == "":
        branch = tree.setdefault(head, [])
        if not isinstance(branch, list):
            return
        if len(rest) == 1:
            branch.append(value)
            return
        # A list of hashes: a key that the last one already has starts the next one.
        if not branch or not isinstance(branch[-1], dict) or rest[1] in branch[-1]:
            branch.append({})
        _plant(branch[-1], rest[1:], value)
    else:
        branch = tree.setdefault(head, {})
        if isinstance(branch, dict):
            _plant(branch, rest, value)


def boolean(value: Any) -> bool | None:
    """Rails' boolean cast: None and "" are None, the false words false, the rest true."""
    if value is None or value == "":
        return None
    if isinstance(value, dict | list):
        return True
    return value not in FALSE_WORDS


def integer(value: Any) -> int | None:
    """Rails' integer cast: leading digits of a text count, anything else is None or 0.

    What no database column could hold is None.
    """
    number: int | None = None
    if isinstance(value, int | float):
        number = int(value)
    elif isinstance(value, str):
        match = re.match(r"\s*([+-]?\d+)", value)
        number = int(match[1]) if match else (0 if value.strip() else None)
    return number if number is not None and abs(number) < LARGEST else None


def text(value: Any) -> str | None:
    """Rails' string cast: numbers and booleans become text, hashes and lists are refused."""
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def string_list(value: Any) -> list[str]:
    """A permitted array of scalars: anything else is dropped."""
    if not isinstance(value, list):
        return []
    return [str(item) for item in value if isinstance(item, str | int | float)]


def integer_list(value: Any) -> list[int]:
    if not isinstance(value, list):
        return []
    return [number for item in value if (number := integer(item)) is not None]


def hash_of(value: Any) -> dict[str, Any]:
    """A permitted hash: anything else counts as an empty one."""
    return value if isinstance(value, dict) else {}
