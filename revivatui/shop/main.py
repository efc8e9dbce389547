"""``revivatui shop``: the embedded server on its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Sequence
from pathlib import Path

from revivatui.shop.server import ShopServer
from revivatui.shop.world import VERSIONS, create_shop


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="revivatui shop", description="Run the embedded Chatwoot-compatible shop alone."
    )
    options.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (0: any)")
    options.add_argument("--chatwoot", choices=VERSIONS, default="4.10.1", metavar="VERSION")
    options.add_argument("--data", type=Path, help="keep the data in this directory")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted. Returns the exit status."""
    options = parser().parse_args(argv)
    path: str | Path = ":memory:"
    if options.data is not None:
        options.data.mkdir(parents=True, exist_ok=True)
        path = options.data / f"shop-{options.chatwoot}.sqlite3"
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.chatwoot, path, options.port))
    return 0


async def _serve(version: str, path: str | Path, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with ShopServer(create_shop(version, path), port) as server:
        print(f"Chatwoot {version} at {server.url}", flush=True)
        await stop.wait()
