"""A pseudo-terminal that runs a full-screen program and lets a script see, type and measure.

A thread of its own reads, so that what is written has its moment though the screen of what came
before is still being made. The screen is kept by pyte; bytes, processor time and memory are those
of the program and its children as the kernel tells them (Linux).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import queue
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

_READ = 1 << 16
LAST_WORDS = 5.0
"""Seconds in which what an ended program wrote is read at the latest."""
_TICKS = os.sysconf("SC_CLK_TCK")

# What a real terminal answers when a program asks: device attributes, cursor position, and the
# modes "synchronized output" (known, off) and "in-band resize" (not known).
_ANSWERS = (
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
)


class Gone(Exception):
    """The program ended, or what was waited for never came; holds the last screen."""


class Terminal:
    """One program in one pseudo-terminal; a context manager that ends the program.

    Args:
        argv: the program and its arguments.
        columns, lines: the terminal's size in cells.
        env: variables set for the program over the present ones.
    """

    def __init__(
        self,
        argv: Sequence[str],
        columns: int = 120,
        lines: int = 30,
        env: Mapping[str, str] | None = None,
        keep_screen: bool = True,
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._keep_screen = keep_screen
        self.written = 0
        """Bytes the program has written so far."""
        self.raw: bytearray | None = None
        """Set to a bytearray to keep everything the program writes."""
        self.last_write = self._last_sent = time.monotonic()
        """When the program wrote what `pump` took last, and when a key was sent."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        settings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        for name in ("LINES", "COLUMNS"):  # they would go over the terminal's real size
            settings.pop(name, None)
        settings.update(env or {})
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            list(argv),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=settings,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)
        self._fd = master
        self._arrived: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._closing = False
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    @property
    def rows(self) -> list[str]:
        """The lines of the screen. Half a wide character that is left over shows as nothing,
        where pyte's own `display` fails."""
        columns = range(self.screen.columns)
        buffer = self.screen.buffer
        return ["".join(buffer[y][x].data for x in columns) for y in range(self.screen.lines)]

    def text(self) -> str:
        """The screen as it stands, a line each."""
        return "\n".join(self.rows)

    def send(self, keys: str | bytes) -> None:
        """Type: characters and escape sequences as a keyboard would send them."""
        self._last_sent = time.monotonic()
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    def click(self, column: int, line: int) -> None:
        """Press and release the left mouse button on a cell (from 0)."""
        for end in ("M", "m"):
            self.send(f"\x1b[<0;{column + 1};{line + 1}{end}")

    def wheel(self, column: int, line: int, *, down: bool = True) -> None:
        self.send(f"\x1b[<{65 if down else 64};{column + 1};{line + 1}M")

    def find(self, text: str, nth: int = 0) -> tuple[int, int]:
        """Column and line of a text on the screen.

        Raises:
            Gone: it does not stand there.
        """
        for number, line in enumerate(self.rows):
            column = line.find(text)
            if column >= 0:
                if nth == 0:
                    return column, number
                nth -= 1
        raise Gone(f"{text!r} is not on the screen:\n{self.text()}")

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.killpg(self.pid, signal.SIGWINCH)

    def pump(self, seconds: float) -> bool:
        """Take what the program writes within `seconds`; False when it wrote nothing.

        Raises:
            Gone: the terminal was closed from the other side.
        """
        try:
            moment, data = self._arrived.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return False
        if not data:
            self._arrived.put((moment, data))  # for whoever asks again
            raise Gone(f"the program ended:\n{self.text()}")
        self.last_write = moment
        self.written += len(data)
        if self.raw is not None:
            self.raw += data
        if self._keep_screen:
            self._stream.feed(data)
        return True

    def _read(self) -> None:
        """Keep what the program writes with its moment, and answer its questions (thread)."""
        data = b"-"
        while data and not self._closing:
            ready, _, _ = select.select([self._fd], [], [], 0.1)
            if not ready:
                continue
            try:
                data = os.read(self._fd, _READ)
            except OSError:
                data = b""
            self._arrived.put((time.monotonic(), data))
            for question, answer in _ANSWERS:
                if question in data:
                    os.write(self._fd, answer)

    def until(self, test: Callable[[], bool], timeout: float = 15.0, why: str = "") -> float:
        """Pump until the test holds; the seconds it took.

        Raises:
            Gone: the program ended, or the time was over first.
        """
        start = time.monotonic()
        while not test():
            if time.monotonic() - start > timeout:
                raise Gone(f"not within {timeout} s: {why or test}\n{self.text()}")
            self.pump(0.02)
        return time.monotonic() - start

    def wait_for(self, text: str, timeout: float = 15.0) -> float:
        """Pump until a text stands on the screen; the seconds it took."""
        return self.until(lambda: text in self.text(), timeout, f"{text!r} on the screen")

    def wait_gone(self, text: str, timeout: float = 15.0) -> float:
        return self.until(lambda: text not in self.text(), timeout, f"{text!r} off the screen")

    def settle(self, quiet: float = 0.5, timeout: float = 15.0) -> None:
        """Pump until nothing has been typed or written for `quiet` seconds."""
        self.until(
            lambda: time.monotonic() - max(self.last_write, self._last_sent) > quiet,
            timeout,
            f"{quiet} s of silence",
        )

    def idle(self, seconds: float) -> tuple[int, float]:
        """Let it run: the bytes it wrote and the processor seconds it used meanwhile."""
        bytes_before, cpu_before = self.written, self.cpu_seconds()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(left)
        return self.written - bytes_before, self.cpu_seconds() - cpu_before

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Pump until the program has ended and its last words are read; its exit code.

        Raises:
            Gone: it still runs after `timeout` seconds.
        """
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if (code := self._process.poll()) is not None:
                self._pump_last_words()
                return code
            try:
                self.pump(0.05)
            except Gone:
                return self._process.wait(timeout=max(0.1, end - time.monotonic()))
        raise Gone(f"still running after {timeout} s:\n{self.text()}")

    def _pump_last_words(self) -> None:
        end = time.monotonic() + LAST_WORDS
        with contextlib.suppress(Gone):
            while time.monotonic() < end:  # what the program started may keep the terminal open
                self.pump(0.05)

    def cpu_seconds(self) -> float:
        """User and system time of the program itself, without its children."""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mib(self) -> float:
        """Resident memory of the program itself, MiB."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
                for line in status:
                    if line.startswith("VmRSS"):
                        return int(line.split()[1]) / 1024
        except OSError:
            pass
        return 0.0

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window does; the program is told by the kernel."""
        self._closing = True
        self._reader.join()
        os.close(self._fd)
        self._fd = -1
        self._arrived.put((time.monotonic(), b""))

    def close(self) -> None:
        """End the program: asked first, then made to."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self.wait_exit(3.0)
            except (Gone, subprocess.TimeoutExpired):
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()
        self._closing = True
        self._reader.join()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
