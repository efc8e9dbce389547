"""`revivatui login --crm`: the token is checked by the vendor, kept apart, and never printed."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from revivatui import cli, config, credentials
from revivatui.crm.repairshopr.address import base_url
from revivatui.crm_access import KEPT_AS, TOKEN
from revivatui.paths import Paths
from tests.crm.repairshopr.stand_in import TOKEN as GOOD_TOKEN
from tests.crm.repairshopr.stand_in import StandIn


@pytest.fixture
def vendor() -> Iterator[StandIn]:
    """A vendor on a loop of its own, as `login` brings its own too."""
    ready, done = threading.Event(), threading.Event()
    running: list[StandIn] = []

    async def serve() -> None:
        async with StandIn() as one:
            running.append(one)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    yield running[0]
    done.set()
    thread.join(30)


@pytest.fixture(autouse=True)
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home without a keyring."""

    def none(*_given: str) -> str:
        raise keyring.errors.NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, none)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("REVIVATUI_CONFIG", str(tmp_path / "home" / "revivatui.toml"))
    monkeypatch.delenv(TOKEN, raising=False)
    monkeypatch.delenv("REVIVATUI_CRM", raising=False)
    return Paths.default()


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return typed


def kept(vendor: StandIn, paths: Paths) -> str | None:
    return credentials.load_secret(KEPT_AS, base_url(vendor.url), paths.credentials_file)


def test_a_good_token_is_kept_for_its_address_which_goes_into_the_settings(
    vendor: StandIn, paths: Paths, type_in: Callable[[str], None], capsys: Any
) -> None:
    type_in(f"{GOOD_TOKEN}\n")
    assert cli.main(["login", "--crm", "--url", vendor.url]) == 0
    assert kept(vendor, paths) == GOOD_TOKEN
    assert config.load(paths.config_file, {}).crm_url == vendor.url
    said = capsys.readouterr()
    assert "answers as" in said.out
    assert GOOD_TOKEN not in said.out + said.err
    assert GOOD_TOKEN not in paths.config_file.read_text()
    assert paths.credentials_file.stat().st_mode & 0o777 == 0o600


def test_a_token_that_the_vendor_refuses_is_not_kept_and_changes_nothing(
    vendor: StandIn, paths: Paths, type_in: Callable[[str], None], capsys: Any
) -> None:
    type_in("not-the-token\n")
    assert cli.main(["login", "--crm", "--url", vendor.url]) == 1
    assert kept(vendor, paths) is None
    assert not paths.config_file.exists()
    said = capsys.readouterr().err
    assert said.startswith("Not kept. ")
    assert said.count("\n") == 1
    assert "not-the-token" not in said


def test_without_a_vendor_in_the_settings_it_says_how_to_name_one(capsys: Any) -> None:
    assert cli.main(["login", "--crm"]) == 2
    assert "--url https://myshop.repairshopr.com" in capsys.readouterr().err


def test_what_is_typed_for_somebody_elses_address_goes_nowhere(
    type_in: Callable[[str], None], capsys: Any
) -> None:
    type_in(f"{GOOD_TOKEN}\n")
    assert cli.main(["login", "--crm", "--url", "https://crm.example.org"]) == 1
    assert "is no RepairShopr" in capsys.readouterr().err


def test_flags_that_mean_nothing_to_it_are_refused(capsys: Any) -> None:
    assert cli.main(["login", "--crm", "--account", "3"]) == 2
    assert "--account means nothing" in capsys.readouterr().err


def test_nothing_typed_changes_nothing(
    vendor: StandIn, paths: Paths, type_in: Callable[[str], None], capsys: Any
) -> None:
    type_in("")
    assert cli.main(["login", "--crm", "--url", vendor.url]) == 130
    assert kept(vendor, paths) is None
