"""The command line: flags in both places, and one plain line for what cannot be."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from revivatui import cli, cli_options, config
from revivatui.shop import main as shop
from tools.terminal import Terminal

PLACES = [
    ("demo", ["--theme", "nordic-dark"], "theme", "nordic-dark"),
    ("demo", ["--ascii"], "ascii_only", True),
    ("demo", ["--no-color"], "no_color", True),
    ("doctor", ["--theme", "nordic-dark"], "theme", "nordic-dark"),
    ("doctor", ["--ascii"], "ascii_only", True),
    ("doctor", ["--no-color"], "no_color", True),
    ("doctor", ["--profile", "nope"], "profile", "nope"),
    ("doctor", ["--url", "desk.example.com"], "url", "desk.example.com"),
    ("bridge", ["--profile", "nope"], "profile", "nope"),
    ("bridge", ["--url", "desk.example.com"], "url", "desk.example.com"),
    ("hours", ["--profile", "nope"], "profile", "nope"),
    ("hours", ["--url", "desk.example.com"], "url", "desk.example.com"),
    ("copilot", ["--profile", "nope"], "profile", "nope"),
    ("copilot", ["--url", "desk.example.com"], "url", "desk.example.com"),
    ("report daily", ["--profile", "nope"], "profile", "nope"),
    ("report daily", ["--url", "desk.example.com"], "url", "desk.example.com"),
    ("login", ["--profile", "nope"], "profile", "nope"),
    ("login", ["--url", "desk.example.com"], "url", "desk.example.com"),
    ("wallboard", ["--theme", "nordic-dark"], "theme", "nordic-dark"),
    ("wallboard", ["--ascii"], "ascii_only", True),
    ("wallboard", ["--no-color"], "no_color", True),
    ("wallboard", ["--profile", "nope"], "profile", "nope"),
    ("wallboard", ["--url", "desk.example.com"], "url", "desk.example.com"),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and nothing of ours in the environment."""
    for name in [name for name in os.environ if name.startswith("REVIVATUI_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("REVIVATUI_CONFIG", str(tmp_path / "revivatui.toml"))
    return tmp_path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "revivatui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def is_one_plain_line(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith(".\n") and "Traceback" not in text


@pytest.mark.parametrize(("command", "flag", "name", "value"), PLACES)
def test_a_flag_means_the_same_before_and_behind_its_command(
    command: str, flag: list[str], name: str, value: object
) -> None:
    before = cli_options.parser().parse_args([*flag, *command.split()])
    behind = cli_options.parser().parse_args([*command.split(), *flag])
    assert vars(before) == vars(behind)
    assert getattr(before, name) == value


def test_every_flag_of_every_command_is_among_those_tried() -> None:
    taken = {(command, name) for command, names in cli_options.TAKES.items() for name in names}
    assert taken == {(command.split()[0], name) for command, _, name, _ in PLACES}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--profile", "nope", "demo"],
        ["--url", "desk.example.com", "demo"],
        ["--ascii", "keys"],
        ["--no-color", "shop", "--port", "0"],
        ["--theme", "nordic", "login"],
    ],
)
def test_a_flag_that_means_nothing_to_a_command_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert f"{arguments[0]} means nothing to" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "99999"], "There is no port 99999"),
        (["--port", "-1"], "There is no port -1"),
        (["--control-port", "-5"], "There is no port -5"),
        (["--data", "FILE"], "Nothing can be kept in"),
        (["--data", "/proc/nope"], "Nothing can be kept in /proc/nope"),
        (["--port", "TAKEN"], "is in use"),
    ],
)
def test_a_shop_that_cannot_open_says_why_in_one_line(
    arguments: list[str], says: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "file"
    file.write_text("no folder")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stand_in = {"FILE": str(file), "TAKEN": str(taken.getsockname()[1])}
        status = shop.main([stand_in.get(one, one) for one in arguments])
    said = capsys.readouterr().err
    assert status == 2
    assert says in said
    assert is_one_plain_line(said)


def test_a_shop_does_not_take_a_file_of_something_else_for_its_data(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "shop-4.10.1.sqlite3").write_text("no database " * 100)
    assert shop.main(["--data", str(home)]) == 2
    assert is_one_plain_line(capsys.readouterr().err)


def test_keys_names_an_unknown_command_of_the_settings(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "revivatui.toml").write_text('[keys]\n"conversation.resolv" = "x"\n')
    assert cli.main(["keys"]) == 2
    said = capsys.readouterr().err
    assert "revivatui.toml, [keys]: There is no command 'conversation.resolv'" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["demo"]])
def test_without_a_terminal_the_desk_says_so_and_writes_no_escape_code(
    arguments: list[str],
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr
    assert is_one_plain_line(done.stderr)


def in_terminal(home: Path, *arguments: str, **more: str) -> str:
    """What a command that ends by itself leaves on the screen."""
    argv = [sys.executable, "-m", "revivatui", *arguments]
    with Terminal(argv, 120, 30, {**os.environ, **more}) as terminal:
        assert terminal.wait_exit(20) == 2
        return terminal.text()


def test_a_dumb_terminal_is_told_apart(home: Path) -> None:
    assert "TERM is 'dumb'" in in_terminal(home, "--ascii", TERM="dumb")


def test_a_demo_that_cannot_keep_its_data_says_where(home: Path) -> None:
    said = in_terminal(home, "demo", "--data", "/proc/nope")
    assert "/proc/nope" in said
    assert "cannot be made" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("variable", [None, config.URL_VARIABLE])
def test_an_address_that_is_none_is_told_before_anything_opens(
    variable: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "Qm7" * 8
    if variable:
        monkeypatch.setenv(variable, token)
    assert cli.main([] if variable else ["--url", token]) == 2
    said = capsys.readouterr().err
    assert f"{variable or '--url'}: This looks like an access token" in said
    assert token not in said


def test_doctor_says_that_a_profile_is_new(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.save_profile(home / "revivatui.toml", "shop", "https://desk.example.com", 1)
    assert cli.main(["--profile", "nope", "doctor"]) == 1
    assert "Profile 'nope' is new: signing in makes it. There are: shop" in capsys.readouterr().out
