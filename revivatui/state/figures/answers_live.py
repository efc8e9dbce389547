"""How things stand now: open, unattended, unassigned and pending (contract 2.2, 6.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from revivatui.state.figures.questions import Question, Refused, broken, missing
from revivatui.state.figures.rows import ConversationRow, Raw, text, whole
from revivatui.state.figures.scopes import ACCOUNT, AGENT, KINDS

PAGE: Final = 25


def overview(question: Question) -> object:
    """The account's figures, or a page of its agents, those with most open first."""
    kind = question.given("type")
    if kind is None:
        raise Refused(422)
    if kind == ACCOUNT:
        # The server asks for pending ones among the open ones: there are none, ever.
        return {**_standing(question.rows.conversations.values()), "pending": 0}
    if kind not in KINDS:
        raise broken()
    if kind != AGENT:
        raise missing()
    first = (question.page - 1) * PAGE
    people = [_person(question, row) for row in question.rows.table("users")[first : first + PAGE]]
    people.reverse()
    return [row for _, row in sorted(people, key=lambda one: -one[0])]


def _person(question: Question, row: Raw) -> tuple[int, dict[str, object]]:
    user_id = whole(row["id"])
    held = [one for one in question.rows.conversations.values() if one.assignee_id == user_id]
    standing = _standing(held)
    return standing["open"], {
        "id": user_id,
        "name": text(row, "name"),
        "email": text(row, "email"),
        "thumbnail": "",
        "availability": availability(row),
        "metric": {"open": standing["open"], "unattended": standing["unattended"]},
    }


def availability(user: Raw) -> str:
    """As rows can tell it: who is connected stands in none, so only a chosen state that holds
    without a connection shows (contract 13)."""
    if user.get("auto_offline") is False:
        return text(user, "availability") or "offline"
    return "offline"


def metrics(question: Question) -> object:
    """The account's figures or, with `team_id`, a team's."""
    held = _of_team(question)
    return {**_standing(held), "pending": _pending(held)}


def grouped(question: Question) -> object:
    """The figures of every team or assignee with something open, nobody included; with
    `team_id` of that team's conversations only."""
    group, held = question.get("group_by"), _of_team(question)
    if group not in ("team_id", "assignee_id"):
        raise Refused(422, {"error": "invalid group_by"})
    groups: dict[int | None, list[ConversationRow]] = {}
    for row in held:
        if row.status == "open":
            key = row.team_id if group == "team_id" else row.assignee_id
            groups.setdefault(key, []).append(row)
    keys = sorted(groups, key=lambda key: (key is None, key or 0))
    return [{**_standing(groups[key]), group: key} for key in keys]


def counts(question: Question) -> object:
    """The numbers on the tabs of the conversation list, for the account's administrator."""
    asker = next(
        (
            whole(row["id"])
            for row in question.rows.table("users")
            if row.get("role") == "administrator"
        ),
        None,
    )
    team = question.number("team_id")
    if team is not None and question.rows.find("teams", team) is None:
        raise missing()
    listed = [row for row in question.rows.conversations.values() if _listed(question, row)]
    mine = sum(1 for row in listed if row.assignee_id is not None and row.assignee_id == asker)
    nobody = sum(1 for row in listed if row.assignee_id is None)
    return {
        "meta": {
            "mine_count": mine,
            "assigned_count": len(listed) - nobody,
            "unassigned_count": nobody,
            "all_count": len(listed),
        }
    }


def _listed(question: Question, row: ConversationRow) -> bool:
    status = question.get("status")
    status = "open" if status is None else status
    team, inbox = question.number("team_id"), question.number("inbox_id")
    labels = question.many("labels")
    if question.get("conversation_type") == "unattended" and not row.unattended:
        return False
    if labels and not question.rows.labels_of.get(row.id, frozenset()).intersection(labels):
        return False
    return (
        status in ("all", row.status)
        and team in (None, row.team_id)
        and inbox in (None, row.inbox_id)
    )


def _of_team(question: Question) -> list[ConversationRow]:
    """All conversations, or a team's. Refused where the account has no such team."""
    team, held = question.get("team_id"), question.rows.conversations.values()
    if team is None:
        return list(held)
    wanted = question.number("team_id")
    if question.rows.find("teams", wanted) is None:
        raise missing()
    return [row for row in held if row.team_id == wanted]


def _standing(rows: Iterable[ConversationRow]) -> dict[str, int]:
    held = [row for row in rows if row.status == "open"]
    return {
        "open": len(held),
        "unattended": sum(1 for row in held if row.unattended),
        "unassigned": sum(1 for row in held if row.assignee_id is None),
    }


def _pending(rows: Iterable[ConversationRow]) -> int:
    return sum(1 for row in rows if row.status == "pending")
