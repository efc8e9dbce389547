"""`make bench`: the real desk in a pseudo-terminal against the embedded shop, in numbers.

Prints a table: value, ratio to the baseline measured in the same run, bound, held or missed. The
exit status is 1 when a bound is missed. `ARGS="start feed"` runs some sections only.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bench
import revivatui
from bench import ingest
from bench.charts import chart_figures
from bench.copilot import copilot_figures
from bench.copilot_model import model_figures
from bench.fill import fill_cache
from bench.loaded import loaded_figures, memory_figures
from bench.measures import quiet_figures, starts
from bench.parts import part_figures
from bench.ranking import ranking_figures
from bench.repairs import repair_figures
from bench.search import search_figures
from bench.setting import DeskHome, RunningShop, desk, home, leave, shop
from bench.table import HEADER, Figure, Table
from bench.webhooks import webhook_figures

WARM_START_RATIO = 1.5
SECTIONS = (
    "start", "real", "quiet", "loaded", "memory", "feed", "search", "webhooks", "repairs", "charts",
    "copilot", "model", "parts",
)  # fmt: skip


def first_row(running: RunningShop) -> str:
    """A customer's name on the first rows of the list that the desk opens with."""
    page = running.agent("GET", "conversations?assignee_type=me&status=open")["data"]["payload"]
    names = [row["meta"]["sender"]["name"] for row in page[:8]]
    return next(str(name) for name in names if name.isascii() and len(name) <= 20)


def start_figures(data: Path, pace: str, bound: float | None) -> Iterator[Figure]:
    with shop(data, "large", pace) as running, home() as place:
        yield from starts(place, running, first_row(running), pace, bound)


def full_desk(data: Path, sections: set[str]) -> Iterator[Figure]:
    """Everything that wants 10,000 conversations in the desk."""
    with shop(data, "large") as running, home() as place:
        with desk(place, running) as terminal:
            terminal.wait_for("live", 60)
            terminal.settle(1.0, 60)
            leave(terminal)
        held = fill_cache(running, cache_file(place))
        yield Figure("conversations in the cache", held, "")
        if "quiet" in sections:
            with desk(place, running) as terminal:
                terminal.wait_for("live", 60)
                yield from quiet_figures(terminal)
                leave(terminal)
        if "loaded" in sections:
            yield from loaded_figures(place, running)
        if "memory" in sections:
            yield from memory_figures(place, running)


def cache_file(place: DeskHome) -> Path:
    return next((place.folder / "data").rglob("*.sqlite3"))


def figures(sections: set[str]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-shop-") as folder:
        data = Path(folder)
        if "start" in sections:
            yield from start_figures(data, "none", None)
        if "real" in sections:
            yield from start_figures(data, "real", WARM_START_RATIO)
        if sections & {"quiet", "loaded", "memory"}:
            yield from full_desk(data, sections)
        if "feed" in sections:
            yield from ingest.measure()
        if "search" in sections:
            yield from search_figures(data)
        if "webhooks" in sections:
            yield from webhook_figures()
        if "repairs" in sections:
            yield from repair_figures(data)
        if "copilot" in sections:
            yield from ranking_figures()
            yield from copilot_figures(data)
        if "charts" in sections:
            yield from chart_figures()
        if "model" in sections:
            yield from model_figures()
        if "parts" in sections:
            yield from part_figures()


def main() -> int:
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("sections", nargs="*", default=list(SECTIONS), help=" ".join(SECTIONS))
    chosen = set(options.parse_args().sections)
    if unknown := chosen - set(SECTIONS):
        print(f"no such section: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    # As an installation does: neither program compiles its modules while it is timed.
    for package in (revivatui, bench):
        compileall.compile_dir(Path(str(package.__file__)).parent, quiet=1)
    table = Table()
    print(HEADER, flush=True)
    for figure in figures(chosen):
        table.add(figure)
    if table.missed:
        print(f"\n{len(table.missed)} missed: " + "; ".join(f.name for f in table.missed))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
