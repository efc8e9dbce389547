"""`revivatui login`: every flag, what is asked, what is refused, and where it is all kept."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from revivatui import cli, config, credentials
from revivatui.paths import Paths
from tests.support.shops import Stage, Template, running_shop

ACCOUNT_TWO = "Reviva Lisboa"


@pytest.fixture
def version() -> str:
    """Signing in from a shell is the same for both."""
    return "4.10.1"


@pytest.fixture
def shop(version: str, shop_template: Callable[[str], Template], tmp_path: Path) -> Iterator[Stage]:
    """A shop on a loop of its own, as `login` brings its own too."""
    import asyncio

    ready, done = threading.Event(), threading.Event()
    stages: list[Stage] = []

    async def serve() -> None:
        async with running_shop(shop_template(version), tmp_path / "shop") as stage:
            _open_second_account(stage)
            stages.append(stage)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    yield stages[0]
    done.set()
    thread.join(30)


def _open_second_account(stage: Stage) -> None:
    from revivatui.shop.world import add_member, open_account

    second = open_account(stage.shop, ACCOUNT_TWO)
    assert second == 2
    add_member(stage.shop, stage.agent["id"], "agent", account_id=second)


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
    for name in (config.URL_VARIABLE, credentials.TOKEN_VARIABLE, "REVIVATUI_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)
    return Paths.default()


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def typed(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return typed


def saved(paths: Paths, profile: str | None = None) -> config.ProfileSettings | None:
    return config.load(paths.config_file, {}, profile=profile).current


def test_a_token_is_kept_in_a_file_of_the_owner_that_says_why_and_is_never_printed(
    shop: Stage, paths: Paths, type_in: Callable[..., None], capsys: Any
) -> None:
    type_in(shop.agent["token"])
    assert cli.main(["login", "--url", shop.url]) == 0
    said = "".join(capsys.readouterr())
    assert shop.agent["token"] not in said
    assert f"{paths.credentials_file} (this machine has no keyring)" in said
    assert paths.credentials_file.stat().st_mode & 0o777 == 0o600
    assert "no keyring" in json.loads(paths.credentials_file.read_text())["why"]
    assert saved(paths) == config.ProfileSettings(shop.url, 1)


def test_every_flag_counts_on_either_side(
    shop: Stage, paths: Paths, type_in: Callable[..., None], capsys: Any
) -> None:
    type_in(shop.agent["password"])
    flags = ["--email", shop.agent["email"], "--account", "2", "--url", shop.url]
    assert cli.main(["--profile", "lisboa", "login", *flags]) == 0
    said = capsys.readouterr().out
    assert "account 2, profile 'lisboa'" in said
    assert f"1 Reviva Repairs, 2 {ACCOUNT_TWO}" in said
    assert saved(paths, "lisboa") == config.ProfileSettings(shop.url, 2)


def test_an_account_one_is_not_in_is_refused_with_those_there_are(
    shop: Stage, paths: Paths, type_in: Callable[..., None], capsys: Any
) -> None:
    type_in(shop.agent["token"])
    assert cli.main(["login", "--url", shop.url, "--account", "9"]) == 1
    said = capsys.readouterr().err
    assert "is not in account 9 of this server" in said
    assert f"1 Reviva Repairs, 2 {ACCOUNT_TWO}" in said
    assert saved(paths) is None


def test_a_wrong_token_changes_nothing(
    shop: Stage, paths: Paths, type_in: Callable[..., None], capsys: Any
) -> None:
    type_in(shop.agent["token"])
    assert cli.main(["login", "--url", shop.url]) == 0
    type_in("wrong")
    assert cli.main(["login"]) == 1
    assert "does not accept this token. Nothing was changed." in capsys.readouterr().err
    assert (
        credentials.load_token("default", shop.url, paths.credentials_file) == (shop.agent["token"])
    )


def test_nothing_typed_signs_nobody_in(
    shop: Stage, type_in: Callable[..., None], capsys: Any
) -> None:
    type_in()
    assert cli.main(["login", "--url", shop.url]) == 130
    assert "Not signed in" in capsys.readouterr().err
    assert shop.asked() == []


def test_a_token_typed_as_the_address_is_sent_nowhere_and_not_repeated(
    type_in: Callable[..., None], capsys: Any
) -> None:
    token = "Qm7" * 8
    type_in(token)
    assert cli.main(["login"]) == 2
    said = "".join(capsys.readouterr())
    assert "looks like an access token" in said
    assert token not in said


def test_a_variable_does_not_lead_a_saved_profile_elsewhere(
    shop: Stage, paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    config.save_profile(paths.config_file, "default", "https://desk.example.com", 1)
    monkeypatch.setenv(config.URL_VARIABLE, shop.url)
    assert cli.main(["login"]) == 2
    assert "Say with --url which one" in capsys.readouterr().err
    assert saved(paths) == config.ProfileSettings("https://desk.example.com", 1)


def test_leading_a_profile_elsewhere_says_so_and_takes_no_kept_file_along(
    shop: Stage, paths: Paths, type_in: Callable[..., None], capsys: Any
) -> None:
    from revivatui.cache.store import Cache

    config.save_profile(paths.config_file, "default", "https://desk.example.com", 1)
    Cache.open(paths.old_cache_file("default", 1)).close()
    type_in(shop.agent["token"])
    assert cli.main(["login", "--url", shop.url]) == 0
    assert "opened https://desk.example.com until now" in capsys.readouterr().out
    first = paths.cache_file("default", 1, config.server_key("https://desk.example.com"))
    assert first.exists()
    assert not paths.old_cache_file("default", 1).exists()
    assert not paths.cache_file("default", 1, config.server_key(shop.url)).exists()
