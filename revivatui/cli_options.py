"""What can be written behind `revivatui`: every command and flag."""

from __future__ import annotations

import argparse
from argparse import SUPPRESS
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from revivatui import __version__, cli_bridge, cli_copilot, cli_report, config
from revivatui.cli import NOT_GIVEN


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line. Ends the program (SystemExit) with a sentence where it is wrong.

    `rest` holds what the shop's own parser is to read; it is empty for all other commands.
    """
    given = parser()
    options, rest = given.parse_known_args(arguments)
    _refuse_idle(given, options)
    if rest and options.command != "shop":
        given.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


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
    demo.add_argument(
        "--as", dest="role", choices=("agent", "administrator"), default="agent",
        help="whose desk it is",
    )  # fmt: skip
    demo.add_argument(
        "--captain", action="store_true", help="a bot answers the website's customers first"
    )
    demo.add_argument("--data", type=Path, metavar="DIR", help="keep shop and desk there")

    commands.add_parser("shop", help="run the embedded shop alone", add_help=False)

    login = commands.add_parser("login", help="sign in and remember it")
    login.add_argument("--profile", default=SUPPRESS, help="the profile to keep it in")
    login.add_argument("--url", default=SUPPRESS, help="address of the Chatwoot")
    login.add_argument("--email", help="sign in with e-mail and password instead of a token")
    login.add_argument(
        "--crm", action="store_true",
        help="keep the token of a RepairShopr or Syncro instead; --url is its address",
    )  # fmt: skip
    login.add_argument("--account", type=int, help="the account's number, where there are several")

    doctor = commands.add_parser("doctor", help="what this terminal, machine and server can do")
    _add_flags(doctor, TAKES["doctor"])

    wallboard = commands.add_parser("wallboard", help="the desk with big figures for the wall")
    _add_flags(wallboard, TAKES["wallboard"])

    cli_bridge.add_commands(commands)
    _add_hours(commands)
    _add_flags(cli_copilot.add_command(commands), TAKES["copilot"])
    _add_flags(cli_report.add_command(commands), TAKES["report"])

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

TAKES: Final[Mapping[str, Collection[str]]] = {
    "demo": ("theme", "ascii_only", "no_color"),
    "doctor": tuple(FLAGS),
    "login": ("profile", "url"),
    "wallboard": tuple(FLAGS),
    "bridge": ("profile", "url"),
    "hours": ("profile", "url"),
    "copilot": ("profile", "url"),
    "report": ("profile", "url"),
    "keys": (),
    "shop": (),
}


def _add_hours(commands: Any) -> None:
    hours = commands.add_parser("hours", help="holidays: their hours, and putting back after")
    _add_flags(hours, TAKES["hours"])
    hours.set_defaults(part=None)
    parts = hours.add_subparsers(dest="part", metavar="COMMAND")
    parts.add_parser("show", help="what the holidays would change")
    parts.add_parser("apply", help="apply what is due and put back what is over (cron, hourly)")
    agree = parts.add_parser("agree", help="show each holiday that is new, and ask")
    agree.add_argument("--yes", action="store_true", help="show them and take yes for an answer")


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
