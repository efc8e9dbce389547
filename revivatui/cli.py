"""The command line. Sets what Textual reads at import before anything imports it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from revivatui import config
from revivatui.paths import Paths

if TYPE_CHECKING:
    import argparse

    from revivatui.app import DeskApp
    from revivatui.commands import Keys

FRAMES, SSH_FRAMES = 120, 20
"""Most paints a second, here and over SSH. A key struck just behind a paint waits for up to two
steps of Textual's timer: at 60 that is 33 ms. What comes by itself is paced by the store."""


DUMB: Final = ("dumb", "unknown")
"""What TERM says of terminals that cannot move the cursor."""

NOT_GIVEN: Final[dict[str, Any]] = {
    "theme": None, "ascii_only": None, "no_color": False, "profile": None, "url": None,
}  # fmt: skip
"""The desk's flags where the command line says nothing of them."""

LOG_SIZE = 1_000_000
"""Bytes after which the log is begun anew at a start; one older log is kept."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["shop"]:
        return _shop(arguments[1:])
    try:
        return _run(_options_of(arguments))
    except config.ConfigError as error:
        print(f"revivatui: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `revivatui keys | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; nobody who only opens the desk waits for the parser."""
    if not arguments:
        return cast("argparse.Namespace", SimpleNamespace(command=None, **NOT_GIVEN))
    from revivatui.cli_options import parse

    return parse(arguments)


def _shop(arguments: Sequence[str]) -> int:
    from revivatui.shop.main import main as shop

    return shop(arguments)


def _run(options: argparse.Namespace) -> int:
    if options.command == "shop":
        return _shop(options.rest)
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
    if options.command == "hours":
        from revivatui.cli_hours import hours

        return hours(options)
    if options.command == "copilot":
        from revivatui.cli_copilot import copilot

        return copilot(options)
    if options.command == "bridge":
        from revivatui.cli_bridge import bridge

        return bridge(options)
    if options.command == "report":
        from revivatui.cli_report import report

        return report(options)
    if options.command == "demo":
        from revivatui.cli_demo import demo

        return demo(options)
    if options.command == "wallboard":
        return desk(options, hung_up)
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
    frames = settings.frames_per_second or (SSH_FRAMES if ssh else FRAMES)
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


def hung_up(app: DeskApp) -> None:
    """Begin with the wallboard; escape goes to the inbox under it."""

    def show() -> None:
        from revivatui.screens.wall import WallScreen

        if app.session is not None:
            app.push_screen(WallScreen(app.session))

    app.whole = show


def desk(options: argparse.Namespace, made: Callable[[DeskApp], object] = lambda app: None) -> int:
    """Open the desk of a profile; `made` as in `run_desk`."""
    paths = Paths.default()
    settings = load_settings(options, paths)
    need_terminal()
    prepare_terminal(settings, no_color=options.no_color)
    make_folders(paths)
    return run_desk(settings, paths, lambda: _token_of(settings, paths), made=made)


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
    made: Callable[[DeskApp], object] = lambda app: None,
) -> int:
    """Run the full-screen program until it ends; `token_of` and `throwaway` as in `DeskApp`.

    `made` is given the desk before it runs.
    """
    _keys(settings, paths)
    _log_to(paths.log_file)
    gc.disable()  # a start makes and keeps; the desk turns it on behind the first frame
    from revivatui.app import DeskApp

    app = DeskApp(settings, paths, token_of, throwaway=throwaway)
    made(app)
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
