"""What a macro does, as lines that people write and read: "add label: urgent" (contract 5.4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from revivatui.state.admin import MacroStep

ME, NOBODY = "me", "nobody"
NONE: Final = "none"
STATUSES: Final = ("open", "resolved", "pending", "snoozed")
PRIORITIES: Final = ("low", "medium", "high", "urgent", NONE)
SERVER: Final = "server action"
"""Begins a line for what has no words here; it is kept as it is."""
HELP: Final = (
    "One action a line: add label, remove label, assign agent (a name, me, nobody), assign team, "
    "remove team, set status, set priority, send, note, resolve, snooze, mute, e-mail transcript "
    "to, call."
)


class Names(NamedTuple):
    """Whose names a line may hold, by id."""

    agents: Mapping[int, str]
    teams: Mapping[int, str]
    labels: frozenset[str]


_PLAIN: Final[Mapping[str, str]] = {
    "resolve": "resolve_conversation",
    "snooze": "snooze_conversation",
    "mute": "mute_conversation",
    "remove team": "remove_assigned_team",
}
_TEXT: Final[Mapping[str, str]] = {
    "send": "send_message",
    "note": "add_private_note",
    "e-mail transcript to": "send_email_transcript",
    "call": "send_webhook_event",
}


def lines_of(steps: tuple[MacroStep, ...], names: Names) -> str:
    """The actions, one a line."""
    return "\n".join(_line(one, names) for one in steps)


def _line(step: MacroStep, names: Names) -> str:
    for words, name in _PLAIN.items():
        if step.name == name:
            return words
    value = step.params[0] if step.params else None
    for words, name in _TEXT.items():
        if step.name == name and isinstance(value, str):
            return f"{words}: {_one_line(value)}"
    if step.name in ("add_label", "remove_label") and step.params:
        verb = step.name.replace("_", " ")
        return f"{verb}: {', '.join(map(str, step.params))}"
    known = _known(step.name, value, names)
    if known:
        return known
    return f"{SERVER} {step.name}: {json.dumps(list(step.params), ensure_ascii=False)}"


def _known(name: str, value: Any, names: Names) -> str:
    number = int(value) if str(value).isascii() and str(value).isdigit() else None
    if name == "assign_agent":
        who = {"self": ME, "nil": NOBODY}.get(str(value)) or names.agents.get(number or 0)
        return f"assign agent: {who}" if who else ""
    if name == "assign_team" and number is not None:
        team = names.teams.get(number)
        return f"assign team: {team}" if team else ""
    if name == "change_status" and isinstance(value, str):
        return f"set status: {value}"
    if name == "change_priority":
        return f"set priority: {NONE if value in (None, 'nil') else value}"
    return ""


def _one_line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _unfolded(text: str) -> str:
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")


def steps_of(text: str, names: Names) -> tuple[MacroStep, ...]:
    """The actions that lines stand for. Raises ValueError with a sentence that names the line."""
    steps = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            steps.append(_step(line.strip(), names))
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
    if not steps:
        raise ValueError("A macro needs one action at least.")
    return tuple(steps)


def _step(line: str, names: Names) -> MacroStep:
    verb, _, rest = line.partition(":")
    verb, value = " ".join(verb.split()), rest.strip()
    if verb.startswith(SERVER):
        return _server_step(verb.removeprefix(SERVER).strip(), value)
    verb = verb.casefold()
    if verb in _PLAIN:
        return MacroStep(_PLAIN[verb])
    if verb not in _READERS and verb not in _TEXT:
        raise ValueError(f"'{verb}' is no action known here.")
    if not value:
        raise ValueError(f"say what behind '{verb}:'.")
    if verb in _TEXT:
        return MacroStep(_TEXT[verb], (_unfolded(value),))
    return _READERS[verb](value, names)


def _server_step(name: str, value: str) -> MacroStep:
    try:
        params = json.loads(value or "[]")
    except ValueError:
        params = None
    if not name or not isinstance(params, list):
        raise ValueError("this action of the server cannot be read; leave it as it was.")
    return MacroStep(name, tuple(params))


def _labels(action: str) -> Callable[[str, Names], MacroStep]:
    def read(value: str, names: Names) -> MacroStep:
        titles = [one.strip().lower() for one in value.split(",") if one.strip()]
        for title in titles:
            if title not in names.labels:
                raise ValueError(f"no label is called '{title}'.")
        return MacroStep(action, tuple(titles))

    return read


def _agent(value: str, names: Names) -> MacroStep:
    folded = value.casefold()
    if folded in (ME, NOBODY):
        return MacroStep("assign_agent", ("self" if folded == ME else "nil",))
    return MacroStep("assign_agent", (_id_of(value, names.agents, "agent"),))


def _team(value: str, names: Names) -> MacroStep:
    return MacroStep("assign_team", (_id_of(value, names.teams, "team"),))


def _id_of(value: str, known: Mapping[int, str], what: str) -> int:
    found = [id_ for id_, name in known.items() if name.casefold() == value.casefold()]
    if not found:
        raise ValueError(f"no {what} is called '{value}'.")
    if len(found) > 1:
        raise ValueError(f"several {what}s are called '{value}'.")
    return found[0]


def _one_of(action: str, allowed: tuple[str, ...]) -> Callable[[str, Names], MacroStep]:
    def read(value: str, names: Names) -> MacroStep:
        word = value.casefold()
        if word not in allowed:
            raise ValueError(f"'{value}' is none of {', '.join(allowed)}.")
        return MacroStep(action, ("nil" if word == NONE else word,))

    return read


_READERS: Final[Mapping[str, Callable[[str, Names], MacroStep]]] = {
    "add label": _labels("add_label"),
    "remove label": _labels("remove_label"),
    "assign agent": _agent,
    "assign team": _team,
    "set status": _one_of("change_status", STATUSES),
    "set priority": _one_of("change_priority", PRIORITIES),
}
