"""kill -9 of the real program in a pseudo-terminal, while somebody types or has just sent."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from random import Random

from revivatui.cache.store import Cache
from tests.faults.kill_plans import Texts
from tests.faults.proxy import Proxy
from tests.faults.shop_process import ShopProcess, shop_process
from tests.faults.tally import Tally
from tools.terminal import Gone, Terminal

TYPING_KEPT = 1.0
"""Seconds of typing that a kill may cost."""
SHOWN_WITHIN = 20.0


class Home:
    """A home folder of its own for one desk, and the program in it."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self.folder = folder
        places = {
            f"XDG_{kind.upper()}_HOME": str(folder / kind)
            for kind in ("data", "config", "state", "cache")
        }
        self._env = {
            **os.environ,
            **places,
            "HOME": str(folder),
            "REVIVATUI_URL": url,
            "REVIVATUI_ACCOUNT": "1",
            "REVIVATUI_TOKEN": token,
        }

    def desk(self) -> Terminal:
        return Terminal([sys.executable, "-m", "revivatui"], 120, 40, self._env)

    def cache(self) -> Cache:
        (path,) = (self.folder / "data").rglob("*.sqlite3")
        return Cache.open(path)


def open_first(terminal: Terminal) -> None:
    """Live, and the first conversation of the list open."""
    terminal.wait_for("live", 60)
    terminal.settle(0.7, 30)
    terminal.send("\r")
    terminal.settle(0.5, 30)


def live_and_die(home: Home, dice: Random, texts: Texts, *, sends: bool) -> None:
    """Type as a person does; killed in the middle, or a moment after enter."""
    with home.desk() as terminal:
        open_first(terminal)
        terminal.send("r")
        terminal.settle(0.3, 10)
        killed_after = dice.uniform(0.4, 3.0)
        began = time.monotonic()
        for end in range(1, len(texts.text) + 1):
            terminal.send(texts.text[end - 1])
            texts.note(texts.text[:end], time.monotonic())
            if not sends and time.monotonic() - began > killed_after:
                break
            until = time.monotonic() + (0.02 if sends else dice.uniform(0.03, 0.15))
            while (left := until - time.monotonic()) > 0:
                terminal.pump(left)
        if sends:
            terminal.wait_for(texts.text[-12:], 60)
            terminal.idle(dice.uniform(0.0, 1.2))
            terminal.send("\r")
            texts.sent_at = time.monotonic()
            terminal.idle(dice.uniform(0.0, 0.4))
        texts.killed_at = time.monotonic()
        os.killpg(terminal.pid, signal.SIGKILL)
        with suppress(Gone):
            terminal.wait_exit(10)


def shown_again(home: Home, text: str) -> bool:
    """Whether the next start shows the text, in the thread or in the composer."""
    with home.desk() as terminal:
        open_first(terminal)
        try:
            terminal.wait_for(text, SHOWN_WITHIN)
        except Gone:
            return False
    return True


def one_kill(shop: ShopProcess, url: str, token: str, seed: int, number: int, tally: Tally) -> None:
    dice = Random(f"screen kill {seed} {number}")
    sends = dice.random() < 0.5
    text = f"Screen {seed}-{number}: the part is here"
    texts = Texts(text if sends else text + " and it fits, so come by any time" * 2)
    with tempfile.TemporaryDirectory(prefix="revivatui-kill-") as folder:
        home = Home(Path(folder), url, token)
        live_and_die(home, dice, texts, sends=sends)
        with closing(home.cache()) as cache:
            texts.in_journal = [one.content for one in cache.journal_open()]
            drafts = [one.text for one in cache.drafts()]
        texts.on_disk = drafts[0] if drafts else ""
        rows = shop.rows("SELECT id FROM messages WHERE content = ?", (texts.text,))
        _judge(tally, number, texts, len(rows), sends=sends)
        kept = texts.on_disk or (texts.text if sends else "")
        if kept and not shown_again(home, kept[:30]):
            tally.fail("not shown again", f"screen run {number}: {kept!r}")
    again = shop.rows("SELECT id FROM messages WHERE content = ?", (texts.text,))
    if len(again) > 1:
        tally.fail("doubled", f"screen run {number}: {texts.text!r} stored {again}")
    tally.runs += 1
    tally.counts["killed on screen"] += 1


def _judge(tally: Tally, number: int, texts: Texts, stored: int, *, sends: bool) -> None:
    details = (
        f"screen run {number}: draft {texts.on_disk!r}, journal {texts.in_journal}, stored {stored}"
    )
    if not sends:
        allowed = texts.since(texts.killed_at - TYPING_KEPT)
        if texts.on_disk not in allowed:
            tally.fail("typing lost", f"{details}, typed {allowed!r}")
        return
    if stored > 1:
        tally.fail("doubled", details)
    kept = texts.on_disk and texts.text.startswith(texts.on_disk)
    if kept and (stored or texts.text in texts.in_journal):
        tally.fail("sent and a draft", details)
    on_paper = texts.on_disk in texts.since(texts.killed_at - TYPING_KEPT)
    if not stored and texts.text not in texts.in_journal and not (texts.on_disk and on_paper):
        tally.fail("lost", details)


async def screen_kills(
    version: str, template: Path, folder: Path, seed: int, count: int, tally: Tally
) -> None:
    """One after the other, against a shop of their own: the list's first row must stay first."""
    if not count:
        return
    async with shop_process(version, template, folder) as shop, Proxy(shop.address) as proxy:
        token = shop.profile(proxy.url).token
        for number in range(count):
            await asyncio.to_thread(one_kill, shop, proxy.url, token, seed, number, tally)
