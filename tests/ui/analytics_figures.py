"""Every figure of the analytics against our own calculation, for random questions.

    python -m tests.ui.analytics_figures --chatwoot 4.10.1 --seed 1 --count 200

A real desk on an embedded shop that holds the recorded rows for figures; what each tile and each
point of each chart says is compared with what `revivatui.state.figures` makes of the same rows.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from revivatui import config
from revivatui.app import DeskApp
from revivatui.paths import Paths
from revivatui.screens.analytics import AnalyticsScreen
from revivatui.shop.clock import Clock
from revivatui.shop.load_raw import load_raw
from revivatui.shop.server import ShopServer
from revivatui.shop.world import create_shop
from revivatui.state import analytics_board as parts
from revivatui.state.analytics import GROUPS, PRESETS, Wanted
from revivatui.state.analytics_board import Board
from revivatui.state.analytics_charts import CHARTS, chart_of
from revivatui.state.analytics_own import own_board
from revivatui.state.analytics_tiles import tiles_of
from revivatui.state.figures.rows import Rows, rows_of
from tests.api.recordings import rows as recorded_rows
from tests.ui.desk_help import OnScreen
from tools.conformance.figures import ASKED_AT

ACCOUNT: Final = 2
FIRST_DAY: Final = date(2026, 7, 10)
DAYS: Final = 138
ZONES: Final = (
    "Europe/Lisbon", "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Sao_Paulo",
    "America/Santiago", "America/St_Johns", "America/Los_Angeles", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Honolulu", "Atlantic/Azores", "Africa/Cairo", "Africa/Johannesburg",
    "Etc/UTC",
)  # fmt: skip
NOT_OURS: Final = frozenset({parts.UPTIME, parts.LOAD, parts.COMMENTS})
"""What no row of the account tells."""


@dataclass(frozen=True)
class Case:
    """A question by whoever looks at the screen, and the zone they sit in."""

    wanted: Wanted
    zone: str


def cases(seed: int, count: int, rows: Rows) -> Iterator[Case]:
    """The same ones for the same seed."""
    dice = random.Random(seed)
    for _ in range(count):
        yield Case(_wanted(dice, rows), dice.choice(ZONES))


def _wanted(dice: random.Random, rows: Rows) -> Wanted:
    preset = dice.choice((*(one.id for one in PRESETS), *["custom"] * 6))
    first = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    last = first + timedelta(days=dice.choice((0, 0, 1, 6, 13, 30, 60, dice.randrange(DAYS))))
    scope, scope_id, name = _scope(dice, rows)
    return Wanted(
        preset,
        first if preset == "custom" else None,
        last if preset == "custom" else None,
        compare=dice.random() < 0.8,
        group=dice.choice((None, *GROUPS)),
        business_hours=dice.random() < 0.4,
        scope=scope,
        scope_id=scope_id,
        scope_name=name,
    )


def _scope(dice: random.Random, rows: Rows) -> tuple[Any, int | None, str]:
    kind = dice.choice(("account", "agent", "inbox", "team", "label"))
    if kind == "account":
        return kind, None, ""
    tables = {"agent": "users", "inbox": "inboxes", "team": "teams", "label": "labels"}
    row = dice.choice(rows.table(tables[kind]))
    return kind, int(str(row["id"])), str(row.get("title" if kind == "label" else "name"))


@asynccontextmanager
async def desk_on_rows(version: str, folder: Path) -> AsyncIterator[tuple[OnScreen, Rows]]:
    """The analytics of an administrator at a shop that holds the recorded rows."""
    raw = list(recorded_rows(version, "figures-raw"))
    shop = create_shop(version, clock=Clock(ASKED_AT, frozen=True), people=())
    loaded = load_raw(shop.db, raw, ACCOUNT)
    async with ShopServer(shop) as server:
        settings = config.with_profile(config.Settings(crm_url=""), server.url, ACCOUNT)
        paths = Paths.under(folder)
        paths.make()
        token = loaded.tokens[loaded.administrator_id]
        app = DeskApp(settings, paths, lambda: (token, ""), clock=lambda: ASKED_AT)
        async with app.run_test(size=(200, 50)) as pilot:
            desk = OnScreen(app, pilot)
            await desk.until(
                lambda: app.session is not None and desk.state.link.state == "live", "a live link"
            )
            await desk.pilot.press("N")
            await desk.until(lambda: isinstance(app.screen, AnalyticsScreen), "the analytics")
            yield desk, rows_of(raw)


async def differences(desk: OnScreen, rows: Rows, case: Case) -> list[str]:
    """What the screen says that is not what we make of the rows."""
    screen = desk.app.screen
    assert isinstance(screen, AnalyticsScreen)
    screen.session.tz = ZoneInfo(case.zone)
    screen.session.kept.clear()
    screen.forget_all()
    screen.want(case.wanted)
    for number in range(0, len(CHARTS), 4):
        screen.go_to(number)
        await desk.until(lambda: not screen.is_reading, "everything read")
    return list(_compared(screen.board, rows, desk.state.agents))


def _compared(board: Board, rows: Rows, agents: Any) -> Iterator[str]:
    for name, part in board.parts.items():
        if part.trouble and not _is_told_so(board, name):
            yield f"{name}: {part.trouble}"
    names = [name for name in board.parts if name not in NOT_OURS and board.part(name).is_there]
    own = own_board(board, rows, names)
    for told, mine in zip(tiles_of(board), tiles_of(own), strict=True):
        if told.kind.id not in ("utilisation", "uptime"):
            yield from _differ(f"tile {told.kind.id}", told, mine)
    for chart in CHARTS:
        told_chart, own_chart = (chart_of(chart.id, one, agents) for one in (board, own))
        yield from _differ(f"chart {chart.id}", told_chart, own_chart)
    for name in (parts.LIVE, parts.TEAMS):
        yield from _differ(name, board.value(name), own.value(name))


def _is_told_so(board: Board, name: str) -> bool:
    """4.x refuses channels over more than six months."""
    return name == parts.SHARES and board.question.until - board.question.since > 181 * 86400


def _differ(at: str, told: Any, mine: Any) -> Iterator[str]:
    """Where two values differ, inside records and rows too; floats to a millionth."""
    if is_dataclass(told) and type(told) is type(mine):
        for one in fields(told):
            yield from _differ(f"{at}.{one.name}", getattr(told, one.name), getattr(mine, one.name))
    elif hasattr(told, "_asdict") and type(told) is type(mine):
        for name in told._fields:
            if name != "as_of":
                yield from _differ(f"{at}.{name}", getattr(told, name), getattr(mine, name))
    elif isinstance(told, dict) and isinstance(mine, dict):
        for key in told.keys() | mine.keys():
            yield from _differ(f"{at}.{key}", told.get(key), mine.get(key))
    elif isinstance(told, tuple) and isinstance(mine, tuple) and len(told) == len(mine):
        for place, (one, other) in enumerate(zip(told, mine, strict=True)):
            yield from _differ(f"{at}[{place}]", one, other)
    elif isinstance(told, float) or isinstance(mine, float):
        if told is None or mine is None or abs(told - mine) > 1e-6 * max(1.0, abs(mine)):
            yield f"{at}: the screen has {told!r}, we have {mine!r}"
    elif told != mine:
        yield f"{at}: the screen has {told!r}, we have {mine!r}"


async def run(version: str, seed: int, count: int, folder: Path) -> tuple[list[str], int]:
    """Every case; the differences, each with its case, and how many figures were compared."""
    found: list[str] = []
    compared = 0
    async with desk_on_rows(version, folder) as (desk, rows):
        for number, case in enumerate(cases(seed, count, rows)):
            for line in await differences(desk, rows, case):
                found.append(f"{version} seed {seed} case {number}: {case}: {line}")
            screen = desk.app.screen
            assert isinstance(screen, AnalyticsScreen)
            compared += len(screen.board.parts)
    return found, compared


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.ui.analytics_figures")
    options.add_argument("--chatwoot", default="4.10.1")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=200)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = run(asked.chatwoot, asked.seed, asked.count, Path(folder))
        found, compared = asyncio.run(work)
    for line in found[:40]:
        print(f"  DIFFERS  {line}")
    print(
        f"Chatwoot {asked.chatwoot}, seed {asked.seed}: {asked.count} questions,"
        f" {compared} answers, {len(found)} differences"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
