"""`revivatui demo`: the desk on a shop of its own, which ends with it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revivatui import cli, config
from revivatui.bridge_demo import bridge_beside
from revivatui.crm_demo import filled_beside
from revivatui.paths import Paths

if TYPE_CHECKING:
    from revivatui.app import DeskApp

PLACE = "demo"
"""What the shop is called wherever its address would be: that is another one with every start."""
CRM_FILE = "crm-{}.sqlite3"
"""The CRM of one version's shop: what the bridge knows of its chats lies in it."""
ENDS_WITHIN = 5.0
"""Seconds the shop is given to end."""
FIRST_DAYS = {"demo": 7, "large": 1}
"""How far back the bridge's first catching up goes, by the size of the shop: it is to be short."""
TOLD_FOR = 20.0
"""Seconds for which trouble with the bridge stays on the screen."""


class ShopFailed(Exception):
    """The embedded shop did not start; the text says why."""


@contextmanager
def running_shop(
    chatwoot: str, size: str, people: str, pace: str, data: Path | None
) -> Iterator[dict[str, Any]]:
    """Run the shop in a process of its own; gives what it says of itself (URL, people).

    Raises:
        ShopFailed: it ended before it was ready.
    """
    command = [sys.executable, "-m", "revivatui", "shop", "--stop-with-stdin"]
    command += ["--chatwoot", chatwoot, "--size", size, "--people", people, "--pace", pace]
    if data is not None:
        command += ["--data", str(data)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        first = process.stdout.readline()
        if not first:
            raise ShopFailed(process.stderr.read().strip() or "it ended at once")
        yield json.loads(first)
    finally:
        process.stdin.close()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def demo(options: argparse.Namespace) -> int:
    """Run the demo. Returns the exit status."""
    cli.need_terminal()
    with tempfile.TemporaryDirectory(prefix="revivatui-demo-") as folder:
        home = options.data or Path(folder)
        paths = Paths.under(home / "desk")
        settings = cli.load_settings(options, paths)
        cli.prepare_terminal(settings, no_color=options.no_color)
        cli.make_folders(paths)
        print("Opening a shop of your own", end="", flush=True)
        try:
            with running_shop(
                options.chatwoot,
                options.size,
                options.people,
                options.pace,
                options.data / "shop" if options.data else None,
            ) as shop:
                print("\r" + " " * 30 + "\r", end="", flush=True)
                return _desk_on(shop, settings, paths, options)
        except ShopFailed as error:
            print(f"\nThe embedded shop did not start: {error}", file=sys.stderr)
            return 1


def settings_for(shop: dict[str, Any], settings: config.Settings) -> config.Settings:
    """The settings of a desk on a running shop, which has a CRM of its own: no other's customers
    are these."""
    return replace(
        settings,
        profile=f"demo-{shop['chatwoot']}",
        this_start=config.ProfileSettings(shop["url"], shop["account_id"], PLACE),
        crm_url=CRM_FILE.format(shop["chatwoot"]),
        tax_percent=23,
    )


def _desk_on(
    shop: dict[str, Any], settings: config.Settings, paths: Paths, options: argparse.Namespace
) -> int:
    throwaway = options.data is None
    settings = settings_for(shop, settings)
    crm, log = paths.data / settings.crm_url, paths.logs / "bridge.log"
    running = bridge_beside(
        crm, shop, PLACE, log, first_days=FIRST_DAYS[options.size], captain=options.captain
    )
    with filled_beside(crm, shop, PLACE), running as beside:

        def made(app: DeskApp) -> None:
            beside.tell = partial(_tell, app)

        token = shop[options.role]["token"]
        status = cli.run_desk(settings, paths, lambda: (token, ""), throwaway=throwaway, made=made)
    if beside.trouble:
        print(beside.trouble)
    return status


def _tell(app: DeskApp, words: str) -> None:
    """Say it on the screen, from a thread; a desk that has ended leaves it to the terminal."""
    with suppress(RuntimeError):
        app.call_from_thread(app.notify, words, severity="warning", timeout=TOLD_FOR, markup=False)
