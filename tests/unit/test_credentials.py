"""Tokens: in a keyring, or in a file that only their owner can read and that says why."""

from __future__ import annotations

import json
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from revivatui import credentials

URL = "https://desk.example.com"
TOKEN = "tKn-5f2c"


class Drawer(KeyringBackend):
    """A keyring that holds what it is given."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.held.pop((service, username), None)


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    monkeypatch.delenv(credentials.TOKEN_VARIABLE, raising=False)
    drawer = Drawer()
    monkeypatch.setattr(keyring, "get_password", drawer.get_password)
    monkeypatch.setattr(keyring, "set_password", drawer.set_password)
    monkeypatch.setattr(keyring, "delete_password", drawer.delete_password)
    return drawer


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_given: str) -> str:
        raise keyring.errors.NoKeyringError(TOKEN)

    monkeypatch.delenv(credentials.TOKEN_VARIABLE, raising=False)
    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, none)


def test_a_token_goes_into_the_keyring_and_into_no_file(drawer: Drawer, tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    assert credentials.save_token("shop", URL, TOKEN, file).place == "keyring"
    assert credentials.load_token("shop", URL, file) == TOKEN
    assert not file.exists()


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_the_file_is_the_owners_alone_and_says_why(tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    kept = credentials.save_token("shop", URL, TOKEN, file)
    assert kept.place == str(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "no keyring" in json.loads(file.read_text(encoding="utf-8"))["why"]
    assert credentials.load_token("shop", URL, file) == TOKEN
    assert credentials.load_token("shop", "https://other.example.com", file) is None
    credentials.forget_token("shop", URL, file)
    assert not file.exists()


@pytest.mark.usefixtures("no_keyring")
def test_no_error_and_no_reason_holds_the_token(tmp_path: Path) -> None:
    kept = credentials.save_token("shop", URL, TOKEN, tmp_path / "credentials.json")
    assert TOKEN not in repr(kept)
    blocked = tmp_path / "credentials.json" / "below"
    with pytest.raises(credentials.CredentialsError) as caught:
        credentials.save_token("shop", URL, TOKEN, blocked)
    assert TOKEN not in str(caught.value)


def test_the_variable_goes_over_both(
    drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(credentials.TOKEN_VARIABLE, "from-the-environment")
    found = credentials.load_token("shop", URL, tmp_path / "credentials.json")
    assert found == "from-the-environment"
