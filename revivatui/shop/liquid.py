"""Liquid in outgoing messages, as far as replies use it (contract 3.3).

Variables with dots, ``default``-like filters of text, ``if`` and ``for`` over ranges; an unknown
variable vanishes, and text whose syntax is broken stays as it was typed.
"""

from __future__ import annotations

import re
from typing import Any

_OPEN = re.compile(r"\{\{|\{%")
_FENCED = re.compile(r"(```.*?```|`[^`]*`)", re.DOTALL)
_FOR = re.compile(r"(\w+)\s+in\s+\((\d+)\.\.(\d+)\)$")
MAX_LOOP = 1000


class BrokenLiquid(Exception):
    """The template cannot be understood."""


def render(text: str, variables: dict[str, Any]) -> str:
    """The text with its Liquid carried out, except within back-ticks."""
    if not _OPEN.search(text):
        return text
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0"

    try:
        rendered = _render(_FENCED.sub(hide, text), variables)
    except (BrokenLiquid, RecursionError):
        return text
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], rendered)


def _render(text: str, variables: dict[str, Any]) -> str:
    return _block(_pieces(text), 0, variables, until=())[0]


def _pieces(text: str) -> list[str]:
    """The text's plain pieces, outputs and tags, in order."""
    pieces: list[str] = []
    at = 0
    while opened := _OPEN.search(text, at):
        closing = text.find("}}" if opened[0] == "{{" else "%}", opened.end())
        if closing < 0:
            raise BrokenLiquid
        pieces += [text[at : opened.start()], text[opened.start() : closing + 2]]
        at = closing + 2
    return [*pieces, text[at:]]


def _block(
    pieces: list[str], at: int, variables: dict[str, Any], until: tuple[str, ...]
) -> tuple[str, int]:
    """Render from ``at`` up to one of the ``until`` tags; returns the text and where that is."""
    output: list[str] = []
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece.startswith("{{"):
            output.append(_shown(_evaluate(piece[2:-2].strip(" -"), variables)))
        elif piece.startswith("{%"):
            tag, _, argument = piece[2:-2].strip(" -").partition(" ")
            if tag in until:
                return "".join(output), at - 1
            text, at = _tag(tag, argument.strip(), pieces, at, variables)
            output.append(text)
        else:
            output.append(piece)
    if until:
        raise BrokenLiquid
    return "".join(output), at


def _tag(
    tag: str, argument: str, pieces: list[str], at: int, variables: dict[str, Any]
) -> tuple[str, int]:
    if tag == "for":
        match = _FOR.match(argument)
        if match is None:
            raise BrokenLiquid
        first, last = int(match[2]), int(match[3])
        _, end = _block(pieces, at, variables, until=("endfor",))
        rounds = range(first, min(last, first + MAX_LOOP) + 1)
        texts = (
            _block(pieces, at, {**variables, match[1]: number}, until=("endfor",))[0]
            for number in rounds
        )
        return "".join(texts), end + 1
    if tag == "if":
        yes, end = _block(pieces, at, variables, until=("else", "endif"))
        no = ""
        if pieces[end][2:-2].strip(" -") == "else":
            no, end = _block(pieces, end + 1, variables, until=("endif",))
        return (yes if _evaluate(argument, variables) else no), end + 1
    if tag == "assign":
        name, equals, value = argument.partition("=")
        if not equals:
            raise BrokenLiquid
        variables[name.strip()] = _evaluate(value.strip(), variables)
        return "", at
    if tag == "comment":
        _, end = _block(pieces, at, variables, until=("endcomment",))
        return "", end + 1
    raise BrokenLiquid


def _evaluate(expression: str, variables: dict[str, Any]) -> Any:
    name, *filters = (part.strip() for part in expression.split("|"))
    value = _lookup(name, variables)
    for applied in filters:
        value = _filter(applied, value)
    return value


def _lookup(name: str, variables: dict[str, Any]) -> Any:
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        return name[1:-1]
    if re.fullmatch(r"-?\d+", name):
        return int(name)
    value: Any = variables
    for part in re.findall(r"[^.\[\]\"']+", name):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _filter(applied: str, value: Any) -> Any:
    name, _, argument = applied.partition(":")
    word = argument.strip().strip("'\"")
    text = _shown(value)
    match name.strip():
        case "default":
            return value if value not in (None, False, "") else word
        case "upcase":
            return text.upper()
        case "downcase":
            return text.lower()
        case "capitalize":
            return text.capitalize()
        case "strip":
            return text.strip()
        case "append":
            return text + word
        case "prepend":
            return word + text
        case _:
            return value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
