"""From no module of the copilot is there a way to send, to write, or to the screen."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.arch.test_house_rules import PACKAGE, ROOT

COPILOT: Final = "revivatui.copilot"
SENDERS: Final = (
    "revivatui.api",
    "revivatui.engine",
    "revivatui.cache",
    "revivatui.bridge",
    "revivatui.shop",
    "revivatui.screens",
    "revivatui.widgets",
    "revivatui.app",
    "revivatui.cli",
    "revivatui.crm.port",
    "revivatui.crm.store",
    "revivatui.crm.wishes",
    "revivatui.crm.opening",
    "revivatui.crm.repairshopr",
    "revivatui.crm_access",
    "revivatui.bridge_access",
    "revivatui.copilot_access",
    "textual",
    "sqlalchemy",
    "websockets",
    "smtplib",
    "ftplib",
    "subprocess",
    "webbrowser",
    "multiprocessing",
    "ctypes",
    "xmlrpc",
    "telnetlib",
)
BY_STRING: Final = re.compile(
    r"\b(?:importlib|__import__|import_module|exec|eval|compile|runpy|pkgutil|find_spec|spawn\w*"
    r"|create_subprocess_\w+|popen|entry_points)\b"
)
NETWORK: Final = ("httpx", "socket", "ssl", "http.client", "urllib.request")
MAY_ASK: Final = ("revivatui.copilot.model.wire",)
"""The one module that opens a connection."""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES: Final = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(module: str) -> Iterator[str]:
    """All that a module imports, at its top or later; for the type checker alone does not count."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for node in _run(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = (
                    module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
                )
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield base
            yield from (
                f"{base}.{one.name}" for one in node.names if f"{base}.{one.name}" in MODULES
            )


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for other in node.orelse:
                yield from _run(other)
            continue
        yield node
        yield from _run(node)


def reached_from(start: str) -> dict[str, str]:
    """Every module that importing this one may come to, and by which other one."""
    reached = {start: ""}
    waiting = [start]
    while waiting:
        module = waiting.pop()
        found = list(imports_of(module)) if module in MODULES else []
        packages = [one.rpartition(".")[0] for one in found if "." in one]
        for one in (*found, *packages):
            if one and one not in reached:
                reached[one] = module
                waiting.append(one)
    return reached


def is_in(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


OURS: Final = [one for one in MODULES if is_in(one, (COPILOT,))]


@pytest.mark.parametrize("module", OURS)
def test_no_module_of_the_copilot_comes_to_a_sender(module: str) -> None:
    reached = reached_from(module)
    found = {one: by for one, by in reached.items() if is_in(one, SENDERS)}
    assert found == {}


def test_the_walk_finds_senders_where_there_are_some() -> None:
    assert is_in("revivatui.engine.engine", SENDERS)
    assert any(is_in(one, SENDERS) for one in reached_from("revivatui.screens.crm_desk"))
    assert "revivatui.copilot.facts" in reached_from("revivatui.copilot.grounding")
    assert len(OURS) > 20


def test_the_copilot_imports_nothing_by_a_name_in_a_text() -> None:
    found = []
    for module in OURS:
        for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
            name = getattr(node, "id", "") if isinstance(node, ast.Name) else ""
            name = node.attr if isinstance(node, ast.Attribute) else name
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            is_pattern = isinstance(node, ast.Attribute) and _is_re(node)
            found += [
                f"{module}:{getattr(node, 'lineno', 0)} {one}"
                for one in (name, *names)
                if BY_STRING.fullmatch(one) and not is_pattern
            ]
    assert found == []


def _is_re(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "re" and node.attr == "compile"


def test_one_module_of_the_copilot_opens_connections() -> None:
    found = {
        module
        for module in OURS
        for one in imports_of(module)
        if is_in(one, NETWORK) and module not in MAY_ASK
    }
    assert found == set()


def test_no_sender_is_loaded_when_the_copilot_is() -> None:
    import subprocess

    load = "\n".join(["import sys", *(f"import {one}" for one in OURS), "print(*sys.modules)"])
    done = subprocess.run(
        [sys.executable, "-c", load],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=120,
    )
    loaded = [one for one in done.stdout.split() if is_in(one, SENDERS)]
    assert [one for one in loaded if one.startswith("revivatui") or one == "textual"] == []
