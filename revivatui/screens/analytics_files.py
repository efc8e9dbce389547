"""Writes what the analytics export: into the folder for downloads, never over another file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_TRIES: Final = 1000


class NotWritten(Exception):
    """The file could not be written; the text is a sentence."""


async def written(folder: Path, stem: str, ending: str, text: str) -> Path:
    """Write a new file and say where. Raises NotWritten."""
    return await asyncio.to_thread(_write, folder, stem, ending, text)


def _write(folder: Path, stem: str, ending: str, text: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, _TRIES):
            name = f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}"
            try:
                with (folder / name).open("x", encoding="utf-8", newline="") as file:
                    file.write(text)
            except FileExistsError:
                continue
            return folder / name
    except OSError as error:
        why = error.strerror or "it failed"
        raise NotWritten(f"Nothing was written into {folder}: {why}.") from error
    raise NotWritten(f"There are too many files called {stem} in {folder}.")
