"""The CRM costs nothing until it is wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"sqlalchemy", "aiosqlite", "psycopg", "alembic", "greenlet", "sqlite3"}


def loaded_by(module: str) -> set[str]:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "revivatui.crm.port",
        "revivatui.crm.vendor_words",
        "revivatui.crm.passcodes",
        "revivatui.crm.quoting",
        "revivatui.crm.devices",
    ],
)
def test_the_port_and_its_records_need_no_database(module: str) -> None:
    assert loaded_by(module) & HEAVY == set()


def test_the_port_brings_nothing_but_python_and_what_the_desk_has_anyway() -> None:
    tops = {one.partition(".")[0] for one in loaded_by("revivatui.crm.port")}
    others = {one for one in tops - sys.stdlib_module_names if not one.startswith("_")}
    assert others == {"revivatui"}
    ours = {one for one in loaded_by("revivatui.crm.port") if one.startswith("revivatui.")}
    rooms = {one.split(".")[1] for one in ours}
    assert rooms <= {"crm", "state", "text"}


def test_the_desk_starts_without_the_crm_and_its_libraries() -> None:
    loaded = loaded_by("revivatui.app")
    assert loaded & (HEAVY - {"sqlite3"}) == set()
    assert not any(one.startswith("revivatui.crm.store") for one in loaded)


def test_the_store_needs_neither_alembic_nor_the_other_database() -> None:
    loaded = loaded_by("revivatui.crm.store")
    assert "sqlalchemy" in loaded
    assert loaded & {"alembic", "psycopg", "aiosqlite"} == set()


def test_the_store_answers_to_the_port() -> None:
    from revivatui.crm.port import CrmPort
    from revivatui.crm.store import Store

    def as_port(store: Store) -> CrmPort:
        return store

    promised = {name for name in vars(CrmPort) if not name.startswith("_")}
    assert {name for name in promised if not hasattr(Store, name)} == set()
    assert callable(as_port)
