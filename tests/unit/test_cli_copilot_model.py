"""`revivatui copilot key`, `models`, `check`: what they say, keep and send."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from revivatui import cli, credentials
from revivatui.copilot_access import KEPT_AS, KEY
from revivatui.paths import Paths
from tests.support.model_server import ModelServer, refuse

SECRET = "sk-typed-by-hand-123456"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A server of models on a loop of its own, as each command brings its own too."""
    ready, done = threading.Event(), threading.Event()
    running: list[ModelServer] = []

    async def serve() -> None:
        async with ModelServer() as one:
            running.append(one)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    yield running[0]
    done.set()
    thread.join(30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Folders of the test's own, without a keyring and without variables of the machine."""
    paths = Paths.under(tmp_path)
    monkeypatch.setattr(Paths, "default", classmethod(lambda cls: paths))
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.delenv("REVIVATUI_COPILOT_URL", raising=False)

    def none(*_: object) -> None:
        raise keyring.errors.NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, none)
    return paths


@pytest.fixture
def named(home: Paths, server: ModelServer) -> Paths:
    """Settings that name the server."""
    home.config_file.write_text(
        f'[copilot]\nmodel_url = "{server.url}"\nmodel = "small-model"\n', encoding="utf-8"
    )
    return home


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))


def test_a_key_is_kept_apart_and_never_printed(
    named: Paths,
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed(monkeypatch, SECRET)
    assert cli.main(["copilot", "key"]) == 0
    out = capsys.readouterr()
    assert SECRET not in out.out + out.err
    assert credentials.load_secret(KEPT_AS, server.url, named.credentials_file) == SECRET
    assert named.credentials_file.stat().st_mode & 0o077 == 0
    assert SECRET not in named.config_file.read_text(encoding="utf-8")
    assert server.asked == []
    assert cli.main(["copilot", "check"]) == 0
    assert SECRET not in capsys.readouterr().out
    assert server.chats[0].headers["authorization"] == f"Bearer {SECRET}"
    assert cli.main(["copilot", "key", "--forget"]) == 0
    assert credentials.load_secret(KEPT_AS, server.url, named.credentials_file) is None


def test_nothing_typed_changes_nothing(
    named: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "")
    assert cli.main(["copilot", "key"]) == 130
    assert "Nothing was changed" in capsys.readouterr().err
    assert not named.credentials_file.exists()


@pytest.mark.usefixtures("named")
def test_the_models_are_listed_and_the_one_of_the_settings_marked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["copilot", "models"]) == 0
    assert capsys.readouterr().out == "big-model\nsmall-model  (in the settings)\n"


@pytest.mark.usefixtures("named")
def test_check_shows_the_very_request_and_its_answer(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "check"]) == 0
    out = capsys.readouterr().out
    assert "stays on this machine" in out
    assert server.chats[0].body.decode() in out
    assert "Answer:  Your computer are ready." in out


@pytest.mark.usefixtures("named")
def test_what_the_server_refuses_is_one_plain_line(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.play(refuse(401, "no key"))
    assert cli.main(["copilot", "check"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("revivatui copilot: ")
    assert "copilot key" in error
    assert error.count("\n") == 1


@pytest.mark.usefixtures("home")
def test_with_no_model_in_the_settings_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("key", "models", "check"):
        assert cli.main(["copilot", part]) == 2
        assert "model_url" in capsys.readouterr().err
