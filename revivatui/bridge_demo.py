"""Runs the bridge beside the demo's desk: on the demo's CRM, for the embedded shop, in a process of
its own.

It keeps out of the desk's way: at low priority, behind the desk's start, and not before the CRM is
filled. When whoever started it is gone, however that came, so is it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from revivatui.crm_access import LOOKS, being_made

if TYPE_CHECKING:
    from revivatui.bridge.daemon import Bridge

NICE: Final = 10
"""How far everything of the desk goes before it; webhooks are answered in time still."""
AFTER: Final = 3.0
"""Seconds that the desk has for its own start before there is a bridge."""
ENDS_WITHIN: Final = 2.0
"""Seconds the process is given to end. Then it is killed, which loses nothing."""
DOORS: Final = "demo:doors"
"""The fact that names the addresses of the door which the shop's webhook may still have: it is
another one with every start."""


class BridgeBeside:
    """The process, as the desk knows it: a thread starts it behind the desk's start and waits for
    its end."""

    def __init__(self, told: dict[str, Any], log_file: Path) -> None:
        self._told = told
        self._log_file = log_file
        self._process: subprocess.Popen[str] | None = None
        self._ending = Event()
        self._starting = Lock()
        self._thread = Thread(target=self._run, name="bridge", daemon=True)
        self.trouble = ""
        """A sentence for the agent, once the bridge did not start or ended by itself."""
        self.tell: Callable[[str], object] = lambda words: None
        """Called with the trouble, from a thread."""

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        if self._ending.wait(AFTER):
            return
        try:
            process = self._begun()
        except OSError as error:
            self._say(f"{error.strerror}.")
            return
        if process is None:
            return
        assert process.stdout is not None
        last = ""
        with process.stdout as lines:
            for line in lines:
                last = line.strip()
        process.wait()
        if not self._ending.is_set():
            self._say(last or "It said nothing of why.")

    def _begun(self) -> subprocess.Popen[str] | None:
        """The process; None where the end came first. Raises OSError."""
        with self._starting, self._log_file.open("wb") as log:
            if self._ending.is_set():
                return None
            process = subprocess.Popen(
                [sys.executable, "-m", "revivatui.bridge_demo"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            self._process = process
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(f"{json.dumps(self._told)}\n")
            process.stdin.flush()
        return process

    def _say(self, why: str) -> None:
        self.trouble = f"The bridge ended, and chats go into the CRM no more. {why}"
        self.tell(self.trouble)

    def end(self) -> None:
        """End the process, by force where it takes its time."""
        self._ending.set()
        with self._starting:
            process = self._process
        if process is not None:
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._thread.join(1.0)  # longer only where a desk that has ended was still to be told


@contextmanager
def bridge_beside(
    crm: Path,
    shop: dict[str, Any],
    place: str,
    log_file: Path,
    *,
    first_days: int = 7,
    nice: int = NICE,
    captain: bool = False,
) -> Iterator[BridgeBeside]:
    """Run the bridge while the block runs. `shop` is what the running shop says of itself, `place`
    what it is called in the CRM, `first_days` how far the first catching up goes back; the log is
    begun anew. `captain`: it answers the website's customers, too."""
    told = {
        "crm": str(crm), "shop": shop, "place": place, "days": first_days, "nice": nice,
        "captain": captain,
    }  # fmt: skip
    beside = BridgeBeside(told, log_file)
    beside.start()
    try:
        yield beside
    finally:
        beside.end()


# --- in the process of its own -------------------------------------------------------------------


async def serve(told: dict[str, Any], stop: asyncio.Event) -> None:
    """Work on the CRM from when it is filled until `stop`; `told` is what `bridge_beside` says.
    Raises BridgeError, CrmError, ApiError.

    The bridge is the shop's administrator: one who may make webhooks, and whom nobody plays.
    """
    crm, shop = Path(told["crm"]), told["shop"]
    if not await _is_filled(crm, stop):
        return
    # Whatever is heavy comes behind the desk's start.
    import secrets

    from revivatui import captain_demo
    from revivatui.bridge import running
    from revivatui.bridge.opening import alone
    from revivatui.bridge.settings import BridgeSettings

    secret = secrets.token_urlsafe(32)
    captain = await captain_demo.prepared(shop, wanted=told["captain"])
    settings = BridgeSettings(
        port=0, place=told["place"], first_days=told["days"], path_secret=secret, captain=captain
    )
    with alone(crm.with_suffix(".bridge.lock")):
        await running.run(
            crm,
            shop["url"],
            shop["administrator"]["token"],
            shop["account_id"],
            settings,
            ready=lambda where: print(f"The bridge listens on {where}.", flush=True),
            stop=stop,
            arrange=lambda bridge, address: _arrange(bridge, address, secret),
        )


async def _is_filled(crm: Path, stop: asyncio.Event) -> bool:
    """Wait for the CRM; False where the end comes before. Raises BridgeError where nobody fills
    it."""
    while being_made(crm).exists():
        if await _is_set_within(stop, LOOKS):
            return False
    if not await asyncio.to_thread(crm.exists):
        from revivatui.bridge.errors import BridgeError

        raise BridgeError("The demo's CRM could not be filled.")
    return True


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def _arrange(bridge: Bridge, address: str, secret: str) -> None:
    """The shop's webhook leads to this door, and to none of an earlier start any more."""
    from revivatui.bridge import setup

    former = await _doors(bridge)
    await _keep_doors(bridge, [*former, address])  # killed in between, either may be the webhook's
    await setup.arrange(bridge.server.client, address, secret, former)
    if bridge.captain is not None:
        from revivatui import captain_demo

        await captain_demo.arrange(bridge.server.client, address, bridge.captain.settings)
    await _keep_doors(bridge, [address])


async def _doors(bridge: Bridge) -> list[str]:
    from revivatui.bridge import known

    async with bridge.store.reading() as reader:
        kept = await known.fact(reader, DOORS)
    return list(json.loads(kept)) if kept else []


async def _keep_doors(bridge: Bridge, addresses: list[str]) -> None:
    from revivatui.bridge import known

    async with bridge.store.unit_of_work() as work:
        await known.keep_fact(work, DOORS, json.dumps(addresses))


async def _run(told: dict[str, Any]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    loop.add_reader(sys.stdin.fileno(), read)
    await serve(told, stop)


def main() -> int:
    line = sys.stdin.readline()
    if not line:  # gone before it said anything
        return 0
    told = json.loads(line)
    if hasattr(os, "nice"):
        os.nice(told["nice"])
    log_format = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=log_format)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_run(told))
    except Exception as error:
        print(_told(error), flush=True)
        return 1
    return 0


def _told(error: Exception) -> str:
    """What went wrong, in one sentence; what nobody expected stands in the log alone."""
    from revivatui.api.errors import ApiError
    from revivatui.bridge.errors import BridgeError
    from revivatui.crm.errors import CrmError

    if isinstance(error, ApiError | BridgeError | CrmError):
        logging.error("%s", error)
        return str(error)
    logging.error("the bridge failed", exc_info=error)
    return "A part of it failed; its log says which."


if __name__ == "__main__":
    sys.exit(main())
