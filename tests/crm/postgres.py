"""A PostgreSQL for the tests: the one that is named, or a private one made of what is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

NAMED = "REVIVATUI_TEST_POSTGRES"
"""Names the environment variable with the URL of a server where databases may be made."""

_NUMBERS = count(1)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server; the test is skipped, saying why, where there is none."""
    named = os.environ.get(NAMED)
    if named:
        yield named
        return
    binaries = _binaries()
    if binaries is None:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: none is installed and {NAMED} names none.")
    with _private(binaries) as url:
        yield url


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def _private(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="crm-pg-"))
    # A server refuses to be root's.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-s", "-w"]
    make = [*as_user, str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "desk"]
    try:
        _run([*make, "-E", "UTF8", "--locale=C.UTF-8"], folder)
        _run([*control, "-o", options, "-l", str(folder / "log"), "start"], folder)
        try:
            yield f"postgresql://desk@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)


@contextmanager
def database(server_url: str, template: str = "") -> Iterator[str]:
    """The URL of a database of its own, empty or a copy of another one."""
    name = f"crm_test_{os.getpid()}_{next(_NUMBERS)}"
    copied = f' TEMPLATE "{template}"' if template else ""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
        try:
            yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
