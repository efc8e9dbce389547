"""What is picked in the analytics: the range, the steps, and whose figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from revivatui.screens.choose import Choose, Option
from revivatui.screens.forms import Form, FormField
from revivatui.state.analytics import (
    CUSTOM,
    PRESETS,
    Span,
    Wanted,
    day_in,
    days_words,
    groups_for,
    range_trouble,
    span_of,
)
from revivatui.text.when import day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from revivatui.screens.session import Session
    from revivatui.state.analytics_board import Board
    from revivatui.state.state import State

_BY_ITSELF = "by itself"


def ask_range(
    session: Session, wanted: Wanted, push: Callable[..., Any], then: Callable[[Wanted], None]
) -> None:
    """Pick one of the ranges, or type one."""
    now, tz = session.clock(), session.tz
    options = []
    for preset in PRESETS:
        detail = "two days that you type"
        if preset.id != CUSTOM:
            span = span_of(Wanted(preset.id), now, tz)
            detail = days_words(day_of(span.since, tz), day_of(span.until - 1, tz))
        options.append(Option(preset.id, preset.label, detail))

    def chosen(choice: str | None) -> None:
        if choice == CUSTOM:
            push(_form(wanted, day_of(now, tz)), typed)
        elif choice is not None:
            then(replace(wanted, preset=choice, first=None, last=None))

    def typed(filled: Mapping[str, str] | None) -> None:
        if filled is not None:
            today = day_of(now, tz)
            first, last = (day_in(filled[name], today) for name in ("first", "last"))
            then(replace(wanted, preset=CUSTOM, first=first, last=last))

    push(Choose("Range", options, current=wanted.preset, find="range"), chosen)


def _form(wanted: Wanted, today: date) -> Form:
    def tell(filled: Mapping[str, str]) -> str:
        first, last = day_in(filled["first"], today), day_in(filled["last"], today)
        if first is None or last is None or first > last:
            return ""
        days = (last - first).days + 1
        return f"{days_words(first, last)}: {days} day{'' if days == 1 else 's'}"

    def check(filled: Mapping[str, str]) -> str:
        return range_trouble(filled["first"], filled["last"], today)

    first = wanted.first.isoformat() if wanted.first else ""
    last = wanted.last.isoformat() if wanted.last else today.isoformat()
    return Form(
        "From a day to a day, both included",
        [
            FormField("first", "From", first, "2026-11-01 or 1.11.", needed=True),
            FormField("last", "To", last, "2026-11-24 or 24.11.", needed=True),
        ],
        verb="show",
        tell=tell,
        check=check,
    )


def group_dialog(board: Board) -> Choose:
    """The steps that the range can be cut up by."""
    asked = board.question
    found = groups_for(Span(asked.since, asked.until))
    options = [Option("", _BY_ITSELF, "as the range needs it")]
    options += [Option(group, f"{group}s") for group in found]
    return Choose("Steps", options, current=board.wanted.group or "")


def scope_dialog(state: State, wanted: Wanted) -> Choose:
    """The whole account, and every agent, inbox, team and label."""
    options = [Option("account", "whole account", "everything")]
    options += [Option(f"agent:{one.id}", one.name, "agent") for one in _named(state.agents)]
    options += [Option(f"inbox:{one.id}", one.name, "inbox") for one in _named(state.inboxes)]
    options += [Option(f"team:{one.id}", one.name, "team") for one in _named(state.teams)]
    labels = sorted(state.labels.values(), key=lambda one: one.title.casefold())
    options += [Option(f"label:{one.id}", one.title, "label") for one in labels]
    current = wanted.scope if wanted.scope == "account" else f"{wanted.scope}:{wanted.scope_id}"
    return Choose("Whose figures", options, current=current, find="agent, inbox, team or label")


def _named(known: Mapping[int, Any]) -> list[Any]:
    return sorted(known.values(), key=lambda one: one.name.casefold())


def scoped(wanted: Wanted, choice: str, state: State) -> Wanted:
    """The same of what was chosen."""
    kind, _, number = choice.partition(":")
    if kind == "account":
        return replace(wanted, scope="account", scope_id=None, scope_name="")
    id_ = int(number)
    if kind == "label":
        name = next((one.title for one in state.labels.values() if one.id == id_), f"#{id_}")
        return replace(wanted, scope="label", scope_id=id_, scope_name=name)
    named: dict[str, Mapping[int, Any]] = {
        "agent": state.agents,
        "inbox": state.inboxes,
        "team": state.teams,
    }
    known = named[kind]
    name = known[id_].name if id_ in known else f"#{id_}"
    if kind == "agent":
        return replace(wanted, scope="agent", scope_id=id_, scope_name=name)
    if kind == "inbox":
        return replace(wanted, scope="inbox", scope_id=id_, scope_name=name)
    return replace(wanted, scope="team", scope_id=id_, scope_name=name)
