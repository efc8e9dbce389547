"""The command line. Sets what Textual reads at import before anything imports it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from revivatui import __version__, config
from revivatui.paths import Paths

SSH_FRAMES = 20
"""Most paints a second over SSH."""


LOG_SIZE = 1_000_000
"""Bytes after which the log is begun anew at a start; one older log is kept."""


def parser() -> argparse.ArgumentParser:
    """Every command and flag."""
    options = argparse.ArgumentParser(
        prog="revivatui", description="The terminal desk of a repair shop on Chatwoot."
    )
    options.add_argument("--version", action="version", version=f"revivatui {__version__}")
    _add_desk_flags(options)
    commands = options.add_subparsers(dest="command", metavar="COMMAND")

    demo = commands.add_parser("demo", help="open the desk on the embedded shop")
    _add_look_flags(demo)
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
    login.add_argument("--profile")
    login.add_argument("--url", help="address of the Chatwoot")
    login.add_argument("--email", help="sign in with e-mail and password instead of a token")
    login.add_argument("--account", type=int, help="the account's number, where there are several")

    doctor = commands.add_parser("doctor", help="what this terminal, machine and server can do")
    _add_desk_flags(doctor)

    keys = commands.add_parser("keys", help="every command with its keys")
    keys.add_argument("--markdown", action="store_true", help="as docs/keys.md")
    return options


def _add_look_flags(options: argparse.ArgumentParser) -> None:
    options.add_argument("--theme", choices=config.THEME_NAMES)
    options.add_argument("--ascii", action="store_true", default=None, dest="ascii_only")
    options.add_argument("--no-color", action="store_true", help="no colours (also NO_COLOR=1)")


def _add_desk_flags(options: argparse.ArgumentParser) -> None:
    _add_look_flags(options)
    options.add_argument("--profile", help="the profile to open")
    options.add_argument("--url", help="address of the Chatwoot, for this start only")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["shop"]:
        from revivatui.shop.main import main as shop

        return shop(arguments[1:])
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except config.ConfigError as error:
        print(f"revivatui: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    if options.command == "keys":
        from revivatui import commands

        keys = commands.Keys(config.load(Paths.default().config_file).keys)
        text = commands.keys_document() if options.markdown else commands.keys_table(keys)
        print(text, end="")
        return 0
    if options.command == "login":
        from revivatui.cli_login import login

        return login(options)
    if options.command == "doctor":
        from revivatui.cli_doctor import doctor

        return doctor(options)
    if options.command == "demo":
        from revivatui.cli_demo import demo

        return demo(options)
    return desk(options)


def load_settings(options: argparse.Namespace, paths: Paths) -> config.Settings:
    """Settings of a command with desk flags. Raises `ConfigError`."""
    settings = config.load(
        paths.config_file,
        profile=getattr(options, "profile", None),
        theme=options.theme,
        ascii_only=options.ascii_only,
    )
    url = getattr(options, "url", None)
    if url:
        account = settings.current.account_id if settings.current else 0
        settings = config.with_profile(settings, url, account)
    return settings


def prepare_terminal(settings: config.Settings, *, no_color: bool) -> None:
    """What Textual reads from the environment when it is imported; the user's own wins."""
    ssh = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
    frames = settings.frames_per_second or (SSH_FRAMES if ssh else 60)
    os.environ.setdefault("TEXTUAL_FPS", str(frames))
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "full" if settings.animations else "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    if no_color:
        os.environ["NO_COLOR"] = "1"


def desk(options: argparse.Namespace) -> int:
    """Open the desk of a profile."""
    paths = Paths.default()
    settings = load_settings(options, paths)
    prepare_terminal(settings, no_color=options.no_color)
    paths.make()
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
    from revivatui.commands import Keys, KeysError

    try:
        Keys(settings.keys)
    except KeysError as error:
        raise config.ConfigError(f"{paths.config_file}, [keys]: {error}") from None
    _log_to(paths.log_file)
    gc.disable()  # a start makes and keeps; the desk turns it on behind the first frame
    from revivatui.app import DeskApp

    app = DeskApp(settings, paths, token_of, throwaway=throwaway)
    app.run()
    for words in app.parting_words:
        print(words)
    return app.return_code or 0


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
