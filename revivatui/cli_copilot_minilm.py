"""`revivatui copilot minilm`: the weights that tell better which answer fits, put there or away."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from revivatui import cli, config
from revivatui.paths import Paths


def add_parts(parts: Any) -> None:
    """Add `minilm` to `revivatui copilot`."""
    given = parts.add_parser(
        "minilm",
        help="tell likeness by all-MiniLM-L6-v2, from a file that is here (docs/copilot.md)",
    )
    given.add_argument(
        "file", nargs="?", type=Path, metavar="FILE",
        help="its model.safetensors, or a wheel that holds it; without it: what there is",
    )  # fmt: skip
    given.add_argument("--remove", action="store_true", help="take it away again")


def minilm(options: argparse.Namespace) -> int:
    """Put the weights there, take them away, or say what there is. Returns the exit status.

    Raises ConfigError where both are asked for.
    """
    paths = Paths.default()
    if options.remove and options.file is not None:
        raise config.ConfigError("Either a FILE or --remove, not both.")
    if options.remove:
        return _remove(paths)
    if options.file is not None:
        return _install(options.file, paths)
    print(f"Likeness is told by {_state(paths)}.")
    return 0


def _install(given: Path, paths: Paths) -> int:
    from revivatui.copilot.retrieval.minilm import NoMiniLM
    from revivatui.copilot.retrieval.minilm_file import SHA256, install

    cli.make_folders(paths)
    try:
        install(given, paths.minilm_file)
    except (NoMiniLM, OSError) as error:
        print(f"revivatui copilot: not installed. {_words(error)}", file=sys.stderr)
        return 1
    print(f"Checked: SHA-256 {SHA256}, as it must be.")
    print(f"Kept:    {paths.minilm_file}")
    print(f"From the next start on likeness is told by {_state(paths)}.")
    print("The shop's texts are read by it once, behind the start; nothing leaves this machine.")
    return 0


def _remove(paths: Paths) -> int:
    from revivatui.copilot.retrieval.minilm_file import remove

    try:
        was_there = remove(paths.minilm_file)
    except OSError as error:
        print(f"revivatui copilot: not removed. {_words(error)}", file=sys.stderr)
        return 1
    print("Removed." if was_there else "It was not installed.")
    print(f"From the next start on likeness is told by {_state(paths)}.")
    return 0


def _state(paths: Paths) -> str:
    from revivatui.copilot.retrieval.minilm_file import state

    return state(paths.minilm_file)


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
    return str(error)


PARTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {"minilm": minilm}
