"""``revivatui shop``: the embedded server on its own, with its demo data and people."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from revivatui.shop.control import ControlServer
from revivatui.shop.server import ShopServer
from revivatui.shop.world import VERSIONS, Shop, create_shop

T = TypeVar("T")

MOST_PORT: Final = 65535
SIZES: Final = ("demo", "large")
PEOPLE: Final = ("none", "calm", "lively", "busy")


def parser() -> argparse.ArgumentParser:
    """The options of ``revivatui shop``."""
    options = argparse.ArgumentParser(
        prog="revivatui shop",
        description="Run the embedded Chatwoot-compatible shop alone. Prints one line of JSON"
        " with its URL and how to sign in, then serves until it is interrupted.",
    )
    options.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (0: any)")
    options.add_argument("--chatwoot", choices=VERSIONS, default="4.10.1", metavar="VERSION")
    options.add_argument(
        "--data", type=Path, metavar="DIR", help="keep the data there (else it is thrown away)"
    )
    options.add_argument("--size", choices=SIZES, default="demo", help="how much a new shop holds")
    options.add_argument("--seed", type=int, default=7, help="decides everything made up")
    options.add_argument(
        "--people", choices=PEOPLE, default="none", help="simulated customers and colleagues"
    )
    options.add_argument(
        "--pace", choices=("none", "real"), default="none", help="real: as slow as a real server"
    )
    options.add_argument(
        "--openai-endpoint", default="", metavar="URL",
        help="OpenAI-compatible server for the OpenAI app, without /v1 (none: it fails)",
    )  # fmt: skip
    options.add_argument(
        "--control-port", type=int, metavar="N", help="take orders for tests there (0: any)"
    )
    options.add_argument(
        "--stop-with-stdin", action="store_true", help="stop when standard input ends"
    )
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted. Returns the exit status."""
    options = parser().parse_args(argv)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(options))
    except ShopProblem as error:
        print(f"revivatui shop: {error}", file=sys.stderr)
        return 2
    return 0


class ShopProblem(Exception):
    """The shop cannot be opened as asked; the text says what was wrong and what to do."""


def _check_ports(*ports: int | None) -> None:
    for port in ports:
        if port is not None and not 0 <= port <= MOST_PORT:
            words = f"There is no port {port}: take one from 1 to {MOST_PORT}, or 0 for any."
            raise ShopProblem(words)


def _open_port(port: int, open_on: Callable[[int], T]) -> T:
    try:
        return open_on(port)
    except OSError as error:
        why = (
            "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        )
        raise ShopProblem(f"Port {port} {why}: take another, or 0 for any.") from None


def _open_kept(options: argparse.Namespace) -> Shop:
    try:
        return open_shop(options.chatwoot, options.data, options.size, options.seed)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        if isinstance(error, FileExistsError):
            why = "it is a file"
        raise ShopProblem(
            f"Nothing can be kept in {options.data}: {why}. Name a folder of yours with --data, or "
            "leave it out."
        ) from None


def open_shop(version: str, data: Path | None, size: str, seed: int) -> Shop:
    """The shop kept in ``data``, or a new seeded one; without ``data`` it lasts as we do."""
    from revivatui.shop.seed import make_people, seed_shop, sign_ins

    path: str | Path = ":memory:"
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        path = data / f"shop-{version}.sqlite3"
    shop = create_shop(version, path, people=make_people(seed))
    if sign_ins(shop) is None:
        seed_shop(shop, size=size, seed=seed)
    return shop


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if options.stop_with_stdin:
        _watch_stdin(stop)
    _check_ports(options.port, options.control_port)
    shop = _open_kept(options)
    shop.openai_endpoint = options.openai_endpoint
    async with contextlib.AsyncExitStack() as running:
        try:
            listening = _open_port(options.port, lambda port: ShopServer(shop, port))
        except ShopProblem:
            await shop.close()
            raise
        server = await running.enter_async_context(listening)
        about = describe(server)
        if options.control_port is not None or options.pace == "real":
            control = await running.enter_async_context(
                _open_port(
                    options.control_port or 0,
                    lambda port: ControlServer(server, port, seed=options.seed),
                )
            )
            about["control_url"] = control.url
            control.control.pace({"pace": "real" if options.pace == "real" else "fast"})
        if options.people != "none":
            from revivatui.shop.people import People

            people = People.of_seeded(shop, server.url, pace=options.people, seed=options.seed)
            await running.enter_async_context(people)
        print(json.dumps(about), flush=True)
        await stop.wait()


def describe(server: ShopServer) -> dict[str, Any]:
    """What a client needs to sign in: URL, version, account and people (see ``sign_ins``)."""
    from revivatui.shop.seed import sign_ins

    return {
        "url": server.url,
        "chatwoot": server.shop.version,
        "account_id": 1,
        **(sign_ins(server.shop) or {}),
    }


def _watch_stdin(stop: asyncio.Event) -> None:
    """Whoever started us holds the other end: when they are gone, so are we."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    loop.add_reader(sys.stdin.fileno(), read)
