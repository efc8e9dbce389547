"""The command line. Sets what Textual reads at import before anything imports it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from argparse import SUPPRESS
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from revivatui import __version__, config
from revivatui.paths import Paths

if TYPE_CHECKING:
    from revivatui.commands import Keys

SSH_FRAMES = 20
"""Most paints a second over SSH."""


DUMB: Final = ("dumb", "unknown")
"""What TERM says of terminals that cannot move the cursor."""

LOG_SIZE = 1_000_000
"""Bytes after which the log is begun anew at a start; one older log is kept."""


def parser() -> argparse.ArgumentParser:
    """Every command and flag."""
    options = argparse.ArgumentParser(
        prog="revivatui", description="The terminal desk of a repair shop on Chatwoot."
    )
    options.add_argument("--version", action="version", version=f"revivatui {__version__}")
    options.set_defaults(**NOT_GIVEN)
    _add_flags(options, NOT_GIVEN)
    commands = options.add_subparsers(dest="command", metavar="COMMAND")

    demo = commands.add_parser("demo", help="open the desk on the embedded shop")
    _add_flags(demo, TAKES["demo"])
    demo.add_argument("--chatwoot", choices=("3.9.0", "4.10.1"), default="4.10.1")
    demo.add_argument("--size", choices=("demo", "large"), default="demo")
    demo.add_argument(
        "--people", choices=("none", "calm", "lively", "busy"), default="lively",
        help="how much the simulated customers write",
    )  # fmt: skip
    demo.add_argument(
        "--pace", choices=("none", "real"), default="none", help="real: as slow as a real server"
    )
    demo.add_argument("--data", type=Path, metavar="DIR", help="keep shop and desk there")

    commands.add_parser("shop", help="run the embedded shop alone", add_help=False)

    login = commands.add_parser("login", help="sign in and remember it")
    login.add_argument("--profile", default=SUPPRESS, help="the profile to keep it in")
    login.add_argument("--url", default=SUPPRESS, help="address of the Chatwoot")
    login.add_argument("--email", help="sign in with e-mail and password instead of a token")
    login.add_argument("--account", type=int, help="the account's number, where there are several")

    doctor = commands.add_parser("doctor", help="what this terminal, machine and server can do")
    _add_flags(doctor, TAKES["doctor"])

    from revivatui import cli_bridge

    cli_bridge.add_commands(commands)

    keys = commands.add_parser("keys", help="every command with its keys")
    keys.add_argument("--markdown", action="store_true", help="as docs/keys.md")
    return options


FLAGS: Final[Mapping[str, dict[str, Any]]] = {
    "theme": {"choices": config.THEME_NAMES},
    "ascii_only": {"action": "store_true", "help": "plain ASCII instead of glyphs"},
    "no_color": {"action": "store_true", "help": "no colours (also NO_COLOR=1)"},
    "profile": {"help": "the profile to open"},
    "url": {"help": "address of the Chatwoot, for this start only"},
}
"""The desk's flags. They stand before or behind a command, and a command that has no use for one
says so (`_refuse_idle`)."""

NOT_GIVEN: Final[Mapping[str, Any]] = {
    "theme": None, "ascii_only": None, "no_color": False, "profile": None, "url": None,
}  # fmt: skip

TAKES: Final[Mapping[str, Collection[str]]] = {
    "demo": ("theme", "ascii_only", "no_color"),
    "doctor": tuple(FLAGS),
    "login": ("profile", "url"),
    "bridge": ("profile", "url"),
    "keys": (),
    "shop": (),
}


def _add_flags(options: argparse.ArgumentParser, names: Collection[str]) -> None:
    for name in names:
        options.add_argument(_flag(name), dest=name, default=SUPPRESS, **FLAGS[name])


def _flag(name: str) -> str:
    return "--ascii" if name == "ascii_only" else f"--{name.replace('_', '-')}"


def _refuse_idle(given: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """No flag is dropped in silence."""
    for name in FLAGS.keys() - set(TAKES.get(options.command, FLAGS)):
        if getattr(options, name) != NOT_GIVEN[name]:
            given.error(f"{_flag(name)} means nothing to `revivatui {options.command}`")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["shop"]:
        return _shop(arguments[1:])
    given = parser()
    options, rest = given.parse_known_args(arguments)
    _refuse_idle(given, options)
    if options.command == "shop":
        return _shop(rest)
    if rest:
        given.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return _run(options)
    except config.ConfigError as error:
        print(f"revivatui: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `revivatui keys | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _shop(arguments: Sequence[str]) -> int:
    from revivatui.shop.main import main as shop

    return shop(arguments)


def _run(options: argparse.Namespace) -> int:
    if options.command == "keys":
        from revivatui import keys_pages

        paths = Paths.default()
        keys = _keys(config.load(paths.config_file), paths)
        text = keys_pages.keys_document() if options.markdown else keys_pages.keys_table(keys)
        print(text, end="")
        return 0
    if options.command == "login":
        from revivatui.cli_login import login

        return login(options)
    if options.command == "doctor":
        from revivatui.cli_doctor import doctor

        return doctor(options)
    if options.command == "bridge":
        from revivatui.cli_bridge import bridge

        return bridge(options)
    if options.command == "demo":
        from revivatui.cli_demo import demo

        return demo(options)
    return desk(options)


def load_settings(options: argparse.Namespace, paths: Paths) -> config.Settings:
    """Settings of a command with desk flags. Raises `ConfigError`."""
    return config.load(
        paths.config_file,
        url=options.url,
        profile=options.profile,
        theme=options.theme,
        ascii_only=options.ascii_only,
    )


def prepare_terminal(settings: config.Settings, *, no_color: bool) -> None:
    """What Textual reads from the environment when it is imported; the user's own wins."""
    ssh = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
    frames = settings.frames_per_second or (SSH_FRAMES if ssh else 60)
    os.environ.setdefault("TEXTUAL_FPS", str(frames))
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "full" if settings.animations else "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    if no_color:
        os.environ["NO_COLOR"] = "1"


