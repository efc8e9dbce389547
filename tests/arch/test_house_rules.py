"""The rules of CONTRIBUTING.md that a reader can check by looking: checked by looking."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "revivatui"
LONGEST_MODULE = 500


def tracked_files(*patterns: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def trees(*patterns: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in tracked_files(*patterns):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if last == name:
                yield node


def test_no_module_is_longer_than_500_lines() -> None:
    too_long = {
        str(path.relative_to(ROOT)): count
        for path in tracked_files("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert too_long == {}


def test_runtime_values_are_never_parsed_as_markup() -> None:
    found = []
    for path, tree in trees("revivatui/*.py"):
        for call in calls(tree, "from_markup"):
            if not (call.args and isinstance(call.args[0], ast.Constant)):
                found.append(f"{path.name}:{call.lineno} from_markup")
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "markup":
                value = node.value
                if not (isinstance(value, ast.Constant) and value.value is False):
                    found.append(f"{path.name}:{value.lineno} markup")
        for call in calls(tree, "notify"):
            keywords = {keyword.arg for keyword in call.keywords}
            if isinstance(call.func, ast.Attribute) and "markup" not in keywords:
                found.append(f"{path.name}:{call.lineno} notify without markup=False")
    assert found == []


def test_every_textual_worker_names_its_group_and_survives_errors() -> None:
    found = []
    for path, tree in trees("revivatui/app.py", "revivatui/screens/*.py", "revivatui/widgets/*.py"):
        for name in ("work", "run_worker"):
            for call in calls(tree, name):
                missing = {"group", "exit_on_error"} - {k.arg or "" for k in call.keywords}
                if missing:
                    found.append(f"{path.name}:{call.lineno} {name} without {sorted(missing)}")
    assert found == []


def test_no_coroutine_is_made_before_its_worker_begins() -> None:
    begun = [path.name for path, tree in trees("revivatui/*.py") for _ in calls(tree, "run_worker")]
    assert begun == ["at_work.py"]


def test_no_style_rule_hangs_a_pseudo_class_on_everything() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in tracked_files("styles/*.tcss")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(^|[\s,>])\*:", line)
    ]
    assert found == []


def test_styles_name_no_colour_but_variables() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(")
    found = [
        f"{path.name}: {line.strip()}"
        for path in tracked_files("styles/*.tcss")
        for line in path.read_text(encoding="utf-8").splitlines()
        if ":" in line and line.rstrip().endswith(";") and colour.search(line)
    ]
    assert found == []


def test_no_shell_strings() -> None:
    found = []
    for path, tree in trees("*.py"):
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                found.append(f"{path.name}:{node.value.lineno} shell=")
        found += [
            f"{path.name}:{call.lineno} os.system"
            for call in calls(tree, "system")
            if isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "os"
        ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("revivatui.text.safe", {"textual", "httpx", "pydantic", "sqlite3"}),
        ("revivatui.state.reduce", {"textual", "httpx", "pydantic", "sqlite3", "websockets"}),
        ("revivatui.cache", {"textual", "httpx", "pydantic", "websockets"}),
        ("revivatui.engine", {"textual"}),
        ("revivatui.crm.repairshopr.adapter", {"textual", "sqlalchemy", "pydantic", "starlette"}),
        ("revivatui.shop.server", {"textual", "revivatui.api", "revivatui.state"}),
        (
            "revivatui.bridge.daemon",
            {"textual", "faker", "procrastinate", "psycopg", "revivatui.engine", "revivatui.shop"},
        ),
        ("revivatui.crm.port", {"textual", "httpx", "pydantic", "sqlite3", "sqlalchemy"}),
        ("revivatui.crm.store", {"textual", "httpx", "pydantic", "alembic"}),
        (
            "revivatui.app",
            {
                *("sqlalchemy", "httpx", "websockets", "pydantic", "keyring", "starlette", "faker"),
                *("revivatui.state.charts", "revivatui.widgets.charts"),
            },
        ),
    ],
)
def test_importing_a_room_does_not_drag_in_what_it_must_not_know(
    module: str, forbidden: set[str]
) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.split()
    )
    assert loaded & forbidden == set()


def test_the_lock_file_pins_every_dependency_and_names_no_host() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    wanted += [one for more in project["project"]["optional-dependencies"].values() for one in more]
    names = {re.split(r"[\[<>=]", line)[0] for line in wanted}
    assert names - pinned == set()
    assert "://" not in lock


def test_the_project_stands_alone_and_speaks_of_itself_alone() -> None:
    machine_path = re.compile(r"(?:^|[^\w./-])/(?:work|root|home/\w+)/|\.\./shared")
    found = []
    for path in tracked_files("*.py", "*.md", "*.toml", "*.tcss", "Makefile", ".ci/*"):
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if machine_path.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_every_rule_names_a_test_that_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) >= 15
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file()
        or (test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_the_changelog_has_a_section_for_this_version() -> None:
    from revivatui import __version__

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in text
