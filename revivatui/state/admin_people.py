"""Changes of agents, teams and who belongs where (contract 5.1, 5.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from revivatui.state.admin import Holdings, InboxSetup, Staff, TeamSetup
from revivatui.state.admin_change import Change, Request
from revivatui.state.admin_words import listed, staff_facts, team_facts

AGENTS: Final = "agents"
TEAMS: Final = "teams"
INBOXES: Final = "inboxes"
MEMBERS: Final = "members"

_NEW: Final = -1


def add_agent(name: str, email: str, role: str) -> Change:
    """Starts offline: nothing is given to who has not signed in yet."""
    made = Staff(_NEW, name, email.lower(), role)
    body = {
        "name": name, "email": email, "role": role, "availability": "offline", "auto_offline": True,
    }  # fmt: skip
    return Change(
        AGENTS, f"Add the agent {name}", (Request("POST", "agents", body),),
        wanted=staff_facts(made),
        warnings=("The server writes an invitation to this address.",),
    )  # fmt: skip


def change_agent(before: Staff, name: str, role: str) -> Change:
    after = replace(before, name=name, role=role)
    warnings: tuple[str, ...] = ()
    if role != before.role:
        warnings = (
            ("Administrators see and change everything in this account.",)
            if role == "administrator"
            else ("They lose the administration, and every inbox they are no member of.",)
        )
    return Change(
        AGENTS, f"Change the agent {before.name}",
        (Request("PATCH", f"agents/{before.id}", _agent_body(after)),),
        before=staff_facts(before), wanted=_named(staff_facts(after), "name", "role"),
        record_id=before.id, warnings=warnings,
        undo=lambda _id: change_agent(after, before.name, before.role),
    )  # fmt: skip


def _agent_body(one: Staff) -> dict[str, Any]:
    body: dict[str, Any] = {"name": one.name, "role": one.role}
    if one.custom_role_id is not None:
        body["custom_role_id"] = one.custom_role_id
    return body


def remove_agent(one: Staff, holds: Holdings) -> Change:
    return Change(
        AGENTS, f"Remove the agent {one.name}",
        (Request("DELETE", f"agents/{one.id}"),),
        before=staff_facts(one), wanted=None, record_id=one.id,
        warnings=(*holdings_words(one, holds), "This cannot be undone; adding them again is a new"
                  " start."),
        confirm=one.name,
    )  # fmt: skip


def holdings_words(one: Staff, holds: Holdings) -> tuple[str, ...]:
    """What happens with what they hold."""
    many = holds.open
    said = [
        f"{one.name} holds {many} open {'conversation' if many == 1 else 'conversations'}"
        + (": nobody will have them then." if many else ".")
    ]
    if holds.inboxes:
        said.append(f"Is a member of the inboxes {listed(holds.inboxes)}.")
    if holds.teams:
        said.append(f"Is in the teams {listed(holds.teams)}.")
    if not holds.inboxes and not holds.teams:
        said.append("Is a member of no inbox and of no team.")
    return tuple(said)


def add_team(name: str, description: str, auto_assign: bool) -> Change:
    made = TeamSetup(_NEW, name.lower(), description, auto_assign)
    return Change(
        TEAMS, f"Add the team {made.name}", (Request("POST", "teams", _team_body(made)),),
        wanted=team_facts(made),
        undo=lambda made_id: remove_team(replace(made, id=made_id or _NEW), (), is_undo=True),
    )  # fmt: skip


def change_team(before: TeamSetup, name: str, description: str, auto_assign: bool) -> Change:
    after = TeamSetup(before.id, name.lower(), description, auto_assign)
    return Change(
        TEAMS, f"Change the team {before.name}",
        (Request("PATCH", f"teams/{before.id}", _team_body(after)),),
        before=team_facts(before), wanted=team_facts(after), record_id=before.id,
        undo=lambda _id: change_team(
            after, before.name, before.description, before.auto_assign
        ),
    )  # fmt: skip


def _team_body(one: TeamSetup) -> dict[str, Any]:
    return {
        "team": {
            "name": one.name,
            "description": one.description,
            "allow_auto_assign": one.auto_assign,
        }
    }


def remove_team(one: TeamSetup, members: Collection[str], *, is_undo: bool = False) -> Change:
    held = f"Its members: {listed(members)}." if members else "It has no members."
    return Change(
        TEAMS, f"Remove the team {one.name}", (Request("DELETE", f"teams/{one.id}"),),
        before=team_facts(one), wanted=None, record_id=one.id,
        warnings=() if is_undo else (held, "Its conversations lose their team."),
        confirm=one.name,
    )  # fmt: skip


def set_team_members(
    team: TeamSetup, before: Collection[int], after: Collection[int], names: Mapping[int, str]
) -> Change:
    """`names`: of everybody in the account, by id."""
    path = f"teams/{team.id}/team_members"
    return _set_members(
        TEAMS, f"Set who is in the team {team.name}", path, {}, team.id, before, after, names
    )


def set_inbox_members(
    inbox: InboxSetup, before: Collection[int], after: Collection[int], names: Mapping[int, str]
) -> Change:
    title = f"Set who is in the inbox {inbox.name}"
    path, body = "inbox_members", {"inbox_id": inbox.id}
    return _set_members(INBOXES, title, path, body, inbox.id, before, after, names)


def _set_members(
    kind: str,
    title: str,
    path: str,
    body: Mapping[str, Any],
    record_id: int,
    before: Collection[int],
    after: Collection[int],
    names: Mapping[int, str],
) -> Change:
    """PATCH sets exactly these members (contract 5.2)."""

    def said(ids: Collection[int]) -> str:
        return listed(names.get(one, f"#{one}") for one in ids)

    gone = [one for one in before if one not in after]
    warnings = (f"{said(gone)} will see no more of its conversations.",) if gone else ()
    if kind == TEAMS:
        warnings = ()
    return Change(
        kind, title, (Request("PATCH", path, {**body, "user_ids": sorted(after)}),),
        before={MEMBERS: said(before)}, wanted={MEMBERS: said(after)}, record_id=record_id,
        warnings=warnings,
        undo=lambda _id: _set_members(kind, title, path, body, record_id, after, before, names),
    )  # fmt: skip


def _named(facts: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: facts[name] for name in names}
