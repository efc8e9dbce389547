"""The administration over the wire: every recorded answer, and every change on a running shop."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import TypeAdapter

from revivatui.api import calls_admin
from revivatui.api.client import ChatwootClient
from revivatui.api.errors import ApiError, Forbidden, Invalid, NotFound
from revivatui.api.schemas import account
from revivatui.api.schemas import admin as wire
from revivatui.api.schemas.people import Agent
from revivatui.state import admin, admin_inboxes, admin_people, admin_texts
from revivatui.state.admin_change import AlreadySent, Change, NotShown, Permission, Preview
from revivatui.state.admin_words import inbox_facts
from tests.api.recordings import VERSIONS, rows
from tests.support.shops import Stage

SHAPES: Final[dict[str, Any]] = {
    "agents": list[Agent],
    "inboxes": wire.InboxSetups,
    "inboxes/#": wire.InboxSetup,
    "inbox_members/#": account.AgentList,
    "teams": list[account.Team],
    "teams/#": account.Team,
    "teams/#/team_members": list[Agent],
    "labels": account.LabelList,
    "labels/#": account.Label,
    "canned_responses": list[account.CannedResponse],
    "macros": wire.Macros,
    "custom_filters": list[account.CustomFilter],
    "webhooks": wire.Webhooks,
    "assignment_policies": list[wire.Policy],
    "audit_logs": wire.AuditLogs,
}
"""What is read, by the path below the account, numbers as #."""


def below(path: str) -> str:
    rest = path.split("?")[0].partition("/accounts/1/")[2]
    return "/".join("#" if part.isdigit() else part for part in rest.split("/"))


