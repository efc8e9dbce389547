"""``python -m tools.conformance replay|lists|figures``: see the Makefile."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.conformance.figures import FiguresReport
    from tools.conformance.report import Report


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 1 when a difference is not on the explained list."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    replay = commands.add_parser("replay", help="replay recorded calls against the shop")
    replay.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    replay.add_argument("--values", action="store_true", help="print differing values too")
    lists = commands.add_parser("lists", help="compare lists and filters over known rows")
    figures = commands.add_parser("figures", help="compare reports over known rows")
    figures.add_argument(
        "--asked-at",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="when the questions were asked, ISO with its offset (2026-11-22T20:20:00+00:00)",
    )
    for command in (lists, figures):
        command.add_argument("--raw", type=Path, required=True)
        command.add_argument("--answers", type=Path, required=True)
    for command in (replay, lists, figures):
        command.add_argument("--chatwoot", choices=("3.9.0", "4.10.1"), required=True)
    options = parser.parse_args(arguments)
    report: Report | FiguresReport
    try:
        if options.command == "replay":
            from tools.conformance.replay import replay as run_replay

            report = asyncio.run(run_replay(options.chatwoot, options.paths, values=options.values))
        elif options.command == "figures":
            from tools.conformance.figures import ASKED_AT, compare_figures

            asked_at = options.asked_at.timestamp() if options.asked_at else ASKED_AT
            report = asyncio.run(
                compare_figures(options.chatwoot, options.raw, options.answers, asked_at)
            )
        else:
            from tools.conformance.lists import compare_lists

            report = asyncio.run(compare_lists(options.chatwoot, options.raw, options.answers))
    except FileNotFoundError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(report.text())
    return 1 if report.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
