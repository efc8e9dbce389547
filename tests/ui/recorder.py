"""What an app writes to its terminal, byte for byte, without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.drivers import headless_driver

if TYPE_CHECKING:
    import pytest
    from textual.pilot import Pilot

LOOKS = 3


class Recorder:
    """Collects what drivers write."""

    def __init__(self) -> None:
        self.chunks: list[str] = []

    def clear(self) -> None:
        self.chunks.clear()

    async def quiet(self, pilot: Pilot[Any]) -> None:
        """Wait until nothing was written for a few looks in a row."""
        seen, times = -1, 0
        while times < LOOKS:
            await pilot.pause(0.1)
            seen, times = self.size, times + 1 if self.size == seen else 0

    @property
    def text(self) -> str:
        return "".join(self.chunks)

    @property
    def size(self) -> int:
        """Bytes written since `clear`."""
        return len(self.text.encode())


def record_terminal(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Make apps under `run_test` paint as for a truecolor terminal, into the recorder."""
    recorder = Recorder()

    class RecordingDriver(headless_driver.HeadlessDriver):
        @property
        def is_headless(self) -> bool:
            return False

        def write(self, data: str) -> None:
            recorder.chunks.append(data)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(headless_driver, "HeadlessDriver", RecordingDriver)
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
    return recorder
