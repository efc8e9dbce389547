"""`make eval`: the copilot without a model, in figures; exit status 1 when a bound is broken.

Without files: the project's own sets, then the grounding check on drafts with planted errors, then
the injected threads. With files (`make eval SET=file.jsonl`): that set alone; a corpus in it takes
the place of the demo shop's.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from evaluation import report
from evaluation.bounds import Bound, ranking_bounds
from evaluation.figures import Answer, Run
from evaluation.rows import Query, Rows, UnreadableSet, measurable, read
from evaluation.shop_corpus import SETS, shop_sources, write_corpus

if TYPE_CHECKING:
    from evaluation.running import Desk
    from revivatui.copilot.retrieval.minilm import MiniLM
    from revivatui.copilot.sources import Source

PARTS: Final = ("ranking", "grounding", "injection")
SHOPS: Final = ("demo", "other", "third")
SPLITS: Final = ("dev", "wide", "held_out")
"""Held out are whole topics of the queries to develop on; the wide ones, which came last, touch
every topic in other words."""


class Part(Protocol):
    """A module of what is measured beside the ranking."""

    def bounds(self, seed: int) -> Iterable[Bound]: ...


@dataclass(frozen=True, slots=True)
class Named:
    """A set that was run, and whether its misses may be looked at."""

    name: str
    run: Run
    held_out: bool


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    if options.write_corpus:
        print(f"{write_corpus()} sources written")
        return 0
    try:
        return _foreign(options) if options.files else _own(options)
    except UnreadableSet as error:
        print(error, file=sys.stderr)
        return 2


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="evaluation", description=__doc__)
    options.add_argument("files", nargs="*", type=Path, help="a set: JSON objects, one a line")
    options.add_argument("--misses", action="store_true", help="list what was not answered right")
    options.add_argument("--json", action="store_true", help="print the figures as JSON")
    options.add_argument("--part", choices=PARTS, action="append", help="only this part")
    options.add_argument(
        "--minilm", action="store_true", help="likeness by MiniLM (`revivatui copilot minilm`)"
    )
    options.add_argument("--seed", type=int, default=1, help="of what is drawn by chance")
    options.add_argument(
        "--write-corpus", action="store_true", help="write the demo shop's corpus anew"
    )
    return options


def _foreign(options: argparse.Namespace) -> int:
    named = Named(", ".join(path.name for path in options.files), _run(options), False)
    _tell([named], [], options)
    return 0


def _own(options: argparse.Namespace) -> int:
    parts = options.part or PARTS
    sets: list[Named] = []
    bounds: list[Bound] = []
    if "ranking" in parts:
        sets = list(_own_sets(_minilm(options)))
        bounds += ranking_bounds(_held_out(sets))
    for part in PARTS[1:]:
        if part in parts:
            bounds += _part(part).bounds(options.seed)
    _tell(sets, bounds, options)
    return 0 if all(one.held for one in bounds) else 1


def _part(name: str) -> Part:
    try:
        part: Part = import_module(f"evaluation.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"evaluation.{name}":
            raise
        raise UnreadableSet(f"The part {name} is not there: evaluation/{name}.py.") from None
    return part


def _own_sets(minilm: MiniLM | None) -> Iterator[Named]:
    for shop in SHOPS:
        corpus = read([SETS / f"{shop}_corpus.jsonl"]).corpus
        desk = _desk(corpus, minilm)
        for split in SPLITS:
            file = SETS / f"{shop}_{split}.jsonl"
            if split == "wide" and not file.exists():
                continue
            queries = _measurable(read([file]), corpus)
            yield Named(
                f"{shop}, {split.replace('_', ' ')}", desk.run(queries), split == "held_out"
            )


def _held_out(sets: Sequence[Named]) -> list[Answer]:
    return [answer for one in sets if one.held_out for answer in one.run.answers]


def _run(options: argparse.Namespace) -> Run:
    rows = read(options.files)
    corpus = tuple(rows.corpus) or shop_sources()
    if not rows.corpus:
        rows.remarks.append("No corpus in the set: the demo shop's is used.")
    queries = _measurable(rows, corpus)
    return _desk(corpus, _minilm(options)).run(queries)


def _measurable(rows: Rows, corpus: Sequence[Source]) -> list[Query]:
    try:
        return measurable(rows, corpus)
    finally:
        for remark in rows.remarks:
            print(remark, file=sys.stderr)


def _desk(corpus: Sequence[Source], minilm: MiniLM | None) -> Desk:
    from evaluation.running import Desk

    return Desk(corpus, minilm)


def _minilm(options: argparse.Namespace) -> MiniLM | None:
    from revivatui.copilot.retrieval.minilm import MiniLM, NoMiniLM
    from revivatui.paths import Paths

    if not options.minilm:
        return None
    try:
        return MiniLM.opened(Paths.default().minilm_file)
    except NoMiniLM as error:
        raise UnreadableSet(f"MiniLM cannot be used: {error}.") from error


def _tell(sets: Sequence[Named], bounds: Sequence[Bound], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(_as_json(sets, bounds), ensure_ascii=False, indent=1))
        return
    for one in sets:
        print("\n".join(report.lines(one.name, one.run)))
        if options.misses and not one.held_out:
            print("\n".join(("", *report.misses(one.run.answers))))
    if bounds:
        print("\n" + "\n".join(one.line() for one in bounds))


def _as_json(sets: Sequence[Named], bounds: Sequence[Bound]) -> dict[str, Any]:
    return {
        "sets": {one.name: report.as_json(one.run) for one in sets},
        "bounds": [
            {"name": one.name, "value": one.value, "limit": one.limit, "held": one.held}
            for one in bounds
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