def answers(version: str) -> list[Any]:
    found = [*rows(version, "admin-http"), *rows(version, "http")]
    return [row for row in found if row["status"] == 200 and "/accounts/1/" in row["path"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_read_of_the_administration_parses_as_it_was_recorded(version: str) -> None:
    seen = set()
    for row in answers(version):
        shape = SHAPES.get(below(row["path"]))
        if row["method"] == "GET" and shape is not None:
            TypeAdapter(shape).validate_json(json.dumps(row["answer"]))
            seen.add(below(row["path"]))
    missing = set(SHAPES) - seen
    # Not asked while it was recorded.
    never = {"inbox_members/#", "teams/#/team_members"}
    assert missing <= never | ({"assignment_policies"} if version == "3.9.0" else set())


@pytest.mark.parametrize("version", VERSIONS)
def test_the_answer_of_every_recorded_change_parses_and_names_what_was_made(version: str) -> None:
    posts = 0
    adapter: TypeAdapter[Any] = TypeAdapter(list[object] | wire.Made)
    for row in answers(version):
        known = below(row["path"]).split("/")[0] in {path.split("/")[0] for path in SHAPES}
        if row["method"] == "GET" or not known:
            continue
        answer = row["answer"]
        if answer is None or (isinstance(answer, dict) and "_text" in answer):
            continue
        made = adapter.validate_json(json.dumps(answer))
        if row["method"] == "POST" and below(row["path"]) in ("agents", "teams", "labels",
                "canned_responses", "macros", "custom_filters", "webhooks"):  # fmt: skip
            inner = answer.get("payload", answer)
            assert made.made_id == inner.get("webhook", inner)["id"], row["path"]
            posts += 1
    assert posts > 6


def test_one_call_writes_and_it_takes_a_permission_only() -> None:
    """Nothing of the administration is changed but with the leave of a preview's yes."""
    tree = ast.parse(Path(calls_admin.__file__).read_text(encoding="utf-8"))
    calls = next(one for one in tree.body if isinstance(one, ast.ClassDef))
    writing = set()
    for method in calls.body:
        if not isinstance(method, ast.AsyncFunctionDef):
            continue
        for node in ast.walk(method):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asks = node.func.attr in ("ask", "ask_maybe", "_send", "_send_once")
                verb = node.args[1] if asks and len(node.args) > 1 else None
                if asks and not (isinstance(verb, ast.Constant) and verb.value == "GET"):
                    writing.add((method.name, ast.unparse(method.args)))
    assert writing == {("carry_out", "self, permission: Permission")}


def test_permission_comes_from_the_yes_of_a_preview_that_was_shown() -> None:
    change = admin_texts.add_canned("hi", "Hello")
    with pytest.raises(TypeError):
        Permission(change, object())
    preview = Preview(change, "/api/v1/accounts/1/")
    with pytest.raises(NotShown):
        preview.yes()
    preview.differences()
    permission = preview.yes()
    assert permission.spend() is change
    with pytest.raises(AlreadySent):
        permission.spend()


def agreed(change: Change) -> Permission:
    preview = Preview(change, "")
    preview.differences()
    return preview.yes()


@pytest.fixture
async def client(stage: Stage) -> Any:
    token = stage.administrator["token"]
    async with ChatwootClient(stage.url, token, account_id=1) as made:
        await made.version()
        yield made


async def send(client: ChatwootClient, change: Change) -> int:
    carried = await client.carry_out(agreed(change))
    assert not carried.trouble
    return next((one for one in carried.made if one is not None), change.record_id or 0)


def found(rows: Any, record_id: int) -> Any:
    return next((one for one in rows if one.id == record_id), None)


async def test_an_agent_is_added_offline_changed_and_removed(client: ChatwootClient) -> None:
    made = await send(client, admin_people.add_agent("Nia New", "Nia@shop.example", "agent"))
    nia = found(await client.staff(), made)
    assert (nia.name, nia.email, nia.role, nia.availability) == (
        "Nia New", "nia@shop.example", "agent", "offline",
    )  # fmt: skip
    await send(client, admin_people.change_agent(nia, "Nia Newer", "administrator"))
    after = found(await client.staff(), made)
    assert (after.name, after.role) == ("Nia Newer", "administrator")
    await send(client, admin_people.remove_agent(after, admin.Holdings(0)))
    assert found(await client.staff(), made) is None


async def test_an_inbox_changes_only_in_what_was_different(client: ChatwootClient) -> None:
    before = (await client.inbox_setups())[0]
    after = admin.InboxSetup(
        **{name: getattr(before, name) for name in before.__slots__}
        | {"limit": 5, "out_of_office": "Fechado", "auto_assign": not before.auto_assign}
    )  # fmt: skip
    change = admin_inboxes.change_inbox(before, after)
    assert set(change.requests[0].body or {}) == {
        "auto_assignment_config", "out_of_office_message", "enable_auto_assignment",
    }  # fmt: skip
    await send(client, change)
    now = await client.inbox_setup(before.id)
    assert inbox_facts(now) == inbox_facts(after)
    assert change.undo is not None
    await send(client, change.undo(None))
    assert await client.inbox_setup(before.id) == before


async def test_hours_are_set_by_day_and_put_back_exactly(client: ChatwootClient) -> None:
    before = (await client.inbox_setups())[0]
    texts = dict.fromkeys(range(1, 6), "9-18") | {6: "09:30-13:00", 0: "closed"}
    hours = admin_inboxes.week_of(texts, before)
    fields = {name: getattr(before, name) for name in before.__slots__}
    after = admin.InboxSetup(
        **fields | {"hours": hours, "hours_enabled": True, "timezone": "Europe/Lisbon"}
    )
    change = admin_inboxes.change_hours(before, after)
    await send(client, change)
    assert await client.inbox_setup(before.id) == after
    assert change.undo is not None
    await send(client, change.undo(None))
    assert await client.inbox_setup(before.id) == before


async def test_members_are_set_and_set_back(client: ChatwootClient) -> None:
    inbox = (await client.inbox_setups())[0]
    names = {one.id: one.name for one in await client.staff()}
    before = await client.inbox_members(inbox.id)
    after = [one for one in before if one != before[0]]
    change = admin_people.set_inbox_members(inbox, before, after, names)
    await send(client, change)
    assert sorted(await client.inbox_members(inbox.id)) == sorted(after)
    assert change.undo is not None
    await send(client, change.undo(None))
    assert sorted(await client.inbox_members(inbox.id)) == sorted(before)


async def test_a_team_its_members_and_its_end(client: ChatwootClient) -> None:
    made = await send(client, admin_people.add_team("Night", "after hours", True))
    team = found(await client.team_setups(), made)
    assert (team.name, team.description, team.auto_assign) == ("night", "after hours", True)
    await send(client, admin_people.change_team(team, "Dusk", "", False))
    team = found(await client.team_setups(), made)
    assert (team.name, team.auto_assign) == ("dusk", False)
    people = [one.id for one in await client.staff()][:2]
    await send(client, admin_people.set_team_members(team, (), people, {}))
    assert sorted(await client.team_members(made)) == sorted(people)
    await send(client, admin_people.remove_team(team, ()))
    assert found(await client.team_setups(), made) is None


async def test_canned_labels_macros_views_and_webhooks_round_trip(client: ChatwootClient) -> None:
    made = await send(client, admin_texts.add_canned("k1", "Olá {{contact.name}}"))
    canned = found(await client.canned_setups(), made)
    change = admin_texts.change_canned(canned, "k2", "x")
    await send(client, change)
    assert found(await client.canned_setups(), made) == admin.Canned(made, "k2", "x")
    assert change.undo is not None
    await send(client, change.undo(None))
    assert found(await client.canned_setups(), made) == canned
    await send(client, admin_texts.remove_canned(canned))
    assert found(await client.canned_setups(), made) is None

    label = admin.LabelSetup(-1, "Tmp-1", "d", "#112233", False)
    made = await send(client, admin_texts.add_label(label))
    known = found(await client.label_setups(), made)
    assert known == admin.LabelSetup(made, "tmp-1", "d", "#112233", False)
    await send(
        client, admin_texts.change_label(known, admin.LabelSetup(made, "tmq", "e", "", True))
    )
    assert found(await client.label_setups(), made).title == "tmq"
    await send(client, admin_texts.remove_label(found(await client.label_setups(), made)))

    steps = (admin.MacroStep("add_label", ("urgent",)), admin.MacroStep("resolve_conversation"))
    macro = admin.MacroSetup(-1, "Close", "global", steps)
    made = await send(client, admin_texts.add_macro(macro, ""))
    kept = found(await client.macro_setups(), made)
    assert (kept.name, kept.visibility, kept.steps) == ("Close", "global", steps)
    less = admin.MacroSetup(made, "Less", "global", steps[:1])
    await send(client, admin_texts.change_macro(kept, "", less, ""))
    assert found(await client.macro_setups(), made).steps == steps[:1]
    await send(client, admin_texts.remove_macro(less, ""))

    query = admin_texts.query_of([("status", ["open"]), ("labels", ["urgent"])])
    made = await send(client, admin_texts.add_view("Urgent", query))
    view = found(await client.saved_views(), made)
    assert view.query == query
    await send(client, admin_texts.change_view(view, "Very urgent", query))
    assert found(await client.saved_views(), made).name == "Very urgent"
    await send(client, admin_texts.remove_view(view))
    assert found(await client.saved_views(), made) is None

    has_names = not client.server_version.startswith("3.")
    hook = admin.HookSetup(-1, "https://hooks.example.com/1", "Bridge", ("message_created",))
    made = await send(client, admin_texts.add_webhook(hook, has_names))
    known_hook = found(await client.hook_setups(), made)
    assert known_hook.url == hook.url
    assert known_hook.name == ("Bridge" if has_names else "")
    more = admin.HookSetup(made, hook.url, known_hook.name, ("message_created", "contact_created"))
    await send(client, admin_texts.change_webhook(known_hook, more, has_names))
    assert set(found(await client.hook_setups(), made).subscriptions) == set(more.subscriptions)
    await send(client, admin_texts.remove_webhook(more, has_names))
    assert found(await client.hook_setups(), made) is None


async def test_an_import_adds_and_changes_and_leaves_the_rest(client: ChatwootClient) -> None:
    known = await client.canned_setups()
    same, other = known[0], known[1]
    change = admin_texts.import_canned(
        known, [(same.short_code, same.content), (other.short_code, "New text"), ("fresh", "Hi")]
    )
    assert "1 added, 1 changed, 1 the same" in change.title
    await send(client, change)
    now = {one.short_code: one.content for one in await client.canned_setups()}
    assert now[other.short_code] == "New text"
    assert now["fresh"] == "Hi"
    assert now[same.short_code] == same.content
    assert len(now) == len(known) + 1


async def test_who_is_no_administrator_is_told_so_and_stays_signed_in(stage: Stage) -> None:
    async with ChatwootClient(stage.url, stage.agent["token"], account_id=1) as client:
        with pytest.raises(Forbidden):
            await client.carry_out(agreed(admin_people.add_team("night", "", True)))
        with pytest.raises(Forbidden):
            await client.hook_setups()
        assert (await client.profile()).agent.id == stage.agent["id"]


async def test_what_the_server_refuses_is_invalid_and_names_the_field(
    client: ChatwootClient,
) -> None:
    email = (await client.staff())[0].email
    with pytest.raises(Invalid):
        await client.carry_out(agreed(admin_people.add_agent("Again", email, "agent")))
    code = (await client.canned_setups())[0].short_code
    with pytest.raises(Invalid):
        await client.carry_out(agreed(admin_texts.add_canned(code, "twice")))
    gone = admin.Canned(999_999, "gone", "x")
    with pytest.raises(NotFound):
        await client.carry_out(agreed(admin_texts.remove_canned(gone)))


async def test_a_change_of_many_says_what_was_left_undone(client: ChatwootClient) -> None:
    code = (await client.canned_setups())[0].short_code
    change = admin_texts.import_canned((), [("new-one", "x"), (code, "taken"), ("third", "y")])
    carried = await client.carry_out(agreed(change))
    assert carried.trouble.endswith("2 left undone.")
    codes = {one.short_code for one in await client.canned_setups()}
    assert "new-one" in codes
    assert "third" not in codes


async def test_policies_are_there_on_4_and_their_inboxes_are_set(client: ChatwootClient) -> None:
    if client.server_version.startswith("3."):
        with pytest.raises(ApiError):
            await client.policies()
        return
    policy = admin.Policy(-1, "Even", "d", "round_robin", "longest_waiting", 10, 3600, True)
    made = await send(client, admin_inboxes.add_policy(policy))
    known = found(await client.policies(), made)
    assert replace(known, inboxes=0) == replace(policy, id=made)
    off = replace(known, enabled=False, limit=5)
    change = admin_inboxes.change_policy(known, off)
    assert change.requests[0].body == {
        "assignment_policy": {"fair_distribution_limit": 5, "enabled": False}
    }
    await send(client, change)
    assert found(await client.policies(), made) == off
    inboxes = [one.id for one in await client.inbox_setups()][:2]
    change = admin_inboxes.set_policy_inboxes(off, (), inboxes, {})
    await send(client, change)
    assert sorted(await client.policy_inboxes(made)) == sorted(inboxes)
    assert change.undo is not None
    await send(client, change.undo(None))
    assert await client.policy_inboxes(made) == ()
    await send(client, admin_inboxes.remove_policy(off))
    assert found(await client.policies(), made) is None


async def test_the_audit_log_is_read_and_empty_without_the_feature(client: ChatwootClient) -> None:
    page = await client.audit_page()
    assert (page.entries, page.total) == ((), 0)