def need_terminal() -> None:
    """Raises `ConfigError` where the desk would write its escape codes into a file or a pipe."""
    if os.environ.get("TERM") in DUMB:
        raise config.ConfigError(
            f"The desk needs a terminal that can place its text; TERM is {os.environ['TERM']!r}."
        )
    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output"), (sys.stderr, "error")):
        if stream is None or not stream.isatty():
            raise config.ConfigError(
                f"The desk needs a terminal; its standard {name} is none. "
                "`revivatui doctor` tells what is there."
            )


def make_folders(paths: Paths) -> None:
    """Raises `ConfigError`."""
    try:
        paths.make()
    except OSError as error:
        raise config.ConfigError(
            f"{error.filename} cannot be made: {error.strerror}. Nothing was started."
        ) from None


def desk(options: argparse.Namespace) -> int:
    """Open the desk of a profile."""
    paths = Paths.default()
    settings = load_settings(options, paths)
    need_terminal()
    prepare_terminal(settings, no_color=options.no_color)
    make_folders(paths)
    return run_desk(settings, paths, lambda: _token_of(settings, paths))


def _token_of(settings: config.Settings, paths: Paths) -> tuple[str | None, str]:
    """The current profile's token; else None, and a sentence for the sign-in screen."""
    from revivatui import credentials

    current = settings.current
    assert current is not None
    try:
        token = credentials.load_token(settings.profile, current.url, paths.credentials_file)
    except credentials.CredentialsError as error:
        return None, str(error)
    return token, "" if token else f"There is no token for {current.url} yet."


def run_desk(
    settings: config.Settings,
    paths: Paths,
    token_of: Callable[[], tuple[str | None, str]],
    *,
    throwaway: bool = False,
) -> int:
    """Run the full-screen program until it ends; `token_of` and `throwaway` as in `DeskApp`."""
    _keys(settings, paths)
    _log_to(paths.log_file)
    gc.disable()  # a start makes and keeps; the desk turns it on behind the first frame
    from revivatui.app import DeskApp

    app = DeskApp(settings, paths, token_of, throwaway=throwaway)
    app.run()
    for words in app.parting_words:
        print(words)
    return app.return_code or 0


def _keys(settings: config.Settings, paths: Paths) -> Keys:
    """The keys as remapped. Raises `ConfigError`."""
    from revivatui.commands import Keys, KeysError

    try:
        return Keys(settings.keys)
    except KeysError as error:
        raise config.ConfigError(f"{paths.config_file}, [keys]: {error}") from None


def _log_to(file: Path) -> None:
    """Warnings and worse to a file: nothing may write over the screen."""
    import logging

    try:
        if file.exists() and file.stat().st_size > LOG_SIZE:
            file.replace(file.with_suffix(".old"))
        handler: logging.Handler = logging.FileHandler(file, delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("revivatui")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
