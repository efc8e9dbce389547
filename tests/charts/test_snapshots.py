"""The charts as pictures, each looked at when it was taken: three sizes in four looks, by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from textual.pilot import Pilot

from revivatui.widgets.symbols import symbols
from tests.charts.gallery import Gallery

Compare = Callable[..., bool]
SIZES = ((60, 16), (100, 30), (160, 45))
LOOKS = ("nordic", "nordic-dark", "ascii", "no-colour")
# Where the cursor stands: on a point between others; in a part of a row; in the busy hours.
CURSOR = {"lines": ("left", "left"), "rows": ("tab", "down", "right"), "heat": ("down", "left")}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a theme, with the alphabet and the colours as the look wants them."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    if request.param == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    symbols.use_ascii = request.param == "ascii"
    yield request.param if request.param.startswith("nordic") else "nordic"
    symbols.use_ascii = False


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", CURSOR)
def test_charts(snap_compare: Compare, look: str, kind: str, size: tuple[int, int]) -> None:
    async def stand(pilot: Pilot[None]) -> None:
        pilot.app.screen.query_one("#main").focus()
        await pilot.press(*CURSOR[kind])
        await pilot.pause()

    assert snap_compare(Gallery(kind, look), terminal_size=size, run_before=stand)
