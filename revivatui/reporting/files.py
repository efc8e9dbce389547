"""Reports as files: each whole or not at all, and none written over."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from revivatui.reporting.errors import ReportError
from revivatui.state.report_csv import as_csv
from revivatui.state.report_data import ShopReport
from revivatui.state.report_html import html
from revivatui.state.report_markdown import markdown

Format = Literal["md", "html", "csv"]
FORMATS: Final[tuple[Format, ...]] = ("md", "html", "csv")
_MAKE: Final = {"md": markdown, "html": html, "csv": as_csv}


def places(folder: Path, name: str, formats: Sequence[Format]) -> list[Path]:
    """Where the files of a report go; `name` tells its period."""
    return [folder / f"report-{name}.{one}" for one in formats]


def refuse_there(files: Sequence[Path]) -> None:
    """Raises ReportError where one of them is there already."""
    there = [file.name for file in files if file.exists()]
    if there:
        verb = "is" if len(there) == 1 else "are"
        raise ReportError(
            f"{', '.join(there)} {verb} in {files[0].parent} already: --replace writes anew, --out"
            " names another folder."
        )


def write(
    report: ShopReport, folder: Path, formats: Sequence[Format], *, replace: bool = False
) -> list[Path]:
    """Write them, readable by the user alone. Raises ReportError."""
    files = places(folder, report.period.name, formats)
    if not replace:
        refuse_there(files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{folder} cannot be made: {error.strerror}.") from None
    for file, kind in zip(files, formats, strict=True):
        try:
            _write(file, _MAKE[kind](report), replace=replace)
        except FileExistsError:
            raise ReportError(f"{file} is there already.") from None
        except OSError as error:
            raise ReportError(f"{file} cannot be written: {error.strerror}.") from None
    return files


def _write(file: Path, text: str, *, replace: bool) -> None:
    """Under another name first: nobody ever sees a part of it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        if replace:
            os.replace(name, file)
        else:
            os.link(name, file)  # fails where somebody was faster
    finally:
        Path(name).unlink(missing_ok=True)
