"""The style sheets: those of the first frame, and those that nothing on it needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.css.stylesheet import Stylesheet


def _folder() -> Path:
    """Inside the package when installed from a wheel, beside it in a working copy."""
    package = Path(__file__).parents[1]
    packaged = package / "styles"
    return packaged if packaged.is_dir() else package.parent / "styles"


FIRST: Final = [_folder() / name for name in ("base.tcss", "inbox.tcss")]
LATER: Final = [
    _folder() / name for name in ("thread.tcss", "dialogs.tcss", "rooms.tcss", "charts.tcss")
]


def read_later(sheet: Stylesheet) -> None:
    """Read the rest, once; before anything that it styles is there, so nothing is painted anew."""
    missing = [path for path in LATER if not sheet.has_source(str(path), "")]
    sheet.read_all(missing)
