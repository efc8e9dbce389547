"""No change of the administration has another way than the one through its preview."""

from __future__ import annotations

import ast
from pathlib import Path

from revivatui.screens import admin as admin_module

PACKAGE = Path(admin_module.__file__).parents[1]

READS = {
    "staff", "inbox_members", "team_members", "team_setups", "inbox_setups", "inbox_setup",
    "policies", "policy_inboxes", "canned_setups", "label_setups", "macro_setups", "saved_views",
    "hook_setups", "audit_page", "filter", "conversations",
}  # fmt: skip
"""What the room may ask of the client. `filter` is a POST that only reads."""


def admin_modules() -> list[Path]:
    found = sorted((PACKAGE / "screens").glob("admin*.py"))
    assert len(found) > 12
    return [*found, PACKAGE / "engine" / "holidays.py", PACKAGE / "cli_hours.py"]


def test_the_room_writes_by_one_call_alone() -> None:
    writing = set()
    for path in admin_modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_client = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if is_client and node.value.id == "client" and node.attr not in READS:  # type: ignore[attr-defined]
                writing.add((path.name, node.attr))  # type: ignore[attr-defined]
    assert writing == {("admin.py", "carry_out"), ("holidays.py", "carry_out")}


def test_yes_is_said_by_the_dialog_and_for_what_was_agreed_to_alone() -> None:
    said = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.func.attr == "yes":  # type: ignore[attr-defined]
                said.add(path.name)
            if called and node.func.attr == "carry_out":  # type: ignore[attr-defined]
                said.add(f"{path.name} carries out")
    assert said == {
        "admin_preview.py", "holidays.py", "admin.py carries out", "holidays.py carries out",
    }  # fmt: skip
