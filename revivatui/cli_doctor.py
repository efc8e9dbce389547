"""`revivatui doctor`: what was found, so that one knows why something is not there."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from importlib.metadata import version

from revivatui import __version__, cli, config, credentials, signing_in
from revivatui.kept import place_of
from revivatui.paths import Paths


def doctor(options: argparse.Namespace) -> int:
    """Print the findings. Returns 0 when the desk could be opened, else 1."""
    paths = Paths.default()
    _say("revivatui", f"{__version__}, textual {version('textual')}, "
         f"Python {platform.python_version()}, {platform.system()}")  # fmt: skip
    _terminal()
    _say("settings", f"{paths.config_file}{'' if paths.config_file.exists() else ' (not there)'}")
    _say("data", str(paths.data))
    _say("log", str(paths.log_file))
    _say("keyring", credentials.keyring_state())
    if paths.credentials_file.exists():
        mode = paths.credentials_file.stat().st_mode & 0o777
        _say("credentials", f"{paths.credentials_file}, mode {mode:o}")
    _say("likeness", _likeness(paths))
    try:
        settings = cli.load_settings(options, paths)
    except config.ConfigError as error:
        _say("problem", str(error))
        return 1
    _kept(settings, paths)
    return _server(settings, paths)


def _likeness(paths: Paths) -> str:
    from revivatui.copilot.retrieval.minilm_file import state

    return state(paths.minilm_file)


def _say(name: str, found: str) -> None:
    print(f"{name:<12} {found}")


def _terminal() -> None:
    ssh = " over SSH" if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY") else ""
    inside = " inside tmux" if os.environ.get("TMUX") else ""
    if os.environ.get("TERM") in cli.DUMB:
        _say("terminal", f"{os.environ['TERM']}: the desk needs one that can place its text")
    elif sys.stdout.isatty():
        size = os.get_terminal_size()
        _say("terminal", f"{os.environ.get('TERM', 'unknown')}, "
             f"{size.columns}x{size.lines}{ssh}{inside}")  # fmt: skip
    else:
        _say("terminal", "none: the desk needs one")
    colours = (
        "16 million"
        if os.environ.get("COLORTERM") in ("truecolor", "24bit")
        else ("256" if "256" in os.environ.get("TERM", "") else "few")
    )
    if os.environ.get("NO_COLOR"):
        colours = "none (NO_COLOR is set)"
    _say("colours", colours)
    if os.environ.get("TMUX"):
        _say("clipboard", "copying needs `set -g set-clipboard on` in tmux")
    encoding = (sys.stdout.encoding or "").lower()
    if "utf" not in encoding:
        _say("glyphs", f"the encoding is {encoding or 'unknown'}: use --ascii")


def _kept(settings: config.Settings, paths: Paths) -> None:
    """Everything that was read is kept, to be read and searched with no network."""
    from revivatui.cache.sizes import kept
    from revivatui.text.when import size

    current = settings.current
    if current is None:
        return
    first = paths.cache_file(settings.profile, current.account_id, place_of(current))
    for file in sorted(first.parent.glob(f"{first.stem}*{first.suffix}")):  # one of each agent
        if (found := kept(file)) is not None:
            _say("kept", f"{found.messages:,} messages of {found.threads:,} conversations, "
                 f"{size(found.size)} ({file})")  # fmt: skip


def _server(settings: config.Settings, paths: Paths) -> int:
    from revivatui.engine import sign_in

    if signing_in.is_new(settings):
        _say("profile", signing_in.new_profile_words(settings))
    current = settings.current
    if current is None:
        named = "" if settings.profile == "default" else f" --profile {settings.profile}"
        _say("server", f"none yet: revivatui login{named}")
        return 1
    try:
        token = credentials.load_token(settings.profile, current.url, paths.credentials_file)
    except credentials.CredentialsError as error:
        _say("problem", str(error))
        return 1
    if not token:
        _say("server", f"{current.url}: no token kept: revivatui login")
        return 1
    outcome = asyncio.run(
        sign_in.sign_in_with_token(current.url, token, current.account_id or None)
    )
    if outcome.profile is None:
        _say("server", f"{current.url}: {outcome.error}")
        return 1
    _say("server", f"{current.url}: Chatwoot {outcome.version}, signed in")
    return 0
