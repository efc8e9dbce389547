"""Rules of the shop: when this happens in a chat, do that. Read from a TOML file:

    dry_run = true                      # say what would be done, do nothing

    [[rule]]
    name = "liquid"
    when = "message"                    # or "status"
    contains = ["water", "liquid", "água"]
    first_message = true
    note = "Liquid: tell them to switch it off and not to charge it."
    label = "urgent"
    priority = "urgent"
    team_id = 3

A rule writes notes for agents, labels, priorities and teams; nothing that a customer reads.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, get_args

from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.news import Said
from revivatui.bridge.webhook_bodies import fingerprint
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

When = Literal["message", "status"]
ActionKind = Literal["note", "label", "priority", "team_id"]
ACTIONS: Final[tuple[ActionKind, ...]] = get_args(ActionKind)
PRIORITIES: Final = ("low", "medium", "high", "urgent")
FRESH_SECONDS: Final = 3600.0
"""What was said longer ago sets nothing off: it is caught up with, not news."""
_KEYS: Final[Mapping[str, type]] = {
    "name": str,
    "when": str,
    "contains": list,
    "from_customer": bool,
    "first_message": bool,
    "status": str,
    "note": str,
    "label": str,
    "priority": str,
    "team_id": int,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that are empty or None fit everything."""

    name: str
    when: When
    contains: tuple[str, ...] = ()
    from_customer: bool = True
    first_message: bool | None = None
    status: str = ""
    note: str = ""
    label: str = ""
    priority: str = ""
    team_id: int = 0

    @property
    def version(self) -> str:
        """Another one for every change of the rule: a changed rule may act again."""
        return fingerprint(asdict(self))[:12]

    @property
    def actions(self) -> tuple[tuple[ActionKind, str], ...]:
        return tuple((kind, str(value)) for kind in ACTIONS if (value := getattr(self, kind)))


@dataclass(frozen=True, slots=True)
class Rules:
    rules: tuple[Rule, ...] = ()
    dry_run: bool = False


NONE: Final = Rules()


def on_message(rule: Rule, said: Said, *, is_first: bool, status: str) -> bool:
    """Whether a message sets a rule off."""
    return (
        rule.when == "message"
        and not said.private
        and not said.deleted
        and (said.kind == "incoming") is rule.from_customer
        and rule.first_message in (None, is_first)
        and rule.status in ("", status)
        and _contains(said.content, rule.contains)
    )


def on_status(rule: Rule, status: str) -> bool:
    return rule.when == "status" and rule.status == status


def _contains(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in a text as a word, capitals and accents aside."""
    plain = fold(text)
    return not words or any(
        re.search(rf"(?<!\w){re.escape(fold(one))}(?!\w)", plain) for one in words
    )


def load(path: Path) -> Rules:
    """Read the file. Raises BadBridgeSettings, which names the rule and what is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadBridgeSettings(f"{path} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadBridgeSettings(f"{path} is not valid TOML: {error}.") from None
    if unknown := data.keys() - {"rule", "dry_run"}:
        raise BadBridgeSettings(f"{path}: unknown key {min(unknown)!r}; rules are [[rule]].")
    rows = data.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise BadBridgeSettings(f"{path}: each rule begins with [[rule]].")
    rules = tuple(_rule(row, f"{path}, rule {number}") for number, row in enumerate(rows, 1))
    names = [one.name for one in rules]
    if len(set(names)) != len(names):
        raise BadBridgeSettings(f"{path}: each rule needs a name of its own.")
    return Rules(rules, data.get("dry_run") is True)


def _rule(row: Mapping[str, Any], where: str) -> Rule:
    for key, value in row.items():
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}."
            raise BadBridgeSettings(f"{where}: unknown key {key!r}; {hint}")
        if type(value) is not _KEYS[key]:
            raise BadBridgeSettings(f"{where}: {key!r} is of the wrong kind.")
    words = row.get("contains", [])
    if not all(isinstance(one, str) and one.strip() for one in words):
        raise BadBridgeSettings(f"{where}: 'contains' is a list of words.")
    if not row.get("name") or row.get("when") not in get_args(When):
        raise BadBridgeSettings(f"{where} needs a name, and when: 'message' or 'status'.")
    rule = Rule(**{**row, "contains": tuple(words)})
    if not rule.actions:
        raise BadBridgeSettings(f"{where} does nothing: give it one of {', '.join(ACTIONS)}.")
    if rule.when == "status" and not rule.status:
        raise BadBridgeSettings(f"{where}: a rule on a status says which.")
    if rule.priority and rule.priority not in PRIORITIES:
        raise BadBridgeSettings(f"{where}: 'priority' is one of {', '.join(PRIORITIES)}.")
    return rule
