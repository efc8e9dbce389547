"""Rules of the shop: when this happens in a chat or at the bench, do that. Read from a TOML file:

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

    [[rule]]
    name = "unclaimed"
    when = "ready"                      # see RECORD_WHENS
    days = 5
    message = "Hello {customer}, your {device} is ready. When will you come?"
    may_send = true                     # without it the message is a draft for the agents

Nothing that a customer reads is written unless the rule says `may_send`.
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
from revivatui.crm.workflow import STATUSES
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

When = Literal[
    "message",
    "status",
    "promise_passed",
    "ready",
    "no_movement",
    "quote_sent",
    "quote_approved",
    "quote_declined",
    "quote_expiring",
]
CHAT_WHENS: Final[tuple[When, ...]] = ("message", "status")
RECORD_WHENS: Final[Mapping[When, str]] = {
    "promise_passed": "the promised moment has passed {since}",
    "ready": "a repair is ready {since}",
    "no_movement": "nothing happened to a repair {since}",
    "quote_sent": "a quote is sent {since}",
    "quote_approved": "a quote is approved {since}",
    "quote_declined": "a quote is declined {since}",
    "quote_expiring": "a quote ends within {time}",
}
"""What is looked for in the CRM, by the clock, in words."""
_NEED_TIME: Final = ("no_movement", "quote_expiring")
ActionKind = Literal["note", "label", "priority", "team_id", "message"]
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
    "message": str,
    "may_send": bool,
    "hours": int,
    "days": int,
}
_OF_CHATS: Final = ("contains", "from_customer", "first_message")
_OF_RECORDS: Final = ("hours", "days")
_MOST_HOURS: Final = 24 * 366
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_OF_REPAIRS: Final = ("customer", "repair", "device", "status", "promised", "days")
_OF_QUOTES: Final = (*_OF_REPAIRS, "quote", "total", "valid_until")


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
    message: str = ""
    """For the customer; a draft unless `may_send`."""
    may_send: bool = False
    hours: int = 0
    days: int = 0
    """With `hours`: how long it must have been so, or of a quote's end, how long before it."""

    @property
    def seconds(self) -> float:
        return self.days * 86_400.0 + self.hours * 3600.0

    @property
    def words(self) -> str:
        """When it acts, for a person."""
        if self.when in CHAT_WHENS:
            return f"on a {self.when}"
        times = [f"{self.days} days"] * bool(self.days) + [f"{self.hours} hours"] * bool(self.hours)
        time = " ".join(times)
        told = RECORD_WHENS[self.when].format(since=f"for {time}" if time else "", time=time)
        return f"when {told.strip()}" + (f" ({self.status})" if self.status else "")

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
        known = "'message' or 'status', or one of " + ", ".join(RECORD_WHENS)
        raise BadBridgeSettings(f"{where} needs a name, and when: {known}.")
    rule = Rule(**{**row, "contains": tuple(words)})
    if not rule.actions:
        raise BadBridgeSettings(f"{where} does nothing: give it one of {', '.join(ACTIONS)}.")
    if rule.when == "status" and not rule.status:
        raise BadBridgeSettings(f"{where}: a rule on a status says which.")
    if rule.may_send and not rule.message:
        raise BadBridgeSettings(f"{where}: 'may_send' is for a 'message'.")
    _check_keys(rule, row, where)
    if rule.when in RECORD_WHENS:
        _check_record_rule(rule, where)
    if rule.priority and rule.priority not in PRIORITIES:
        raise BadBridgeSettings(f"{where}: 'priority' is one of {', '.join(PRIORITIES)}.")
    return rule


def _check_keys(rule: Rule, row: Mapping[str, Any], where: str) -> None:
    others = _OF_CHATS if rule.when in RECORD_WHENS else _OF_RECORDS
    for key in others:
        if key in row:
            raise BadBridgeSettings(f"{where}: {key!r} says nothing about {rule.when!r}.")


def _check_record_rule(rule: Rule, where: str) -> None:
    if min(rule.hours, rule.days) < 0 or rule.seconds > _MOST_HOURS * 3600:
        raise BadBridgeSettings(f"{where}: 'hours' and 'days' together are a year at most.")
    if rule.when in _NEED_TIME and not rule.seconds:
        raise BadBridgeSettings(f"{where}: {rule.when!r} needs 'hours' or 'days'.")
    is_quote = rule.when.startswith("quote_")
    if rule.status and (is_quote or rule.status not in STATUSES):
        raise BadBridgeSettings(
            f"{where}: 'status' is one of {', '.join(STATUSES)}, of a rule about repairs."
        )
    places = _OF_QUOTES if is_quote else _OF_REPAIRS
    for text in (rule.note, rule.message):
        for name in PLACEHOLDER.findall(text):
            if name not in places:
                raise BadBridgeSettings(
                    f"{where}: there is no {{{name}}}; known: {', '.join(places)}."
                )
